"""Agreements and assessments in words (B6, B7, B8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_note,
    say_pair,
)
from huimin_flow.catalogue.terms import Grade
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.assessments import (
    Assessment,
    Finding,
    Treated,
    Treatment,
)
from huimin_flow.model.executing.agreements import AgreedOutcome
from huimin_flow.model.items import Item
from huimin_flow.reports.deciding.assessments import staff_words


@value
class OutcomeLine:
    """An agreed outcome in words; ``result`` is "" before the final evaluation."""

    key: str
    kind: str
    statement: str
    agreed: str
    due: str
    result: str
    evidence: str


def agreed_words(outcome: AgreedOutcome) -> str:
    """Return the mark of a counted outcome, or how another one is checked."""
    if not outcome.counted:
        return say("凭{check}核对", check=outcome.check)
    return say(
        "{counted}{side}{mark}{unit}",
        counted=outcome.counted,
        side=outcome.side.spoken,
        mark=outcome.mark,
        unit=outcome.unit,
    )


def treatment_words(treatment: Treatment, names: Mapping[str, str]) -> str:
    """Return how a high risk is treated: measures, who takes them, and by when."""
    unit = names.get(treatment.unit, treatment.unit)
    until = say("{day}前完成", day=treatment.due)
    return say_clauses(treatment.measures, unit, until)


def finding_words(finding: Finding) -> str:
    """Return a submitted finding, its risk, and who accepted it, or why it returned."""
    parts = [finding.text, *([say("高风险")] if finding.high_risk else [])]
    return say_clauses(*parts, *_decided(finding))


def treated_words(made: Treated, names: Mapping[str, str]) -> str:
    """Return a recorded treatment, by whom, and who accepted it, or why it returned."""
    by = say_pair(say("登记"), made.by)
    return say_clauses(treatment_words(made.treatment, names), by, *_decided(made))


def _decided(made: Finding | Treated) -> Iterator[str]:
    if made.returned:
        yield say_pair(say("退回"), say_note(made.returned, made.decided_by))
    elif made.decided_by:
        yield say_pair(say("采信"), made.decided_by)


@value
class AssessmentLine:
    """An assessment in words; ``findings`` are all submitted versions in order.

    ``treatments`` are all that were recorded of high risks, in order.
    """

    kind: str
    state: str
    assessor: str
    engagement: str
    findings: tuple[str, ...]
    treatments: tuple[str, ...]


def assessment_line(
    made: Assessment, findings: Sequence[Finding], names: Mapping[str, str]
) -> AssessmentLine:
    """Return an assessment in words; ``names`` are those of units."""
    staff = staff_words(made.staff)
    return AssessmentLine(
        kind=made.kind.spoken,
        state=made.state.spoken,
        assessor=made.assessor,
        engagement=say_clauses(*filter(None, (made.approach, staff))),
        findings=tuple(
            say_pair(say("第{number}稿", number=each.number), finding_words(each))
            for each in findings
        ),
        treatments=tuple(
            treated_words(treated, names)
            for each in findings
            for treated in each.treatments
        ),
    )


def outcome_lines(item: Item) -> Iterator[OutcomeLine]:
    """Yield what the item's plan agreed, with the results of the final evaluation."""
    results = {result.outcome: result for result in item.outcomes}
    for outcome in item.plan.outcomes if item.plan else ():
        result = results.get(outcome.key)
        words = "" if result is None else (result.grade or Grade.NOT_MEASURABLE).spoken
        if result is not None and result.value is not None:
            words = say_note(words, f"{result.value}{outcome.unit}")
        yield OutcomeLine(
            key=outcome.key,
            kind=outcome.kind.spoken,
            statement=outcome.statement,
            agreed=agreed_words(outcome),
            due=outcome.due.isoformat(),
            result=words,
            evidence="" if result is None else result.evidence,
        )
