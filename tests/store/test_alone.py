"""One process alone in a folder: the lock holds, goes, and is never an old one."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.errors import StoreBusy
from huimin_flow.store.files import alone


def test_a_second_one_is_refused_and_the_lock_goes_with_the_first(
    tmp_path: Path,
) -> None:
    lock = tmp_path / "lock"
    with alone(lock), pytest.raises(StoreBusy, match="另一个进程"), alone(lock):
        pass
    assert not lock.exists()
    with pytest.raises(ZeroDivisionError), alone(lock):
        raise ZeroDivisionError
    assert not lock.exists()


def test_a_lock_that_was_removed_while_it_was_taken_locks_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, honest = tmp_path / "lock", fcntl.flock
    taken: list[Any] = []

    def late(file: Any, how: int) -> None:
        if not taken:  # between opening and locking, the first one ends
            lock.unlink()
        taken.append(file)
        honest(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with alone(lock):
        assert len(taken) == 2
        with pytest.raises(StoreBusy), alone(lock):
            pass
    assert not lock.exists()
