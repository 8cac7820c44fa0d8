"""Files as files: read within bounds, written whole, locked, one for another."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from huimin_flow.catalogue.reasons import FileCode, StoreCode
from huimin_flow.errors import InputRefused, StoreBusy, StoreRefused, why_not
from huimin_flow.store.core.engine import in_transaction, open_engine

#: How many bytes are read at once.
_PIECE = 1 << 20


def read_regular(path: Path, most: int) -> bytes:
    """Return the content of a user's file, read in pieces, up to ``most`` bytes.

    A device has no end and a pipe may have no writer: only regular files are read.

    Raises:
        InputRefused: for another kind of file, one that is too large, or one
            that can't be read.

    """
    content = bytearray()
    try:
        _require_regular(path, path.stat().st_mode)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            _require_regular(path, os.fstat(descriptor).st_mode)
            while len(content) <= most and (piece := file.read(_PIECE)):
                content += piece
    except OSError as error:
        raise InputRefused(
            FileCode.UNREADABLE, file=path.name, why=why_not(error)
        ) from None
    if len(content) > most:
        raise InputRefused(FileCode.TOO_LARGE, file=path.name, most=most)
    return bytes(content)


def _require_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise InputRefused(FileCode.NOT_REGULAR, file=path.name)


def write_whole(place: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write a file whole or not at all, with ``mode`` or as the umask has it.

    It is written beside its place and then renamed: a link at either place is
    replaced, and its target stays as it was.

    Raises:
        OSError: if it can't be written; then nothing is left of it.

    """
    writer = f"{os.getpid()}.{threading.get_ident()}"
    beside = place.with_name(f"{place.name}.{writer}.part")
    beside.unlink(missing_ok=True)  # left by a process that was killed
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        with os.fdopen(os.open(beside, flags, 0o666), "wb") as file:
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Work in a folder while no other process does; ``lock`` is a file there.

    A process that dies gives the lock back, and leaves the empty file to the next.

    Raises:
        StoreBusy: while another process works there.

    """
    while True:
        file = lock.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise StoreBusy(StoreCode.FOLDER_IN_USE, folder=str(lock.parent)) from None
        # Its last holder may have removed the file since we opened it: then our lock
        # keeps nobody out, and the next process has a file of its own.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), lock.stat()):
                break
        file.close()
    with file:
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def remove_file(path: Path, *, beside_only: bool = False) -> None:
    """Remove a SQLite file and what a killed writer left beside it."""
    for ending in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    if not beside_only:
        path.unlink(missing_ok=True)


def supersede(old: Path, new: Path) -> None:
    """Put a finished SQLite file in the place of another, whole or not at all.

    A killed writer's journal belongs to the old file; the next reader would roll it
    back into the new one. So a transaction on the old file uses it up first.

    Raises:
        StoreBusy: while someone writes the old file.

    """
    if old.exists():
        engine = open_engine(f"sqlite:///{old}")
        with suppress(StoreRefused):  # what is no database has no journal
            in_transaction(engine, lambda _: None)
        engine.dispose()
    remove_file(old, beside_only=True)
    new.replace(old)
