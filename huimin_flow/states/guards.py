"""Guards: each takes a value and a step's evidence, and returns the reasons why not.

A guard repeats no rule; it only checks that the rule has decided, that the second
person is there, and that the facts are complete.
"""

from __future__ import annotations

from huimin_flow.catalogue.reasons import Code, RatingCode, Reasons, reason_of
from huimin_flow.catalogue.terms import (
    AssessmentState,
    Duty,
    Fact,
    ReasonCode,
    Recommendation,
    RecordStep,
    Role,
    StalePart,
    State,
    StreamKind,
)
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.deciding.deliberations import Assessment
from huimin_flow.model.evidence import (
    Acting,
    AdjustmentEvidence,
    AmendmentEvidence,
    EvaluationEvidence,
    Evidence,
    ExcuseEvidence,
    JudgmentEvidence,
    LinkEvidence,
    ListingEvidence,
    MergeEvidence,
    PlanEvidence,
    ProposalEvidence,
    RatedEvidence,
    ReasonEvidence,
    ReopenEvidence,
    RequestEvidence,
    ResultEvidence,
    SplitEvidence,
)
from huimin_flow.model.items import Item
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.states.authority import are_one_person, may_do, others

#: The fields of an item that a correction may change.
AMENDABLE = frozenset({"title", "description", "area", "life_stage", "origin"})

#: The recommendations by which a measure goes on as it is.
_GOES_ON = frozenset({Recommendation.CONTINUE, Recommendation.REPLICATE})


