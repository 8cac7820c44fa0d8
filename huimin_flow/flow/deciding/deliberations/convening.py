"""Deliberations, 专题论证会议: convened, changed, held, or called off (B1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from huimin_flow.catalogue.reasons import Code, DecisionCode, MeetingCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    MeetingState,
    RecordStep,
    State,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key, step_record
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.deliberations.minutes import (
    held_at,
    open_meeting_on,
    require_step,
)
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required, showable
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.rules.deciding import meetings as rules
from huimin_flow.store.core import history, repository


@act(Duty.DELIBERATE)
def convene(
    work: Work,
    *,
    held_on: date,
    chair: str,
    agenda: Sequence[str] = (),
    by: Actor = ACTING,
) -> Deliberation:
    """Convene a deliberation, 专题论证会议, for a coming day (B1).

    Its agenda may be changed until it is held.

    Raises:
        InputRefused: for a day that is over or too far away, or an item twice.
        NotFound: if an item of the agenda doesn't exist.
        StepRefused: if the chair may not chair, or an item is not screened or is on
            the agenda of another open meeting.

    """
    work.duty(by, Duty.DELIBERATE)
    new = Deliberation(
        key=StreamKind.DELIBERATION.key(
            next_key(work, StreamKind.DELIBERATION, held_on.year)
        ),
        held_on=_coming(work, held_on),
        chair=_chair(work, chair),
        agenda=_fit_agenda(work, agenda, held_on),
    )
    return keep_record(work, RecordStep.CONVENE, new, None, acting_as(work, by))


@act(Duty.DELIBERATE)
def deliberate(
    work: Work,
    *,
    held_on: date | None = None,
    chair: str,
    participants: Sequence[str],
    agenda: Sequence[str],
    minutes: str = "",
    prevented: Sequence[str] = (),
    by: Actor = ACTING,
) -> Deliberation:
    """Record a deliberation that takes place without having been convened (B1).

    ``held_on`` is today by default.

    Raises:
        InputRefused: for a day in the future or before the database began, an empty
            agenda, an item twice, or a person who is no post of the organization.
        NotFound: if an item of the agenda doesn't exist.
        StepRefused: if the chair may not chair, too few count for the quorum, or an
            item is not screened or is on the agenda of another open meeting.

    """
    work.duty(by, Duty.DELIBERATE)
    day, text = _past(work, held_on), _minutes(minutes)
    new = Deliberation(
        key=StreamKind.DELIBERATION.key(
            next_key(work, StreamKind.DELIBERATION, day.year)
        ),
        held_on=day,
        chair=chair,
        participants=_present(work, chair, participants, prevented),
        prevented=tuple(prevented),
        agenda=_fit_agenda(work, agenda, day),
        minutes=text,
    )
    if not new.agenda:
        raise InputRefused(MeetingCode.AGENDA_EMPTY)
    acting = acting_as(work, by)
    return keep_record(work, RecordStep.HOLD, new, None, acting, occurred_on=day)


@act(Duty.DELIBERATE)
def begin(
    work: Work,
    key: Annotated[str, Argument.DELIBERATION],
    *,
    participants: Sequence[str],
    prevented: Sequence[str] = (),
    chair: str | None = None,
    by: Actor = ACTING,
) -> Deliberation:
    """Record that a convened deliberation is held, and who is there (B1).

    Another post may chair it than was planned.

    Raises:
        InputRefused: before its day, or for a person who is no post.
        NotFound: if there is no such deliberation.
        StepRefused: if the chair may not chair, too few count for the quorum, or an
            item of the agenda is not screened any more.

    """
    work.duty(by, Duty.DELIBERATE)
    old = held_at(work, key)
    require_step(old, RecordStep.HOLD)
    if old.held_on > work.today:
        code = MeetingCode.NOT_YET
        raise InputRefused(code, day=old.held_on, today=work.today)
    leads = chair or old.chair
    present = _present(work, leads, participants, prevented)
    if not _fit_agenda(work, old.agenda, old.held_on, old.key):
        raise InputRefused(MeetingCode.AGENDA_EMPTY)
    return step_record(
        work,
        RecordStep.HOLD,
        old,
        by=by,
        chair=leads,
        participants=present,
        prevented=tuple(prevented),
    )


@act(Duty.DELIBERATE)
def amend(
    work: Work,
    key: Annotated[str, Argument.DELIBERATION],
    *,
    held_on: date | None = None,
    chair: str | None = None,
    participants: Sequence[str] | None = None,
    prevented: Sequence[str] | None = None,
    agenda: Sequence[str] | None = None,
    minutes: str | None = None,
    by: Actor = ACTING,
) -> Deliberation:
    """Change a convened deliberation, or correct who was at a held one (B1).

    Before it is held, its day, chair and agenda may be changed: ``agenda`` is the
    whole new agenda in its order. Afterwards chair, participants and minutes may be
    corrected; what was judged there stands.

    Raises:
        InputRefused: for a part that is fixed or not there yet, or as ``convene``.
        NotFound: if there is no such deliberation, or no such item.
        StepRefused: as ``convene`` and ``begin``.

    """
    work.duty(by, Duty.DELIBERATE)
    old = held_at(work, key)
    require_step(old, RecordStep.AMEND)
    if old.state is MeetingState.CONVENED:
        if (participants, prevented, minutes) != (None, None, None):
            raise InputRefused(MeetingCode.NOT_BEFORE_HELD)
        day = old.held_on if held_on is None else _coming(work, held_on)
        items = old.agenda if agenda is None else agenda
        return step_record(
            work,
            RecordStep.AMEND,
            old,
            by=by,
            held_on=day,
            chair=_chair(work, chair or old.chair),
            agenda=_fit_agenda(work, items, day, old.key),
        )
    if held_on is not None or agenda is not None:
        raise InputRefused(MeetingCode.FIXED_ONCE_HELD)
    leads = chair or old.chair
    others = old.participants[1:] if participants is None else participants
    absent = old.prevented if prevented is None else prevented
    return step_record(
        work,
        RecordStep.AMEND,
        old,
        by=by,
        chair=leads,
        participants=_present(work, leads, others, absent),
        prevented=tuple(absent),
        minutes=old.minutes
        if minutes is None
        else required(minutes, Argument.MINUTES, lines=True),
    )


@act(Duty.DELIBERATE)
def put(
    work: Work,
    key: Annotated[str, Argument.DELIBERATION],
    item: str,
    *,
    position: int | None = None,
    by: Actor = ACTING,
) -> Deliberation:
    """Put an item on the agenda of a convened deliberation, from position 1 on (B1).

    An item that is on it moves there. Without ``position`` it comes last.

    Raises:
        InputRefused: if the meeting was held, or the agenda has no such position.
        NotFound: if there is no such deliberation or item.
        StepRefused: if the item is not screened, or on another open agenda.

    """
    old = held_at(work, key)
    rest = [other for other in old.agenda if other != item]
    at = len(rest) if position is None else position - 1
    if not 0 <= at <= len(rest):
        last = len(rest) + 1
        raise InputRefused(Code.POSITION_UNFIT, position=position, last=last)
    return amend(work, key, agenda=[*rest[:at], item, *rest[at:]], by=by)


@act(Duty.DELIBERATE)
def take_off(
    work: Work,
    key: Annotated[str, Argument.DELIBERATION],
    item: str,
    *,
    by: Actor = ACTING,
) -> Deliberation:
    """Take an item off the agenda of a convened deliberation (B1).

    Raises:
        InputRefused: if the meeting was held, or the item is not on its agenda.
        NotFound: if there is no such deliberation.

    """
    old = held_at(work, key)
    if item not in old.agenda:
        raise InputRefused(
            MeetingCode.NOT_ON_ITS_AGENDA, item=showable(item), deliberation=key
        )
    rest = [other for other in old.agenda if other != item]
    return amend(work, key, agenda=rest, by=by)


@act(Duty.DELIBERATE)
def call_off(
    work: Work,
    key: Annotated[str, Argument.DELIBERATION],
    reason: str,
    *,
    by: Actor = ACTING,
) -> Deliberation:
    """Call a convened deliberation off, with the reason; its items are free (B1).

    Raises:
        NotFound: if there is no such deliberation.
        StepRefused: if it was held.

    """
    work.duty(by, Duty.DELIBERATE)
    old = held_at(work, key)
    require_step(old, RecordStep.CALL_OFF)
    note = required(reason, Argument.NOTE)
    return step_record(work, RecordStep.CALL_OFF, old, by=by, note=note)


def _minutes(text: str) -> str:
    return required(text, Argument.MINUTES, lines=True) if text else ""


def _chair(work: Work, chair: str) -> str:
    """Return a chair, or refuse who is no post or may not chair."""
    organization = work.rulebook.organization
    if all(post.id != chair for post in organization.people):
        raise InputRefused(DecisionCode.CHAIR_NOT_ENTERED)
    flaws = rules.chair_flaws(chair, work.rulebook.rules.deliberation, organization)
    if flaws:
        raise StepRefused(flaws)
    return chair


def _present(
    work: Work, chair: str, participants: Sequence[str], prevented: Sequence[str]
) -> tuple[str, ...]:
    """Return who is at a meeting, the chair first, or refuse what is no quorum."""
    present = (chair, *(person for person in participants if person != chair))
    book = work.rulebook
    posts = {post.id for post in book.organization.people}
    for place, person in enumerate((*present, *prevented)):
        if person not in posts:  # an event names posts, never a person
            if place == 0:
                raise InputRefused(DecisionCode.CHAIR_NOT_ENTERED)
            raise InputRefused(DecisionCode.PARTICIPANT_NOT_ENTERED, place=place)
        if person in (*present, *prevented)[:place]:
            raise InputRefused(MeetingCode.PERSON_TWICE, person=person)
    _chair(work, chair)
    quorum, rule = book.rules.judging.quorum.value, book.rules.deliberation
    flaws = rules.quorum_flaws(present, quorum, rule, book.organization)
    if flaws:
        raise StepRefused(flaws)
    return present


def _coming(work: Work, day: date) -> date:
    """Return the day for which a meeting is convened, or refuse it."""
    if day < work.today:
        raise InputRefused(MeetingCode.DAY_IS_PAST, day=day)
    days = work.rulebook.rules.deliberation.ahead_days.value
    latest = work.today + timedelta(days=days)
    if day > latest:
        code = MeetingCode.TOO_FAR_AHEAD
        raise InputRefused(code, day=day, days=days, latest=latest)
    return day


def _past(work: Work, day: date | None) -> date:
    """Return the day on which a meeting was held, or refuse it."""
    held_on = work.happened(day, Argument.HELD_ON)
    first = local_day(work.activations[0].since)
    if held_on < first:
        raise InputRefused(MeetingCode.BEFORE_THE_START, day=held_on, first=first)
    return held_on


def _fit_agenda(
    work: Work, agenda: Sequence[str], day: date, own: str = ""
) -> tuple[str, ...]:
    """Return an agenda whose items may be judged on a day; ``own`` is its meeting."""
    for place, number in enumerate(agenda):
        item = repository.item(work.connection, number)
        if number in agenda[:place]:
            raise InputRefused(MeetingCode.AGENDA_TWICE, item=number)
        if item.state is not State.SCREENED:
            code = MeetingCode.AGENDA_NOT_SCREENED
            raise StepRefused(code, item=number, state=item.state)
        other = open_meeting_on(work, number)
        if other is not None and other.key != own:
            raise StepRefused(
                MeetingCode.AGENDA_ELSEWHERE, item=number, deliberation=other.key
            )
        events = history.events_of(work.connection, StreamKind.ITEM.key(number))
        since = max(
            event.occurred_on
            for event in events
            if event.target == State.SCREENED and event.source != event.target
        )
        if since > day:
            code = MeetingCode.BEFORE_SCREENING
            raise InputRefused(code, item=number, since=since, day=day)
    return tuple(agenda)
