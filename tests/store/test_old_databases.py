"""Databases made by earlier releases open, upgrade, replay and audit clean.

``golden/before_scoring.sql.xz`` was written by the commit before months were
scored: its rulebook has no scoring part, its schema is 0002, its December list
is frozen and confirmed.
"""

from __future__ import annotations

import lzma
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.model.item import Item
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.states.evolve import fold
from huimin_flow.store import history, paces, repository, schema
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import runs, tick
from tests.flow.test_scoring import month_of_data
from tests.store.test_links import WITHOUT_LINKS

GOLDEN = Path(__file__).parent / "golden" / "before_scoring.sql.xz"
LATER = datetime(2024, 2, 9, 2, tzinfo=UTC)


@pytest.fixture
def old_url(tmp_path: Path) -> str:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(lzma.decompress(GOLDEN.read_bytes()).decode())
    return f"sqlite:///{path}"


@pytest.fixture
def upgraded(old_url: str, book: Rulebook) -> Iterator[Desk]:
    clock = RehearsalClock(LATER, seed=7)
    with Flow.found(old_url, book, rehearsal=True, clock=clock) as flow:
        yield Desk(flow, clock)


def test_an_older_database_is_named_before_it_is_upgraded(old_url: str) -> None:
    with pytest.raises(StoreRefused, match="0002较旧"):
        Flow.open(old_url)


def test_an_upgraded_database_has_every_table_and_is_clean(upgraded: Desk) -> None:
    assert upgraded.flow.read(schema.drift) == []
    report = upgraded.flow.read(verify)
    assert report.findings == ()
    assert (report.items, report.events) == (3, 138)


def replayed(connection: Connection, number: str) -> Item | None:
    stored = history.read_stream(connection, f"item/{number}")
    return fold(history.event_of(one.header) for one in stored)


def test_every_item_of_an_older_database_replays_to_its_row(upgraded: Desk) -> None:
    items = upgraded.flow.items()
    assert len(items) == 3
    for item in items:
        assert upgraded.flow.read(partial(replayed, number=item.number)) == item


def test_months_of_ratings_are_summed_where_an_older_schema_had_no_room_for_them(
    file_desk: Desk, file_url: str, book: Rulebook
) -> None:
    month_of_data(file_desk, 10)
    before = file_desk.flow.month_of_units("2023-10")
    assert before
    with closing(sqlite3.connect(file_url.removeprefix("sqlite:///"))) as connection:
        connection.executescript(
            "DROP TABLE huimin_rating_month; DROP TABLE huimin_job_failure;"
            "ALTER TABLE huimin_progress DROP COLUMN members;"
            "DROP INDEX huimin_event_at; DROP INDEX huimin_appeal_at;"
            "DROP INDEX huimin_refusal_n; DROP INDEX huimin_request_n;"
            "ALTER TABLE huimin_refusal DROP COLUMN n; ALTER TABLE huimin_refusal DROP COLUMN leaf;"
            "ALTER TABLE huimin_request DROP COLUMN n; ALTER TABLE huimin_request DROP COLUMN leaf;"
            f"{WITHOUT_LINKS}UPDATE huimin_schema SET version_num = '0003'"
        )
    clock = file_desk.clock
    with Flow.found(file_url, book, rehearsal=True, clock=clock) as flow:
        assert flow.read(schema.drift) == []
        assert flow.month_of_units("2023-10") == before
        assert flow.read(verify).findings == ()


def test_a_rulebook_without_scoring_keeps_its_text_and_says_what_it_lacks(
    upgraded: Desk,
) -> None:
    old = upgraded.flow.rulebook()
    assert old.scoring is None
    assert rulebook_from_text(rulebook_text(old)).digest == old.digest
    with pytest.raises(StoreRefused, match="没有计分部分") as refused:
        upgraded.flow.read(lambda c: paces.paces(c, "2024-01", 10**6, old))
    assert "rules activate" in refused.value.remedy


def test_an_older_database_goes_on_by_its_own_rulebook_and_then_by_the_new_one(
    upgraded: Desk, book: Rulebook
) -> None:
    tick(upgraded.flow, upgraded.clock.now())
    assert "monthly_score" not in {one.job for one in runs(upgraded.flow)}
    assert upgraded.bring(State.STARRED).state is State.STARRED
    upgraded.flow.activate(book, by=upgraded.office, second=upgraded.second)
    upgraded.clock.set(datetime(2024, 3, 8, 2, tzinfo=UTC))
    tick(upgraded.flow, upgraded.clock.now())
    scored = [one.period for one in runs(upgraded.flow) if one.job == "monthly_score"]
    assert "2024-02" in scored
    assert upgraded.flow.read(repository.active_digest) == book.digest
    assert upgraded.flow.read(verify).findings == ()
