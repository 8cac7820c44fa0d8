"""Scores: a month's index, its colors, a quarter's ranking, and their editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from huimin_flow.api import Figure, Rating, RatingLevel, State, tick
from huimin_flow.testing import UNIT, Desk, at_hour


def _ratings(month: int, unit: str, count: int) -> list[Rating]:
    """Return ratings of a unit in a month; every tenth is bad."""
    begun = datetime(2023, month, 2, 2, tzinfo=UTC)
    return [
        Rating(
            transaction=f"{month}-{unit}-{n}", unit=unit, item="startup_grant",
            channel="app", at=begun + timedelta(minutes=n),
            level=RatingLevel.SATISFIED if n % 10 else RatingLevel.DISSATISFIED,
        )
        for n in range(count)
    ]  # fmt: skip


def score_a_month(desk: Desk) -> None:
    """Let the timetable score and color a month, and look into it."""
    flow, office = desk.flow, desk.office
    desk.clock.set(at_hour(date(2023, 10, 27), 10))
    for unit in (UNIT, "500102"):
        flow.ratings.add(_ratings(10, unit, 60), by=office)
    desk.link_appeals(desk.collect().number, 30)
    desk.report(desk.bring(State.ASSIGNED).number)
    desk.clock.set(at_hour(date(2023, 11, 20), 19))
    tick(flow)

    score = flow.scores.month("2023-10")
    assert flow.scores.month_if_any("2023-08") is None
    assert flow.scores.months("2023-10", "2023-11") == (score,)
    assert flow.scores.periods().months == ("2023-10",)

    unit_score, tree = flow.scores.explain(UNIT, "2023-10")
    print(unit_score, tree.inputs)
    assert flow.scores.unit_month(UNIT, "2023-10")

    colors = flow.scores.colors("2023-10")
    assert flow.scores.last_colors() == colors
    assert flow.scores.of_colors(colors) == score


def correct_a_month(desk: Desk) -> None:
    """Correct a published month after late facts: an edition of two people."""
    flow, office, second = desk.flow, desk.office, desk.second

    flow.ratings.add(_ratings(10, "500103", 40), by=office)
    assert flow.scores.late_facts("2023-10")
    key = flow.scores.month("2023-10").key
    flow.scores.correct(key, "补报", by=office, second=second)
    assert len(flow.scores.editions(key)) == 2


def try_other_rules(desk: Desk) -> None:
    """Try a rulebook on what was published, without writing anything."""
    flow = desk.flow
    book = flow.rulebook.active()
    whole = Figure(value=100, source="ours")
    alone = tuple(
        replace(each, weight=whole)
        for each in book.scoring.index.indicators
        if each.key == "satisfaction"
    )
    index = replace(book.scoring.index, indicators=alone)
    other = replace(book, scoring=replace(book.scoring, index=index), digest="")

    trial = flow.rulebook.what_if(other, "2023-10", "2023-10")
    for change in trial.changes:
        print(change.key, change.subject, change.old, change.new)


def rank_a_quarter(desk: Desk) -> None:
    """Let the timetable rank a quarter."""
    flow = desk.flow

    desk.clock.set(at_hour(date(2024, 1, 31), 19))
    tick(flow)
    ranking = flow.scores.ranking("2023Q4")
    assert ranking.months == ("2023-10", "2023-11", "2023-12")
