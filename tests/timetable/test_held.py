"""A database that another connection holds for longer than the service waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.clock import at_hour
from huimin_flow.flow import Flow
from huimin_flow.store import engine
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import pending

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)

JANUARY = at_hour(date(2024, 1, 20), 9)
HEAD = "SELECT value FROM huimin_counter WHERE name = 'position' FOR UPDATE"


@pytest.fixture
def impatient(desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flow]:
    """An engine that waits for locks hardly at all, in a January full of dues."""
    monkeypatch.setattr(engine, "_LOCK_TIMEOUT", 20)
    desk.clock.set(JANUARY)
    with Flow.open(url, clock=desk.clock) as flow:
        assert len(pending(flow, JANUARY)) > 3
        yield flow


@pytest.fixture
def other(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Another connection, which ends before the database is swept."""
    with psycopg.connect(url) as connection:
        yield connection
        connection.rollback()


def test_an_act_that_is_done_is_no_refusal_because_its_numbering_must_wait(
    desk: Desk, impatient: Flow, other: psycopg.Connection[Any]
) -> None:
    other.execute(HEAD.encode())
    item = Desk(impatient, desk.clock).collect("候工区")
    assert impatient.item(item.number) == item
    other.rollback()
    assert impatient.read(verify).findings == ()
