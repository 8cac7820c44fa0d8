"""Two who write the same key at once: one is kept, the other is told in words."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, text

from huimin_flow.errors import StoreBusy
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import facts
from huimin_flow.testing import Desk


def kept(desk: Desk) -> int:
    query = text("SELECT count(*) FROM huimin_appeal")
    return int(door_of(desk.flow).read(lambda c: c.execute(query).scalar_one()))


def test_of_two_who_add_the_same_appeal_at_once_one_is_told_in_words(
    desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = desk.appeals(1)
    monkeypatch.setattr(engines, "_DEADLINE", 0.0)  # whoever loses isn't tried again
    other = Flow.open(url, clock=desk.clock)
    honest, told = facts.known_keys, []

    def overtaken(connection: Connection, pairs: Any) -> Any:
        found = honest(connection, pairs)
        monkeypatch.setattr(facts, "known_keys", honest)
        try:
            other.appeals.add_all(given, by=desk.office)
        except StoreBusy as busy:
            told.append(busy)
        return found

    monkeypatch.setattr(facts, "known_keys", overtaken)
    try:
        desk.flow.appeals.add_all(given, by=desk.office)
    except StoreBusy as busy:
        told.append(busy)
    other.close()
    (refused,) = told
    assert "什么都没有改变" in refused.remedy
    assert kept(desk) == 1


def test_a_key_that_is_taken_is_a_refusal_in_words_on_both_databases(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = desk.appeals(1)
    desk.flow.appeals.add_all(given, by=desk.office)
    monkeypatch.setattr(engines, "_DEADLINE", 0.0)  # it stays taken: no use in waiting
    monkeypatch.setattr(facts, "known_keys", lambda *_: set())
    with pytest.raises(StoreBusy, match="他人同时写入了相同的内容"):
        desk.flow.appeals.add_all(given, by=desk.office)
    assert kept(desk) == 1
