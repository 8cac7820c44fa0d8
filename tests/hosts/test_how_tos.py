"""The pages for hosts show nothing but what the examples have."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import dedent

import pytest

from tests.test_docs import DOCS, ROOT, blocks

PAGES = {
    "host-on-fastapi.md": "fastapi_host",
    "host-on-django.md": "django_host",
    "host-on-flask.md": "flask_host",
    "host-in-a-worker.md": "worker_host",
}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def holds(file: Path, block: list[str]) -> bool:
    """Tell whether a block is a run of a file's lines, whatever their indentation."""
    own = lines(file.read_text(encoding="utf-8"))
    return any(own[n : n + len(block)] == block for n in range(len(own)))


@pytest.mark.parametrize("page", PAGES)
def test_each_block_is_lines_of_the_example(page: str) -> None:
    files = sorted((ROOT / "examples" / PAGES[page]).rglob("*.py"))
    shown = blocks(DOCS / "how-to" / page, "python")
    assert len(shown) >= 4
    for block in shown:
        assert any(holds(file, lines(block)) for file in files), block


@pytest.mark.parametrize("page", PAGES)
def test_what_starts_the_example_stands_in_its_own_words(page: str) -> None:
    """Once a database is there, the commands are those of the example's docstring."""
    files = sorted((ROOT / "examples" / PAGES[page]).rglob("*.py"))
    told = [
        ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        for file in files
    ]
    (commands,) = blocks(DOCS / "how-to" / page, "sh")
    own = [
        line
        for line in lines(commands)
        if not line.startswith(("pip install ", "huimin init "))
    ]
    assert any(set(own) <= set(lines(dedent(each))) for each in told), own


def test_every_example_is_read_in_ten_minutes() -> None:
    for file in (ROOT / "examples").rglob("*.py"):
        count = len(file.read_text(encoding="utf-8").splitlines())
        assert count <= 150, file
