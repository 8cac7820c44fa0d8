"""Positions, cuts and numbers: the order of commits, and what counts from 1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    func,
    not_,
    or_,
    select,
    text,
    update,
)

from huimin_flow.catalogue.terms import RecordStep, StreamKind
from huimin_flow.model.core.clocks import ClockRecord
from huimin_flow.model.core.values import from_plain
from huimin_flow.store.core.driver import Statement, inserts
from huimin_flow.store.core.history import (
    HEAD,
    UNSEALED,
    event_of,
    moment_of,
    moment_text,
    read_stream,
)
from huimin_flow.store.core.tables import COUNTERS, EVENTS


def give_positions(connection: Connection) -> int:
    """Number the committed events without a position; return the head.

    The head row is locked until the transaction ends, so one process numbers at a
    time. Positions have no gaps and follow the order of commits.
    """
    if connection.dialect.name == "sqlite":
        return last_position(connection)
    LOCK.execute(connection)
    return int(_PLACE.scalar(connection))


_HEAD = select(COUNTERS.c.value).where(COUNTERS.c.name == HEAD)

#: What numbers events is a later statement: it sees what others have numbered while
#: this one waited.
LOCK = Statement(_HEAD.with_for_update())
_UNPLACED = select(EVENTS.c.id).where(EVENTS.c.position.is_(None))


def placing(*more: ColumnElement[Any]) -> Any:
    """Return the statement that numbers events, and returns the new head and more."""
    from sqlalchemy.dialects.postgresql import (  # noqa: PLC0415 - only PostgreSQL's
        aggregate_order_by,
    )

    # As in ``logs.PLACE_AT_ONCE``: no join that statistics could make quadratic.
    ids = select(func.array_agg(aggregate_order_by(EVENTS.c.id, EVENTS.c.id)))
    new = ids.where(EVENTS.c.position.is_(None)).scalar_subquery()
    placed = (
        update(EVENTS)
        .where(EVENTS.c.position.is_(None))
        .values(position=_HEAD.scalar_subquery() + func.width_bucket(EVENTS.c.id, new))
        .returning(EVENTS.c.id)
        .cte("placed")
    )
    count = select(func.count()).select_from(placed).scalar_subquery()
    head = update(COUNTERS).where(COUNTERS.c.name == HEAD)
    return head.values(value=COUNTERS.c.value + count).returning(
        COUNTERS.c.value, *more
    )


_PLACE = Statement(lambda _: placing())


def known(connection: Connection) -> int:
    """Return the last position that a writer sees, its own records included.

    On PostgreSQL a transaction's own records get their positions here, so that what
    it records before a cut is before the cut.
    """
    if connection.execute(_UNPLACED.limit(1)).first() is not None:
        return give_positions(connection)
    return last_position(connection)


def stored_head(connection: Connection) -> tuple[Any, Any]:
    """Return the counter of positions, and the last position of an event.

    Both are returned as stored; after a manual edit they may not be numbers.
    """
    return (
        connection.execute(_HEAD).scalar() or 0,
        connection.execute(_LAST).scalar() or 0,
    )


_LAST = select(func.max(EVENTS.c.position))


def last_position(connection: Connection) -> int:
    """Return the last position of an event, 0 before the first."""
    return int(connection.execute(_LAST).scalar() or 0)


def last_id(connection: Connection, table: str = EVENTS.name) -> int | None:
    """Return the last serial number of a table's rows, or None if unreadable."""
    if connection.dialect.name == "postgresql":
        return last_value(connection, f"{table}_id_seq")
    query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    last = connection.execute(query, {"table": table}).scalar()
    return last if isinstance(last, int) else None


def last_value(connection: Connection, sequence: str) -> int | None:
    """Return the last number of a PostgreSQL sequence, or None if unreadable."""
    last: int | None = connection.execute(_LAST_VALUE, {"name": sequence}).scalar()
    return last


#: A role that may only read tables gets NULL.
_LAST_VALUE = text(
    "SELECT CASE WHEN has_sequence_privilege(s, 'USAGE, SELECT')"
    " THEN pg_sequence_last_value(s) END FROM to_regclass(:name) AS s"
)


def cut_at(connection: Connection, cutoff: datetime) -> int:
    """Return the last position before the first stamp after ``cutoff``, or 0.

    If two transactions overlap, one may have a stamp in time but be committed after
    another one that is late. Then it is late too (decision 7).
    """
    late = first_late(connection, cutoff)
    return last_position(connection) if late is None else late - 1


