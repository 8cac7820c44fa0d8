"""Engagements of third parties: what a report says of outcomes, and by when (D4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from huimin_flow.catalogue.terms import (
    AssessmentKind,
    AssessmentState,
    EngagementState,
    Grade,
    MarkSide,
    TargetFlaw,
)
from huimin_flow.model.core.events import Plain
from huimin_flow.model.core.rules import EvaluationRule
from huimin_flow.model.deciding.assessments import Assessment
from huimin_flow.model.executing.agreements import AgreedOutcome, OutcomeResult
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.improving.engagements import (
    Engagement,
    FindingEntry,
    ReportFinding,
)
from huimin_flow.model.items import Item

#: The states of an engagement whose report counts.
REPORTED: Final = frozenset({EngagementState.REPORTED, EngagementState.FOLLOWED})


def of_round(known: Iterable[Engagement], item: Item) -> Engagement | None:
    """Return the last of an item's engagements that belongs to its present round."""
    return next(
        (each for each in reversed([*known]) if each.rounds == item.rounds), None
    )


def as_assessment(engagement: Engagement) -> Assessment:
    """Return an engagement as the assessment whose independence is tested."""
    return Assessment(
        key=engagement.key,
        item=engagement.item,
        kind=AssessmentKind.THIRD_PARTY,
        state=AssessmentState.REQUESTED,
        assessor=engagement.assessor,
        third_party=engagement.third_party or None,
        approach=engagement.approach,
        staff=engagement.staff,
    )


def result_flaws(
    results: Sequence[OutcomeResult], agreed: Sequence[AgreedOutcome]
) -> Iterator[tuple[str, TargetFlaw | None]]:
    """Yield each result that can't be used: its outcome, and what is wrong with it.

    None means that the outcome is not judged by the engagement, or given twice. What
    is counted has a figure and no grade, what is checked the other way round.
    """
    by_key = {outcome.key: outcome for outcome in agreed}
    for n, result in enumerate(results):
        outcome = by_key.get(result.outcome)
        if outcome is None or result.outcome in {r.outcome for r in results[:n]}:
            yield result.outcome, None
        elif outcome.counted and (result.grade is not None or (result.value or 0) < 0):
            yield result.outcome, TargetFlaw.FIGURE_NEEDED
        elif not outcome.counted and result.value is not None:
            yield result.outcome, TargetFlaw.GRADE_NEEDED


def numbered(
    entries: Iterable[FindingEntry], known: Sequence[ReportFinding] = ()
) -> tuple[ReportFinding, ...]:
    """Return the known findings of a report and then the new ones, numbered on."""
    return (
        *known,
        *(
            ReportFinding(
                number=number,
                severity=entry.severity,
                text=entry.text,
                outcome=entry.outcome,
            )
            for number, entry in enumerate(entries, len(known) + 1)
        ),
    )


def unfollowed(known: Iterable[Engagement]) -> tuple[str, ...]:
    """Return the keys of the engagements with findings that are not followed."""
    return tuple(
        each.key
        for each in known
        if each.state is EngagementState.REPORTED and each.findings
    )


def reported_inputs(plan: Plan, engagement: Engagement) -> dict[str, Plain]:
    """Return what a third party has reported of the outcomes that it judges (D4)."""
    said = {result.outcome: result for result in engagement.results}
    inputs: dict[str, Plain] = {
        "engagement": engagement.key,
        "engagement_reported": engagement.state in REPORTED,
    }
    for n, outcome in enumerate(plan.outcomes, 1):
        if outcome.key in engagement.outcomes:
            result = said.get(outcome.key, OutcomeResult(outcome=outcome.key))
            grade = None if result.grade is None else result.grade.value
            inputs |= {f"reported{n}_value": result.value, f"reported{n}_grade": grade}
    return inputs


def stated(
    inputs: Mapping[str, Plain], graded: Sequence[OutcomeResult]
) -> tuple[OutcomeResult, ...]:
    """Return the own results of an evaluation again, from the inputs of its verdict.

    ``graded`` are those that it kept; they say on which evidence.
    """
    evidence = {result.outcome: result.evidence for result in graded}
    made = []
    for n in range(1, int(inputs["outcomes"] or 0) + 1):
        name = f"outcome{n}"
        key, figure, grade = (inputs[name + end] for end in ("", "_value", "_grade"))
        said = evidence.get(str(key), "") if inputs[f"{name}_evidence"] else ""
        result = OutcomeResult(
            outcome=str(key),
            value=None if figure is None else int(figure),
            grade=None if grade is None else Grade(str(grade)),
            evidence=said,
        )
        made.append(result)
    return tuple(made)


def degrees_of(
    inputs: Mapping[str, Plain], n: int, rule: EvaluationRule
) -> tuple[Fraction | None, Fraction | None]:
    """Return how far the ``n``-th outcome was reached, 0–100: as reported, as stated.

    The first is by the third party's report, the second by the own result; None is not
    measurable. A figure counts by its share of the mark, 100 at most; a grade that is
    partly met as the share from which a figure is.
    """
    of_grade = {
        Grade.MET: Fraction(100),
        Grade.PARTLY: Fraction(rule.partial_share.value),
        Grade.NOT_MET: Fraction(0),
    }
    degrees: list[Fraction | None] = []
    for name in (f"reported{n}", f"outcome{n}"):
        figure, grade = inputs[f"{name}_value"], inputs[f"{name}_grade"]
        degree = None if grade is None else of_grade.get(Grade(str(grade)))
        if inputs[f"outcome{n}_counted"] and figure is not None:
            reach, whole = reach_of(inputs, n, int(figure))
            degree = Fraction(100 * min(reach, whole), whole or 1)
            if reach >= whole:
                degree = Fraction(100)
        degrees.append(degree)
    return degrees[0], degrees[1]


def weighed(
    reported: Fraction | None, own: Fraction | None, rule: EvaluationRule
) -> Grade:
    """Return the grade of an outcome by the weight of the report (D4).

    What the third party could not measure is not measurable, whatever the unit says.
    """
    if reported is None:
        return Grade.NOT_MEASURABLE
    degree, weight = reported, rule.third_party_weight.value
    if own is not None:
        degree = (weight * reported + (100 - weight) * own) / 100
    if degree >= 100:
        return Grade.MET
    return Grade.PARTLY if degree >= rule.partial_share.value else Grade.NOT_MET


def reach_of(inputs: Mapping[str, Plain], n: int, value: int) -> tuple[int, int]:
    """Return what is held against what: it is met if the first is not smaller."""
    mark = int(inputs[f"outcome{n}_mark"] or 0)
    most = inputs[f"outcome{n}_side"] == MarkSide.AT_MOST
    return (mark, value) if most else (value, mark)
