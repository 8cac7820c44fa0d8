"""Decisions of review meetings: each with owner and day, followed to its end (F3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from huimin_flow.catalogue.reasons import ReviewCode
from huimin_flow.catalogue.terms import (
    Argument,
    DecisionState,
    DecisionStep,
    Duty,
    ReviewMeetingState,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key
from huimin_flow.flow.core.items import keep_file
from huimin_flow.flow.core.reads import digests_of, record_of, refuse_ended
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required, showable
from huimin_flow.model.improving.reviews import Decision, ReviewMeeting
from huimin_flow.model.items import Attachment
from huimin_flow.rules.improving import reviews as rules
from huimin_flow.states.machine import require_road
from huimin_flow.states.reviews import DECISION
from huimin_flow.store import listings
from huimin_flow.store.core import repository
from huimin_flow.store.executing.attachments import attachments_of


@question
def decisions(
    work: Work,
    *,
    review_meeting: Annotated[str | None, Argument.REVIEW_MEETING] = None,
    unit: str | None = None,
    state: DecisionState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Decision, ...]:
    """Return the decisions of review meetings, the newest first.

    ``unit`` answers for them. A page begins after the key ``after``, and not with the
    first ``skip``.
    """
    return listings.records(
        work.connection,
        Decision,
        {"about": review_meeting, "unit": unit, "state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(
    work: Work,
    *,
    review_meeting: Annotated[str | None, Argument.REVIEW_MEETING] = None,
    unit: str | None = None,
    state: DecisionState | None = None,
) -> int:
    """Return how many decisions ``list`` has with the same filters."""
    wanted = {"about": review_meeting, "unit": unit, "state": state}
    return listings.count_records(work.connection, Decision, wanted)


@question
def decision(work: Work, key: Annotated[str, Argument.DECISION]) -> Decision:
    """Return a decision: its owner and day, and how it turned out.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, Decision, key)


@question
def files(work: Work, key: Annotated[str, Argument.DECISION]) -> tuple[Attachment, ...]:
    """Return the files of a decision, by name.

    Raises:
        NotFound: if there is no such decision.

    """
    record_of(work, Decision, key)
    return attachments_of(work.connection, key)


@act(Duty.CONFIRM)
def decide(
    work: Work,
    review_meeting: Annotated[str, Argument.REVIEW_MEETING],
    decided: Annotated[str, Argument.DECIDED],
    owner: Annotated[str, Argument.OWNER],
    due: Annotated[date, Argument.DUE],
    *,
    by: Actor = ACTING,
) -> Decision:
    """Record what a held review meeting decided: who does what until when (F3).

    ``owner`` is a unit or a post; a post's unit answers for it.

    Raises:
        NotFound: if there is no such meeting.
        StepRefused: if the actor is not of the office, or the meeting is not held or
            is closed.
        InputRefused: for no owner, an unknown one or one that has ended, a day in the
            past, an empty text, or a decision like one that is still open.

    """
    held = record_of(work, ReviewMeeting, review_meeting)
    if held.state is not ReviewMeetingState.HELD:
        code = ReviewCode.NOT_HELD
        raise StepRefused(code, meeting=held.key, state=held.state)
    said = required(decided, Argument.DECIDED, longest=1000, lines=True)
    unit, post = owner_named(work, owner)
    if due < work.today:
        raise InputRefused(ReviewCode.DUE_PAST, due=due, earliest=work.today)
    number = StreamKind.parse(held.key)[1]
    # The counter is held from here on: who counts next sees this decision.
    key = next_key(work, StreamKind.DECISION, number)
    new = Decision(
        key=StreamKind.DECISION.key(key),
        meeting=held.key,
        unit=unit,
        post=post,
        decided=said,
        due=due,
        state=DecisionState.DECIDED,
        decided_on=work.today,
        decided_by=by.id,
    )
    other = rules.alike(new, repository.records(work.connection, Decision))
    if other is not None:
        raise InputRefused(ReviewCode.ALIKE, other=other.key)
    acting = acting_as(work, by, units=(unit,))
    return keep_record(work, DecisionStep.DECIDE, new, None, acting, about=held.key)


@act(Duty.CONFIRM)
def remind(
    work: Work, key: Annotated[str, Argument.DECISION], *, by: Actor = ACTING
) -> Decision:
    """Remind the owner of a decision that is not reported as done (F3).

    Raises:
        NotFound: if there is no such decision.
        StepRefused: if the actor is not of the office, or it is reported.

    """
    old = _in_state(work, key, DecisionStep.REMIND)
    times, day = old.reminders + 1, work.today
    return _step(work, DecisionStep.REMIND, old, by, reminders=times, reminded_on=day)


@act(Duty.REPORT)
def attach(
    work: Work,
    key: Annotated[str, Argument.DECISION],
    name: Annotated[str, Argument.FILE_NAME],
    content: bytes,
    *,
    by: Actor = ACTING,
) -> Attachment:
    """Attach a file to a decision, as evidence that it is done (F3).

    Raises:
        InputRefused: for an empty or too large file, or an unfit name.
        NotFound: if there is no such decision.
        StepRefused: if the actor may not report for its unit.
        StoreRefused: if there is no folder for attachments, or it can't be written.

    """
    known = record_of(work, Decision, key)
    work.duty(by, Duty.REPORT, known.unit)
    return keep_file(work, known.key, name, content, by, known.unit)


