"""Verify a whole database against its own history (RELIABILITY §2c).

Every step compares what is stored with what is recomputed; a value of an odd
type is a finding, never a crash.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from huimin_flow.audit.findings import Finding, Flaw, Report
from huimin_flow.audit.rollups import Rollups
from huimin_flow.errors import InputRefused
from huimin_flow.model.canonical import commitment, digest, leaf, merkle_root
from huimin_flow.model.event import Event
from huimin_flow.model.item import Item
from huimin_flow.model.plain import from_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.verdict import Verdict
from huimin_flow.rules.catalog import REGISTRY, rederive
from huimin_flow.settings import rulebook_from_text
from huimin_flow.states.evolve import evolve
from huimin_flow.states.table import LIFE
from huimin_flow.store import facts, history, repository
from huimin_flow.store.tables import (
    AppealTextRow,
    JobRunRow,
    table_of,
)

_TEXTS = table_of(AppealTextRow)
_RUNS = table_of(JobRunRow)
_ARCS = {
    (arc.step.value, arc.source and arc.source.value, arc.target.value) for arc in LIFE
}


class _Ledger:
    """What the walk over the history has learnt so far."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.findings: list[Finding] = []
        self.tails: dict[str, tuple[int, bytes]] = {}
        self.items: dict[str, Item] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.batches: list[Event] = []
        self.jobs: dict[tuple[str, str], Event] = {}
        self.leaves: list[bytes] = []
        self.books: dict[str, Rulebook] = {}
        self.broken: set[str] = set()
        self.rollups = Rollups(connection)

    def found(self, flaw: Flaw, place: str, detail: object = "") -> None:
        self.findings.append(Finding(flaw=flaw, place=place, detail=str(detail)[:300]))


def verify(connection: Connection) -> Report:
    """Return all that is wrong with a database; nothing is changed."""
    ledger = _Ledger(connection)
    _rulebooks(ledger)
    for stored in _stored_events(connection):
        _event(ledger, stored)
    _items(ledger)
    _records(ledger)
    count = sum(_batch(ledger, event) for event in ledger.batches)
    _stray_facts(ledger)
    ledger.findings.extend(ledger.rollups.strays())
    _jobs(ledger)
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


def _rulebooks(ledger: _Ledger) -> None:
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


def _event(ledger: _Ledger, stored: history.Stored) -> None:
    place = f"{stored.stream} #{stored.n}"
    ledger.leaves.append(stored.leaf)
    if stored.position != len(ledger.leaves):
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


def _payload(ledger: _Ledger, event: Event, place: str) -> None:
    kept = history.payload_of(ledger.connection, event.stream, event.n)
    if kept is not None and commitment(*kept).hex() != event.private:
        ledger.found(Flaw.PAYLOAD_MISMATCH, place)


def _meaning(ledger: _Ledger, event: Event, place: str) -> None:
    if event.rulebook not in ledger.books:
        ledger.found(Flaw.RULEBOOK_MISMATCH, place, event.rulebook)
    kind, _, rest = event.stream.partition("/")
    try:
        if kind == "item":
            _fold(ledger, event, rest, place)
        elif kind == "batch":
            ledger.batches.append(event)
        elif kind == "job":
            job, _, period = rest.partition("/")
            ledger.jobs[job, period] = event
        elif "value" in event.public:
            ledger.records[event.stream] = dict(event.public) | {"version": event.n}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        ledger.found(Flaw.ILLEGAL_EVENT, place, error)
        ledger.broken.add(event.stream)


def _fold(ledger: _Ledger, event: Event, number: str, place: str) -> None:
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


def _items(ledger: _Ledger) -> None:
    seen = set()
    query = select(repository.ITEMS).order_by(repository.ITEMS.c.number)
    for row in ledger.connection.execute(query).mappings():
        number = row["number"]
        seen.add(number)
        item = ledger.items.get(number)
        if item is None:
            ledger.found(Flaw.ROW_STRAY, f"huimin_item {number}")
            continue
        for name, column in repository.item_columns(item).items():
            if row[name] != column:
                ledger.found(Flaw.ROW_MISMATCH, f"huimin_item {number} {name}", column)
    for number in sorted(set(ledger.items) - seen):
        ledger.found(Flaw.ROW_MISSING, f"huimin_item {number}")


