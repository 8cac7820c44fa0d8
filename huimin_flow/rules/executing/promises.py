"""How far the promises of policies are that measures have taken over (A5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from huimin_flow.catalogue.terms import Comparator
from huimin_flow.model.core.rules import FulfilmentRule
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.items import Item
from huimin_flow.model.sensing.policies import (
    CityMeasure,
    Policy,
    Promise,
    PromiseFacts,
)
from huimin_flow.rules.executing.figures import owed_months
from huimin_flow.rules.executing.fulfilment import counted, fulfilment


def promised(
    measure: CityMeasure,
    policy: Policy,
    items: Sequence[Item],
    reports: Mapping[str, Sequence[Progress]],
    months: Mapping[str, Sequence[str]],
    rule: FulfilmentRule,
    day: date,
) -> tuple[PromiseFacts, ...]:
    """Return how far the promises are that a measure has taken over (A5).

    The indicators of its items that have a promise's words are added up, by the kind
    of the first, and compared with the promised figure; without a figure the lowest
    of the plans' own targets counts. Nothing reported is not known, and neither is what
    lacks a figure that a task owes (``owed_months``) of its item's ``months``, by
    number: the missing month may be the bad one. A task that was excused owes nothing.
    """
    known = {promise.key: promise for promise in policy.promises}
    made = []
    for undertaking in measure.undertakings:
        promise = known[undertaking.promise]
        scores = _scores(promise, items, reports, months, rule, day)
        reached = [int(Decimal(s) * 100) for s in scores if s is not None]
        complete = bool(reached) and len(reached) == len(scores)
        made.append(
            PromiseFacts(
                promise=promise.key,
                indicator=promise.indicator,
                due=undertaking.due,
                reached=min(reached) if complete else None,
            )
        )
    return tuple(made)


def _scores(
    promise: Promise,
    items: Sequence[Item],
    reports: Mapping[str, Sequence[Progress]],
    months: Mapping[str, Sequence[str]],
    rule: FulfilmentRule,
    day: date,
) -> list[str | None]:
    """Return how far what a promise names is, each None if that is not known."""
    planned = [
        (item.number, task.key, indicator)
        for item in items
        for task in counted(item.plan, item.results).tasks
        for indicator in task.indicators
        if indicator.name == promise.indicator
    ]
    told = {
        number: [
            each for each in reports[number] if each.indicator == promise.indicator
        ]
        for number, _, _ in planned
    }
    if promise.target is None:
        return [
            fulfilment(
                indicator,
                [report for report in told[number] if report.task == task],
                rule,
                day=day,
                months=months[number],
            ).score
            for number, task, indicator in planned
        ]
    if not planned:
        return []
    whole = replace(
        planned[0][2], value=promise.target, comparator=Comparator.GE, tolerance=None
    )
    owed = any(
        month not in {report.month for report in told[number] if report.task == task}
        for number, task, _ in planned
        for month in owed_months(whole, months[number])
    )
    joined = [report for each in told.values() for report in each]
    return [None if owed else fulfilment(whole, joined, rule, day=day).score]
