"""Every kind of page of the desk, without script: axe finds nothing, nothing is asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.reports.listings import LISTINGS
from tests.browser.test_accessible import violations
from tests.desk.server import Served, served

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
    "burden-2023-10.html",
    "digest-2023Q4-500101.html",
    "receipt.html",
    "act-appeals.add.html",
    "sign-in.html",
    "items.html?limit=two",
    "no-such-page.html",
)


@pytest.fixture(scope="module")
def desk(
    played: Path, config: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A desk on a copy of the demo, on its last evening."""
    folder = tmp_path_factory.mktemp("desk-pages")
    shutil.copy(played / "out" / "demo.db", folder)
    url = f"sqlite:///{folder}/demo.db"
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
