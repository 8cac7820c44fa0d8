"""Judgment in a deliberation: 想做 → 可做 → 能做 → 该做 (B1, B2)."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Attribute, Question, Role, Step
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import JudgingRule
from huimin_flow.model.deciding.deliberations import Judgment

RULE: Final = "judging"
REVISION: Final = 1


def judge(judgment: Judgment, *, present: int, rule: JudgingRule) -> Verdict:
    """Ask the four questions in their order; the first "no" decides.

    ``present`` counts participants. Without a quorum, an answer, its reason or a
    score nothing is decided and ``score`` is None. Otherwise ``score`` is the
    lowest of the three attributes, and "0" where a question was answered no.

    >>> from huimin_flow.model.core.rules import Figure
    >>> rule = JudgingRule(
    ...     pass_marks={}, quorum=Figure(value=3, source="ours"),
    ...     on_no={Question.PERMITTED: Step.REJECT},
    ... )
    >>> from huimin_flow.model.deciding.deliberations import Answer
    >>> judgment = Judgment(scores={}, answers={
    ...     Question.WANTED: Answer(yes=True, reason="群众反映集中"),
    ...     Question.PERMITTED: Answer(yes=False, reason="缺少上位法依据"),
    ... })
    >>> found = judge(judgment, present=5, rule=rule)
    >>> found.passed, found.reasons[0].values["because"], fate(found, rule).label
    (False, '缺少上位法依据', '不予采纳')

    """
    inputs: dict[str, Plain] = {"present": present}
    for question, answer in judgment.answers.items():
        inputs[question.value] = answer.yes
        inputs[f"{question.value}_because"] = answer.reason
    inputs |= {attribute.value: score for attribute, score in judgment.scores.items()}
    if (quorum := rule.quorum.value) > present:
        lacking = [_lacking(Code.QUORUM_NOT_MET, present=present, quorum=quorum)]
        return _verdict(None, lacking, inputs, passed=False)
    for question in Question:
        asked = judgment.answers.get(question)
        if asked is None or not asked.reason.strip():
            code = Code.ANSWER_MISSING if asked is None else Code.GROUNDS_MISSING
            lacking = [_lacking(code, question=question.value)]
            return _verdict(None, lacking, inputs, passed=False)
        if not asked.yes:
            values: dict[str, Plain] = {"question": question.value}
            values["because"] = asked.reason
            no = Reason(code=Code.ANSWERED_NO, values=values)
            return _verdict("0", [no], inputs, passed=False)
    lacking, held = [], []
    for attribute in Attribute:
        score = judgment.scores.get(attribute)
        criterion = attribute.value
        if score is None:
            lacking.append(_lacking(Code.SCORE_MISSING, criterion=criterion))
        elif not 0 <= score <= 100:
            code = Code.SCORE_OUT_OF_RANGE
            lacking.append(_lacking(code, criterion=criterion, given=score))
        else:
            mark = rule.pass_marks[attribute].value
            code = Code.ATTRIBUTE_REACHES if score >= mark else Code.ATTRIBUTE_BELOW
            values = {"attribute": criterion, "score": score, "mark": mark}
            held.append(Reason(code=code, values=values))
    if lacking:
        return _verdict(None, lacking, inputs, passed=False)
    below = [reason for reason in held if reason.code == Code.ATTRIBUTE_BELOW]
    lowest = str(min(judgment.scores[attribute] for attribute in Attribute))
    return _verdict(lowest, below or held, inputs, passed=not below)


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


def _lacking(code: Code, **values: Plain) -> Reason:
    return Reason(code=code, values=values, supplier=Role.OFFICE)


def _verdict(
    score: str | None, reasons: list[Reason], inputs: dict[str, Plain], *, passed: bool
) -> Verdict:
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=passed,
        score=score,
        reasons=tuple(reasons),
        inputs=inputs,
    )
