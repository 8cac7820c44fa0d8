"""Judgment in a deliberation: 想做 → 可做 → 能做 → 该做 (B1, B2)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from huimin_flow.catalogue.reasons import Code, MeetingCode, Reasons
from huimin_flow.catalogue.terms import Attribute, Question, Role, Step
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import JudgingRule
from huimin_flow.model.deciding.deliberations import Answer, Judgment
from huimin_flow.model.deciding.resources import Means
from huimin_flow.rules.core.formula import score_flaw, scores_in

RULE: Final = "judging"
REVISION: Final = 1

_verdict = partial(Verdict, rule=RULE, revision=REVISION)


def judge(
    judgment: Judgment,
    *,
    present: int,
    rule: JudgingRule,
    means: Means | None = None,
) -> Verdict:
    """Ask the four questions in their order; the first "no" decides.

    ``present`` counts participants. ``means`` are what there is for the item in its
    period, None if nobody stated it. If the quorum, an answer, its reason or a score
    is missing, nothing is decided and ``score`` is None. Otherwise ``score`` is the
    lowest of the three attributes, or "0" if an answer is no.

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
    >>> verdict = judge(judgment, present=5, rule=rule)
    >>> verdict.passed, verdict.reasons[0].values["because"], fate(verdict, rule).label
    (False, '缺少上位法依据', '不予采纳')

    """
    inputs: dict[str, Plain] = {"present": present}
    for question, reply in judgment.answers.items():
        inputs[question.value] = reply.yes
        inputs[f"{question.value}_because"] = reply.reason
        named = {"evidence": reply.evidence, "file": reply.file}
        inputs |= {f"{question.value}_{k}": text for k, text in named.items() if text}
    inputs |= {attribute.value: score for attribute, score in judgment.scores.items()}
    said = () if means is None else _said_of(means)
    inputs |= {} if means is None else _inputs_of(means)
    if (quorum := rule.quorum.value) > present:
        code = Code.QUORUM_NOT_MET
        no = Reason.of(code, Role.OFFICE, present=present, quorum=quorum)
        return _verdict(passed=False, reasons=(no,), inputs=inputs)
    for question in Question:
        answer, name = judgment.answers.get(question), question.value
        if answer is None or not answer.reason.strip():
            code = Code.ANSWER_MISSING if answer is None else Code.GROUNDS_MISSING
            no = Reason.of(code, Role.OFFICE, question=name)
            return _verdict(passed=False, reasons=(no,), inputs=inputs)
        if not answer.yes:
            no = Reason.of(Code.ANSWERED_NO, question=name, because=answer.reason)
            return _verdict(passed=False, score="0", reasons=(no,), inputs=inputs)
        if question is Question.CAPABLE and _lacks(inputs):
            return _verdict(passed=False, score="0", reasons=said, inputs=inputs)
    lacking: list[Reason] = []
    below: list[Reason] = []
    reached: list[Reason] = []
    for attribute in Attribute:
        score = judgment.scores.get(attribute)
        flaw = score_flaw(attribute, score, Role.OFFICE)
        if flaw is not None:
            lacking.append(flaw)
            continue
        mark = rule.pass_marks[attribute].value
        reaches = score is not None and score >= mark
        code = Code.ATTRIBUTE_REACHES if reaches else Code.ATTRIBUTE_BELOW
        reason = Reason.of(code, attribute=attribute.value, score=score, mark=mark)
        (reached if reaches else below).append(reason)
    if lacking:
        return _verdict(passed=False, reasons=tuple(lacking), inputs=inputs)
    return _verdict(
        passed=not below,
        score=str(min(judgment.scores[attribute] for attribute in Attribute)),
        reasons=(*(below or reached), *said),
        inputs=inputs,
    )


def _said_of(means: Means) -> Reasons:
    """Return what is said of an item's cost and what there is for it."""
    if means.cost is None:
        code = MeetingCode.COST_NOT_STATED
        return (Reason.of(code, Role.OFFICE, period=means.period),)
    code = MeetingCode.MEANS_SHORT if means.short else MeetingCode.MEANS_SUFFICE
    return (
        Reason.of(
            code,
            cost=means.cost,
            period=means.period,
            amount=means.amount,
            taken=means.taken,
            left=means.left,
        ),
    )


def fate(verdict: Verdict, rule: JudgingRule) -> Step | None:
    """Return the step of a negative judgment, reject or defer, or None.

    None means that the item passed or that nothing was decided. An item with four
    times yes and a low attribute is deferred: it may be ready in another year.
    """
    if verdict.passed or verdict.score is None:
        return None
    for question in Question:
        if verdict.inputs.get(question.value) is False:
            return rule.on_no[question]
        if question is Question.CAPABLE and lacks_means(verdict):
            return rule.on_no[question]
    return Step.DEFER


def _inputs_of(means: Means) -> dict[str, Plain]:
    inputs: dict[str, Plain] = {
        "resources_period": means.period,
        "resources_amount": means.amount,
        "resources_taken": means.taken,
        "resources_decide": means.decides,
    }
    return inputs if means.cost is None else inputs | {"cost": means.cost}


def means_in(inputs: Mapping[str, Plain]) -> Means | None:
    """Return the resources in the inputs of a verdict of ``judge``, None without."""
    if "resources_period" not in inputs:
        return None
    cost = inputs.get("cost")
    return Means(
        period=str(inputs["resources_period"]),
        amount=int(str(inputs["resources_amount"])),
        taken=int(str(inputs["resources_taken"])),
        cost=None if cost is None else int(str(cost)),
        decides=inputs["resources_decide"] is True,
    )


def lacks_means(verdict: Verdict) -> bool:
    """Tell whether resources did not suffice, and that decides."""
    return _lacks(verdict.inputs)


def _lacks(inputs: Mapping[str, Plain]) -> bool:
    means = means_in(inputs)
    return means is not None and means.refuses


def judgment_of(inputs: Mapping[str, Plain]) -> Judgment:
    """Return the answers and scores in the inputs of a verdict of ``judge``.

    Raises:
        KeyError: if an answer has no reason.
        ValueError: for a score that is no integer.

    """
    answers = {
        question: Answer(
            yes=inputs[question.value] is True,
            reason=str(inputs[f"{question.value}_because"]),
            evidence=str(inputs.get(f"{question.value}_evidence", "")),
            file=str(inputs.get(f"{question.value}_file", "")),
        )
        for question in Question
        if question.value in inputs
    }
    return Judgment(answers=answers, scores=scores_in(inputs, Attribute))
