"""The house keeps its own rules: sizes, banned calls, no paths of a machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.count import DOORS, chinese

ROOT = Path(__file__).parent.parent
PACKAGE = sorted(
    path
    for path in (ROOT / "huimin_flow").rglob("*.py")
    if "versions" not in path.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))

BANNED = {
    "datetime.now", "datetime.utcnow", "date.today", "time.time",
    "uuid.uuid4", "pickle.loads", "pickle.load", "marshal.loads", "eval", "exec",
}  # fmt: skip


@cache
def tree(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def places(paths: list[Path], wrong: Callable[[ast.AST], bool]) -> list[str]:
    """Return where nodes are that a rule of the house forbids."""
    return [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        for path in paths
        for node in tree(path)
        if wrong(node)
    ]


def calls(node: ast.AST, names: set[str]) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in names


def is_long(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef):
        return False
    doc = ast.get_docstring(node, clean=False) or ""
    code = (node.end_lineno or 0) - node.lineno + 1
    return code - len(doc.splitlines()) > 60


def passes_over(node: ast.AST) -> bool:
    return isinstance(node, ast.ExceptHandler) and all(
        isinstance(line, ast.Pass) for line in node.body
    )


def is_formatted(node: ast.AST) -> bool:
    """Tell whether a statement is made of a formatted string; a PRAGMA takes no values."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    return node.func.attr in {"execute", "text", "exec_driver_sql"} and any(
        isinstance(given, ast.JoinedStr)
        and not ast.unparse(given).startswith("f'PRAGMA")
        for given in node.args
    )


@pytest.mark.parametrize(("paths", "most"), [(PACKAGE, 400), (TESTS, 500)])
def test_a_module_has_at_most_400_lines_and_one_of_tests_500(
    paths: list[Path], most: int
) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in paths}
    assert {path: n for path, n in lengths.items() if n > most} == {}


def test_a_function_has_at_most_60_lines() -> None:
    assert places(PACKAGE, is_long) == []


def test_nobody_but_the_clock_reads_time_and_nothing_is_evaluated() -> None:
    others = [path for path in PACKAGE if path.name != "clock.py"]
    assert places(others, lambda node: calls(node, BANNED)) == []


def test_no_chinese_literal_comes_below_the_doors() -> None:
    """Words, sentences and ways out stand in catalogue/; tables of marks are named."""
    home = ROOT / "huimin_flow"
    below = [path for path in PACKAGE if path.relative_to(home).parts[0] not in DOORS]
    found = {path: chinese(ast.parse(path.read_text("utf-8")))[0] for path in below}
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_no_failure_is_passed_over_in_silence() -> None:
    assert places(PACKAGE + TESTS, passes_over) == []


def test_no_statement_is_made_of_a_formatted_string() -> None:
    assert places(PACKAGE, is_formatted) == []


def test_no_test_sleeps() -> None:
    assert places(TESTS, lambda node: calls(node, {"time.sleep"})) == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (is_long, "def long():\n" + "    print()\n" * 60),
        (passes_over, "try:\n    f()\nexcept OSError:\n    pass"),
        (is_formatted, "c.execute(f'SELECT {x}')"),
        (lambda node: calls(node, BANNED), "datetime.now()"),
    ],
)
def test_each_rule_of_the_house_sees_what_it_forbids(
    rule: Callable[[ast.AST], bool], text: str
) -> None:
    assert any(map(rule, ast.walk(ast.parse(text))))
    assert not any(
        map(rule, ast.walk(ast.parse("def short():\n    return c.execute(x)")))
    )


def test_no_file_names_a_place_of_a_machine() -> None:
    found = subprocess.run(
        ["git", "grep", "-nIE", r"(^|[^a-z.])/(work|farm|root|home)/[a-z]", "--", ".", ":!tests"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if found.returncode > 1:
        pytest.skip("this is no git checkout")
    assert found.stdout == ""


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for readme in ("README.md", "README.zh-CN.md"):
        text = (ROOT / readme).read_text(encoding="utf-8")
        for target in re.findall(r"^ {4}make ([a-z]+)", text, re.MULTILINE):
            assert f"\n{target}:" in makefile


def test_the_public_door_is_small_and_sorted() -> None:
    import huimin_flow

    assert huimin_flow.__all__ == sorted(huimin_flow.__all__)
    for name in huimin_flow.__all__:
        assert getattr(huimin_flow, name) is not None
