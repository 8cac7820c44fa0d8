"""Ready to be assigned: a complete plan, measurable tasks, assessments (B6, B7, B8).

``ready`` first collects its inputs, then decides from these alone. So a verdict's
inputs are enough to decide again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from huimin_flow.catalogue.reasons import Code, TaskCode
from huimin_flow.catalogue.reasons.reason import plain
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
    Relation,
    Role,
    SatisfactionMethod,
    TargetFlaw,
    Unlimited,
)
from huimin_flow.model.core.canonical import GREATEST
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import AssessmentRule, Rules, ScaleRule
from huimin_flow.model.deciding.assessments import Assessment, bond_code
from huimin_flow.model.executing.agreements import SatisfactionMeasure
from huimin_flow.model.executing.plans import Indicator, Plan, Task
from huimin_flow.model.items import Item
from huimin_flow.rules.executing.figures import SHARES

RULE: Final = "readiness"
REVISION: Final = 1


def ready(
    item: Item,
    plan: Plan,
    assessments: Sequence[Assessment],
    *,
    today: date,
    rules: Rules,
    bonds: Sequence[tuple[str, Relation, str]] = (),
) -> Verdict:
    """Decide whether an item can be assigned, and name everything that is missing.

    Of several finished assessments of a kind, the one with the highest key counts. A
    high risk stops the item until its treatment is accepted. ``bonds`` are assessor,
    relation and party where an assessor is bound to who executes the plan.
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
        inputs |= _planned(f"task{n}", task)
    if plan.indicators:
        inputs["indicators"] = len(plan.indicators)
        inputs |= _measured("own", plan.indicators)
    people, money = scale(plan, rules.scale)
    inputs |= {"people": people, "money": money}
    mine = [made for made in assessments if made.item == item.number]
    for kind, at_risk in open_risks(mine).items():
        inputs[f"{kind.value}_high_risk"] = at_risk
    for n, (assessor, relation, party) in enumerate(bonds, 1):
        inputs |= {f"bond{n}": assessor, f"bond{n}_party": party}
        inputs[f"bond{n}_relation"] = relation.value
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
    keys = [
        str(inputs[f"task{n}_key"]) for n in range(1, int(inputs["tasks"] or 0) + 1)
    ]
    for n, key in enumerate(keys, 1):
        if not key.strip() or key in keys[: n - 1]:
            reasons.append(Reason.of(TaskCode.KEY_TWICE, Role.OPERATOR, task=key))
        reasons += _task_lacks(inputs, f"task{n}")
    reasons += _targets_lack(inputs, "own", int(inputs.get("indicators") or 0))
    reasons += _agreements_lack(inputs, rules.evaluation.satisfaction_mark.value)
    needs = clauses(inputs, rules.assessments)
    for kind in AssessmentKind:
        # A high risk stops the item even if no rule needs the assessment.
        at_risk = inputs.get(f"{kind.value}_high_risk")
        if at_risk:
            code = Code.ASSESSMENT_HIGH_RISK
            reasons.append(Reason.of(code, Role.OFFICE, kind=kind.value))
        elif at_risk is None and kind in needs:
            why = _conditions(needs[kind], rules.assessments)
            reasons.append(Reason.of(Code.ASSESSMENT_MISSING, Role.OFFICE, **why))
    n = 1
    while f"bond{n}" in inputs:
        bond: dict[str, Plain] = {"assessor": inputs[f"bond{n}"]}
        bond["relation"] = inputs[f"bond{n}_relation"]
        code, bond["party"] = bond_code(bond["relation"]), inputs[f"bond{n}_party"]
        reasons.append(Reason.of(code, Role.OFFICE, **bond))
        n += 1
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=not reasons,
        reasons=tuple(reasons),
        inputs=dict(inputs),
    )


def needed(
    item: Item, rules: Rules, plan: Plan | None = None
) -> tuple[AssessmentKind, ...]:
    """Return the assessments that an item needs by stars, area, origin, scale (B7).

    Its scale is known once it has a plan.
    """
    people, money = scale(plan or Plan(), rules.scale)
    inputs: dict[str, Plain] = {
        "stars": item.stars,
        "area": item.area.value,
        "origin": item.origin.value,
        "people": people,
        "money": money,
    }
    return tuple(clauses(inputs, rules.assessments))


def scale(plan: Plan, rule: ScaleRule) -> tuple[int, int]:
    """Return the greatest number of people and of yuan that a plan names; 0 for none.

    Targets overlap, so they are not added.
    """
    figures = [
        *((each.unit, each.value) for task in plan.tasks for each in task.indicators),
        *((each.unit, each.value) for each in plan.indicators),
        *((each.unit, each.mark or 0) for each in plan.outcomes),
    ]
    people = max((value for unit, value in figures if unit in rule.people), default=0)
    yuan = (value * rule.money[unit] for unit, value in figures if unit in rule.money)
    return people, min(max(yuan, default=0), GREATEST)


def open_risks(assessments: Iterable[Assessment]) -> dict[AssessmentKind, bool]:
    """Return by kind whether the last finished assessment has a risk to treat.

    A kind without a finished assessment is left out.
    """
    risks = {AssessmentState.AT_RISK: True, AssessmentState.TREATED: True}
    risks |= {AssessmentState.ACCEPTED: False, AssessmentState.CLEARED: False}
    return {
        made.kind: risks[made.state]
        for made in sorted(assessments, key=lambda made: made.key)
        if made.state in risks
    }


