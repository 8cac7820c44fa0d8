"""What came together: proposals that wait, how each was decided (A6)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, NamedTuple

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import Argument, Duty, Gathering, StreamKind
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.acts import ACTING, question
from huimin_flow.flow.core.reads import fit_limit, known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing import appeals
from huimin_flow.flow.sensing.gathering.keeping import open_facts
from huimin_flow.flow.sensing.personal.reading import units_for
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import AppealSummary
from huimin_flow.model.sensing.gathering import (
    Candidate,
    Explained,
    GatheringProposal,
    Likeness,
)
from huimin_flow.rules.sensing.gathering import gather, reasons_for
from huimin_flow.states.authority import may_do
from huimin_flow.store.core import history
from huimin_flow.store.sensing import appeals as heard
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.store.sensing import groups, tallies
from huimin_flow.store.sensing.gathering import Fact
from huimin_flow.stream_names import nth


@question
def proposals(
    work: Work, *, unit: str | None = None, limit: int = 50
) -> tuple[GatheringProposal, ...]:
    """Return the proposals that wait for an answer: what was put off comes last (A6).

    ``unit`` selects those for which it answers: of its items, or from its place; a
    town those about appeals from it.

    Raises:
        InputRefused: for a code that no unit ever had, or a limit outside 1–1000.

    """
    fit_limit(limit)
    return _shown(work, _of_unit(work, unit), limit)


@question
def count(work: Work, *, unit: str | None = None) -> int:
    """Return how many proposals wait for an answer.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    return len(_of_unit(work, unit))


@question
def mine(
    work: Work, *, limit: int = 50, by: Actor = ACTING
) -> tuple[GatheringProposal, ...]:
    """Return the proposals that an actor may answer: what was put off comes last (A6).

    They are those of which the actor may read both sides.

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
    item: str
    group: tuple[str, str]

    @property
    def later(self) -> int:
        """Return how often it was put off."""
        return sum(
            each.outcome == Gathering.LATER and each.near == self.fact.near
            for each in self.told
        )


def _of_unit(work: Work, unit: str | None) -> list[_Open]:
    """Return the open proposals for a unit, or about a town's appeals; None for all."""
    waits = _open(work)
    if unit is not None and work.rulebook.organization.town(unit, work.today):
        told = heard.named(work.connection, [each.fact.pair for each in waits])
        return [each for each in waits if told[each.fact.pair].town == unit]
    known_unit(work, unit)
    return [each for each in waits if unit in {None, each.unit}]


def _answerable(work: Work, by: Actor) -> list[_Open]:
    actor, organization = work.believed(by), work.rulebook.organization
    may = partial(may_do, actor, Duty.IMPORT, organization, day=work.today)
    found = [each for each in _open(work) if not may(unit=each.unit or None)]
    if not may_do(actor, Duty.READ, organization, unit=None, day=work.today):
        return found
    pairs = {pair for each in found for pair in (each.fact.pair, each.fact.near)}
    summaries = heard.named(work.connection, [*pairs])
    readable = []
    for each in found:  # who may not read both can't decide
        with suppress(StepRefused):
            sides = [summaries[each.fact.pair], summaries[each.fact.near]]
            units_for(work, sides, by)
            readable.append(each)
    return readable


def _open(work: Work) -> list[_Open]:
    """Return the proposals that nobody has answered, those put off last."""
    connection, organization = work.connection, work.rulebook.organization
    places = stored.proposed(connection)
    pairs = list(places)
    if not pairs:
        return []
    told = stored.of_appeals(connection, pairs)
    stands = groups.standing(connection, pairs)
    waiting = [
        (fact, facts)
        for pair, facts in told.items()
        if not stands[pair][0]
        for fact in open_facts(facts)
    ]
    near = groups.standing(connection, list({fact.near for fact, _ in waiting}))
    heads = stored.heads(connection) if waiting else {}
    units = {known.code for known in organization.units}
    found = []
    for fact, facts in waiting:
        item, group = near[fact.near]
        if not item and group == stands[fact.pair][1]:
            continue  # they have come together meanwhile
        owner = heads[item].unit if item in heads else places[fact.pair]
        owner = owner if owner in units else ""
        found.append(_Open(fact, facts, owner, item, group))
    return sorted(found, key=lambda each: each.later)


