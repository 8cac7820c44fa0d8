"""The problems of a time, and those that are told again and again (A6, N7, D2)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from operator import itemgetter
from typing import Annotated, Any, NamedTuple

from huimin_flow.catalogue.terms import Argument
from huimin_flow.clock import at_hour, local_day
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import fit_limit, fit_span
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.gathering.keeping import open_facts
from huimin_flow.flow.sensing.gathering.questions import likeness_of
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.sensing.gathering import Problem
from huimin_flow.rules.sensing.gathering import contradicts
from huimin_flow.rules.sensing.repeats import Told
from huimin_flow.store.core.history import moment_of
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.store.sensing.gathering import NOBODY, Pair

#: An item's number, or the first appeal of a group.
Name = tuple[str, Pair]


class Heard(NamedTuple):
    """An appeal of a problem, and the unit of its place, "" if nobody knows it."""

    told: Told
    unit: str


#: A part of a problem: what bears one name.
Part = tuple[Name, list[Heard]]

#: The place of a problem in the order of all.
Place = tuple[int, int, int, str, Pair]


@question
def groups(
    work: Work,
    since: Annotated[date | None, Argument.SINCE] = None,
    until: Annotated[date | None, Argument.UNTIL] = None,
    *,
    skip: int = 0,
    limit: int = 50,
) -> tuple[Problem, ...]:
    """Return the problems of a span of days, those of most people first (A6).

    A problem is an item, with those merged into it, or a group of loose appeals; an
    appeal that is like no other is a problem of its own. What is so much alike that it
    is proposed above ``likely_mark`` counts with it, as long as nobody has refused it,
    and neither its numbers nor its place are others; the order counts only what is
    sure. The days are by default
    those of a year until today. Each anonymous appeal counts as a person.

    Raises:
        InputRefused: for a limit outside 1–1000, a negative ``skip``, or a span that
            is reversed.

    """
    fit_limit(limit)
    fit_span(since, until, skip)
    found = _Problems(work, since, until)
    problems = found.page(skip, limit)
    titles = stored.titles(work.connection, (each.item for each in problems))
    return tuple(titled(each, titles) for each in problems)


@question
def count_groups(
    work: Work,
    since: Annotated[date | None, Argument.SINCE] = None,
    until: Annotated[date | None, Argument.UNTIL] = None,
) -> int:
    """Return how many problems a span of days has; see ``groups``."""
    fit_span(since, until)
    return len(_Problems(work, since, until))


class _Problems:
    """The problems of a span of days, of which only those of a page are described.

    An appeal that stands alone is a problem of its own: it is counted, and read only
    for the page that shows it.
    """

    def __init__(self, work: Work, since: date | None, until: date | None) -> None:
        """Read what belongs together, and sort it."""
        last = until or work.today
        self._work, self._last = work, last
        self._first = first = since or last - timedelta(days=365)
        self._heads = heads = stored.heads(work.connection)
        begun = first - (last - first + timedelta(days=1))
        heard = heard_between(work, begun, last, heads, together=True)
        self._span = at_hour(first, 0), at_hour(last + timedelta(days=1), 0)
        many = sum(each.told.day >= first for rows in heard.values() for each in rows)
        self._alone = stored.count_between(work.connection, *self._span) - many
        names = {each.told.appeal: name for name, own in heard.items() for each in own}
        sizes = {name: len(rows) for name, rows in heard.items()}
        joined = likely(work, names, sizes)
        found: dict[Name, list[Part]] = {}
        for name, rows in heard.items():
            found.setdefault(joined.get(name, name), []).append((name, rows))
        ranked = ((_rank(parts, first), parts) for parts in found.values())
        self._ranked = sorted(
            ((rank, parts) for rank, parts in ranked if rank is not None),
            key=itemgetter(0),
        )

    def __len__(self) -> int:
        """Return how many problems there are."""
        return len(self._ranked) + self._alone

    def page(self, skip: int, limit: int) -> list[Problem]:
        """Return some problems in their order."""
        end, ranked = skip + limit, self._ranked
        before = bisect_left(ranked, _place(1, 1, 1, ("", NOBODY)), key=itemgetter(0))
        if before < end and self._alone:
            told = stored.alone_between(
                self._work.connection, *self._span, end - before
            )
            alone = _heard(self._work, told)
            parts = ([(("", each.told.appeal), [each])] for each in alone)
            more = ((_place(1, 1, 1, part[0][0]), part) for part in parts)
            ranked = sorted([*ranked, *more], key=itemgetter(0))
        wanted = (parts for _, parts in ranked[skip:end])
        problems = (problem_of(parts, self._first, self._heads) for parts in wanted)
        return [each for each in problems if each is not None]


def order(problem: Problem) -> Place:
    """Return the place of a problem: what most people tell of for sure is first.

    One person who writes thirteen times is no problem of many.
    """
    sure, name = problem.appeals - problem.likely, (problem.item, problem.group)
    return _place(problem.people, sure, problem.appeals, name)


def _place(people: int, sure: int, appeals: int, name: Name) -> Place:
    return -min(people, sure), -sure, -appeals, *name


def _rank(parts: Sequence[Part], first: date) -> Place | None:
    """Return the place of the problem that some parts make, None if it has none."""
    now = present(parts, first)
    name, own = now[0]
    people = {each.told.who or each.told.appeal for _, rows in now for each in rows}
    appeals = sum(len(rows) for _, rows in now)
    return _place(len(people), len(own), appeals, name) if appeals else None


def present(parts: Sequence[Part], first: date) -> list[Part]:
    """Return what parts tell from a day on, that which names the problem first.

    An item names a problem before a group does; of several the most told of.
    """
    now = [
        (name, [each for each in rows if each.told.day >= first])
        for name, rows in parts
    ]
    now.sort(key=lambda part: (not part[0][0], -len(part[1]), part[0]))
    return now


def titled(problem: Problem, titles: Mapping[str, str]) -> Problem:
    """Return a problem with its item's title."""
    return replace(problem, title=titles.get(problem.item, ""))


