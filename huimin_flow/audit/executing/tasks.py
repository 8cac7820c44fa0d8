"""Tasks that were changed or sent back, held against their item then (C2).

1. A changed task is kept with how far the item's tasks cover its targets then.
2. A task is sent back by the unit that has it, in the round and under the plan of its
   item then.
3. An excuse counts in the round of its item then.
4. A reassignment changes the task that it names: its unit, its due day, the figures of
   its targets; and nothing else of the plan.
"""

from __future__ import annotations

from huimin_flow.audit.core.applied import Applied
from huimin_flow.catalogue.terms import Flaw, TaskReturnStep
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.executing.plans import Excuse, Plan, Task
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.executing import tasks


def hold_coverage(act: Applied, item: Item, verdict: Verdict, book: Rulebook) -> None:
    """Decide again whether the tasks of an item still reach its targets."""
    ledger, number = act.ledger, item.number
    named = str(act.event.public.get("task"))
    before, after = item.plan or Plan(), ledger.items[number].plan or Plan()
    old, new = (
        next((task for task in plan.tasks if task.key == named), None)
        for plan in (before, after)
    )
    may = old is not None and new is not None and _marks(old) == _marks(new)
    if new is None or not may or tasks.with_task(before, new) != after:
        act.flag(Flaw.DECISION_MISMATCH, named, part="plan", law="tasks 4")
    again = tasks.reassigning(
        item,
        after,
        named,
        ledger.of(TaskReturn, number),
        ledger.of(Excuse, number),
        book,
        act.event.occurred_on,
    ).verdict
    if again != verdict:
        score = None if again is None else again.score
        flaw, part = Flaw.DECISION_MISMATCH, "verdict"
        act.flag(flaw, score, part=part, law="tasks 1")


def _marks(task: Task) -> tuple[object, ...]:
    """Return what of a task no reassignment changes."""
    names = tuple((each.name, each.kind, each.unit) for each in task.indicators)
    return task.title, task.unmeasured, task.curve, names


def hold_task_return(act: Applied, made: TaskReturn) -> None:
    """Hold a task's return against its item."""
    if act.event.step != TaskReturnStep.RETURN:
        return
    item = act.ledger.items[made.item]
    units = {task.key: task.unit for task in (item.plan or Plan()).tasks}
    act.hold("unit", units.get(made.task, ""), law="tasks 2")
    act.hold("rounds", item.rounds, law="tasks 2")
    act.hold("returns", item.returns, law="tasks 2")


def hold_excuse(act: Applied, made: Excuse) -> None:
    """Hold an excuse against its item."""
    act.hold("rounds", act.ledger.items[made.item].rounds, law="tasks 3")
