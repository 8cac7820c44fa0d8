"""Golden results: what a rule finds, it finds again.

Before the first release a changed rule changes its golden file, and its line below.
From then on see docs/how-to/change-a-rule.md.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.rules import Rules
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.deciding.lists import Candidate
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.rules.deciding.lists import By, select, verdict_for
from huimin_flow.rules.executing.fulfilment import item_fulfilment
from huimin_flow.rules.revisions import REGISTRY, rederive
from huimin_flow.rules.sensing.screening import prevalence
from tests.rules.figures import RULES

GOLDEN = Path(__file__).parent / "golden"

#: SHA-256 of each golden file; after the first release no line here changes.
RELEASED: dict[str, str] = {
    "advising-1.json": (
        "9d6ca0695aad74caf8542823eb8dd2f737c42f2240b42c152f60ed3b4609eec4"
    ),
    "coloring-1.json": (
        "495f8f197642eb427904e961f3ab4bd02ff11862d86a8a7c7028c7c2b718f174"
    ),
    "contribution-1.json": (
        "4a262f3739db9112d0311a5e118d749f4af07831d357dc994f63050682573b1a"
    ),
    "evaluating-1.json": (
        "a2d82b341873bccb1b1fbcdf0ed0dc7a13c907853d52ad28a4638e3bc1813e61"
    ),
    "fulfilment-1.json": (
        "bdbd4180b9de3055d3f5725c4f2707f0ec9d6f044947996359af99ef9cdd103e"
    ),
    "independence-1.json": (
        "f052ab9600ac914409a94910de5ca6755845403cf62a78d3c3d3acf76e6b2642"
    ),
    "judging-1.json": (
        "890993943b3d9adeda6f6dec8de713a27060a48ae33939281744c4414558a52b"
    ),
    "late-1.json": ("fc500b978542aee1ca5ea8546723b8b05f28ce3ff16388ef7c26ca9e5b683326"),
    "measuring-1.json": (
        "7a2150fb3c469ce10fbfdcdf3faf3c066fd7cd37a73c9dccd9fef05299b2b7f3"
    ),
    "owing-1.json": (
        "e22c0df0c1ee7672872697a03ee34975636056be018c5e3570eda462fb558048"
    ),
    "pacing-1.json": (
        "5f67f20e0ff0fcaf29aa4438f1e1a7323edc0a2def702a188527a7a7b2e8aa15"
    ),
    "policies-1.json": (
        "39805c00f3ea2155db06a2a8df1829ee2997980fdb908d61f6da185d63fcef2c"
    ),
    "ranking-1.json": (
        "7ddf24a48727ea4fdd6adc6fbc9507772809fb031de1920505195ed86625ee80"
    ),
    "readiness-1.json": (
        "e13ab9aa0aee39ce1c836b83a5ab6a7cd137faee04df287340ae450c75e7a91a"
    ),
    "screening-1.json": (
        "a23b3b4bef9cbd20688493417392b3b3edcc93b6bf5b248757c5c9c7d8db47f1"
    ),
    "selection-1.json": (
        "c9708ca1b5eee744cf3e237cf220dfd3255248a3fd494fb11e11b5b71553f605"
    ),
    "starring-1.json": (
        "5e0fb615cef6c5d242548d1262bd1baeacb2aa3c9ba5f8d62a000b0757896379"
    ),
}


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_file_is_as_it_was(name: str) -> None:
    data = (GOLDEN / name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == RELEASED[name]


def test_every_golden_file_is_released() -> None:
    assert {one.name for one in GOLDEN.iterdir()} == set(RELEASED)


def test_every_revision_that_can_be_asked_has_golden_results() -> None:
    named = {f"{rule}-{revision}.json" for rule, revision in REGISTRY}
    assert named <= set(RELEASED)


@pytest.mark.parametrize("name", [f"{rule}-{n}.json" for rule, n in REGISTRY])
def test_a_released_revision_finds_what_it_found(name: str) -> None:
    kept = _read(name)
    rules = rules_of(kept)
    verdicts = [from_plain(Verdict, one) for one in kept["verdicts"]]
    assert [rederive(one, rules) for one in verdicts] == verdicts


@pytest.mark.parametrize("by", ["unit", "area"])
def test_the_released_selection_chooses_whom_it_chose(by: By) -> None:
    kept = _read("selection-1.json")
    rules = rules_of(kept)
    candidates = [from_plain(Candidate, one) for one in kept["candidates"]]
    found = select(candidates, rules.selection, by=by)
    verdicts = [to_plain(verdict_for(found, one.number)) for one in candidates]
    assert verdicts == kept["verdicts"][by]


def test_the_released_prevalence_is_what_it_was() -> None:
    kept = _read("screening-1.json")
    rule = rules_of(kept).screening.prevalence
    found = [
        {**one, "prevalence": prevalence(from_plain(Tally, one["tally"]), rule)}
        for one in kept["prevalence"]
    ]
    assert found == kept["prevalence"]


def test_the_released_fulfilment_of_an_item_is_what_it_was() -> None:
    kept = _read("fulfilment-1.json")
    verdicts = [from_plain(Verdict, one) for one in kept["verdicts"]]
    assert to_plain(item_fulfilment(verdicts)) == kept["item"]


def rules_of(kept: dict[str, Any]) -> Rules:
    """The rules of a golden file; it has none of those that came after it."""
    return from_plain(Rules, to_plain(RULES) | kept["rules"])


def _read(name: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return kept
