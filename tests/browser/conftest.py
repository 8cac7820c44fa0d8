"""A real Chromium without a network, and the pages that the demo wrote."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright")

KINDS = (
    "index",
    "lists",
    "months",
    "list-2023",
    "item-2022-000001",
    "month-2023-11",
    "quarter-2023Q4",
    "boards-2023Q4",
    "progress-2023-11",
    "services-2023",
    "burden-2023-10",
    "digest-2023Q4-500101",
    "survey-2022-000001-01",
)


@pytest.fixture(scope="session")
def pages(played: Path) -> Path:
    """The folder of the demo's pages."""
    return played / "out"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium; where it is missing, CI fails and others are told."""
    found = next(
        filter(
            None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
        ),
        None,
    )
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium")
        pytest.skip("没有 Chromium:页面测试未做")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        # One tab for all: a new one for each page costs ten times the page.
        yield browser.new_context(offline=True).new_page()
        browser.close()


class Shown:
    """One page in the browser's tab, and all that it complained about or asked for."""

    def __init__(self, tab: Any, path: Path, width: int) -> None:
        self.path = path
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page = tab
        self.heard: dict[str, Callable[[Any], None]] = {
            "console": lambda one: self.complaints.append(one.text),
            "pageerror": lambda one: self.complaints.append(str(one)),
            "request": lambda one: self.asked.append(one.url),
        }
        self.widen(width)
        for name, hear in self.heard.items():
            tab.on(name, hear)
        tab.goto(path.as_uri())

    def widen(self, width: int) -> None:
        """Give the window another width; the page lays itself out anew."""
        self.page.set_viewport_size({"width": width, "height": 900})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the tab as it was: empty, for screens, with nobody listening."""
        for name, hear in self.heard.items():
            self.page.remove_listener(name, hear)
        self.page.goto("about:blank")
        self.page.emulate_media(media="null")


@dataclass(frozen=True)
class Look:
    """What one look at a page showed."""

    asked: list[str]
    complaints: list[str]
    title: str
    language: str | None
    links: list[str]
    marks: set[str]


@pytest.fixture(scope="module")
def looks(pages: Path, chromium: Any) -> dict[Path, Look]:
    """One look at every page of the demo, at a desk."""
    found = {}
    for path in sorted(pages.glob("*.html")):
        with Shown(chromium, path, 1280) as shown:
            page = shown.page
            links = "all => all.map(one => one.getAttribute('href'))"
            marks = "all => all.map(one => one.id)"
            found[path] = Look(
                asked=shown.asked,
                title=page.title(),
                language=page.get_attribute("html", "lang"),
                links=page.eval_on_selector_all("a", links),
                marks=set(page.eval_on_selector_all("[id]", marks)),
                complaints=shown.complaints,
            )
    return found
