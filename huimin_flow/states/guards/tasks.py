"""Guards of tasks: reassigned, sent back by their unit, settled (C2)."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import Code, Reasons, TaskCode
from huimin_flow.catalogue.terms import (
    Fact,
    Role,
    State,
    Step,
    StreamKind,
    TaskReturnStep,
)
from huimin_flow.model.evidence import (
    Acting,
    PlanEvidence,
    ReassignEvidence,
    ResultEvidence,
    ReturnTaskEvidence,
    SettlingEvidence,
)
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.items import Item
from huimin_flow.states.authority import authorize
from huimin_flow.states.guards.core import lacking, why_not


def is_covered(item: Item, by: Acting, evidence: PlanEvidence) -> Reasons:
    """Require that the tasks' targets reach the item's own (C2)."""
    verdict = evidence.coverage
    if verdict is None or verdict.rule != "coverage":
        return why_not(Code.VERDICT_MISSING, Role.OPERATOR, rule="coverage")
    return () if verdict.passed else verdict.reasons


def keeps_covered(item: Item, by: Acting, evidence: ReassignEvidence) -> Reasons:
    """Require a change of a task that leaves no target less covered than before."""
    verdict = evidence.verdict
    if verdict is None or verdict.rule != "coverage":
        return why_not(Code.VERDICT_MISSING, Role.OPERATOR, rule="coverage")
    if not evidence.changed:
        return why_not(TaskCode.NOTHING_CHANGED, task=evidence.task)
    return (*evidence.lacks, *evidence.lost)


def has_no_open_return(item: Item, by: Acting, evidence: ResultEvidence) -> Reasons:
    """Require that no task is sent back and not settled."""
    if not evidence.returned:
        return ()
    return why_not(TaskCode.RETURNS_OPEN, Role.OPERATOR, tasks=evidence.returned)


def is_their_task(subject: None, by: Acting, evidence: ReturnTaskEvidence) -> Reasons:
    """Require an assigned item's task of the actor's own unit, not yet sent back."""
    item, organization = evidence.item, by.organization
    if item.state is not State.ASSIGNED:
        return why_not(
            Code.NOT_SO_FAR,
            stream=StreamKind.ITEM.key(item.number),
            state=item.state,
            step=TaskReturnStep.RETURN,
            needed=State.ASSIGNED,
        )
    units = {task.key: task.unit for task in (item.plan.tasks if item.plan else ())}
    if evidence.task not in units:
        return lacking(Fact.TASK, Role.OPERATOR)
    unit, name = units[evidence.task], organization.name_of(units[evidence.task])
    own = organization.acts_for(by.actor.unit, by.day)
    if unit not in own:
        return why_not(TaskCode.NOT_THEIRS, task=evidence.task, unit=name)
    if item.unit in own:
        return why_not(TaskCode.LEADS_ITSELF, task=evidence.task, unit=name)
    if evidence.under_way is not None:
        key = evidence.under_way
        return why_not(TaskCode.RETURNED_ALREADY, task=evidence.task, key=key)
    return ()


def may_settle(subject: TaskReturn, by: Acting, evidence: SettlingEvidence) -> Reasons:
    """Require the right to reassign a task of the item."""
    item, organization = evidence.item, by.organization
    return authorize(
        by.actor, Step.REASSIGN, item.unit, item.area, organization, day=by.day
    )


def has_moved(subject: TaskReturn, by: Acting, evidence: SettlingEvidence) -> Reasons:
    """Require that the item takes a step with the task in the same act."""
    return () if evidence.moved else lacking(Fact.ITEM_STEP, Role.OPERATOR)


def is_borne_out(item: Item, by: Acting, evidence: ResultEvidence) -> Reasons:
    """Require figures that bear out what is said to be met (C4)."""
    return evidence.unmet
