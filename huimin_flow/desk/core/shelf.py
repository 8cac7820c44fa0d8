"""Files that were sent and wait for a second step (A1, D0).

Between the two steps a file lies in a folder of this process alone, under a name that
only the form knows. It may say in the clear what people said: it is deleted once it is
taken in, after some minutes, or with the process; the next desk deletes what a process
left that was killed.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Final, NamedTuple

from starlette.datastructures import UploadFile

from huimin_flow.catalogue.reasons import DeskCode, FileCode
from huimin_flow.desk.core.sessions import new_id
from huimin_flow.errors import InputRefused, why_not
from huimin_flow.exchange.core.tables import safe_name

#: How many files are kept, and for how many seconds.
KEPT: Final = 8
_SECONDS: Final = 1800

#: The names of the folders, and of the file in each that its process locks.
_PREFIX: Final = "huimin-import-"
_LOCK: Final = "lock"


class _Kept(NamedTuple):
    """A file that was sent: its path, its account, and what will delete it."""

    path: Path
    account: str
    end: Timer


@dataclass
class Shelf:
    """The files that were sent and wait for a second step, by their form's name."""

    folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix=_PREFIX)
    )
    files: OrderedDict[str, _Kept] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)
    held: IO[str] = field(init=False)

    def __post_init__(self) -> None:
        """Lock the folder for as long as the process lives."""
        self.held = (Path(self.folder.name) / _LOCK).open("w")
        fcntl.flock(self.held, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def keep(self, sent: UploadFile, account: str) -> str:
        """Keep a file for an account; return the name by which the form knows it."""
        name, called = new_id(), safe_name(Path(sent.filename or "").name)
        with self.lock:
            own = Path(self.folder.name) / name
            try:
                own.mkdir(mode=0o700)
                with (own / called).open("xb") as file:
                    shutil.copyfileobj(sent.file, file)
            except OSError as failure:
                shutil.rmtree(own, ignore_errors=True)
                raise InputRefused(
                    FileCode.NOT_WRITTEN, path=called, why=why_not(failure)
                ) from failure
            self._wait(name, own / called, account)
            while len(self.files) > KEPT:
                self._drop(next(iter(self.files)))
        return name

    def _wait(self, name: str, path: Path, account: str) -> None:
        end = Timer(_SECONDS, self.end, [name])
        end.daemon = True
        self.files[name] = _Kept(path, account, end)
        end.start()

    def end(self, name: str) -> None:
        """Delete a file that nobody asked for, later if one is being read."""
        with self.lock:
            kept = self.files.get(name)
            if kept is None:
                return
            if READING.acquire(blocking=False):
                try:
                    self._drop(name)
                finally:
                    READING.release()
            else:
                self._wait(name, kept.path, kept.account)

    def _drop(self, name: str) -> None:
        kept = self.files.pop(name)
        kept.end.cancel()
        shutil.rmtree(kept.path.parent, ignore_errors=True)

    def of(self, name: str, account: str) -> Path:
        """Return a file that the account has sent.

        Raises:
            InputRefused: if it is not there any more.

        """
        kept = self.files.get(name)
        if kept is None or kept.account != account or not kept.path.parent.is_dir():
            raise InputRefused(DeskCode.FILE_GONE)
        return kept.path


def sweep() -> None:
    """Delete the files that a process left that was killed: nobody has its lock."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError), lock.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)


_SHELF: list[Shelf] = []

#: Files are read one at a time: a large one takes a whole core for minutes.
READING: Final = Lock()


def shelf() -> Shelf:
    """Return this process's shelf; its folder is made at the first file."""
    if not _SHELF:
        _SHELF.append(Shelf())
    return _SHELF[0]
