"""A writer waits for others, never for itself; the log tells what was waited for."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from huimin_flow.catalogue.terms import State
from huimin_flow.errors import StepRefused, StoreBusy
from huimin_flow.flow import Flow
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import host_transaction
from huimin_flow.store.core.hosts import waits
from huimin_flow.testing import Desk
from tests.flow.core.test_drivers import asynchronous, in_a_loop
from tests.flow.core.test_host import DEMAND


def is_told_at_once(desk: Desk, number: str) -> None:
    """Let the open Flow act on an item that the caller's own transaction holds."""
    begun = time.monotonic()
    with pytest.raises(StoreBusy) as refused:
        desk.flow.items.amend(number, {"title": "甲"}, by=desk.operator)
    assert refused.value.code == "own_transaction"
    assert time.monotonic() - begun < 10  # alone, about 0.1 s or OWN_LOCK


def test_who_holds_a_transaction_and_calls_an_open_flow_is_told_at_once(
    desk: Desk, host: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "OWN_LOCK", 50)
    number = desk.collect().number
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        bound.items.amend(number, {"title": "乙"}, by=desk.operator)
        is_told_at_once(desk, number)
        with pytest.raises(StoreBusy), desk.flow.whole() as act:
            act.items.amend(number, {"title": "甲"}, by=desk.operator)
        assert desk.flow.items.get(number).title != "乙"
        connection.rollback()
        # Once it has ended, nobody is in the way.
        assert desk.flow.items.amend(number, {"title": "甲"}, by=desk.operator)
    assert desk.flow.items.get(number).title == "甲"


@pytest.mark.parametrize("how", ["whole", "dry"])
def test_who_calls_an_open_flow_within_its_own_transaction_is_told_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The host means ``act``, and writes ``flow``."""
    monkeypatch.setattr(waits, "OWN_LOCK", 50)
    item = desk.collect()
    number = item.number
    with getattr(desk.flow, how)() as act:
        act.items.amend(number, {"title": "乙"}, by=desk.operator)
        is_told_at_once(desk, number)
        with pytest.raises(StoreBusy), desk.flow.whole() as other:
            other.items.amend(number, {"title": "丙"}, by=desk.operator)
        act.items.amend(number, {"title": "丁"}, by=desk.operator)
    assert desk.flow.items.get(number).title == ("丁" if how == "whole" else item.title)
    assert desk.flow.items.amend(number, {"title": "甲"}, by=desk.operator)


def test_an_async_host_is_told_at_once(
    desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "OWN_LOCK", 50)
    number = desk.collect().number

    async def run() -> None:
        engine = create_async_engine(asynchronous(url))
        async with engine.connect() as connection:
            await connection.run_sync(
                lambda own: Flow.bind(own, clock=desk.clock).items.amend(
                    number, {"title": "乙"}, by=desk.operator
                )
            )
            is_told_at_once(desk, number)
            await connection.rollback()
        await engine.dispose()

    in_a_loop(run())
    assert desk.flow.items.get(number).title != "乙"


def test_a_transaction_that_we_never_saw_is_told_soon(
    file_desk: Desk,
    file_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The host writes its own tables, then calls an open Flow."""
    caplog.set_level(logging.DEBUG, logger="huimin_flow")
    monkeypatch.setattr(waits, "OWN_PROCESS", 0.2)
    host = create_engine(file_url)
    with host.connect() as connection:
        connection.execute(text("CREATE TABLE host_case (name TEXT)"))
        connection.execute(text("INSERT INTO host_case VALUES ('a')"))
        begun = time.monotonic()
        with pytest.raises(StoreBusy) as refused:
            file_desk.collect()
        assert refused.value.code == "own_transaction"
        assert time.monotonic() - begun < 10  # alone, about 0.3 s; else 25
    tries = [each for each in caplog.records if each.name == "huimin_flow.retries"]
    assert {(each.levelname, vars(each)["seconds"] >= 0) for each in tries} == {
        ("DEBUG", True)
    }
    host.dispose()
    assert file_desk.collect().version == 1


def test_in_wal_mode_it_is_told_soon_too(
    file_desk: Desk, file_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "OWN_PROCESS", 0.2)
    monkeypatch.setattr(engines, "journal_mode", lambda: ("WAL", "FULL"))
    path = file_url.removeprefix("sqlite:///")
    with Flow.open(file_url, clock=file_desk.clock) as flow:
        other = sqlite3.connect(path, isolation_level=None)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy) as refused:
            flow.items.collect(DEMAND, by=file_desk.operator)
        assert refused.value.code == "own_transaction"
        other.close()
        assert flow.items.collect(DEMAND, by=file_desk.operator).version == 1


