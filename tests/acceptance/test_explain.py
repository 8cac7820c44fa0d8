"""Every index of the demo is what the leaves of its tree give, to the digit (X3)."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import FormulaWord, UnitKind
from huimin_flow.flow import Flow
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.scoring.scores import Node
from huimin_flow.reports.scoring.explained import drawn
from huimin_flow.rules.core.formula import evaluate
from huimin_flow.rules.publication import scored_again
from huimin_flow.shell.main import invoke
from tests.acceptance.recompute_rows import Raw


def url_of(played: Path) -> str:
    return f"sqlite:///{played / 'out' / 'demo.db'}"


def test_the_leaves_of_every_published_index_give_it_exactly(played: Path) -> None:
    """Every tree of the demo, read back from JSON, and computed from its leaves."""
    count = 0
    raw = Raw(str(played / "out" / "demo.db"))
    periods = {value["period"] for _, value in raw.published("score")}
    with Flow.open(url_of(played)) as flow:
        for period in sorted(periods):
            month = flow.scores.month(period)
            book = flow.rulebook.active(month.rulebook)
            for units in month.groups.values():
                again = scored_again(units, period, book, month.revisions)
                for one, score in zip(units, again, strict=True):
                    assert (one.unit, one.index) == (score.unit, score.index)
                    if score.tree is None:
                        continue
                    text = json.dumps(to_plain(score.tree))
                    tree = from_plain(Node, json.loads(text))
                    assert evaluate(tree) == Decimal(one.index or "")
                    count += 1
    assert count > 250


def test_peer_groups_are_never_held_against_each_other(played: Path) -> None:
    """Each group has its own first, and every peer in a tree is of the unit's kind."""
    raw = Raw(str(played / "out" / "demo.db"))
    with Flow.open(url_of(played)) as flow:
        for period in sorted({value["period"] for _, value in raw.published("score")}):
            month = flow.scores.month(period)
            book = flow.rulebook.active(month.rulebook)
            kinds = {one.code: one.kind for one in book.organization.units}
            for kind, units in month.groups.items():
                assert {kinds[one.unit] for one in units} == {kind}
                for score in scored_again(units, period, book, month.revisions):
                    peers = {one.of for one in _parts(score.tree) if one.of}
                    assert {kinds[one] for one in peers} <= {kind}
        ranking = flow.scores.ranking("2023Q4")
    assert len(ranking.groups) == 4
    for kind, places in ranking.groups.items():
        assert {kinds[one.unit] for one in places} == {kind}
        placed = [one.place for one in places if one.place is not None]
        # Zones, divisions and the agency lack what they need, and stand beside.
        assert min(placed, default=1) == 1
        assert bool(placed) is (kind is UnitKind.DISTRICT)


def _parts(tree: Node | None) -> list[Node]:
    """Return a tree's nodes."""
    if tree is None:
        return []
    return [tree, *(inner for one in tree.inputs for inner in _parts(one))]


@pytest.mark.parametrize("unit", ["500101", "500109", "500230"])
def test_the_command_writes_the_tree_that_gives_the_index(
    played: Path, unit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = url_of(played)
    with Flow.open(url) as flow:
        month = flow.scores.month("2023-11")
    index = next(
        one.index
        for units in month.groups.values()
        for one in units
        if one.unit == unit
    )
    asked = ["score", "explain", unit, "2023-11", "--db", url]
    assert invoke([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert evaluate(from_plain(Node, said["tree"])) == Decimal(index or "")
    assert said["score"]["index"] == index
    assert (said["edition"], said["cut"]) == (month.version, month.cut)
    assert (said["rulebook"], said["revisions"]) == (month.rulebook, month.revisions)
    assert invoke(asked) == 0
    shown = capsys.readouterr().out
    assert f"第{month.version}版，截点 {month.cut}" in shown
    assert month.rulebook[:12] in shown
    # Words for people: no name of an operation or a part of the machine's.
    assert not set(FormulaWord) & set(re.findall(r"[a-z_]+", shown))
    # ... and no stream's, nor the word that config has for what the bureau set.
    assert not _CODED.search(shown)


def test_no_tree_of_the_demo_shows_a_source_as_it_is_kept(played: Path) -> None:
    """Every leaf of a month of every unit, and every task that was not on time."""
    lines = []
    with Flow.open(url_of(played)) as flow:
        month = flow.scores.month("2024-01")
        book = flow.rulebook.active(month.rulebook)
        for units in month.groups.values():
            for one in scored_again(units, month.period, book, month.revisions):
                lines += list(drawn(one.tree, {}, {}, one.unit)) if one.tree else []
    told = [one.text for one in lines]
    for known in (
        "未按期:事项2023-0",
        "← 本系统自定",
        "← 第",
        "← 规则库",
        "← 事项2023-0",
    ):
        assert any(known in one for one in told), known
    assert [one for one in told if _CODED.search(one)] == []


#: A stream's name, or the bare word of config.
_CODED = re.compile(r"\b(?:batch|item|followup|rulebook|score)/|\bours\b")
