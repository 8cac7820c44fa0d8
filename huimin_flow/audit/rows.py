"""Rows compared with the history: each row needs events, and each event its rows.

1. An item's row equals the result of its history; each has the other.
2. A record's row equals its last event; each has the other.
3. A batch's rows have the count and the root that its event states, and their texts
   are in NFC.
4. The texts of a batch of appeals or answers open its commitments, line by line.
5. No fact is without the event of its batch.
6. No private part is without an event that commits to it, and none is missing.
7. A run in the job ledger equals its job's event; each has the other.
8. An attachment's row equals its event, and its file is unchanged.
9. Every column contains values of its own type. (SQLite accepts a text in a column of
   bytes, and the text reads and hashes the same.)
10. A rulebook that is stored, or that an event names, has its digest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from operator import itemgetter
from typing import Any
from unicodedata import is_normalized

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.audit.ledger import Ledger, run_columns
from huimin_flow.audit.sensing.gathering import hold_postings
from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.errors import HuiminError, StoreRefused
from huimin_flow.model.core.canonical import (
    canonical,
    digest,
    leaf,
    merkle_root,
    proven,
)
from huimin_flow.store.core import facts, repository
from huimin_flow.store.core.facts import FACT_TABLES
from huimin_flow.store.core.tables import (
    ANSWER_TEXTS,
    APPEAL_TEXTS,
    APPEALS,
    ATTACHMENTS,
    CURSORS,
    DATA_KEYS,
    DELIVERIES,
    DESTINATIONS,
    FAILURES,
    HEARTBEATS,
    ITEMS,
    METADATA,
    PAYLOADS,
    RECORDS,
    ROLLUPS,
    RUNS,
)
from huimin_flow.store.executing import attachments
from huimin_flow.store.sensing import answer_texts
from huimin_flow.store.sensing.erasing import erased_lines
from huimin_flow.store.sensing.texts import SEALED, Sealed, plains, promised

#: How many rows are read at once.
_SLICE = 500

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def same(value: object, other: object) -> bool:
    """Tell whether two stored values are equal and have the same type.

    >>> same(1, True), same("a", "a")
    (False, True)

    """
    return type(value) is type(other) and value == other


def hold_rows(
    ledger: Ledger,
    again: Callable[[], dict[tuple[str, int], Mapping[str, Any]]],
    take: Callable[[], tuple[int, int]],
) -> int:
    """Compare every row with the history; return the number of facts.

    ``again`` reads the whole history again, and returns the keys of its private parts.
    ``take`` adds the findings of the first batches if it shares them with another
    process, and returns the number of these batches and of their rows.
    """
    rows: Iterable[Mapping[Any, Any]]
    rows = slices(ledger, select(ITEMS), ITEMS.c.number)
    columns = repository.item_columns
    hold_table(ledger, ITEMS, rows, ledger.items, columns, law="rows 1")
    rows = slices(ledger, select(RECORDS), RECORDS.c.key)
    hold_table(ledger, RECORDS, rows, ledger.records, law="rows 2")
    keys = (PAYLOADS.c.stream, PAYLOADS.c.n)
    ledger.walk_on()
    private = ledger.connection.execute(select(func.count()).select_from(PAYLOADS))
    # Without a finding, each private part of an event has its row.
    if ledger.findings or private.scalar_one() != ledger.private:
        ledger.payloads = again()
        rows = slices(ledger, select(*keys), *keys)
        hold_table(ledger, PAYLOADS, rows, ledger.payloads, law="rows 6")
    (begin, count), first = take(), len(ledger.batches)
    for batch in ledger.batches[begin:first]:
        # A batch's rows never change, so its moment doesn't matter.
        ledger.pause()
        count += hold_batch(ledger, *batch)
    ledger.walk_on()
    count += sum(hold_batch(ledger, *batch) for batch in ledger.batches[first:])
    texts = ((kind, table) for kind, (table, _) in _TEXTS.items())
    for kind, table in (*FACT_TABLES.items(), *texts):
        known = {number for name, number, *_ in ledger.batches if name == kind}
        stored = ledger.connection.execute(select(table.c.batch).distinct()).scalars()
        for number in sorted(set(stored) - known, key=str):
            ledger.flag(Flaw.ROW_STRAY, f"{table.name} batch {number}", law="rows 5")
    ledger.findings.extend(ledger.rollups.strays())
    runs = {
        key: run_columns(entry.public, entry.rulebook)
        for key, entry in ledger.jobs.items()
    }
    rows = ledger.connection.execute(select(RUNS)).mappings()
    hold_table(ledger, RUNS, rows, runs, law="rows 7", flaw=Flaw.JOB_MISMATCH)
    attached = attachments.all_attachments(ledger.connection)
    hold_table(ledger, ATTACHMENTS, attached, ledger.attachments, law="rows 8")
    ledger.pause()
    hold_files(ledger, ledger.attachments)
    return count


def slices(
    ledger: Ledger, query: sa.Select[Any], *keys: sa.ColumnElement[Any]
) -> Iterator[Mapping[Any, Any]]:
    """Yield rows in slices, in the order of their unique keys.

    Each slice begins after the last key, so others may add rows in between.
    """
    page = query.order_by(*keys).limit(_SLICE)
    while True:
        ledger.walk_on()
        result = ledger.connection.execute(page)
        names = tuple(result.keys())
        # A dictionary is read and compared in a third of the time of a row's mapping.
        rows = [dict(zip(names, row, strict=True)) for row in result]
        yield from rows
        if len(rows) < _SLICE:
            return
        last = [sa.literal(rows[-1][key.name], key.type) for key in keys]
        rows.clear()  # only one slice is in memory
        after = query.where(sa.tuple_(*keys) > sa.tuple_(*last))
        page = after.order_by(*keys).limit(_SLICE)


def place_of(table: sa.Table, *key: object) -> str:
    """Return the place of a row, by its key; a digest is shortened."""
    parts = [str(part) for part in key]
    short = (part[:12] if _DIGEST.fullmatch(part) else part for part in parts)
    return " ".join([table.name, *short])


def hold_table(
    ledger: Ledger,
    table: sa.Table,
    rows: Iterable[Mapping[Any, Any]],
    known: Mapping[Any, Any],
    columns: Callable[[Any], Mapping[str, Any]] = dict,
    *,
    law: str,
    flaw: Flaw = Flaw.ROW_MISMATCH,
) -> None:
    """Compare the rows of a table with the expected ones, by key, both ways.

    ``columns`` returns the expected columns of a row from its entry in ``known``.
    """
    names = [column.name for column in table.primary_key]
    key_of = itemgetter(*names)
    missing = set(known)
    for row in rows:
        key = key_of(row)
        missing.discard(key)
        if key not in known:
            place = place_of(table, *(row[name] for name in names))
            ledger.flag(Flaw.ROW_STRAY, place, law=law)
            continue
        expected = columns(known[key])
        if _equal(row, expected):
            continue
        place = place_of(table, *(row[name] for name in names))
        for name in sorted({*row, *expected}.difference(names)):
            column = expected.get(name)
            if not same(row.get(name), column):
                ledger.flag(flaw, f"{place} {name}", column, law=law)
    for key in sorted(missing):
        place = place_of(table, *([key] if isinstance(key, str) else key))
        ledger.flag(Flaw.ROW_MISSING, place, law=law)


def _equal(row: Mapping[Any, Any], expected: Mapping[str, Any]) -> bool:
    """Tell whether all columns are equal and have the same types."""
    values, others = [*row.values()], [*map(expected.get, row)]
    return (
        values == others
        and [*map(type, values)] == [*map(type, others)]
        and expected.keys() <= row.keys()
    )


def hold_batch(ledger: Ledger, kind: str, batch: int, root: str, count: int) -> int:
    """Check the next batch of the history; return the number of its rows."""
    rows = hold_batch_alone(ledger, kind, batch, root, count)
    sums = ledger.rollups.taken()
    if sums is not None:
        ledger.findings.extend(ledger.rollups.add(batch, sums))
    return rows


def hold_batch_alone(
    ledger: Ledger, kind: str, batch: int, root: str, count: int
) -> int:
    """Check what of a batch needs no other: rows, root, texts, rollups without totals.

    Return the number of its rows; the ledger's rollups have their sums.
    """
    place = f"batch {batch} ({kind})"
    try:
        rows = facts.stored_rows(ledger.connection, kind, batch)
        # A row's canonical JSON, or None if it may not be that or not be NFC.
        written = [
            proven(row) if _PLAIN.issuperset(map(type, row.values())) else None
            for row in rows
        ]
        leaves = [
            leaf(canonical(row) if line is None else line)
            for row, line in zip(rows, written, strict=True)
        ]
        root_of_rows = merkle_root(leaves).hex()
    except (ValueError, LookupError, TypeError, OverflowError) as error:
        ledger.flag(Flaw.FACTS_MISMATCH, place, error, law="rows 3")
        return 0
    if root_of_rows != root or len(rows) != count:
        ledger.flag(Flaw.FACTS_MISMATCH, place, f"{len(rows)} rows", law="rows 3")
    for row in (row for row, line in zip(rows, written, strict=True) if line is None):
        for name, text in row.items():
            # Roots are computed over NFC, so another form of a text has the same root.
            if isinstance(text, str) and not is_normalized("NFC", text):
                cell = f"{place} {row['line']} {name}"
                ledger.flag(Flaw.FACTS_MISMATCH, cell, "NFC", law="rows 3")
    if kind in _TEXTS:
        _check_texts(ledger, kind, batch, rows)
    if kind == "ratings":
        ledger.findings.extend(ledger.rollups.differences(batch, rows))
    return len(rows)


_PLAIN = frozenset({str, int, type(None)})


def _check_texts(
    ledger: Ledger, kind: str, batch: int, rows: list[dict[str, Any]]
) -> None:
    """Compare encrypted texts with their commitments, line by line, both ways."""
    table, read = _TEXTS[kind]
    promises = {row["line"]: row["text_commitment"] for row in rows}
    lines = {line for line, promise in promises.items() if promise}
    for odd, stored_type in odd_kinds(ledger.connection, table, table.c.batch == batch):
        place = place_of(table, odd)
        ledger.flag(Flaw.PAYLOAD_MISMATCH, place, stored_type, law="rows 4")
    query = select(table.c.line).where(table.c.batch == batch)
    stored = {*ledger.connection.execute(query).scalars()}
    for line in sorted(stored - lines, key=str):
        place = place_of(table, f"{batch}:{line}")
        ledger.flag(Flaw.PAYLOAD_MISMATCH, place, law="rows 4")
    missing = lines - stored
    if missing:  # what two people erased is no tampering
        missing -= erased_lines(ledger.connection, batch)
    for line in sorted(missing):
        place = place_of(table, f"{batch}:{line}")
        ledger.flag(Flaw.ROW_MISSING, place, law="rows 4")
    said = {}
    try:
        for line, plain in read(ledger, batch):
            if plain is None or promised(plain) != promises.get(line):
                place = place_of(table, f"{batch}:{line}")
                ledger.flag(Flaw.PAYLOAD_MISMATCH, place, law="rows 4")
            else:
                said[line] = plain
        if kind == "appeals":
            hold_postings(ledger, batch, said, {*promises} - (lines - stored - missing))
    except StoreRefused as refusal:
        if refusal.code == StoreCode.KEY_WRONG.value:
            place = place_of(DATA_KEYS, "root")
            ledger.flag(Flaw.PAYLOAD_MISMATCH, place, refusal, law="rows 4")


def _said(ledger: Ledger, batch: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield the lines of a batch of appeals with what they say."""
    query = SEALED.where(APPEALS.c.batch == batch).order_by(APPEALS.c.line)
    sealed = list(map(Sealed._make, ledger.connection.execute(query)))
    return ((each.line, plain) for each, plain in plains(ledger, sealed))


