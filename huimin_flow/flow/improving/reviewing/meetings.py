"""Review meetings, 调度会: called, held, closed with minutes; their pack (F3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from huimin_flow.catalogue.reasons import ReviewCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    ReviewMeetingState,
    ReviewMeetingStep,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key
from huimin_flow.flow.core.items import keep_file
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.reviewing.standing import units_now
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required, showable
from huimin_flow.model.evidence import Evidence
from huimin_flow.model.improving.reviews import Decision, ReviewMeeting, ReviewPack
from huimin_flow.model.items import Attachment
from huimin_flow.states.guards.records import is_of_the_office
from huimin_flow.states.machine import require_road
from huimin_flow.states.reviews import DECISION, REVIEW_MEETING
from huimin_flow.store import listings
from huimin_flow.store.core import repository
from huimin_flow.store.executing.attachments import attachments_of


@question
def reviews(
    work: Work,
    *,
    state: ReviewMeetingState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[ReviewMeeting, ...]:
    """Return the review meetings, the newest first.

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    return listings.records(
        work.connection,
        ReviewMeeting,
        {"state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(work: Work, *, state: ReviewMeetingState | None = None) -> int:
    """Return how many review meetings ``list`` has with the same filters."""
    return listings.count_records(work.connection, ReviewMeeting, {"state": state})


@question
def review(work: Work, key: Annotated[str, Argument.REVIEW_MEETING]) -> ReviewMeeting:
    """Return a review meeting: its day, chair, attendance and minutes.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, ReviewMeeting, key)


@question
def files(
    work: Work, key: Annotated[str, Argument.REVIEW_MEETING]
) -> tuple[Attachment, ...]:
    """Return the minutes and papers of a review meeting, by name.

    Raises:
        NotFound: if there is no such meeting.

    """
    record_of(work, ReviewMeeting, key)
    return attachments_of(work.connection, key)


@question
def pack(
    work: Work,
    key: Annotated[str, Argument.REVIEW_MEETING],
    *,
    unit: str | None = None,
) -> ReviewPack:
    """Return how the work of each unit stands now, and the decisions that are followed.

    With ``unit`` only that unit's part and decisions. Units of whom nothing is to be
    said are left out. It is made from one moment, that of the question.

    Raises:
        InputRefused: for a code that no unit ever had.
        NotFound: if there is no such meeting.

    """
    held = record_of(work, ReviewMeeting, key)
    known = [
        each
        for each in repository.records(work.connection, Decision)
        if unit in {None, each.unit}
    ]
    former = max(
        (
            other
            for other in repository.records(work.connection, ReviewMeeting)
            if other.state in {ReviewMeetingState.HELD, ReviewMeetingState.CLOSED}
            and (other.held_on, other.key) < (held.held_on, held.key)
        ),
        key=lambda other: (other.held_on, other.key),
        default=None,
    )
    since = date.min if former is None else former.held_on
    return ReviewPack(
        meeting=held,
        former="" if former is None else former.key,
        units=units_now(work, unit),
        open=tuple(
            sorted(
                (each for each in known if each.state not in DECISION.ends),
                key=lambda each: (each.due, each.key),
            )
        ),
        ended=tuple(
            each
            for each in known
            if each.ended_on is not None and each.ended_on >= since
        ),
    )


@act(Duty.CONFIRM)
def call(work: Work, held_on: date, chair: str, *, by: Actor = ACTING) -> ReviewMeeting:
    """Call a review meeting for today or a coming day (F3).

    Raises:
        InputRefused: for a day that is over, or a chair that is no post.
        StepRefused: if the actor is not of the office.

    """
    if held_on < work.today:
        raise InputRefused(ReviewCode.DAY_PAST, day=held_on, earliest=work.today)
    key = next_key(work, StreamKind.REVIEW_MEETING, held_on.year)
    new = ReviewMeeting(
        key=StreamKind.REVIEW_MEETING.key(key),
        held_on=held_on,
        chair=_posts(work, [chair])[0],
        state=ReviewMeetingState.CALLED,
        called_by=by.id,
    )
    step = ReviewMeetingStep.CALL
    return keep_record(work, step, new, None, acting_as(work, by))


@act(Duty.CONFIRM)
def hold(
    work: Work,
    key: Annotated[str, Argument.REVIEW_MEETING],
    participants: Sequence[str],
    *,
    chair: str | None = None,
    held_on: date | None = None,
    by: Actor = ACTING,
) -> ReviewMeeting:
    """Record that a review meeting is held, who chairs it and who attends (F3).

    Another post may chair than was planned, on a later day: today by default.

    Raises:
        InputRefused: before its day or for a coming one, for nobody, or for a person
            who is no post.
        NotFound: if there is no such meeting: it is called before it is held.
        StepRefused: if the actor is not of the office, or it is held already.

    """
    old = _in_state(work, key, ReviewMeetingStep.HOLD)
    day = held_on or work.today
    if not old.held_on <= day <= work.today:
        raise InputRefused(ReviewCode.NOT_YET, day=old.held_on, today=work.today)
    if not participants:
        raise InputRefused(ReviewCode.NOBODY_THERE)
    present = _posts(work, [chair or old.chair, *participants])
    return _step(
        work,
        ReviewMeetingStep.HOLD,
        old,
        by,
        held_on=day,
        chair=present[0],
        participants=tuple(dict.fromkeys(present)),
    )


@act(Duty.CONFIRM, Duty.REPORT)
def attach(
    work: Work,
    key: Annotated[str, Argument.REVIEW_MEETING],
    name: Annotated[str, Argument.FILE_NAME],
    content: bytes,
    *,
    by: Actor = ACTING,
) -> Attachment:
    """Attach the minutes of a held review meeting (F3).

    Raises:
        InputRefused: for an empty or too large file, or an unfit name.
        NotFound: if there is no such meeting.
        StepRefused: if the meeting is not held, or is closed.
        StoreRefused: if there is no folder for attachments, or it can't be written.

    """
    for duty in (Duty.CONFIRM, Duty.REPORT):
        work.duty(by, duty)
    lacking = is_of_the_office(None, acting_as(work, by), Evidence())
    if lacking:
        raise StepRefused(lacking)
    held = _in_state(work, key, ReviewMeetingStep.CLOSE)
    return keep_file(work, held.key, name, content, by, None)


@act(Duty.CONFIRM)
def conclude(
    work: Work,
    key: Annotated[str, Argument.REVIEW_MEETING],
    *,
    by: Actor = ACTING,
) -> ReviewMeeting:
    """Close a review meeting that has its minutes; its decisions are followed (F3).

    Raises:
        NotFound: if there is no such meeting.
        StepRefused: if the actor is not of the office, it is not held, or it has no
            minutes.

    """
    old = _in_state(work, key, ReviewMeetingStep.CLOSE)
    minutes = [file.digest for file in attachments_of(work.connection, old.key)]
    if not minutes:
        raise StepRefused(ReviewCode.MINUTES_MISSING, meeting=old.key)
    return _step(work, ReviewMeetingStep.CLOSE, old, by, minutes=tuple(minutes))


@act(Duty.CONFIRM)
def call_off(
    work: Work,
    key: Annotated[str, Argument.REVIEW_MEETING],
    reason: str,
    *,
    by: Actor = ACTING,
) -> ReviewMeeting:
    """Call off a review meeting that was not held, with the reason (F3).

    Raises:
        NotFound: if there is no such meeting.
        StepRefused: if the actor is not of the office, or it was held.
        InputRefused: for an empty reason.

    """
    old = _in_state(work, key, ReviewMeetingStep.CALL_OFF)
    said = required(reason, Argument.REASON, longest=1000, lines=True)
    return _step(work, ReviewMeetingStep.CALL_OFF, old, by, reason=said)


def _posts(work: Work, written: Sequence[str]) -> list[str]:
    """Return the ids of posts.

    Raises:
        InputRefused: for what is no post.

    """
    posts = {post.id for post in work.rulebook.organization.people}
    for person in written:
        if person not in posts:  # an event names posts, never a person
            given = showable(person)
            raise InputRefused(ReviewCode.OWNER_UNKNOWN, given=given)
    return list(written)


def _in_state(work: Work, key: str, step: ReviewMeetingStep) -> ReviewMeeting:
    """Return a review meeting whose state has a step.

    Raises:
        NotFound: if there is no such meeting.
        StepRefused: if its state doesn't have it.

    """
    known = record_of(work, ReviewMeeting, key)
    require_road(REVIEW_MEETING, known.state, step, known.key)
    return known


def _step(
    work: Work, step: ReviewMeetingStep, old: ReviewMeeting, by: Actor, **changes: Any
) -> ReviewMeeting:
    """Take a step with a review meeting."""
    new = replace(old, **changes)
    return keep_record(work, step, new, old, acting_as(work, by))
