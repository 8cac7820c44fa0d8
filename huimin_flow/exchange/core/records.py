"""Text files from outside: their encoding, their lines and their records.

A file may be packed by gzip. A csv record is defined by RFC 4180: a quoted cell may
contain several lines. A line within quotes is never a separate record. The delimiter
is a comma, or another sign in its place.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, NamedTuple, TextIO

from huimin_flow.catalogue.reasons import FileCode
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.values import value

#: The longest accepted line or record, in characters; real records are much shorter.
LONGEST = 130_000

#: The largest accepted size of a packed file once it is unpacked, in megabytes, and
#: how many times its own size from ``PLAUSIBLE`` megabytes on; a table has about ten.
UNPACKED = 2048
PLAUSIBLE, RATIO = 64, 200

_BLOCK = 1 << 20

_GZIP = b"\x1f\x8b"

#: A mark at a file's beginning → the file's encoding.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: The encodings to try if there is no mark, in this order; before them one of two
#: bytes a sign, if at least one byte in so many is NUL.
_TRIED = ("utf-8", "gb18030")
_WIDE = ("utf-16-le", "utf-16-be")
_WIDE_LEAST = 50


@value
class Encoding:
    """The encoding of a text file; ``digest`` is the hex SHA-256 of its bytes.

    The digest is that of the unpacked bytes. ``cut`` means that the file ends in the
    middle of a character. ``end`` is the end of its lines; None means any end, if no
    carriage return is alone.
    """

    name: str
    digest: str
    cut: bool
    end: str | None = None

    def opened(self, path: Path) -> TextIO:
        """Open a file with this encoding; a cut character is refused later."""
        errors = "replace" if self.cut else "strict"
        return io.TextIOWrapper(
            unpacked(path), encoding=self.name, errors=errors, newline=self.end
        )


class _Unpacked(io.BufferedIOBase):
    """The bytes of a packed file, up to a largest number."""

    def __init__(self, path: Path, most: int) -> None:
        likely = max(PLAUSIBLE, RATIO * path.stat().st_size >> 20)
        self._path, self._most, self._read = path, min(most, likely), 0
        self.packed = path.open("rb")
        self._file = gzip.GzipFile(fileobj=self.packed)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        self.packed.close()
        super().close()

    def read(self, size: int | None = -1) -> bytes:
        wanted = _BLOCK if size is None or size < 0 else size
        parts = []
        while part := self.read1(wanted):
            parts.append(part)
            if size is not None and size >= 0:
                break
        return b"".join(parts)

    def read1(self, size: int = -1) -> bytes:
        try:
            part = self._file.read1(_BLOCK if size < 0 else size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputRefused(FileCode.PACKED_BROKEN, file=self._path.name) from error
        self._read += len(part)
        if self._read > self._most * 1024 * 1024:
            raise InputRefused(
                FileCode.UNPACKS_TOO_LARGE, file=self._path.name, most=self._most
            )
        return part


def unpacked(path: Path, most: int = UNPACKED) -> IO[bytes]:
    """Open a file's bytes, unpacked if gzip packed it; ``most`` is in megabytes.

    While it is read, a packed file is refused if it is broken or unpacks to more.
    """
    with path.open("rb") as file:
        is_packed = file.read(2) == _GZIP
    if is_packed:
        return _Unpacked(path, most)  # type: ignore[return-value]
    return path.open("rb")


def encoding_of(path: Path) -> Encoding:
    """Return the encoding of a file: by its mark, or UTF-8, GB18030, or UTF-16.

    Raises:
        InputRefused: with the first byte that does not fit, for each encoding.

    """
    whole = hashlib.sha256()
    head = b""
    with unpacked(path) as file:
        while block := file.read(_BLOCK):
            head = head or block
            whole.update(block)
    digest = whole.hexdigest()
    marked = [name for mark, name in _MARKS if head.startswith(mark)]
    # two bytes a sign: each sign of ASCII has a NUL on the same side, few others have
    sides = head[1::2].count(0), head[::2].count(0)
    name = _WIDE[sides[1] > sides[0]]
    is_wide = max(sides) * _WIDE_LEAST > len(head) and max(sides) > 4 * min(sides)
    wide = [name] if is_wide else []
    misfits: dict[str, int] = {}
    for name in marked or [*wide, *_TRIED]:
        misfit, cut, end = _scan(path, name)
        if misfit is None:
            return Encoding(name=name, digest=digest, cut=cut, end=end)
        misfits[name] = misfit
    places = [f"{name} {offset + 1}" for name, offset in misfits.items()]
    raise InputRefused(FileCode.ENCODING_UNKNOWN, file=path.name, bytes=places)


def _scan(path: Path, name: str) -> tuple[int | None, bool, str | None]:
    """Read a whole file in one encoding.

    Return the offset of the first byte that does not fit, or None; whether the file
    ends within a character; the end of its lines if a carriage return is alone.
    """
    decoder = codecs.getincrementaldecoder(name)()
    first_end, lone, offset, before = "", False, 0, ""
    with unpacked(path) as file:
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

#: A line within a quoted cell after which the cell continues.
_GOES_ON = re.compile(_INSIDE)

#: The delimiters that are known, the usual one first.
DELIMITERS = (",", "\t", ";", "|")


class _Shapes(NamedTuple):
    """The shapes of lines with one delimiter.

    ``opens`` is a line whose last cell is quoted and continues on the next line. Within
    a quoted cell, a line may ``close`` it, and the record too; or it ends the cell and
    another quoted cell begins that continues (``reopens``). With blanks before the
    quote, only some programs treat a cell as quoted.
    """

    whole: re.Pattern[str]
    opens: re.Pattern[str]
    closes: re.Pattern[str]
    reopens: re.Pattern[str]


@cache
def _shapes(delimiter: str) -> _Shapes:
    sign = re.escape(delimiter)
    cell = rf'(?:"{_INSIDE}"|[^"{sign}\r\n]*+)'
    blank = "[ ]" if delimiter == "\t" else r"[ \t]"
    begins = rf'{blank}*+"{_INSIDE}'
    return _Shapes(
        whole=re.compile(rf"{cell}(?:{sign}{cell})*+\n?"),
        opens=re.compile(rf"(?:{cell}{sign})*+{begins}"),
        closes=re.compile(rf'{_INSIDE}"(?:{sign}{cell})*+\n?'),
        reopens=re.compile(rf'{_INSIDE}"(?:{sign}{cell}(?={sign}))*+{sign}{begins}'),
    )


#: A record: the number of its first line, its text, and 0. Or a line within quotes
#: without an end: its number, its text, and the number of the line with the quote.
Record = tuple[int, str, int]


def records(
    lines: Iterable[str], first: int = 1, *, delimiter: str = ","
) -> Iterator[Record]:
    """Yield the csv records in lines; ``first`` is the number of the first line.

    After a quote without an end, records and the text of a cell look the same. So
    each line from there on is yielded alone, with the number of the quote's line.
    """
    numbered = enumerate(lines, first)
    shapes = _shapes(delimiter)
    opens = shapes.opens.fullmatch
    for number, line in numbered:
        # a line that ends within quotes has an odd number of quotes
        odd = '"' in line and line.count('"') % 2
        if odd and (too_long(line) or opens(line)):
            yield from _multiline(number, line, numbered, shapes)
        else:
            yield number, line, 0


def _multiline(
    opened: int, line: str, numbered: Iterator[tuple[int, str]], shapes: _Shapes
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
        elif shapes.closes.fullmatch(following):
            if buffer:
                yield opened, "".join(text for _, text in buffer), 0
            return
        elif not (_GOES_ON.fullmatch(following) or shapes.reopens.fullmatch(following)):
            break  # a quote that neither ends a cell nor is doubled
    yield from ((at, text, opened) for at, text in buffer)
    yield from ((at, text, opened) for at, text in numbered)


def fields_of(record: str, delimiter: str = ",") -> list[str]:
    r"""Return the fields of one record of csv.

    >>> fields_of('T1,"a,b","c\nd"\n')
    ['T1', 'a,b', 'c\nd']

    Raises:
        csv.Error: for a quote that is not around a field, and for a line end outside
            quotes.

    """
    if not _shapes(delimiter).whole.fullmatch(record):
        message = "a quote within a field"
        raise csv.Error(message)
    return next(csv.reader([record], strict=True, delimiter=delimiter), [])


def record_of(fields: Iterable[str]) -> str:
    r"""Return fields as one record with commas, each line end a line feed.

    >>> record_of(["T1", "a,b", "c\r\nd"])
    'T1,"a,b","c\nd"\n'

    """
    cells = [
        field.replace("\r\n", "\n").replace("\r", "\n") if "\r" in field else field
        for field in fields
    ]
    if len(cells) == 1 and not cells[0]:
        return "\n"
    return (
        ",".join(
            '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell
            for cell in cells
        )
        + "\n"
    )


def plain_rows(texts: Sequence[str], width: int) -> list[list[str]] | None:
    """Return the fields of whole records with commas, all at once.

    It returns None if a record is too long, has another number of fields, a return or
    a mark of ``cells.marked``, or is none.
    """
    whole = "".join(texts)
    if (
        "'" in whole
        or "\r" in whole
        or max(map(len, texts)) > LONGEST
        or not all(text.endswith("\n") for text in texts)
    ):
        return None
    if '"' not in whole:
        rows = [text[:-1].split(",") for text in texts]
    elif all(map(_shapes(",").whole.fullmatch, texts)):
        rows = list(csv.reader(texts, strict=True))
    else:
        return None
    return rows if set(map(len, rows)) == {width} else None


_QUOTED = re.compile('[",\n]')


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