@act(Duty.REPORT)
def report(
    work: Work,
    key: Annotated[str, Argument.DECISION],
    done: str,
    evidence: Sequence[str],
    *,
    by: Actor = ACTING,
) -> Decision:
    """Report a decision as done, with a note and files of it (F3).

    ``evidence`` are digests of the decision's files, or their beginnings; one at
    least.

    Raises:
        NotFound: if there is no such decision.
        StepRefused: if the actor may not report for its unit, another post owns it, or
            it is reported already.
        InputRefused: for a file that the decision doesn't have, no file, or an empty
            note.

    """
    old = _in_state(work, key, DecisionStep.REPORT)
    said = required(done, Argument.DONE, longest=2000, lines=True)
    digests = digests_of(work, old.key, evidence)
    if not digests:
        raise InputRefused(ReviewCode.EVIDENCE_NEEDED, decision=old.key)
    return _step(
        work,
        DecisionStep.REPORT,
        old,
        by,
        note=said,
        files=digests,
        reported_on=work.today,
        reported_by=by.id,
    )


@act(Duty.CONFIRM)
def accept(
    work: Work,
    key: Annotated[str, Argument.DECISION],
    *,
    finding: Annotated[str, Argument.FINDING] = "",
    by: Actor = ACTING,
) -> Decision:
    """Accept a decision as done (F3).

    Raises:
        NotFound: if there is no such decision.
        StepRefused: if the actor is not of the office or has reported it, or nothing
            was reported.

    """
    old = _in_state(work, key, DecisionStep.ACCEPT)
    return _end(work, DecisionStep.ACCEPT, old, by, finding)


@act(Duty.CONFIRM)
def return_(
    work: Work,
    key: Annotated[str, Argument.DECISION],
    note: Annotated[str, Argument.RETURN_REASON],
    *,
    due: Annotated[date | None, Argument.DUE] = None,
    by: Actor = ACTING,
) -> Decision:
    """Return a decision that is not done yet; its owner reports it again (F3).

    Without ``due`` the due day stays; a decision that was late stays late.

    Raises:
        NotFound: if there is no such decision.
        StepRefused: if the actor is not of the office or has reported it, or nothing
            was reported.
        InputRefused: for a due day in the past, or an empty note.

    """
    old = _in_state(work, key, DecisionStep.RETURN)
    said = required(note, Argument.RETURN_REASON, longest=2000, lines=True)
    if due is not None and due < work.today:
        raise InputRefused(ReviewCode.DUE_PAST, due=due, earliest=work.today)
    due = due or old.due
    return _step(work, DecisionStep.RETURN, old, by, finding=said, due=due)


@act(Duty.CONFIRM)
def drop(
    work: Work,
    key: Annotated[str, Argument.DECISION],
    reason: str,
    *,
    by: Actor = ACTING,
) -> Decision:
    """Drop a decision that is not to be done any more, with the reason (F3).

    Raises:
        NotFound: if there is no such decision.
        StepRefused: if the actor is not of the office, or it is reported or ended.
        InputRefused: for an empty reason.

    """
    old = _in_state(work, key, DecisionStep.DROP)
    said = required(reason, Argument.REASON, longest=2000, lines=True)
    return _end(work, DecisionStep.DROP, old, by, said)


def owner_named(work: Work, written: str) -> tuple[str, str]:
    """Return the unit that owns a decision, and the post if it is one.

    Raises:
        InputRefused: for nothing, for what is neither, or for a unit that has ended.

    """
    if not written.strip():
        raise InputRefused(ReviewCode.OWNER_MISSING)
    organization = work.rulebook.organization
    post = organization.post(written)
    unit = written if post is None else post.unit
    refuse_ended(work, unit)
    if organization.unit(unit, work.today) is None:
        raise InputRefused(ReviewCode.OWNER_UNKNOWN, given=showable(written))
    return unit, "" if post is None else post.id


def _in_state(work: Work, key: str, step: DecisionStep) -> Decision:
    """Return a decision whose state has a step.

    Raises:
        NotFound: if there is no such decision.
        StepRefused: if its state doesn't have it.

    """
    known = record_of(work, Decision, key)
    require_road(DECISION, known.state, step, known.key)
    return known


def _end(
    work: Work, step: DecisionStep, old: Decision, by: Actor, finding: str
) -> Decision:
    """Take the step that ends a decision."""
    ended = {"ended_on": work.today, "ended_by": by.id}
    return _step(work, step, old, by, finding=finding, **ended)


def _step(
    work: Work, step: DecisionStep, old: Decision, by: Actor, **changes: Any
) -> Decision:
    """Take a step with a decision of a unit."""
    acting = acting_as(work, by, units=(old.unit,))
    new = replace(old, **changes)
    return keep_record(work, step, new, old, acting, about=old.meeting)
