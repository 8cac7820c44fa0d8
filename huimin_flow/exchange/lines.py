"""Lines of a text file, one at a time and never longer than a line may be."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import TextIO

#: The longest line taken, in characters; no record of ours comes near it.
LONGEST_LINE = 130_000

#: A line whose quotes stand around whole fields; elsewhere one is what is left of
#: a cell that began on a line before, and would pass for a record of its own.
_FIELD = r'(?:"(?:[^"]|"")*+"|[^",]*+)'
_QUOTED = re.compile(rf"{_FIELD}(?:,{_FIELD})*+\n?")


def bounded(file: TextIO) -> Iterator[str]:
    """Yield a file's lines; of a longer one its beginning, which tells by length."""
    room = LONGEST_LINE + 1
    while line := file.readline(room):
        yield line
        while len(line) == room and not line.endswith("\n"):
            line = file.readline(room)


def too_long(line: str) -> bool:
    """Tell whether a line is longer than may be, and so only begun."""
    return len(line) > LONGEST_LINE


def fields_of(line: str) -> list[str]:
    """Return the fields of one line of csv.

    >>> fields_of('T1,"a,b",')
    ['T1', 'a,b', '']

    Raises:
        csv.Error: for a quote that is not closed on the line, or stands elsewhere
            than around a field.

    """
    fields = next(csv.reader([line], strict=True), [])
    if not _QUOTED.fullmatch(line):
        message = "a quote within a field"
        raise csv.Error(message)
    return fields
