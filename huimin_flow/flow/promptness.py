"""Promptness: how many answers to bad ratings were given in their working days (D3)."""

from __future__ import annotations

from huimin_flow.flow.identity import known_unit
from huimin_flow.flow.owed import callback_rate, follow_up_rule
from huimin_flow.flow.work import Work
from huimin_flow.model.period import month, month_bounds
from huimin_flow.model.rating import Share, UnitFollowUps
from huimin_flow.rules.promptness import promptness
from huimin_flow.store import follow_ups


def answer_rate(work: Work, period: str, *, unit: str | None = None) -> Share:
    """Return how many answers that a month's bad ratings asked for came on time.

    Of those that were given, and those that are overdue today; what may still be
    given in time counts on neither side, nor what was set aside.

    Raises:
        InputRefused: for a period that is no month, or a code that no unit
            ever bore.
        StoreRefused: if the active rulebook has no deadlines.

    """
    known_unit(work, unit)
    rule = follow_up_rule(work)
    first, after = month_bounds(month(period))
    asked = follow_ups.answerings(work.connection, first=first, after=after, unit=unit)
    owed = (
        one
        for _, answers in asked
        for one in follow_ups.answers_as_owed(
            answers, rule.answer_days.value, work.rulebook.calendar
        )
    )
    return promptness(owed, work.today)


def follow_ups_by_unit(work: Work, period: str) -> tuple[UnitFollowUps, ...]:
    """Return the call-back rate and the rate of answers on time of each unit (D3).

    Of the units with bad ratings in a month, by their codes.

    Raises:
        InputRefused: for a period that is no month.
        StoreRefused: if the active rulebook has no deadlines.

    """
    first, after = month_bounds(month(period))
    bad = follow_ups.bad_ratings(work.connection, first=first, after=after)
    return tuple(
        UnitFollowUps(
            unit=unit,
            called_back=callback_rate(work, period, unit=unit),
            answered_on_time=answer_rate(work, period, unit=unit),
        )
        for unit in sorted({rating.unit for rating, _ in bad})
    )
