"""An option's name stands for one thing in all commands, and a thing has one name."""

from __future__ import annotations

import re
from collections import defaultdict

import click

from huimin_flow.shell.main import huimin
from tests.shell.core.test_chinese import commands

#: What parts the thing that an option names from what this command does with it.
_END = re.compile("[:;,。(]")


def stems() -> dict[str, dict[str, set[str]]]:
    """Return what each option's help begins with, and the commands that say so."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path, command in commands(huimin):
        for one in command.params:
            if isinstance(one, click.Option):
                stem = _END.split(one.help or "", maxsplit=1)[0]
                found["/".join(one.opts)][stem].add(" ".join(path))
    return found


def test_an_option_of_one_name_is_the_same_thing_in_every_command() -> None:
    several = {name: told for name, told in stems().items() if len(told) > 1}
    assert several == {}


def test_one_thing_is_asked_for_by_one_name() -> None:
    names: dict[str, set[str]] = defaultdict(set)
    for name, told in stems().items():
        for stem in told:
            names[stem].add(name)
    assert {stem: of for stem, of in names.items() if len(of) > 1} == {}


def test_no_two_names_differ_by_a_plural_alone() -> None:
    names = set(stems())
    assert {one for one in names if f"{one}s" in names} == set()
