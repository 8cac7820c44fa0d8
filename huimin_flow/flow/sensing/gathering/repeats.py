"""Problems that are told again and again, and the verdicts that are kept (N7, D2).

Items that were merged, continued or split count together, and what is told again after
an item's end counts with it: whoever moves, rejects or closes an item hides no repeat.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from huimin_flow.catalogue.terms import Argument, Gathering, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.gathering.problems import (
    Heard,
    Name,
    heard_between,
    order,
    problem_of,
    titled,
)
from huimin_flow.model.core.canonical import canonical_of_plain
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.sensing.gathering import KeptRepeat, Problem, Repeat
from huimin_flow.rules.sensing.repeats import Told, repeats
from huimin_flow.store.core import history, repository
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.store.sensing import groups, tallies
from huimin_flow.store.sensing.gathering import NOBODY, Fact, Pair
from huimin_flow.stream_names import nth


@question
def repeat(
    work: Work, number: str, *, until: Annotated[date | None, Argument.UNTIL] = None
) -> Verdict:
    """Return whether an item's problem repeats on several channels (N7, D2).

    All items count with it that were merged, continued or split, and what was told
    again after the end of one of them. The span of days ends on ``until``, by default
    today; where the appeals belong is always that of today. What was decided earlier is
    kept: ``verdicts``.

    Raises:
        NotFound: if there is no such item.

    """
    repository.item(work.connection, number)
    connection, names = work.connection, ("channel", "key", "who", "at")
    again = groups.told_again(connection)
    items = tallies.kin(connection, [number])
    while True:
        rows = tallies.linked_rows(connection, items, None, names)
        after = [pair for pair, item in again.items() if item in items]
        stands = groups.standing(connection, after)
        more = {again.get((row[0], row[1]), "") for row in rows}
        more |= {item for item, _ in stands.values()}
        if not more - {*items, ""}:
            break
        items = tallies.kin(connection, [*items, *sorted(more - {*items, ""})])
    loose = [pair for pair, (item, _) in stands.items() if not item]
    together = groups.loose_groups(connection, loose).values()
    pairs = list(dict.fromkeys(pair for group in together for pair in group))
    heard = [
        *(((row[0], row[1]), row[2], history.moment_of(row[3])) for row in rows),
        *groups.people_of(connection, pairs),
    ]
    told = (Told(pair, who, pair[0], local_day(at)) for pair, who, at in heard)
    return repeats(told, work.rulebook.rules.gathering, until or work.today)


@question
def repeating(
    work: Work, *, until: Annotated[date | None, Argument.UNTIL] = None
) -> tuple[Repeat, ...]:
    """Return the problems that repeat on several channels, the most told first (N7).

    They are items and groups of loose appeals; see ``repeat``. The span of days ends on
    ``until``, by default today.
    """
    found = [repeat for repeat, _ in _repeating(work, until or work.today)]
    titles = stored.titles(work.connection, (each.problem.item for each in found))
    found.sort(key=lambda each: order(each.problem))
    return tuple(replace(each, problem=titled(each.problem, titles)) for each in found)


def _repeating(work: Work, last: date) -> list[tuple[Repeat, list[Heard]]]:
    """Return what repeats, each with its appeals."""
    rule = work.rulebook.rules.gathering
    since = last - timedelta(days=rule.repeat_days.value - 1)
    heads = stored.heads(work.connection)
    heard = heard_between(work, since, last, heads)
    found = []
    for names in _clusters(work, heard):
        rows = [each for name in names for each in heard[name]]
        if len(rows) < rule.repeat_appeals.value:
            continue
        verdict = repeats((each.told for each in rows), rule, last)
        # What names it: an open item, an ended one, a group; of several the largest.
        named = min(
            names,
            key=lambda name: (
                not name[0],
                name[0] in heads and heads[name[0]].state in stored.ENDED,
                -len(heard[name]),
                name,
            ),
        )
        problem = problem_of([(named, rows)], since, heads)
        if verdict.passed and problem is not None:
            found.append((Repeat(problem=problem, verdict=verdict), rows))
    return found


def _clusters(work: Work, heard: Iterable[Name]) -> Iterable[list[Name]]:
    """Return the problems of a span of days, together with what belongs to each."""
    joined: dict[Name, Name] = {}

    def root(name: Name) -> Name:
        while (other := joined.get(name, name)) != name:
            name = other
        return name

    def join(one: Name, other: Name) -> None:
        one, other = root(one), root(other)
        if one != other:
            joined[one] = other

    for number, other in tallies.relations(work.connection):
        join((number, NOBODY), (other, NOBODY))
    again = groups.told_again(work.connection)
    stands = groups.standing(work.connection, list(again))
    for pair, item in again.items():
        join(stands[pair], (item, NOBODY))
    found: dict[Name, list[Name]] = {}
    for name in heard:
        found.setdefault(root(name), []).append(name)
    return found.values()


def verdict_facts(work: Work) -> list[Fact]:
    """Return the verdicts that are to be kept: once per problem, state and span (D2).

    A fact names the appeals that the verdict counts, so it is derived again from them,
    whatever is moved later.
    """
    span = timedelta(days=work.rulebook.rules.gathering.repeat_days.value)
    heads = stored.heads(work.connection)
    known = set()
    for each in verdicts(work):
        if date.fromisoformat(str(each.verdict.inputs["last"])) > work.today - span:
            known.add((each.item, each.group, each.state))
    kept = []
    for found, rows in _repeating(work, work.today):
        problem: Problem = found.problem
        state = heads[problem.item].state if problem.item in heads else ""
        if (problem.item, problem.group, state) in known:
            continue
        pairs = sorted(each.told.appeal for each in rows)
        plain = {
            "appeals": to_plain(pairs),
            "state": state,
            "verdict": to_plain(found.verdict),
        }
        first: Pair = min(rows, key=lambda each: (each.told.day, each.told)).told.appeal
        evidence = canonical_of_plain(plain).decode()
        kept.append(
            Fact(
                *first,
                Gathering.REPEAT.value,
                problem.item,
                *problem.group,
                *NOBODY,
                len(pairs),
                evidence,
            )
        )
    return kept


@question
def verdicts(
    work: Work, item: Annotated[str | None, Argument.ITEM] = None
) -> tuple[KeptRepeat, ...]:
    """Return the verdicts that a problem repeats, as they were kept, in order (N7, D2).

    The comparison of new appeals keeps one for each problem that repeats, again when
    its item's state changes, and when its span of days is over. ``item`` selects
    those of an item.
    """
    found = []
    for batch, fact in groups.of_outcome(work.connection, Gathering.REPEAT):
        if item not in {None, fact.item}:
            continue
        stream = StreamKind.BATCH.key(nth(StreamKind.BATCH, batch))
        (event,) = history.events_of(work.connection, stream)
        plain = json.loads(fact.evidence)
        found.append(
            KeptRepeat(
                at=event.at,
                item=fact.item,
                group=fact.group,
                state=plain["state"],
                verdict=from_plain(Verdict, plain["verdict"]),
                appeals=tuple(map(tuple, plain["appeals"])),
            )
        )
    return tuple(found)
