"""What the two boards know of running items at a cut, and what was published (D1, D2).

Each source is one narrow read: paces, figures and evidence, the evaluation, the word of
citizens, kept repeat verdicts, supervision orders, accepted rectifications.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import (
    BoardState,
    Gathering,
    Grade,
    OrderState,
    Pace,
    RectificationState,
    State,
    StreamKind,
)
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.periods import last_day, month_bounds, months_of
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.executing.plans import Excuse, Plan, Progress
from huimin_flow.model.improving.boards import (
    BadEntry,
    BoardFacts,
    QuarterlyBoards,
    Repeated,
    Satisfaction,
    SupervisionOrder,
)
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.executing import fulfilment, progress, surveys
from huimin_flow.rules.executing.running import Run, Running, run_months, runs
from huimin_flow.rules.improving.boards import still_bad, still_open
from huimin_flow.rules.improving.grounds import ON_TIME, slowest
from huimin_flow.store import pasts
from huimin_flow.store.core import facts
from huimin_flow.store.core.history import event_of, raw_bytes
from huimin_flow.store.core.tables import EVENTS
from huimin_flow.store.executing.surveys import rated
from huimin_flow.store.improving import grounds
from huimin_flow.store.sensing import groups, tallies

#: The states of the items that the boards consider.
CONSIDERED: Final = (State.ASSIGNED, State.EXECUTED, State.EVALUATED)

_ON_PLAN: Final = frozenset({Pace.AHEAD, Pace.ON_TIME})


def facts_at(
    connection: Connection, period: str, cut: int, book: Rulebook, *, stood: int
) -> list[BoardFacts]:
    """Return the facts on every item that the boards of a quarter consider.

    These are the items whose tasks ran by the quarter's last day, by number. Items,
    excuses and orders are those that ``stood`` at the draft's cut; figures, ratings and
    repeats are those known at the ``cut``, which is the same or later.
    """
    first, day = _days(period)
    items = _items_at(connection, cut, stood)
    numbers = [item.number for item in items]
    known = facts.known_at(connection, cut)
    histories = pasts.events_at(connection, numbers, stood)
    reports = facts.progress_by_item(connection, numbers, known=known)
    in_time = reports  # those by which nobody was silent
    if stood != cut:
        then = facts.known_at(connection, stood)
        in_time = facts.progress_by_item(connection, numbers, known=then)
    repeats = _repeats(connection, numbers, stood, known, first, day)
    orders = orders_at(connection, cut, stood, day)
    excuses = pasts.records_at(connection, StreamKind.EXCUSE, Excuse, None, stood)
    made = []
    for item in items:
        run = runs(histories[item.number])[-1]
        if max(run.begun, run.since) > day:
            continue
        until = run.until if run.until is not None and run.until <= day else None
        plan = _without(item, excuses)
        own, early = (
            [r for r in known[item.number] if r.month <= f"{day:%Y-%m}"]
            for known in (reports, in_time)
        )
        made.append(
            BoardFacts(
                item=item.number,
                title=item.title,
                unit=item.unit,
                area=item.area,
                state=item.state,
                day=day,
                begun=run.begun,
                until=until,
                **_measured(item, plan, own, early, run, until, book, day),
                evaluated=item.state is State.EVALUATED,
                outcomes=len(item.outcomes),
                met=sum(each.grade is Grade.MET for each in item.outcomes),
                satisfaction=satisfaction_of(
                    connection, item, run.begun, day, book, known=known, cut=cut
                ),
                repeats=repeats[item.number],
                orders=orders.get(item.number, ()),
            )
        )
    return made


def _items_at(connection: Connection, cut: int, stood: int) -> list[Item]:
    """Return the items in the states that they had when they ``stood``, by number.

    One whose final evaluation was made again by the cut, in the same round, has the
    figures of that one; its title is that of the cut.
    """
    items = [
        item
        for state in CONSIDERED
        for item in pasts.items_in(connection, state, stood)
    ]
    items.sort(key=lambda item: item.number)
    if stood == cut:
        return items
    later = pasts.items_at(connection, (item.number for item in items), cut)
    made = []
    for item in items:
        now = later[item.number]
        same = now.rounds == item.rounds or (
            now.rounds == item.rounds + 1 and now.evaluation_passed is None
        )
        changes: dict[str, Any] = {"title": now.title}
        if item.state is State.EVALUATED and same:
            for name in ("fulfilment", "satisfaction", "sample", "outcomes"):
                changes[name] = getattr(now, name)
        made.append(replace(item, **changes))
    return made


def _days(period: str) -> tuple[date, date]:
    """Return the first and the last day of a quarter."""
    months = months_of(period)
    return month_bounds(months[0])[0], last_day(months[-1])


def _without(item: Item, excuses: Iterable[Excuse]) -> Plan:
    """Return an item's plan without the tasks that are excused in this round."""
    excused = {result.task for result in item.results if result.excused_by}
    excused |= {
        each.task
        for each in excuses
        if (each.item, each.rounds) == (item.number, item.rounds)
    }
    plan = item.plan or Plan()
    kept = tuple(task for task in plan.tasks if task.key not in excused)
    return replace(plan, tasks=kept)


