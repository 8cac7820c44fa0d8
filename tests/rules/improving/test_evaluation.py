"""The final evaluation (B8, B9)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import Code
from huimin_flow.rules.improving.evaluation import evaluate
from tests.rules.figures import EVALUATION, PERCENT

DECIMALS = st.integers(0, 10_000).map(lambda one: f"{one // 100}.{one % 100:02d}")


@given(DECIMALS, PERCENT)
def test_both_marks_must_be_reached(fulfilment: str, satisfaction: int) -> None:
    both = Decimal(fulfilment) >= 90 and satisfaction >= 80
    assert evaluate(fulfilment, satisfaction, EVALUATION).passed == both


@given(DECIMALS, PERCENT)
def test_the_score_is_the_lower_of_both(fulfilment: str, satisfaction: int) -> None:
    score = evaluate(fulfilment, satisfaction, EVALUATION).score
    assert Decimal(score or "-1") == min(Decimal(fulfilment), satisfaction)


def test_the_marks_themselves_pass() -> None:
    assert evaluate("90.00", 80, EVALUATION).passed


def test_what_is_shown_is_never_rounded_up_to_the_mark() -> None:
    found = evaluate("89.999", 95, EVALUATION)
    assert (found.passed, found.score) == (False, "89.99")


@pytest.mark.parametrize(
    ("fulfilment", "satisfaction", "fact"),
    [(None, 90, "fulfilment"), ("95.00", None, "satisfaction")],
)
def test_nothing_is_decided_while_a_fact_is_missing(
    fulfilment: str | None, satisfaction: int | None, fact: str
) -> None:
    found = evaluate(fulfilment, satisfaction, EVALUATION)
    assert (found.score, found.reasons[0].values) == (None, {"fact": fact})


@pytest.mark.parametrize(
    "text", ["NaN", "1e2", "-1", "100.01", "", "\uff19\uff10", "90\n"]
)
def test_fulfilment_that_is_no_percentage_decides_nothing(text: str) -> None:
    found = evaluate(text, 90, EVALUATION)
    assert (found.score, found.reasons[0].code) == (None, Code.SCORE_OUT_OF_RANGE)


def test_satisfaction_beyond_100_decides_nothing() -> None:
    assert evaluate("95.00", 101, EVALUATION).score is None
