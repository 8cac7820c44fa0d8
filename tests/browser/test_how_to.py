"""The how-to for the browser, followed word by word in a real Chromium without script.

What is bold is pressed, or filled with the text that follows it; what is quoted must
stand on the page.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from tests.conftest import CONFIG
from tests.desk.server import served

HOW_TO = Path(__file__).parents[2] / "docs/how-to/work-in-the-browser.zh-CN.md"

#: A bold word with what to write into it, a text that is written again, or a quotation.
STEP = re.compile(
    r"\*\*(?P<bold>[^*]+)\*\*(?:[^*`“\n]{0,9}`(?P<text>[^`]+)`)?"
    r"|`(?P<again>[^`]+)`|“(?P<quoted>[^”]+)”"
)


def press(page: Any, name: str) -> None:
    """Follow a link, press a button or tick a box that begins with a name."""
    begins = re.compile(f"^{re.escape(name)}")
    for role in ("checkbox", "radio"):
        if (boxes := page.get_by_role(role, name=begins)).count():
            boxes.first.check()
            return
    links = page.get_by_role("link", name=begins)
    place = links if links.count() else page.get_by_role("button", name=begins)
    assert place.count(), (name, page.inner_text("main"))
    with page.expect_navigation():  # the next step is one on the next page
        place.first.click()


def test_a_clerk_works_in_the_browser_as_the_how_to_says(
    played: Path, chromium: Any, tmp_path: Path
) -> None:
    shutil.copy(played / "out" / "demo.db", tmp_path / "demo.db")
    text = HOW_TO.read_text("utf-8").split("```")[2]
    context = chromium.context.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(5000)
    url, now = f"sqlite:///{tmp_path}/demo.db", "2024-03-01T09:30"
    steps = 0
    with served(url, CONFIG, tmp_path, "--now", now) as desk:
        page.goto(desk.address)
        last = ""
        for step in STEP.finditer(text):
            steps += 1
            if quoted := step["quoted"]:
                wanted = quoted.replace(" ", "")
                main = page.inner_text("main").replace(" ", "")
                assert wanted in main, (quoted, page.url)
            elif written := step["text"] or step["again"]:
                last = step["bold"] or last
                field = page.get_by_label(re.compile(f"^{last}")).first
                if field.evaluate("field => field.tagName") == "SELECT":
                    field.select_option(written)
                else:
                    field.fill(written.strip())
            else:
                press(page, step["bold"])
    context.close()
    assert steps > 30
