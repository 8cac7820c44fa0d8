"""A real Chromium without a network, and the pages that the demo wrote."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright")

KINDS = (
    "index",
    "list-2023",
    "item-2022-000001",
    "month-2023-11",
    "quarter-2023Q4",
    "progress-2023-11",
    "services-2023",
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
        yield browser
        browser.close()


class Shown:
    """One page in a browser, and all that it complained about or asked for."""

    def __init__(self, browser: Any, path: Path, width: int) -> None:
        self.path = path
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, offline=True
        )
        self.page = self.context.new_page()
        self.page.on("console", lambda one: self.complaints.append(one.text))
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.page.on("request", lambda one: self.asked.append(one.url))
        self.page.goto(path.as_uri())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()
