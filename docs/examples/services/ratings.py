"""Ratings of services: taken in, answered when bad, objected to, and counted."""

from __future__ import annotations

from datetime import timedelta

from huimin_flow.api import Failing, FollowUpState, Misrating, Rating, RatingLevel
from huimin_flow.testing import UNIT, Desk


def _rating(desk: Desk, number: int, level: RatingLevel) -> Rating:
    """Return a rating of yesterday."""
    return Rating(
        transaction=f"T{number}",
        unit=UNIT,
        item="startup_grant",
        channel="app",
        level=level,
        at=desk.clock.now() - timedelta(days=1),
        who=f"c{number}",
    )


def take_in(desk: Desk) -> None:
    """Take in ratings; one of an unknown service is refused, the others are kept."""
    flow, office = desk.flow, desk.office
    levels = [RatingLevel.SATISFIED] * 6 + [RatingLevel.DISSATISFIED] * 4

    ratings = [_rating(desk, n, level) for n, level in enumerate(levels)]
    intake = flow.ratings.add(ratings, by=office, source="好差评.xlsx")
    assert intake.kept == 10

    bad = flow.ratings.bad(unit=UNIT)
    assert {each.rating.transaction for each in bad} == {"T6", "T7", "T8", "T9"}


def follow_up(desk: Desk) -> None:
    """Answer a bad rating and have it verified; object to another, and settle it."""
    flow, office, clerk = desk.flow, desk.office, desk.operator

    for todo in flow.todo(clerk):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    flow.ratings.answer(
        "T6", "已当面致歉", called_back_on=desk.today(), failing=Failing.CONDUCT,
        improved="增设窗口", again=RatingLevel.SATISFIED, by=clerk,
    )  # fmt: skip
    verified = flow.ratings.verify("T6", "属实", accept=True, by=office)
    assert verified.state is FollowUpState.VERIFIED

    flow.ratings.object_to("T7", Misrating.MISTAKEN, "点错", by=clerk)
    flow.ratings.settle("T7", "属实", set_aside=False, by=office)


def count_ratings(desk: Desk) -> None:
    """Count ratings by unit, service and channel; see rates, savings and coverage."""
    flow = desk.flow
    month, year = f"{desk.today():%Y-%m}", desk.today().year

    assert flow.ratings.callback_rate(month, unit=UNIT)
    assert flow.ratings.answer_rate(month, unit=UNIT)
    assert flow.ratings.failings(month, unit=UNIT)
    assert flow.ratings.follow_ups(month)
    assert flow.ratings.month_of_units(month)
    assert flow.ratings.by("channel", month)
    assert flow.ratings.by_service(month)
    later = desk.today() + timedelta(days=60)
    assert flow.ratings.overdue(on=later)

    assert flow.ratings.coverage(month, month)
    assert flow.ratings.savings(year)
    assert flow.ratings.service_year(year).items
    assert flow.ratings.service_items()