def _shown(
    work: Work, waiting: Sequence[_Open], limit: int
) -> tuple[GatheringProposal, ...]:
    """Return the first proposals with what was weighed."""
    connection, chosen = work.connection, waiting[:limit]
    pairs = {pair for each in chosen for pair in (each.fact.pair, each.fact.near)}
    summaries = heard.named(connection, [*pairs])
    titles = stored.titles(connection, (each.item for each in chosen))
    together = groups.loose_groups(connection, [each.fact.pair for each in chosen])
    found = []
    for each in chosen:
        fact = each.fact
        mine, other = summaries[fact.pair], summaries[fact.near]
        likeness, _, reasons = again(each.told, fact, work.rulebook)
        found.append(
            GatheringProposal(
                appeal=fact.pair,
                at=mine.at,
                district=mine.district,
                near=fact.near,
                near_at=other.at,
                near_district=other.district,
                item=each.item,
                title=titles.get(each.item, ""),
                group=each.group,
                unit=each.unit,
                together=len(together[fact.pair]),
                score=fact.score,
                likeness=likeness,
                reasons=reasons,
                later=each.later,
            )
        )
    return tuple(found)


def again(
    told: Iterable[Fact], fact: Fact, book: Rulebook
) -> tuple[Likeness, int, Reasons]:
    """Return a fact's likeness, margin and reasons, from the evidence that was kept.

    The margin is to the runner-up; below the best it is negative, to the best.
    """
    rule = book.rules.gathering
    candidates = [from_plain(Candidate, each) for each in _weighed(told, fact)]
    gathered = gather(candidates, rule)
    (mine,) = (each for each in gathered.ranked if each.candidate.near == fact.near)
    first = gathered.ranked[0]
    margin = gathered.margin if mine == first else mine.score - first.score
    return mine.candidate.likeness, margin, reasons_for(gathered, mine, rule)


def likeness_of(told: Iterable[Fact], fact: Fact) -> Likeness:
    """Return how like a proposal's two appeals are, from the evidence."""
    kept = {tuple(each["near"]): each["likeness"] for each in _weighed(told, fact)}
    likeness: Likeness = from_plain(Likeness, kept[fact.near])
    return likeness


def _weighed(told: Iterable[Fact], fact: Fact) -> list[dict[str, Any]]:
    """Return the kept candidates: the first fact of a decision has them."""
    evidence = ""
    for each in told:
        if each.outcome == fact.outcome and each.evidence:
            evidence = each.evidence
        if each == fact:
            break
    kept: list[dict[str, Any]] = json.loads(evidence)["candidates"]
    return kept


@question
def members(
    work: Work, appeal: Annotated[tuple[str, str], Argument.APPEAL_KEY]
) -> tuple[AppealSummary, ...]:
    """Return the loose appeals of an appeal's group, itself first (A6).

    They follow it when a person brings it elsewhere, or collects an item from it. An
    appeal of an item has no group: the answer is then empty.

    Raises:
        InputRefused: if there is no such appeal.

    """
    (pair,) = appeals.named_pairs(work, [appeal])
    if tallies.linked_to(work.connection, [pair]).get(pair):
        return ()
    pairs = groups.loose_groups(work.connection, [pair])[pair]
    summaries = heard.named(work.connection, pairs)
    return tuple(summaries[each] for each in pairs)


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
        ruled = fact.outcome in {*(Gathering.LINK, Gathering.PROPOSE, Gathering.AGAIN)}
        likeness: Likeness | None = None
        margin = 0
        reasons: Reasons = ()
        if ruled:
            book = work.rulebook_of(event.rulebook or "")
            facts = [each for _, each in told]
            likeness, margin, reasons = again(facts, fact, book)
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
