"""The gap of a measure: promise, progress, complaints, satisfaction (A5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.model.sensing.policies import MeasureFacts, PromiseFacts
from huimin_flow.rules.revisions import rederive
from huimin_flow.rules.sensing.policies import GAPS, gaps, review
from tests.rules.figures import BOOK, RULES

DAY = date(2026, 7, 1)
RULE = RULES.policies
PROMISE = st.builds(
    PromiseFacts,
    promise=st.sampled_from(("P1", "P2", "P3")),
    indicator=st.just("零工市场"),
    due=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    reached=st.none() | st.integers(0, 12_000),
)


@st.composite
def facts(draw: st.DrawFn) -> MeasureFacts:
    indicators, ratings = draw(st.integers(0, 9)), draw(st.integers(0, 60))
    complaints = draw(st.integers(0, 9))
    return MeasureFacts(
        measure="measure/2026-0001",
        policy="policy/2026-0001",
        since=DAY - timedelta(days=draw(st.integers(0, 200))),
        day=DAY,
        items=draw(st.integers(0, 2)),
        promises=tuple(draw(st.lists(PROMISE, max_size=3))),
        indicators=indicators,
        on_plan=draw(st.integers(0, indicators)),
        surveyed=draw(st.none() | st.integers(0, 100).map(lambda n: f"{n}.00")),
        ratings=ratings,
        satisfied=draw(st.integers(0, ratings)),
        complaints=complaints,
        complainants=draw(st.integers(0, complaints)),
    )


@given(facts())
def test_it_passes_without_a_gap_and_only_then(known: MeasureFacts) -> None:
    verdict = review(known, RULE)
    assert verdict.passed is (gaps(verdict) == ())


@given(facts())
def test_the_same_inputs_give_the_same_verdict_again(known: MeasureFacts) -> None:
    verdict = review(known, RULE)
    assert rederive(verdict, BOOK) == verdict


@given(facts())
def test_each_promise_and_each_comparison_is_said_once(known: MeasureFacts) -> None:
    reasons = review(known, RULE).reasons
    assert len(reasons) == len(known.promises) + 3


@given(facts(), st.integers(1, 500))
def test_one_more_complaint_never_closes_a_gap(known: MeasureFacts, more: int) -> None:
    louder = replace(known, complaints=known.complaints + more)
    assert review(known, RULE).passed >= review(louder, RULE).passed


@given(facts(), st.integers(1, 400))
def test_time_alone_never_closes_a_gap(known: MeasureFacts, days: int) -> None:
    later = replace(known, day=known.day + timedelta(days=days))
    assert review(known, RULE).passed >= review(later, RULE).passed


def test_a_promise_on_its_last_day_is_not_late_yet() -> None:
    promise = PromiseFacts(promise="P1", indicator="甲", due=DAY, reached=9_999)
    known = MeasureFacts(
        measure="m", policy="p", since=DAY, day=DAY, items=0, promises=(promise,)
    )
    assert review(known, RULE).passed
    late = review(replace(known, day=DAY + timedelta(days=1)), RULE)
    assert [reason.code for reason in gaps(late)] == ["promise_broken"]
    assert {reason.code for reason in gaps(late)} <= GAPS
