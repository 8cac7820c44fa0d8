"""The programs of the page for hosts run as it shows them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import State
from huimin_flow.clock import SystemClock
from huimin_flow.exchange.core.senders.webhook import signature_of
from huimin_flow.testing import Desk
from tests.test_docs import DOCS, blocks

FOLLOWS, CHECKS = blocks(DOCS / "how-to" / "subscribe-to-changes.md", "python")


def test_a_portal_follows_the_changes_as_the_page_says(
    file_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    item = file_desk.item(State.SCREENED)
    room: dict[str, Any] = {"__name__": "portal"}
    exec(compile(FOLLOWS, "portal", "exec"), room)  # noqa: S102 - under test
    assert FOLLOWS.count("\n") <= 35
    own: sqlite3.Connection = room["own"]
    query = "SELECT unit, state FROM item WHERE number = ?"
    assert own.execute(query, (item.number,)).fetchone() == (item.unit, "screened")
    file_desk.judge(item.number)
    last = room["follow"](file_desk.flow)
    assert own.execute(query, (item.number,)).fetchone() == (item.unit, "judged")
    assert room["follow"](file_desk.flow) == last
    own.close()


def test_a_receiver_checks_who_calls_as_the_page_says() -> None:
    room: dict[str, Any] = {}
    exec(compile(CHECKS, "receiver", "exec"), room)  # noqa: S102 - under test
    secret, body = b"k" * 32, b'{"position":1}'
    second = int(SystemClock().now().timestamp())

    def genuine(second: int, body: bytes, signed: bytes) -> bool:
        told = signature_of(secret, str(second), signed)
        headers = {"Huimin-Timestamp": str(second), "Huimin-Signature": told}
        answer: bool = room["is_genuine"](headers, body, secret)
        return answer

    assert genuine(second, body, body)
    assert not genuine(second, body + b" ", body)
    assert not genuine(second - 301, body, body)
