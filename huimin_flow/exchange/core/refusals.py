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

from huimin_flow.catalogue.reasons import RatingCode, spoken
from huimin_flow.exchange.core.records import (
    Encoding,
    Record,
    bounded,
    fields_of,
    records,
    repeated,
    too_long,
)
from huimin_flow.model.services.ratings import RefusedRow

#: What stands before each line; an import passes these columns over.
LINE = "行"
WHY = "未收的原因"
ORIGINAL = "原文"

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

#: How much of two files is compared at once, in bytes.
_BLOCK = 1 << 20


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

    Records are read again as they are needed, so that none is held. What lies there
    from an earlier import may have been mended by hand: it stays, and the new file
    is numbered, unless the new one says all that it says.
    """

    def __init__(self, source: Path, encoding: Encoding) -> None:
        """Write nothing yet; ``encoding`` is the source's."""
        self.path = _beside(source, 1)
        self._source = source
        self._encoding = encoding
        self._stack = ExitStack()
        self._records: Iterator[Record] = iter(())
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        """Return the refusals themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close both files; a new one takes the place of what it only repeats."""
        self._stack.close()
        if self._file is not None:
            for earlier in self.earlier():
                if _goes_on(earlier, self.path):
                    self.path.replace(earlier)
                    self.path = earlier
                    return

    def earlier(self) -> tuple[Path, ...]:
        """Return the files of refused lines that lie here from earlier imports."""
        return tuple(
            path
            for path in _numbered(self._source)
            if path != self.path or self._file is None
        )

    def keep(self, refused: Sequence[RefusedRow]) -> None:
        """Add refused records, their lines rising, each with why.

        What is cut, too long, or within quotes that have no end stands as one cell:
        nobody can take it for a record before it is mended.
        """
        if not refused:
            return
        file = self._file or self._begin()
        write = self._row if self.path.suffix == ".csv" else self._object
        reasons = {row.line: row.reason for row in refused}
        for number, record, opened in self._records:
            reason = reasons.pop(number, None)
            if reason is not None:
                why, text = spoken(reason), record.removesuffix("\n")
                if reason.code == RatingCode.LINE_CUT or too_long(text):
                    write(file, number, why, text[:_BEGINNING], whole=False)
                else:
                    write(file, number, why, text, whole=not opened)
                if not reasons:
                    return

    def _begin(self) -> TextIO:
        source = self._stack.enter_context(self._encoding.opened(self._source))
        lines = bounded(source, self._encoding.end)
        is_table = self._source.suffix.lower() == ".csv"
        self._records = (
            records(lines)
            if is_table
            else ((number, line, 0) for number, line in enumerate(lines, 1))
        )
        taken = len(list(_numbered(self._source)))
        self.path = _beside(self._source, taken + 1)
        kept = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = self._stack.enter_context(
            os.fdopen(
                kept, "w", newline="", encoding="utf-8-sig" if is_table else "utf-8"
            )
        )
        if is_table:
            _, head, _ = next(self._records)
            self._file.write(f"{LINE},{WHY},{head.rstrip()}\n")
        return self._file

    def _row(
        self, file: TextIO, number: int, why: str, text: str, *, whole: bool
    ) -> None:
        table = csv.writer(file, lineterminator="\n")
        if not whole:
            table.writerow((number, why, _again(text)))
            return
        try:
            fields = fields_of(text)
        except csv.Error:
            reason = io.StringIO()
            csv.writer(reason, lineterminator="").writerow((number, why))
            cells = _BEGINS.sub(r"\1'", text)
            file.write(f"{reason.getvalue()},{cells}\n")
        else:
            table.writerow((number, why, *map(_again, fields)))

    def _object(
        self, file: TextIO, number: int, why: str, text: str, *, whole: bool
    ) -> None:
        first: dict[str, object] = {LINE: number, WHY: why}
        try:
            plain = json.loads(text) if whole else None
        except (ValueError, RecursionError):
            plain = None
        kept = first | {ORIGINAL: text}
        if isinstance(plain, dict) and repeated(text, plain) is None:
            kept = plain | first
        text = json.dumps(kept, ensure_ascii=False)
        if text != text.encode(errors="replace").decode():
            text = json.dumps(kept)  # lone surrogates stay escaped as they came
        file.write(f"{text}\n")


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


def _again(field: str) -> str:
    """Return a file's field marked once, whether or not it was marked there."""
    return marked(unmarked(field))