def first_late(
    connection: Connection,
    cutoff: datetime,
    declared: Sequence[ClockRecord] | None = None,
) -> int | None:
    """Return the first position with a later stamp; then no commit moves the cut.

    The stamps of ``declared`` spans, by default of all, say nothing.
    """
    if declared is None:
        declared = spans(connection)
    # Of a bare column SQLite reads every position from the first instead of the index.
    late = select(func.min(EVENTS.c.position + 0)).where(
        EVENTS.c.at > moment_text(cutoff), *_outside(declared)
    )
    position = connection.execute(late).scalar()
    return None if position is None else int(position)


def spans(connection: Connection) -> tuple[ClockRecord, ...]:
    """Return the declared spans of records with a wrong time, oldest first."""
    return tuple(span for span, _ in declarations(connection))


def declarations(connection: Connection) -> tuple[tuple[ClockRecord, int | None], ...]:
    """Return the declared spans, each with the position of its declaration."""
    stored = read_stream(connection, StreamKind.CLOCK)
    events = ((each.position, event_of(each.header)) for each in stored)
    return tuple(
        (from_plain(ClockRecord, event.public["value"]), position)
        for position, event in events
        if event.step == RecordStep.DECLARE
    )


def _outside(declared: Sequence[ClockRecord]) -> list[ColumnElement[bool]]:
    """Return the conditions for events that are in no declared span."""
    return [
        or_(
            EVENTS.c.position.is_(None),
            not_(EVENTS.c.position.between(span.first, span.last)),
        )
        for span in declared
    ]


def ahead(
    connection: Connection, moment: datetime, declared: Sequence[ClockRecord]
) -> tuple[int, int | None, int | None, datetime | None]:
    """Return how many records have a later time than ``moment``, and which.

    These are their count, the first and last positions, and the latest time. Records
    in ``declared`` spans don't count.
    """
    found = select(
        func.count(), func.min(EVENTS.c.position), func.max(EVENTS.c.position),
        func.max(EVENTS.c.at),
    ).where(EVENTS.c.at > moment_text(moment), *_outside(declared))  # fmt: skip
    count, first_at, last_at, at = connection.execute(found).one()
    latest = None if at is None else moment_of(at)
    return int(count), first_at, last_at, latest


def acted_after(connection: Connection, moment: datetime) -> bool:
    """Tell whether anyone except the timetable recorded an event after a moment.

    The events of a job have the same request as the job's own event.
    """
    jobs, since = EVENTS.alias(), moment_text(moment)
    own = select(jobs.c.request).where(
        jobs.c.at > since, jobs.c.stream.like(StreamKind.JOB.key("%"))
    )
    query = select(EVENTS.c.id).where(
        EVENTS.c.at > since, EVENTS.c.request.not_in(own), *_outside(spans(connection))
    )
    return connection.execute(query.limit(1)).first() is not None


def activations(
    connection: Connection, *, cut: int | None = None
) -> list[tuple[datetime, str]]:
    """Return the moment of each activation and the rulebook's digest, in order.

    With a cut, return those known at the cut. One in a declared span counts from the
    moment at which time goes on.
    """
    stored = read_stream(connection, StreamKind.RULEBOOK, upto=cut)
    declared = spans(connection)
    events = [event_of(each.header) for each in stored]
    moments = (
        since_when(each.position, event.at, declared)
        for each, event in zip(stored, events, strict=True)
    )
    # Clocks of two machines may differ; the chain has the order of activations.
    since = accumulate(moments, max)
    return [
        (moment, str(event.public["digest"]))
        for moment, event in zip(since, events, strict=True)
    ]


def last_day(connection: Connection, stream: str) -> date | None:
    """Return the day on which a stream's last event happened, or None.

    The days of a declared span say nothing.
    """
    declared = spans(connection)
    days = (
        event_of(each.header).occurred_on
        for each in reversed(read_stream(connection, stream))
        if not is_in(each.position, declared)
    )
    return next(days, None)


def is_in(position: int | None, declared: Sequence[ClockRecord]) -> bool:
    """Tell whether one of the declared spans has a position."""
    return position is not None and any(
        span.first <= position <= span.last for span in declared
    )


