"""What commands say of ratings follows from the raw rows, by another hand (D3, E4)."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.clock import SystemClock, local_day
from huimin_flow.shell.main import invoke
from tests.acceptance.recompute_services import Services

MONTHS = ("2022-10", "2023-06", "2023-11", "2024-02")


BETTER = """UPDATE huimin_rating SET level = 'satisfied' WHERE "transaction" = (
  SELECT min("transaction") FROM huimin_rating
  WHERE level LIKE '%dissatisfied' AND who != '' AND at LIKE '2023-11-%'
  AND 'followup/' || "transaction" NOT IN (SELECT stream FROM huimin_event))"""
MOVED = """UPDATE huimin_rating SET person = 'P-1', window = '' WHERE "transaction" = (
  SELECT min("transaction") FROM huimin_rating
  WHERE window != '' AND at LIKE '2023-11-1%')"""


class Said:
    """What a command says, beside what the rows of a file give."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.capsys = capsys
        self.again = Services(str(path), local_day(SystemClock().now()))

    def __call__(self, *words: str) -> Any:
        assert invoke(["rating", *words, "--db", str(self.path), "--json"]) == 0
        return json.loads(self.capsys.readouterr().out)

    def differs(self) -> list[str]:
        """Return which figures the rows do not give."""
        checks = {
            "callback": all(
                self("callback", one)
                == {**self.again.callback(one), "units": self.again.by_unit(one)}
                for one in MONTHS
            ),
            "bad": [
                (o["rating"]["transaction"], o["state"], o["due"], o["overdue"])
                for o in self("bad", "--limit", "999")["rows"]
            ]
            == self.again.owing(),
            "coverage": {
                (one["item"], one["channel"], one["object"]): {
                    "ratings": one["ratings"],
                    "expected": one["expected"],
                }
                for one in self("coverage", "2023-06", "2023-11")
            }
            == self.again.coverage("2023-06", "2023-11"),
            "savings": all(
                {one.pop("unit"): one for one in self("savings", str(year))}
                == self.again.savings(year)
                for year in (2022, 2023, 2024)
            ),
        }
        return [name for name, fits in checks.items() if not fits]


def test_another_hand_gets_what_is_said_of_ratings_from_the_rows(
    played: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = Said(played / "out" / "demo.db", capsys)
    assert said.differs() == []
    assert len(said.again.owing()) > 50
    shares = [said.again.callback(one) for one in MONTHS]
    assert sum(one["part"] for one in shares) > 10
    assert sum(one["answered_on_time"]["part"] for one in shares) > 10
    cells = said.again.coverage("2023-06", "2023-11").values()
    assert any(one["expected"] and not one["ratings"] for one in cells)
    assert any(one["steps"] for one in said.again.savings(2023).values())


@pytest.mark.parametrize(
    ("statement", "names"), [(BETTER, ["callback", "bad"]), (MOVED, ["coverage"])]
)
def test_an_edited_rating_shows_where_it_counts(
    statement: str,
    names: list[str],
    played: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The rows of an edited copy no longer give what the true file's commands say."""
    path = Path(shutil.copy(played / "out" / "demo.db", tmp_path / "copy.db"))
    with sqlite3.connect(path) as connection:
        assert connection.execute(statement).rowcount == 1
    connection.close()
    said = Said(played / "out" / "demo.db", capsys)
    said.again = Services(str(path), local_day(SystemClock().now()))
    assert said.differs() == names
