"""The event history: original bytes, one chain per stream, positions without gaps."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter
from types import NoneType
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.errors import StoreBusy
from huimin_flow.model.core.canonical import canonical_of_plain, commitment, leaf
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.values import to_plain
from huimin_flow.store.core.connections import once
from huimin_flow.store.core.driver import Statement, Write, together
from huimin_flow.store.core.tables import COUNTERS, EVENTS, PAYLOADS
from huimin_flow.streams import SEALED

#: The counter that holds the last position.
HEAD = "position"

#: How many values one statement has, so that its rows stay few.
_AT_ONCE = 400

#: How many rows are fetched at once; to fetch each row alone takes twice as long.
FETCHED = 500

#: For rows that are few or needed together: one statement for as many values as occur.
TOGETHER = 1_000_000

#: The condition that an event, and what it is attached to, was not sealed when it was
#: recorded. The event that opens a sealed stream fits, and those after it.
UNSEALED = sa.and_(
    *(
        sa.not_(EVENTS.c.stream.startswith(kind.key("")))
        | sa.and_(*(EVENTS.c.target != state.value for state in sorted(states)))
        for kind, states in SEALED.items()
    ),
    *(
        sa.not_(EVENTS.c.stream.startswith(StreamKind.ATTACHMENT.key(kind.value, "")))
        for kind in SEALED
    ),
)


def rows_naming(
    connection: Connection,
    query: sa.Select[Any],
    column: sa.ColumnElement[Any],
    values: Sequence[str],
    *,
    at_once: int = _AT_ONCE,
) -> Iterator[Any]:
    """Yield the rows of a query whose column has one of the texts, in parts.

    The texts of a part are one JSON value, so that it may be of any size.
    """
    named = query.where(column.in_(NAMED[connection.dialect.name]))
    for start in range(0, len(values), at_once):
        part = values[start : start + at_once]
        rows = connection.execute(named, {"named": json.dumps(part)})
        yield from chain.from_iterable(rows.partitions(FETCHED))


def rows_of_pairs(
    connection: Connection,
    query: sa.Select[Any],
    columns: tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]],
    pairs: Sequence[tuple[str, str]],
    *,
    at_once: int = _AT_ONCE,
) -> Iterator[Any]:
    """Yield the rows of a query whose two columns have one of the pairs, in parts.

    The pairs are one JSON value and are joined: with a list of row values SQLite
    would read the whole table.
    """
    first, second = _PAIR[connection.dialect.name]
    query = query.where(columns[0] == first, columns[1] == second)
    for start in range(0, len(pairs), at_once):
        part = pairs[start : start + at_once]
        yield from connection.execute(query, {"pairs": json.dumps(part)})


def _elements(function: Any, listed: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return function(listed).table_valued("value").c.value  # type: ignore[no-any-return]


_NAMED = sa.bindparam("named", type_=sa.Text)
_PAIRS = sa.bindparam("pairs", type_=sa.Text)

#: By database system, the query of the texts in a JSON list.
NAMED = {
    "sqlite": select(_elements(func.json_each, _NAMED)),
    "postgresql": select(
        _elements(func.json_array_elements_text, sa.cast(_NAMED, sa.JSON))
    ),
}

_EACH = _elements(func.json_each, _PAIRS)
_ELEMENT = _elements(func.json_array_elements, sa.cast(_PAIRS, sa.JSON))

#: By database system, the two parts of each pair in a JSON list of pairs.
_PAIR = {
    "sqlite": (func.json_extract(_EACH, "$[0]"), func.json_extract(_EACH, "$[1]")),
    "postgresql": (_ELEMENT.op("->>")(0), _ELEMENT.op("->>")(1)),
}


class Stored(NamedTuple):
    """An event as it is stored."""

    position: int | None
    stream: str
    n: int
    step: str
    target: str | None
    at: str
    request: str
    header: bytes
    leaf: bytes
    #: The serial number of its row; None for a new one.
    id: int | None = None


#: Whole seconds are counted from here; the same texts occur often and are cached.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_text(moment: datetime) -> str:
    """Return an aware moment as UTC text of one width, which sorts by time.

    >>> moment_text(datetime(2023, 12, 15, 10, tzinfo=UTC))
    '2023-12-15T10:00:00.000000Z'

    """
    if not moment.microsecond and moment.tzinfo is not None:
        since = moment - _EPOCH
        if not since.microseconds:  # an offset may have a fraction of a second
            return _written(since)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def moment_texts(moments: Sequence[datetime]) -> list[str]:
    """Return ``moment_text`` of each moment, in half the time."""
    gaps = [moment - _EPOCH for moment in moments]
    if set(map(attrgetter("microseconds"), gaps)) - {0}:
        return list(map(moment_text, moments))
    return list(map(_written, gaps))


def _written(since: timedelta) -> str:
    seconds = since.seconds
    return _day(since.days) + _minute(seconds // 60) + _SECONDS[seconds % 60]


@lru_cache(maxsize=4096)
def _day(days: int) -> str:
    return (_EPOCH + timedelta(days=days)).date().isoformat()


@lru_cache(maxsize=1440)
def _minute(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"T{hour:02d}:{minute:02d}:"


_SECONDS = [f"{second:02d}.000000Z" for second in range(60)]


def moment_of(written: str) -> datetime:
    """Return the aware moment of a text that ``moment_text`` made."""
    return datetime.fromisoformat(written)


def header_of(event: Event) -> bytes:
    """Return the canonical bytes of an event's header."""
    return canonical_of_plain({**to_plain(event), "at": moment_text(event.at)})


