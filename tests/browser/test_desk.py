"""An item's whole life at the desk: three people, a real Chromium, no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import State, TwoPeople
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.states.table import MAIN_LINE
from huimin_flow.testing import MORNING, Desk
from huimin_flow.testing.agreed import ask
from tests.browser.test_pages import STICKS_OUT
from tests.conftest import CONFIG
from tests.desk.server import Served, served

#: The most clicks for all of it, besides texts and choices by the keyboard. Nine are
#: for the meeting: its minutes are attached, and it is closed.
MOST = 65

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe 未安装")


@dataclass
class Person:
    """Somebody at a browser of their own, who acts as a post; all is written down."""

    post: str
    page: Any
    address: str
    told: list[str]
    clicks: int = 0
    choices: int = 0
    complaints: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(5000)
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.add(request.url))
        self.page.goto(f"{self.address}sign-in.html")
        self.choose("以哪个岗位办理", self.post)
        self.press("用这个岗位")

    def _click(self, what: str, place: Any) -> None:
        self.clicks += 1
        self.told.append(f"{self.post:10} 点击 {what}")
        place.click()

    def press(self, text: str) -> None:
        self._click(text, self.page.get_by_role("button", name=text).first)

    def follow(self, text: str) -> None:
        link = self.page.get_by_role("link", name=re.compile(f"^{text}"))
        self._click(text, link.first)

    def enter(self, act: str) -> None:
        """Follow the link to the form of an act, about nothing yet."""
        self._click(act, self.page.locator(f'a[href="act-{act}.html"]').first)

    def say(self, group: str, yes: str) -> None:
        legend = self.page.get_by_role("group", name=group).last
        self._click(f"{group} {yes}", legend.get_by_label(yes, exact=True).first)

    def choose(self, label: str, value: str) -> None:
        """Choose from a list by the keyboard."""
        self.choices += 1
        self.told.append(f"{self.post:10} 选择 {label}:{value}")
        self.page.get_by_role("combobox", name=label).first.select_option(value)

    def write(self, within: str = "", /, **texts: str) -> None:
        """Write into the inputs of these names within a value."""
        for name, text in texts.items():
            self.told.append(f"{self.post:10} 填写 {within}{name}:{text}")
            self.page.locator(f'[name="{within}{name}"]').fill(text)

    def do(self, *, sure: bool = False) -> None:
        """Preview, and do it."""
        self.press("预览")
        assert "还没有办理" in self.page.inner_text("main")
        if sure:
            box = self.page.locator('[name="sure"]')
            self._click("我已核对", box)
        self.press("办理")
        done = self.page.locator(".done").inner_text()
        self.told.append(f"{self.post:10} ……{' '.join(done.split())}")


@pytest.fixture(scope="module")
def world(
    book: Rulebook, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Flow]]:
    """A desk on a rehearsal whose appeals have come in and whose list is frozen."""
    folder = tmp_path_factory.mktemp("desk")
    url = f"sqlite:///{folder}/huimin.db"
    clock = RehearsalClock(MORNING)
    with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
        engine = Desk(flow, clock)
        flow.appeals.add_all(engine.appeals(3), by=engine.office)
        engine.frozen(2099)
        for state in (State.SCREENED, State.LISTED, State.ASSIGNED, State.REJECTED):
            engine.item(state, title="已有的事项")
        moment = f"{MORNING:%Y-%m-%dT%H:%M:%S+00:00}"
        with served(url, CONFIG, folder, "--now", moment) as desk:
            yield desk, flow


@pytest.fixture
def come(
    world: tuple[Served, Flow], chromium: Any
) -> Iterator[Callable[[str, list[str]], Person]]:
    contexts = []

    def person(post: str, told: list[str]) -> Person:
        browser = chromium.context.browser
        context = browser.new_context(java_script_enabled=False, locale="zh-CN")
        contexts.append(context)
        return Person(post, context.new_page(), world[0].address, told)

    yield person
    for context in contexts:
        context.close()


def collected(clerk: Person, flow: Flow) -> str:
    """A clerk collects an item; return its number."""
    clerk.follow("我的待办")
    clerk.enter("items.collect")
    clerk.write("demand.", title="零工市场缺少候工区")
    clerk.choose("来源类型", "problem")
    clerk.choose("业务板块", "employment")
    clerk.do()
    return max(item.number for item in flow.items.list())


def decided(office: Person, number: str) -> None:
    """The office links an appeal, screens, judges, stars, and proposes to list it."""
    office.follow("我的待办")
    office.follow(number)
    office.follow("把诉求挂到事项上")
    office.choose("渠道", "media")
    office.write("appeals[1]", **{"[2]": "V1"})
    office.do()
    office.follow("筛选")
    office.write("scores.", urgency="100", fundamentality="\uff11\uff10\uff10")
    office.do()
    office.follow("登记未经召集")
    office.choose("主持人", "leader-1")
    office.choose("参会人 1", "office-1")
    office.choose("参会人 2", "office-2")
    office.write(minutes="逐项回答,\n一致同意")
    office.do()
    office.follow("研判")
    for question in ("想做", "可做", "能做", "该做"):
        office.say(question, "是")
    for question in ("wanted", "permitted", "capable", "warranted"):
        office.write(f"judgment.answers.{question}.", reason="群众多次反映")
    attributes = ("possibility", "feasibility", "perceptibility")
    office.write("judgment.scores.", **dict.fromkeys(attributes, "80"))
    office.do()
    office.follow("我的待办")
    office.follow("上传附件")
    office.page.locator('[name="content"]').set_input_files(
        {"name": "纪要.txt", "mimeType": "text/plain", "buffer": "一致同意".encode()}
    )
    office.press("办理")
    office.follow("我的待办")
    office.follow("办结.*leader-1")
    office.do(sure=True)
    office.follow("我的待办")
    office.follow("评星.*零工")
    dimensions = ("reach", "need", "perceptibility", "lasting")
    office.write("scores.", **dict.fromkeys(dimensions, "45"))
    office.write("expected.", value="85", low="80", high="90")
    office.do()
    office.follow("截止后增补")
    office.write(reason="群众急需")
    office.press("预览")
    office.press("提请")


def executed(clerk: Person) -> None:
    """The clerk assigns, reports and executes."""
    clerk.follow("我的待办")
    clerk.follow("分解任务.*零工")
    clerk.write(
        "plan.", deliverable="候工区", carrier="零工市场", path="选址、建设、验收",
        method="政府采购",
    )  # fmt: skip
    clerk.write("plan.satisfaction_measure.", population="求职者", size="30")
    clerk.choose("方式", "on_site")
    due = "2023-12-20"
    clerk.write(
        "plan.outcomes[1].", statement="求职者有室内候工处", counted="日均候工人数",
        mark="500", unit="人", due=due,
    )  # fmt: skip
    clerk.write(
        "plan.outcomes[2].", statement="马路候工消除", check="街道巡查记录", due=due
    )
    clerk.write("plan.tasks[1].", title="建设候工区", due="2023-12-20")
    clerk.write(
        "plan.tasks[1].indicators[1].",
        name="候工区", quote="新建候工区10处以上", value="10", unit="处",
    )  # fmt: skip
    clerk.do()
    clerk.follow("报送一个指标的月度进展")
    clerk.write("reports[1].", value="11")
    clerk.do()
    clerk.follow("执行完成")
    clerk.say("已完成", "是")
    clerk.do()


def ended(office: Person) -> None:
    """The office evaluates, adjusts and closes."""
    office.follow("我的待办")
    office.follow("评价.*零工")
    office.write("outcomes[1].", value="520", evidence="登记台账")
    office.write("outcomes[2].", evidence="巡查记录")
    office.choose("达成情况", "met")
    office.do()
    office.follow("动态调整")
    office.choose("处理建议", "continue")
    office.write(grounds="效果良好")
    office.do()
    office.follow("办结")
    office.do(sure=True)


def test_an_item_goes_through_its_nine_states_in_few_clicks_without_script(
    world: tuple[Served, Flow],
    come: Callable[[str, list[str]], Person],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    _, flow = world
    told: list[str] = []
    clerk, office, second = (
        come(post, told) for post in ("op-500101", "office-1", "office-2")
    )
    number = collected(clerk, flow)
    decided(office, number)
    second.follow("我的待办")
    second.follow("复核通过")
    assert "零工市场缺少候工区" in second.page.inner_text("main")
    second.press("复核同意")
    assert flow.items.get(number).state is State.LISTED
    executed(clerk)
    # The pages of a survey have tests of their own.
    frame = [f"c{n:03d}" for n in range(60)]
    ask(flow, number, frame, 30, 28, flow.people.actor("office-1"))
    ended(office)
    item = flow.items.get(number)
    assert item.state is State.CLOSED
    reached = [each.event.target for each in flow.items.history(number)]
    assert [state for state in reached if state in MAIN_LINE] == list(MAIN_LINE)
    people = (clerk, office, second)
    clicks = sum(person.clicks for person in people)
    choices = sum(person.choices for person in people)
    told.append(f"共点击{clicks}次,从列表选择{choices}次")
    (tmp_path / "desk-life.txt").write_text("\n".join(told), encoding="utf-8")
    record_property("clicks", clicks)
    record_property("choices", choices)
    assert clicks <= MOST, "\n".join(told)
    for person in people:
        assert person.complaints == []
        assert {url.split("/")[2] for url in person.asked} == {
            person.address.split("/")[2]
        }


def test_axe_finds_nothing_at_the_desk_and_nothing_sticks_out(
    world: tuple[Served, Flow], chromium: Any
) -> None:
    desk, flow = world
    numbers = {item.state: item.number for item in flow.items.list()}
    about = f"?number={numbers[State.LISTED]}"
    values = {"item": numbers[State.LISTED], "reason": "not_ours"}
    by = flow.people.actor("office-2")
    made = flow.proposals.propose(TwoPeople.CANCEL, values, by=by)
    files = [
        *("todo.html", "proposals.html", f"{made.key.replace('/', '-')}.html"),
        *(f"item-{number}.html" for number in numbers.values()),
        *("act-items.collect.html", "act-meetings.hold.html", "act-appeals.add.html"),
        f"act-items.judge.html?number={numbers[State.SCREENED]}",
        *(f"act-items.{step}.html{about}" for step in ("assign", "amend", "attach")),
    ]
    context = chromium.context.browser.new_context()
    office = Person("office-1", context.new_page(), desk.address, [])
    page = office.page
    for file in [*files, "refused", "preview"]:
        if file == "refused":
            page.goto(f"{desk.address}act-items.cancel.html{about}")
            page.evaluate("document.querySelector('main form').noValidate = true")
            office.press("预览")
        elif file == "preview":
            page.goto(f"{desk.address}act-items.cancel.html{about}")
            office.choose("理由代码", "not_ours")
            office.press("预览")
        else:
            page.goto(f"{desk.address}{file}")
        for width, scheme in ((390, "dark"), (1440, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            violations = axe.Axe().run(page).response["violations"]
            found = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in violations]
            assert found == [], (file, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(STICKS_OUT) == [], (file, width)
    wrong = [said for said in office.complaints if "status of 400" not in said]
    assert wrong == []
    context.close()
