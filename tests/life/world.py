"""The place where random lives are led: a database to copy, its people, its rows."""

from __future__ import annotations

import atexit
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from huimin_flow.catalogue.terms import Question, State
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import load_rulebook
from huimin_flow.testing import UNIT, Desk
from tests import databases, workflow
from tests.conftest import CONFIG
from tests.flow.core.test_two_desks import with_accounts

OTHER_UNIT = "500102"
BEGUN = datetime(2023, 10, 9, 2, tzinfo=UTC)

#: When each year's list is due: 15 December, 18:00 in Shanghai; in 2024 that is a
#: Sunday, so it is the Friday before.
DEADLINES = {
    "2024": datetime(2023, 12, 15, 10, tzinfo=UTC),
    "2025": datetime(2024, 12, 13, 10, tzinfo=UTC),
    "2026": datetime(2025, 12, 15, 10, tzinfo=UTC),
}

#: Lists that are frozen, and empty, from the start.
LISTS = ("list/2098/city", "list/2099/city")

#: A unit that ends early in each life, at that moment, and who answers from then on.
ENDING, HEIR = "500103", "500102"
ENDED = datetime(2023, 12, 3, 16, tzinfo=UTC)

#: Jobs that move items, or that run often; the scores have their own tests.
_JOBS = ("succession", "listing", "listing_reminder", "progress_call")


@cache
def book() -> Rulebook:
    """The bureau's rulebook: two posts of one account, few jobs, a unit that ends."""
    proposed = load_rulebook(CONFIG)
    slots = tuple(one for one in proposed.timetable if one.job in _JOBS)
    held = {"office_1": "zhang", "office_2": "li", "coordination_1": "zhang"}
    organization = proposed.organization
    units = tuple(
        replace(unit, valid_to=date(2023, 12, 4), successors=(HEIR,))
        if unit.code == ENDING
        else unit
        for unit in organization.units
    )
    ending = replace(organization, units=units)
    changed = replace(proposed, timetable=slots, organization=ending)
    return with_accounts(changed, **held)


