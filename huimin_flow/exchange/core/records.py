"""Text files from outside: their encoding, their lines and their records.

A csv record is defined by RFC 4180: a quoted cell may contain several lines. A line
within quotes is never a separate record.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from huimin_flow.catalogue.reasons import FileCode
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.workbooks import LARGEST, Sheet, first_sheet
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import value

#: The longest accepted line or record, in characters; real records are much shorter.
LONGEST = 130_000

_BLOCK = 1 << 20

#: A mark at a file's beginning → the file's encoding.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: The encodings to try if there is no mark, in this order.
_TRIED = ("utf-8", "gb18030")


@value
class Encoding:
    """The encoding of a text file; ``digest`` is the hex SHA-256 of its bytes.

    ``cut`` means that the file ends in the middle of a character. ``end`` is the end
    of its lines; None means any end, if no carriage return is alone.
    """

    name: str
    digest: str
    cut: bool
    end: str | None = None

    def opened(self, path: Path) -> TextIO:
        """Open a file with this encoding; a cut character is refused later."""
        errors = "replace" if self.cut else "strict"
        return path.open(encoding=self.name, errors=errors, newline=self.end)


def encoding_of(path: Path) -> Encoding:
    """Return the encoding of a file: by its mark, or UTF-8, or GB18030.

    Raises:
        InputRefused: with the first byte that does not fit, for each encoding.

    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        head = file.read(4)
    marked = [name for mark, name in _MARKS if head.startswith(mark)]
    misfits: dict[str, int] = {}
    for name in marked or _TRIED:
        misfit, cut, end = _scan(path, name)
        if misfit is None:
            return Encoding(name=name, digest=digest, cut=cut, end=end)
        misfits[name] = misfit
    places = [f"{name} {offset + 1}" for name, offset in misfits.items()]
    raise InputRefused(FileCode.ENCODING_UNKNOWN, file=path.name, bytes=places)


def kind_of(path: Path, kinds: Sequence[str]) -> str:
    """Return a file's kind: its suffix, which must be one of ``kinds``.

    Raises:
        InputRefused: if the file is missing or has another kind.

    """
    if not path.is_file():
        code = FileCode.IS_FOLDER if path.is_dir() else FileCode.MISSING
        raise InputRefused(code, path=showable(str(path)))
    kind = path.suffix.lower()
    if kind not in kinds:
        raise InputRefused(FileCode.KIND_UNKNOWN, file=showable(path.name), kinds=kinds)
    return kind


def _scan(path: Path, name: str) -> tuple[int | None, bool, str | None]:
    """Read a whole file in one encoding.

    Return the offset of the first byte that does not fit, or None; whether the file
    ends within a character; the end of its lines if a carriage return is alone.
    """
    decoder = codecs.getincrementaldecoder(name)()
    first_end, lone, offset, before = "", False, 0, ""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            waiting = len(decoder.getstate()[0])
            try:
                text = before + decoder.decode(block)
            except UnicodeDecodeError as error:
                return offset - waiting + error.start, False, None
            offset += len(block)
            # a return at the end of a block may be the first half of "\r\n"
            before = "\r" if text.endswith("\r") else ""
            text = text.removesuffix("\r")
            lone = lone or _LONE_RETURN.search(text) is not None
            if not first_end and (ended := _END.search(text)):
                first_end = ended.group()
    end = "\n" if (first_end or before).endswith("\n") else "\r"
    return None, bool(decoder.getstate()[0]), end if lone or before else None


_LONE_RETURN = re.compile(r"\r(?!\n)")
_END = re.compile(r"\r\n|\n|\r")


def bounded(file: TextIO, end: str | None) -> Iterator[str]:
    """Yield a file's lines, each with a line feed at its end, up to a largest length.

    For a longer line its beginning is yielded; ``too_long`` recognizes it. If the
    rest has an odd number of quotes, a quote is added, so that counting quotes still
    shows whether the line ends within quotes.
    """
    room = LONGEST + 1
    ended = end or "\n"
    while line := file.readline(room):
        rest = line
        odd = False
        while len(rest) == room and not rest.endswith(ended):
            rest = file.readline(room)
            odd ^= rest.count('"') % 2 == 1
        if odd:
            line += '"'
        if end is not None and line.endswith(ended):
            # another kind of line end within the line becomes a return
            inner = line[:-1].removesuffix("\r").replace("\n", "\r")
            line = f"{inner}\n"
        yield line


def too_long(text: str) -> bool:
    """Tell whether a line or record exceeds the limit, so that it is incomplete."""
    return len(text) > LONGEST


# ---- csv ----

_INSIDE = r'[^"]*+(?:""[^"]*+)*+'
_FIELD = rf'(?:"{_INSIDE}"|[^",\r\n]*+)'
_WHOLE = re.compile(rf"{_FIELD}(?:,{_FIELD})*+\n?")

