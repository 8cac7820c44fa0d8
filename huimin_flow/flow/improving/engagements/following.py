"""Findings of third parties: answered by an action or a reasoned no, followed (D4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import EngagementCode, ReviewCode
from huimin_flow.catalogue.terms import Argument, Duty, EngagementStep
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.reads import digests_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.engagements.planning import in_state, step
from huimin_flow.flow.improving.reviewing.decisions import owner_named
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.improving.engagements import (
    Engagement,
    FindingAction,
    ReportFinding,
)
from huimin_flow.store.core import repository


@act(Duty.REPORT)
def answer(
    work: Work,
    key: Annotated[str, Argument.ENGAGEMENT],
    finding: Annotated[int, Argument.FINDING_NUMBER],
    measures: str,
    owner: Annotated[str, Argument.OWNER],
    due: Annotated[date, Argument.DUE],
    *,
    by: Actor = ACTING,
) -> Engagement:
    """Answer a finding by an action, for the item's unit: what, who, until when (D4).

    ``owner`` is a unit or a post. Until the answers are accepted, a finding may be
    answered otherwise; an action that is done stays.

    Raises:
        NotFound: if there is no such engagement.
        StepRefused: if the actor may not report for the item's unit, there is no
            report, or the answers are accepted.
        InputRefused: for an unknown finding or one whose action is done, no owner, an
            unknown one or one that has ended, a day in the past, or an empty text.

    """
    old = in_state(work, key, EngagementStep.ANSWER)
    said = required(measures, Argument.MEASURES, longest=2000, lines=True)
    unit, post = owner_named(work, owner)
    if due < work.today:
        raise InputRefused(ReviewCode.DUE_PAST, due=due, earliest=work.today)
    action = FindingAction(measures=said, unit=unit, post=post, due=due)
    answered = replace(
        _finding(old, finding),
        action=action,
        declined="",
        answered_on=work.today,
        answered_by=by.id,
    )
    return _put(work, EngagementStep.ANSWER, old, answered, by)


@act(Duty.REPORT)
def decline(
    work: Work,
    key: Annotated[str, Argument.ENGAGEMENT],
    finding: Annotated[int, Argument.FINDING_NUMBER],
    reason: str,
    *,
    by: Actor = ACTING,
) -> Engagement:
    """Decline a finding for the item's unit, with the reason why nothing follows (D4).

    Raises:
        NotFound: if there is no such engagement.
        StepRefused: if the actor may not report for the item's unit, there is no
            report, or the answers are accepted.
        InputRefused: for an unknown finding or one whose action is done, or an empty
            reason.

    """
    old = in_state(work, key, EngagementStep.DECLINE)
    answered = replace(
        _finding(old, finding),
        action=None,
        declined=required(reason, Argument.REASON, longest=2000, lines=True),
        answered_on=work.today,
        answered_by=by.id,
    )
    return _put(work, EngagementStep.DECLINE, old, answered, by)


@act(Duty.REPORT)
def complete(
    work: Work,
    key: Annotated[str, Argument.ENGAGEMENT],
    finding: Annotated[int, Argument.FINDING_NUMBER],
    done: str,
    evidence: Sequence[str],
    *,
    by: Actor = ACTING,
) -> Engagement:
    """Report the action of a finding as done, with files of the item (D4).

    ``evidence`` are digests of the item's files, or their beginnings; one at least.

    Raises:
        NotFound: if there is no such engagement.
        StepRefused: if the actor may not report for the action's unit, or another
            post owns it.
        InputRefused: for a finding without an action, one that is done, a file that
            the item doesn't have, no file, or an empty note.

    """
    old = in_state(work, key, EngagementStep.COMPLETE)
    said = required(done, Argument.DONE, longest=2000, lines=True)
    known = _finding(old, finding)
    action = known.action
    if action is None:
        raise InputRefused(EngagementCode.NO_ACTION, number=finding)
    if action.post and action.post != by.id:
        raise StepRefused(EngagementCode.NOT_ITS_OWNER, post=action.post)
    files = digests_of(work, old.item, evidence)
    if not files:
        raise InputRefused(EngagementCode.EVIDENCE_NEEDED, item=old.item)
    ended = replace(action, done=said, files=files, done_on=work.today, done_by=by.id)
    changed = replace(known, action=ended)
    return _put(work, EngagementStep.COMPLETE, old, changed, by, action.unit)


@act(Duty.ASSESS)
def follow(
    work: Work, key: Annotated[str, Argument.ENGAGEMENT], *, by: Actor = ACTING
) -> Engagement:
    """Accept the answers to all findings of a report; its actions go on (D4).

    Raises:
        NotFound: if there is no such engagement.
        StepRefused: if the actor may not or has answered a finding, or a finding has
            neither an action nor a reasoned no.

    """
    old = in_state(work, key, EngagementStep.FOLLOW)
    return step(
        work,
        EngagementStep.FOLLOW,
        old,
        by,
        followed_on=work.today,
        followed_by=by.id,
    )


def _finding(old: Engagement, number: int) -> ReportFinding:
    """Return a finding whose action is not done.

    Raises:
        InputRefused: if there is none of the number, or its action is done.

    """
    known = old.finding(number)
    if known is None:
        code = EngagementCode.FINDING_UNKNOWN
        raise InputRefused(code, engagement=old.key, number=number)
    if known.action is not None and known.action.done_on is not None:
        day = known.action.done_on
        raise InputRefused(EngagementCode.ACTION_DONE, number=number, day=day)
    return known


def _put(
    work: Work,
    taken: EngagementStep,
    old: Engagement,
    changed: ReportFinding,
    by: Actor,
    unit: str | None = None,
) -> Engagement:
    """Take a step that changes a finding; without a ``unit`` it is the item's."""
    findings = tuple(
        changed if each.number == changed.number else each for each in old.findings
    )
    unit = unit or repository.item(work.connection, old.item).unit
    return step(work, taken, old, by, unit, findings=findings)
