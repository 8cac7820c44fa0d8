"""The cockpit: its figures are those of the rows, and it says what nobody knows."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median_low
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import State
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import NotFound
from huimin_flow.flow import Flow
from huimin_flow.model.core.values import Share
from huimin_flow.model.sensing.appeals import AppealMonth
from huimin_flow.reports.cockpit import bars, cockpit_page
from huimin_flow.reports.core.render import Frame, Page, draw
from huimin_flow.reports.headlines import percent
from huimin_flow.reports.listings import LISTINGS
from huimin_flow.reports.pages import page_of, services_page
from huimin_flow.testing import Desk, rehearsal
from huimin_flow.timetable.ledger import tick
from tests.ratings import rating
from tests.shell.terminal import Terminal

EVENING = datetime(2024, 2, 29, 10, tzinfo=UTC)

#: January 2024 in Shanghai, as stores write it.
JANUARY = ("2023-12-31T16", "2024-01-31T16")

BAD = ("dissatisfied", "very_dissatisfied")

MAIN_LINE = (
    "collected", "screened", "judged", "starred", "listed",
    "assigned", "executed", "evaluated", "adjusted",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo(played: Path) -> Iterator[Flow]:
    """The demo's database on its last evening."""
    url = f"sqlite:///{played / 'out' / 'demo.db'}"
    with Flow.open(url, clock=RehearsalClock(EVENING), read_only=True) as flow:
        yield flow


@pytest.fixture(scope="module")
def rows(played: Path) -> Iterator[sqlite3.Connection]:
    """Its rows, read without the engine."""
    path = played / "out" / "demo.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield connection


def page(flow: Flow) -> Page:
    with flow.snapshot() as now:
        return cockpit_page(now)


@pytest.fixture(scope="module")
def shown(demo: Flow) -> Page:
    """The demo's cockpit."""
    return page(demo)


def figures(shown: Page) -> dict[str, Any]:
    return {each.label: each for each in shown.values["figures"]}


def record(rows: sqlite3.Connection, key: str) -> Any:
    query = "SELECT body FROM huimin_record WHERE key = ?"
    return json.loads(rows.execute(query, (key,)).fetchone()[0])


def shanghai_day(moment: str) -> date:
    return (datetime.fromisoformat(moment) + timedelta(hours=8)).date()


# ---- the big figures ----


def test_a_months_appeals_and_ratings_are_those_of_the_rows(
    shown: Page, rows: sqlite3.Connection
) -> None:
    query = "SELECT count(*) FROM huimin_appeal WHERE at >= ? AND at < ?"
    (heard,) = rows.execute(query, JANUARY).fetchone()
    (before,) = rows.execute(query, ("2023-11-30T16", JANUARY[0])).fetchone()
    figure = figures(shown)["群众诉求"]
    assert figure.figure == str(heard)
    assert f"{100 * (heard - before) / before:+.1f}%" in figure.change
    query = (
        "SELECT level, count(*) FROM huimin_rating WHERE at >= ? AND at < ? GROUP BY 1"
    )
    levels = dict(rows.execute(query, JANUARY))
    whole, bad = sum(levels.values()), sum(levels[level] for level in BAD)
    figure = figures(shown)["好评率"]
    assert figure.figure == f"{100 * (whole - bad) / whole:.1f}%"
    assert f"{whole:,}件" in figure.note
    assert f"差评{bad}件" in figure.note


def test_red_units_are_those_of_the_published_colors(
    shown: Page, rows: sqlite3.Connection
) -> None:
    groups = record(rows, "colors/2024-01")["groups"].values()
    units = [unit for group in groups for unit in group]
    red = [unit for unit in units if unit["color"] == "red"]
    twice = sorted(unit["unit"] for unit in red if unit["before"] == "red")
    figure = figures(shown)["红色单位"]
    assert (figure.figure, figure.bad) == (str(len(red)), bool(red))
    assert f"连续两月红{len(twice)}个" in figure.note
    (concern,) = (
        each for each in shown.values["concerns"] if each.title == "连续两月红"
    )
    assert concern.count == len(twice)
    files = [line.files[0] for line in concern.lines]
    assert files == [f"month-2024-01.html#why-{unit}" for unit in twice[:3]]
    counts = {color: now for color, _, now, _ in shown.values["colors"]}
    assert sum(counts.values()) == len(units) == len(shown.values["tiles"])
    assert counts["red"] == len(red)


