"""Questions on responses to demands: awaited, and those that came (B4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from itertools import dropwhile, islice
from typing import Annotated

from huimin_flow.catalogue.terms import Argument, ResponseState, Term
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import fit_limit, known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.model.deciding.ledgers import (
    AwaitedResponse,
    Put,
    Response,
    Silent,
    UnitResponses,
)
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.deciding import responses as rules
from huimin_flow.states.records import RESPONSE
from huimin_flow.store import listings
from huimin_flow.store.deciding import ledgers as store


@question
def awaited(
    work: Work,
    *,
    unit: str | None = None,
    overdue: bool = False,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[AwaitedResponse, ...]:
    """Return the demands to which units have not responded, the oldest first (B4).

    Of a unit that has ended, its successor responds. A page begins after the demand
    and unit ``after``, like 2027-000001/500101, and not with the first ``skip``.

    Raises:
        InputRefused: for a code that no unit ever had, or a limit outside 1–1000.

    """
    fit_limit(limit)
    end = None if limit is None else skip + limit
    lines = each_awaited(work, unit, overdue=overdue)
    if after is not None:
        lines = dropwhile(lambda line: f"{line.item}/{line.unit}" != after, lines)
        next(lines, None)
    return tuple(islice(lines, skip, end))


@question
def count_awaited(work: Work, *, unit: str | None = None, overdue: bool = False) -> int:
    """Return how many lines ``awaited`` has with the same filters.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    return sum(1 for _ in each_awaited(work, unit, overdue=overdue))


def each_awaited(
    work: Work, unit: str | None, *, overdue: bool = False
) -> Iterator[AwaitedResponse]:
    """Yield the awaited responses of a unit, or of all units."""
    known_unit(work, unit)
    for demand, code, since, due, state in _put(work, unit):
        late = due is not None and due < work.today
        if state is None and (late or not overdue):
            yield AwaitedResponse(
                item=demand.number,
                title=demand.title,
                owner=demand.unit,
                area=demand.area,
                placement=demand.placement,
                stars=demand.stars,
                unit=code,
                since=since,
                due=due,
                overdue=late,
            )


def _put(
    work: Work, unit: str | None
) -> Iterator[tuple[Put, str, date, date | None, Term | None]]:
    """Yield each demand with a unit that is asked, since when, until when, its answer.

    The answer of a predecessor counts for its successor.
    """
    book, day = work.rulebook, work.today
    organization, rule = book.organization, book.rules.responses
    own = rules.responding(organization, day)
    kinds = {kind for row in rule.asked for kind in row.units}
    wanted = {
        each.code
        for each in organization.units_on(day)
        if each.kind in kinds and unit in {None, *own.get(each.code, ())}
    }
    if not wanted:
        return
    of = None if unit is None else set[str]().union(*(own[code] for code in wanted))
    states = cache(partial(store.states_of_responses, work.connection, of))
    asked = rules.units_asked(rule, organization, day, own)
    due = rules.responses_due(work.activations)
    first = cache(partial(rules.begins, organization))
    for demand in store.put_to_units(work.connection, rule.placements):
        for code in asked(demand.unit, demand.area):
            if code not in wanted:
                continue
            known = {states().get((demand.number, each)) for each in own[code]}
            # What one predecessor has taken up is not declined by another.
            ends = (state for state in RESPONSE.ends if state in known)
            since = first(code, demand.since)
            yield demand, code, since, due(since), next(ends, None)


def silent_at(work: Work, known: int, book: Rulebook, day: date) -> tuple[Silent, ...]:
    """Return who had not responded in time on a day, as known at a position."""
    put, responded = store.put_at(
        work.connection, known, book.rules.responses.placements
    )
    due = rules.responses_due(work.activations)
    return rules.silent(put, responded, book, day, due)


@question
def by_unit(work: Work) -> tuple[UnitResponses, ...]:
    """Return how many demands each unit has taken up, declined and left open (B4).

    The unit with the most overdue responses comes first.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for _, code, _, due, state in _put(work, None):
        counts[code][state or ResponseState.AWAITED] += 1
        if state is None and due is not None and due < work.today:
            counts[code]["overdue"] += 1
    lines = [
        UnitResponses(
            unit=code,
            taken_up=count[ResponseState.TAKEN_UP],
            declined=count[ResponseState.DECLINED],
            awaited=count[ResponseState.AWAITED],
            overdue=count["overdue"],
        )
        for code, count in counts.items()
    ]
    return tuple(sorted(lines, key=lambda each: (-each.overdue, each.unit)))


@question
def responses(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    state: ResponseState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Response, ...]:
    """Return the responses of units, the newest demand first (B4).

    A page begins after the key ``after``, and not with the first ``skip``.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    known_unit(work, unit)
    wanted = {"item": item, "about": unit, "state": state}
    return listings.records(
        work.connection,
        Response,
        wanted,
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count_responses(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    state: ResponseState | None = None,
) -> int:
    """Return how many responses ``responses`` has with the same filters.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    known_unit(work, unit)
    wanted = {"item": item, "about": unit, "state": state}
    return listings.count_records(work.connection, Response, wanted)
