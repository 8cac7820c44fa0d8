"""A list's page: filters as a form, pages that follow each other, hostile words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest

from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.catalogue.terms import State
from huimin_flow.catalogue.typography import full_width
from huimin_flow.clock import at_hour
from huimin_flow.flow import Snapshot
from huimin_flow.flow.core.door import door_of
from huimin_flow.reports import listings
from huimin_flow.reports.core.list_pages import list_page, rows_of
from huimin_flow.reports.core.lists import Listing, Ref, asked_of
from huimin_flow.reports.core.render import Frame, Page, draw
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests import kept
from tests.kept import Kept
from tests.statements import recorded

EVERYWHERE = Frame(rehearsal=False, files=None)


def asked(desk: Desk, query: dict[str, str], listing: Listing = listings.items) -> Page:
    """Return the page of a list in a snapshot of its own."""
    with desk.flow.snapshot() as now:
        return list_page(now, listing, query)


def firsts(page: Page) -> list[str]:
    return [str(row[0]) for row in page.values["rows"]]


def problems(page: Page) -> dict[str, str]:
    """Return what is wrong, by the field beside which it stands."""
    return {
        each.name: each.problem for each in page.values["filters"] if each.problem
    } | dict.fromkeys(page.values["problems"], "")


def lives(desk: Desk) -> None:
    """Bring an item to its end, and another to be deferred."""
    desk.bring(State.CLOSED)
    desk.bring(State.DEFERRED)


lives_of_sqlite, lives_of_postgresql = kept.fixtures(lives, "module")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lived(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A desk that is only read."""
    world: Kept = request.getfixturevalue(f"lives_of_{request.param}")
    with world.desk(tmp_path_factory.mktemp("lived")) as desk:
        yield desk


@pytest.mark.parametrize("listing", listings.LISTINGS.values(), ids=listings.LISTINGS)
def test_each_list_has_a_page_whose_rows_fit_its_headings(
    lived: Desk, listing: Listing
) -> None:
    for language in Language:
        with speaking(language):
            page = asked(lived, {}, listing)
            assert page.values["clear"], problems(page)
            assert {len(row) for row in page.values["rows"]} <= {len(listing.head)}
            text = draw(page, EVERYWHERE)
            assert text.count("<label") == len(page.values["filters"])
            assert page.values["rows"] or full_width(page.values["empty"]) in text


def test_the_pages_of_a_list_follow_each_other_and_keep_the_filters(desk: Desk) -> None:
    numbers = [desk.collect(f"事项{n}").number for n in range(7)]
    desk.bring(State.JUDGED)
    seen, query = [], {"limit": "3", "state": "collected", "order": "最新"}
    while True:
        page = asked(desk, query)
        seen += firsts(page)
        if not (following := page.values["after"]):
            break
        assert "state=collected" in following
        assert "order=newest" in following
        query = {**query, "page": following.rpartition("page=")[2]}
    assert seen == numbers[::-1]
    assert page.values["before"].endswith("page=2")
    assert "limit=3" in page.values["before"]
    assert [str(kind) for kind, _ in page.values["files"]] == ["xlsx", "csv"]
    assert "state=collected" in page.values["files"][0][1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "foo"}, "state"),
        ({"state": "judged,foo"}, "state"),
        ({"unit": "没有的单位"}, "unit"),
        ({"stars": "x"}, "stars"),
        ({"stars": "-1"}, "stars"),
        ({"year": "9" * 30}, "year"),
        ({"due": "2023-13-01"}, "due"),
        ({"text": "长" * 1_000_000}, "text"),
        ({"text": "甲\u202e乙"}, "text"),
        ({"text": "甲\x00乙"}, "text"),
        ({"text": "13800138000"}, "text"),
        ({"edition": "list/2050/city"}, "edition"),
        ({"limit": "0"}, "limit"),
        ({"limit": "10000"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"page": "-1"}, "“-1”不是1至1000000的整数,按1计"),
        ({"page": "9"}, "没有第9页,显示末页"),
        ({"stat": "judged"}, "没有“stat”这个条件,没有用它"),
    ],
    ids=str,
)
def test_a_bad_value_is_said_beside_its_field_and_the_other_filters_count(
    desk: Desk, query: dict[str, str], field: str
) -> None:
    number = desk.collect("零工市场").number
    desk.collect("社保卡")
    other = {"text": "零工"} if "text" not in query else {"area": "employment"}
    page = asked(desk, query | other)
    assert list(problems(page)) == [field]
    assert not page.values["clear"]
    assert number in firsts(page)
    assert len(firsts(page)) == (1 if "text" in other else 2)
    text = unescape(draw(page, EVERYWHERE))
    assert "\u202e" not in text
    assert len(text) < 100_000
    shown = next(iter(query.values()))
    kept = {each.name: each.typed for each in page.values["filters"]}
    if field in kept:
        assert kept[field] == shown[:200]


