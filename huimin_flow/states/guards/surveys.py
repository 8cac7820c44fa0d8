"""Guards of surveys: when a sample is drawn, and when a survey may end (D0)."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import Reasons, SurveyCode
from huimin_flow.catalogue.terms import (
    Role,
    SatisfactionMethod,
    StalePart,
    State,
    SurveyState,
)
from huimin_flow.model.evidence import Acting, SurveyEvidence
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.states.guards.core import require_another, why_not

_OPEN = frozenset({SurveyState.DRAWN, SurveyState.OPEN})


def is_carried_out(subject: object, by: Acting, evidence: SurveyEvidence) -> Reasons:
    """Require that the item's tasks have ended, and its evaluation does not stand.

    For an open rectification citizens are asked again while the measure runs, too.
    """
    item = evidence.item
    if evidence.named:
        if evidence.rectification is not None:
            return ()
        values = {"item": item.number, "key": evidence.named}
        return why_not(SurveyCode.NOT_PUT_RIGHT, Role.OFFICE, **values)
    doubtful = StalePart.EVALUATION in item.stale
    if item.state is State.EXECUTED or doubtful:
        return ()
    values = {"item": item.number, "state": item.state}
    return why_not(SurveyCode.NOT_EXECUTED, Role.OPERATOR, **values)


def is_not_by_ratings(subject: object, by: Acting, evidence: SurveyEvidence) -> Reasons:
    """Require another agreed method than the ratings of services."""
    plan = evidence.item.plan
    method = plan and plan.satisfaction_measure.method
    if method is SatisfactionMethod.SERVICE_RATINGS:
        return why_not(SurveyCode.BY_RATINGS)
    return ()


def is_the_first(subject: object, by: Acting, evidence: SurveyEvidence) -> Reasons:
    """Require that the round has no other survey, unless it is no longer valid.

    Nobody may draw again until the result pleases: another person than who drew the
    sample draws one after a survey that was closed with too few valid answers.
    """
    before = evidence.before
    if before is None or before.state is SurveyState.CALLED_OFF:
        return ()
    if before.state in _OPEN:
        return why_not(SurveyCode.OPEN_ALREADY, Role.OFFICE, survey=before.key)
    if evidence.replies >= evidence.least:
        return why_not(SurveyCode.DONE_ALREADY, survey=before.key)
    return require_another(by, before.drawn_by)


def is_not_drawn_by_them(
    subject: Survey, by: Acting, evidence: SurveyEvidence
) -> Reasons:
    """Require another person than who drew the sample and has seen it."""
    return require_another(by, subject.drawn_by)


def has_enough(subject: object, by: Acting, evidence: SurveyEvidence) -> Reasons:
    """Require as many valid answers as are needed.

    After the last day to collect them fewer do: the result says that it is too small.
    """
    if evidence.replies >= evidence.least or (evidence.over and evidence.replies):
        return ()
    values = {"replies": evidence.replies, "least": evidence.least}
    return why_not(SurveyCode.TOO_FEW_ANSWERS, Role.OFFICE, **values)
