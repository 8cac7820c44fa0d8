"""A score is explained by what was published with it, source by source (X3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection
from sqlalchemy.event import listen

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.catalogue.terms import FormulaWord, State, UnitKind
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.scoring.published import MonthlyScore
from huimin_flow.model.scoring.scores import Node
from huimin_flow.reports.scoring.explained import left_out
from huimin_flow.rules import publication
from huimin_flow.rules.core.formula import OPS, leaves
from huimin_flow.rules.scoring.measuring import MonthFacts
from huimin_flow.store.scoring import months
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.scoring.test_scores import month_of_data

UNIT = "500101"


def score_october(desk: Desk) -> None:
    month_of_data(desk, 10)
    desk.clock.set(at_hour(date(2023, 11, 9), 19))
    tick(desk.flow, desk.clock.now())


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for one in node.inputs:
        yield from nodes(one)


def part(tree: Node, key: str) -> Node:
    """The sub-score of an indicator."""
    return next(one for one in tree.inputs[0].inputs if one.name == key)


@pytest.mark.parametrize(
    "lie",
    [{"index": "99.00"}, {"parts": {"satisfaction": "100"}}, {"missing": ()}],
)
def test_a_score_that_does_not_follow_is_not_explained_by_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, lie: dict[str, object]
) -> None:
    honest = publication.month_scored

    def lying(*given: object) -> MonthlyScore:
        scores = honest(*given)  # type: ignore[arg-type]
        units = tuple(
            replace(one, **lie) if one.unit == UNIT else one  # type: ignore[arg-type]
            for one in scores.groups[UnitKind.DISTRICT]
        )
        return replace(scores, groups={**scores.groups, UnitKind.DISTRICT: units})

    with monkeypatch.context() as patch:
        patch.setattr(publication, "month_scored", lying)
        score_october(desk)
    with pytest.raises(InputRefused, match="不能解释") as refused:
        desk.flow.scores.explain(UNIT, "2023-10")
    assert "huimin audit verify" in refused.value.remedy
    assert desk.flow.scores.explain("500106", "2023-10")


def test_each_side_of_a_figure_names_its_own_source(desk: Desk) -> None:
    score_october(desk)
    _, tree = desk.flow.scores.explain(UNIT, "2023-10")
    book = desk.flow.scores.month("2023-10").rulebook
    cases, people, _ = part(tree, "caseload").inputs[0].inputs
    assert cases.source.startswith("batch/")
    assert people.source == f"rulebook/{book[:12]}"
    voices, rated, _ = part(tree, "complaint_rate").inputs[0].inputs
    assert voices.source.startswith("batch/")
    assert rated.source == cases.source != voices.source


def test_peers_are_named_by_their_units(desk: Desk) -> None:
    score_october(desk)
    _, tree = desk.flow.scores.explain(UNIT, "2023-10")
    figure, median = part(tree, "caseload").inputs[:2]
    peers = [one.of for one in median.inputs]
    assert figure.of == UNIT
    assert len(set(peers)) == len(peers)
    assert set(peers) == {"500102", "500103", "500106"}


def test_what_is_left_out_is_told_with_its_weight_and_what_follows(desk: Desk) -> None:
    score_october(desk)
    score, _ = desk.flow.scores.explain("500102", "2023-10")
    assert [one.code for one in score.reasons] == [ScoreCode.NO_FIGURE]
    book = desk.flow.rulebook.active(desk.flow.scores.month("2023-10").rulebook)
    assert left_out(score, book) == ("“落实度”(权重40%)当月没有数据:不计入,其余按权重",)


def test_not_enough_data_is_refused_with_names_and_numbers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.flow.scoring import test_scores

    monkeypatch.setitem(test_scores.UNITS, "500103", (0, 0))
    monkeypatch.setitem(test_scores.UNITS, "FA-GXQ", (3, 0))
    score_october(desk)
    with pytest.raises(NotFound) as refused:
        desk.flow.scores.explain("FA-GXQ", "2023-10")
    said = str(refused.value)
    assert "“满意度”(权重25%)只有3例,至少要30例" in said
    assert "“落实度”(权重40%)当月没有数据" in said
    assert not set("abcdefghijklmnopqrstuvwxyz") & set(said)


def test_a_single_unit_has_no_peers_to_be_held_against(desk: Desk) -> None:
    score_october(desk)
    month = desk.flow.scores.month("2023-10")
    alone = [one for one in month.groups[UnitKind.DISTRICT] if one.unit == UNIT]
    book = desk.flow.rulebook.active(month.rulebook)
    (score,) = publication.scored_again(tuple(alone), "2023-10", book, month.revisions)
    assert ScoreCode.NO_PEERS in {one.code for one in score.reasons}


def test_what_is_on_time_names_its_reports_and_what_is_not(desk: Desk) -> None:
    number = desk.bring(State.ASSIGNED).number
    score_october(desk)
    _, tree = desk.flow.scores.explain(UNIT, "2023-10")
    part_of, whole, _ = part(tree, "implementation").inputs[0].inputs
    assert part_of.uncounted
    assert all(one.startswith(f"item/{number}/") for one in part_of.uncounted)
    assert int(part_of.value) + len(part_of.uncounted) == int(whole.value)
    assert part_of.source == f"item/{number}; batch/none"
    assert whole.source == f"item/{number}"


def test_every_part_and_operation_of_a_tree_has_a_word(desk: Desk) -> None:
    score_october(desk)
    _, tree = desk.flow.scores.explain(UNIT, "2023-10")
    book = desk.flow.rulebook.active(desk.flow.scores.month("2023-10").rulebook)
    words = {one.value for one in FormulaWord}
    keys = {one.key for one in book.scoring.index.indicators}
    assert set(OPS) <= words
    assert {one.op for one in nodes(tree)} <= words
    assert {one.name for one in nodes(tree)} <= words | keys
    assert all(one.source for one in leaves(tree))


def test_the_reports_of_all_items_are_asked_for_at_once(desk: Desk) -> None:
    """However many items run: an audit asks for every month of the history."""
    numbers = [desk.bring(State.ASSIGNED).number for _ in range(3)]
    desk.clock.set(at_hour(date(2023, 10, 27), 10))
    for number in numbers:
        desk.report(number)
    score_october(desk)
    cut = desk.flow.scores.month("2023-10").cut
    asked: list[str] = []

    def facts(connection: Connection) -> MonthFacts:
        listen(
            connection, "before_cursor_execute", lambda *given: asked.append(given[2])
        )
        needed = {"histories", "reports"}
        return months.month_facts(connection, "2023-10", cut, needed)

    found = door_of(desk.flow).read(facts)
    assert sum("huimin_progress" in one for one in asked) == 2
    assert {item for item, *_ in found.reported_in} == set(numbers)
    assert set(found.reports) == set(numbers)
