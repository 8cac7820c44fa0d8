"""The follow-up of a bad rating: answer, verification, objection (D3)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import RatingCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    FollowUpState,
    FollowUpStep,
    Misrating,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, step_record
from huimin_flow.flow.core.work import Work, moved
from huimin_flow.flow.services.deadlines import verified
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.evidence import RatedEvidence
from huimin_flow.model.services.ratings import FollowUp, Rating
from huimin_flow.rules.services import follow_ups as rules
from huimin_flow.states.guards import is_impartial, is_of_the_unit
from huimin_flow.states.machine import require_road
from huimin_flow.states.records import FOLLOW_UP
from huimin_flow.store.core import repository
from huimin_flow.store.services import follow_ups as store


@act(Duty.REPORT)
def answer_rating(
    work: Work,
    transaction: str,
    answer: str,
    *,
    by: Actor = ACTING,
    called_back_on: date | None = None,
    version: int | None = None,
) -> FollowUp:
    """Answer a bad rating with what was done, and the day of a call-back.

    Raises:
        StepRefused: if it is not bad, is in another state, or is another unit's.
        InputRefused: for an empty answer or an impossible day of the call-back.

    """
    rating, old = _load(work, transaction, version)
    _require_duty(work, rating, by, Duty.REPORT)
    called = None if called_back_on is None else work.happened(called_back_on)
    if called is not None and not rating.who:
        raise InputRefused(RatingCode.ANONYMOUS, transaction=transaction)
    if called is not None and called < (rated := local_day(rating.at)):
        code = RatingCode.CALLED_BEFORE_RATED
        raise InputRefused(code, day=called, rated=rated)
    return _step(
        work,
        FollowUpStep.ANSWER,
        old,
        by,
        answer=required(answer, Argument.ANSWER, lines=True),
        answered_by=by.id,
        called_back_on=called or old.called_back_on,
    )


@act(Duty.CONFIRM)
def verify_answer(
    work: Work,
    transaction: str,
    finding: str,
    *,
    accept: bool,
    by: Actor = ACTING,
    version: int | None = None,
) -> FollowUp:
    """Verify an answer, or return it; another person than the answerer does it.

    Raises:
        StepRefused: if it isn't answered, or a named rating wasn't called back.

    """
    rating, old = _load(work, transaction, version)
    _require_duty(work, rating, by, Duty.CONFIRM)
    step = FollowUpStep.VERIFY if accept else FollowUpStep.RETURN
    require_road(FOLLOW_UP, old.state, step, old.key)
    work.different(by.id, old.answered_by)
    rule = work.rulebook.services.follow_up
    lacks = rules.callback_lacks(
        rating, old.called_back_on, verified(work, rating), rule
    )
    if accept and lacks:
        raise StepRefused(RatingCode.CALLBACK_MISSING, given=transaction)
    text = required(finding, Argument.FINDING, lines=True)
    return _step(work, step, old, by, finding=text)


@act(Duty.REPORT)
def object_to_rating(
    work: Work,
    transaction: str,
    ground: Misrating,
    grounds: Annotated[str, Argument.OBJECTION],
    *,
    by: Actor = ACTING,
    version: int | None = None,
) -> FollowUp:
    """Object once to a mistaken or malicious rating, 误评、恶意差评.

    Raises:
        StepRefused: if an objection was settled already, or may not be made.

    """
    rating, old = _load(work, transaction, version)
    _require_duty(work, rating, by, Duty.REPORT)
    if old.settled:
        raise StepRefused(RatingCode.SETTLED_ALREADY)
    kept = required(grounds, Argument.OBJECTION, lines=True)
    step = FollowUpStep.OBJECT
    return _step(work, step, old, by, ground=ground, grounds=kept, objected_by=by.id)


@act(Duty.CONFIRM)
def settle_objection(
    work: Work,
    transaction: str,
    finding: str,
    *,
    by: Actor = ACTING,
    second: Actor | None = None,
    set_aside: bool,
    version: int | None = None,
) -> FollowUp:
    """Uphold a bad rating, or set it aside by two people of the office.

    Where the office itself was rated, people of other units decide.

    Raises:
        StepRefused: if it isn't under objection, or the people may not.

    """
    _, old = _load(work, transaction, version)
    step = FollowUpStep.SET_ASIDE if set_aside else FollowUpStep.UPHOLD
    require_road(FOLLOW_UP, old.state, step, old.key)
    if second is not None:
        work.different(by.id, second.id)
    return _step(
        work,
        step,
        old,
        by,
        second,
        finding=required(finding, Argument.FINDING, lines=True),
        confirmed_by="" if second is None else second.id,
        settled=True,
    )


def may_set_aside(work: Work, transaction: str, finding: str, *, by: Actor) -> None:
    """Refuse a proposal to set a bad rating aside that could never be confirmed.

    Raises:
        NotFound: for a transaction that nobody rated.
        StepRefused: if it isn't under objection, or the actor may not judge it.
        InputRefused: if the finding is empty.

    """
    rating, old = _load(work, transaction, None)
    require_road(FOLLOW_UP, old.state, FollowUpStep.SET_ASIDE, old.key)
    evidence = RatedEvidence(rated=rating.unit)
    if reasons := is_impartial(old, acting_as(work, by), evidence):
        raise StepRefused(reasons)
    required(finding, Argument.FINDING, lines=True)


def _load(work: Work, transaction: str, version: int | None) -> tuple[Rating, FollowUp]:
    """Return a bad rating and its follow-up, version 0 before the first act."""
    rating = store.rating(work.connection, transaction)
    if rating is None:
        raise NotFound(RatingCode.NO_RATING, transaction=transaction)
    if not rating.level.bad:
        raise StepRefused(RatingCode.NOT_BAD, given=transaction)
    key = StreamKind.FOLLOW_UP.key(transaction)
    old = repository.find_record(work.connection, FollowUp, key) or FollowUp(
        key=key,
        transaction=transaction,
        unit=rating.unit,
        state=FollowUpState.PENDING,
        since=local_day(rating.at),
        version=0,
    )
    if version is not None and version != old.version:
        raise moved(key, version, old.version)
    return rating, old


def _require_duty(work: Work, rating: Rating, by: Actor, duty: Duty) -> None:
    """Refuse an actor without the duty, or of neither the rated unit nor the office."""
    work.duty(by, duty, by.unit)
    evidence = RatedEvidence(rated=rating.unit)
    if reasons := is_of_the_unit(None, acting_as(work, by), evidence):
        raise StepRefused(reasons)


def _step(
    work: Work,
    step: FollowUpStep,
    old: FollowUp,
    by: Actor,
    second: Actor | None = None,
    **changes: object,
) -> FollowUp:
    return step_record(
        work,
        step,
        old,
        by=by,
        second=second,
        evidence=RatedEvidence(rated=old.unit),
        unit=by.unit,
        about=old.unit,
        since=work.today,
        **changes,
    )
