"""Every command of the tree, with hostile words in every place: a sentence, never a trace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from huimin_flow.shell.main import huimin
from tests.sampled import NIGHTLY
from tests.shell import test_life_by_commands as life
from tests.shell.terminal import Terminal

HOSTILE = {
    "empty": "",
    "control": "甲\x1b[2J乙",
    "surrogate": "甲\udcff乙",
    "long": "长" * 50_000,
    "sql": "'; DROP TABLE huimin_event; --",
    "path": "../../../../etc/shadow",
    "formula": "=cmd|' /C calc'!A0",
    "number": "99999999999999999999999",
    "month": "2023-00",
    "wide": "\uff12\uff10\uff12\uff13",
}

#: Options that a command has from ``shared``.
_SHARED = {"database", "as_json", "as_csv", "read_only", "config"}

#: What would run on, ask a person, or take long.
ENDLESS = {"shell", "scheduler", "demo"}


def leaves(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from leaves(one, (*path, name))
    elif path[0] not in ENDLESS:
        yield path, command


COMMANDS = dict(leaves(huimin))


def filled(command: click.Command, word: str) -> list[str]:
    """Return the command's arguments and options, each with the same word."""
    words: list[str] = []
    for one in command.params:
        if one.name in _SHARED:
            continue
        if isinstance(one, click.Option):
            name = max(one.opts, key=len)
            words += [name] if one.is_flag else [f"{name}={word}"]
    given = [one for one in command.params if isinstance(one, click.Argument)]
    return [*words, "--", *(word for _ in given)]


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_word_in_every_place_is_answered_in_words(
    kind: str, rehearsal: Terminal, own: Path
) -> None:
    """Each command is given several of the words; by night all of them."""
    del own
    before = rehearsal("audit", "verify", "--json").value
    turn, answered = list(HOSTILE).index(kind), 0
    given_to = list(COMMANDS.items())
    if not NIGHTLY:
        given_to = given_to[turn % 3 :: 3]
    for path, command in given_to:
        words = filled(command, HOSTILE[kind])
        at = words.index("--")
        given = [*path, *words[:at], "--db", rehearsal.database, *words[at:]]
        said = rehearsal.bare(*given)
        assert "Traceback" not in said.err, path
        assert len(said.out) + len(said.err) < 20_000, path
        assert said.code in {0, 1, 2}, path
        assert not said.code or said.err.strip() or said.out.strip(), path
        answered += said.code != 0
    assert rehearsal("audit", "verify", "--json").value == before
    assert answered > len(given_to) // 2


@pytest.mark.parametrize("word", ["a\x00b", "a\ud800b"])
def test_what_no_terminal_gives_is_refused_from_a_prompt(
    word: str, rehearsal: Terminal
) -> None:
    refused = rehearsal("item", "attach", "2023-000001", word)
    assert refused.code == 2
    assert "Traceback" not in refused.err


def test_every_command_has_help_in_chinese_and_answers_as_json_too(
    rehearsal: Terminal,
) -> None:
    for path, command in COMMANDS.items():
        told = rehearsal.bare(*path, "--help")
        assert told.code == 0, path
        assert "用法" in told.out, path
        assert "--json" in told.out, path
        assert any("\u4e00" <= one <= "\u9fff" for one in command.help or ""), path


def test_a_refusal_asked_for_as_json_is_json(rehearsal: Terminal) -> None:
    refused = rehearsal("item", "show", "没有", "--json")
    assert refused.code == 1
    assert json.loads(refused.err)["remedy"]


def test_a_refused_act_is_one_json_document_with_the_draft(
    rehearsal: Terminal, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(own / "state"))
    number = life.collected(rehearsal)
    refused = rehearsal("item", "close", number, "--by", "auditor-1", "--json")
    told = json.loads(refused.err)
    assert told["draft"] == str(own / "state" / "huimin" / "refused.jsonl")
    (why,) = (why for why in told["reasons"] if "may" in why["values"])
    assert why["values"]["may"] == ["office", "coordination"]
    misused = json.loads(rehearsal("item", "close", number, "--x", "--json").err)
    assert misused["draft"] == told["draft"]
    (close,) = rehearsal(
        "item", "explain", number, "close", "--by", "auditor-1", "--json"
    ).value
    assert why["values"] in [reason["values"] for reason in close["reasons"]]


def test_a_history_as_json_has_codes(rehearsal: Terminal) -> None:
    number = life.collected(rehearsal)
    (recorded,) = rehearsal("item", "history", number, "--json").value
    event = recorded["event"]
    assert (event["step"], event["target"]) == ("collect", "collected")
