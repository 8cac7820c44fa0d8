"""Guards of records: each takes the record, None before the first event."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import (
    Code,
    LedgerCode,
    RatingCode,
    Reasons,
    ReviewCode,
)
from huimin_flow.catalogue.terms import (
    Area,
    AssessmentState,
    Duty,
    Fact,
    RecordStep,
    Role,
    State,
    Step,
    StreamKind,
)
from huimin_flow.model.core.organization import FOUNDER
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.deciding.assessments import Assessment
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.model.deciding.ledgers import Response
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.evidence import (
    Acting,
    Evidence,
    ExcuseEvidence,
    OpinionEvidence,
    ProposalEvidence,
    RatedEvidence,
    RequestEvidence,
    ResponseEvidence,
    RevisionEvidence,
)
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.states.authority import authorize, may_do, others
from huimin_flow.states.guards.core import (
    entitled,
    lacking,
    require_another,
    require_passed,
    why_not,
)


def may_draw_up(subject: object, by: Acting, evidence: Evidence) -> Reasons:
    """Require the duty of the timetable, or the right to screen."""
    if not entitled(Duty.TIMETABLE, by):
        return ()
    unit, organization = by.actor.unit, by.organization
    return authorize(
        by.actor, Step.SCREEN, unit, Area.GENERAL, organization, day=by.day
    )


def may_deliver(subject: object, by: Acting, evidence: Evidence) -> Reasons:
    """Require the duty to import for the feed's unit, or that of the timetable."""
    return entitled(Duty.IMPORT, by) if entitled(Duty.TIMETABLE, by) else ()


def responds_for_their_unit(
    subject: Response | None, by: Acting, evidence: ResponseEvidence
) -> Reasons:
    """Require the right to respond for the unit that is asked."""
    unit, area = evidence.unit, evidence.demand.area
    organization = by.organization
    return authorize(by.actor, Step.RESPOND, unit, area, organization, day=by.day)


def was_asked(
    subject: Response | None, by: Acting, evidence: ResponseEvidence
) -> Reasons:
    """Require that the demand is put to the unit."""
    if evidence.asked:
        return ()
    name = by.organization.name_of(evidence.unit)
    return why_not(LedgerCode.NOT_ASKED, item=evidence.demand.number, unit=name)


def reconsiders_with_reason(
    subject: Response | None, by: Acting, evidence: ResponseEvidence
) -> Reasons:
    """Require a reason to take up what was declined."""
    return () if evidence.explanation else lacking(Fact.EXPLANATION, None)


def has_none_under_way(subject: None, by: Acting, evidence: RequestEvidence) -> Reasons:
    """Require that the last assessment of the kind, if any, was accepted."""
    before = evidence.before
    over = {AssessmentState.ACCEPTED, AssessmentState.CLEARED}
    if before is None or before.state in over:
        return ()
    return why_not(
        Code.NOT_SO_FAR,
        stream=before.key,
        state=before.state,
        step=RecordStep.REQUEST,
        needed=AssessmentState.ACCEPTED,
    )


def is_independent(subject: None, by: Acting, evidence: RequestEvidence) -> Reasons:
    """Require an assessor that is not bound to the item (D4)."""
    return require_passed(evidence, "independence")


def may_attach(subject: None, by: Acting, evidence: Evidence) -> Reasons:
    """Require the duty to report, or that of spot checks."""
    lacking = entitled(Duty.REPORT, by)
    return lacking and entitled(Duty.SPOT_CHECK, by) and lacking


