"""What is recorded is shown: pages of lists, meetings, assessments, refusals, items."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from sqlalchemy import Engine
from wcwidth import wcswidth

from huimin_flow.catalogue.terms import AssessmentKind, Question, State
from huimin_flow.clock import RehearsalClock, SystemClock
from huimin_flow.errors import StepRefused
from huimin_flow.flow import Flow
from huimin_flow.shell.core import screens
from huimin_flow.testing import Desk
from tests.shell.terminal import Terminal
from tests.statements import recorded


@pytest.fixture
def told(rehearsal: Terminal) -> dict[str, str]:
    """The numbers of items in several states, by state."""
    clock = RehearsalClock(SystemClock().now())
    with Flow.open(f"sqlite:///{rehearsal.database}", clock=clock) as flow:
        desk = Desk(flow, clock)
        states = (State.COLLECTED, State.STARRED, State.LISTED, State.EVALUATED)
        numbers = {state.value: desk.bring(state).number for state in states}
        screened = desk.bring(State.SCREENED).number
        desk.judge(screened, no=Question.PERMITTED)
        low = desk.collect("无人反映的事项").number
        desk.flow.appeals.add_all(desk.appeals(2), by=desk.office)
        desk.screen(low, 60)
        with pytest.raises(StepRefused):
            flow.items.close(numbers["listed"], by=desk.office)
        kind = AssessmentKind.OPINION_RISK
        flow.assessments.request(numbers["collected"], kind, "某高校", by=desk.office)
    return {**numbers, "rejected": screened, "low": low}


def last_line(text: str) -> str:
    return text.splitlines()[-1]


def test_pages_end_with_how_many_there_are_and_where_to_go_on(
    rehearsal: Terminal, told: dict[str, str]
) -> None:
    first = rehearsal("item", "list", "--limit", "4")
    assert (
        last_line(first.out) == f"共6条，显示4条；接着看：--after {told['evaluated']}"
    )
    rest = rehearsal("item", "list", "--limit", "4", "--after", told["evaluated"])
    assert last_line(rest.out) == "共6条，显示2条"
    assert not set(first.out.splitlines()[1:-1]) & set(rest.out.splitlines()[1:-1])
    stars = rehearsal("item", "list", "--order", "星级", "--json").rows
    assert stars[0]["stars"] == 4
    named = rehearsal("item", "list", "--title", "无人", "--area", "就业创业").out
    assert last_line(named) == "共1条，显示1条"
    listed = rehearsal("item", "list", "--list", "list/2099/city", "--json").rows
    assert [item["number"] for item in listed] == [told["listed"], told["evaluated"]]
    for words, empty in (
        (("appeal", "list", "--limit", "2"), ("--channel", "research", "--loose")),
        (("list", "list", "--limit", "2"), ("--period", "2050")),
        (("meeting", "list", "--limit", "2"), ("--item", told["collected"])),
        (("assessment", "list", "--limit", "1"), ("--state", "已退回")),
        (("audit", "refusals"), ("--act", "judge")),
        (("proposal", "list"), ()),
    ):
        page = rehearsal(*words).out
        after = page.rpartition("--after ")[2].strip()
        assert page.count("--after") == ("--limit" in words), words
        more = rehearsal(*words, "--after", after) if "--limit" in words else None
        assert more is None or more.out.splitlines()[1] not in page
        assert "没有" in rehearsal(*words, *empty).out or words[:2] == ("list", "list")
        value = rehearsal(*words, "--json").value
        assert list(value) == ["total", "rows", "next"]
        assert f"共{value['total']}条" in page or not value["rows"]
        assert value["next"] == (after if more else None)
    first = rehearsal("item", "list", "--limit", "4", "--json").value
    assert (first["total"], len(first["rows"])) == (6, 4)
    assert first["next"] == told["evaluated"]
    assert rehearsal("item", "list", "--json").value["next"] is None


def test_a_meeting_is_shown_with_minutes_and_reasons(
    rehearsal: Terminal, told: dict[str, str]
) -> None:
    (held,) = rehearsal("meeting", "list", "--item", told["rejected"], "--json").rows
    shown = rehearsal("meeting", "show", held["key"])
    for words in (
        "纪要",
        "一致同意",
        told["rejected"],
        "可做",
        "否：已核实",
        "不予采纳：",
    ):
        assert words in shown.out
    value = rehearsal("meeting", "show", held["key"], "--json").value
    assert value["judged"][0]["judgment"]["answers"]["wanted"]["reason"] == "已核实"


def test_an_opinion_is_said_with_its_own_verdict_and_keeps_its_evidence(
    rehearsal: Terminal,
) -> None:
    clock = RehearsalClock(SystemClock().now())
    with Flow.open(f"sqlite:///{rehearsal.database}", clock=clock) as flow:
        desk = Desk(flow, clock)
        number = desk.bring(State.SCREENED).number
        flow.items.attach(number, "台账.pdf", b"%PDF-", by=desk.office)
        key = flow.meetings.hold(
            chair="leader-1",
            participants=["office-1", "office-2"],
            agenda=[number],
            by=desk.office,
        ).key
    judging = ("item", "judge", number, "--meeting", key, "--by", "office-1", "--yes")
    answers = ("--answer", "可做=否:没有依据", "--answer", "想做=是:反映集中")
    rests = ("--evidence", "想做=热线12条", "--file", "想做=台账.pdf")
    said = rehearsal(*judging, *answers, *rests).out.splitlines()
    assert said[1] == "规则结论：不予采纳：“可做”为否：没有依据"
    assert said[2].startswith(f"{number} 的研判已记入 {key}")
    shown = rehearsal("meeting", "answers", key, "--by", "office-1").out
    assert "是：反映集中（依据：热线12条）" in shown
    assert shown.index("想做") < shown.index("可做")
    rows = rehearsal("meeting", "answers", key, "--by", "office-1", "--json").value
    wanted = rows["judged"][0]["judgment"]["answers"]["wanted"]
    assert len(wanted["file"]) == 64
    refused = rehearsal(*judging, *answers, "--evidence", "该做=热线12条")
    assert refused.code == 1
    assert "尚未回答“该做”" in refused.err


def test_an_assessment_is_shown_with_its_finding(
    rehearsal: Terminal, told: dict[str, str]
) -> None:
    (made, *_) = rehearsal(
        "assessment", "list", "--item", told["evaluated"], "--json"
    ).rows
    shown = rehearsal("assessment", "show", made["key"]).out
    for words in ("可行", "已采信", "合法性审查评估", told["evaluated"]):
        assert words in shown


def test_refusals_are_shown_in_words(rehearsal: Terminal, told: dict[str, str]) -> None:
    shown = rehearsal("audit", "refusals", "--person", "office-1").out
    line = shown.splitlines()[1].split()
    assert line[3:6] == ["office-1", "办结", told["listed"]]
    assert "“已入清单”的事项不能“办结”" in shown
    assert rehearsal("item", "close", told["listed"], "--by", "op-500101").code == 1
    shown = rehearsal("audit", "refusals", "--person", "op-500101").out
    assert shown.splitlines()[1].split()[3:6] == ["op-500101", "办结", told["listed"]]
    held = ("meeting", "hold", "--on", "2026-01-01", "--chair", "leader-1")
    more = (
        "--participant",
        "office-1",
        "--item",
        told["listed"],
        "--minutes",
        "可",
        "--by",
        "op-500101",
    )
    assert rehearsal(*held, *more).code == 1
    shown = rehearsal("audit", "refusals", "--person", "op-500101", "--csv").out
    assert "登记未经召集" in shown
    assert "deliberate" not in shown


def test_an_item_shows_what_matters_within_80_columns(
    rehearsal: Terminal, told: dict[str, str]
) -> None:
    for state, words in (
        ("collected", ("下一步", "筛选，由", "25条，25人", "100（此刻算得）")),
        ("starred", ("25条，25人", "普遍性", "100", "列入清单，由", "定时服务")),
        ("rejected", ("为何", "不予采纳：“可做”为否：已核实")),
        ("low", ("为何", "不予采纳：", "60")),
        (
            "evaluated",
            (
                "方案",
                "候工区",
                "任务",
                "T1 建设候工区，万州区，",
                "到期，已完成",
                "通过",
            ),
        ),
    ):
        shown = rehearsal("item", "show", told[state]).out
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(screens, "room", lambda: 80)
            narrow = rehearsal("item", "show", told[state]).out
        for word in words:
            assert word in shown, (state, word)
        assert max(map(wcswidth, narrow.splitlines())) <= 80


def test_a_list_and_its_preview_are_read_at_once(
    rehearsal: Terminal, told: dict[str, str]
) -> None:
    year = SystemClock().now().year + 1
    shown = rehearsal("list", "preview", str(year)).out
    head, *rows = shown.splitlines()
    assert "截止：" in head
    assert "全市清单1项" in head
    line = next(row for row in rows if told["starred"] in row)
    assert line.split() == [
        told["starred"], "万州区", "1", "1", "就业创业", "4", "80.00",
        "零工市场缺少候工区",
    ]  # fmt: skip
    clock = RehearsalClock(SystemClock().now())
    with Flow.open(f"sqlite:///{rehearsal.database}", clock=clock) as flow:
        desk = Desk(flow, clock)
        weak = desk.bring(State.JUDGED, "星级不足的事项").number
        desk.star(weak, 20)

    asked = ("list", "show", "list/2099/city"), ("list", "preview", str(year))
    counts = []
    for more in (0, 5):
        with Flow.open(f"sqlite:///{rehearsal.database}", clock=clock) as flow:
            desk = Desk(flow, clock)
            for _ in range(more):
                desk.bring(State.LISTED)
                desk.bring(State.STARRED)
        with recorded(cast("Engine", Engine)) as texts:
            out = [rehearsal(*words).out for words in asked][-1]
        counts.append(len(texts))
    assert weak in out
    assert "少2星" in out.partition("未入选的")[2]
    assert counts[0] == counts[1]


def test_the_second_person_sees_what_a_rulebook_changes(rehearsal: Terminal) -> None:
    """A figure stands with its old and its new value (U4)."""
    clock = RehearsalClock(SystemClock().now())
    with Flow.open(f"sqlite:///{rehearsal.database}", clock=clock) as flow:
        book = flow.rulebook.active()
        selection = book.rules.selection
        fewer = replace(selection.least_stars, value=selection.least_stars.value - 1)
        rules = replace(book.rules, selection=replace(selection, least_stars=fewer))
        by = flow.people.actor("office-1")
        made = flow.proposals.propose_rulebook(replace(book, rules=rules), by=by)
    row = ["rules.selection.least_stars.value", fewer.value + 1, fewer.value]
    shown = rehearsal("proposal", "show", made.key).out
    words = ["规则·清单精选·最低星级", *map(str, row[1:]), row[0]]
    assert words in [line.split() for line in shown.splitlines()]
    value = rehearsal("proposal", "show", made.key, "--json").value
    assert value["content"] == [row]
