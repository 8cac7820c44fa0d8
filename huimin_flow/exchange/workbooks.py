"""Workbooks from outside: read as values, with care for what they may hide."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from huimin_flow.errors import InputRefused
from huimin_flow.model.text import showable

#: The largest workbook taken, in bytes as it lies, and unpacked.
LARGEST = 20 * 1024 * 1024
UNPACKED = 50 * 1024 * 1024

#: The largest table taken: a reader holds every cell up to the farthest one.
ROWS = 50_000
COLUMNS = 100
CELLS = 1_000_000
PARTS = 1000

#: How a part of XML may begin, whatever its name.
_XML = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")

_REF = re.compile(r"([A-Z]+)([0-9]+)", re.ASCII)


def first_sheet(path: Path) -> Iterator[list[Any]]:
    """Yield the rows of a workbook's first sheet, blank rows included.

    Raises:
        InputRefused: for what is no workbook, is too large, or says something
            else than it shows: formulas, whose shown result another program may
            have left out; errors, which would be read as blank; rows merged,
            rows and columns hidden, and a first sheet that is hidden.

    """
    _inspected(path)
    from python_calamine import (  # noqa: PLC0415 - heavy
        CalamineError,
        SheetVisibleEnum,
        load_workbook,
    )

    try:
        book = load_workbook(path)
        first = book.sheets_metadata[0]
        if first.visible != SheetVisibleEnum.Visible:
            raise InputRefused(
                f"{path.name} 的第一张工作表“{showable(first.name)}”是隐藏的",
                remedy="请把填报的工作表移到最前并取消隐藏",
            )
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError) as error:
        raise _unreadable(path) from error
    yield from rows


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


def _inspected(path: Path) -> None:
    if path.stat().st_size > LARGEST:
        raise InputRefused(
            f"{path.name} 超过{LARGEST // 1024 // 1024}MB", remedy="请拆分后再导入"
        )
    try:
        with zipfile.ZipFile(path) as parts:
            listed = parts.infolist()
            size = sum(one.file_size for one in listed)
            if size > UNPACKED or len(listed) > PARTS:
                raise InputRefused(
                    f"{path.name} 解开后过大", remedy="请另存为只含数据的表"
                )
            for one in listed:
                with parts.open(one) as content:
                    begins = content.read(4).startswith(_XML)
                    if begins or one.filename.endswith(".xml"):
                        content.seek(0)
                        _Part(path.name).look_through(content)
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        NotImplementedError,  # a compression that zipfile does not know
        RuntimeError,  # a workbook under a password
        OSError,
        EOFError,
    ) as error:
        raise _unreadable(path) from error


class _Part:
    """Looks through one part as it streams by; no part is ever held whole."""

    def __init__(self, name: str) -> None:
        """Begin with nothing seen; ``name`` is the file's."""
        self._name = name
        self._place = ""
        self._hidden = False
        self._columns: list[tuple[int, int]] = []
        self._inside = False
        self._filled = False
        self._cells = 0

    def look_through(self, content: IO[bytes]) -> None:
        """Read a part to its end.

        Raises:
            InputRefused: naming the first cell that is not what it shows.

        """
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.ParseFile(content)

    def _doctype(self, *_: object) -> None:
        raise InputRefused(
            f"{self._name} 含有不安全的内容", remedy="请用表格软件另存后再导入"
        )

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        plain = tag.rpartition(":")[2]
        if plain == "row":
            self._hidden = _is_hidden(given)
        elif plain == "col":
            if _is_hidden(given):
                self._columns.append((_number(given, "min"), _number(given, "max")))
        elif plain == "c":
            self._place = given.get("r", "")
            self._inside, self._filled = True, False
            if given.get("t") == "e":
                raise self._refused("是错误值(如 #REF!)", "请改为数值后再导入")
        elif plain == "f" and self._inside:
            raise self._refused("是公式", "请把公式粘贴为数值后再导入")
        elif plain in {"v", "is"}:
            self._filled = True
        elif plain == "mergeCell":
            self._merged(given.get("ref", ""))

    def _end(self, tag: str) -> None:
        plain = tag.rpartition(":")[2]
        if plain == "row":
            self._hidden = False
        elif plain == "c":
            if self._filled:
                self._held(self._place)
            self._place, self._inside = "", False

    def _held(self, place: str) -> None:
        """Hold a filled cell to the size of a table, and to what is shown."""
        column, row = _where(place)
        self._cells += 1
        if self._cells > CELLS or row > ROWS or column > COLUMNS:
            raise self._refused(
                "太远,表格过大", f"最多{ROWS}行、{COLUMNS}列;请另存为只含数据的表"
            )
        if self._hidden:
            raise self._refused(
                "在隐藏的行里", "请取消隐藏与筛选,核对后再导入;不用的行请删去"
            )
        if any(first <= column <= last for first, last in self._columns):
            raise self._refused(
                "在隐藏的列里", "请取消隐藏,核对后再导入;不用的列请删去"
            )

    def _merged(self, ref: str) -> None:
        """Refuse rows that are merged: whose the figure is, nobody can tell."""
        self._place = ref
        first, _, last = ref.partition(":")
        if last and _where(first)[1] != _where(last)[1]:
            raise self._refused("是跨行合并的单元格", "请取消合并,每行各填各的")
        self._place = ""

    def _refused(self, what: str, remedy: str) -> InputRefused:
        return InputRefused(
            f"{self._name} 的 {showable(self._place)} {what}", remedy=remedy
        )


def _is_hidden(given: dict[str, str]) -> bool:
    """Tell whether a row or column is hidden, as those of no size are, too."""
    return given.get("hidden") in {"1", "true"}


def _number(given: dict[str, str], name: str) -> int:
    """Return a whole number of an element; 0 where it has none that is one."""
    told = given.get(name, "")
    return int(told[:9]) if told.isascii() and told.isdigit() else 0


def _where(place: str) -> tuple[int, int]:
    """Return a cell's column and row, both from 1; (1, 1) where it has no name.

    >>> _where("AB4")
    (28, 4)

    """
    found = _REF.fullmatch(place)
    if found is None:
        return 1, 1
    column = 0
    for letter in found.group(1)[:4]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column, int(found.group(2)[:9])


def _unreadable(path: Path) -> InputRefused:
    return InputRefused(
        f"{path.name} 不是能打开的 xlsx 文件", remedy="请用表格软件另存为 .xlsx 后重试"
    )
