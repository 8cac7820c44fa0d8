"""What a host wrote for a release goes on working, or was deprecated in time."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typing_extensions import deprecated

from huimin_flow.flow.core import items
from huimin_flow.flow.methods import Facet, Method
from tests.releases.make import HOME
from tests.releases.promises import Surface, broken, surface

SURFACES = sorted(HOME.glob("*/surface.json"))


@pytest.fixture(scope="module")
def today() -> Surface:
    return surface()


@pytest.mark.parametrize("kept", SURFACES, ids=lambda path: path.parent.name)
def test_nothing_of_a_release_is_lost(kept: Path, today: Surface) -> None:
    assert broken(json.loads(kept.read_text(encoding="utf-8")), today) == []


def test_what_a_host_would_miss_is_named(today: Surface) -> None:
    changed = deepcopy(today)
    del changed["methods"]["items.get"]
    del changed["methods"]["items.list"]["unit"]
    changed["methods"]["items.count"]["why"] = "required"
    changed["methods"]["items.history"]["more"] = "optional"
    changed["classes"]["Demand"]["title"] = "optional"
    changed["classes"]["Demand"]["mood"] = "required"
    del changed["classes"]["State"]["LISTED"]
    assert broken(today, changed) == [
        "items.get is gone, and no release deprecated it",
        "items.list has no unit any more",
        "items.count asks for why",
        "Demand asks for mood",
        "State has no LISTED any more",
    ]


def test_what_a_release_deprecated_may_go(today: Surface) -> None:
    before, now = deepcopy(today), deepcopy(today)
    before["methods"]["items.get"][""] = "deprecated"
    del now["methods"]["items.get"]
    assert broken(before, now) == []


def test_a_deprecated_method_works_warns_and_is_marked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notice = "since 0.2, goes with 0.4: use items.get"
    case = items.item
    marked = deprecated(notice, category=None)(case.function)
    monkeypatch.setattr(case, "function", marked)

    class Old(Facet):
        get = Method("core.items", "item")

    door: Any = SimpleNamespace(ask=lambda _function, number: number)
    with pytest.warns(DeprecationWarning, match="use items.get") as told:
        assert Old(door).get("2026-000001") == "2026-000001"
    assert told[0].filename == __file__
    assert Old.get.__deprecated__ == notice
