"""A database of each release goes on under today's code, on both stores."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from huimin_flow.api import Flow, Rulebook, State
from huimin_flow.audit.verify import verify
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core.tables import METADATA
from huimin_flow.store.schema import VERSION_TABLE, ours
from huimin_flow.testing import MORNING, Desk
from tests.releases.make import HOME, KEY, told

RELEASES = sorted(path for path in HOME.iterdir() if (path / "said.json").exists())


@pytest.fixture(params=RELEASES, ids=lambda path: path.name)
def release(request: pytest.FixtureRequest) -> Path:
    """The folder of a release."""
    return Path(request.param)


@pytest.fixture
def kept(release: Path, url: str) -> str:
    """The database that the release left behind, where a desk is not founded anew."""
    load(release, url)
    return url


@pytest.fixture
def upgraded(
    kept: str, release: Path, book: Rulebook, tmp_path: Path
) -> Iterator[Desk]:
    """That database, upgraded by today's ``found``."""
    key = tmp_path / KEY
    key.touch(0o600)
    key.write_bytes((release / KEY).read_bytes())
    clock = RehearsalClock(MORNING, seed=8)
    with Flow.found(kept, book, rehearsal=True, clock=clock, key=key) as flow:
        last = flow.records.last_recorded()
        assert last is not None
        clock.set(last)
        yield Desk(flow, clock)


def load(release: Path, url: str) -> None:
    """Make the database that the release left behind."""
    make = url.partition(":")[0]
    script = gzip.decompress((release / f"{make}.sql.gz").read_bytes()).decode()
    if make == "sqlite":
        with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
            file.executescript(script)
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script.encode())  # the driver takes bytes of any origin


@pytest.fixture
def said(release: Path, url: str) -> dict[str, object]:
    """What the release said of this database."""
    both = json.loads((release / "said.json").read_text(encoding="utf-8"))
    return dict(both[url.partition(":")[0]])


def test_what_the_release_said_is_said_again(
    upgraded: Desk, said: dict[str, object]
) -> None:
    assert told(upgraded.flow) == said


def test_the_tables_are_those_of_today(upgraded: Desk) -> None:
    def differences(connection: Connection) -> list[Any]:
        options = {"version_table": VERSION_TABLE, "include_name": ours}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, METADATA))

    assert door_of(upgraded.flow).read(differences) == []


def test_the_history_is_whole_and_each_item_goes_on(upgraded: Desk) -> None:
    for item in upgraded.flow.items.list(State.COLLECTED):
        upgraded.screen(item.number)
    # The attached files were not kept, only their rows.
    door = door_of(upgraded.flow)
    assert door.read(partial(verify, keyring=door.keyring)).findings == ()
