"""Workbooks from outside: their values, with checks for hidden content.

Only what a reader sees is accepted. A cell that shows nothing, or another figure than
it contains, is refused. Of an old workbook (xls) only the shown values are read.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from huimin_flow.catalogue.reasons import FileCode
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.parts import (
    BOOK,
    CELLS,
    COLUMNS,
    LINKS,
    ROWS,
    Book,
    Sheet,
    cell_name,
)
from huimin_flow.exchange.core.records import unpacked
from huimin_flow.model.core.texts import showable

#: The largest accepted workbook, in megabytes, as a file and unpacked.
LARGEST = 20
UNPACKED = 50
PARTS = 1000

#: The name of the part of a file that holds a workbook with a password.
_LOCKED = "EncryptedPackage".encode("utf-16-le")

#: How an XML part may begin, whatever its name is.
_XML = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")


def sheet_in(path: Path, wanted: str = "") -> Sheet:
    """Return a sheet of a workbook, blank rows included; by default the first one.

    Raises:
        InputRefused: for a file that is no workbook, is too large, or contains
            something else than it shows: formulas, whose shown result another
            program may have left out; errors, which would be read as blank;
            hidden rows and columns; a hidden sheet.

    """
    return _loaded(path, _inspect, wanted)


def old_sheet(path: Path, wanted: str = "") -> Sheet:
    """Return a sheet of an old workbook (xls), blank rows included.

    It is the first one by default. Its numbers come without their formats.

    Raises:
        InputRefused: for a file that is no workbook or is too large, and for a
            hidden sheet.

    """
    sheet = _loaded(path, lambda _, __, ___: Sheet(), wanted)
    width = max(map(len, sheet.rows), default=0)
    if len(sheet.rows) > ROWS or width > COLUMNS or len(sheet.rows) * width > CELLS:
        place = cell_name(len(sheet.rows), max(width, 1) - 1)
        raise InputRefused(
            FileCode.CELL_FAR, file=path.name, cell=place, rows=ROWS, columns=COLUMNS
        )
    return sheet


def _content(path: Path) -> bytes:
    """Return a workbook's bytes, up to the largest size."""
    most = LARGEST * 1024 * 1024
    with unpacked(path) as file:
        parts, size = [], 0
        while size <= most and (part := file.read(1 << 20)):
            parts.append(part)
            size += len(part)
    if size > most:
        raise InputRefused(FileCode.TABLE_TOO_LARGE, file=path.name, most=LARGEST)
    return b"".join(parts)


def _loaded(
    path: Path, inspect: Callable[[Path, bytes, str], Sheet], wanted: str
) -> Sheet:
    """Return a sheet of a workbook with its rows."""
    from python_calamine import (  # noqa: PLC0415 - heavy
        CalamineError,
        PasswordError,
        SheetVisibleEnum,
        load_workbook,
    )

    content = _content(path)
    sheet = inspect(path, content, wanted)
    sheet.digest = hashlib.sha256(content).hexdigest()
    seen = SheetVisibleEnum.Visible  # compared by value: may be a new object
    try:
        book = load_workbook(io.BytesIO(content))
        names = [each.name for each in book.sheets_metadata]
        place = names.index(wanted) if wanted in names else 0
        if book.sheets_metadata[place].visible != seen:
            raise InputRefused(
                FileCode.SHEET_HIDDEN, file=path.name, sheet=showable(names[place])
            )
        sheet.rows = book.get_sheet_by_index(place).to_python(skip_empty_area=False)
        if not sheet.name:
            sheet.name = names[place]
            sheet.others = tuple(
                each.name
                for at, each in enumerate(book.sheets_metadata)
                if at != place
                and each.visible == seen
                and book.get_sheet_by_index(at).height
            )
    except (CalamineError, OSError, IndexError) as error:
        if isinstance(error, PasswordError) or _LOCKED in content:
            raise InputRefused(FileCode.BOOK_LOCKED, file=path.name) from error
        raise _unreadable(path) from error
    return sheet


def _inspect(path: Path, content: bytes, wanted: str) -> Sheet:
    """Check every part of a workbook; return what a sheet shows."""
    book = Book(path.name, wanted)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            listed = parts.infolist()
            size = sum(part.file_size for part in listed)
            if len({part.filename.lower() for part in listed}) < len(listed):
                raise _unreadable(path)  # it is unknown which one a program reads
            if size > UNPACKED * 1024 * 1024 or len(listed) > PARTS:
                raise InputRefused(
                    FileCode.BOOK_UNPACKS_TOO_LARGE, file=path.name, most=UNPACKED
                )

            def order(part: zipfile.ZipInfo) -> int:
                """Sort the list of sheets first, then formats, then the sheets."""
                name = part.filename.lower()
                first = (BOOK, LINKS)
                return first.index(name) if name in first else 3 - ("styles" in name)

            for part in sorted(listed, key=order):
                with parts.open(part) as file:
                    begins = file.read(4).startswith(_XML)
                    if begins or part.filename.endswith((".xml", ".rels")):
                        file.seek(0)
                        book.look_through(part.filename, file)
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        NotImplementedError,  # a compression that zipfile does not know
        ValueError,  # a place before the beginning
        RuntimeError,  # a workbook with a password
        OSError,
        EOFError,
    ) as error:
        raise _unreadable(path) from error
    if not book.first_seen:
        raise _unreadable(path)
    return book.first


def _unreadable(path: Path) -> InputRefused:
    return InputRefused(FileCode.BOOK_UNREADABLE, file=path.name)
