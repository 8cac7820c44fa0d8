"""What stands beside the history: schema, counters, marks, rulebooks, logs.

1. The schema is its own: tables, columns, indexes, constraints, triggers.
2. A counter stands at the last number that was given by it, and none stands alone.
3. A database says nothing of itself but its purpose.
4. A kept rulebook was activated or proposed, and each of those is kept.
5. The counter of a log (refusals; first answers to request ids) stands at its last row.
6. A log is as each job's event says it was.
7. Its rows are numbered without a gap, and each bears the leaf of the one before.
8. No row waits for its number, save where several write at once.
9. Every request that somebody named has its first answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import RowMapping, select

from huimin_flow.audit.findings import LogHead
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.store.core import logs, positions, repository, schema
from huimin_flow.store.core.history import HEAD, raw_bytes
from huimin_flow.store.core.logs import Log
from huimin_flow.store.core.tables import COUNTERS, META, RULEBOOKS
from huimin_flow.streams import number_of

#: Counters that are held elsewhere: positions by the walk, logs by their chains.
_ELSEWHERE = frozenset({HEAD, *(log.counter for log in logs.LOGS)})

#: What a database says of itself.
_MARKS = frozenset({"purpose"})


def hold_schema(ledger: Ledger) -> None:
    """Name what was added to our schema or taken from it: columns to triggers."""
    for place, found, expected in schema.differences(ledger.connection):
        ledger.found(
            Flaw.SCHEMA_MISMATCH,
            place,
            f"{found or '-'} ≠ {expected or '-'}",
            law="standing 1",
        )


def hold_standing(ledger: Ledger, walk_on: Callable[[], None]) -> None:
    """Hold counters, marks and rulebooks against the history up to this moment."""
    walk_on()
    _counters(ledger)
    _marks(ledger)
    _rulebooks(ledger)


def _counters(ledger: Ledger) -> None:
    """Ask that each counter stands at the last number that was given by it."""
    expected: dict[str, int] = {}
    for stream in ledger.tails:
        told = number_of(stream)
        if told is not None:
            name, number = told
            expected[name] = max(expected.get(name, 0), number)
    for name in sorted(expected):
        sequence = repository.sequence_of(ledger.connection, name)
        if sequence is not None:
            _sequence(ledger, sequence, expected.pop(name))
    table = COUNTERS
    query = select(table.c.name, table.c.value).where(table.c.name.not_in(_ELSEWHERE))
    stored = {row.name: row.value for row in ledger.connection.execute(query)}
    for name in sorted({*stored, *expected}, key=str):
        place = f"huimin_counter {name}"
        if name not in expected:
            ledger.found(Flaw.ROW_STRAY, place, law="standing 2")
        elif name not in stored:
            ledger.found(Flaw.ROW_MISSING, place, law="standing 2")
        elif stored[name] != expected[name]:
            ledger.found(
                Flaw.ROW_MISMATCH, f"{place} value", expected[name], law="standing 2"
            )


def _sequence(ledger: Ledger, sequence: str, number: int) -> None:
    """Ask that a sequence has given a number; it may have given more."""
    given = positions.last_value(ledger.connection, sequence)
    if given is not None and given < number:
        place = f"{sequence} last_value"
        ledger.found(Flaw.ROW_MISMATCH, place, number, law="standing 2")


def _marks(ledger: Ledger) -> None:
    marks = ledger.connection.execute(select(META.c.key)).scalars()
    for key in sorted(set(marks) - _MARKS, key=str):
        ledger.found(Flaw.ROW_STRAY, f"huimin_meta {key}", law="standing 3")


def _rulebooks(ledger: Ledger) -> None:
    """Ask that each kept rulebook was activated or proposed, and is there."""
    known = {digest for *_, digest in ledger.activations} | {
        digest
        for record in ledger.records.values()
        if record["kind"] == Proposal.__name__
        for digest in _proposed(json.loads(record["body"]))
    }
    query = select(RULEBOOKS.c.digest)
    kept = set(ledger.connection.execute(query).scalars())
    for digest in sorted(kept - known, key=str):
        ledger.found(
            Flaw.ROW_STRAY, f"huimin_rulebook {str(digest)[:12]}", law="standing 4"
        )
    for digest in sorted(known - kept):
        ledger.found(
            Flaw.ROW_MISSING, f"huimin_rulebook {digest[:12]}", law="standing 4"
        )


def _proposed(proposal: Any) -> list[str]:
    """Return the digest a proposal names; a forged one may be of any shape."""
    try:
        digest = proposal["values"]["digest"]
    except (KeyError, TypeError):
        return []
    return [str(digest)] if proposal.get("act") == "activate" else []


#: How many rows are held at once.
_SLICE = 2000

#: What a request is called that nobody may ask for again (``Clock.token``).
_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)


def hold_logs(ledger: Ledger, walk_on: Callable[[], None]) -> tuple[LogHead, ...]:
    """Hold every log's rows against their chain; return what each ends with.

    ``walk_on`` lets writers in and walks what they wrote. Where there are many
    writers, rows at the end may still wait for their numbers.
    """
    heads = []
    for log in logs.LOGS:
        keys: set[Any] = set()
        heads.append(_chained(ledger, log, walk_on, keys))
        _waiting(ledger, log, keys)
        if log is logs.ANSWERED:
            _answered(ledger, keys)
    return tuple(heads)


def _chained(
    ledger: Ledger, log: Log, walk_on: Callable[[], None], keys: set[Any]
) -> LogHead:
    """Walk a chain in slices; the last slice's moment is that of the counter."""
    columns = [log.table.c[name] for name in (*log.columns, "n", "leaf")]
    query = select(*columns).where(log.table.c.n.is_not(None)).order_by(log.table.c.n)
    last, previous, seen = 0, b"", 0
    kept: dict[int, bytes] = {}
    while True:
        walk_on()
        page = query.limit(_SLICE).offset(seen)
        rows = list(ledger.connection.execute(page).mappings())
        for row in rows:
            _row(ledger, log, row, last, previous)
            last = row["n"] if isinstance(row["n"], int) else last + 1
            previous = kept[last] = raw_bytes(row["leaf"])
            keys.add(row[log.columns[0]])
        seen += len(rows)
        if len(rows) < _SLICE:
            break
    counter = select(COUNTERS.c.value).where(COUNTERS.c.name == log.counter)
    counted = ledger.connection.execute(counter).scalar()
    place = f"{log.table.name} #{last}"
    if counted != last:
        ledger.found(
            Flaw.LOG_MISMATCH, place, f"huimin_counter: {counted}", law="standing 5"
        )
    if log is logs.REFUSED and ledger.connection.dialect.name == "sqlite":
        given = positions.last_id(ledger.connection, log.table.name) or 0
        if given != max((key for key in keys if isinstance(key, int)), default=0):
            ledger.found(
                Flaw.LOG_MISMATCH, place, f"sqlite_sequence: {given}", law="standing 5"
            )
    _anchored(ledger, log, kept)
    return LogHead(log=log.table.name, rows=seen, head=previous.hex())


