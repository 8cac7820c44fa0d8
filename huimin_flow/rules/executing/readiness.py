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
    MarkSide,
    Origin,
    OutcomeKind,
    PlanField,
    Role,
    TargetFlaw,
)
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import AssessmentRule, Rules
from huimin_flow.model.deciding.deliberations import Assessment
from huimin_flow.model.executing.agreements import SatisfactionMeasure
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
    rules: Rules,
) -> Verdict:
    """Decide whether an item can be assigned, and name everything that is missing.

    Of several accepted assessments of a kind, the one with the highest key counts:
    it was made after a risk was treated.
    """
    inputs: dict[str, Plain] = {
        "today": today.isoformat(),
        "stars": item.stars,
        "area": item.area.value,
        "origin": item.origin.value,
        "tasks": len(plan.tasks),
    }
    inputs |= _agreed(plan)
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


def ready_from(inputs: Mapping[str, Plain], rules: Rules) -> Verdict:
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
    reasons += _agreements_lack(inputs, rules.evaluation.satisfaction_mark.value)
    stars = int(inputs["stars"] or 0)
    area, origin = Area(str(inputs["area"])), Origin(str(inputs["origin"]))
    needed = _needed(stars, area, origin, rules.assessments)
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


def _agreed(plan: Plan) -> dict[str, Plain]:
    """Return what a plan agrees besides its tasks, as inputs of the rule."""
    kinds = {outcome.kind.value for outcome in plan.outcomes}
    measure = plan.satisfaction_measure
    inputs: dict[str, Plain] = {
        PlanField.DELIVERABLE.value: bool(plan.deliverable.strip()),
        PlanField.CARRIER.value: bool(plan.carrier.strip()),
        PlanField.PATH.value: bool(plan.path.strip()),
        PlanField.METHOD.value: bool(plan.method.strip()),
        PlanField.SATISFACTION_MEASURE.value: measure != SatisfactionMeasure(),
        **{kind.value: kind.value in kinds for kind in OutcomeKind},
        "measure_method": measure.method is not None,
        "measure_population": bool(measure.population.strip()),
        "measure_size": measure.size,
        "measure_share": measure.share,
        "measure_mark": measure.mark,
        "outcomes": len(plan.outcomes),
    }
    for n, outcome in enumerate(plan.outcomes, 1):
        name = f"outcome{n}"
        inputs |= {
            f"{name}_key": outcome.key.strip(),
            f"{name}_statement": bool(outcome.statement.strip()),
            f"{name}_counted": bool(outcome.counted.strip()),
            f"{name}_side": outcome.side.value,
            f"{name}_mark": outcome.mark,
            f"{name}_unit": bool(outcome.unit.strip()),
            f"{name}_check": bool(outcome.check.strip()),
            f"{name}_due": outcome.due.isoformat(),
        }
    return inputs


def _agreements_lack(inputs: Mapping[str, Plain], floor: int) -> Iterator[Reason]:
    """Yield what keeps outcomes and satisfaction from being told apart afterwards."""
    keys = [
        str(inputs[f"outcome{n}_key"])
        for n in range(1, int(inputs["outcomes"] or 0) + 1)
    ]
    for n, key in enumerate(keys, 1):
        if not key or key in keys[: n - 1]:
            yield Reason.of(Code.OUTCOME_KEY_UNFIT, Role.OPERATOR, outcome=key)
        name = f"outcome{n}"
        due = date.fromisoformat(str(inputs[f"{name}_due"]))
        mark, counted = inputs[f"{name}_mark"], inputs[f"{name}_counted"]
        least = 0 if inputs[f"{name}_side"] == MarkSide.AT_MOST else 1
        flaws = {
            TargetFlaw.NO_STATEMENT: not inputs[f"{name}_statement"],
            TargetFlaw.NOTHING_TO_CHECK: not counted and not inputs[f"{name}_check"],
            TargetFlaw.NO_MARK: counted and (mark is None or int(mark) < least),
            TargetFlaw.NO_MEASURE: counted and not inputs[f"{name}_unit"],
            TargetFlaw.DUE_PAST: due < date.fromisoformat(str(inputs["today"])),
        }
        for flaw in (flaw for flaw, lacks in flaws.items() if lacks):
            code, hint = Code.OUTCOME_UNMEASURABLE, flaw.value
            yield Reason.of(code, Role.OPERATOR, outcome=key or n, hint=hint)
    if not inputs[PlanField.SATISFACTION_MEASURE.value]:
        return
    size, share = int(inputs["measure_size"] or 0), int(inputs["measure_share"] or 0)
    sampled = max(size, share) > 0 and min(size, share) >= 0 and share <= 100
    flaws = {
        TargetFlaw.NO_METHOD: not inputs["measure_method"],
        TargetFlaw.NO_POPULATION: not inputs["measure_population"],
        TargetFlaw.NO_SAMPLE: not sampled,
        TargetFlaw.MARK_UNFIT: not floor <= int(inputs["measure_mark"] or 0) <= 100,
    }
    for flaw in (flaw for flaw, lacks in flaws.items() if lacks):
        code = Code.SATISFACTION_UNMEASURABLE
        yield Reason.of(code, Role.OPERATOR, hint=flaw.value)


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