def test_a_hosts_thread_that_ends_soon_is_waited_for_and_the_log_tells_how_long(
    file_desk: Desk,
    file_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(waits, "TOLD", 0.0)
    held, done = threading.Event(), threading.Event()
    tried = threading.Event()
    honest = vars(waits)["pauses"]

    def pauses() -> Iterator[float]:
        tried.set()
        return honest()  # type: ignore[no-any-return]

    def work() -> None:
        host = create_engine(file_url)
        with host.begin() as connection:
            Flow.bind(connection, clock=file_desk.clock).items.collect(
                DEMAND, by=file_desk.operator
            )
            held.set()
            done.wait(20)
        host.dispose()

    monkeypatch.setattr(waits, "pauses", pauses)
    thread = threading.Thread(target=work)
    thread.start()
    held.wait(20)
    tried.clear()

    def end() -> None:
        tried.wait(20)
        done.set()

    ending = threading.Thread(target=end)
    ending.start()
    with caplog.at_level(logging.DEBUG, logger="huimin_flow"):
        assert file_desk.collect().version == 1
    thread.join()
    ending.join()
    assert len(file_desk.flow.items.list()) == 2
    told = [record for record in caplog.records if record.name == "huimin_flow.waits"]
    assert [record.levelname for record in told][:1] == ["WARNING"]
    assert "for another writer" in told[0].getMessage()


@pytest.mark.skipif(
    engines.journal_mode()[0] == "WAL", reason="in WAL nobody waits for readers"
)
def test_who_acts_within_their_own_snapshot_is_told_at_once(file_desk: Desk) -> None:
    begun = time.monotonic()
    with file_desk.flow.snapshot() as now:
        with pytest.raises(StoreBusy) as refused:
            file_desk.collect()
        assert refused.value.code == "own_transaction"
        assert now.items.list() == []
    assert time.monotonic() - begun < 10  # alone, about 0.1 s; else 25
    assert file_desk.collect().version == 1


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("own", ["", "77ms"])
def test_a_host_that_sets_no_limit_does_not_wait_for_locks_without_end(
    desk: Desk,
    host: Engine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    own: str,
) -> None:
    monkeypatch.setattr(host_transaction, "HOST_LOCK", 60_000 if own else 60)
    number = desk.collect().number
    with host.connect() as first, host.connect() as second:
        bound = Flow.bind(first, clock=desk.clock)
        bound.items.amend(number, {"title": "乙"}, by=desk.operator)
        # Who waits for a minute, or for ever, is stopped, and that is another code.
        second.execute(text("SET LOCAL statement_timeout = '10s'"))
        if own:
            second.execute(text(f"SET LOCAL lock_timeout = '{own}'"))
        late = Flow.bind(second, clock=desk.clock)
        with pytest.raises(StoreBusy) as refused:
            late.items.amend(number, {"title": "丙"}, by=desk.operator)
        assert refused.value.code == "busy"
        assert second.execute(text("SHOW lock_timeout")).scalar() == (own or "0")
        # What was refused is undone alone: the host goes on in its transaction.
        other = late.items.collect(DEMAND, by=desk.operator).number
        assert second.execute(text("SHOW lock_timeout")).scalar() == (own or "0")
        second.commit()
        first.rollback()
    assert [item.number for item in desk.flow.items.list()] == [number, other]
    told = [
        record for record in caplog.records if record.name == "huimin_flow.refusals"
    ]
    assert [(record.levelname, vars(record)["code"]) for record in told] == [
        ("WARNING", "busy")
    ]


def test_a_refusal_is_a_record_with_codes_and_nothing_of_a_person(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    number = desk.bring(State.COLLECTED).number
    caplog.clear()
    with caplog.at_level(logging.INFO), pytest.raises(StepRefused):
        desk.flow.items.close(number, by=desk.office)
    (record,) = [each for each in caplog.records if each.name.startswith("huimin_flow")]
    assert record.name == "huimin_flow.refusals"
    assert record.levelname == "INFO"
    assert record.getMessage() == "close is refused: no_such_arc"
    assert (vars(record)["act"], vars(record)["code"]) == ("close", "no_such_arc")
    assert desk.office.id not in str(vars(record))


def test_nothing_of_logging_is_configured() -> None:
    logger = logging.getLogger("huimin_flow")
    assert [type(handler) for handler in logger.handlers] == [logging.NullHandler]
    assert logger.level == logging.NOTSET
    assert logger.propagate
