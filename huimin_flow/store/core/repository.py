"""Items, records, requests and rulebooks: a function per question."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Table,
    bindparam,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from huimin_flow.catalogue.reasons import InputCode, StoreCode
from huimin_flow.catalogue.terms import State, StreamKind
from huimin_flow.errors import NotFound, StoreRefused
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text
from huimin_flow.rules.core.due import Activation
from huimin_flow.states.evolve import fold
from huimin_flow.states.table import ENDS
from huimin_flow.store.core import history, positions
from huimin_flow.store.core.history import EVENTS
from huimin_flow.store.core.tables import (
    CounterRow,
    ItemRow,
    MetaRow,
    RecordRow,
    RefusalRow,
    RequestRow,
    RulebookRow,
    table_of,
)

T = TypeVar("T")

META = table_of(MetaRow)
COUNTERS = table_of(CounterRow)
ITEMS = table_of(ItemRow)
RECORDS = table_of(RecordRow)
REQUESTS = table_of(RequestRow)
RULEBOOKS = table_of(RulebookRow)
REFUSALS = table_of(RefusalRow)

#: The fields by which an item names another one above it, each with its index.
ABOVE = ("continues", "responds_to", "arises_from", "split_from", "merged_into")


def text_of(value: object) -> str:
    """Return the canonical JSON text of a value."""
    return canonical(to_plain(value)).decode()


def item_columns(item: Item) -> dict[str, Any]:
    """Return the very row of an item; replay holds the stored row against it."""
    return {
        "number": item.number,
        "version": item.version,
        "state": item.state.value,
        "unit": item.unit,
        "area": item.area.value,
        "origin": item.origin.value,
        "stars": item.stars,
        "edition": item.edition,
        "collected_on": item.collected_on.isoformat(),
        "body": text_of(item),
        **{field: getattr(item, field) for field in ABOVE},
    }


#: What every act asks is made once: making a statement takes longer than asking it.
_ITEM = select(ITEMS.c.body).where(ITEMS.c.number == bindparam("number"))
_RECORD = select(RECORDS.c.body).where(
    RECORDS.c.key == bindparam("key"), RECORDS.c.kind == bindparam("kind")
)
_KEEP_RECORD = insert(RECORDS)
_ACTIVE = (
    select(EVENTS.c.header)
    .where(EVENTS.c.stream == StreamKind.RULEBOOK)
    .order_by(EVENTS.c.n.desc())
    .limit(1)
)


def find_item(connection: Connection, number: str) -> Item | None:
    """Return the item as it stands, or None."""
    body = connection.execute(_ITEM, {"number": number}).scalar()
    return None if body is None else from_plain(Item, json.loads(body))


def item(connection: Connection, number: str) -> Item:
    """Return the item as it stands.

    Raises:
        NotFound: if no item bears the number.

    """
    found = find_item(connection, number)
    if found is None:
        raise NotFound(InputCode.ITEM_UNKNOWN, number=number)
    return found


def hold_items(connection: Connection, numbers: Sequence[str]) -> None:
    """Keep others from moving these items, or what counts for them, for a transaction.

    Rows are locked in one order, so that two who want the same never wait for each
    other; SQLite holds everything from its first write on.
    """
    if connection.dialect.name == "sqlite":
        return
    query = select(ITEMS.c.number).where(ITEMS.c.number.in_(numbers))
    connection.execute(query.order_by(ITEMS.c.number).with_for_update()).all()


def items(
    connection: Connection,
    *,
    states: Sequence[State] = (),
    unit: str | None = None,
    limit: int | None = None,
) -> list[Item]:
    """Return items by state and unit, oldest number first."""
    query = select(ITEMS.c.body).order_by(ITEMS.c.number)
    if states:
        query = query.where(ITEMS.c.state.in_([one.value for one in states]))
    if unit is not None:
        query = query.where(ITEMS.c.unit == unit)
    if limit is not None:
        query = query.limit(limit)
    bodies = connection.execute(query).scalars()
    return [from_plain(Item, json.loads(body)) for body in bodies]


def count_by_state(connection: Connection) -> dict[State, int]:
    """Return how many items stand in each state."""
    query = select(ITEMS.c.state, func.count()).group_by(ITEMS.c.state)
    return {State(state): count for state, count in connection.execute(query)}


def save_item(connection: Connection, new: Item) -> bool:
    """Write an item after its event; False if its version has moved on."""
    columns = item_columns(new)
    if new.version == 1:
        connection.execute(insert(ITEMS), [columns])
        return True
    query = (
        update(ITEMS)
        .where(ITEMS.c.number == new.number, ITEMS.c.version == new.version - 1)
        .values(columns)
    )
    return connection.execute(query).rowcount == 1


def upsert(connection: Connection, table: Table) -> Any:
    """Return the insert of the database at hand, which knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def sequence_of(connection: Connection, counter: str) -> str | None:
    """Return the sequence that gives a counter's numbers, None where a row counts.

    PostgreSQL has one for batches, and one for each year's items, deliberations and
    proposals: a host's transaction that takes long must keep nobody waiting.
    """
    if connection.dialect.name != "postgresql":
        return None
    kind, _, year = counter.partition("/")
    yearly = kind in _BY_YEAR and year.isdigit() and int(year) in _SEQUENCE_YEARS
    if not yearly and counter != StreamKind.BATCH.key():
        return None
    return f"huimin_{counter.replace('/', '_')}"


