"""The bad ratings that wait for the actor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from typing import Final

from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    FollowUpState,
    FollowUpStep,
    TodoKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.evidence import RatedEvidence
from huimin_flow.model.items import Todo
from huimin_flow.rules.core.due import deadline
from huimin_flow.rules.services import follow_ups as rules
from huimin_flow.states.records import FOLLOW_UP
from huimin_flow.store.services import follow_ups as rated

#: By state of a follow-up, its next step and the method of it.
_FOLLOWED: Final = {
    **dict.fromkeys(
        (FollowUpState.PENDING, FollowUpState.RETURNED, FollowUpState.UPHELD),
        (FollowUpStep.ANSWER, "ratings.answer"),
    ),
    FollowUpState.ANSWERED: (FollowUpStep.VERIFY, "ratings.verify"),
    FollowUpState.OBJECTED: (FollowUpStep.UPHOLD, "ratings.settle"),
}


def ratings(desk: Desk) -> Iterator[Todo]:
    """Yield the bad ratings whose next step the actor may take."""

    @cache
    def due(since: date, state: FollowUpState) -> date | None:
        days = partial(rules.days_allowed, state)
        try:
            return deadline(since, desk.work.activations, days)
        except CalendarMissing:
            return None

    if not desk.may(Duty.REPORT, desk.by.unit) and not desk.may(
        Duty.CONFIRM, desk.by.unit
    ):
        return
    services = desk.work.rulebook.services
    names = {item.key: item.name for item in services.items}
    calls = services.follow_up.callback_percent.value > 0
    office = desk.organization.office
    # The office follows up all ratings; others judge what was said of the office.
    own = {desk.organization.heir(unit, desk.day) for unit in desk.own}
    answered = [desk.organization.answers_for(unit, desk.day) for unit in own]
    units = None if office in own else {office}.union(*answered, own)
    for rating, known in rated.bad_ratings(
        desk.work.connection, units=units, final=FOLLOW_UP.ends
    ):
        state = FollowUpState.PENDING if known is None else known.state
        since = local_day(rating.at) if known is None else known.since
        step, act = _FOLLOWED[state]
        evidence = RatedEvidence(rated=rating.unit if known is None else known.unit)
        if desk.permits(FOLLOW_UP, state, step, desk.by.unit, known, evidence):
            yield Todo(
                kind=TodoKind.RATING,
                subject=rating.transaction,
                title=f"{rating.level.spoken} {names.get(rating.item, '')}",
                step=step,
                act=act,
                since=since,
                due=due(since, state),
                lacks=Argument.CALLED_BACK_ON
                if calls and rating.who and not (known and known.called_back_on)
                else None,
            )
