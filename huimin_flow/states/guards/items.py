"""Guards of an item's steps: each takes the item and a step's evidence.

A guard repeats no rule; it only checks that the rule has decided, that the second
person is there, and that the facts are complete.
"""

from __future__ import annotations

from huimin_flow.catalogue.reasons import (
    Code,
    EngagementCode,
    ExtensionCode,
    OrderCode,
    Reasons,
    RectificationCode,
    reason_of,
)
from huimin_flow.catalogue.terms import (
    Duty,
    Fact,
    Role,
    StalePart,
    State,
)
from huimin_flow.model.evidence import (
    Acting,
    AdjustmentEvidence,
    AmendmentEvidence,
    ClosingEvidence,
    DoubtEvidence,
    EvaluationEvidence,
    Evidence,
    JudgmentEvidence,
    LinkEvidence,
    ListingEvidence,
    MergeEvidence,
    OwnEvidence,
    PlanEvidence,
    ReasonEvidence,
    ReopenEvidence,
    ResultEvidence,
    SplitEvidence,
    TransferEvidence,
)
from huimin_flow.model.items import Item
from huimin_flow.states.guards.advice import GOES_ON
from huimin_flow.states.guards.core import (
    entitled,
    is_confirmed,
    lacking,
    require_another,
    require_passed,
    why_not,
)

#: The reason that a demand is another body's.
NOT_OURS = "not_ours"

#: The fields of an item that a correction may change.
AMENDABLE = frozenset({"title", "description", "area", "life_stage", "origin"})


