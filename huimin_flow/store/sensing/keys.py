"""The keys of personal data, of which the first is outside the database (X1).

A file beside the database holds the master key. It wraps a root key, from which
secrets such as that of pseudonyms are derived, and a data key for each person, or for
an appeal of nobody known. So an erased data key makes a text unreadable also in a
copy, and a copy of the database without the file says nothing about anybody.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.engine import make_url

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.clock import SystemClock
from huimin_flow.errors import StoreBusy, StoreRefused
from huimin_flow.store.core.facts import insert
from huimin_flow.store.core.history import raw_bytes, rows_naming
from huimin_flow.store.core.tables import DATA_KEYS
from huimin_flow.store.sensing.masters import KEY, MasterFile

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: The environment variable for the file of the master key.
KEY_VARIABLE: Final = "HUIMIN_KEY"

#: Returns so many random bytes.
Token = Callable[[int], bytes]

#: The size of a nonce, in bytes.
NONCE: Final = 12

#: The subject of the root key; no person and no appeal has it.
ROOT: Final = "root"


def subject_of(who: str, channel: str, key: str) -> str:
    """Return the subject of an appeal's data key: its person, or else the appeal.

    >>> subject_of("p1", "media", "A1"), subject_of("", "media", "A1")
    ('who/p1', 'appeal/media/A1')

    """
    return f"who/{who}" if who else f"appeal/{channel}/{key}"


def cipher_of(key: bytes) -> AESGCM:
    """Return AES-GCM with a key."""
    from cryptography.hazmat.primitives.ciphers.aead import (  # noqa: PLC0415 - heavy
        AESGCM,
    )

    return AESGCM(key)


def opens(cipher: AESGCM, sealed: bytes, identity: bytes) -> bytes | None:
    """Return what a cipher has sealed under an identity, None if it has not."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - heavy

    with suppress(InvalidTag, ValueError):
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], identity)
    return None


def file_of(url: str, named: Path | None = None) -> Path | None:
    """Return the file of a database's master key, None for an unnamed server's.

    It is ``named``, or that of HUIMIN_KEY, or beside an SQLite file.
    """
    chosen = named or os.environ.get(KEY_VARIABLE)
    if chosen:
        return Path(chosen)
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    return Path(f"{address.database}.key")


def keyring_of(connection: Connection, named: Path | None = None) -> Keyring:
    """Return the keyring of the database of a connection, as ``file_of`` chooses it."""
    url = "postgresql://"
    if connection.dialect.name == "sqlite":  # a host's engine may not tell its file
        _, _, file = connection.exec_driver_sql("PRAGMA database_list").all()[0]
        url = f"sqlite:///{file}"
    return Keyring(file_of(url, named))