def _anchored(ledger: Ledger, log: Log, kept: dict[int, bytes]) -> None:
    """Hold a log against what each job's event says of it as it was then."""
    for key, entry in sorted(ledger.jobs.items()):
        stream = StreamKind.JOB.key(*key)
        try:
            said = entry.said["logs"][log.counter]
            n, head = int(said["rows"]), str(said["head"])
        except (KeyError, TypeError, ValueError) as error:
            ledger.found(Flaw.JOB_MISMATCH, f"{stream} logs", error, law="standing 6")
            continue
        if kept.get(n, b"").hex() != head:
            ledger.found(
                Flaw.LOG_MISMATCH, f"{log.table.name} #{n}", stream, law="standing 6"
            )


def _row(ledger: Ledger, log: Log, row: RowMapping, last: int, previous: bytes) -> None:
    place = f"{log.table.name} {row[log.columns[0]]}"
    if row["n"] != last + 1:
        ledger.found(Flaw.LOG_MISMATCH, f"{place} n", last + 1, law="standing 7")
    elif logs.leaf_of(log, previous, last + 1, row) != raw_bytes(row["leaf"]):
        ledger.found(Flaw.LOG_MISMATCH, place, law="standing 7")


def _waiting(ledger: Ledger, log: Log, keys: set[Any]) -> None:
    """Look at rows without a number: none where they are chained as written."""
    query = select(log.table.c[log.columns[0]]).where(log.table.c.n.is_(None))
    for key in ledger.connection.execute(query).scalars():
        keys.add(key)
        if ledger.connection.dialect.name == "sqlite":
            ledger.found(
                Flaw.LOG_MISMATCH, f"{log.table.name} {key} n", law="standing 8"
            )


def _answered(ledger: Ledger, keys: set[Any]) -> None:
    """Ask for the first answer to every request that somebody named."""
    named = {one for one in map(str, ledger.requests) if not _TOKEN.fullmatch(one)}
    for request in sorted(named - keys):
        ledger.found(Flaw.ROW_MISSING, f"huimin_request {request}", law="standing 9")
