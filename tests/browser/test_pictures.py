"""The pictures of the READMEs are drawn by a command: ``make pictures``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.test_docs import SHOWN_PAGES


def test_the_pictures_are_drawn_from_the_demo(played: Path, tmp_path: Path) -> None:
    if None in {shutil.which("tmux"), shutil.which("chromium")}:
        pytest.skip("tmux or Chromium is missing")
    from tests import pictures

    assert tuple(pictures.SHOWN) == SHOWN_PAGES
    drawn = pictures.draw(played / "out", tmp_path)
    assert [path.stem for path in drawn] == ["shell", *SHOWN_PAGES]
    for path in drawn:
        assert path.read_bytes().startswith(b"\x89PNG")
        assert 20_000 < path.stat().st_size < 200_000
