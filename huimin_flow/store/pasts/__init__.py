"""Items, records and relations as they were at a cut; without a cut, as they are.

The row of an item has its values at a cut unless the item moved after it. Only the
histories of moved items are read.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import State, Step, StreamKind
from huimin_flow.clock import at_hour, local_day
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.values import from_json, from_plain
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.policies import CityMeasure, MeasureFacts, Policy
from huimin_flow.rules.executing.promises import promised
from huimin_flow.rules.executing.running import run_months, runs
from huimin_flow.rules.improving import advising
from huimin_flow.rules.sensing.rounds import Collected
from huimin_flow.states.evolve import fold
from huimin_flow.states.table import LIFE
from huimin_flow.store.core import facts, repository
from huimin_flow.store.core.history import (
    event_of,
    moment_of,
    moment_text,
    raw_bytes,
    rows_naming,
)
from huimin_flow.store.core.tables import EVENTS, ITEMS, RECORDS
from huimin_flow.store.improving import grounds
from huimin_flow.store.sensing import tallies

T = TypeVar("T")

_ITEM: Final = StreamKind.ITEM.key("")

#: The place of the moment in the columns of a tally.
_AT: Final = tallies.TALLIED.index("at")

#: The steps that bring an item to the state collected from another one, or from none.
_COLLECTING: Final = frozenset(
    arc.step.value
    for arc in LIFE
    if arc.target is State.COLLECTED and arc.source is not State.COLLECTED
)


def items_in(connection: Connection, state: State, cut: int | None) -> list[Item]:
    """Return the items that were in a state at a cut, by number."""
    bodies = select(ITEMS.c.number, ITEMS.c.body).where(ITEMS.c.state == state.value)
    held = {
        number: from_json(Item, body) for number, body in connection.execute(bodies)
    }
    if cut is not None:
        # Rows come first: on PostgreSQL an item may move between two queries.
        streams = connection.execute(_moved(cut)).scalars().all()
        for stream in streams:
            held.pop(stream.removeprefix(_ITEM), None)
        for item in _folded(connection, streams, cut):
            if item.state is state:
                held[item.number] = item
    return [held[number] for number in sorted(held)]


def items_at(
    connection: Connection, numbers: Iterable[str], cut: int | None
) -> dict[str, Item]:
    """Return these items by number; one that there was not yet is left out."""
    wanted = sorted(set(numbers))
    if cut is None:
        query = select(ITEMS.c.number, ITEMS.c.body)
        rows = rows_naming(connection, query, ITEMS.c.number, wanted)
        return {number: from_json(Item, body) for number, body in rows}
    streams = [StreamKind.ITEM.key(number) for number in wanted]
    return {item.number: item for item in _folded(connection, streams, cut)}


def records_at(
    connection: Connection,
    kind: StreamKind,
    value: type[T],
    about: str | None,
    cut: int | None,
) -> list[T]:
    """Return the records of a kind about a subject, or about any, oldest first."""
    if cut is None:
        return repository.records(connection, value, about)
    prefix = kind.key("")
    last = (
        select(EVENTS.c.stream, func.max(EVENTS.c.n).label("n"))
        .where(EVENTS.c.stream.startswith(prefix), EVENTS.c.position <= cut)
        .group_by(EVENTS.c.stream)
    )
    if about is not None:
        keys = select(RECORDS.c.key).where(
            RECORDS.c.kind == value.__name__, RECORDS.c.about == about
        )
        last = last.where(EVENTS.c.stream.in_(keys))
    ends = last.subquery()
    query = (
        select(EVENTS.c.header)
        .join(ends, (EVENTS.c.stream == ends.c.stream) & (EVENTS.c.n == ends.c.n))
        .order_by(EVENTS.c.stream)
    )
    headers = connection.execute(query).scalars()
    events = [event_of(raw_bytes(header)) for header in headers]
    return [from_plain(value, event.public["value"]) for event in events]


def _folded(connection: Connection, streams: Sequence[str], cut: int) -> Iterator[Item]:
    """Yield the items of some streams, as their events up to a cut make them."""
    query = (
        select(EVENTS.c.stream, EVENTS.c.header)
        .where(EVENTS.c.position <= cut)
        .order_by(EVENTS.c.stream, EVENTS.c.n)
    )
    rows = rows_naming(connection, query, EVENTS.c.stream, streams)
    for _, history in groupby(rows, key=itemgetter(0)):
        item = fold(event_of(raw_bytes(header)) for _, header in history)
        if item is not None:
            yield item


def _moved(cut: int) -> sa.CompoundSelect[Any]:
    """Return the query of the item streams that have an event after a cut."""
    stream = select(EVENTS.c.stream).where(EVENTS.c.stream.startswith(_ITEM))
    return sa.union(
        stream.where(EVENTS.c.position > cut),
        stream.where(EVENTS.c.position.is_(None)),
    )


def related_at(connection: Connection, cut: int | None) -> tallies.Related:
    """Return what tells which items were merged into others, and which they continue.

    An item continues the same one all its life, so that is read from its row.
    """
    into: dict[str, str] = {}
    if cut is None:
        query = select(ITEMS.c.number, ITEMS.c.merged_into)
        merged_rows = connection.execute(query.where(ITEMS.c.merged_into.is_not(None)))
        into = {number: str(other) for number, other in merged_rows}
    else:
        steps = [Step.MERGE.value, Step.UNMERGE.value]
        query = select(EVENTS.c.stream, EVENTS.c.header)
        query = query.where(EVENTS.c.step.in_(steps), EVENTS.c.position <= cut)
        for stream, header in connection.execute(query.order_by(EVENTS.c.position)):
            changes = json.loads(raw_bytes(header))["public"]["changes"]
            number = stream.removeprefix(_ITEM)
            other = changes.get("merged_into")
            into.pop(number, None)
            if other is not None:
                into[number] = other
    members: dict[str, list[str]] = defaultdict(list)
    for number, other in sorted(into.items()):
        members[other].append(number)
    query = select(ITEMS.c.number, ITEMS.c.continues)
    continuing = connection.execute(query.where(ITEMS.c.continues.is_not(None)))
    parents = {number: str(other) for number, other in continuing}
    query = select(ITEMS.c.number, ITEMS.c.split_from)
    split = connection.execute(query.where(ITEMS.c.split_from.is_not(None)))
    parts: dict[str, list[str]] = {}
    for number, other in split:
        parts.setdefault(str(other), []).append(number)

    def related(level: list[str]) -> tuple[list[str], list[str]]:
        merged = [number for other in level for number in members.get(other, ())]
        above = [parents[number] for number in level if number in parents]
        return merged, [*above, *(n for other in level for n in parts.get(other, ()))]

    return related


def collected_at(
    connection: Connection, cut: int | None, day: date, book: Rulebook
) -> list[Collected]:
    """Return the items that wait to be screened at a cut, each with its facts.

    The growth compares the days up to ``day`` with as many days before.
    """
    items = items_in(connection, State.COLLECTED, cut)
    related = related_at(connection, cut)
    families = {item.number: tallies.family_of(item.number, related) for item in items}
    known = None if cut is None else facts.known_at(connection, cut)
    members = {each for own, above in families.values() for each in (*own, *above)}
    rows: dict[str, list[Any]] = defaultdict(list)
    names = ("item", *tallies.TALLIED)
    linked = tallies.linked_rows(connection, sorted(members), known, names)
    for item_number, *row in linked if members else ():
        rows[item_number].append(row)
    since = _since(connection, [item.number for item in items], cut)
    span = timedelta(days=book.rules.screening.growth_days.value)
    edges = [
        moment_text(at_hour(day + timedelta(days=1) - n * span, 0)) for n in (0, 1, 2)
    ]
    parents = items_at(connection, (i.continues for i in items if i.continues), cut)
    waiting = []
    for item in items:
        own, above = families[item.number]
        mine = [row for member in own for row in rows[member]]
        inherited = [row for member in above for row in rows[member]]
        counted = tallies.tallied([*mine, *inherited], book.organization)
        moments = [row[_AT] for row in (*mine, *inherited)]
        interim = None
        if item.continues is not None:
            advice = records_at(
                connection, StreamKind.ADVICE, Advice, item.continues, cut
            )
            parent = parents.get(item.continues)
            interim = advising.interim_of(parent, advice, book.improving.advising)
        waiting.append(
            Collected(
                item=item,
                since=since[item.number],
                tally=replace(counted, inherited=len(inherited)),
                last=sum(edges[1] <= at < edges[0] for at in moments),
                before=sum(edges[2] <= at < edges[1] for at in moments),
                interim=interim,
            )
        )
    return waiting


def _since(
    connection: Connection, numbers: Sequence[str], cut: int | None
) -> dict[str, date]:
    """Return the day on which each of these items last became collected."""
    streams = [StreamKind.ITEM.key(number) for number in numbers]
    query = (
        select(EVENTS.c.stream, EVENTS.c.at)
        .where(
            EVENTS.c.step.in_(sorted(_COLLECTING)),
            EVENTS.c.target == State.COLLECTED.value,
            *(() if cut is None else (EVENTS.c.position <= cut,)),
        )
        .order_by(EVENTS.c.stream, EVENTS.c.n)
    )
    rows = rows_naming(connection, query, EVENTS.c.stream, streams)
    return {stream.removeprefix(_ITEM): local_day(moment_of(at)) for stream, at in rows}


def referred(
    connection: Connection, first: date, last: date, cut: int | None = None
) -> Mapping[str, int]:
    """Return how many items were found not ours in these days, by who is in charge."""
    query = select(EVENTS.c.header).where(
        EVENTS.c.step == Step.REJECT.value,
        EVENTS.c.at >= moment_text(at_hour(first, 0)),
        EVENTS.c.at < moment_text(at_hour(last + timedelta(days=1), 0)),
        *(() if cut is None else (EVENTS.c.position <= cut,)),
    )
    headers = connection.execute(query).scalars()
    bodies = (
        json.loads(raw_bytes(header))["public"]["changes"].get("referred_to")
        for header in headers
    )
    return dict(sorted(Counter(body for body in bodies if body).items()))


def events_at(
    connection: Connection, numbers: Iterable[str], cut: int | None
) -> dict[str, list[Event]]:
    """Return the events of these items up to a cut, by number and in order."""
    query = select(EVENTS.c.stream, EVENTS.c.header)
    if cut is not None:
        query = query.where(EVENTS.c.position <= cut)
    query = query.order_by(EVENTS.c.stream, EVENTS.c.n)
    streams = [StreamKind.ITEM.key(number) for number in sorted(set(numbers))]
    found: dict[str, list[Event]] = defaultdict(list)
    for stream, header in rows_naming(connection, query, EVENTS.c.stream, streams):
        found[stream.removeprefix(_ITEM)].append(event_of(raw_bytes(header)))
    return found


def measures_at(
    connection: Connection,
    measures: Sequence[CityMeasure],
    policies: Mapping[str, Policy],
    cut: int | None,
    day: date,
    book: Rulebook,
) -> list[MeasureFacts]:
    """Return the facts on measures at a cut: promises, progress, people's word (A5).

    Complaints and ratings are those of the last days, as the rulebook says.
    """
    numbers = {number for each in measures for number in each.items}
    histories = events_at(connection, numbers, cut)
    items = {n: fold(events) for n, events in histories.items()}
    months = {n: run_months(runs(events), day) for n, events in histories.items()}
    known = None if cut is None else facts.known_at(connection, cut)
    reports = facts.progress_by_item(connection, sorted(numbers), known=known)
    heard = _heard(connection, numbers, cut, day, book)
    first = _first_day(day, book)
    made = []
    for measure in measures:
        units = book.organization.acts_for(measure.unit, day) | {measure.unit}
        ratings, satisfied = grounds.rated(
            connection, sorted(units), first, day, known=known, cut=cut
        )
        carried = [item for n in measure.items if (item := items.get(n)) is not None]
        paces = [
            advising.on_plan(
                item.number, item.plan, reports[item.number], ran[-1], book, day
            )
            for item in carried
            if item.plan is not None and (ran := runs(histories[item.number]))
        ]
        surveys = [i.satisfaction for i in carried if i.satisfaction is not None]
        voices = [voice for item in carried for voice in heard[item.number]]
        complaints = [person for person, complains in voices if complains]
        made.append(
            MeasureFacts(
                measure=measure.key,
                policy=measure.policy,
                since=measure.registered_on,
                day=day,
                items=len(carried),
                promises=promised(
                    measure,
                    policies[measure.policy],
                    carried,
                    reports,
                    months,
                    book.rules.fulfilment,
                    day,
                ),
                indicators=sum(total for total, _ in paces),
                on_plan=sum(kept for _, kept in paces),
                surveyed=min(surveys, key=Decimal, default=None),
                ratings=ratings,
                satisfied=satisfied,
                appeals=len(voices),
                complaints=len(complaints),
                complainants=len(set(complaints)),
            )
        )
    return made


def _first_day(day: date, book: Rulebook) -> date:
    return day - timedelta(days=book.rules.policies.span_days.value - 1)


def _heard(
    connection: Connection,
    numbers: Iterable[str],
    cut: int | None,
    day: date,
    book: Rulebook,
) -> dict[str, list[tuple[tuple[str, str], bool]]]:
    """Return of each appeal of items its person, and whether it complains lately.

    A person is named by the pseudonym; each anonymous appeal is a person of its own.
    """
    known = None if cut is None else facts.known_at(connection, cut)
    related = related_at(connection, cut)
    rule = book.scoring.index.complaints
    channels = () if rule is None else rule.channels
    edges = (_first_day(day, book), day + timedelta(days=1))
    begun, ended = (moment_text(at_hour(edge, 0)) for edge in edges)
    heard = {}
    for number in numbers:
        own, above = tallies.family_of(number, related)
        columns = ("who", "key", "channel", "at")
        rows = tallies.linked_rows(connection, [*own, *above], known, columns)
        heard[number] = [
            ((who, "" if who else key), channel in channels and begun <= at < ended)
            for who, key, channel, at in rows
        ]
    return heard
