"""What a job says came of it, counted from what it made (F3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from huimin_flow.catalogue.terms import Color, Job, ScoreClass, State
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    ProgressCall,
    QuarterlyRanking,
)
from huimin_flow.rules.scoring.colors import has_changed

#: What is told of a job that made nothing: too late, or a newer period made up for it.
SKIPPED: Final[Mapping[str, Any]] = {"skipped": True}


def result_of(job: str, made: Sequence[Any] | None) -> Mapping[str, Any]:
    """Return what a job tells of what it made, None where it made nothing.

    A listing makes the city's list first and then the units'; a reminder counts the
    items by state.
    """
    return SKIPPED if made is None else _RESULTS[job](made)


def _listed(editions: Sequence[Edition]) -> Mapping[str, Any]:
    city, units = editions[0], editions[1:]
    return {
        "city": len(city.places),
        "units": len(units),
        "listed": sum(len(one.places) for one in units),
        "left_out": sum(len(one.left_out) for one in editions),
        "unmoved": sum(len(one.unmoved) for one in units),
        "existed": sum(one.version > 1 for one in editions),
    }


def _reminded(made: Sequence[Mapping[State, int]]) -> Mapping[str, Any]:
    (counts,) = made
    waiting = (State.JUDGED, State.STARRED)
    return {"waiting": {state.value: counts.get(state, 0) for state in waiting}}


def _called(made: Sequence[ProgressCall]) -> Mapping[str, Any]:
    (call,) = made
    units = {one.unit for one in call.owing}
    return {"owing": len(call.owing), "units": len(units)}


def _scored(made: Sequence[MonthlyScore]) -> Mapping[str, Any]:
    (scores,) = made
    groups = scores.groups.values()
    standing = Counter(one.standing for group in groups for one in group)
    return {one.value: standing[one] for one in ScoreClass}


def _colored(made: Sequence[MonthlyColors]) -> Mapping[str, Any]:
    (chart,) = made
    units = [one for group in chart.groups.values() for one in group]
    colors = Counter(one.color for one in units)
    changed = sum(has_changed(one) for one in units)
    return {one.value: colors[one] for one in Color} | {"changed": changed}


def _ranked(made: Sequence[QuarterlyRanking]) -> Mapping[str, Any]:
    (ranking,) = made
    places = [one.place for group in ranking.groups.values() for one in group]
    return {
        "ranked": sum(one is not None for one in places),
        "insufficient": sum(one is None for one in places),
    }


_RESULTS: Final[Mapping[str, Callable[[Sequence[Any]], Mapping[str, Any]]]] = {
    Job.LISTING: _listed,
    Job.LISTING_REMINDER: _reminded,
    Job.PROGRESS_CALL: _called,
    Job.PROGRESS_CHASE: _called,
    Job.MONTHLY_SCORE: _scored,
    Job.FIVE_COLORS: _colored,
    Job.QUARTERLY_RANKING: _ranked,
}
