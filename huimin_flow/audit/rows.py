"""Rows held against the history that vouches for them, both ways.

1. An item's row says what its history says, and none is without one.
2. A record's row says what its last event says, and none is without one.
3. A batch's rows have the count and the root that its event says, in the form that
   was let in.
4. The texts of a batch of appeals open its commitments, line by line.
5. No fact is without the event of its batch.
6. No private part is without an event that commits to it.
7. A run in the ledger says what its job's event says, and none is without one.
8. An attachment's row says what its event says, and its file is whole.
9. Every column keeps values of its own kind: SQLite takes a text where bytes belong,
   and it reads and hashes the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from unicodedata import is_normalized

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    func,
    or_,
    select,
)

from huimin_flow.audit.ledger import Ledger, run_columns
from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.errors import HuiminError
from huimin_flow.model.core.canonical import commitment
from huimin_flow.store.core import facts, repository
from huimin_flow.store.core.facts import FACT_TABLES
from huimin_flow.store.core.history import raw_bytes
from huimin_flow.store.core.schema import METADATA
from huimin_flow.store.core.tables import (
    APPEAL_TEXTS,
    FAILURES,
    HEARTBEATS,
    ITEMS,
    PAYLOADS,
    RECORDS,
    ROLLUPS,
    RUNS,
)
from huimin_flow.store.executing import attachments

#: How many rows are held at once.
_SLICE = 2000


def hold_rows(ledger: Ledger, walk_on: Callable[[], None]) -> int:
    """Hold every row against the walked history; return how many are facts.

    ``walk_on`` lets writers in and walks what they wrote, so that each slice of
    rows stands beside the history of its own moment.
    """
    _items(ledger, walk_on)
    _records(ledger, walk_on)
    _payloads(ledger, walk_on)
    done = 0
    count = 0
    while done < len(ledger.batches):
        # A batch's rows never change, so its moment doesn't matter.
        ledger.pause()
        count += hold_batch(ledger, *ledger.batches[done])
        done += 1
    walk_on()
    count += sum(hold_batch(ledger, *one) for one in ledger.batches[done:])
    _stray_facts(ledger)
    ledger.findings.extend(ledger.rollups.strays())
    _jobs(ledger)
    _attachments(ledger)
    return count


def _slices(
    ledger: Ledger, query: Select[Any], walk_on: Callable[[], None]
) -> Iterator[RowMapping]:
    """Yield rows in slices; what comes in between moves none out of the next one."""
    seen = 0
    while True:
        walk_on()
        page = query.limit(_SLICE).offset(seen)
        rows = list(ledger.connection.execute(page).mappings())
        yield from rows
        seen += len(rows)
        if len(rows) < _SLICE:
            return


def _items(ledger: Ledger, walk_on: Callable[[], None]) -> None:
    known, seen = set(ledger.items), set()
    query = select(ITEMS).order_by(ITEMS.c.number)
    for row in _slices(ledger, query, walk_on):
        number = row["number"]
        seen.add(number)
        item = ledger.items.get(number)
        if item is None:
            ledger.found(Flaw.ROW_STRAY, f"huimin_item {number}", law="rows 1")
            continue
        for name, column in repository.item_columns(item).items():
            if row[name] != column:
                ledger.found(
                    Flaw.ROW_MISMATCH,
                    f"huimin_item {number} {name}",
                    column,
                    law="rows 1",
                )
    for number in sorted(known - seen):
        ledger.found(Flaw.ROW_MISSING, f"huimin_item {number}", law="rows 1")


def _records(ledger: Ledger, walk_on: Callable[[], None]) -> None:
    expected, seen = set(ledger.records), set()
    query = select(RECORDS).order_by(RECORDS.c.key)
    for row in _slices(ledger, query, walk_on):
        seen.add(row["key"])
        known = ledger.records.get(row["key"])
        place = f"huimin_record {row['key']}"
        if known is None:
            ledger.found(Flaw.ROW_STRAY, place, law="rows 2")
            continue
        for name, column in known.items():
            if row[name] != column:
                ledger.found(Flaw.ROW_MISMATCH, f"{place} {name}", law="rows 2")
    for key in sorted(expected - seen):
        ledger.found(Flaw.ROW_MISSING, f"huimin_record {key}", law="rows 2")


def hold_batch(ledger: Ledger, kind: str, batch: int, root: str, count: int) -> int:
    """Hold a batch's rows against its root, and what hangs on them; count them."""
    place = f"batch {batch} ({kind})"
    try:
        rows = facts.stored_rows(ledger.connection, kind, batch)
        found = facts.root_of(rows)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        ledger.found(Flaw.FACTS_MISMATCH, place, error, law="rows 3")
        return 0
    if found != root or len(rows) != count:
        ledger.found(Flaw.FACTS_MISMATCH, place, f"{len(rows)} rows", law="rows 3")
    for line, name in _rewritten(rows):
        ledger.found(Flaw.FACTS_MISMATCH, f"{place} {line} {name}", "NFC", law="rows 3")
    if kind == "appeals":
        _texts(ledger, batch, rows)
    if kind == "ratings":
        ledger.findings.extend(ledger.rollups.differences(batch, rows))
    return len(rows)


