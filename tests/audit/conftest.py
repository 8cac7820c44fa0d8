"""Worlds for audits: a database in which every table holds something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from huimin_flow.audit import verify as audit
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import MORNING, Desk
from tests import databases
from tests.audit.worlds import live, small
from tests.conftest import Founded, founded_file, founded_pool
from tests.databases import Pool

Edit = Callable[[str], None]


@pytest.fixture(scope="session")
def book(book: Rulebook) -> Rulebook:
    """The rulebook of a bureau with fewer units."""
    return small(book)


@pytest.fixture(scope="session")
def founded(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """A file that was founded with fewer units."""
    return founded_file(book, tmp_path_factory.mktemp("founded"))


@pytest.fixture(scope="session")
def pool(server: str, book: Rulebook) -> Pool:
    """A server's databases that were founded with fewer units."""
    return founded_pool(book, server)


@pytest.fixture
def schema_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare audits of edited rows the schema: what they find, they find by rows."""
    monkeypatch.setattr(audit, "hold_schema", lambda _: None)


makes = pytest.fixture(scope="session", params=["sqlite", "postgresql"])


def _empty(request: pytest.FixtureRequest, folder: Path) -> str:
    """Return the address of an empty database of the make that is asked for."""
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'huimin.db'}"
    server: str = request.getfixturevalue("server")
    return f"{server}/{databases.fresh(server)}"


@makes
def world(
    request: pytest.FixtureRequest,
    book: Rulebook,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Engine]:
    """A world on each make; each test rolls its edits back."""
    folder = tmp_path_factory.mktemp("world")
    url = _empty(request, folder)
    live(url, book, folder / "files")
    engine = engines.open_engine(url)
    yield engine
    engine.dispose()


@makes
def life(
    request: pytest.FixtureRequest,
    book: Rulebook,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Engine]:
    """One item that came to its end, on each make."""
    url = _empty(request, tmp_path_factory.mktemp("life"))
    clock = RehearsalClock(MORNING, seed=7)
    with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
        Desk(flow, clock).bring(State.ADJUSTED)
    engine = engines.open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def hand(life: Engine) -> Iterator[Connection]:
    """Somebody's connection to the one life; what it does is rolled back."""
    with life.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def edit(hand: Connection) -> Edit:
    """Edit the one life by hand, until the test is over."""

    def done(statement: str) -> None:
        assert hand.execute(text(statement)).rowcount >= 1

    return done
