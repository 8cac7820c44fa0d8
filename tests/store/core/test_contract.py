"""What both databases promise alike."""

from __future__ import annotations

import ast
import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from huimin_flow.audit.verify import verify
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store import schema
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import history, positions, repository
from huimin_flow.testing import Desk


def test_the_tables_are_what_the_code_declares(desk: Desk) -> None:
    assert door_of(desk.flow).read(schema.differences) == []


def test_making_a_database_twice_changes_nothing(
    desk: Desk, url: str, book: Rulebook
) -> None:
    before = door_of(desk.flow).read(repository.active_digest)
    Flow.found(url, book, rehearsal=True).close()
    assert door_of(desk.flow).read(repository.active_digest) == before


@pytest.mark.usefixtures("desk")
def test_a_rehearsal_never_becomes_a_production_database(
    url: str, book: Rulebook
) -> None:
    with pytest.raises(StoreRefused, match="用途"):
        Flow.found(url, book)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("version", "said"), [("9999", "比程序新"), ("0000", "0000较旧")]
)
def test_a_database_of_another_schema_is_refused(
    url: str, version: str, said: str
) -> None:
    host = engines.open_engine(url)
    with host.begin() as connection:
        connection.execute(
            text("UPDATE huimin_schema SET version_num = :of"), {"of": version}
        )
    host.dispose()
    with pytest.raises(StoreRefused, match=said):
        Flow.open(url)


def test_positions_have_no_gaps_and_headers_are_kept_verbatim(desk: Desk) -> None:
    for _ in range(3):
        desk.collect()
    events = door_of(desk.flow).read(
        lambda c: list(history.read_from(c, 0, limit=10**6))
    )
    assert [one.position for one in events] == list(range(1, len(events) + 1))
    for one in events:
        assert history.header_of(history.event_of(one.header)) == one.header


def test_two_operators_on_one_item_give_one_winner_a_round(
    desk: Desk, url: str
) -> None:
    number = desk.collect().number
    outcomes: list[str] = []

    def amend(title: str) -> None:
        with Flow.open(url, clock=desk.clock) as mine:
            version = 1
            try:
                mine.items.amend(
                    number, {"title": title}, by=desk.operator, version=version
                )
                outcomes.append("won")
            except Exception as refused:  # noqa: BLE001 - the kind is what is asked
                outcomes.append(type(refused).__name__)

    threads = [threading.Thread(target=amend, args=(f"标题{k}",)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("won") == 1
    assert set(outcomes) <= {"won", "ItemMoved", "StoreBusy"}
    assert desk.flow.items.get(number).version == 2


def test_opening_waits_for_a_commit_that_is_being_written(
    file_desk: Desk, file_url: str
) -> None:
    host = sqlite3.connect(
        file_url.removeprefix("sqlite:///"),
        isolation_level=None,
        check_same_thread=False,
    )
    host.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.3, lambda: host.execute("COMMIT"))
    release.start()
    with Flow.open(file_url, clock=file_desk.clock) as late:
        assert late.items.list() == []
    release.join()
    host.close()


def test_concurrent_writers_lose_nothing(desk: Desk, url: str) -> None:
    def collect() -> None:
        with Flow.open(url, clock=desk.clock) as mine:
            writer = Desk(mine, desk.clock)
            for _ in range(8):
                writer.collect()

    threads = [threading.Thread(target=collect) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [item.number for item in desk.flow.items.list()]
    assert len(numbers) == len(set(numbers)) == 32


def test_replay_gives_the_very_row(desk: Desk) -> None:
    from huimin_flow.catalogue.terms import State
    from huimin_flow.states.evolve import fold

    item = desk.bring(State.CLOSED)
    stored = door_of(desk.flow).read(
        lambda c: history.read_stream(c, f"item/{item.number}")
    )
    assert fold(history.event_of(one.header) for one in stored) == item


@pytest.mark.parametrize(
    "url",
    [
        "mysql://x/y",
        "postgres://x/y",
        "not a url",
        "postgresql:/clerk:secret@host/y",
        "sqlite://",
        "sqlite:///:memory:",
        Path("db.sqlite3"),
    ],
)
def test_an_address_we_cannot_use_is_refused_with_advice(
    url: str, book: Rulebook
) -> None:
    doors: list[Callable[[str], Flow]] = [Flow.open, lambda of: Flow.found(of, book)]
    for door in doors:
        with pytest.raises(StoreRefused) as refused:
            door(url)
        assert refused.value.remedy
        assert "secret" not in str(refused.value)
        if url == "postgres://x/y":
            assert "postgresql://" in refused.value.remedy


def test_the_tables_may_live_in_a_schema_of_their_own(
    server: str, book: Rulebook, clock: RehearsalClock
) -> None:
    from sqlalchemy import inspect

    url = f"{server}/postgres?schema=huimin_{os.urandom(4).hex()}"
    with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
        Desk(flow, clock).collect()
        assert door_of(flow).read(verify).clean
        tables = door_of(flow).read(
            lambda c: inspect(c).get_table_names(schema="public")
        )
        assert not [one for one in tables if one.startswith("huimin_")]
    with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
        assert len(flow.items.list()) == 1
        assert door_of(flow).read(schema.differences) == []
    with pytest.raises(StoreRefused, match="模式名"):
        Flow.open(f"{server}/postgres?schema=a;drop")


def test_a_migration_imports_nothing_that_may_change_later() -> None:
    files = sorted((Path(schema.__file__).parent / "migrations/versions").glob("*.py"))
    assert files
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [getattr(node, "module", ""), *(one.name for one in node.names)]
                assert not [name for name in names if str(name).startswith("huimin")]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_each_year_that_a_sequence_numbers_has_one(desk: Desk) -> None:
    counters = ["batch", "excuse/2023-000001", "item/2019", "item/2050"]
    for kind in ("item", "deliberation", "proposal", "reading"):
        counters += [f"{kind}/{year}" for year in range(2020, 2050)]

    def read(connection: Connection) -> tuple[list[str], set[str]]:
        named = [positions.sequence_of(connection, one) for one in counters]
        there = inspect(connection).get_sequence_names()
        return [one for one in named if one is not None], set(there)

    named, there = door_of(desk.flow).read(read)
    own = {one for one in there if not one.endswith("_id_seq")}
    assert set(named) == own
    assert len(named) == 1 + 4 * 30