def _rewritten(rows: list[dict[str, Any]]) -> Iterator[tuple[Any, str]]:
    """Yield where a text is of another form than was let in: roots are over NFC."""
    for row in rows:
        for name, one in row.items():
            if isinstance(one, str) and not (
                one.isascii() or is_normalized("NFC", one)
            ):
                yield row["line"], name


def _texts(ledger: Ledger, batch: int, rows: list[dict[str, Any]]) -> None:
    """Hold what voices said against their commitments, line by line, both ways."""
    query = (
        select(APPEAL_TEXTS)
        .where(APPEAL_TEXTS.c.batch == batch)
        .order_by(APPEAL_TEXTS.c.line)
    )
    promised = {row["line"]: row["text_commitment"] for row in rows}
    for odd, kind in odd_kinds(
        ledger.connection, APPEAL_TEXTS, APPEAL_TEXTS.c.batch == batch
    ):
        ledger.found(
            Flaw.PAYLOAD_MISMATCH, f"huimin_appeal_text {odd}", kind, law="rows 4"
        )
    for row in ledger.connection.execute(query):
        opened = commitment(raw_bytes(row.salt), raw_bytes(row.body)).hex()
        if promised.pop(row.line, None) != opened:
            place = f"huimin_appeal_text {batch}:{row.line}"
            ledger.found(Flaw.PAYLOAD_MISMATCH, place, law="rows 4")
    for line in promised:
        ledger.found(
            Flaw.ROW_MISSING, f"huimin_appeal_text {batch}:{line}", law="rows 4"
        )


def _stray_facts(ledger: Ledger) -> None:
    known: dict[str, set[int]] = {kind: set() for kind in facts.FACT_TABLES}
    for name, number, *_ in ledger.batches:
        known.setdefault(name, set()).add(number)
    for kind, table in (*facts.FACT_TABLES.items(), ("appeals", APPEAL_TEXTS)):
        stored = ledger.connection.execute(select(table.c.batch).distinct()).scalars()
        for batch in sorted(set(stored) - known[kind], key=str):
            ledger.found(Flaw.ROW_STRAY, f"{table.name} batch {batch}", law="rows 5")


def _payloads(ledger: Ledger, walk_on: Callable[[], None]) -> None:
    """Find private parts that no event commits to; the others were opened."""
    keys = (PAYLOADS.c.stream, PAYLOADS.c.n)
    for row in _slices(ledger, select(*keys).order_by(*keys), walk_on):
        if (row["stream"], row["n"]) not in ledger.payloads:
            ledger.found(
                Flaw.ROW_STRAY,
                f"huimin_payload {row['stream']} #{row['n']}",
                law="rows 6",
            )


