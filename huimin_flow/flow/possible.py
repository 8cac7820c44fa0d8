"""What an actor may do with an item now, and for the rest why not and who can.

The answer needs no argument of an act: rights, the table, and the guards that ask
only about the item. What an act's own arguments lack, the act itself says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from huimin_flow.catalogue.reasons import DecisionCode, Reasons, reason_of
from huimin_flow.catalogue.terms import Duty, Role, Step
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.acts import ACTING, question
from huimin_flow.flow.core.advance import acting_as
from huimin_flow.flow.core.earliest import dated
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.drafts import unit_of_lists
from huimin_flow.flow.improving.evaluation import left_open, reached_and_owed
from huimin_flow.model.core.organization import Actor, Person
from huimin_flow.model.core.values import value
from huimin_flow.model.evidence import (
    Acting,
    AdviceEvidence,
    Evidence,
    LinkEvidence,
    ReopenEvidence,
    ResultEvidence,
)
from huimin_flow.model.executing.plans import Excuse
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.items import Item
from huimin_flow.rules.executing.tasks import open_returns
from huimin_flow.rules.improving import advising
from huimin_flow.states.authority import authorize, may_do, reach
from huimin_flow.states.guards import advice, tasks
from huimin_flow.states.guards import items as guards
from huimin_flow.states.guards.core import entitled
from huimin_flow.states.machine import require_road
from huimin_flow.states.table import ITEM
from huimin_flow.store.core import repository
from huimin_flow.store.core.repository import open_successor

#: The guards that ask about the item alone; the others need an act's arguments.
OF_THE_ITEM: Final = frozenset(
    {
        guards.screening_holds,
        guards.evaluation_holds,
        guards.is_in_doubt,
        guards.plan_holds,
        guards.has_figures,
        guards.has_failed,
        guards.has_no_successor,
        guards.is_only_successor,
        guards.was_adjusted,
        guards.was_judged,
        advice.has_none_undecided,
        advice.has_nothing_to_mend,
        guards.has_no_open_order,
        guards.has_no_open_rectification,
        guards.has_no_open_finding,
        advice.is_not_stopped,
        tasks.has_no_open_return,
    }
)

#: The methods of steps whose noun or verb is another one.
_ACTS: Final = {Step.ENLIST: "lists.supplement"}


@value
class Holder:
    """A post that may take a step, with its unit and roles."""

    post: str
    unit: str
    roles: tuple[Role, ...]


@value
class Possibility:
    """One step of an item for an actor, now.

    ``reasons`` are all reasons why not, as far as no argument is needed; there are
    none if it is ``possible``. ``act`` is the method of ``Flow``, ``noun.verb``.
    ``two`` means that a second person confirms it. ``who`` are the posts with the
    right to the step, whatever the item's state.
    """

    step: Step
    act: str
    possible: bool
    reasons: Reasons
    two: bool
    who: tuple[Holder, ...]


@question
def possible(
    work: Work, number: str, by: Actor = ACTING, step: Step | None = None
) -> tuple[Possibility, ...]:
    """Return each step of an item's life, or one, as it stands for an actor.

    Possible steps come first, then those of the item's state, in the table's order.

    Raises:
        NotFound: if no item has the number.
        StepRefused: for a person whom the organization doesn't know.

    """
    item = repository.item(work.connection, number)
    acting = replace(acting_as(work, by), units=(unit_of_lists(work, number),))
    people = [
        (person, replace(acting, actor=actor))
        for person in acting.organization.people
        if (actor := acting.organization.actor(person.id, by.via, acting.day))
        is not None
    ]
    own = work.rulebook.extensions  # without one there is no own field to enter
    absent = {Step.COLLECT} if own else {Step.COLLECT, Step.ANNOTATE}
    steps = [known for known in Step if known not in absent]
    answers = [
        _answer(work, item, each, acting, people)
        for each in (steps if step is None else [step])
    ]
    leaving = ITEM.leaving(item.state)
    return tuple(
        sorted(answers, key=lambda each: (not each.possible, each.step not in leaving))
    )


def _answer(
    work: Work,
    item: Item,
    step: Step,
    acting: Acting,
    people: list[tuple[Person, Acting]],
) -> Possibility:
    arcs = [arc for arc in ITEM.arcs if (arc.step, arc.source) == (step, item.state)]
    asked = {guard for arc in arcs for guard in arc.guards}
    lists = guards.two_may_confirm in asked or step in {Step.CANCEL, Step.REOPEN}
    reasons = _lacking(step, item, acting, lists=lists)
    try:
        require_road(ITEM, item.state, step)
    except StepRefused as refusal:
        reasons += dated(work, item, step, refusal).reasons
    if not asked.isdisjoint(OF_THE_ITEM):
        evidence = _evidence(work, item, step)
        for guard in asked & OF_THE_ITEM:
            reasons += guard(item, acting, evidence)
    if arcs and work.rulebook.extensions:
        from huimin_flow.flow.core.extending import saying  # noqa: PLC0415 - seldom

        reasons += saying.own_reasons(work, item, step)
    return Possibility(
        step=step,
        act=_ACTS.get(step, f"items.{step.value}"),
        possible=not reasons,
        reasons=reasons,
        two=lists or step is Step.ENLIST,
        who=tuple(
            Holder(
                post=person.id,
                unit=person.unit,
                roles=tuple(role for role in Role if role in person.roles),
            )
            for person, other in people
            if not _lacking(step, item, other, lists=lists)
        ),
    )


def _lacking(step: Step, item: Item, acting: Acting, *, lists: bool) -> Reasons:
    """Return the rights to a step that an actor lacks for an item.

    ``lists`` means that the step changes the item's lists, which ``acting`` names.
    """
    actor, organization, day = acting.actor, acting.organization, acting.day

    def rights(needed: Step) -> Reasons:
        return authorize(actor, needed, item.unit, item.area, organization, day=day)

    if step is Step.RESPOND:  # the right is that of the unit which takes it up
        mine = reach(actor, step, organization, day)
        if mine is None:
            return rights(step)
        others = mine.units is None or mine.units - {item.unit}
        if others or item.area in mine.areas:
            return ()
        return (reason_of(DecisionCode.OWN_ITEM, {}),)
    reasons = rights(step)
    if step is Step.CARRY_OVER:
        reasons += rights(Step.COLLECT)
    if step is Step.SPLIT and reach(actor, Step.COLLECT, organization, day) is None:
        reasons += rights(Step.COLLECT)
    duty = {Step.ENLIST: Duty.CONFIRM, Step.SPLIT: Duty.IMPORT}.get(step)
    if duty is not None:
        reasons += may_do(actor, duty, organization, unit=actor.unit, day=day)
    return reasons + (entitled(Duty.CONFIRM, acting) if lists else ())


def _evidence(work: Work, item: Item, step: Step) -> Evidence:
    """Return what the guards of a step ask about an item besides its own fields."""
    known = repository.records(work.connection, Advice, item.number)
    if step is Step.EVALUATE:
        return reached_and_owed(work, item, work.today)[1]
    if step is Step.REOPEN:
        parent = item.continues
        other = None if parent is None else open_successor(work.connection, parent)
        return ReopenEvidence(known={}, successor=other)
    if step is Step.EXECUTE:
        returns = repository.records(work.connection, TaskReturn, item.number)
        excuses = repository.records(work.connection, Excuse, item.number)
        waiting = open_returns(item, returns, excuses)
        sent = tuple(made.task for made in waiting)
        return ResultEvidence(results=(), returned=sent)
    if step is Step.CLOSE:
        return left_open(work, item.number)
    if step is Step.ADVISE:
        return AdviceEvidence(undecided=advising.undecided(known))
    successor = stopped = None
    if step is Step.CARRY_OVER:
        successor = open_successor(work.connection, item.number)
        stopped = advising.stopped(known)
    return LinkEvidence(other=None, successor=successor, stopped=stopped)
