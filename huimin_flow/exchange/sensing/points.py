"""Tables of direct-report points: a row is a point to register (A2)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from huimin_flow.catalogue.reasons import FileCode, Reason, RowCode, reason_of
from huimin_flow.catalogue.terms import PointLevel
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import half_width, moment
from huimin_flow.exchange.core.portions import entries_of
from huimin_flow.exchange.core.records import fields_of
from huimin_flow.exchange.core.sources import Source, column_of
from huimin_flow.model.core.values import value
from huimin_flow.model.sensing.points import PointEntry

#: The field of each column, by the names that it may have.
COLUMNS: Final[Mapping[str, str]] = {
    "名称": "name", "直报点": "name", "直报点名称": "name", "点位": "name",
    "级别": "level", "层级": "level",
    "地点": "locality", "所在地": "locality", "所在地点": "locality",
    "地址": "locality",
    "负责岗位": "in_charge", "负责人代号": "in_charge",
    "开设日期": "opened_on", "设立日期": "opened_on",
    "name": "name", "level": "level", "locality": "locality",
    "in_charge": "in_charge", "opened_on": "opened_on",
}  # fmt: skip

#: The fields that a table must have.
_NEEDED: Final = ("name", "level", "locality")


@value
class PointLine:
    """A line of a table: the point, or why it is none."""

    line: int
    entry: PointEntry | None = None
    reason: Reason | None = None


def read_points(path: Path) -> Iterator[PointLine]:
    """Yield the points of a csv, xlsx, xls or jsonl file, in its order.

    Empty rows, totals and notes are passed over.

    Raises:
        InputRefused: if the file cannot be read, or lacks a column.

    """
    source = Source(path, COLUMNS)
    fields = [COLUMNS.get(column_of(name, COLUMNS), "") for name in source.head]
    missing = [name for name in COLUMNS if COLUMNS[name] in set(_NEEDED) - {*fields}]
    if source.kind != "jsonl" and missing:
        first = {COLUMNS[name]: name for name in reversed(missing)}
        names = list(first.values())
        raise InputRefused(FileCode.POINT_COLUMNS, file=path.name, missing=names)
    for number, record, opened in source.records():
        if source.kind == "jsonl":
            read = entries_of(record, COLUMNS, "name")
        else:
            try:
                cells = fields_of(record) if not opened else []
            except csv.Error:
                cells = []
            if not cells:
                read = Reason(code=RowCode.LINE_UNREADABLE)
            elif not any(cell.strip() for cell in cells) or source.is_aside(record):
                continue
            else:
                read = {
                    field: cell
                    for field, cell in zip(fields, cells, strict=False)
                    if field
                }
        yield _line(number, read)


def _line(number: int, read: dict[str, Any] | Reason) -> PointLine:
    """Return the line of a row's texts by field."""
    if isinstance(read, Reason):
        return PointLine(line=number, reason=read)
    texts = {field: str(text or "").strip() for field, text in read.items()}
    said = half_width(texts.get("level", ""))
    levels = (
        level
        for level in PointLevel
        if said and (said == level.value or said in half_width(level.label))
    )
    level = next(levels, None)
    if level is None:
        choices = [each.label for each in PointLevel]
        wrong = reason_of(RowCode.LEVEL_UNKNOWN, {"given": said, "choices": choices})
        return PointLine(line=number, reason=wrong)
    opened = texts.get("opened_on", "")
    at = moment(opened) if opened else None
    if opened and at is None:
        wrong = reason_of(RowCode.TIME_UNREADABLE, {"given": opened})
        return PointLine(line=number, reason=wrong)
    return PointLine(
        line=number,
        entry=PointEntry(
            name=texts.get("name", ""),
            level=level,
            locality=texts.get("locality", ""),
            in_charge=texts.get("in_charge", ""),
            opened_on=None if at is None else local_day(at),
        ),
    )
