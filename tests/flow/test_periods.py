"""Which periods have something to show: published months and quarters, running tasks."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import State
from huimin_flow.clock import at_hour
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick


def test_published_periods_are_those_with_colors_and_with_a_ranking(
    desk: Desk,
) -> None:
    periods = desk.flow.scores.periods()
    assert (periods.months, periods.quarters) == ((), ())
    desk.clock.set(at_hour(date(2024, 1, 20), 9))
    tick(desk.flow, desk.clock.now())
    periods = desk.flow.scores.periods()
    assert periods.months == ("2023-10", "2023-11", "2023-12")
    assert periods.quarters == ("2023Q4",)
    for month in periods.months:
        assert desk.flow.scores.colors(month).period == month
    assert desk.flow.scores.ranking("2023Q4").period == "2023Q4"


def test_tasks_ran_from_the_first_assignment_to_the_last_end(desk: Desk) -> None:
    assert desk.flow.tasks.months() == ()
    first = desk.bring(State.ASSIGNED).number
    begun = f"{desk.today():%Y-%m}"
    assert desk.flow.tasks.months() == (begun,)
    desk.clock.set(at_hour(date(2024, 2, 5), 9))
    desk.collect()  # while a task runs, months go on with what is recorded
    months = desk.flow.tasks.months()
    assert (months[0], months[-1]) == (begun, "2024-02")
    assert list(months) == sorted(set(months))
    desk.flow.items.cancel(
        first, "conditions_not_ready", by=desk.office, second=desk.second
    )
    desk.clock.set(at_hour(date(2024, 5, 6), 9))
    desk.collect()
    assert desk.flow.tasks.months() == months
