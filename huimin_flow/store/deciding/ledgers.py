"""Queries of the demand ledger: as it is, and as its history makes it at a cut."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import Area, Origin, Placement, State, Step, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.model.deciding.ledgers import (
    IN_LEDGER,
    DemandFilter,
    DemandLine,
    Put,
    Response,
)
from huimin_flow.store.core.history import (
    TOGETHER,
    moment_of,
    raw_bytes,
    rows_naming,
)
from huimin_flow.store.core.repository import TITLE
from huimin_flow.store.core.tables import EVENTS, ITEMS, RECORDS

_ITEM = StreamKind.ITEM.key("")

#: By database system, the placement in the body of an item.
_PLACEMENT = {
    "sqlite": func.json_extract(ITEMS.c.body, "$.placement"),
    "postgresql": sa.cast(ITEMS.c.body, sa.JSON)["placement"].as_string(),
}

#: The events by which an item enters the ledger.
_ENTERS = sa.and_(
    EVENTS.c.step.in_([Step.JUDGE.value, Step.RESPOND.value]),
    EVENTS.c.target == State.JUDGED.value,
    sa.or_(EVENTS.c.step == Step.JUDGE.value, EVENTS.c.n == 1),
)
_SINCE = select(EVENTS.c.stream, func.max(EVENTS.c.at)).where(_ENTERS)
_STAND = ITEMS.c.state.in_([state.value for state in IN_LEDGER])


def demands(connection: Connection, wanted: DemandFilter) -> list[DemandLine]:
    """Return the demands of the ledger that fit, by number."""
    fitting = list(_fitting(connection, wanted))
    if wanted.after is not None:
        fitting.append(ITEMS.c.number > wanted.after)
    page = select(ITEMS.c.number).where(*fitting).order_by(ITEMS.c.number)
    page = page.limit(wanted.limit).offset(wanted.skip)
    query = select(ITEMS.c.body).where(ITEMS.c.number.in_(page))
    bodies = connection.execute(query.order_by(ITEMS.c.number)).scalars()
    plains = [json.loads(body) for body in bodies]
    streams = [_ITEM + plain["number"] for plain in plains]
    entered = rows_naming(
        connection,
        _SINCE.group_by(EVENTS.c.stream),
        EVENTS.c.stream,
        streams,
        at_once=TOGETHER,
    )
    since = {stream: local_day(moment_of(at)) for stream, at in entered}
    return [_demand(plain, since[_ITEM + plain["number"]]) for plain in plains]


def count_demands(connection: Connection, wanted: DemandFilter) -> int:
    """Return how many demands of the ledger fit."""
    query = select(func.count()).select_from(ITEMS).where(*_fitting(connection, wanted))
    return int(connection.execute(query).scalar_one())


def _fitting(
    connection: Connection, wanted: DemandFilter
) -> Iterator[sa.ColumnElement[bool]]:
    dialect = connection.dialect.name
    yield _STAND
    for name in ("unit", "area", "origin", "stars", "state"):
        if (value := getattr(wanted, name)) is not None:
            yield ITEMS.c[name] == (value if name == "stars" else str(value))
    if wanted.placement is not None:
        yield _PLACEMENT[dialect] == wanted.placement.value
    for word in (wanted.text or "").lower().split():
        title = func.lower(TITLE[dialect])
        yield title.contains(word, autoescape=True) | ITEMS.c.number.contains(
            word, autoescape=True
        )


def fits(demand: DemandLine, wanted: DemandFilter) -> bool:
    """Tell whether a demand of another day fits, as the query of today does."""
    names = ("placement", "unit", "area", "origin", "stars", "state")
    if demand.number <= (wanted.after or ""):
        return False
    words = (wanted.text or "").lower().split()
    return all(
        getattr(wanted, name) in {None, getattr(demand, name)} for name in names
    ) and all(word in demand.title.lower() or word in demand.number for word in words)


class Left(NamedTuple):
    """The step by which a demand left the ledger, its reason code, and its day."""

    step: Step
    reason_code: str
    day: date


class Past(NamedTuple):
    """An item that was judged, at a cut: ``left`` is None if it is on the ledger.

    ``moved`` is its last transfer to another unit, if any.
    """

    demand: DemandLine
    left: Left | None
    moved: Left | None


def pasts(
    connection: Connection, *cuts: int, units: Iterable[str] | None = None
) -> list[dict[str, Past]]:
    """Return the items that had ever been judged, by number, at each cut.

    The cuts rise. An item that was judged and sent back since has ``left``. With
    ``units``, at least the items that these ever had.
    """
    streams = select(EVENTS.c.stream).where(_ENTERS, EVENTS.c.position <= cuts[-1])
    if units is not None:
        other = EVENTS.alias("moved")
        moved = select(other.c.stream).where(other.c.step == Step.TRANSFER.value)
        named = sa.literal(_ITEM) + ITEMS.c.number
        mine = select(named).where(ITEMS.c.unit.in_(sorted(units)))
        streams = streams.where(
            sa.or_(EVENTS.c.stream.in_(mine), EVENTS.c.stream.in_(moved))
        )
    query = (
        select(EVENTS.c.stream, EVENTS.c.position, EVENTS.c.header)
        .where(EVENTS.c.stream.in_(streams), EVENTS.c.position <= cuts[-1])
        .order_by(EVENTS.c.stream, EVENTS.c.n)
    )
    at_cuts: list[dict[str, Past]] = [{} for _ in cuts]
    # A header that can't be read ends the loop: the server's cursor must be closed.
    with connection.execute(query, execution_options={"yield_per": 1000}) as rows:
        for _, history in groupby(rows, key=itemgetter(0)):
            for n, past in _at(history, cuts):
                at_cuts[n][past.demand.number] = past
    return at_cuts


_LEDGER = frozenset(state.value for state in IN_LEDGER)


def _at(history: Iterable[Any], cuts: Sequence[int]) -> Iterator[tuple[int, Past]]:
    """Yield what one item was at each cut by which it had been judged."""
    plain: dict[str, Any] = {}
    since: date | None = None
    left = moved = None
    n = 0
    for _, position, header in history:
        while position > cuts[n]:
            if since is not None:
                yield n, Past(_demand(plain, since), left, moved)
            n += 1
        event = orjson.loads(raw_bytes(header))
        step, source, target = event["step"], event["source"], event["target"]
        plain |= event["public"]["changes"]
        plain["state"] = target
        born = step == Step.RESPOND and source is None
        if (step == Step.JUDGE and target == State.JUDGED) or born:
            since, left = local_day(moment_of(event["at"])), None
        elif target not in _LEDGER and source in _LEDGER:
            named = "recommendation" if step == Step.CLOSE else "reason_code"
            day = local_day(moment_of(event["at"]))
            left = Left(Step(step), plain.get(named) or "", day)
        elif target in _LEDGER:
            left = None
        if step == Step.TRANSFER:
            code = event["public"].get("reason_code") or plain.get("reason_code")
            moved = Left(Step.TRANSFER, code or "", local_day(moment_of(event["at"])))
    for later in range(n, len(cuts)):
        if since is not None:
            yield later, Past(_demand(plain, since), left, moved)


def _demand(plain: dict[str, Any], since: date) -> DemandLine:
    placement, tasks = (
        plain.get("placement"),
        (plain.get("plan") or {}).get("tasks", ()),
    )
    due = max((task["due"] for task in tasks), default=None)
    return DemandLine(
        number=plain["number"],
        title=plain["title"],
        origin=Origin(plain["origin"]),
        area=Area(plain["area"]),
        unit=plain["unit"],
        state=State(plain["state"]),
        placement=None if placement is None else Placement(placement),
        stars=plain.get("stars"),
        since=since,
        deliberation=plain.get("deliberation"),
        edition=plain.get("edition"),
        rank=plain.get("rank"),
        tasks=len(tasks),
        due=None if due is None else date.fromisoformat(due),
        continues=plain.get("continues"),
        responds_to=plain.get("responds_to"),
    )


def put_to_units(connection: Connection, placements: Iterable[Placement]) -> list[Put]:
    """Return the demands on the ledger with a placement, the oldest there first.

    What responds to another demand is not among them.
    """
    dialect = connection.dialect.name
    placement = _PLACEMENT[dialect]
    since = _SINCE.group_by(EVENTS.c.stream).subquery()
    query = (
        select(
            ITEMS.c.number,
            TITLE[dialect],
            ITEMS.c.unit,
            ITEMS.c.area,
            placement,
            ITEMS.c.stars,
            since.c[1],
        )
        .join(since, since.c.stream == sa.literal(_ITEM) + ITEMS.c.number)
        .where(
            _STAND,
            ITEMS.c.responds_to.is_(None),
            placement.in_([each.value for each in placements]),
        )
    )
    days: dict[str, date] = {}
    put = []
    for number, title, unit, area, placed, stars, at in connection.execute(query):
        day = days.get(at[:13])
        if day is None:
            day = days[at[:13]] = local_day(moment_of(at))
        put.append(Put(number, title, unit, Area(area), Placement(placed), stars, day))
    put.sort(key=lambda each: (each.since, each.number))
    return put


def put_at(
    connection: Connection, cut: int, placements: Iterable[Placement]
) -> tuple[list[Put], set[tuple[str, str]]]:
    """Return what was put to units at a cut, and (item, unit) of each response."""
    placed, (past,) = set(placements), pasts(connection, cut)
    demands = (each.demand for each in past.values() if each.left is None)
    put = [
        Put(
            each.number,
            each.title,
            each.unit,
            each.area,
            each.placement,
            each.stars,
            each.since,
        )
        for each in demands
        if each.placement in placed and each.placement and not each.responds_to
    ]
    put.sort(key=lambda each: (each.since, each.number))
    begun = StreamKind.RESPONSE.key("")
    query = select(EVENTS.c.stream).where(
        EVENTS.c.stream.startswith(begun), EVENTS.c.n == 1, EVENTS.c.position <= cut
    )
    streams = connection.execute(query).scalars()
    pairs = (StreamKind.parse(stream)[1].partition("/") for stream in streams)
    return put, {(item, unit) for item, _, unit in pairs}


def states_of_responses(
    connection: Connection, units: Iterable[str] | None = None
) -> dict[tuple[str, str], str]:
    """Return the states of responses by item and unit, of these units or of all."""
    joined = sa.and_(EVENTS.c.stream == RECORDS.c.key, EVENTS.c.n == RECORDS.c.version)
    query = (
        select(RECORDS.c.key, RECORDS.c.about, EVENTS.c.target)
        .join(EVENTS, joined)
        .where(RECORDS.c.kind == Response.__name__)
    )
    if units is not None:
        query = query.where(RECORDS.c.about.in_(sorted(units)))
    return {
        (StreamKind.parse(key)[1].partition("/")[0], unit): target
        for key, unit, target in connection.execute(query)
    }