def test_the_lists_items_are_counted_by_their_rows(
    shown: Page, rows: sqlite3.Connection
) -> None:
    query = "SELECT state FROM huimin_item WHERE number = ?"
    done = {}
    for year in (2023, 2024):
        places = record(rows, f"list/{year}/city")["places"]
        states = [
            rows.execute(query, (place["item"],)).fetchone()[0] for place in places
        ]
        further = (*MAIN_LINE[6:], "closed")
        done[year] = f"{sum(state in further for state in states)}/{len(states)}"
    figure = figures(shown)["清单事项"]
    assert figure.figure == done[2024]
    assert f"2023年 {done[2023]}" in figure.note


def test_bad_ratings_are_followed_up_as_their_records_say(
    shown: Page, rows: sqlite3.Connection, demo: Flow
) -> None:
    query = (
        "SELECT \"transaction\" FROM huimin_rating WHERE level IN (?, ?) AND who <> ''"
    )
    query += " AND at >= ? AND at < ?"
    named = [key for (key,) in rows.execute(query, (*BAD, *JANUARY))]
    bodies = rows.execute("SELECT key, body FROM huimin_record WHERE kind = 'FollowUp'")
    known = {key.partition("/")[2]: json.loads(body) for key, body in bodies}
    counted = [key for key in named if known.get(key, {}).get("state") != "set_aside"]
    called = [key for key in counted if known.get(key, {}).get("called_back_on")]
    figure = figures(shown)["实名差评回访"]
    assert figure.figure == f"{100 * len(called) / len(counted):.1f}%"
    assert figure.bad is (len(called) < len(counted))
    answers = {"pending", "returned", "upheld"}
    overdue = [each for each in demo.ratings.bad(overdue=True) if each.state in answers]
    figure = figures(shown)["差评超期未答复"]
    assert figure.figure == str(len(overdue))
    assert f"{min(each.due for each in overdue if each.due)}" in figure.note
    (concern,) = (each for each in shown.values["concerns"] if "单位" in each.title)
    assert concern.count == len({each.rating.unit for each in overdue})


def test_late_indicators_are_named_the_latest_first(shown: Page, demo: Flow) -> None:
    sheet = demo.tasks.sheet("2024-02")
    late = sorted(line.days for line in sheet if line.pace in {"behind", "unknown"})
    figure = figures(shown)["进展滞后"]
    assert figure.figure == f"{len(late)}/{len(sheet)}"
    assert f"{-late[0]}天" in figure.note
    (concern,) = (each for each in shown.values["concerns"] if each.title == "任务滞后")
    assert (concern.count, concern.rest) == (len(late), len(late) - 3)
    assert [line.figure for line in concern.lines] == [
        f"滞后 {-days} 天" for days in late[:3]
    ]


# ---- where items are ----


