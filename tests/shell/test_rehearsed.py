"""A rehearsal lives in its own time: commands follow it, and say so."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.reasons import Code
from huimin_flow.clock import RehearsalClock, SystemClock
from huimin_flow.errors import InputRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core.repository import present
from huimin_flow.timetable import effects
from huimin_flow.timetable.ledger import runs
from tests.conftest import Founded
from tests.shell.terminal import Said, Terminal

AHEAD = datetime(2099, 3, 2, 2, tzinfo=UTC)
FACTS = ("--origin", "problem", "--area", "就业创业", "--unit", "500101")
COLLECT = ("item", "collect", "--title", "候工区", *FACTS, "--by", "office-1")


@pytest.fixture(scope="module")
def founded_ahead(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsal that was founded ahead of the machine, to be copied."""
    file = tmp_path_factory.mktemp("ahead") / "ahead.db"
    clock = RehearsalClock(AHEAD)
    Flow.found(f"sqlite:///{file}", book, rehearsal=True, clock=clock).close()
    return file


def copied(file: Path, own: Path) -> str:
    """Copy a database into the test's folder; return its address."""
    return f"sqlite:///{shutil.copy(file, own / 'ahead.db')}"


@pytest.fixture
def ahead(
    own: Path, founded_ahead: Path, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """A terminal on a rehearsal that ran ahead of the machine."""
    return Terminal(capsys, copied(founded_ahead, own))


@pytest.fixture
def behind(own: Path, founded: Founded, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal on a rehearsal of October 2023."""
    return Terminal(capsys, copied(founded.file, own))


def recorded(terminal: Terminal) -> datetime | None:
    with Flow.open(terminal.database) as flow:
        return door_of(flow).read(present)[0]


def test_commands_on_a_rehearsal_that_ran_ahead_take_its_last_moment_and_say_so(
    ahead: Terminal,
) -> None:
    first = ahead(*COLLECT)
    assert first.code == 0, first.err
    assert "2099-000001" in first.out
    assert "按推演的时间：2099-03-02 10:00" in first.err
    again = ahead(*COLLECT, "--json")
    assert again.code == 0
    assert again.err == ""
    assert recorded(ahead) == AHEAD


def test_a_given_moment_moves_a_rehearsal_on_and_never_back(ahead: Terminal) -> None:
    assert ahead(*COLLECT, "--now", "2099-05-01T09:00").code == 0
    assert recorded(ahead) == datetime(2099, 5, 1, 1, tzinfo=UTC)
    before = ahead(*COLLECT, "--now", "2099-04-01")
    assert before.code == 1
    assert "早于推演库的最后一条记录（2099-05-01 09:00）" in before.err
    assert ahead(*COLLECT, "--now", "昨天").code == 1
    assert ahead(*COLLECT, "--now", "0001-01-01").code == 1
    assert recorded(ahead) == datetime(2099, 5, 1, 1, tzinfo=UTC)


def test_without_a_given_moment_a_rehearsal_of_the_past_takes_the_machines_time(
    behind: Terminal,
) -> None:
    answer = behind(*COLLECT)
    assert answer.err == ""
    now = recorded(behind)
    assert now is not None
    assert abs(now - SystemClock().now()) < timedelta(minutes=5)


def test_two_commands_of_one_moment_draw_different_request_ids(ahead: Terminal) -> None:
    assert [ahead(*COLLECT).code for _ in range(2)] == [0, 0]
    with Flow.open(ahead.database) as flow:
        events = door_of(flow).read(
            lambda c: c.exec_driver_sql("SELECT request FROM huimin_event").all()
        )
    assert len(set(events)) == len(events) == 3


def test_a_production_database_takes_no_time_but_the_machines(
    own: Path, book: Rulebook, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{own / 'real.db'}"
    Flow.found(url, book).close()
    real = Terminal(capsys, url)
    for words in (
        (*COLLECT, "--now", "2099-01-01"),
        ("timetable", "run", "--now", "2099-01-01"),
        ("scheduler", "--rehearse", "2099-01-01", "2099-01-02"),
    ):
        answer = real(*words)
        assert answer.code == 1
        assert "正式库只认本机时钟" in answer.err
    assert len(list(own.glob("real.db*"))) == 1


def test_the_timetable_of_a_rehearsal_is_that_of_its_moment(behind: Terminal) -> None:
    due = behind("timetable", "due", "--now", "2023-10-24", "--json").value
    assert due["waiting"] == []
    assert due["coming"][0]["at"].startswith("2023-10-25")
    done = behind("timetable", "run", "--now", "2023-11-10T09:00")
    assert done.code == 0, done.err
    assert "已做 月评价 2023年10月" in done.out
    assert (
        "没有到期的作业" in behind("timetable", "run", "--now", "2023-11-10T09:00").out
    )


def lines(answer: Said) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.out.splitlines()]


def test_a_rehearsal_into_the_past_is_refused_in_a_sentence(behind: Terminal) -> None:
    assert behind("scheduler", "--rehearse", "2023-12-01", "2023-12-20").code == 0
    answer = behind("scheduler", "--rehearse", "2023-11-01", "2023-12-25")
    assert answer.code == 1
    assert answer.out == ""
    assert "指定的时间2023-11-01早于推演库的最后一条记录" in answer.err
    assert behind("scheduler", "--rehearse", "2023-12-20", "2023-12-26").code == 0
    with Flow.open(behind.database) as flow:
        assert ("listing", "2024") in {(one.job, one.period) for one in runs(flow)}


def test_a_rehearsal_that_begins_on_its_last_day_goes_on_from_its_last_moment(
    behind: Terminal,
) -> None:
    answer = behind("scheduler", "--rehearse", "2023-10-09", "2023-10-10")
    assert answer.code == 0, answer.err
    assert lines(answer)[0]["at"].startswith("2023-10-09T02:00")
    assert {one["event"] for one in lines(answer)} == {"started", "ticked", "stopped"}


def test_a_rehearsal_with_a_failed_job_or_a_refused_tick_ends_with_code_1(
    behind: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> dict[str, Any]:
        raise InputRefused(Code.FACT_MISSING, fact="数据")

    with monkeypatch.context() as broken:
        broken.setitem(effects.EFFECTS, "monthly_score", breaks)
        answer = behind("scheduler", "--rehearse", "2023-11-01", "2023-11-10")
        assert answer.code == 1
        assert "failed" in {one["event"] for one in lines(answer)}
    assert behind("scheduler", "--rehearse", "2023-11-11", "2023-11-12").code == 0
    late = behind("scheduler", "--rehearse", "2098-12-01", "2098-12-02")
    assert late.code == 1
    assert "refused" in {one["event"] for one in lines(late)}


def test_the_service_does_not_wait_years_for_a_rehearsal_that_ran_ahead(
    ahead: Terminal,
) -> None:
    answer = ahead("scheduler")
    assert answer.code == 1
    assert "--rehearse" in answer.err


def test_a_year_without_calendar_is_said_and_what_was_done_is_not_denied(
    behind: Terminal,
) -> None:
    done = behind("timetable", "run", "--now", "2031-02-01")
    assert done.code == 1
    assert "已做 月评价 2023年10月" in done.out
    assert "日历" in done.err
    assert "未执行" not in done.err
    due = behind("timetable", "due", "--now", "2031-02-01")
    assert due.code == 1
    assert "日历" in due.err


def test_an_empty_ledger_is_a_sentence(behind: Terminal) -> None:
    assert "还没有作业运行过" in behind("timetable", "status").out
    assert "没有点名" in behind("timetable", "calls").out
    assert behind("timetable", "status", "--json").value["runs"] == []


@pytest.mark.parametrize("moment", ["9998-12-31T00:00", "9999-12-31T23:59"])
def test_a_slip_of_the_pen_moves_no_rehearsal_to_where_it_never_comes_back_from(
    behind: Terminal, moment: str
) -> None:
    before = recorded(behind)
    for words in (COLLECT, ("timetable", "due"), ("timetable", "run")):
        said = behind(*words, "--now", moment)
        assert said.code == 1
        assert "远在已载入的日历" in said.err
    assert recorded(behind) == before


def test_what_a_century_ahead_falls_due_is_told_in_words(behind: Terminal) -> None:
    assert behind(*COLLECT, "--now", "2120-01-01T09:00").code == 0
    said = behind("list", "show", "list/2130/city")
    assert "没有料到" not in said.err


def test_what_is_owed_is_reckoned_at_the_time_that_was_told(
    played: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the demo's last days some answers still have time; today none has."""
    at = Terminal(capsys, f"sqlite:///{played / 'out' / 'demo.db'}")
    then = ("--now", "2024-03-01T09:00")
    every = len(at("rating", "bad", "--json").rows)
    late = len(at("rating", "bad", "--overdue", "--json", *then).rows)
    assert 0 < late < every
    assert len(at("rating", "bad", "--overdue", "--json").rows) == every
    assert at("progress", "owing", "2024-02", "--json", *then).value
    to_come = at("progress", "owing", "2024-04", *then)
    assert (to_come.code, "2024-04" in to_come.err) == (1, True)
    page = at("report", "services", "2024", "--into", str(own), *then)
    assert page.code == 0, page.err
    earlier = at("rating", "bad", "--now", "2023-03-01T09:00")
    assert "推演的时间只进不退" in earlier.err
