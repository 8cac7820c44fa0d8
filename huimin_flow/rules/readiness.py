"""Ready to be assigned: the five things, measurable, assessed (B6, B7, B8).

``ready`` first writes down what it looks at, then decides from that alone, so
that the inputs of a verdict are always enough to ask again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    AssessmentState,
    Comparator,
    IndicatorKind,
    Origin,
    PlanField,
    Role,
    TargetFlaw,
)
from huimin_flow.model.deliberation import Assessment
from huimin_flow.model.indicator import Indicator, Plan, Task
from huimin_flow.model.item import Item
from huimin_flow.model.rules import AssessmentRule
from huimin_flow.model.verdict import Plain, Reason, Verdict

RULE: Final = "readiness"
REVISION: Final = 1


def ready(
    item: Item,
    plan: Plan,
    assessments: Sequence[Assessment],
    *,
    today: date,
    rules: tuple[AssessmentRule, ...],
) -> Verdict:
    """Ask whether an item can be assigned, and name all that is missing.

    Of several accepted assessments of one kind the one with the highest key
    counts: it is the one made after a risk was treated.

    >>> from huimin_flow.catalogue.terms import State
    >>> item = Item(number="2026-00007", title="零工市场", origin=Origin.OPINION,
    ...     area=Area.EMPLOYMENT, unit="500101", state=State.LISTED, version=6,
    ...     collected_on=date(2026, 3, 1), stars=4)
    >>> plan = Plan(deliverable="建成零工市场1个", carrier="区就业局", path="改造",
    ...     method="政府购买服务", satisfaction_measure="扫码测评")
    >>> found = ready(item, plan, (), today=date(2027, 1, 4), rules=())
    >>> found.passed, [reason.code for reason in found.reasons]
    (False, [<Code.NO_TASK: 'no_task'>])

    """
    inputs: dict[str, Plain] = {
        "today": today.isoformat(),
        "stars": item.stars,
        "area": item.area.value,
        "origin": item.origin.value,
        **{one.value: bool(getattr(plan, one.value).strip()) for one in PlanField},
        "tasks": len(plan.tasks),
    }
    for n, task in enumerate(plan.tasks, 1):
        inputs |= _task_inputs(f"task{n}", task)
    own = [one for one in assessments if one.item == item.number]
    for one in sorted(own, key=lambda one: one.key):
        if one.state is AssessmentState.ACCEPTED:
            inputs[f"{one.kind.value}_high_risk"] = one.high_risk
    return ready_from(inputs, rules)


def ready_from(
    inputs: Mapping[str, Plain], rules: tuple[AssessmentRule, ...]
) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``ready`` did."""
    reasons = (*_unfixed(inputs), *_unsettled(inputs), *_assessed(inputs, rules))
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=not reasons,
        reasons=reasons,
        inputs=dict(inputs),
    )


def needed(item: Item, rules: tuple[AssessmentRule, ...]) -> tuple[AssessmentKind, ...]:
    """Return the assessments that an item needs by stars, area and origin (B7)."""
    return _needed(item.stars or 0, item.area, item.origin, rules)


def _needed(
    stars: int, area: Area, origin: Origin, rules: tuple[AssessmentRule, ...]
) -> tuple[AssessmentKind, ...]:
    kinds = [
        rule.kind
        for rule in rules
        if stars >= rule.from_stars.value
        and (not rule.areas or area in rule.areas)
        and (not rule.origins or origin in rule.origins)
    ]
    return tuple(dict.fromkeys(kinds))


def _task_inputs(name: str, task: Task) -> dict[str, Plain]:
    inputs: dict[str, Plain] = {
        f"{name}_key": task.key,
        f"{name}_unit": bool(task.unit.strip()),
        f"{name}_due": task.due.isoformat(),
        f"{name}_unmeasured": bool((task.unmeasured or "").strip()),
        f"{name}_indicators": len(task.indicators),
    }
    for n, indicator in enumerate(task.indicators, 1):
        inputs |= _target_inputs(f"{name}_indicator{n}", indicator)
    return inputs


def _target_inputs(name: str, indicator: Indicator) -> dict[str, Plain]:
    return {
        name: indicator.name,
        f"{name}_kind": indicator.kind.value,
        f"{name}_comparator": indicator.comparator.value,
        f"{name}_value": indicator.value,
        f"{name}_denominator": bool((indicator.denominator or "").strip()),
        f"{name}_tolerance": bool((indicator.tolerance or "").strip()),
    }


def _flaw(inputs: Mapping[str, Plain], name: str) -> TargetFlaw | None:
    kind = inputs[f"{name}_kind"]
    if kind == IndicatorKind.FULL and not inputs[f"{name}_denominator"]:
        return TargetFlaw.NO_DENOMINATOR
    if kind == IndicatorKind.ZERO:
        return None
    if _count(inputs[f"{name}_value"]) <= 0:
        return TargetFlaw.NOT_POSITIVE
    approximate = inputs[f"{name}_comparator"] == Comparator.APPROX
    if approximate and not inputs[f"{name}_tolerance"]:
        return TargetFlaw.NO_TOLERANCE
    return None


def _unfixed(inputs: Mapping[str, Plain]) -> Iterator[Reason]:
    for one in PlanField:
        if not inputs[one.value]:
            yield _operator(Code.PLAN_FIELD_MISSING, field=one.value)
    if not inputs["tasks"]:
        yield _operator(Code.NO_TASK)


def _unsettled(inputs: Mapping[str, Plain]) -> Iterator[Reason]:
    for n in range(1, _count(inputs["tasks"]) + 1):
        name = f"task{n}"
        key = inputs[f"{name}_key"]
        if not inputs[f"{name}_unit"]:
            yield _operator(Code.TASK_WITHOUT_UNIT, task=key)
        due = str(inputs[f"{name}_due"])
        if date.fromisoformat(due) < date.fromisoformat(str(inputs["today"])):
            yield _operator(Code.TASK_DUE_BEFORE_START, task=key, due=due)
        targets = _count(inputs[f"{name}_indicators"])
        if not targets and not inputs[f"{name}_unmeasured"]:
            yield _operator(Code.TASK_UNMEASURED, task=key)
        for target in range(1, targets + 1):
            flaw = _flaw(inputs, f"{name}_indicator{target}")
            if flaw is not None:
                yield _operator(
                    Code.TARGET_NOT_MEASURABLE,
                    indicator=inputs[f"{name}_indicator{target}"],
                    hint=flaw.value,
                )


def _assessed(
    inputs: Mapping[str, Plain], rules: tuple[AssessmentRule, ...]
) -> Iterator[Reason]:
    asked = _needed(
        _count(inputs["stars"]),
        Area(str(inputs["area"])),
        Origin(str(inputs["origin"])),
        rules,
    )
    for kind in AssessmentKind:
        # A high risk stops the item even where no rule asked for the assessment.
        high_risk = inputs.get(f"{kind.value}_high_risk")
        if high_risk:
            yield _office(Code.ASSESSMENT_HIGH_RISK, kind)
        elif high_risk is None and kind in asked:
            yield _office(Code.ASSESSMENT_MISSING, kind)


def _count(given: Plain) -> int:
    return int(given or 0)


def _operator(code: Code, **values: Plain) -> Reason:
    return Reason(code=code, values=values, supplier=Role.OPERATOR)


def _office(code: Code, kind: AssessmentKind) -> Reason:
    return Reason(code=code, values={"kind": kind.value}, supplier=Role.OFFICE)
