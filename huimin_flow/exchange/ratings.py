"""Files of ratings to values: csv and jsonl, in portions, each bad row named (D3)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from huimin_flow.catalogue.reasons import RatingCode
from huimin_flow.catalogue.terms import RatingField, RatingLevel
from huimin_flow.clock import SHANGHAI
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.encoding import Written, written
from huimin_flow.exchange.lines import LONGEST_LINE, bounded, fields_of, too_long
from huimin_flow.exchange.objects import repeated
from huimin_flow.exchange.refusals import unmarked
from huimin_flow.model.rating import Rating, RefusedRow, rating_of
from huimin_flow.model.text import showable
from huimin_flow.model.value import value
from huimin_flow.model.verdict import Plain, Reason

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

_FIELDS = tuple(one.value for one in RatingField)
_NEEDED = _FIELDS[:6]

#: How a level may be written: its identifier, its label, its stars.
LEVELS: Mapping[str, RatingLevel] = {
    written: level
    for stars, level in zip((5, 4, 3, 2, 1), RatingLevel, strict=True)
    for written in (level.value, level.label, str(stars), f"{stars}星")
}

#: A time as spreadsheets write it.
_SHEET_TIME = re.compile(
    r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2}) ([0-9]{1,2}):([0-9]{2}(?::[0-9]{2})?)",
    re.ASCII,
)

_TOO_LONG = Reason(code=RatingCode.LINE_TOO_LONG, values={"longest": LONGEST_LINE})

#: What one line becomes.
_Taken = Rating | Reason


@value
class Portion:
    """Some rows of a file: ratings with their lines, and what was not taken."""

    ratings: Sequence[Rating]
    lines: Sequence[int]
    refused: tuple[RefusedRow, ...]


def read_ratings(
    path: Path, *, portion: int = PORTION, how: Written | None = None
) -> Iterator[Portion]:
    """Yield a file's ratings in portions; ``how`` it is written may be known.

    A time without a zone is Shanghai's. The last line of a csv file that does
    not end is refused, since nobody can tell whether it is whole.

    Raises:
        InputRefused: for a file that is missing, of another kind, without its
            columns, or in characters that cannot be told.

    """
    how = how or how_written(path)
    kind = _KINDS[path.suffix.lower()]
    with path.open(encoding=how.encoding, errors=how.errors) as file:
        begun = 1 if kind is _csv else 0
        yield from _portions(file, kind(file, path.name), begun, portion)


def how_written(path: Path) -> Written:
    """Return how a file of ratings is written.

    Raises:
        InputRefused: for a file that is missing or of another kind, or in
            characters that cannot be told.

    """
    if not path.is_file():
        what = "是目录,不是文件" if path.is_dir() else "文件不存在"
        raise InputRefused(f"{what}:{showable(str(path))}", remedy="请核对路径")
    if path.suffix.lower() not in _KINDS:
        raise InputRefused(
            f"不支持的文件:{path.name}", remedy="请使用 .csv 或 .jsonl 文件"
        )
    return written(path)


def _portions(
    file: TextIO, take: Callable[[str], _Taken], begun: int, size: int
) -> Iterator[Portion]:
    ratings: list[Rating] = []
    lines: list[int] = []
    refused: list[RefusedRow] = []
    room = size
    for number, line in enumerate(bounded(file), begun + 1):
        if line.isspace():
            continue
        taken = _TOO_LONG if too_long(line) else take(line)
        if isinstance(taken, Reason):
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


def _csv(file: TextIO, name: str) -> Callable[[str], _Taken]:
    head = next(bounded(file), "")
    if too_long(head):
        raise InputRefused(
            f"{name} 第1行超过{LONGEST_LINE}个字符,不是表头",
            remedy="请核对文件是否每条记录一行",
        )
    columns = [COLUMNS.get(one.strip(), "") for one in next(csv.reader([head]), [])]
    missing = [one for one in _NEEDED if one not in columns]
    twice = [one for one in _FIELDS if columns.count(one) > 1]
    if missing or twice:
        raise InputRefused(
            f"{name} 第1行:列不对(缺少:{_named(missing)};重复:{_named(twice)})",
            remedy="第1行请写列名:办件编号、单位、事项、渠道、评价、时间等",
        )
    # an empty place behind the last column stands for one that is not there
    places = [columns.index(one) if one in columns else len(columns) for one in _FIELDS]
    return partial(_of_line, pick=itemgetter(*places), width=len(columns))


def _of_line(
    line: str, *, pick: Callable[[Sequence[str]], tuple[str, ...]], width: int
) -> _Taken:
    if not line.endswith("\n"):
        return Reason(code=RatingCode.LINE_CUT)
    if '"' in line:
        try:
            fields = fields_of(line)
        except csv.Error:
            return Reason(code=RatingCode.LINE_UNREADABLE)
    else:
        fields = line[:-1].split(",")
    if "'" in line:
        fields = [unmarked(one) for one in fields]
    if len(fields) != width:
        values: dict[str, Plain] = {"expected": width, "found": len(fields)}
        return Reason(code=RatingCode.LINE_MISSHAPED, values=values)
    fields.append("")
    return _rating(*pick(fields))


def _jsonl(_: TextIO, __: str) -> Callable[[str], _Taken]:
    return _of_object


def _of_object(line: str) -> _Taken:
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError):
        cut = not line.endswith("\n")
        return Reason(code=RatingCode.LINE_CUT if cut else RatingCode.LINE_UNREADABLE)
    if not isinstance(plain, dict):
        return Reason(code=RatingCode.LINE_UNREADABLE)
    named = {COLUMNS.get(key, ""): one for key, one in plain.items()}
    # a key and a text have two quotes each: with more of them something is twice
    plainly = line.count('"') == 4 * len(plain) and len(named) == len(plain)
    if not plainly or "" in named or not isinstance(named.get("level"), str):
        twice = repeated(line, plain) or _under_two_names(plain)
        if twice is not None:
            values: dict[str, Plain] = {"field": COLUMNS.get(twice) or showable(twice)}
            return Reason(code=RatingCode.FIELD_TWICE, values=values)
    if isinstance(named.get("level"), int):
        named["level"] = str(named["level"])
    fields = [named.get(one, "") for one in _FIELDS]
    for name, one in zip(_FIELDS, fields, strict=True):
        if not isinstance(one, str):
            return Reason(code=RatingCode.TEXT_UNFIT, values={"field": name})
    return _rating(*fields)


def _under_two_names(keys: Iterable[str]) -> str | None:
    """Return a key whose field another key names, too, or None."""
    known = [one for one in keys if one in COLUMNS]
    fields = [COLUMNS[one] for one in known]
    return next((one for one in known if fields.count(COLUMNS[one]) > 1), None)


def _rating(
    transaction: str,
    unit: str,
    item: str,
    channel: str,
    level: str,
    at: str,
    window: str,
    person: str,
    who: str,
) -> _Taken:
    known = LEVELS.get(level) or LEVELS.get(level.strip())
    if known is None:
        return Reason(code=RatingCode.UNKNOWN_LEVEL, values={"given": showable(level)})
    moment = _moment(at.strip())
    if moment is None:
        return Reason(code=RatingCode.TIME_UNREADABLE, values={"given": showable(at)})
    unit, item, channel = unit.strip(), item.strip(), channel.strip()
    return rating_of(
        transaction, unit, item, channel, known, moment, window, person, who
    )


def _named(fields: Sequence[str]) -> str:
    """Return columns by their names in both languages."""
    told = (f"{RatingField(one).label}({one})" for one in fields)
    return "、".join(told) or "无"


def _iso(sheet: re.Match[str]) -> str:
    year, month, day, hour, rest = sheet.groups()
    return f"{year}-{month:0>2}-{day:0>2} {hour:0>2}:{rest}"


def _moment(text: str) -> datetime | None:
    """Return the aware moment of a date with its time, or None.

    >>> _moment("2023-10-09 10:00").isoformat()
    '2023-10-09T10:00:00+08:00'
    >>> _moment("2023/1/2 9:00").isoformat()
    '2023-01-02T09:00:00+08:00'

    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        sheet = _SHEET_TIME.fullmatch(text)
        return None if sheet is None else _moment(_iso(sheet))
    if ":" not in text:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


#: How each kind of file is read.
_KINDS: Mapping[str, Callable[[TextIO, str], Callable[[str], _Taken]]] = {
    ".csv": _csv,
    ".jsonl": _jsonl,
}
