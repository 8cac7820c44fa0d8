"""The first rows of an import as they would stand, with what is personal masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from huimin_flow.catalogue.language import say_list
from huimin_flow.clock import local_day, shanghai
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.sensing.profiles import PERSONAL
from huimin_flow.personal import masked

#: The page on which a file of appeals is sent.
IMPORT_FILE: Final = "import.html"

#: How many rows are shown, and how many characters of a text.
_ROWS, _SHOWN = 5, 24

#: A row: channel, key, moment, place, title, text, contact.
Preview = tuple[str, str, str, str, str, str, str]


def preview_rows(appeals: Sequence[Appeal], book: Rulebook) -> list[Preview]:
    """Return the first appeals as they would stand; numbers of people are masked.

    Of a contact only the kinds of its entries are shown.
    """
    channels = {each.key: each.name for each in book.channels.intake}
    resolver = resolver_of(book.organization)
    names = book.organization.names
    rows = []
    for appeal in appeals[:_ROWS]:
        place = appeal.district
        if appeal.at is not None:
            written = " ".join(filter(None, (appeal.district, appeal.town)))
            unit = resolver.resolve(written, local_day(appeal.at)).district
            place = names.get(unit, unit) if unit else f"{written} ?"
        given = [
            field.spoken
            for field in PERSONAL
            if appeal.contact is not None and getattr(appeal.contact, field.value)
        ]
        rows.append(
            (
                channels.get(appeal.channel, appeal.channel),
                masked(appeal.key),
                "" if appeal.at is None else shanghai(appeal.at),
                place,
                _short(appeal.title),
                _short(appeal.text),
                say_list(given) if given else appeal.who,
            )
        )
    return rows


def _short(text: str) -> str:
    plain = " ".join(masked(text).split())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
