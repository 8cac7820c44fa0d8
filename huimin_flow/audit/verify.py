"""Verify a whole database against its own history.

Every step compares what is stored with what is recomputed; a value of an odd
type is a finding, never a crash.

1. A kept rulebook has the digest under which it lies, and can be read.
2. The counter of positions stands at the last position, and positions have no gap.
3. A leaf is the hash of its header, and a header can be read.
4. Columns beside a header say what it says.
5. A stream's events are numbered without a gap, each bears the leaf before it.
6. A private part opens the commitment in its header.
7. An event names a rulebook that was activated before.
8. What an event holds is of the shape of its kind.
9. A database is for the purpose that its founding says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from huimin_flow.audit.acts import hold_act
from huimin_flow.audit.deciding.lists import hold_lists
from huimin_flow.audit.findings import Report
from huimin_flow.audit.jobs import hold_jobs
from huimin_flow.audit.ledger import Entry, Ledger
from huimin_flow.audit.links import hold_heirs
from huimin_flow.audit.rows import hold_kinds, hold_rows
from huimin_flow.audit.scoring.scores import hold_scores
from huimin_flow.audit.standing import hold_logs, hold_schema, hold_standing
from huimin_flow.audit.streams import (
    hold_header,
    hold_last_serial,
    hold_serial,
    hold_told,
)
from huimin_flow.catalogue.terms import Flaw, Job, State, StreamKind
from huimin_flow.model.core.canonical import commitment, digest, leaf, merkle_root
from huimin_flow.model.core.events import Event
from huimin_flow.model.rulebook import rulebook_from_text
from huimin_flow.store.core import history, positions, repository
from huimin_flow.store.core.tables import RULEBOOKS
from huimin_flow.store.executing.attachments import Shelf
from huimin_flow.streams import STREAMS

#: How many events are read at once.
_SLICE = 1000


def verify(
    connection: Connection,
    shelf: Shelf | None = None,
    *,
    release: bool = False,
    now: datetime | None = None,
) -> Report:
    """Return all that is wrong with a database; nothing is changed.

    ``shelf`` is where attached files lie; without it only their rows are held.
    With ``release`` the connection's transaction ends between slices, so that
    nobody who writes waits for the whole walk; each slice of rows is then held
    against the history up to the moment of that slice. ``now`` is the auditor's
    aware moment, after which nothing can have been recorded; this machine's if None.
    """
    ledger = Ledger(connection, shelf, release=release, now=now)
    hold_schema(ledger)
    hold_kinds(ledger)
    _walk(ledger)
    for stored in history.unplaced(connection):
        _event(ledger, stored)
    heads = hold_logs(ledger, lambda: _walk_on(ledger))
    hold_standing(ledger, lambda: _walk_on(ledger))
    count = hold_rows(ledger, lambda: _walk_on(ledger))
    hold_heirs(ledger)
    hold_jobs(ledger)
    hold_lists(ledger)
    ledger.pause()
    hold_scores(ledger)
    return Report(
        events=len(ledger.leaves),
        items=len(ledger.items),
        facts=count,
        head=merkle_root(ledger.leaves).hex(),
        findings=tuple(ledger.findings),
        logs=heads,
    )


def _walk(ledger: Ledger) -> None:
    """Walk on to the head in slices; the last slice's moment is that of the head."""
    while True:
        ledger.pause()
        _rulebooks(ledger)
        _head(ledger)
        events = history.read_from(ledger.connection, ledger.head, limit=_SLICE)
        for stored in events:
            _event(ledger, stored)
            ledger.head = stored.position or ledger.head
        if len(events) < _SLICE:
            hold_last_serial(ledger)
            return


def _walk_on(ledger: Ledger) -> None:
    """Let writers in, and then walk what they wrote: rows are held beside it."""
    if ledger.sliced:
        _walk(ledger)


def _rulebooks(ledger: Ledger) -> None:
    """Read the rulebooks that are new since the last slice."""
    table = RULEBOOKS
    seen = set(ledger.connection.execute(select(table.c.digest)).scalars())
    for name in sorted(seen - ledger.held_books, key=str):
        ledger.held_books.add(name)
        place = f"huimin_rulebook {str(name)[:12]}"
        query = select(table.c.body).where(table.c.digest == name)
        try:
            written = ledger.connection.execute(query).scalar_one()
            body = str(written).encode(errors="surrogateescape")
            if digest(body) != name:
                ledger.found(Flaw.RULEBOOK_MISMATCH, place, law="verify 1")
                continue
            ledger.books[name] = rulebook_from_text(body)
        except ValueError as error:
            ledger.found(Flaw.RULEBOOK_MISMATCH, place, error, law="verify 1")


