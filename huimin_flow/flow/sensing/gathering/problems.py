"""The problems of a time, and those that are told again and again (A6, N7, D2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
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
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.store.sensing.gathering import NOBODY, Pair

#: An item's number, or the first appeal of a group.
Name = tuple[str, Pair]


class Heard(NamedTuple):
    """An appeal of a problem, and the unit of its place, "" if nobody knows it."""

    told: Told
    unit: str


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
    return _problems(work, since, until)[skip : skip + limit]


@question
def count_groups(
    work: Work,
    since: Annotated[date | None, Argument.SINCE] = None,
    until: Annotated[date | None, Argument.UNTIL] = None,
) -> int:
    """Return how many problems a span of days has; see ``groups``."""
    fit_span(since, until)
    return len(_problems(work, since, until))


def _problems(
    work: Work, since: date | None, until: date | None
) -> tuple[Problem, ...]:
    last = until or work.today
    first = since or last - timedelta(days=365)
    heads = stored.heads(work.connection)
    heard = heard_between(work, first - (last - first + timedelta(days=1)), last, heads)
    names = {each.told.appeal: name for name, rows in heard.items() for each in rows}
    sizes = {name: len(rows) for name, rows in heard.items()}
    joined = _likely(work, names, sizes)
    found: dict[Name, list[Name]] = {}
    for name in heard:
        found.setdefault(joined.get(name, name), []).append(name)
    problems = []
    for parts in found.values():
        problem = problem_of([(name, heard[name]) for name in parts], first, heads)
        problems += [] if problem is None else [problem]
    titles = stored.titles(work.connection, (each.item for each in problems))
    return tuple(titled(each, titles) for each in sorted(problems, key=order))


def order(problem: Problem) -> tuple[int, int, int, str, Pair]:
    """Return the place of a problem: what most people tell of for sure is first.

    One person who writes thirteen times is no problem of many.
    """
    sure = problem.appeals - problem.likely
    most = min(problem.people, sure)
    return -most, -sure, -problem.appeals, problem.item, problem.group


def titled(problem: Problem, titles: Mapping[str, str]) -> Problem:
    """Return a problem with its item's title."""
    return replace(problem, title=titles.get(problem.item, ""))


def problem_of(
    parts: Sequence[tuple[Name, list[Heard]]], first: date, heads: Mapping[str, Any]
) -> Problem | None:
    """Return what some parts tell from a day on, by the name of the largest."""
    now = [
        (name, [each for each in rows if each.told.day >= first])
        for name, rows in parts
    ]
    rows = [each for _, own in now for each in own]
    if not rows:
        return None
    # An item names a problem before a group does; of several the most told of.
    (item, group), own = min(
        now, key=lambda part: (not part[0][0], -len(part[1]), part[0])
    )
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


def _likely(
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
    work: Work, first: date, last: date, heads: Mapping[str, Any]
) -> dict[Name, list[Heard]]:
    """Return the appeals of a span of days by the problem of which they tell."""
    connection = work.connection
    linked, joined = stored.links(connection), stored.groups(connection)
    unit_of = resolver_of(work.rulebook.organization).unit_of
    heard: dict[Name, list[Heard]] = {}
    begin, end = at_hour(first, 0), at_hour(last + timedelta(days=1), 0)
    for pair, who, district, at in stored.told_between(connection, begin, end):
        item = linked.get(pair, "")
        if item in heads:
            item = heads[item].number
        name = item, NOBODY if item else joined.get(pair, pair)
        day = local_day(at)
        told = Told(pair, who, pair[0], day)
        heard.setdefault(name, []).append(Heard(told, unit_of(district, day)))
    return heard