def _replied(ledger: Ledger, batch: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield the lines of a batch of answers with what they say."""
    sealed = answer_texts.sealed_in(ledger.connection, batch)
    return ((each.line, plain) for each, plain in answer_texts.plains(ledger, sealed))


#: By kind of facts with encrypted texts: their table, and what reads a batch of them.
_TEXTS: Mapping[
    str,
    tuple[sa.Table, Callable[[Ledger, int], Iterator[tuple[int, bytes | None]]]],
] = {"appeals": (APPEAL_TEXTS, _said), "answers": (ANSWER_TEXTS, _replied)}


#: The tables with encrypted texts.
SEALED_TABLES = tuple(table for table, _ in _TEXTS.values())


def hold_files(ledger: Ledger, known: Iterable[tuple[str, str]]) -> None:
    """Compare attached files with their digests.

    A file that this account can't read may be intact: it has a flaw of its own.
    """
    for about, name in sorted(known):
        try:
            if ledger.shelf is not None:
                ledger.shelf.get(name)
        except HuiminError as refusal:
            unread = refusal.code == StoreCode.ATTACHMENT_UNREAD.value
            flaw = Flaw.FILE_UNREAD if unread else Flaw.FILE_MISMATCH
            place = place_of(ATTACHMENTS, about, name)
            ledger.flag(flaw, place, refusal, law="rows 8")


def hold_book(ledger: Ledger, name: object, place: str) -> bytes | None:
    """Return the text of a stored rulebook, or None if its digest is wrong."""
    ledger.held_books.add(str(name))
    try:
        body = repository.rulebook_body(ledger.connection, str(name))
    except ValueError:  # its bytes are not text
        body = None
    if body is None or digest(body) != name:
        ledger.flag(Flaw.RULEBOOK_MISMATCH, place, name, law="rows 10")
        return None
    return body


#: SQLite's name for the stored type, by the Python type of a column.
_KINDS: dict[type, str] = {int: "integer", str: "text", bytes: "blob"}

#: Tables with temporary rows, on which no decision is based.
_TEMPORARY = (HEARTBEATS, FAILURES, CURSORS, DESTINATIONS, DELIVERIES)

#: The checks of facts and their sums compare types too; the texts of appeals are
#: checked with their batch.
_OTHERS = frozenset(
    {*FACT_TABLES.values(), APPEAL_TEXTS, ANSWER_TEXTS, *ROLLUPS, *_TEMPORARY}
)


def hold_kinds(ledger: Ledger) -> None:
    """Report every column with a value of another type."""
    for table in METADATA.tables.values():
        if table not in _OTHERS:
            for column, kind in odd_kinds(ledger.connection, table):
                place = place_of(table, column)
                ledger.flag(Flaw.COLUMN_MISMATCH, place, kind, law="rows 9")
            ledger.pause()


def odd_kinds(
    connection: Connection, table: sa.Table, *where: sa.ColumnElement[bool]
) -> Iterator[tuple[str, str]]:
    """Yield column and key, and the stored type, of each value of a wrong type."""
    if connection.dialect.name != "sqlite":
        return
    kinds, query = _query_of_kinds(table)
    keys = len(table.primary_key)
    for row in connection.execute(query.where(*where)):
        for (name, kind), stored in zip(kinds.items(), row[keys:], strict=True):
            if stored not in {kind, "null"}:
                yield " ".join([name, *map(str, row[:keys])]), stored


@cache
def _query_of_kinds(table: sa.Table) -> tuple[dict[str, str], sa.Select[Any]]:
    """Return the type of each column, and the query for rows with another type."""
    kinds = {column.name: _KINDS[column.type.python_type] for column in table.columns}
    stored = {name: func.typeof(table.c[name]) for name in kinds}
    odd = sa.or_(
        *((stored[name] != kinds[name]) & (stored[name] != "null") for name in kinds)
    )
    labels = (column.label(f"kind_{name}") for name, column in stored.items())
    return kinds, select(*table.primary_key, *labels).where(odd)
