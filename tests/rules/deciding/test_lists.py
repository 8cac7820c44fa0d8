"""The December selection (B5)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Area, Placement
from huimin_flow.model.deciding.lists import Candidate
from huimin_flow.rules.deciding.lists import (
    By,
    choose,
    draft,
    of_heirs,
    select,
    ties,
    verdict_for,
)
from huimin_flow.settings import load_opening_list, load_rulebook
from tests.rules.figures import CANDIDATES, SELECTION

BY: st.SearchStrategy[By] = st.sampled_from(("unit", "area"))
STRONG = Candidate(
    number="2026-00007",
    unit="500101",
    area=Area.TALENT,
    stars=5,
    benefit=9000,
    prevalence=60,
    since=date(2026, 3, 2),
)


@given(CANDIDATES, BY, st.data())
def test_the_order_of_arrival_changes_nothing(
    candidates: list[Candidate], by: By, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(candidates))
    assert select(shuffled, SELECTION, by=by) == select(candidates, SELECTION, by=by)


@given(CANDIDATES, BY)
def test_every_candidate_is_chosen_or_left_out_with_a_reason(
    candidates: list[Candidate], by: By
) -> None:
    found = select(candidates, SELECTION, by=by)
    named = [one.item for one in found.chosen] + [one for one, _ in found.left_out]
    assert sorted(named) == sorted(one.number for one in candidates)


@given(CANDIDATES)
def test_no_unit_gets_more_than_its_quota(candidates: list[Candidate]) -> None:
    chosen = select(candidates, SELECTION, by="unit").chosen
    assert all(count <= 2 for count in Counter(one.unit for one in chosen).values())


@given(CANDIDATES)
def test_no_area_gets_more_than_its_quota(candidates: list[Candidate]) -> None:
    chosen = select(candidates, SELECTION, by="area").chosen
    assert all(count <= 3 for count in Counter(one.area for one in chosen).values())


@given(CANDIDATES, BY)
def test_ranks_count_from_one_without_gaps(candidates: list[Candidate], by: By) -> None:
    chosen = select(candidates, SELECTION, by=by).chosen
    assert [one.rank for one in chosen] == list(range(1, len(chosen) + 1))


@given(CANDIDATES)
def test_nobody_left_out_by_a_quota_is_stronger_than_one_chosen_in_it(
    candidates: list[Candidate],
) -> None:
    found = select(candidates, SELECTION, by="unit")
    place = {one.number: n for n, one in enumerate(found.ordered)}
    unit = {one.number: one.unit for one in candidates}
    full = [one for one, why in found.left_out if why.code == Code.UNIT_QUOTA_FULL]
    assert all(
        place[inside.item] < place[outside]
        for outside in full
        for inside in found.chosen
        if inside.unit == unit[outside]
    )


@pytest.mark.parametrize(
    "weaker",
    [
        {"stars": 4, "benefit": 9900},
        {"benefit": 8999, "prevalence": 99},
        {"prevalence": 59, "since": date(2026, 1, 1)},
        {"since": date(2026, 3, 3), "number": "2026-00001"},
        {"number": "2026-00008"},
    ],
)
def test_ties_are_broken_in_the_stated_order(weaker: dict[str, Any]) -> None:
    other = replace(STRONG, **{"number": "2026-00001", **weaker})
    ordered = select([other, STRONG], SELECTION, by="unit").ordered
    assert ordered == (STRONG, other)


def test_too_few_stars_are_left_out_even_where_there_is_room() -> None:
    weak = replace(STRONG, stars=2)
    ((_, reason),) = select([weak], SELECTION, by="unit").left_out
    assert (reason.code, reason.values) == (
        Code.TOO_FEW_STARS,
        {"stars": 2, "least": 3},
    )


def test_a_full_area_is_said_with_its_quota() -> None:
    four = [replace(STRONG, number=f"2026-0000{n}") for n in range(4)]
    ((number, reason),) = select(four, SELECTION, by="area").left_out
    assert (number, reason.code) == ("2026-00003", Code.AREA_QUOTA_FULL)


def test_the_real_list_of_2023_could_have_been_frozen(config: Path) -> None:
    book = load_rulebook(config)
    rule = book.rules.selection
    tasks = load_opening_list(config, 2023, book).tasks
    candidates = [
        replace(
            STRONG, number=f"2023-{task.task:06d}", unit=task.lead_unit, area=task.area
        )
        for task in tasks
    ]
    units = book.organization.listing_units(date(2023, 6, 29))
    drafts = draft(choose(candidates, units, rule), rule).values()
    assert sum(len(drafted.chosen) for drafted in drafts) == len(tasks) == 20


def test_items_of_a_unit_that_ended_stand_on_its_successors_list(config: Path) -> None:
    organization = load_rulebook(config).organization
    day = date(2025, 12, 15)
    gone = [replace(STRONG, unit=unit) for unit in ("500105", "500112")]
    answered = of_heirs([*gone, STRONG], organization, day)
    assert [each.unit for each in answered] == ["500157", "500157", "500101"]
    assert of_heirs(gone, organization, date(2025, 11, 5)) == gone
    units = organization.listing_units(day)
    assert not {"500105", "500112"} & set(choose(answered, units, SELECTION))


@given(CANDIDATES.filter(bool), BY)
def test_the_verdict_of_each_candidate_agrees_with_the_choice(
    candidates: list[Candidate], by: By
) -> None:
    found = select(candidates, SELECTION, by=by)
    passed = {one.number for one in candidates if verdict_for(found, one.number).passed}
    assert passed == {place.item for place in found.chosen}


def test_a_verdict_names_rank_and_benefit() -> None:
    found = verdict_for(select([STRONG], SELECTION, by="area"), STRONG.number)
    assert (found.score, found.reasons[0].values) == ("90.00", {"rank": 1})


def test_nobody_gets_a_verdict_who_was_no_candidate() -> None:
    with pytest.raises(KeyError):
        verdict_for(select([STRONG], SELECTION, by="unit"), "2026-09999")


def test_only_candidates_that_compete_for_a_place_are_tied() -> None:
    """One who was placed elsewhere neither loses a tie nor hides the one that decides."""
    one = replace(SELECTION.quota_per_unit, value=1)
    rule = replace(SELECTION, quota_per_unit=one, placements=(Placement.YEAR,))
    first, other, second = (
        replace(STRONG, number=f"2026-0000{n}", placement=placement)
        for n, placement in enumerate(
            (Placement.YEAR, Placement.PHASE, Placement.YEAR), 1
        )
    )
    [tie] = ties(select([first, other, second], rule, by="unit"))
    assert (tie.first, tie.second, tie.decides) == (first.number, second.number, True)
    assert not list(ties(select([first, other], rule, by="unit")))
