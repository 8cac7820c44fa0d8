"""list list and show: which lists there are, and what to do where one isn't."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shell.terminal import Terminal


@pytest.fixture
def demo(played: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys, str(played / "out" / "demo.db"))


def test_without_a_key_every_list_is_named_with_where_it_stands(demo: Terminal) -> None:
    said = demo("list", "list")
    line = next(one for one in said.out.splitlines() if "list/2024/city" in one)
    assert line.split() == ["list/2024/city", "年度版", "已截止", "1", "12"]
    line = next(one for one in said.out.splitlines() if "list/2023/city" in one)
    published = demo("list", "editions", "list/2023/city", "--json").value
    assert line.split()[3] == str(published[-1]["edition"])
    keys = [one["key"] for one in demo("list", "list", "--json").rows]
    assert "list/2023/city" in keys


def test_a_list_that_is_not_there_is_refused_with_the_way_to_those_that_are(
    demo: Terminal,
) -> None:
    said = demo("list", "show", "list/2050/city")
    assert said.code == 1
    assert "huimin list list 列出全部" in said.err


def test_a_period_that_is_none_is_refused_with_both_ways_to_write_it(
    rehearsal: Terminal,
) -> None:
    for words in (("list", "preview", "1"), ("list", "list", "--period", "1")):
        assert (
            "“1”不是年份或季度\n可以这样做：请写成 2023 或 2026Q4 的样子"
            in rehearsal(*words).err
        )


def test_several_lists_of_units_wait_as_one_line_with_its_command(
    demo: Terminal,
) -> None:
    said = demo("todo", "--by", "office-1", "--limit", "1000").out
    assert "确认各单位清单" in said
    assert "一次确认2024年：huimin list confirm-all 2024" in said
    assert "list/2024/500101" not in said


def test_where_no_list_was_made_yet_that_is_said(rehearsal: Terminal) -> None:
    assert rehearsal("list", "list").out == "还没有清单\n"


def test_items_are_listed_by_a_states_word_as_by_its_identifier(demo: Terminal) -> None:
    word = demo("item", "list", "--state", "已入清单", "--json").rows
    assert len(word) == 12
    assert word == demo("item", "list", "--state", "listed", "--json").rows
