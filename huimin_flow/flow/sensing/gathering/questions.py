"""What came together: proposals that wait, problems of a time, repeats (A6, N7)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Annotated, NamedTuple

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import Argument, Duty, Gathering, StreamKind
from huimin_flow.clock import at_hour, local_day
from huimin_flow.flow.core.acts import ACTING, question
from huimin_flow.flow.core.reads import fit_limit, known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing import appeals
from huimin_flow.flow.sensing.gathering.steps import open_facts
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.gathering import (
    Candidate,
    Explained,
    Gathered,
    GatheringProposal,
    Likeness,
    Problem,
    Repeat,
)
from huimin_flow.rules.sensing.gathering import gather
from huimin_flow.rules.sensing.repeats import Told, repeats
from huimin_flow.states.authority import may_do
from huimin_flow.store.core import history, repository
from huimin_flow.store.sensing import appeals as heard
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.store.sensing import tallies
from huimin_flow.store.sensing.gathering import NOBODY, Fact, Pair
from huimin_flow.streams import nth


@question
def proposals(
    work: Work, *, unit: str | None = None, limit: int = 50
) -> tuple[GatheringProposal, ...]:
    """Return the proposals that wait for an answer: what was put off comes last (A6).

    ``unit`` selects those for which it answers: of its items, or from its place.

    Raises:
        InputRefused: for a code that no unit ever had, or a limit outside 1–1000.

    """
    fit_limit(limit)
    known_unit(work, unit)
    return _shown(
        work, [each for each in _open(work) if unit in {None, each.unit}], limit
    )


@question
def count(work: Work, *, unit: str | None = None) -> int:
    """Return how many proposals wait for an answer.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    known_unit(work, unit)
    return sum(unit in {None, each.unit} for each in _open(work))


@question
def mine(
    work: Work, *, limit: int = 50, by: Actor = ACTING
) -> tuple[GatheringProposal, ...]:
    """Return the proposals that an actor may answer: what was put off comes last (A6).

    Raises:
        InputRefused: for a limit outside 1–1000.
        StepRefused: for a person whom the organization doesn't know.

    """
    fit_limit(limit)
    return _shown(work, _answerable(work, by), limit)


@question
def count_mine(work: Work, *, by: Actor = ACTING) -> int:
    """Return how many proposals an actor may answer.

    Raises:
        StepRefused: for a person whom the organization doesn't know.

    """
    return len(_answerable(work, by))


class _Open(NamedTuple):
    """A proposal without an answer, with the facts of its appeal."""

    fact: Fact
    told: list[Fact]
    unit: str

    @property
    def later(self) -> int:
        """Return how often it was put off."""
        return sum(
            each.outcome == Gathering.LATER and each.near == self.fact.near
            for each in self.told
        )


def _answerable(work: Work, by: Actor) -> list[_Open]:
    actor, organization = work.believed(by), work.rulebook.organization
    may = partial(may_do, actor, Duty.IMPORT, organization, day=work.today)
    return [each for each in _open(work) if not may(unit=each.unit or None)]


def _open(work: Work) -> list[_Open]:
    """Return the proposals that nobody has answered, those put off last."""
    connection, organization = work.connection, work.rulebook.organization
    places = stored.proposed(connection)
    pairs = list(places)
    if not pairs:
        return []
    told = stored.of_appeals(connection, pairs)
    linked = tallies.linked_to(connection, pairs)
    waiting = [
        (fact, facts)
        for pair, facts in told.items()
        if not linked.get(pair)
        for fact in open_facts(facts)
    ]
    heads = stored.heads(connection) if waiting else {}
    units = {known.code for known in organization.units}
    found = []
    for fact, facts in waiting:
        place = places[fact.pair]
        owner = heads[fact.item].unit if fact.item in heads else place
        found.append(_Open(fact, facts, owner if owner in units else ""))
    return sorted(found, key=lambda each: each.later)


def _shown(
    work: Work, waiting: Sequence[_Open], limit: int
) -> tuple[GatheringProposal, ...]:
    """Return the first proposals with what was weighed."""
    connection, chosen = work.connection, waiting[:limit]
    pairs = {pair for each in chosen for pair in (each.fact.pair, each.fact.near)}
    summaries = heard.named(connection, [*pairs])
    titles = stored.titles(connection, (each.fact.item for each in chosen))
    found = []
    for each in chosen:
        fact = each.fact
        mine, other = summaries[fact.pair], summaries[fact.near]
        gathered = again(each.told, fact, work.rulebook)
        likeness = next(
            weighed.candidate.likeness
            for weighed in gathered.ranked
            if weighed.candidate.near == fact.near
        )
        found.append(
            GatheringProposal(
                appeal=fact.pair,
                at=mine.at,
                district=mine.district,
                near=fact.near,
                near_at=other.at,
                near_district=other.district,
                item=fact.item,
                title=titles.get(fact.item, ""),
                group=fact.group,
                unit=each.unit,
                score=fact.score,
                likeness=likeness,
                reasons=gathered.reasons,
                later=each.later,
            )
        )
    return tuple(found)


def again(told: Iterable[Fact], fact: Fact, book: Rulebook) -> Gathered:
    """Return the decision to which a fact belongs, from the evidence that was kept.

    Only the first fact of a decision has it; the others follow it.
    """
    evidence = ""
    for each in told:
        if each.outcome == fact.outcome and each.evidence:
            evidence = each.evidence
        if each == fact:
            break
    plain = json.loads(evidence)["candidates"]
    candidates = [from_plain(Candidate, each) for each in plain]
    return gather(candidates, book.rules.gathering)


