"""Verify a whole database against its own history.

Every step compares what is stored with what is recomputed; a value of an odd
type is a finding, never a crash.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from huimin_flow.audit.acts import hold_act
from huimin_flow.audit.findings import Report
from huimin_flow.audit.headers import hold_header, hold_told
from huimin_flow.audit.jobs import hold_jobs
from huimin_flow.audit.kinds import hold_kinds
from huimin_flow.audit.ledger import Entry, Frozen, Ledger
from huimin_flow.audit.lists import hold_lists
from huimin_flow.audit.logs import hold_logs
from huimin_flow.audit.rows import hold_rows
from huimin_flow.audit.scores import KINDS, hold_scores
from huimin_flow.audit.serials import hold_last_serial, hold_serial
from huimin_flow.audit.standing import hold_schema, hold_standing
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.model.canonical import commitment, digest, leaf, merkle_root
from huimin_flow.model.event import Event
from huimin_flow.model.rulebook import rulebook_from_text
from huimin_flow.store import history, positions, repository
from huimin_flow.store.shelf import Shelf
from huimin_flow.streams import STREAMS

#: How many events are read at once.
_SLICE = 1000


def verify(
    connection: Connection, shelf: Shelf | None = None, *, release: bool = False
) -> Report:
    """Return all that is wrong with a database; nothing is changed.

    ``shelf`` is where attached files lie; without it only their rows are held.
    With ``release`` the connection's transaction ends between slices, so that
    nobody who writes waits for the whole walk; each slice of rows is then held
    against the history up to the moment of that slice.
    """
    ledger = Ledger(connection, shelf, release=release)
    hold_schema(ledger)
    hold_kinds(ledger)
    _walk(ledger)
    for stored in history.unplaced(connection):
        _event(ledger, stored)
    heads = hold_logs(ledger, lambda: _walk_on(ledger))
    hold_standing(ledger, lambda: _walk_on(ledger))
    count = hold_rows(ledger, lambda: _walk_on(ledger))
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
    table = repository.RULEBOOKS
    seen = set(ledger.connection.execute(select(table.c.digest)).scalars())
    for name in sorted(seen - ledger.held_books, key=str):
        ledger.held_books.add(name)
        place = f"huimin_rulebook {str(name)[:12]}"
        query = select(table.c.body).where(table.c.digest == name)
        try:
            written = ledger.connection.execute(query).scalar_one()
            body = str(written).encode(errors="surrogateescape")
            if digest(body) != name:
                ledger.found(Flaw.RULEBOOK_MISMATCH, place)
                continue
            ledger.books[name] = rulebook_from_text(body)
        except ValueError as error:
            ledger.found(Flaw.RULEBOOK_MISMATCH, place, error)


def _head(ledger: Ledger) -> None:
    """Hold the counter of positions against the events.

    On PostgreSQL a host's last commits may still wait for their positions.
    """
    counted, placed = positions.stored_head(ledger.connection)
    if counted != placed:
        if not ledger.head:
            ledger.found(Flaw.POSITION_GAP, "huimin_counter position", placed)
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
        ledger.found(Flaw.LEAF_MISMATCH, place)
    try:
        event = history.event_of(stored.header)
        hold_header(ledger, stored, event, place)
    except (ValueError, TypeError, AttributeError) as error:
        ledger.found(Flaw.HEADER_UNREADABLE, place, error)
        ledger.broken.add(stored.stream)
        return
    columns = _columns(event)
    stamp = columns["at"]
    for name, column in columns.items():
        if getattr(stored, name) != column:
            ledger.found(Flaw.COLUMN_MISMATCH, f"{place} {name}", column)
    n, tail = ledger.tails.get(event.stream, (0, b""))
    if event.n != n + 1 or (event.previous or "") != tail.hex():
        ledger.found(Flaw.CHAIN_BROKEN, place)
    ledger.tails[event.stream] = (event.n, stored.leaf)
    ledger.latest.append(max([stamp, *ledger.latest[-1:]]))
    ledger.requests.append(event.request)
    _payload(ledger, event, place)
    _meaning(ledger, event, place)


def _position(ledger: Ledger, position: object, place: str) -> None:
    """Ask that a position follows the one before it; a gap is named once."""
    ledger.placed += 1
    if position != ledger.placed:
        ledger.found(Flaw.POSITION_GAP, place, position)
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
        ledger.found(Flaw.PAYLOAD_MISMATCH, place)


def _meaning(ledger: Ledger, event: Event, place: str) -> None:
    kind, rest = StreamKind.parse(event.stream)
    public = event.public
    try:
        activated = {digest for *_, digest in ledger.activations}
        if kind is StreamKind.RULEBOOK:
            activated.add(str(public["digest"]))
        if event.rulebook not in activated & ledger.books.keys():
            ledger.found(Flaw.RULEBOOK_MISMATCH, place, event.rulebook)
        hold_told(ledger, event, place)
        if kind is not None and STREAMS[kind].record:
            _record(ledger, event, kind)
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
            )
        elif kind is StreamKind.ATTACHMENT:
            ledger.attachments[rest, str(public["digest"])] = dict(public)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        ledger.found(Flaw.ILLEGAL_EVENT, place, error)
        ledger.broken.add(event.stream)


def _activated(ledger: Ledger, event: Event) -> None:
    kept, said = repository.meta(ledger.connection, "purpose"), None
    if event.n == 1 and (said := event.public.get("purpose")) != kept:
        ledger.found(Flaw.ROW_MISMATCH, "huimin_meta purpose", said)
    before = [moment for _, moment, _ in ledger.activations[-1:]]
    entry = (len(ledger.leaves), max([event.at, *before]), str(event.public["digest"]))
    ledger.activations.append(entry)


def _record(ledger: Ledger, event: Event, kind: StreamKind) -> None:
    public = event.public
    body = public["value"]
    if event.step == "freeze":
        known = ledger.records.get(event.stream)
        stood = () if known is None else json.loads(known["body"])["places"]
        ledger.frozen[event.stream] = Frozen(value=body, before=tuple(stood))
    ledger.records[event.stream] = {
        "kind": public["kind"],
        "about": public["about"],
        "version": event.n,
        "body": repository.text_of(body),
    }
    if kind in KINDS:
        ledger.published.append((kind, dict(body), str(event.rulebook)))