def event_of(header: bytes, read: Callable[[bytes], Any] = json.loads) -> Event:
    """Return the event of stored header bytes, which ``read`` parses.

    Raises:
        ValueError: if the bytes are not a header of a known version.

    """
    try:
        plain: dict[str, Any] = read(header)
        if plain["v"] != 1:
            raise ValueError(f"header version {plain['v']}")
        plain["at"] = moment_of(plain["at"])
        plain["occurred_on"] = date.fromisoformat(plain["occurred_on"])
        event = Event(**plain)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a header: {error}") from error
    for name, kinds in _SHAPE:
        if not isinstance(getattr(event, name), kinds):
            raise ValueError(f"not a header: {name}")  # noqa: TRY004 - one kind of error
    return event


#: The fields whose type a reader of events relies on.
_SHAPE: tuple[tuple[str, type | tuple[type, ...]], ...] = (
    ("stream", str),
    ("n", int),
    ("step", str),
    ("rulebook", (str, NoneType)),
    ("public", dict),
)


_LAST_LEAF = Statement(
    select(EVENTS.c.n, EVENTS.c.leaf, EVENTS.c.target)
    .where(EVENTS.c.stream == sa.bindparam("stream"))
    .order_by(EVENTS.c.n.desc())
    .limit(1)
)
_NEXT = Statement(
    sa.update(COUNTERS)
    .where(COUNTERS.c.name == HEAD)
    .values(value=COUNTERS.c.value + 1)
    .returning(COUNTERS.c.value)
)


def last_leaf(
    connection: Connection, stream: str
) -> tuple[int, bytes | None, str | None]:
    """Return number, leaf and target of a stream's last event, or (0, None, None)."""
    row = _LAST_LEAF.row(connection, stream=stream)
    return (0, None, None) if row is None else (row[0], bytes(row[1]), row[2])


def append(
    connection: Connection,
    event: Event,
    *,
    payload: tuple[bytes, bytes] | None = None,
    write: Write | None = None,
) -> Stored | None:
    """Record one event; return None if the ``write`` of its value changed no row.

    ``payload`` is the salt and the bytes of its private part. The write and the event
    take one round trip; the caller must undo the event if there was nothing to write.

    Raises:
        ValueError: if ``event.private`` is not the commitment to ``payload``.
        StoreBusy: if another transaction has recorded this number of the stream.

    """
    if payload is not None and commitment(*payload).hex() != event.private:
        raise ValueError("the commitment does not open to the payload")
    header = header_of(event)
    stored = Stored(
        position=_next_position(connection),
        stream=event.stream,
        n=event.n,
        step=event.step,
        target=event.target,
        at=moment_text(event.at),
        request=event.request,
        header=header,
        leaf=leaf(header),
    )
    writes = () if write is None else (write,)
    try:
        _, *written = together(connection, (_APPEND, stored._asdict()), *writes)
    except IntegrityError as error:
        if "stream" not in str(error.orig):
            raise
        raise StoreBusy(StoreCode.STREAM_MOVED, stream=event.stream) from error
    if payload is not None:
        salt, body = payload
        place = {"stream": event.stream, "n": event.n}
        private = {**place, "salt": salt, "body": body.decode()}
        connection.execute(sa.insert(PAYLOADS), [private])
    return stored if all(each.rowcount == 1 for each in written) else None


