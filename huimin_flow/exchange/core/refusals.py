"""The file of refused lines: to be corrected there and imported again."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from typing import Self, TextIO

from huimin_flow.catalogue.reasons import FileCode, RowCode, spoken
from huimin_flow.errors import InputRefused, why_not
from huimin_flow.exchange.core.cells import FORMULA, marked, unmarked
from huimin_flow.exchange.core.records import (
    Record,
    fields_of,
    record_of,
    repeated,
    too_long,
)
from huimin_flow.exchange.core.sources import PACKED, ROWS, Source
from huimin_flow.model.core.events import RefusedRow
from huimin_flow.model.core.texts import showable

#: The columns before each line; an import ignores them.
LINE = "行"
WHY = "未收的原因"
ORIGINAL = "原文"

#: The beginning of a cell that a spreadsheet would run.
_BEGINS = re.compile(rf"(^|,)(?={FORMULA})")

#: The end of the name of a file of refused lines, which is imported again.
_REFUSED = re.compile(r"\.refused(?:-[0-9]+)?\Z")

#: How many characters of a line that is too long are repeated.
_BEGINNING = 300

#: How many bytes of two files are compared at once.
_BLOCK = 1 << 20


class Refusals:
    """The file of refused lines beside ``source``; only its owner can read it.

    It is created at the first refusal. Records are read again when they are needed,
    so none is kept in memory. A file of an earlier import may contain corrections: it
    stays, and the new file gets a number, unless the new one has the same beginning.
    """

    def __init__(self, source: Source, into: Path | None = None) -> None:
        """Prepare without writing; ``into`` is the file, by default beside the source.

        A workbook's rows are written as csv.
        """
        path, name = source.path, source.path.name
        plain = name.lower().removesuffix(PACKED)
        end = next((end for end in ROWS if plain.endswith(end)), "")
        self._kind = ".jsonl" if source.kind == "jsonl" else ".csv"
        stem = _REFUSED.sub("", name[: len(plain) - len(end)])
        self._first = into or path.with_name(f"{stem}.refused{self._kind}")
        self.path = self._first
        self._source = source
        self._stack = ExitStack()
        self._records: Generator[Record] | None = None
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        """Return the refusals themselves."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close both files; the new one replaces an earlier one that it repeats.

        Raises:
            InputRefused: if the rest of the file cannot be written.

        """
        try:
            self._stack.close()
            for earlier in self.earlier() if self._file is not None else ():
                if _extends(earlier, self.path):
                    self.path.replace(earlier)
                    self.path = earlier
                    return
        except OSError as failure:
            if kind is None:
                raise self._not_written(failure) from failure

    def earlier(self) -> tuple[Path, ...]:
        """Return the files of refused lines of earlier imports."""
        return tuple(
            path
            for path in _existing_files(self._first)
            if path != self.path or self._file is None
        )

    def keep(self, refused: Sequence[RefusedRow]) -> None:
        """Add refused records with their reasons, in the order of their lines.

        A record that is cut, too long, or within quotes without an end becomes one
        cell, so that it isn't read as a record before it is corrected.

        Raises:
            InputRefused: if the file cannot be written, on a full disk for example.

        """
        if refused:
            try:
                self._keep(self._file or self._begin(), refused)
            except OSError as failure:
                raise self._not_written(failure) from failure

    def _not_written(self, failure: OSError) -> InputRefused:
        return InputRefused(
            FileCode.NOT_WRITTEN, path=showable(str(self.path)), why=why_not(failure)
        )

    def _keep(self, file: TextIO, refused: Sequence[RefusedRow]) -> None:
        write = self._write_row if self._kind == ".csv" else self._write_object
        reasons = {row.line: row.reason for row in refused}
        for number, record, opened in self._records or ():
            reason = reasons.pop(number, None)
            if reason is not None:
                why, text = spoken(reason), record.removesuffix("\n")
                is_part = reason.code == RowCode.LINE_CUT or too_long(text)
                shown = text[:_BEGINNING] if is_part else text
                write(file, number, why, shown, whole=not (is_part or opened))
                if not reasons:
                    return

    def _begin(self) -> TextIO:
        self._records = self._source.records()
        self._stack.enter_context(closing(self._records))
        is_table = self._kind == ".csv"
        taken = len(list(_existing_files(self._first)))
        self.path = _path_of(self._first, taken + 1)
        kept = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        encoding = "utf-8-sig" if is_table else "utf-8"
        opened = os.fdopen(kept, "w", newline="", encoding=encoding)
        self._file = self._stack.enter_context(opened)
        if is_table:
            head = map(_marked_once, self._source.head)
            self._file.write(record_of((LINE, WHY, *head)))
        return self._file

    def _write_row(
        self, file: TextIO, number: int, why: str, text: str, *, whole: bool
    ) -> None:
        table = csv.writer(file, lineterminator="\n")
        if not whole:
            table.writerow((number, why, _marked_once(text)))
            return
        try:
            fields = fields_of(text)
        except csv.Error:
            reason = io.StringIO()
            csv.writer(reason, lineterminator="").writerow((number, why))
            cells = _BEGINS.sub(r"\1'", text)
            file.write(f"{reason.getvalue()},{cells}\n")
        else:
            table.writerow((number, why, *map(_marked_once, fields)))

    def _write_object(
        self, file: TextIO, number: int, why: str, text: str, *, whole: bool
    ) -> None:
        prefix: dict[str, object] = {LINE: number, WHY: why}
        try:
            plain = json.loads(text) if whole else None
        except (ValueError, RecursionError):
            plain = None
        kept = prefix | {ORIGINAL: text}
        if isinstance(plain, dict) and repeated(text, plain) is None:
            kept = plain | prefix
        text = json.dumps(kept, ensure_ascii=False)
        if text != text.encode(errors="replace").decode():
            text = json.dumps(kept)  # lone surrogates stay escaped as they came
        file.write(f"{text}\n")


def _path_of(first: Path, number: int) -> Path:
    which = "" if number == 1 else f"-{number}"
    return first.with_name(f"{first.stem}{which}{first.suffix}")


def _existing_files(first: Path) -> Iterator[Path]:
    """Yield the existing files of refused lines, from the first name on."""
    for number in count(1):
        path = _path_of(first, number)
        if not path.is_symlink() and not path.exists():
            return
        yield path


def _extends(earlier: Path, new: Path) -> bool:
    """Tell whether a file begins with the whole content of an earlier one."""
    if not earlier.is_file() or earlier.stat().st_size > new.stat().st_size:
        return False
    with earlier.open("rb") as old, new.open("rb") as whole:
        while part := old.read(_BLOCK):
            if whole.read(len(part)) != part:
                return False
    return True


def _marked_once(field: str) -> str:
    """Return a field of the source with one mark, whether or not it had one."""
    return marked(unmarked(field))