def test_a_person_writes_names_words_and_full_width_signs(desk: Desk) -> None:
    number = desk.bring(State.STARRED, "零工市场缺少候工区").number
    desk.collect("零工市场")
    stars = desk.flow.items.get(number).stars
    assert stars
    for query in (
        {"state": "已评星"},
        {"state": "starred,judged"},
        {"stars": f"{stars}".translate({ord("0") + n: 0xFF10 + n for n in range(10)})},
        {"text": "候工区 零工", "unit": "万州"},
        {"text": number[5:], "stale": "", "limit": "1"},
    ):
        page = asked(desk, query)
        assert not problems(page)
        assert firsts(page) == [number], query
        assert isinstance(page.values["rows"][0][0], Ref)
    text = draw(asked(desk, {"state": "starred,judged"}), EVERYWHERE)
    assert '<option value="starred,judged" selected>' in text
    assert f'<a href="item-{number}.html">{number}</a>' in text


def test_a_filter_that_nobody_wrote_has_its_fixed_value_and_an_empty_one_has_none(
    desk: Desk,
) -> None:
    number = desk.bring(State.LISTED).number
    desk.flow.proposals.propose(
        "cancel", {"item": number, "reason": "duplicate"}, by=desk.office
    )
    proposal = desk.flow.proposals.waiting()[0].key
    desk.flow.proposals.withdraw(proposal, by=desk.office)
    assert firsts(asked(desk, {}, listings.proposals)) == []
    (shown,) = asked(desk, {"state": ""}, listings.proposals).values["rows"]
    assert shown[0] == proposal
    assert shown[0].file == "proposal-2023-0001.html"
    month = asked(desk, {}, listings.owing).values["filters"][0]
    assert (month.name, month.typed) == ("period", "2023-09")
    wrong = asked(desk, {"period": "2023"}, listings.owing)
    assert "2023" in " ".join(problems(wrong))


def test_a_list_of_a_month_leads_to_the_months_beside_it_but_not_ahead(
    desk: Desk,
) -> None:
    def around(period: str) -> list[str]:
        page = asked(desk, {"period": period} if period else {}, listings.owing)
        return [address.rpartition("=")[2] for _, address, _ in page.values["around"]]

    assert around("") == around("2023-09") == ["2023-08", "2023-10"]
    assert around("2023-10") == ["2023-09"]
    assert around("2023-13") == []
    wrong = asked(desk, {"period": "\x1b"}, listings.owing)
    assert list(problems(wrong)) == ["period"]
    assert not wrong.values["rows"]


def test_runs_of_jobs_lead_to_what_they_published(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    tick(desk.flow, desk.clock.now())
    rows = asked(desk, {"limit": "200"}, listings.runs).values["rows"]
    files = {row[1].file for row in rows if isinstance(row[1], Ref)}
    assert "month-2023-11.html" in files
    assert len(rows) == len(desk.flow.timetable.runs())
    assert [row[2] for row in rows] == sorted((row[2] for row in rows), reverse=True)


def test_all_rows_of_a_list_are_read_in_portions_for_a_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huimin_flow.reports.core.list_pages._TOGETHER", 2)
    for _ in range(5):
        desk.collect()
    with desk.flow.snapshot() as now:
        clear = asked_of(now, listings.items, {"limit": "1", "page": "3"})
        total, rows = rows_of(now, listings.items, clear, most=4)
        numbers = [_number(row) for row in rows]
    assert total == 5
    assert numbers == [item.number for item in desk.flow.items.list(limit=4)]


def _number(item: Any) -> str:
    return str(item.number)


def test_a_page_of_a_list_reads_as_much_whatever_the_number_of_items(
    desk: Desk,
) -> None:
    def statements() -> int:
        with recorded(door_of(desk.flow).own) as made, desk.flow.snapshot() as now:
            list_page(now, listings.items, {"limit": "2"})
        return len(made)

    for _ in range(3):
        desk.collect()
    few = statements()
    for _ in range(9):
        desk.collect()
    assert statements() == few


def test_the_page_of_a_site_has_every_item_under_an_anchor_of_its_state(
    desk: Desk,
) -> None:
    number = desk.bring(State.JUDGED, "<script>alert(1)</script>").number
    desk.collect("{{7*7}}")

    def site(now: Snapshot) -> Page:
        return listings.items_page(now)

    with desk.flow.snapshot() as now:
        text = draw(site(now), Frame(rehearsal=False, files={f"item-{number}.html"}))
    assert '<h2 id="judged">' in text
    assert '<h2 id="screened">' not in text
    assert text.count('<a href="item-') == 1
    assert "<script" not in text
    assert "{{7*7}}" in unescape(text)
