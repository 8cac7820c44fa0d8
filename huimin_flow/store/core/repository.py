"""Queries and writes of items, records, requests and rulebooks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.reasons import InputCode, StoreCode
from huimin_flow.catalogue.terms import RecordStep, State, StreamKind
from huimin_flow.errors import NotFound, StoreRefused
from huimin_flow.model.core.canonical import canonical_of_plain
from huimin_flow.model.core.canonical import digest as digest_of
from huimin_flow.model.core.values import Plain, from_json, to_plain
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text
from huimin_flow.rules.core.due import Activation
from huimin_flow.states.table import ENDS
from huimin_flow.store.core import positions
from huimin_flow.store.core.connections import once
from huimin_flow.store.core.driver import Statement, Write
from huimin_flow.store.core.history import TOGETHER, moment_of, rows_naming
from huimin_flow.store.core.tables import (
    ABOVE,
    EVENTS,
    HEARTBEATS,
    ITEMS,
    META,
    RECORDS,
    RULEBOOKS,
)

T = TypeVar("T")


def text_of(value: object) -> str:
    """Return the canonical JSON text of a value."""
    return canonical_of_plain(to_plain(value)).decode()


_COLUMNS = tuple(ITEMS.columns.keys())


def item_columns(item: Item) -> dict[str, Any]:
    """Return the row of an item; replay compares the stored row with it."""
    plain = to_plain(item)
    row = dict(zip(_COLUMNS, map(plain.get, _COLUMNS), strict=True))
    row["body"] = canonical_of_plain(plain).decode()
    return row


_ITEM = Statement(select(ITEMS.c.body).where(ITEMS.c.number == sa.bindparam("number")))
_RECORD = Statement(
    select(RECORDS.c.body).where(
        RECORDS.c.key == sa.bindparam("key"), RECORDS.c.kind == sa.bindparam("kind")
    )
)
_HEADERS = (
    select(EVENTS.c.header)
    .where(EVENTS.c.stream == StreamKind.RULEBOOK)
    .order_by(EVENTS.c.n.desc())
    .limit(1)
)


def _values(connection: Connection, kind: type[T], query: sa.Select[Any]) -> list[T]:
    """Return the values of ``kind`` in the bodies of a query."""
    bodies = connection.execute(query).scalars()
    return [from_json(kind, body) for body in bodies.all()]


def find_item(connection: Connection, number: str) -> Item | None:
    """Return the current item, or None; a snapshot reads it once."""
    body = once(connection, number, partial(_ITEM.scalar, connection, number=number))
    return None if body is None else from_json(Item, body)


def item(connection: Connection, number: str) -> Item:
    """Return the current item.

    Raises:
        NotFound: if no item has the number.

    """
    current = find_item(connection, number)
    if current is None:
        raise NotFound(InputCode.ITEM_UNKNOWN, number=number)
    return current


def hold_items(connection: Connection, numbers: Sequence[str]) -> None:
    """Lock these items until the transaction ends.

    Rows are locked in one order, so that two transactions never wait for each other.
    SQLite locks everything with its first write.
    """
    if connection.dialect.name == "sqlite":
        return
    query = select(ITEMS.c.number).where(ITEMS.c.number.in_(numbers))
    connection.execute(query.order_by(ITEMS.c.number).with_for_update()).all()


def titles(connection: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """Return the titles of these items by number."""
    query = select(ITEMS.c.number, TITLE[connection.dialect.name])
    rows = rows_naming(connection, query, ITEMS.c.number, numbers, at_once=TOGETHER)
    return dict(map(tuple, rows))


#: By database system, the title in the body of an item.
TITLE: Mapping[str, sa.ColumnElement[str]] = {
    "sqlite": func.json_extract(ITEMS.c.body, "$.title"),
    "postgresql": sa.cast(ITEMS.c.body, sa.JSON)["title"].as_string(),
}


#: By database system, how an item in the body ended, null unless it was cancelled.
OUTCOME: Mapping[str, sa.ColumnElement[str]] = {
    "sqlite": func.json_extract(ITEMS.c.body, "$.outcome"),
    "postgresql": sa.cast(ITEMS.c.body, sa.JSON)["outcome"].as_string(),
}


def count_by_state(connection: Connection) -> dict[State, int]:
    """Return the number of items in each state."""
    query = select(ITEMS.c.state, func.count()).group_by(ITEMS.c.state)
    return {State(state): count for state, count in connection.execute(query)}


def item_write(new: Item, old: Item | None) -> Write:
    """Return what writes the row of an item, unless its version has changed.

    Of a later version only the columns that differ from ``old`` are written: an index
    of other columns is not touched, and a database page less is synced.
    """
    row = item_columns(new)
    if old is not None:
        row = {
            name: column
            for name, column in row.items()
            if name in _ALWAYS or getattr(new, name) != getattr(old, name)
        }
    return _write(ITEMS, row, new.number, new.version)


#: What every later version writes; an item has no attribute for its body.
_ALWAYS = frozenset({"version", "body"})


def record_write(row: dict[str, Any]) -> Write:
    """Return what writes the row of a record, unless its version has changed."""
    return _write(RECORDS, row, row["key"], row["version"])


def _write(table: sa.Table, row: dict[str, Any], key: str, version: int) -> Write:
    first, later = _writes(table, tuple(row))
    if version == 1:
        return first, row
    return later, {**row, "row_key": key, "row_version": version - 1}


@cache
def _writes(table: sa.Table, names: tuple[str, ...]) -> tuple[Statement, Statement]:
    """Return the insert of a row with these columns, and their update by version."""
    (key,) = table.primary_key.columns
    at = key == sa.bindparam("row_key"), table.c.version == sa.bindparam("row_version")
    values: dict[str, Any] = {name: sa.bindparam(name) for name in names}
    first = sa.insert(table).inline().values(values)
    later = sa.update(table).where(*at).values(values)
    return Statement(first), Statement(later)


def find_record(connection: Connection, kind: type[T], key: str) -> T | None:
    """Return the record of ``kind`` under ``key``, or None."""
    body = _RECORD.scalar(connection, key=key, kind=kind.__name__)
    return None if body is None else from_json(kind, body)


def numbered(
    connection: Connection, beginning: str, limit: int
) -> list[tuple[str, str, str]]:
    """Return number, title and unit of items by a number's prefix, newest first."""
    fits = ITEMS.c.number.startswith(beginning, autoescape=True)
    return _newest(connection, fits, limit)


