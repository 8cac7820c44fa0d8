"""What of a unit's goes to another unit with an item, and what hangs on a unit (F1)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.items import Item


def units_of(item: Item) -> frozenset[str]:
    """Return the units that owe something in an item: its own, and its tasks'."""
    tasks = (item.plan or Plan()).tasks
    return frozenset({item.unit, *(task.unit for task in tasks)})


def transferred(
    item: Item, former: str, unit: str, *, task: str | None = None
) -> dict[str, object]:
    """Return the fields that change when a unit's part in an item goes to another.

    That is the item, if it is the former unit's, and those of its tasks for which
    that unit is accountable. With ``task``, only that task.
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
    if tasks != plan.tasks:
        changes["plan"] = replace(plan, tasks=tasks)
    return changes


def transferred_back(before: Item, after: Item) -> dict[str, str]:
    """Return the arguments of the transfer that takes back a transfer."""
    if before.unit != after.unit:
        return {"unit": before.unit}
    plans = (before.plan or Plan()).tasks, (after.plan or Plan()).tasks
    moved = (task for task, now in zip(*plans, strict=True) if task.unit != now.unit)
    return next({"unit": task.unit, "task": task.key} for task in moved)
