"""What the READMEs show and promise is there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from huimin_flow.catalogue.typography import full_width
from huimin_flow.shell.main import huimin

ROOT = Path(__file__).parent.parent

#: The pages of which the READMEs show a picture.
SHOWN_PAGES = ("index", "month-2023-10", "list-2023")

READMES = ("README.md", "README.zh-CN.md")


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_of_a_readme_run_as_printed(
    name: str, played: Path, tmp_path: Path
) -> None:
    """The first is the demo itself; the second opens the shell on its database."""
    text = (ROOT / name).read_text(encoding="utf-8")
    make, opened = re.findall(r"^    (make .*|\.venv/.*)$", text, re.MULTILINE)
    target = make.removeprefix("make ")
    printed = subprocess.run(
        ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ".venv/bin/huimin demo --into out/demo --yes" in printed.stdout
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "demo").symlink_to(played / "out")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    done = subprocess.run(
        shlex.split(opened), cwd=tmp_path, input="progress owing 2023-10\n",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "丰都县" in done.stdout


@pytest.mark.parametrize("name", READMES)
def test_a_readme_shows_light_pictures_and_leads_nowhere_in_vain(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert [Path(one).stem for one in pictures] == ["shell", *SHOWN_PAGES]
    for one in pictures:
        picture = (ROOT / one).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 200_000
    for link in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", text):
        assert (ROOT / link).is_file(), link


def test_the_chinese_readme_keeps_its_readers_in_chinese() -> None:
    text = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    assert "README.md" not in text
    for link in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", text):
        page = re.sub(r"`[^`]*`|```.*?```", "", (ROOT / link).read_text("utf-8"))
        assert len(re.findall("[\u3400-\u9fff]", page)) > len(page) / 4, link
    prose = re.sub(r"\]\([^)]*\)", "", text)
    lines = [line for line in prose.splitlines() if not line.startswith("    ")]
    assert [full_width(line) for line in lines] == lines


def test_the_readme_lists_every_group_and_no_command_that_is_not() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = text.partition("## Use it from a shell")[2].partition("Every command")[0]
    named = set()
    for told in re.findall(r"huimin ([^\n(]+?)(?= {2,}|\(|\n)", listed):
        words = [one.strip() for one in told.split("·")]
        first, *rest = words[0].split(), *words[1:]
        head = huimin.commands[first[0]]
        named.add(first[0])
        below = head.commands if isinstance(head, click.Group) else huimin.commands
        for one in [*first[1:], *rest]:
            assert one == "…" or one in below, told
            named.add(one)
    assert set(huimin.commands) <= named