def percentile(days: list[int], part: int) -> int:
    """Return the nearest rank: the least that ``part`` percent do not exceed."""
    return sorted(days)[-(-part * len(days) // 100) - 1]


def test_states_and_days_are_those_of_the_events(
    shown: Page, rows: sqlite3.Connection
) -> None:
    query = (
        "SELECT stream, target, at FROM huimin_event WHERE stream LIKE 'item/%'"
        " ORDER BY stream, n"
    )
    standing, left = defaultdict(list), defaultdict(list)
    today, since = date(2024, 2, 29), date(2024, 2, 29) - timedelta(days=365)
    for _, events in groupby(rows.execute(query), key=lambda row: row[0]):
        runs = [
            (target, shanghai_day(next(run)[2]))
            for target, run in groupby(events, key=lambda row: row[1])
        ]
        for (state, begun), (_, ended) in pairwise(runs):
            if ended >= since:
                left[state].append((ended - begun).days)
        standing[runs[-1][0]].append((today - runs[-1][1]).days)
    assert [line.state for line in shown.values["states"]] == list(MAIN_LINE)
    for line in shown.values["states"]:
        assert line.count == sum(line.areas) == len(standing[line.state])
        for spread, days in (
            (line.standing, standing[line.state]),
            (line.left, left[line.state]),
        ):
            expected = (
                (median_low(days), percentile(days, 90)) if days else (None, None)
            )
            assert (spread.cases, spread.median, spread.most) == (len(days), *expected)
    query = "SELECT state, count(*) FROM huimin_item GROUP BY state"
    counts = dict(rows.execute(query))
    assert {
        State(state).spoken: counts[state] for state in counts.keys() - {*MAIN_LINE}
    } == {word: count for word, count, _ in shown.values["ended"]}
    (concern,) = (
        each for each in shown.values["concerns"] if each.title == "卡住的事项"
    )
    stuck = sum(
        days > (percentile(left[state], 90) if left[state] else 0)
        for state in MAIN_LINE[:-1]
        for days in standing[state]
    )
    assert concern.count == stuck
    assert concern.files == ("items.html?stuck=yes",)


def test_what_is_frequent_is_counted_from_links_and_ratings(
    shown: Page, rows: sqlite3.Connection
) -> None:
    last = {}
    for channel, key, item in rows.execute(
        "SELECT channel, key, item FROM huimin_link ORDER BY batch, line"
    ):
        last[channel, key] = item
    counts: dict[str, int] = defaultdict(int)
    query = "SELECT channel, key FROM huimin_appeal WHERE at >= '2023-02-28T16'"
    for pair in rows.execute(query):
        counts[last.get(pair, "")] += 1
    for number, into in rows.execute(
        "SELECT number, merged_into FROM huimin_item WHERE merged_into IS NOT NULL"
    ):
        counts[into] += counts.pop(number, 0)
    counts.pop("")
    most = sorted(counts, key=lambda number: (-counts[number], number))[:12]
    assert [(each.files, each.count) for each in shown.values["frequent"]] == [
        ((f"item-{number}.html",), counts[number]) for number in most
    ]
    query = (
        "SELECT count(*) FROM huimin_rating WHERE at >= ? AND at < ?"
        " GROUP BY item ORDER BY 1 DESC LIMIT 6"
    )
    rated = [count for (count,) in rows.execute(query, JANUARY)]
    assert [each.count for each in shown.values["services"]] == rated
    whole = rows.execute(
        "SELECT count(*) FROM huimin_appeal WHERE at >= '2023-02-28T16'"
    ).fetchone()
    assert sum(each.count for each in shown.values["channels"]) == whole[0]
    assert all("?channel=" in each.files[0] for each in shown.values["channels"])
    assert sum(bar.count for bar in shown.values["bars"]) == whole[0]


def test_a_years_page_of_services_has_the_figures_that_lead_to_it(
    demo: Flow, shown: Page
) -> None:
    with demo.snapshot() as now:
        rated = services_page(now, "2024").values["rated"]
    january = {line.unit: line.cells[0][0].split("/") for line in rated}
    for each in shown.values["services"]:
        ratings, bad = january[each.text]
        assert (ratings, f"差评{bad}件") == (f"{each.count:,}", each.more)
    assert (
        "1月评价{}件,差评{}件".format(*january["合计"]) == figures(shown)["好评率"].note
    )


def test_the_map_shows_each_district_once_and_how_its_index_moved(
    shown: Page, rows: sqlite3.Connection
) -> None:
    tiles = shown.values["tiles"]
    places = [tile.place for tile in tiles if tile.place]
    assert len(places) == len(set(places)) == 41
    indices = {}
    for month in ("2023-12", "2024-01"):
        groups = record(rows, f"score/{month}")["groups"].values()
        indices[month] = {
            unit["unit"]: float(unit["index"])
            for group in groups
            for unit in group
            if unit["index"]  # else it lacks what its group needs
        }
    assert len(set(indices["2024-01"]) & set(indices["2023-12"])) > 30
    for tile in tiles:
        indexed = [tile.code in of_month for of_month in indices.values()]
        if not all(indexed):
            assert (tile.move, tile.arrow) == ("", "")
            continue
        moved = indices["2024-01"][tile.code] - indices["2023-12"][tile.code]
        assert float(tile.move) == pytest.approx(moved)
        assert tile.arrow == ("▲" if moved > 1e-9 else "▼" if moved < -1e-9 else "")
    text = draw(shown, Frame(rehearsal=True, files=None))
    assert text.count("<title>") == 1 + 41
    assert "示意图，不表示行政区域界线" in text


# ---- links ----


def names_of(text: str) -> set[str]:
    links = set(map(unescape, re.findall(r'href="([^"]*)"', text)))
    return {name for name in (re.split("[?#]", link)[0] for link in links) if name}


def test_every_figure_leads_to_its_rows(shown: Page) -> None:
    on_desk = draw(shown, Frame(rehearsal=True, files=None))
    served = {f"{name}.html" for name in LISTINGS} | {"proposals.html"}
    for name in names_of(on_desk) - served:
        page_of(name)
    with pytest.raises(NotFound):
        page_of("no-such-page.html")
    big = on_desk.partition('<ul class="figures">')[2].partition("</ul>")[0]
    counts = re.findall(r"<li[^>]*><a href", big)
    assert len(counts) == len(shown.values["figures"]) == 8
    assert "items.html?state=executed#executed" in on_desk
    alone = draw(shown, Frame(rehearsal=True))
    assert names_of(alone) == set()
    assert "36" in alone


# ---- what nobody knows ----


@pytest.fixture
def empty() -> Iterator[Desk]:
    with rehearsal() as desk:
        yield desk


def test_an_empty_database_says_what_is_missing_and_shows_no_zero(empty: Desk) -> None:
    shown = page(empty.flow)
    by_label = figures(shown)
    unknown = {"清单事项", "进展滞后", "差评按期答复", "实名差评回访", "红色单位"}
    unknown |= {"群众诉求", "好评率"}
    assert {label for label, each in by_label.items() if each.figure == "—"} == unknown
    assert by_label["差评超期未答复"].figure == "0", "that none is overdue is known"
    assert not any(each.bad for each in by_label.values())
    assert not any(each.change for each in by_label.values() if each.figure == "—")
    text = draw(shown, Frame(rehearsal=False))
    for sentence in (
        "还没有2023年的清单", "没有在执行的任务", "9月没有要办的差评",
        "还没有公布过五色图", "9月还没有收到诉求", "9月没有收到评价", "还没有收到诉求。",
        "没有滞后的任务", "近一年还没有诉求挂接到事项。", "2023年9月没有收到评价。",
    ):  # fmt: skip
        assert sentence in text
    assert "None" not in text
    assert "推演" not in text


def test_first_months_without_colors_show_what_there_is(empty: Desk) -> None:
    empty.bring(State.ASSIGNED)
    empty.bring(State.SCREENED)
    empty.flow.ratings.add([rating(k) for k in range(3)], by=empty.office)
    empty.flow.proposals.propose(
        "confirm", {"edition": "list/2099/city"}, by=empty.office
    )
    empty.clock.set(at_hour(date(2023, 10, 20), 9))
    shown = page(empty.flow)
    assert shown.values["tiles"] == ()
    assert figures(shown)["好评率"].figure == "100%"
    assert figures(shown)["好评率"].change == "8月没有数据"
    counts = {line.state: line.count for line in shown.values["states"]}
    assert (counts["assigned"], counts["screened"]) == (1, 1)
    (concern,) = (each for each in shown.values["concerns"] if "第二人" in each.title)
    assert (concern.count, concern.lines[0].figure) == (1, "已等11天")
    text = draw(shown, Frame(rehearsal=False))
    assert "还没有公布过五色图：月评价计分截止后公布第一个月的。" in text


def test_the_first_month_with_colors_has_nothing_to_compare_with(empty: Desk) -> None:
    empty.clock.set(at_hour(date(2023, 11, 20), 9))
    tick(empty.flow, empty.clock.now())
    shown = page(empty.flow)
    figure = figures(shown)["红色单位"]
    assert (figure.figure, figure.change) == ("0", "上月没有五色图")
    assert {tile.move for tile in shown.values["tiles"]} == {""}
    text = draw(shown, Frame(rehearsal=False, files=None))
    assert text.count(">缺<") == len(shown.values["tiles"])


# ---- drawing and figures ----


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_only_a_whole_is_a_hundred_percent(part: int, whole: int) -> None:
    part = min(part, whole)
    shown = percent(Share(part=part, whole=whole))
    assert (shown == "100%") is (part == whole)
    assert abs(float(shown[:-1]) - 100 * part / whole) <= 0.1


@given(st.lists(st.integers(0, 9999), max_size=12))
def test_the_highest_bar_has_the_full_height(counts: list[int]) -> None:
    months = [
        AppealMonth(
            month=f"2026-{k + 1:02}", channels={"media": count} if count else {}
        )
        for k, count in enumerate(counts)
    ]
    drawn = bars(months, "2026-03")
    assert [bar.count for bar in drawn] == counts
    assert max((bar.height for bar in drawn), default=0) == (120 if any(counts) else 0)
    assert all((bar.height > 0) is (bar.count > 0) for bar in drawn)
    assert [bar.partial for bar in drawn] == [k == 2 for k in range(len(counts))]


def test_the_command_shows_the_figures_and_writes_the_page(
    played: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(capsys, str(played / "out" / "demo.db"))
    words = "report", "cockpit", "--into", str(tmp_path)
    assert "差评超期未答复" in terminal(*words, "--now", "2024-02-29T18:00").out
    plain = terminal(*words, "--json").value
    assert len(plain["figures"]) == 8
    assert plain["day"] == "2024-02-28", "a rehearsal's pages are of its last record"
    assert plain["pages"] == [str(tmp_path / "index.html")]
    assert "驾驶舱" in (tmp_path / "index.html").read_text("utf-8")


def test_what_is_covered_and_what_falls_due_lead_to_their_rows(played: Path) -> None:
    with Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}") as flow:
        moment = flow.records.last_recorded()
    assert moment is not None
    clock = RehearsalClock(moment)
    url = f"sqlite:///{played / 'out' / 'demo.db'}"
    with Flow.open(url, clock=clock) as flow, flow.snapshot() as now:
        page = cockpit_page(now)
    assert page.values["due"]
    covered = {files[0] for *_, files in page.values["catalogue"]}
    assert {name.partition("-")[0] for name in covered} == {"service", "services"}
    assert all(line.files for line in page.values["due"])
