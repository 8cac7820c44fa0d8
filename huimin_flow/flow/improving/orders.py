"""Supervision orders: recorded, answered by the item's unit, discharged (X2).

The office records what an authority demands, and discharges it when the authority is
content. An open order is a ground of the bad board, and its item can't be closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final

from huimin_flow.catalogue.reasons import OrderCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    OrderState,
    OrderStep,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key
from huimin_flow.flow.core.reads import digests_of, record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.improving.boards import SupervisionOrder
from huimin_flow.model.record_evidence import (
    OrderedEvidence,
)
from huimin_flow.rules.core.due import working_day_after
from huimin_flow.rules.improving.boards import same_paper
from huimin_flow.states.improving import ORDER
from huimin_flow.states.machine import require_road
from huimin_flow.store import listings
from huimin_flow.store.core import repository

#: The longest name of an authority, and number of its paper, in characters.
_LONGEST: Final = 100


@question
def orders(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    state: OrderState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[SupervisionOrder, ...]:
    """Return the supervision orders, the newest first.

    ``unit`` is that of the item at the last step. A page begins after the key
    ``after``, and not with the first ``skip``.
    """
    return listings.records(
        work.connection,
        SupervisionOrder,
        {"about": item, "unit": unit, "state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    state: OrderState | None = None,
) -> int:
    """Return how many orders ``list`` has with the same filters."""
    wanted = {"about": item, "unit": unit, "state": state}
    return listings.count_records(work.connection, SupervisionOrder, wanted)


@question
def order(work: Work, key: Annotated[str, Argument.ORDER_KEY]) -> SupervisionOrder:
    """Return an order with its answer, and how it ended.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, SupervisionOrder, key)


@act(Duty.CONFIRM)
def receive(
    work: Work,
    number: str,
    authority: Annotated[str, Argument.AUTHORITY],
    document: Annotated[str, Argument.DOCUMENT],
    dated: Annotated[date, Argument.ISSUED_ON],
    demanded: Annotated[str, Argument.DEMANDED],
    *,
    due: Annotated[date | None, Argument.DUE] = None,
    by: Actor = ACTING,
) -> SupervisionOrder:
    """Record the order of an authority on an item (X2).

    ``due`` is the day that the authority names; without one it is so many working
    days from today as the rulebook says.

    Raises:
        NotFound: if there is no such item.
        StepRefused: if the actor is not of the office, or the item has ended.
        InputRefused: for a paper that is recorded already, a day in the future, a
            due day before the paper's, or an empty text.
        CalendarMissing: if the due day falls in a year whose calendar isn't loaded.

    """
    item = repository.item(work.connection, number)
    paper = (
        required(authority, Argument.AUTHORITY, longest=_LONGEST),
        required(document, Argument.DOCUMENT, longest=_LONGEST),
    )
    said = required(demanded, Argument.DEMANDED, longest=2000, lines=True)
    if dated > work.today:
        raise InputRefused(OrderCode.ISSUED_LATER, day=dated, today=work.today)
    book, named = work.rulebook, due is not None
    if due is None:
        days = book.improving.orders.answer_days.value
        due = working_day_after(work.today, days, book.calendar)
    if due < dated:
        raise InputRefused(OrderCode.DUE_BEFORE_ISSUED, due=due, day=dated)
    # The counter is held from here on: who counts next sees this order.
    key = next_key(work, StreamKind.SUPERVISION_ORDER, work.today.year)
    for other in repository.records(work.connection, SupervisionOrder):
        if other.state is not OrderState.WITHDRAWN and same_paper(
            paper, (other.authority, other.document)
        ):
            raise InputRefused(
                OrderCode.RECORDED_ALREADY,
                authority=other.authority,
                document=other.document,
                order=other.key,
                item=other.item,
            )
    new = SupervisionOrder(
        key=StreamKind.SUPERVISION_ORDER.key(key),
        item=number,
        unit=item.unit,
        authority=paper[0],
        document=paper[1],
        dated=dated,
        demanded=said,
        due=due,
        state=OrderState.RECEIVED,
        received_on=work.today,
        received_by=by.id,
        due_named=named,
    )
    acting = acting_as(work, by, units=(item.unit,))
    on = OrderedEvidence(item=item)
    return keep_record(work, OrderStep.RECEIVE, new, None, acting, on, about=number)


