"""What guards of several rooms ask, and how a guard says why not."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import Code, Reasons, reason_of
from huimin_flow.catalogue.terms import (
    Duty,
    Fact,
    ReasonCode,
    Role,
)
from huimin_flow.model.evidence import (
    Acting,
    Evidence,
)
from huimin_flow.states.authority import is_author, may_do


def is_confirmed(subject: object, by: Acting, evidence: Evidence) -> Reasons:
    """Require a second person."""
    if by.second is None:
        return why_not(Code.SECOND_PERSON_NEEDED, Role.OFFICE)
    return require_another(by, by.second.id)


def entitled(duty: Duty, by: Acting) -> Reasons:
    """Return why an actor or second lacks a duty for one of the owners, or nothing."""
    for who in filter(None, (by.actor, by.second)):
        for unit in by.units:
            lacking = may_do(who, duty, by.organization, unit=unit, day=by.day)
            if lacking:
                return lacking
    return ()


def require_another(by: Acting, person: str) -> Reasons:
    """Require that the actor is not this person, under whatever post."""
    if is_author(by.actor.id, person, by.authors, by.organization):
        return why_not(Code.SAME_PERSON, Role.OFFICE)
    return ()


def require_passed(evidence: Evidence, rule: str) -> Reasons:
    """Require that the rule has decided, and has passed the subject."""
    verdict = evidence.verdict
    if verdict is None or verdict.rule != rule:
        return why_not(Code.VERDICT_MISSING, Role.OFFICE, rule=rule)
    if verdict.passed:
        return ()
    return verdict.reasons or why_not(Code.VERDICT_NEGATIVE, rule=rule)


def lacking(fact: Fact, supplier: Role | None) -> Reasons:
    """Return the reason that a fact is missing, and the role that supplies it."""
    return why_not(Code.FACT_MISSING, supplier, fact=fact)


def why_not(
    code: ReasonCode, supplier: Role | None = None, **values: object
) -> Reasons:
    """Return the one reason why a step may not be taken."""
    return (reason_of(code, values, supplier),)
