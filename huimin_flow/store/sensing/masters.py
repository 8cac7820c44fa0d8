"""The file of the master key, and beside it the register of erasures (X1).

The present master key is in the first line. Former ones follow: a backup from before
a change needs them. The register has a digest for each erased data key.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.clock import SystemClock
from huimin_flow.errors import StoreRefused, why_not

#: The size of a key, in bytes.
KEY: Final = 32


@dataclass(frozen=True)
class MasterFile:
    """The file of a database's master key; its owner alone reads and writes it."""

    path: Path

    def make(self) -> None:
        """Write a new master key and an empty register, unless there is a key.

        Raises:
            StoreRefused: if the file can't be written.

        """
        try:
            if self.path.exists():
                return
        except OSError as error:
            raise self._unread(error) from error
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        beside.unlink(missing_ok=True)  # left by a process that was killed
        # The key is never from a rehearsal's seed.
        self._append(beside, SystemClock().token(KEY).hex())
        try:
            with suppress(FileExistsError):  # another process was first
                os.link(beside, self.path)
                os.close(os.open(self._register, os.O_WRONLY | os.O_CREAT, 0o600))
        except OSError as error:
            raise self._unread(error) from error
        finally:
            beside.unlink(missing_ok=True)

    def keys(self) -> list[bytes]:
        """Return the master keys of the file, the present one first.

        Raises:
            StoreRefused: if it is missing, can't be read, or has no keys.

        """
        try:
            lines = self.path.read_text("ascii").split()
            found = [bytes.fromhex(line) for line in lines]
        except FileNotFoundError:
            code = StoreCode.KEY_MISSING
            raise StoreRefused(code, file=str(self.path)) from None
        except OSError as error:
            raise self._unread(error) from error
        except ValueError:
            found = []
        if not found or any(len(key) != KEY for key in found):
            raise StoreRefused(StoreCode.KEY_WRONG, file=str(self.path))
        return found

    def add(self) -> None:
        """Add a new master key to the file, behind the present one.

        Raises:
            StoreRefused: if the file can't be read or written.

        """
        self._write([*self.keys(), SystemClock().token(KEY)])

    def promote(self) -> None:
        """Put the last key of the file first: it is the present one now."""
        *former, new = self.keys()
        self._write([new, *former])

    def notes(self) -> frozenset[str]:
        """Return the digests of the register of erasures.

        Raises:
            StoreRefused: if it can't be read.

        """
        try:
            return frozenset(self._register.read_text("ascii").split())
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise self._unread(error) from error

    @property
    def register_lost(self) -> bool:
        """Tell whether there is no register: it is made with the key."""
        return not self._register.exists()

    def note(self, digest: str) -> None:
        """Add a digest to the register of erasures, unless it has it; it is on disk.

        Raises:
            StoreRefused: if it can't be written.

        """
        if digest not in self.notes():
            self._append(self._register, digest)

    @property
    def _register(self) -> Path:
        return self.path.with_name(f"{self.path.name}.erased")

    def _append(self, path: Path, line: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        try:
            with os.fdopen(os.open(path, flags, 0o600), "w") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(f"{line}\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._unread(error) from error

    def _write(self, keys: Sequence[bytes]) -> None:
        from huimin_flow.store.files import write_whole  # noqa: PLC0415 - seldom

        content = "".join(f"{key.hex()}\n" for key in keys).encode()
        try:
            write_whole(self.path, content, mode=0o600)
        except OSError as error:
            raise self._unread(error) from error

    def _unread(self, error: OSError) -> StoreRefused:
        why = why_not(error)
        return StoreRefused(StoreCode.KEY_UNREAD, file=str(self.path), why=why)
