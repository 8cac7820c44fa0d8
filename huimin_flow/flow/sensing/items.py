"""Acts that collect, screen, merge and split items (A2–A6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from huimin_flow.catalogue.reasons import DecisionCode, InputCode
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    Criterion,
    Duty,
    LifeStage,
    Origin,
    Step,
    StreamKind,
    UnitKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import advance, create, next_key
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.appeals import link
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required
from huimin_flow.model.core.values import value
from huimin_flow.model.evidence import (
    Evidence,
    MergeEvidence,
    ReasonEvidence,
    SplitEvidence,
)
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.items import Item, Preview
from huimin_flow.rules.improving import advising
from huimin_flow.rules.sensing import screening
from huimin_flow.states.table import ITEM
from huimin_flow.store.core import repository
from huimin_flow.store.sensing import tallies

#: How many characters a title may have.
TITLE = 200


@value
class Demand:
    """The facts of a new item when it is collected."""

    title: str
    origin: Origin
    area: Area
    unit: str
    description: str = ""
    life_stage: LifeStage = LifeStage.ALL
    continues: str | None = None
    responds_to: str | None = None
    arises_from: str | None = None
    split_from: str | None = None


@act(Step.COLLECT)
def collect(
    work: Work, demand: Demand, *, by: Actor = ACTING, occurred_on: date | None = None
) -> Item:
    """Collect a new item (A3–A5); numbers count within the year.

    Raises:
        InputRefused: for unfit text, an unknown unit, a future day, or a link
            that only a step of its own creates.
        NotFound: if an item that it names as its origin doesn't exist.

    """
    day = work.happened(occurred_on)
    refuse_made_links(demand)
    changes = first_facts(work, demand, day)
    number = next_key(work, StreamKind.ITEM, day.year)
    return create(work, number, Step.COLLECT, by=by, changes=changes, occurred_on=day)


#: Links that only a step of their own creates, after it has checked the parent.
_MADE: Mapping[str, Step] = {
    "continues": Step.CARRY_OVER,
    "responds_to": Step.RESPOND,
    "split_from": Step.SPLIT,
}


def refuse_made_links(demand: Demand) -> None:
    """Refuse a demand with a link that only a step of its own creates.

    Raises:
        InputRefused: naming the step that creates such a link.

    """
    for field, step in _MADE.items():
        if getattr(demand, field) is not None:
            raise InputRefused(
                InputCode.LINK_MADE_BY_STEP, argument=field, path=field, step=step
            )


def first_facts(work: Work, demand: Demand, day: date) -> dict[str, object]:
    """Return the checked first facts of an item.

    Raises:
        InputRefused: for unfit text, a unit that doesn't exist on ``day``, or an
            auditor, who handles no items. A unit is named by its code or official
            name; one that ended is accepted while its people work, for its
            successor.
        NotFound: if an item that it names doesn't exist.

    """
    organization = work.rulebook.organization
    owner = organization.unit(demand.unit, day)
    if owner is None:
        owner = Directory(organization).unit(demand.unit, day, exact=True)
    if owner.kind is UnitKind.AUDITOR:
        raise InputRefused(InputCode.UNIT_IS_AUDITOR, unit=owner.name)
    changes: dict[str, object] = {
        "title": required(demand.title, Argument.TITLE, longest=TITLE),
        "description": accepted(demand.description, Argument.DESCRIPTION, lines=True),
        "origin": demand.origin,
        "area": demand.area,
        "unit": organization.heir(owner.code, work.today),
        "life_stage": demand.life_stage,
        "collected_on": day,
    }
    for field in ("continues", "responds_to", "arises_from", "split_from"):
        other = getattr(demand, field)
        if other is not None:
            repository.item(work.connection, other)
            changes[field] = other
    return changes


@act(Step.SCREEN)
def screen(
    work: Work,
    number: str,
    scores: Mapping[Criterion, int],
    *,
    by: Actor = ACTING,
    version: int | None = None,
    occurred_on: date | None = None,
) -> Item:
    """Screen an item by the criteria of its origin (A3, A4, A5).

    Prevalence is computed from the linked appeals, and from those of the items that
    it continues; the caller can't pass it. A
    score below the pass mark rejects the item, with the verdict as evidence.

    Raises:
        InputRefused: if ``scores`` contain the prevalence.
        StepRefused: if a score is missing or the step may not happen.

    """
    own, inherited = tallies.family(work.connection, number)
    held = sorted([*own, *inherited])
    repository.hold_items(work.connection, held)  # no appeal is linked meanwhile
    item = repository.item(work.connection, number)
    step, verdict, prevalence = _decide(work, item, scores)
    changes: dict[str, object]
    if step is Step.REJECT:
        evidence: Evidence = ReasonEvidence(verdict=verdict, known={})
        changes = {"reason_code": "below_pass_mark"}
    else:
        evidence = Evidence(verdict=verdict)
        changes = {"prevalence": prevalence, "screening_score": verdict.score}
    return advance(
        work,
        number,
        step,
        evidence,
        by=by,
        changes=changes,
        version=version,
        occurred_on=work.happened(occurred_on),
        of=Step.SCREEN,
    )


@question
def preview_screening(
    work: Work, number: str, scores: Mapping[Criterion, int]
) -> Preview:
    """Return what screening an item with these scores would give (A3, A4, A5).

    Raises:
        NotFound: if no item has the number.
        InputRefused: if ``scores`` contain the prevalence.

    """
    item = repository.item(work.connection, number)
    step, verdict, prevalence = _decide(work, item, scores)
    return Preview(
        item=item,
        step=step,
        target=None if verdict.score is None else ITEM.target(item.state, step),
        tally=tallies.tally(work.connection, number),
        verdict=verdict,
        prevalence=prevalence,
    )


def _decide(
    work: Work, item: Item, scores: Mapping[Criterion, int]
) -> tuple[Step, Verdict, int | None]:
    """Return the step of a screening, its verdict, and the prevalence if it counts."""
    if Criterion.PREVALENCE in scores:
        raise InputRefused(InputCode.PREVALENCE_COMPUTED)
    rule = work.rulebook.rules.screening
    known: dict[Criterion, int | None] = dict(scores)
    prevalence = None
    if Criterion.PREVALENCE in rule.criteria[item.origin].weights:
        tally = tallies.tally(work.connection, item.number)
        prevalence = screening.prevalence(tally, rule.prevalence)
        known[Criterion.PREVALENCE] = prevalence
    interim = None
    if item.continues is not None:
        advice = repository.records(work.connection, Advice, item.continues)
        parent = repository.item(work.connection, item.continues)
        interim = advising.interim_of(parent, advice, work.rulebook.rules.advising)
    verdict = screening.screen(item.origin, known, rule, interim)
    negative = not verdict.passed and verdict.score is not None
    return Step.REJECT if negative else Step.SCREEN, verdict, prevalence


@value
class Part:
    """A child of a split: its first facts, and its appeals as (channel, key)."""

    demand: Demand
    appeals: tuple[tuple[str, str], ...] = ()


@act(Step.MERGE)
def merge(
    work: Work,
    number: str,
    into: str,
    *,
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Merge an item into another; its appeals move too (A6).

    Raises:
        StepRefused: if one of the items cannot be merged.

    """
    repository.hold_items(work.connection, [number, into])
    item = repository.item(work.connection, number)
    other = repository.item(work.connection, into)
    evidence = MergeEvidence(into=into, into_state=other.state)
    changes = {"merged_into": into, "before": item.state}
    return advance(
        work, number, Step.MERGE, evidence, by=by, changes=changes, version=version
    )


