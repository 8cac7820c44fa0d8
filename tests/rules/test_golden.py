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

from huimin_flow.model.edition import Candidate
from huimin_flow.model.plain import from_plain, to_plain
from huimin_flow.model.rules import Rules
from huimin_flow.model.verdict import Verdict
from huimin_flow.rules.catalog import REGISTRY, rederive
from huimin_flow.rules.selection import By, select, verdict_for

GOLDEN = Path(__file__).parent / "golden"

#: SHA-256 of each released file; a line may be added here, never changed.
RELEASED: dict[str, str] = {}


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


def _read(name: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return kept
