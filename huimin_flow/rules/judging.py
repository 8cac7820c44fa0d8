"""Judgment in a deliberation: 想做 → 可做 → 能做 → 该做 (B1, B2)."""

from __future__ import annotations

from typing import Final

from huimin_flow.model.deliberation import Judgment
from huimin_flow.model.rules import JudgingRule
from huimin_flow.model.verdict import Plain, Reason, Reasons, Verdict
from huimin_flow.reasons import Code
from huimin_flow.terms import Attribute, Question, Role, Step

RULE: Final = "judging"
REVISION: Final = 1


def judge(judgment: Judgment, *, present: int, rule: JudgingRule) -> Verdict:
    """Ask the four questions in their order; the first "no" decides.

    ``present`` counts participants. Without a quorum, an answer or a score
    nothing is decided and ``score`` is None. Otherwise ``score`` is the lowest
    of the three attributes, and "0" where a question was answered no.
    """
    inputs = _inputs(judgment, present)
    if present < rule.quorum.value:
        values: dict[str, Plain] = {"present": present, "quorum": rule.quorum.value}
        return _undecided(
            (Reason(code=Code.QUORUM_NOT_MET, values=values, supplier=Role.OFFICE),),
            inputs,
        )
    for question in Question:
        answer = judgment.answers.get(question)
        if answer is None:
            return _undecided((_unanswered(question),), inputs)
        if not answer.yes:
            values = {"question": question.label, "because": answer.reason}
            reason = Reason(code=Code.ANSWERED_NO, values=values)
            return _decided("0", (reason,), inputs, passed=False)
    return _attributes(judgment, rule, inputs)


def fate(verdict: Verdict, rule: JudgingRule) -> Step | None:
    """Return whether a negative judgment rejects or defers, or None.

    None means that it passed or that nothing was decided. What fails on an
    attribute after four times yes may be ready another year: it is deferred.
    """
    if verdict.passed or verdict.score is None:
        return None
    for question in Question:
        if verdict.inputs.get(question.value) is False:
            return rule.on_no[question]
    return Step.DEFER


def _attributes(
    judgment: Judgment, rule: JudgingRule, inputs: dict[str, Plain]
) -> Verdict:
    wanting = [
        Reason(
            code=Code.SCORE_MISSING,
            values={"criterion": one.label},
            supplier=Role.OFFICE,
        )
        for one in Attribute
        if one not in judgment.scores
    ]
    wanting += [
        Reason(
            code=Code.SCORE_OUT_OF_RANGE,
            values={"criterion": one.label, "given": score},
            supplier=Role.OFFICE,
        )
        for one, score in sorted(judgment.scores.items())
        if not 0 <= score <= 100
    ]
    if wanting:
        return _undecided(tuple(wanting), inputs)
    below = tuple(
        Reason(
            code=Code.ATTRIBUTE_BELOW,
            values={
                "attribute": one.label,
                "score": judgment.scores[one],
                "mark": mark,
            },
        )
        for one in Attribute
        if judgment.scores[one] < (mark := rule.pass_marks[one].value)
    )
    score = str(min(judgment.scores[one] for one in Attribute))
    return _decided(score, below, inputs, passed=not below)


def _inputs(judgment: Judgment, present: int) -> dict[str, Plain]:
    inputs: dict[str, Plain] = {"present": present}
    for question, answer in judgment.answers.items():
        inputs[question.value] = answer.yes
        inputs[f"{question.value}_because"] = answer.reason
    for attribute, score in judgment.scores.items():
        inputs[attribute.value] = score
    return inputs


def _unanswered(question: Question) -> Reason:
    values = {"question": question.label}
    return Reason(code=Code.ANSWER_MISSING, values=values, supplier=Role.OFFICE)


def _undecided(reasons: Reasons, inputs: dict[str, Plain]) -> Verdict:
    return Verdict(
        rule=RULE, revision=REVISION, passed=False, reasons=reasons, inputs=inputs
    )


def _decided(
    score: str, reasons: Reasons, inputs: dict[str, Plain], *, passed: bool
) -> Verdict:
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=passed,
        score=score,
        reasons=reasons,
        inputs=inputs,
    )
