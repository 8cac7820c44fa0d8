"""How the columns of a file become appeals: profiles of import (A1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huimin_flow.catalogue.terms import AppealField
from huimin_flow.model.core.values import value

#: The fields that name or reach a person; they are stored only encrypted.
PERSONAL: Final = (
    AppealField.NAME,
    AppealField.PHONE,
    AppealField.IDENTITY,
    AppealField.ADDRESS,
    AppealField.OTHER,
)


@value
class Profile:
    """The names of a file's columns, by the field of an appeal (A1).

    A field may have several names; a file has at most one of them. ``channel`` and
    ``district`` are for rows that name none. ``withheld`` files have no texts, as our
    own export: of a known appeal only what they have is compared.
    """

    name: str
    source: str
    columns: Mapping[AppealField, tuple[str, ...]]
    channel: str = ""
    district: str = ""
    withheld: bool = False

    @property
    def needed(self) -> tuple[AppealField, ...]:
        """Return the fields without which no row is an appeal."""
        told = () if self.withheld else (AppealField.TEXT,)
        placed = () if self.channel else (AppealField.CHANNEL,)
        return (AppealField.KEY, AppealField.AT, *told, *placed)
