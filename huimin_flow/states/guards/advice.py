"""Guards of advice on running measures, and of its mending (B9)."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import AdviceCode, Code, Reasons
from huimin_flow.catalogue.terms import Fact, Recommendation, Role, Step
from huimin_flow.model.evidence import (
    Acting,
    AdviceEvidence,
    AdvisedEvidence,
    ClosingEvidence,
    Evidence,
    LinkEvidence,
)
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.items import Item
from huimin_flow.states.authority import authorize
from huimin_flow.states.guards.core import lacking, require_another, why_not

#: The recommendations by which a measure goes on as it is.
GOES_ON = frozenset({Recommendation.CONTINUE, Recommendation.REPLICATE})


def has_advice(item: Item, by: Acting, evidence: AdviceEvidence) -> Reasons:
    """Require a recommendation, and grounds that a rule has computed."""
    verdict = evidence.verdict
    if verdict is None or verdict.rule != "advising":
        return why_not(Code.VERDICT_MISSING, Role.OFFICE, rule="advising")
    if evidence.recommendation is None:
        return lacking(Fact.RECOMMENDATION, Role.UNIT_HEAD)
    return ()


def fits_grounds(item: Item, by: Acting, evidence: AdviceEvidence) -> Reasons:
    """Require to improve or to stop what a ground speaks against.

    Only what is known to do well may be replicated.
    """
    verdict, recommended = evidence.verdict, evidence.recommendation
    if verdict is None or recommended not in GOES_ON:
        return ()
    if not verdict.passed:
        return why_not(AdviceCode.ADVICE_UNFIT, recommendation=recommended)
    unknown = {AdviceCode.PROGRESS_UNKNOWN, AdviceCode.SATISFACTION_UNKNOWN}
    if recommended is Recommendation.REPLICATE and any(
        reason.code in unknown for reason in verdict.reasons
    ):
        return why_not(AdviceCode.UNPROVEN, Role.OPERATOR)
    return ()


def has_none_undecided(item: Item, by: Acting, evidence: AdviceEvidence) -> Reasons:
    """Require that the office has decided on all earlier advice."""
    if evidence.undecided is None:
        return ()
    return why_not(AdviceCode.ADVICE_OPEN, Role.OFFICE, advice=evidence.undecided)


def has_nothing_to_mend(item: Item, by: Acting, evidence: ClosingEvidence) -> Reasons:
    """Require that all that was to be mended has been verified."""
    if not evidence.mending:
        return ()
    return why_not(AdviceCode.MENDING_OPEN, Role.UNIT_HEAD, advice=evidence.mending)


def is_not_stopped(item: Item, by: Acting, evidence: LinkEvidence) -> Reasons:
    """Require that the last adopted advice is not to stop the measure."""
    if evidence.stopped is None:
        return ()
    return why_not(AdviceCode.MEASURE_STOPPED, Role.OFFICE, advice=evidence.stopped)


# ---- of the record of advice ----


def may_advise(subject: None, by: Acting, evidence: AdvisedEvidence) -> Reasons:
    """Require the right to advise on the item."""
    item, organization = evidence.item, by.organization
    return authorize(
        by.actor, Step.ADVISE, item.unit, item.area, organization, day=by.day
    )


def is_of_the_office(subject: object, by: Acting, evidence: Evidence) -> Reasons:
    """Require an actor of the office."""
    organization = by.organization
    if organization.office in organization.acts_for(by.actor.unit, by.day):
        return ()
    name = organization.name_of(by.actor.unit)
    return why_not(AdviceCode.NOT_THE_OFFICE, Role.OFFICE, unit_name=name)


def is_not_advised_by_them(subject: Advice, by: Acting, evidence: Evidence) -> Reasons:
    """Require that another person has advised."""
    return require_another(by, subject.advised_by)


def is_not_reported_by_them(subject: Advice, by: Acting, evidence: Evidence) -> Reasons:
    """Require that another person has reported it as mended."""
    return require_another(by, subject.reported_by)


def is_to_improve(subject: Advice, by: Acting, evidence: Evidence) -> Reasons:
    """Require advice to improve: only then something is to be mended."""
    if subject.recommendation is Recommendation.IMPROVE:
        return ()
    return why_not(AdviceCode.MENDING_UNFIT, recommendation=subject.recommendation)


def is_not_to_improve(subject: Advice, by: Acting, evidence: Evidence) -> Reasons:
    """Require to say what is to be mended, if the advice is to improve."""
    if subject.recommendation is Recommendation.IMPROVE:
        return why_not(AdviceCode.MENDING_NEEDED, Role.OFFICE)
    return ()
