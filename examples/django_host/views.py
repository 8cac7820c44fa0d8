"""The pages of the letters office: a list, a form of the engine's fields, an item."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from examples.django_host.letters import forward, keep, opened
from examples.django_host.models import Letter
from huimin_flow.api import Actor, HuiminError, Step, StoreBusy


class Refusals:
    """A middleware: a refusal is a page with a sentence, and a code for programs."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        """Store what answers."""
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        return self.answer(request)

    def process_exception(
        self, request: HttpRequest, refusal: Exception
    ) -> HttpResponse | None:
        """Return the page of a refusal; 503 means that it is worth another try."""
        if not isinstance(refusal, HuiminError):
            return None
        status = 503 if isinstance(refusal, StoreBusy) else 409
        values = {"refusal": refusal, "code": str(refusal.code)}
        return render(request, "refused.html", values, status=status)


def signed_in(request: HttpRequest) -> Actor:
    """Return the post of the user whom the sign-on in front of us has named."""
    post = settings.POSTS.get(request.META.get("HTTP_X_REMOTE_USER", ""))
    if post is None:
        raise PermissionDenied
    return opened().people.actor(post)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show all letters, each with the state of its item."""
    letters = list(Letter.objects.order_by("pk"))
    numbers = [letter.item for letter in letters if letter.item]
    items = opened().items.list(numbers=numbers) if numbers else []
    states = {item.number: item.state.label for item in items}
    rows = [(letter, states.get(letter.item, "")) for letter in letters]
    return render(request, "index.html", {"rows": rows})


@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """Show a form of the fields that the act asks for."""
    by = signed_in(request)
    asked = [each for each in opened().fields.of("items.collect") if each.required]
    values = {"fields": asked, "unit": by.unit, "key": secrets.token_urlsafe(16)}
    return render(request, "new.html", values)


@require_POST
def letters(request: HttpRequest, *, later: bool = False) -> HttpResponse:
    """Keep the letter of a form; ``later`` shows the other way."""
    names = {"title", "origin", "area", "unit"}
    said = {name: request.POST.get(f"demand.{name}", "") for name in names}
    post, key = signed_in(request).id, request.POST.get("key", "")
    letter = Letter(request=key, post=post, **said)
    try:
        demand = letter.demand
    except ValueError as error:  # a code that the form doesn't offer
        raise BadRequest from error
    (forward if later else keep)(letter, demand)
    return redirect("index")


@require_GET
def item(request: HttpRequest, number: str) -> HttpResponse:
    """Show an item, its history and what this user may do with it now."""
    by = signed_in(request)
    with opened().snapshot() as now:  # one moment for the whole page
        values = {
            "item": now.items.get(number),
            "events": [(Step(k.event.step), k) for k in now.items.history(number)],
            "possible": now.items.possible(number, by),
        }
        return render(request, "item.html", values)
