"""A month scored, colored and ranked from data alone, once, explained to the leaf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    LateKind,
    Misrating,
    RatingLevel,
    ScoreClass,
    State,
    UnitKind,
)
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.plans import Progress, TaskResult
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.model.scoring.published import MonthlyScore
from huimin_flow.model.scoring.scores import LateFact, Reading
from huimin_flow.model.services.ratings import Rating
from huimin_flow.rules.core.formula import evaluate, leaves
from huimin_flow.rules.executing.readiness import needed
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import runs, tick

UNITS = {"500101": (60, 3), "500102": (60, 30), "500103": (3, 0), "500106": (400, 8)}


def ratings(month: int, unit: str, count: int, bad: int) -> Iterator[Rating]:
    begun = datetime(2023, month, 2, 2, tzinfo=UTC)
    for k in range(count):
        yield Rating(
            transaction=f"{month}-{unit}-{k}",
            unit=unit,
            item="startup_grant",
            channel="app",
            level=RatingLevel.DISSATISFIED if k < bad else RatingLevel.SATISFIED,
            at=begun + timedelta(minutes=k),
        )


def rank_by_few(desk: Desk) -> None:
    """Let units be ranked whatever they lack: few districts of a test have a task."""
    book = desk.flow.rulebook.active()
    if book.scoring.index.needed:
        scoring = replace(book.scoring, index=replace(book.scoring.index, needed={}))
        few = rulebook_from_text(rulebook_text(replace(book, scoring=scoring)))
        desk.flow.rulebook.activate(few, by=desk.office, second=desk.second)


def month_of_data(desk: Desk, month: int) -> None:
    """Ratings of four districts, and a task that one of them reports on."""
    rank_by_few(desk)
    desk.clock.set(max(desk.clock.now(), at_hour(date(2023, month, 27), 10)))
    some = [
        one for unit, counts in UNITS.items() for one in ratings(month, unit, *counts)
    ]
    desk.flow.ratings.add(some, by=desk.office)
    desk.link_appeals(desk.collect().number, 30)


def quarter(desk: Desk) -> None:
    """October to December 2023, and what the calendar made of them."""
    for month in (10, 11, 12):
        month_of_data(desk, month)
        tick(desk.flow, desk.clock.now())
    desk.clock.set(at_hour(date(2024, 1, 9), 19))
    tick(desk.flow, desk.clock.now())


def test_the_calendar_scores_months_before_their_quarter(scored: Desk) -> None:
    done = [one.job for one in runs(scored.flow) if one.period in {"2023-12", "2023Q4"}]
    order = [
        one
        for one in done
        if one in {"monthly_score", "five_colors", "quarterly_ranking"}
    ]
    jobs = Counter((one.job, one.period) for one in runs(scored.flow))
    assert set(jobs.values()) == {1}
    assert sorted(order) == ["five_colors", "monthly_score", "quarterly_ranking"]
    assert scored.flow.scores.ranking("2023Q4").months == (
        "2023-10", "2023-11", "2023-12",
    )  # fmt: skip
    assert door_of(scored.flow).read(verify).clean


def test_a_long_pause_gives_the_same_scores(scored: Desk) -> None:
    """The same data, and a service that slept till March."""
    from huimin_flow.testing import rehearsal

    with rehearsal() as late:
        for number in (10, 11, 12):
            month_of_data(late, number)
        late.clock.set(at_hour(date(2024, 3, 20), 9))
        tick(late.flow, late.clock.now())
        for month in ("2023-10", "2023-11", "2023-12"):
            mine, theirs = (
                scored.flow.scores.month(month),
                late.flow.scores.month(month),
            )
            assert [
                [(one.unit, one.index) for one in group]
                for group in mine.groups.values()
            ] == [
                [(one.unit, one.index) for one in group]
                for group in theirs.groups.values()
            ]
        assert (
            scored.flow.scores.ranking("2023Q4").groups
            == late.flow.scores.ranking("2023Q4").groups
        )


def test_small_samples_are_no_score_and_say_what_is_missing(scored: Desk) -> None:
    districts = scored.flow.scores.month("2023-11").groups[UnitKind.DISTRICT]
    found = {one.unit: one for one in districts}
    assert found["500103"].standing is ScoreClass.INSUFFICIENT
    assert "satisfaction" in found["500103"].missing
    assert found["500109"].index is None
    assert found["500106"].index is not None
    places = scored.flow.scores.ranking("2023Q4").groups[UnitKind.DISTRICT]
    assert {one.unit: one.place for one in places}["500103"] is None


def test_every_score_opens_to_its_leaves(scored: Desk) -> None:
    for units in scored.flow.scores.month("2023-11").groups.values():
        for one in units:
            if one.index is None:
                with pytest.raises(NotFound):
                    scored.flow.scores.explain(one.unit, "2023-11")
                continue
            score, tree = scored.flow.scores.explain(one.unit, "2023-11")
            assert score.index == one.index
            assert evaluate(tree) == Decimal(one.index)
            sources = {leaf.source for leaf in leaves(tree)}
            assert any(source.startswith("batch/") for source in sources)


def test_late_facts_change_nothing_published_and_are_listed(scored: Desk) -> None:
    before = scored.flow.scores.month("2023-11")
    assert scored.flow.scores.late_facts("2023-11") == ()
    some = [
        replace(one, transaction=f"late-{one.transaction}")
        for one in ratings(11, "500101", 50, 50)
    ]
    kept = scored.flow.ratings.add(some, by=scored.office)
    tick(scored.flow, scored.clock.now())
    assert scored.flow.scores.month("2023-11") == before
    late = LateFact(kind=LateKind.RATINGS, source=f"batch/{kept.batch}")
    assert scored.flow.scores.late_facts("2023-11") == (late,)
    assert str(late) == f"评价(第{kept.batch}批)"


def set_aside(desk: Desk, transaction: str) -> None:
    own = desk.actor("op-500101")
    desk.flow.ratings.object_to(transaction, Misrating.MISTAKEN, "按错键", by=own)
    desk.flow.ratings.settle(
        transaction, "误评属实", set_aside=True, by=desk.office, second=desk.second
    )


def satisfaction(desk: Desk, month: str) -> Reading:
    districts = desk.flow.scores.month(month).groups[UnitKind.DISTRICT]
    return next(one for one in districts if one.unit == "500101").readings[
        "satisfaction"
    ]


def test_a_rating_set_aside_by_the_cut_counts_no_more_and_is_a_leaf(desk: Desk) -> None:
    month_of_data(desk, 10)
    set_aside(desk, "10-500101-0")
    desk.clock.set(at_hour(date(2023, 11, 8), 9))
    tick(desk.flow, desk.clock.now())
    found = satisfaction(desk, "2023-10")
    assert (found.numerator, found.denominator, found.excluded) == (57, 60, 1)
    _, tree = desk.flow.scores.explain("500101", "2023-10")
    (leaf,) = [one for one in leaves(tree) if one.name == "excluded"]
    assert (leaf.value, leaf.source) == ("1", "followup/10-500101-0")
    assert door_of(desk.flow).read(verify).clean


def test_a_rating_set_aside_after_the_cut_changes_only_a_correction(
    scored: Desk,
) -> None:
    before = scored.flow.scores.month("2023-11")
    set_aside(scored, "11-500101-0")
    tick(scored.flow, scored.clock.now())
    assert scored.flow.scores.month("2023-11") == before
    scored.flow.scores.correct(
        "score/2023-11", "误评一件", by=scored.office, second=scored.second
    )
    assert satisfaction(scored, "2023-11").excluded == 1
    assert satisfaction(scored, "2023-10").excluded == 0


def sources(desk: Desk, month: str, kind: LateKind) -> list[str]:
    late = desk.flow.scores.late_facts(month)
    return [one.source for one in late if one.kind is kind]


def test_progress_that_was_reported_late_is_listed_for_its_month_and_those_after(
    desk: Desk,
) -> None:
    number = desk.bring(State.ASSIGNED).number
    for month in (10, 11, 12):
        month_of_data(desk, month)
    desk.clock.set(at_hour(date(2024, 1, 9), 19))
    tick(desk.flow, desk.clock.now())
    told = Progress(
        item=number, task="T1", indicator="候工区", month="2023-11", value=3
    )
    kept = desk.flow.tasks.report([told], by=desk.operator_of(number))
    batch = f"batch/{kept.batch}"
    assert sources(desk, "2023-10", LateKind.PROGRESS) == []
    assert sources(desk, "2023-10", LateKind.EARLIER_PROGRESS) == []
    assert sources(desk, "2023-11", LateKind.PROGRESS) == [batch]
    assert sources(desk, "2023-11", LateKind.EARLIER_PROGRESS) == []
    # What grows is summed up to the month.
    assert sources(desk, "2023-12", LateKind.EARLIER_PROGRESS) == [batch]


def test_ratings_set_aside_and_steps_recorded_late_are_listed_with_their_kind(
    desk: Desk,
) -> None:
    running = desk.bring(State.ASSIGNED).number
    listed = desk.bring(State.LISTED).number
    month_of_data(desk, 10)
    desk.report(running)  # by October's cut, so that it doesn't count as late itself
    desk.clock.set(at_hour(date(2023, 11, 9), 9))
    tick(desk.flow, desk.clock.now())
    assert desk.flow.scores.late_facts("2023-10") == ()
    set_aside(desk, "10-500101-0")
    by = desk.operator_of(listed)
    for kind in needed(desk.flow.items.get(listed), desk.flow.rulebook.active().rules):
        made = desk.flow.assessments.request(listed, kind, "某高校", by=desk.office)
        desk.flow.assessments.submit(made.key, "可行", high_risk=False, by=desk.office)
        desk.flow.assessments.accept(made.key, by=desk.second)
    desk.flow.items.assign(listed, desk.plan(), by=by, occurred_on=date(2023, 10, 20))
    met = [TaskResult(task="T1", met=True)]
    desk.flow.items.execute(running, met, by=by, occurred_on=date(2023, 10, 30))
    assert sources(desk, "2023-10", LateKind.SET_ASIDE) == ["followup/10-500101-0"]
    assert sources(desk, "2023-10", LateKind.STEPS) == [
        f"item/{running}", f"item/{listed}",
    ]  # fmt: skip
    desk.flow.scores.correct(
        "score/2023-10", "补记", by=desk.office, second=desk.second
    )
    assert desk.flow.scores.late_facts("2023-10") == ()


def test_what_was_executed_after_the_month_is_not_late_for_it(desk: Desk) -> None:
    number = desk.bring(State.ASSIGNED).number
    month_of_data(desk, 10)
    desk.clock.set(at_hour(date(2023, 11, 9), 9))
    tick(desk.flow, desk.clock.now())
    desk.execute(number)
    assert desk.flow.scores.late_facts("2023-10") == ()


def test_a_correction_is_a_new_edition_by_two_people(scored: Desk) -> None:
    before = scored.flow.scores.month("2023-11")
    some = [
        replace(one, transaction=f"late-{one.transaction}")
        for one in ratings(11, "500101", 50, 50)
    ]
    scored.flow.ratings.add(some, by=scored.office)
    with pytest.raises(StepRefused):
        scored.flow.scores.correct(
            "score/2023-11", "补报", by=scored.office, second=scored.office
        )
    (after,) = scored.flow.scores.correct(
        "score/2023-11", "补报", by=scored.office, second=scored.second
    )
    assert isinstance(after, MonthlyScore)
    assert (after.version, after.note) == (2, "补报")
    assert after.groups != before.groups
    (colors,) = scored.flow.scores.correct(
        "colors/2023-11", "随计分更正", by=scored.office, second=scored.second
    )
    (ranking,) = scored.flow.scores.correct(
        "ranking/2023Q4", "随计分更正", by=scored.office, second=scored.second
    )
    assert (colors.version, ranking.version) == (2, 2)
    assert door_of(scored.flow).read(verify).clean


@pytest.mark.parametrize(
    "period", ["2023", "2023-13", "2023Q5", "Q1", "\uff12023Q1", ""]
)
def test_a_period_that_is_none_is_refused(desk: Desk, period: str) -> None:
    with pytest.raises((InputRefused, NotFound)):
        desk.flow.scores.month(period)
    with pytest.raises(InputRefused):
        desk.flow.scores.ranking(period)


def test_units_that_ended_in_the_month_are_named_not_scored(
    file_url: str, book: Rulebook
) -> None:
    clock = RehearsalClock(datetime(2025, 11, 3, 2, tzinfo=UTC), seed=7)
    with Flow.found(file_url, book, rehearsal=True, clock=clock) as flow:
        clock.set(at_hour(date(2025, 12, 9), 9))
        tick(flow, clock.now())
        found = flow.scores.month("2025-11")
    assert {"500105", "500112", "FA-LJXQ"} <= set(found.ended)
    codes = {one.unit for one in found.groups[UnitKind.DISTRICT]}
    assert "500157" in codes
    assert not codes & {"500105", "500112"}


def test_the_call_names_who_has_not_reported(desk: Desk) -> None:
    from huimin_flow.catalogue.terms import State
    from huimin_flow.model.scoring.published import ProgressCall
    from huimin_flow.store.core import repository

    item = desk.bring(State.ASSIGNED)
    desk.clock.set(at_hour(date(2023, 10, 25), 10))
    tick(desk.flow, desk.clock.now())
    call = door_of(desk.flow).read(
        lambda c: repository.find_record(c, ProgressCall, "progress_call/2023-10")
    )
    assert call is not None
    assert [(one.unit, one.item) for one in call.owing] == [("500101", item.number)]
    desk.report(item.number)
    desk.clock.set(at_hour(date(2023, 11, 3), 10))
    tick(desk.flow, desk.clock.now())
    chase = door_of(desk.flow).read(
        lambda c: repository.find_record(c, ProgressCall, "progress_chase/2023-10")
    )
    assert chase is not None
    assert chase.owing == ()
