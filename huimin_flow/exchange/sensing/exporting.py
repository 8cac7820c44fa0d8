"""The export of appeals: what may leave, without a person, a title or a text (F4)."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator
from itertools import count, islice
from pathlib import Path

from huimin_flow.catalogue.reasons import FileCode
from huimin_flow.catalogue.terms import AppealField, FieldWord
from huimin_flow.clock import SHANGHAI
from huimin_flow.errors import InputRefused, why_not
from huimin_flow.exchange.core.cells import marked
from huimin_flow.exchange.core.parts import ROWS
from huimin_flow.exchange.core.tables import Grid, workbook
from huimin_flow.model.core.texts import showable
from huimin_flow.model.sensing.appeals import AppealSummary

#: The columns of an export, in their order; an import of it reads them back.
COLUMNS = (
    AppealField.CHANNEL,
    AppealField.KEY,
    AppealField.AT,
    AppealField.DISTRICT,
    AppealField.TOWN,
    AppealField.VILLAGE,
    AppealField.LIFE_STAGE,
)

#: The ends of names of exports.
KINDS = (".csv", ".jsonl", ".xlsx")


def cells_of(appeal: AppealSummary) -> tuple[str, ...]:
    """Return the cells of an appeal, in the order of ``COLUMNS``."""
    at = appeal.at.astimezone(SHANGHAI).isoformat(sep=" ")
    place = appeal.district, appeal.town, appeal.village
    return (appeal.channel, appeal.key, at, *place, appeal.life_stage.value)


def write_appeals(path: Path, appeals: Iterable[AppealSummary]) -> tuple[Path, int]:
    """Write an export, completely or not at all; return its path and its rows.

    The end of the name says the kind: csv, jsonl or xlsx. A file that is there stays,
    and the name of the new one gets a number.

    Raises:
        InputRefused: for another kind, too many rows for a workbook, or a place where
            nothing can be written.

    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InputRefused(FileCode.KIND_UNKNOWN, file=showable(path.name), kinds=KINDS)
    numbered = (path.with_name(f"{path.stem}-{n}{path.suffix}") for n in count(2))
    free = path
    try:
        while free.is_symlink() or free.exists():
            free = next(numbered)
        with free.open("xb") as file:
            try:
                rows = 0
                for part in _content(kind, appeals):
                    file.write(part)
                    rows += 1
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                free.unlink(missing_ok=True)
                raise
    except OSError as failure:
        raise InputRefused(
            FileCode.NOT_WRITTEN, path=showable(str(path)), why=why_not(failure)
        ) from failure
    return free, rows


class _Line:
    """Collects what the csv module writes."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text = text


def _content(kind: str, appeals: Iterable[AppealSummary]) -> Iterator[bytes]:
    """Yield the bytes of an export, a part for each row."""
    head = tuple(column.label for column in COLUMNS)
    if kind == ".jsonl":
        for appeal in appeals:
            row = dict(zip(head, cells_of(appeal), strict=True))
            yield (json.dumps(row, ensure_ascii=False) + "\n").encode()
    elif kind == ".csv":
        line = _Line()
        table = csv.writer(line, lineterminator="\n")
        table.writerow(head)
        begins = b"\xef\xbb\xbf" + line.text.encode()
        for appeal in appeals:
            table.writerow(map(marked, cells_of(appeal)))
            yield begins + line.text.encode()
            begins = b""
        if begins:
            yield begins
    else:
        rows = tuple(map(cells_of, islice(appeals, ROWS)))
        if len(rows) == ROWS:
            raise InputRefused(FileCode.EXPORT_TOO_LONG, most=ROWS - 1)
        yield workbook([Grid(name=FieldWord.APPEAL.label, head=head, rows=rows)])
        yield from (b"" for _ in rows[1:])
