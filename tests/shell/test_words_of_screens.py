"""Screens say units, lists, jobs and periods in words, not in codes."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from huimin_flow.catalogue.reasons import Code, sentence
from huimin_flow.catalogue.terms import Job, State
from huimin_flow.clock import RehearsalClock, SystemClock
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import load_rulebook
from huimin_flow.testing import Desk
from huimin_flow.testing import rehearsal as begun_in_2023
from tests.desk.client import serving
from tests.shell.terminal import Terminal


def test_units_and_lists_are_named(rehearsal: Terminal) -> None:
    made = rehearsal(
        "item", "collect", "--title", "零工市场缺少遮雨候工区", "--origin", "problem",
        "--area", "employment", "--unit", "500101", "--by", "op-500101", "--json",
    ).value  # fmt: skip
    for words in (("item", "list"), ("item", "show", made["number"])):
        told = rehearsal(*words).out
        assert "万州区" in told
        assert "500101" not in told
        assert "500101" in rehearsal(*words, "--json").out


def test_the_timetable_is_told_in_words(rehearsal: Terminal) -> None:
    told = rehearsal("timetable", "list").out
    assert "每季" in told
    jobs = {line.split()[0] for line in told.splitlines()[1:]}
    assert jobs <= {job.label for job in Job}  # as due and status name them
    refused = rehearsal("score", "month", "2030-01").err
    assert "2030年1月五色图尚未发布" in refused
    assert "huimin meeting list" in rehearsal("meeting", "show", "x").err
    assert "等待复核" in rehearsal("proposal", "list").out
    assert "quarter " not in told


def test_a_rulebook_is_named_by_the_beginning_of_its_digest(
    rehearsal: Terminal,
) -> None:
    text = rehearsal("rules", "show", "--json").out.strip()
    digest = hashlib.sha256(text.encode()).hexdigest()
    told = rehearsal("rules", "show").out
    assert f"启用中的规则库 {digest[:12]}\n" in told
    assert digest not in told


def test_a_rulebook_is_shown_with_who_activated_it_when_and_what_is_in_it(
    rehearsal: Terminal,
) -> None:
    first, moment, *rest = rehearsal("rules", "show").out.splitlines()
    assert re.fullmatch(r"第1次启用，[0-9]{4}-[0-9-]+ [0-9:]{5}，建库时启用", moment)
    book = rehearsal("rules", "show", "--json").value
    counts = dict(line.split() for line in rest[1:-1])
    assert counts["单位"] == f"{len(book['organization']['units'])}项"
    assert counts["定时作业"] == f"{len(book['timetable'])}项"
    years = [str(one["year"]) for one in book["calendar"]["years"]]
    assert counts["历法年份"] == "、".join(years)
    assert rest[-1] == "全部内容见 huimin rules show --json"
    act = ("rules", "activate", "--by", "office-1", "--second", "leader-1")
    assert rehearsal(*act).code == 0
    again, moment, *_ = rehearsal("rules", "show").out.splitlines()
    assert again == first
    assert moment.startswith("第2次启用，")
    assert moment.endswith("，办理 office-1，复核 leader-1")


def test_what_a_rulebook_would_change_on_lists_is_of_the_rehearsals_day_in_words(
    own: Path, config: Path, book: Rulebook, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(config, own / "config")
    rules = own / "config" / "rules.yaml"
    stricter = re.sub(r"(least_stars: \{value: )3", r"\g<1>5", rules.read_text("utf-8"))
    rules.write_text(stricter, encoding="utf-8")
    url = f"sqlite:///{own}/r.db"
    with begun_in_2023(url, book=book) as engine, serving(engine) as served:
        number = engine.bring(State.STARRED, "缺少候工区").number
        at = Terminal(capsys, str(own / "r.db"))
        told = at("rules", "diff", "--config", str(own / "config")).out
        row = f"2024年全市清单 {number} 缺少候工区 1 不在清单"
        assert row in " ".join(told.split())
        later = ("--now", "2024-03-01T09:00")
        told = at("rules", "diff", "--config", str(own / "config"), *later).out
        assert "2025年全市清单" in told
        assert "2024年全市清单" not in told
        stricter_book = load_rulebook(own / "config")
        asked = engine.flow.proposals.propose_rulebook(stricter_book, by=engine.office)
        told = at("proposal", "show", asked.key).out
        assert row in " ".join(told.split())
        assert "list/" not in told
        page = served.browser("office-2").get(asked.key.replace("/", "-", 1) + ".html")
        assert row in page.text
        assert "list/" not in page.text
        by, second = engine.office, engine.second
        engine.flow.rulebook.activate(stricter_book, by=by, second=second)
        assert "已失效：规则库\n" in at("proposal", "show", asked.key).out


def test_a_list_that_is_not_there_is_refused_with_how_lists_are_named(
    rehearsal: Terminal,
) -> None:
    refused = rehearsal("list", "show", "2027")
    assert refused.code == 1
    assert "可以这样做：请写 list/年度/city" in refused.err


def test_what_waits_for_a_second_person_is_told_in_words(rehearsal: Terminal) -> None:
    clock = RehearsalClock(SystemClock().now())
    with Flow.open(f"sqlite:///{rehearsal.database}", clock=clock) as flow:
        desk = Desk(flow, clock)
        number = desk.bring(State.LISTED).number
        desk.frozen(2099)
    cancel = ("item", "cancel", number, "--reason", "duplicate")
    assert rehearsal(*cancel, "--by", "office-1").code == 0
    confirm = ("list", "confirm", "list/2099/500101", "--by", "office-1")
    assert rehearsal(*confirm).code == 0
    told = rehearsal("proposal", "list").out
    assert f"事项：{number}，理由：已有相同事项" in told
    assert "清单：2099年万州区清单（list/2099/500101）" in told
    for code in ("cancel", "confirm", "duplicate", "reason", "edition"):
        assert code not in told


def test_a_stale_version_names_the_thing_not_its_stream() -> None:
    said = {"stream": "followup/R0000385", "expected": 1, "found": 2}
    assert sentence(Code.STALE_VERSION, dict(said)).startswith("“差评处置 R0000385”")
    said["stream"] = "rulebook"
    assert sentence(Code.STALE_VERSION, dict(said)).startswith("“规则库”")
    said["stream"] = "2024-000001"
    assert sentence(Code.STALE_VERSION, dict(said)).startswith("“2024-000001”")
