"""The items whose next step waits for the actor, and policies without a measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from huimin_flow.catalogue.terms import (
    Duty,
    MeetingState,
    Placement,
    PolicyState,
    RecordStep,
    StalePart,
    State,
    Step,
    TodoKind,
)
from huimin_flow.flow.core.extending.annotating import needed
from huimin_flow.flow.improving.evaluation import owed_by_tasks
from huimin_flow.flow.todo.desk import REPORT, Desk
from huimin_flow.model.items import Todo
from huimin_flow.model.sensing.policies import CityMeasure, Policy
from huimin_flow.rules.sensing.policies import measure_due
from huimin_flow.rules.succession import units_of
from huimin_flow.states.authority import authorize, reach
from huimin_flow.store import awaited
from huimin_flow.store.awaited import Waiting
from huimin_flow.store.core import repository
from huimin_flow.store.succession import open_items

#: By state, the next step on the main line. The freeze takes a starred item.
_NEXT: Final[Mapping[State, Step]] = {
    State.COLLECTED: Step.SCREEN,
    State.SCREENED: Step.JUDGE,
    State.JUDGED: Step.STAR,
    State.LISTED: Step.ASSIGN,
    State.ASSIGNED: Step.EXECUTE,
    State.EXECUTED: Step.EVALUATE,
    State.EVALUATED: Step.ADJUST,
    State.ADJUSTED: Step.CLOSE,
}

#: The steps that an item must have taken before the freeze of its list.
_BEFORE_LISTING: Final = frozenset({Step.SCREEN, Step.JUDGE, Step.STAR})

#: By step, the part of an item that must not be in doubt.
_NEEDS: Final[Mapping[Step, StalePart]] = {
    Step.JUDGE: StalePart.SCREENING,
    Step.STAR: StalePart.SCREENING,
    Step.EXECUTE: StalePart.PLAN,
    Step.EVALUATE: StalePart.PLAN,
}


def items(desk: Desk) -> Iterator[Todo]:
    """Yield the items whose next step the actor may take.

    An evaluation waits for the reports that others owe. An item that lacks own fields
    which an extension requires, and whose guard asks about the step, waits for them.
    """
    steps = [
        *_NEXT.items(),
        (State.EVALUATED, Step.REWORK),
        (State.EVALUATED, Step.EVALUATE),
        (State.ADJUSTED, Step.EVALUATE),
        *((state, Step.RETURN) for state, step in _NEXT.items() if step in _NEEDS),
    ]
    covered = [
        (state, mine, step is Step.RETURN)
        for state, step in steps
        if (mine := reach(desk.by, step, desk.organization, desk.day))
    ]
    waiting = [
        item
        for item in awaited.items_waiting(desk.work.connection, covered)
        if not _is_invited(desk, item)
    ]
    executed = [item for item in waiting if item.state is State.EXECUTED]
    owed = owed_by_tasks(desk.work, executed)
    reports = desk.may(Duty.REPORT, desk.by.unit)
    needs = needed(desk.work) if desk.work.rulebook.extensions else {}

    def may(step: Step, item: Waiting) -> bool:
        by, organization = desk.by, desk.organization
        return not authorize(by, step, item.unit, item.area, organization, day=desk.day)

    for item in waiting:
        step = _step(item)
        if not may(step, item):
            continue
        tasks = owed.get(item.number, ())
        if step is Step.EVALUATE and tasks:
            for task, period in tasks:  # ``progress`` yields those of the own units
                if not (reports and task["unit"] in desk.own):
                    yield REPORT(
                        subject=item.number,
                        title=f"{task['key']} {item.plain['title']}",
                        since=item.since,
                        period=period,
                        unit=desk.organization.heir(task["unit"], desk.day),
                    )
            continue
        if step is Step.EVALUATE and desk.lacks_survey(item.number):
            continue  # ``surveys`` yields what comes first
        due = _due(desk, item, step)
        entered = {each["key"] for each in item.plain.get("own", ())}
        lacks = needs.get(step, frozenset()) - entered
        if lacks and may(Step.ANNOTATE, item):
            step = Step.ANNOTATE
        yield Todo(
            kind=TodoKind.ITEM,
            subject=item.number,
            title=item.plain["title"],
            step=step,
            act=f"items.{step.value}",
            since=item.since,
            due=due,
        )


def _step(item: Waiting) -> Step:
    """Return the next step of an item; what is in doubt leads it back."""
    step = _NEXT[item.state]
    if StalePart.EVALUATION in item.plain["stale"]:
        return Step.EVALUATE
    if _NEEDS.get(step) in item.plain["stale"]:
        return Step.RETURN
    if step is Step.ADJUST and item.plain["evaluation_passed"] is False:
        return Step.REWORK
    return step


def left_behind(desk: Desk) -> Iterator[Todo]:
    """Yield the items of units that have ended, for who may transfer them (F1)."""
    right, day = Step.TRANSFER, desk.day
    ended = {unit.code: unit.valid_to for unit in desk.organization.ended(day)}
    if not ended or reach(desk.by, right, desk.organization, day) is None:
        return
    for item in open_items(desk.work.connection, ended):
        former = min(units_of(item) & ended.keys())
        if not authorize(
            desk.by, right, item.unit, item.area, desk.organization, day=day
        ):
            yield Todo(
                kind=TodoKind.ITEM,
                subject=item.number,
                title=item.title,
                step=right,
                act="items.transfer",
                since=ended[former] or day,
                unit=former,
            )


def _is_invited(desk: Desk, item: Waiting) -> bool:
    """Tell whether a screened item waits for its meeting, and not for the actor."""
    held = desk.invited.get(item.number) if item.state is State.SCREENED else None
    return held is not None and (
        held.state is MeetingState.CONVENED or item.number in held.opinions
    )


def _due(desk: Desk, item: Waiting, step: Step) -> date | None:
    """Return until when a step is in time, None without a limit."""
    if step is Step.EXECUTE:
        tasks = item.plain["plan"]["tasks"]
        return max((date.fromisoformat(task["due"]) for task in tasks), default=None)
    if step not in _BEFORE_LISTING:
        return None
    # What is late for its list waits another period.
    placed = item.plain["placement"]
    cutoff = desk.cutoffs.get(None if placed is None else Placement(placed))
    if step is Step.SCREEN:
        days = [day for day in (cutoff, desk.screening_due(item.since)) if day]
        return min(days, default=None)
    if step is not Step.JUDGE or cutoff is not None:
        return cutoff
    convene = desk.work.rulebook.rules.deliberation.convene_days.value
    return item.since + timedelta(days=convene)


def policies(desk: Desk) -> Iterator[Todo]:
    """Yield the policies without a measure, for who registers measures of the city.

    The due day is so many working days after the registration as the rulebook says.
    """
    if not desk.may(Duty.POLICY, None):
        return
    connection = desk.work.connection
    measures = repository.records(connection, CityMeasure)
    made = {each.policy for each in measures if each.state is PolicyState.IN_FORCE}
    for policy in repository.records(connection, Policy):
        if policy.state is PolicyState.IN_FORCE and policy.key not in made:
            yield Todo(
                kind=TodoKind.POLICY,
                subject=policy.key,
                title=policy.title,
                step=RecordStep.REGISTER,
                act="measures.register",
                since=policy.registered_on,
                due=measure_due(policy.registered_on, desk.work.activations),
            )
