"""A quarter of data, told once on each make of database, copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from huimin_flow.testing import Desk
from tests import kept
from tests.flow.scoring.test_scores import quarter
from tests.kept import Kept

quarter_of_sqlite, quarter_of_postgresql = kept.fixtures(quarter, "session")


@pytest.fixture(params=["sqlite", "postgresql"])
def scored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A quarter that was scored, colored and ranked by the calendar."""
    world: Kept = request.getfixturevalue(f"quarter_of_{request.param}")
    with world.desk(tmp_path) as desk:
        yield desk
