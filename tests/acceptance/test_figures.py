"""Every published figure follows from the raw rows, by another hand (D5, D6, D7, X3)."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from huimin_flow.flow import Flow
from tests.acceptance import published
from tests.acceptance.recompute import check
from tests.acceptance.recompute_rows import Raw


@pytest.fixture
def copy(played: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(played / "out" / "demo.db", tmp_path / "copy.db"))


def edited(path: Path, statement: str, values: tuple[str, ...]) -> list[str]:
    """Return what another hand finds after an edit of one row."""
    with sqlite3.connect(path) as connection:
        assert connection.execute(statement, values).rowcount == 1
    connection.close()
    return check(str(path))


def test_another_hand_gets_every_published_figure_from_the_rows(played: Path) -> None:
    path = played / "out" / "demo.db"
    assert check(str(path)) == []
    raw = Raw(str(path))
    months = [value for _, value in raw.published("score")]
    indices = [
        one["index"]
        for value in months
        for group in value["groups"].values()
        for one in group
    ]
    assert len({value["period"] for value in months}) == 16
    # One month was corrected, and each of its editions is held.
    assert len(months) == 17
    # Only districts are ranked, and only once their first tasks run.
    assert 250 < sum(one is not None for one in indices) < len(indices)
    assert len(list(raw.published("ranking"))) == 5
    # Some colors may be the chance of who was asked, others not.
    assert {"steady", "within_error"} == {
        one["spread"]["certainty"]
        for _, value in raw.published("colors")
        for group in value["groups"].values()
        for one in group
        if "spread" in one
    }


HEADER = "UPDATE huimin_event SET header = replace(header, ?, ?) WHERE stream = ?"
BAD_NOW = """UPDATE huimin_rating SET level = 'very_dissatisfied' WHERE "transaction" = (
  SELECT min("transaction") FROM huimin_rating
  WHERE level = 'satisfied' AND at LIKE '2023-11-1%' AND unit LIKE '500%')"""
UNDONE = """UPDATE huimin_progress SET value = 0 WHERE (batch, line) = (
  SELECT batch, line FROM huimin_progress WHERE month = '2023-09' AND item IN (
    SELECT number FROM huimin_item WHERE unit LIKE '500%')
  ORDER BY value DESC LIMIT 1)"""


@pytest.mark.parametrize(
    ("statement", "values", "named"),
    [
        (HEADER, ('"place":1,', '"place":2,', "ranking/2023Q4"), "2023Q4"),
        (HEADER, ('"orange"', '"red"', "colors/2023-11"), "colors 2023-11"),
        (BAD_NOW, (), "2023-11"),
        (UNDONE, (), "2023-12"),
    ],
)
def test_one_edited_row_shows(
    statement: str, values: tuple[str, ...], named: str, copy: Path
) -> None:
    found = edited(copy, statement, values)
    assert any(one.startswith(named) for one in found), found[:3]


def test_one_edited_index_shows(copy: Path) -> None:
    value = next(
        one
        for _, one in Raw(str(copy)).published("score")
        if one["period"] == "2023-11"
    )
    told = next(one for one in value["groups"]["district"] if one["index"])
    index = told["index"]
    other = f"{index[:-1]}{(int(index[-1]) + 1) % 10}"
    change = (f'"index":"{index}"', f'"index":"{other}"', "score/2023-11")
    found = edited(copy, HEADER, change)
    assert any(one.startswith(f"2023-11 {told['unit']}") for one in found), found[:3]


@pytest.mark.parametrize(
    ("stream", "named", "code"),
    [
        ("ranking/2023Q4", "2023Q4", '"leads_at"'),
        ("ranking/2023Q4", "2023Q4", '"trails_at"'),
        ("colors/2023-11", "colors 2023-11", '"part_moved"'),
    ],
)
def test_one_edited_reason_shows(
    stream: str, named: str, code: str, copy: Path
) -> None:
    found = edited(copy, HEADER, (code, '"left_out"', stream))
    assert any(one.startswith(named) for one in found), found[:3]


def test_both_demo_years_publish_what_was_agreed(played: Path) -> None:
    golden = Path(__file__).parent / "golden" / published.GOLDEN
    with Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}") as flow:
        told = list(published.lines(flow))
    assert told == golden.read_text(encoding="utf-8").splitlines()
