"""Backups: a copy of the database as one SQLite file, with its attachments (S2).

A server's database is copied row by row from one snapshot into a SQLite file of the
same tables, so that one program verifies and reads every backup. A backup is written
beside its place, read again, and only then gets its name.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import NotFound, StoreRefused, why_not
from huimin_flow.model.core.values import from_plain, to_plain, value
from huimin_flow.store import schema
from huimin_flow.store.copies import closing_engine, copy_file, copy_rows, fill, sync
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import history, positions
from huimin_flow.store.core.tables import (
    ATTACHMENTS,
    EVENTS,
)
from huimin_flow.store.executing.attachments import Shelf
from huimin_flow.store.files import remove_file, write_whole

#: The files of a backup's folder.
DATABASE, FILES, MANIFEST = "huimin.db", "huimin.db.files", "manifest.json"

#: The first release of the format.
_FORMAT: Final = 1

#: What SQLite puts beside a file while it is written.
_LOGS: Final = ("-journal", "-wal", "-shm")


@value
class Backup:
    """What a backup holds: its manifest.

    ``made`` and ``last`` are UTC text: when it was made, and the stamp of its last
    event. ``make`` is the database system it came from. ``events`` counts the events
    and ``leaf`` is the hex leaf of the last one. ``digest`` is the hex SHA-256 of the
    database file of ``size`` bytes. ``attachments`` counts the files that were copied;
    ``missing`` are the digests of those that were not there, or had changed.
    """

    made: str
    make: str
    purpose: str
    events: int
    last: str
    leaf: str
    digest: str
    size: int
    attachments: int
    missing: tuple[str, ...] = ()
    format: int = _FORMAT


@value
class Tail:
    """What a database has after a backup's last event.

    ``events`` counts them; ``first`` and ``last`` are their moments, UTC text, ""
    without any. ``same`` tells whether the database has the backup's history.
    """

    events: int
    first: str
    last: str
    same: bool


@contextmanager
def growing(place: Path) -> Iterator[Path]:
    """Yield a folder beside ``place`` that gets its name if nothing fails.

    Raises:
        StoreRefused: if ``place`` exists, or the folder can't be written.

    """
    beside = place.with_name(f"{place.name}.part")
    if place.exists():
        raise StoreRefused(StoreCode.BACKUP_EXISTS, folder=str(place))
    made = [each for each in place.parents if not each.exists()]
    try:
        shutil.rmtree(beside, ignore_errors=True)  # left by a process that was killed
        beside.mkdir(mode=0o700, parents=True)
        yield beside
        beside.rename(place)
    except OSError as error:
        why = why_not(error)
        raise StoreRefused(
            StoreCode.BACKUP_UNWRITTEN, folder=str(place), why=why
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if not place.exists():
            for folder in made:
                with suppress(OSError):  # it is missing, or others use it
                    folder.rmdir()


def copy_out(url: str, folder: Path, shelf: Shelf | None, made: str) -> Backup:
    """Copy a database and its attachments into a folder; return the manifest.

    Others go on writing; the copy is of one moment. ``made`` is the moment of the
    backup, UTC text.

    Raises:
        StoreRefused: if the database can't be read, the copy can't be written, or it
            is not whole when it is read.
        OSError: if a file can't be written.

    """
    copy, address = folder / DATABASE, sa.make_url(url)
    copy.touch(mode=0o600)
    if address.get_backend_name() == "sqlite":
        copy_file(Path(address.database or ""), copy)
    else:
        with closing_engine(engines.open_engine(url, read_only=True)) as source:
            copy_rows(source, copy)
    with opened_copy(folder) as connection:
        held = _attached(connection)
        facts = _facts(connection)
    copied, missing = _copy_attachments(held, shelf, folder / FILES)
    size, digest = _digest(copy)
    backup = Backup(
        made=made,
        make=address.get_backend_name(),
        digest=digest,
        size=size,
        attachments=copied,
        missing=missing,
        **facts,
    )
    written = json.dumps(to_plain(backup), ensure_ascii=False, indent=1).encode()
    write_whole(folder / MANIFEST, written, mode=0o600)
    return backup


def read(folder: Path) -> Backup:
    """Return the manifest of a backup whose files are what it says.

    Raises:
        StoreRefused: if it is no backup, or one of its files has changed.

    """
    try:
        plain = json.loads((folder / MANIFEST).read_bytes())
        backup = from_plain(Backup, plain)
    except (OSError, ValueError, TypeError, KeyError):
        below = [str(found.parent) for found in sorted(folder.glob(f"*/{MANIFEST}"))]
        if below:
            code = StoreCode.BACKUPS_BELOW
            raise StoreRefused(code, folder=str(folder), folders=below) from None
        raise StoreRefused(StoreCode.NO_BACKUP, folder=str(folder)) from None
    if backup.format != _FORMAT:
        raise StoreRefused(StoreCode.BACKUP_NEWER, format=backup.format)
    try:
        if _digest(folder / DATABASE) != (backup.size, backup.digest):
            raise StoreRefused(StoreCode.BACKUP_CHANGED, file=DATABASE)
        shelf = Shelf(folder / FILES)
        with opened_copy(folder) as connection:
            for digest in _attached(connection):
                if digest not in backup.missing:
                    shelf.get(digest)
    except (OSError, NotFound):
        raise StoreRefused(StoreCode.BACKUP_CHANGED, file=FILES) from None
    return backup


def copy_in(folder: Path, backup: Backup, url: str, shelf: Shelf | None) -> None:
    """Copy a backup to where nothing is, completely or not at all.

    The attachments come first: they are named by their contents, so they disturb
    nothing. Then a file gets its name, or a server's tables are filled at once.

    Raises:
        StoreRefused: if there is a database already, or a file that a former one has
            left, or it can't be written.

    """
    address = sa.make_url(url)
    if address.get_backend_name() != backup.make:
        raise StoreRefused(StoreCode.BACKUP_OF_ANOTHER, make=backup.make)
    if backup.make == "sqlite":
        place = Path(address.database or "")
        _require_no_log(place)
        _copy_back(folder, backup, shelf)
        _put_file(folder / DATABASE, place)
        return
    _copy_back(folder, backup, shelf)
    with (
        opened_copy(folder) as source,
        closing_engine(engines.open_engine(url)) as target,
    ):
        engines.in_transaction(target, lambda own: fill(own, source, backup.purpose))


def _require_no_log(place: Path) -> None:
    """Refuse a place with the log of a former file, which SQLite would mix in.

    Raises:
        StoreRefused: if there is one.

    """
    for suffix in _LOGS:
        if (left := place.with_name(f"{place.name}{suffix}")).exists():
            raise StoreRefused(StoreCode.RESTORE_LEFTOVER, file=str(left))


def tail(connection: Connection, backup: Backup) -> Tail:
    """Return what a database has after a backup's last event."""
    last = history.read_from(connection, backup.events - 1, limit=1)
    same = bool(last) and last[0].leaf.hex() == backup.leaf
    after = EVENTS.c.position > backup.events
    query = sa.select(
        sa.func.count(), sa.func.min(EVENTS.c.at), sa.func.max(EVENTS.c.at)
    ).where(after)
    count, first, end = connection.execute(query).one()
    return Tail(events=count, first=first or "", last=end or "", same=same)


