"""A month of all units again by another hand: who is ranked, and who is beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.flow import Flow
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.rulebook import rulebook_from_text, rulebook_text
from tests.acceptance.recompute import counted
from tests.acceptance.recompute_rows import Raw

MONTH = "2023-10"


@pytest.fixture(scope="module")
def raw(played: Path) -> Raw:
    return Raw(str(played / "out" / "demo.db"))


def last(raw: Raw, kind: str, month: str) -> dict[str, Any]:
    """The last publication of a month."""
    found = [value for _, value in raw.published(kind) if value["period"] == month]
    return found[-1]


@pytest.mark.parametrize("month", ["2023-03", MONTH])
def test_who_lacks_a_needed_indicator_has_no_rank_and_no_color(
    raw: Raw, month: str
) -> None:
    scores, colors = last(raw, "score", month), last(raw, "colors", month)
    book = raw.books[scores["rulebook"]]
    needed = book["scoring"]["index"]["needed"]
    counts = counted(raw, month, scores["cut"], book)
    rows = {row["key"]: row for row in book["scoring"]["index"]["indicators"]}
    beside = 0
    for group, units in scores["groups"].items():
        told = {one["unit"]: one for one in colors["groups"][group]}
        for one in units:
            lacking = [
                key
                for key in needed[group]["indicators"]
                if counts[key].get(one["unit"], (0, 0))[1]
                < rows[key]["least_n"]["value"]
            ]
            assert (one["index"] is None) is bool(lacking), one["unit"]
            assert set(lacking) <= set(one["missing"])
            if lacking:
                beside += 1
                assert told[one["unit"]]["color"] is None
                assert "spread" not in told[one["unit"]]
    # Before there was a list nobody carried anything out, and nobody was ranked.
    everybody = sum(map(len, scores["groups"].values()))
    assert beside == everybody if month < "2023-07" else 0 < beside < everybody


def test_a_rulebook_with_smaller_quotas_says_who_would_not_be_on_the_lists(
    played: Path,
) -> None:
    url = f"sqlite:///{played / 'out' / 'demo.db'}"
    with Flow.open(url, read_only=True) as flow:
        book = flow.rulebook.active()
        selection = replace(
            book.rules.selection, quota_per_unit=Figure(value=1, source="ours")
        )
        rules = replace(book.rules, selection=selection)
        fewer = rulebook_from_text(rulebook_text(replace(book, rules=rules)))
        trial = flow.rulebook.what_if(fewer, "2023-12", "2023-12")
        same = flow.rulebook.what_if(book, "2023-07", "2023-12")
    off = [one for one in trial.changes if one.key.startswith("list/2024/")]
    assert off
    assert all(one.new is None and not one.gains for one in off)
    # What was published follows from its own rulebook, facts and cuts.
    assert same.changes == ()
    assert {"list/2024/DIV-JYC", "ranking/2023Q4", "score/2023-12"} <= set(same.tried)
