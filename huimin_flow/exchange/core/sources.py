"""Tables of rows from outside, whatever file they come in: one reader for all rooms.

A table is csv, jsonl, xlsx or xls, each also packed by gzip. The content says which,
not the file's name. Titles may stand above the header, and the header may have two
rows; totals and notes below are no rows of the table.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Container, Generator, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice, tee
from pathlib import Path
from typing import Any

from huimin_flow.catalogue.reasons import FileCode
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import marked, text_of, unmarked
from huimin_flow.exchange.core.parts import EXACT, Sheet
from huimin_flow.exchange.core.records import (
    DELIMITERS,
    LONGEST,
    Encoding,
    Record,
    bounded,
    encoding_of,
    fields_of,
    record_of,
    records,
    too_long,
    unpacked,
)
from huimin_flow.exchange.core.workbooks import LARGEST, old_sheet, sheet_in
from huimin_flow.model.core.texts import showable

#: The ends of names of tables; each may be followed by ``PACKED``.
TABLES = (".csv", ".xlsx", ".xls", ".txt", ".tsv")
ROWS = (*TABLES, ".jsonl", ".ndjson")
PACKED = ".gz"

#: How many rows of a table may stand above its data.
HEAD = 20

#: The beginnings of workbooks, new and old, and of pages that are named as one.
_NEW, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|meta|\?xml)", re.IGNORECASE
)

#: What a name of a column does not need: invisible signs, blanks, a star, a colon.
_BESIDE = re.compile("[\\s*:\u00ad\u200b-\u200f\u2060\ufeff]+")
_BRACKETS = re.compile(r"\(.*\)")

#: The words of rows with totals, and of notes below a table.
TOTALS = frozenset({"合计", "总计", "小计", "共计", "累计", "本页合计", "本页小计"})
NOTES = re.compile(
    "注[:0-9一二三]|(?:备注|说明|填表|制表|审核|统计时间|导出时间|导出人|打印|数据来源"
    "|以上数据|共计|合计|总计|第[0-9]+页)|共[0-9]+[条行件页]"
)


def heading(cell: Any) -> str:
    r"""Return the name of a column without what does not matter in it.

    >>> heading(" \uff37ho* "), heading("来电\n时间:")
    ('who', '来电时间')

    """
    return _BESIDE.sub("", unicodedata.normalize("NFKC", text_of(cell))).lower()


def kind_of(path: Path, kinds: Sequence[str] = ROWS) -> str:
    """Return the kind of a file: ``csv``, ``jsonl``, ``xlsx`` or ``xls``.

    Its content decides, if its name ends as one of ``kinds``.

    Raises:
        InputRefused: if the file is missing or has another kind.

    """
    if not path.is_file():
        code = FileCode.IS_FOLDER if path.is_dir() else FileCode.MISSING
        raise InputRefused(code, path=showable(str(path)))
    name = path.name.lower().removesuffix(PACKED)
    end = next((end for end in kinds if name.endswith(end)), "")
    if not end:
        raise InputRefused(FileCode.KIND_UNKNOWN, file=showable(path.name), kinds=kinds)
    with unpacked(path) as file:
        head = file.read(512)
    if head.startswith(_NEW):
        return "xlsx"
    if head.startswith(_OLD):
        return "xls"
    if _PAGE.match(head):
        raise InputRefused(FileCode.BOOK_IS_PAGE, file=showable(path.name))
    if end == ".xlsx":
        raise InputRefused(FileCode.BOOK_UNREADABLE, file=path.name)
    is_lines = end in {".jsonl", ".ndjson"} or _OBJECT.match(head)
    return "jsonl" if is_lines else "csv"


def sheet_of(path: Path) -> Sheet:
    """Return the rows of a table, a workbook or csv; the first is row 1.

    Raises:
        InputRefused: for a file that can't be read, or is cut.

    """
    kind = kind_of(path, TABLES)
    if kind == "csv":
        if path.stat().st_size > LARGEST * 1024 * 1024:
            raise InputRefused(FileCode.TABLE_TOO_LARGE, file=path.name, most=LARGEST)
        encoding = encoding_of(path)
        delimiter = _delimiter(_beginning(path, encoding), ())
        return Sheet(rows=list(_rows(path, encoding, delimiter)))
    return sheet_in(path) if kind == "xlsx" else old_sheet(path)


def _rows(path: Path, encoding: Encoding, delimiter: str) -> Iterator[list[Any]]:
    """Yield the rows of a csv file; a last line without an end may be incomplete."""
    with encoding.opened(path) as file:
        lines = bounded(file, encoding.end)
        for line, record, opened in records(lines, delimiter=delimiter):
            if not record.endswith("\n"):
                raise InputRefused(FileCode.TABLE_CUT, file=path.name, line=line)
            try:
                whole = not opened and not too_long(record)
                fields = fields_of(record, delimiter) if whole else None
            except csv.Error:
                fields = None
            if fields is None:
                code = FileCode.TABLE_QUOTES
                raise InputRefused(code, file=path.name, line=opened or line)
            yield fields


class Source:
    """A file of rows, which can be read again and again.

    ``kind`` is ``csv``, ``jsonl``, ``xlsx`` or ``xls``; ``encoding`` that of its text,
    None for a workbook; ``digest`` the hex SHA-256 of its unpacked bytes. ``head``
    are the names of the columns as they are written, () for jsonl; they end on line
    ``line``. ``sheet`` is the sheet of a workbook that is read, the first one with a
    known name; ``others`` are those that are seen, have content and are not read.
    """

    def __init__(self, path: Path, known: Container[str] = ()) -> None:
        """Open a file; ``known`` are the names of columns, as ``heading`` gives them.

        Raises:
            InputRefused: if the file is missing, has another kind or an unknown
                encoding, or is no workbook that can be read.

        """
        self.path = path
        self.kind = kind_of(path)
        self.encoding: Encoding | None = None
        self.delimiter = ","
        self.head: tuple[str, ...] = ()
        self.line = 0
        self.sheet = ""
        self.others: tuple[str, ...] = ()
        self._rows_above = 0
        self._sheet = Sheet()
        self._file: Any = None
        self._size = max(path.stat().st_size, 1)
        self._done = 0.0
        if self.kind in {"csv", "jsonl"}:
            self.encoding = encoding_of(path)
            self.digest = self.encoding.digest
            if self.kind == "csv":
                self._find_head(known)
            return
        reader = sheet_in if self.kind == "xlsx" else old_sheet
        self._sheet = reader(path)
        above, names = self._sheet_head(known)
        for other in self._sheet.others:  # the first one may be a cover
            if any(_is_known(heading(name), known) for name in names):
                break
            self._sheet = reader(path, other)
            above, names = self._sheet_head(known)
        self.digest, self.sheet = self._sheet.digest, self._sheet.name
        self.others = self._sheet.others
        self._sheet.refuse_merged(path.name, above)
        self.head, self._rows_above, self.line = tuple(names), above, above

    def _sheet_head(self, known: Container[str]) -> tuple[int, list[str]]:
        texts = [list(map(text_of, row)) for row in self._sheet.rows[:HEAD]]
        return head_of(texts, known)

    @property
    def done(self) -> float:
        """Return the share of the file that was read so far, from 0 to 1."""
        if self._file is None:
            return self._done
        packed = getattr(self._file.buffer, "packed", self._file.buffer)
        return min(1.0, float(packed.tell()) / self._size)

    @property
    def reading(self) -> dict[str, Any]:
        """Return how the file is read: what a door says of it."""
        return {
            "kind": self.kind,
            "encoding": self.encoding.name if self.encoding else None,
            "delimiter": self.delimiter if self.kind == "csv" else None,
            "header": self.line,
            "sheet": self.sheet or None,
            "other_sheets": list(self.others),
        }

    def records(self) -> Generator[Record]:
        """Yield what comes after the header, each row as one record with commas.

        Of a jsonl file it yields the lines.
        """
        self._done = 0.0
        if self.encoding is None:
            rows = self._sheet.rows
            covered = self._sheet.covered
            for number, row in enumerate(
                rows[self._rows_above :], self._rows_above + 1
            ):
                self._done = number / len(rows)
                shown = [
                    "" if (number, place) in covered else _shown(cell)
                    for place, cell in enumerate(row, 1)
                ]
                yield number, record_of(shown), 0
            return
        with self.encoding.opened(self.path) as self._file:
            lines = bounded(self._file, self.encoding.end)
            if self.kind == "jsonl":
                for number, line in enumerate(lines, 1):
                    yield number, line, 0
            else:
                delimiter = self.delimiter
                found = records(lines, delimiter=delimiter)
                found = islice(found, self._rows_above, None)
                yield from found if delimiter == "," else map(self._rewritten, found)
        self._file, self._done = None, 1.0

    def is_aside(self, record: str) -> bool:
        """Tell whether a row that is no record is a total, a note or the header."""
        try:
            fields = fields_of(record)
        except csv.Error:
            return False
        first = next(filter(str.strip, fields), "")
        cells = [cell for field in fields if (cell := heading(field))]
        if tuple(cells) == tuple(filter(None, map(heading, self.head))):
            return True
        if not TOTALS.isdisjoint(cells[:2]):
            return True
        few = len(cells) <= max(2, len(self.head) // 4)
        note = "".join(unicodedata.normalize("NFKC", first).split())
        return few and NOTES.match(note) is not None

    def _rewritten(self, record: Record) -> Record:
        """Return a record with commas in place of the file's delimiter."""
        number, text, opened = record
        if opened or too_long(text) or not text.endswith("\n"):
            return record
        try:
            return number, record_of(fields_of(text, self.delimiter)), 0
        except csv.Error:
            return number, '"' + text, 0  # no record in any reading

    def _find_head(self, known: Container[str]) -> None:
        """Find the delimiter and the header of a csv file."""
        encoding = self.encoding
        if encoding is None:
            return
        first, again = tee(_beginning(self.path, encoding))
        self.delimiter = _delimiter(first, known)
        found = list(_above(again, self.delimiter))
        rows = [fields for _, fields in found]
        taken, names = head_of(rows, known)
        if any(fields is None for fields in rows[:taken]):
            raise InputRefused(
                FileCode.HEAD_UNREADABLE, file=self.path.name, longest=LONGEST
            )
        self.head, self._rows_above = tuple(map(unmarked, names)), taken
        self.line = found[taken - 1][0] if taken else 0


