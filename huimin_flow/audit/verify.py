"""Verify a whole database against its own history.

Every step compares stored values with recomputed ones. A value of a wrong type is a
finding, never a crash.

1. A stored rulebook can be read.
2. The counter of positions equals the last position, and positions have no gap.
3. An event names a rulebook that was activated before.
4. The content of an event has the form of its kind of stream.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from huimin_flow.audit.acts import apply_event, hold_act
from huimin_flow.audit.core import batches
from huimin_flow.audit.core.applied import Applied
from huimin_flow.audit.core.extensions import absent_of, hold_all_own, hold_refused
from huimin_flow.audit.core.headers import ODD, declarations_that_read, read_header
from huimin_flow.audit.core.succession import hold_succession
from huimin_flow.audit.deciding.lists import hold_lists
from huimin_flow.audit.deciding.meetings import hold_closed
from huimin_flow.audit.findings import AuditCount, AuditReport
from huimin_flow.audit.improving.spot_checks import hold_spot_checks
from huimin_flow.audit.jobs import hold_jobs
from huimin_flow.audit.ledger import Entry, Ledger, batch_of, record_columns
from huimin_flow.audit.links import hold_heirs
from huimin_flow.audit.rows import (
    SEALED_TABLES,
    hold_book,
    hold_kinds,
    hold_rows,
    place_of,
    slices,
)
from huimin_flow.audit.scoring.scores import hold_scores
from huimin_flow.audit.sensing.answers import hold_answers
from huimin_flow.audit.sensing.gathering import hold_gathering
from huimin_flow.audit.sensing.keys import hold_keys
from huimin_flow.audit.storage import hold_counters, hold_logs, hold_schema
from huimin_flow.audit.streams import (
    hold_content,
    hold_event,
    hold_last_serial,
)
from huimin_flow.catalogue.terms import (
    AuditPart,
    DigestStep,
    Flaw,
    Job,
    MeetingState,
    RecordStep,
    StreamKind,
)
from huimin_flow.clock import SystemClock
from huimin_flow.model.core.events import Event
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.model.extensions import Extension
from huimin_flow.model.rulebook import rulebook_from_text
from huimin_flow.store.core import history, logs, positions
from huimin_flow.store.core.history import Stored, moment_text
from huimin_flow.store.core.tables import EVENTS, RULEBOOKS
from huimin_flow.store.executing.attachments import Shelf
from huimin_flow.store.sensing.keys import Keyring, keyring_of
from huimin_flow.streams import STREAMS

#: The steps by which a job publishes; a second one needs a repeated run.
_BY_JOB = frozenset(
    {
        *(RecordStep.SCORE, RecordStep.COLOR, RecordStep.RANK, RecordStep.CALL),
        DigestStep.ISSUE,
    }
)

#: How many events are read at once.
_SLICE = 1000


def verify(
    connection: Connection,
    shelf: Shelf | None = None,
    *,
    release: bool = False,
    now: datetime | None = None,
    decisions: bool = True,
    address: str | None = None,
    keyring: Keyring | None = None,
    extensions: tuple[Extension, ...] = (),
) -> AuditReport:
    """Return all findings about a database; nothing is changed.

    ``shelf`` is the folder of attached files; without it only their rows are checked.
    With ``release`` the connection's transaction ends between slices, so that no
    writer waits for the whole walk. Each slice of rows is then compared with the
    history up to the moment of that slice. ``now`` is the auditor's aware moment,
    this machine's clock by default; no event may have a later stamp. Without
    ``decisions`` only the evidence is checked: hashes, chains, and rows that equal
    the history. No rule and no permission is asked again. With ``address``, the URL of
    the database, a second process may check batches of facts: it reads only what is
    committed, so a connection that has changed anything has no address.
    ``keyring`` opens what is encrypted, by default the one that the database uses;
    without its file only the presence of each content is checked. ``extensions`` are
    those of a host beside the installed ones.
    """
    ledger = Ledger(
        connection=connection,
        shelf=shelf,
        release=release,
        keyring=keyring or keyring_of(connection),
        decisions=decisions,
        now=now or SystemClock().now(),
        extensions=extensions,
    )

    def walk_on() -> None:
        """Let others write, and read their events before rows are compared."""
        if ledger.sliced:
            _walk(ledger)

    ledger.walk_on = walk_on
    hold_schema(ledger)
    with batches.meanwhile(ledger, address) as take:
        hold_kinds(ledger)
        _walk(ledger)
        _check_slice(ledger, history.unplaced(connection))
        heads = hold_logs(ledger)
        hold_counters(ledger)
        count = hold_rows(ledger, lambda: _private_keys(ledger), take)
        hold_keys(ledger)
        hold_all_own(ledger)
    if decisions:
        hold_heirs(ledger)
        hold_closed(ledger)
        hold_jobs(ledger)
        hold_lists(ledger)
        ledger.pause()
        hold_answers(ledger)
        hold_gathering(ledger)
        hold_spot_checks(ledger)
        hold_scores(ledger)
    checked = AuditPart if decisions else (AuditPart.EVIDENCE,)
    counts = Counter(finding.part for finding in ledger.findings)
    return AuditReport(
        events=ledger.root.count,
        items=len(ledger.items),
        facts=count,
        head=ledger.root.digest().hex(),
        findings=tuple(ledger.findings),
        logs=heads,
        parts=tuple(AuditCount(part=part, findings=counts[part]) for part in checked),
        unopened=_unopened(ledger),
        absent=absent_of(ledger),
    )


def _unopened(ledger: Ledger) -> int:
    """Return the number of encrypted contents that nobody can open here."""
    if ledger.keyring.is_there:
        return 0
    queries = (select(func.count()).select_from(table) for table in SEALED_TABLES)
    return sum(ledger.connection.execute(query).scalar_one() for query in queries)


def _walk(ledger: Ledger) -> None:
    """Read events up to the head in slices; the last slice reads the head too."""
    while True:
        ledger.pause()
        names = ledger.connection.execute(select(RULEBOOKS.c.digest)).scalars()
        for name in sorted(set(names) - ledger.held_books, key=str):
            place = place_of(RULEBOOKS, name)
            body = hold_book(ledger, name, place)
            try:
                if body is not None:
                    ledger.books[name] = rulebook_from_text(body)
            except ValueError as error:
                ledger.flag(Flaw.RULEBOOK_MISMATCH, place, error, law="verify 1")
        counted, placed = positions.stored_head(ledger.connection)
        if counted == placed:
            # On PostgreSQL a host's last commits may not have positions yet.
            ledger.settling = not ledger.one_writer
        elif not ledger.head:
            place = "huimin_counter position"
            ledger.flag(Flaw.POSITION_GAP, place, placed, law="verify 2")
        ledger.spans = declarations_that_read(ledger.connection)
        events = history.read_from(ledger.connection, ledger.head, limit=_SLICE)
        _check_slice(ledger, events)
        if len(events) < _SLICE:
            hold_last_serial(ledger, positions.last_id(ledger.connection))
            return


def _check_slice(ledger: Ledger, events: Sequence[Stored]) -> None:
    """Check events in their order, and that their requests have answers."""
    ledger.facts.begin(events)
    for stored in events:
        _check_stored(ledger, stored)
        ledger.head = stored.position or ledger.head
    # Their ids are not kept: a history may have millions.
    answers = logs.known_requests(ledger.connection, ledger.named)
    ledger.unanswered |= ledger.named - answers
    ledger.named.clear()


def _private_keys(ledger: Ledger) -> dict[tuple[str, int], Mapping[str, Any]]:
    """Read the whole history again, and return the keys of the private parts."""
    keys: dict[tuple[str, int], Mapping[str, Any]] = {}
    query = select(EVENTS.c.id, EVENTS.c.header)
    for row in slices(ledger, query, EVENTS.c.id):
        with suppress(*ODD):
            event, *_ = read_header(history.raw_bytes(row["header"]))
            if event.private is not None:
                keys[event.stream, event.n] = {}
    return keys


def _check_stored(ledger: Ledger, stored: Stored) -> None:
    """Check an event against the history before it, and keep its content."""
    place = f"{stored.stream} #{stored.n}"
    ledger.root.append(stored.leaf)
    ledger.facts.walk(stored)
    if stored.position is not None or not ledger.settling:
        ledger.placed += 1
        if stored.position != ledger.placed:
            _report_gap(ledger, stored.position, place)
    event = hold_event(ledger, stored, place)
    if event is None:
        return
    kind, about = StreamKind.parse(event.stream)
    try:
        ruling = event.rulebook
        known = ruling in ledger.activated or (  # its own may be new
            kind is StreamKind.RULEBOOK and ruling == event.public["digest"]
        )
        if not known or ruling not in ledger.books:
            ledger.flag(Flaw.RULEBOOK_MISMATCH, place, ruling, law="verify 3")
        verdict = hold_content(ledger, event, kind, place)
        of_item = kind is StreamKind.ITEM  # as most are
        if not of_item and kind is not None and STREAMS[kind].record:
            ledger.records[event.stream] = record_columns(event)
        if kind is not None and event.stream not in ledger.broken:
            values = apply_event(ledger, event, kind, about, place)
            if ledger.decisions:
                hold_act(Applied(ledger, event, kind, place, *values, verdict))
        if not of_item:
            _keep_entry(ledger, event, kind, about)
    except ODD as error:
        ledger.flag(Flaw.ILLEGAL_EVENT, place, error, law="verify 4")
        ledger.broken.add(event.stream)


def _report_gap(ledger: Ledger, position: object, place: str) -> None:
    """Report a gap once: the next position is expected after this one."""
    ledger.flag(Flaw.POSITION_GAP, place, position, law="verify 2")
    if isinstance(position, int):
        ledger.placed = position


def _keep_entry(
    ledger: Ledger, event: Event, kind: StreamKind | None, about: str
) -> None:
    """Keep an activation, batch, job or attachment for the check of its rows."""
    public = event.public
    if kind is StreamKind.RULEBOOK:
        spans = [span for span, _ in ledger.spans]
        since = positions.since_when(ledger.root.count, event.at, spans)
        latest = max([since, *(moment for _, moment, _ in ledger.activations[-1:])])
        activation = (ledger.root.count, latest, str(public["digest"]))
        ledger.activations.append(activation)
        ledger.activated.add(activation[-1])
    elif kind is StreamKind.BATCH:
        ledger.batches.append(batch_of(event))
    elif kind is StreamKind.JOB:
        job, _, period = about.partition("/")
        reminds = job == Job.LISTING_REMINDER
        states = [item.state for item in ledger.items.values()] if reminds else []
        if (job, period) in ledger.jobs:
            ledger.repeated.append(((job, period), ledger.jobs[job, period]))
        ledger.jobs[job, period] = Entry(
            public=public,
            rulebook=str(event.rulebook),
            at=moment_text(event.at),
            position=ledger.root.count,
            request=event.request,
            before_request=ledger.before_request,
            states=Counter(states),
        )
        if ledger.decisions:
            hold_refused(ledger, event, job)
        if job == Job.SUCCESSION and ledger.decisions and ledger.one_writer:
            hold_succession(ledger, event)
    elif event.n > 1 and event.step in _BY_JOB:
        ledger.again.append((event.stream, event.request))
    elif kind is StreamKind.ATTACHMENT:
        ledger.attachments[about, str(public["digest"])] = public
        held = ledger.values.get(about)
        if isinstance(held, Deliberation) and held.state is MeetingState.HELD:
            ledger.minuted.add(about)