_BY_YEAR = {StreamKind.ITEM, StreamKind.DELIBERATION, StreamKind.PROPOSAL}

#: The years for which the schema has sequences; a later schema adds more.
_SEQUENCE_YEARS = range(2020, 2050)

_NEXT = text("SELECT nextval(CAST(:name AS regclass))")


def restart_numbers(connection: Connection) -> None:
    """Let the numbers of a database without items begin at 1 again.

    What was killed or rolled back leaves gaps where a sequence gives numbers; a
    rehearsal's story has the same numbers however often it was begun.
    """
    kinds = [kind.key(str(year)) for kind in _BY_YEAR for year in _SEQUENCE_YEARS]
    for counter in (*kinds, StreamKind.BATCH.key()):
        sequence = sequence_of(connection, counter)
        if sequence is not None:
            connection.execute(_RESTART, {"name": sequence})


_RESTART = text("SELECT setval(CAST(:name AS regclass), 1, false)")


def next_number(connection: Connection, name: str) -> int:
    """Return the next number of a counter, from 1.

    Where a sequence gives it, nobody waits for a transaction that took a number, and
    one that is rolled back leaves a gap. Where a row counts, it stays locked until
    the transaction ends.
    """
    sequence = sequence_of(connection, name)
    if sequence is not None:
        return int(connection.execute(_NEXT, {"name": sequence}).scalar_one())
    first = upsert(connection, COUNTERS).values(name=name, value=1)
    query = first.on_conflict_do_update(
        index_elements=["name"], set_={"value": COUNTERS.c.value + 1}
    ).returning(COUNTERS.c.value)
    return int(connection.execute(query).scalar_one())


def find_record(connection: Connection, kind: type[T], key: str) -> T | None:
    """Return the record of ``kind`` under ``key``, or None."""
    named = {"key": key, "kind": kind.__name__}
    body = connection.execute(_RECORD, named).scalar()
    return None if body is None else from_plain(kind, json.loads(body))


def numbered(
    connection: Connection, beginning: str, limit: int
) -> list[tuple[str, str]]:
    """Return numbers and titles of items whose number begins so, newest first."""
    query = (
        select(ITEMS.c.number, ITEMS.c.body)
        .where(ITEMS.c.number.startswith(beginning, autoescape=True))
        .order_by(ITEMS.c.number.desc())
        .limit(limit)
    )
    rows = connection.execute(query)
    return [(row.number, str(json.loads(row.body)["title"])) for row in rows]


def records(connection: Connection, kind: type[T], about: str | None = None) -> list[T]:
    """Return all records of ``kind``, or those about one item or period."""
    query = select(RECORDS.c.body).where(RECORDS.c.kind == kind.__name__)
    if about is not None:
        query = query.where(RECORDS.c.about == about)
    bodies = connection.execute(query.order_by(RECORDS.c.key)).scalars()
    return [from_plain(kind, json.loads(body)) for body in bodies]


def record_columns(key: str, about: str, version: int, value: object) -> dict[str, Any]:
    """Return the very row of a record."""
    return {
        "key": key,
        "kind": type(value).__name__,
        "about": about,
        "version": version,
        "body": text_of(value),
    }


def save_record(connection: Connection, columns: dict[str, Any]) -> bool:
    """Write a record after its event; False if its version has moved on."""
    if columns["version"] == 1:
        connection.execute(_KEEP_RECORD, [columns])
        return True
    query = (
        update(RECORDS)
        .where(
            RECORDS.c.key == columns["key"],
            RECORDS.c.version == columns["version"] - 1,
        )
        .values(columns)
    )
    return connection.execute(query).rowcount == 1