def is_screened(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that the screening rule passed the item (A3, A4)."""
    return _require_passed(evidence, "screening")


def is_judged(item: Item, by: Acting, evidence: JudgmentEvidence) -> Reasons:
    """Require a deliberation that answered all four questions with yes (B1)."""
    if evidence.deliberation is None:
        return _missing(Fact.DELIBERATION, Role.OFFICE)
    return _require_passed(evidence, "judging")


def screening_holds(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that no later correction has made the screening stale."""
    return _require_fresh(item, StalePart.SCREENING)


def plan_holds(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that no later correction has made the plan stale."""
    return _require_fresh(item, StalePart.PLAN)


def has_stars(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that the stars come from the rule, never from the caller (B3)."""
    return _require_passed(evidence, "starring")


def is_selected(item: Item, by: Acting, evidence: ListingEvidence) -> Reasons:
    """Require the choice of the listing job, or else two people (B5)."""
    if evidence.edition is None:
        return _reason(Code.FREEZE_NEEDED)
    if evidence.by_job:
        return _require_passed(evidence, "selection")
    return two_may_confirm(item, by, evidence)


def is_ready(item: Item, by: Acting, evidence: PlanEvidence) -> Reasons:
    """Require a complete plan with accepted assessments (B6, B7, B8)."""
    if evidence.plan is None:
        return _missing(Fact.PLAN, Role.OPERATOR)
    return _require_passed(evidence, "readiness")


def is_carried_out(item: Item, by: Acting, evidence: ResultEvidence) -> Reasons:
    """Require that every task is met, or excused by the lead unit's superior."""
    excused = {(excuse.task, excuse.reason, excuse.by) for excuse in evidence.excuses}
    settled = {
        result.task
        for result in evidence.results
        if result.met or (result.task, result.excuse, result.excused_by) in excused
    }
    return tuple(
        reason_of(Code.TASK_UNSETTLED, {"task": task.key}, Role.OPERATOR)
        for task in (item.plan.tasks if item.plan else ())
        if task.key not in settled
    )


def is_excused_by_another(item: Item, by: Acting, evidence: ResultEvidence) -> Reasons:
    """Require that the reporter of a result has excused none of its tasks."""
    excuses = (_require_another(by, excuse.by) for excuse in evidence.excuses)
    return next(filter(None, excuses), ())


def has_result(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require the verdict of the final evaluation, passed or failed."""
    verdict = evidence.verdict
    if verdict is None or verdict.rule != "evaluating":
        return _reason(Code.VERDICT_MISSING, Role.OFFICE, rule="evaluating")
    return verdict.reasons if verdict.score is None else ()


def has_figures(item: Item, by: Acting, evidence: EvaluationEvidence) -> Reasons:
    """Require the figures of the month in which the tasks ended (C4, B8)."""
    if not evidence.owing:
        return ()
    values = {"month": evidence.month, "indicators": evidence.owing}
    return (reason_of(Code.FIGURES_OWED, values, Role.OPERATOR),)


def has_failed(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that the final evaluation failed; only then an item is sent back."""
    if item.evaluation_passed is not False:
        return _reason(Code.EVALUATION_PASSED)
    return ()


def has_recommendation(item: Item, by: Acting, evidence: AdjustmentEvidence) -> Reasons:
    """Require a recommendation with its grounds (B9)."""
    if evidence.recommendation is None:
        return _missing(Fact.RECOMMENDATION, Role.UNIT_HEAD)
    return () if evidence.grounds else _missing(Fact.GROUNDS, Role.UNIT_HEAD)


def fits_result(item: Item, by: Acting, evidence: AdjustmentEvidence) -> Reasons:
    """Require to improve or to stop what has failed its final evaluation (B9)."""
    if item.evaluation_passed is not False or evidence.recommendation not in _GOES_ON:
        return ()
    return _reason(Code.RECOMMENDATION_UNFIT, recommendation=evidence.recommendation)


def is_screened_out(item: Item, by: Acting, evidence: ReasonEvidence) -> Reasons:
    """Require a negative screening, or a reason code of the rulebook."""
    return () if _failed(evidence, "screening") else is_reasoned(item, by, evidence)


def is_judged_out(item: Item, by: Acting, evidence: ReasonEvidence) -> Reasons:
    """Require a negative judgment, or a reason code of the rulebook."""
    return () if _failed(evidence, "judging") else is_reasoned(item, by, evidence)


def is_reasoned(item: Item, by: Acting, evidence: ReasonEvidence) -> Reasons:
    """Require a reason code of the rulebook."""
    reason_code = evidence.reason_code
    if not reason_code:
        return _missing(Fact.REASON_CODE, None)
    if reason_code not in evidence.known:
        codes = [f"{code}({word})" for code, word in evidence.known.items()]
        return _reason(Code.UNKNOWN_REASON_CODE, given=reason_code, known=codes)
    return ()


def has_partner(item: Item, by: Acting, evidence: MergeEvidence) -> Reasons:
    """Require another item as target, whose state still allows a merge."""
    if evidence.into is None:
        return _missing(Fact.TARGET_ITEM, None)
    if evidence.into == item.number:
        return _reason(Code.MERGE_INTO_SELF)
    if evidence.into_state not in {State.COLLECTED, State.SCREENED}:
        return _reason(Code.MERGE_TARGET_CLOSED, target=evidence.into)
    return ()


def has_children(item: Item, by: Acting, evidence: SplitEvidence) -> Reasons:
    """Require the parts into which the item is split."""
    return () if evidence.children else _missing(Fact.PARTS, None)


def has_other(item: Item, by: Acting, evidence: LinkEvidence) -> Reasons:
    """Require the number of the other item with the same demand."""
    return () if evidence.other else _missing(Fact.OTHER_ITEM, None)


def has_no_successor(item: Item, by: Acting, evidence: LinkEvidence) -> Reasons:
    """Require that no open item continues this one already."""
    if evidence.successor is None:
        return ()
    return _reason(Code.SUCCESSOR_OPEN, item=evidence.successor)


def is_only_successor(item: Item, by: Acting, evidence: ReopenEvidence) -> Reasons:
    """Require that no other open item continues the same item as this one."""
    if evidence.successor is None:
        return ()
    return _reason(Code.SUCCESSOR_OPEN, item=evidence.successor)


def was_adjusted(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that the item was closed after its adjustment, and not canceled."""
    return () if item.recommendation else _reason(Code.CANCELED_FOR_GOOD)


def was_judged(item: Item, by: Acting, evidence: LinkEvidence) -> Reasons:
    """Require that a deliberation has judged the demand, and placed it."""
    return _missing(Fact.JUDGMENT, Role.OFFICE) if item.placement is None else ()


def is_confirmed(subject: object, by: Acting, evidence: Evidence) -> Reasons:
    """Require a second person."""
    if by.second is None:
        return _reason(Code.SECOND_PERSON_NEEDED, Role.OFFICE)
    return _require_another(by, by.second.id)


def two_may_confirm(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require two people who may confirm changes of the owner's list."""
    return is_confirmed(item, by, evidence) or entitled(Duty.CONFIRM, by)


def corrects(item: Item, by: Acting, evidence: AmendmentEvidence) -> Reasons:
    """Require corrections, only of fields that may be corrected."""
    if not evidence.changes:
        return _missing(Fact.CORRECTIONS, None)
    wrong = sorted(set(evidence.changes) - AMENDABLE)
    return _reason(Code.NOT_AMENDABLE, field=wrong) if wrong else ()


def was_collected(item: Item, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of a merged item that was collected before."""
    return item.before is State.COLLECTED


def was_screened(item: Item, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of a merged item that was screened before."""
    return item.before is State.SCREENED


# ---- of the other streams ----


def has_none_under_way(subject: None, by: Acting, evidence: RequestEvidence) -> Reasons:
    """Require that the last assessment of the kind, if any, was accepted."""
    before = evidence.before
    if before is None or before.state is AssessmentState.ACCEPTED:
        return ()
    return _reason(
        Code.NOT_SO_FAR,
        stream=before.key,
        state=before.state,
        step=RecordStep.REQUEST,
        needed=AssessmentState.ACCEPTED,
    )


def has_the_task_to_do(subject: None, by: Acting, evidence: ExcuseEvidence) -> Reasons:
    """Require that the item is assigned, and has the excused task."""
    item = evidence.item
    if item.state is not State.ASSIGNED:
        return _reason(
            Code.NOT_SO_FAR,
            stream=StreamKind.ITEM.key(item.number),
            state=item.state,
            step=RecordStep.EXCUSE,
            needed=State.ASSIGNED,
        )
    tasks = () if item.plan is None else item.plan.tasks
    known = any(task.key == evidence.task for task in tasks)
    return () if known else _missing(Fact.TASK, Role.OPERATOR)


def is_not_submitted_by_them(
    subject: Assessment, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person has submitted the finding."""
    return _require_another(by, subject.submitted_by)


def is_not_answered_by_them(
    subject: FollowUp, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person has answered."""
    return _require_another(by, subject.answered_by)


def is_not_proposed_by_them(
    subject: Proposal, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person has proposed the act."""
    return _require_another(by, subject.by)


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
            return _reason(RatingCode.OWN_CASE, unit=evidence.rated, unit_name=name)
        if organization.office not in {judge.unit, evidence.rated}:
            return (others(evidence.rated, organization),)
    return ()


def was_not_settled(
    subject: FollowUp | None, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that no objection to the rating was settled before."""
    settled = subject is not None and subject.settled
    return _reason(RatingCode.SETTLED_ALREADY) if settled else ()


def may_ask_for_it(
    subject: Proposal | None, by: Acting, evidence: ProposalEvidence
) -> Reasons:
    """Require the duty for the act, or a proposal of the actor's own."""
    mine = subject is not None and subject.by == by.actor.id
    return () if mine else entitled(evidence.duty, by)


def entitled(duty: Duty, by: Acting) -> Reasons:
    """Return why an actor or second lacks a duty for one of the owners, or nothing."""
    for who in filter(None, (by.actor, by.second)):
        for unit in by.units:
            lacking = may_do(who, duty, by.organization, unit=unit, day=by.day)
            if lacking:
                return lacking
    return ()


def _require_passed(evidence: Evidence, rule: str) -> Reasons:
    verdict = evidence.verdict
    if verdict is None or verdict.rule != rule:
        return _reason(Code.VERDICT_MISSING, Role.OFFICE, rule=rule)
    if verdict.passed:
        return ()
    return verdict.reasons or _reason(Code.VERDICT_NEGATIVE, rule=rule)


def _failed(evidence: Evidence, rule: str) -> bool:
    verdict = evidence.verdict
    return verdict is not None and verdict.rule == rule and not verdict.passed


def _require_fresh(item: Item, part: StalePart) -> Reasons:
    if part not in item.stale:
        return ()
    return _reason(Code.PART_STALE, Role.OFFICE, part=part)


def _require_another(by: Acting, person: str) -> Reasons:
    if are_one_person(by.actor.id, person, by.organization):
        return _reason(Code.SAME_PERSON, Role.OFFICE)
    return ()


def _missing(fact: Fact, supplier: Role | None) -> Reasons:
    return _reason(Code.FACT_MISSING, supplier, fact=fact)


def _reason(
    code: ReasonCode, supplier: Role | None = None, **values: object
) -> Reasons:
    return (reason_of(code, values, supplier),)
