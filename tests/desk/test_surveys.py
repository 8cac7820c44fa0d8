"""A survey at the desk: drawn from a file, answered by a file, closed, and shown."""

from __future__ import annotations

import re

from huimin_flow.catalogue.terms import State
from huimin_flow.testing import Desk
from tests.desk.client import Browser, serving
from tests.kept import rehearsal

CODES = [f"p-{n:03d}" for n in range(60)]
FRAME = "\n".join(["代号", *CODES, ""]).encode()


def test_a_sample_is_drawn_answered_and_closed_by_files_and_forms() -> None:
    with rehearsal() as desk, serving(desk) as served:
        office = served.browser(desk.office.id)
        unit = served.browser(desk.operator.id)
        surveyed(desk, office, unit)


def surveyed(desk: Desk, office: Browser, unit: Browser) -> None:
    number = desk.bring(State.EXECUTED).number
    draw, key = f"survey-draw-{number}.html", f"survey/{number}/01"
    shown, answers = f"survey-{number}-01.html", f"survey-answers-{number}_01.html"
    for page in ("todo.html", f"item-{number}.html"):
        assert draw in office.get(page).html
        assert draw not in unit.get(page).html
    assert "由工作专班办公室" in unit.get("todo.html").html
    form = office.get(draw)
    assert "样本不少于30份" in form.html
    fields = {"drawn": "40", "senses.gain": "yes"}
    few = office.upload(draw, fields | {"drawn": "3"}, "content", "a.csv", FRAME)
    assert (few.status, "至少30人" in few.html) == (400, True)
    named = "代号,姓名\np-1,张三\n".encode()
    bad = office.upload(draw, fields, "content", "a.csv", named)
    assert "只能有“代号”一栏" in bad.html
    assert unit.upload(draw, fields, "content", "a.csv", FRAME).status == 403
    assert desk.flow.surveys.count() == 0
    drawn = office.upload(draw, fields, "content", "a.csv", FRAME)
    assert (drawn.status, drawn.file) == (200, shown)
    assert desk.flow.surveys.get(key).drawn == 40
    assert answers in office.get(shown).html
    assert answers not in unit.get(shown).html

    codes = [one.code for one in desk.flow.surveys.sample(key)]
    marks = ["满意"] * 37 + ["不满意"] * 3
    rows = [f"{code},{mark},满意" for code, mark in zip(codes, marks, strict=True)]
    sheet = "\n".join(["代号,评价,获得感", *rows, "p-x,满意,满意", ""]).encode()
    tried = office.upload(answers, {"do": "ahead"}, "content", "答卷.csv", sheet)
    assert "记入 40 行,已有 0 行,未收 1 行".replace(",", "，") in tried.html
    assert desk.flow.surveys.sample(key)[0].answered is False
    kept = re.search(r'name="kept" value="([^"]+)"', tried.html)
    assert kept is not None
    fields = {"do": "done", "kept": kept[1]}
    done = office.upload(answers, fields, "other", "", b"")
    assert "导入的结果" in done.html
    fetched = office.upload(answers, fields | {"do": "refused"}, "other", "", b"")
    assert "p-x" in fetched.html
    assert (
        f"act-surveys.close.html?key=survey%2F{number}%2F01" in office.get(shown).html
    )
    desk.flow.surveys.close(key, by=desk.office)
    for page in (office.get(shown).html, unit.get(shown).html):
        for words in ("92.50%", "80.13%", "97.42%", "获得感", "100.00%", "91.23%"):
            assert words in page, words
        assert re.search(r">40<.*>37<", page, re.DOTALL)
    assert "survey-answers" not in office.get(shown).html
