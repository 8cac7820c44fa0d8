"""Ready to be assigned: the five things, measurable, assessed (B6, B7, B8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from huimin_flow.model.deliberation import Assessment
from huimin_flow.model.indicator import Indicator, Plan, Task
from huimin_flow.model.item import Item
from huimin_flow.model.rules import AssessmentRule
from huimin_flow.model.verdict import Plain, Reason, Verdict
from huimin_flow.reasons import Code
from huimin_flow.terms import (
    AssessmentKind,
    AssessmentState,
    Comparator,
    IndicatorKind,
    Role,
)

RULE: Final = "readiness"
REVISION: Final = 1

#: What B6 asks for besides the tasks, in the document's words.
FIELDS: Final = (
    ("deliverable", "成果形式"),
    ("carrier", "实施载体"),
    ("path", "路径"),
    ("method", "方法"),
    ("satisfaction_measure", "群众满意度绩效测评方式"),
)


def ready(
    item: Item,
    plan: Plan,
    assessments: Sequence[Assessment],
    *,
    today: date,
    rules: Sequence[AssessmentRule],
) -> Verdict:
    """Ask whether an item can be assigned, and name all that is missing."""
    reasons = (
        *_unfixed(plan),
        *(reason for task in plan.tasks for reason in _task(task, today)),
        *_assessed(item, assessments, rules),
    )
    inputs: dict[str, Plain] = {
        "tasks": len(plan.tasks),
        "indicators": sum(len(task.indicators) for task in plan.tasks),
        "assessments": len(assessments),
        "today": today.isoformat(),
    }
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=not reasons,
        reasons=reasons,
        inputs=inputs,
    )


def needed(item: Item, rules: Sequence[AssessmentRule]) -> tuple[AssessmentKind, ...]:
    """Return the assessments that an item needs by stars, area and origin (B7)."""
    return tuple(
        rule.kind
        for rule in rules
        if (item.stars or 0) >= rule.from_stars.value
        and (not rule.areas or item.area in rule.areas)
        and (not rule.origins or item.origin in rule.origins)
    )


def _unfixed(plan: Plan) -> Iterator[Reason]:
    for name, label in FIELDS:
        if not getattr(plan, name).strip():
            yield _operator(Code.PLAN_FIELD_MISSING, field=label)
    if not plan.tasks:
        yield _operator(Code.NO_TASK)


def _task(task: Task, today: date) -> Iterator[Reason]:
    if not task.unit:
        yield _operator(Code.TASK_WITHOUT_UNIT, task=task.key)
    if task.due < today:
        yield _operator(
            Code.TASK_DUE_BEFORE_START, task=task.key, due=task.due.isoformat()
        )
    if not task.indicators and not (task.unmeasured or "").strip():
        yield _operator(Code.TASK_UNMEASURED, task=task.key)
    for indicator in task.indicators:
        hint = _hint(indicator)
        if hint:
            yield _operator(
                Code.TARGET_NOT_MEASURABLE, indicator=indicator.name, hint=hint
            )


def _hint(indicator: Indicator) -> str:
    if indicator.kind is IndicatorKind.FULL and not indicator.denominator:
        return "应写明以什么为分母"
    if indicator.kind is IndicatorKind.ZERO:
        return ""
    if indicator.value <= 0:
        return "目标值应大于0"
    if indicator.comparator is Comparator.APPROX and not indicator.tolerance:
        return "“左右”应写明允许的偏差"
    return ""


def _assessed(
    item: Item, assessments: Sequence[Assessment], rules: Sequence[AssessmentRule]
) -> Iterator[Reason]:
    accepted = {
        one.kind: one for one in assessments if one.state is AssessmentState.ACCEPTED
    }
    for kind in needed(item, rules):
        found = accepted.get(kind)
        if found is None:
            yield _office(Code.ASSESSMENT_MISSING, kind)
        elif found.high_risk:
            yield _office(Code.ASSESSMENT_HIGH_RISK, kind)


def _operator(code: Code, **values: Plain) -> Reason:
    return Reason(code=code, values=values, supplier=Role.OPERATOR)


def _office(code: Code, kind: AssessmentKind) -> Reason:
    return Reason(code=code, values={"kind": kind.label}, supplier=Role.OFFICE)
