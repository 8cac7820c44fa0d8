"""Queries of what people list: filters, an order, one page, and how many there are.

A page begins after a key, so that it costs the same however far it lies behind. Each
query is one statement; a filter that is None accepts everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import Ending, ItemOrder, State
from huimin_flow.model.core.values import from_json
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.items import Item, ItemFilter
from huimin_flow.store.core.driver import Statement
from huimin_flow.store.core.history import TOGETHER, rows_naming
from huimin_flow.store.core.repository import OUTCOME, TITLE
from huimin_flow.store.core.tables import EVENTS, ITEMS, RECORDS, REFUSALS
from huimin_flow.streams import SEALED

T = TypeVar("T")

#: Rows come from the server in portions, so that a long list is never held whole.
_FEW = {"yield_per": 100}

#: An item without stars comes last in the order by stars.
_STARS = func.coalesce(ITEMS.c.stars, 0)


def items(connection: Connection, wanted: ItemFilter) -> Iterator[Item]:
    """Yield the items of a filter in an order; few are held at once."""
    for (body,) in _page(connection, wanted, ITEMS.c.body):
        yield from_json(Item, body)


def item_lines(
    connection: Connection, wanted: ItemFilter
) -> Iterator[tuple[str, State | Ending, str, int | None, str]]:
    """Yield number, status, unit, stars and title of the same items as ``items``."""
    columns = ITEMS.c.number, ITEMS.c.state, ITEMS.c.unit, ITEMS.c.stars
    of_body = OUTCOME[connection.dialect.name], TITLE[connection.dialect.name]
    rows = _page(connection, wanted, *columns, *of_body)
    for number, state, of, stars, outcome, title in rows:
        yield number, Ending(outcome) if outcome else State(state), of, stars, title


def count_items(connection: Connection, wanted: ItemFilter) -> int:
    """Return how many items a filter accepts."""
    conditions = _of_items(connection.dialect.name, wanted)
    query = select(func.count()).select_from(ITEMS).where(*conditions)
    return int(connection.execute(query).scalar_one())


def _page(
    connection: Connection, wanted: ItemFilter, *columns: sa.ColumnElement[Any]
) -> Iterable[Any]:
    number, stars, after = ITEMS.c.number, -_STARS, wanted.after
    orders: Mapping[ItemOrder, list[sa.ColumnElement[Any]]] = {
        ItemOrder.OLDEST: [number],
        ItemOrder.NEWEST: [number.desc()],
        ItemOrder.STARS: [stars, number],
    }
    by = orders[wanted.order]
    fitting = list(_of_items(connection.dialect.name, wanted))
    if after is not None and wanted.order is ItemOrder.OLDEST:
        fitting.append(number > after)
    elif after is not None and wanted.order is ItemOrder.NEWEST:
        fitting.append(number < after)
    elif after is not None:
        other = ITEMS.alias("before")
        of_other = -func.coalesce(other.c.stars, 0)
        first = select(of_other).where(other.c.number == after).scalar_subquery()
        fitting.append(sa.tuple_(stars, number) > sa.tuple_(first, sa.literal(after)))
    if wanted.limit is not None or wanted.skip:  # numbers are sorted, not bodies
        page = select(number).where(*fitting).order_by(*by)
        fitting = [number.in_(page.limit(wanted.limit).offset(wanted.skip))]
    query = select(*columns).where(*fitting).order_by(*by)
    if wanted.numbers is None:
        return connection.execute(query, execution_options=_FEW)
    return rows_naming(connection, query, number, wanted.numbers, at_once=TOGETHER)


def _of_items(dialect: str, wanted: ItemFilter) -> Iterator[sa.ColumnElement[bool]]:
    columns = ITEMS.c
    if wanted.states:
        yield columns.state.in_([state.value for state in wanted.states])
    texts = {name: getattr(wanted, name) for name in ("unit", "area", "origin")}
    same = {name: text and str(text) for name, text in texts.items()}
    for name, text in {**same, "stars": wanted.traits.stars}.items():
        if text is not None:
            yield columns[name] == text
    yield from _of_ended(dialect, wanted.traits.ended)
    yield from _of_own(wanted.own)
    if wanted.edition is not None:
        places, item = _elements(dialect, RECORDS.c.body, ("places",), "item")
        listed = select(item).join_from(RECORDS, places, sa.true())
        yield columns.number.in_(listed.where(RECORDS.c.key == wanted.edition))
    traits = wanted.traits
    if traits.year is not None:
        yield columns.number.startswith(f"{traits.year:04d}-")
    for word in (wanted.text or "").lower().split():
        title = func.lower(TITLE[dialect])
        yield title.contains(word, autoescape=True) | columns.number.contains(
            word, autoescape=True
        )
    if traits.due is not None:
        yield columns.state == State.ASSIGNED.value
        tasks, due = _elements(dialect, ITEMS.c.body, ("plan", "tasks"), "due")
        ends = select(sa.literal(1)).select_from(tasks)
        yield sa.exists(ends.where(due <= traits.due.isoformat()).correlate(ITEMS))
    if wanted.among is not None:  # one parameter, however many they are
        several, number = _elements(dialect, sa.literal(json.dumps(wanted.among)), ())
        yield columns.number.in_(select(number).select_from(several))
    if traits.stale:
        parts, _ = _elements(dialect, ITEMS.c.body, ("stale",))
        yield sa.exists(select(sa.literal(1)).select_from(parts).correlate(ITEMS))


def _of_own(own: tuple[tuple[str, str], ...]) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions of items with these own fields."""
    if own:
        from huimin_flow.store.extensions import having  # noqa: PLC0415 - few have any

        yield from having(ITEMS.c.number, own)


