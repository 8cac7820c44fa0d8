"""Many acts of one kind at the desk: chosen, previewed together, done once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from huimin_flow.catalogue.terms import Dimension, State, TwoPeople
from tests.desk.client import Browser, Served, Shown, serving
from tests.kept import rehearsal

SCREEN = "bulk-screen.html"


@pytest.fixture
def served() -> Iterator[Served]:
    with rehearsal() as engine, serving(engine) as served:
        yield served


@pytest.fixture
def office(served: Served) -> Browser:
    return served.browser(served.engine.office.id)


def choose(browser: Browser, file: str, subjects: list[str]) -> Shown:
    """Tick to-dos and press the button that leads to their form."""
    todo = browser.get("todo.html")
    boxes = [f"pick.{subject}" for subject in subjects]
    assert todo.form.choices.keys() >= {*boxes}, todo.text
    assert f'formaction="{file}"' in todo.html
    return browser.post(file, dict.fromkeys(boxes, "yes"))


def collected(served: Served, count: int) -> list[str]:
    numbers = [served.engine.collect().number for _ in range(count)]
    for number in numbers:
        served.engine.link_appeals(number)
    return numbers


def states(served: Served, numbers: list[str]) -> list[str]:
    return [served.engine.flow.items.get(n).state.value for n in numbers]


def scored(form: Shown, *urgency: str) -> dict[str, str]:
    """What a clerk types: the urgency of each line, and the same second score."""
    filled = dict(form.form.fields)
    for n, text in enumerate(urgency):
        filled[f"rows[{n}].scores.urgency"] = text
        filled[f"rows[{n}].scores.fundamentality"] = "100"
    return filled


def test_the_chosen_are_previewed_and_done_all_or_none_or_each_on_its_own(
    served: Served, office: Browser
) -> None:
    numbers, engine = collected(served, 4), served.engine
    form = choose(office, SCREEN, numbers)
    assert 'name="rows[3].scores.urgency"' in form.html
    engine.screen(numbers[2])  # somebody else is faster
    filled = scored(form, "100", "八十", "100", "\uff19\uff10")
    ahead = office.post(SCREEN, {**filled, "do": "preview"})
    assert "可办 2 项,不能办 2 项" in ahead.text.replace("\uff0c", ",")
    assert {"stale_version"} < ahead.codes()
    assert ahead.form.fields["rows[1].scores.urgency"] == "八十"
    assert states(served, numbers) == [
        "collected",
        "collected",
        "screened",
        "collected",
    ]
    seen = ahead.form.fields["seen"]
    assert re.fullmatch("[0-9a-f]{12}", seen)
    edit = office.press(ahead, "do=edit")
    assert "rows[1].scores.urgency" in edit.refused()
    assert edit.form.fields["rows[3].scores.urgency"] == "\uff19\uff10"

    whole = office.press(ahead, "do=done", whole="whole")
    assert (whole.status, "bulk_rows_refused" in whole.codes()) == (403, True)
    assert states(served, numbers).count("screened") == 1
    sent = {**ahead.form.fields, "whole": "each", "do": "done"}
    done = office.post(SCREEN, sent)
    assert "已办理: 2 项" in done.text.replace("\uff1a", ":")
    assert done.text.count("由“已采集”转为“已筛选”") == 2
    assert states(served, numbers) == ["screened", "collected", "screened", "screened"]
    again = office.post(SCREEN, sent)  # a double click is one act
    assert (again.status, "2 项" in again.text) == (200, True)
    assert engine.flow.items.get(numbers[0]).version == 2
    left = office.press(done, "do=edit")
    assert "八十" in left.html
    assert numbers[0] not in left.html


def test_what_moved_since_the_preview_is_not_done(
    served: Served, office: Browser
) -> None:
    numbers = collected(served, 2)
    form = choose(office, SCREEN, numbers)
    ahead = office.post(SCREEN, {**scored(form, "90", "90"), "do": "preview"})
    changed = {"rows[0].scores.urgency": "80", "do": "done"}
    refused = office.post(SCREEN, {**ahead.form.fields, **changed})
    assert "bulk_preview_moved" in refused.codes()
    served.engine.flow.items.amend(
        numbers[1], {"title": "另一标题"}, by=served.engine.office
    )
    refused = office.press(ahead, "do=done")
    assert "bulk_preview_moved" in refused.codes()
    assert "更正" in refused.text
    assert states(served, numbers) == ["collected"] * 2
    ready = office.press(office.press(refused, "do=edit"), "do=preview")
    assert "已办理" in office.press(ready, "do=done").text
    assert states(served, numbers) == ["screened"] * 2


def test_stars_returns_and_approvals_go_the_same_way(
    served: Served, office: Browser
) -> None:
    engine = served.engine
    numbers = [engine.item(State.JUDGED).number for _ in range(2)]
    form = choose(office, "bulk-star.html", numbers)
    scores = {
        f"rows[{n}].{name}": text
        for n in range(2)
        for name, text in {
            **{f"scores.{each}": "80" for each in Dimension},
            "expected.value": "85",
            "expected.low": "80",
            "expected.high": "90",
        }.items()
    }
    filled = {**form.form.fields, **scores, "do": "preview"}
    ahead = office.post(form.file, filled)
    assert "已办理" in office.press(ahead, "do=done").text
    assert states(served, numbers) == ["starred"] * 2

    keys = []
    for number in numbers:
        values = {"item": number, "edition": engine.frozen(2099), "reason": "needed"}
        asked = engine.flow.proposals.propose(
            TwoPeople.SUPPLEMENT, values, by=engine.office
        )
        keys.append(asked.key)
    second = served.browser(engine.second.id)
    form = choose(second, "bulk-approve.html", keys)
    assert engine.flow.items.get(numbers[0]).title in form.text
    own = {**form.form.fields, "do": "preview", "token": office.token}
    assert "same_person" in office.post(form.file, own).codes()
    form = second.press(form, "remove=rows[1]")
    assert keys[1].partition("/")[2] not in form.text
    ahead = second.press(form, "do=preview")
    assert "已办理" in second.press(ahead, "do=done").text
    assert states(served, numbers) == ["listed", "starred"]

    form = office.post("bulk-return.html", {f"pick.{numbers[1]}": "yes"})
    back = {"rows[0].reason": "facts_incomplete", "do": "preview"}
    ahead = office.post(form.file, {**form.form.fields, **back})
    assert "已办理" in office.press(ahead, "do=done").text
    assert states(served, numbers) == ["listed", "judged"]


def test_a_form_needs_lines_a_right_and_a_kind(served: Served, office: Browser) -> None:
    (number,) = collected(served, 1)
    form = choose(office, SCREEN, [number])
    filled = {**scored(form, "90"), "do": "preview"}
    operator = served.browser(served.engine.operator.id)
    assert "bulk-screen.html" not in operator.get("todo.html").html
    filled["token"] = operator.token
    ahead = operator.post(SCREEN, filled)
    assert "step_not_permitted" in ahead.codes()
    assert ("do", "done") not in ahead.form.buttons
    forced = {**filled, "do": "done", "seen": "0" * 12, "sure": "yes"}
    assert operator.post(SCREEN, forced).status == 403
    for picks in ({}, {f"pick.2026-{n:06}": "yes" for n in range(201)}):
        refused = office.post(SCREEN, picks)
        assert (refused.status, "1至200行" in refused.text) == (400, True)
    assert office.post("bulk-merge.html", {f"pick.{number}": "yes"}).status == 404
    assert office.post(SCREEN, {"pick.2099-000001": "yes"}).status == 404
    old = office.post(SCREEN, {**filled, "token": "0" * 64})
    assert old.form.fields["rows[0].scores.urgency"] == "90"
    assert states(served, [number]) == ["collected"]
