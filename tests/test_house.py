"""The house keeps its own rules: sizes, banned calls, no paths of a machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
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


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PACKAGE, ids=named)
def test_a_module_has_at_most_400_lines_and_its_functions_60(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef):
            code = (node.end_lineno or 0) - node.lineno + 1
            doc = ast.get_docstring(node, clean=False) or ""
            assert code - len(doc.splitlines()) <= 60, node.name


@pytest.mark.parametrize("path", TESTS, ids=named)
def test_a_test_module_has_at_most_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", PACKAGE, ids=named)
def test_nobody_but_the_clock_reads_time_and_nothing_is_evaluated(path: Path) -> None:
    if path.name == "clock.py":
        return
    for node in nodes(path):
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in BANNED


@pytest.mark.parametrize("path", PACKAGE, ids=named)
def test_no_chinese_literal_comes_below_the_doors(path: Path) -> None:
    """Words, sentences and ways out stand in catalogue/; tables of marks are named."""
    home = path.relative_to(ROOT / "huimin_flow")
    if home.parts[0] not in DOORS:
        found, _ = chinese(ast.parse(path.read_text(encoding="utf-8")))
        assert found == []


@pytest.mark.parametrize("path", PACKAGE + TESTS, ids=named)
def test_no_failure_is_passed_over_in_silence(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.ExceptHandler):
            assert not all(isinstance(one, ast.Pass) for one in node.body)


@pytest.mark.parametrize("path", PACKAGE, ids=named)
def test_no_statement_is_made_of_a_formatted_string(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            text = node.func.attr in {"execute", "text", "exec_driver_sql"}
            for given in node.args:
                pragma = isinstance(given, ast.JoinedStr) and ast.unparse(
                    given
                ).startswith("f'PRAGMA")
                assert not (text and isinstance(given, ast.JoinedStr)) or pragma


@pytest.mark.parametrize("path", TESTS, ids=named)
def test_no_test_sleeps(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) != "time.sleep"


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