@act(Step.UNMERGE)
def unmerge(
    work: Work, number: str, *, by: Actor = ACTING, version: int | None = None
) -> Item:
    """Undo a merge: the item has its former state and its appeals again (A6)."""
    changes = {"merged_into": None, "before": None}
    return advance(work, number, Step.UNMERGE, by=by, changes=changes, version=version)


@act(Step.SPLIT, Step.COLLECT, Duty.IMPORT)
def split(
    work: Work,
    number: str,
    parts: Sequence[tuple[Demand, Sequence[tuple[str, str]]]],
    *,
    by: Actor = ACTING,
    version: int | None = None,
) -> tuple[Item, ...]:
    """Split an item into new child items, each with its chosen appeals (A6).

    Returns the parent and then its children.

    Raises:
        InputRefused: if a child names an appeal that the parent doesn't have.

    """
    held = {
        (row["channel"], row["key"])
        for row in tallies.appeals_of(work.connection, number)
    }
    children = tuple(next_key(work, StreamKind.ITEM, work.today.year) for _ in parts)
    parent = advance(
        work,
        number,
        Step.SPLIT,
        SplitEvidence(children=children),
        by=by,
        version=version,
        named={"children": list(children)},
    )
    made = [parent]
    for child, (demand, appeals) in zip(children, parts, strict=True):
        foreign = set(appeals) - held
        if foreign:
            code = DecisionCode.APPEAL_ELSEWHERE
            raise InputRefused(code, key=min(foreign)[1])
        refuse_made_links(demand)
        changes = first_facts(work, demand, work.today) | {"split_from": number}
        made.append(create(work, child, Step.COLLECT, by=by, changes=changes))
        link(work, child, appeals, by=by)
    return tuple(made)
