"""Every appeal is answered: receipts, deadlines, batches, files, rates, by the doors.

The last test takes real replies from the folder that HUIMIN_DATA names.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import shlex
import stat
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import openpyxl
import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import SHANGHAI, RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import (
    Calendar,
    CalendarYear,
    Rulebook,
    rulebook_from_text,
    rulebook_text,
)
from huimin_flow.model.sensing.answers import GivenAnswer
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk, rehearsal
from tests.sampled import NIGHTLY

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "answer-appeals.zh-CN.md"

#: What citizens said and officers wrote, which nobody may find in the clear.
SAID, WRITTEN = "候工区漏雨,李四十三", "李四十三同志,已加装雨棚"


@pytest.fixture
def run(
    desk: Desk,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    """Run commands on the database of a desk, at the moment of its clock."""
    del desk
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HUIMIN_DATABASE", url)

    def command(*words: str, now: str = "2023-10-09T10:00") -> str:
        monkeypatch.setenv("HUIMIN_NOW", now)
        code = invoke(list(words))
        told = capsys.readouterr()
        assert code == 0, told.err
        return told.out

    return command


@pytest.mark.usefixtures("desk")
def test_an_appeal_is_answered_and_the_channel_hears_it(
    run: Any, url: str, tmp_path: Path
) -> None:
    by = ("--by", "op-500101")
    added = run(
        "appeal", "add", "--channel", "hotline_12333", "--key", "G-1", "--who", "p1",
        "--district", "500101", "--text", SAID, "--json", *by,
    )  # fmt: skip
    number = json.loads(added)["receipt"]
    assert "2023-10-16" in run("answer", "list", "--unit", "万州区")
    assert "已收到" in run("appeal", "receipt", number.lower())
    run("answer", "extend", "G-1", "--reason", "须现场核实", *by)
    run("answer", "give", "G-1", "--text", WRITTEN, "--kind", "办理结果", *by)
    assert "没有待答复的诉求" in run("answer", "list")
    shown = run("appeal", "receipt", number)
    assert "已答复" in shown
    assert "李四" not in shown
    assert "李四" not in run("answer", "show", "G-1")
    said = run(
        "answer", "give-back", "hotline_12333", "--out", "back.csv", "--by", "office-1"
    )
    assert "1件" in said
    file = tmp_path / "back.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open(encoding="utf-8-sig", newline="") as text:
        (row,) = csv.DictReader(text)
    assert (row["诉求编号"], row["回执编号"], row["答复内容"]) == (
        "G-1",
        number,
        WRITTEN,
    )
    rates = run("answer", "rates", "--first", "2023-10", "--last", "2023-10")
    assert "100.00%(1/1)" in rates.replace("（", "(").replace("）", ")")
    run("audit", "verify")
    if url.startswith("sqlite"):
        database = Path(url.removeprefix("sqlite:///")).read_bytes()
        assert not any(text.encode() in database for text in (SAID, WRITTEN))


def test_everyone_on_a_listed_item_is_answered_by_one_command(
    desk: Desk, run: Any
) -> None:
    item = desk.item(State.LISTED)
    now = desk.clock.now().astimezone(SHANGHAI)
    later = f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    waits = run("answer", "proposals", now=later)
    assert item.number in waits
    assert "25件" in run("answer", "preview", item.number, now=later)
    done = run(
        "answer", "batch", item.number, "--count", "25", "--by", "op-500101", now=later
    )
    assert "已答复25件" in done
    assert "没有待告知的事项" in run("answer", "proposals", now=later)
    kept = door_of(desk.flow).ask(lambda work: verify(work.connection))
    assert kept.clean


def test_the_how_to_runs_as_it_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    book: Rulebook,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    clock = RehearsalClock(datetime(2026, 11, 2, 9, tzinfo=SHANGHAI))
    Flow.found("sqlite:///answers.db", book, rehearsal=True, clock=clock).close()
    page = HOW_TO.read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    for line in "".join(blocks).splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["export"]:
            name, _, text = words[1].partition("=")
            monkeypatch.setenv(name, text)
        elif words:
            assert invoke(words[1:]) == 0, (line, capsys.readouterr().err)
    rows = workbook_rows(tmp_path / "答复.xlsx")
    assert [row[0] for row in rows[1:]] == ["H-1", "H-2", "H-2", "H-1", "H-2"]
    assert "经研究不予采纳" in str(rows[-1])


def workbook_rows(path: Path) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


#: Real messages with replies, beside the project and never within it.
DATA = Path(os.environ.get("HUIMIN_DATA", "nowhere")) / "messages-answered.jsonl.gz"


@pytest.mark.skipif(not DATA.exists(), reason="HUIMIN_DATA names no folder with them")
def test_response_times_of_real_replies_are_those_of_other_code(book: Rulebook) -> None:
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows.sort(key=lambda row: row["replied_at"])
    rows = rows if NIGHTLY else rows[::8]
    channel = next(c for c in book.channels.intake if c.key == "online_politics")
    begin = moment(min(row["at"] for row in rows))
    old = worked(book)
    with rehearsal(at=begin, book=old) as desk:
        days: dict[date, list[Any]] = defaultdict(list)
        for row in rows:
            days[moment(row["replied_at"]).date()].append(row)
        for of_day in days.values():
            desk.clock.set(moment(of_day[-1]["replied_at"]))
            said = [
                Appeal(
                    key=row["id"], channel=channel.key, who=row["who"],
                    district="A市", at=moment(row["at"]), text=row["text"] or "无",
                    title=row["title"][:500],
                )
                for row in of_day
            ]  # fmt: skip
            assert desk.flow.appeals.add_all(said, by=desk.office).kept == len(said)
            given = [
                GivenAnswer(channel=channel.key, key=row["id"], text=row["reply"])
                for row in of_day
            ]
            desk.flow.answers.give_all(given, by=desk.office)
        (rate,) = desk.flow.answers.rates(first="2011-08", last="2020-01")
    spans = sorted(
        len(workdays(moment(row["at"]).date(), moment(row["replied_at"]).date()))
        for row in rows
    )
    # In time is who answers before more working days have passed than are allowed.
    in_time = sum(
        len(workdays(moment(row["at"]).date(), eve(row["replied_at"])))
        < channel.days.value
        for row in rows
    )
    assert (rate.received, rate.answered, rate.open) == (len(rows), len(rows), 0)
    assert rate.measured == len(spans)
    assert (rate.in_time_share.part, rate.in_time_share.whole) == (in_time, len(rows))
    counts = Counter(spans)
    for percent, told in ((50, rate.median), (90, rate.ninetieth)):
        assert told == next(
            span
            for span in sorted(counts)
            if sum(n for s, n in counts.items() if s <= span) * 100
            >= percent * len(spans)
        )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def eve(text: str) -> date:
    return moment(text).date() - timedelta(days=1)


def workdays(first: date, last: date) -> list[date]:
    """Return the working days after one day up to another, by a package of others."""
    span = (last - first).days
    every = (first + timedelta(days=n) for n in range(1, span + 1))
    return [day for day in every if chinese_calendar.is_workday(day)]


def worked(book: Rulebook) -> Rulebook:
    """Return the rulebook with the calendars of the years of those replies."""
    years = []
    for year in range(2010, 2021):
        every = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
        days = [day for day in every if day.year == year]
        off = {day for day in days if not chinese_calendar.is_workday(day)}
        years.append(
            CalendarYear(
                year=year,
                notice="chinese_calendar",
                days_off=frozenset(day for day in off if day.weekday() < 5),
                working_weekends=frozenset(
                    day for day in days if day.weekday() > 4 and day not in off
                ),
            )
        )
    known = {each.year: each for each in (*book.calendar.years, *years)}
    calendar = Calendar(years=tuple(known[year] for year in sorted(known)))
    return rulebook_from_text(rulebook_text(replace(book, calendar=calendar)))
