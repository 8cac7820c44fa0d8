"""What goes on the shelf, and how the effect of a replica compares."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import ReplicationCode
from huimin_flow.catalogue.terms import BoardGround
from huimin_flow.model.core.events import Plain
from huimin_flow.model.core.rules import Switch
from huimin_flow.model.improving.replication import Effect
from huimin_flow.rules.core.formula import differ
from huimin_flow.rules.improving.replication import compared, shelvable_from
from tests.rules.figures import IMPROVING

RULE = IMPROVING.replication
C = ReplicationCode

parts = st.integers(0, 300).flatmap(
    lambda of: st.tuples(st.just(of), st.integers(0, of))
)
effects = st.builds(
    lambda fulfilment, outcomes, answers: Effect(
        fulfilment=fulfilment,
        outcomes=outcomes[0],
        met=outcomes[1],
        answers=answers[0],
        satisfied=answers[1],
    ),
    st.none() | st.decimals(0, 100, places=2).map(str),
    parts,
    parts,
)

shares = st.integers(1, 400).flatmap(
    lambda of: st.tuples(st.integers(0, of), st.just(of))
)

#: What is said if the sides are exchanged.
MIRRORED = {C.HIGHER: C.LOWER, C.LOWER: C.HIGHER}


def said(one: Effect, other: Effect) -> list[str]:
    return [str(each.code) for each in compared(one, other, RULE).reasons]


@given(one=effects, other=effects)
def test_what_is_higher_is_lower_from_the_other_side(
    one: Effect, other: Effect
) -> None:
    mirrored = [MIRRORED.get(C(code), C(code)).value for code in said(one, other)]
    assert said(other, one) == mirrored


@given(one=effects, other=effects)
def test_a_removed_measurement_never_makes_a_comparison_pass(
    one: Effect, other: Effect
) -> None:
    less = compared(one, replace(other, answers=0, satisfied=0), RULE)
    codes = [str(each.code) for each in less.reasons]
    assert codes[-1] == C.UNMEASURED
    if codes == [C.UNMEASURED.value] * 3:
        assert not less.passed
    full = compared(one, other, RULE)
    assert full.reasons[:2] == less.reasons[:2]


@given(effect=effects)
def test_an_effect_equals_itself_as_far_as_it_is_measured(effect: Effect) -> None:
    assert set(said(effect, effect)) <= {C.SAME.value, C.UNMEASURED.value}


def test_what_is_apart_by_no_more_than_the_margin_is_the_same() -> None:
    practice = Effect(fulfilment="90.00")
    for told, code in (
        *(("85.00", C.SAME), ("84.99", C.LOWER)),
        *(("95.00", C.SAME), ("95.01", C.HIGHER)),
    ):
        assert said(practice, Effect(fulfilment=told))[0] == code, told


def test_ten_answers_each_say_no_difference_of_one_answer() -> None:
    def told(*shares: tuple[int, int]) -> tuple[str, bool]:
        one, other = (
            Effect(fulfilment="90.00", answers=of, satisfied=n) for n, of in shares
        )
        verdict = compared(one, other, RULE)
        return str(verdict.reasons[-1].code), verdict.passed

    assert told((9, 10), (8, 10)) == (C.CHANCE, True)  # by its fulfilment
    assert told((10, 10), (2, 10)) == (C.LOWER, False)
    assert told((900, 1000), (800, 1000)) == (C.LOWER, False)
    assert told((8, 10), (9, 10)) == (C.CHANCE, True)
    nothing_else = Effect(answers=10, satisfied=9)
    assert not compared(nothing_else, Effect(answers=10, satisfied=8), RULE).passed


@given(shares, shares)
def test_shares_differ_as_newcombes_interval_says(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    bounds = []
    for n, of in sorted((one, other), key=lambda share: Fraction(*share)):
        share, square = n / of, 1.96**2
        middle = share + square / (2 * of)
        root = 1.96 * sqrt(share * (1 - share) / of + square / (4 * of * of))
        ends = [(middle + sign * root) / (1 + square / of) for sign in (-1, 1)]
        bounds.append((share, *ends))
    (low, _, up), (high, down, _) = bounds
    least = high - low - sqrt((up - low) ** 2 + (high - down) ** 2)
    if abs(least) > 1e-9:
        assert differ(one, other, RULE.z.value) is (least > 0)
        assert differ(other, one, RULE.z.value) is (least > 0)


def test_few_answers_are_not_measurable() -> None:
    few = Effect(answers=9, satisfied=9)
    assert said(few, few) == [C.UNMEASURED.value] * 3


def test_only_the_grounds_that_the_rulebook_asks_for_are_needed() -> None:
    inputs: dict[str, Plain] = {
        "item": "2024-000001", "period": "2023Q4", "edition": 1, "bad_since": "",
        "concrete": False, "effective": True, "satisfied": True,
    }  # fmt: skip
    (missing,) = shelvable_from(inputs, RULE).reasons
    assert (missing.code, missing.values["ground"]) == (C.GROUND_MISSING, "concrete")
    no = Switch(value=False, source="ours")
    spared = replace(RULE, grounds={**RULE.grounds, BoardGround.CONCRETE: no})
    assert shelvable_from(inputs, spared).passed
    bad = shelvable_from({**inputs, "bad_since": "2024Q1"}, spared)
    assert [str(each.code) for each in bad.reasons] == [C.NOW_BAD.value]