def _of_ended(dialect: str, ended: Ending | None) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions of items that ended so."""
    if ended is not None:
        yield ITEMS.c.state == State.CLOSED.value
        outcome = func.coalesce(OUTCOME[dialect], Ending.COMPLETED.value)
        yield outcome == ended.value


def records(
    connection: Connection,
    kind: type[T],
    wanted: Mapping[str, str | None],
    *,
    newest: bool = False,
    after: str | None = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[T, ...]:
    """Return the records of a kind that fit, by key; with ``newest`` the last first.

    ``wanted`` has texts by field; ``agenda`` and ``places.item`` are fields with
    several texts, of which one must be the same.
    """
    query = select(RECORDS.c.body).where(*_of_records(connection, kind, wanted))
    key = RECORDS.c.key
    if after is not None:
        query = query.where(key < after if newest else key > after)
    query = query.order_by(key.desc() if newest else key).limit(limit).offset(skip)
    bodies = connection.execute(query).scalars().all()
    return tuple(from_json(kind, body) for body in bodies)


def records_of_items(
    connection: Connection, kind: type[T], items: Sequence[str]
) -> dict[str, list[T]]:
    """Return the records of a type about each item, in the order of their keys."""
    known: dict[str, list[T]] = {number: [] for number in items}
    query = (
        select(RECORDS.c.about, RECORDS.c.body)
        .where(RECORDS.c.kind == kind.__name__)
        .order_by(RECORDS.c.key)
    )
    for number, body in rows_naming(
        connection, query, RECORDS.c.about, items, at_once=TOGETHER
    ):
        known[number].append(from_json(kind, body))
    return known


def count_records(
    connection: Connection, kind: type[object], wanted: Mapping[str, str | None]
) -> int:
    """Return how many records of a kind fit."""
    conditions = _of_records(connection, kind, wanted)
    query = select(func.count()).select_from(RECORDS).where(*conditions)
    return int(connection.execute(query).scalar_one())


#: By the name of a filter: the list in the body, and the field of its elements.
_LISTS = {"agenda": (("agenda",), ""), "places.item": (("places",), "item")}


def _of_records(
    connection: Connection, kind: type[object], wanted: Mapping[str, str | None]
) -> Iterator[sa.ColumnElement[bool]]:
    dialect = connection.dialect.name
    yield RECORDS.c.kind == kind.__name__
    for name, written in wanted.items():
        if written is None:
            continue
        text = str(written)  # of a term, which drivers don't know
        if name in _LISTS:
            elements, shown = _elements(dialect, RECORDS.c.body, *_LISTS[name])
            same = select(sa.literal(1)).select_from(elements).where(shown == text)
            yield sa.exists(same.correlate(RECORDS))
        elif name == "about":
            yield RECORDS.c.about == text
        elif dialect == "sqlite":
            yield func.json_extract(RECORDS.c.body, f"$.{name}") == text
        else:
            yield sa.cast(RECORDS.c.body, sa.JSON)[name].as_string() == text


def _elements(
    dialect: str, body: Any, path: Sequence[str], field: str = ""
) -> tuple[Any, Any]:
    """Return the elements of a list in a body, and the text of each or its field."""
    if dialect == "sqlite":
        each = func.json_each(body, ".".join(("$", *path))).table_valued("value")
        text = each.c.value
        return each, func.json_extract(text, f"$.{field}") if field else text
    listed: Any = sa.cast(body, sa.JSON)
    for name in path:
        listed = listed[name]
    if not field:
        texts = func.json_array_elements_text(listed).table_valued("value")
        return texts, texts.c.value
    each = func.json_array_elements(listed).table_valued(sa.column("value", sa.JSON))
    return each, each.c.value[field].as_string()


def editions_with(connection: Connection, number: str) -> list[Edition]:
    """Return the present state of each list that names an item, by key."""
    rows = _NAMING.execute(connection, kind=Edition.__name__, item=number)
    return [from_json(Edition, body) for (body,) in rows.fetchall()]


def _naming(dialect: str) -> sa.Select[Any]:
    places, item = _elements(dialect, RECORDS.c.body, *_LISTS["places.item"])
    same = select(sa.literal(1)).select_from(places).where(item == sa.bindparam("item"))
    return (
        select(RECORDS.c.body)
        .where(RECORDS.c.kind == sa.bindparam("kind"))
        .where(sa.exists(same.correlate(RECORDS)))
        .order_by(RECORDS.c.key)
    )


_NAMING = Statement(_naming)


def refusals(
    connection: Connection,
    wanted: Mapping[str, str | None],
    *,
    after: int | None = None,
    skip: int = 0,
    limit: int,
) -> Sequence[sa.RowMapping]:
    """Return the last refusals that fit, newest first; ``after`` is the id of one."""
    query = select(REFUSALS).where(*_of_refusals(wanted))
    if after is not None:
        query = query.where(REFUSALS.c.id < after)
    query = query.order_by(REFUSALS.c.id.desc()).limit(limit).offset(skip)
    return connection.execute(query).mappings().all()


def count_refusals(connection: Connection, wanted: Mapping[str, str | None]) -> int:
    """Return how many refusals fit."""
    query = select(func.count()).select_from(REFUSALS).where(*_of_refusals(wanted))
    return int(connection.execute(query).scalar_one())


def _of_refusals(wanted: Mapping[str, str | None]) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions of refusals, none of them about what is sealed now."""
    for kind, states in SEALED.items():
        opened = select(sa.literal(1)).where(
            EVENTS.c.stream == REFUSALS.c.about,
            EVENTS.c.target.not_in([state.value for state in states]),
        )
        about = REFUSALS.c.about.startswith(kind.key(""))
        yield sa.or_(sa.not_(about), sa.exists(opened.correlate(REFUSALS)))
    for name, text in wanted.items():
        if text is not None:
            yield REFUSALS.c[name] == text
