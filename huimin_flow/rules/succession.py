"""What of a unit's goes to another unit with an item, and what hangs on a unit (F1)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.model.executing.plans import Plan, Supporter
from huimin_flow.model.items import Item


def units_of(item: Item) -> frozenset[str]:
    """Return the units that owe something in an item: its own, and its tasks'."""
    tasks = (item.plan or Plan()).tasks
    return frozenset({item.unit, *(task.unit for task in tasks)})


def supporters_of(item: Item) -> frozenset[str]:
    """Return the units that support an item; they owe nothing in it."""
    return frozenset(each.unit for each in (item.plan or Plan()).supporting_units)


def transferred(
    item: Item, former: str, unit: str, *, task: str | None = None
) -> dict[str, object]:
    """Return the fields that change when a unit's part in an item goes to another.

    That is the item, if it is the former unit's, and those of its tasks for which
    that unit is accountable or that it supports. With ``task``, only that task.
    """
    changes: dict[str, object] = {}
    if task is None and item.unit == former:
        changes["unit"] = unit
    plan = item.plan or Plan()
    tasks = tuple(
        replace(each, unit=unit)
        if each.unit == former and task in {None, each.key}
        else each
        for each in plan.tasks
    )
    helping = plan.supporting_units
    if task is None:
        lead = str(changes.get("unit", item.unit))
        kept: dict[str, Supporter] = {}
        for each in helping:  # two units may have one successor
            heir = replace(each, unit=unit) if each.unit == former else each
            if heir.unit != lead:
                kept.setdefault(heir.unit, heir)
        helping = tuple(kept.values())
    if (tasks, helping) != (plan.tasks, plan.supporting_units):
        changes["plan"] = replace(plan, tasks=tasks, supporting_units=helping)
    return changes


def transferred_back(before: Item, after: Item) -> dict[str, str]:
    """Return the arguments of the transfer that takes back a transfer."""
    if before.unit != after.unit:
        return {"unit": before.unit}
    plans = (before.plan or Plan()).tasks, (after.plan or Plan()).tasks
    for task, now in zip(*plans, strict=True):
        if task.unit != now.unit:
            return {"unit": task.unit, "task": task.key}
    gone = supporters_of(before) - supporters_of(after)
    return {"unit": min(gone)}  # it has ended: nothing goes back to it
