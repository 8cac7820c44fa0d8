"""A command line speaks the language that it names; JSON is the same in both."""

from __future__ import annotations

import io
import json
import re

import click
import pytest

from huimin_flow import entry
from huimin_flow.catalogue.language import Language, say, speaking
from huimin_flow.shell.core import failed
from huimin_flow.shell.main import huimin
from tests.shell.core.test_chinese import ALL
from tests.shell.terminal import Terminal

HAN = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")

#: How many help pages still have Chinese texts; it may only fall.
UNTRANSLATED = 0


def test_a_refusal_is_english_wherever_the_option_stands(rehearsal: Terminal) -> None:
    for words in (
        ("--lang", "en", "item", "show", "2099-1"),
        ("item", "--lang=en", "show", "2099-1"),
        ("item", "show", "2099-1", "--lang", "EN"),
    ):
        refused = rehearsal(*words)
        assert refused.code == 1
        moment, *told = refused.err.splitlines()
        assert moment.startswith("rehearsal; its present moment: ")
        assert told[0].startswith("not done: no item")
        assert told[1].startswith("what to do: ")
    assert "未执行：" in rehearsal("item", "show", "2099-1").err


def test_the_variable_names_the_language_and_lang_does_not(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("LANGUAGE", "en")
    assert "未执行" in rehearsal("item", "show", "2099-1").err
    monkeypatch.setenv("HUIMIN_LANG", "en")
    assert "not done" in rehearsal("item", "show", "2099-1").err
    assert "未执行" in rehearsal("item", "show", "2099-1", "--lang", "zh").err


def test_an_unknown_language_is_refused_with_the_known(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = rehearsal("item", "list", "--lang", "fr")
    assert refused.code == 2
    assert "“--lang”的值不对" in refused.err
    assert "可用的值：zh、en" in refused.err
    monkeypatch.setenv("HUIMIN_LANG", "fr")
    assert rehearsal("item", "list").code == 2


def test_json_does_not_depend_on_the_language(rehearsal: Terminal) -> None:
    for words in (("whoami", "--by", "office-1"), ("item", "show", "2099-1")):
        chinese, english = (
            rehearsal("--lang", name, *words, "--json") for name in ("zh", "en")
        )
        assert chinese == english
        assert json.loads(chinese.out or chinese.err)


def test_a_line_of_the_shell_speaks_the_language_of_the_shell(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "item show 2099-1\nitem show 2099-1 --lang zh\nitem show 2099-1\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    err = rehearsal("--lang", "en", "shell").err
    assert err.count("not done: ") == 2
    assert err.count("未执行：") == 1


def test_ctrl_c_while_it_loads_says_what_the_shell_says() -> None:
    with speaking(Language.ENGLISH):
        assert say(failed.INTERRUPTED) == entry.STOPPED


def test_help_pages_are_english() -> None:
    chinese = []
    with speaking(Language.ENGLISH):
        for path, command in ALL:
            context = click.Context(command, info_name=" ".join(path))
            text = command.get_help(context)
            usage = text.split("\n\n")[0]
            assert usage.startswith("Usage: "), path
            # Words that are typed as they stand are in small letters: [link|…].
            names = re.sub(r"\[[a-z|-]+\]", "", usage.partition("[OPTIONS]")[2])
            assert names == names.upper(), path
            if HAN.search(re.sub("“[^”]*”", "", text)):
                chinese.append(path)
    assert len(chinese) <= UNTRANSLATED, chinese
    assert "用法：" in huimin.get_help(click.Context(huimin, info_name="huimin"))
