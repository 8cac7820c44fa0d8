"""Files of ratings to values: csv and jsonl, in portions, each bad row named (D3)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path

from huimin_flow.catalogue.reasons import FileCode, RatingCode
from huimin_flow.catalogue.terms import RatingField, RatingLevel
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import half_width, moment
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

#: How many rows one portion, and so one batch, holds.
PORTION = 50_000

#: What a column may be called → the field it fills.
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

#: How a level may be written: its identifier, its label, its stars with their word.
#: What a bare digit means differs from system to system: the rulebook says it.
LEVELS: Mapping[str, RatingLevel] = {
    written: level
    for stars, level in zip((5, 4, 3, 2, 1), RatingLevel, strict=True)
    for written in (level.value, level.label, f"{stars}星")
}

_TOO_LONG = Reason(code=RatingCode.LINE_TOO_LONG, values={"longest": LONGEST})

#: What one record becomes.
_Taken = Rating | Reason

#: A row that was cleared: a spreadsheet leaves its commas.
_CLEARED = re.compile(r'[\s,"]+\n')


@value
class Portion:
    """Some rows of a file: ratings with their lines, and what was not taken."""

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
    """Yield a file's ratings in portions; its ``encoding`` may be known.

    A record is named by its first line. A time without a zone is Shanghai's. The
    last line of a csv file that does not end is refused, since nobody can tell
    whether it is whole. ``channels`` say what a system's codes of levels mean.

    Raises:
        InputRefused: for a file that is missing, of another kind, without its
            columns, or in characters of no known encoding.

    """
    encoding = encoding or encoding_of_ratings(path)
    levels = _Levels(channels)
    with encoding.opened(path) as file:
        lines = bounded(file, encoding.end)
        if path.suffix.lower() == ".csv":
            rows = records(lines)
            take = _csv(next(rows, (1, "", 0)), path.name, levels)
        else:
            rows = ((number, line, 0) for number, line in enumerate(lines, 1))
            take = partial(_of_object, levels=levels)
        yield from _portions(rows, take, portion)


def encoding_of_ratings(path: Path) -> Encoding:
    """Return how a file of ratings is encoded.

    Raises:
        InputRefused: for a file that is missing or of another kind, or in
            characters of no known encoding.

    """
    kind_of(path, (".csv", ".jsonl"))
    return encoding_of(path)


def _portions(
    rows: Iterable[Record], take: Callable[[str], _Taken], size: int
) -> Iterator[Portion]:
    ratings: list[Rating] = []
    lines: list[int] = []
    refused: list[RefusedRow] = []
    room = size
    for number, text, opened in rows:
        if opened:
            taken: _Taken = Reason(
                code=RatingCode.LINE_IN_QUOTES, values={"opened": opened}
            )
        elif len(text) > LONGEST:
            taken = _TOO_LONG
        else:
            taken = take(text)
        if isinstance(taken, Reason):
            if text.isspace() or _CLEARED.fullmatch(text):
                continue
            refused.append(RefusedRow(line=number, reason=taken))
        else:
            ratings.append(taken)
            lines.append(number)
        room -= 1
        if not room:
            yield Portion(ratings=ratings, lines=lines, refused=tuple(refused))
            ratings, lines, refused, room = [], [], [], size
    if ratings or refused:
        yield Portion(ratings=ratings, lines=lines, refused=tuple(refused))


def _csv(head: Record, name: str, levels: _Levels) -> Callable[[str], _Taken]:
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
            missing=_named(missing),
            twice=_named(twice),
        )
    # an empty place behind the last column stands for one that is not there
    places = [
        columns.index(field) if field in columns else len(columns) for field in _FIELDS
    ]
    return partial(
        _of_record, pick=itemgetter(*places), width=len(columns), rate=levels.rating
    )


def _of_record(
    record: str,
    *,
    pick: Callable[[Sequence[str]], tuple[str, ...]],
    width: int,
    rate: Callable[..., _Taken],
) -> _Taken:
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


def _of_object(line: str, *, levels: _Levels) -> _Taken:
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError):
        cut = not line.endswith("\n")
        return Reason(code=RatingCode.LINE_CUT if cut else RatingCode.LINE_UNREADABLE)
    if not isinstance(plain, dict):
        return Reason(code=RatingCode.LINE_UNREADABLE)
    named = {COLUMNS.get(key, ""): text for key, text in plain.items()}
    # a key and a text have two quotes each: with more of them something is twice
    plainly = line.count('"') == 4 * len(plain) and len(named) == len(plain)
    if not plainly or "" in named or not isinstance(named.get("level"), str):
        fields = [COLUMNS.get(key) for key in plain]
        doubles = (
            key for key in plain if key in COLUMNS and fields.count(COLUMNS[key]) > 1
        )
        twice = repeated(line, plain) or next(doubles, None)
        if twice is not None:
            values: dict[str, Plain] = {"field": COLUMNS.get(twice) or showable(twice)}
            return Reason(code=RatingCode.FIELD_TWICE, values=values)
    if isinstance(named.get("level"), int):
        named["level"] = str(named["level"])
    texts = [named.get(field, "") for field in _FIELDS]
    for field, text in zip(_FIELDS, texts, strict=True):
        if not isinstance(text, str):
            return Reason(code=RatingCode.TEXT_UNFIT, values={"field": field})
    return levels.rating(*texts)


class _Levels:
    """What the levels of ratings may be called, channel by channel."""

    def __init__(self, channels: Channels | None) -> None:
        self._codes: dict[str, Mapping[str, RatingLevel]] = {}
        if channels is not None:
            for key, codes in channels.rating_codes.items():
                self._codes |= {key: codes, channels.service[key]: codes}

    def rating(
        self,
        transaction: str,
        unit: str,
        item: str,
        channel: str,
        level: str,
        at: str,
        window: str,
        person: str,
        who: str,
    ) -> Rating | Reason:
        """Return a rating of its fields, or why they make none."""
        unit, item, channel = unit.strip(), item.strip(), channel.strip()
        known = LEVELS.get(level)
        if known is None:
            named = half_width(level).strip()
            known = LEVELS.get(named) or self._codes.get(channel, {}).get(named)
            values: dict[str, Plain] = {"given": showable(named)}
            if known is None and named.isdigit():
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


def _named(fields: Sequence[str]) -> list[str]:
    """Return columns by their names in both languages."""
    return [f"{RatingField(name).label}({name})" for name in fields] or ["-"]
