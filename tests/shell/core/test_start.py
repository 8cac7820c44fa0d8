"""What a command loads before it starts: only what it needs, by name of module."""

from __future__ import annotations

import subprocess
import sys

import pytest

from huimin_flow.testing import Desk

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
import gc
assert gc.isenabled()
values = sys.modules.get("huimin_flow.model.core.values")
read = [f"read:{kind.__name__}" for kind in values._READERS] if values else []
os.write(told, "\\n".join([*sys.modules, *read]).encode())
"""

#: What no reading command on SQLite needs.
IDLE = {
    "sqlmodel",
    "sqlalchemy.orm",
    "sqlalchemy.dialects.postgresql",
    "alembic",
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
        "huimin_flow.catalogue",
        "huimin_flow.catalogue.language",
        "huimin_flow.catalogue.acts",
        "huimin_flow.catalogue.commands",
        "huimin_flow.catalogue.improving_acts",
        "huimin_flow.catalogue.sensing_acts",
        "huimin_flow.catalogue.system_acts",
        "huimin_flow.catalogue.typography",
        "huimin_flow.entry",
        "huimin_flow.shell",
        "huimin_flow.shell.main",
        "huimin_flow.shell.core",
        "huimin_flow.shell.core.command_line",
        "huimin_flow.shell.core.help_pages",
        "huimin_flow.shell.core.usage",
    }
    assert not modules & {*IDLE, "sqlalchemy", "pydantic", "wcwidth", "ruamel.yaml"}


def test_an_items_page_loads_its_own_room_and_reads_what_it_shows(
    file_desk: Desk, file_url: str
) -> None:
    number = file_desk.collect().number
    modules = loaded("item", "show", number, "--db", file_url)
    assert not modules & IDLE
    assert {name for name in modules if name.startswith("read:")} == {
        "read:Item",
        "read:Rulebook",
        "read:Settings",
    }
    for idle in ("audit", "rehearsal", "timetable", "testing", "store.rows"):
        assert not ours(modules, idle), idle
    assert ours(modules, "exchange") == {
        "huimin_flow.exchange",
        "huimin_flow.exchange.core",
        "huimin_flow.exchange.core.cells",
    }
    assert ours(modules, "reports") == {
        "huimin_flow.reports",
        "huimin_flow.reports.core",
        "huimin_flow.reports.core.histories",
        "huimin_flow.reports.core.lists",
        "huimin_flow.reports.core.present",
        "huimin_flow.reports.items",
        "huimin_flow.reports.steps",
    }
    assert ours(modules, "shell") == {
        "huimin_flow.shell",
        "huimin_flow.shell.core",
        *(
            f"huimin_flow.shell.core.{name}"
            for name in (
                "acting", "command_line", "commands", "help_pages", "parameters", "place",
                "screens", "usage", "values",
            )
        ),
        "huimin_flow.shell.items",
        "huimin_flow.shell.main",
    }  # fmt: skip
    assert not ours(modules, "flow.scoring")
    assert not ours(modules, "flow.services")
    assert ours(modules, "flow.deciding") == {
        "huimin_flow.flow.deciding",
        "huimin_flow.flow.deciding.assessments",
    }


def test_an_embedders_import_loads_nothing_but_the_names_of_the_acts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from huimin_flow import Flow; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    modules = set(done.stdout.split())
    assert ours(modules) == {
        "huimin_flow",
        "huimin_flow.flow",
        "huimin_flow.flow.facade",
        "huimin_flow.flow.facets",
        "huimin_flow.flow.facets.improving",
        "huimin_flow.flow.facets.sensing",
        "huimin_flow.flow.methods",
        "huimin_flow.flow.system_facets",
    }
    assert not modules & {*IDLE, "sqlalchemy", "pydantic", "click", "inspect"}
