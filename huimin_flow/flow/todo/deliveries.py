"""The dead letters of the outbox: to be sent again, or given up."""

from __future__ import annotations

from collections.abc import Iterator

from huimin_flow.catalogue.terms import DeliveryState, Duty, RecordStep, TodoKind
from huimin_flow.clock import local_day
from huimin_flow.flow.outbox.deliveries import deliveries
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.items import Todo


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