def problem_of(
    parts: Sequence[Part], first: date, heads: Mapping[str, Any]
) -> Problem | None:
    """Return what some parts tell from a day on, by the name of the largest."""
    now = present(parts, first)
    rows = [each for _, own in now for each in own]
    if not rows:
        return None
    (item, group), own = now[0]
    days = {each.told.day for each in rows}
    places = {each.unit for each in rows}
    place = min(places) if len(places) == 1 else ""
    return Problem(
        item=item,
        group=group,
        unit=heads[item].unit if item in heads else place,
        appeals=len(rows),
        likely=len(rows) - len(own),
        before=sum(len(told) for _, told in parts) - len(rows),
        people=len({each.told.who or each.told.appeal for each in rows}),
        places=len(places - {""}),
        unplaced=sum(not each.unit for each in rows),
        days=len(days),
        channels=dict(Counter(each.told.channel for each in rows)),
        first=min(days),
        last=max(days),
    )


def likely(
    work: Work, names: Mapping[Pair, Name], sizes: Mapping[Name, int]
) -> dict[Name, Name]:
    """Return to which problem another one is likely to belong, by open proposals.

    What speaks against an automatic link, other numbers or another place, speaks
    against this, too. What is likely joins the largest problem only directly: what is
    like something that is like it need not be like it.
    """
    rule = work.rulebook.rules.gathering
    told = stored.of_appeals(work.connection, [*stored.proposed(work.connection)])
    pairs = set()
    for pair, facts in told.items():
        for fact in open_facts(facts):
            one, other = names.get(pair), names.get(fact.near)
            if one is None or other is None or fact.score < rule.likely_mark.value:
                continue
            if one != other and not contradicts(likeness_of(facts, fact)):
                pairs.add((-fact.score, one, other))
    sides = [
        (bool(large[0]), sizes[large], score, small, large)
        for score, one, other in pairs
        for small, large in ((one, other), (other, one))
        if not small[0]  # two items stay two
    ]
    joined: dict[Name, Name] = {}
    largest = set()
    sides.sort(key=lambda side: (not side[0], -side[1], *side[2:]))
    for _, _, _, small, large in sides:
        if large not in joined and small not in joined and small not in largest:
            joined[small] = large
            largest.add(large)
    return joined


def heard_between(
    work: Work,
    first: date,
    last: date,
    heads: Mapping[str, Any],
    *,
    together: bool = False,
) -> dict[Name, list[Heard]]:
    """Return the appeals of a span of days by the problem of which they tell.

    ``together`` leaves out those that stand alone.
    """
    connection = work.connection
    linked, joined = stored.links(connection), stored.groups(connection)
    heard: dict[Name, list[Heard]] = {}
    begin, end = at_hour(first, 0), at_hour(last + timedelta(days=1), 0)
    told = stored.told_between(connection, begin, end, together=together)
    for each in _heard(work, told):
        pair = each.told.appeal
        item = linked.get(pair, "")
        if item in heads:
            item = heads[item].number
        name = item, NOBODY if item else joined.get(pair, pair)
        heard.setdefault(name, []).append(each)
    return heard


def _heard(work: Work, told: Iterable[stored.Heard]) -> Iterator[Heard]:
    """Yield appeals with their days and the units of their places."""
    unit_of = cache(resolver_of(work.rulebook.organization).unit_of)
    day_of = cache(lambda hour: local_day(moment_of(f"{hour}Z")))
    for pair, who, district, at in told:
        day = day_of(at[:13])  # an hour lies in one Shanghai day
        yield Heard(Told(pair, who, pair[0], day), unit_of(district, day))
