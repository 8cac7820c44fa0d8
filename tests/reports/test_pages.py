"""Pages: they stand alone, hold hostile text, and say it where there is no data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.catalogue.terms import Pace, State, Term
from huimin_flow.clock import at_hour
from huimin_flow.errors import NotFound
from huimin_flow.model.core.texts import visible
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.rulebook import rulebook_text
from huimin_flow.reports.core.render import Frame, Page, draw
from huimin_flow.reports.executing.progress import pace_groups
from huimin_flow.reports.units import unit_page
from huimin_flow.shell.pages import made, site
from huimin_flow.testing import Desk, rehearsal
from huimin_flow.timetable.ledger import tick
from tests.exchange.executing.test_progress import line


def page(template: str, *, rehearsal: bool, title: str, **values: Any) -> str:
    """Draw a page with some values and without links."""
    about = Page(file="page.html", template=template, title=title, values=values)
    return draw(about, Frame(rehearsal=rehearsal))


HOSTILE = "<script>alert(1)</script>&{{ 7*7 }}'\""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The pages of a quarter in which nobody reported or rated anything."""
    into = tmp_path_factory.mktemp("pages")
    with rehearsal() as desk:
        desk.clock.set(at_hour(date(2024, 1, 20), 9))
        tick(desk.flow, desk.clock.now())
        yield {one.name: one.read_text("utf-8") for one in site(desk.flow, into)}


def test_a_month_without_any_data_is_a_page_that_says_so(empty: dict[str, str]) -> None:
    text = empty["month-2023-10.html"]
    assert "数据不足" in text
    assert 'class="chip red"> ' not in text
    assert "数据不足" in empty["quarter-2023Q4.html"]
    assert not [name for name in empty if name.startswith("progress-")]


def test_a_rehearsals_pages_say_that_their_figures_are_of_nobody(
    empty: dict[str, str],
) -> None:
    assert all("推演数据" in text for text in empty.values())
    real = page("contents.html.j2", rehearsal=False, title="清单", rows=(), nothing="")
    assert "推演" not in real


def test_pages_in_english_have_chinese_in_names_only(tmp_path: Path) -> None:
    with rehearsal() as desk:
        items = [desk.bring(state) for state in (State.SCREENED, State.ADJUSTED)]
        desk.clock.set(at_hour(date(2024, 1, 20), 9))
        tick(desk.flow, desk.clock.now())
        book = desk.flow.rulebook.active()
        with speaking(Language.ENGLISH):
            paths = site(desk.flow, tmp_path)
        now = desk.flow
        written = [*items, *now.meetings.list(), *now.lists.list()]
        written += now.assessments.list()
        for meeting in now.meetings.list():
            written += now.meetings.attachments(meeting.key, by=desk.office)
    names = rulebook_text(book).decode() + "".join(map(str, written))
    assert {path.name[:4] for path in paths} >= {"inde", "item", "mont", "quar", "serv"}
    for path in paths:
        page = path.read_text("utf-8")
        assert '<html lang="en"' in page
        text = re.sub(r"(?s)<style.*?</style>|<[^>]*>", " ", page)
        left = [
            part for part in re.findall("[\u4e00-\u9fff]+", text) if part not in names
        ]
        assert left == [], path.name


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The pages of a bureau's first days: some items, and nothing published."""
    into = tmp_path_factory.mktemp("first")
    with rehearsal() as desk:
        desk.collect("零工市场缺少候工区")
        desk.bring(State.JUDGED)
        yield {one.name: one.read_text("utf-8") for one in site(desk.flow, into)}


def test_the_site_of_the_first_days_shows_its_items_and_names_no_empty_kind(
    first: dict[str, str],
) -> None:
    items = [name for name in first if name.startswith("item-")]
    assert len(items) == 2
    assert all(f'href="{name}"' in first["items.html"] for name in items)
    assert 'href="items.html"' in first["index.html"]
    assert not any("尚无" in text for text in first.values())
    kinds = {"lists", "months", "quarters", "progress"}
    assert not kinds & {name.removesuffix(".html") for name in first}


@pytest.mark.parametrize("world", ["empty", "first"])
def test_a_site_is_one_net_of_links_without_a_loose_end(
    world: str, request: pytest.FixtureRequest
) -> None:
    pages: dict[str, str] = request.getfixturevalue(world)
    links = {
        name: {file for file in re.findall(r'href="([^"#?]+)', text) if file != name}
        for name, text in pages.items()
    }
    assert set().union(*links.values()) <= set(pages)
    seen, new = set(), {"index.html"}
    while new:
        seen |= new
        new = set().union(*(links[name] for name in new)) - seen
    assert seen == set(pages)
    assert all(
        "index.html" in led for name, led in links.items() if name[:5] != "index"
    )