@question
def explain(
    work: Work, appeal: Annotated[tuple[str, str], Argument.APPEAL_KEY]
) -> tuple[Explained, ...]:
    """Return how an appeal came together with others, and why, in order (A6).

    Each decision of the rule is shown with what it weighed, and with the rulebook of
    its day; each answer of a person with who gave it.

    Raises:
        InputRefused: if there is no such appeal.

    """
    (pair,) = appeals.named_pairs(work, [appeal])
    told = stored.placed_facts(work.connection, pair)
    shown = []
    for batch, fact in told:
        stream = StreamKind.BATCH.key(nth(StreamKind.BATCH, batch))
        (event,) = history.events_of(work.connection, stream)
        ruled = fact.outcome in {Gathering.LINK, Gathering.PROPOSE}
        likeness: Likeness | None = None
        margin = 0
        reasons: Reasons = ()
        if ruled:
            book = work.rulebook_of(event.rulebook or "")
            gathered = again([each for _, each in told], fact, book)
            margin, reasons = gathered.margin, gathered.reasons
            likeness = next(
                weighed.candidate.likeness
                for weighed in gathered.ranked
                if weighed.candidate.near == fact.near
            )
        shown.append(
            Explained(
                outcome=Gathering(fact.outcome),
                at=event.at,
                actor=event.actor,
                item=fact.item,
                group=fact.group,
                near=fact.near,
                score=fact.score,
                margin=margin,
                likeness=likeness,
                reasons=reasons,
            )
        )
    return tuple(shown)


@question
def groups(
    work: Work,
    since: Annotated[date | None, Argument.SINCE] = None,
    until: Annotated[date | None, Argument.UNTIL] = None,
) -> tuple[Problem, ...]:
    """Return the problems of a span of days, the most told of first (A6).

    A problem is an item, with those merged into it, or a group of loose appeals; an
    appeal that is like no other is a problem of its own. The days are by default those
    of a year until today. Each anonymous appeal counts as a person.
    """
    last = until or work.today
    first = since or last - timedelta(days=365)
    return tuple(problem for problem, _ in _problems(work, first, last))


def _problems(work: Work, first: date, last: date) -> list[tuple[Problem, list[Told]]]:
    """Return the problems of a span with their appeals, the most told of first."""
    connection = work.connection
    linked, joined = stored.links(connection), stored.groups(connection)
    heads = stored.heads(connection)
    told: dict[tuple[str, Pair], list[Told]] = {}
    places: dict[tuple[str, Pair], set[str]] = {}
    begin, end = at_hour(first, 0), at_hour(last + timedelta(days=1), 0)
    for pair, who, district, at in stored.told_between(connection, begin, end):
        item = linked.get(pair, "")
        if item in heads:
            item = heads[item].number
        name = item, NOBODY if item else joined.get(pair, pair)
        told.setdefault(name, []).append(Told(pair, who, pair[0], local_day(at)))
        places.setdefault(name, set()).add(district)
    titles = stored.titles(connection, (item for item, _ in told if item))
    problems = []
    for (item, group), rows in told.items():
        days = {each.day for each in rows}
        problem = Problem(
            item=item,
            group=group,
            title=titles.get(item, ""),
            unit=heads[item].unit if item in heads else "",
            appeals=len(rows),
            people=len({each.who or each.appeal for each in rows}),
            places=len(places[item, group]),
            days=len(days),
            channels=dict(Counter(each.channel for each in rows)),
            first=min(days),
            last=max(days),
        )
        problems.append((problem, rows))
    problems.sort(
        key=lambda pair: (
            -pair[0].appeals,
            -pair[0].people,
            pair[0].item,
            pair[0].group,
        )
    )
    return problems


@question
def repeat(
    work: Work, number: str, *, until: Annotated[date | None, Argument.UNTIL] = None
) -> Verdict:
    """Return whether an item's problem repeats on several channels (N7, D2).

    All appeals of its family count: of items merged into it, and of those that it
    continues. The span of days ends on ``until``, by default today.

    Raises:
        NotFound: if there is no such item.

    """
    repository.item(work.connection, number)
    own, inherited = tallies.family(work.connection, number)
    rows = tallies.linked_rows(
        work.connection, [*own, *inherited], None, ("channel", "key", "who", "at")
    )
    told = (
        Told((channel, key), who, channel, local_day(history.moment_of(at)))
        for channel, key, who, at in rows
    )
    return repeats(told, work.rulebook.rules.gathering, until or work.today)


@question
def repeating(
    work: Work, *, until: Annotated[date | None, Argument.UNTIL] = None
) -> tuple[Repeat, ...]:
    """Return the problems that repeat on several channels, the most told first (N7).

    They are items and groups of loose appeals; see ``repeat``. The span of days ends on
    ``until``, by default today.
    """
    last = until or work.today
    rule = work.rulebook.rules.gathering
    since = last - timedelta(days=rule.repeat_days.value - 1)
    heirs = {
        number
        for number, head in stored.heads(work.connection).items()
        if head.continues is not None
    }
    found = []
    for problem, told in _problems(work, since, last):
        if problem.item in heirs:  # what it continues counts, too
            verdict = repeat(work, problem.item, until=last)
        elif problem.appeals < rule.repeat_appeals.value:
            continue
        else:
            verdict = repeats(told, rule, last)
        if verdict.passed:
            found.append(Repeat(problem=problem, verdict=verdict))
    return tuple(found)
