"""What each job does: within its cut, in the transaction of its claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from huimin_flow.catalogue.terms import Missed, RecordStep, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding import lists
from huimin_flow.flow.executing.progress import owing_at
from huimin_flow.flow.scoring import charts, scores
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import value
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import ProgressCall
from huimin_flow.rules.core.due import Due
from huimin_flow.store.core import repository


@value
class Cut:
    """What a job may know: facts up to a position, the rulebook active there."""

    position: int
    book: Rulebook


#: Returns what the job made, None where it was too late to make anything.
Effect = Callable[[Work, Due, Cut, Actor], Sequence[Any] | None]


def _freeze(work: Work, due: Due, cut: Cut, by: Actor) -> Sequence[Any]:
    day = local_day(due.at)
    return lists.freeze(work, int(due.period), cut.position, cut.book, day=day, by=by)


def _remind(work: Work, due: Due, cut: Cut, by: Actor) -> Sequence[Any] | None:
    del cut, by
    return (
        None if _given_up(work, due) else [repository.count_by_state(work.connection)]
    )


def _call(work: Work, due: Due, cut: Cut, by: Actor) -> Sequence[Any] | None:
    """Name who has not reported the month (C4)."""
    return None if _given_up(work, due) else _named(work, due, cut.position, cut, by)


def _chase(work: Work, due: Due, cut: Cut, by: Actor) -> Sequence[Any]:
    """Chase who has not reported the month (C4); late, who has not to this day.

    A month that is still unreported is chased however late: its reports are owed.
    """
    known = cut.position
    if _too_late(work, due):
        known = work.head
    return _named(work, due, known, cut, by)


def _named(work: Work, due: Due, known: int, cut: Cut, by: Actor) -> Sequence[Any]:
    key, owing = StreamKind(due.job).key(due.period), owing_at(work, due.period, known)
    call = ProgressCall(key=key, period=due.period, owing=owing, known=known)
    acting, digest = acting_as(work, by), cut.book.digest
    made = keep_record(
        work, RecordStep.CALL, call, None, acting, about=due.period, rulebook=digest
    )
    return [made]


def _score(work: Work, due: Due, cut: Cut, by: Actor) -> Sequence[Any]:
    return [scores.score_month(work, due.period, cut.position, cut.book, by=by)]


def _color(work: Work, due: Due, cut: Cut, by: Actor) -> Sequence[Any]:
    return [charts.color_month(work, due.period, cut.book, by=by)]


def _rank(work: Work, due: Due, cut: Cut, by: Actor) -> Sequence[Any]:
    return [charts.rank_quarter(work, due.period, cut.book, by=by)]


def _given_up(work: Work, due: Due) -> bool:
    return due.missed == Missed.SKIP and _too_late(work, due)


def _too_late(work: Work, due: Due) -> bool:
    return work.now - due.at > timedelta(hours=due.late_hours)


#: What each job of the timetable does; a slot without an effect is refused.
EFFECTS: Mapping[str, Effect] = {
    "listing": _freeze,
    "listing_reminder": _remind,
    "progress_call": _call,
    "progress_chase": _chase,
    "monthly_score": _score,
    "five_colors": _color,
    "quarterly_ranking": _rank,
}
