"""What the documents show is run: a reader can do the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from huimin_flow.shell.main import invoke

DOCS = Path(__file__).parent.parent / "docs"


def blocks(path: Path, language: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_embedders_tutorial_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    program = "\n".join(blocks(DOCS / "tutorial" / "embedder.md", "python"))
    code = compile(program, "embedder.md", "exec")
    room: dict[str, object] = {"__name__": "tutorial"}
    exec(code, room)  # noqa: S102 - the document itself is under test
    room["host"].dispose()  # type: ignore[attr-defined]


def test_the_operators_tutorial_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from huimin_flow.clock import SystemClock, local_day

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    year = str(local_day(SystemClock().now()).year)
    shown = "\n".join(blocks(DOCS / "tutorial" / "operator.zh-CN.md", "sh"))
    for line in shown.replace("2026-", f"{year}-").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["export"]:
            name, _, value = words[1].partition("=")
            monkeypatch.setenv(name, value)
        elif words:
            code = invoke(words[1:])
            expected = 1 if "会被拒绝" in line else 0
            assert code == expected, (line, capsys.readouterr().err)


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda p: p.name)
def test_a_link_leads_to_a_file(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_readmes_program_is_python() -> None:
    for text in blocks(DOCS.parent / "README.md", "python"):
        compile(text, "README.md", "exec")
