"""How long items stay in each state of their life, in whole days (E2)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from huimin_flow.catalogue.terms import State
from huimin_flow.model.items import Days, StateStays

#: The percents of the two figures that describe how long items stay.
_HALF, _NINE_OF_TEN = 50, 90

#: By state: the number of stays by their days.
Counts = Mapping[State, Mapping[int, int]]


class Standing(NamedTuple):
    """An item that stands in a state since a day, which is an ordinal."""

    number: str
    state: State
    since: int


def at_most(counts: Mapping[int, int], percent: int) -> int:
    """Return the least number of days that ``percent`` of the cases do not exceed.

    ``counts`` has the number of cases by days, at least one case. 50 is the median;
    of an even number of cases it is the lower one, so that it always occurred.

    >>> at_most({3: 5, 8: 4, 40: 1}, 50), at_most({3: 5, 8: 4, 40: 1}, 90)
    (3, 8)

    """
    needed = percent * sum(counts.values())
    reached = days = 0
    for days in sorted(counts):
        reached += 100 * counts[days]
        if reached >= needed:
            break
    return days


def days_of(counts: Mapping[int, int]) -> Days:
    """Return the number of cases, their median and their 90th percentile.

    >>> days_of({3: 5, 8: 4, 40: 1}), days_of({}).median
    (Days(cases=10, median=3, most=8), None)

    """
    cases = sum(counts.values())
    if not cases:
        return Days(cases=0, median=None, most=None)
    median, most = (at_most(counts, percent) for percent in (_HALF, _NINE_OF_TEN))
    return Days(cases=cases, median=median, most=most)


def stays_of(
    moves: Iterable[tuple[str, State, int]], first: int
) -> tuple[list[Standing], Counts]:
    """Return the items that stand in their states, and the days of stays that ended.

    A move is an item, the state to which an event led, and the day as an ordinal. The
    moves of an item stand together, oldest first; one to the same state ends no stay.
    Only stays that ended on the day ``first`` or later count.
    """
    standing: list[Standing] = []
    ended: dict[State, Counter[int]] = defaultdict(Counter)
    item, state, since = "", None, 0
    for number, target, day in moves:
        if number != item:
            if state is not None:
                standing.append(Standing(item, state, since))
            item, state, since = number, target, day
        elif target is not state:
            if state is not None and day >= first:
                ended[state][day - since] += 1
            state, since = target, day
    if state is not None:
        standing.append(Standing(item, state, since))
    return standing, ended


def by_state(
    standing: Iterable[Standing], ended: Counts, today: date
) -> tuple[StateStays, ...]:
    """Return the days in every state: of items that stand there, of those that left."""
    present = today.toordinal()
    days: dict[State, Counter[int]] = defaultdict(Counter)
    for each in standing:
        days[each.state][present - each.since] += 1
    return tuple(
        StateStays(
            state=state,
            standing=days_of(days.get(state, {})),
            left=days_of(ended.get(state, {})),
        )
        for state in State
    )


def longest(
    standing: Iterable[Standing],
    states: Collection[State],
    usual: Sequence[StateStays],
    today: date,
) -> list[tuple[Standing, int]]:
    """Return the items that are stuck, with their days beyond what is usual.

    Usual are the days that nine of ten items did not exceed in the same state, 0 if
    none has left it. The items stand in one of ``states``; the longest come first.
    """
    most = {each.state: each.left.most or 0 for each in usual}
    present = today.toordinal()
    over = [
        (each, beyond)
        for each in standing
        if each.state in states
        and (beyond := present - each.since - most.get(each.state, 0)) > 0
    ]
    over.sort(key=lambda pair: (-pair[1], pair[0].number))
    return over
