"""What waits for an actor: their next steps, with due days.

It asks the rights and guards that the acts ask, so it names no step that would be
refused for the actor or the state.
"""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import Final

from huimin_flow.catalogue.terms import (
    TodoKind,
)
from huimin_flow.flow.core.acts import ACTING, question
from huimin_flow.flow.core.advance import acting_as
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.todo import (
    boards,
    deciding,
    executing,
    improving,
    items,
    proposals,
    sensing,
    services,
    upkeep,
)
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.items import Todo

#: What may wait for an actor; a room adds its piles here.
PILES: Final = (
    items.items,
    items.left_behind,
    proposals.proposals,
    deciding.assessments,
    deciding.requests,
    deciding.engagements,
    deciding.lists,
    deciding.meetings,
    deciding.resources,
    deciding.responses,
    executing.progress,
    executing.feeds,
    executing.sent_back,
    executing.uncovered,
    executing.surveys,
    improving.advice,
    improving.running,
    improving.orders,
    boards.boards,
    improving.spot_checks,
    boards.rectifications,
    boards.listed,
    boards.replications,
    improving.reviews,
    sensing.answers,
    sensing.closing,
    sensing.gathering,
    sensing.repeating,
    sensing.loose,
    services.ratings,
    sensing.points,
    items.policies,
    upkeep.clocks,
    upkeep.dead_letters,
    upkeep.undelivered,
)


@question
def todo(work: Work, by: Actor = ACTING) -> tuple[Todo, ...]:
    """Return what waits for an actor, by due day; what has none comes last.

    These are next steps of items, others' proposals, assessments, progress to report,
    feeds that bring nothing, tasks that were sent back, items whose tasks don't cover
    their targets, bad ratings, appeals to answer, to close, to bring together or to
    collect, advice, lists, demands, supervision orders, spot checks, surveys,
    rectifications, entries of a bad board without one, replications, engagements,
    review meetings and their decisions, policies without a measure, the clock, dead
    letters, and digests that have not reached their units.
    A starred item waits for the freeze, not for a person. A month's figures are due on
    the day of its score.

    Raises:
        StepRefused: for a person whom the organization doesn't know.

    """
    desk = Desk(work, acting_as(work, by))
    kinds = list(TodoKind)
    return tuple(
        sorted(
            chain.from_iterable(pile(desk) for pile in PILES),
            key=lambda entry: (
                entry.due or date.max,
                kinds.index(entry.kind),
                entry.since,
                entry.subject,
            ),
        )
    )