def _measured(
    item: Item,
    plan: Plan,
    reports: Sequence[Progress],
    early: Sequence[Progress],
    run: Run,
    until: date | None,
    book: Rulebook,
    day: date,
) -> dict[str, Any]:
    """Return what figures and evidence say of a plan at the end of a day."""
    named = [(t.key, i.name) for t in plan.tasks for i in t.indicators]
    own, timely = (
        [each for each in known if (each.task, each.indicator) in set(named)]
        for known in (reports, early)
    )
    # A fed figure is its source's own: it needs no file.
    filed, filed_in_time = (
        [each for each in known if each.evidence or each.feed]
        for known in (own, timely)
    )
    months = run_months([run], day)
    reached = fulfilment.fulfilments(
        plan, reports, book.rules.fulfilment, day=day, until=until, months=months
    )
    on_plan, slow = sum(each.passed for each in reached), ON_TIME
    if until is None:
        running = Running(
            number=item.number, plan=plan, begun=run.begun, ended=None, months=months
        )
        lines = progress.paces([running], {item.number: reports}, book, day=day)
        on_plan = sum(line.pace in _ON_PLAN for line in lines)
        slow = slowest(lines, run.begun, day)
    last = day if until is None else until
    reckoned = item.fulfilment
    if item.state is not State.EVALUATED:
        reckoned = fulfilment.item_fulfilment(reached).score
    return {
        "tasks": len(plan.tasks),
        "indicators": len(named),
        "measured": len({(each.task, each.indicator) for each in own}),
        "proven": len({(each.task, each.indicator) for each in filed}),
        "on_plan": on_plan,
        "behind": slow.days,
        "latest": slow.indicator,
        "unreported": slow.unreported,
        "silent": _months_since(timely, run.begun, last),
        "unproven": _months_since(filed_in_time, run.begun, last),
        "fulfilment": reckoned,
    }


def _months_since(reports: Iterable[Progress], begun: date, last: date) -> int:
    """Return the whole months without a report: since the last one, or the beginning.

    A month counts once it has ended; that of the beginning does not.
    """
    newest = max((each.month for each in reports), default=f"{begun:%Y-%m}")
    year, month = map(int, newest.split("-"))
    ended = last.year * 12 + last.month - (last != last_day(f"{last:%Y-%m}"))
    return max(0, ended - (year * 12 + month))


def satisfaction_of(
    connection: Connection,
    item: Item,
    begun: date,
    day: date,
    book: Rulebook,
    *,
    known: facts.Known,
    cut: int,
) -> Satisfaction:
    """Return what citizens said of an item: its final survey, else the ratings.

    Without a survey these are the ratings since its tasks began: of the service items
    that its plan names, else of all services of its unit, as for advice.
    """
    if item.satisfaction is not None and item.sample is not None:
        asked, part = item.sample.replies, item.sample.satisfied
        return Satisfaction(source="survey", answers=asked, satisfied=part)
    touched = () if item.plan is None else item.plan.service_items
    if touched:
        of = surveys.rating_units(item, book.organization, day)
        ratings, good = rated(connection, touched, of, begun, day, known=known, cut=cut)
    else:
        units = book.organization.acts_for(item.unit, day) | {item.unit}
        ratings, good = grounds.rated(
            connection, sorted(units), begun, day, known=known, cut=cut
        )
    return Satisfaction(source="ratings", answers=ratings, satisfied=good)


