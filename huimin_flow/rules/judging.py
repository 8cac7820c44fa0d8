"""Judgment in a deliberation: 想做 → 可做 → 能做 → 该做 (B1, B2)."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Attribute, Question, Role, Step
from huimin_flow.model.deliberation import Judgment
from huimin_flow.model.rules import JudgingRule
from huimin_flow.model.verdict import Plain, Reason, Reasons, Verdict

RULE: Final = "judging"
REVISION: Final = 1


def judge(judgment: Judgment, *, present: int, rule: JudgingRule) -> Verdict:
    """Ask the four questions in their order; the first "no" decides.

    ``present`` counts participants. Without a quorum, an answer, its reason or a
    score nothing is decided and ``score`` is None. Otherwise ``score`` is the
    lowest of the three attributes, and "0" where a question was answered no.

    >>> from huimin_flow.model.rules import Figure
    >>> rule = JudgingRule(
    ...     pass_marks={}, quorum=Figure(value=3, source="ours"),
    ...     on_no={Question.PERMITTED: Step.REJECT},
    ... )
    >>> from huimin_flow.model.deliberation import Answer
    >>> judgment = Judgment(scores={}, answers={
    ...     Question.WANTED: Answer(yes=True, reason="群众反映集中"),
    ...     Question.PERMITTED: Answer(yes=False, reason="缺少上位法依据"),
    ... })
    >>> found = judge(judgment, present=5, rule=rule)
    >>> found.passed, found.reasons[0].values["because"], fate(found, rule).label
    (False, '缺少上位法依据', '不予采纳')

    """
    inputs = _inputs(judgment, present)
    if present < rule.quorum.value:
        values: dict[str, Plain] = {"present": present, "quorum": rule.quorum.value}
        lacking = Reason(code=Code.QUORUM_NOT_MET, values=values, supplier=Role.OFFICE)
        return _verdict(None, (lacking,), inputs, passed=False)
    for question in Question:
        answer = judgment.answers.get(question)
        if answer is None or not answer.reason.strip():
            values = {"question": question.value}
            missing = Reason(
                code=Code.ANSWER_MISSING if answer is None else Code.GROUNDS_MISSING,
                values=values,
                supplier=Role.OFFICE,
            )
            return _verdict(None, (missing,), inputs, passed=False)
        if not answer.yes:
            values = {"question": question.value, "because": answer.reason}
            no = Reason(code=Code.ANSWERED_NO, values=values)
            return _verdict("0", (no,), inputs, passed=False)
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
    wanting = tuple(
        _wanting(one, judgment.scores.get(one))
        for one in Attribute
        if not 0 <= judgment.scores.get(one, -1) <= 100
    )
    if wanting:
        return _verdict(None, wanting, inputs, passed=False)
    held = tuple(
        _held(one, judgment.scores[one], rule.pass_marks[one].value)
        for one in Attribute
    )
    below = tuple(one for one in held if one.code == Code.ATTRIBUTE_BELOW)
    score = str(min(judgment.scores[one] for one in Attribute))
    return _verdict(score, below or held, inputs, passed=not below)


def _wanting(attribute: Attribute, given: int | None) -> Reason:
    values: dict[str, Plain] = {"criterion": attribute.value}
    code = Code.SCORE_MISSING
    if given is not None:
        code, values = Code.SCORE_OUT_OF_RANGE, {**values, "given": given}
    return Reason(code=code, values=values, supplier=Role.OFFICE)


def _held(attribute: Attribute, score: int, mark: int) -> Reason:
    code = Code.ATTRIBUTE_REACHES if score >= mark else Code.ATTRIBUTE_BELOW
    values: dict[str, Plain] = {
        "attribute": attribute.value,
        "score": score,
        "mark": mark,
    }
    return Reason(code=code, values=values)


def _inputs(judgment: Judgment, present: int) -> dict[str, Plain]:
    inputs: dict[str, Plain] = {"present": present}
    for question, answer in judgment.answers.items():
        inputs[question.value] = answer.yes
        inputs[f"{question.value}_because"] = answer.reason
    for attribute, score in judgment.scores.items():
        inputs[attribute.value] = score
    return inputs


def _verdict(
    score: str | None, reasons: Reasons, inputs: dict[str, Plain], *, passed: bool
) -> Verdict:
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=passed,
        score=score,
        reasons=reasons,
        inputs=inputs,
    )
