"""Bad ratings: what is done about each until it is settled (D3)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import RatingCode
from huimin_flow.catalogue.terms import (
    Argument,
    DoubtCause,
    Duty,
    Failing,
    FollowUpState,
    FollowUpStep,
    Misrating,
    RatingLevel,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, step_record
from huimin_flow.flow.core.items import put_in_doubt
from huimin_flow.flow.core.work import Work, moved
from huimin_flow.flow.executing.surveys import rests_on_rating
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import month_bounds
from huimin_flow.model.core.texts import required
from huimin_flow.model.core.values import Share
from huimin_flow.model.evidence import RatedEvidence
from huimin_flow.model.services.ratings import (
    FollowUp,
    Rating,
)
from huimin_flow.rules.services import follow_ups as rules
from huimin_flow.states.guards.records import is_impartial, is_of_the_unit
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
    failing: Annotated[Failing | None, Argument.FAILING] = None,
    improved: Annotated[str | None, Argument.IMPROVED] = None,
    again: Annotated[RatingLevel | None, Argument.AGAIN] = None,
    version: int | None = None,
) -> FollowUp:
    """Answer a bad rating with what was done, and the day of a call-back.

    ``failing`` says what it was about, ``improved`` what is better now, and ``again``
    how the citizen rates that in the call-back.

    Raises:
        StepRefused: if it is not bad, is in another state, or is another unit's.
        InputRefused: for an empty answer or an impossible day of the call-back.

    """
    rating, old = _load_own(work, transaction, version, by, Duty.REPORT)
    called = None
    if called_back_on is not None:
        called = work.happened(called_back_on, Argument.CALLED_BACK_ON)
    if called is not None and not rating.who:
        raise InputRefused(RatingCode.ANONYMOUS, transaction=transaction)
    if called is not None and called < (rated := local_day(rating.at)):
        code = RatingCode.CALLED_BEFORE_RATED
        raise InputRefused(code, day=called, rated=rated)
    if again is not None and (called or old.called_back_on) is None:
        raise InputRefused(RatingCode.NOT_CALLED_BACK, transaction=transaction)
    return _step(
        work,
        FollowUpStep.ANSWER,
        old,
        by,
        answer=required(answer, Argument.ANSWER, lines=True),
        answered_by=by.id,
        called_back_on=called or old.called_back_on,
        failing=failing or old.failing,
        improved=old.improved
        if improved is None
        else required(improved, Argument.IMPROVED, longest=2000, lines=True),
        again=again or old.again,
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
    rating, old = _load_own(work, transaction, version, by, Duty.CONFIRM)
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
    _, old = _load_own(work, transaction, version, by, Duty.REPORT)
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
    rating, old = _load(work, transaction, version)
    step = FollowUpStep.SET_ASIDE if set_aside else FollowUpStep.UPHOLD
    require_road(FOLLOW_UP, old.state, step, old.key)
    if second is not None:
        work.different(by.id, second.id)
    settled = _step(
        work,
        step,
        old,
        by,
        second,
        finding=required(finding, Argument.FINDING, lines=True),
        confirmed_by="" if second is None else second.id,
        settled=True,
    )
    if set_aside:
        rests = rests_on_rating(work, rating)
        put_in_doubt(work, rests, DoubtCause.RATINGS, by=by)
    return settled


def may_set_aside(work: Work, transaction: str, finding: str, *, by: Actor) -> None:
    """Refuse a proposal to set a bad rating aside that could never be confirmed.

    Raises:
        NotFound: for a transaction that nobody rated.
        StepRefused: if it isn't under objection, or the actor may not judge it.
        InputRefused: if the finding is empty.

    """
    _, old = _load(work, transaction, None)
    require_road(FOLLOW_UP, old.state, FollowUpStep.SET_ASIDE, old.key)
    evidence = RatedEvidence(rated=old.unit)
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
    old = repository.find_record(work.connection, FollowUp, key) or pending(rating)
    if version is not None and version != old.version:
        raise moved(key, version, old.version)
    return rating, old


def pending(rating: Rating) -> FollowUp:
    """Return the follow-up of a bad rating before its first act."""
    return FollowUp(
        key=StreamKind.FOLLOW_UP.key(rating.transaction),
        transaction=rating.transaction,
        unit=rating.unit,
        state=FollowUpState.PENDING,
        since=local_day(rating.at),
        version=0,
    )


def _load_own(
    work: Work, transaction: str, version: int | None, by: Actor, duty: Duty
) -> tuple[Rating, FollowUp]:
    """Load for an actor of the rated unit or the office, who has a duty."""
    rating, old = _load(work, transaction, version)
    work.duty(by, duty, by.unit)
    evidence = RatedEvidence(rated=old.unit)
    if reasons := is_of_the_unit(None, acting_as(work, by), evidence):
        raise StepRefused(reasons)
    return rating, old


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


def verified(work: Work, rating: Rating) -> Share:
    """Return how many of the unit's verified ratings of that month were called back."""
    first, after = month_bounds(f"{local_day(rating.at):%Y-%m}")
    named = store.named_follow_ups(work.connection, rating.unit, first, after)
    done = [each for each in named if each.state is FollowUpState.VERIFIED]
    called = sum(each.called_back_on is not None for each in done)
    return Share(part=called, whole=len(done))
