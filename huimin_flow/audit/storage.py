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

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from huimin_flow.audit.findings import LogHead
from huimin_flow.audit.ledger import Ledger
from huimin_flow.audit.rows import hold_table, place_of, slices
from huimin_flow.catalogue.terms import Flaw, ProposalField, StreamKind, TwoPeople
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.store.core import logs, positions, repository, schema
from huimin_flow.store.core.history import HEAD, raw_bytes
from huimin_flow.store.core.logs import Log
from huimin_flow.store.core.tables import COUNTERS, META, RULEBOOKS
from huimin_flow.streams import number_of

#: Counters that are held elsewhere: positions by the walk, logs by their chains.
_ELSEWHERE = frozenset({HEAD, *(log.counter for log in logs.LOGS)})

#: The ids of requests that have no name of their own, as ``Clock.token`` makes them.
_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)


def hold_schema(ledger: Ledger) -> None:
    """Name what was added to our schema or taken from it: columns to triggers."""
    for place, stored, expected in schema.differences(ledger.connection):
        detail = f"{stored or '-'} ≠ {expected or '-'}"
        ledger.flag(Flaw.SCHEMA_MISMATCH, place, detail, law="storage 1")


def hold_standing(ledger: Ledger, walk_on: Callable[[], None]) -> None:
    """Hold counters, marks and rulebooks against the history up to this moment."""
    walk_on()
    numbers: dict[str, int] = {}
    for counter, number in filter(None, map(number_of, ledger.tails)):
        numbers[counter] = max(numbers.get(counter, 0), number)
    for counter in sorted(numbers):
        sequence = repository.sequence_of(ledger.connection, counter)
        if sequence is not None:
            number = numbers.pop(counter)
            # A sequence may have given more: a row may have been rolled back.
            last = positions.last_value(ledger.connection, sequence)
            if last is not None and last < number:
                place = f"{sequence} last_value"
                ledger.flag(Flaw.ROW_MISMATCH, place, number, law="storage 2")
    counters = select(COUNTERS).where(COUNTERS.c.name.not_in(_ELSEWHERE))
    rows = ledger.connection.execute(counters).mappings()
    values = {counter: {"value": number} for counter, number in numbers.items()}
    hold_table(ledger, COUNTERS, rows, values, law="storage 2")
    rows = ledger.connection.execute(select(META.c.key)).mappings()
    hold_table(ledger, META, rows, {"purpose": {}}, law="storage 3")
    books = {digest for *_, digest in ledger.activations} | {
        held.values.get(ProposalField.DIGEST, "")
        for held in ledger.values.values()
        if isinstance(held, Proposal) and held.act == TwoPeople.ACTIVATE
    }
    rows = ledger.connection.execute(select(RULEBOOKS.c.digest)).mappings()
    hold_table(ledger, RULEBOOKS, rows, {key: {} for key in books}, law="storage 4")


def hold_logs(ledger: Ledger, walk_on: Callable[[], None]) -> tuple[LogHead, ...]:
    """Hold every log's rows against their chain; return what each ends with.

    ``walk_on`` lets writers in and walks what they wrote. Where there are many
    writers, rows at the end may still wait for their numbers.
    """
    heads = []
    for log in logs.LOGS:
        table, key = log.table, log.table.c[log.columns[0]]
        keys, leaves = _walk_chain(ledger, log, walk_on)
        last = max(leaves)
        place = f"{table.name} #{last}"
        heads.append(LogHead(log=table.name, rows=len(keys), head=leaves[last].hex()))
        counter = select(COUNTERS.c.value).where(COUNTERS.c.name == log.counter)
        counted = ledger.connection.execute(counter).scalar()
        if counted != last:
            detail = f"huimin_counter: {counted}"
            ledger.flag(Flaw.LOG_MISMATCH, place, detail, law="storage 5")
        if log is logs.REFUSED and ledger.one_writer:
            numbered = positions.last_id(ledger.connection, table.name) or 0
            if numbered != max(
                (key for key in keys if isinstance(key, int)), default=0
            ):
                detail = f"sqlite_sequence: {numbered}"
                ledger.flag(Flaw.LOG_MISMATCH, place, detail, law="storage 5")
        _hold_anchors(ledger, log, leaves)
        waiting = select(key).where(table.c.n.is_(None))
        for name in ledger.connection.execute(waiting).scalars():
            keys.add(name)
            if ledger.one_writer:
                place = f"{place_of(table, name)} n"
                ledger.flag(Flaw.LOG_MISMATCH, place, law="storage 8")
        if log is logs.ANSWERED:
            named = {
                request
                for request in map(str, ledger.requests)
                if not _TOKEN.fullmatch(request)
            }
            for request in sorted(named - keys):
                place = place_of(table, request)
                ledger.flag(Flaw.ROW_MISSING, place, law="storage 9")
    return tuple(heads)


def _walk_chain(
    ledger: Ledger, log: Log, walk_on: Callable[[], None]
) -> tuple[set[Any], dict[int, bytes]]:
    """Hold a log's rows against each other; return their keys, and leaves by number."""
    n = log.table.c.n
    columns = [log.table.c[name] for name in (*log.columns, "n", "leaf")]
    query = select(*columns).where(n.is_not(None)).order_by(n)
    keys: set[Any] = set()
    leaves, last = {0: b""}, 0
    for row in slices(ledger, query, walk_on):
        place = place_of(log.table, row[log.columns[0]])
        stored = raw_bytes(row["leaf"])
        if row["n"] != last + 1:
            ledger.flag(Flaw.LOG_MISMATCH, f"{place} n", last + 1, law="storage 7")
        elif logs.leaf_of(log, leaves[last], last + 1, row) != stored:
            ledger.flag(Flaw.LOG_MISMATCH, place, law="storage 7")
        last = row["n"] if isinstance(row["n"], int) else last + 1
        leaves[last] = stored
        keys.add(row[log.columns[0]])
    return keys, leaves


def _hold_anchors(ledger: Ledger, log: Log, leaves: dict[int, bytes]) -> None:
    """Hold a log against what each job's event says of it as it was then."""
    for key, entry in sorted(ledger.jobs.items()):
        stream = StreamKind.JOB.key(*key)
        try:
            anchor = entry.public["logs"][log.counter]
            n, head = int(anchor["rows"]), str(anchor["head"])
        except (LookupError, TypeError, ValueError) as error:
            ledger.flag(Flaw.JOB_MISMATCH, f"{stream} logs", error, law="storage 6")
            continue
        if leaves.get(n, b"").hex() != head:
            place = f"{log.table.name} #{n}"
            ledger.flag(Flaw.LOG_MISMATCH, place, stream, law="storage 6")
