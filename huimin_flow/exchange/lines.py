"""Lines of a text file, one at a time and never longer than a line may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

#: The longest line taken, in characters; no record of ours comes near it.
LONGEST_LINE = 130_000


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
