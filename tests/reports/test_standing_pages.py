"""The month's chart and the quarter's places: on pages and on screens, by edition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import UnitKind
from huimin_flow.catalogue.typography import full_width
from huimin_flow.clock import at_hour
from huimin_flow.model.core.periods import month_before
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.reports.pages import month_page, quarter_page
from huimin_flow.reports.scoring.trend import TREND, months_till, trend
from huimin_flow.shell.pages import made
from huimin_flow.testing import Desk, rehearsal
from huimin_flow.timetable.ledger import tick
from tests import kept
from tests.flow.scoring.test_scores import quarter, set_aside
from tests.kept import Kept
from tests.shell.terminal import Terminal

SKETCH = "示意图，不表示行政区域界线"
NOT_YET = "计分已更正为第2版，五色图未更正（理由：误评一件）"
NOT_RANKED = (
    "2023年11月计分已更正为第2版，本榜单的名次仍按原来的计分"
    "（一并更正：huimin score correct ranking/2023Q4 --reason …）"
)


@pytest.fixture(scope="module")
def world(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A published quarter; then a rating of November was set aside, its score anew."""

    def story(desk: Desk) -> None:
        quarter(desk)
        set_aside(desk, "11-500101-0")
        correct(desk, "score/2023-11", "误评一件")

    return kept.in_file(tmp_path_factory.mktemp("corrected"), book, story)


@pytest.fixture
def corrected(world: Kept, tmp_path: Path) -> Iterator[Desk]:
    """A copy of that world."""
    with world.desk(tmp_path) as desk:
        yield desk


def correct(desk: Desk, key: str, reason: str) -> None:
    desk.flow.scores.correct(key, reason, by=desk.office, second=desk.second)


def month_text(desk: Desk, into: Path, edition: int | None = None) -> str:
    return unescape(
        made(desk.flow, month_page, "2023-11", into, edition).read_text("utf-8")
    )


def quarter_text(desk: Desk, into: Path, edition: int | None = None) -> str:
    return unescape(
        made(desk.flow, quarter_page, "2023Q4", into, edition).read_text("utf-8")
    )


def row_of(text: str, name: str) -> str:
    rows: list[str] = re.findall(r"<tr>.*?</tr>", text, re.DOTALL)
    return next(one for one in rows if name in one)


def part(desk: Desk, edition: int) -> str:
    """万州's satisfaction of November as a page prints it."""
    units = desk.flow.scores.month("2023-11", edition).groups[UnitKind.DISTRICT]
    parts = next(one.parts for one in units if one.unit == "500101")
    return f"{float(parts['satisfaction']):.1f}"


def test_every_grid_of_tiles_says_that_it_is_no_map(
    corrected: Desk, tmp_path: Path
) -> None:
    text = month_text(corrected, tmp_path)
    grids = text.count('<svg class="grid"')
    assert grids >= 1
    assert text.count(f'<p class="note">{full_width(SKETCH)}</p>') == grids


def test_a_chart_of_older_scores_shows_their_parts_and_says_so(
    corrected: Desk, tmp_path: Path
) -> None:
    assert part(corrected, 1) != part(corrected, 2)
    text = month_text(corrected, tmp_path)
    assert NOT_YET in text
    assert f">{part(corrected, 1)}</a> <small>" in row_of(text, "万州区")
    correct(corrected, "colors/2023-11", "随计分更正")
    text = month_text(corrected, tmp_path)
    assert NOT_YET not in text
    assert "五色图第2版，按计分第2版" in text
    assert "第2版的更正理由：随计分更正" in text
    assert f">{part(corrected, 2)}</a> <small>" in row_of(text, "万州区")


def test_a_chart_says_when_the_month_before_was_corrected_since(
    corrected: Desk, tmp_path: Path
) -> None:
    text = made(corrected.flow, month_page, "2023-12", tmp_path).read_text("utf-8")
    assert "2023-11计分已更正为第2版，本图的上月颜色与变动仍按其第1版" in text
    correct(corrected, "colors/2023-11", "随计分更正")
    correct(corrected, "colors/2023-12", "随计分更正")
    text = made(corrected.flow, month_page, "2023-12", tmp_path).read_text("utf-8")
    assert "本图的上月颜色与变动" not in text


def test_an_earlier_edition_stays_to_be_seen_and_says_what_holds_now(
    corrected: Desk, tmp_path: Path
) -> None:
    correct(corrected, "colors/2023-11", "随计分更正")
    correct(corrected, "ranking/2023Q4", "随计分更正")
    for text in (
        month_text(corrected, tmp_path, 1),
        quarter_text(corrected, tmp_path, 1),
    ):
        assert "这是旧版，现行为第2版" in text
        assert "随计分更正" not in text
    assert (tmp_path / "month-2023-11-edition-1.html").exists()
    assert (tmp_path / "quarter-2023Q4-edition-1.html").exists()


