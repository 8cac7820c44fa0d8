"""The addresses of the letters office."""

from __future__ import annotations

from django.urls import path

from examples.django_host import views

urlpatterns = [
    path("", views.index, name="index"),
    path("letters/new", views.new, name="new"),
    path("letters", views.letters, name="letters"),
    path("letters/later", views.letters, {"later": True}, name="later"),
    path("items/<str:number>", views.item, name="item"),
]
