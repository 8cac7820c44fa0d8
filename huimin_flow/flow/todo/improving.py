"""The advice that waits for the actor: to be given, decided, mended, verified (B9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from huimin_flow.catalogue.terms import (
    AdviceState,
    AdviceStep,
    DecisionState,
    DecisionStep,
    Duty,
    Job,
    OrderState,
    OrderStep,
    Recommendation,
    ReviewMeetingState,
    ReviewMeetingStep,
    Role,
    SpotCheckState,
    SpotCheckStep,
    State,
    Step,
    TodoKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.improving.spot_checks.drawing import reveal_by
from huimin_flow.flow.improving.spot_checks.questions import answer_by
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.improving.boards import SupervisionOrder
from huimin_flow.model.improving.reviews import Decision, ReviewMeeting
from huimin_flow.model.improving.spot_checks import SpotCheck, party_of
from huimin_flow.model.items import Todo
from huimin_flow.rules.core.due import next_due, working_day_after
from huimin_flow.states.authority import authorize, reach
from huimin_flow.states.improving import ADVICE, ORDER
from huimin_flow.states.reviews import DECISION, REVIEW_MEETING
from huimin_flow.store import awaited

#: By state of advice, its next step and the method of it.
_NEXT: Final = {
    AdviceState.ADVISED: (AdviceStep.ADOPT, "advice.adopt"),
    AdviceState.MENDING: (AdviceStep.MEND, "advice.mend"),
    AdviceState.REPORTED: (AdviceStep.VERIFY, "advice.verify"),
}

#: The states of items that run, on which advice may be given.
_RUNNING: Final = (State.ASSIGNED, State.EXECUTED)


def advice(desk: Desk) -> Iterator[Todo]:
    """Yield the advice that the actor may decide, mend or verify."""
    connection = desk.work.connection
    waiting = [each for each in desk.advice if each[0].state in _NEXT]
    items = awaited.owners_of(connection, (known.item for known, _ in waiting))
    for known, since in waiting:
        step, act = _NEXT[known.state]
        improve = known.recommendation is Recommendation.IMPROVE
        if step is AdviceStep.ADOPT and improve:
            step = AdviceStep.ORDER
        mending = known.mending
        unit = known.unit
        if step is AdviceStep.MEND and mending is not None:
            unit = mending.unit
        if desk.permits(ADVICE, known.state, step, unit, known):
            yield Todo(
                kind=TodoKind.ADVICE,
                subject=known.key,
                title=f"{known.recommendation.spoken} {items[known.item][1]}",
                step=step,
                act=act,
                since=since,
                due=None
                if mending is None or step is not AdviceStep.MEND
                else mending.until,
            )


#: By state of a supervision order, what may be done next, and the method of it.
_ON_ORDER: Final = {
    OrderState.RECEIVED: (
        (OrderStep.ANSWER, "orders.answer"),
        (OrderStep.REMIND, "orders.remind"),
    ),
    OrderState.RETURNED: (
        (OrderStep.ANSWER, "orders.answer"),
        (OrderStep.REMIND, "orders.remind"),
    ),
    OrderState.ANSWERED: ((OrderStep.DISCHARGE, "orders.discharge"),),
}


def orders(desk: Desk) -> Iterator[Todo]:
    """Yield the supervision orders that the actor answers, reminds of or discharges.

    The unit of the item answers. The office reminds it from some working days before
    the due day, once a day, and whoever has not answered discharges.
    """
    connection = desk.work.connection
    waiting = awaited.records_in(connection, SupervisionOrder, tuple(_ON_ORDER))
    if not waiting:
        return
    owners = awaited.owners_of(connection, (order.item for order, _ in waiting))
    for order, since in waiting:
        unit, title = owners[order.item]
        for step, act in _ON_ORDER[order.state]:
            if step is OrderStep.ANSWER and unit not in desk.own:
                continue  # the office may, but waits for the unit
            days = desk.work.rulebook.improving.orders.remind_days.value
            if step is OrderStep.REMIND and not _is_to_remind(desk, order, days):
                continue
            if desk.permits(ORDER, order.state, step, unit, order):
                yield Todo(
                    kind=TodoKind.ORDER,
                    subject=order.key,
                    title=f"{order.authority} {order.document} {title}",
                    step=step,
                    act=act,
                    since=since,
                    due=None if step is OrderStep.DISCHARGE else order.due,
                )


def _is_to_remind(desk: Desk, owed: SupervisionOrder | Decision, days: int) -> bool:
    """Tell whether a due day is near or past, and nobody reminded today."""
    try:
        first = working_day_after(owed.due, -days, desk.work.rulebook.calendar)
    except CalendarMissing:
        first = owed.due
    return first <= desk.day != owed.reminded_on


#: By state of a review meeting, its next step and the method of it.
_ON_MEETING: Final = {
    ReviewMeetingState.CALLED: (ReviewMeetingStep.HOLD, "reviews.hold"),
    ReviewMeetingState.HELD: (ReviewMeetingStep.CLOSE, "reviews.close"),
}

#: By state of a decision, what may be done next, and the method of it.
_UNDONE = (
    (DecisionStep.REPORT, "decisions.report"),
    (DecisionStep.REMIND, "decisions.remind"),
)
_ON_DECISION: Final = {
    DecisionState.DECIDED: _UNDONE,
    DecisionState.RETURNED: _UNDONE,
    DecisionState.REPORTED: ((DecisionStep.ACCEPT, "decisions.accept"),),
}


def reviews(desk: Desk) -> Iterator[Todo]:
    """Yield the review meetings to hold or close, and decisions to do or look at.

    The owner of a decision reports it as done. The office reminds from some working
    days before the due day, once a day, and whoever has not reported accepts.
    """
    connection = desk.work.connection
    states = tuple(_ON_MEETING)
    for held, since in awaited.records_in(connection, ReviewMeeting, states):
        step, act = _ON_MEETING[held.state]
        called = held.state is ReviewMeetingState.CALLED
        if called and held.held_on > desk.day:
            continue
        if desk.permits(REVIEW_MEETING, held.state, step, None, held):
            yield Todo(
                kind=TodoKind.REVIEW,
                subject=held.key,
                title=held.key,
                step=step,
                act=act,
                since=since,
                due=held.held_on if called else None,
            )
    days = desk.work.rulebook.improving.reviews.remind_days.value
    for made, since in awaited.records_in(connection, Decision, tuple(_ON_DECISION)):
        for next_step, act in _ON_DECISION[made.state]:
            if next_step is DecisionStep.REPORT and made.unit not in desk.own:
                continue  # the office may, but waits for the owner
            if next_step is DecisionStep.REMIND and not _is_to_remind(desk, made, days):
                continue
            if desk.permits(DECISION, made.state, next_step, made.unit, made):
                yield Todo(
                    kind=TodoKind.DECISION,
                    subject=made.key,
                    title=made.decided.partition("\n")[0][:80],
                    step=next_step,
                    act=act,
                    since=since,
                    due=None if next_step is DecisionStep.ACCEPT else made.due,
                )


def running(desk: Desk) -> Iterator[Todo]:
    """Yield the running items that the actor's unit has not advised on this year.

    They wait in the days before the freeze of next year's list, which is their due
    day: what the successor inherits must be there by then.
    """
    due = _freeze(desk)
    days = desk.work.rulebook.improving.advising.days_before.value
    if due is None or due - timedelta(days=days) > desk.day:
        return
    covered = [
        (state, mine, False)
        for state in _RUNNING
        if (mine := reach(desk.by, Step.ADVISE, desk.organization, desk.day))
    ]
    advised = {
        each.item
        for each, _ in desk.advice
        if each.advised_on.year == due.year and each.state is not AdviceState.OPPOSED
    }
    for item in awaited.items_waiting(desk.work.connection, covered):
        if item.unit not in desk.own or item.number in advised:
            continue
        if not authorize(
            desk.by,
            Step.ADVISE,
            item.unit,
            item.area,
            desk.organization,
            day=desk.day,
        ):
            yield Todo(
                kind=TodoKind.ITEM,
                subject=item.number,
                title=item.plain["title"],
                step=Step.ADVISE,
                act="items.advise",
                since=due - timedelta(days=days),
                due=due,
            )


def spot_checks(desk: Desk) -> Iterator[Todo]:
    """Yield the spot checks that wait for the actor's party, or for their answer.

    A secret is due by the last day to reveal; then the draw is to be declared void.
    """
    party = party_of(desk.by.roles) if desk.may(Duty.SPOT_CHECK, None) else None
    states = tuple(SpotCheckState)
    for check, since in awaited.records_in(desk.work.connection, SpotCheck, states):
        step, due = None, None
        if check.state is SpotCheckState.DONE:
            units = {each.unit for each in check.open_findings()} & desk.own
            if any(desk.may(Duty.REPORT, unit) for unit in units):
                step, due = SpotCheckStep.ANSWER, answer_by(desk.work, check)
        elif party is not None:
            due = reveal_by(desk.work, check)
            step = _next_step(check, party, late=due is not None and due < desk.day)
        if step is not None:
            yield Todo(
                kind=TodoKind.SPOT_CHECK,
                subject=check.key,
                title=check.title,
                step=step,
                act=f"spot_checks.{step.value.partition('_')[0]}",
                since=since,
                due=due if step in _DATED else None,
            )


#: The steps of a spot check that have a last day.
_DATED: Final = frozenset({SpotCheckStep.REVEAL, SpotCheckStep.ANSWER})


def _next_step(check: SpotCheck, party: Role, *, late: bool) -> SpotCheckStep | None:
    """Return what a party has to do with a spot check, None if it waits."""
    if check.state is SpotCheckState.PLANNED:
        return SpotCheckStep.COMMIT if party in check.uncommitted() else None
    if check.state is SpotCheckState.CUT and late:
        return SpotCheckStep.VOID
    if check.state is SpotCheckState.CUT:
        return SpotCheckStep.REVEAL if party in check.unrevealed() else None
    if check.state is SpotCheckState.DRAWN:
        return SpotCheckStep.FIND if check.unchecked() else SpotCheckStep.FINISH
    return {
        SpotCheckState.COMMITTED: SpotCheckStep.CUT,
        SpotCheckState.REVEALED: SpotCheckStep.DRAW,
    }.get(check.state)


def _freeze(desk: Desk) -> date | None:
    """Return the day of the next freeze, None without the calendar of its year."""
    try:
        coming = next_due(desk.work.rulebook, desk.work.now)
    except CalendarMissing:
        return None
    return next((local_day(run.at) for run in coming if run.job == Job.LISTING), None)