def _jobs(ledger: Ledger) -> None:
    seen = set()
    for row in ledger.connection.execute(select(RUNS)).mappings():
        key = (row["job"], row["period"])
        seen.add(key)
        expected = ledger.jobs.get(key)
        place = f"huimin_job_run {row['job']} {row['period']}"
        if expected is None:
            ledger.found(Flaw.ROW_STRAY, place, law="rows 7")
            continue
        columns = run_columns(expected.said, expected.rulebook)
        for name, column in columns.items():
            if row.get(name) != column:
                ledger.found(Flaw.JOB_MISMATCH, f"{place} {name}", column, law="rows 7")
    for job, period in sorted(set(ledger.jobs) - seen):
        ledger.found(Flaw.ROW_MISSING, f"huimin_job_run {job} {period}", law="rows 7")


def _attachments(ledger: Ledger) -> None:
    seen = set()
    whole = []
    for row in attachments.all_attachments(ledger.connection):
        key = (row["about"], row["digest"])
        seen.add(key)
        place = f"huimin_attachment {row['about']} {str(row['digest'])[:12]}"
        known = ledger.attachments.get(key)
        if known is None:
            ledger.found(Flaw.ROW_STRAY, place, law="rows 8")
        elif known != row:
            ledger.found(Flaw.ROW_MISMATCH, place, law="rows 8")
        else:
            whole.append((place, row["digest"]))
    for about, digest in sorted(set(ledger.attachments) - seen):
        ledger.found(
            Flaw.ROW_MISSING, f"huimin_attachment {about} {digest[:12]}", law="rows 8"
        )
    ledger.pause()
    for place, digest in whole:
        hold_file(ledger, place, digest)


def hold_file(ledger: Ledger, place: str, digest: str) -> None:
    """Hold an attached file against its digest.

    What this account can't read may be whole: it is named, never called changed.
    """
    try:
        if ledger.shelf is not None:
            ledger.shelf.get(digest)
    except HuiminError as refusal:
        unread = refusal.code == StoreCode.ATTACHMENT_UNREAD.value
        flaw = Flaw.FILE_UNREAD if unread else Flaw.FILE_MISMATCH
        ledger.found(flaw, place, refusal, law="rows 8")


#: How SQLite calls what a column of a Python type keeps.
_KINDS: dict[type, str] = {int: "integer", str: "text", bytes: "blob"}

#: What passes, and decides nothing.
_PASSING = (HEARTBEATS, FAILURES)

#: Facts and their sums are recomputed from values of their kinds; texts of voices
#: are held with their batch.
_ELSEWHERE = frozenset({*FACT_TABLES.values(), APPEAL_TEXTS, *ROLLUPS, *_PASSING})


def hold_kinds(ledger: Ledger) -> None:
    """Name every column that keeps a value of another kind than its own."""
    for table in METADATA.tables.values():
        if table not in _ELSEWHERE:
            for column, kind in odd_kinds(ledger.connection, table):
                place = f"{table.name} {column}"
                ledger.found(Flaw.COLUMN_MISMATCH, place, kind, law="rows 9")
            ledger.pause()


def odd_kinds(
    connection: Connection, table: Table, *where: ColumnElement[bool]
) -> Iterator[tuple[str, str]]:
    """Yield the columns of a table, with the row, whose value is of another kind."""
    if connection.dialect.name != "sqlite":
        return
    kinds, query = _asked(table)
    for row in connection.execute(query.where(*where)).mappings():
        for name, kind in kinds.items():
            told: Any = row[f"kind_{name}"]
            if told not in {kind, "null"}:
                key = (str(row[one.name]) for one in table.primary_key)
                yield " ".join([name, *key]), told


@cache
def _asked(table: Table) -> tuple[dict[str, str], Select[Any]]:
    """Return the kind of each column, and the question for rows of another one.

    It hangs on the table's columns alone, and is asked for row after row.
    """
    kinds = {one.name: _KINDS[one.type.python_type] for one in table.columns}
    told = {name: func.typeof(table.c[name]) for name in kinds}
    odd = or_(*(told[name].not_in([kind, "null"]) for name, kind in kinds.items()))
    labels = (one.label(f"kind_{name}") for name, one in told.items())
    return kinds, select(*table.primary_key, *labels).where(odd)
