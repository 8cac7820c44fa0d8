"""The public API: its frozen list, its value types, and what its methods tell."""

from __future__ import annotations

from huimin_flow import api
from tests.flow import public_api


def test_the_public_api_equals_its_frozen_list() -> None:
    frozen = public_api.FROZEN.read_text(encoding="utf-8")
    assert public_api.text().splitlines() == frozen.splitlines(), (
        "the public API changed; if it is to: python -m tests.flow.public_api"
    )


def test_api_gives_each_class_that_a_caller_passes_or_gets_and_no_other() -> None:
    exported = {name: kind for name, kind in vars(api).items() if name[0] != "_"}
    assert exported == {kind.__name__: kind for kind in public_api.public()}
