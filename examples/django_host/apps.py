"""The application: ``migrate`` makes the tables of both, the host's and ours."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate

import huimin_flow.django
from huimin_flow import Flow
from huimin_flow.api import config_folder, load_rulebook


class Letters(AppConfig):
    """The letters office."""

    name = "examples.django_host"

    def ready(self) -> None:
        """Found the engine's database whenever Django has made or upgraded its own."""
        post_migrate.connect(found, sender=self)


def found(using: str, **_: object) -> None:
    """Make our tables, or upgrade them; an active rulebook stays as it is."""
    if using != DEFAULT_DB_ALIAS:
        return  # a database without items
    Flow.found(
        huimin_flow.django.url(using),
        load_rulebook(config_folder()),
        rehearsal=settings.CLOCK is not None,
        clock=settings.CLOCK,
    ).close()
