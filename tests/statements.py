"""A record of the statements that the engine gives to a database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Dialect, Engine, event

from huimin_flow.store.core.connections import held_by
from huimin_flow.store.core.driver import Statement

Place = Engine | Connection


@contextmanager
def recorded(place: Place) -> Iterator[list[str]]:
    """Give the text of each statement, SQLAlchemy's and those made once."""
    texts: list[str] = []
    with _recording(place, lambda text, _: texts.append(text)):
        yield texts


@contextmanager
def recorded_with_values(place: Place) -> Iterator[list[tuple[str, Any]]]:
    """Give the text of each statement with its values."""
    statements: list[tuple[str, Any]] = []
    with _recording(place, lambda text, values: statements.append((text, values))):
        yield statements


@contextmanager
def _recording(place: Place, note: Callable[[str, Any], None]) -> Iterator[None]:
    def records(_: object, __: object, text: str, values: object, *___: object) -> None:
        note(text, values)

    honest = Statement.bound

    def bound(
        self: Statement, dialect: Dialect, values: dict[str, Any]
    ) -> tuple[str, Any]:
        statement = honest(self, dialect, values)
        note(*statement)
        return statement

    event.listen(place, "before_cursor_execute", records)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Statement, "bound", bound)
        yield
    event.remove(place, "before_cursor_execute", records)


def round_trips(engine: Engine, path: Path, act: Callable[[], object]) -> list[str]:
    """Return how often an act waits for PostgreSQL: the statements of each round trip.

    libpq writes what it receives into the file at ``path``.
    """
    (idle,) = held_by(engine).writing
    driver = idle.connection.driver_connection
    assert driver is not None
    with path.open("w+b") as file:
        driver.pgconn.trace(file.fileno())
        act()
        driver.pgconn.untrace()
        file.seek(0)
        *trips, rest = file.read().decode().split("ReadyForQuery")
    assert "CommandComplete" not in rest
    return [" ".join(_DONE.findall(trip)) for trip in trips]


_DONE = re.compile(r'CommandComplete\s+"(\w+)')
