"""What stands beside the history: the schema, counters, marks, kept rulebooks.

1. The schema is its own: tables, columns, indexes, constraints, triggers.
2. A counter stands at the last number that was given by it, and none stands alone.
3. A database says nothing of itself but its purpose.
4. A kept rulebook was activated or proposed, and each of those is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.model.proposal import Proposal
from huimin_flow.store import logs, positions, repository, shape
from huimin_flow.store.history import HEAD
from huimin_flow.streams import number_of

#: Counters that are held elsewhere: positions by the walk, logs by their chains.
_ELSEWHERE = frozenset({HEAD, *(log.counter for log in logs.LOGS)})

#: What a database says of itself.
_MARKS = frozenset({"purpose"})


def hold_schema(ledger: Ledger) -> None:
    """Name what was added to our schema or taken from it: columns to triggers."""
    for place, found, expected in shape.differences(ledger.connection):
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
    table = repository.COUNTERS
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
    marks = ledger.connection.execute(select(repository.META.c.key)).scalars()
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
    query = select(repository.RULEBOOKS.c.digest)
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
