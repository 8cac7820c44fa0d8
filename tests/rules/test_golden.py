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

GOLDEN = Path(__file__).parent / "golden"

#: SHA-256 of each golden file; after the first release no line here changes.
RELEASED: dict[str, str] = {
    "coloring-1.json": (
        "495f8f197642eb427904e961f3ab4bd02ff11862d86a8a7c7028c7c2b718f174"
    ),
    "contribution-1.json": (
        "4a262f3739db9112d0311a5e118d749f4af07831d357dc994f63050682573b1a"
    ),
    "evaluating-1.json": (
        "9f5e084a0b6619f1d0f2760e1b104050d14902877abd298f034a06137bdf6253"
    ),
    "fulfilment-1.json": (
        "ab41a502a5f495b91427d9c905b3f4b4b852aa54ef24f93445105b513ef65b7d"
    ),
    "judging-1.json": (
        "b302b975b801c14e100e76c71ee6ba87b9d8c17a4f325a55b888869ae2a7b01e"
    ),
    "late-1.json": ("6216d8eb2642fb01883a810c20b962a6388642adcafdfe20346f579594285508"),
    "measuring-1.json": (
        "b9fc19415faa7d6b41cfe1dcc3e71545c2eb468148794582aefe056525aa855d"
    ),
    "owing-1.json": (
        "4f1eea5544f0d8cff189a3d6890a9f894d0a88eff9b2b9ce48f19f60d320c627"
    ),
    "pacing-1.json": (
        "5f67f20e0ff0fcaf29aa4438f1e1a7323edc0a2def702a188527a7a7b2e8aa15"
    ),
    "ranking-1.json": (
        "7ddf24a48727ea4fdd6adc6fbc9507772809fb031de1920505195ed86625ee80"
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
