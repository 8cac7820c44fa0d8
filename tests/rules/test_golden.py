"""Golden results: what a rule finds, it finds again.

A file that a release has had does not change: docs/how-to/change-a-rule.md says how a
rule does.
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

#: SHA-256 of each golden file; a line that a release has had stays.
RELEASED: dict[str, str] = {
    "advising-1.json": (
        "118008313c382f3a98caeb8ffb89b2a014759a2c4ff7da7c6320ba3a3040842d"
    ),
    "board_concrete-1.json": (
        "8d3dc3a1685a272057a919fe95ee4aee722d978c370dd0a9cc488f1e9249d7f7"
    ),
    "board_disliked-1.json": (
        "9d15d1d4097f9a99590d218b172f1dc09a206208c89b06d95d1629b85d97f275"
    ),
    "board_effective-1.json": (
        "abe5499b272161fff1ae300ec210eee458791eae11906607c0f9658393304f2e"
    ),
    "board_hollow-1.json": (
        "4641762d8cd4eb84bc9f47537c8c9a8204f056d0f90c457c9342b31c2905837b"
    ),
    "board_repeated-1.json": (
        "0dfcc421e3de4d65ef65c464bc9286946e6082c194598d501e696327f4276b61"
    ),
    "board_satisfied-1.json": (
        "1894b1fab76ddc04635e0ae353dc3e1037dbd690c0c992ddbd9780bdfea40569"
    ),
    "board_slow-1.json": (
        "767870098a4f230244373101e76eb377fe986bd88101bb3b4e659c74398a16a5"
    ),
    "board_supervised-1.json": (
        "6dbe2817c6b0b9822d1ddcb570cf14641d7635150e160c3cb848e7c1dfe9a44b"
    ),
    "coloring-1.json": (
        "62169b5dc6e3a75ebdef588635dc13d903a230357932528927aeff46ce5f33b6"
    ),
    "contribution-1.json": (
        "4a262f3739db9112d0311a5e118d749f4af07831d357dc994f63050682573b1a"
    ),
    "coverage-1.json": (
        "9556edc6a0557c8e7f31cbda1bdd2c734b2f5977fb1e14555b53073df470bb31"
    ),
    "evaluating-1.json": (
        "19c7fc827f873e7e061bc0f67f8ec73dded7cda1e7b4f444648adf9c1e01ac22"
    ),
    "fulfilment-1.json": (
        "904a3ef83ea4da2037ab8c8dae2ef152d4a6be832c00c185603c26c5b8ebc4dd"
    ),
    "independence-1.json": (
        "e167b8fda6cac54e7587c942c23fd0aeff0bc2e7ce2b791af703663c5724da5a"
    ),
    "judging-1.json": (
        "061d5d248375497c7ea5fba1f554c2b41b4eb03140d1b59600de7697d7d4394c"
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
        "7b74eb34906264d4c9982cbd534fb7d3e25743e8b1b8f6e0c16ccfe48e378a7e"
    ),
    "ranking-1.json": (
        "81f4c5e4bbbb5be3b8d02e4c33f83032cc5cacdfee0e92fecaec93d6330ebf17"
    ),
    "readiness-1.json": (
        "f19f5a71f301bc58997a0c4c020ccfb93994e59a57e712d21149bcd20a3f49b3"
    ),
    "rectifying-1.json": (
        "5b7a01d0969680c4aaee5f597b784a8b5b846cafe933924b1e4dbc591453f446"
    ),
    "shelving-1.json": (
        "2f540ba850dec73de6b234754a02127ca59ee48b967254bd428ebd41be2cc829"
    ),
    "comparing-1.json": (
        "b8b1a68ad457f6b1ad20e578c18cf4c608f4a4c2af20f40aa0aa4629e248855f"
    ),
    "screening-1.json": (
        "838aa15edc876ad4381a346e7c953e16e23ba09a9999f71b2e5f997a88886599"
    ),
    "selection-1.json": (
        "af41641cb475969916cbccec518700551c334ad01c7516bc9289310cf0590952"
    ),
    "starring-1.json": (
        "322568ea72adf25614ca304f8851e041feaac77d4b45de68c7b802414317cf24"
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
