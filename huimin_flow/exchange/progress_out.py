"""The month's progress sheet as a workbook, pre-filled for clerks (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from huimin_flow.errors import InputRefused, why_not
from huimin_flow.model.canonical import canonical, digest
from huimin_flow.model.indicator import Progress, SheetLine
from huimin_flow.model.plain import to_plain
from huimin_flow.model.text import showable

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
    ("本月完成成员", 28, True),
    ("全部成员", 36, False),
    ("核对码", 13, False),
)

#: Figures above are stored inexactly by spreadsheets.
EXACT = 10**15

_HINT = (
    "只填浅色各列:本月数值写当月新增(保有类写月末数),比率类另填分母;"
    "动态清零的本月数值写本月帮扶数,分母写本月发现数;"
    "具名事项另写本月完成的成员,用顿号或分号隔开;"
    "佐证写已上传附件的摘要。不填的行不报送;再报即更正。"
)


def mark_of(told: Progress) -> str:
    """Return the mark of a report in the sheet: a row that still has it is untouched.

    It tells a figure that somebody wrote from one that the sheet came with, which
    another may have corrected since.
    """
    return digest(canonical(to_plain(told)))[:12]


def writable(path: Path) -> None:
    """Refuse a place where no sheet can be written.

    Raises:
        InputRefused: for another kind of file, a folder, or one within none.

    """
    shown = showable(str(path))
    if path.is_dir():
        raise InputRefused(f"{shown} 是目录", remedy="请写明目录下的文件名")
    if path.suffix.lower() != ".xlsx":
        raise InputRefused(
            f"填报表只能写成 .xlsx 文件,不能写成 {shown}", remedy="请把文件名改为 .xlsx"
        )
    if not path.parent.is_dir():
        raise InputRefused(
            f"目录 {showable(str(path.parent))} 不存在", remedy="请先建立目录,或换一处"
        )


def write_sheet(path: Path, lines: Sequence[SheetLine], title: str) -> None:
    """Write the sheet of a month, whole or not at all; texts are never formulas.

    Raises:
        InputRefused: for a place where no sheet can be written.

    """
    import xlsxwriter  # noqa: PLC0415 - heavy

    writable(path)
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    beside = path.with_name(path.name + ".part")
    try:
        book = xlsxwriter.Workbook(str(beside), options)
        _fill(book, lines, title)
        book.close()
        beside.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as failure:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise InputRefused(
            f"写不了 {showable(str(path))}({_why(failure)})",
            remedy="请核对权限与磁盘空间,或换一处",
        ) from failure


def _why(failure: BaseException) -> str:
    """Return what the system said, which xlsxwriter hides in another error."""
    inner = failure.args[0] if failure.args else failure
    told = inner if isinstance(inner, OSError) else failure
    return why_not(told).label if isinstance(told, OSError) else "表格程序不能写出"


def _fill(book: Any, lines: Sequence[SheetLine], title: str) -> None:
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
        "minimum": 0, "maximum": EXACT - 1, "ignore_blank": True,
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
        "" if told is None else ";".join(told.members),
        ";".join(line.members),
        "" if told is None else mark_of(told),
    ]
