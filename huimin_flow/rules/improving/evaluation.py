"""The final evaluation of an item: fulfilment, satisfaction, agreed outcomes (B6, B8).

``evaluate`` first collects its inputs, then decides from these alone. So a verdict's
inputs are enough to decide again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from functools import partial
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import (
    EngagementState,
    Grade,
    ResultMeasure,
    Role,
    SatisfactionMethod,
    TargetFlaw,
)
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import EvaluationRule
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.executing.agreements import (
    OutcomeResult,
    Sample,
    SatisfactionMeasure,
)
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.executing.surveys import PublicWord
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.rules.executing.surveys import least, share_of
from huimin_flow.rules.improving.engagements import (
    degrees_of,
    reach_of,
    reported_inputs,
    weighed,
)

RULE: Final = "evaluating"
REVISION: Final = 1

_verdict = partial(Verdict, rule=RULE, revision=REVISION)

_DECIMAL = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?", re.ASCII)

#: What is computed from the counts, and recorded with them.
_OF_THE_SAMPLE: Final = ("surveyed", "rated", "low", "high")

#: The grades from the worst to the best; an item gets the worst of its outcomes.
_WORST_FIRST: Final = (Grade.NOT_MET, Grade.NOT_MEASURABLE, Grade.PARTLY, Grade.MET)


def evaluate(
    plan: Plan,
    fulfilment: str | None,
    said: PublicWord,
    results: Sequence[OutcomeResult],
    rule: EvaluationRule,
    *,
    least_answers: int = 1,
    engagement: Engagement | None = None,
) -> Verdict:
    """Hold what was reached, and what citizens said, against what the plan agreed.

    ``fulfilment`` is decimal text, 0–100, None if no task has an indicator. An agreed
    outcome without a result is not measurable. Outcomes that the ``engagement`` of
    this round judges are weighed with its report; the others rest on ``results``.
    Fewer than ``least_answers`` are not judged by, whatever was agreed.
    """
    measure = plan.satisfaction_measure
    by_key = {result.outcome: result for result in results}
    keys = [result.outcome for result in results]
    agreed = {outcome.key for outcome in plan.outcomes}
    unknown = [k for n, k in enumerate(keys) if k not in agreed or k in keys[:n]]
    inputs: dict[str, Plain] = {
        ResultMeasure.FULFILMENT.value: fulfilment,
        "mark": measure.mark or rule.satisfaction_mark.value,
        "agreed": None if measure.method is None else measure.method.value,
        "size": max(measure.size, least_answers),
        "share": measure.share,
        **to_plain(said),
        "unknown": next(iter(unknown), ""),
        "outcomes": len(plan.outcomes),
    }
    for n, outcome in enumerate(plan.outcomes, 1):
        result = by_key.get(outcome.key, OutcomeResult(outcome=outcome.key))
        inputs |= {
            f"outcome{n}": outcome.key,
            f"outcome{n}_counted": bool(outcome.counted),
            f"outcome{n}_side": outcome.side.value,
            f"outcome{n}_mark": outcome.mark,
            f"outcome{n}_value": result.value,
            f"outcome{n}_grade": None if result.grade is None else result.grade.value,
            f"outcome{n}_evidence": bool(result.evidence.strip()),
        }
    if engagement is not None and engagement.state is not EngagementState.CALLED_OFF:
        inputs |= reported_inputs(plan, engagement)
    return evaluate_from(inputs, rule)


def evaluate_from(inputs: Mapping[str, Plain], rule: EvaluationRule) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``evaluate`` did.

    It passes if fulfilment and satisfaction reach their marks and every agreed
    outcome is met. Satisfaction is the lower of the survey's share and that of the
    ratings of touched service items, if these are enough. Fulfilment that nothing
    measures is no reason to fail, and no reason to pass: the outcomes decide.
    ``score`` is the lower of fulfilment and satisfaction, with two places. If citizens
    were not asked as agreed, an engagement has no report yet, or a fact is impossible,
    ``score`` is None and nothing is decided.
    """
    sample = sample_of(inputs, rule)
    satisfaction = min(
        (share for share in (sample.surveyed, sample.rated) if share is not None),
        key=Decimal,
        default=None,
    )
    inputs = {
        **inputs,
        ResultMeasure.SATISFACTION.value: satisfaction,
        **{name: getattr(sample, name) for name in _OF_THE_SAMPLE},
    }
    lacking = [*_impossible(inputs), *_unasked(inputs, sample), *_unfit(inputs)]
    if lacking:
        return _verdict(passed=False, reasons=tuple(lacking), inputs=inputs)
    marks = {
        ResultMeasure.FULFILMENT: rule.fulfilment_mark.value,
        ResultMeasure.SATISFACTION: int(inputs["mark"] or 0),
    }
    reached = {
        measure: Decimal(str(inputs[measure.value]))
        for measure in marks
        if inputs[measure.value] is not None
    }
    reasons = []
    for measure, figure in reached.items():
        mark = marks[measure]
        code = Code.ATTRIBUTE_REACHES if figure >= mark else Code.ATTRIBUTE_BELOW
        measured = {"attribute": measure.value, "score": _text(figure)}
        reasons.append(Reason.of(code, **measured, mark=mark))
    reasons += _heard(sample, rule)
    if ResultMeasure.FULFILMENT not in reached:
        reasons.append(Reason.of(Code.FULFILMENT_NOT_MEASURED))
    grades = grades_of(inputs, rule)
    for n, (key, grade) in enumerate(grades.items(), 1):
        result: dict[str, Plain] = {"outcome": key, "grade": grade.value}
        code, actual = Code.OUTCOME_GRADED, inputs[f"outcome{n}_value"]
        if f"reported{n}_value" in inputs:
            reported, own = degrees_of(inputs, n, rule)
            code, result["engagement"] = Code.OUTCOME_REPORTED, inputs["engagement"]
            if reported is not None and own is not None:
                code, weight = Code.OUTCOME_WEIGHED, rule.third_party_weight.value
                result |= {
                    name: _text(Decimal(degree.numerator) / degree.denominator)
                    for name, degree in (("reported", reported), ("own", own))
                }
                result["weight"] = weight
        elif actual is not None:
            code = Code.OUTCOME_GRADED_BY
            result |= {"actual": actual, "mark": inputs[f"outcome{n}_mark"]}
        reasons.append(Reason.of(code, **result))
    return _verdict(
        passed=_result(reasons, grades) is Grade.MET,
        score=_text(min(reached.values())),
        reasons=tuple(reasons),
        inputs=inputs,
    )


