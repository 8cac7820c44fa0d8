"""Bad input at the desk: a sentence beside the field, nothing changed, all kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from huimin_flow.catalogue.terms import State
from huimin_flow.desk.forms.acting import FORMLESS
from tests.desk.client import Browser, Served, Shown, serving
from tests.flow.core.attempts import ACTS
from tests.kept import rehearsal
from tests.sampled import sampled

SCRIPT = "<script>alert(1)</script>"
BIDI = "甲\u202e乙"

#: What a form has that nobody types into.
FIXED = re.compile(r"token|request|version|since|number|.*\[\]")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with rehearsal() as engine, serving(engine) as served:
        yield served


@pytest.fixture
def office(served: Served) -> Browser:
    return served.browser(served.engine.office.id)


def state(served: Served) -> list[object]:
    """What nothing of this may change."""
    flow = served.engine.flow
    return [flow.items.list(), flow.appeals.count(), flow.meetings.count()]


def junk(form: Shown, text: str) -> dict[str, str]:
    """Every field that is typed, filled with a text."""
    return {
        name: text
        for name, begins in form.form.fields.items()
        if not FIXED.fullmatch(name) and name not in form.form.choices
    }


#: Each form with each text; in ``make test`` each form with one of them.
ODD = sampled(
    [
        (act, text, n % 6 == m)
        for n, act in enumerate(sorted(ACTS.keys() - FORMLESS))
        for m, text in enumerate([SCRIPT, BIDI, "\0", "\ud7ff\ufffe", "{{7*7}}", " "])
    ],
    lambda cell: cell if cell[2] else None,
)


@pytest.mark.parametrize(("act", "text"), [cell[:2] for cell in ODD])
def test_odd_texts_in_every_field_are_shown_as_texts(
    served: Served, office: Browser, act: str, text: str
) -> None:
    number = served.engine.flow.items.list()
    if not number:
        served.engine.item(State.ASSIGNED)
    known = served.engine.flow.items.list()[0].number
    about = f"?number={known}" if act.startswith("items.") else ""
    about = "" if act == "items.collect" else about
    before = state(served)
    form = office.get(f"act-{act}.html{about}")
    assert form.status == 200
    typed = junk(form, text)
    for do in ("preview", "add=parts", "remove=plan.tasks[1]"):
        name, sign, value = do.partition("=")
        pressed = {name: value} if sign else {"do": do}
        shown = office.post(form.file, {**form.form.fields, **typed, **pressed})
        assert shown.status < 500, shown.text
        assert "<script" not in shown.html
        assert "49" not in re.sub(
            r"[0-9a-f]{64}|<style.*?</style>", "", shown.html, flags=re.DOTALL
        )
        if text in {SCRIPT, BIDI} and "还没有办理" not in shown.text:
            kept = shown.form.fields
            lost = {n: kept[n] for n in typed if kept.get(n, text) != text}
            assert lost == {}, (do, lost)
    assert state(served) == before


def test_marks_that_turn_the_reading_are_refused_beside_their_field(
    office: Browser,
) -> None:
    form = office.get("act-items.collect.html")
    chosen = {"demand.origin": "problem", "demand.area": "employment"}
    shown = office.post(
        form.file,
        {**form.form.fields, **chosen, "demand.title": BIDI, "do": "preview"},
    )
    assert shown.status == 400
    assert shown.refused() == ["demand.title"]
    assert "U+202E" in shown.text


def test_two_megabytes_in_a_text_are_refused_beside_it_and_kept(
    office: Browser,
) -> None:
    form = office.get("act-items.collect.html")
    long = "惠" * 700_000
    chosen = {"demand.origin": "problem", "demand.area": "employment"}
    texts = {"demand.title": "甲", "demand.description": long, "do": "preview"}
    shown = office.post(form.file, {**form.form.fields, **chosen, **texts})
    assert shown.status == 400
    assert shown.refused() == ["demand.description"]
    assert "700000个字符" in shown.text
    assert shown.form.fields["demand.description"] == long


@pytest.mark.parametrize(
    ("called", "content", "code"),
    [
        ("a.pdf", b"MZ\x90", "desk_file_unlike"),
        ("a.xlsx", b"<html>", "desk_file_unlike"),
        ("a\u202etxt.exe", b"x", "text_unfit_sign"),
        ("a.txt", b"", "attachment_size"),
    ],
)
def test_an_upload_that_is_not_what_it_says_is_refused(
    served: Served, office: Browser, called: str, content: bytes, code: str
) -> None:
    number = served.engine.item(State.ASSIGNED).number
    file = f"act-items.attach.html?number={number}"
    form = office.get(file)
    assert 'enctype="multipart/form-data"' in form.html
    sent = {**form.form.fields, "do": "done"}
    shown = office.upload(file, sent, "content", called, content)
    assert code in shown.codes()
    assert "文件须重新选择" in shown.text
    assert served.engine.flow.items.attachments(number) == ()
    good = office.upload(file, sent, "content", "a.pdf", b"%PDF-1.7")
    assert "已办理" in good.text
    assert "a.pdf" in office.get(f"item-{number}.html").text
    again = office.upload(file, sent, "content", "a.pdf", b"%PDF-1.7")
    assert again.status == 200
    assert len(served.engine.flow.items.attachments(number)) == 1


@pytest.mark.parametrize("token", ["", "0" * 64, "\u5b57"])
def test_a_form_without_its_token_does_nothing(
    served: Served, office: Browser, token: str
) -> None:
    number = served.engine.collect().number
    file = f"act-items.reject.html?number={number}"
    form = office.get(file).form.fields
    sent = {**form, "token": token, "reason": "duplicate", "do": "done", "sure": "yes"}
    shown = office.post(file, sent)
    assert shown.status == 403
    assert served.engine.flow.items.get(number).version == 1


def test_what_a_browser_typed_with_half_width_signs_comes_back_as_it_was(
    office: Browser,
) -> None:
    form = office.get("act-items.collect.html")
    text = "群众说:太远,太慢(真的)!\r\n第二行;好?"
    sent = {**form.form.fields, "demand.title": "", "demand.description": text}
    shown = office.post(form.file, {**sent, "do": "preview"})
    kept = shown.form.fields["demand.description"]
    assert kept.replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_a_person_without_a_post_is_asked_to_choose_one(served: Served) -> None:
    nobody = served.browser()
    assert "以哪个岗位办理" in nobody.get("act-items.collect.html").text
    assert "以哪个岗位办理" in nobody.get("todo.html").text
    number = served.engine.collect().number
    shown = nobody.get(f"item-{number}.html")
    assert shown.status == 200
    assert "现在可以办" not in shown.text