def titled(connection: Connection, part: str, limit: int) -> list[tuple[str, str, str]]:
    """Return number, title and unit of items whose title has a part, newest first.

    It reads every title; a person waits for it, no act does.
    """
    title = func.lower(TITLE[connection.dialect.name])
    return _newest(connection, title.contains(part, autoescape=True), limit)


def _newest(
    connection: Connection, fits: sa.ColumnElement[bool], limit: int
) -> list[tuple[str, str, str]]:
    title = TITLE[connection.dialect.name]
    query = select(ITEMS.c.number, title, ITEMS.c.unit).where(fits)
    rows = connection.execute(query.order_by(ITEMS.c.number.desc()).limit(limit))
    return [(number, title, unit) for number, title, unit in rows]


def records(connection: Connection, kind: type[T], about: str | None = None) -> list[T]:
    """Return all records of ``kind``, or those about one item or period."""
    if about is None:
        rows = _RECORDS.execute(connection, kind=kind.__name__)
    else:
        rows = _RECORDS_ABOUT.execute(connection, kind=kind.__name__, about=about)
    return [from_json(kind, body) for (body,) in rows.fetchall()]


_OF_KIND = (
    select(RECORDS.c.body)
    .where(RECORDS.c.kind == sa.bindparam("kind"))
    .order_by(RECORDS.c.key)
)
_RECORDS = Statement(_OF_KIND)
_RECORDS_ABOUT = Statement(_OF_KIND.where(RECORDS.c.about == sa.bindparam("about")))


def periods(connection: Connection, kind: type[object]) -> tuple[str, ...]:
    """Return the periods that records of ``kind`` are about, oldest first."""
    about = RECORDS.c.about
    query = select(about).where(RECORDS.c.kind == kind.__name__).order_by(about)
    return tuple(connection.execute(query).scalars())


def record_columns(
    key: str, kind: str, about: str, version: int, plain: Plain
) -> dict[str, Any]:
    """Return the row of a record."""
    return {
        "key": key,
        "kind": kind,
        "about": about,
        "version": version,
        "body": canonical_of_plain(plain).decode(),
    }


def keep_rulebook(connection: Connection, digest: str, body: bytes) -> None:
    """Store a rulebook's text under its digest; the same text is stored once."""
    if rulebook_body(connection, digest) is None:
        row = {"digest": digest, "body": body.decode()}
        connection.execute(sa.insert(RULEBOOKS), [row])


def rulebook_body(connection: Connection, digest: str) -> bytes | None:
    """Return the text of a rulebook, or None."""
    query = select(RULEBOOKS.c.body).where(RULEBOOKS.c.digest == digest)
    body = connection.execute(query).scalar()
    return None if body is None else str(body).encode()


