"""A person's number that was typed stays nowhere: no screen, log, draft or history."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.shell.terminal import Terminal
from tests.shell.test_life_by_commands import collected

PHONE = "13800138000"
CITIZEN = "500101199001011237"

COLLECT = [
    "item", "collect", "--origin", "problem", "--area", "general", "--unit", "500101",
]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ["item", "reject", "N", "--reason", f"某某{PHONE}", "--by", "office-1"],
        ["item", "screen", "N", "--by", f"p{PHONE}"],
        ["item", "show", PHONE],
        ["item", "list", "--state", PHONE],
        ["item", "list", "--unit", PHONE],
        ["appeal", "show", f"tel-{PHONE}"],
        ["score", "month", PHONE],
        ["report", "item", CITIZEN],
        ["item", "screen", "N", "--score", f"{PHONE}=80", "--by", "office-1"],
        ["item", PHONE],
        ["item", "show", "N", PHONE],
        [*COLLECT, "--title", f"找{PHONE}", "--by", "office-1"],
        [*COLLECT, "--title", "甲", "--by", "office-1", "--request", f"tel-{PHONE}"],
        [*COLLECT, "--title", "甲", "--by", "office-1", "--request", f"id-{CITIZEN}"],
        [*COLLECT, "--title", "甲", "--by", "office-1", "--on", PHONE],
    ],
)
def test_no_screen_log_or_draft_repeats_a_number(
    rehearsal: Terminal, own: Path, words: list[str]
) -> None:
    number = collected(rehearsal)
    for more in ([], ["--json"]):
        answer = rehearsal(*(number if one == "N" else one for one in words), *more)
        assert answer.code in {1, 2}
        assert PHONE not in answer.out + answer.err
        assert CITIZEN not in answer.out + answer.err
    refused = own / "state" / "huimin" / "refused.jsonl"
    if refused.exists():
        assert PHONE not in refused.read_text()
        assert CITIZEN not in refused.read_text()
    assert PHONE.encode() not in (own / "t.db").read_bytes()
    assert CITIZEN.encode() not in (own / "t.db").read_bytes()


def test_what_was_read_from_the_standard_input_is_kept_without_its_numbers(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"请回电{PHONE}\n下雨没有地方候工"
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    words = [*COLLECT, "--title", "甲", "--description", "-", "--by", "office-1"]
    assert rehearsal(*words).code == 1
    (kept,) = rehearsal.bare("drafts", "--json").value
    assert kept["stdin"] == "请回电***********\n下雨没有地方候工"


def test_a_row_cannot_be_forged_by_what_a_field_holds(
    rehearsal: Terminal, own: Path
) -> None:
    number = collected(rehearsal)
    forged = f"甲\n2026-000009  已办结  万州区  5  {number}"
    for words in (
        [*COLLECT, "--title", forged],
        ["item", "amend", number, "--set", f"title={forged}"],
        ["item", "cancel", number, "--reason", f"duplicate\n{forged}"],
        ["score", "correct", "score/2026-10", "--reason", f"误\u2028{forged}"],
    ):
        answer = rehearsal(*words, "--by", "office-1")
        assert (answer.code, "2026-000009" in answer.out) == (1, False), words
    # What stands in a database already, or may have several lines, forges none.
    with sqlite3.connect(own / "t.db") as database:
        forged = json.dumps("甲\n2026-000009\u2028\u202e\x1b[2J")[1:-1]
        database.execute(
            "UPDATE huimin_item SET body = replace(body, ?, ?)",
            ("零工市场缺少候工区", forged),
        )
    shown = rehearsal("item", "list").out.splitlines()
    assert len(shown) == 3  # the last line counts
    assert "甲\\n2026-000009\\u2028\\u202e\\x1b[2J" in shown[1]
