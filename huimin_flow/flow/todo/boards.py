"""What follows from the boards and waits: to publish, to put right, to replicate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Final

from huimin_flow.catalogue.terms import (
    BoardState,
    BoardStep,
    Duty,
    PracticeState,
    ProposalField,
    RectificationState,
    RectificationStep,
    ReplicationState,
    ReplicationStep,
    StreamKind,
    TodoKind,
)
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.improving.rectifying.steps import cause_of, unopened
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.core.periods import last_day, months_of
from huimin_flow.model.improving.boards import QuarterlyBoards
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.improving.replication import Practice, Replication
from huimin_flow.model.items import Todo
from huimin_flow.model.record_evidence import (
    RectifiedEvidence,
    ReplicationEvidence,
)
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import deadline
from huimin_flow.rules.improving import rectification
from huimin_flow.rules.improving import replication as replicating
from huimin_flow.states.improving import RECTIFICATION
from huimin_flow.states.replication import REPLICATION
from huimin_flow.store import awaited, pasts


def boards(desk: Desk) -> Iterator[Todo]:
    """Yield the drafted boards that the actor may publish with another person.

    A draft for which a proposal waits is that proposal's, not another to-do. It is due
    some working days after its draft.
    """
    if not desk.may(Duty.CONFIRM, None):
        return
    asked = {made.values.get(ProposalField.KEY) for made, _ in desk.waiting}
    states = (BoardState.DRAFTED,)
    for made, since in awaited.records_in(
        desk.work.connection, QuarterlyBoards, states
    ):
        if made.key not in asked:
            due = None
            with suppress(CalendarMissing):
                due = deadline(since, desk.work.activations, _publish_days)
            yield Todo(
                kind=TodoKind.BOARD,
                subject=made.key,
                title=StreamKind.named(made.key),
                step=BoardStep.PUBLISH,
                act="boards.publish",
                since=since,
                due=due,
            )


def _publish_days(book: Rulebook) -> int:
    return book.improving.boards.publish_days.value


#: By state of a rectification, what may be done next, and the method of it.
_ON_RECTIFICATION: Final = {
    RectificationState.OPENED: (RectificationStep.SUBMIT, "rectifications.submit"),
    RectificationState.RETURNED: (RectificationStep.SUBMIT, "rectifications.submit"),
    RectificationState.SUBMITTED: (RectificationStep.ACCEPT, "rectifications.accept"),
}


def rectifications(desk: Desk) -> Iterator[Todo]:
    """Yield the rectifications that the actor submits or judges, and rungs for them.

    The unit of the item submits; others judge what citizens have spoken about, or
    return it. A rung waits for the posts that it concerns.
    """
    connection, activations = desk.work.connection, desk.work.activations
    waiting = awaited.records_in(connection, Rectification, tuple(_ON_RECTIFICATION))
    owners = awaited.owners_of(connection, (made.item for made, _ in waiting))
    items = pasts.items_at(connection, (made.item for made, _ in waiting), None)
    for made, since in waiting:
        unit, title = owners[made.item]
        step, act = _ON_RECTIFICATION[made.state]
        evidence = RectifiedEvidence(item=items[made.item])
        todo = partial(
            Todo,
            kind=TodoKind.RECTIFICATION,
            subject=made.key,
            title=f"{made.cause} {title}",
            due=rectification.dated(made, activations, desk.day).due,
        )
        if step is RectificationStep.ACCEPT:  # what it rests on may still be missing
            judge = desk.permits(
                RECTIFICATION,
                made.state,
                RectificationStep.RETURN,
                desk.by.unit,
                made,
                evidence,
            )
            if judge:
                yield todo(step=step, act=act, since=since)
        elif unit in desk.own and desk.permits(
            RECTIFICATION, made.state, step, unit, made, evidence
        ):
            yield todo(step=step, act=act, since=since)
        step = RectificationStep.ACKNOWLEDGE
        if desk.permits(RECTIFICATION, made.state, step, unit, made, evidence):
            act = "rectifications.acknowledge"
            yield todo(step=step, act=act, since=made.rungs[-1].recorded_on)


def listed(desk: Desk) -> Iterator[Todo]:
    """Yield the entries of bad boards without a rectification, for who may open one."""
    if not desk.may(Duty.CONFIRM, None) or desk.organization.office not in desk.own:
        return
    for entry, item in unopened(desk.work):
        yield Todo(
            kind=TodoKind.RECTIFICATION,
            subject=item.number,
            title=f"{cause_of(entry)} {item.title}",
            step=RectificationStep.OPEN,
            act="rectifications.open",
            since=last_day(months_of(entry.since)[-1]),
        )


def replications(desk: Desk) -> Iterator[Todo]:
    """Yield the practices that the actor's unit answers, and what the office follows.

    The office reminds of a late answer, once a day, and compares the effect once the
    unit's own item was evaluated.
    """
    connection, activations = desk.work.connection, desk.work.activations
    states = (ReplicationState.PROPOSED, ReplicationState.ADOPTED)
    waiting = awaited.records_in(connection, Replication, states)
    if not waiting:
        return
    shelf = awaited.records_in(connection, Practice, tuple(PracticeState))
    practices = {each.key: each for each, _ in shelf}
    numbers = {each for made, _ in waiting for each in (made.item, made.successor)}
    items = pasts.items_at(connection, numbers - {""}, None)
    for made, since in waiting:
        line = replicating.dated(made, activations, desk.day)
        replica = items.get(made.successor)
        evidence = ReplicationEvidence(
            item=items[made.item],
            practice=practices[made.practice],
            replica=replica,
        )
        asked = made.state is ReplicationState.PROPOSED
        steps = [(ReplicationStep.COMPARE, replica is not None and not asked)]
        if asked:
            late = line.overdue > 0 and made.reminded_on != desk.day
            own = {made.unit, desk.organization.heir(made.unit, desk.day)} & desk.own
            steps = [(ReplicationStep.ADOPT, bool(own)), (ReplicationStep.REMIND, late)]
        for step, wanted in steps:
            if wanted and desk.permits(
                REPLICATION, made.state, step, made.unit, made, evidence
            ):
                yield Todo(
                    kind=TodoKind.REPLICATION,
                    subject=made.key,
                    title=items[made.item].title,
                    step=step,
                    act=f"replications.{step.value.partition('_')[0]}",
                    since=since,
                    due=line.due if asked else None,
                )
