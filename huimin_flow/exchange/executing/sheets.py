"""The export of the month's progress sheet, a workbook for clerks to fill in (C4)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from huimin_flow.catalogue.reasons import FileCode
from huimin_flow.catalogue.terms import Figures, SheetColumn, SheetText
from huimin_flow.errors import InputRefused, why_not
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.executing.plans import Progress, SheetLine
from huimin_flow.store.files import write_whole

#: The width of each column, in characters.
_WIDTHS: Mapping[SheetColumn, int] = dict(
    zip(
        SheetColumn,
        (12, 22, 10, 28, 8, 6, 11, 11, 11, 12, 9, 11, 11, 24, 18, 28, 36, 20, 20, 13),
        strict=True,
    )
)

#: The columns that the unit fills in.
_FILLED_IN = {
    SheetColumn.VALUE,
    SheetColumn.DENOMINATOR,
    SheetColumn.NOTE,
    SheetColumn.EVIDENCE,
    SheetColumn.MEMBERS,
    SheetColumn.CORRECTION,
}

#: Spreadsheets do not store figures from this size on exactly.
EXACT = 10**15


def mark_of(report: Progress) -> str:
    """Return the mark of a report in the sheet: an untouched row still has it.

    It distinguishes a figure that somebody wrote from one that was exported, which
    others may have corrected since.
    """
    return digest(canonical(to_plain(report)))[:12]


def writable(path: Path) -> None:
    """Refuse a path where no sheet can be written.

    Raises:
        InputRefused: for a folder, another kind of file, or a missing parent folder.

    """
    shown = showable(str(path))
    if path.is_dir():
        raise InputRefused(FileCode.IS_FOLDER, path=shown)
    if path.suffix.lower() != ".xlsx":
        raise InputRefused(FileCode.SHEET_KIND, path=shown)
    if not path.parent.is_dir():
        raise InputRefused(FileCode.FOLDER_MISSING, path=showable(str(path.parent)))


def write_sheet(path: Path, lines: Sequence[SheetLine], title: str) -> Path:
    """Write the sheet of a month, completely or not at all; return its path.

    Texts never become formulas. An existing file may contain figures, so it stays,
    and the name of the new sheet gets a number.

    Raises:
        InputRefused: for a path where no sheet can be written.

    """
    import xlsxwriter  # noqa: PLC0415 - heavy

    writable(path)
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, options | {"in_memory": True})
    _fill(book, lines, title)
    book.close()
    return write_new(path, content.getvalue())


def write_new(path: Path, content: bytes) -> Path:
    """Write a workbook under the first free name, completely or not at all.

    Raises:
        InputRefused: for a path where no sheet can be written.

    """
    writable(path)
    try:
        return _write_free(path, content)
    except OSError as failure:
        raise InputRefused(
            FileCode.NOT_WRITTEN, path=showable(str(path)), why=why_not(failure)
        ) from failure


def _write_free(path: Path, content: bytes) -> Path:
    """Write a file under the first free name."""
    free = path
    for number in count(2):
        try:
            free.touch(exist_ok=False)
            break
        except FileExistsError:
            free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    try:
        write_whole(free, content)
    except OSError:
        free.unlink(missing_ok=True)
        raise
    return free


def _fill(book: Any, lines: Sequence[SheetLine], title: str) -> None:
    """Fill the sheet; set unlocked cells, the fixed head and the print width."""
    styles = {
        "head": {"bold": True, "bg_color": "#DDE2EA", "border": 1, "text_wrap": True},
        "kept": {"border": 1, "font_color": "#5B6579", "text_wrap": True},
        "mine": {"border": 1, "bg_color": "#FFF8E1", "locked": False},
    }
    formats = {
        name: book.add_format({"valign": "top", **style})
        for name, style in styles.items()
    }
    sheet = book.add_worksheet(SheetText.NAME.label)
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, SheetText.HINT.label)
    for place, (column, width) in enumerate(_WIDTHS.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(2, place, column.label, formats["head"])
    for row, line in enumerate(lines, 3):
        for place, (column, cell) in enumerate(_cells(line).items()):
            style = formats["mine" if column in _FILLED_IN else "kept"]
            sheet.write(row, place, cell, style)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})
    sheet.freeze_panes(3, 4)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    whole = {
        "validate": "integer", "criteria": "between",
        "minimum": 0, "maximum": EXACT - 1, "ignore_blank": True,
        "error_title": SheetText.WRONG_FIGURE.label,
        "error_message": SheetText.WHOLE_FIGURE.label,
    }  # fmt: skip
    for column in (SheetColumn.VALUE, SheetColumn.DENOMINATOR):
        place = list(SheetColumn).index(column)
        sheet.data_validation(3, place, max(3, len(lines) + 2), place, whole)


def entered(line: SheetLine) -> str:
    """Return how the month's figure was entered, or the feed that is to bring it."""
    report, feed = line.report, line.feed
    if report is not None:
        feed = report.feed
        word = report.entered.label
    else:
        word = Figures.FED.label if feed else ""
    return f"{word} {feed}".strip()


def _cells(line: SheetLine) -> dict[SheetColumn, str | int | None]:
    """Return the cells of a line, in the order of the columns."""
    report = line.report
    return {
        SheetColumn.ITEM: line.item,
        SheetColumn.ITEM_TITLE: line.item_title,
        SheetColumn.TASK: line.task,
        SheetColumn.INDICATOR: line.indicator,
        SheetColumn.KIND: line.kind.label,
        SheetColumn.MEASURE: line.measure,
        SheetColumn.TARGET: line.target,
        SheetColumn.EXPECTED: line.expected,
        SheetColumn.ACTUAL: line.actual,
        SheetColumn.STANDS: line.stands,
        SheetColumn.MONTH: line.month,
        SheetColumn.VALUE: report.value if report else None,
        SheetColumn.DENOMINATOR: report.denominator if report else None,
        SheetColumn.NOTE: report.note if report else "",
        SheetColumn.EVIDENCE: " ".join(report.evidence) if report else "",
        SheetColumn.MEMBERS: ";".join(report.members) if report else "",
        SheetColumn.ALL_MEMBERS: ";".join(line.members),
        SheetColumn.ENTERED: entered(line),
        SheetColumn.CORRECTION: report.correction if report else "",
        SheetColumn.MARK: mark_of(report) if report else "",
    }