def _repeats(
    connection: Connection,
    numbers: Sequence[str],
    stood: int,
    known: facts.Known,
    first: date,
    day: date,
) -> Mapping[str, tuple[Repeated, ...]]:
    """Return by item the kept repeat verdicts whose span ends in these days.

    What was kept of an item that was merged into it counts, too.
    """
    kept: dict[str, list[Repeated]] = defaultdict(list)
    for batch, fact in groups.of_outcome(connection, Gathering.REPEAT):
        if batch > known.last or batch in known.late or not fact.item:
            continue
        inputs = json.loads(fact.evidence)["verdict"]["inputs"]
        last = date.fromisoformat(inputs["last"])
        if first <= last <= day:
            kept[fact.item].append(
                Repeated(
                    appeals=inputs["appeals"],
                    people=inputs["people"],
                    channels=inputs["channels_count"],
                    days=inputs["days"],
                    last=last,
                )
            )
    if not kept:
        return dict.fromkeys(numbers, ())
    related = pasts.related_at(connection, stood)
    made = {}
    for number in numbers:
        own, _ = tallies.family_of(number, related)
        made[number] = tuple(each for member in own for each in kept.get(member, ()))
    return made


def orders_at(
    connection: Connection, cut: int, stood: int, day: date
) -> dict[str, tuple[SupervisionOrder, ...]]:
    """Return by item its supervision orders that stood open, the earliest due first.

    One that was withdrawn by the cut was never right. One that came after ``stood`` is
    named late if its paper is of a day up to ``day``, however it stands now.
    """
    kind = StreamKind.SUPERVISION_ORDER
    then, now = (
        {each.key: each for each in known}
        for known in (
            pasts.records_at(connection, kind, SupervisionOrder, None, position)
            for position in (stood, cut)
        )
    )
    made: dict[str, list[SupervisionOrder]] = defaultdict(list)
    for order in still_open(then.values()):
        if now[order.key].state is not OrderState.WITHDRAWN:
            made[order.item].append(order)
    for key in sorted(now.keys() - then.keys()):
        late = now[key]
        if late.state is not OrderState.WITHDRAWN and late.dated <= day:
            made[late.item].append(late)
    return {number: tuple(orders) for number, orders in made.items()}


def published_at(
    connection: Connection,
    cut: int | None,
    *,
    before: str | None = None,
    state: BoardState = BoardState.PUBLISHED,
) -> list[QuarterlyBoards]:
    """Return the last published edition of each quarter's boards, the oldest first.

    With ``before``, only of the quarters before this one. With another ``state``, the
    last that had it.
    """
    prefix = StreamKind.BOARD.key("")
    last = select(EVENTS.c.stream, func.max(EVENTS.c.n).label("n")).where(
        EVENTS.c.stream.startswith(prefix),
        EVENTS.c.target == state.value,
        *(() if cut is None else (EVENTS.c.position <= cut,)),
        *(() if before is None else (EVENTS.c.stream < prefix + before,)),
    )
    ends = last.group_by(EVENTS.c.stream).subquery()
    query = (
        select(EVENTS.c.header)
        .join(ends, (EVENTS.c.stream == ends.c.stream) & (EVENTS.c.n == ends.c.n))
        .order_by(EVENTS.c.stream)
    )
    headers = connection.execute(query).scalars()
    return [_boards(event_of(raw_bytes(header))) for header in headers]


def _boards(event: Event) -> QuarterlyBoards:
    return from_plain(QuarterlyBoards, event.public["value"])


def rectified_at(connection: Connection, cut: int | None) -> frozenset[tuple[str, str]]:
    """Return the entries whose rectification was accepted: item, and since when."""
    kind = StreamKind.RECTIFICATION
    return frozenset(
        (made.item, made.since)
        for made in pasts.records_at(connection, kind, Rectification, None, cut)
        if made.state is RectificationState.ACCEPTED and made.since
    )


def open_at(
    connection: Connection,
    cut: int | None,
    *,
    before: str | None = None,
    stood: int | None = None,
    tried: Mapping[str, QuarterlyBoards] = MappingProxyType({}),
) -> tuple[BadEntry, ...]:
    """Return the open entries of published bad boards.

    With ``before``, those from which this quarter's board goes on: also those of a
    draft that nobody published, or an entry would be gone by leaving it unpublished.
    With ``stood``, only what was rectified by then ends an entry. ``tried`` are boards
    by quarter that stand in place of those.
    """
    published = published_at(connection, cut, before=before)
    if before is not None:
        public = {each.key for each in published}
        drafted = published_at(connection, cut, before=before, state=BoardState.DRAFTED)
        published += [each for each in drafted if each.key not in public]
    ended = rectified_at(connection, cut if stood is None else stood)
    return still_bad([tried.get(each.period, each) for each in published], ended)
