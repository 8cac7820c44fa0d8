"""Lists on the desk are open to all, fit a phone, and are used without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import State
from huimin_flow.clock import FollowingClock
from huimin_flow.reports.listings import LISTINGS
from huimin_flow.testing import rehearsal
from tests.browser.conftest import Shown
from tests.browser.test_accessible import violations
from tests.desk.asking import asking

#: Pages by name: each list, and one with filters that are not clear.
ADDRESSES = {name: f"{name}.html" for name in LISTINGS if name != "refusals"} | {
    "unclear": "items.html?state=foo&stars=x&due=y&limit=5&page=2&zzz=1",
    "missing": "month-2030-01.html",
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of the desk's pages."""
    into = tmp_path_factory.mktemp("lists")
    with rehearsal() as desk:
        for state in State:
            desk.bring(state, f"零工市场缺少候工区{'长' * 60}")
        number = desk.bring(State.LISTED).number
        values = {"item": number, "reason": "duplicate"}
        desk.flow.proposals.propose("cancel", values, by=desk.office)
        asker = asking(desk.flow, FollowingClock(desk.clock.now(), stands=True))
        for name, address in ADDRESSES.items():
            (into / f"{name}.html").write_bytes(asker.get(address).body)
        yield into


@pytest.mark.parametrize("name", ADDRESSES)
def test_axe_finds_nothing_on_a_list_and_it_fits_each_screen(
    name: str, drawn: Path, chromium: Any
) -> None:
    with Shown(chromium, drawn / f"{name}.html", 390) as shown:
        for width, scheme in ((390, "dark"), (1440, "light"), (1920, "light")):
            shown.widen(width)
            shown.page.emulate_media(color_scheme=scheme)
            over = "document.documentElement.scrollWidth - innerWidth"
            assert shown.page.evaluate(over) <= 0, width
            if width < 1920:
                assert violations(shown.page) == [], (width, scheme)
        assert not shown.complaints
        assert {address[:5] for address in shown.asked} == {"file:"}


def test_a_number_and_a_day_stand_in_one_line_beside_long_titles(
    drawn: Path, chromium: Any
) -> None:
    lines = """all => all.filter(one => /^[0-9]{4}-[0-9]{2,6}/.test(one.textContent.trim()))
        .map(one => { const text = document.createRange(); text.selectNodeContents(one);
        return new Set([...text.getClientRects()].map(box => box.top)).size; })"""
    for name in ("demands", "demand-changes"):
        with Shown(chromium, drawn / f"{name}.html", 1440) as shown:
            seen = shown.page.eval_on_selector_all("tbody th, tbody td", lines)
            assert (len(seen) > 5, set(seen)) == (True, {1}), name


def test_the_filters_of_a_list_are_reached_by_keyboard_in_their_order(
    drawn: Path, chromium: Any
) -> None:
    with Shown(chromium, drawn / "items.html", 1440) as shown:
        page = shown.page
        page.focus("form.filters input")
        reached = []
        for _ in range(40):
            reached.append(page.evaluate("document.activeElement.name || ''"))
            if page.evaluate("document.activeElement.type") == "submit":
                break
            page.keyboard.press("Tab")
        names = list(dict.fromkeys(filter(None, reached)))
        drawn_names = page.eval_on_selector_all(
            "form.filters [name]", "all => all.map(one => one.name)"
        )
        assert names == drawn_names
        assert names[0] == "text"
