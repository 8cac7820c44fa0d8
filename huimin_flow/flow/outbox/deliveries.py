"""Deliveries of changes: at least once, in order for each recipient (E1).

1. A change becomes a delivery in the transaction that moves its destination's
   position: none is left out, none becomes two.
2. It is sent outside of any transaction, and marked afterwards. Who dies between is
   followed by somebody who sends it again; the key tells the receiver so.
3. Who sends holds a lease by the clock of the database. Every mark asks whether the
   lease is still the last one: a sender that was stopped and replaced marks nothing.
4. What failed waits, and what comes after it for the same recipient waits with it,
   until it was tried so often that it is a dead letter. A person sends that again, or
   gives it up with a reason; both are recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from huimin_flow.catalogue.reasons import InputCode, OutboxCode
from huimin_flow.catalogue.terms import (
    Argument,
    DeliveryState,
    Duty,
    Fault,
    RecordStep,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.reads import fit_limit
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.changes import (
    Delivery,
    DeliveryLine,
    Destination,
    Lease,
    SendAttempt,
)
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, showable
from huimin_flow.store import outbox
from huimin_flow.store.core import repository
from huimin_flow.store.core.history import moment_of, moment_text


@question
def deliveries(
    work: Work,
    *,
    destination: str | None = None,
    state: DeliveryState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = 50,
) -> tuple[DeliveryLine, ...]:
    """Return the deliveries, newest change first, at most 1000.

    A page begins after the delivery ``after`` (portal/12), without the first ``skip``.

    Raises:
        InputRefused: for a limit outside 1–1000, or an unknown ``after``.

    """
    fit_limit(limit)
    wanted = {"destination": destination, "state": state}
    known = None
    if after is not None:
        name, position, recipient = (*after.split("/"), "", "")[:3]
        if not (position.isascii() and position.isdecimal()) or len(position) > 18:
            raise InputRefused(OutboxCode.NO_DELIVERY, key=showable(after))
        known = (int(position), name, recipient)
    rows = outbox.deliveries(
        work.connection, wanted, after=known, skip=skip, limit=limit
    )
    return tuple(
        DeliveryLine(
            destination=row["destination"],
            position=row["position"],
            recipient=row["recipient"],
            stream=row["stream"] or "",
            state=DeliveryState(row["state"]),
            attempts=row["attempts"],
            due=moment_of(row["due"]),
            fault=Fault(row["error"]) if row["error"] else None,
        )
        for row in rows
    )


@question
def count(
    work: Work, *, destination: str | None = None, state: DeliveryState | None = None
) -> int:
    """Return how many deliveries ``list`` has with the same filters."""
    wanted = {"destination": destination, "state": state}
    return outbox.count_deliveries(work.connection, wanted)


@question
def destinations(work: Work) -> tuple[Destination, ...]:
    """Return where changes were sent so far, and how far it is, by name."""
    head = work.head
    return tuple(
        Destination(
            name=row["name"],
            position=row["position"],
            lag=head - row["position"],
            waiting=row["waiting"],
            dead=row["dead"],
            failing=moment_of(row["failing"]) if row["failing"] else None,
            sent=moment_of(row["sent"]) if row["sent"] else None,
            fault=Fault(row["error"]) if row["error"] else None,
        )
        for row in outbox.destinations(work.connection)
    )


@act(Duty.SUBSCRIBE)
def retry(
    work: Work,
    destination: str,
    position: Annotated[int, Argument.CHANGE],
    recipient: str = "",
    *,
    by: Actor = ACTING,
) -> Delivery:
    """Send a dead letter again, at the next look of the service.

    Raises:
        InputRefused: if there is no such dead letter.
        StepRefused: if the actor lacks the duty.

    """
    place, due = (destination, position, recipient), moment_text(work.now)
    state = DeliveryState.WAITING.value
    changes: dict[str, str | int] = {"state": state, "attempts": 0, "due": due}
    return _decide(work, RecordStep.RETRY, place, by, "", changes)


@act(Duty.SUBSCRIBE)
def abandon(
    work: Work,
    destination: str,
    position: Annotated[int, Argument.CHANGE],
    reason: str,
    recipient: str = "",
    *,
    by: Actor = ACTING,
) -> Delivery:
    """Give a dead letter up, with the reason.

    Raises:
        InputRefused: if there is no such dead letter, or the reason is empty.
        StepRefused: if the actor lacks the duty.

    """
    why = accepted(reason, Argument.REASON.value)
    if not why:
        raise InputRefused(InputCode.TEXT_EMPTY, argument=Argument.REASON.value)
    changes: dict[str, str | int] = {"state": DeliveryState.ABANDONED.value}
    place = (destination, position, recipient)
    return _decide(work, RecordStep.ABANDON, place, by, why, changes)


def _decide(
    work: Work,
    step: RecordStep,
    place: tuple[str, int, str],
    by: Actor,
    reason: str,
    changes: dict[str, str | int],
) -> Delivery:
    """Record what a person decides about a dead letter, and change its row."""
    destination, position, recipient = place
    parts = (destination, position, *([recipient] if recipient else []))
    key = StreamKind.DELIVERY.key(*map(showable, map(str, parts)))
    old = repository.find_record(work.connection, Delivery, key)
    new = Delivery(
        key=key,
        destination=destination,
        position=position,
        recipient=recipient,
        state=DeliveryState.DEAD,
        reason=reason,
    )
    acting = acting_as(work, by)
    work.duty(by, Duty.SUBSCRIBE)
    if not outbox.settle(work.connection, place, (DeliveryState.DEAD,), **changes):
        code, name = OutboxCode.NOT_DEAD, showable(destination)
        raise InputRefused(code, destination=name, position=position)
    return keep_record(work, step, new, old, acting, about=destination)


def lease(work: Work, name: str, owner: str, seconds: int, start: int) -> Lease | None:
    """Return a lease of a destination for a sender, None while another holds it."""
    return outbox.lease(work.connection, name, owner, seconds, start)


def queue(
    work: Work, held: Lease, upto: int, rows: Sequence[tuple[int, str]], seconds: int
) -> bool:
    """Make deliveries of the changes up to a position; False for an old lease."""
    if not outbox.fence(work.connection, held, seconds, position=upto):
        return False
    outbox.queue(work.connection, held.destination, rows, moment_text(work.now))
    return True


def mark(work: Work, held: Lease, made: SendAttempt, seconds: int) -> bool:
    """Mark what became of an attempt; False for an old lease, whose mark is refused."""
    now = work.now
    at = moment_text(now)
    changes: dict[str, str | None] = {}
    state = DeliveryState.DEAD if made.due is None else DeliveryState.WAITING
    if made.fault is None:
        changes, state = {"sent": at, "failing": None}, DeliveryState.SENT
    if not outbox.fence(work.connection, held, seconds, **changes):
        return False
    if made.fault is not None:
        outbox.fails_since(work.connection, held.destination, at)
    return outbox.settle(
        work.connection,
        (held.destination, made.position, made.recipient),
        (DeliveryState.WAITING,),
        state=state.value,
        attempts=made.attempts,
        due=moment_text(made.due or now),
        error="" if made.fault is None else made.fault.value,
    )


def release(work: Work, held: Lease, days: int) -> None:
    """End a lease, and forget what was sent more than some days ago."""
    before = moment_text(work.now - timedelta(days=days))
    outbox.forget(work.connection, held.destination, before)
    outbox.release(work.connection, held)
