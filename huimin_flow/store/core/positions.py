"""Positions and cuts: the order of commits, and what was known when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select, text, true, update

from huimin_flow.catalogue.terms import State, Step, StreamKind
from huimin_flow.clock import at_hour
from huimin_flow.model.core.events import Event
from huimin_flow.store.core.history import (
    COUNTERS,
    EVENTS,
    HEAD,
    event_of,
    moment_of,
    moment_text,
    raw_bytes,
)

#: How many streams a statement names at once.
_AT_ONCE = 500


def give_positions(connection: Connection) -> int:
    """Number what has been committed and has no position yet; return the head.

    One sequencer at a time: the head row is locked until its transaction ends,
    so positions have no gaps and follow the order of commits.
    """
    head = int(
        connection.execute(
            select(COUNTERS.c.value).where(COUNTERS.c.name == HEAD).with_for_update()
        ).scalar_one()
    )
    if connection.dialect.name == "sqlite":
        return head
    waiting = connection.execute(
        select(EVENTS.c.id).where(EVENTS.c.position.is_(None)).order_by(EVENTS.c.id)
    ).scalars()
    places = [{"b_id": id_, "b_position": head + k} for k, id_ in enumerate(waiting, 1)]
    if places:
        connection.execute(_PLACE, places)
        head += len(places)
        connection.execute(
            update(COUNTERS).where(COUNTERS.c.name == HEAD).values(value=head)
        )
    return head


_PLACE = text("UPDATE huimin_event SET position = :b_position WHERE id = :b_id")


def head_and_last(connection: Connection) -> tuple[int, int]:
    """Return the last position that was given, and the last that is there."""
    given, there = stored_head(connection)
    return int(given), int(there)


def known(connection: Connection) -> int:
    """Return the last position of all that a writer sees, its own records among it.

    What one transaction records before a cut is before it: on PostgreSQL it is given
    its positions here, for otherwise it had none until the end.
    """
    waiting = select(EVENTS.c.id).where(EVENTS.c.position.is_(None)).limit(1)
    if connection.execute(waiting).first() is not None:
        return give_positions(connection)
    return head_and_last(connection)[1]


def stored_head(connection: Connection) -> tuple[Any, Any]:
    """Return what ``head_and_last`` does as it is stored, for an auditor.

    A hand edit may have left something else than numbers.
    """
    given = select(COUNTERS.c.value).where(COUNTERS.c.name == HEAD)
    there = select(func.max(EVENTS.c.position))
    return (
        connection.execute(given).scalar() or 0,
        connection.execute(there).scalar() or 0,
    )


def last_id(connection: Connection, table: str = EVENTS.name) -> int | None:
    """Return the last serial number the database gave to a row, if it tells."""
    query = text(_GIVEN[connection.dialect.name])
    given = connection.execute(query, {"table": table}).scalar()
    return given if isinstance(given, int) else None


#: By make, where a database keeps the serial number it gave last; a PostgreSQL
#: role that may only read tables isn't told.
_GIVEN = {
    "sqlite": "SELECT seq FROM sqlite_sequence WHERE name = :table",
    "postgresql": (
        "SELECT CASE WHEN has_sequence_privilege(s, 'USAGE, SELECT')"
        " THEN pg_sequence_last_value(s) END"
        " FROM CAST(pg_get_serial_sequence(:table, 'id') AS regclass) AS s"
    ),
}


def last_value(connection: Connection, sequence: str) -> int | None:
    """Return the last number that a sequence of PostgreSQL gave, if it tells."""
    given = connection.execute(_LAST_VALUE, {"name": sequence}).scalar()
    return None if given is None else int(given)


_LAST_VALUE = text(
    "SELECT CASE WHEN has_sequence_privilege(s, 'USAGE, SELECT')"
    " THEN pg_sequence_last_value(s) END FROM to_regclass(:name) AS s"
)


def cut_at(connection: Connection, cutoff: datetime) -> int:
    """Return the last position before any that is stamped after ``cutoff``, or 0.

    Where two transactions overlap, one may be stamped in time and committed
    after another that came too late: it is late, too (decision 7).
    """
    first_late = _first_late(connection, cutoff)
    if first_late is not None:
        return first_late - 1
    last = select(func.max(EVENTS.c.position))
    return int(connection.execute(last).scalar() or 0)


def is_fixed(connection: Connection, cutoff: datetime) -> bool:
    """Tell whether nothing that is committed from now on can move a cut."""
    return _first_late(connection, cutoff) is not None


def _first_late(connection: Connection, cutoff: datetime) -> int | None:
    late = select(func.min(EVENTS.c.position)).where(EVENTS.c.at > moment_text(cutoff))
    position = connection.execute(late).scalar()
    return None if position is None else int(position)


#: What every act asks is made once: making a statement takes longer than asking it.
_LATEST = select(func.max(EVENTS.c.at))
_EARLIEST = select(func.min(EVENTS.c.at))
_ACTIVATIONS = (
    select(EVENTS.c.header).where(EVENTS.c.stream == "rulebook").order_by(EVENTS.c.n)
)


def last_moment(connection: Connection) -> datetime | None:
    """Return when the last event was recorded, or None before the first."""
    written = connection.execute(_LATEST).scalar()
    return None if written is None else moment_of(written)


def founded_at(connection: Connection) -> datetime | None:
    """Return when the first event was recorded, or None before it."""
    written = connection.execute(_EARLIEST).scalar()
    return None if written is None else moment_of(written)


def acted_after(connection: Connection, moment: datetime) -> bool:
    """Tell whether anything was recorded after a moment, but by the timetable.

    What a job makes is of one request with its entry in the ledger.
    """
    jobs, since = EVENTS.alias(), moment_text(moment)
    own = select(jobs.c.request).where(
        jobs.c.at > since, jobs.c.stream.like(StreamKind.JOB.key("%"))
    )
    query = select(EVENTS.c.id).where(EVENTS.c.at > since, EVENTS.c.request.not_in(own))
    return connection.execute(query.limit(1)).first() is not None


def activations(
    connection: Connection, *, cut: int | None = None
) -> list[tuple[datetime, str]]:
    """Return since when each rulebook was active, and its digest, in their order.

    With a cut, those known at it.
    """
    query = _ACTIVATIONS
    if cut is not None:
        query = query.where(EVENTS.c.position <= cut)
    active: list[tuple[datetime, str]] = []
    for header in connection.execute(query).scalars():
        event = event_of(bytes(header))
        # Two machines' clocks may differ; the order of activations is the chain's.
        since = max([event.at, *(moment for moment, _ in active[-1:])])
        active.append((since, str(event.public["digest"])))
    return active


def writers(connection: Connection) -> frozenset[str]:
    """Return the transactions of others that have written history and go on.

    None on SQLite, where this reader sees what its one writer has committed. What
    names a transaction is never used again while the server runs.
    """
    if connection.dialect.name != "postgresql":
        return frozenset()
    return frozenset(connection.execute(_WRITERS).scalars())


#: Whoever has inserted into a table keeps this lock until the transaction ends; it
#: keeps nobody else from doing the same.
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND relation = CAST('huimin_event' AS regclass) AND mode = 'RowExclusiveLock'"
    " AND pid IS DISTINCT FROM pg_backend_pid()"
)


def streams_in(connection: Connection, target: str, cut: int) -> list[str]:
    """Return the item streams whose last event up to ``cut`` led to ``target``."""
    last = (
        select(EVENTS.c.stream, func.max(EVENTS.c.n).label("n"))
        .where(EVENTS.c.position <= cut, EVENTS.c.stream.like(StreamKind.ITEM.key("%")))
        .group_by(EVENTS.c.stream)
        .subquery()
    )
    query = (
        select(EVENTS.c.stream)
        .join(last, (EVENTS.c.stream == last.c.stream) & (EVENTS.c.n == last.c.n))
        .where(EVENTS.c.target == target)
        .order_by(EVENTS.c.stream)
    )
    return list(connection.execute(query).scalars())


def streams_running(connection: Connection, first: date, cut: int | None) -> list[str]:
    """Return the item streams that may have run on or after ``first``, by a cut.

    They were assigned, and what followed on their last day as assigned wasn't
    recorded before ``first``: a step never lies after the day of its record.
    Found by the index of steps and that of streams; no history is read.
    """
    after, stood = EVENTS.alias(), EVENTS.alias()
    upto = (
        (lambda _: true()) if cut is None else (lambda events: events.c.position <= cut)
    )
    given = (
        select(EVENTS.c.stream)
        .where(EVENTS.c.step == Step.ASSIGN.value, upto(EVENTS))
        .distinct()
        .subquery()
    )
    last = (
        select(func.max(stood.c.n))
        .where(
            stood.c.stream == given.c.stream,
            stood.c.target == State.ASSIGNED.value,
            upto(stood),
        )
        .scalar_subquery()
    )
    gone = exists().where(
        after.c.stream == given.c.stream,
        after.c.n == last + 1,
        upto(after),
        after.c.at < moment_text(at_hour(first, 0)),
    )
    query = select(given.c.stream).where(~gone).order_by(given.c.stream)
    return list(connection.execute(query).scalars())


def histories(
    connection: Connection, streams: Sequence[str], *, upto: int | None = None
) -> dict[str, list[Event]]:
    """Return the events of each of these streams, at most up to a position."""
    read: dict[str, list[Event]] = {stream: [] for stream in streams}
    for start in range(0, len(streams), _AT_ONCE):
        query = (
            select(EVENTS.c.stream, EVENTS.c.header)
            .where(EVENTS.c.stream.in_(streams[start : start + _AT_ONCE]))
            .order_by(EVENTS.c.stream, EVENTS.c.n)
        )
        if upto is not None:
            query = query.where(EVENTS.c.position <= upto)
        for stream, header in connection.execute(query):
            read[stream].append(event_of(raw_bytes(header)))
    return read