def sample_of(inputs: Mapping[str, Plain], rule: EvaluationRule) -> Sample:
    """Return who answered, and the shares that count, from what was counted."""
    agreed, served = inputs["agreed"], inputs["served"]
    method = None if agreed is None else SatisfactionMethod(str(agreed))
    ratings, good = int(inputs["ratings"] or 0), int(inputs["good"] or 0)
    replies = int(inputs["replies"] or 0)
    whole = replies + int(inputs["aside"] or 0)
    survey = str(inputs["survey"] or "")
    asked = rated = None
    if survey and whole:
        asked = share_of(int(inputs["satisfied"] or 0), whole, rule)
    by_ratings = method is SatisfactionMethod.SERVICE_RATINGS
    if ratings and (by_ratings or ratings >= rule.least_ratings.value):
        rated = share_of(good, ratings, rule)
    told = rated if by_ratings else asked
    return Sample(
        method=method,
        replies=ratings if by_ratings else replies,
        satisfied=good if by_ratings else int(inputs["satisfied"] or 0),
        low="" if told is None else told.low,
        high="" if told is None else told.high,
        served=None if served is None or by_ratings else int(served),
        survey=survey,
        surveyed=None if asked is None or by_ratings else asked.percent,
        ratings=ratings,
        rated=None if rated is None else rated.percent,
    )


def result_of(verdict: Verdict, rule: EvaluationRule) -> Grade:
    """Return the result of an item from the verdict of its evaluation.

    It is the worst of what was held against a mark; it is not measurable as well if
    neither fulfilment nor an outcome was measured.
    """
    return _result(verdict.reasons, grades_of(verdict.inputs, rule))


def graded(
    results: Sequence[OutcomeResult], verdict: Verdict, rule: EvaluationRule
) -> tuple[OutcomeResult, ...]:
    """Return a result for every agreed outcome, with its grade by the rule.

    One that only a third party has reported has its figure, and names the engagement.
    """
    by_key = {result.outcome: result for result in results}
    inputs, made = verdict.inputs, []
    for n, (key, grade) in enumerate(grades_of(inputs, rule).items(), 1):
        reported = OutcomeResult(outcome=key)
        if f"reported{n}_value" in inputs:
            figure, evidence = inputs[f"reported{n}_value"], str(inputs["engagement"])
            value = None if figure is None else int(figure)
            reported = OutcomeResult(outcome=key, value=value, evidence=evidence)
        own = by_key.get(key, reported)
        if own.value is None and own.grade is None and reported.evidence:
            own = reported
        made.append(replace(own, grade=grade))
    return tuple(made)


def grades_of(inputs: Mapping[str, Plain], rule: EvaluationRule) -> dict[str, Grade]:
    """Return the grade of every agreed outcome, by its key, in their order.

    >>> from huimin_flow.model.core.rules import Figure
    >>> rule = EvaluationRule(
    ...     fulfilment_mark=Figure(value=90, source="ours"),
    ...     satisfaction_mark=Figure(value=80, source="ours"),
    ...     partial_share=Figure(value=60, source="ours"),
    ...     least_ratings=Figure(value=30, source="ours"),
    ...     interval_z=Figure(value=196, source="ours"),
    ...     third_party_weight=Figure(value=60, source="ours"),
    ... )
    >>> inputs = {"outcomes": 1, "outcome1": "E1", "outcome1_counted": True,
    ...     "outcome1_side": "at_least", "outcome1_mark": 100, "outcome1_value": 75,
    ...     "outcome1_grade": None}
    >>> grades_of(inputs, rule)["E1"].label
    '部分达成'

    """
    grades: dict[str, Grade] = {}
    share = rule.partial_share.value
    for n in range(1, int(inputs["outcomes"] or 0) + 1):
        name = f"outcome{n}"
        actual, judged = inputs[f"{name}_value"], inputs[f"{name}_grade"]
        grade = Grade(str(judged)) if judged else Grade.NOT_MEASURABLE
        if f"reported{n}_value" in inputs:
            grade = weighed(*degrees_of(inputs, n, rule), rule)
        elif inputs[f"{name}_counted"] and actual is not None:
            reach, whole = reach_of(inputs, n, int(actual))
            grade = Grade.MET if reach >= whole else Grade.NOT_MET
            if grade is Grade.NOT_MET and 100 * reach >= share * whole:
                grade = Grade.PARTLY
        grades[str(inputs[name])] = grade
    return grades


