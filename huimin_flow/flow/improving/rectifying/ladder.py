"""The ladder of overdue rectifications, rung by rung to the deputy in charge (F3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    RectificationStep,
)
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.rectifying.steps import in_state, take
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.improving.rectification import (
    Rectification,
    Rung,
)
from huimin_flow.rules.improving import rectification
from huimin_flow.states.guards.rectification import posts_of
from huimin_flow.store.core import repository


@act(Duty.TIMETABLE)
def escalate(work: Work, *, by: Actor = ACTING) -> tuple[Rectification, ...]:
    """Record each rung of the ladder that overdue rectifications have reached (F3).

    The service does it once a day; a rung is recorded once. What is due in a year
    without a calendar waits for it.

    Raises:
        StepRefused: if the actor may not run the timetable.

    """
    work.duty(by, Duty.TIMETABLE)
    made = []
    for known in repository.records(work.connection, Rectification):
        if known.state in rectification.AWAITED:
            reached = known
            while (rung := _next_rung(work, reached)) is not None:
                rungs = (*reached.rungs, rung)
                step = RectificationStep.ESCALATE
                reached = take(work, step, reached, by, rungs=rungs)
            made += [] if reached is known else [reached]
    return tuple(made)


def _next_rung(work: Work, made: Rectification) -> Rung | None:
    """Return the rung that a rectification has reached by today, None for none."""
    try:
        due = rectification.rung_due(made, work.activations)
    except CalendarMissing:
        return None
    ladder, n = work.rulebook.improving.rectification.ladder, len(made.rungs)
    if due is None or due > work.today or n >= len(ladder):
        return None
    item, day = repository.item(work.connection, made.item), work.today
    organization, rule = work.rulebook.organization, ladder[n]
    return Rung(
        name=rule.name,
        role=rule.role,
        due=due,
        recorded_on=day,
        to=rectification.addressees(rule.role, item, organization, day),
    )


@act(Duty.CONFIRM)
def acknowledge(
    work: Work,
    key: Annotated[str, Argument.RECTIFICATION_KEY],
    *,
    by: Actor = ACTING,
) -> Rectification:
    """Acknowledge the rungs of a rectification that concern the actor's post (F3).

    Raises:
        NotFound: if there is no such rectification.
        StepRefused: if no rung waits for the actor.

    """
    old = in_state(work, key, RectificationStep.ACKNOWLEDGE)
    own = posts_of(acting_as(work, by))
    rungs = tuple(
        replace(rung, acknowledged_on=work.today, acknowledged_by=by.id)
        if rung.acknowledged_on is None and own.intersection(rung.to)
        else rung
        for rung in old.rungs
    )
    return take(work, RectificationStep.ACKNOWLEDGE, old, by, rungs=rungs)
