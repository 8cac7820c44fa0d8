"""docs/architecture.md says where things are, and nothing points outside the tree."""

from __future__ import annotations

import ast
import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from huimin_flow.model.core.events import Event

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

#: Papers that no user has, and a sign that only they are cited by.
OUTSIDE = (
    r"\b(DESIGN|RELIABILITY|STYLE|MECHANISMS|DOMAIN)\b|FINDINGS\.md|\bshared/[A-Z]|§"
)

#: An id as docstrings and pages cite it.
CITED = re.compile(r"\b([A-FX][0-9]|N[0-9]{1,2})\b")


def tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_line_points_outside_the_repository() -> None:
    pointing = [
        f"{path.relative_to(ROOT)}:{k + 1} {line.strip()}"
        for path in tracked(
            "*.py", "*.md", "*.toml", "*.yaml", "*.j2", "Makefile", ".ci/*"
        )
        if path != Path(__file__)
        for k, line in enumerate(path.read_text(encoding="utf-8").splitlines())
        if re.search(OUTSIDE, line)
    ]
    assert pointing == []


def test_every_id_that_a_docstring_cites_stands_in_the_key() -> None:
    key = set(re.findall(r"^\| ([A-Z][0-9]+) \|", PAGE, re.MULTILINE))
    cited = set()
    for path in tracked("huimin_flow/*.py", "tests/*.py", "bench/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                cited |= set(CITED.findall(ast.get_docstring(node) or ""))
    assert len(key) == 57
    assert cited - key == set()


def test_every_field_of_a_header_is_told() -> None:
    table = PAGE.partition("Fields of the header:")[2].partition("- **Leaf**")[0]
    told = re.findall(
        r"`(\w+)`", "".join(re.findall(r"^\|.*? \|", table, re.MULTILINE))
    )
    assert sorted(told) == sorted(field.name for field in fields(Event))


def test_a_stranger_finds_fourteen_things_where_the_page_says() -> None:
    exercise, _, solved = PAGE.partition("## Where is it?")[2].partition("<details>")
    things = re.split(r" ·\s", exercise.rpartition("compare:")[2])
    rows = re.findall(
        r"^\| (.+?) \| \[(.+?)\]\(\.\./(.+?)\) \| `(.+)` \|", solved, re.MULTILINE
    )
    assert len(things) == len(rows) == 14
    for thing, shown, file, name in rows:
        assert shown == file
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        defined = {getattr(node, "name", "") for node in tree.body}
        for node in tree.body:
            for target in getattr(node, "targets", [getattr(node, "target", None)]):
                defined.add(getattr(target, "id", ""))
        assert name.rpartition("/")[2] in defined, thing
