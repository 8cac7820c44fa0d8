"""What a month's facts say: a share each time, and never silence as zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import (
    Comparator,
    FollowUpState,
    IndicatorKind,
    LateKind,
    Measure,
    RatingLevel,
    State,
    Step,
)
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.executing.plans import Indicator, Plan, Progress, Task
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.scores import Reading
from huimin_flow.model.services.ratings import RatingCount
from huimin_flow.rules.core.due import Activation
from huimin_flow.rules.executing import pacing, progress
from huimin_flow.rules.executing.running import run_step, running
from huimin_flow.rules.scoring import late, measuring
from huimin_flow.rules.scoring.measuring import Appeals, BadRatingActs, MonthFacts
from huimin_flow.settings import load_rulebook

CONFIG = load_rulebook(Path(__file__).parents[3] / "config")
UNITS = ("500101", "500102", "DIV-JYC", "nobody")
PERIOD, FIRST, LAST = "2023-11", date(2023, 11, 1), date(2023, 11, 30)
COUNT = st.integers(0, 40)
RATINGS = st.dictionaries(
    st.sampled_from(UNITS),
    st.fixed_dictionaries(dict.fromkeys(RatingLevel, COUNT)),
).map(lambda found: tuple(RatingCount(of=(u,), levels=one) for u, one in found.items()))
APPEALS = st.lists(
    st.builds(
        Appeals,
        unit=st.sampled_from(UNITS),
        channel=st.sampled_from(("hotline_12333", "proposals")),
        batch=st.integers(1, 9),
        count=st.integers(1, 9),
    ),
    max_size=8,
).map(tuple)
DAYS = st.dates(date(2023, 9, 1), LAST)
BAD = st.lists(
    st.builds(
        BadRatingActs,
        unit=st.sampled_from(UNITS),
        transaction=st.integers(1, 99).map(str),
        day=DAYS,
        acts=st.lists(st.tuples(st.sampled_from(FollowUpState), DAYS), max_size=4).map(
            tuple
        ),
    ),
    max_size=6,
).map(tuple)


def table(*measures: Measure) -> Rulebook:
    """The config's rulebook with a table of these measures, each under its name."""
    index = CONFIG.scoring.index
    rows = tuple(
        replace(index.indicators[0], key=one.value, measure=one.value)
        for one in measures
    )
    scoring = replace(CONFIG.scoring, index=replace(index, indicators=rows))
    return replace(CONFIG, scoring=scoring)


EVERY = table(*Measure)


def read(facts: MonthFacts, measure: Measure) -> dict[str, Reading]:
    return measuring.readings(facts, EVERY, pacing.indicator_pace)[measure]


TEN = Indicator(
    name="候工区",
    quote="建设候工区10个",
    kind=IndicatorKind.FLOW,
    comparator=Comparator.GE,
    value=10,
    unit="个",
)


def life(
    *steps: tuple[Step, State, State, date], title: str = "零工市场"
) -> list[Event]:
    """An item's events from its assignment on; the plan has one flow of 10."""
    plan = Plan(
        tasks=(
            Task(
                key="T1",
                title="建设",
                unit="500101",
                due=date(2023, 12, 1),
                indicators=(TEN,),
            ),
        )
    )
    born = {"title": title, "plan": to_plain(plan)}
    return [
        Event(
            stream="item/1",
            n=n,
            step=step,
            source=source,
            target=target,
            at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC),
            occurred_on=day,
            actor="",
            via="library",
            request="",
            rulebook=None,
            verdict=None,
            public={"changes": born if n == 1 else {}},
            private=None,
            previous=None,
        )
        for n, (step, source, target, day) in enumerate(steps, 1)
    ]


ASSIGNED = (Step.ASSIGN, State.LISTED, State.ASSIGNED, date(2023, 10, 9))


@given(RATINGS, APPEALS, BAD)
def test_good_and_on_time_are_shares(
    ratings: tuple[RatingCount, ...],
    appeals: tuple[Appeals, ...],
    bad: tuple[BadRatingActs, ...],
) -> None:
    activations = (Activation(since=datetime(2023, 1, 1, tzinfo=UTC), book=EVERY),)
    facts = MonthFacts(
        period=PERIOD,
        ratings=ratings,
        appeals=appeals,
        bad_ratings=bad,
        activations=activations,
    )
    for measure in (Measure.SATISFACTION, Measure.FOLLOW_UPS_ON_TIME):
        for one in read(facts, measure).values():
            assert 0 <= one.numerator <= (one.denominator or 0)


@given(RATINGS, APPEALS)
def test_no_complaint_is_zero_only_beside_a_peer_of_whom_complaints_came(
    ratings: tuple[RatingCount, ...], appeals: tuple[Appeals, ...]
) -> None:
    facts = MonthFacts(period=PERIOD, ratings=ratings, appeals=appeals)
    kinds = {one.code: one.kind for one in EVERY.organization.units}
    counted = [one for one in appeals if one.channel == "hotline_12333"]
    looked = {kinds[one.unit] for one in counted if one.unit in kinds}
    found = read(facts, Measure.COMPLAINT_RATE)
    assert set(found) == {
        unit for one in ratings for unit in one.of if kinds.get(unit) in looked
    }
    for unit, one in found.items():
        assert one.numerator == sum(a.count for a in counted if a.unit == unit)


