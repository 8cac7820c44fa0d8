"""SQLite files as files: what lies beside them, and how one replaces another."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from huimin_flow.errors import StoreBusy, StoreRefused
from huimin_flow.store.engine import in_transaction, open_engine


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Work in a folder while no other process does; ``lock`` is a file there.

    Whoever dies gives the lock back, and leaves the empty file to the next.

    Raises:
        StoreBusy: while another process works there.

    """
    with _locked(lock):
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _locked(lock: Path) -> TextIO:
    """Return the lock's open file, held; it is given back when that is closed."""
    while True:
        file = lock.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise StoreBusy(
                f"另一个进程正在目录“{lock.parent}”中推演",
                remedy="请等它结束,或用 --into 另选一个目录",
            ) from None
        # Whoever held it may have removed it since we opened it: then it locks
        # nobody out, and the next one has a lock of its own.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), lock.stat()):
                return file
        file.close()


def remove_file(path: Path, *, beside_only: bool = False) -> None:
    """Remove a SQLite file and what a killed writer left beside it."""
    for ending in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    if not beside_only:
        path.unlink(missing_ok=True)


def supersede(old: Path, new: Path) -> None:
    """Put a finished SQLite file in the place of another, whole or not at all.

    A killed writer's journal belongs to the old file; beside the new one, the
    next reader would roll it back into that. So the old file settles first.

    Raises:
        StoreBusy: while someone writes the old file.

    """
    if old.exists():
        engine = open_engine(f"sqlite:///{old}")
        with suppress(StoreRefused):  # what is no database has nothing to settle
            in_transaction(engine, lambda _: None)
        engine.dispose()
    remove_file(old, beside_only=True)
    new.replace(old)
