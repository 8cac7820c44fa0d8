"""A form that is too old, or whose sender is signed in no more: nothing typed is lost."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from huimin_flow.catalogue.terms import State, Via
from huimin_flow.desk.app import make
from huimin_flow.desk.core.sessions import new_id
from huimin_flow.desk.core.state import Desk
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import load_settings
from tests.conftest import CONFIG
from tests.desk.client import PORT, Browser, Served, Shown, serving
from tests.flow.core.test_two_desks import with_accounts
from tests.kept import rehearsal

COLLECT = "act-items.collect.html"

#: What a person typed, with signs that a page may lose.
TEXT = "桥面<破>损;\n\u201c请修\u201d, 100% & 更多"
TYPED = {
    "demand.origin": "problem",
    "demand.area": "employment",
    "demand.title": "修桥 %41",
    "demand.description": TEXT,
}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with rehearsal() as engine, serving(engine) as served:
        yield served


@pytest.fixture
def office(served: Served) -> Browser:
    return served.browser(served.engine.office.id)


def typed(form: Shown) -> dict[str, str]:
    """What a form has of what was typed."""
    fields = form.form.fields
    return {name: fields.get(name, "").replace("\r\n", "\n") for name in TYPED}


@pytest.mark.parametrize("do", ["preview", "done", "edit", ""])
@pytest.mark.parametrize("token", ["", "0" * 64, "\u5b57"])
def test_a_form_with_an_old_token_comes_again_with_all_that_was_typed(
    served: Served, office: Browser, token: str, do: str
) -> None:
    before = served.engine.flow.items.list()
    begun = office.get(COLLECT).form.fields
    again = office.post(COLLECT, {**begun, **TYPED, "token": token, "do": do})
    assert (again.status, again.codes()) == (403, {"desk_form_old"})
    assert "还没有办理" not in again.text
    assert typed(again) == TYPED
    assert again.form.fields["request"] == begun["request"]
    assert served.engine.flow.items.list() == before
    ahead = office.press(again, "do=preview")
    assert "还没有办理" in ahead.text
    assert "已办理" in office.press(ahead, "do=done").text


def test_an_old_preview_comes_again_as_the_form(office: Browser) -> None:
    ahead = office.press(office.get(COLLECT), "do=preview", **{
        name.replace(".", "__"): text for name, text in TYPED.items()
    })  # fmt: skip
    assert "还没有办理" in ahead.text
    again = office.post(COLLECT, {**ahead.form.fields, "token": "", "do": "done"})
    assert (again.status, typed(again)) == (403, TYPED)


def test_a_form_of_another_site_shows_nothing_of_what_it_brings(
    office: Browser,
) -> None:
    fields = {**office.get(COLLECT).form.fields, **TYPED}
    for name, text in ((b"origin", b"http://evil.example"), (b"origin", b"null")):
        office.head = {name: text}
        shown = office.post(COLLECT, fields)
        assert (shown.status, "修桥" in shown.text) == (403, False)


@pytest.fixture(scope="module")
def flow(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flow]:
    """A production database: zhang has two posts, li one."""
    file = tmp_path_factory.mktemp("old") / "huimin.db"
    own = {"office_1": "zhang", "office_2": "zhang", "leader_1": "li"}
    with Flow.found(f"sqlite:///{file}", with_accounts(book, **own)) as flow:
        yield flow


class House:
    """A production desk: a restart forgets the sessions."""

    def __init__(self, flow: Flow) -> None:
        self.flow, self.log = flow, io.StringIO()
        self.restart()

    def restart(self) -> None:
        settings = load_settings(CONFIG).desk
        self.app = make(
            Desk(flow=self.flow, settings=settings, log=self.log, port=PORT)
        )

    def sign_in(self, browser: Browser, account: str, post: str | None) -> None:
        browser.app = self.app
        sessions = self.app.state.desk.sessions
        browser.cookie = sessions.begin(account, Via.LINK, post)

    def signed_in(self, account: str = "zhang", post: str = "office-1") -> Browser:
        browser = Browser(self.app, PORT)
        self.sign_in(browser, account, post)
        return browser


@pytest.fixture
def house(flow: Flow) -> House:
    return House(flow)


@pytest.mark.parametrize("do", ["preview", "done"])
@pytest.mark.parametrize("how", ["ended", "restart", "no cookie"])
def test_what_was_typed_outlives_the_session(house: House, how: str, do: str) -> None:
    browser = house.signed_in()
    before = house.flow.items.list()
    begun = browser.get(COLLECT).form.fields
    sessions = house.app.state.desk.sessions
    if how == "ended":
        sessions.end(browser.cookie)
    elif how == "restart":
        house.restart()
    else:
        browser.cookie = ""
    browser.app = house.app
    kept = browser.post(COLLECT, {**begun, **TYPED, "do": do})
    assert kept.status == 401
    assert kept.headers["cache-control"] == "no-store"
    assert "huimin desk link" in kept.text
    assert typed(kept) == TYPED
    assert {"token", "do"}.isdisjoint(kept.form.fields)
    for words in ("标题 修桥 %41", "请修", "就业"):
        assert words in kept.text, kept.text
    assert browser.post(COLLECT, kept.form.fields).status == 401  # not signed in yet
    house.sign_in(browser, "zhang", None)
    unclear = browser.post(COLLECT, kept.form.fields)  # which post?
    assert (unclear.status, typed(unclear)) == (401, TYPED)
    assert "还没有选择岗位" in unclear.text
    house.sign_in(browser, "zhang", "office-1")
    again = browser.post(COLLECT, unclear.form.fields)
    assert (again.status, again.codes()) == (403, {"desk_form_old"})
    assert typed(again) == TYPED
    assert house.flow.items.list() == before
    done = browser.press(browser.press(again, "do=preview"), "do=done")
    assert "已办理" in done.text
    log = house.log.getvalue()
    assert "修桥" not in log
    assert "%41" not in log


def test_a_stranger_learns_nothing_from_what_they_send(house: House) -> None:
    engine_item = house.signed_in().get("items.html")
    assert engine_item.status == 200
    stranger = Browser(house.app, PORT)
    for act, fields in {
        "items.assign": {"plan.tasks[1].unit": "510107"},
        "items.screen": {"scores.scope.value": "3"},
    }.items():
        shown = stranger.post(f"act-{act}.html?number=2023-000001", fields)
        assert shown.status == 401
        assert fields.items() <= shown.form.fields.items()
        names = house.flow.rulebook.active().organization.names.values()
        assert not any(name in shown.text for name in names)
    assert stranger.post("act-items.nothing.html", TYPED).status == 404


def test_the_page_of_a_proposal_comes_again(house: House) -> None:
    browser = house.signed_in()
    kept = Browser(house.app, PORT).post("proposal-x.html", {"do": "approve"})
    assert (kept.status, "已登录，回到原来的页面" in kept.text) == (401, True)
    assert browser.post("proposal-x.html", {"do": "approve", "token": ""}).status == 404


def test_signing_out_with_an_old_token_shows_the_page_with_its_button(
    house: House,
) -> None:
    browser = house.signed_in()
    shown = browser.post("sign-out", {"token": ""})
    assert (shown.status, shown.codes()) == (403, {"desk_form_old"})
    assert browser.get("todo.html").status == 200
    assert browser.post("sign-out", {}).status == 401  # the page of who is signed out


def test_a_link_with_an_old_token_may_be_used_still(house: House) -> None:
    token = house.app.state.desk.sessions.open_link("li")
    browser = Browser(house.app, PORT)
    shown = browser.post(f"link-{token}", {"token": ""})
    assert (shown.status, shown.codes()) == (403, {"desk_form_old"})
    assert browser.post(f"link-{token}", {}).status == 200
    assert "leader-1" in browser.get("sign-in.html").text


MOVED = "打开表单之后发生的变动"


def test_an_act_without_a_version_says_what_happened_since_its_form(
    served: Served, office: Browser
) -> None:
    number = served.engine.item(State.LISTED).number
    file = f"act-items.cancel.html?number={number}"
    begun = office.get(file)
    still = office.press(begun, "do=preview", reason_code="not_ours")
    assert (still.status, MOVED in still.text) == (200, False), still.text
    served.engine.assign(number)
    ahead = office.press(begun, "do=preview", reason_code="not_ours")
    assert (ahead.status, MOVED in ahead.text) == (200, True), ahead.text
    assert "预览已按现在的情况" in ahead.text
    done = office.press(ahead, "do=done", sure="yes")
    assert ("已办理" in done.text, MOVED in done.text) == (True, False)


@pytest.mark.parametrize("since", ["", "x", "\u00b2", "9" * 99])
def test_a_file_tells_on_its_page_what_happened_since_its_form(
    served: Served, office: Browser, since: str
) -> None:
    number = served.engine.collect().number
    file = f"act-items.attach.html?number={number}"
    begun = {**office.get(file).form.fields, "do": "done"}
    served.engine.screen(number)
    odd = {**begun, "request": new_id(), "since": since}
    told = office.upload(file, odd, "content", "a.pdf", b"%PDF-1")
    assert ("已办理" in told.text, MOVED in told.text) == (True, False)
    told = office.upload(file, begun, "content", "b.pdf", b"%PDF-2")
    assert ("已办理" in told.text, MOVED in told.text) == (True, True)
    assert "不予采纳" in told.text
