"""How far each indicator of an item got, from what was reported of it (C4)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.model.indicator import Plan
from huimin_flow.model.item import Item
from huimin_flow.model.period import last_day
from huimin_flow.model.rules import FulfilmentRule
from huimin_flow.model.verdict import Verdict
from huimin_flow.rules.fulfilment import fulfilment
from huimin_flow.rules.running import runs
from huimin_flow.store import facts, history


def fulfilments_of(
    connection: Connection, item: Item, rule: FulfilmentRule, day: date
) -> tuple[Verdict, ...]:
    """Return the verdict on every indicator of an item's plan, as ``day`` sees it.

    What ran is judged by the end of its last month: later nothing can be reported.
    """
    told = facts.progress_of(connection, item.number)
    ran = runs(history.events_of(connection, StreamKind.ITEM.key(item.number)))
    until = ran[-1].until if ran else None
    if until is not None:
        day = min(day, last_day(f"{until:%Y-%m}"))
    return tuple(
        fulfilment(
            indicator,
            [
                one
                for one in told
                if (one.task, one.indicator) == (task.key, indicator.name)
            ],
            rule,
            day=day,
        )
        for task in (item.plan or Plan()).tasks
        for indicator in task.indicators
    )
