"""Released results: what a revision once found, it finds for ever (DESIGN §5).

To change a rule: raise its REVISION, move the old function to rules/former/,
add a golden file for the new revision, and leave the lines below as they are.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.model.appeal import Tally
from huimin_flow.model.edition import Candidate
from huimin_flow.model.plain import from_plain, to_plain
from huimin_flow.model.rules import Rules
from huimin_flow.model.verdict import Verdict
from huimin_flow.rules.catalog import REGISTRY, rederive
from huimin_flow.rules.fulfilment import item_fulfilment
from huimin_flow.rules.screening import prevalence
from huimin_flow.rules.selection import By, select, verdict_for

GOLDEN = Path(__file__).parent / "golden"

#: SHA-256 of each released file; a line may be added here, never changed.
RELEASED: dict[str, str] = {
    "coloring-1.json": (
        "1eec0349992273912a1c256544c81048bbeba0787b964763af7c2c6d7cf1e37a"
    ),
    "coloring-2.json": (
        "f42e280cf9195f32d7dba0a9abd5378b34030ac6c91c9f684e8b696ced06f8b7"
    ),
    "contribution-1.json": (
        "6289b0ec49eadb1efaceaa9cefe0be18aecea3ae348c8244d38cce101cd1b4e1"
    ),
    "contribution-2.json": (
        "4a262f3739db9112d0311a5e118d749f4af07831d357dc994f63050682573b1a"
    ),
    "evaluating-1.json": (
        "9f5e084a0b6619f1d0f2760e1b104050d14902877abd298f034a06137bdf6253"
    ),
    "fulfilment-1.json": (
        "78b746f9eb73e84e8c507cc9d1db6e7a054c3a17a39ea74c5bec89b1a6b58c65"
    ),
    "fulfilment-2.json": (
        "785b0b83e031e4a592807872e49b67ac0766dd219e5c146533c2c21f4cbfeccb"
    ),
    "judging-1.json": (
        "b302b975b801c14e100e76c71ee6ba87b9d8c17a4f325a55b888869ae2a7b01e"
    ),
    "pacing-1.json": (
        "ef773d991777d763405231c0b051873a1ac624e03d54b8f246de8330f9bfb0bc"
    ),
    "pacing-2.json": (
        "3da02f35a2c4860560fef6bdcceb3d4286e17e1003f5865ff7415a653423b319"
    ),
    "pacing-3.json": (
        "8d9706f6680c57dcdf359c254459c450853e26450969b88107569dc06092206a"
    ),
    "pacing-4.json": (
        "e7cab17cb582f36717629d7f4e68349197602630ed38561982d404a694bf5c76"
    ),
    "ranking-1.json": (
        "500db51b4c22deddcf8c44d208044a364fd73fd8919ed6831453aee3ac2456cb"
    ),
    "ranking-2.json": (
        "0db801a8ab3958dfc8a81909fe10fc465380c6861bc9d019101a240f901e82e0"
    ),
    "ranking-3.json": (
        "39fa71d46a2fbb5022f645d8c68eb606a939bb7ddf74f963c898c0bd5a3b073b"
    ),
    "ranking-4.json": (
        "c47a73b61f42acb54ce174ad59e85657260c7f8440bdcc9b96a46390731427ae"
    ),
    "readiness-1.json": (
        "c5d295eacb8ea1868e3464a943b13012792c06eb9dfbb7c5238def235bab1182"
    ),
    "screening-1.json": (
        "769c6e280bba276d24ef94e179c7e9962548f8385b8c54fa1f956e411da56591"
    ),
    "selection-1.json": (
        "68a9452ed4aae3b34251fc7f2fee256536d4668480a92372eca65a2ac159b2d0"
    ),
    "starring-1.json": (
        "dc7f07de2b5ed32364c527825fa636b543a6187176e8a451421bc2bbf8ba2d13"
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
    rules = from_plain(Rules, kept["rules"])
    verdicts = [from_plain(Verdict, one) for one in kept["verdicts"]]
    assert [rederive(one, rules) for one in verdicts] == verdicts


@pytest.mark.parametrize("by", ["unit", "area"])
def test_the_released_selection_chooses_whom_it_chose(by: By) -> None:
    kept = _read("selection-1.json")
    rules = from_plain(Rules, kept["rules"])
    candidates = [from_plain(Candidate, one) for one in kept["candidates"]]
    found = select(candidates, rules.selection, by=by)
    verdicts = [to_plain(verdict_for(found, one.number)) for one in candidates]
    assert verdicts == kept["verdicts"][by]


def test_the_released_prevalence_is_what_it_was() -> None:
    kept = _read("screening-1.json")
    rule = from_plain(Rules, kept["rules"]).screening.prevalence
    found = [
        {**one, "prevalence": prevalence(from_plain(Tally, one["tally"]), rule)}
        for one in kept["prevalence"]
    ]
    assert found == kept["prevalence"]


def test_the_released_fulfilment_of_an_item_is_what_it_was() -> None:
    kept = _read("fulfilment-1.json")
    verdicts = [from_plain(Verdict, one) for one in kept["verdicts"]]
    assert to_plain(item_fulfilment(verdicts)) == kept["item"]


def _read(name: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return kept
