"""The year's page of services says what another hand gets from the raw rows (D3, E4)."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from huimin_flow.catalogue.typography import full_width
from tests.acceptance.recompute_prompt import BAD, day_of
from tests.acceptance.recompute_services import Services

SAVED = ("steps", "documents", "days", "visits")
OBJECTS = {"机构": "institution", "窗口": "window", "人员": "person"}


class Page:
    """A page's sections by their headings, each with its tables as texts."""

    def __init__(self, folder: Path, year: str) -> None:
        text = (folder / f"services-{year}.html").read_text("utf-8")
        self.day = re.findall(r"按(\d{4}-\d\d-\d\d)已收到", text)[0]
        self.year = year
        self.again = Services(str(folder / "demo.db"), date.fromisoformat(self.day))
        self.sections = {
            plain(part.partition("</h")[0].partition(">")[2]): part
            for part in re.split(r"(?=<h[23]>)", text)[1:]
        }
        book = self.again.book
        rated = {one["unit"] for one in self.again.rows}
        rated |= {one["unit"] for one in book["services"]["items"]}
        self.units = {
            one["name"]: one["code"]
            for one in book["organization"]["units"]
            if one["code"] in rated
        }
        known = book["services"]["items"]
        self.items = {full_width(one["name"]): one["key"] for one in known}
        self.channels = {name: key for key, name in book["channels"]["service"].items()}

    def rows(self, heading: str) -> list[list[str]]:
        (found,) = (one for name, one in self.sections.items() if name == heading)
        return [
            [plain(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)]
            for row in re.findall(r"<tr.*?>(.*?)</tr>", found, re.DOTALL)
        ]

    def by_month(self, heading: str) -> dict[tuple[str, str], str]:
        """Return (unit, month) → what the table says; a month of all is 合计."""
        head, *lines = self.rows(heading)
        months = [f"{self.year}-{int(one.removesuffix('月')):02}" for one in head[1:-1]]
        return {
            (self.units.get(unit, unit), month): cell
            for unit, *cells in lines
            for month, cell in zip((*months, "合计"), cells, strict=True)
            if cell
        }


def plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", markup.replace("<br>", " "))).strip()


def share(part: int, whole: int) -> str:
    return f"{part:,}/{whole:,}" if whole else "—"


@pytest.fixture(scope="module", params=["2022", "2023", "2024"])
def shown(request: pytest.FixtureRequest, played: Path) -> Page:
    return Page(played / "out", request.param)


def test_the_pages_savings_are_those_of_the_catalogue(shown: Page) -> None:
    found = {
        shown.units.get(unit, unit): [counted, *map(int, rest)]
        for unit, counted, *rest in shown.rows("减负成效")[1:]
    }
    again = {
        unit: [f"{one['counted']}/{one['items']}", one["online"]]
        + [one[key] for key in SAVED]
        for unit, one in shown.again.savings(int(shown.year)).items()
    }
    total = found.pop("合计")
    assert found == again
    sums = [
        sum(column) for column in zip(*(one[1:] for one in again.values()), strict=True)
    ]
    assert total[1:] == sums


def test_the_pages_matrix_is_that_of_the_rows_and_names_each_missing_cell(
    shown: Page,
) -> None:
    head, *lines = shown.rows("评价覆盖")
    found = {}
    for item, *cells in lines:
        for channel, cell in zip(head[1:], cells, strict=True):
            for rated, text in re.findall(r"(机构|窗口|人员) (缺|[\d,]+)", cell):
                key = (shown.items[item], shown.channels[channel], OBJECTS[rated])
                found[key] = 0 if text == "缺" else int(text.replace(",", ""))
    again = shown.again.coverage(f"{shown.year}-01", f"{shown.year}-12")
    assert found == {
        key: one["ratings"]
        for key, one in again.items()
        if one["ratings"] or one["expected"]
    }
    lacking = {k for k, one in again.items() if one["expected"] and not one["ratings"]}
    named = set()
    (text,) = (one for k, one in shown.sections.items() if k.startswith("还没有评价"))
    for line in re.findall(r"<li>(.*?)</li>", text):
        where, _, items = plain(line).partition("：")
        channel, _, rated = where.partition("·")
        named |= {
            (shown.items[item], shown.channels[channel], OBJECTS[rated])
            for item in items.split("、")
        }
    assert lacking
    assert named == lacking


def test_the_pages_bad_ratings_are_those_of_the_rows_by_unit_and_month(
    shown: Page,
) -> None:
    again = shown.again
    counted: dict[tuple[str, str], int] = {}
    for row in again.rows:
        month = day_of(row["at"]).isoformat()[:7]
        if row["level"] in BAD and month.startswith(shown.year):
            for unit in (row["unit"], "合计"):
                for when in (month, "合计"):
                    counted[unit, when] = counted.get((unit, when), 0) + 1
    assert shown.by_month("差评数") == {key: f"{n:,}" for key, n in counted.items()}
    answered, called = shown.by_month("按期答复"), shown.by_month("回访")
    assert set(answered) == set(called) == set(counted)
    for unit, month in counted:
        one = again.callback(
            shown.year if month == "合计" else month, "" if unit == "合计" else unit
        )
        assert called[unit, month] == share(one["part"], one["whole"])
        prompt = one["answered_on_time"]
        assert answered[unit, month] == share(prompt["part"], prompt["whole"])


def test_the_page_lists_the_whole_catalogue_and_says_where_its_figures_come_from(
    shown: Page,
) -> None:
    items = shown.again.book["services"]["items"]
    (heading,) = (one for one in shown.sections if one.startswith("服务事项目录"))
    _, *lines = shown.rows(heading)
    assert [one[0] for one in lines] == [full_width(one["name"]) for one in items]
    for line, one in zip(lines, items, strict=True):
        known = one["before"] is not None
        burdens = [
            f"{one['before'][key]}→{one['after'][key]}" if known else "—"
            for key in SAVED
        ]
        assert line[4:8] == burdens
        assert line[3] == ("是" if one["online"] else "否")
        assert line[9].startswith(one["source"].partition("(")[0])
        assert ("本系统自定" in line[9]) >= known
    text = "".join(shown.sections.values())
    assert "ours" not in text
    assert not [key for key in (*shown.items.values(), "hall_device") if key in text]


def test_the_page_names_no_transaction_and_no_person(shown: Page) -> None:
    text = "".join(shown.sections.values())
    told = {
        one[key]
        for one in shown.again.rows
        for key in ("transaction", "who", "person")
        if len(one[key]) > 3
    }
    assert told
    # Every piece of the text as long as something told: thousands of searches in one.
    for length in {len(one) for one in told}:
        pieces = {text[k : k + length] for k in range(len(text) - length + 1)}
        assert not told & pieces