@given(APPEALS)
def test_the_order_of_rows_changes_no_count(appeals: tuple[Appeals, ...]) -> None:
    ratings = tuple(
        RatingCount(of=(unit,), levels={RatingLevel.SATISFIED: 9}) for unit in UNITS
    )
    facts = MonthFacts(period=PERIOD, ratings=ratings, appeals=appeals)
    turned = replace(facts, appeals=appeals[::-1])
    assert read(facts, Measure.COMPLAINT_RATE) == read(turned, Measure.COMPLAINT_RATE)


def test_a_rating_that_was_set_aside_is_no_case() -> None:
    ratings = (
        RatingCount(
            of=("500101",),
            levels={RatingLevel.SATISFIED: 7, RatingLevel.DISSATISFIED: 3},
        ),
    )
    aside = (("500101", "followup/T1"),)
    facts = MonthFacts(period=PERIOD, ratings=ratings, set_aside=aside)
    found = read(facts, Measure.SATISFACTION)["500101"]
    assert (found.numerator, found.cases, found.why) == (7, 9, "followup/T1")
    assert found.source == "batch/none"


def test_only_facts_that_an_indicator_counts_are_asked_for() -> None:
    assert measuring.facts_needed(table(Measure.SATISFACTION)) == {"ratings"}
    assert measuring.facts_needed(table(Measure.TASKS_ON_TIME)) == {"histories"}
    assert measuring.facts_needed(EVERY) == {
        "ratings", "appeals", "linked", "histories", "reports", "bad_ratings", "business",
    }  # fmt: skip


@pytest.mark.parametrize(("value", "numerator", "missing"), [(10, 1, 0), (1, 0, 1)])
def test_an_indicator_behind_its_plan_is_named(
    value: int, numerator: int, missing: int
) -> None:
    report = Progress(
        item="1", task="T1", indicator="候工区", month=PERIOD, value=value
    )
    facts = MonthFacts(
        period=PERIOD,
        histories={"1": tuple(map(run_step, life(ASSIGNED)))},
        reports={"1": (report,)},
        reported_in=(("1", "T1", 3), ("1", "T2", 4)),
    )
    found = read(facts, Measure.IMPLEMENTATION)["500101"]
    assert (found.numerator, found.denominator) == (numerator, 1)
    assert found.late == ("item/1/T1/候工区",) * missing
    assert found.numerator_source == "item/1; batch/3"


@pytest.mark.parametrize(
    ("day", "owes"), [(date(2023, 10, 31), 0), (FIRST, 1), (LAST, 1)]
)
def test_what_was_executed_within_the_month_owes_its_report(
    book: Rulebook, day: date, owes: int
) -> None:
    executed = (Step.EXECUTE, State.ASSIGNED, State.EXECUTED, day)
    ran = running({"1": tuple(map(run_step, life(ASSIGNED, executed)))}, LAST)
    found = progress.owing(ran, (), book.organization, LAST)
    assert [one.item for one in found] == ["1"] * owes
    reported = {("1", "T1", "候工区")}
    assert progress.owing(ran, reported, book.organization, LAST) == ()


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["a", "b"])), max_size=6))
def test_each_late_batch_is_named_once_and_only_of_the_channels_that_count(
    rows: list[tuple[int, str]],
) -> None:
    after = late.AfterCut(period=PERIOD, complained_in=tuple(rows))
    found = [one.source for one in late.late_facts(after, ["a"])]
    assert found == [f"batch/{n}" for n in sorted({n for n, of in rows if of == "a"})]
    assert late.late_facts(after, []) == ()


def test_a_step_is_late_only_if_by_it_the_item_runs_otherwise() -> None:
    executed = (Step.EXECUTE, State.ASSIGNED, State.EXECUTED, LAST)
    amended = (Step.AMEND, State.ASSIGNED, State.ASSIGNED, LAST)
    for step, kinds in ((executed, [LateKind.STEPS]), (amended, [])):
        after = late.AfterCut(
            period=PERIOD,
            histories={"1": tuple(map(run_step, life(ASSIGNED, step)))},
            known={"1": 1},
        )
        assert [one.kind for one in late.late_facts(after)] == kinds


def test_ratings_of_a_merged_districts_devices_count_for_its_successor() -> None:
    """渝北区 (500112) and 江北区 (500105) became 500157 on 2025-11-06."""
    one = dict.fromkeys(RatingLevel, 0)
    ratings = tuple(
        RatingCount(of=(unit,), levels=one | {level: count})
        for unit, level, count in (
            ("500112", RatingLevel.SATISFIED, 3),
            ("500157", RatingLevel.SATISFIED, 4),
            ("500105", RatingLevel.DISSATISFIED, 2),
            ("500101", RatingLevel.SATISFIED, 1),
        )
    )
    batches = {"500112": (2,), "500157": (1, 2)}

    def satisfied(period: str) -> dict[str, tuple[int | None, int | None]]:
        facts = MonthFacts(period=period, ratings=ratings, rated_in=batches)
        found = measuring.readings(facts, CONFIG, pacing.indicator_pace)["satisfaction"]
        return {unit: (one.numerator, one.denominator) for unit, one in found.items()}

    assert satisfied("2025-12") == {"500157": (7, 9), "500101": (1, 1)}
    assert satisfied("2025-10")["500112"] == (3, 3)
