"""A terminal of one's own: database, history and drafts in a folder of the test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from huimin_flow.shell.main import invoke
from tests.shell.terminal import Terminal


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a home for drafts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("HUIMIN_DATABASE", raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsal database as ``huimin init`` leaves it, to be copied."""
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.delenv("HUIMIN_DATABASE", raising=False)
        assert invoke(["init", "--rehearsal", "--db", "t.db"]) == 0
    assert {one.name for one in folder.iterdir()} <= {"t.db", "state"}
    return folder / "t.db"


@pytest.fixture
def rehearsal(own: Path, begun: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal on a new rehearsal database."""
    shutil.copy(begun, own / "t.db")
    return Terminal(capsys, str(own / "t.db"))
