"""The pictures of the READMEs are drawn by a command: ``make pictures``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_readmes import SHOWN_PAGES


def test_the_pictures_are_drawn_from_the_demo(played: Path, tmp_path: Path) -> None:
    if None in {shutil.which("tmux"), shutil.which("chromium")}:
        pytest.skip("tmux or Chromium is missing")
    # A process of its own: another test's browser may still be open in this one.
    done = subprocess.run(
        [sys.executable, "tests/pictures.py", str(played / "out"), str(tmp_path)],
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    drawn = [
        Path(line.rpartition(" ")[0].rpartition(" ")[0])
        for line in done.stdout.splitlines()
    ]
    assert [path.stem for path in drawn] == ["shell", *SHOWN_PAGES]
    for path in drawn:
        assert path.read_bytes().startswith(b"\x89PNG")
        assert 20_000 < path.stat().st_size < 200_000