@contextmanager
def opened_copy(folder: Path) -> Iterator[Connection]:
    """Yield a connection that only reads the database of a backup's folder."""
    url = f"sqlite:///{folder / DATABASE}"
    with (
        closing_engine(engines.open_engine(url, read_only=True)) as own,
        engines.reading(own) as connection,
    ):
        yield connection


def _facts(connection: Connection) -> dict[str, Any]:
    """Return the purpose of a copy, and what its history ends with."""
    counted, placed = positions.stored_head(connection)
    ends = history.read_from(connection, placed - 1, limit=1)
    at = sa.select(EVENTS.c.at).where(EVENTS.c.position == placed)
    return {
        "purpose": schema.require(connection),
        "events": counted,
        "last": connection.execute(at).scalar() or "",
        "leaf": ends[0].leaf.hex() if ends else "",
    }


def _attached(connection: Connection) -> list[str]:
    query = sa.select(ATTACHMENTS.c.digest).distinct().order_by(ATTACHMENTS.c.digest)
    return list(connection.execute(query).scalars())


def _copy_attachments(
    digests: list[str], shelf: Shelf | None, folder: Path
) -> tuple[int, tuple[str, ...]]:
    """Copy attachments; return how many, and the digests of what can't be had."""
    missing = []
    for digest in digests:
        try:
            content = b"" if shelf is None else shelf.get(digest)
        except (NotFound, StoreRefused):
            missing.append(digest)
            continue
        for place in (folder, folder / digest[:2]):
            place.mkdir(mode=0o700, exist_ok=True)
        write_whole(folder / digest[:2] / digest, content, mode=0o600)
    return len(digests) - len(missing), tuple(missing)


def _copy_back(folder: Path, backup: Backup, shelf: Shelf | None) -> None:
    copies = Shelf(folder / FILES)
    with opened_copy(folder) as connection:
        digests = [each for each in _attached(connection) if each not in backup.missing]
    if digests and shelf is None:
        raise StoreRefused(StoreCode.SHELF_UNKNOWN)
    if shelf is None:
        return
    for digest in digests:
        try:
            shelf.get(digest)  # a file of this name with another content stays there
        except NotFound:
            continue
        except StoreRefused as refusal:
            left = shelf.folder / digest[:2] / digest
            raise StoreRefused(StoreCode.RESTORE_LEFTOVER, file=str(left)) from refusal
    for digest in digests:
        shelf.put(copies.get(digest))


def _put_file(source: Path, place: Path) -> None:
    """Copy a backup's file to a place where nothing is, completely or not at all."""
    beside = place.with_name(f"{place.name}.part")
    try:
        remove_file(beside)
        engines.make_folder(place.parent)
        shutil.copyfile(source, beside)
        beside.chmod(engines.FILE_MODE)
        sync(beside)
        os.link(beside, place)  # fails if someone has put a file there meanwhile
    except FileExistsError:
        raise StoreRefused(StoreCode.RESTORE_OCCUPIED) from None
    except OSError as error:
        why = why_not(error)
        raise StoreRefused(
            StoreCode.RESTORE_UNWRITTEN, file=str(place), why=why
        ) from error
    finally:
        remove_file(beside)


def _digest(file: Path) -> tuple[int, str]:
    with file.open("rb") as content:
        return file.stat().st_size, hashlib.file_digest(content, "sha256").hexdigest()
