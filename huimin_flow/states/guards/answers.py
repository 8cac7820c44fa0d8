"""Guards of answers to appeals: each takes how far the answer is (A7)."""

from __future__ import annotations

from typing import Any

from huimin_flow.catalogue.reasons import AnswerCode, Reasons
from huimin_flow.model.evidence import Acting, AnswerEvidence
from huimin_flow.model.sensing.answers import Answering
from huimin_flow.states.guards.core import why_not


def may_be_extended(
    subject: Answering, by: Acting, evidence: AnswerEvidence
) -> Reasons:
    """Require that the deadline isn't past, and was not extended too often."""
    values: dict[str, Any] = {"channel": subject.channel, "key": subject.key}
    if evidence.due is None:
        return why_not(AnswerCode.NO_DEADLINE, **values)
    if evidence.due < by.day:
        return why_not(AnswerCode.OVERDUE, day=evidence.due, **values)
    if subject.extensions >= evidence.most:
        return why_not(AnswerCode.EXTENDED_ALREADY, most=evidence.most, **values)
    return ()


def goes_elsewhere(subject: Answering, by: Acting, evidence: AnswerEvidence) -> Reasons:
    """Require another unit than the one that answers now, which exists today."""
    unit, organization = evidence.unit, by.organization
    if organization.unit(unit, by.day) is None and not organization.town(unit, by.day):
        return why_not(AnswerCode.UNIT_GONE, unit=unit, day=by.day)
    if unit == subject.unit:
        name = organization.name_of(unit)
        return why_not(AnswerCode.SAME_UNIT, unit=name, key=subject.key)
    return ()
