"""Every kind of page is open to all: axe finds nothing, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Shown

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe 未安装")

#: One page of each kind, a short one: axe looks at every cell.
PAGES = (
    "index",
    "items",
    "item-2024-000001",
    "lists",
    "list-2024",
    "months",
    "month-2022-12",
    "why-2024-01-500101",
    "quarters",
    "quarter-2022Q4",
    "boards-2022Q4",
    "progress",
    "progress-2024-01",
    "services",
    "services-2024",
    "units",
    "unit-500101",
    "demands",
    "deliberations",
    "meeting-2023-0001",
    "funnel-2023",
    "third-parties",
    "hot-problems",
    "answer-rates",
    "points-coverage",
    "burden-2022-12",
    "digests",
    "digest-2023Q4-500101",
    "survey-2022-000001-01",
)


def violations(tab: Any) -> list[str]:
    """Return what axe finds on the page in a tab."""
    found = axe.Axe().run(tab).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def test_there_is_a_page_of_every_kind(pages: Path) -> None:
    kinds = {path.stem.partition("-")[0] for path in pages.glob("*.html")}
    assert kinds == {name.partition("-")[0] for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_phone_and_desk_in_light_and_dark(
    name: str, pages: Path, chromium: Any
) -> None:
    with Shown(chromium, pages / f"{name}.html", 390) as shown:
        for width, scheme in ((390, "dark"), (1440, "light")):
            shown.widen(width)
            shown.page.emulate_media(color_scheme=scheme)
            assert violations(shown.page) == [], (width, scheme)
        grounds = set()
        for scheme in ("light", "dark"):
            shown.page.emulate_media(color_scheme=scheme)
            style = "getComputedStyle(document.body).backgroundColor"
            grounds.add(shown.page.evaluate(style))
        assert len(grounds) == 2, "light and dark look the same"
        assert shown.complaints == []
        assert len(shown.asked) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["month-2023-11", "services-2023", "progress-2023-11"])
def test_every_text_stands_out_from_its_ground(
    name: str, scheme: str, pages: Path, chromium: Any
) -> None:
    only = {"runOnly": ["color-contrast"]}
    with Shown(chromium, pages / f"{name}.html", 1440) as shown:
        shown.page.emulate_media(color_scheme=scheme)
        assert axe.Axe().run(shown.page, options=only).response["violations"] == []


def test_by_keyboard_the_first_stop_leads_past_the_navigation(
    pages: Path, chromium: Any
) -> None:
    with Shown(chromium, pages / "month-2023-11.html", 1440) as shown:
        tab = shown.page
        tab.keyboard.press("Tab")
        first = "document.activeElement.getAttribute('href')"
        assert tab.evaluate(first) == "#main"
        assert tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.id") == "main"
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.closest('main') !== null")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert tab.evaluate(outline) == "solid"


def test_the_navigation_says_where_one_is(pages: Path, chromium: Any) -> None:
    for name, current, told in (
        ("months", "月度", "page"),
        ("month-2023-11", "五色图", "true"),
        ("unit-500101", "单位", "true"),
        ("item-2022-000001", "事项", "true"),
    ):
        with Shown(chromium, pages / f"{name}.html", 1440) as shown:
            marked = shown.page.locator("header nav [aria-current]")
            assert marked.count() == 1
            assert marked.get_attribute("aria-current") == told
            assert told == "page" or current in marked.inner_text()


def test_no_page_has_a_style_or_a_script_of_its_own(pages: Path) -> None:
    for path in pages.glob("*.html"):
        text = path.read_text("utf-8")
        assert text.count("<style") == 1, path.name
        assert not re.search(r"\sstyle=|<script|\son[a-z]+=", text), path.name
        assert "style-src 'sha256-" in text
        assert "unsafe-inline" not in text