@act(Duty.REPORT)
def answer(
    work: Work,
    key: Annotated[str, Argument.ORDER_KEY],
    answer: str,
    evidence: Sequence[str],
    *,
    by: Actor = ACTING,
) -> SupervisionOrder:
    """Answer an order for the item's unit, with files of the item (X2).

    ``evidence`` are digests of the item's files, or their beginnings; one at least.

    Raises:
        NotFound: if there is no such order.
        StepRefused: if the actor may not report for the item's unit, or the order is
            answered already.
        InputRefused: for a file that the item doesn't have, no file, or an empty text.

    """
    old = _in_state(work, key, OrderStep.ANSWER)
    said = required(answer, Argument.ANSWER, longest=2000, lines=True)
    files = digests_of(work, old.item, evidence)
    if not files:
        raise InputRefused(OrderCode.EVIDENCE_NEEDED, item=old.item)
    return _step(
        work,
        OrderStep.ANSWER,
        old,
        by,
        answer=said,
        files=files,
        answered_on=work.today,
        answered_by=by.id,
    )


@act(Duty.CONFIRM)
def remind(
    work: Work, key: Annotated[str, Argument.ORDER_KEY], *, by: Actor = ACTING
) -> SupervisionOrder:
    """Remind an item's unit of an order that it has not answered (X2).

    Raises:
        NotFound: if there is no such order.
        StepRefused: if the actor is not of the office, or it is answered.

    """
    old = _in_state(work, key, OrderStep.REMIND)
    times, day = old.reminders + 1, work.today
    return _step(work, OrderStep.REMIND, old, by, reminders=times, reminded_on=day)


@act(Duty.CONFIRM)
def return_(
    work: Work,
    key: Annotated[str, Argument.ORDER_KEY],
    note: Annotated[str, Argument.RETURN_REASON],
    *,
    due: Annotated[date | None, Argument.DUE] = None,
    by: Actor = ACTING,
) -> SupervisionOrder:
    """Return an answer with which the authority is not content; it is answered again.

    Without ``due`` the due day stays; an order that was late stays late.

    Raises:
        NotFound: if there is no such order.
        StepRefused: if the actor is not of the office or has answered it, or nothing
            was answered.
        InputRefused: for a due day in the past, or an empty note.

    """
    old = _in_state(work, key, OrderStep.RETURN)
    said = required(note, Argument.RETURN_REASON, longest=2000, lines=True)
    if due is not None and due < work.today:
        raise InputRefused(OrderCode.DUE_PAST, due=due, earliest=work.today)
    changes = {} if due is None else {"due": due, "due_named": True}
    return _step(work, OrderStep.RETURN, old, by, finding=said, **changes)


@act(Duty.CONFIRM)
def discharge(
    work: Work,
    key: Annotated[str, Argument.ORDER_KEY],
    finding: Annotated[str, Argument.FINDING],
    *,
    by: Actor = ACTING,
) -> SupervisionOrder:
    """Discharge an order when the authority is content, and say how it said so (X2).

    Raises:
        NotFound: if there is no such order.
        StepRefused: if the actor is not of the office or has answered it, or nothing
            was answered.
        InputRefused: for an empty finding.

    """
    old = _in_state(work, key, OrderStep.DISCHARGE)
    said = required(finding, Argument.FINDING, longest=2000, lines=True)
    return _step(work, OrderStep.DISCHARGE, old, by, finding=said, discharged_by=by.id)


@act(Duty.CONFIRM)
def withdraw(
    work: Work,
    key: Annotated[str, Argument.ORDER_KEY],
    reason: str,
    *,
    by: Actor = ACTING,
) -> SupervisionOrder:
    """Withdraw an unanswered order that is recorded wrongly, or taken back (X2).

    The authority's paper may then be recorded again, on another item.

    Raises:
        NotFound: if there is no such order.
        StepRefused: if the actor is not of the office or has recorded it, or it is
            answered.
        InputRefused: for an empty reason.

    """
    old = _in_state(work, key, OrderStep.WITHDRAW)
    said = required(reason, Argument.REASON, longest=2000, lines=True)
    return _step(work, OrderStep.WITHDRAW, old, by, finding=said)


def _in_state(work: Work, key: str, step: OrderStep) -> SupervisionOrder:
    """Return an order whose state has a step.

    Raises:
        NotFound: if there is no such order.
        StepRefused: if its state doesn't have it.

    """
    known = record_of(work, SupervisionOrder, key)
    require_road(ORDER, known.state, step, known.key)
    return known


def _step(
    work: Work, step: OrderStep, old: SupervisionOrder, by: Actor, **changes: Any
) -> SupervisionOrder:
    """Take a step with an order; the unit that now has the item owns it."""
    unit = repository.item(work.connection, old.item).unit
    acting = acting_as(work, by, units=(unit,))
    new = replace(old, unit=unit, **changes)
    return keep_record(work, step, new, old, acting, about=old.item)
