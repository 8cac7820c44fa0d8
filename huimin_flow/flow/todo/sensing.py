"""What waits about appeals: answers, a person's yes, and points (A2, A6, A7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from huimin_flow.catalogue.language import say_note
from huimin_flow.catalogue.terms import (
    AnswerStep,
    Argument,
    Duty,
    PointState,
    PointStep,
    RecordStep,
    TodoKind,
)
from huimin_flow.clock import local_day
from huimin_flow.flow.sensing.answering import telling, waiting
from huimin_flow.flow.sensing.gathering import questions as gathered
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.items import Todo
from huimin_flow.model.sensing.points import ReportingPoint
from huimin_flow.rules.sensing.coverage import COVERED, is_silent, wanted_levels
from huimin_flow.store import awaited
from huimin_flow.store.sensing.points import points_heard


def answers(desk: Desk) -> Iterator[Todo]:
    """Yield what the actor's units have to answer, and whom they have to tell."""
    if not desk.may(Duty.ANSWER, desk.by.unit):
        return
    work, organization = desk.work, desk.organization
    channels = {each.key: each.name for each in work.rulebook.channels.intake}
    entry = partial(Todo, kind=TodoKind.ANSWER)
    own = {organization.heir(unit, desk.day) for unit in desk.own}
    for unit in sorted(own):
        for each in waiting.awaiting(work, unit):
            yield entry(
                subject=f"{each.channel}/{each.key}",
                title=" ".join(
                    filter(None, (channels.get(each.channel), each.district))
                ),
                step=AnswerStep.ANSWER,
                act="answers.give",
                since=each.since,
                due=each.due,
            )
        for line in telling.proposals(work, unit=unit):
            yield entry(
                subject=line.item,
                title=say_note(f"{line.occasion.spoken} {line.title}", line.left),
                step=AnswerStep.INFORM,
                act="answers.batch",
                since=line.since,
                due=line.due,
            )


def points(desk: Desk) -> Iterator[Todo]:
    """Yield the levels that the actor's own district lacks, and its silent points.

    A bureau without any point keeps no registry, and nothing waits.
    """
    connection, organization = desk.work.connection, desk.organization
    units = [
        unit.code
        for unit in organization.units_on(desk.day)
        if unit.code in desk.own
        and unit.kind in COVERED
        and desk.may(Duty.REPORT, unit.code)
    ]
    if not units:
        return
    known = awaited.records_in(connection, ReportingPoint, (PointState.IN_USE,))
    if not known:
        return
    begun = min(day for _, day in known)
    book = desk.work.rulebook
    days, heard = (
        book.channels.points.silent_days.value,
        points_heard(connection, desk.day),
    )
    for unit in units:
        own = [
            point
            for point, _ in known
            if organization.heir(point.unit, desk.day) == unit
        ]
        levels = {point.level for point in own if point.takes_on(desk.day)}
        for level in wanted_levels(book):
            if level not in levels:
                yield Todo(
                    kind=TodoKind.POINT,
                    subject=unit,
                    title=level.spoken,
                    step=PointStep.SET_UP,
                    act="points.add",
                    since=begun,
                )
        for point in own:
            last = heard.get(point.key)
            if is_silent(point, last, desk.day, days):
                yield Todo(
                    kind=TodoKind.POINT,
                    subject=point.key,
                    title=point.name,
                    step=PointStep.MOVE,
                    act="points.move",
                    since=last or point.opened_on,
                    lacks=Argument.APPEAL,
                )


def gathering(desk: Desk) -> Iterator[Todo]:
    """Yield one line for the proposals of gathering that the actor may answer (A6)."""
    if not desk.may(Duty.IMPORT, desk.by.unit):
        return
    many = gathered.count_mine(desk.work, by=desk.by)
    if many:
        (first,) = gathered.mine(desk.work, limit=1, by=desk.by)
        yield Todo(
            kind=TodoKind.GATHERING,
            subject="=".join(first.appeal),
            title=say_note(TodoKind.GATHERING.spoken, str(many)),
            step=RecordStep.CONFIRM,
            act="gathering.yes",
            since=local_day(first.at),
        )
