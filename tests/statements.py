"""What a test hears of the statements that the engine gives to a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Dialect, Engine, event

from huimin_flow.store.core.driver import Compiled, Statement


@contextmanager
def heard(engine: Engine) -> Iterator[list[str]]:
    """Give the text of each statement, of SQLAlchemy's and of those made once."""
    texts: list[str] = []

    def hears(_: object, __: object, text: str, *___: object) -> None:
        texts.append(text)

    compiled = Statement.compiled

    def compiles(self: Statement, dialect: Dialect) -> Compiled:
        statement = compiled(self, dialect)
        texts.append(statement.text)
        return statement

    event.listen(engine, "before_cursor_execute", hears)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Statement, "compiled", compiles)
        yield texts
    event.remove(engine, "before_cursor_execute", hears)
