"""appeal list and show: where a voice hangs and how far it got."""

from __future__ import annotations

from pathlib import Path

import pytest

from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core import failures
from huimin_flow.testing import rehearsal as in_file
from tests.flow.core.test_two_desks import with_accounts
from tests.flow.sensing.test_appeals import appeal
from tests.shell.terminal import Terminal


def add(terminal: Terminal, key: str, *more: str) -> None:
    added = terminal(
        "appeal", "add", "--channel", "hotline_12333", "--key", key, "--who", "a01",
        "--district", "500101", "--text", "下雨没处躲", "--by", "office-1", *more,
    )  # fmt: skip
    assert added.code == 0, added.err


def test_a_voice_is_followed_at_the_terminal(rehearsal: Terminal) -> None:
    number = rehearsal(
        "item", "collect", "--title", "零工市场缺少遮雨候工区", "--origin", "problem",
        "--area", "employment", "--unit", "500101", "--by", "op-500101", "--json",
    ).value["number"]  # fmt: skip
    add(rehearsal, "H-1", "--item", number)
    add(rehearsal, "H-2")
    listed = rehearsal("appeal", "list").out
    assert number in listed
    assert "尚未挂接" in listed
    assert "万州区" in listed
    assert "H-1" not in rehearsal("appeal", "list", "--loose").out
    told = rehearsal("appeal", "show", "H-1")
    assert f"挂接的事项  {number} 零工市场缺少遮雨候工区" in told.out
    assert "采集 → 已采集" in told.out
    for hidden in ("a01", "下雨没处躲", "hotline_12333", "500101"):
        assert hidden not in told.out + listed
    assert "尚未挂到事项" in rehearsal("appeal", "show", "H-2").out
    said = rehearsal("appeal", "show", "H-1", "--json").value
    assert said["items"][0]["number"] == number
    assert rehearsal("appeal", "show", "H-9").code == 1


def test_a_known_number_with_other_words_is_refused_and_kept_without_the_words(
    rehearsal: Terminal,
) -> None:
    add(rehearsal, "H-3")
    add(rehearsal, "H-3")
    other = rehearsal(
        "appeal", "add", "--channel", "hotline_12333", "--key", "H-3", "--who", "a01",
        "--district", "500101", "--text", "窗口排队太久", "--by", "office-1",
    )  # fmt: skip
    assert other.code == 1
    assert "编号“H-3”的诉求早已登记，与这次所写不同" in other.err
    kept = rehearsal.bare("drafts").out
    assert "--key H-3" in kept
    assert "--text '******'" in kept
    assert "窗口排队太久" not in kept


def test_a_place_is_taken_by_name_and_an_unknown_one_is_told(
    rehearsal: Terminal,
) -> None:
    words = [
        "appeal", "add", "--channel", "12333热线电话", "--who", "a01", "--text",
        "下雨\r\n没处躲", "--by", "office-1",
    ]  # fmt: skip
    known = rehearsal(*words, "--key", "P-1", "--district", "重庆市涪陵区")
    assert known.out.startswith("诉求 P-1 已登记；回执编号 ")
    assert len(known.out.splitlines()) == 1
    unknown = rehearsal(*words, "--key", "P-2", "--district", "A3区")
    assert "地点“A3区”不是已知的一个单位，不计入任何单位的投诉率" in unknown.out
    listed = rehearsal("appeal", "list", "--json").rows
    assert {one["key"]: one["district"] for one in listed} == {
        "P-1": "500102",
        "P-2": "A3区",
    }


def test_an_item_is_collected_for_a_unit_by_name(rehearsal: Terminal) -> None:
    words = [
        "item", "collect", "--title", "甲", "--origin", "problem", "--area",
        "employment", "--by", "office-1", "--json", "--unit",
    ]  # fmt: skip
    assert rehearsal(*words, "涪陵").value["unit"] == "500102"
    assert (
        rehearsal(*words, "\uff15\uff10\uff10\uff11\uff10\uff12").value["unit"]
        == "500102"
    )
    ended = rehearsal(*words, "渝北区")
    assert ended.code == 1
    for named in ("渝北区(500112)", "2025-11-06", "两江新区(500157)"):
        assert named in ended.err


def test_an_account_of_one_town_sees_its_own_appeals_only(
    book: Rulebook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/town.db"
    held = with_accounts(book, town_500101001=failures.account())
    with in_file(url, book=held) as desk:
        told = [
            appeal("mine", district="万州区高笋塘街道"),
            appeal("theirs", district="涪陵区江北街道"),
        ]
        desk.flow.appeals.add_all(told, by=desk.office)
    terminal = Terminal(capsys, url)
    for words in ("appeal list", "appeal list --town 500102009", "answer list"):
        listed = terminal(*words.split())
        assert "mine" in listed.out, listed.err
        assert "theirs" not in listed.out
    for words in ("appeal show", "answer show", "appeal receipt-of", "appeal suggest"):
        assert terminal(*words.split(), "mine").code == 0
        refused = terminal(*words.split(), "theirs")
        assert (refused.code, "诉求的地点属于" in refused.err) == (1, True), words
    away = terminal("gather", "explain", "hotline_12333=theirs")
    assert (away.code, "诉求的地点属于" in away.err) == (1, True)
    out = tmp_path / "all.csv"
    assert terminal("appeal", "export", str(out)).code == 0
    assert "theirs" not in out.read_text("utf-8")


def test_the_way_of_an_items_appeals_is_shown_in_counts(rehearsal: Terminal) -> None:
    number = rehearsal(
        "item", "collect", "--title", "零工市场缺少遮雨候工区", "--origin", "problem",
        "--area", "employment", "--unit", "500101", "--by", "op-500101", "--json",
    ).value["number"]  # fmt: skip
    assert "没有挂接的诉求" in rehearsal("appeal", "ways", number).out
    add(rehearsal, "H-1", "--item", number)
    shown = rehearsal("appeal", "ways", number).out
    for words in (
        "听到",
        "登记",
        "经办人挂接",
        "采集 → 已采集",
        "待答复",
        "专班办公室",
    ):
        assert words in shown
    assert "H-1" not in shown
    steps = rehearsal("appeal", "show", "H-1", "--json").value["way"]
    assert [step["part"] for step in steps] == ["heard", "kept", "linked"]
    assert "专班办公室" in rehearsal("appeal", "show", "H-1").out


def test_rates_say_of_which_months_they_are(rehearsal: Terminal) -> None:
    add(rehearsal, "H-6")
    assert (
        "2023-08至2023-09收到的诉求"
        in rehearsal("answer", "rates", "--first", "2023-08", "--last", "2023-09").out
    )
    assert "收到的诉求" in rehearsal("answer", "rates").out
    assert rehearsal("answer", "rates", "--first", "2023-09", "--last", "2023-08").code
