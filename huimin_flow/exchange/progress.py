"""The month's progress sheet, filled by units, back in (C4)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from huimin_flow.errors import InputRefused
from huimin_flow.exchange.progress_out import EXACT, mark_of
from huimin_flow.exchange.records import encoding_of
from huimin_flow.exchange.workbooks import LARGEST, cell_name, first_sheet
from huimin_flow.model.indicator import Progress
from huimin_flow.model.text import showable
from huimin_flow.model.value import value
from huimin_flow.rules.members import APART

_NEEDED = ("事项编号", "任务编号", "指标", "月份", "本月数值")
_OPTIONAL = ("分母", "备注", "佐证", "本月完成成员")
_MARK = "核对码"

#: How many rows above the header a file may have.
_HEAD = 10

#: A month that a spreadsheet turned into a day.
_DAY = re.compile(r"([0-9]{4}-[0-9]{2})-[0-9]{2}(?: 00:00:00)?", re.ASCII)

#: What stands between the names of a set's members.
_APART = re.compile(f"[{APART}]")

#: Digits, comma and hyphen as Chinese input methods write them.
_WIDE = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    0xFF0C: ",",
    0xFF0D: "-",
}


@value
class Filled:
    """What a filled sheet says: reports with their places, and rows left blank.

    ``untouched`` are the places of rows that are as the sheet came with them: they
    say nothing new, and would undo what was corrected since.
    """

    reports: tuple[Progress, ...]
    places: tuple[str, ...]
    blank: int
    untouched: tuple[str, ...] = ()

    def touched(self) -> Filled:
        """Return what somebody filled in: without the untouched rows."""
        told = zip(self.reports, self.places, strict=True)
        kept = [(one, place) for one, place in told if place not in self.untouched]
        return Filled(
            reports=tuple(one for one, _ in kept),
            places=tuple(place for _, place in kept),
            blank=self.blank,
        )


def read_sheet(path: Path) -> Filled:
    """Read a filled sheet, .xlsx or .csv; rows without a figure are left blank.

    Raises:
        InputRefused: for a file that can't be read or lacks columns, and for
            cells that are no whole numbers, each named.

    """
    rows = list(_kind(path)(path))
    head, places = _header(rows, path.name)
    reports, named, wrong, untouched, blank = [], [], [], [], 0
    for number, row in enumerate(rows[head + 1 :], head + 2):
        if not any(_text(one) for one in row):
            continue
        try:
            if _blank(row, number, places):
                blank += 1
                continue
            report = _report(row, number, places)
            reports.append(report)
            named.append(f"第{number}行")
            if _text(_at(row, places.get(_MARK))) == mark_of(report):
                untouched.append(f"第{number}行")
        except InputRefused as refusal:
            wrong.append(str(refusal))
    if wrong:
        raise InputRefused(
            "\n".join(wrong[:20]) + (f"\n……共{len(wrong)}处" if wrong[20:] else ""),
            remedy="请改正这些单元格后重新导入;现在什么也没有记入",
        )
    return Filled(
        reports=tuple(reports),
        places=tuple(named),
        blank=blank,
        untouched=tuple(untouched),
    )


def _kind(path: Path) -> Callable[[Path], Iterator[list[Any]]]:
    """Return how a file's rows are read.

    Raises:
        InputRefused: for a file that is missing, too large or of another kind.

    """
    kinds: Mapping[str, Callable[[Path], Iterator[list[Any]]]] = {
        ".xlsx": first_sheet,
        ".csv": _lines,
    }
    if not path.is_file():
        what = "是目录,不是文件" if path.is_dir() else "文件不存在"
        raise InputRefused(f"{what}:{showable(str(path))}", remedy="请核对路径")
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise InputRefused(
            f"不支持的文件:{path.name}", remedy="请使用 .xlsx 或 .csv 文件"
        )
    if path.stat().st_size > LARGEST:
        raise InputRefused(
            f"{path.name} 超过{LARGEST // 1024 // 1024}MB", remedy="请拆分后再导入"
        )
    return kind


def _lines(path: Path) -> Iterator[list[Any]]:
    """Yield the rows of a csv file.

    Raises:
        InputRefused: for one that breaks off: of a last line that does not end,
            nobody can tell whether its figure is whole.

    """
    encoding = encoding_of(path)
    with encoding.opened(path) as file:
        text = file.read()
    if text and not text.endswith(("\n", "\r")):
        raise _broken(path, "最后一行在中途断开,或没有换行")
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise _broken(path, str(error)) from None


def _broken(path: Path, why: str) -> InputRefused:
    return InputRefused(f"{path.name} 不是完整的 CSV:{why}", remedy="请重新导出后再试")


def _header(rows: Sequence[Sequence[Any]], name: str) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(rows[:_HEAD]):
        texts = [_text(one) for one in row]
        if all(one in texts for one in _NEEDED):
            known = (*_NEEDED, *_OPTIONAL, _MARK)
            twice = [one for one in known if texts.count(one) > 1]
            if twice:
                raise InputRefused(
                    f"{name} 第{number + 1}行:列重复:{'、'.join(twice)}",
                    remedy="请删去重复的列",
                )
            return number, {one: texts.index(one) for one in known if one in texts}
    raise InputRefused(
        f"{name} 前{_HEAD}行里没有表头:{'、'.join(_NEEDED)}",
        remedy="请用 huimin progress template 导出的表填报",
    )


def _blank(row: Sequence[Any], number: int, places: Mapping[str, int]) -> bool:
    """Tell whether a row is left blank.

    Raises:
        InputRefused: where the figure alone is missing: the rest would be lost.

    """
    if _text(_at(row, places["本月数值"])) != "":
        return False
    lone = [one for one in _OPTIONAL if _text(_at(row, places.get(one)))]
    if lone:
        raise InputRefused(
            f"第{number}行:填了{'、'.join(lone)},没有填本月数值",
            remedy="请补填本月数值,或清空这些单元格",
        )
    return True


def _report(row: Sequence[Any], number: int, places: Mapping[str, int]) -> Progress:
    def text(name: str) -> str:
        return _text(_at(row, places.get(name)))

    def figure(name: str) -> int | None:
        place = places.get(name)
        return None if place is None else _whole(_at(row, place), number, place)

    found = figure("本月数值")
    return Progress(
        item=text("事项编号"),
        task=text("任务编号"),
        indicator=text("指标"),
        month=_month(text("月份")),
        value=0 if found is None else found,
        denominator=figure("分母"),
        note=text("备注"),
        evidence=tuple(text("佐证").split()),
        members=members_of(text("本月完成成员")),
    )


def members_of(text: str) -> tuple[str, ...]:
    """Return the names of a list, apart by a line's end, a semicolon or 、.

    >>> members_of("社保补贴、交通补助")
    ('社保补贴', '交通补助')

    """
    return tuple(one.strip() for one in _APART.split(text) if one.strip())


def _month(text: str) -> str:
    """Return a month as it is written; a date that a spreadsheet made is one."""
    text = text.translate(_WIDE)
    day = _DAY.fullmatch(text)
    return text if day is None else day.group(1)


def _whole(cell: Any, row: int, column: int) -> int | None:
    """Return a cell's whole number, or None where it is blank."""
    text = _text(cell)
    if text == "":
        return None
    plain = text.translate(_WIDE).replace(",", "")
    place = cell_name(row, column)
    if not plain.isascii() or not plain.isdigit():
        raise InputRefused(
            f"{place}:“{showable(text)}”不是不小于0的整数", remedy="请改为整数"
        )
    if int(plain) >= EXACT:
        raise InputRefused(
            f"{place}:“{showable(text)}”过大,表格软件已不能准确保存",
            remedy="请核对数值与单位",
        )
    return int(plain)


def _at(row: Sequence[Any], place: int | None) -> Any:
    return "" if place is None or place >= len(row) else row[place]


def _text(cell: Any) -> str:
    """Return a cell's text; a whole number that came as a float is one again."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**63:
        return str(int(cell))
    return str(cell).strip()
