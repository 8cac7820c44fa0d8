"""Everything beside the history: schema, counters, purpose, rulebooks, logs.

1. The schema has exactly our tables, columns, indexes, constraints and triggers.
2. A counter equals the last number in use, and there is no other counter.
3. The database has no facts about itself except its purpose.
4. A stored rulebook was activated or proposed, and each of those is stored.
5. The counter of a log (refusals; first answers to request ids) equals its last row.
6. A log agrees with the row count and leaf that each job's event states.
7. Its rows are numbered without a gap, and each leaf covers the leaf before it.
8. No row is without a number, unless several writers are possible.
9. Every request with an id of the caller's choice has its first answer.
"""

from __future__ import annotations

from sqlalchemy import select

from huimin_flow.audit.findings import AuditLogHead
from huimin_flow.audit.ledger import Ledger
from huimin_flow.audit.rows import hold_table, place_of, slices
from huimin_flow.catalogue.terms import Flaw, ProposalField, StreamKind, TwoPeople
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.store import schema
from huimin_flow.store.core import logs, positions
from huimin_flow.store.core.history import HEAD, raw_bytes
from huimin_flow.store.core.logs import Log
from huimin_flow.store.core.tables import COUNTERS, META, RULEBOOKS
from huimin_flow.stream_names import number_of

#: Counters checked elsewhere: positions by the walk, logs by their chains.
_CHECKED_ELSEWHERE = frozenset({HEAD, *(log.counter for log in logs.LOGS)})


def hold_schema(ledger: Ledger) -> None:
    """Report every part that was added to our schema or removed from it."""
    for place, stored, expected in schema.differences(ledger.connection):
        detail = f"{stored or '-'} ≠ {expected or '-'}"
        ledger.flag(Flaw.SCHEMA_MISMATCH, place, detail, law="storage 1")


def hold_counters(ledger: Ledger) -> None:
    """Compare counters, purpose and rulebooks with the history up to this moment."""
    ledger.walk_on()
    numbers: dict[str, int] = {}
    for counter, number in filter(None, map(number_of, ledger.tails)):
        numbers[counter] = max(numbers.get(counter, 0), number)
    for counter in sorted(numbers):
        sequence = positions.sequence_of(ledger.connection, counter)
        if sequence is not None:
            number = numbers.pop(counter)
            # A sequence may be higher: a rolled-back row leaves its number unused.
            last = positions.last_value(ledger.connection, sequence)
            if last is not None and last < number:
                place = f"{sequence} last_value"
                ledger.flag(Flaw.ROW_MISMATCH, place, number, law="storage 2")
    counters = select(COUNTERS).where(COUNTERS.c.name.not_in(_CHECKED_ELSEWHERE))
    rows = ledger.connection.execute(counters).mappings()
    values = {counter: {"value": number} for counter, number in numbers.items()}
    hold_table(ledger, COUNTERS, rows, values, law="storage 2")
    rows = ledger.connection.execute(select(META.c.key)).mappings()
    hold_table(ledger, META, rows, {"purpose": {}}, law="storage 3")
    books = {digest for *_, digest in ledger.activations} | {
        proposal.values.get(ProposalField.DIGEST, "")
        for proposal in ledger.values.values()
        if isinstance(proposal, Proposal) and proposal.act == TwoPeople.ACTIVATE
    }
    rows = ledger.connection.execute(select(RULEBOOKS.c.digest)).mappings()
    hold_table(ledger, RULEBOOKS, rows, {key: {} for key in books}, law="storage 4")


def hold_logs(ledger: Ledger) -> tuple[AuditLogHead, ...]:
    """Check the chain of every log; return the head of each.

    With several writers, the last rows may not have a number yet.
    """
    heads = []
    for log in logs.LOGS:
        table, key = log.table, log.table.c[log.columns[0]]
        head, last, highest = _walk_chain(ledger, log)
        heads.append(head)
        place = f"{table.name} #{last}"
        counter = select(COUNTERS.c.value).where(COUNTERS.c.name == log.counter)
        counted = ledger.connection.execute(counter).scalar()
        if counted != last:
            detail = f"huimin_counter: {counted}"
            ledger.flag(Flaw.LOG_MISMATCH, place, detail, law="storage 5")
        if log is logs.REFUSED and ledger.one_writer:
            numbered = positions.last_id(ledger.connection, table.name) or 0
            if numbered != highest:
                detail = f"sqlite_sequence: {numbered}"
                ledger.flag(Flaw.LOG_MISMATCH, place, detail, law="storage 5")
        _check_anchors(ledger, log, last)
        unnumbered = select(key).where(table.c.n.is_(None))
        for name in ledger.connection.execute(unnumbered).scalars():
            if ledger.one_writer:
                place = f"{place_of(table, name)} n"
                ledger.flag(Flaw.LOG_MISMATCH, place, law="storage 8")
        if log is logs.ANSWERED:
            for request in sorted(ledger.unanswered):
                place = place_of(table, request)
                ledger.flag(Flaw.ROW_MISSING, place, law="storage 9")
    return tuple(heads)


def _walk_chain(ledger: Ledger, log: Log) -> tuple[AuditLogHead, int, int]:
    """Check a log's chain; return its head, its last number and its highest key."""
    n = log.table.c.n
    columns = [log.table.c[name] for name in (*log.columns, "n", "leaf")]
    query = select(*columns).where(n.is_not(None))
    head, count, last, highest = b"", 0, 0, 0
    for row in slices(ledger, query, n):
        place = place_of(log.table, row[log.columns[0]])
        stored = raw_bytes(row["leaf"])
        if row["n"] != last + 1:
            ledger.flag(Flaw.LOG_MISMATCH, f"{place} n", last + 1, law="storage 7")
        elif logs.leaf_of(log, head, last + 1, row) != stored:
            ledger.flag(Flaw.LOG_MISMATCH, place, law="storage 7")
        last = row["n"] if isinstance(row["n"], int) else last + 1
        head, count = stored, count + 1
        key = row[log.columns[0]]
        if isinstance(key, int):
            highest = max(key, highest)
    return AuditLogHead(log=log.table.name, rows=count, head=head.hex()), last, highest


def _check_anchors(ledger: Ledger, log: Log, last: int) -> None:
    """Compare a log with the row count and leaf that each job's event states."""
    for key, entry in sorted(ledger.jobs.items()):
        stream = StreamKind.JOB.key(*key)
        try:
            anchor = entry.public["logs"][log.counter]
            n, head = int(anchor["rows"]), str(anchor["head"])
        except (LookupError, TypeError, ValueError) as error:
            ledger.flag(Flaw.JOB_MISMATCH, f"{stream} logs", error, law="storage 6")
            continue
        stored = logs.leaf_at(ledger.connection, log, n) if 0 < n <= last else b""
        if stored.hex() != head:
            place = f"{log.table.name} #{n}"
            ledger.flag(Flaw.LOG_MISMATCH, place, stream, law="storage 6")
