"""What waits about appeals: answers, a person's yes, and points (A2, A6, A7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Final

from huimin_flow.catalogue.language import say_note
from huimin_flow.catalogue.terms import (
    AnswerStep,
    Argument,
    Duty,
    PointState,
    PointStep,
    RecordStep,
    Step,
    TodoKind,
)
from huimin_flow.clock import at_hour, local_day
from huimin_flow.flow.sensing.answering import queues, telling
from huimin_flow.flow.sensing.gathering import questions as gathered
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.items import Todo
from huimin_flow.model.sensing.points import ReportingPoint
from huimin_flow.rules.sensing.coverage import COVERED, is_silent, wanted_levels
from huimin_flow.rules.sensing.repeats import Told, repeats
from huimin_flow.states.authority import reach
from huimin_flow.store import awaited
from huimin_flow.store.sensing import appeals, groups
from huimin_flow.store.sensing.points import points_heard

#: How many loose appeals are counted: more are told as so many and more.
_MANY: Final = 1000


def answers(desk: Desk) -> Iterator[Todo]:
    """Yield what the actor's units have to answer, and whom they have to tell."""
    if not desk.may(Duty.ANSWER, desk.by.unit):
        return
    work, organization = desk.work, desk.organization
    channels = {each.key: each.name for each in work.rulebook.channels.intake}
    entry = partial(Todo, kind=TodoKind.ANSWER)
    own = {organization.heir(unit, desk.day) for unit in desk.own}
    for unit in sorted(own):
        for each in queues.page(work, queues.awaiting(work, unit)):
            yield entry(
                subject=f"{each.channel}/{each.key}",
                title=" ".join(
                    filter(
                        None,
                        (
                            channels.get(each.channel),
                            organization.name_of(each.town or each.district),
                        ),
                    )
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


def closing(desk: Desk) -> Iterator[Todo]:
    """Yield one line for the answers of the actor's unit that may be closed (A7).

    The service closes them, too; the line is for where it doesn't run.
    """
    if not desk.may(Duty.ANSWER, desk.by.unit):
        return
    ripe = queues.closable(desk.work, desk.by.unit)
    if ripe.first is not None:
        yield Todo(
            kind=TodoKind.ANSWER,
            subject=desk.by.unit,
            title=say_note(AnswerStep.CLOSE.spoken, str(len(ripe))),
            step=AnswerStep.CLOSE,
            act="answers.close",
            since=ripe.first,
        )


def repeating(desk: Desk) -> Iterator[Todo]:
    """Yield the groups of loose appeals that repeat, for who may collect them (N7).

    What repeats about an item waits as the item's next step.
    """
    if reach(desk.by, Step.COLLECT, desk.organization, desk.day) is None:
        return
    connection, rule = desk.work.connection, desk.work.rulebook.rules.gathering
    first = desk.day - timedelta(days=rule.repeat_days.value - 1)
    least = rule.repeat_appeals.value - 1  # the first appeal of a group joins nothing
    named = groups.joined_since(connection, at_hour(first, 0), least)
    together = groups.loose_groups(connection, named).values()
    # A group whose first appeal has joined another is part of that one.
    for pairs in {frozenset(pairs): pairs for pairs in together}.values():
        loose = {
            pair: heard
            for pair, heard in appeals.named(connection, pairs).items()
            if heard.item is None
        }
        told = [
            Told(pair, who, pair[0], local_day(at))
            for pair, who, at in groups.people_of(connection, list(loose))
        ]
        if not repeats(told, rule, desk.day).passed:
            continue
        begun = min(loose.values(), key=lambda heard: heard.at)
        known = desk.organization.unit(begun.district, desk.day) is not None
        if desk.may(Duty.IMPORT, begun.district if known else None):
            yield Todo(
                kind=TodoKind.REPEAT,
                subject=f"{begun.channel}={begun.key}",
                title=say_note(
                    TodoKind.REPEAT.spoken,
                    f"{len(told)}/{len({each.channel for each in told})}",
                ),
                step=Step.COLLECT,
                act="gathering.collect",
                since=max(each.day for each in told),
            )


def loose(desk: Desk) -> Iterator[Todo]:
    """Yield one line for a year's appeals without an item, of the actor's places (A6).

    Where there are very many, their number is not counted to the end.
    """
    if reach(desk.by, Step.COLLECT, desk.organization, desk.day) is None:
        return
    everywhere = desk.may(Duty.IMPORT, None)
    if not (everywhere or desk.may(Duty.IMPORT, desk.by.unit)):
        return
    places = None if everywhere else sorted(desk.own)
    days = desk.day - timedelta(days=365), None
    fitting = appeals.fits(None, places, None, days, loose=True)
    many = appeals.count(desk.work.connection, fitting, most=_MANY)
    if many:
        more = "+" if many == _MANY else ""
        yield Todo(
            kind=TodoKind.LOOSE,
            subject=desk.by.unit,
            title=say_note(TodoKind.LOOSE.spoken, f"{many}{more}"),
            step=Step.COLLECT,
            act="appeals.link",
            since=desk.day,
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
