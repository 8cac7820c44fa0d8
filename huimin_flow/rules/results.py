"""The result that a job reports: counts of what it created (F3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from huimin_flow.catalogue.terms import Color, Job, Outcome, ScoreClass, State
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.deciding.ledgers import ResponseChase
from huimin_flow.model.deciding.lists import Edition, unit_of_list
from huimin_flow.model.extensions import Refused
from huimin_flow.model.improving.boards import QuarterlyBoards
from huimin_flow.model.improving.digests import Digests
from huimin_flow.model.items import Item
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    ProgressCall,
    QuarterlyRanking,
)
from huimin_flow.model.sensing.policies import PolicyReview
from huimin_flow.model.sensing.rounds import ScreeningRound
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.rules.scoring.colors import has_changed

#: The result of a skipped job: it is too late, or a newer period replaces it.
SKIPPED: Final[Mapping[str, Any]] = {"skipped": True}


def refused_of(made: Sequence[Any] | None) -> Mapping[str, Any]:
    """Return the items whose step a host's guard refused to a job, as asked (E1)."""
    refused = [each for each in made or () if isinstance(each, Refused)]
    return {"refused": to_plain(refused)} if refused else {}


def result_of(job: str, made: Sequence[Any] | None) -> Mapping[str, Any]:
    """Return a job's result from the values it created; ``made`` is None if skipped.

    A listing creates the units' lists, then the areas' proposals or the city's list;
    a reminder counts the items by state.
    """
    match job, made:
        case _, None:
            result = SKIPPED
        case Job.SUCCESSION | Job.FEED_PULL, made:
            kinds = Counter(map(type, made))
            lists = len({each.key for each in made if isinstance(each, Edition)})
            gone = {"items": kinds[Item], "ratings": kinds[FollowUp], "lists": lists}
            result = {"missed": len(made)} if job == Job.FEED_PULL else gone
        case Job.LISTING | Job.PHASE_LISTING, made:
            frozen = [each for each in made if isinstance(each, Edition)]
            units = [each for each in frozen if unit_of_list(each.key)]
            others = [each for each in frozen if not unit_of_list(each.key)]
            word = Outcome.PROPOSED if job == Job.LISTING else Outcome.CITY
            result = {
                word.value: sum(len(each.places) for each in others),
                "units": len(units),
                "listed": sum(len(each.places) for each in units),
                "left_out": sum(len(each.left_out) for each in frozen),
                "unmoved": sum(len(each.unmoved) for each in units),
                "existed": sum(each.version > 1 for each in frozen),
            }
        case (
            Job.PROGRESS_CALL | Job.PROGRESS_CHASE | Job.RESPONSE_CHASE,
            [ProgressCall() | ResponseChase() as call],
        ):
            name = "silent" if job == Job.RESPONSE_CHASE else "owing"
            owing = {each.unit for each in call.owing}
            result = {name: len(call.owing), "units": len(owing)}
        case (
            Job.SCREENING_ROUND
            | Job.POLICY_REVIEW
            | Job.QUARTERLY_BOARDS
            | Job.MONTHLY_DIGESTS
            | Job.QUARTERLY_DIGESTS,
            [*_, last],
        ):
            result = _of_record(last)
        case Job.MONTHLY_SCORE, [MonthlyScore() as scores]:
            groups = scores.groups.values()
            classes = Counter(unit.standing for group in groups for unit in group)
            result = {each.value: classes[each] for each in ScoreClass}
        case Job.FIVE_COLORS, [MonthlyColors() as chart]:
            charted = [unit for group in chart.groups.values() for unit in group]
            colors = Counter(unit.color for unit in charted)
            changed = sum(has_changed(unit) for unit in charted)
            result = {each.value: colors[each] for each in Color} | {"changed": changed}
        case Job.QUARTERLY_RANKING, [QuarterlyRanking() as ranking]:
            ranked = [unit for group in ranking.groups.values() for unit in group]
            without = sum(unit.place is None for unit in ranked)
            result = {"ranked": len(ranked) - without, "insufficient": without}
        case Job.LISTING_REMINDER, [counts]:
            waiting = (State.JUDGED, State.STARRED)
            result = {
                "waiting": {state.value: counts.get(state, 0) for state in waiting}
            }
        case _:
            message = f"not a result of the job {job}"
            raise ValueError(message)
    return result


def _of_record(
    made: ScreeningRound | PolicyReview | QuarterlyBoards | Digests,
) -> Mapping[str, Any]:
    """Return the result of a round, of a comparison, of boards, or of digests."""
    if isinstance(made, Digests):
        names = ("late", "owed", "faults", "well")
        figures = [each.counts for each in made.parts]
        sums = {name: sum(getattr(each, name) for each in figures) for name in names}
        return {"units": len(made.units)} | sums
    if isinstance(made, QuarterlyBoards):
        return {
            "considered": made.considered,
            "good": len(made.good),
            "bad": len(made.bad),
            "remains": sum(entry.remains for entry in made.bad),
        }
    if isinstance(made, PolicyReview):
        return {
            "measures": len(made.lines),
            "gaps": sum(not line.verdict.passed for line in made.lines),
            "collected": sum(line.fresh for line in made.lines),
            "unmeasured": len(made.silent),
        }
    late = [each for each in made.candidates if each.due and each.due < made.day]
    return {"candidates": len(made.candidates), "overdue": len(late)}
