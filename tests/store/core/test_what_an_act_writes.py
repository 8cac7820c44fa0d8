"""What one act adds to an SQLite database: the bytes of its rows, and the pages.

Both are the same on every machine, because ids and times come from the test's clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from huimin_flow.store.core import engine as engines
from huimin_flow.testing import Desk


class Written(NamedTuple):
    """The bytes of the values that an act adds, and the pages that it writes."""

    row_bytes: int
    pages: int


#: Today's figures and a twentieth more, because who adds a field moves them on purpose.
#: A new item is its row and its event, a change mostly its event. A second copy of a
#: header or a body would break the bytes. A page is written for each tree of a table or
#: an index that gets an entry, and two more where one splits: so an index more, or a
#: column that touches one, breaks the pages.
BOUNDS = {
    "collect": Written(1_590, 13),
    "amend": Written(620, 10),
    "screen": Written(910, 11),
}


@pytest.fixture
def path(file_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, whose log of pages is counted."""
    monkeypatch.setattr(engines, "journal_mode", lambda: ("WAL", "FULL"))
    return Path(file_url.removeprefix("sqlite:///"))


def test_an_act_adds_few_bytes_and_writes_few_pages(
    path: Path, file_desk: Desk
) -> None:
    items = [file_desk.collect() for _ in range(8)]
    for item in items:
        file_desk.link_appeals(item.number, 3)
    waiting, titles = iter(items), count()
    acts: dict[str, Callable[[], object]] = {
        "collect": file_desk.collect,
        "amend": lambda: file_desk.flow.items.amend(
            items[0].number, {"title": f"甲{next(titles)}"}, by=file_desk.operator
        ),
        "screen": lambda: file_desk.screen(next(waiting).number),
    }
    most = {}
    for name, act in acts.items():
        each = [written(path, act) for _ in range(8)]
        most[name] = Written(*map(max, zip(*each, strict=True)))
    assert {
        name: figures
        for name, figures in most.items()
        if figures.row_bytes > BOUNDS[name].row_bytes
        or figures.pages > BOUNDS[name].pages
    } == {}
    # A bound that is far above what is written would guard nothing.
    assert all(
        figures.row_bytes > 0.9 * BOUNDS[name].row_bytes
        and figures.pages > 0.8 * BOUNDS[name].pages
        for name, figures in most.items()
    )


def written(path: Path, act: Callable[[], object]) -> Written:
    """Return what an act writes."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        # The log is empty afterwards, so that it has only the pages of the act.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        before = bytes_of_rows(connection)
        act()
        log = path.with_name(f"{path.name}-wal").stat().st_size
        return Written(bytes_of_rows(connection) - before, log // (size + 24))


def bytes_of_rows(connection: sqlite3.Connection) -> int:
    """Return the bytes of all values of all rows."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    total = 0
    for (table,) in connection.execute(tables).fetchall():
        rows = connection.execute(f"SELECT * FROM {table}")
        columns = [column for column, *_ in rows.description]
        lengths = "+".join(f'IFNULL(LENGTH(CAST("{c}" AS BLOB)), 0)' for c in columns)
        query = f"SELECT IFNULL(SUM({lengths}), 0) FROM {table}"
        total += connection.execute(query).fetchone()[0]
    return total
