"""Indicators, colors by shares, hysteresis: changed as data, by commands (D5, D6)."""

from __future__ import annotations

import csv
import json
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from huimin_flow.shell.main import invoke
from tests.acceptance.recompute import check

LEVELS = (
    "very_satisfied",
    "satisfied",
    "fairly_satisfied",
    "dissatisfied",
    "very_dissatisfied",
)

Changed = Callable[[dict[str, Any]], None]


def fifth(scoring: dict[str, Any]) -> None:
    """Answers on time as a fifth indicator, tasks on time as a sixth."""
    told = scoring["index"]["indicators"]
    told[0]["weight"]["value"] = 25
    for key, measure, weight in (
        ("answers", "follow_ups_on_time", 10),
        ("tasks_on_time", None, 5),
    ):
        one = deepcopy(told[0]) | {"key": key, "name": key, "source": "ours"}
        one["weight"] = {"value": weight, "source": "ours"}
        told.append(one if measure is None else {**one, "measure": measure})


def fewer(scoring: dict[str, Any]) -> None:
    """No more than what this year brings: nobody reports, and nobody complains."""
    needed = scoring["index"]["needed"]
    for group, rule in needed.items():
        counted = ["caseload"] if group in {"district", "zone"} else []
        rule["indicators"] = [*counted, "satisfaction"]


def shares(scoring: dict[str, Any]) -> None:
    scoring["colors"]["by"] = "shares"
    scoring["colors"]["hysteresis"]["value"] = 0


def clinging(scoring: dict[str, Any]) -> None:
    scoring["colors"]["by"] = "bands"
    scoring["colors"]["hysteresis"]["value"] = 4


class Office:
    """The office at the shell, on a copy of the finished demo."""

    def __init__(self, played: Path, config: Path, place: Path) -> None:
        self.config = Path(shutil.copytree(config, place / "config"))
        self.file = Path(shutil.copy(played / "out" / "demo.db", place / "demo.db"))
        files = played / "out" / "demo.db.files"
        shutil.copytree(files, place / "demo.db.files")
        with sqlite3.connect(self.file) as connection:
            self.pairs = connection.execute(
                "SELECT DISTINCT unit, item FROM huimin_rating ORDER BY unit, item"
            ).fetchall()
        connection.close()

    def does(self, *words: str, now: str) -> None:
        at = ("--db", f"sqlite:///{self.file}", "--now", f"{now}T09:00")
        assert invoke([*words, *at]) == 0

    def changes(self, *changes: Changed, on: str) -> None:
        path = self.config / "scoring.yaml"
        yaml = YAML(typ="safe")
        scoring = yaml.load(path.read_text(encoding="utf-8"))
        for change in changes:
            change(scoring)
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(scoring, file)
        told = (
            "--config",
            str(self.config),
            "--by",
            "office-1",
            "--second",
            "office-2",
        )
        self.does("rules", "activate", *told, now=on)

    def rates(self, month: str, seed: int, place: Path) -> None:
        """Bring a month's ratings in: from 30 to 120 of each unit."""
        chance = random.Random(seed)
        path = place / f"{month}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file)
            sheet.writerow(("transaction", "unit", "item", "channel", "level", "at"))
            for unit in sorted({unit for unit, _ in self.pairs}):
                items = [item for of, item in self.pairs if of == unit]
                good = chance.randint(30, 50)
                for n in range(chance.randint(30, 120)):
                    (level,) = chance.choices(LEVELS, [good, 30, 18, 3, 1])
                    day = f"{month}-{chance.randint(1, 26):02d}T10:00:00+08:00"
                    known = f"{month}-{unit}-{n}"
                    item = chance.choice(items)
                    sheet.writerow((known, unit, item, "app", level, day))
        self.does("rating", "import", str(path), "--by", "office-1", now=f"{month}-28")


@pytest.fixture
def office(played: Path, config: Path, tmp_path: Path) -> Office:
    return Office(played, config, tmp_path)


def test_a_year_by_other_rules_is_what_another_hand_gets(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each rule holds from the month that follows; what was published stays."""
    office.does("timetable", "run", now="2024-03-09")
    office.changes(fifth, fewer, shares, on="2024-03-20")
    office.rates("2024-03", 3, tmp_path)
    office.does("timetable", "run", now="2024-04-09")
    office.changes(clinging, on="2024-04-20")
    office.rates("2024-04", 4, tmp_path)
    office.does("timetable", "run", now="2024-05-13")
    office.rates("2024-05", 5, tmp_path)
    office.does("timetable", "run", now="2024-06-12")
    assert check(str(office.file)) == []
    capsys.readouterr()
    charts = {}
    for month in ("2024-02", "2024-03", "2024-04", "2024-05"):
        assert (
            invoke(["score", "month", month, "--db", str(office.file), "--json"]) == 0
        )
        charts[month] = json.loads(capsys.readouterr().out)
    told = [one["parts"] for one in charts["2024-03"]["scores"]["groups"]["district"]]
    assert sum("answers" in one for one in told) > 20
    assert not any(
        "answers" in one["parts"]
        for one in charts["2024-02"]["scores"]["groups"]["district"]
    )
    parts = Counter(
        one["color"] for one in charts["2024-03"]["colors"]["groups"]["district"]
    )
    assert set(parts) - {None} == {"green", "blue", "yellow", "orange", "red"}
    said = Counter(
        reason["code"]
        for month in charts
        for one in charts[month]["colors"]["groups"]["district"]
        for reason in one["reasons"]
    )
    assert min(said["color_kept"], said["bands_changed"], said["part_came"]) > 0
    assert invoke(["audit", "verify", "--db", str(office.file)]) == 0
