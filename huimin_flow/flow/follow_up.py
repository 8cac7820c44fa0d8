"""What becomes of a bad rating: answered, verified, or appealed against (D3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huimin_flow.catalogue.reasons import Code, RatingCode
from huimin_flow.catalogue.terms import (
    FollowUpState,
    FollowUpStep,
    Given,
    Misrating,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import (
    InputRefused,
    NotFound,
    StepRefused,
)
from huimin_flow.flow.owed import verified
from huimin_flow.flow.records import keep_record
from huimin_flow.flow.work import Work, moved
from huimin_flow.model.actor import Actor
from huimin_flow.model.rating import FollowUp, Rating
from huimin_flow.model.text import required
from huimin_flow.model.verdict import Reason
from huimin_flow.rules import follow_up as rules
from huimin_flow.states.authority import others
from huimin_flow.states.follow_up import follow
from huimin_flow.store import follow_ups as store
from huimin_flow.store import repository


def answer_rating(
    work: Work,
    transaction: str,
    answer: str,
    *,
    by: Actor,
    called_back_on: date | None = None,
    version: int | None = None,
) -> FollowUp:
    """Answer a bad rating with what was done; a call-back is dated.

    Raises:
        StepRefused: if it isn't bad, stands elsewhere, or is another unit's.
        InputRefused: for an empty answer or an impossible day of the call-back.

    """
    rating, old = _at_hand(work, transaction, version)
    _of_own_unit(work, rating, by, "report")
    called = None if called_back_on is None else work.happened(called_back_on)
    if called is not None and not rating.who:
        raise InputRefused(RatingCode.ANONYMOUS, transaction=transaction)
    if called is not None and called < (rated := local_day(rating.at)):
        code = RatingCode.CALLED_BEFORE_RATED
        raise InputRefused(code, day=called, rated=rated)
    new = replace(
        old,
        answer=required(answer, Given.ANSWER, lines=True),
        answered_by=by.id,
        called_back_on=called or old.called_back_on,
    )
    return _followed(work, new, FollowUpStep.ANSWER, by)


def verify_answer(
    work: Work,
    transaction: str,
    finding: str,
    *,
    accept: bool,
    by: Actor,
    version: int | None = None,
) -> FollowUp:
    """Verify an answer, or return it; never by the one who gave it.

    Raises:
        StepRefused: if it isn't answered, or a named rating wasn't called back.

    """
    rating, old = _at_hand(work, transaction, version)
    _of_own_unit(work, rating, by, "confirm")
    step = FollowUpStep.VERIFY if accept else FollowUpStep.RETURN
    follow(old.state, step)
    work.different(by.id, old.answered_by)
    rule = work.rulebook.services.follow_up
    lacks = rules.callback_lacks(
        rating, old.called_back_on, verified(work, rating), rule
    )
    if accept and lacks:
        values = {"given": transaction}
        code = RatingCode.CALLBACK_MISSING
        raise StepRefused((Reason(code=code, values=dict(values)),))
    kept = required(finding, Given.NOTE, lines=True)
    return _followed(work, replace(old, finding=kept), step, by)


def appeal_rating(
    work: Work,
    transaction: str,
    ground: Misrating,
    grounds: str,
    *,
    by: Actor,
    version: int | None = None,
) -> FollowUp:
    """Appeal once against a mistaken or malicious rating, 误评、恶意差评.

    Raises:
        StepRefused: if an appeal was settled already, or may not be made.

    """
    rating, old = _at_hand(work, transaction, version)
    _of_own_unit(work, rating, by, "report")
    if old.settled:
        raise StepRefused((Reason(code=RatingCode.SETTLED_ALREADY),))
    kept = required(grounds, Given.REASON, lines=True)
    new = replace(old, ground=ground, grounds=kept, appealed_by=by.id)
    return _followed(work, new, FollowUpStep.APPEAL, by)


def settle_appeal(
    work: Work,
    transaction: str,
    finding: str,
    *,
    by: Actor,
    second: Actor | None = None,
    set_aside: bool,
    version: int | None = None,
) -> FollowUp:
    """Uphold a bad rating, or set it aside by two people of the office.

    Where the office itself was rated, people of other units decide.

    Raises:
        StepRefused: if it isn't under appeal, or the people may not.

    """
    rating, old = _at_hand(work, transaction, version)
    step = FollowUpStep.SET_ASIDE if set_aside else FollowUpStep.UPHOLD
    follow(old.state, step)
    if set_aside and second is None:
        raise StepRefused((Reason(code=Code.SECOND_PERSON_NEEDED),))
    judges = [by]
    if second is not None:
        work.different(by.id, second.id)
        judges = [work.entered(by), work.entered(second)]
    for judge in judges:
        _impartial(work, rating, old, judge)
    new = replace(
        old,
        finding=required(finding, Given.FINDING, lines=True),
        confirmed_by="" if second is None else second.id,
        settled=True,
    )
    return _followed(work, new, step, by, second)


def may_set_aside(
    work: Work, transaction: str, finding: str, *, by: Actor, version: int | None = None
) -> None:
    """Refuse to ask for what could never be confirmed: a bad rating set aside.

    Raises:
        NotFound: for a transaction that nobody rated.
        StepRefused: if it isn't under appeal, or the actor may not judge it.
        InputRefused: without a finding.

    """
    rating, old = _at_hand(work, transaction, version)
    follow(old.state, FollowUpStep.SET_ASIDE)
    _impartial(work, rating, old, work.entered(by))
    required(finding, Given.FINDING, lines=True)


def _at_hand(
    work: Work, transaction: str, version: int | None
) -> tuple[Rating, FollowUp]:
    """Return a bad rating and its follow-up, version 0 before the first act."""
    rating = store.rating(work.connection, transaction)
    if rating is None:
        raise NotFound(RatingCode.NO_RATING, transaction=transaction)
    if not rating.level.bad:
        values = {"given": transaction}
        raise StepRefused((Reason(code=RatingCode.NOT_BAD, values=dict(values)),))
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


def _of_own_unit(work: Work, rating: Rating, by: Actor, duty: str) -> None:
    work.duty_for(by, duty, by.unit)
    organization = work.rulebook.organization
    if not {rating.unit, organization.office} & work.units_of(by):
        raise StepRefused((others(rating.unit, organization),))


def _impartial(work: Work, rating: Rating, old: FollowUp, judge: Actor) -> None:
    """Refuse a judge of the rated unit, and of another that isn't the office."""
    # Where the office was rated, heads of other units judge by their own duty.
    work.duty_for(judge, "confirm", judge.unit)
    organization = work.rulebook.organization
    if rating.unit in work.units_of(judge) or judge.id == old.appealed_by:
        name = organization.name_of(rating.unit)
        values = {"unit": rating.unit, "unit_name": name}
        raise StepRefused((Reason(code=RatingCode.OWN_CASE, values=dict(values)),))
    if organization.office not in {judge.unit, rating.unit}:
        raise StepRefused((others(rating.unit, organization),))


def _followed(
    work: Work,
    new: FollowUp,
    step: FollowUpStep,
    by: Actor,
    second: Actor | None = None,
) -> FollowUp:
    source = new.state
    new = replace(
        new,
        state=follow(source, step),
        since=work.today,
        version=new.version + 1,
    )
    keep_record(
        work,
        new.key,
        step.value,
        new,
        by=by,
        second=second,
        version=new.version,
        about=new.unit,
        source=source.value,
        target=new.state.value,
    )
    return new
