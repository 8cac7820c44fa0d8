"""An auditor derives every published figure again; an engine that lies is caught."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Color, Flaw, UnitKind
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
)
from huimin_flow.rules import publication
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests import kept
from tests.flow.scoring.test_scores import month_of_data, set_aside
from tests.kept import Kept

DISTRICT = UnitKind.DISTRICT


def facts(desk: Desk) -> None:
    for month in (10, 11, 12):
        month_of_data(desk, month)


def publish(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2024, 1, 9), 19))
    tick(desk.flow, desk.clock.now())


facts_of_sqlite, facts_of_postgresql = kept.fixtures(facts, "module")


@pytest.fixture(params=["sqlite", "postgresql"])
def unpublished(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A quarter's facts, of which nothing was published."""
    world: Kept = request.getfixturevalue(f"facts_of_{request.param}")
    with world.desk(tmp_path) as desk:
        yield desk


def better(scores: MonthlyScore) -> MonthlyScore:
    units = tuple(
        replace(one, index="99.00") if one.unit == "500101" else one
        for one in scores.groups[DISTRICT]
    )
    return replace(scores, groups={**scores.groups, DISTRICT: units})


def greener(colors: MonthlyColors) -> MonthlyColors:
    units = tuple(
        replace(one, color=Color.GREEN) if one.unit == "500101" else one
        for one in colors.groups[DISTRICT]
    )
    return replace(colors, groups={**colors.groups, DISTRICT: units})


def first(ranking: QuarterlyRanking) -> QuarterlyRanking:
    units = tuple(
        replace(one, place=1) if one.unit == "500101" else one
        for one in ranking.groups[DISTRICT]
    )
    return replace(ranking, groups={**ranking.groups, DISTRICT: units})


@pytest.mark.parametrize(
    ("where", "name", "lie", "place"),
    [
        (publication, "month_scored", better, "score/2023-10"),
        (publication, "month_colored", greener, "colors/2023-10"),
        (publication, "quarter_ranked", first, "ranking/2023Q4"),
    ],
)
def test_an_engine_that_published_a_lie_is_caught(
    where: ModuleType,
    name: str,
    lie: Callable[[Any], Any],
    place: str,
    unpublished: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest = getattr(where, name)
    with monkeypatch.context() as lying:
        lying.setattr(where, name, lambda *given: lie(honest(*given)))
        publish(unpublished)
    found = door_of(unpublished.flow).read(verify).findings
    assert {one.flaw for one in found} == {Flaw.DECISION_MISMATCH}
    assert place in {one.place for one in found}
    assert all("500101" in one.detail or "groups" in one.detail for one in found)


def test_corrections_and_late_facts_are_derived_as_of_their_own_cuts(
    unpublished: Desk,
) -> None:
    desk = unpublished
    publish(desk)
    set_aside(desk, "11-500101-0")
    desk.flow.scores.correct(
        "score/2023-11", "误评一件", by=desk.office, second=desk.second
    )
    for key in ("colors/2023-11", "ranking/2023Q4"):
        desk.flow.scores.correct(key, "随计分更正", by=desk.office, second=desk.second)
    assert desk.flow.scores.month("2023-11").version == 2
    assert desk.flow.scores.ranking("2023Q4").version == 2
    assert door_of(desk.flow).read(verify).findings == ()
