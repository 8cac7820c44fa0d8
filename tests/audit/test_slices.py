"""An audit of a long history keeps nobody from writing, and stays right."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from huimin_flow.audit import rows, verify
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import State
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import Desk


@pytest.fixture
def slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let slices be short, so that a small history has many."""
    monkeypatch.setattr(verify, "_SLICE", 7)
    monkeypatch.setattr(rows, "_SLICE", 2)
    monkeypatch.setattr(engines, "_DEADLINE", 0.5)


@pytest.mark.usefixtures("slices")
def test_writers_write_between_slices_and_nothing_strange_is_found(
    desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for state in (State.ADJUSTED, State.STARRED, State.LISTED):
        desk.bring(state)
    pause = Ledger.pause
    written: list[object] = []
    with Flow.open(url, clock=desk.clock) as other:
        writer = Desk(other, desk.clock)

        def write(ledger: Ledger) -> None:
            pause(ledger)
            if len(written) < 40:
                item = writer.collect("审计期间的新事项")
                written.append(writer.link_appeals(item.number, 3))

        monkeypatch.setattr(Ledger, "pause", write)
        asked = partial(verify.verify, release=True)
        report = door_of(desk.flow).read(asked)
    assert len(written) > 5
    assert report.findings == ()


@pytest.mark.usefixtures("slices")
def test_a_forgery_is_found_in_slices_as_well(desk: Desk, url: str) -> None:
    desk.bring(State.ADJUSTED)
    desk.bring(State.STARRED)
    host = engines.open_engine(url)
    with host.begin() as connection:
        connection.exec_driver_sql("UPDATE huimin_item SET stars = 5")
    host.dispose()
    found = door_of(desk.flow).read(partial(verify.verify, release=True)).findings
    assert {one.flaw.value for one in found} == {"row_mismatch"}
    whole: Any = door_of(desk.flow).read(verify.verify).findings
    assert sorted(found, key=str) == sorted(whole, key=str)
