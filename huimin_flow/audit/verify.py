"""Verify a whole database against its own history (RELIABILITY §2c).

Every step compares what is stored with what is recomputed; a value of an odd
type is a finding, never a crash.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from huimin_flow.audit.findings import Flaw, Report
from huimin_flow.audit.ledger import Ledger
from huimin_flow.audit.lists import hold_lists
from huimin_flow.audit.rows import hold_rows
from huimin_flow.audit.scores import KINDS, hold_scores
from huimin_flow.errors import InputRefused
from huimin_flow.model.canonical import commitment, digest, leaf, merkle_root
from huimin_flow.model.event import Event
from huimin_flow.model.plain import from_plain
from huimin_flow.model.verdict import Verdict
from huimin_flow.rules.catalog import REGISTRY, rederive
from huimin_flow.settings import rulebook_from_text
from huimin_flow.states.evolve import evolve
from huimin_flow.states.table import LIFE
from huimin_flow.store import history, positions, repository
from huimin_flow.store.shelf import Shelf

_ARCS = {
    (arc.step.value, arc.source and arc.source.value, arc.target.value) for arc in LIFE
}


def verify(connection: Connection, shelf: Shelf | None = None) -> Report:
    """Return all that is wrong with a database; nothing is changed.

    ``shelf`` is where attached files lie; without it only their rows are held.
    """
    ledger = Ledger(connection, shelf)
    _rulebooks(ledger)
    _head(ledger)
    for stored in _stored_events(connection):
        _event(ledger, stored)
    count = hold_rows(ledger)
    hold_lists(ledger)
    hold_scores(ledger)
    return Report(
        events=len(ledger.leaves),
        items=len(ledger.items),
        facts=count,
        head=merkle_root(ledger.leaves).hex(),
        findings=tuple(ledger.findings),
    )


def _stored_events(connection: Connection) -> Iterator[history.Stored]:
    """Yield every event in its order, and then those without a position."""
    yield from history.all_events(connection)
    yield from history.unplaced(connection)


def _rulebooks(ledger: Ledger) -> None:
    table = repository.RULEBOOKS
    for row in ledger.connection.execute(select(table)):
        place = f"huimin_rulebook {row.digest[:12]}"
        try:
            body = str(row.body).encode(errors="surrogateescape")
            if digest(body) != row.digest:
                ledger.found(Flaw.RULEBOOK_MISMATCH, place)
                continue
            ledger.books[row.digest] = rulebook_from_text(body)
        except ValueError as error:
            ledger.found(Flaw.RULEBOOK_MISMATCH, place, error)


def _head(ledger: Ledger) -> None:
    """Hold the counter of positions against the events.

    On PostgreSQL a host's last commits may still wait for their positions.
    """
    counted, placed = positions.head_and_last(ledger.connection)
    if counted != placed:
        ledger.found(Flaw.POSITION_GAP, "huimin_counter position", placed)
    elif ledger.connection.dialect.name == "postgresql":
        ledger.settling = True


def _event(ledger: Ledger, stored: history.Stored) -> None:
    place = f"{stored.stream} #{stored.n}"
    ledger.leaves.append(stored.leaf)
    waits = stored.position is None and ledger.settling
    if stored.position != len(ledger.leaves) and not waits:
        ledger.found(Flaw.POSITION_GAP, place, stored.position)
    if leaf(stored.header) != stored.leaf:
        ledger.found(Flaw.LEAF_MISMATCH, place)
    try:
        event = history.event_of(stored.header)
    except ValueError as error:
        ledger.found(Flaw.HEADER_UNREADABLE, place, error)
        ledger.broken.add(stored.stream)
        return
    for name, column in _columns(event).items():
        if getattr(stored, name) != column:
            ledger.found(Flaw.COLUMN_MISMATCH, f"{place} {name}", column)
    n, tail = ledger.tails.get(event.stream, (0, b""))
    if event.n != n + 1 or (event.previous or "") != tail.hex():
        ledger.found(Flaw.CHAIN_BROKEN, place)
    ledger.tails[event.stream] = (event.n, stored.leaf)
    _payload(ledger, event, place)
    _meaning(ledger, event, place)


def _columns(event: Event) -> dict[str, Any]:
    return {
        "stream": event.stream,
        "n": event.n,
        "step": event.step,
        "target": event.target,
        "at": history.moment_text(event.at),
        "request": event.request,
    }


def _payload(ledger: Ledger, event: Event, place: str) -> None:
    kept = history.payload_of(ledger.connection, event.stream, event.n)
    if kept is not None and commitment(*kept).hex() != event.private:
        ledger.found(Flaw.PAYLOAD_MISMATCH, place)


def _meaning(ledger: Ledger, event: Event, place: str) -> None:
    if event.rulebook not in ledger.books:
        ledger.found(Flaw.RULEBOOK_MISMATCH, place, event.rulebook)
    kind, _, rest = event.stream.partition("/")
    public = event.public
    try:
        if kind == "item":
            _fold(ledger, event, rest, place)
        elif kind == "batch":
            name, number = str(public["kind"]), int(public["batch"])
            ledger.batches.append((name, number, public["root"], public["count"]))
        elif kind == "job":
            job, _, period = rest.partition("/")
            ledger.jobs[job, period] = dict(public) | {"rulebook": event.rulebook}
        elif kind == "attachment":
            ledger.attachments[rest, str(public["digest"])] = dict(public)
        elif event.stream != "rulebook":
            ledger.records[event.stream] = {
                "kind": public["kind"],
                "about": public["about"],
                "version": event.n,
                "body": repository.text_of(public["value"]),
            }
            if kind in KINDS:
                ledger.published.append(
                    (kind, dict(public["value"]), str(event.rulebook))
                )
            if event.step == "freeze":
                ledger.frozen[event.stream] = dict(public["value"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        ledger.found(Flaw.ILLEGAL_EVENT, place, error)
        ledger.broken.add(event.stream)


def _fold(ledger: Ledger, event: Event, number: str, place: str) -> None:
    if event.stream in ledger.broken:
        return
    if (event.step, event.source, event.target) not in _ARCS:
        raise ValueError(f"{event.source} –{event.step}→ {event.target}")
    ledger.items[number] = evolve(ledger.items.get(number), event)
    if event.verdict is None:
        return
    verdict = from_plain(Verdict, event.verdict)
    book = ledger.books.get(event.rulebook or "")
    if book is None or (verdict.rule, verdict.revision) not in REGISTRY:
        return
    try:
        again = rederive(verdict, book.rules)
    except InputRefused as refusal:
        ledger.found(Flaw.DECISION_MISMATCH, place, refusal)
        return
    if again != verdict:
        ledger.found(Flaw.DECISION_MISMATCH, place, again.score)
