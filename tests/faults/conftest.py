"""What the tests of killed demos share: the history that a demo ends with."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from huimin_flow.model.core.canonical import merkle_root


@pytest.fixture(scope="session")
def played_head(played: Path) -> str:
    """The root of the history of the demo that nobody killed.

    That it audits clean is shown where an auditor's commands are tried.
    """
    return root_of(played / "out" / "demo.db")


def root_of(database: Path) -> str:
    """Return the root of a history that nobody audits."""
    with sqlite3.connect(database) as connection:
        leaves = connection.execute("SELECT leaf FROM huimin_event ORDER BY position")
        root = merkle_root([leaf for (leaf,) in leaves])
    connection.close()
    return root.hex()