def _result(reasons: Sequence[Reason], grades: Mapping[str, Grade]) -> Grade:
    codes = {reason.code for reason in reasons}
    results = set(grades.values())
    if Code.ATTRIBUTE_BELOW in codes:
        results.add(Grade.NOT_MET)
    measured = results - {Grade.NOT_MEASURABLE}
    if Code.FULFILMENT_NOT_MEASURED in codes and not measured:
        return Grade.NOT_MEASURABLE
    return next((grade for grade in _WORST_FIRST if grade in results), Grade.MET)


def _impossible(inputs: Mapping[str, Plain]) -> Iterator[Reason]:
    """Yield the figures that are no percentages."""
    for measure in ResultMeasure:
        figure = inputs[measure.value]
        text = str(figure)
        if figure is not None and (not _DECIMAL.fullmatch(text) or Decimal(text) > 100):
            code, values = Code.SCORE_OUT_OF_RANGE, {"criterion": measure.value}
            yield Reason.of(code, Role.OPERATOR, **values, given=figure)


def _unfit(inputs: Mapping[str, Plain]) -> Iterator[Reason]:
    """Yield the results of outcomes that can't be used."""
    if inputs["unknown"]:
        unknown = inputs["unknown"]
        yield Reason.of(Code.OUTCOME_UNKNOWN, Role.OPERATOR, outcome=unknown)
    for n in range(1, int(inputs["outcomes"] or 0) + 1):
        name = f"outcome{n}"
        key, counted = inputs[name], inputs[f"{name}_counted"]
        figure, grade = inputs[f"{name}_value"], inputs[f"{name}_grade"]
        measured = figure is not None or grade not in {None, Grade.NOT_MEASURABLE}
        flaw: TargetFlaw | None = None
        if (counted and grade is not None) or int(figure or 0) < 0:
            flaw = TargetFlaw.FIGURE_NEEDED
        elif not counted and figure is not None:
            flaw = TargetFlaw.GRADE_NEEDED
        elif measured and not inputs[f"{name}_evidence"]:
            flaw = TargetFlaw.NO_EVIDENCE
        if flaw is not None:
            code = Code.OUTCOME_RESULT_UNFIT
            yield Reason.of(code, Role.OPERATOR, outcome=key, hint=flaw.value)


def _unasked(inputs: Mapping[str, Plain], sample: Sample) -> Iterator[Reason]:
    """Yield why citizens, or the third party, were not asked as agreed (D0, D4)."""
    engagement = inputs.get("engagement", "")
    if engagement and not inputs["engagement_reported"]:
        values: dict[str, Plain] = {"engagement": engagement}
        yield Reason.of(Code.ENGAGEMENT_OPEN, Role.OFFICE, **values)
    if sample.method is not SatisfactionMethod.SERVICE_RATINGS and not sample.survey:
        yield Reason.of(Code.SURVEY_MISSING, Role.OFFICE)
        return
    measure = SatisfactionMeasure(
        size=int(inputs["size"] or 0), share=int(inputs["share"] or 0)
    )
    needed = least(measure, sample.served)
    if sample.replies < needed:
        values = {"replies": sample.replies, "least": needed}
        yield Reason.of(Code.SAMPLE_TOO_SMALL, Role.OFFICE, **values)


def _heard(sample: Sample, rule: EvaluationRule) -> Iterator[Reason]:
    """Yield what the satisfaction rests on: the survey, and ratings of services."""
    if sample.surveyed is not None:
        ends = {"low": sample.low, "high": sample.high}
        yield Reason.of(
            Code.SURVEY_COUNTED,
            survey=sample.survey,
            replies=sample.replies,
            score=sample.surveyed,
            **ends,
        )
    if sample.rated is not None:
        values: dict[str, Plain] = {"ratings": sample.ratings, "score": sample.rated}
        yield Reason.of(Code.RATINGS_COUNTED, **values)
    elif sample.ratings:
        few = {"ratings": sample.ratings, "least": rule.least_ratings.value}
        yield Reason.of(Code.RATINGS_FEW, **few)


def _text(number: Decimal) -> str:
    # Rounded down: 89.999 does not reach 90, so it is shown as 89.99.
    return str(number.quantize(Decimal("0.01"), rounding=ROUND_DOWN))
