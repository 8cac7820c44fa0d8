"""The real service after a pause publishes what it would have published on time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import at_hour
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import runs
from tests import kept
from tests.kept import Kept
from tests.programs import ran
from tests.ratings import some

MONTHS = ("2023-10", "2023-11", "2023-12", "2024-01", "2024-02")
CUTOFF = at_hour(date(2023, 12, 15), 18)


def prepared(desk: Desk) -> None:
    """Bring items and ratings in, all on 9 October and 14 December."""
    desk.bring(State.ASSIGNED)
    for title, level in (("甲", 95), ("乙", 60)):
        number = desk.collect(title).number
        desk.link_appeals(number)
        desk.screen(number)
        desk.judge(number)
        desk.star(number, level)
    desk.clock.set(at_hour(date(2023, 12, 14), 9))
    begun = datetime(2023, 10, 1, 1, tzinfo=UTC)
    desk.flow.ratings.add(some(900, begun=begun), by=desk.office)


def edited(desk: Desk) -> None:
    """Let another item be starred and another rulebook rule after the cutoff, too."""
    prepared(desk)
    book = desk.flow.rulebook.active()
    desk.clock.set(at_hour(date(2023, 12, 15), 19))
    desk.bring(State.STARRED, "迟到的事项")
    selection = replace(
        book.rules.selection, quota_per_unit=Figure(value=1, source="ours")
    )
    other = replace(book, rules=replace(book.rules, selection=selection))
    other = rulebook_from_text(rulebook_text(other))
    desk.flow.rulebook.activate(other, by=desk.office, second=desk.second)


edited_in_sqlite, edited_in_postgresql = kept.fixtures(edited, "module")


@pytest.fixture(params=["sqlite", "postgresql"])
def late(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database on which no service ran, and that somebody edited."""
    world: Kept = request.getfixturevalue(f"edited_in_{request.param}")
    with world.url(tmp_path) as url:
        yield url


def spanned(url: str, config: Path, first: str, last: str) -> list[str]:
    return ["--db", url, "--config", str(config), "--rehearse", first, last]


def served(url: str, config: Path, first: str, last: str) -> list[dict[str, Any]]:
    """Run the service as a process over a span; return its lines."""
    words = spanned(url, config, first, last)
    done = ran(["scheduler", *words])
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return said(done.stdout)


def said(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def frozen_late(day: str, lines: list[dict[str, Any]]) -> None:
    """Hold against its cutoff how late the one list was frozen."""
    (freeze,) = [one for one in lines if one.get("job") == "listing"]
    span = at_hour(date.fromisoformat(day), 0) - CUTOFF
    assert freeze["late_seconds"] == int(span.total_seconds())


def listed(url: str) -> bytes:
    with Flow.open(url) as flow:
        found = flow.lists.get("list/2024/500101")
    return canonical(to_plain([found.places, found.left_out, found.period]))


def figures(url: str) -> bytes:
    """Return every published figure of the season, as canonical bytes."""
    with Flow.open(url) as flow:
        told = [flow.scores.month(one).groups for one in MONTHS]
        colors = [flow.scores.colors(one).groups for one in MONTHS]
        return canonical(to_plain([told, colors, flow.scores.ranking("2023Q4").groups]))


@pytest.fixture(scope="module")
def on_time(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, config: Path
) -> str:
    """A database that the service never left; nobody edited anything."""
    world = kept.in_file(tmp_path_factory.mktemp("on-time"), book, prepared)
    url = f"sqlite:///{world.place}"
    served(url, config, "2023-12-14", "2024-03-20")
    return url


@pytest.mark.parametrize("day", ["2023-12-16", "2023-12-31", "2024-01-20"])
def test_a_service_started_late_freezes_the_same_list_though_config_was_edited(
    day: str,
    late: str,
    on_time: str,
    config: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The service runs in this process here, and in its own below."""
    assert invoke(["scheduler", *spanned(late, config, day, day)]) == 0
    frozen_late(day, said(capsys.readouterr().out))
    assert listed(late) == listed(on_time)
    with Flow.open(late) as flow:
        assert door_of(flow).read(verify).findings == ()


def test_after_a_pause_of_four_months_every_figure_is_the_one_of_its_time(
    late: str, on_time: str, config: Path
) -> None:
    lines = served(late, config, "2024-03-20", "2024-03-20")
    frozen_late("2024-03-20", lines)
    ran = [(one["job"], one["period"]) for one in lines if one["event"] == "ran"]
    quarter = ran.index(("quarterly_ranking", "2023Q4"))
    assert all(ran.index(("monthly_score", one)) < quarter for one in MONTHS[:3])
    assert figures(late) == figures(on_time)
    assert listed(late) == listed(on_time)
    with Flow.open(late) as flow, Flow.open(on_time) as other:
        assert {(one.job, one.period, one.due) for one in runs(flow)} == {
            (one.job, one.period, one.due) for one in runs(other)
        }
        assert door_of(flow).read(verify).findings == ()