def is_at_risk(subject: Assessment, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of a finding with a high risk."""
    return subject.high_risk


def is_safe(subject: Assessment, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of a finding without a high risk."""
    return not subject.high_risk


def is_not_treated_by_them(
    subject: Assessment, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person has recorded the treatment."""
    return require_another(by, subject.treated_by)


def has_the_task_to_do(subject: None, by: Acting, evidence: ExcuseEvidence) -> Reasons:
    """Require that the item is assigned, and has the excused task."""
    item = evidence.item
    if item.state is not State.ASSIGNED:
        return why_not(
            Code.NOT_SO_FAR,
            stream=StreamKind.ITEM.key(item.number),
            state=item.state,
            step=RecordStep.EXCUSE,
            needed=State.ASSIGNED,
        )
    tasks = () if item.plan is None else item.plan.tasks
    known = any(task.key == evidence.task for task in tasks)
    return () if known else lacking(Fact.TASK, Role.OPERATOR)


def may_judge_the_item(
    subject: Deliberation, by: Acting, evidence: OpinionEvidence
) -> Reasons:
    """Require the right to judge the item on which the meeting decides."""
    item, organization = evidence.item, by.organization
    return authorize(
        by.actor, Step.JUDGE, item.unit, item.area, organization, day=by.day
    )


def follows_an_item(
    subject: Edition, by: Acting, evidence: RevisionEvidence
) -> Reasons:
    """Require that an item of the list takes a step in the same act.

    That step has authorized the actor.
    """
    if any(place.item in evidence.items for place in subject.places):
        return ()
    return lacking(Fact.ITEM_STEP, None)


def was_published(subject: Edition, by: Acting, evidence: Evidence) -> Reasons:
    """Require an edition before the draft: there is one to go back to."""
    if subject.edition > 1:
        return ()
    return why_not(Code.NEVER_PUBLISHED, key=subject.key)


def is_the_founder(subject: object, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of the founder, who adds the first accounts."""
    return by.actor == FOUNDER


def is_not_submitted_by_them(
    subject: Assessment, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person has submitted the finding."""
    return require_another(by, subject.submitted_by)


def is_not_answered_by_them(
    subject: FollowUp, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person has answered."""
    return require_another(by, subject.answered_by)


def is_not_proposed_by_them(
    subject: Proposal, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person has proposed the act."""
    return require_another(by, subject.by)


def is_of_the_unit(
    subject: FollowUp | None, by: Acting, evidence: RatedEvidence
) -> Reasons:
    """Require an actor of the rated unit, or of the office."""
    organization = by.organization
    own = organization.acts_for(by.actor.unit, by.day)
    if own & {evidence.rated, organization.office}:
        return ()
    return (others(evidence.rated, organization),)


def is_impartial(subject: FollowUp, by: Acting, evidence: RatedEvidence) -> Reasons:
    """Require judges of the office; if it was rated itself, judges of other units."""
    organization = by.organization
    for judge in filter(None, (by.actor, by.second)):
        lacking = may_do(judge, Duty.CONFIRM, organization, unit=judge.unit, day=by.day)
        if lacking:
            return lacking
        own = organization.acts_for(judge.unit, by.day)
        if evidence.rated in own or judge.id == subject.objected_by:
            name = organization.name_of(evidence.rated)
            return why_not(RatingCode.OWN_CASE, unit=evidence.rated, unit_name=name)
        if organization.office not in {judge.unit, evidence.rated}:
            return (others(evidence.rated, organization),)
    return ()


def was_not_settled(
    subject: FollowUp | None, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that no objection to the rating was settled before."""
    settled = subject is not None and subject.settled
    return why_not(RatingCode.SETTLED_ALREADY) if settled else ()


def may_ask_for_it(
    subject: Proposal | None, by: Acting, evidence: ProposalEvidence
) -> Reasons:
    """Require the duty for the act, or a proposal of the actor's own."""
    mine = subject is not None and subject.by == by.actor.id
    return () if mine else entitled(evidence.duty, by)


def is_of_the_office(subject: object, by: Acting, evidence: Evidence) -> Reasons:
    """Require an actor of the office."""
    organization = by.organization
    if organization.office in organization.acts_for(by.actor.unit, by.day):
        return ()
    name = organization.name_of(by.actor.unit)
    return why_not(ReviewCode.NOT_THE_OFFICE, Role.OFFICE, unit_name=name)
