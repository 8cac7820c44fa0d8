"""Ready to be assigned: a complete plan, measurable tasks, assessments (B6, B7, B8).

``ready`` first collects its inputs, then decides from these alone. So a verdict's
inputs are enough to decide again.
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
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import AssessmentRule
from huimin_flow.model.deciding.deliberations import Assessment
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.items import Item

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
    """Decide whether an item can be assigned, and name everything that is missing.

    Of several accepted assessments of a kind, the one with the highest key counts:
    it was made after a risk was treated.

    >>> from huimin_flow.catalogue.terms import State
    >>> item = Item(number="2026-00007", title="零工市场", origin=Origin.OPINION,
    ...     area=Area.EMPLOYMENT, unit="500101", state=State.LISTED, version=6,
    ...     collected_on=date(2026, 3, 1), stars=4)
    >>> plan = Plan(deliverable="建成零工市场1个", carrier="区就业局", path="改造",
    ...     method="政府购买服务", satisfaction_measure="扫码测评")
    >>> verdict = ready(item, plan, (), today=date(2027, 1, 4), rules=())
    >>> verdict.passed, [reason.code for reason in verdict.reasons]
    (False, [<Code.NO_TASK: 'no_task'>])

    """
    inputs: dict[str, Plain] = {
        "today": today.isoformat(),
        "stars": item.stars,
        "area": item.area.value,
        "origin": item.origin.value,
        **{each.value: bool(getattr(plan, each.value).strip()) for each in PlanField},
        "tasks": len(plan.tasks),
    }
    for n, task in enumerate(plan.tasks, 1):
        name = f"task{n}"
        inputs |= {
            f"{name}_key": task.key,
            f"{name}_unit": bool(task.unit.strip()),
            f"{name}_due": task.due.isoformat(),
            f"{name}_unmeasured": bool((task.unmeasured or "").strip()),
            f"{name}_indicators": len(task.indicators),
        }
        for k, indicator in enumerate(task.indicators, 1):
            target = f"{name}_indicator{k}"
            inputs |= {
                target: indicator.name,
                f"{target}_kind": indicator.kind.value,
                f"{target}_comparator": indicator.comparator.value,
                f"{target}_value": indicator.value,
                f"{target}_denominator": bool((indicator.denominator or "").strip()),
                f"{target}_tolerance": bool((indicator.tolerance or "").strip()),
            }
    for each in sorted(assessments, key=lambda each: each.key):
        if each.item == item.number and each.state is AssessmentState.ACCEPTED:
            inputs[f"{each.kind.value}_high_risk"] = each.high_risk
    return ready_from(inputs, rules)


def ready_from(
    inputs: Mapping[str, Plain], rules: tuple[AssessmentRule, ...]
) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``ready`` did."""
    reasons = [
        Reason.of(Code.PLAN_FIELD_MISSING, Role.OPERATOR, field=field.value)
        for field in PlanField
        if not inputs[field.value]
    ]
    if not inputs["tasks"]:
        reasons.append(Reason.of(Code.NO_TASK, Role.OPERATOR))
    for n in range(1, int(inputs["tasks"] or 0) + 1):
        reasons += _task_lacks(inputs, f"task{n}")
    stars = int(inputs["stars"] or 0)
    area, origin = Area(str(inputs["area"])), Origin(str(inputs["origin"]))
    needed = _needed(stars, area, origin, rules)
    for kind in AssessmentKind:
        # A high risk stops the item even if no rule needs the assessment.
        high_risk = inputs.get(f"{kind.value}_high_risk")
        if high_risk or (high_risk is None and kind in needed):
            code = Code.ASSESSMENT_HIGH_RISK if high_risk else Code.ASSESSMENT_MISSING
            reasons.append(Reason.of(code, Role.OFFICE, kind=kind.value))
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=not reasons,
        reasons=tuple(reasons),
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


def _task_lacks(inputs: Mapping[str, Plain], name: str) -> Iterator[Reason]:
    key, due = inputs[f"{name}_key"], str(inputs[f"{name}_due"])
    if not inputs[f"{name}_unit"]:
        yield Reason.of(Code.TASK_WITHOUT_UNIT, Role.OPERATOR, task=key)
    if date.fromisoformat(due) < date.fromisoformat(str(inputs["today"])):
        yield Reason.of(Code.TASK_DUE_BEFORE_START, Role.OPERATOR, task=key, due=due)
    targets = int(inputs[f"{name}_indicators"] or 0)
    if not targets and not inputs[f"{name}_unmeasured"]:
        yield Reason.of(Code.TASK_UNMEASURED, Role.OPERATOR, task=key)
    for n in range(1, targets + 1):
        target = f"{name}_indicator{n}"
        kind = inputs[f"{target}_kind"]
        approximate = inputs[f"{target}_comparator"] == Comparator.APPROX
        if kind == IndicatorKind.FULL and not inputs[f"{target}_denominator"]:
            flaw = TargetFlaw.NO_DENOMINATOR
        elif kind == IndicatorKind.ZERO:
            continue
        elif int(inputs[f"{target}_value"] or 0) <= 0:
            flaw = TargetFlaw.NOT_POSITIVE
        elif approximate and not inputs[f"{target}_tolerance"]:
            flaw = TargetFlaw.NO_TOLERANCE
        else:
            continue
        code, values = Code.TARGET_NOT_MEASURABLE, {"indicator": inputs[target]}
        yield Reason.of(code, Role.OPERATOR, **values, hint=flaw.value)
