"""What commands print in English has no Chinese but names of the bureau's config."""

from __future__ import annotations

import json
import re

import pytest

from tests.shell.terminal import Terminal

HAN = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]+")

WORDS = [
    "doctor",
    "item list --sort stars",
    "item list",
    "item show NUMBER",
    "item history NUMBER",
    "item explain NUMBER --by office-1",
    "item undo NUMBER --by office-1",
    "item screen NUMBER --score urgency=90 --score fundamentality=90 --by office-1",
    "item screen NUMBER --by office-1 --score urgency=90 --score x=1",
    "item judge NUMBER --by office-1",
    "item show 2099-000001",
    "todo --by office-1",
    "todo --by op-500101",
    "whoami --by office-1",
    "permissions",
    "next NUMBER --by office-1",
    "list list",
    "list preview 2027",
    "proposal list",
    "meeting list",
    "assessment list",
    "appeal list",
    "rating bad",
    "rating callback 2026-01",
    "rating coverage 2026-01 2026-02",
    "rating savings 2026",
    "score editions 2026-01",
    "progress show 2026-01",
    "progress owing 2026-01",
    "rules show",
    "rules diff",
    "rules check",
    "timetable list",
    "timetable due",
    "timetable status",
    "audit verify",
    "audit replay NUMBER",
    "audit refusals",
    "drafts",
    "nonsense",
    "item",
]


@pytest.fixture
def number(rehearsal: Terminal) -> str:
    """An item with a title that is English."""
    made = rehearsal(
        "item", "collect", "--title", "Shelter for workers", "--origin", "problem",
        "--area", "employment", "--unit", "500101", "--by", "op-500101", "--json",
    ).value  # fmt: skip
    return str(made["number"])


@pytest.mark.parametrize("words", WORDS)
def test_a_command_prints_english(words: str, rehearsal: Terminal, number: str) -> None:
    names = json.dumps(rehearsal("rules", "show", "--json").value, ensure_ascii=False)
    line = words.replace("NUMBER", number).split()
    answer = rehearsal("--lang", "en", *line)
    text = answer.out + answer.err
    assert text
    assert [part for part in HAN.findall(text) if part not in names] == []
