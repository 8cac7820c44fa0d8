"""The effect of each job: it sees its cut, in the transaction of its claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import timedelta
from functools import partial
from typing import Any

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import Missed, RecordStep, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.flow import succession
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding import freezing
from huimin_flow.flow.deciding.demands.awaited import silent_at
from huimin_flow.flow.executing.feeding import delivering
from huimin_flow.flow.executing.progress import owing_at
from huimin_flow.flow.improving import boards
from huimin_flow.flow.improving.reviewing import digests
from huimin_flow.flow.scoring.published import publish
from huimin_flow.flow.sensing import rounds
from huimin_flow.flow.sensing.policies import reviews
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.ledgers import ResponseChase
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import ProgressCall
from huimin_flow.rules.core.due import Due, unit_end
from huimin_flow.store.core import repository


@value
class Cut:
    """What a job may know: facts up to a position, and the rulebook active there.

    ``reason`` is why a period runs again that a wrong clock did. ``missed`` are the
    feeds whose pull brought nothing, with the reasons.
    """

    position: int
    book: Rulebook
    reason: str = ""
    missed: Mapping[str, Reasons] = field(default_factory=dict)


#: Returns the records that the job made, None if it was too late.
Effect = Callable[[Work, Due, Cut, Actor], Sequence[Any] | None]


def _call(work: Work, due: Due, known: int, cut: Cut, by: Actor) -> Sequence[Any]:
    """Record who has not reported the month at the position ``known`` (C4)."""
    call = ProgressCall(
        key=StreamKind(due.job).key(due.period),
        period=due.period,
        owing=owing_at(work, due.period, known, cut.book.organization),
        known=known,
    )
    before = repository.find_record(work.connection, ProgressCall, call.key)
    keep = partial(keep_record, about=due.period, rulebook=cut.book.digest)
    return [keep(work, RecordStep.CALL, call, before, acting_as(work, by))]


def _chase(work: Work, due: Due, cut: Cut, by: Actor) -> Sequence[Any]:
    """Record which units have not responded to demands in time at the cut (B4)."""
    chase = ResponseChase(
        key=StreamKind.RESPONSE_CHASE.key(due.period),
        period=due.period,
        owing=silent_at(work, cut.position, cut.book, local_day(due.at)),
        known=cut.position,
    )
    before = repository.find_record(work.connection, ResponseChase, chase.key)
    keep = partial(
        keep_record,
        about=due.period,
        rulebook=cut.book.digest,
        occurred_on=local_day(due.at),
    )
    return [keep(work, RecordStep.CALL, chase, before, acting_as(work, by))]


def _is_late(work: Work, due: Due) -> bool:
    return work.now - due.at > timedelta(hours=due.late_hours)


def _is_skipped(work: Work, due: Due) -> bool:
    return due.missed == Missed.SKIP and _is_late(work, due)


def _issue(work: Work, due: Due, cut: Cut, by: Actor) -> Sequence[Any]:
    """Issue the digests of a month or a quarter (F3)."""
    reason = cut.reason
    made = digests.issue(work, due.period, cut.position, cut.book, by=by, reason=reason)
    return [made]


def _publishes(kind: StreamKind) -> Effect:
    return lambda work, due, cut, by: [
        publish(
            work, kind, due.period, cut.position, cut.book, by=by, reason=cut.reason
        )
    ]


#: The effect of each job of the timetable; a slot without one is refused. A late
#: ``progress_chase`` is not skipped: it names what is unreported at its run.
EFFECTS: Mapping[str, Effect] = {
    "succession": lambda work, due, _, by: succession.succeed(
        work, *unit_end(due.period), by=by
    ),
    "listing": lambda work, due, cut, by: freezing.freeze(
        work, int(due.period), cut.position, cut.book, day=local_day(due.at), by=by
    ),
    "phase_listing": lambda work, due, cut, by: freezing.freeze_phase(
        work, due.period, cut.position, cut.book, day=local_day(due.at), by=by
    ),
    "listing_reminder": lambda work, due, _, __: (
        None if _is_skipped(work, due) else [repository.count_by_state(work.connection)]
    ),
    "screening_round": lambda work, due, cut, by: [
        rounds.draw_up(
            work, due.period, cut.position, cut.book, day=local_day(due.at), by=by
        )
    ],
    "policy_review": lambda work, due, cut, by: reviews.review(
        work, due.period, cut.position, cut.book, day=local_day(due.at), by=by
    ),
    "feed_pull": lambda work, _, cut, by: [
        delivering.miss(work, key, reasons, by=by)
        for key, reasons in sorted(cut.missed.items())
    ],
    "progress_call": lambda work, due, cut, by: (
        None if _is_skipped(work, due) else _call(work, due, cut.position, cut, by)
    ),
    "progress_chase": lambda work, due, cut, by: _call(
        work, due, work.head if _is_late(work, due) else cut.position, cut, by
    ),
    "response_chase": _chase,
    "monthly_score": _publishes(StreamKind.SCORE),
    "five_colors": _publishes(StreamKind.COLORS),
    "quarterly_ranking": _publishes(StreamKind.RANKING),
    "quarterly_boards": lambda work, due, cut, by: [
        boards.draft(work, due.period, cut.position, cut.book, by=by, reason=cut.reason)
    ],
    "monthly_digests": _issue,
    "quarterly_digests": _issue,
}
