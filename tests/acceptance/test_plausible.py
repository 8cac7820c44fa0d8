"""The demo's year is one that can be believed: bounds, not figures (U8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import FollowUpState, State, UnitKind
from huimin_flow.flow import Flow
from huimin_flow.model.scoring.scores import Colored
from tests.acceptance.published import MONTHS

#: The month in which the units' first tasks run.
FIRST = "2023-07"

#: The units whose story the demo tells: what a month's color was, and what it became.
TOLD = [
    ("500103", "2023-08", "2023-09", "down"),
    ("500103", "2023-10", "2023-11", "up"),
    ("500118", "2023-02", "2023-03", "down"),
    ("500118", "2023-04", "2023-05", "up"),
    ("500114", "2023-04", "2023-05", "up"),
    ("AG-SBJ", "2022-12", "2023-01", "down"),
    ("AG-SBJ", "2023-01", "2023-02", "up"),
    ("500107", "2023-07", "2023-08", "down"),
    ("500238", "2023-08", "2023-09", "down"),
    ("500238", "2023-09", "2023-10", "up"),
    ("500230", "2023-09", "2023-10", "down"),
    ("500230", "2023-12", "2024-01", ""),
]


@pytest.fixture(scope="module")
def flow(played: Path) -> Iterator[Flow]:
    with Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}", read_only=True) as flow:
        yield flow


def colors(flow: Flow, month: str) -> dict[str, Colored]:
    groups = flow.scores.colors(month).groups.values()
    return {unit.unit: unit for units in groups for unit in units}


def heard(flow: Flow, month: str) -> dict[str, float]:
    """Return by unit its sub-score of satisfaction."""
    groups = flow.scores.month(month).groups.values()
    return {
        score.unit: float(score.parts["satisfaction"])
        for units in groups
        for score in units
    }


def test_every_district_has_tasks_and_all_figures_once_there_is_a_list(
    flow: Flow,
) -> None:
    for month in MONTHS:
        groups = flow.scores.month(month).groups
        measured = {frozenset(score.parts) for score in groups[UnitKind.DISTRICT]}
        # Nobody's index leaves out what another's has: all are held by the same.
        assert len(measured) == 1, month
        zones = {frozenset(score.parts) for score in groups[UnitKind.ZONE]}
        assert len(zones) == 1, month
        for parts in (*measured, *zones):
            assert ("implementation" in parts) == (month >= FIRST), month
        for kind, units in groups.items():
            # Who lacks what its group needs is not ranked: nobody before the first
            # tasks, zones without residents, divisions without complaints.
            ranked = kind is UnitKind.DISTRICT and month >= FIRST
            assert {score.index is not None for score in units} == {ranked}, month
            rated = [score.readings["satisfaction"].denominator for score in units]
            assert min(count or 0 for count in rated) >= 40, month
    listed = {place.unit for place in flow.lists.get("list/2023/city").places}
    assert {score.unit for score in groups[UnitKind.DISTRICT]} <= listed


def test_few_colors_change_in_a_month_and_each_has_a_cause(flow: Flow) -> None:
    """Sampling noise changes nobody's color; before the first tasks nobody has one."""
    changed = {
        month: [
            unit
            for unit in colors(flow, month).values()
            if unit.before and unit.color != unit.before
        ]
        for month in MONTHS
    }
    others = [units for month, units in changed.items() if month > FIRST]
    assert not any(units for month, units in changed.items() if month <= FIRST)
    assert max(map(len, others)) <= 8
    assert sum(map(len, others)) >= 8
    for unit in (unit for units in others for unit in units):
        assert any(reason.code == "part_moved" for reason in unit.reasons), unit
    kinds = {unit.color for month in MONTHS for unit in colors(flow, month).values()}
    assert len(kinds - {None}) >= 4


@pytest.mark.parametrize(("unit", "before", "after", "way"), TOLD)
def test_a_unit_with_a_story_changes_when_it_says_so(
    unit: str, before: str, after: str, way: str, flow: Flow
) -> None:
    old, new = colors(flow, before)[unit], colors(flow, after)[unit]
    if old.index is None:
        # Not ranked: the story shows in what citizens say, without a color.
        said = [heard(flow, month)[unit] for month in (before, after)]
        assert new.index is new.color is None
        assert (said[1] - said[0] > 2) if way == "up" else (said[0] - said[1] > 2)
        return
    gained = float(new.index or 0) - float(old.index or 0)
    if way:
        code = "color_rose" if way == "up" else "color_fell"
        assert code in {reason.code for reason in new.reasons}, (old, new)
    assert abs(gained) > 4


def test_most_bad_ratings_are_answered_and_called_back_and_some_are_not(
    flow: Flow,
) -> None:
    owed = flow.ratings.bad()
    silent = [line for line in owed if line.state is FollowUpState.PENDING]
    shares = [flow.ratings.callback_rate(month) for month in (*MONTHS, "2024-02")]
    named = sum(share.whole for share in shares)
    assert 300 < named < 900
    assert 0.85 < sum(share.part for share in shares) / named < 0.98
    assert 0 < len(silent) < named * 0.1
    assert {line.rating.unit for line in silent} == {"500107", "500230"}


def test_some_units_are_late_and_it_shows(flow: Flow) -> None:
    behind = {
        month: {
            score.unit
            for score in flow.scores.month(month).groups[UnitKind.DISTRICT]
            if score.readings["implementation"].late
        }
        for month in MONTHS
        if month >= FIRST
    }
    assert behind[FIRST] == set()
    assert {"500107", "500229", "500238"} <= behind["2023-09"]
    assert {"500107", "500230"} <= behind["2023-10"]
    assert all(len(units) <= 5 for units in behind.values())
    # Two of them have caught up by the end of the year.
    assert behind["2023-12"] == behind["2024-01"] == {"500107", "500230"}
    for item in flow.items.list(State.ASSIGNED):
        assert item.unit in behind["2024-01"] | {"DIV-GXC"}, item.unit
    assert {line.unit for line in flow.tasks.owing("2023-10")} == {"500230"}