@dataclass
class Keyring:
    """The keys of one database; ``file`` has the master key, None if none is named.

    Only the master key and the root key are remembered: another process may erase a
    data key at any moment.
    """

    file: Path | None = None
    _opened: dict[bytes, tuple[AESGCM, bytes]] = field(default_factory=dict, repr=False)

    @property
    def is_there(self) -> bool:
        """Tell whether the file of the master key is there and can be read."""
        try:
            return bool(self.masters.keys())
        except StoreRefused as refusal:
            return refusal.code == StoreCode.KEY_WRONG.value  # the checks tell it

    @property
    def masters(self) -> MasterFile:
        """Return the file of the master key.

        Raises:
            StoreRefused: if none is named.

        """
        if self.file is None:
            raise StoreRefused(StoreCode.KEY_UNNAMED)
        return MasterFile(self.file)

    def make(self, connection: Connection, token: Token) -> None:
        """Make the root key and a missing file; with a root key it is put back.

        The root key is there before any host: one that made it in its long transaction
        would keep the appeals of all others waiting.

        Raises:
            StoreRefused: if the file can't be read or written.

        """
        if self.file is not None and not _wrapped(connection, [ROOT]):
            self.masters.make()
            self._root(connection, token)

    def secret(
        self, connection: Connection, name: str, token: Token | None = None
    ) -> bytes:
        """Return a secret of the database, as of pseudonyms; it never changes.

        ``token`` is given by an act: it may make the root key.

        Raises:
            StoreRefused: without the master key of the database.

        """
        _, root = self._root(connection, token)
        return hmac.digest(root, name.encode(), "sha256")

    def ciphers(
        self,
        connection: Connection,
        subjects: Iterable[str],
        token: Token | None = None,
    ) -> dict[str, AESGCM]:
        """Return the ciphers of subjects, without ``token`` of those with a whole key.

        With it, missing data keys are made; the act holds all of them until its end, so
        that nobody erases one meanwhile.

        Raises:
            StoreRefused: without the master key of the database, or with ``token`` for
                a data key that was changed.
            StoreBusy: if another act made a key in a transaction that this one misses.

        """
        asked = sorted(set(subjects))
        wrapped = _wrapped(connection, asked, hold=token is not None)
        if not wrapped and token is None:
            return {}
        master, _ = self._root(connection, token)
        made: dict[tuple[str, bytes], bytes] = {}
        if token is not None and (fresh := [s for s in asked if s not in wrapped]):
            randoms = token((KEY + NONCE) * len(fresh))
            for n, subject in enumerate(fresh):
                random = randoms[(KEY + NONCE) * n : (KEY + NONCE) * (n + 1)]
                key, nonce = random[:KEY], random[KEY:]
                body = nonce + master.encrypt(nonce, key, subject.encode())
                made[subject, body] = key
            insert(connection, DATA_KEYS, list(made), unless_known=True)
            stored = _wrapped(connection, fresh, hold=True)
            if len(stored) < len(fresh):
                raise StoreBusy(StoreCode.BUSY)
            wrapped |= stored
        ciphers = {}
        for name, body in wrapped.items():
            # who has just made a key knows it; another act may have been first
            known = made.get((name, body))
            opened = self._open(master, body, name) if known is None else known
            if opened is not None:
                ciphers[name] = cipher_of(opened)
            elif token is not None:
                raise StoreRefused(StoreCode.KEY_WRONG, file=str(self.file))
        return ciphers

    def count(self, connection: Connection) -> int:
        """Return how many data keys the database has, all of which can be opened.

        Raises:
            StoreRefused: if a key is missing or wrong.

        """
        keys = self.all_keys(connection)
        if None in keys.values():
            raise StoreRefused(StoreCode.KEY_WRONG, file=str(self.file))
        return len(keys)

    def rewrap(self, connection: Connection) -> int:
        """Wrap all keys by the last master key of the file; return their number.

        Raises:
            StoreRefused: if a key is missing or wrong.

        """
        self.count(connection)
        *_, newest = map(cipher_of, self.masters.keys())
        token = SystemClock().token
        _, root = self._root(connection, token)
        rows = [
            {"name": name, "new": wrap(newest, key or b"", name, token)}
            for name, key in {**self.all_keys(connection), ROOT: root}.items()
        ]
        statement = (
            update(DATA_KEYS)
            .where(DATA_KEYS.c.subject == bindparam("name"))
            .values(wrapped=bindparam("new"))
        )
        connection.execute(statement, rows)
        return len(rows) - 1

    def hold(self, connection: Connection, subject: str) -> None:
        """Keep others from a subject's data key until the act's end."""
        _wrapped(connection, [subject], hold=True, alone=True)

    def register(self, connection: Connection, subject: str) -> None:
        """Note outside the database that a subject's data key is to be destroyed.

        The note is a digest under that key: it says nothing once the key is gone, and
        a copy of the database that still has the key is recognized by it.

        Raises:
            StoreRefused: without the master key, or if the note can't be written.

        """
        master, _ = self._root(connection, None)
        for body in _wrapped(connection, [subject]).values():
            key = self._open(master, body, subject)
            if key is not None:
                self.masters.note(_note(key, subject))

    def returned(self, connection: Connection) -> list[str]:
        """Return the subjects that were erased and are here again, in order.

        Raises:
            StoreRefused: without the master key of the database.

        """
        notes = frozenset() if self.file is None else self.masters.notes()
        if not notes:
            return []
        return [
            subject
            for subject, key in self.all_keys(connection).items()
            if key is not None and _note(key, subject) in notes
        ]

    def all_keys(self, connection: Connection) -> dict[str, bytes | None]:
        """Return every data key by its subject, None for one that can't be opened."""
        query = select(DATA_KEYS.c.subject, DATA_KEYS.c.wrapped)
        rows = connection.execute(query.where(DATA_KEYS.c.subject != ROOT)).all()
        if not rows:
            return {}
        master, _ = self._root(connection, None)
        return {
            subject: self._open(master, raw_bytes(body), subject)
            for subject, body in sorted(rows, key=lambda row: raw_bytes(row.subject))
        }

    def _root(
        self, connection: Connection, token: Token | None
    ) -> tuple[AESGCM, bytes]:
        """Return the master key's cipher, and the root key."""
        wrapped = _wrapped(connection, [ROOT]).get(ROOT)
        if wrapped is None and token is not None:
            new = wrap(cipher_of(self.masters.keys()[0]), token(KEY), ROOT, token)
            insert(connection, DATA_KEYS, [(ROOT, new)], unless_known=True)
            wrapped = _wrapped(connection, [ROOT]).get(ROOT)
        if wrapped in self._opened:
            return self._opened[wrapped]
        for master in map(cipher_of, self.masters.keys()):
            root = opens(master, wrapped or b"", ROOT.encode())
            if root is not None and wrapped is not None:
                self._opened[wrapped] = master, root
                return master, root
        raise StoreRefused(StoreCode.KEY_WRONG, file=str(self.file))

    def _open(self, master: AESGCM, wrapped: bytes, subject: str) -> bytes | None:
        """Return a data key; it may be wrapped by a master key that was changed."""
        identity = raw_bytes(subject)  # a manual edit may have changed its type
        key = opens(master, wrapped, identity)
        if key is None:
            for former in map(cipher_of, self.masters.keys()):
                key = key or opens(former, wrapped, identity)
        return key


def wrap(master: AESGCM, key: bytes, subject: str, token: Token) -> bytes:
    """Return a key that only the master key opens, and only for its subject."""
    nonce = token(NONCE)
    return nonce + master.encrypt(nonce, key, subject.encode())


def _note(key: bytes, subject: str) -> str:
    """Return what a register says of an erased data key."""
    return hmac.digest(key, f"erased/{subject}".encode(), "sha256").hex()


def _wrapped(
    connection: Connection,
    subjects: Sequence[str],
    *,
    hold: bool = False,
    alone: bool = False,
) -> dict[str, bytes]:
    """Return the wrapped keys by subject; ``hold`` keeps them until the act's end.

    Several acts may hold one together, unless one wants it ``alone``.
    """
    query = select(DATA_KEYS.c.subject, DATA_KEYS.c.wrapped)
    if hold:  # SQLite has one writer, and its statements have no such clause
        query = query.with_for_update(read=not alone)
    rows = rows_naming(connection, query, DATA_KEYS.c.subject, subjects)
    return {subject: raw_bytes(body) for subject, body in rows}
