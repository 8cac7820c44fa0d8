"""Answers as a file for their channel: csv, xlsx or jsonl (A7).

A file has the channel's own key, so that the channel finds its appeal again.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.clock import shanghai
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import marked
from huimin_flow.exchange.core.tables import Grid, workbook
from huimin_flow.model.sensing.answers import ReturnedAnswer

#: The columns of a file: the name in json, and the heading.
COLUMNS: Final[Mapping[str, str]] = {
    "key": "诉求编号",
    "receipt": "回执编号",
    "answered_at": "答复时间",
    "kind": "答复种类",
    "unit": "答复单位",
    "text": "答复内容",
}

#: The name of the one sheet of a workbook.
SHEET: Final = "答复"

#: The ends of the names of files.
KINDS: Final = (".csv", ".xlsx", ".jsonl")


def contents(answers: Sequence[ReturnedAnswer], kind: str) -> bytes:
    """Return answers as a file of a kind, one of ``KINDS``.

    A csv file begins with a mark by which spreadsheets know UTF-8, and a cell that
    would be a formula with an apostrophe. A json line has the text as it is.
    """
    rows = [
        (
            answer.key,
            answer.receipt,
            shanghai(answer.at),
            answer.kind.label,
            answer.unit,
            answer.text,
        )
        for answer in answers
    ]
    head = tuple(COLUMNS.values())
    if kind == ".xlsx":
        return workbook([Grid(name=SHEET, head=head, rows=tuple(rows))])
    if kind == ".csv":
        written = io.StringIO(newline="")
        writer = csv.writer(written)
        writer.writerow(head)
        writer.writerows([marked(cell) for cell in row] for row in rows)
        return written.getvalue().encode("utf-8-sig")
    lines = (
        json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False)
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines).encode()


def require_name(path: Path) -> None:
    """Refuse a file of another kind, one that exists, or one in no folder.

    Raises:
        InputRefused: for such a name; nothing was given back yet.

    """
    if path.suffix.lower() not in KINDS:
        raise InputRefused(DoorCode.ANSWERS_FILE_KIND, file=path.name)
    if path.exists() or not path.absolute().parent.is_dir():
        raise InputRefused(DoorCode.ANSWERS_FILE_TAKEN, file=path.name)


def write(path: Path, answers: Sequence[ReturnedAnswer]) -> None:
    """Write answers into a new file that only its owner may read.

    Raises:
        OSError: if it can't be written.

    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(contents(answers, path.suffix.lower()))
