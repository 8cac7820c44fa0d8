"""A screen, a page or a file is made from one reading transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.shell.terminal import Terminal

#: Commands that show something of the played demo, or write a file of it.
SCREENS = (
    "item list",
    "item show 2022-000001",
    "item history 2022-000001",
    "item files 2022-000001",
    "appeal list",
    "list list",
    "meeting list",
    "assessment list",
    "audit refusals",
    "list show list/2024/city",
    "list preview 2025",
    "proposal list",
    "progress show 2023-11",
    "progress owing 2023-11",
    "progress template 2024-11 --unit 500101",
    "rating bad",
    "rating callback 2023-11",
    "rating show 2023-11",
    "rating coverage 2023-10 2023-11",
    "rating savings 2023",
    "rating items",
    "score month 2023-11",
    "score explain 500101 2023-11",
    "score rows 500101 2023-11",
    "score quarter 2023Q4",
    "score editions score/2023-11",
    "rules show",
    "timetable due",
    "timetable status",
    "timetable calls",
    "doctor",
    "report month 2023-11",
    "report quarter 2023Q4",
    "report progress 2023-11",
    "report services 2023",
    "report list list/2024/city",
    "report item 2022-000001",
)


@contextmanager
def begun() -> Iterator[list[object]]:
    """Give the transactions that begin on any database."""
    seen: list[object] = []

    def begins(connection: object) -> None:
        seen.append(connection)

    event.listen(Engine, "begin", begins)
    yield seen
    event.remove(Engine, "begin", begins)


@pytest.fixture
def demo(own: Path, played: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal on the played demo."""
    del own
    return Terminal(capsys, str(next((played / "out").glob("*.db"))))


@pytest.mark.parametrize("line", SCREENS)
def test_a_screen_takes_no_more_transactions_than_opening_and_one_moment(
    line: str, demo: Terminal
) -> None:
    with begun() as least:
        assert demo("timetable", "list").code == 0
    with begun() as seen:
        answer = demo(*line.split())
    assert answer.code in {0, 1}, answer.err
    assert "Traceback" not in answer.err
    assert len(seen) == len(least), line