def answer_to(connection: Connection, request: str) -> tuple[str, Any] | None:
    """Return the act and first answer of a request id, or None."""
    query = select(REQUESTS.c.act, REQUESTS.c.answer).where(
        REQUESTS.c.request == request
    )
    row = connection.execute(query).first()
    return None if row is None else (row.act, json.loads(row.answer))


def claim_request(connection: Connection, request: str, act: str) -> bool:
    """Claim a request id for an act; False if it was answered before.

    Who asks at the same moment waits here until the first has its answer.
    """
    claim = upsert(connection, REQUESTS).values(request=request, act=act, answer="")
    claim = claim.on_conflict_do_nothing().returning(REQUESTS.c.request)
    return connection.execute(claim).first() is not None


def keep_answer(connection: Connection, request: str, answer: object) -> None:
    """Keep the first answer to a claimed request id."""
    query = update(REQUESTS).where(REQUESTS.c.request == request)
    connection.execute(query.values(answer=text_of(answer)))


def keep_rulebook(connection: Connection, digest: str, body: bytes) -> None:
    """Keep a rulebook's text under its digest; the same text twice is one."""
    known = select(RULEBOOKS.c.digest).where(RULEBOOKS.c.digest == digest)
    if connection.execute(known).first() is None:
        row = {"digest": digest, "body": body.decode()}
        connection.execute(insert(RULEBOOKS), [row])


def rulebook_body(connection: Connection, digest: str) -> bytes | None:
    """Return the text of a rulebook, or None."""
    query = select(RULEBOOKS.c.body).where(RULEBOOKS.c.digest == digest)
    body = connection.execute(query).scalar()
    return None if body is None else str(body).encode()


def rulebook(connection: Connection, digest: str) -> Rulebook:
    """Return the rulebook of a digest.

    Raises:
        StoreRefused: if its text is missing or no longer has that digest.

    """
    body = rulebook_body(connection, digest)
    book = None if body is None else rulebook_from_text(body)
    if book is None or book.digest != digest:
        raise StoreRefused(StoreCode.RULEBOOK_CHANGED, digest=digest[:12])
    return book


def activations(
    connection: Connection, *, cut: int | None = None
) -> tuple[Activation, ...]:
    """Return every activation with its rulebook, in their order, up to a cut.

    Raises:
        StoreRefused: if one of the texts is missing or was changed.

    """
    return tuple(
        Activation(since=since, book=rulebook(connection, digest))
        for since, digest in positions.activations(connection, cut=cut)
    )


def items_at(connection: Connection, state: State, cut: int) -> list[Item]:
    """Return the items that stood in a state at a cut, as they were then."""
    streams = positions.streams_in(connection, state.value, cut)
    found = (
        fold(history.events_of(connection, stream, upto=cut)) for stream in streams
    )
    return [one for one in found if one is not None]


def active_digest(connection: Connection, *, cut: int | None = None) -> str | None:
    """Return the digest last activated, or last activated at or before a cut."""
    query = _ACTIVE if cut is None else _ACTIVE.where(EVENTS.c.position <= cut)
    header = connection.execute(query).scalar()
    if header is None:
        return None
    return str(json.loads(bytes(header))["public"]["digest"])


def meta(connection: Connection, key: str) -> str | None:
    """Return a fact about the database, or None."""
    value: str | None = connection.execute(
        select(META.c.value).where(META.c.key == key)
    ).scalar()
    return value


def linked_items(connection: Connection, number: str) -> list[tuple[str, Item]]:
    """Return the items that name this one, each with the field that does."""
    query = (
        select(ITEMS.c.body)
        .where(or_(*(ITEMS.c[field] == number for field in ABOVE)))
        .order_by(ITEMS.c.number)
    )
    bodies = connection.execute(query).scalars()
    items = [from_plain(Item, json.loads(body)) for body in bodies]
    return [(to, item) for item in items for to in ABOVE if getattr(item, to) == number]


def open_successor(connection: Connection, number: str) -> str | None:
    """Return the number of the item that continues this one and has not ended."""
    return next(
        (
            item.number
            for field, item in linked_items(connection, number)
            if field == "continues" and item.state not in ENDS
        ),
        None,
    )
