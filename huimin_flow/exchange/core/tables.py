"""Tables that people see, as files for a spreadsheet: csv and xlsx.

No cell is a formula, an address or a number that its program made of a text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from huimin_flow.exchange.core.cells import marked
from huimin_flow.model.core.texts import visible
from huimin_flow.model.core.values import value

#: The longest text of a cell, and of a sheet's name.
_LONGEST_CELL, _LONGEST_NAME = 32_000, 31

#: From this size on a spreadsheet rounds a whole number.
_EXACT = 10**15

#: What the name of a sheet or of a file can't have.
_UNFIT_NAME = re.compile(r"[\[\]:*?/\\'\"<>|%\x00-\x1f\x7f]+")

#: The font of Chinese tables (宋体), which Excel and WPS have.
_FONT = "SimSun"

#: A spreadsheet's dates begin here.
_FIRST_YEAR = 1900

#: The widest column, in characters, and how many rows say how wide one is.
_WIDEST, _MEASURED = 60, 200


@value
class Grid:
    """A table with its name, its headings and its rows."""

    name: str
    head: tuple[object, ...]
    rows: tuple[tuple[object, ...], ...]


def csv_lines(
    head: Iterable[object], rows: Iterable[Iterable[object]]
) -> Iterator[str]:
    r"""Yield the lines of a csv file; no cell is a formula for a spreadsheet.

    >>> list(csv_lines(["标题"], [["=1+1"], ["甲\n乙"]]))
    ['标题', "'=1+1", '甲\\n乙']

    """
    for row in chain([head], rows):
        written = io.StringIO()
        cells = (marked(visible(str(cell))) for cell in row)
        csv.writer(written, lineterminator="").writerow(cells)
        yield written.getvalue()


def csv_file(grids: Sequence[Grid]) -> bytes:
    """Return tables as a csv file that a spreadsheet opens: UTF-8 with its mark.

    A blank line stands between two tables; each of several begins with its name.
    """
    parts = []
    for grid in grids:
        name = [next(csv_lines([grid.name], []))] if len(grids) > 1 else []
        parts.append("\r\n".join([*name, *csv_lines(grid.head, grid.rows), ""]))
    return "\r\n".join(parts).encode("utf-8-sig", "backslashreplace")


def workbook(grids: Sequence[Grid], *, made: datetime | None = None) -> bytes:
    """Return tables as an xlsx workbook, one sheet each; texts stay texts.

    A sheet opens with its head fixed, a filter over each column, and dates that sort
    as dates; it prints in landscape with its head on every page. ``made`` is the
    moment that the file names as that of its making, the present one by default.
    """
    import xlsxwriter  # noqa: PLC0415 - heavy

    names = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
    content = io.BytesIO()
    options: dict[str, Any] = {**dict.fromkeys(names, False), "in_memory": True}
    book = xlsxwriter.Workbook(content, options)
    if made is not None:
        book.set_properties({"created": made})
    plain = {"font_name": _FONT, "font_size": 11, "valign": "top"}
    bold = book.add_format(plain | {"bold": True, "bg_color": "#DDE2EA", "border": 1})
    text = book.add_format(plain | {"text_wrap": True})
    number = book.add_format(plain)
    places = book.add_format(plain | {"num_format": "0.00"})
    day = book.add_format(plain | {"num_format": "yyyy-mm-dd", "align": "left"})
    taken: set[str] = set()
    for grid in grids:
        name = _sheet_name(grid.name, taken)
        sheet = book.add_worksheet(name)
        for place, title in enumerate(grid.head):
            sheet.write_string(0, place, _cell(title), bold)
            sheet.set_column(place, place, _width(grid, place))
        for n, row in enumerate(grid.rows, 1):
            for place, cell in enumerate(row):
                if type(cell) is int and abs(cell) < _EXACT:
                    sheet.write_number(n, place, cell, number)
                elif type(cell) is Decimal:
                    sheet.write_number(n, place, float(cell), places)
                elif type(cell) is date and cell.year >= _FIRST_YEAR:
                    sheet.write_datetime(n, place, cell, day)
                else:
                    sheet.write_string(n, place, _cell(cell), text)
        sheet.freeze_panes(1, 1)
        if grid.head:
            sheet.autofilter(0, 0, len(grid.rows), len(grid.head) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&C&P / &N")
    book.close()
    return content.getvalue()


def safe_name(text: str, longest: int = 80) -> str:
    r"""Return a text as the name of a file: no path, no sign that hides or turns it.

    >>> safe_name("清单\u202e/../etc"), safe_name("...")
    ('清单_u202e_.._etc', '_')

    """
    plain = visible(text).encode(errors="replace").decode()
    return _UNFIT_NAME.sub("_", plain)[:longest].strip(" .") or "_"


def _sheet_name(text: str, taken: set[str]) -> str:
    """Return a name that no other sheet has, whatever its letters' case."""
    name = plain = safe_name(text, _LONGEST_NAME)
    n = 1
    while name.lower() in taken or name.lower() == "history":
        n += 1
        name = f"{plain[: _LONGEST_NAME - len(f' {n}')]} {n}"
    taken.add(name.lower())
    return name


def _cell(cell: object) -> str:
    text = visible(str(cell), lines=True).encode(errors="backslashreplace").decode()
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}……"


def _width(grid: Grid, place: int) -> int:
    cells = (row[place] for row in grid.rows[:_MEASURED] if place < len(row))
    texts = map(str, (grid.head[place], *cells))
    return min(max(len(text.encode("gbk", "replace")) for text in texts) + 2, _WIDEST)
