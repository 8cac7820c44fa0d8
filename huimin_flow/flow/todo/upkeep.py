"""The clock and the outbox: the time to be confirmed, and what has not arrived."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from huimin_flow.catalogue.terms import (
    DeliveryState,
    DigestReach,
    DigestStep,
    Duty,
    RecordStep,
    Step,
    StreamKind,
    TodoKind,
)
from huimin_flow.clock import local_day
from huimin_flow.flow.core.clock import records, status
from huimin_flow.flow.improving.reviewing import digests
from huimin_flow.flow.outbox.deliveries import deliveries
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.items import Todo
from huimin_flow.states.table import COUNTER_STEPS
from huimin_flow.store.core import positions, repository
from huimin_flow.store.core.history import moment_of


def clocks(desk: Desk) -> Iterator[Todo]:
    """Yield what the office does about a clock, and about what a wrong one did.

    An item waits for its counter-step until anything is recorded about it.
    """
    if not desk.may(Duty.CONFIRM, None):
        return
    seen = status(desk.work)
    line = partial(
        Todo,
        kind=TodoKind.CLOCK,
        subject=StreamKind.CLOCK.key(),
        since=local_day(seen.moment),
    )
    if seen.doubt is not None:
        yield line(title="", step=RecordStep.CONFIRM, act="clock.confirm")
    if seen.is_behind:
        title = f"{seen.first}–{seen.last}"
        yield line(title=title, step=RecordStep.DECLARE, act="clock.declare")
    for span in seen.spans:
        last = {
            StreamKind.parse(each.stream): Step(each.step)
            for each in records(desk.work, span.first, span.last)
            if each.stream.startswith(StreamKind.ITEM.key("")) and not each.settled
        }
        titles = repository.titles(desk.work.connection, [n for _, n in last])
        for (_, number), step in last.items():
            counter = COUNTER_STEPS[step] or Step.AMEND
            yield Todo(
                kind=TodoKind.CLOCK,
                subject=number,
                title=titles[number],
                step=counter,
                act=f"items.{counter.value}",
                since=local_day(moment_of(span.moment)),
            )


def dead_letters(desk: Desk) -> Iterator[Todo]:
    """Yield the newest dead letters to those who decide about them."""
    if not desk.may(Duty.SUBSCRIBE, None):
        return
    for line in deliveries(desk.work, state=DeliveryState.DEAD):
        yield Todo(
            kind=TodoKind.DELIVERY,
            subject=line.key,
            title="" if line.fault is None else line.fault.spoken,
            step=RecordStep.RETRY,
            act="deliveries.retry",
            since=local_day(line.due),
        )


def undelivered(desk: Desk) -> Iterator[Todo]:
    """Yield the newest digests that have not reached their units, to the office.

    A bureau that mails no digest at all lacks none.
    """
    if not desk.may(Duty.CONFIRM, None):
        return
    connection = desk.work.connection
    newest = {len(period): period for period in digests.periods(desk.work)}
    for period in sorted(newest.values()):
        lines = digests.reached(desk.work, period)
        if all(line.reach is DigestReach.NOWHERE for line in lines):
            continue
        key = StreamKind.DIGEST.key(period)
        since = positions.last_day(connection, key) or desk.day
        for line in lines:
            if line.reach in {DigestReach.FAILED, DigestReach.NOWHERE}:
                yield Todo(
                    kind=TodoKind.DIGEST,
                    subject=f"{period}/{line.unit}",
                    title=line.reach.spoken,
                    step=DigestStep.SEND,
                    act="digests.send",
                    since=since,
                )
