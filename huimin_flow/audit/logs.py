"""The logs held by their chains: refusals, and first answers to request ids.

1. A log's counter stands at its last row.
2. A log is as each job's event says it was.
3. Its rows are numbered without a gap, and each bears the leaf of the one before.
4. No row waits for its number, save where several write at once.
5. Every request that somebody named has its first answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import RowMapping, select

from huimin_flow.audit.findings import LogHead
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.store import logs, positions
from huimin_flow.store.history import COUNTERS, raw_bytes
from huimin_flow.store.logs import Log

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
            Flaw.LOG_MISMATCH, place, f"huimin_counter: {counted}", law="logs 1"
        )
    if log is logs.REFUSED and ledger.connection.dialect.name == "sqlite":
        given = positions.last_id(ledger.connection, log.table.name) or 0
        if given != max((key for key in keys if isinstance(key, int)), default=0):
            ledger.found(
                Flaw.LOG_MISMATCH, place, f"sqlite_sequence: {given}", law="logs 1"
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
            ledger.found(Flaw.JOB_MISMATCH, f"{stream} logs", error, law="logs 2")
            continue
        if kept.get(n, b"").hex() != head:
            ledger.found(
                Flaw.LOG_MISMATCH, f"{log.table.name} #{n}", stream, law="logs 2"
            )


def _row(ledger: Ledger, log: Log, row: RowMapping, last: int, previous: bytes) -> None:
    place = f"{log.table.name} {row[log.columns[0]]}"
    if row["n"] != last + 1:
        ledger.found(Flaw.LOG_MISMATCH, f"{place} n", last + 1, law="logs 3")
    elif logs.leaf_of(log, previous, last + 1, row) != raw_bytes(row["leaf"]):
        ledger.found(Flaw.LOG_MISMATCH, place, law="logs 3")


def _waiting(ledger: Ledger, log: Log, keys: set[Any]) -> None:
    """Look at rows without a number: none where they are chained as written."""
    query = select(log.table.c[log.columns[0]]).where(log.table.c.n.is_(None))
    for key in ledger.connection.execute(query).scalars():
        keys.add(key)
        if ledger.connection.dialect.name == "sqlite":
            ledger.found(Flaw.LOG_MISMATCH, f"{log.table.name} {key} n", law="logs 4")


def _answered(ledger: Ledger, keys: set[Any]) -> None:
    """Ask for the first answer to every request that somebody named."""
    named = {one for one in map(str, ledger.requests) if not _TOKEN.fullmatch(one)}
    for request in sorted(named - keys):
        ledger.found(Flaw.ROW_MISSING, f"huimin_request {request}", law="logs 5")
