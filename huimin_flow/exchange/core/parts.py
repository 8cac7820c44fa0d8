"""The parts of a workbook (xlsx): what one sheet shows, and what it hides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from huimin_flow.catalogue.reasons import FileCode
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.formats import BUILT_IN, shows
from huimin_flow.model.core.texts import showable

#: The largest accepted table: the reader keeps every cell up to the last row and the
#: last column, filled or not, with about 40 bytes each.
ROWS = 50_000
COLUMNS = 256
CELLS = 1_000_000

#: From this size on a spreadsheet rounds a whole number.
EXACT = 10**15

#: Below these sizes nobody can read: the height of a row in points, the width of a
#: column in characters.
LEAST_HEIGHT = 3.0
LEAST_WIDTH = 0.5

#: The largest number of cells with their own number format, or covered by a merged
#: cell; our sheet has none.
_NOTED = 100_000

_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,9})", re.ASCII)
_SIZE = re.compile(r"[0-9]{1,9}(?:\.[0-9]*)?", re.ASCII)

#: The parts that list the sheets of a workbook, and the parts of the sheets.
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

_Place = tuple[int, int]


@dataclass
class Sheet:
    """A sheet: its rows, and the cells that may show something else.

    Places are (row, column), both from 1. ``covered`` are places under a merged cell,
    ``merged`` the last rows of cells that are merged over rows, with their names.
    ``digest`` is the hex SHA-256 of the workbook, ``name`` that of the sheet, and
    ``others`` are the names of further sheets that are seen and have a filled cell.
    """

    rows: list[list[Any]] = field(default_factory=list)
    formats: dict[_Place, str] = field(default_factory=dict)
    covered: set[_Place] = field(default_factory=set)
    merged: list[tuple[int, str]] = field(default_factory=list)
    zeros_hidden: bool = False
    digest: str = ""
    name: str = ""
    others: tuple[str, ...] = ()

    def misleads(self, row: int, column: int, cell: Any) -> bool:
        """Tell whether a reader sees something else than the cell contains."""
        place = row, column
        if place in self.covered or (self.zeros_hidden and cell == 0):
            return True
        code = self.formats.get(place)
        return code is not None and not shows(code, cell)

    def refuse_merged(self, name: str, head: int) -> None:
        """Refuse cells that are merged over rows below the header's last row.

        The row to which such a cell belongs would be unclear. ``name`` is the file's.

        Raises:
            InputRefused: with the first such cells.

        """
        for below, cells in self.merged:
            if below > head:
                raise InputRefused(
                    FileCode.CELL_MERGED, file=name, cell=showable(cells)
                )


def cell_name(row: int, column: int) -> str:
    """Return a cell's name from its row, from 1, and its column, from 0.

    >>> cell_name(7, 0), cell_name(4, 27)
    ('A7', 'AB4')

    """
    letters = ""
    left = column + 1
    while left:
        left, place = divmod(left - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{letters}{row}"


class Book:
    """A check of the parts of a workbook as streams; no part is read into memory."""

    def __init__(self, name: str, wanted: str = "") -> None:
        """Begin before the first part of a file with a name.

        ``wanted`` is the sheet that is read, by default the first one.
        """
        self.first = Sheet()
        self.first_seen = False
        self._name = name
        self._number_formats: dict[str, str] = {}
        self._formats: list[str] = []  # a format's number, by the index of a style
        self._conditional: set[int] = set()  # conditional styles that change figures
        self._conditions = 0
        self._first_id = self._first_part = ""
        self._wanted = wanted
        self._names: dict[str, str] = {}  # by its id another sheet, "" if hidden
        self._others: dict[str, str] = {}  # the same by its part

    def look_through(self, part: str, content: IO[bytes]) -> None:
        """Read a part to its end.

        Raises:
            InputRefused: with the first cell that is not what it shows.

        """
        self._part = part.lower()
        self._is_first = self._part == self._first_part
        self.first_seen |= self._is_first
        self._within = ""
        self._row = self._column = 0
        self._row_hidden = self._rows_hidden = False
        self._columns: dict[int, bool] = {}
        self._columns_hidden = False
        self._inside = self._filled = False
        self._range = ""
        self._cells = self._widest = 0
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.ParseFile(content)
        if self._cells and (name := self._others.get(self._part)):
            self.first.others += (name,)

    def _doctype(self, *_: object) -> None:
        raise InputRefused(FileCode.BOOK_UNSAFE, file=self._name)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        plain = tag.rpartition(":")[2]
        if plain == "c":
            self._begin_cell(attributes)
        elif plain == "row":
            self._begin_row(attributes)
        elif plain in {"v", "is"}:
            self._filled = True
        elif plain == "f" and self._inside and self._part not in self._others:
            raise self._refused(FileCode.CELL_FORMULA)
        elif plain in {"numFmts", "cellXfs", "dxfs"}:
            self._within = plain
        elif plain == "sheetData" and not self._is_first:
            self._row = 0  # data of another workbook: several sheets in one part
        else:
            self._begin_setting(plain, attributes)
            self._begin_style(plain, attributes)

    def _end(self, tag: str) -> None:
        plain = tag.rpartition(":")[2]
        if plain == "c":
            if self._inside and self._filled:
                self._check_cell()
            self._inside = False
        elif plain == self._within:
            self._within = ""

    def _begin_style(self, plain: str, attributes: dict[str, str]) -> None:
        """Store the parts of the sheets, and the number formats of cells."""
        if plain == "sheet" and self._part == BOOK:
            self._begin_sheet(attributes)
        elif plain == "Relationship" and self._part == LINKS:
            target = attributes.get("Target", "").lower().removeprefix("/")
            target = target if target[:3] == "xl/" else f"xl/{target}"
            key = attributes.get("Id", "")
            if key == self._first_id:
                self._first_part = target
            elif key in self._names:
                self._others[target] = self._names[key]
        elif plain == "dxf" and self._within == "dxfs":
            self._conditions += 1
        elif plain == "numFmt" and self._within == "dxfs":
            self._conditional.add(self._conditions - 1)
        elif plain == "numFmt":
            code = attributes.get("formatCode", "")
            self._number_formats[attributes.get("numFmtId", "")] = code
        elif plain == "xf" and self._within == "cellXfs":
            self._formats.append(attributes.get("numFmtId", "0"))

    def _begin_sheet(self, attributes: dict[str, str]) -> None:
        """Store which sheet is read, and the others that are seen."""
        ids = (text for key, text in attributes.items() if key.endswith(":id"))
        key, name = next(ids, ""), attributes.get("name", "")
        if not self._first_id and self._wanted in {"", name}:
            self._first_id, self.first.name = key, name
        else:
            is_seen = attributes.get("state", "visible") == "visible"
            self._names[key] = name if is_seen else ""

    def _begin_setting(self, plain: str, attributes: dict[str, str]) -> None:
        """Store what a sheet hides; refuse formats that show another figure."""
        if plain == "sheetView":
            zeros_hidden = attributes.get("showZeros") in {"0", "false"}
            self.first.zeros_hidden |= self._is_first and zeros_hidden
        elif plain == "sheetFormatPr":
            low = _is_below(attributes, "defaultRowHeight", LEAST_HEIGHT)
            self._rows_hidden = low or _is_true(attributes, "zeroHeight")
            self._columns_hidden = _is_below(attributes, "defaultColWidth", LEAST_WIDTH)
        elif plain == "col":
            hidden = self._columns_hidden
            if "width" in attributes:
                hidden = _is_below(attributes, "width", LEAST_WIDTH)
            hidden = hidden or _is_true(attributes, "hidden")
            last = min(_number(attributes, "max"), COLUMNS)
            for column in range(_number(attributes, "min"), last + 1):
                self._columns[column] = hidden or self._columns.get(column, False)
        elif plain == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif plain == "conditionalFormatting":
            self._range = attributes.get("sqref", "")
        elif (
            plain == "cfRule"
            and "dxfId" in attributes
            and _number(attributes, "dxfId") in self._conditional
        ):
            raise InputRefused(FileCode.CELL_MISLEADS, cell=showable(self._range))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        """Begin a row; refuse rows out of order, which programs read differently."""
        row = _number(attributes, "r") or self._row + 1
        if row <= self._row:
            raise self._refused(FileCode.BOOK_UNREADABLE)
        self._row, self._column = row, 0
        low = self._rows_hidden
        if "ht" in attributes:
            low = _is_below(attributes, "ht", LEAST_HEIGHT)
        self._row_hidden = low or _is_true(attributes, "hidden")

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._inside, self._filled = True, False
        column, row = self._column + 1, self._row
        if "r" in attributes:
            column, row = _position_of(attributes["r"])
        if row != self._row or column <= self._column:
            raise self._refused(FileCode.BOOK_UNREADABLE)
        self._column = column
        if attributes.get("t") == "e" and self._part not in self._others:
            raise self._refused(FileCode.CELL_ERROR)
        style = _number(attributes, "s")
        number = self._formats[style] if style < len(self._formats) else "0"
        self._format = self._number_formats.get(number, BUILT_IN.get(number, ""))

    def _check_cell(self) -> None:
        """Refuse a filled cell that is hidden or makes the table too large."""
        row, column = self._row, self._column
        self._cells += 1
        self._widest = max(self._widest, column)
        many = max(self._cells, row * self._widest) > CELLS
        if many or row > ROWS or column > COLUMNS:
            raise self._refused(FileCode.CELL_FAR, rows=ROWS, columns=COLUMNS)
        if self._part in self._others:
            return
        if self._row_hidden:
            raise self._refused(FileCode.CELL_IN_HIDDEN_ROW)
        if self._columns.get(column, self._columns_hidden):
            raise self._refused(FileCode.CELL_IN_HIDDEN_COLUMN)
        if self._is_first and self._format:
            self.first.formats[row, column] = self._format
            if len(self.first.formats) > _NOTED:
                raise self._refused(FileCode.CELL_FAR, rows=ROWS, columns=COLUMNS)

    def _merge(self, cells: str) -> None:
        """Store what a merged cell covers."""
        first, _, last = cells.partition(":")
        (left, row), (right, below) = _position_of(first), _position_of(last or first)
        if self._is_first:
            if row != below:
                self.first.merged.append((below, cells))
            columns = range(left, min(right, COLUMNS) + 1)
            rows = range(row, min(below, row + _NOTED // COLUMNS) + 1)
            self.first.covered |= {(r, c) for r in rows for c in columns} - {
                (row, left)
            }
            if len(self.first.covered) > _NOTED:
                raise self._refused(FileCode.CELL_FAR, rows=ROWS, columns=COLUMNS)

    def _refused(self, code: FileCode, **values: Any) -> InputRefused:
        place = cell_name(self._row, max(self._column, 1) - 1)
        return InputRefused(code, file=self._name, cell=place, **values)


def _is_true(attributes: dict[str, str], name: str) -> bool:
    return attributes.get(name) in {"1", "true"}


def _is_below(attributes: dict[str, str], name: str, least: float) -> bool:
    """Tell whether a size exists and is too small to be seen."""
    size = attributes.get(name)
    if size is None:
        return False
    return not _SIZE.fullmatch(size) or float(size) < least


def _number(attributes: dict[str, str], name: str) -> int:
    """Return a whole number from an attribute; 0 if it is missing or no number."""
    text = attributes.get(name, "")
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


def _position_of(place: str) -> tuple[int, int]:
    """Return a cell's column and row, both from 1; (0, 0) for an invalid name.

    >>> _position_of("AB4")
    (28, 4)

    """
    named = _REF.fullmatch(place.replace("$", ""))
    if named is None:
        return 0, 0
    column = 0
    for letter in named.group(1):
        column = 26 * column + ord(letter) - ord("A") + 1
    return column, int(named.group(2))
