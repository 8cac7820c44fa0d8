"""Text files from outside: in which characters they are, and in which records.

A record of csv is what RFC 4180 calls one: a quoted cell may hold several lines. A
line within quotes is never a record of its own, whatever it looks like.
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
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import value

#: The longest line and the longest record taken, in characters; no record of ours
#: comes near it.
LONGEST = 130_000

_BLOCK = 1 << 20

#: A mark at a file's beginning → the file's encoding.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: What is tried where no mark shows the encoding, in this order.
_TRIED = ("utf-8", "gb18030")


@value
class Encoding:
    """How a text file is encoded; ``digest`` is the hex SHA-256 of its bytes.

    ``cut`` says that it ends in the middle of a character. ``end`` is the mark that
    ends its lines; None stands for any, where no carriage return stands alone.
    """

    name: str
    digest: str
    cut: bool
    end: str | None = None

    def opened(self, path: Path) -> TextIO:
        """Open a file that is encoded so; a cut end is bridged, and refused later."""
        errors = "replace" if self.cut else "strict"
        return path.open(encoding=self.name, errors=errors, newline=self.end)


def encoding_of(path: Path) -> Encoding:
    """Return how a file is encoded: by its mark, as UTF-8, or as GB18030.

    Raises:
        InputRefused: naming the first byte that fits none of them.

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
        InputRefused: for a file that is missing or of another kind.

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

    Returns the offset of the first byte that does not fit, or None; whether the file
    ends within a character; the end of its lines where a return stands alone.
    """
    decoder = codecs.getincrementaldecoder(name)()
    first_end, lone, done, before = "", False, 0, ""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            waiting = len(decoder.getstate()[0])
            try:
                text = before + decoder.decode(block)
            except UnicodeDecodeError as error:
                return done - waiting + error.start, False, None
            done += len(block)
            # a return at the end of a block may be the half of an end
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
    """Yield a file's lines, each ended by a line feed, none longer than may be.

    Of a longer line comes its beginning, which shows by its length that it is too
    long. A quote is added where the rest has an odd number of them: whether the line
    ends within quotes can still be counted.
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
            # another end within the line becomes a return
            inner = line[:-1].removesuffix("\r").replace("\n", "\r")
            line = f"{inner}\n"
        yield line


def too_long(text: str) -> bool:
    """Tell whether a line or record is longer than may be, and so only begun."""
    return len(text) > LONGEST


# ---- csv ----

_INSIDE = r'[^"]*+(?:""[^"]*+)*+'
_FIELD = rf'(?:"{_INSIDE}"|[^",\r\n]*+)'
_WHOLE = re.compile(rf"{_FIELD}(?:,{_FIELD})*+\n?")

#: A line whose last cell is quoted and goes on on the next; blanks before the quote
#: make it a cell that only some programs take for a quoted one.
_BEGINS = rf'[ \t]*+"{_INSIDE}'
_OPENS = re.compile(rf"(?:{_FIELD},)*+{_BEGINS}")

#: A line within a quoted cell: the cell goes on; it ends, and the record with it;
#: it ends, and another one begins that goes on.
_GOES_ON = re.compile(_INSIDE)
_CLOSES = re.compile(rf'{_INSIDE}"(?:,{_FIELD})*+\n?')
_REOPENS = re.compile(rf'{_INSIDE}"(?:,{_FIELD})*+,{_BEGINS}')

#: A record: the number of its first line, its text, and 0; or a line that stands in
#: quotes that have no end, and the number of the line on which they begin.
Record = tuple[int, str, int]


def records(lines: Iterable[str], first: int = 1) -> Iterator[Record]:
    """Yield the records of csv from its lines, the first of which has a number.

    Where a quote has no partner nobody can tell a record from the text of a cell:
    then each line from there on comes by itself, with the number of that line.
    """
    numbered = enumerate(lines, first)
    for number, line in numbered:
        # a line that ends within quotes has an odd number of them
        odd = '"' in line and line.count('"') % 2
        if odd and (too_long(line) or _OPENS.fullmatch(line)):
            yield from _across(number, line, numbered)
        else:
            yield number, line, 0


def _across(
    opened: int, line: str, numbered: Iterator[tuple[int, str]]
) -> Iterator[Record]:
    """Yield the record that begins on a line, or each line that may be within it."""
    held, size = [(opened, line)], len(line)
    for number, each in numbered:
        size += len(each)
        held.append((number, each))
        if size > LONGEST:  # too long to be held whole: its lines come one by one
            yield from ((at, text, opened) for at, text in held)
            held = []
        if too_long(each):
            if each.count('"') % 2:
                return
        elif _CLOSES.fullmatch(each):
            if held:
                yield opened, "".join(text for _, text in held), 0
            return
        elif not _GOES_ON.fullmatch(each) and not _REOPENS.fullmatch(each):
            break  # a quote that neither ends a cell nor stands for itself
    yield from ((at, text, opened) for at, text in held)
    yield from ((at, text, opened) for at, text in numbered)


def fields_of(record: str) -> list[str]:
    r"""Return the fields of one record of csv.

    >>> fields_of('T1,"a,b","c\nd"\n')
    ['T1', 'a,b', 'c\nd']

    Raises:
        csv.Error: for a quote that stands elsewhere than around a field, and for an
            end of a line outside of quotes.

    """
    if not _WHOLE.fullmatch(record):
        message = "a quote within a field"
        raise csv.Error(message)
    return next(csv.reader([record], strict=True), [])


# ---- jsonl ----


def repeated(line: str, plain: Mapping[str, Any]) -> str | None:
    """Return a key that the object of a line has more than once, or None.

    ``plain`` is what the line was read as, with the last value of each key. Its
    keys and texts have two quotes each: where a line has no more of them, nothing
    was dropped, and it isn't read again.

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
