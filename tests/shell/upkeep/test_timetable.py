"""The timetable at the shell: results in words, failures, whom a call named."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import Job, State
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused
from huimin_flow.shell.main import huimin
from huimin_flow.testing import Desk
from huimin_flow.timetable import effects
from huimin_flow.timetable.ledger import run_due, tick


def said(file_url: str, *given: str) -> str:
    found = CliRunner().invoke(huimin, [*given, "--db", file_url])
    return found.output


@pytest.fixture
def december(file_desk: Desk) -> Desk:
    file_desk.bring(State.ASSIGNED)
    file_desk.bring(State.STARRED)
    for day in (date(2023, 10, 25), date(2023, 11, 3), date(2023, 12, 15)):
        file_desk.clock.set(at_hour(day, 18))
        tick(file_desk.flow, file_desk.clock.now())
    return file_desk


@pytest.mark.usefixtures("december")
def test_the_ledger_says_what_came_of_each_job_in_words(file_url: str) -> None:
    shown = said(file_url, "timetable", "status")
    assert "单位入选1、列入板块建议1、" in shown
    assert "未报任务1" in shown
    assert "失败未了" not in shown
    runs = json.loads(said(file_url, "timetable", "status", "--json"))["runs"]
    assert {one["job"] for one in runs} >= {"listing", "progress_chase"}


@pytest.mark.usefixtures("december")
def test_a_call_names_unit_task_and_indicator_of_what_was_not_reported(
    file_url: str,
) -> None:
    shown = said(file_url, "timetable", "calls", "2023-10")
    assert "月度进展催报" in shown
    assert "万州区" in shown
    assert "候工区" in shown
    (first, *_) = json.loads(said(file_url, "timetable", "calls", "--json"))
    assert first["owing"][0]["unit"] == "500101"
    assert "没有点名" in said(file_url, "timetable", "calls", "2022-01")
    asked = ["timetable", "calls", "昨天", "--db", file_url]
    with pytest.raises(InputRefused, match="月份“昨天”不对"):
        CliRunner().invoke(huimin, asked, catch_exceptions=False)


def test_the_status_names_each_jobs_next_period_and_moment_before_anything_ran(
    file_desk: Desk, file_url: str
) -> None:
    moment = ["--now", "2023-10-24T09:00"]
    told = json.loads(said(file_url, "timetable", "status", *moment, "--json"))
    assert (told["runs"], told["failures"], told["retries"]) == ([], [], {})
    known = {one["job"]: (one["period"], one["at"]) for one in told["next"]}
    jobs = {one.job for one in file_desk.flow.rulebook.active().timetable}
    assert set(known) == jobs - {
        Job.SUCCESSION
    }  # it is known when a unit's end is near
    assert len(known) == len(told["next"])
    assert known["listing"] == ("2024", "2023-12-15T10:00:00+00:00")
    shown = said(file_url, "timetable", "status", *moment)
    assert "台账为空" in shown
    after = shown.partition("各作业的下一期")[2]
    assert "次年清单截止" in after
    assert "2024年" in after
    assert "2023-12-15 18:00" in after


def test_a_failure_stands_in_the_ledger_and_makes_the_doctor_red(
    file_desk: Desk, file_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> dict[str, Any]:
        raise InputRefused(PublicationCode.LIST_UNKNOWN, key="list/2024/city")

    monkeypatch.setitem(effects.EFFECTS, "listing", breaks)
    file_desk.clock.set(at_hour(date(2023, 12, 15), 18))
    run_due(file_desk.flow, file_desk.clock.now())
    shown = said(file_url, "timetable", "status")
    assert "失败未了" in shown
    assert "没有编号为“list/2024/city”的清单" in shown
    assert "请写 list/年度/city" in shown
    assert "下一次" in shown
    told = json.loads(said(file_url, "timetable", "status", "--json"))
    assert list(told["retries"]) == ["listing/2024"]
    assert told["failures"][0]["attempts"] == 1
    assert told["failures"][0]["reasons"][0]["code"] == "list_unknown"
    checks = json.loads(said(file_url, "doctor", "--json"))
    (jobs,) = [one for one in checks if one["name"] == "作业"]
    assert jobs["health"] == "red"
    assert "次年清单截止 2024年" in jobs["found"]
