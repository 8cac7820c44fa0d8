"""What an item on the screening desk needs, and the order of the desk (A3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import Area, Criterion, Origin, Recommendation, State
from huimin_flow.model.improving.advice import Interim
from huimin_flow.model.items import Item
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.rules.sensing.rounds import Collected, candidates, outlook
from huimin_flow.rules.sensing.screening import prevalence, screen
from tests.rules.figures import SCREENING

INTERIMS = st.none() | st.builds(
    Interim,
    parent=st.just("2026-000001"),
    source=st.just("ratings"),
    progress=st.none() | st.integers(0, 10_000),
    satisfaction=st.none() | st.integers(0, 10_000),
    recommendation=st.sampled_from((None, Recommendation.STOP)),
)


@st.composite
def collected(draw: st.DrawFn) -> Collected:
    number = f"2027-{draw(st.integers(1, 999)):06d}"
    people = draw(st.integers(0, 40))
    item = Item(
        number=number,
        title="甲",
        origin=draw(st.sampled_from(Origin)),
        area=Area.EMPLOYMENT,
        unit="500101",
        state=State.COLLECTED,
        version=1,
        collected_on=date(2027, 1, 4),
    )
    return Collected(
        item=item,
        since=date(2027, 1, draw(st.integers(1, 31))),
        tally=Tally(appeals=people, people=people, places=min(people, 3), channels=1),
        last=draw(st.integers(0, 9)),
        before=draw(st.integers(0, 9)),
        interim=draw(INTERIMS),
    )


def verdict(facts: Collected, score: int) -> Any:
    """What screening finds if every other criterion has this score."""
    weights = SCREENING.criteria[facts.item.origin].weights
    scores: dict[Criterion, int | None] = dict.fromkeys(weights, score)
    if Criterion.PREVALENCE in weights:
        scores[Criterion.PREVALENCE] = prevalence(facts.tally, SCREENING.prevalence)
    return screen(facts.item.origin, scores, SCREENING, facts.interim)


@given(collected())
def test_the_needed_score_is_the_least_that_passes(facts: Collected) -> None:
    needed, _, _ = outlook(facts, SCREENING)
    if needed is None:
        assert not verdict(facts, 100).passed
    else:
        assert verdict(facts, needed).passed
        assert needed == 0 or not verdict(facts, needed - 1).passed


@given(collected())
def test_the_score_is_the_one_that_screening_gives(facts: Collected) -> None:
    needed, score, lacking = outlook(facts, SCREENING)
    assert verdict(facts, 100 if needed is None else needed).score == score
    assert {each.criterion for each in lacking} >= {
        criterion
        for criterion in SCREENING.criteria[facts.item.origin].weights
        if criterion is not Criterion.PREVALENCE
    }


@given(st.lists(collected(), max_size=6, unique_by=lambda each: each.item.number))
def test_the_order_does_not_depend_on_how_items_come(facts: list[Collected]) -> None:
    def due(since: date) -> date:
        return since

    shown = candidates(facts, SCREENING, due)
    assert shown == candidates(facts[::-1], SCREENING, due)
    needs = [101 if line.needed is None else line.needed for line in shown]
    assert needs == sorted(needs)
