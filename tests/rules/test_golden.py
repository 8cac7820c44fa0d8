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
        "23b9205ce41806bf9f63844497dec2eac0488ca829fb47234733002620a1f42c"
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
        "5226f998ff694d1af3fe136433788e23a4c92b2dd8bcb11340bb2df28baa9f7b"
    ),
    "board_repeated-1.json": (
        "80ce3dd02f7a84d6df25e42d977a794fd8ef8d263fe7c5a02705250059745252"
    ),
    "board_satisfied-1.json": (
        "26469636f37733b64a4b9e60c1c3129321ad7f7628a33bc6eb87097232120b38"
    ),
    "board_slow-1.json": (
        "9776cbe4895ce594217f2616b7450a1081e6d00dadb423ed5b7366852efb6dad"
    ),
    "board_supervised-1.json": (
        "2f72f62cc415b8a0d12ace75f0369fe6c0c59b27dd999fe04fc749d6ab5a9c94"
    ),
    "coloring-1.json": (
        "62169b5dc6e3a75ebdef588635dc13d903a230357932528927aeff46ce5f33b6"
    ),
    "contribution-1.json": (
        "4a262f3739db9112d0311a5e118d749f4af07831d357dc994f63050682573b1a"
    ),
    "coverage-1.json": (
        "cdc3f4965045a18b71f5c9f42ef567b79665c57a1693ac47438e96cdbe68b4d7"
    ),
    "evaluating-1.json": (
        "1b1d82c48a456118533560ef180e42997f55aeef210f0678b77c82aacff77248"
    ),
    "fulfilment-1.json": (
        "c60aacf1b85e18deae45eef951e84d2fac3b1b88310cf2ced361cb4e4f94fcdc"
    ),
    "independence-1.json": (
        "77d9c4fbd2864a247ceb92b3c5968b09aa8bf97e8956090f81db1b63221ff770"
    ),
    "judging-1.json": (
        "5ab022eb18749733e75b78e5d098aad9a23ef93cd3f2fe1c08692e176ffe0f80"
    ),
    "late-1.json": ("fc500b978542aee1ca5ea8546723b8b05f28ce3ff16388ef7c26ca9e5b683326"),
    "measuring-1.json": (
        "c2dba6cd17da210e27038518d0993064fa054e5dd0ffa77653dabe948c7b558c"
    ),
    "owing-1.json": (
        "e22c0df0c1ee7672872697a03ee34975636056be018c5e3570eda462fb558048"
    ),
    "pacing-1.json": (
        "d4d446f567215612ceaae30b545a1a9b8e837f6e77eecc3f34d6afbae4c63448"
    ),
    "policies-1.json": (
        "12558b3b318e40730834e2878f0228bf263b3e52f2cb1e139da5017414fce61a"
    ),
    "ranking-1.json": (
        "81f4c5e4bbbb5be3b8d02e4c33f83032cc5cacdfee0e92fecaec93d6330ebf17"
    ),
    "readiness-1.json": (
        "91ffea7166748d6a738e80767783ac61c71638e59a88dcac056ebb8af8c3fe31"
    ),
    "rectifying-1.json": (
        "5b7a01d0969680c4aaee5f597b784a8b5b846cafe933924b1e4dbc591453f446"
    ),
    "shelving-1.json": (
        "e233fb6ab017fb06cefbcb35e28e4c3406401f339b19cd372a97d0440822c890"
    ),
    "comparing-1.json": (
        "cf8eef3281f1f0b3d979e7051bd184790593e424227291ff5de7ee9edc3e50b1"
    ),
    "screening-1.json": (
        "1395cc9172bd8f96dee3652b2b58d4cbeff0e7eebf87affefd1a62f6b53913ec"
    ),
    "selection-1.json": (
        "1b9130c8489d9f9a24e3940fa39f398a8d3f4b0e17dfc3a06ea6bd0472dc3fa0"
    ),
    "starring-1.json": (
        "51444dac6f27bacbd85727fbc96fdebfeb63ecd476f1d696e78f8657dd518b37"
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
