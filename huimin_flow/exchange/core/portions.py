"""The rows of a file in portions: facts, refused rows, and what is no row at all."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

from huimin_flow.catalogue.reasons import RowCode
from huimin_flow.exchange.core.cells import unmarked
from huimin_flow.exchange.core.records import (
    LONGEST,
    Record,
    fields_of,
    repeated,
    too_long,
)
from huimin_flow.exchange.core.sources import Source
from huimin_flow.model.core.events import Plain, Reason, RefusedRow
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import value

T = TypeVar("T")

#: Returns the fact of one record, or the reason of its refusal.
Parse = Callable[[str], T | Reason]

#: Returns the facts of several plain records, None if they are read one by one.
Quickly = Callable[[Sequence[Record]], Sequence[T] | None]

#: The number of records that are read at once, by columns.
_BLOCK = 256

#: The most characters of one portion, whatever its number of rows.
_WIDEST = 16_000_000

_TOO_LONG = Reason(code=RowCode.LINE_TOO_LONG, values={"longest": LONGEST})

#: A cleared row, of which a spreadsheet leaves the commas.
_CLEARED = re.compile(r'[\s,"]+\n')


@value
class Portion(Generic[T]):
    """Some rows of a file: facts with their lines, and the refused rows.

    ``passed`` counts totals, notes and repeated headers, which are no rows.
    """

    facts: Sequence[T]
    lines: Sequence[int]
    refused: tuple[RefusedRow, ...]
    passed: int = 0


def portions(
    source: Source, parse: Parse[T], size: int, quickly: Quickly[T] | None = None
) -> Iterator[Portion[T]]:
    """Yield the rows of a file in portions of ``size`` rows, fewer if they are long.

    The same file always has the same portions. A record is named by its first line.
    """
    rows = source.records()
    facts: list[T] = []
    lines: list[int] = []
    refused: list[RefusedRow] = []
    room, wide, passed = size, 0, 0
    while block := list(islice(rows, min(room, _BLOCK))):
        plain = quickly and quickly(block)
        wide += sum(len(text) for _, text, _ in block)
        if plain:
            facts += plain
            lines += [number for number, _, _ in block]
        for number, text, opened in () if plain else block:
            parsed = _parsed(parse, text, opened)
            if not isinstance(parsed, Reason):
                facts.append(parsed)
                lines.append(number)
            elif not text.isspace() and not _CLEARED.fullmatch(text):
                aside = not opened and source.is_aside(text)
                passed += aside
                if not aside:
                    refused.append(RefusedRow(line=number, reason=parsed))
        room = size - len(facts) - len(refused)
        if not room or wide > _WIDEST:
            yield Portion(
                facts=facts, lines=lines, refused=tuple(refused), passed=passed
            )
            facts, lines, refused = [], [], []
            room, wide, passed = size, 0, 0
    if facts or refused or passed:
        yield Portion(facts=facts, lines=lines, refused=tuple(refused), passed=passed)


def _parsed(parse: Parse[T], text: str, opened: int) -> T | Reason:
    if opened:
        return Reason(code=RowCode.LINE_IN_QUOTES, values={"opened": opened})
    return _TOO_LONG if too_long(text) else parse(text)


def cells_of(record: str, width: int) -> list[str] | Reason:
    """Return the fields of a record of ``width`` fields, or why it is refused."""
    if not record.endswith("\n"):
        return Reason(code=RowCode.LINE_CUT)
    if '"' in record or "\r" in record:
        try:
            fields = fields_of(record)
        except csv.Error:
            return Reason(code=RowCode.LINE_UNREADABLE)
    else:
        fields = record[:-1].split(",")
    if "'" in record:
        fields = list(map(unmarked, fields))
    if len(fields) != width:
        values: dict[str, Plain] = {"expected": width, "found": len(fields)}
        return Reason(code=RowCode.LINE_MISSHAPED, values=values)
    return fields


def entries_of(
    line: str, columns: Mapping[str, str], needed: str
) -> dict[str, Any] | Reason:
    """Return the entries of a JSON line by the fields of their keys.

    ``columns`` are the fields by key. A key or a field that occurs twice is refused;
    unknown keys come under "". ``needed`` is a field that every usual line has as text.
    """
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError):
        cut = not line.endswith("\n")
        return Reason(code=RowCode.LINE_CUT if cut else RowCode.LINE_UNREADABLE)
    if not isinstance(plain, dict):
        return Reason(code=RowCode.LINE_UNREADABLE)
    entries = {columns.get(key, ""): text for key, text in plain.items()}
    # each key and text has two quotes: with more quotes, a key may occur twice
    is_simple = line.count('"') == 4 * len(plain) and len(entries) == len(plain)
    if not is_simple or "" in entries or not isinstance(entries.get(needed), str):
        fields = [columns.get(key) for key in plain]
        doubles = (
            key for key in plain if key in columns and fields.count(columns[key]) > 1
        )
        twice = repeated(line, plain) or next(doubles, None)
        if twice is not None:
            values: dict[str, Plain] = {"field": columns.get(twice) or showable(twice)}
            return Reason(code=RowCode.FIELD_TWICE, values=values)
    return entries