_APPEND = Statement(
    sa.insert(EVENTS)
    .inline()
    .values({name: sa.bindparam(name) for name in Stored._fields[:-1]})
)


def _next_position(connection: Connection) -> int | None:
    """Return the next position on SQLite; ``give_positions`` numbers elsewhere."""
    if connection.dialect.name != "sqlite":
        return None
    return int(_NEXT.scalar(connection))


_SELECT = select(*(EVENTS.c[name] for name in Stored._fields))


def _stored(rows: Iterable[Any]) -> list[Stored]:
    """Return the events of rows; a manual edit may have changed their types."""
    events = []
    for row in rows:
        stored = Stored._make(row)
        if not type(stored.header) is type(stored.leaf) is bytes:
            stored = stored._replace(
                header=raw_bytes(stored.header), leaf=raw_bytes(stored.leaf)
            )
        events.append(stored)
    return events


def read_stream(
    connection: Connection, stream: str, *, upto: int | None = None
) -> list[Stored]:
    """Return a stream's events in order, at most up to a position."""
    if upto is None:
        query = partial(_STREAM.execute, connection, stream=stream)
        return _stored(once(connection, stream, lambda: query().fetchall()))
    rows = _STREAM_UPTO.execute(connection, stream=stream, upto=upto)
    return _stored(rows.fetchall())


_OF_STREAM = _SELECT.where(EVENTS.c.stream == sa.bindparam("stream")).order_by(
    EVENTS.c.n
)
_STREAM = Statement(_OF_STREAM)
_STREAM_UPTO = Statement(_OF_STREAM.where(EVENTS.c.position <= sa.bindparam("upto")))
_STREAM_STEPS = Statement(
    lambda dialect: _OF_STREAM.where(EVENTS.c.step.in_(NAMED[dialect]))
)


def events_of(
    connection: Connection,
    stream: str,
    *,
    upto: int | None = None,
    steps: Collection[str] | None = None,
) -> list[Event]:
    """Return the events in a stream's headers, at most up to a position.

    ``steps`` selects those of some steps, by the column beside the header.
    """
    if steps is not None:
        named = json.dumps(list(steps))
        rows = _STREAM_STEPS.execute(connection, stream=stream, named=named)
        stored = _stored(rows.fetchall())
    else:
        stored = read_stream(connection, stream, upto=upto)
    return [event_of(event.header) for event in stored]


def read_streams(connection: Connection, streams: Sequence[str]) -> list[Stored]:
    """Return the events of several streams, each in order, one after the other."""
    query = _SELECT.order_by(EVENTS.c.stream, EVENTS.c.n)
    return _stored(rows_naming(connection, query, EVENTS.c.stream, streams))


def read_from(
    connection: Connection, position: int, *, limit: int = 1000
) -> list[Stored]:
    """Return up to ``limit`` events after ``position``, in their order."""
    rows = _READ_FROM.execute(connection, position=position, limit=limit)
    return _stored(rows.fetchall())


_READ_FROM = Statement(
    _SELECT.where(EVENTS.c.position > sa.bindparam("position"))
    .order_by(EVENTS.c.position)
    .limit(sa.bindparam("limit"))
)


def unplaced(connection: Connection) -> list[Stored]:
    """Return the events that have no position, in the order of their rows."""
    query = _SELECT.where(EVENTS.c.position.is_(None)).order_by(EVENTS.c.id)
    return _stored(connection.execute(query))


def raw_bytes(written: object) -> bytes:
    """Return the bytes of a stored value; a manual edit may have changed its type."""
    if isinstance(written, bytes | bytearray | memoryview):
        return bytes(written)
    return b"" if written is None else str(written).encode(errors="surrogateescape")