def test_a_units_page_shows_what_it_leads_and_how_it_stands(
    desk: Desk, tmp_path: Path
) -> None:
    item = desk.flow.items.get(desk.bring(State.ASSIGNED).number)
    text = made(desk.flow, unit_page, item.unit, tmp_path).read_text("utf-8")
    assert "牵头1件事项" in text
    assert item.title in text
    assert str(item.plan.tasks[0].due) in text if item.plan else False
    assert "候工区" in text
    other = made(desk.flow, unit_page, "DIV-JYC", tmp_path).read_text("utf-8")
    assert "牵头0件事项" in other
    with pytest.raises(NotFound):
        made(desk.flow, unit_page, "no-such-unit", tmp_path)


def test_all_units_stand_on_one_page_and_lead_to_their_own(
    empty: dict[str, str],
) -> None:
    own = [name for name in empty if name.startswith("unit-")]
    assert len(own) > 40
    assert all(f'href="{name}"' in empty["units.html"] for name in own)
    # What a unit did by hand is a row of one page; its own page leads to that row.
    assert 'href="burden-2023-12.html#unit-500101"' in empty["unit-500101.html"]
    assert 'href="unit-500101.html"' in empty["month-2023-11.html"]
    assert 'href="why-2023-11-500101.html"' in empty["unit-500101.html"]


def test_a_month_and_a_quarter_lead_to_those_beside_them(
    empty: dict[str, str],
) -> None:
    assert 'rel="next" href="month-2023-12.html"' in empty["month-2023-11.html"]
    assert 'rel="prev" href="month-2023-10.html"' in empty["month-2023-11.html"]
    assert 'rel="prev"' not in empty["month-2023-10.html"]
    assert 'rel="next"' not in empty["quarter-2023Q4.html"]
    assert 'href="quarter-2023Q4.html"' in empty["month-2023-11.html"]
    assert 'href="month-2023-11.html"' in empty["quarter-2023Q4.html"]


def test_a_list_leads_to_its_items_its_units_and_the_list_after_it(
    played: Path,
) -> None:
    text = (played / "out" / "list-2023.html").read_text("utf-8")
    assert 'rel="next" href="list-2024.html"' in text
    assert 'rel="prev"' not in text
    assert 'href="item-2022-000001.html"' in text
    assert 'href="unit-DIV-JYC.html"' in text


def test_an_earlier_edition_of_a_list_has_a_page_that_says_so(played: Path) -> None:
    now, before = (
        (played / "out" / name).read_text("utf-8")
        for name in ("list-2023.html", "list-2023-edition-1.html")
    )
    assert 'href="list-2023-edition-1.html"' in now
    assert "已发布 · 第2版" in now
    assert 'href="list-2023.html"' in before
    assert "已被替代" in before
    assert "进度" not in before.partition("<table")[2]
    assert before.count("<tr>") < now.count("<tr>")


@pytest.mark.parametrize("place", ["item_title", "indicator", "measure"])
def test_a_hostile_text_stays_a_text(place: str) -> None:
    groups = pace_groups([line(**{place: HOSTILE})], {"500101": HOSTILE})
    text = page(
        "progress.html.j2", rehearsal=False, title=HOSTILE, note="", groups=groups
    )
    assert "<script" not in text
    assert "49" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert unescape(text).count(HOSTILE) == 6


def test_an_item_of_hostile_title_has_a_page_of_harmless_text(desk: Desk) -> None:
    from huimin_flow.reports.lives import item_page

    number = desk.collect("<b>零工</b>&市场").number
    with desk.flow.snapshot() as now:
        found = item_page(now, number)
    text = page("item.html.j2", rehearsal=False, title=found.title, item=found)
    assert "<b>" not in text
    assert "&lt;b&gt;零工" in text


def test_no_page_of_the_demo_says_a_code_in_a_sentence(played: Path) -> None:
    """Terms stand as their labels, quarters as words; commands keep what is typed."""
    codes = "|".join(
        sorted(
            {
                term.value
                for kind in Term.__subclasses__()
                for term in kind
                if "_" in term.value
            }
        )
    )
    raw = re.compile(rf"(?<![\w./#-])(?:{codes}|[0-9]{{4}}Q[1-4])(?![\w./-])")
    for path in (played / "out").glob("*.html"):
        page = re.sub(r"(?s)<style.*?</style>|<[^>]*>", "\n", path.read_text("utf-8"))
        assert not raw.findall(page), path.name


