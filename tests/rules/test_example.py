"""How a rule changes after a release, on a small example."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from huimin_flow.errors import NotFound
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.rules.revisions import newest

from .example.punctuality import PUNCTUALITY, Tasks

GOLDEN = Path(__file__).parent / "example" / "golden"
RELEASED = {
    1: "ca4e1120423e4ae32ae028cda30e876d9784a64d44a96cc9c8fdff29162423fe",
    2: "a812dfe7c68820c5155d46cc5bc2fd39d5511662dc0d53a53cbd5bf5f0724ed3",
}


@pytest.mark.parametrize("revision", RELEASED)
def test_a_released_revision_finds_what_it_found(revision: int) -> None:
    text = (GOLDEN / f"punctuality-{revision}.json").read_bytes()
    assert hashlib.sha256(text).hexdigest() == RELEASED[revision]
    rule = PUNCTUALITY.of({"punctuality": revision})
    for case in json.loads(text):
        assert rule(from_plain(Tasks, case["tasks"])) == case["percent"]


def test_what_is_published_now_names_the_newest_revision() -> None:
    assert newest(PUNCTUALITY) == {"punctuality": 2}
    assert set(RELEASED) == set(PUNCTUALITY.by_revision)


@pytest.mark.parametrize("named", [{"punctuality": 3}, {}])
def test_a_revision_that_nobody_knows_is_refused(named: dict[str, int]) -> None:
    with pytest.raises(NotFound):
        PUNCTUALITY.of(named)


def test_a_field_that_came_later_changes_no_recorded_bytes() -> None:
    recorded = {"all": 4, "on_time": 3}
    tasks = from_plain(Tasks, recorded)
    assert tasks.excused == 0
    assert to_plain(tasks) == recorded
    assert to_plain(Tasks(all=4, on_time=3, excused=1)) == {**recorded, "excused": 1}
