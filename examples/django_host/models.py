"""The host's own table: letters, each with the number of its item."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huimin_flow.api import Area, Demand, Origin


def text(length: int, **more: object) -> Any:
    """Return a field; a letter has a text there, as its annotation says."""
    return models.CharField(max_length=length, **more)


class Letter(models.Model):
    """A letter; ``request`` is the idempotency key under which its item is collected.

    ``item`` is empty as long as the engine has not answered.
    """

    request: str = text(64, unique=True)
    title: str = text(80)
    origin: str = text(16)
    area: str = text(32)
    unit: str = text(16)
    post: str = text(32)
    item: str = text(16, default="")

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        """The table's name."""

        db_table = "letter"

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def demand(self) -> Demand:
        """Return the letter as the engine takes it."""
        return Demand(
            title=self.title,
            origin=Origin(self.origin),
            area=Area(self.area),
            unit=self.unit,
        )