def test_an_items_history_says_units_and_lists_by_their_names(played: Path) -> None:
    text = (played / "out" / "item-2022-000001.html").read_text("utf-8")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", text)
    assert "op-DIV-JYC（就业处）" in cells
    assert "2023年全市清单第1位（office-2复核）" in cells
    assert [one for one in cells if re.fullmatch(r"由万州区 2023-\d{6} 承接", one)]
    assert "list/" not in text


def test_an_item_leads_to_the_pages_of_its_links_that_stand_beside_it(
    desk: Desk, tmp_path: Path
) -> None:
    from huimin_flow.reports.pages import item_page

    parent = desk.bring(State.ADJUSTED).number
    _, child = desk.flow.items.carry_over(parent, by=desk.operator)
    alone = made(desk.flow, item_page, parent, tmp_path).read_text("utf-8")
    assert f"由其接续 {child.number}“" in alone
    assert 'href="item-' not in alone
    below = made(desk.flow, item_page, child.number, tmp_path).read_text("utf-8")
    assert f'接续自 <a href="item-{parent}.html">{parent}</a>“' in below
    above = made(desk.flow, item_page, parent, tmp_path).read_text("utf-8")
    assert f'<a href="item-{child.number}.html">' in above


def test_the_items_of_a_site_lead_to_one_another(played: Path) -> None:
    first, second = "item-2022-000001.html", "item-2024-000001.html"
    for name, other in ((first, second), (second, first)):
        text = (played / "out" / name).read_text("utf-8")
        assert {"index.html", other} <= set(re.findall(r'href="([^"]+)"', text))


def test_a_quarters_page_says_its_quarter_in_words(played: Path) -> None:
    text = (played / "out" / "quarter-2023Q4.html").read_text("utf-8")
    assert "<title>2023年第四季度榜单</title>" in text
    for contents, period in (("quarters", "2023年第四季度"), ("months", "2023年7月")):
        page = (played / "out" / f"{contents}.html").read_text("utf-8")
        assert f">{period}</a>" in page


def test_a_page_holds_very_long_names_and_letters_of_every_kind(
    tmp_path: Path,
) -> None:
    from huimin_flow.reports.core.render import write_page

    odd = f"𠮷😀\u202eabc\u202c{'长' * 400}{'W' * 400}<script>"
    lines = [line(item_title=odd, indicator=odd, owner=str(k)) for k in range(300)]
    names = {str(k): f"{odd}{k}" for k in range(300)}
    text = page(
        "progress.html.j2", rehearsal=False, title=odd, note=odd,
        groups=pace_groups(lines, names),
    )  # fmt: skip
    assert text.count('scope="rowgroup"') == 300
    assert "<script" not in text
    write_page(tmp_path / "odd.html", text)
    assert (
        unescape((tmp_path / "odd.html").read_text("utf-8")).count(visible(odd)) == 905
    )
    assert "\u202e" not in text


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Pace), st.integers(-400, 400), st.sampled_from(["A", "B"])
        ),
        max_size=12,
    )
)
def test_no_line_is_lost_and_those_behind_stand_first(
    told: list[tuple[Pace, int, str]],
) -> None:
    lines = [line(pace=pace, days=days, owner=unit) for pace, days, unit in told]
    groups = pace_groups(lines, {})
    assert sum(len(one.lines) for one in groups) == len(lines)
    for group in groups:
        behind = [one.pace in {Pace.BEHIND, Pace.UNKNOWN} for one, *_ in group.lines]
        assert behind == sorted(behind, reverse=True)
        assert sum(count for _, _, count in group.counts) == len(group.lines)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(1, 10**12))
def test_bars_stay_within_their_box(actual: int, expected: int, target: int) -> None:
    (group,) = pace_groups([line(actual=actual, expected=expected, target=target)], {})
    ((_, bar, _),) = group.lines
    assert bar is not None
    assert all(0 <= percent <= 100 for percent in bar)


def test_the_progress_page_of_a_running_item_names_it(
    desk: Desk, tmp_path: Path
) -> None:
    from huimin_flow.reports.pages import progress_page

    number = desk.bring(State.ASSIGNED).number
    month = desk.today().strftime("%Y-%m")
    told = Progress(
        item=number,
        task="T1",
        indicator="候工区",
        month=month,
        value=3,
        note="两处在建",
    )
    desk.flow.tasks.report([told], by=desk.operator)
    text = made(desk.flow, progress_page, month, tmp_path).read_text("utf-8")
    assert number in text
    assert "两处在建" in text
    assert "http://" not in text


def test_a_units_page_says_why_its_color_changed_by_the_names_of_indicators(
    played: Path,
) -> None:
    text = (played / "out" / "unit-500230.html").read_text("utf-8")
    assert "“落实度”100.00→50.00分" in text
    assert "implementation" not in text