def _head(ledger: Ledger) -> None:
    """Hold the counter of positions against the events.

    On PostgreSQL a host's last commits may still wait for their positions.
    """
    counted, placed = positions.stored_head(ledger.connection)
    if counted != placed:
        if not ledger.head:
            ledger.found(
                Flaw.POSITION_GAP, "huimin_counter position", placed, law="verify 2"
            )
    elif ledger.connection.dialect.name == "postgresql":
        ledger.settling = True


def _event(ledger: Ledger, stored: history.Stored) -> None:
    place = f"{stored.stream} #{stored.n}"
    ledger.leaves.append(stored.leaf)
    waits = stored.position is None and ledger.settling
    if not waits:
        _position(ledger, stored.position, place)
    hold_serial(ledger, stored, place)
    if leaf(stored.header) != stored.leaf:
        ledger.found(Flaw.LEAF_MISMATCH, place, law="verify 3")
    try:
        event = history.event_of(stored.header)
        hold_header(ledger, stored, event, place)
    except (ValueError, TypeError, AttributeError) as error:
        ledger.found(Flaw.HEADER_UNREADABLE, place, error, law="verify 3")
        ledger.broken.add(stored.stream)
        return
    columns = _columns(event)
    stamp = columns["at"]
    for name, column in columns.items():
        if getattr(stored, name) != column:
            ledger.found(
                Flaw.COLUMN_MISMATCH, f"{place} {name}", column, law="verify 4"
            )
    n, tail = ledger.tails.get(event.stream, (0, b""))
    if event.n != n + 1 or (event.previous or "") != tail.hex():
        ledger.found(Flaw.CHAIN_BROKEN, place, law="verify 5")
    ledger.tails[event.stream] = (event.n, stored.leaf)
    ledger.latest.append(max([stamp, *ledger.latest[-1:]]))
    ledger.requests.append(event.request)
    _payload(ledger, event, place)
    _meaning(ledger, event, place)


def _position(ledger: Ledger, position: object, place: str) -> None:
    """Ask that a position follows the one before it; a gap is named once."""
    ledger.placed += 1
    if position != ledger.placed:
        ledger.found(Flaw.POSITION_GAP, place, position, law="verify 2")
        ledger.placed = position if isinstance(position, int) else ledger.placed


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
    """Open a private part; rows that no event vouches for are found among rows."""
    if event.private is None:
        return
    ledger.payloads.add((event.stream, event.n))
    kept = history.payload_of(ledger.connection, event.stream, event.n)
    if kept is None or commitment(*kept).hex() != event.private:
        ledger.found(Flaw.PAYLOAD_MISMATCH, place, law="verify 6")


def _meaning(ledger: Ledger, event: Event, place: str) -> None:
    kind, rest = StreamKind.parse(event.stream)
    public = event.public
    try:
        activated = {digest for *_, digest in ledger.activations}
        if kind is StreamKind.RULEBOOK:
            activated.add(str(public["digest"]))
        if event.rulebook not in activated & ledger.books.keys():
            ledger.found(Flaw.RULEBOOK_MISMATCH, place, event.rulebook, law="verify 7")
        hold_told(ledger, event, place)
        if kind is not None and STREAMS[kind].record:
            ledger.records[event.stream] = {
                "kind": public["kind"],
                "about": public["about"],
                "version": event.n,
                "body": repository.text_of(public["value"]),
            }
        hold_act(ledger, event, place)
        if kind is StreamKind.RULEBOOK:
            _activated(ledger, event)
        elif kind is StreamKind.BATCH:
            name, number = str(public["kind"]), int(public["batch"])
            ledger.batches.append((name, number, public["root"], public["count"]))
        elif kind is StreamKind.JOB:
            job, _, period = rest.partition("/")
            ledger.jobs[job, period] = Entry(
                said=public,
                rulebook=str(event.rulebook),
                at=history.moment_text(event.at),
                position=len(ledger.leaves),
                request=event.request,
                states=_states(ledger) if job == Job.LISTING_REMINDER else {},
            )
        elif kind is StreamKind.ATTACHMENT:
            ledger.attachments[rest, str(public["digest"])] = dict(public)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        ledger.found(Flaw.ILLEGAL_EVENT, place, error, law="verify 8")
        ledger.broken.add(event.stream)


def _states(ledger: Ledger) -> Mapping[State, int]:
    """Count the items by state where the walk stands."""
    return Counter(one.state for one in ledger.items.values())


def _activated(ledger: Ledger, event: Event) -> None:
    if event.n == 1:
        ledger.purpose = str(event.public.get("purpose"))
        if ledger.purpose != repository.meta(ledger.connection, "purpose"):
            ledger.found(
                Flaw.ROW_MISMATCH, "huimin_meta purpose", ledger.purpose, law="verify 9"
            )
    before = [moment for _, moment, _ in ledger.activations[-1:]]
    entry = (len(ledger.leaves), max([event.at, *before]), str(event.public["digest"]))
    ledger.activations.append(entry)
