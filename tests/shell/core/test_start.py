"""What a command loads before it starts: only what it needs, by name of module."""

from __future__ import annotations

import subprocess
import sys

import pytest

from huimin_flow.shell.core.usage import Branch
from huimin_flow.shell.main import huimin

#: Runs a command line in a new process and prints the modules that it has loaded.
LOADED = """
import sys, os
from huimin_flow.entry import run
told = os.dup(1)
os.dup2(2, 1)
try:
    run(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
os.write(told, "\\n".join(sys.modules).encode())
"""

#: What no reading command on SQLite needs.
IDLE = {
    "sqlmodel",
    "sqlalchemy.orm",
    "sqlalchemy.dialects.postgresql",
    "alembic",
    "transitions",
    "jinja2",
    "prompt_toolkit",
    "apscheduler",
}


def loaded(*words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


def ours(modules: set[str], layer: str = "") -> set[str]:
    head = f"huimin_flow.{layer}" if layer else "huimin_flow"
    return {name for name in modules if name == head or name.startswith(f"{head}.")}


@pytest.mark.parametrize(
    "words", [["--help"], ["item", "--help"], ["rating", "--help"]]
)
def test_a_help_page_of_the_tree_loads_click_and_the_tree(words: list[str]) -> None:
    modules = loaded(*words)
    assert ours(modules) == {
        "huimin_flow",
        "huimin_flow.entry",
        "huimin_flow.shell",
        "huimin_flow.shell.main",
        "huimin_flow.shell.core",
        "huimin_flow.shell.core.command_line",
        "huimin_flow.shell.core.usage",
    }
    assert not modules & {*IDLE, "sqlalchemy", "pydantic", "wcwidth", "ruamel.yaml"}


def test_the_tree_has_the_helps_of_its_commands() -> None:
    item, rating = huimin.commands["item"], huimin.commands["rating"]
    for branch in (huimin, item, rating):
        assert isinstance(branch, Branch)
        assert branch.places
        for name, (_, text) in branch.places.items():
            assert (branch.commands[name].name, branch.commands[name].help) == (
                name,
                text,
            )
