"""A profile for a new file, guessed from its header and its first rows (A1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from huimin_flow.catalogue.terms import AppealField, GuessGround
from huimin_flow.exchange.core.cells import half_width, moment
from huimin_flow.exchange.core.portions import cells_of, entries_of
from huimin_flow.exchange.core.sources import Source, heading
from huimin_flow.exchange.sensing.appeals import names_of
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.values import value
from huimin_flow.model.sensing.profiles import Profile

#: How many rows are looked at.
_ROWS = 200

#: The least share of filled cells that must have a form, in percent.
_SHARE = 80

_PHONE = re.compile(r"(?:\+?86[ -]?)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}", re.ASCII)
_IDENTITY = re.compile(r"[1-9][0-9]{16}[0-9Xx]", re.ASCII)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+", re.ASCII | re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/-]{3,40}", re.ASCII)

#: The least mean length of a text, in characters.
_TEXT = 12

#: The forms of contents, the most certain first.
_FORMS: Mapping[AppealField, Callable[[str], object]] = {
    AppealField.IDENTITY: _IDENTITY.fullmatch,
    AppealField.PHONE: _PHONE.fullmatch,
    AppealField.OTHER: _MAIL.fullmatch,
    AppealField.AT: moment,
}


@value
class Guess:
    """A column's field and why: ``share`` is the percent of cells of that form."""

    field: AppealField
    column: str
    ground: GuessGround
    share: int = 0


@value
class Proposed:
    """The guesses for a file's columns, and the columns that have none."""

    guesses: tuple[Guess, ...]
    unused: tuple[str, ...]


def proposed(source: Source, profiles: Sequence[Profile]) -> Proposed:
    """Return what the columns of a file seem to be; ``profiles`` know names.

    The same name counts before a part of a name, and that before the contents.
    """
    names = [name for name in names_of(source) if name.strip()]
    guesses: dict[AppealField, Guess] = {}
    used: set[str] = set()
    for guess in (
        *_by_name(names, profiles),
        *_by_content(names, _cells(source, names)),
    ):
        if guess.field not in guesses and guess.column not in used:
            guesses[guess.field] = guess
            used.add(guess.column)
    return Proposed(
        guesses=tuple(guesses[field] for field in AppealField if field in guesses),
        unused=tuple(name for name in names if name not in used),
    )


def _by_name(names: Sequence[str], profiles: Sequence[Profile]) -> Iterator[Guess]:
    known = {
        heading(name): field
        for profile in profiles
        for field, several in profile.columns.items()
        for name in several
    }
    for name in names:
        if field := known.get(heading(name)):
            yield Guess(field=field, column=name, ground=GuessGround.SAME_NAME)
    for name in names:
        parts = [word for word in known if len(word) > 1 and word in heading(name)]
        if parts:
            field = known[max(parts, key=len)]
            yield Guess(field=field, column=name, ground=GuessGround.PART_OF_NAME)


def _by_content(
    names: Sequence[str], cells: Mapping[str, Sequence[str]]
) -> Iterator[Guess]:
    filled = {
        name: [half_width(cell).strip() for cell in cells[name] if cell.strip()]
        for name in names
    }
    for field, fits in _FORMS.items():
        for name in names:
            whole = max(len(filled[name]), 1)
            share = 100 * sum(map(bool, map(fits, filled[name]))) // whole
            if share >= _SHARE:
                ground = GuessGround.CONTENT
                yield Guess(field=field, column=name, ground=ground, share=share)
    for name in names:
        codes = {cell for cell in filled[name] if _CODE.fullmatch(cell)}
        if 0 < len(cells[name]) == len(codes):
            yield Guess(field=AppealField.KEY, column=name, ground=GuessGround.UNIQUE)
    means = {
        name: sum(map(len, cells[name])) // max(len(cells[name]), 1) for name in names
    }
    for name in sorted(names, key=lambda name: -means[name]):
        if means[name] >= _TEXT:
            yield Guess(field=AppealField.TEXT, column=name, ground=GuessGround.LONGEST)


def _cells(source: Source, names: Sequence[str]) -> dict[str, list[str]]:
    """Return the first cells of each column."""
    cells: dict[str, list[str]] = {name: [] for name in names}
    for _, text, opened in islice(source.records(), _ROWS):
        if opened or source.is_aside(text):
            continue
        if source.kind == "jsonl":
            entries = entries_of(text, {name: name for name in names}, "")
            row = {} if isinstance(entries, Reason) else entries
        else:
            fields = cells_of(text, len(source.head))
            if isinstance(fields, Reason):
                continue
            row = dict(zip(source.head, fields, strict=True))
        for name in names:
            cells[name].append(str(row.get(name) or ""))
    return cells
