"""The real service after a pause publishes what it would have published on time."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.flow import Flow
from huimin_flow.model.canonical import canonical
from huimin_flow.model.plain import to_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.rules import Figure
from huimin_flow.settings import rulebook_from_text, rulebook_text
from huimin_flow.terms import State
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import runs
from tests.ratings import some

SERVICE = Path(__file__).parent.parent.parent / "scheduler.py"
MONTHS = ("2023-10", "2023-11", "2023-12", "2024-01", "2024-02")
CUTOFF = at_hour(date(2023, 12, 15), 18)


def prepared(url: str, book: Rulebook) -> None:
    """Bring items and ratings in, all on 9 October and 14 December."""
    clock = RehearsalClock(datetime(2023, 10, 9, 2, tzinfo=UTC), seed=7)
    with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
        desk = Desk(flow, clock)
        desk.bring(State.ASSIGNED)
        for title, level in (("甲", 95), ("乙", 60)):
            number = desk.collect(title).number
            desk.hear(number)
            desk.screen(number)
            desk.judge(number)
            desk.star(number, level)
        clock.set(at_hour(date(2023, 12, 14), 9))
        begun = datetime(2023, 10, 1, 1, tzinfo=UTC)
        flow.add_ratings(some(900, begun=begun), by=desk.office)


def edited(url: str, book: Rulebook) -> None:
    """Let another item be starred and another rulebook rule after the cutoff."""
    clock = RehearsalClock(at_hour(date(2023, 12, 15), 19), seed=8)
    with Flow.open(url, clock=clock) as flow:
        desk = Desk(flow, clock)
        desk.bring(State.STARRED, "迟到的事项")
        selection = replace(
            book.rules.selection, quota_per_unit=Figure(value=1, source="ours")
        )
        other = replace(book, rules=replace(book.rules, selection=selection))
        other = rulebook_from_text(rulebook_text(other))
        flow.activate(other, by=desk.office, second=desk.second)


def served(url: str, config: Path, first: str, last: str) -> list[dict[str, Any]]:
    """Run the service as a process over a span; return its lines."""
    words = ["--db", url, "--config", str(config), "--rehearse", first, last]
    done = subprocess.run(
        [sys.executable, str(SERVICE), *words],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def listed(url: str) -> bytes:
    with Flow.open(url) as flow:
        found = flow.edition("list/2024/city")
    return canonical(to_plain([found.places, found.left_out, found.period]))


def figures(url: str) -> bytes:
    """Return every published figure of the season, as canonical bytes."""
    with Flow.open(url) as flow:
        told = [flow.monthly_score(one).groups for one in MONTHS]
        colors = [flow.monthly_colors(one).groups for one in MONTHS]
        return canonical(
            to_plain([told, colors, flow.quarterly_ranking("2023Q4").groups])
        )


@pytest.fixture(scope="module")
def on_time(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, config: Path
) -> str:
    """A database that the service never left; nobody edited anything."""
    url = f"sqlite:///{tmp_path_factory.mktemp('on-time') / 'huimin.db'}"
    prepared(url, book)
    served(url, config, "2023-12-14", "2024-03-20")
    return url


@pytest.mark.parametrize("day", ["2023-12-16", "2023-12-31", "2024-01-20"])
def test_a_service_started_late_freezes_the_same_list_though_config_was_edited(
    day: str, url: str, on_time: str, book: Rulebook, config: Path
) -> None:
    prepared(url, book)
    edited(url, book)
    lines = served(url, config, day, day)
    (freeze,) = [one for one in lines if one.get("job") == "listing"]
    late = at_hour(date.fromisoformat(day), 0) - CUTOFF
    assert freeze["late_seconds"] == int(late.total_seconds())
    assert listed(url) == listed(on_time)
    with Flow.open(url) as flow:
        assert flow.read(verify).findings == ()


def test_after_a_pause_of_four_months_every_figure_is_the_one_of_its_time(
    url: str, on_time: str, book: Rulebook, config: Path
) -> None:
    prepared(url, book)
    edited(url, book)
    lines = served(url, config, "2024-03-20", "2024-03-20")
    ran = [(one["job"], one["period"]) for one in lines if one["event"] == "ran"]
    quarter = ran.index(("quarterly_ranking", "2023Q4"))
    assert all(ran.index(("monthly_score", one)) < quarter for one in MONTHS[:3])
    assert figures(url) == figures(on_time)
    assert listed(url) == listed(on_time)
    with Flow.open(url) as flow, Flow.open(on_time) as other:
        assert {(one.job, one.period, one.due) for one in runs(flow)} == {
            (one.job, one.period, one.due) for one in runs(other)
        }
        assert flow.read(verify).findings == ()