def head_of(
    rows: Sequence[list[str] | None], known: Container[str]
) -> tuple[int, list[str]]:
    """Return how many rows the header and what is above it take, and its names.

    The header is the row with most of the known names, or two rows that share them,
    or else the first row that is not blank. None is a row that cannot be read.

    >>> head_of([["台账", ""], ["来电", ""], ["电话", "姓名"]], {"电话", "姓名"})
    (3, ['电话', '姓名'])

    """
    plain = [row or [] for row in rows]
    names = [[heading(cell) for cell in row] for row in plain]
    counts = [len({name for name in row if _is_known(name, known)}) for row in names]
    best, taken = 0, 0
    joined: list[str] = []
    for place, row in enumerate(plain):
        if counts[place] > best:
            best, taken, joined = counts[place], place + 1, list(row)
        if place and counts[place - 1] and counts[place]:
            upper, lower = names[place - 1], names[place]
            both = [
                below if _is_known(low, known) else above
                for above, below, low in zip(plain[place - 1], row, lower, strict=False)
            ]
            clash = any(
                _is_known(high, known) and low and low != high
                for high, low in zip(upper, lower, strict=False)
            )
            share = {heading(cell) for cell in both}
            if not clash and sum(_is_known(name, known) for name in share) > best:
                best = sum(_is_known(name, known) for name in share)
                taken, joined = place + 1, both
    if not best:
        for place, row in enumerate(plain):
            if any(map(str.strip, row)):
                return place + 1, row
        return len(plain), []
    return taken, joined