def is_screened(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that the screening rule passed the item (A3, A4)."""
    return require_passed(evidence, "screening")


def is_judged(item: Item, by: Acting, evidence: JudgmentEvidence) -> Reasons:
    """Require a deliberation that answered all four questions with yes (B1)."""
    if evidence.deliberation is None:
        return lacking(Fact.DELIBERATION, Role.OFFICE)
    return require_passed(evidence, "judging")


def screening_holds(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that no later correction has made the screening stale."""
    return _require_fresh(item, StalePart.SCREENING)


def plan_holds(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that no later correction has made the plan stale."""
    return _require_fresh(item, StalePart.PLAN)


def evaluation_holds(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that nothing was corrected on which the final evaluation rests (B8)."""
    stale = StalePart.EVALUATION in item.stale
    return why_not(Code.EVALUATION_IN_DOUBT, Role.OFFICE) if stale else ()


def is_in_doubt(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that the final evaluation of an adjusted item is in doubt (B8)."""
    return () if StalePart.EVALUATION in item.stale else why_not(Code.NOT_IN_DOUBT)


def names_a_cause(item: Item, by: Acting, evidence: DoubtEvidence) -> Reasons:
    """Require what was corrected, or what is doubtful (B8)."""
    return () if evidence.cause else lacking(Fact.REASON_CODE, None)


def has_stars(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that the stars come from the rule, never from the caller (B3)."""
    return require_passed(evidence, "starring")


def is_selected(item: Item, by: Acting, evidence: ListingEvidence) -> Reasons:
    """Require the choice of the listing job, or else two people (B5)."""
    if evidence.edition is None:
        return why_not(Code.FREEZE_NEEDED)
    if evidence.by_job:
        return require_passed(evidence, "selection")
    return two_may_confirm(item, by, evidence)


def is_ready(item: Item, by: Acting, evidence: PlanEvidence) -> Reasons:
    """Require a complete plan with accepted assessments (B6, B7, B8)."""
    if evidence.plan is None:
        return lacking(Fact.PLAN, Role.OPERATOR)
    return require_passed(evidence, "readiness")


def is_carried_out(item: Item, by: Acting, evidence: ResultEvidence) -> Reasons:
    """Require that every task is met, excused by a superior, or past its last day.

    What is neither met nor excused after its last day is missed (C4).
    """
    excused = {(excuse.task, excuse.reason, excuse.by) for excuse in evidence.excuses}
    settled = {
        result.task
        for result in evidence.results
        if result.met or (result.task, result.excuse, result.excused_by) in excused
    } | {
        task.key
        for task in (item.plan.tasks if item.plan else ())
        if evidence.day is not None and task.due < evidence.day
    }
    return tuple(
        reason_of(Code.TASK_UNSETTLED, {"task": task.key}, Role.OPERATOR)
        for task in (item.plan.tasks if item.plan else ())
        if task.key not in settled
    )


def has_no_open_risk(item: Item, by: Acting, evidence: ResultEvidence) -> Reasons:
    """Require that every high risk was treated, and the treatment accepted (B7)."""
    return tuple(
        reason_of(Code.ASSESSMENT_HIGH_RISK, {"kind": kind}, Role.OFFICE)
        for kind in evidence.risks
    )


def is_excused_by_another(item: Item, by: Acting, evidence: ResultEvidence) -> Reasons:
    """Require that the reporter of a result has excused none of its tasks."""
    excuses = (require_another(by, excuse.by) for excuse in evidence.excuses)
    return next(filter(None, excuses), ())


def has_result(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require the verdict of the final evaluation, passed or failed."""
    verdict = evidence.verdict
    if verdict is None or verdict.rule != "evaluating":
        return why_not(Code.VERDICT_MISSING, Role.OFFICE, rule="evaluating")
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
        return why_not(Code.EVALUATION_PASSED)
    return ()


def has_recommendation(item: Item, by: Acting, evidence: AdjustmentEvidence) -> Reasons:
    """Require a recommendation with its grounds (B9)."""
    if evidence.recommendation is None:
        return lacking(Fact.RECOMMENDATION, Role.UNIT_HEAD)
    return () if evidence.grounds else lacking(Fact.GROUNDS, Role.UNIT_HEAD)


def fits_result(item: Item, by: Acting, evidence: AdjustmentEvidence) -> Reasons:
    """Require to improve or to stop what has failed its final evaluation (B9)."""
    if item.evaluation_passed is not False or evidence.recommendation not in GOES_ON:
        return ()
    return why_not(Code.RECOMMENDATION_UNFIT, recommendation=evidence.recommendation)


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
        return lacking(Fact.REASON_CODE, None)
    if reason_code not in evidence.known:
        codes = [f"{code}({word})" for code, word in evidence.known.items()]
        return why_not(Code.UNKNOWN_REASON_CODE, given=reason_code, known=codes)
    return ()


def names_the_body(item: Item, by: Acting, evidence: ReasonEvidence) -> Reasons:
    """Require who is in charge of what is not ours, and of nothing else (A3)."""
    named, bodies = evidence.referred_to, evidence.bodies
    known = [f"{code}({word})" for code, word in bodies.items()]
    if evidence.reason_code != NOT_OURS:
        return () if named is None else why_not(Code.BODY_UNASKED)
    if named is None:
        return why_not(Code.BODY_MISSING, bodies=known)
    if named not in bodies:
        return why_not(Code.BODY_UNKNOWN, given=named, bodies=known)
    return ()


def goes_to_another(item: Item, by: Acting, evidence: TransferEvidence) -> Reasons:
    """Require another unit of that day: the job's is the one successor (F1)."""
    organization, unit, former = by.organization, evidence.unit, evidence.former
    values: dict[str, object] = {
        "unit": unit,
        "unit_name": organization.name_of(unit),
        "former": former,
        "former_name": organization.name_of(former),
        "day": by.day,
    }
    if unit == former:
        return (reason_of(Code.TRANSFER_SAME_UNIT, values),)
    if organization.unit(unit, by.day) is None:
        return (reason_of(Code.TRANSFER_TO_NOBODY, values),)
    if not evidence.by_job:
        return is_reasoned(item, by, evidence)
    if organization.heir(former, by.day) == unit:
        return ()
    return (reason_of(Code.NO_SUCCESSION, values, Role.OFFICE),)


def has_partner(item: Item, by: Acting, evidence: MergeEvidence) -> Reasons:
    """Require another item as target, whose state still allows a merge."""
    if evidence.into is None:
        return lacking(Fact.TARGET_ITEM, None)
    if evidence.into == item.number:
        return why_not(Code.MERGE_INTO_SELF)
    if evidence.into_state not in {State.COLLECTED, State.SCREENED}:
        return why_not(Code.MERGE_TARGET_CLOSED, target=evidence.into)
    return ()


def has_children(item: Item, by: Acting, evidence: SplitEvidence) -> Reasons:
    """Require the parts into which the item is split."""
    return () if evidence.children else lacking(Fact.PARTS, None)


def has_other(item: Item, by: Acting, evidence: LinkEvidence) -> Reasons:
    """Require the number of the other item with the same demand."""
    return () if evidence.other else lacking(Fact.OTHER_ITEM, None)


def has_no_successor(item: Item, by: Acting, evidence: LinkEvidence) -> Reasons:
    """Require that no open item continues this one already."""
    if evidence.successor is None:
        return ()
    return why_not(Code.SUCCESSOR_OPEN, item=evidence.successor)


def is_only_successor(item: Item, by: Acting, evidence: ReopenEvidence) -> Reasons:
    """Require that no other open item continues the same item as this one."""
    if evidence.successor is None:
        return ()
    return why_not(Code.SUCCESSOR_OPEN, item=evidence.successor)


def was_adjusted(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require that the item was closed after its adjustment, and not canceled."""
    return () if item.recommendation else why_not(Code.CANCELLED_FOR_GOOD)


def was_judged(item: Item, by: Acting, evidence: LinkEvidence) -> Reasons:
    """Require that a deliberation has judged the demand, and placed it."""
    return lacking(Fact.JUDGMENT, Role.OFFICE) if item.placement is None else ()


def two_may_confirm(item: Item, by: Acting, evidence: Evidence) -> Reasons:
    """Require two people who may confirm changes of the owner's list."""
    return is_confirmed(item, by, evidence) or entitled(Duty.CONFIRM, by)


def corrects(item: Item, by: Acting, evidence: AmendmentEvidence) -> Reasons:
    """Require corrections, only of fields that may be corrected."""
    if not evidence.changes:
        return lacking(Fact.CORRECTIONS, None)
    wrong = sorted(set(evidence.changes) - AMENDABLE)
    return why_not(Code.NOT_AMENDABLE, field=wrong) if wrong else ()


def enters_own(item: Item, by: Acting, evidence: OwnEvidence) -> Reasons:
    """Require a change of own fields, only of extensions that the rulebook names."""
    if not evidence.keys:
        return why_not(ExtensionCode.NOTHING_CHANGES)
    named = {key.partition(".")[0] for key in evidence.keys} - evidence.in_force
    return tuple(
        reason_of(ExtensionCode.NOT_IN_FORCE, {"extension": name})
        for name in sorted(named)
    )


def was_collected(item: Item, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of a merged item that was collected before."""
    return item.before is State.COLLECTED


def was_screened(item: Item, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of a merged item that was screened before."""
    return item.before is State.SCREENED


def _failed(evidence: Evidence, rule: str) -> bool:
    verdict = evidence.verdict
    return verdict is not None and verdict.rule == rule and not verdict.passed


def _require_fresh(item: Item, part: StalePart) -> Reasons:
    if part not in item.stale:
        return ()
    return why_not(Code.PART_STALE, Role.OFFICE, part=part)


def has_no_open_order(item: Item, by: Acting, evidence: ClosingEvidence) -> Reasons:
    """Require that every supervision order on the item is discharged."""
    if not evidence.orders:
        return ()
    return why_not(OrderCode.ORDER_OPEN, Role.OFFICE, orders=evidence.orders)


def has_no_open_rectification(
    item: Item, by: Acting, evidence: ClosingEvidence
) -> Reasons:
    """Require that every rectification of the item is accepted."""
    if not evidence.rectifications:
        return ()
    code, keys = RectificationCode.OPEN_YET, evidence.rectifications
    return why_not(code, Role.OFFICE, keys=keys)


def has_no_open_finding(item: Item, by: Acting, evidence: ClosingEvidence) -> Reasons:
    """Require that the findings of third parties on the item are followed."""
    if not evidence.engagements:
        return ()
    code, engagements = EngagementCode.NOT_FOLLOWED, evidence.engagements
    return why_not(code, Role.OFFICE, engagements=engagements)
