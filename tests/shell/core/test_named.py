"""Names instead of codes: what a clerk writes, and what Tab offers (U9, U10, U13, U21)."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from huimin_flow.shell.main import huimin
from tests.shell.terminal import Terminal

CLERK, OFFICE = ("--by", "op-500101"), ("--by", "office-1")
TITLE = "老旧小区缺少零工候工区"


@pytest.fixture
def collected(rehearsal: Terminal) -> str:
    said = rehearsal(
        "item", "collect", "--title", TITLE, "--origin", "问题", "--area", "就业",
        *CLERK, "--json",
    )  # fmt: skip
    number: str = said.value["number"]
    assert said.value["unit"] == "500101"  # the clerk's own
    return number


@pytest.mark.parametrize("written", ["候工", "1", "{year}-1", "\uff11", " {number} "])
def test_an_item_is_named_by_a_part_of_its_title_or_a_short_number(
    rehearsal: Terminal, collected: str, written: str
) -> None:
    word = written.format(year=collected[:4], number=collected)
    assert rehearsal("item", "show", word, "--json").value["number"] == collected


def test_a_year_of_steps_needs_no_code(rehearsal: Terminal, collected: str) -> None:
    assert rehearsal(
        "appeal", "add", "--channel", "12333热线电话", "--key", "A1", "--who", "p1",
        "--district", "万州", "--text", "没有候工的地方", "--item", "候工", *OFFICE,
    ).code == 0  # fmt: skip
    undo = rehearsal("item", "undo", "候工", *OFFICE).out
    assert f"挂错的诉求，这样取下：huimin item unlink {collected} 渠道" in undo
    screened = rehearsal(
        "item", "screen", "候工", "--score", "紧迫:90", "--score", "根本性\uff1d95",
        *OFFICE, "--json",
    )  # fmt: skip
    assert screened.value["state"] in {"screened", "rejected"}
    assert rehearsal(
        "item", "amend", "1", "--set", "标题=零工候工区", *OFFICE, "--json"
    ).value["title"] == "零工候工区"  # fmt: skip
    assert rehearsal("item", "show", collected, "--json").value["number"] == collected


def test_a_reason_is_written_as_the_officials_say_it(
    rehearsal: Terminal, collected: str
) -> None:
    said = rehearsal(
        "item", "reject", "候工", "--reason", "不符合法律", *OFFICE, "--json"
    )
    assert said.value["reason_code"] == "unlawful"
    assert said.value["number"] == collected


def test_a_return_offers_its_own_reasons_and_its_trial_says_them(
    rehearsal: Terminal, collected: str, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIMIN_DATABASE", str(own / "t.db"))
    offered = completed("item", "return", "1", "--reason", "")
    assert "facts_incomplete" in offered
    assert "unlawful" not in offered
    assert "facts_incomplete" not in completed("item", "reject", "1", "--reason", "")
    words = ("item", "reject", collected, "--reason", "unlawful", *OFFICE)
    trial = rehearsal(*words, "--dry-run").out
    assert "不符合法律法规政策" in trial
    assert "unlawful" not in trial


def test_what_fits_several_or_none_is_refused_with_the_choices(
    rehearsal: Terminal, collected: str
) -> None:
    del collected
    several = rehearsal("item", "reject", "1", "--reason", "不", *OFFICE)
    assert several.code == 1
    assert "not_ours（不属于人力社保职责）" in several.err
    none = rehearsal("item", "show", "飞鸽传书")
    assert none.code == 1
    assert TITLE in none.err


def completed(*words: str) -> list[str]:
    *before, begun = words
    complete = ShellComplete(huimin, {}, "huimin", "_HUIMIN")
    return [item.value for item in complete.get_completions(list(before), begun)]


def test_tab_offers_the_values_of_every_option_that_has_any(
    rehearsal: Terminal, collected: str, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIMIN_DATABASE", str(own / "t.db"))
    rehearsal(
        "meeting", "hold", "--on", "2026-01-01", "--chair", "leader-1",
        "--item", collected, "--minutes", "可", *OFFICE,
    )  # fmt: skip
    tries = {
        ("item", "show", ""): collected,
        ("item", "show", "候工"): collected,
        ("item", "screen", collected[:5]): collected,
        ("item", "merge", collected, "--keep", ""): collected,
        ("item", "collect", "--unit", "万州"): "500101",
        ("item", "collect", "--area", "就"): "就业创业",
        ("item", "collect", "--origin", "社"): "社情民意",
        ("item", "list", "--unit", "涪陵"): "500102",
        ("item", "list", "--state", "已评"): "已评星",
        ("item", "reject", "1", "--reason", "不符"): "unlawful",
        ("item", "judge", "1", "--placement", "下"): "下年度",
        ("item", "adjust", "1", "--recommendation", "继"): "继续实施",
        ("item", "screen", "1", "--by", "office"): "office-1",
        ("appeal", "add", "--channel", "热线"): "hotline_12333",
        ("meeting", "hold", "--chair", "lead"): "leader-1",
        ("assessment", "request", "1", "--kind", "第三"): "第三方评估",
        ("score", "explain", "万"): "500101",
    }
    missing = {
        words: completed(*words)
        for words, one in tries.items()
        if one not in completed(*words)
    }
    assert missing == {}
