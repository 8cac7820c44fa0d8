"""Workbooks from outside: read as values, with care for what they may hide."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from huimin_flow.errors import InputRefused

#: The largest workbook taken, in bytes as it lies, and unpacked.
LARGEST = 20 * 1024 * 1024
UNPACKED = 200 * 1024 * 1024

_FORMULA = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"
_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c"


def first_sheet(path: Path) -> Iterator[list[Any]]:
    """Yield the rows of a workbook's first sheet, blank rows included.

    Raises:
        InputRefused: for what is no workbook, is too large, or holds formulas,
            whose shown result another program may have left out, or errors,
            which would be read as blank.

    """
    _inspected(path)
    from python_calamine import CalamineError, load_workbook  # noqa: PLC0415 - heavy

    try:
        book = load_workbook(path)
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
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
            if sum(one.file_size for one in parts.infolist()) > UNPACKED:
                raise InputRefused(
                    f"{path.name} 解开后过大", remedy="请另存为只含数据的表"
                )
            names = [one for one in parts.namelist() if "worksheets/" in one]
            for name in names:
                if name.endswith(".xml"):
                    _without_surprises(parts.read(name), path.name)
    except (zipfile.BadZipFile, ET.ParseError, OSError) as error:
        raise _unreadable(path) from error


def _without_surprises(content: bytes, name: str) -> None:
    if b"<!DOCTYPE" in content:
        raise InputRefused(
            f"{name} 含有不安全的内容", remedy="请用表格软件另存后再导入"
        )
    for cell in ET.fromstring(content).iter(_CELL):  # noqa: S314 - no DTD
        place = cell.get("r", "")
        if cell.find(_FORMULA) is not None:
            raise InputRefused(
                f"{name} 的 {place} 是公式", remedy="请把公式粘贴为数值后再导入"
            )
        if cell.get("t") == "e":
            raise InputRefused(
                f"{name} 的 {place} 是错误值(如 #REF!)", remedy="请改为数值后再导入"
            )


def _unreadable(path: Path) -> InputRefused:
    return InputRefused(
        f"{path.name} 不是能打开的 xlsx 文件", remedy="请用表格软件另存为 .xlsx 后重试"
    )