def _is_known(name: str, known: Container[str]) -> bool:
    return bool(name) and (name in known or _BRACKETS.sub("", name) in known)


def column_of(cell: str, known: Container[str]) -> str:
    """Return the known name of a column, with or without its brackets; else "".

    >>> column_of("联系电话(必填)", {"联系电话"}), column_of("备注", {"联系电话"})
    ('联系电话', '')

    """
    name = heading(cell)
    if name in known:
        return name
    short = _BRACKETS.sub("", name)
    return short if short in known else ""


def _beginning(path: Path, encoding: Encoding) -> Iterator[str]:
    """Return the lines at the beginning of a csv file, which have its first rows."""
    with encoding.opened(path) as file:
        beginning = io.StringIO(file.read(HEAD * LONGEST), newline=encoding.end)
    return bounded(beginning, encoding.end)


def _above(
    beginning: Iterator[str], delimiter: str
) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the first rows of a csv file with their lines; None can't be read."""
    found = records(beginning, delimiter=delimiter)
    for line, text, opened in islice(found, HEAD):
        fields = None
        if not opened and not too_long(text):
            try:
                fields = fields_of(text, delimiter)
            except csv.Error:
                fields = text.rstrip("\n").split(delimiter)
        yield line, fields


def _delimiter(beginning: Iterator[str], known: Container[str]) -> str:
    """Return the delimiter that makes most known names, or else most columns."""
    scores = []
    alike = tee(beginning, len(DELIMITERS))
    for delimiter, lines in zip(DELIMITERS, alike, strict=True):
        rows = [fields or [] for _, fields in _above(lines, delimiter)]
        names = max(
            (sum(_is_known(heading(cell), known) for cell in row) for row in rows),
            default=0,
        )
        widths = sorted(map(len, rows))
        usual = widths[len(widths) // 2] if widths else 0
        scores.append((names, usual))
    return DELIMITERS[scores.index(max(scores))]


def _shown(cell: Any) -> str:
    """Return the text of a workbook's cell, as a spreadsheet shows it."""
    if isinstance(cell, str):
        return marked(cell)
    if isinstance(cell, float) and abs(cell) >= EXACT:
        return f"{cell:.5E}"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return text_of(cell)