def rulebook(connection: Connection, digest: str) -> Rulebook:
    """Return the rulebook of a digest.

    Raises:
        StoreRefused: if its text is missing or does not have that digest, or another
            version of this program wrote it.

    """
    body = rulebook_body(connection, digest)
    if body is None or digest_of(body) != digest:
        raise StoreRefused(StoreCode.RULEBOOK_CHANGED, digest=digest[:12])
    try:
        return rulebook_from_text(body)
    except ValueError as error:
        code = StoreCode.RULEBOOK_UNREADABLE
        raise StoreRefused(code, digest=digest[:12]) from error


def activations(
    connection: Connection, *, cut: int | None = None
) -> tuple[Activation, ...]:
    """Return every activation with its rulebook, in order, up to a cut.

    Raises:
        StoreRefused: if one of the texts is missing or was changed.

    """
    return tuple(
        Activation(since=since, book=rulebook(connection, digest))
        for since, digest in positions.activations(connection, cut=cut)
    )


def active_digest(connection: Connection, *, cut: int | None = None) -> str | None:
    """Return the digest that was activated last, at or before a cut if there is one."""
    if cut is None:
        return present(connection).digest
    header = connection.execute(_HEADERS.where(EVENTS.c.position <= cut)).scalar()
    return None if header is None else _activated_by(bytes(header))


class Present(NamedTuple):
    """What each act needs to know first.

    ``at`` is when the last event was recorded, from where time goes on after a
    declared span. ``digest`` is the active rulebook's, ``mark`` the text of the clock's
    mark, ``server`` what the server's clock shows, if it has one.
    """

    at: datetime | None
    digest: str | None
    mark: str | None
    server: datetime | None


def present(connection: Connection, mark: str = "") -> Present:
    """Return what each act needs first, with the mark of a name, all at once."""
    at, header, declared, marked, server = _PRESENT.row(connection, mark=mark)
    if declared is not None:
        at = _SINCE.scalar(connection, declared=declared)
    return Present(
        at=None if at is None else moment_of(at),
        digest=None if header is None else _activated_by(bytes(header)),
        mark=marked,
        server=None if server is None else datetime.fromtimestamp(float(server), UTC),
    )


def _server(dialect: str) -> sa.ColumnElement[Any]:
    """Return the seconds that the server's clock shows, as text; NULL on SQLite."""
    if dialect == "sqlite":
        return sa.null()
    return sa.cast(sa.extract("epoch", func.clock_timestamp()), sa.Text)


#: Time goes on from the last declaration of a span with wrong times.
_DECLARED = select(func.max(EVENTS.c.id)).where(
    EVENTS.c.stream == StreamKind.CLOCK, EVENTS.c.step == RecordStep.DECLARE
)
_SINCE = Statement(
    select(EVENTS.c.at)
    .where(EVENTS.c.id >= sa.bindparam("declared"))
    .order_by(EVENTS.c.at.desc())
    .limit(1)
)
_MARK = select(HEARTBEATS.c.detail).where(HEARTBEATS.c.service == sa.bindparam("mark"))
_PRESENT = Statement(
    lambda dialect: select(
        select(func.max(EVENTS.c.at)).scalar_subquery(),
        _HEADERS.scalar_subquery(),
        _DECLARED.scalar_subquery(),
        _MARK.scalar_subquery(),
        _server(dialect),
    )
)


@lru_cache(maxsize=64)
def _activated_by(header: bytes) -> str:
    """Return the digest that an activation's header names; each act asks it."""
    return str(json.loads(header)["public"]["digest"])


def meta(connection: Connection, key: str) -> str | None:
    """Return a fact about the database, or None."""
    query = select(META.c.value).where(META.c.key == key)
    value: str | None = connection.execute(query).scalar()
    return value


def linked_items(connection: Connection, number: str) -> list[tuple[str, Item]]:
    """Return the items that name this item, each with the field that names it."""
    query = (
        select(ITEMS.c.body)
        .where(sa.or_(*(ITEMS.c[field] == number for field in ABOVE)))
        .order_by(ITEMS.c.number)
    )
    return [
        (field, item)
        for item in _values(connection, Item, query)
        for field in ABOVE
        if getattr(item, field) == number
    ]


def open_successor(connection: Connection, number: str) -> str | None:
    """Return the number of the open item that continues this item, or None."""
    successors = (
        item.number
        for field, item in linked_items(connection, number)
        if field == "continues" and item.state not in ENDS
    )
    return next(successors, None)
