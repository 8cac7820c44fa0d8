"""Every screen of the command tree is Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from wcwidth import wcswidth

from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.shell.main import huimin

#: What may stand in Latin letters: names of commands, options, values, units.
_LATIN = re.compile(r"--?[a-z][a-z-]*|[A-Za-z][\w.:/@=-]*")


def commands(
    command: click.Command, path: tuple[str, ...] = ("huimin",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from commands(below, (*path, name))


ALL = list(commands(huimin))


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(p) for p, _ in ALL])
def test_a_help_page_has_no_english_sentence(
    path: tuple[str, ...], command: click.Command
) -> None:
    context = click.Context(command, info_name=" ".join(path))
    text = command.get_help(context)
    assert text.startswith("用法：")
    # Two Latin words with a space between them are the beginning of a sentence.
    body = text.split("\n", 1)[1]
    for line in body.splitlines():
        told = line.strip().split("  ")[-1]
        assert not re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", told), line


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(p) for p, _ in ALL])
def test_a_command_says_what_it_does_and_what_each_option_is(
    path: tuple[str, ...], command: click.Command
) -> None:
    assert command.help, path
    for one in command.params:
        if isinstance(one, click.Option):
            assert one.help, (path, one.name)
            assert not re.fullmatch(r"[ -~]*", one.help), (path, one.name)


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("spoken", Language)
def test_help_fits_its_terminal_and_stands_in_columns(
    spoken: Language, width: int
) -> None:
    """A Chinese sign has two columns, and no line begins with a closing mark."""
    broken = 0
    for path, command in ALL:
        with speaking(spoken):
            context = click.Context(command, terminal_width=width)
            _, _, page = command.get_help(context).partition("\n\n")
        for part in page.split("\n\n")[1:]:
            heading, *lines = part.splitlines()
            starts = set()
            for line in lines:
                assert wcswidth(line) <= width, line
                assert line.strip()[0] not in "，。、；：！？）”", line
                if beside := re.match(r"  \S.*?\S  +(?=\S)| {8,}(?=\S)", line):
                    starts.add(wcswidth(beside[0]))
                    broken += not beside[0].strip()
            assert len(starts) == 1, (path, heading, lines)
    assert broken > 10


def test_every_command_answers_in_json() -> None:
    without = {
        " ".join(path)
        for path, command in ALL
        if not isinstance(command, click.Group)
        and not any(one.name == "as_json" for one in command.params)
    }
    assert without == set()