def records_in(
    connection: Connection, first: int, last: int
) -> list[tuple[int, str, str, str, bool]]:
    """Return the records of a span: position, stream, step, time, and whether settled.

    Those that were sealed when they were recorded are left out. A record is settled if
    its stream has a later one after the span.
    """
    later = EVENTS.alias()
    settled = (
        select(later.c.id)
        .where(later.c.stream == EVENTS.c.stream, later.c.position > last)
        .exists()
    )
    columns = (EVENTS.c.position, EVENTS.c.stream, EVENTS.c.step, EVENTS.c.at)
    span = EVENTS.c.position.between(first, last)
    query = select(*columns, settled).where(span, UNSEALED)
    rows = connection.execute(query.order_by(EVENTS.c.position))
    return [(*row[:4], bool(row[4])) for row in rows]


def since_when(
    position: int | None, at: datetime, declared: Sequence[ClockRecord]
) -> datetime:
    """Return from when a record counts: a declared span's end for one in the span."""
    for span in declared:
        if position is not None and span.first <= position <= span.last:
            return min(at, moment_of(span.moment))
    return at


def writers(connection: Connection) -> frozenset[str]:
    """Return the open transactions of others that have written events.

    Empty on SQLite, where a reader sees what the one writer has committed. The name
    of a transaction is not used again while the server runs.
    """
    if connection.dialect.name != "postgresql":
        return frozenset()
    return frozenset(connection.execute(_WRITERS).scalars())


#: An insert into a table takes this lock until the transaction ends; it does not
#: block other inserts.
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND relation = CAST('huimin_event' AS regclass) AND mode = 'RowExclusiveLock'"
    " AND pid IS DISTINCT FROM pg_backend_pid()"
)


def sequence_of(connection: Connection, counter: str) -> str | None:
    """Return the sequence with a counter's numbers, or None if a row has them.

    PostgreSQL has one for batches, and one for each year's items, deliberations and
    proposals, so that nobody waits for a host's long transaction.
    """
    if connection.dialect.name != "postgresql":
        return None
    kind, _, year = counter.partition("/")
    yearly = kind in _BY_YEAR and year.isdigit() and int(year) in _SEQUENCE_YEARS
    if not yearly and counter != StreamKind.BATCH.key():
        return None
    return f"huimin_{counter.replace('/', '_')}"


_BY_YEAR = {
    StreamKind.ITEM,
    StreamKind.DELIBERATION,
    StreamKind.PROPOSAL,
    StreamKind.READING,
}

#: The years for which the schema has sequences; a later schema adds more.
_SEQUENCE_YEARS = range(2020, 2050)

_NEXT = Statement(text("SELECT nextval(CAST(:name AS regclass))"))


def sequences(connection: Connection) -> dict[str, str]:
    """Return the counters that sequences have, and their sequences' names."""
    kinds = [kind.key(str(year)) for kind in _BY_YEAR for year in _SEQUENCE_YEARS]
    named = {
        counter: sequence_of(connection, counter)
        for counter in (*kinds, StreamKind.BATCH.key())
    }
    return {counter: name for counter, name in named.items() if name is not None}


def restart_numbers(connection: Connection) -> None:
    """Restart the numbers of a database without items at 1.

    A sequence has gaps after a rollback, but a rehearsal's story must have the same
    numbers each time.
    """
    for sequence in sequences(connection).values():
        connection.execute(_RESTART, {"name": sequence})


_RESTART = text("SELECT setval(CAST(:name AS regclass), 1, false)")


def next_number(connection: Connection, name: str) -> int:
    """Return the next number of a counter, from 1.

    A sequence locks nothing, and a rollback leaves a gap. A counter row is locked
    until the transaction ends.
    """
    sequence = sequence_of(connection, name)
    if sequence is not None:
        return int(_NEXT.scalar(connection, name=sequence))
    return int(_COUNT.scalar(connection, name=name))


def counting(first: Any, then: Any) -> Statement:
    """Return the statement that changes a counter's row, or makes a missing one."""
    return Statement(
        lambda dialect: (
            inserts(dialect)(COUNTERS)
            .values(name=bindparam("name"), value=first)
            .on_conflict_do_update(index_elements=["name"], set_={"value": then})
            .returning(COUNTERS.c.value)
        )
    )


_COUNT = counting(1, COUNTERS.c.value + 1)
