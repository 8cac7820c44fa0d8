"""The import of rating files, csv and jsonl, in portions; it names bad rows (D3)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice, repeat
from operator import itemgetter
from pathlib import Path
from typing import Any

from huimin_flow.catalogue.language import say_note
from huimin_flow.catalogue.reasons import FileCode, RatingCode
from huimin_flow.catalogue.terms import RatingField, RatingLevel
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import half_width, moment, moments
from huimin_flow.exchange.core.records import (
    LONGEST,
    Encoding,
    Record,
    bounded,
    encoding_of,
    fields_of,
    kind_of,
    records,
    repeated,
    too_long,
)
from huimin_flow.exchange.core.refusals import unmarked
from huimin_flow.model.core.events import Plain, Reason
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import value
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.services.ratings import Rating, RefusedRow, rating_of

#: The number of rows of one portion, which becomes one batch.
PORTION = 50_000

#: The name of a column → its field.
COLUMNS: Mapping[str, str] = {
    "transaction": "transaction", "办件编号": "transaction",
    "unit": "unit", "单位": "unit", "单位代码": "unit",
    "item": "item", "事项": "item", "事项代码": "item",
    "channel": "channel", "渠道": "channel",
    "level": "level", "评价": "level", "评价等级": "level",
    "at": "at", "时间": "at", "评价时间": "at",
    "window": "window", "窗口": "window",
    "person": "person", "人员": "person", "人员代号": "person",
    "who": "who", "评价人": "who", "评价人代号": "who",
}  # fmt: skip

_FIELDS = tuple(field.value for field in RatingField)
_NEEDED = _FIELDS[:6]

#: The forms of a level: its identifier, its label, its number of stars with 星. The
#: meaning of a plain digit differs between systems, so the rulebook defines it.
LEVELS: Mapping[str, RatingLevel] = {
    written: level
    for stars, level in zip((5, 4, 3, 2, 1), RatingLevel, strict=True)
    for written in (level.value, level.label, f"{stars}星")
}

_TOO_LONG = Reason(code=RatingCode.LINE_TOO_LONG, values={"longest": LONGEST})

#: The result of one record: a rating, or the reason of its refusal.
_Parsed = Rating | Reason
_Parse = Callable[[str], _Parsed]
_Quickly = Callable[[Sequence[Record]], list[Rating] | None]

#: The number of records that are read at once, by columns.
_BLOCK = 256

#: A cleared row, of which a spreadsheet leaves the commas.
_CLEARED = re.compile(r'[\s,"]+\n')


@value
class Portion:
    """Some rows of a file: ratings with their lines, and the refused rows."""

    ratings: Sequence[Rating]
    lines: Sequence[int]
    refused: tuple[RefusedRow, ...]


def read_ratings(
    path: Path,
    *,
    portion: int = PORTION,
    encoding: Encoding | None = None,
    channels: Channels | None = None,
) -> Iterator[Portion]:
    """Yield a file's ratings in portions; ``encoding`` may be passed if known.

    A record is identified by its first line. A time without a zone is in Shanghai
    time. A last csv line without a line end is refused, because it may be incomplete.
    ``channels`` define the level codes of each system.

    Raises:
        InputRefused: if the file is missing, has another kind, misses columns, or
            has an unknown encoding.

    """
    encoding = encoding or encoding_of_ratings(path)
    levels = _Levels(channels)
    with encoding.opened(path) as file:
        lines = bounded(file, encoding.end)
        if path.suffix.lower() == ".csv":
            rows = records(lines)
            places, width = _columns(next(rows, (1, "", 0)), path.name)
            pick, rate = itemgetter(*places), levels.rating
            parse: _Parse = partial(_parse_record, pick=pick, width=width, rate=rate)
            quickly = partial(_quickly, places=places, width=width, levels=levels)
            yield from _portions(rows, parse, portion, quickly)
        else:
            rows = ((number, line, 0) for number, line in enumerate(lines, 1))
            parse = partial(_parse_object, levels=levels)
            yield from _portions(rows, parse, portion, None)


def encoding_of_ratings(path: Path) -> Encoding:
    """Return the encoding of a file of ratings.

    Raises:
        InputRefused: if the file is missing, has another kind, or has an unknown
            encoding.

    """
    kind_of(path, (".csv", ".jsonl"))
    return encoding_of(path)


def _portions(
    rows: Iterator[Record], parse: _Parse, size: int, quickly: _Quickly | None
) -> Iterator[Portion]:
    ratings: list[Rating] = []
    lines: list[int] = []
    refused: list[RefusedRow] = []
    room = size
    while block := list(islice(rows, min(room, _BLOCK))):
        plain = quickly and quickly(block)
        if plain:
            ratings += plain
            lines += [number for number, _, _ in block]
            room -= len(block)
        for number, text, opened in () if plain else block:
            if opened:
                parsed: _Parsed = Reason(
                    code=RatingCode.LINE_IN_QUOTES, values={"opened": opened}
                )
            elif len(text) > LONGEST:
                parsed = _TOO_LONG
            else:
                parsed = parse(text)
            if isinstance(parsed, Reason):
                if text.isspace() or _CLEARED.fullmatch(text):
                    continue
                refused.append(RefusedRow(line=number, reason=parsed))
            else:
                ratings.append(parsed)
                lines.append(number)
            room -= 1
        if not room:
            yield Portion(ratings=ratings, lines=lines, refused=tuple(refused))
            ratings, lines, refused, room = [], [], [], size
    if ratings or refused:
        yield Portion(ratings=ratings, lines=lines, refused=tuple(refused))


def _columns(head: Record, name: str) -> tuple[list[int], int]:
    """Return the place of each field in a record, and the number of columns."""
    _, text, opened = head
    if opened or too_long(text):
        raise InputRefused(FileCode.HEAD_UNREADABLE, file=name, longest=LONGEST)
    names = next(csv.reader([text]), [])
    columns = [COLUMNS.get(name.strip(), "") for name in names]
    missing = [field for field in _NEEDED if field not in columns]
    twice = [field for field in _FIELDS if columns.count(field) > 1]
    if not any(name.strip() for name in names):
        raise InputRefused(FileCode.EMPTY, file=name)
    if missing or twice:
        raise InputRefused(
            FileCode.COLUMNS_WRONG,
            file=name,
            missing=_labels_of(missing),
            twice=_labels_of(twice),
        )
    # a missing column is the empty field after the last column
    places = [
        columns.index(field) if field in columns else len(columns) for field in _FIELDS
    ]
    return places, len(columns)


def _quickly(
    block: Sequence[Record], *, places: Sequence[int], width: int, levels: _Levels
) -> list[Rating] | None:
    """Return the ratings of plain records, None if a record is not plain or not fit.

    It reads whole columns, in a third of the time of ``_parse_record``, which reads
    the same from such records. They have no quotes and no marks.
    """
    texts = [text for _, text, _ in block]
    whole = "".join(texts)
    if (
        any(opened for _, _, opened in block)
        or not whole.endswith("\n")
        or whole.count("\n") != len(texts)
        or '"' in whole
        or "'" in whole
        or "\r" in whole
        or max(map(len, texts)) > LONGEST
        or set(map(str.count, texts, repeat(","))) != {width - 1}
    ):
        return None
    fields = whole[:-1].replace("\n", ",").split(",")
    absent = [""] * len(texts)
    transactions, units, items, channels, given, ats, *others = (
        fields[place::width] if place < width else absent for place in places
    )
    units, items, channels = (
        list(map(str.strip, column)) for column in (units, items, channels)
    )
    known = levels.plain(channels, given)
    rated = moments(ats)
    if known is None or rated is None:
        return None
    columns: list[Sequence[Any]] = [transactions, units, items, channels, known, rated]
    return list(map(rating_of, *columns, *others))


def _parse_record(
    record: str,
    *,
    pick: Callable[[Sequence[str]], tuple[str, ...]],
    width: int,
    rate: Callable[..., _Parsed],
) -> _Parsed:
    if not record.endswith("\n"):
        return Reason(code=RatingCode.LINE_CUT)
    if '"' in record or "\r" in record:
        try:
            fields = fields_of(record)
        except csv.Error:
            return Reason(code=RatingCode.LINE_UNREADABLE)
    else:
        fields = record[:-1].split(",")
    if "'" in record:
        fields = list(map(unmarked, fields))
    if len(fields) != width:
        values: dict[str, Plain] = {"expected": width, "found": len(fields)}
        return Reason(code=RatingCode.LINE_MISSHAPED, values=values)
    fields.append("")
    return rate(*pick(fields))


def _parse_object(line: str, *, levels: _Levels) -> _Parsed:
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError):
        cut = not line.endswith("\n")
        return Reason(code=RatingCode.LINE_CUT if cut else RatingCode.LINE_UNREADABLE)
    if not isinstance(plain, dict):
        return Reason(code=RatingCode.LINE_UNREADABLE)
    entries = {COLUMNS.get(key, ""): text for key, text in plain.items()}
    # each key and text has two quotes: with more quotes, a key may occur twice
    is_simple = line.count('"') == 4 * len(plain) and len(entries) == len(plain)
    if not is_simple or "" in entries or not isinstance(entries.get("level"), str):
        fields = [COLUMNS.get(key) for key in plain]
        doubles = (
            key for key in plain if key in COLUMNS and fields.count(COLUMNS[key]) > 1
        )
        twice = repeated(line, plain) or next(doubles, None)
        if twice is not None:
            values: dict[str, Plain] = {"field": COLUMNS.get(twice) or showable(twice)}
            return Reason(code=RatingCode.FIELD_TWICE, values=values)
    if isinstance(entries.get("level"), int):
        entries["level"] = str(entries["level"])
    texts = [entries.get(field, "") for field in _FIELDS]
    for field, text in zip(_FIELDS, texts, strict=True):
        if not isinstance(text, str):
            return Reason(code=RatingCode.TEXT_UNFIT, values={"field": field})
    return levels.rating(*texts)


class _Levels:
    """The accepted forms of rating levels, by channel."""

    def __init__(self, channels: Channels | None) -> None:
        self._codes: dict[str, Mapping[str, RatingLevel]] = {}
        if channels is not None:
            for key, codes in channels.rating_codes.items():
                self._codes |= {key: codes, channels.service[key]: codes}

    def plain(
        self, channels: Sequence[str], levels: Sequence[str]
    ) -> list[RatingLevel] | None:
        """Return the level of each row, None if one is unknown in its plain form."""
        known: list[Any] = list(map(LEVELS.get, levels))
        if not all(known):
            known = [
                LEVELS.get(level) or self._codes.get(channel, {}).get(level)
                for channel, level in zip(channels, levels, strict=True)
            ]
        return known if all(known) else None

    def rating(self, *fields: str) -> _Parsed:
        """Return the rating of all fields, or the reason of its refusal."""
        transaction, unit, item, channel, level, at, window, person, who = fields
        unit, item, channel = unit.strip(), item.strip(), channel.strip()
        known = LEVELS.get(level)
        if known is None:
            text = half_width(level).strip()
            known = LEVELS.get(text) or self._codes.get(channel, {}).get(text)
            values: dict[str, Plain] = {"given": showable(text)}
            if known is None and text.isdigit():
                values["channel"] = showable(channel)
                return Reason(code=RatingCode.LEVEL_CODE_UNKNOWN, values=values)
            if known is None:
                return Reason(code=RatingCode.UNKNOWN_LEVEL, values=values)
        rated = moment(at.strip())
        if rated is None:
            values = {"given": showable(at)}
            return Reason(code=RatingCode.TIME_UNREADABLE, values=values)
        return rating_of(
            transaction, unit, item, channel, known, rated, window, person, who
        )


def _labels_of(fields: Sequence[str]) -> list[str]:
    """Return the names of columns in both languages."""
    return [say_note(RatingField(name).label, name) for name in fields] or ["-"]
