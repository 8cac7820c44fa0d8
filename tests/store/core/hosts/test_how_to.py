"""The page for programs in which we run, as it shows it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from tests.flow.core.test_host import plain
from tests.test_docs import DOCS, blocks

PAGE = DOCS / "how-to" / "run-inside.md"


def test_the_page_on_running_inside_runs(
    url: str, book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Flow.found(url, book).close()
    program = "\n".join(blocks(PAGE, "python"))
    assert program.count("sqlite:///huimin.db") == 1
    named = url.replace("postgresql:", "postgresql+psycopg:")
    room: dict[str, Any] = {"__name__": "inside"}
    code = compile(program.replace("sqlite:///huimin.db", named), PAGE.name, "exec")
    exec(code, room)  # noqa: S102 - the document itself is under test
    logging.getLogger("huimin_flow.waits").handlers.clear()
    host = plain(url)
    assert inspect(host).has_table("host_case")
    host.dispose()


def test_what_the_page_only_shows_is_python_too() -> None:
    shown = blocks(PAGE, "py")
    assert len(shown) == 4
    for block in shown:
        compile(block, PAGE.name, "exec")
