"""Work at the desk: forms are previewed, done once, and say why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from huimin_flow.catalogue.terms import RatingLevel, Role, State, TwoPeople
from huimin_flow.flow.deciding.opening import opening_values
from huimin_flow.reports.core.lists import list_file
from huimin_flow.states.table import MAIN_LINE
from huimin_flow.testing import UNIT
from tests.desk.client import Browser, Served, serving
from tests.flow.deciding.test_opening import opening
from tests.kept import rehearsal
from tests.ratings import rating


@pytest.fixture
def served() -> Iterator[Served]:
    with rehearsal() as engine, serving(engine) as served:
        yield served


@pytest.fixture
def office(served: Served) -> Browser:
    return served.browser(served.engine.office.id)


@pytest.fixture
def second(served: Served) -> Browser:
    return served.browser(served.engine.second.id)


def form_of(act: str, number: str) -> str:
    return f"act-{act}.html?number={number}"


def test_a_preview_changes_nothing_and_a_double_click_is_one_act(
    served: Served, office: Browser
) -> None:
    engine = served.engine
    number = engine.collect().number
    engine.link_appeals(number)
    file = form_of("items.screen", number)
    scores = {"scores__urgency": "80", "scores__fundamentality": "\uff18\uff10"}
    form = office.get(file)
    ahead = office.press(form, "do=preview", **scores)
    assert "还没有办理" in ahead.text
    assert "由“已采集”转为“已筛选”" in ahead.text
    assert "得分88.00" in ahead.text
    assert engine.flow.items.get(number).state is State.COLLECTED
    done = office.press(ahead, "do=done")
    again = office.press(ahead, "do=done")
    assert done.text == again.text
    assert "已办理" in done.text
    assert engine.flow.items.get(number).version == 2
    edited = office.press(ahead, "do=done", scores__urgency="90")
    assert edited.status == 409
    assert engine.flow.items.get(number).version == 2


def test_a_form_from_yesterday_says_what_changed_and_keeps_what_was_typed(
    served: Served, office: Browser, second: Browser
) -> None:
    engine = served.engine
    number = engine.collect().number
    old = office.get(form_of("items.reject", number))
    ahead = second.act(form_of("items.amend", number), corrections__title="新标题")
    assert "已办理" in ahead.text
    engine.clock.advance(timedelta(days=1))
    late = office.press(old, "do=preview", reason="not_ours", referred_to="education")
    assert late.status == 409
    assert "打开表单之后发生的变动" in late.text
    assert "更正" in late.text
    assert late.form.fields["reason"] == "not_ours"
    assert engine.flow.items.get(number).state is State.COLLECTED
    now = office.press(late, "do=preview")
    assert "还没有办理" in now.text


def test_two_browsers_on_one_item_do_one_act(
    served: Served, office: Browser, second: Browser
) -> None:
    engine = served.engine
    number = engine.collect().number
    file = form_of("items.reject", number)
    forms = [
        (
            each,
            each.press(
                each.get(file), "do=preview", reason="not_ours", referred_to="education"
            ),
        )
        for each in (office, second)
    ]
    first, other = [
        browser.press(ahead, "do=done", sure="yes") for browser, ahead in forms
    ]
    assert (first.status, other.status) == (200, 409)
    assert engine.flow.items.get(number).version == 2


def test_what_was_done_is_told_in_words_not_keys(
    served: Served, office: Browser
) -> None:
    number = served.engine.collect().number
    form = office.get(form_of("assessments.request", number))
    ahead = office.press(form, "do=preview", kind="legality", assessor="法律顾问")
    assert f"{number} 合法性审查评估" in ahead.text
    done = office.press(ahead, "do=done")
    assert f"{number} 合法性审查评估 已委托" in done.text
    assert "legality" not in done.text
    assert "legality" not in office.get("todo.html").text
    served.engine.frozen(2099)
    assert "2099年全市清单" in office.get("items.html").text
    form = office.get("act-lists.confirm.html?key=list/2099/city")
    assert "2099年全市清单" in form.text
    assert "2099/city" not in form.text


def test_what_ends_an_item_is_asked_again(served: Served, office: Browser) -> None:
    number = served.engine.collect().number
    form = office.get(form_of("items.reject", number))
    ahead = office.press(form, "do=done", reason="not_ours", referred_to="education")
    assert "还没有办理" in ahead.text
    assert "sure" in ahead.form.choices
    assert served.engine.flow.items.get(number).version == 1
    assert "已办理" in office.press(ahead, "do=done", sure="yes").text


def test_a_refusal_stands_beside_its_field_and_in_the_log(
    served: Served, office: Browser
) -> None:
    engine = served.engine
    number = engine.collect().number
    form = office.get(form_of("items.screen", number))
    typed = {"scores__urgency": "八十", "scores__fundamentality": "70"}
    refused = office.press(form, "do=preview", **typed)
    assert refused.status == 400
    assert refused.refused() == ["scores.urgency"]
    assert refused.form.fields["scores.urgency"] == "八十"
    typed = {"scores__urgency": "70", "scores__fundamentality": ""}
    refused = office.press(form, "do=done", **typed)
    assert refused.status == 403
    assert refused.refused() == ["scores.fundamentality"]
    log = engine.flow.records.refusals(about=number)
    assert [each.act for each in log] == ["screen"]
    unit = served.browser(f"op-{engine.operator.unit}")
    lacks = unit.press(form, "do=done", **typed, token=unit.token)
    assert "可以这样做" in lacks.text
    assert engine.flow.items.get(number).version == 1


def test_two_people_propose_and_confirm_at_two_desks(
    served: Served, office: Browser, second: Browser
) -> None:
    engine = served.engine
    number = engine.item(State.LISTED).number
    file = form_of("items.cancel", number)
    ahead = office.press(office.get(file), "do=preview", reason_code="not_ours")
    assert "须由两人办理" in ahead.text
    assert "零工市场" in ahead.text
    done = office.press(ahead, "do=done")
    assert "已提请" in done.text
    waiting = engine.flow.proposals.waiting()
    assert [made.act for made in waiting] == [TwoPeople.CANCEL]
    page = "proposal-" + waiting[0].key.partition("/")[2] + ".html"
    own = office.get(page)
    assert [value for _, value in own.form.buttons] == ["withdraw"]
    told = office.press(own, "do=approve")
    assert told.status == 403
    assert waiting[0].key.partition("/")[2] in second.get("proposals.html").text
    assert page in second.get("todo.html").form.links
    shown = second.get(page)
    assert waiting[0].seen not in shown.text
    assert "零工市场" in shown.text
    approved = second.press(shown, "do=approve")
    assert approved.status == 200
    assert "approve" not in [value for _, value in approved.form.buttons]
    assert engine.flow.items.get(number).state is State.CLOSED
    assert second.press(shown, "do=approve").status == 200
    assert engine.flow.items.get(number).version == 6


def test_a_unit_asks_to_drop_an_entry_and_the_office_sees_why(
    served: Served, second: Browser
) -> None:
    engine = served.engine
    number = engine.item(State.STARRED).number
    unit = served.browser(engine.operator.id)
    file = form_of("ledgers.drop", number)
    assert file in unit.get(f"item-{number}.html").form.links
    ahead = unit.press(unit.get(file), "do=preview", reason="conditions_not_ready")
    assert "须由两人办理" in ahead.text
    assert "已提请" in unit.press(ahead, "do=done").text
    (made,) = engine.flow.proposals.waiting()
    page = "proposal-" + made.key.partition("/")[2] + ".html"
    assert page in second.get("todo.html").form.links
    shown = second.get(page)
    assert "移出任务台账" in shown.text
    assert "条件暂不具备" in shown.text
    assert second.press(shown, "do=approve").status == 200
    unit_ledger = f"task-ledger.html?unit={engine.operator.unit}"
    assert "暂缓（条件暂不具备）" in unit.get(unit_ledger).text
    lines = unit.get(unit_ledger.replace(".html", ".csv")).html.splitlines()
    assert any(number in line and "条件暂不具备" in line for line in lines)


def test_what_moved_since_its_proposal_cannot_be_confirmed(
    served: Served, office: Browser, second: Browser
) -> None:
    engine = served.engine
    number = engine.item(State.LISTED).number
    values = {"item": number, "reason": "not_ours"}
    made = engine.flow.proposals.propose(TwoPeople.CANCEL, values, by=engine.office)
    page = "proposal-" + made.key.partition("/")[2] + ".html"
    old = second.get(page)
    office.act(form_of("items.amend", number), corrections__title="新标题")
    refused = second.press(old, "do=approve")
    assert refused.status in {403, 409}
    assert "提请之后有变动" in refused.text
    assert "更正" in refused.text
    assert [value for _, value in refused.form.buttons] == ["withdraw"]
    assert "已撤回" in second.press(refused, "do=withdraw").text


def test_the_second_person_opens_a_list_that_does_not_exist_yet(
    served: Served, second: Browser
) -> None:
    engine = served.engine
    values = opening_values(opening(engine))
    made = engine.flow.proposals.propose(TwoPeople.OPEN, values, by=engine.office)
    page = "proposal-" + made.key.partition("/")[2] + ".html"
    shown = second.get(page)
    assert shown.status == 200
    assert not [link for link in shown.form.links if link.startswith("list-")]
    approved = second.press(shown, "do=approve")
    assert approved.status == 200
    assert [link for link in approved.form.links if link.startswith("list-")]


def test_every_to_do_leads_to_a_form_or_a_page(served: Served, office: Browser) -> None:
    engine = served.engine
    for state in (State.COLLECTED, State.JUDGED, State.EXECUTED, State.ADJUSTED):
        engine.item(state)
    links = [
        link
        for link in office.get("todo.html").form.links
        if link.startswith(("act-", "item-", "proposal-", "list-"))
    ]
    assert len(links) > 8
    for link in dict.fromkeys(links):
        assert office.get(link).status == 200, link
    together = "act-lists.confirm_all.html?period=2099"
    assert [link for link in links if "lists.confirm" in link] == [
        together,
        "act-lists.confirm.html?key=list%2F2099%2Fcity",
    ]
    assert "已提请" in office.act(together).text
    assert together not in office.get("todo.html").form.links


def test_a_task_that_was_sent_back_is_retained_from_its_to_do(served: Served) -> None:
    engine = served.engine
    plan, their = engine.plan(), engine.post(Role.OPERATOR, "500102")
    tasks = tuple(replace(task, unit="500102") for task in plan.tasks)
    number = engine.bring(State.LISTED).number
    engine.assign(number, replace(plan, tasks=tasks))
    key = plan.tasks[0].key
    engine.flow.tasks.return_(number, key, "lacks_means", "无", by=their)
    lead = served.browser(engine.operator.id)
    links = [each for each in lead.get("todo.html").form.links if number in each]
    file = next(link for link in links if link.startswith("act-tasks.retain"))
    assert f"item-{number}.html" in links
    assert lead.act(file, reason="场地由街道解决").status == 200
    (settled,) = engine.flow.tasks.returns(item=number)
    assert settled.made.answer == "场地由街道解决"


def test_the_page_of_a_list_offers_what_its_reader_may_do_with_it(
    served: Served, office: Browser
) -> None:
    engine = served.engine
    key, own = engine.frozen(2099), f"list/2099/{UNIT}"

    def offered(browser: Browser, page: str) -> list[str]:
        acts = [each for each in browser.get(page).form.links if "act-lists" in each]
        for link in acts:
            assert browser.get(link).status == 200, link
        return [re.sub(r"act-lists\.|\.html.*", "", link) for link in acts]

    own_page, head = list_file(own), engine.post(Role.UNIT_HEAD, UNIT).id
    assert offered(office, own_page) == ["confirm", "confirm_all"]
    assert offered(served.browser(head), own_page) == ["confirm"]
    assert offered(served.browser("auditor-1"), own_page) == []
    assert offered(office, "list-2099.html") == ["confirm", "supplement"]
    engine.flow.lists.confirm(key, by=engine.office, second=engine.second)
    publisher = served.browser(engine.post(Role.PUBLICITY).id)
    assert offered(publisher, "list-2099.html") == ["publish"]


@pytest.mark.parametrize("state", list(State))
def test_an_items_page_offers_what_is_possible_and_says_why_not_the_rest(
    served: Served, office: Browser, state: State
) -> None:
    engine = served.engine
    number = engine.item(state).number
    shown = office.get(f"item-{number}.html")
    steps = engine.flow.items.possible(number, engine.office)
    before = shown.html.split('<h2 id="facts">')[0]
    offered = re.findall(r'class="button" href="act-([^?"]+)\.html\?number', before)
    assert offered == [step.act for step in steps if step.possible]
    assert shown.html.count('aria-current="step"') == (state in MAIN_LINE)
    for link in shown.form.links:
        if link.startswith("act-"):
            assert office.get(link).status == 200, link
    assert "其余各步" in shown.text


def test_acts_beside_the_steps_are_offered_to_whom_the_table_gives_them(
    served: Served,
) -> None:
    engine = served.engine
    number = engine.item(State.ASSIGNED).number
    organization = engine.flow.rulebook.active().organization
    duties = {
        "appeals.link": "import", "appeals.unlink": "import", "tasks.report": "report",
        "tasks.excuse": "excuse", "meetings.hold": "deliberate",
        "assessments.request": "assess", "items.attach": "report",
    }  # fmt: skip
    seen = set()
    for role in Role:
        post = next((each for each in organization.people if role in each.roles), None)
        if post is None:
            continue
        permissions = [each for name in post.roles for each in organization.roles[name]]
        held = {duty for each in permissions for duty in each.duties}
        shown = served.browser(post.id).get(f"item-{number}.html")
        offered = set(re.findall(r"act-([a-z_]+\.[a-z_]+)\.html", shown.html))
        expected = {act for act, duty in duties.items() if duty in held}
        assert offered & set(duties) == expected, post.id
        seen.add(frozenset(expected))
    assert len(seen) > 2, "the posts differ"


def test_a_form_about_a_rating_shows_it_and_what_was_answered(
    served: Served, office: Browser
) -> None:
    engine = served.engine
    engine.flow.ratings.add([rating(1, RatingLevel.DISSATISFIED)], by=engine.office)
    form = office.get("act-ratings.answer.html?transaction=T1")
    assert "不满意" in form.text
    assert "act-ratings.object_to.html?transaction=T1" in form.form.links
    done = office.act(form.file, answer="已补发")
    assert "已办理" in done.text
    other = served.browser(engine.second.id)
    shown = other.get("act-ratings.verify.html?transaction=T1")
    assert "答复\uff1a已补发" in shown.text
    verified = other.act(shown.file, finding="属实", accept="yes")
    assert "已办理" in verified.text


def test_who_confirms_a_list_sees_it_whole_and_what_changed(
    served: Served, office: Browser
) -> None:
    engine = served.engine
    item, key = engine.bring(State.LISTED), "list/2099/city"
    number = item.number
    engine.flow.lists.confirm(key, by=engine.office, second=engine.second)
    engine.flow.lists.publish(key, by=engine.post(Role.PUBLICITY))
    engine.flow.items.amend(number, {"title": "更正后的标题"}, by=engine.second)
    made = engine.flow.proposals.propose("confirm", {"edition": key}, by=engine.second)
    page = office.get("proposal-" + made.key.partition("/")[2] + ".html")
    assert f"{number} 标题 {item.title} 更正后的标题" in page.text
    whole = office.get("list-2099-edition-2.html")
    assert "list-2099-edition-2.html" in page.form.links
    assert "修订稿" in whole.text
    assert "更正后的标题" in whole.text
    force = office.get("list-2099.html").text
    assert "更正中" in force
    assert "更正后的标题" not in force
    done = office.press(page, "do=approve")
    assert engine.flow.lists.get(key).state.label == "已确认", done.text
