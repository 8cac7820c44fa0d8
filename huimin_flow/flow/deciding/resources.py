"""What there is for a period and an area, and what items would cost (量力而行, B1)."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from huimin_flow.catalogue.reasons import MeetingCode
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    Duty,
    Placement,
    RecordStep,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import year_or_quarter
from huimin_flow.model.core.texts import required
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.model.deciding.resources import (
    Budget,
    Cost,
    Means,
    ResourceLine,
    Resources,
    TakenCost,
)
from huimin_flow.model.items import Item
from huimin_flow.rules.deciding import resources as rules
from huimin_flow.store.core import repository


@act(Duty.DELIBERATE)
def state(
    work: Work,
    period: Annotated[str, Argument.LIST_PERIOD],
    area: Area,
    amount: Annotated[int, Argument.AMOUNT],
    source: str,
    *,
    by: Actor = ACTING,
) -> Budget:
    """State what there is for an area in a year or quarter, in 10,000 yuan (B1).

    What was stated before stays in the history. ``source`` is the document that says
    so. Items are held against it when they are judged capable.

    Raises:
        InputRefused: for another period, an amount below 0, or an unfit source.
        StepRefused: if the actor may not for the whole city.

    """
    work.duty(by, Duty.DELIBERATE, None)
    key = StreamKind.BUDGET.key(year_or_quarter(period), area.value)
    old = repository.find_record(work.connection, Budget, key)
    new = Budget(
        key=key,
        period=period,
        area=area,
        amount=_whole(amount, Argument.AMOUNT),
        source=required(source, Argument.SOURCE, longest=200),
    )
    acting = acting_as(work, by, units=(None,))
    return keep_record(work, RecordStep.REGISTER, new, old, acting)


@act(Duty.REPORT)
def cost(
    work: Work,
    number: str,
    amount: Annotated[int, Argument.AMOUNT],
    unit: str,
    funding: Annotated[str, Argument.FUNDING],
    headcount: Annotated[int | None, Argument.HEADCOUNT] = None,
    *,
    by: Actor = ACTING,
) -> Cost:
    """State what an item would cost, in 10,000 yuan, and the unit that carries it (B1).

    Raises:
        InputRefused: for an amount or a number of staff below 0, an unknown unit, or
            an unfit source.
        NotFound: if no item has the number.
        StepRefused: if the actor may not for the item's unit.

    """
    item = repository.item(work.connection, number)
    work.duty(by, Duty.REPORT, unit=item.unit)
    carries = Directory(work.rulebook.organization).unit(unit, work.today, exact=True)
    key = StreamKind.COST.key(number)
    old = repository.find_record(work.connection, Cost, key)
    new = Cost(
        key=key,
        item=number,
        unit=item.unit,
        amount=_whole(amount, Argument.AMOUNT),
        carrier=carries.code,
        source=required(funding, Argument.FUNDING, longest=200),
        staff=None if headcount is None else _whole(headcount, Argument.HEADCOUNT),
    )
    acting = acting_as(work, by, units=(item.unit,))
    return keep_record(work, RecordStep.REGISTER, new, old, acting)


@question
def of(work: Work, period: Annotated[str, Argument.LIST_PERIOD]) -> Resources:
    """Return what each area has in a year or quarter, and what items take of it (B1).

    Only closed meetings take something. An area of which nothing is known is absent.

    Raises:
        InputRefused: for another period.

    """
    wanted = year_or_quarter(period)
    stated = {
        budget.area: budget
        for budget in repository.records(work.connection, Budget)
        if budget.period == wanted
    }
    held, lines = repository.records(work.connection, Deliberation), []
    item_of = partial(repository.item, work.connection)
    for area in Area:
        costs, budget = rules.taken(held, item_of, period, area), stated.get(area)
        if budget is None and not any(costs.values()):
            continue
        lines.append(
            ResourceLine(
                area=area,
                amount=None if budget is None else budget.amount,
                source="" if budget is None else budget.source,
                taken=sum(costs.values()),
                items=tuple(
                    _taken(work, item_of(number), amount)
                    for number, amount in costs.items()
                ),
            )
        )
    return Resources(period=period, areas=tuple(lines))


def cost_of(work: Work, number: str) -> Cost | None:
    """Return what an item was last said to cost, None if nobody did."""
    key = StreamKind.COST.key(number)
    return repository.find_record(work.connection, Cost, key)


def means_of(
    work: Work, item: Item, held: Deliberation, placement: Placement
) -> Means | None:
    """Return what there is for an item that a meeting judges, None if not stated."""
    period = rules.period_of(held.held_on, placement)
    key = StreamKind.BUDGET.key(period, item.area.value)
    budget = repository.find_record(work.connection, Budget, key)
    if budget is None:
        return None
    costs = rules.taken(
        repository.records(work.connection, Deliberation),
        partial(repository.item, work.connection),
        period,
        item.area,
        before=(held.key, item.number),
    )
    said = cost_of(work, item.number)
    return Means(
        period=period,
        amount=budget.amount,
        taken=sum(costs.values()),
        cost=None if said is None else said.amount,
        decides=work.rulebook.rules.judging.resources_decide.value,
    )


def _taken(work: Work, item: Item, amount: int) -> TakenCost:
    said = cost_of(work, item.number)
    return TakenCost(
        item=item.number,
        title=item.title,
        unit=item.unit,
        cost=amount,
        carrier="" if said is None else said.carrier,
    )


def _whole(amount: int, name: Argument) -> int:
    if amount < 0:
        raise InputRefused(MeetingCode.AMOUNT_NEGATIVE, name=name, amount=amount)
    return amount
