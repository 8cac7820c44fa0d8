"""Every kind of page of the desk, without script: axe finds nothing, nothing is asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import FeedWay, ThirdPartyKind
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.flow import Flow
from huimin_flow.model.core.organization import Actor
from huimin_flow.reports import pages as site
from huimin_flow.reports.listings import LISTINGS
from huimin_flow.shell.pages import written
from tests.browser.conftest import Shown
from tests.browser.test_accessible import violations
from tests.desk.server import Served, served
from tests.flow.core.engaged import FINDINGS, FRAME, LATE, STAFF

#: The pages besides the lists: of each kind one.
PAGES = (
    "index.html",
    "todo.html",
    "proposals.html",
    "item-2024-000001.html",
    "act-items.screen.html?number=2024-000001",
    "act-items.collect.html",
    "list-2024.html",
    "months.html",
    "month-2022-12.html",
    "quarters.html",
    "boards-2023Q4.html",
    "boards-draft-2023Q4.html",
    "progress.html",
    "services.html",
    "units.html",
    "unit-500101.html",
    "import.html",
    "survey-2022-000001-01.html",
    "survey-draw-2022-000001.html",
    "survey-answers-2022-000001_01.html",
    "gather.html",
    "hot-problems.html",
    "points-coverage.html",
    "feeds.html",
    "feed-freshness.html",
    "practices.html",
    "practice-2024-0001.html",
    "replications.html",
    "engagements.html",
    "engagement-2023-000001-01.html",
    "act-engagements.answer.html?key=engagement%2F2023-000001%2F01",
    "act-replications.propose.html?practice=practice%2F2024-0001",
    "act-practices.shelve.html?number=2023-000002",
    "act-feeds.register.html",
    "act-items.reassign.html?number=2024-000001",
    "burden-2023-10.html",
    "digest-2023Q4-500101.html",
    "unit-year.html?unit=500101&year=2023",
    "spot-checks-mine.html",
    "spot-check-2024-0001.html",
    "act-spot_checks.plan.html",
    "review-2024-0001.html",
    "act-reviews.call.html",
    "item-2022-000013.html",
    "receipt.html",
    "act-appeals.add.html",
    "sign-in.html",
    "items.html?limit=two",
    "no-such-page.html",
)


#: An item on a good board, and the pages of a site that the demo has none of.
GOOD = "2023-000001"
OF_SITE = (
    "practices.html",
    "practice-2024-0001.html",
    "engagement-2023-000001-01.html",
    "feed-freshness.html",
    "rectifications.html",
    "item-2023-000001.html",
    "review-2024-0001.html",
)


def improved(url: str) -> None:
    """Let the demo's last day see a spot check, a meeting, an order, what it asks."""
    day = date(2024, 2, 29)
    clock = RehearsalClock(at_hour(day, 17), seed=5)
    with Flow.open(url, clock=clock) as flow:
        office, group = map(flow.people.actor, ("office-1", "supervision-1"))
        flow.spot_checks.plan("一季度暗访", by=group)
        meeting = flow.reviews.call(day, "leader-1", by=office).key
        flow.reviews.hold(meeting, ["office-1"], by=office)
        item = flow.items.get("2022-000013")
        flow.decisions.decide(meeting, "逐项说明滞后原因", item.unit, day, by=office)
        order = flow.orders.receive(
            item.number, "市政府督查室", "督〔2024〕1号", day, "限期整改", by=group
        )
        flow.rectifications.open(
            item.number, "督查指出滞后", order_key=order.key, by=office
        )
        judged(flow, office)


def judged(flow: Flow, office: Actor) -> None:
    """Let a third party report of an item, others take its practice up, a feed come."""
    flow.third_parties.register(
        "丁大学", ThirdPartyKind.UNIVERSITY, "有", "有", by=office
    )
    key = flow.engagements.plan(GOOD, "丁大学", "问卷与走访", LATE, by=office).key
    flow.engagements.enter(key, STAFF, "群众", FRAME, 5, by=office)
    file = flow.engagements.attach(key, "报告.txt", b"1", by=office).digest
    found = [replace(each, outcome="") for each in FINDINGS]
    flow.engagements.report(key, file, findings=found, by=office)
    kept = flow.practices.shelve(GOOD, "下沉镇街办事", "老人", by=office).key
    flow.replications.propose(kept, "500103", by=office)
    flow.feeds.register(
        "city-business", "业务系统", "智慧人社", office.unit, FeedWay.FILE,
        citywide=True, by=office,
    )  # fmt: skip


@pytest.fixture(scope="module")
def desk(
    played: Path, config: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A desk on a copy of the demo, on its last evening."""
    folder = tmp_path_factory.mktemp("desk-pages")
    shutil.copy(played / "out" / "demo.db", folder)
    url = f"sqlite:///{folder}/demo.db"
    improved(url)
    with served(url, config, folder, "--now", "2024-02-29T18:00") as running:
        yield running


@pytest.fixture(scope="module")
def tab(desk: Served, chromium: Any) -> Iterator[Any]:
    """A tab of somebody who acts as the office."""
    context = chromium.context.browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{desk.address}sign-in.html")
    page.get_by_role("combobox").select_option("office-1")
    page.get_by_role("button", name="用这个岗位").click()
    yield page
    context.close()


@pytest.mark.parametrize("file", [*PAGES, *(f"{name}.html" for name in LISTINGS)])
def test_a_page_of_the_desk_is_open_to_all_and_asks_for_nothing(
    file: str, desk: Served, tab: Any
) -> None:
    complaints: list[str] = []
    asked: set[str] = set()
    hears = {
        "console": lambda said: complaints.append(said.text),
        "request": lambda request: asked.add(request.url),
    }
    for name, hear in hears.items():
        tab.on(name, hear)
    for width, scheme in ((390, "dark"), (1440, "light")):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(color_scheme=scheme)
        answer = tab.goto(desk.address + file)
        wrong = {
            "no-such-page.html": 404,
            "items.html?limit=two": 400,
            "refusals.html": 403,
            "readings.html": 403,
        }
        assert answer.status == wrong.get(file, 200)
        assert violations(tab) == [], (width, scheme)
        assert tab.evaluate("document.documentElement.scrollWidth") == width
    for name, hear in hears.items():
        tab.remove_listener(name, hear)
    assert asked == {desk.address + file}
    # A browser itself says it where a page has another status than 200.
    assert [
        text for text in complaints if "the server responded with" not in text
    ] == []


@pytest.fixture(scope="module")
def of_site(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the pages of a site that the demo has none of."""
    folder = tmp_path_factory.mktemp("site-pages")
    shutil.copy(played / "out" / "demo.db", folder)
    url = f"sqlite:///{folder}/demo.db"
    improved(url)
    clock = RehearsalClock(at_hour(date(2024, 2, 29), 18), seed=6)
    with Flow.open(url, clock=clock, read_only=True) as flow:
        for file in OF_SITE:
            written(flow, site.page_of(file), folder)
    return folder


@pytest.mark.parametrize("file", OF_SITE)
def test_a_page_that_the_demo_has_none_of_is_open_to_all(
    file: str, of_site: Path, chromium: Any
) -> None:
    with Shown(chromium, of_site / file, 390) as shown:
        for width, scheme in ((390, "dark"), (1440, "light")):
            shown.widen(width)
            shown.page.emulate_media(color_scheme=scheme)
            assert violations(shown.page) == [], (width, scheme)
            assert shown.page.evaluate("document.documentElement.scrollWidth") == width
        assert shown.complaints == []
        assert len(shown.asked) == 1
