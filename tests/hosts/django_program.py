"""Django in the process of tests: one program, on one database after another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from huimin_flow.clock import Clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examples.django_host.settings")
django.setup()

from examples.django_host import letters  # noqa: E402 - a model needs the settings
from examples.django_host.models import Letter  # noqa: E402
from examples.django_host.settings import database  # noqa: E402

__all__ = ["Letter", "letters", "migrate", "on"]


@contextmanager
def on(url: str, clock: Clock, **options: object) -> Iterator[None]:
    """Let the program use a database, with more options of its connection."""
    own = database(url)
    own["OPTIONS"] = {**own.get("OPTIONS", {}), **options}
    forget()
    connections.settings = connections.configure_settings({"default": own})
    settings.CLOCK = clock
    try:
        yield
    finally:
        if letters.opened.cache_info().currsize:
            letters.opened().close()
        letters.opened.cache_clear()
        forget()


def forget() -> None:
    """Close the connections of this thread; the next are made by the settings."""
    for each in connections.all(initialized_only=True):
        each.close()
        del connections[each.alias]


def migrate() -> None:
    """Make the program's own tables."""
    call_command("migrate", verbosity=0)
