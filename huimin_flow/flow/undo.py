"""Which act would take back the last step of an item; it takes nothing back itself."""

from __future__ import annotations

from collections.abc import Iterator

from huimin_flow.catalogue.reasons import Code, Reason, Reasons, reason_of
from huimin_flow.catalogue.terms import (
    Duty,
    RecordStep,
    State,
    Step,
    StreamKind,
)
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.acts import ACTING, question
from huimin_flow.flow.core.advance import acting_as
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding import drafts, editions, judgment
from huimin_flow.flow.proposals import waiting
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.executing.plans import Excuse, Plan
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.extensions import own_before
from huimin_flow.model.items import Item, Undo
from huimin_flow.rules.executing import tasks
from huimin_flow.rules.succession import transferred_back
from huimin_flow.states.authority import authorize
from huimin_flow.states.evolve import fold
from huimin_flow.states.table import COUNTER_STEPS, ITEM
from huimin_flow.store.core import history, repository


@question
def undo(work: Work, number: str, by: Actor = ACTING) -> Undo:
    """Return the act that would take back an item's last step, or why none can.

    A waiting proposal on the item comes first: its withdrawal takes it back.

    Raises:
        NotFound: if no item has the number.
        StepRefused: for a person whom the organization doesn't know.

    """
    item = repository.item(work.connection, number)
    stream = StreamKind.ITEM.key(number)
    for proposal in reversed(waiting(work)):
        rested = proposal.rests.get(stream)
        if rested is not None and rested.version == item.version:
            return Undo(
                number=number,
                last=RecordStep.PROPOSE,
                step=RecordStep.WITHDRAW,
                target=item.state,
                proposal=proposal.key,
            )
    events = history.events_of(work.connection, stream)
    last = Step(events[-1].step)
    step = COUNTER_STEPS[last]
    if step is None:
        return Undo(
            number=number, last=last, step=None, reasons=_why_none(item, events)
        )
    before, former = fold(events[:-1]), {}
    reasons: Reasons = ()
    if step is Step.AMEND and before is not None:
        changed = events[-1].public["changes"].keys() - {"stale"}
        former = {
            name: str(to_plain(getattr(before, name))) for name in sorted(changed)
        }
    if step is Step.ANNOTATE and before is not None:
        former = own_before(before.own, item.own)
    if step is Step.TRANSFER and before is not None:
        former = transferred_back(before, item)
    if step is Step.REASSIGN and before is not None and before.plan and item.plan:
        task = str(events[-1].public["task"])
        former = tasks.reassigned_back(before.plan, item.plan, task)
        if not former:
            why = _why_none(item, events)
            return Undo(number=number, last=last, step=None, reasons=why)
        reasons = _why_not_former(work, item, before.plan, task)
    reasons = (*_why_not(work, item, step, former.get("unit"), by), *reasons)
    back = item.before if step is Step.UNMERGE else ITEM.target(item.state, step)
    needs_two = step is Step.DEFER and judgment.needs_two(item)
    return Undo(
        number=number,
        last=last,
        step=step,
        target=back,
        two=step is Step.REOPEN or needs_two,
        reasons=reasons,
        former=former,
    )


def _why_not_former(work: Work, item: Item, plan: Plan, task: str) -> Reasons:
    """Return why a task can't be again as in a former plan: late, or less covered."""
    returns = repository.records(work.connection, TaskReturn, item.number)
    excuses = repository.records(work.connection, Excuse, item.number)
    book, today = work.rulebook, work.today
    now = tasks.reassigning(item, plan, task, returns, excuses, book, today)
    return (*now.lacks, *now.lost)


def _why_none(item: Item, events: list[Event]) -> tuple[Reason, ...]:
    """Return why no step takes back the last one: what it created, or what follows."""
    public, step = events[-1].public, Step(events[-1].step)
    if step is Step.CANCEL:
        return (reason_of(Code.CANCELLED_FOR_GOOD, {}),)
    created = public.get("children") or [public.get("successor")]
    if created[0] is not None:
        return (reason_of(Code.BUILT_ON, {"step": step, "items": created}),)
    possible = ITEM.leaving(item.state)
    values = {"step": step, "possible": possible}
    return (reason_of(Code.NOTHING_TAKES_BACK, values),)


def _why_not(
    work: Work, item: Item, step: Step, unit: str | None, by: Actor
) -> Iterator[Reason]:
    """Yield why an actor can't take a counter-step with an item now, back to a unit."""
    acting = acting_as(work, by)
    organization, day = acting.organization, acting.day
    if unit and organization.unit(unit, day) is None:
        values = {"unit": unit, "unit_name": organization.name_of(unit), "day": day}
        yield reason_of(Code.TRANSFER_TO_NOBODY, values)
    yield from authorize(
        acting.actor, step, item.unit, item.area, organization, day=day
    )
    try:
        if step is Step.REOPEN:
            known = next(iter(work.rulebook.rules.return_reasons))
            editions.may_reopen(work, item.number, known, by)
        elif step is Step.DEFER and item.state is State.LISTED:
            unit = drafts.unit_of_lists(work, item.number)
            work.duty(by, Duty.CONFIRM, unit)
    except StepRefused as refusal:
        yield from refusal.reasons
