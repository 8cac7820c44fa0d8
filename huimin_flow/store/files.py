"""Safe file operations: bounded read, complete write, lock, replacement."""

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

    Only regular files are read: a device has no end, and a pipe may have no writer.

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
    """Write a file completely or not at all, with ``mode`` or by the umask.

    A temporary file beside it is written and then renamed. A link at either path is
    replaced, and its target does not change.

    Raises:
        OSError: if it can't be written; no part of it remains.

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
    """Lock a folder for this process; ``lock`` is a file in it.

    A process that dies releases the lock; its empty lock file remains.

    Raises:
        StoreBusy: if another process has the lock.

    """
    while True:
        file = lock.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise StoreBusy(StoreCode.FOLDER_IN_USE, folder=str(lock.parent)) from None
        # The last holder may have removed the file after we opened it. Then our lock
        # has no effect, because the next process creates a new file.
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
    """Remove a SQLite file, and the files that a killed writer left beside it."""
    for ending in ("-journal", "-wal", "-shm", "-queue"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    if not beside_only:
        path.unlink(missing_ok=True)


def supersede(old: Path, new: Path) -> None:
    """Replace a SQLite file by a finished one, completely or not at all.

    A killed writer may leave a journal of the old file; the next reader would apply
    it to the new one. So a transaction on the old file applies the journal first.

    Raises:
        StoreBusy: if someone writes to the old file.

    """
    if old.exists():
        engine = open_engine(f"sqlite:///{old}")
        with suppress(StoreRefused):  # a file that is no database has no journal
            in_transaction(engine, lambda _: None)
        engine.dispose()
    remove_file(old, beside_only=True)
    new.replace(old)
