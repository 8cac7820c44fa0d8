"""Deliberations, 专题论证会议: their records, and what was judged there (B1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import Argument, Duty, RecordStep, Step, StreamKind
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key, step_record
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required, showable
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.deciding.deliberations import Deliberation, JudgedItem, Meeting
from huimin_flow.rules.deciding import judgment as judging
from huimin_flow.store import listings
from huimin_flow.store.core import history, repository


@act(Duty.DELIBERATE)
def deliberate(
    work: Work,
    *,
    held_on: date,
    chair: str,
    participants: Sequence[str],
    agenda: Sequence[str],
    minutes: str,
    by: Actor = ACTING,
) -> Deliberation:
    """Record a deliberation, 专题论证会议 (B1).

    Raises:
        InputRefused: for a future day, empty minutes, or a chair or participant
            who is no post of the organization.
        NotFound: if an item of the agenda doesn't exist.

    """
    work.duty(by, Duty.DELIBERATE)
    day = work.happened(held_on)
    for number in agenda:
        repository.item(work.connection, number)
    number = next_key(work, StreamKind.DELIBERATION, day.year)
    deliberation = Deliberation(
        key=StreamKind.DELIBERATION.key(number),
        held_on=day,
        chair=chair,
        participants=_present(work, chair, participants),
        agenda=tuple(agenda),
        minutes=required(minutes, Argument.MINUTES, lines=True),
    )
    acting = acting_as(work, by)
    return keep_record(
        work, RecordStep.HOLD, deliberation, None, acting, occurred_on=day
    )


@act(Duty.DELIBERATE)
def amend(
    work: Work,
    key: Annotated[str, Argument.DELIBERATION],
    *,
    chair: str | None = None,
    participants: Sequence[str] | None = None,
    minutes: str | None = None,
    by: Actor = ACTING,
) -> Deliberation:
    """Correct who was at a deliberation, or its minutes; the rest stays (B1).

    What was judged there stands. A wrong day or agenda is a meeting that did not take
    place: record the right one, and judge there.

    Raises:
        InputRefused: for empty minutes, or a chair or participant who is no post.
        NotFound: if there is no such deliberation.

    """
    work.duty(by, Duty.DELIBERATE)
    old = held_at(work, key)
    leads = chair or old.chair
    others = old.participants[1:] if participants is None else participants
    return step_record(
        work,
        RecordStep.AMEND,
        old,
        by=by,
        chair=leads,
        participants=_present(work, leads, others),
        minutes=old.minutes
        if minutes is None
        else required(minutes, Argument.MINUTES, lines=True),
    )


def _present(work: Work, chair: str, participants: Sequence[str]) -> tuple[str, ...]:
    """Return who was at a meeting, the chair first."""
    present = tuple(dict.fromkeys([chair, *participants]))
    posts = {post.id for post in work.rulebook.organization.people}
    for place, person in enumerate(present):
        if person not in posts:  # an event names posts, never a person
            if place == 0:
                raise InputRefused(DecisionCode.CHAIR_NOT_ENTERED)
            raise InputRefused(DecisionCode.PARTICIPANT_NOT_ENTERED, place=place)
    return present


def held_at(work: Work, key: str) -> Deliberation:
    """Return a deliberation, or refuse its key."""
    held = repository.find_record(work.connection, Deliberation, key)
    if held is None:
        raise NotFound(DecisionCode.MEETING_UNKNOWN, deliberation=showable(key))
    return held


@question
def meetings(
    work: Work,
    *,
    item: str | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Deliberation, ...]:
    """Return the deliberations, newest first; ``item`` is on their agenda.

    A page begins after the key ``after``, and not
    with the first ``skip``.
    """
    return listings.records(
        work.connection,
        Deliberation,
        {"agenda": item},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(work: Work, *, item: str | None = None) -> int:
    """Return how many deliberations ``list`` has with the same filter."""
    return listings.count_records(work.connection, Deliberation, {"agenda": item})


@question
def meeting(work: Work, key: Annotated[str, Argument.DELIBERATION]) -> Meeting:
    """Return a deliberation with the answers, reasons and scores of each item.

    Raises:
        NotFound: if there is no such deliberation.

    """
    held = held_at(work, key)
    streams = [StreamKind.ITEM.key(number) for number in held.agenda]
    stored = history.read_streams(work.connection, streams)
    events = (history.event_of(each.header) for each in stored)
    return Meeting(
        deliberation=held,
        judged=tuple(
            JudgedItem(
                item=StreamKind.parse(event.stream)[1],
                step=Step(event.step),
                judgment=judging.judgment_of(verdict.inputs),
                verdict=verdict,
            )
            for event in events
            if event.step in _JUDGED
            and event.public["changes"].get("deliberation") == key
            for verdict in [from_plain(Verdict, event.verdict)]
        ),
    )


#: What a judgment leads to.
_JUDGED = (Step.JUDGE, Step.REJECT, Step.DEFER)
