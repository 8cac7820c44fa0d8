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
from huimin_flow.model.improving.rules import Improving
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.rules.deciding.lists import By, select, verdict_for
from huimin_flow.rules.executing.fulfilment import item_fulfilment
from huimin_flow.rules.revisions import REGISTRY, rederive
from huimin_flow.rules.sensing.screening import prevalence
from tests.rules.figures import IMPROVING, RULES, Book

GOLDEN = Path(__file__).parent / "golden"

#: SHA-256 of each golden file; after the first release no line here changes.
RELEASED: dict[str, str] = {
    "advising-1.json": (
        "cd3aee60d06e285219ce513394f98fd9e9916145ece543f781f0299dcc5aecc5"
    ),
    "board_concrete-1.json": (
        "b27faa5a293a4b06a557fd9506179e0d6ad02f2392ef48616052cc90b10cb9f5"
    ),
    "board_disliked-1.json": (
        "4e32dba6edbffa5547fe2f4260bb4f04938b592d30a81a59957d60d74b8ce6dd"
    ),
    "board_effective-1.json": (
        "8fcf75d80a4711162c11218be1f6852666950f9e42a4341a58d99390f73a0b7b"
    ),
    "board_hollow-1.json": (
        "7d6f334048345c1b22b65e0a2011802e8e3902cdc97eba3c06fa01eb96a0c957"
    ),
    "board_repeated-1.json": (
        "80ce3dd02f7a84d6df25e42d977a794fd8ef8d263fe7c5a02705250059745252"
    ),
    "board_satisfied-1.json": (
        "26469636f37733b64a4b9e60c1c3129321ad7f7628a33bc6eb87097232120b38"
    ),
    "board_slow-1.json": (
        "b045827226d51f45dbf0455f1e423204565729da8fdeafdaaa35d54c53f1b4fa"
    ),
    "board_supervised-1.json": (
        "2f72f62cc415b8a0d12ace75f0369fe6c0c59b27dd999fe04fc749d6ab5a9c94"
    ),
    "coloring-1.json": (
        "495f8f197642eb427904e961f3ab4bd02ff11862d86a8a7c7028c7c2b718f174"
    ),
    "contribution-1.json": (
        "4a262f3739db9112d0311a5e118d749f4af07831d357dc994f63050682573b1a"
    ),
    "coverage-1.json": (
        "6f441c6b5ca34422545b42fe3c034b7a05d0971dee99ca7e63e34d625a26d8f0"
    ),
    "evaluating-1.json": (
        "8d773ef9e50f566a5bf7e199897143b5a02b58ccd9088d2c70b66f4dc5c85927"
    ),
    "fulfilment-1.json": (
        "e29e5e46e7ec8889ac0dc7cb9aa505ed81c99d2ad91726a8f3cb0c876de1c6bb"
    ),
    "independence-1.json": (
        "3795c67d99a8650289f0eb7f287a71038439ce28948f72604929e2b1b349bbec"
    ),
    "judging-1.json": (
        "531e7709a98ca391e57623ed7823e0f62e93a9743c3b86dbb9e6d8b94b40c99b"
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
        "236c2150d7799058ed6ebdb9c213f0db3db326dfdb3a515ee962d5eece87e3bf"
    ),
    "ranking-1.json": (
        "7ddf24a48727ea4fdd6adc6fbc9507772809fb031de1920505195ed86625ee80"
    ),
    "readiness-1.json": (
        "9c4a08ace50437c990ad377689e484c7da1161e78a57a03f023114b3e1c752ca"
    ),
    "screening-1.json": (
        "0c85b18b348388b32f013bd6517c2438a20a47866f27d216ef5dee2271ab52a6"
    ),
    "selection-1.json": (
        "3c1160f7f47e6f735406275952c2b191ee3146f983bb80256caf04344d0dc5d5"
    ),
    "starring-1.json": (
        "15fbb2067a5b2147639bc7c4e1e7a1955725ffc7d1d08ae43df0efc7ef62111f"
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
    improving = to_plain(IMPROVING) | kept.get("improving", {})
    book = Book(rules=rules_of(kept), improving=from_plain(Improving, improving))
    verdicts = [from_plain(Verdict, one) for one in kept["verdicts"]]
    assert [rederive(one, book) for one in verdicts] == verdicts


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
