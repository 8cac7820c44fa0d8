"""The price of a rulebook, from two rulebooks and the number of running things."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import Every, Job, Risk, StreamKind
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.improving.reviews import Asked, Scale
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.improving.burden import asked, price
from huimin_flow.rules.improving.spot_checks import CutFacts
from huimin_flow.settings import load_rulebook
from tests.conftest import CONFIG

BOOK = load_rulebook(CONFIG)
TODAY = CutFacts(day=date(2026, 7, 1))

FEW = st.decimals(0, 40, places=2)
SCALES = st.builds(
    Scale,
    items=st.integers(0, 400),
    by_hand=st.integers(0, 4000),
    fed=st.integers(0, 4000),
    days=st.just(365),
    opened=FEW,
    submitted=FEW,
    decided=FEW,
    reported=FEW,
    draws=FEW,
    answered=st.decimals(0, 1, places=2),
)
STRATA = st.fixed_dictionaries({risk: st.integers(0, 300) for risk in Risk})
TOTALS = ("by_hand", "fields", "uploads", "checks", "load")


def with_sample(book: Rulebook, risk: Risk, share: int, least: int) -> Rulebook:
    """Return a rulebook that draws more or less of a stratum."""
    rule = book.improving.spot_checks
    figures = {
        "share": Figure(value=share, source="ours"),
        "least": Figure(value=least, source="ours"),
    }
    samples = {**rule.samples, risk: replace(rule.samples[risk], **figures)}
    rule = replace(rule, samples=samples)
    return replace(book, improving=replace(book.improving, spot_checks=rule))


def with_evidence(book: Rulebook, months: int) -> Rulebook:
    """Return a rulebook by which a measure is hollow after so many months."""
    figure = Figure(value=months, source="ours")
    boards = replace(book.improving.boards, unproven_months=figure)
    return replace(book, improving=replace(book.improving, boards=boards))


def with_call(book: Rulebook, every: Every) -> Rulebook:
    """Return a rulebook that calls for progress so often."""
    slots = tuple(
        replace(slot, every=every) if slot.job is Job.PROGRESS_CALL else slot
        for slot in book.timetable
    )
    return replace(book, timetable=slots)


def no_more(less: Asked, more: Asked) -> bool:
    """Tell whether nothing of what is asked is above another."""
    return all(getattr(less, name) <= getattr(more, name) for name in TOTALS)


@given(SCALES)
def test_the_same_rulebook_has_no_price(scale: Scale) -> None:
    more = price(BOOK, BOOK, scale, TODAY).more
    assert not any(getattr(more, name) for name in TOTALS)


@given(SCALES, STRATA)
def test_an_indicator_of_the_index_asks_nothing_of_anybody(
    scale: Scale, strata: dict[Risk, int]
) -> None:
    """It is computed from progress, ratings, appeals and business."""
    index = BOOK.scoring.index
    added = replace(index, indicators=(*index.indicators, index.indicators[0]))
    new = replace(BOOK, scoring=replace(BOOK.scoring, index=added))
    assert asked(new, scale, strata) == asked(BOOK, scale, strata)


@given(SCALES, STRATA, st.integers(0, 400))
def test_a_figure_that_a_feed_brings_costs_nothing(
    scale: Scale, strata: dict[Risk, int], fed: int
) -> None:
    assert asked(BOOK, replace(scale, fed=fed), strata) == asked(BOOK, scale, strata)
    more = asked(BOOK, replace(scale, by_hand=scale.by_hand + 1), strata)
    assert more.load - asked(BOOK, scale, strata).load == 1


@given(
    SCALES,
    STRATA,
    st.sampled_from(Risk),
    *(st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted),) * 2,
    st.tuples(st.integers(1, 24), st.integers(1, 24)).map(sorted),
)
def test_the_price_never_falls_when_more_is_asked(
    scale: Scale,
    strata: dict[Risk, int],
    risk: Risk,
    shares: list[int],
    least: list[int],
    months: list[int],
) -> None:
    low, high = (
        asked(with_sample(BOOK, risk, *figures), scale, strata)
        for figures in zip(shares, least, strict=True)
    )
    assert no_more(low, high)
    often, seldom = (asked(with_evidence(BOOK, n), scale, strata) for n in months)
    assert no_more(seldom, often)
    yearly, quarterly, monthly = (
        asked(with_call(BOOK, every), scale, strata)
        for every in (Every.YEAR, Every.QUARTER, Every.MONTH)
    )
    assert no_more(yearly, quarterly)
    assert no_more(quarterly, monthly)


@given(SCALES, STRATA, STRATA)
def test_more_to_ask_about_never_costs_less(
    scale: Scale, strata: dict[Risk, int], others: dict[Risk, int]
) -> None:
    both = {risk: count + others[risk] for risk, count in strata.items()}
    assert no_more(asked(BOOK, scale, strata), asked(BOOK, scale, both))


def test_each_kind_asks_what_its_rule_says() -> None:
    scale = Scale(
        items=12, by_hand=30, fed=9, days=365, opened=Decimal(2), submitted=Decimal(3),
        decided=Decimal(4), reported=Decimal(5), draws=Decimal("0.5"),
        answered=Decimal("0.5"),
    )  # fmt: skip
    book = with_evidence(with_sample(BOOK, Risk.LOW, 10, 0), 6)
    strata = dict.fromkeys(Risk, 0) | {Risk.LOW: 40}
    parts = {
        part.kind: [*map(int, (part.by_hand, part.fields, part.uploads, part.checks))]
        for part in asked(book, scale, strata).parts
    }
    assert parts == {
        StreamKind.PROGRESS_CALL: [30, 0, 0, 0],
        StreamKind.ITEM: [0, 0, 5, 0],  # 12 / 6, and a file of each submission
        StreamKind.RECTIFICATION: [0, 6, 0, 2],
        StreamKind.DECISION: [0, 10, 5, 4],
        StreamKind.SPOT_CHECK: [0, 1, 0, 2],  # 4 are drawn every second month
    }