def test_a_quarters_page_names_editions_corrections_and_the_first_and_last(
    corrected: Desk, tmp_path: Path
) -> None:
    text = quarter_text(corrected, tmp_path)
    assert "榜单第1版，按计分2023-10第1版、2023-11第1版、2023-12第1版" in text
    assert NOT_RANKED in text
    assert "高于其余单位的中位数" in text
    assert "低于其余单位的中位数" in text
    assert "共试81种" in text
    correct(corrected, "ranking/2023Q4", "随计分更正")
    text = quarter_text(corrected, tmp_path)
    assert NOT_RANKED not in text
    assert "第2版的更正理由：随计分更正" in text
    assert "2023-11第2版" in text


def test_screens_say_what_the_pages_say(
    corrected: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = Terminal(capsys, str(tmp_path / "huimin.db"))
    month = at("score", "month", "2023-11")
    assert NOT_YET in month.out
    value = at("score", "month", "2023-11", "--json").value
    assert (value["scores"]["version"], value["latest_scores"]) == (1, 2)
    line = value["trend"]["500101"]
    assert list(line) == list(months_till("2023-11"))
    assert line["2023-10"] is not None
    assert line["2023-09"] is None
    quarter = at("score", "quarter", "2023Q4")
    assert NOT_RANKED in quarter.out
    assert "高于其余单位的中位数" in quarter.out
    assert at("score", "quarter", "2023Q4", "--json").value["corrected_since"] == {
        "2023-11": 2
    }
    told = at("score", "editions", "score/2023-11")
    assert "误评一件" in told.out
    assert corrected.second.id in told.out
    assert "没有第9版" in at("score", "month", "2023-11", "--edition", "9").err


def test_a_correction_by_command_takes_the_colors_along_when_told(
    corrected: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = Terminal(capsys, str(tmp_path / "huimin.db"))
    people = ("--by", corrected.office.id, "--second", corrected.second.id)
    words = ("score", "correct", "score/2023-11", "--reason", "复核", *people)
    both = at(*words, "--with-colors")
    assert both.out == "score/2023-11 第3版\ncolors/2023-11 第2版\n"
    assert NOT_YET not in at("score", "month", "2023-11").out
    bogus = at("score", "correct", "bogus/2023Q4", "--reason", "复核", *people)
    assert bogus.code != 0
    assert "不是已发布评价的编号" in bogus.err
    asked = at("score", "correct", "score/2001-01", "--reason", "复核", *people[:2])
    assert "尚未发布" in asked.err


def test_a_quarters_page_names_the_districts_that_ended(tmp_path: Path) -> None:
    with rehearsal(at=datetime(2025, 10, 3, 2, tzinfo=UTC)) as desk:
        for day in (date(2025, 11, 8), date(2025, 12, 8), date(2026, 1, 9)):
            desk.clock.set(at_hour(day, 19))
            tick(desk.flow, desk.clock.now())
        text = made(desk.flow, quarter_page, "2025Q4", tmp_path).read_text("utf-8")
    said = next(one for one in text.splitlines() if "季末已撤销" in one)
    assert "江北区" in said
    assert "渝北区" in said
    assert not [one for one in re.findall(r"<tr>.*?</tr>", text) if "渝北区" in one]


def test_a_unit_that_changed_color_stands_in_the_list_of_changes(
    corrected: Desk, tmp_path: Path
) -> None:
    changes = {
        one.unit
        for group in corrected.flow.scores.colors("2023-11").groups.values()
        for one in group
        if one.color is not one.before
    }
    text = month_text(corrected, tmp_path)
    head = re.search(r"颜色变动（(\d+)）", text)
    assert len(changes) == (int(head.group(1)) if head else 0)


def test_the_legend_counts_each_color_and_those_of_too_little_data(
    corrected: Desk, tmp_path: Path
) -> None:
    text = month_text(corrected, tmp_path)
    units = corrected.flow.scores.colors("2023-11").groups[UnitKind.DISTRICT]
    legend = re.search(r'<p class="note counts">.*?</p>', text, re.DOTALL)
    assert legend
    told = re.findall(r"chip (\w+)\">(\w+)</span> (\d+)（上月(\d+|—)）", legend[0])
    assert [one[1] for one in told] == ["红", "橙", "黄", "蓝", "绿", "数据不足"]
    assert sum(int(one[2]) for one in told) == len(units)
    assert sum(int(one[3]) for one in told) == len(units)
    none = sum(one.color is None for one in units)
    assert told[-1][2] == str(none)
    assert "“—”表示没有" in text
    first = made(corrected.flow, month_page, "2023-10", tmp_path).read_text("utf-8")
    assert "（上月—）" in first


def test_a_correction_names_both_people_on_chart_and_ranking(
    corrected: Desk, tmp_path: Path
) -> None:
    correct(corrected, "colors/2023-11", "随计分更正")
    correct(corrected, "ranking/2023Q4", "随计分更正")
    both = f"由{corrected.office.id}更正、{corrected.second.id}复核"
    month = month_text(corrected, tmp_path)
    assert f">第2版{both}<" in month
    assert f">计分第2版{both}<" in month
    assert f">第2版{both}<" in quarter_text(corrected, tmp_path)
    assert both not in quarter_text(corrected, tmp_path, 1)


def test_units_of_too_little_data_stand_apart_from_the_places(
    corrected: Desk, tmp_path: Path
) -> None:
    text = quarter_text(corrected, tmp_path)
    ranking = corrected.flow.scores.ranking("2023Q4")
    for units in ranking.groups.values():
        for one in units:
            name = corrected.flow.rulebook.active().organization.unit(
                one.unit, date(2023, 12, 31)
            )
            assert name
            table = f'<th scope="row">{name.name}</th>'
            assert (table in text) is (one.place is not None)
    apart = sum(o.place is None for units in ranking.groups.values() for o in units)
    counts = re.findall(r"数据不足、不列名次的（(\d+)）", text)
    assert apart > 0
    assert sum(map(int, counts)) == apart


def test_a_figure_opens_the_edition_it_was_published_in(
    corrected: Desk, tmp_path: Path
) -> None:
    """The chart rests on the first edition of the scores, whatever came since."""
    text = month_text(corrected, tmp_path)
    wanzhou = text[text.index('id="why-500101"') :].partition("</section>")[0]
    (one,) = (
        one
        for one in corrected.flow.scores.month("2023-11", 1).groups[UnitKind.DISTRICT]
        if one.unit == "500101"
    )
    assert f"指数 {one.index}" in wanzhou
    assert "← 第" in wanzhou
    quarter = quarter_text(corrected, tmp_path)
    assert f"计分第1版，指数 {one.index}" in quarter
    # Only pages that are there can be opened.
    assert 'href="month-2023-11.html#why-500101"' in quarter
    assert 'href="month-2023-10.html' not in quarter


def test_a_tree_begins_with_edition_cut_and_formulas_on_pages_as_on_screens(
    corrected: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = month_text(corrected, tmp_path)
    wanzhou = text[text.index('id="why-500101"') :].partition("</section>")[0]
    shown = re.findall(r"<p[^>]*>([^<]*)</p>", wanzhou)
    at = Terminal(capsys, str(tmp_path / "huimin.db"))
    said = at("score", "explain", "500101", "2023-11").out.splitlines()
    scores = corrected.flow.scores.month("2023-11", 1)
    assert shown[0] == f"第1版，截点 {scores.cut}，规则库 {scores.rulebook[:12]}"
    assert shown[1].startswith("公式：数据统计第")
    # The command explains the last edition, the page the one its chart rests on.
    assert said[1].startswith("第2版，截点 ")
    assert said[2] == shown[1]
    quarter = quarter_text(corrected, tmp_path)
    rule = corrected.flow.scores.ranking("2023Q4").revisions["ranking"]
    assert f"<p>公式：榜单第{rule}版</p>" in quarter


INDICES = st.lists(
    st.one_of(st.none(), st.integers(0, 10_000).map(lambda n: f"{n / 100:.2f}")),
    min_size=TREND,
    max_size=TREND,
)


@given(INDICES)
def test_a_trend_draws_each_month_once_at_its_own_place(
    indices: list[str | None],
) -> None:
    values = dict(zip(months_till("2023-12"), indices, strict=True))
    drawn = trend(values)
    runs = [one.split(" ") for one in drawn.lines] + [
        [f"{x},{y}"] for x, y in drawn.dots
    ]
    points = sorted(
        (float(x), float(y))
        for run in runs
        for x, _, y in (p.partition(",") for p in run)
    )
    there = [k for k, one in enumerate(indices) if one is not None]
    # Twelve months over 92 of 96 units, two of margin on either side.
    assert [x for x, _ in points] == [round(2 + k * 92 / 11, 1) for k in there]
    for (_, y), k in zip(points, there, strict=True):
        assert abs(y - (2 + (100 - float(indices[k] or 0)) / 100 * 18)) < 0.0501
    # No line runs over a month without an index.
    for run in runs:
        steps = [round((float(p.partition(",")[0]) - 2) * 11 / 92) for p in run]
        assert steps == list(range(steps[0], steps[0] + len(steps)))


def test_a_single_month_is_a_dot_and_a_gap_breaks_the_line() -> None:
    months = months_till("2023-12")
    assert months[-2] == month_before("2023-12")
    lone = trend(dict.fromkeys(months[:-1]) | {"2023-12": "80.00"})
    assert (lone.lines, len(lone.dots)) == ((), 1)
    broken = trend({"a": "1.00", "b": "2.00", "c": None, "d": "3.00", "e": "4.00"})
    assert [len(one.split(" ")) for one in broken.lines] == [2, 2]