def _records(ledger: _Ledger) -> None:
    seen = set()
    query = select(repository.RECORDS).order_by(repository.RECORDS.c.key)
    for row in ledger.connection.execute(query).mappings():
        seen.add(row["key"])
        known = ledger.records.get(row["key"])
        place = f"huimin_record {row['key']}"
        if known is None:
            ledger.found(Flaw.ROW_STRAY, place)
            continue
        expected = {
            "kind": known["kind"],
            "about": known["about"],
            "version": known["version"],
            "body": repository.text_of(known["value"]),
        }
        for name, column in expected.items():
            if row[name] != column:
                ledger.found(Flaw.ROW_MISMATCH, f"{place} {name}")
    for key in sorted(set(ledger.records) - seen):
        ledger.found(Flaw.ROW_MISSING, f"huimin_record {key}")


def _batch(ledger: _Ledger, event: Event) -> int:
    public = event.public
    place = f"batch {public['batch']} ({public['kind']})"
    try:
        rows = facts.stored_rows(ledger.connection, public["kind"], public["batch"])
        root = facts.root_of(rows)
    except (ValueError, KeyError) as error:
        ledger.found(Flaw.FACTS_MISMATCH, place, error)
        return 0
    if root != public["root"] or len(rows) != public["count"]:
        ledger.found(Flaw.FACTS_MISMATCH, place, f"{len(rows)} rows")
    if public["kind"] == "appeals":
        _texts(ledger, public["batch"], rows)
    if public["kind"] == "ratings":
        ledger.findings.extend(ledger.rollups.differences(public["batch"], rows))
    return len(rows)


def _texts(ledger: _Ledger, batch: int, rows: list[dict[str, Any]]) -> None:
    query = select(_TEXTS).where(_TEXTS.c.batch == batch).order_by(_TEXTS.c.line)
    promised = {row["line"]: row["text_commitment"] for row in rows}
    for row in ledger.connection.execute(query):
        opened = commitment(
            bytes(row.salt), str(row.body).encode(errors="surrogateescape")
        ).hex()
        if promised.get(row.line) != opened:
            place = f"huimin_appeal_text {batch}:{row.line}"
            ledger.found(Flaw.PAYLOAD_MISMATCH, place)


def _stray_facts(ledger: _Ledger) -> None:
    known: dict[str, set[int]] = {kind: set() for kind in facts.FACT_TABLES}
    for event in ledger.batches:
        known.setdefault(event.public["kind"], set()).add(event.public["batch"])
    for kind, table in facts.FACT_TABLES.items():
        stored = ledger.connection.execute(select(table.c.batch).distinct()).scalars()
        for batch in sorted(set(stored) - known[kind]):
            ledger.found(Flaw.ROW_STRAY, f"{table.name} batch {batch}")


def _jobs(ledger: _Ledger) -> None:
    seen = set()
    for row in ledger.connection.execute(select(_RUNS)).mappings():
        key = (row["job"], row["period"])
        seen.add(key)
        event = ledger.jobs.get(key)
        place = f"huimin_job_run {row['job']} {row['period']}"
        if event is None:
            ledger.found(Flaw.ROW_STRAY, place)
            continue
        expected = dict(event.public) | {"rulebook": event.rulebook}
        for name, column in expected.items():
            if row.get(name) != column:
                ledger.found(Flaw.JOB_MISMATCH, f"{place} {name}", column)
    for job, period in sorted(set(ledger.jobs) - seen):
        ledger.found(Flaw.ROW_MISSING, f"huimin_job_run {job} {period}")


def as_lines(report: Report) -> list[str]:
    """Return the findings as JSON lines, for a machine."""
    return [
        json.dumps(
            {"flaw": one.flaw.value, "place": one.place, "detail": one.detail},
            ensure_ascii=False,
        )
        for one in report.findings
    ]
