"""Every revision of every rule that a verdict may name, to be asked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from huimin_flow.model.deliberation import Answer, Judgment
from huimin_flow.model.rules import Rules
from huimin_flow.model.verdict import Plain, Verdict
from huimin_flow.rules import evaluating, judging, screening, starring
from huimin_flow.terms import Attribute, Criterion, Dimension, Origin, Question


def _screening(inputs: Mapping[str, Plain], rules: Rules) -> Verdict:
    scores = {one: _number(inputs[one]) for one in Criterion if one in inputs}
    return screening.screen(Origin(str(inputs["origin"])), scores, rules.screening)


def _judging(inputs: Mapping[str, Plain], rules: Rules) -> Verdict:
    judgment = Judgment(
        answers={
            one: Answer(
                yes=inputs[one] is True, reason=str(inputs[f"{one.value}_because"])
            )
            for one in Question
            if one in inputs
        },
        scores={one: _number(inputs[one]) or 0 for one in Attribute if one in inputs},
    )
    present = _number(inputs["present"]) or 0
    return judging.judge(judgment, present=present, rule=rules.judging)


def _starring(inputs: Mapping[str, Plain], rules: Rules) -> Verdict:
    scores = {one: _number(inputs[one]) for one in Dimension}
    known = {one: given for one, given in scores.items() if given is not None}
    return starring.star(known, rules.stars)


def _evaluating(inputs: Mapping[str, Plain], rules: Rules) -> Verdict:
    fulfilment = inputs["fulfilment"]
    return evaluating.evaluate(
        None if fulfilment is None else str(fulfilment),
        _number(inputs["satisfaction"]),
        rules.evaluation,
    )


#: By (rule, revision): from a verdict's inputs and its rulebook to the verdict.
REGISTRY: Mapping[tuple[str, int], Callable[[Mapping[str, Plain], Rules], Verdict]] = {
    ("screening", 1): _screening,
    ("judging", 1): _judging,
    ("starring", 1): _starring,
    ("evaluating", 1): _evaluating,
}


def rederive(verdict: Verdict, rules: Rules) -> Verdict | None:
    """Ask a verdict's rule again, from its inputs and the rules of its time.

    Returns None for rules whose inputs are whole histories (selection,
    readiness, fulfilment): replay checks those by another road.
    """
    again = REGISTRY.get((verdict.rule, verdict.revision))
    return None if again is None else again(verdict.inputs, rules)


def _number(given: Plain) -> int | None:
    if given is None or isinstance(given, bool):
        return None
    return int(given)
