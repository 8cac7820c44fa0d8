"""The forms of an item's tasks: to split it, to change one, to report (C2, C4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from huimin_flow.catalogue.language import say, say_clauses, say_phrase
from huimin_flow.catalogue.terms import (
    Comparator,
    IndicatorKind,
    OutcomeKind,
    UnitKind,
)
from huimin_flow.clock import local_day
from huimin_flow.desk.forms.form import Layout
from huimin_flow.flow import Questions
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.items import Item


def assign(
    now: Questions, layout: Layout, item: Item | None, __: Actor, ___: Mapping[str, str]
) -> Layout:
    """Number the tasks; the item's unit does them."""
    begins = {"plan.tasks[].key": "T{}"}
    indicator = "plan.tasks[].indicators[]"
    begins |= {f"{indicator}.kind": IndicatorKind.FLOW.value}
    begins |= {f"{indicator}.comparator": Comparator.GE.value}
    if item is not None:
        begins["plan.tasks[].unit"] = item.unit
    mark = now.rulebook.active().rules.evaluation.satisfaction_mark.value
    begins |= {"plan.satisfaction_measure.mark": str(mark)}
    begins |= {"plan.outcomes[].key": "E{}"}
    for n, kind in enumerate(OutcomeKind, 1):
        begins[f"plan.outcomes[{n}].kind"] = kind.value
    rows = {"plan.tasks": 1, "plan.tasks[].indicators": 1}
    return layout.beginning(
        begins,
        rows={**rows, "plan.outcomes": len(OutcomeKind)},
        barred={"plan.tasks[].unit": _without_tasks(now)},
    )


def execute(
    _: Questions, layout: Layout, item: Item | None, __: Actor, ___: Mapping[str, str]
) -> Layout:
    """Ask for each task of the plan whether it is met."""
    tasks = () if item is None else (item.plan or Plan()).tasks
    begins = {f"results[{n}].task": task.key for n, task in enumerate(tasks, 1)}
    labels = {
        f"results[{n}]": say_phrase(f"{task.key} ", task.title)
        for n, task in enumerate(tasks, 1)
    }
    return layout.beginning(begins, rows={"results": len(tasks)}, labels=labels)


def excuse(
    _: Questions, layout: Layout, item: Item | None, __: Actor, ___: Mapping[str, str]
) -> Layout:
    """Choose among the tasks of the plan."""
    tasks = () if item is None else (item.plan or Plan()).tasks
    choices = tuple((task.key, f"{task.key} {task.title}") for task in tasks)
    return replace(layout, choices={"task": choices})


def reassign(
    now: Questions,
    layout: Layout,
    item: Item | None,
    by: Actor,
    about: Mapping[str, str],
) -> Layout:
    """Choose among the tasks, and units that may have one; go ``back`` to the last."""
    barred = {"unit": _without_tasks(now)}
    layout = replace(excuse(now, layout, item, by, about), barred=barred)
    if item is None or "back" not in about:
        return layout
    former = dict(now.items.undo(item.number, by).former)
    begins: dict[str, str] = {}
    rows: dict[str, int] = {}
    for name in ("new_targets", "members"):
        lines = former.pop(name, "").splitlines()
        rows |= {name: len(lines)} if lines else {}
        for n, line in enumerate(lines, 1):
            text, _, figure = line.rpartition("=")
            if name == "members":
                begins[f"{name}[{n}]"] = line
            else:
                begins |= {f"{name}[{n}].indicator": text, f"{name}[{n}].value": figure}
    meant = frozenset({"new_targets"})
    return layout.beginning(begins | former, rows=rows, meant=meant)


def _without_tasks(now: Questions) -> frozenset[str]:
    """Return the codes of the units that may not have a task."""
    day = local_day(now.moment())
    units = now.rulebook.active().organization.units_on(day)
    return frozenset(each.code for each in units if each.kind is UnitKind.AUDITOR)


def report(
    now: Questions,
    layout: Layout,
    item: Item | None,
    by: Actor,
    about: Mapping[str, str],
) -> Layout:
    """Ask for each indicator of the own unit's tasks in a month."""
    month = about.get("month", f"{local_day(now.moment()):%Y-%m}")
    units = now.rulebook.active().organization.acts_for(
        by.unit, local_day(now.moment())
    )
    about_one = None if item is None else [item.number]
    sheet = now.tasks.sheet(month, numbers=about_one)
    lines = [line for line in sheet if line.owner in units]
    if item is not None:  # who may execute it reports on tasks of others, too
        lines = lines or list(sheet)
    begins: dict[str, str] = {}
    labels: dict[str, str] = {}
    for n, line in enumerate(lines, 1):
        row = f"reports[{n}]"
        facts = {"item": line.item, "task": line.task, "indicator": line.indicator}
        begins |= {f"{row}.{name}": text for name, text in facts.items()}
        begins[f"{row}.month"] = month
        labels[row] = say_clauses(
            f"{month} {line.item} {line.task} {line.indicator}",
            say("目标{target}{measure}", target=line.target, measure=line.measure),
        )
    if not lines:
        return layout.beginning({"reports[].month": month})
    hidden = {f"reports[].{name}" for name in ("item", "task", "indicator", "month")}
    return replace(
        layout.beginning(begins, rows={"reports": len(lines)}, labels=labels),
        hidden=layout.hidden | hidden,
    )