def untreated(assessments: Iterable[Assessment]) -> tuple[AssessmentKind, ...]:
    """Return the kinds of an item's assessments whose high risk stops it."""
    return tuple(kind for kind, open_ in open_risks(assessments).items() if open_)


def clauses(
    inputs: Mapping[str, Plain], rules: tuple[AssessmentRule, ...]
) -> dict[AssessmentKind, int]:
    """Return the kinds that are needed, with the place of the first rule for each.

    ``inputs`` are stars, area, origin, and the scale: people and money.
    """
    area, origin = Area(str(inputs["area"])), Origin(str(inputs["origin"]))
    needs: dict[AssessmentKind, int] = {}
    for n, rule in enumerate(rules, 1):
        floors = (rule.from_stars, rule.from_people, rule.from_money)
        figures = (inputs["stars"], inputs["people"], inputs["money"])
        if (
            all(
                floor is None or int(figure or 0) >= floor.value
                for floor, figure in zip(floors, figures, strict=True)
            )
            and (not rule.areas or area in rule.areas)
            and (not rule.origins or origin in rule.origins)
        ):
            needs.setdefault(rule.kind, n)
    return needs


def _conditions(clause: int, rules: tuple[AssessmentRule, ...]) -> dict[str, Plain]:
    """Return the conditions of a rule as values of a reason."""
    rule, any_ = rules[clause - 1], Unlimited.ANY.value
    floors = {
        "stars": rule.from_stars,
        "people": rule.from_people,
        "money": rule.from_money,
    }
    return {
        "kind": rule.kind.value,
        "rule": clause,
        "areas": plain([area.value for area in rule.areas] or any_),
        "origin": plain([origin.value for origin in rule.origins] or any_),
        **{name: floor.value if floor else any_ for name, floor in floors.items()},
    }


def task_flaws(task: Task, day: date) -> tuple[Reason, ...]:
    """Return what a task lacks by itself: unit, due day from ``day`` on, targets."""
    inputs = _planned("task1", task) | {"today": day.isoformat()}
    return tuple(_task_lacks(inputs, "task1"))


def _planned(name: str, task: Task) -> dict[str, Plain]:
    """Return a task as inputs of the rule."""
    inputs: dict[str, Plain] = {
        f"{name}_key": task.key,
        f"{name}_unit": bool(task.unit.strip()),
        f"{name}_due": task.due.isoformat(),
        f"{name}_unmeasured": bool((task.unmeasured or "").strip()),
        f"{name}_indicators": len(task.indicators),
    }
    return inputs | _measured(name, task.indicators)


def _measured(name: str, indicators: Sequence[Indicator]) -> dict[str, Plain]:
    """Return how indicators are measured, as inputs of the rule."""
    inputs: dict[str, Plain] = {}
    for k, indicator in enumerate(indicators, 1):
        target = f"{name}_indicator{k}"
        inputs |= {
            target: indicator.name,
            f"{target}_kind": indicator.kind.value,
            f"{target}_comparator": indicator.comparator.value,
            f"{target}_value": indicator.value,
            f"{target}_denominator": bool((indicator.denominator or "").strip()),
            f"{target}_tolerance": bool((indicator.tolerance or "").strip()),
        }
    return inputs


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
    if measure.method is SatisfactionMethod.SERVICE_RATINGS and not plan.service_items:
        inputs["measure_of_no_service"] = True
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
        TargetFlaw.NO_SERVICE_ITEM: "measure_of_no_service" in inputs,
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
    yield from _targets_lack(inputs, name, targets)


def _targets_lack(
    inputs: Mapping[str, Plain], name: str, count: int
) -> Iterator[Reason]:
    """Yield what is wrong with a task's indicators, or the item's own targets."""
    named = [inputs[f"{name}_indicator{n}"] for n in range(1, count + 1)]
    for n in range(1, count + 1):
        target = f"{name}_indicator{n}"
        if named[n - 1] in named[: n - 1]:
            twice = TaskCode.INDICATOR_TWICE
            yield Reason.of(twice, Role.OPERATOR, indicator=named[n - 1])
        kind, whole = inputs[f"{target}_kind"], inputs[f"{target}_denominator"]
        approximate = inputs[f"{target}_comparator"] == Comparator.APPROX
        figure = int(inputs[f"{target}_value"] or 0)
        if kind == IndicatorKind.FULL and not whole:
            flaw = TargetFlaw.NO_DENOMINATOR
        elif kind == IndicatorKind.ZERO:
            continue
        elif figure <= 0:
            flaw = TargetFlaw.NOT_POSITIVE
        elif kind in SHARES and whole and figure > 100:
            flaw = TargetFlaw.ABOVE_WHOLE
        elif approximate and not inputs[f"{target}_tolerance"]:
            flaw = TargetFlaw.NO_TOLERANCE
        else:
            continue
        code, values = Code.TARGET_NOT_MEASURABLE, {"indicator": inputs[target]}
        yield Reason.of(code, Role.OPERATOR, **values, hint=flaw.value)
