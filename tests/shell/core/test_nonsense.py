"""Every option and argument of the tree, one at a time, with nonsense in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.shell.core.test_every_command import COMMANDS
from tests.shell.terminal import Terminal

#: What fits no unit, month, quarter, year or state.
NONSENSE = "没有这样的值"

#: Texts that may be anything: they are kept as they were written, or are keys that
#: a later retry names, so nothing about them is nonsense.
FREE = {"request", "who", "key", "title", "description", "minutes", "note"}

#: By name: what fits the place, so that the one tried is the one refused.
USUAL = {
    "period": "2023-10", "first": "2023-10", "last": "2023-10", "year": "2023",
    "month": "2023-10", "unit": "500101", "number": "2023-000001",
}  # fmt: skip


def tried() -> Iterator[tuple[tuple[str, ...], click.Parameter]]:
    for path, command in COMMANDS.items():
        for one in command.params:
            flag = isinstance(one, click.Option) and one.is_flag
            named = {"database", "config", "as_json"} | FREE
            if not flag and one.name not in named and path != ("init",):
                yield path, one


def words_of(path: tuple[str, ...], tried_one: click.Parameter) -> list[str]:
    words: list[str] = []
    given: list[str] = []
    for one in COMMANDS[path].params:
        value = NONSENSE if one is tried_one else USUAL.get(str(one.name), "甲")
        if isinstance(one, click.Argument):
            given.append(value)
        elif one is tried_one or one.required:
            words.append(f"{max(one.opts, key=len)}={value}")
    return [*path, *words, *given]


TRIED = {f"{' '.join(path)} {one.name}": (path, one) for path, one in tried()}


def test_nonsense_in_any_one_place_is_refused_or_answered_clearly(
    rehearsal: Terminal,
) -> None:
    assert len(TRIED) > 150
    for name, (path, one) in TRIED.items():
        said = rehearsal(*words_of(path, one))
        shown = said.out + said.err
        assert said.code in {0, 1, 2}, name
        assert shown.strip(), name
        assert "Traceback" not in shown, name
        assert "没有料到" not in shown, name
        if one.name in {"unit", "period", "month", "year", "state", "first", "last"}:
            assert said.code, name
            assert "可以这样做" in said.err, name


@pytest.mark.parametrize(
    "words",
    [
        ["item", "list", "--no-such-option"],
        ["item", "show"],
        ["rating", "show", "2023-10", "--per", "planet"],
        ["item", "star", "2023-000001", "--expected", "101"],
        ["no-such-command"],
    ],
)
def test_a_misused_command_answers_as_json_where_asked(
    words: list[str], rehearsal: Terminal
) -> None:
    refused = rehearsal.bare(*words, "--json")
    assert refused.code == 2
    told = json.loads(refused.err)
    assert set(told) - {"draft"} == {"error", "code", "message", "remedy", "reasons"}
    assert "--help" in told["remedy"]
    plain = rehearsal.bare(*words)
    assert (plain.code, plain.err[:5]) == (2, "命令有误：")


def test_a_machine_branches_on_codes_of_what_was_refused(
    rehearsal: Terminal, config: Path, tmp_path: Path
) -> None:
    refused = rehearsal("item", "list", "--state", "lost", "--json")
    told = json.loads(refused.err)
    assert told["code"] == told["reasons"][0]["code"] == "word_unknown"
    assert told["reasons"][0]["values"]["text"] == "lost"
    shutil.copytree(config, tmp_path / "config")
    rules = tmp_path / "config" / "rules.yaml"
    text = rules.read_text("utf-8").replace("quorum: {value: 3", "quorum: {value: 1")
    rules.write_text(text, encoding="utf-8")
    unfit = rehearsal.bare("rules", "check", "--config", str(rules.parent), "--json")
    told = json.loads(unfit.err)
    assert told["code"] == "config_out_of_range"
    (problem,) = told["problems"]
    assert (problem["file"], problem["key"], problem["reason"]["values"]) == (
        "rules.yaml", "judging.quorum.value", {"low": 2, "high": 100},
    )  # fmt: skip


def test_a_list_of_a_year_out_of_reach_is_not_made_up(rehearsal: Terminal) -> None:
    refused = rehearsal("list", "preview", "2050")
    assert refused.code == 1
    assert "不能由现在的事项预览" in refused.err
    assert "可以这样做" in refused.err
