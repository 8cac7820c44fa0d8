"""A config with one fault in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def broken(config: Path, tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of config/ in which one piece of a file is replaced."""

    def replace(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "config"
        shutil.copytree(config, folder)
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return replace
