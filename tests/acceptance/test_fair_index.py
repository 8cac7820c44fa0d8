"""A month of all units again by another hand: who is ranked, and what may be chance."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.flow import Flow
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.rulebook import rulebook_from_text, rulebook_text
from tests.acceptance.recompute import counted, scored
from tests.acceptance.recompute_rows import Raw
from tests.acceptance.recompute_standings import mean

MONTH = "2023-10"
BEST = ("green", "blue", "yellow", "orange", "red")


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


def shown(index: str, before: str | None, chart: dict[str, Any]) -> str:
    """The color of an index; last month's is kept near its band."""
    if before is not None:
        low, high = (
            Decimal(chart["bands"][before][edge]["value"]) for edge in ("low", "high")
        )
        reach = Decimal(chart["hysteresis"]["value"])
        if low - reach <= Decimal(index) < high + reach:
            return before
    return band(index, chart["bands"])


def test_another_hand_finds_which_colors_may_be_chance(raw: Raw) -> None:
    scores, colors = last(raw, "score", MONTH), last(raw, "colors", MONTH)
    book = raw.books[scores["rulebook"]]
    rule = book["scoring"]["index"]
    weights = {row["key"]: row["weight"]["value"] for row in rule["indicators"]}
    chart = book["scoring"]["colors"]
    counts, z = counted(raw, MONTH, scores["cut"], book), Decimal(rule["z"]["value"])
    seen = set()
    for group, units in scored(raw, MONTH, scores["cut"], book).items():
        told = {one["unit"]: one for one in colors["groups"][group]}
        for unit, parts in units.items():
            if parts is None:
                continue
            best, cases = dict(parts), {}
            for row in rule["indicators"]:
                if row["bound"] == "wilson":
                    n, whole = counts[row["key"]][unit]
                    cases[row["key"]] = whole
                    better = -1 if row["direction"] == "lower" else 1
                    bound = wilson(n, whole, better * z)
                    best[row["key"]] = curve(row, bound)
            low, high = str(mean(parts, weights)), str(mean(best, weights))
            ends = {shown(end, told[unit]["before"], chart) for end in (low, high)}
            steady = len(ends) == 1
            word = "steady" if steady else "within_error"
            seen.add(word)
            assert told[unit]["spread"] == {
                "certainty": word, "low": low, "high": high, "cases": cases,
            }, unit  # fmt: skip
    assert seen == {"steady", "within_error"}


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


def wilson(n: int, whole: int, z: Decimal) -> Decimal:
    share, big = Decimal(min(n, whole)) / whole, Decimal(whole)
    root = (share * (1 - share) / big + z * z / (4 * big * big)).sqrt()
    found = 100 * (share + z * z / (2 * big) + z * root) / (1 + z * z / big)
    return min(Decimal(100), max(Decimal(0), found)).quantize(Decimal("0.000001"))


def curve(row: dict[str, Any], figure: Decimal) -> Decimal:
    how = {
        k: Decimal(v["value"]) for k, v in row["normalizing"].items() if k in FIGURES
    }
    short = figure - how["target"]
    if row["direction"] == "higher":
        short = -short
    found = how["full"] - how["slope"] * max(Decimal(0), short)
    return max(how["floor"], found).quantize(Decimal("0.000001"))


FIGURES = ("target", "full", "slope", "floor")


def band(index: str, bands: dict[str, Any]) -> str:
    return next(c for c in BEST if Decimal(index) >= Decimal(bands[c]["low"]["value"]))
