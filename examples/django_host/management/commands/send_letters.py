"""``django-admin send_letters``, from a timer: what a crash has left is sent again."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from examples.django_host.letters import send_rest


class Command(BaseCommand):
    """Send again each letter that has no item."""

    help = "Send again each letter that has no item."

    def handle(self, *_: object, **__: object) -> None:
        """Send them, and say how many."""
        self.stdout.write(f"{send_rest()} sent")