@cache
def template() -> Path:
    """A database with two items in every state, made once; each life copies it."""
    folder = Path(tempfile.mkdtemp(prefix="huimin-life-", dir=databases.memory()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    clock = RehearsalClock(BEGUN)
    url = f"sqlite:///{folder / 'life.db'}"
    with Flow.found(url, book(), rehearsal=True, clock=clock) as flow:
        desk = Desk(flow, clock)
        for year in (2098, 2099):
            desk.frozen(year)
        for unit in (UNIT, OTHER_UNIT):
            for state in workflow.STATES:
                assert _bring(desk, state, unit).state == state
    return folder / "life.db"


def _bring(desk: Desk, state: str, unit: str) -> Item:
    item = desk.collect(unit=unit)
    number, flow = item.number, desk.flow
    if state == "rejected":
        return flow.items.reject(number, "duplicate", by=desk.office)
    if state == "merged" and unit == UNIT:
        return desk.merge(number)
    steps: list[Callable[[str], Item]] = [lambda one: desk.screen(one, 100)]
    if state == "merged":
        return (steps[0](number), desk.merge(number))[1]
    if state == "deferred" and unit == UNIT:
        return (steps[0](number), desk.judge(number, no=Question.CAPABLE))[1]
    steps += [desk.judge, desk.star]
    if state == "deferred":
        for step in steps:
            step(number)
        return flow.items.defer(number, "not_this_period", by=desk.office)
    fails = state == "evaluated" and unit == UNIT
    steps += [desk.enlist, desk.assign, desk.execute]
    steps += [lambda one: _evaluated(desk, one, 50 if fails else 92)]
    steps += [desk.adjust, desk.close]
    for step in steps:
        if item.state == state:
            break
        item = step(number)
    return item


def _evaluated(desk: Desk, number: str, satisfaction: int) -> Item:
    desk.report(number)
    return desk.conclude(number, satisfaction)


def copied() -> Path:
    """A new folder with a copy of the template, in memory where there is such."""
    folder = Path(tempfile.mkdtemp(prefix="huimin-life-", dir=databases.memory()))
    shutil.copy(template(), folder / "life.db")
    return folder


@dataclass
class Known:
    """What the plain model knows of an item."""

    state: str
    version: int
    unit: str
    area: str = "employment"
    origin: str = "problem"
    before: str | None = None
    judged: bool = False
    screened: bool = False
    planned: bool = False
    failed: bool = False
    adjusted: bool = False
    stars: int = 0
    told: bool = False
    advised: bool = False
    #: The satisfaction that the survey of this round found.
    asked: int | None = None
    successor: str | None = None
    continues: str | None = None
    doubt: set[str] = field(default_factory=set)
    #: The units that have an item of their own for the same demand.
    responded: set[str] = field(default_factory=set)
    #: Since when it stands where it stood, oldest first.
    past: list[tuple[datetime, str]] = field(default_factory=list)

    def since(self) -> datetime:
        """Since when it stands where it stands."""
        begun = self.past[-1][0]
        for moment, state in reversed(self.past):
            if state != self.state:
                break
            begun = moment
        return begun

    def stood(self, moment: datetime, *, but: int = 0) -> str:
        """Where it stood at a moment, left out the last few of its moves."""
        past = self.past[: len(self.past) - but]
        states = [state for since, state in past if since <= moment]
        return states[-1] if states else workflow.BIRTH


def known_at_first(item: Item) -> Known:
    """What the model knows of an item of the template."""
    reached = workflow.MAIN_LINE.index
    later = item.state in workflow.MAIN_LINE and reached(item.state)
    closed = item.state is State.CLOSED
    return Known(
        state=item.state.value,
        version=item.version,
        unit=item.unit,
        before=None if item.before is None else item.before.value,
        screened=item.screening_score is not None,
        judged=item.placement is not None,
        planned=later >= reached("assigned") or closed,
        told=later >= reached("executed") or closed,
        asked=int(Decimal(item.satisfaction)) if item.satisfaction else None,
        failed=item.evaluation_passed is False,
        adjusted=later >= reached("adjusted") or closed,
        stars=item.stars or 0,
        past=[(BEGUN, item.state.value)],
    )


Row = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """All that lies in a database at one moment, by table."""

    columns: dict[str, list[str]]
    tables: dict[str, list[tuple[Any, ...]]]

    def rows(self, table: str, first: int = 0) -> list[Row]:
        """The rows of a table from one on, in the order of their making."""
        name = f"huimin_{table}"
        columns = self.columns[name]
        return [
            dict(zip(columns, one, strict=True)) for one in self.tables[name][first:]
        ]

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return len(self.tables[f"huimin_{table}"])

    def differs(self, other: Picture) -> set[str]:
        """The tables in which two pictures are different."""
        return {
            name.removeprefix("huimin_")
            for name, rows in self.tables.items()
            if rows != other.tables[name]
        }

    def counters(self) -> dict[str, Row]:
        """All counters but that of the refusals' own chain."""
        return {
            row["name"]: row for row in self.rows("counter") if row["name"] != "refusal"
        }

    def items(self) -> dict[str, Row]:
        """The items' rows by number."""
        return {row["number"]: row for row in self.rows("item")}

    def edition(self, key: str) -> Row | None:
        """A list as its row tells it."""
        for row in self.rows("record"):
            if row["key"] == key:
                body: Row = json.loads(row["body"])
                return body
        return None


class Eye:
    """Looks at a database past the engine, through a connection of its own."""

    def __init__(self, path: Path) -> None:
        uri = f"file:{path}?mode=ro"
        self._connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        named = "SELECT name FROM sqlite_master WHERE name LIKE 'huimin%' AND type = 'table'"
        self._tables = [row[0] for row in self._connection.execute(named)]
        self._columns = {
            name: [
                row[1] for row in self._connection.execute(f"PRAGMA table_info({name})")
            ]
            for name in self._tables
        }
        self._version: int | None = None  # SQLite's, which counts others' commits
        self._last: Picture

    def look(self) -> Picture:
        """Take a picture of every table; the last one if nobody has committed since."""
        ask = self._connection.execute
        (version,) = ask("PRAGMA data_version").fetchone()
        if version == self._version:
            return self._last
        self._version = version
        found = {one: ask(f"SELECT * FROM {one}").fetchall() for one in self._tables}
        self._last = Picture(columns=self._columns, tables=found)
        return self._last

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def entitled(person: str, step: str, unit: str, area: str) -> bool:
    """Whether the table of roles lets a post take a step, reckoned without the code."""
    organization = book().organization
    post = next(one for one in organization.people if one.id == person)
    led = {
        name.value: one.lead_unit for name, one in organization.areas.items()
    }  # fmt: skip
    in_charge = area in {one.value for one in post.areas}
    reach = {
        "all": True,
        "own": post.unit == unit,
        "area": in_charge or led[area] == post.unit,
    }
    step = "reject" if step == "reopen" else step  # who may reject may take it back
    return any(
        reach[row.scope.value]
        for role in post.roles
        for row in organization.roles[role]
        if step in row.steps
    )


def has_duty(person: str, duty: str) -> bool:
    """Whether a post has a duty for the whole city."""
    organization = book().organization
    post = next(one for one in organization.people if one.id == person)
    return any(
        duty in row.duties and row.scope.value == "all"
        for role in post.roles
        for row in organization.roles[role]
    )
