"""The month's progress sheet as a workbook: out pre-filled, and back in (C4)."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from huimin_flow.errors import InputRefused
from huimin_flow.exchange.encoding import written
from huimin_flow.exchange.workbooks import LARGEST, cell_name, first_sheet
from huimin_flow.model.indicator import Progress, SheetLine
from huimin_flow.model.text import showable
from huimin_flow.model.value import value

#: The columns of the sheet; those marked True are filled in by the unit.
COLUMNS: Sequence[tuple[str, int, bool]] = (
    ("事项编号", 12, False),
    ("事项", 22, False),
    ("任务编号", 10, False),
    ("指标", 28, False),
    ("类型", 8, False),
    ("单位", 6, False),
    ("目标", 11, False),
    ("计划应达", 11, False),
    ("已报", 11, False),
    ("进度", 12, False),
    ("月份", 9, False),
    ("本月数值", 11, True),
    ("分母", 11, True),
    ("备注", 24, True),
    ("佐证", 18, True),
)

_NEEDED = ("事项编号", "任务编号", "指标", "月份", "本月数值")
_OPTIONAL = ("分母", "备注", "佐证")

#: How many rows above the header a file may have.
_HEAD = 10

#: Figures above are stored inexactly by spreadsheets.
_EXACT = 10**15

#: A month that a spreadsheet turned into a day.
_DAY = re.compile(r"([0-9]{4}-[0-9]{2})-[0-9]{2}(?: 00:00:00)?", re.ASCII)

#: Digits and the comma as Chinese input methods write them.
_WIDE = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0C: ","}

_HINT = (
    "只填浅色各列:本月数值写当月新增(保有类写月末数),比率类另填分母;"
    "佐证写已上传附件的摘要。不填的行不报送;再报即更正。"
)


@value
class Filled:
    """What a filled sheet says: reports with their places, and rows left blank."""

    reports: tuple[Progress, ...]
    places: tuple[str, ...]
    blank: int


def write_sheet(path: Path, lines: Sequence[SheetLine], title: str) -> None:
    """Write the sheet of a month, whole or not at all; texts are never formulas."""
    import xlsxwriter  # noqa: PLC0415 - heavy

    beside = path.with_name(path.name + ".part")
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(beside), options)
    styles = {
        "head": {"bold": True, "bg_color": "#DDE2EA", "border": 1, "text_wrap": True},
        "kept": {"border": 1, "font_color": "#5B6579", "text_wrap": True},
        "told": {"border": 1, "bg_color": "#FFF8E1", "locked": False},
    }
    made = {
        name: book.add_format({"valign": "top", **one}) for name, one in styles.items()
    }
    sheet = book.add_worksheet("月度进展")
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, _HINT)
    for column, (name, width, _) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, name, made["head"])
    for row, line in enumerate(lines, 3):
        for column, (cell, (_, _, mine)) in enumerate(
            zip(_cells(line), COLUMNS, strict=True)
        ):
            sheet.write(row, column, cell, made["told" if mine else "kept"])
    _fit(sheet, len(lines))
    book.close()
    beside.replace(path)


def _fit(sheet: Any, count: int) -> None:
    """Let a clerk fill what is theirs, see the head, and print on one width."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})
    sheet.freeze_panes(3, 4)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    names = [name for name, _, _ in COLUMNS]
    whole = {
        "validate": "integer", "criteria": "between",
        "minimum": 0, "maximum": _EXACT - 1, "ignore_blank": True,
        "error_title": "数值不对", "error_message": "请填不小于0的整数。",
    }  # fmt: skip
    for name in ("本月数值", "分母"):
        column = names.index(name)
        sheet.data_validation(3, column, max(3, count + 2), column, whole)


def _cells(line: SheetLine) -> list[str | int | None]:
    told = line.told
    return [
        line.item,
        line.item_title,
        line.task,
        line.indicator,
        line.kind.label,
        line.measure,
        line.target,
        line.expected,
        line.actual,
        line.stands,
        line.month,
        None if told is None else told.value,
        None if told is None else told.denominator,
        "" if told is None else told.note,
        "" if told is None else " ".join(told.evidence),
    ]


def read_sheet(path: Path) -> Filled:
    """Read a filled sheet, .xlsx or .csv; rows without a figure are left blank.

    Raises:
        InputRefused: for a file that can't be read or lacks columns, and for
            cells that are no whole numbers, each named.

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
    rows = list(kind(path))
    head, places = _header(rows, path.name)
    reports, named, wrong, blank = [], [], [], 0
    for number, row in enumerate(rows[head + 1 :], head + 2):
        if not any(_text(one) for one in row):
            continue
        try:
            if _blank(row, number, places):
                blank += 1
                continue
            reports.append(_report(row, number, places))
            named.append(f"第{number}行")
        except InputRefused as refusal:
            wrong.append(str(refusal))
    if wrong:
        raise InputRefused(
            "\n".join(wrong[:20]) + (f"\n……共{len(wrong)}处" if wrong[20:] else ""),
            remedy="请改正这些单元格后重新导入;现在什么也没有记入",
        )
    return Filled(reports=tuple(reports), places=tuple(named), blank=blank)


def _lines(path: Path) -> Iterator[list[Any]]:
    how = written(path)
    with path.open(encoding=how.encoding, errors=how.errors, newline="") as file:
        try:
            yield from csv.reader(file, strict=True)
        except csv.Error as error:
            raise InputRefused(
                f"{path.name} 不是完整的 CSV:{error}", remedy="请重新导出后再试"
            ) from None


def _header(rows: Sequence[Sequence[Any]], name: str) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(rows[:_HEAD]):
        texts = [_text(one) for one in row]
        if all(one in texts for one in _NEEDED):
            known = (*_NEEDED, *_OPTIONAL)
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
    )


def _month(text: str) -> str:
    """Return a month as it is written; a date that a spreadsheet made is one."""
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
    if int(plain) >= _EXACT:
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
