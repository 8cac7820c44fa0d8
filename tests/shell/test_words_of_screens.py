"""Screens say units, lists, jobs and periods in words, not in codes."""

from __future__ import annotations

from huimin_flow.reasons import Code, sentence
from tests.shell.terminal import Terminal


def test_units_and_lists_are_named(rehearsal: Terminal) -> None:
    made = rehearsal(
        "item", "collect", "--title", "零工市场缺少遮雨候工区", "--origin", "problem",
        "--area", "employment", "--unit", "500101", "--by", "op-500101", "--json",
    ).value  # fmt: skip
    for words in (("item", "list"), ("item", "show", made["number"])):
        told = rehearsal(*words).out
        assert "万州区" in told
        assert "500101" not in told
        assert "500101" in rehearsal(*words, "--json").out


def test_the_timetable_is_told_in_words(rehearsal: Terminal) -> None:
    told = rehearsal("timetable", "list").out
    assert "每季" in told
    assert "quarter " not in told


def test_a_rulebook_is_named_by_the_beginning_of_its_digest(
    rehearsal: Terminal,
) -> None:
    told = rehearsal("rules", "show").out.split()[-1]
    assert len(told) == 12


def test_a_list_that_is_not_there_is_refused_with_how_lists_are_named(
    rehearsal: Terminal,
) -> None:
    refused = rehearsal("list", "show", "2027")
    assert refused.code == 1
    assert "可以这样做:编号写成 list/年度/city" in refused.err


def test_what_waits_for_a_second_person_is_told_in_words(rehearsal: Terminal) -> None:
    made = rehearsal(
        "item", "collect", "--title", "零工市场缺少遮雨候工区", "--origin", "problem",
        "--area", "employment", "--unit", "500101", "--by", "op-500101", "--json",
    ).value  # fmt: skip
    cancel = ("item", "cancel", made["number"], "--reason", "duplicate")
    assert rehearsal(*cancel, "--by", "office-1").code == 0
    confirm = ("list", "confirm", "list/2099/500101", "--by", "office-1")
    assert rehearsal(*confirm).code == 0
    told = rehearsal("proposal", "list").out
    assert f"事项:{made['number']},理由:已有相同事项" in told
    assert "清单:2099年万州区清单(list/2099/500101)" in told
    for code in ("cancel", "confirm", "duplicate", "reason", "edition"):
        assert code not in told


def test_a_stale_version_names_the_thing_not_its_stream() -> None:
    said = {"stream": "followup/R0000385", "expected": 1, "found": 2}
    assert sentence(Code.STALE_VERSION, dict(said)).startswith("“差评处置 R0000385”")
    said["stream"] = "2024-000001"
    assert sentence(Code.STALE_VERSION, dict(said)).startswith("“2024-000001”")
