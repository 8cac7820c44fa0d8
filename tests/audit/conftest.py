"""Worlds for audits: a database in which every table holds something."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine

from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store import engine as engines
from tests.audit.worlds import live


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(
    request: pytest.FixtureRequest,
    book: Rulebook,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Engine]:
    """A world on each make; each test rolls its edits back."""
    folder = tmp_path_factory.mktemp("world")
    url = f"sqlite:///{folder / 'huimin.db'}"
    if request.param == "postgresql":
        server: str = request.getfixturevalue("server")
        name = "w" + os.urandom(6).hex()
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = f"{server}/{name}"
    live(url, book, folder / "files")
    engine = engines.open_engine(url)
    yield engine
    engine.dispose()
