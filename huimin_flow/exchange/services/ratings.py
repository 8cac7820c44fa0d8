"""The import of rating files in portions; it names bad rows (D3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import repeat
from operator import itemgetter
from pathlib import Path
from typing import Any

from huimin_flow.catalogue.language import say_note
from huimin_flow.catalogue.reasons import FileCode, RatingCode, RowCode
from huimin_flow.catalogue.terms import RatingField, RatingLevel
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import LEVELS, half_width, moment, moments
from huimin_flow.exchange.core.portions import Portion, cells_of, entries_of, portions
from huimin_flow.exchange.core.records import LONGEST, Record
from huimin_flow.exchange.core.sources import Source, column_of
from huimin_flow.model.core.events import Plain, Reason
from huimin_flow.model.core.texts import showable
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.services.ratings import Rating, rating_of

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

#: The result of one record: a rating, or the reason of its refusal.
_Parsed = Rating | Reason


def read_ratings(
    source: Source, *, portion: int = PORTION, channels: Channels | None = None
) -> Iterator[Portion[Rating]]:
    """Yield a file's ratings in portions.

    A record is identified by its first line. A time without a zone is in Shanghai
    time. A last csv line without a line end is refused, because it may be incomplete.
    ``channels`` define the level codes of each system.

    Raises:
        InputRefused: if columns are missing, or a field has two.

    """
    levels = _Levels(channels)
    if source.kind == "jsonl":
        yield from portions(source, partial(_parse_object, levels=levels), portion)
        return
    places, width = _columns(source)
    pick, rate = itemgetter(*places), levels.rating
    parse = partial(_parse_record, pick=pick, width=width, rate=rate)
    quickly = partial(_quickly, places=places, width=width, levels=levels)
    yield from portions(source, parse, portion, quickly)


def source_of_ratings(path: Path) -> Source:
    """Return a file of ratings.

    Raises:
        InputRefused: if the file is missing, has another kind, or has an unknown
            encoding.

    """
    return Source(path, COLUMNS)


def _columns(source: Source) -> tuple[list[int], int]:
    """Return the place of each field in a record, and the number of columns."""
    names = source.head
    columns = [COLUMNS.get(column_of(name, COLUMNS), "") for name in names]
    missing = [field for field in _NEEDED if field not in columns]
    twice = [field for field in _FIELDS if columns.count(field) > 1]
    if not any(name.strip() for name in names):
        raise InputRefused(FileCode.EMPTY, file=source.path.name)
    if missing or twice:
        raise InputRefused(
            FileCode.COLUMNS_WRONG,
            file=source.path.name,
            line=source.line,
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
    cells = cells_of(record, width)
    return cells if isinstance(cells, Reason) else rate(*pick([*cells, ""]))


def _parse_object(line: str, *, levels: _Levels) -> _Parsed:
    entries = entries_of(line, COLUMNS, "level")
    if isinstance(entries, Reason):
        return entries
    if isinstance(entries.get("level"), int):
        entries["level"] = str(entries["level"])
    texts = [entries.get(field, "") for field in _FIELDS]
    for field, text in zip(_FIELDS, texts, strict=True):
        if not isinstance(text, str):
            return Reason(code=RowCode.TEXT_UNFIT, values={"field": field})
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
            return Reason(code=RowCode.TIME_UNREADABLE, values=values)
        return rating_of(
            transaction, unit, item, channel, known, rated, window, person, who
        )


def _labels_of(fields: Sequence[str]) -> list[str]:
    """Return the names of columns in both languages."""
    return [say_note(RatingField(name).label, name) for name in fields] or ["-"]
