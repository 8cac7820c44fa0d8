"""item and appeal suggest: what is shown, and that nobody gets it filled in (X1)."""

from __future__ import annotations

from tests.shell.terminal import Terminal

TEXT = "工地拖欠工资,一直没有签劳动合同"


def test_a_suggestion_shows_its_terms_and_is_never_filled_in(
    rehearsal: Terminal,
) -> None:
    shown = rehearsal("item", "suggest", "工地拖欠工资", "--description", TEXT).out
    assert "劳动关系" in shown
    for ground in ("标题“拖欠工资”80分", "内容“劳动合同”40分"):
        assert ground in shown
    refused = rehearsal(
        "item", "collect", "--title", "工地拖欠工资", "--origin", "problem",
        "--unit", "500101", "--by", "office-1",
    )  # fmt: skip
    assert refused.code == 2
    assert "劳动关系" in refused.err
    assert "--area" in refused.err
    assert rehearsal("item", "list", "--json").value["total"] == 0


def test_an_appeal_suggests_by_terms_of_the_rulebook_and_shows_nothing_else_of_it(
    rehearsal: Terminal,
) -> None:
    added = rehearsal(
        "appeal", "add", "--channel", "hotline_12333", "--key", "H-1", "--who", "a01",
        "--district", "500101", "--text", f"{TEXT},老板不肯给", "--by", "office-1",
        "--json",
    )  # fmt: skip
    assert added.value["suggested"] == {"work": 1}
    shown = rehearsal("appeal", "suggest", "H-1").out
    assert "劳动关系" in shown
    assert "拖欠工资" in shown
    for hidden in ("工地", "老板", "a01"):
        assert hidden not in shown


def test_a_place_is_suggested_with_its_names_where_an_appeal_has_none(
    rehearsal: Terminal,
) -> None:
    said = {
        "H-1": ("不详", "石井坡街道张三家的工地欠薪"),
        "H-2": ("500101", "石井坡街道的工地欠薪"),
        "H-3": ("不详", "太平镇的工地欠薪"),
    }
    for key, (district, text) in said.items():
        rehearsal(
            "appeal", "add", "--channel", "hotline_12333", "--key", key,
            "--district", district, "--text", text, "--by", "office-1",
        )  # fmt: skip
    shown = rehearsal("appeal", "suggest", "H-1").out
    assert "沙坪坝区石井坡街道" in shown
    assert "全市只有一处的镇街名 内容“石井坡街道”40分" in shown
    assert "张三" not in shown
    for key in (
        "H-2",
        "H-3",
    ):  # it has a place, or towns of two districts have the name
        assert "place" not in rehearsal("appeal", "suggest", key, "--json").value or (
            rehearsal("appeal", "suggest", key, "--json").value["place"] is None
        )
