"""Files of a feed: each row is a figure of an indicator, or business of a unit (E1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from huimin_flow.catalogue.reasons import FeedCode, FileCode, RowCode
from huimin_flow.catalogue.terms import Argument
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import (
    half_width,
    moment,
    period,
    whole_number,
)
from huimin_flow.exchange.core.portions import Portion, cells_of, entries_of, portions
from huimin_flow.exchange.core.sources import Source, column_of
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.texts import showable
from huimin_flow.model.executing.feeds import FedFigure
from huimin_flow.rules.executing.figures import SEPARATORS

#: The number of rows of one portion, which becomes one batch.
PORTION: Final = 20_000

#: The name of a column → its field.
COLUMNS: Final[Mapping[str, str]] = {
    "事项": "item", "事项编号": "item", "任务": "task", "任务编号": "task",
    "指标": "indicator", "指标名称": "indicator",
    "月份": "month", "统计月份": "month", "年月": "month",
    "数值": "value", "本月数值": "value", "分子": "value", "业务量": "value",
    "办件量": "value", "件数": "value", "累计数": "value",
    "分母": "denominator", "成员": "members", "本月完成成员": "members",
    "服务事项": "service", "服务事项代码": "service", "服务事项名称": "service",
    "单位": "unit", "单位代码": "unit", "单位名称": "unit",
    "取数时间": "measured_at", "统计时点": "measured_at",
    **{name: name for name in (
        "item", "task", "indicator", "month", "value", "denominator", "members",
        "service", "unit", "measured_at",
    )},
}  # fmt: skip

#: The columns that every file has.
_NEEDED: Final = ("month", "value")


def read_figures(
    source: Source, *, portion: int = PORTION
) -> Iterator[Portion[FedFigure]]:
    """Yield a file's figures in portions.

    A time without a zone is in Shanghai time.

    Raises:
        InputRefused: if a column is missing, or a field has two.

    """
    if source.kind == "jsonl":
        yield from portions(source, _of_object, portion)
        return
    names = [COLUMNS.get(column_of(name, COLUMNS), "") for name in source.head]
    missing = [field for field in _NEEDED if field not in names]
    twice = [name for name in set(COLUMNS.values()) if names.count(name) > 1]
    if missing or twice:
        raise InputRefused(
            FeedCode.FILE_COLUMNS,
            file=source.path.name,
            line=source.line,
            missing=[Argument(name).label for name in missing] or ["-"],
            twice=[Argument(name).label for name in twice] or ["-"],
        )
    yield from portions(source, partial(_of_record, names=names), portion)


def source_of_figures(path: Path) -> Source:
    """Return a file of figures.

    Raises:
        InputRefused: if the file is missing, has another kind, or has an unknown
            encoding.

    """
    return Source(path, COLUMNS)


def _of_record(record: str, *, names: Sequence[str]) -> FedFigure | Reason:
    cells = cells_of(record, len(names))
    if isinstance(cells, Reason):
        return cells
    return _figure(
        {name: cell for name, cell in zip(names, cells, strict=True) if name}
    )


def _of_object(line: str) -> FedFigure | Reason:
    entries = entries_of(line, COLUMNS, "month")
    if isinstance(entries, Reason):
        return entries
    members = entries.get("members")
    if isinstance(members, list) and all(isinstance(each, str) for each in members):
        entries["members"] = ";".join(members)
    for field, given in entries.items():
        whole = isinstance(given, int) and not isinstance(given, bool)
        if not isinstance(given, str) and not whole and given is not None:
            return Reason(code=RowCode.TEXT_UNFIT, values={"field": field or "?"})
    return _figure(entries)


def _figure(entries: Mapping[str, Any]) -> FedFigure | Reason:
    """Return the figure of a row's entries, or why it is refused."""
    texts = {
        field: "" if given is None else str(given).strip()
        for field, given in entries.items()
    }
    numbers: dict[str, int | None] = {}
    for field in ("value", "denominator"):
        text = texts.get(field, "")
        numbers[field] = whole_number(half_width(text)) if text else None
        if (text or field == "value") and numbers[field] is None:
            values = {"given": showable(text)}
            return Reason(code=FileCode.FIGURE_UNFIT, values=values)
    written = texts.get("measured_at", "")
    measured = moment(written) if written else None
    if written and measured is None:
        values = {"given": showable(written)}
        return Reason(code=RowCode.TIME_UNREADABLE, values=values)
    members = texts.get("members", "")
    for sign in SEPARATORS:
        members = members.replace(sign, "\n")
    return FedFigure(
        month=period(half_width(texts.get("month", ""))),
        value=numbers["value"] or 0,
        item=texts.get("item", ""),
        task=texts.get("task", ""),
        indicator=texts.get("indicator", ""),
        denominator=numbers["denominator"],
        members=tuple(name.strip() for name in members.split("\n") if name.strip()),
        service=texts.get("service", ""),
        unit=texts.get("unit", ""),
        measured_at=measured,
    )
