"""A page asks the database the same number of times for many items as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.running import build, copy
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.reports import pages
from huimin_flow.reports.cockpit import cockpit_page
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.editions import list_page
from huimin_flow.shell.pages import made, site, written
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.statements import recorded

MONTH = "2023-11"


def statements(desk: Desk, build: Callable[..., Page], about: str, into: Path) -> int:
    """Return the number of statements of a page."""
    with recorded(door_of(desk.flow).own) as texts:
        assert made(desk.flow, build, about, into).is_file()
    return len(texts)


def test_pages_of_a_month_take_the_same_statements_for_many_items(
    desk: Desk, tmp_path: Path
) -> None:
    number = build(desk, 5)
    desk.clock.set(at_hour(date(2023, 12, 8), 10))
    tick(desk.flow, desk.clock.now())
    copy(desk, number, 1, first=550_001)  # recorded after the month's cut

    def taken() -> list[int]:
        return [
            statements(desk, page, MONTH, tmp_path)
            for page in (pages.month_page, pages.progress_page)
        ]

    few = taken()
    copy(desk, number, 50, first=600_001)
    assert taken() == few
    assert max(few) <= 26


def test_a_lists_page_reads_its_items_at_once(desk: Desk, tmp_path: Path) -> None:
    counts = []
    for _ in range(2):
        listed = desk.bring(State.LISTED)
        key = listed.edition or ""
        counts.append(statements(desk, list_page, key, tmp_path))
    assert counts[0] == counts[1] <= 12


def test_an_items_page_takes_the_same_statements_for_a_longer_history(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.bring(State.ASSIGNED).number
    desk.report(number)
    before = statements(desk, pages.item_page, number, tmp_path)
    copy(desk, number, 50)
    desk.execute(number)
    desk.evaluate(number)
    # What was executed has no task to send back, which is a question less.
    assert statements(desk, pages.item_page, number, tmp_path) == before - 1 <= 53


def test_the_cockpit_takes_the_same_statements_for_more_items(
    desk: Desk, tmp_path: Path
) -> None:
    number = build(desk, 5)
    desk.clock.set(at_hour(date(2023, 12, 8), 10))

    def cockpit() -> list[str]:
        with recorded(door_of(desk.flow).own) as texts:
            written(desk.flow, cockpit_page, tmp_path)
        return texts

    before = cockpit()
    copy(desk, number, 50, first=600_001)
    after = cockpit()
    assert len(after) == len(before) <= 61
    begun = [text for text in after if text.startswith("BEGIN")]
    assert len(begun) <= 1, "one snapshot"
    assert not [text for text in after if text.startswith(("INSERT", "UPDATE"))]


def test_a_site_asks_for_a_months_sheet_once(desk: Desk, tmp_path: Path) -> None:
    build(desk, 5)
    desk.clock.set(at_hour(date(2023, 12, 8), 10))
    tick(desk.flow, desk.clock.now())
    with recorded(door_of(desk.flow).own) as texts:
        written = site(desk.flow, tmp_path / "site")
    sheets = [path for path in written if path.name.startswith("progress-")]
    # The pages of rows ask for the line of each report, too.
    of_rows = "huimin_progress.line \nFROM"
    asked = [
        text
        for text in texts
        if "huimin_progress.evidence" in text and of_rows not in text
    ]
    months = {"2023-10", "2023-11", "2023-12"}
    too = [
        path for path in written if path.name.startswith(("item-", "list-", "burden-"))
    ]
    too += [
        path
        for path in written
        if path.name.startswith("unit-") and "应达" in path.read_text("utf-8")
    ]
    too += [Path("index.html")]  # both months of it rest on the same reports
    assert len(asked) == len(months) + len(too), "others show it, too"
    assert {path.stem.removeprefix("progress-") for path in sheets} == months
