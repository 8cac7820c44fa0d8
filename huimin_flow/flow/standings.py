"""Standings: the month's five colors and the quarter's places (D6, D7)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.errors import NotFound
from huimin_flow.flow.scoring import (
    keep_published,
    month_if_any,
    monthly_score,
)
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.monthly import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
)
from huimin_flow.model.period import month, month_before, months_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.text import required
from huimin_flow.rules import publication
from huimin_flow.store import repository


def color_month(work: Work, period: str, book: Rulebook, *, by: Actor) -> MonthlyColors:
    """Color the units of a scored month, beside the month before (D6)."""
    colors = _colored(work, period, book)
    keep_published(work, colors, "color", by, book)
    return colors


def _colored(work: Work, period: str, book: Rulebook) -> MonthlyColors:
    key = f"colors/{month_before(period)}"
    before = repository.find_record(work.connection, MonthlyColors, key)
    return publication.month_colored(monthly_score(work, period), before, book)


def rank_quarter(
    work: Work, period: str, book: Rulebook, *, by: Actor
) -> QuarterlyRanking:
    """Rank a quarter's units within their groups, from its published months (D7)."""
    found = _placed(work, period, book)
    keep_published(work, found, "rank", by, book)
    return found


def _placed(work: Work, period: str, book: Rulebook | None = None) -> QuarterlyRanking:
    scored = [month_if_any(work, one) for one in months_of(period)]
    return publication.quarter_ranked(period, scored, book or _book_of(work, scored))


def _book_of(work: Work, scored: list[MonthlyScore | None]) -> Rulebook:
    """Return the rulebook by which the quarter's last month was scored."""
    last = next((one for one in reversed(scored) if one is not None), None)
    return work.rulebook if last is None else work.rulebook_of(last.rulebook)


def monthly_colors(work: Work, period: str) -> MonthlyColors:
    """Return a month's colors.

    Raises:
        NotFound: if the month was never colored.

    """
    key = f"colors/{month(period)}"
    found = repository.find_record(work.connection, MonthlyColors, key)
    if found is None:
        raise NotFound(f"{period}尚无五色图", remedy="五色图随月度计分产生")
    return found


def quarterly_ranking(work: Work, period: str) -> QuarterlyRanking:
    """Return a quarter's ranking.

    Raises:
        NotFound: if the quarter was never ranked.

    """
    months_of(period)
    key = f"ranking/{period}"
    found = repository.find_record(work.connection, QuarterlyRanking, key)
    if found is None:
        raise NotFound(f"{period}尚无榜单", remedy="榜单在季后产生")
    return found


def correct_standings(
    work: Work, key: str, reason: str, *, by: Actor, second: Actor
) -> MonthlyColors | QuarterlyRanking:
    """Publish colors or a ranking anew from the scores as they stand, by two people.

    Raises:
        NotFound: if nothing was published under the key.
        StepRefused: unless two people with the duty stand behind it.

    """
    work.two_people(by, second, "confirm")
    kind, _, period = key.partition("/")
    note = required(reason, "更正理由", longest=500)
    old: MonthlyColors | QuarterlyRanking
    if kind == "colors":
        old = monthly_colors(work, period)
        book = work.rulebook_of(monthly_score(work, period).rulebook)
        new: MonthlyColors | QuarterlyRanking = _colored(work, period, book)
    else:
        old = quarterly_ranking(work, period)
        book = work.rulebook
        new = _placed(work, period)
    new = replace(new, version=old.version + 1, note=note)
    keep_published(work, new, "correct", by, book)
    return new