#: A line whose last cell is quoted and continues on the next line. With blanks before
#: the quote, only some programs treat the cell as quoted.
_BEGINS = rf'[ \t]*+"{_INSIDE}'
_OPENS = re.compile(rf"(?:{_FIELD},)*+{_BEGINS}")

#: A line within a quoted cell: the cell continues; or it ends, and the record too;
#: or it ends, and another quoted cell begins that continues.
_GOES_ON = re.compile(_INSIDE)
_CLOSES = re.compile(rf'{_INSIDE}"(?:,{_FIELD})*+\n?')
_REOPENS = re.compile(rf'{_INSIDE}"(?:,{_FIELD}(?=,))*+,{_BEGINS}')

#: A record: the number of its first line, its text, and 0. Or a line within quotes
#: without an end: its number, its text, and the number of the line with the quote.
Record = tuple[int, str, int]


def records(lines: Iterable[str], first: int = 1) -> Iterator[Record]:
    """Yield the csv records in lines; ``first`` is the number of the first line.

    After a quote without an end, records and the text of a cell look the same. So
    each line from there on is yielded alone, with the number of the quote's line.
    """
    numbered = enumerate(lines, first)
    for number, line in numbered:
        # a line that ends within quotes has an odd number of quotes
        odd = '"' in line and line.count('"') % 2
        if odd and (too_long(line) or _OPENS.fullmatch(line)):
            yield from _multiline(number, line, numbered)
        else:
            yield number, line, 0


def _multiline(
    opened: int, line: str, numbered: Iterator[tuple[int, str]]
) -> Iterator[Record]:
    """Yield the record that begins on a line, or each line that may belong to it."""
    buffer, size = [(opened, line)], len(line)
    for number, following in numbered:
        size += len(following)
        buffer.append((number, following))
        if size > LONGEST:  # too long for one record: yield its lines one by one
            yield from ((at, text, opened) for at, text in buffer)
            buffer = []
        if too_long(following):
            if following.count('"') % 2:
                return
        elif _CLOSES.fullmatch(following):
            if buffer:
                yield opened, "".join(text for _, text in buffer), 0
            return
        elif not _GOES_ON.fullmatch(following) and not _REOPENS.fullmatch(following):
            break  # a quote that neither ends a cell nor is doubled
    yield from ((at, text, opened) for at, text in buffer)
    yield from ((at, text, opened) for at, text in numbered)


def fields_of(record: str) -> list[str]:
    r"""Return the fields of one record of csv.

    >>> fields_of('T1,"a,b","c\nd"\n')
    ['T1', 'a,b', 'c\nd']

    Raises:
        csv.Error: for a quote that is not around a field, and for a line end outside
            quotes.

    """
    if not _WHOLE.fullmatch(record):
        message = "a quote within a field"
        raise csv.Error(message)
    return next(csv.reader([record], strict=True), [])


# ---- tables ----


def sheet_of(path: Path) -> Sheet:
    """Return the rows of a file, .xlsx or .csv; the first is row 1.

    Raises:
        InputRefused: for a file that can't be read, or is cut.

    """
    kind = kind_of(path, (".xlsx", ".csv"))
    if path.stat().st_size > LARGEST * 1024 * 1024:
        raise InputRefused(FileCode.TABLE_TOO_LARGE, file=path.name, most=LARGEST)
    return first_sheet(path) if kind == ".xlsx" else Sheet(rows=list(_rows(path)))


def _rows(path: Path) -> Iterator[list[Any]]:
    """Yield the rows of a csv file; a last line without an end may be incomplete."""
    encoding = encoding_of(path)
    with encoding.opened(path) as file:
        for line, record, opened in records(bounded(file, encoding.end)):
            if not record.endswith("\n"):
                raise InputRefused(FileCode.TABLE_CUT, file=path.name, line=line)
            try:
                whole = not opened and not too_long(record)
                fields = fields_of(record) if whole else None
            except csv.Error:
                fields = None
            if fields is None:
                code = FileCode.TABLE_QUOTES
                raise InputRefused(code, file=path.name, line=opened or line)
            yield fields


# ---- jsonl ----


def repeated(line: str, plain: Mapping[str, Any]) -> str | None:
    """Return a key that occurs more than once in the object of a line, or None.

    ``plain`` is the parsed line, with the last value of each key. Each key and text
    has two quotes. If the line has no more quotes than these, no key was dropped, and
    the line isn't parsed again.

    >>> repeated('{"a": "1", "b": 2}', {"a": "1", "b": 2})
    >>> repeated('{"a": "1", "a": "2"}', {"a": "2"})
    'a'

    """
    texts = list(map(type, plain.values())).count(str)
    if line.count('"') == 2 * (len(plain) + texts):
        return None
    pairs: list[tuple[str, Any]] = json.loads(line, object_pairs_hook=list)
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return key
        seen.add(key)
    return None
