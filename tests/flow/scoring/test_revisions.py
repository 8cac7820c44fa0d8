"""What is published keeps the revisions it was made by, and is asked by them (X3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Flaw, UnitKind
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.rules import publication
from huimin_flow.rules.revisions import CONTRIBUTION, MEASURING, PACING, Revisions
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.scoring.test_scores import month_of_data

COLORING, RANKING = publication.COLORING, publication.RANKING


@pytest.fixture
def quarter(desk: Desk) -> Desk:
    """The last quarter of 2023, published."""
    for month in (10, 11, 12):
        month_of_data(desk, month)
    desk.clock.set(at_hour(date(2024, 1, 9), 19))
    tick(desk.flow, desk.clock.now())
    return desk


def change(
    rule: Revisions[Any], patch: pytest.MonkeyPatch, other: Callable[..., Any]
) -> int:
    """Release a new revision of a rule, which finds something else."""
    number: int = rule.newest + 1
    patch.setitem(rule.by_revision, number, other)
    return number


def test_what_is_published_names_its_revisions(quarter: Desk) -> None:
    flow = quarter.flow
    month = flow.scores.month("2023-11").revisions
    assert month == {one.rule: one.newest for one in (MEASURING, PACING, CONTRIBUTION)}
    assert flow.scores.colors("2023-11").revisions == {"coloring": COLORING.newest}
    assert flow.scores.ranking("2023Q4").revisions == {"ranking": RANKING.newest}


def test_a_changed_rule_changes_nothing_that_was_published(
    quarter: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = quarter.flow.scores.month("2023-11")
    index = next(
        one.index for one in published.groups[UnitKind.DISTRICT] if one.unit == "500101"
    )
    for rule in (CONTRIBUTION, COLORING, RANKING, MEASURING):
        change(rule, monkeypatch, lambda *_, **__: ())
    score, _ = quarter.flow.scores.explain("500101", "2023-11")
    assert score.index == index
    assert door_of(quarter.flow).read(verify).findings == ()


def test_a_month_after_the_change_is_made_and_explained_by_the_new_rule(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    month_of_data(desk, 10)
    old = CONTRIBUTION.by_revision[CONTRIBUTION.newest]

    def blind(*given: Any, **named: Any) -> Any:
        """Score as ever, but see no district of code 500102."""
        return tuple(
            replace(one, index=None, tree=None) if one.unit == "500102" else one
            for one in old(*given, **named)
        )

    number = change(CONTRIBUTION, monkeypatch, blind)
    desk.clock.set(at_hour(date(2023, 11, 9), 19))
    tick(desk.flow, desk.clock.now())
    found = desk.flow.scores.month("2023-10")
    units = {one.unit: one.index for one in found.groups[UnitKind.DISTRICT]}
    assert found.revisions["contribution"] == number
    assert units["500102"] is None
    assert units["500101"] is not None
    assert door_of(desk.flow).read(verify).findings == ()


def test_a_revision_that_the_engine_lacks_is_a_finding_not_a_crash(
    quarter: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        change(COLORING, later, COLORING.by_revision[COLORING.newest])
        quarter.flow.scores.correct(
            "colors/2023-11", "试用新版", by=quarter.office, second=quarter.second
        )
    (finding,) = door_of(quarter.flow).read(verify).findings
    assert (finding.flaw, finding.place) == (
        Flaw.DECISION_MISMATCH, "colors/2023-11",
    )  # fmt: skip
