"""Rules of feeds: freshness, what replaces what, running totals (E1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import FeedCode, Reason
from huimin_flow.catalogue.terms import FeedState, FeedWay, Freshness
from huimin_flow.clock import local_day
from huimin_flow.model.executing.feeds import Feed
from huimin_flow.model.executing.plans import Progress
from huimin_flow.rules.executing import feeds as rules

FEED = Feed(
    key="feed/a", name="甲", source="某系统", unit="500101", way=FeedWay.HOST,
    days=40, opened_on=date(2024, 1, 1),
)  # fmt: skip
REPORT = Progress(item="1", task="T1", indicator="甲", month="2024-02", value=1)
BEGUN = datetime(2024, 3, 1, tzinfo=UTC)
WHY = (Reason(code=FeedCode.PULL_EMPTY, values={"feed": "feed/a"}),)

moments = st.integers(0, 10**6).map(lambda minutes: BEGUN + timedelta(minutes=minutes))
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(moments | st.none(), st.integers(1, 366), st.integers(-400, 400))
def test_a_feed_is_missed_from_the_day_after_its_due_day(
    measured: datetime | None, fresh: int, off: int
) -> None:
    feed = replace(FEED, measured_at=measured, days=fresh)
    begun = FEED.opened_on if measured is None else local_day(measured)
    due = begun + timedelta(days=fresh)
    status = rules.freshness(feed, due + timedelta(days=off))
    assert status.due == due
    assert (status.freshness is Freshness.MISSED) == (off > 0)


@given(moments, days, st.integers(0, 400))
def test_newer_figures_never_make_a_feed_staler(
    measured: datetime, day: date, later: int
) -> None:
    older = rules.freshness(replace(FEED, measured_at=measured), day)
    newer = measured + timedelta(days=later)
    fresh = rules.freshness(replace(FEED, measured_at=newer), day).freshness
    assert older.freshness is Freshness.MISSED or fresh is Freshness.FRESH


@given(moments, days)
def test_a_failed_pull_is_missed_at_once_and_an_ended_feed_never(
    measured: datetime, day: date
) -> None:
    failed = replace(FEED, measured_at=measured, missed=WHY)
    assert rules.freshness(failed, day).freshness is Freshness.MISSED
    ended = rules.freshness(replace(failed, state=FeedState.ENDED), day)
    assert (ended.freshness, ended.due) == (Freshness.ENDED, None)
    assert rules.supplied([replace(FEED, state=FeedState.ENDED)]) == {}


@given(
    moments, moments, st.integers(0, 9), st.integers(0, 9), st.text("误", max_size=2)
)
def test_what_holds_is_the_newest_figure_or_a_correction(
    known_at: datetime, new_at: datetime, old: int, new: int, correction: str
) -> None:
    if correction:
        known = replace(REPORT, value=old, correction=correction)
    else:
        known = replace(REPORT, value=old, feed="feed/a", measured_at=known_at)
    fed = replace(REPORT, value=new, feed="feed/a", measured_at=new_at)
    made = rules.settled(fed, known, stated=False)
    if correction:
        assert isinstance(made, Reason)
        assert made.code == FeedCode.CORRECTED
        assert rules.settled(fed, known, stated=True) == fed
    elif known == fed:
        assert made is None
    else:
        assert (made == fed) == (new_at > known_at)
    assert rules.settled(fed, None, stated=False) == fed


@given(st.lists(st.integers(-5, 50), min_size=1, max_size=12))
def test_running_totals_add_up_to_themselves_or_are_refused(steps: list[int]) -> None:
    known: dict[str, Progress] = {}
    total = kept = 0
    for n, step in enumerate(steps, 1):
        month, total = f"2024-{n:02d}", total + step
        new = replace(REPORT, month=month, value=total)
        own = rules.own_figure(new, known, ())
        if isinstance(own, Reason):
            assert total < kept
            assert own.code == FeedCode.BELOW_BEFORE
        else:
            known[month], kept = own, total
            assert own.value >= 0
    assert sum(report.value for report in known.values()) == kept
