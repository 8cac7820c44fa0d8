"""What each job does: within its cut, in the transaction of its claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from huimin_flow.catalogue.terms import Color, RecordStep, ScoreClass, State, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.flow import listing, scoring, standings
from huimin_flow.flow.advance import acting_as, keep_record
from huimin_flow.flow.progress import owing_at
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.monthly import ProgressCall
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.value import value
from huimin_flow.rules.coloring import has_changed
from huimin_flow.rules.due import Due
from huimin_flow.store import repository


@value
class Cut:
    """What a job may know: facts up to a position, the rulebook active there."""

    position: int
    book: Rulebook


Effect = Callable[[Work, Due, Cut, Actor], Mapping[str, Any]]


def _freeze(work: Work, due: Due, cut: Cut, by: Actor) -> Mapping[str, Any]:
    day = local_day(due.at)
    editions = listing.freeze(
        work, int(due.period), cut.position, cut.book, day=day, by=by
    )
    city, units = editions[0], editions[1:]
    return {
        "city": len(city.places),
        "units": len(units),
        "listed": sum(len(one.places) for one in units),
        "left_out": sum(len(one.left_out) for one in editions),
        "unmoved": sum(len(one.unmoved) for one in units),
        "existed": sum(one.version > 1 for one in editions),
    }


def _remind(work: Work, due: Due, cut: Cut, by: Actor) -> Mapping[str, Any]:
    del cut, by
    if due.missed == "skip" and _too_late(work, due):
        return {"skipped": True}
    counts = repository.count_by_state(work.connection)
    waiting = {
        state.value: counts.get(state, 0) for state in (State.JUDGED, State.STARRED)
    }
    return {"waiting": waiting}


def _call(work: Work, due: Due, cut: Cut, by: Actor) -> Mapping[str, Any]:
    """Name who has not reported the month (C4)."""
    if due.missed == "skip" and _too_late(work, due):
        return {"skipped": True}
    return _named(work, due, cut.position, cut, by)


def _chase(work: Work, due: Due, cut: Cut, by: Actor) -> Mapping[str, Any]:
    """Chase who has not reported the month (C4); late, who has not to this day.

    A month that is still unreported is chased however late: its reports are owed.
    """
    known = cut.position
    if _too_late(work, due):
        known = work.head
    return _named(work, due, known, cut, by)


def _named(work: Work, due: Due, known: int, cut: Cut, by: Actor) -> Mapping[str, Any]:
    owing = owing_at(work, due.period, known)
    key = StreamKind(due.job).key(due.period)
    call = ProgressCall(key=key, period=due.period, owing=owing, known=known)
    acting, digest = acting_as(work, by), cut.book.digest
    keep_record(
        work, RecordStep.CALL, call, None, acting, about=due.period, rulebook=digest
    )
    return {"owing": len(owing), "units": len({one.unit for one in owing})}


def _score(work: Work, due: Due, cut: Cut, by: Actor) -> Mapping[str, Any]:
    found = scoring.score_month(work, due.period, cut.position, cut.book, by=by)
    standing = Counter(one.standing for group in found.groups.values() for one in group)
    return {one.value: standing[one] for one in ScoreClass}


def _color(work: Work, due: Due, cut: Cut, by: Actor) -> Mapping[str, Any]:
    found = standings.color_month(work, due.period, cut.book, by=by)
    units = [one for group in found.groups.values() for one in group]
    colors = Counter(one.color for one in units)
    changed = sum(has_changed(one) for one in units)
    return {one.value: colors[one] for one in Color} | {"changed": changed}


def _rank(work: Work, due: Due, cut: Cut, by: Actor) -> Mapping[str, Any]:
    found = standings.rank_quarter(work, due.period, cut.book, by=by)
    places = [one.place for group in found.groups.values() for one in group]
    return {
        "ranked": sum(one is not None for one in places),
        "insufficient": sum(one is None for one in places),
    }


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
