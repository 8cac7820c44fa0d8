"""Refused lines in a file beside: to be mended there, and brought in again."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Self, TextIO

from huimin_flow.exchange.encoding import Written
from huimin_flow.exchange.lines import bounded, fields_of, too_long
from huimin_flow.exchange.objects import repeated

#: What is told before each line; an import passes these columns over.
LINE, WHY, ORIGINAL = "行", "未收的原因", "原文"

#: What a spreadsheet would run: the mark before it makes it text, and an
#: import takes the mark away again.
_FORMULA = re.compile(r"[=+\-@\t\uff1d\uff0b\uff0d\uff20]")
_BEGINS = re.compile(rf"(^|,)(?={_FORMULA.pattern})")

#: What is marked: a formula, and what would be taken for a marked one, so that a
#: reader who takes one mark off has the text again, whatever it was.
_TO_MARK = re.compile(rf"'*{_FORMULA.pattern}")
_MARKED = re.compile(rf"'{_TO_MARK.pattern}")

#: How much of a line is repeated that is too long to be mended here.
_BEGINNING = 300


def marked(field: str) -> str:
    """Return a field as a csv file holds it, so that no spreadsheet runs it.

    >>> marked("=1"), marked("'=1"), marked("'s-Gravenhage")
    ("'=1", "''=1", "'s-Gravenhage")

    """
    return f"'{field}" if _TO_MARK.match(field) else field


def unmarked(field: str) -> str:
    """Return a field without the mark that kept a spreadsheet from running it.

    >>> unmarked("'=1"), unmarked("''=1"), unmarked("'s-Gravenhage")
    ('=1', "'=1", "'s-Gravenhage")

    """
    return field[1:] if _MARKED.match(field) else field


class Refusals:
    """The file beside ``source``, made at the first refusal, for its owner alone.

    Lines are read again as they are needed, so that none is held. What lies there
    from an earlier import may have been mended by hand: it stays, and the new file
    is numbered, unless the new one says all that it says.
    """

    def __init__(self, source: Path, how: Written) -> None:
        """Write nothing yet; ``how`` the source is written."""
        self.path = _beside(source, 1)
        self._source = source
        self._how = how
        self._stack = ExitStack()
        self._lines: Iterator[tuple[int, str]] = iter(())
        self._told: TextIO | None = None

    def __enter__(self) -> Self:
        """Return the refusals themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close both files; a new one takes the place of what it only repeats."""
        self._stack.close()
        if self._told is not None:
            for one in _numbered(self._source):
                if one != self.path and _goes_on(one, self.path):
                    self.path.replace(one)
                    self.path = one
                    return

    def earlier(self) -> tuple[Path, ...]:
        """Return the files of refused lines that lie here from earlier imports."""
        return tuple(
            one
            for one in _numbered(self._source)
            if one != self.path or self._told is None
        )

    def keep(self, refused: Sequence[tuple[int, str, bool]]) -> None:
        """Add lines by their numbers, rising, each with why, and whether it is cut.

        A line that is cut or too long stands as one cell: nobody can take it
        for whole before it is mended.
        """
        if not refused:
            return
        told = self._told or self._begin()
        write = self._row if self.path.suffix == ".csv" else self._object
        numbers = {line: (why, cut) for line, why, cut in refused}
        for number, line in self._lines:
            if number in numbers:
                why, cut = numbers.pop(number)
                write(told, number, why, line.rstrip("\n"), cut=cut or too_long(line))
                if not numbers:
                    return

    def _begin(self) -> TextIO:
        how = self._how
        lines = self._stack.enter_context(
            self._source.open(encoding=how.encoding, errors=how.errors)
        )
        self._lines = enumerate(bounded(lines), 1)
        taken = len(list(_numbered(self._source)))
        self.path = _beside(self._source, taken + 1)
        kept = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        is_table = self.path.suffix == ".csv"
        told = self._stack.enter_context(
            os.fdopen(
                kept, "w", newline="", encoding="utf-8-sig" if is_table else "utf-8"
            )
        )
        if is_table:
            _, head = next(self._lines)
            told.write(f"{LINE},{WHY},{head.rstrip()}\n")
        self._told = told
        return told

    def _row(
        self, told: TextIO, number: int, why: str, line: str, *, cut: bool
    ) -> None:
        table = csv.writer(told, lineterminator="\n")
        if cut:
            table.writerow((number, why, _again(line[:_BEGINNING])))
            return
        try:
            fields = fields_of(line)
        except csv.Error:
            reason = io.StringIO()
            csv.writer(reason, lineterminator="").writerow((number, why))
            told.write(f"{reason.getvalue()},{_BEGINS.sub(_MARK, line)}\n")
        else:
            table.writerow((number, why, *(_again(one) for one in fields)))

    def _object(
        self, told: TextIO, number: int, why: str, line: str, *, cut: bool
    ) -> None:
        first: dict[str, object] = {LINE: number, WHY: why}
        try:
            plain = None if cut else json.loads(line)
        except (ValueError, RecursionError):
            plain = None
        if isinstance(plain, dict) and repeated(line, plain) is None:
            said = plain | first
        else:
            said = first | {ORIGINAL: line[:_BEGINNING] if cut else line}
        text = json.dumps(said, ensure_ascii=False)
        if text != text.encode(errors="replace").decode():
            text = json.dumps(said)  # lone surrogates stay escaped as they came
        told.write(f"{text}\n")


def _beside(source: Path, number: int) -> Path:
    which = "" if number == 1 else f"-{number}"
    return source.with_name(f"{source.stem}.refused{which}{source.suffix.lower()}")


def _numbered(source: Path) -> Iterator[Path]:
    """Yield the files of refused lines that lie beside a source."""
    for number in count(1):
        path = _beside(source, number)
        if not path.is_symlink() and not path.exists():
            return
        yield path


def _goes_on(earlier: Path, new: Path) -> bool:
    """Tell whether a file says all that an earlier one says, and maybe more."""
    if not earlier.is_file() or earlier.stat().st_size > new.stat().st_size:
        return False
    with earlier.open("rb") as old, new.open("rb") as whole:
        while part := old.read(_BLOCK):
            if whole.read(len(part)) != part:
                return False
    return True


#: How much of two files is compared at once, in bytes.
_BLOCK = 1 << 20

_MARK = r"\1'"


def _again(field: str) -> str:
    """Return a file's field marked once, whether or not it was marked there."""
    return marked(unmarked(field))
