"""A terminal of one's own: database, history and drafts in a folder of the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shell.terminal import Terminal


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a home for drafts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("HUIMIN_DATABASE", raising=False)
    return tmp_path


@pytest.fixture
def rehearsal(own: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal on a new rehearsal database."""
    terminal = Terminal(capsys, str(own / "t.db"))
    assert terminal("init", "--rehearsal").code == 0
    return terminal
