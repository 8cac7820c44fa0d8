"""Guards of third parties' engagements, and of what is still to be followed (D4)."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import EngagementCode, Reasons
from huimin_flow.catalogue.terms import EngagementState, Role, StalePart, State
from huimin_flow.model.evidence import (
    Acting,
    Evidence,
)
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.record_evidence import (
    EngagementEvidence,
)
from huimin_flow.states.guards.core import require_another, require_passed, why_not

_CARRIED_OUT = frozenset({State.ASSIGNED, State.EXECUTED})


def is_of_a_measure(
    subject: object, by: Acting, evidence: EngagementEvidence
) -> Reasons:
    """Require an item that is carried out, or whose evaluation is in doubt."""
    item = evidence.item
    if item.state in _CARRIED_OUT or StalePart.EVALUATION in item.stale:
        return ()
    code = EngagementCode.NOT_A_MEASURE
    return why_not(code, item=item.number, state=item.status)


def is_the_only_one(
    subject: object, by: Acting, evidence: EngagementEvidence
) -> Reasons:
    """Require that the round has no other engagement, unless it was called off.

    Nobody may ask another evaluator until the result pleases.
    """
    before = evidence.before
    if before is None or before.state is EngagementState.CALLED_OFF:
        return ()
    return why_not(EngagementCode.PLANNED_ALREADY, engagement=before.key)


def is_independent(
    subject: object, by: Acting, evidence: EngagementEvidence
) -> Reasons:
    """Require an organization that is not bound to the item (D4)."""
    return require_passed(evidence, "independence")


def is_not_planned_by_them(
    subject: Engagement, by: Acting, evidence: Evidence
) -> Reasons:
    """Require another person than who planned it, once a report may be known."""
    return require_another(by, subject.planned_by)


def is_not_reported_by_them(
    subject: Engagement, by: Acting, evidence: Evidence
) -> Reasons:
    """Require another person than who recorded the report."""
    return require_another(by, subject.reported_by)


def is_answered(subject: Engagement, by: Acting, evidence: Evidence) -> Reasons:
    """Require that each finding has an action, or a reasoned no."""
    left = tuple(each.number for each in subject.unanswered())
    if not left:
        return ()
    return why_not(EngagementCode.UNANSWERED, Role.OPERATOR, numbers=left)


def is_not_answered_by_them(
    subject: Engagement, by: Acting, evidence: Evidence
) -> Reasons:
    """Require another person than those who have answered findings."""
    for finding in subject.findings:
        if reasons := require_another(by, finding.answered_by):
            return reasons
    return ()
