"""SQLite files as files: what lies beside them, and how one replaces another."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from huimin_flow.errors import StoreRefused
from huimin_flow.store.engine import in_transaction, open_engine


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
