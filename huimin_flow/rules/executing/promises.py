"""How far the promises of policies are that measures have taken over (A5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from huimin_flow.catalogue.terms import Comparator
from huimin_flow.model.core.rules import FulfilmentRule
from huimin_flow.model.executing.plans import Plan, Progress
from huimin_flow.model.items import Item
from huimin_flow.model.sensing.policies import CityMeasure, Policy, PromiseFacts
from huimin_flow.rules.executing.fulfilment import fulfilment


def promised(
    measure: CityMeasure,
    policy: Policy,
    items: Sequence[Item],
    reports: Mapping[str, Sequence[Progress]],
    rule: FulfilmentRule,
    day: date,
) -> tuple[PromiseFacts, ...]:
    """Return how far the promises are that a measure has taken over (A5).

    The indicators of its items that have a promise's words are added up, by the kind
    of the first, and compared with the promised figure; without a figure the lowest
    of the plans' own targets counts. Nothing reported is not known.
    """
    known = {promise.key: promise for promise in policy.promises}
    made = []
    for undertaking in measure.undertakings:
        promise = known[undertaking.promise]
        planned = [
            (item.number, indicator)
            for item in items
            for task in (item.plan or Plan()).tasks
            for indicator in task.indicators
            if indicator.name == promise.indicator
        ]
        scores = []
        if promise.target is None:
            for number, indicator in planned:
                own = [r for r in reports[number] if r.indicator == indicator.name]
                scores.append(fulfilment(indicator, own, rule, day=day).score)
        elif planned:
            numbers = dict.fromkeys(number for number, _ in planned)
            joined = [
                report
                for number in numbers
                for report in reports[number]
                if report.indicator == promise.indicator
            ]
            whole_target = replace(
                planned[0][1],
                value=promise.target,
                comparator=Comparator.GE,
                tolerance=None,
            )
            scores.append(fulfilment(whole_target, joined, rule, day=day).score)
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
