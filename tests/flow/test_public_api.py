"""The public API: its frozen list, its value types, and what its methods tell."""

from __future__ import annotations

import inspect
from typing import Any

from huimin_flow import api
from huimin_flow.flow.methods import methods
from tests.flow import public_api


def test_the_public_api_equals_its_frozen_list() -> None:
    frozen = public_api.FROZEN.read_text(encoding="utf-8")
    assert public_api.text().splitlines() == frozen.splitlines(), (
        "the public API changed; if it is to: python -m tests.flow.public_api"
    )


def test_api_gives_each_class_that_a_caller_passes_or_gets_and_no_other() -> None:
    exported = {name: kind for name, kind in vars(api).items() if name[0] != "_"}
    public: list[Any] = [*public_api.public(), *public_api.functions()]
    assert exported == {kind.__name__: kind for kind in public}


def test_each_count_takes_exactly_the_filters_of_its_list() -> None:
    known = methods(api.Flow)
    pairs = {
        name: name.replace("count_", "") if "count_" in name else f"{noun}.list"
        for name in known
        for noun, _, verb in [name.partition(".")]
        if verb.startswith("count")
    }
    assert len(pairs) == 35
    paging = {"after", "skip", "limit", "order", "numbers"}
    for count, listed in pairs.items():
        filters = dict(inspect.signature(known[listed]).parameters)
        filters = {name: p for name, p in filters.items() if name not in paging}
        assert dict(inspect.signature(known[count]).parameters) == filters, count
