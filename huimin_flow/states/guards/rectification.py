"""Guards of rectifications (D2, F3)."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import Reasons, RectificationCode
from huimin_flow.catalogue.terms import Duty, Role, State
from huimin_flow.model.evidence import (
    Acting,
)
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.record_evidence import (
    RectifiedEvidence,
)
from huimin_flow.states.authority import may_do
from huimin_flow.states.guards.core import (
    entitled,
    require_another,
    require_passed,
    why_not,
)

#: The rule that decides what an acceptance needs.
RULE = "rectifying"

#: The states of items whose measure runs or has run.
RAN = frozenset({State.ASSIGNED, State.EXECUTED, State.EVALUATED, State.ADJUSTED})
_ENDED = frozenset({State.CLOSED, State.REJECTED, State.MERGED})


def may_open(subject: object, by: Acting, evidence: RectifiedEvidence) -> Reasons:
    """Require an actor of the office, or the timetable for an entry of a bad board."""
    if evidence.listed and not entitled(Duty.TIMETABLE, by):
        return ()
    if lacking := entitled(Duty.CONFIRM, by):
        return lacking
    organization = by.organization
    if organization.office in organization.acts_for(by.actor.unit, by.day):
        return ()
    name = organization.name_of(by.actor.unit)
    return why_not(RectificationCode.NOT_THE_OFFICE, Role.OFFICE, unit_name=name)


def is_to_put_right(subject: None, by: Acting, evidence: RectifiedEvidence) -> Reasons:
    """Require a measure that runs or ran, a cause, and no other open rectification.

    A closed item keeps its entry on the bad board, and is put right like any other.
    """
    item = evidence.item
    closed = item.state is State.CLOSED and evidence.listed
    if item.state in _ENDED and not closed:
        code, state = RectificationCode.ITEM_ENDED, item.status
        return why_not(code, item=item.number, state=state)
    if item.state not in RAN and not closed:
        return why_not(RectificationCode.ITEM_NOT_RUN, item=item.number)
    if evidence.open is not None:
        code = RectificationCode.OPEN_ALREADY
        return why_not(code, item=item.number, key=evidence.open)
    if not evidence.caused:
        return why_not(RectificationCode.NO_CAUSE, item=item.number)
    return ()


def is_judged_by_others(
    subject: Rectification, by: Acting, evidence: RectifiedEvidence
) -> Reasons:
    """Require a judge outside the unit who did not submit it.

    It is one of the office; for the office's own, one of another unit.
    """
    organization, judge = by.organization, by.actor
    units = {subject.unit, evidence.item.unit}
    own = organization.acts_for(judge.unit, by.day)
    if own & units:
        name = organization.name_of(judge.unit)
        return why_not(RectificationCode.OWN_CASE, Role.SUPERVISION, unit_name=name)
    lacking = may_do(judge, Duty.CONFIRM, organization, unit=judge.unit, day=by.day)
    if lacking:
        return lacking
    if organization.office not in own | units:
        name = organization.name_of(judge.unit)
        return why_not(RectificationCode.NOT_A_JUDGE, Role.OFFICE, unit_name=name)
    return require_another(by, subject.submitted_by)


def is_measured_and_heard(
    subject: Rectification, by: Acting, evidence: RectifiedEvidence
) -> Reasons:
    """Require figures and the word of citizens since it began."""
    return require_passed(evidence, RULE)


def is_addressed(
    subject: Rectification, by: Acting, evidence: RectifiedEvidence
) -> Reasons:
    """Require a post that an unacknowledged rung concerns, or its deputy."""
    waiting = [rung.to for rung in subject.rungs if rung.acknowledged_on is None]
    own = posts_of(by)
    if any(own.intersection(to) for to in waiting):
        return ()
    to = waiting[-1] if waiting else subject.rungs[-1].to if subject.rungs else ()
    return why_not(RectificationCode.NOT_ADDRESSED, key=subject.key, to=to)


def posts_of(by: Acting) -> frozenset[str]:
    """Return the post of an actor, and those for which they are the deputy."""
    person = by.actor.id
    deputies = by.organization.deputies
    absent = {d.post for d in deputies if d.deputy == person and d.acts_on(by.day)}
    return frozenset({person, *absent})
