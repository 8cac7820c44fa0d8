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
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import NotFound, StoreRefused, why_not
from huimin_flow.model.core.values import from_plain, to_plain, value
from huimin_flow.store import schema
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import history, positions
from huimin_flow.store.core.failures import refusals, translated
from huimin_flow.store.core.tables import (
    ATTACHMENTS,
    COUNTERS,
    EVENTS,
    META,
    METADATA,
    MONTHS,
    REFUSALS,
)
from huimin_flow.store.executing.attachments import Shelf
from huimin_flow.store.files import remove_file, write_whole

#: The files of a backup's folder.
DATABASE, FILES, MANIFEST = "huimin.db", "huimin.db.files", "manifest.json"

#: The first release of the format.
_FORMAT: Final = 1

#: What SQLite puts beside a file while it is written.
_LOGS: Final = ("-journal", "-wal", "-shm")

#: How many rows are copied at once.
_ROWS: Final = 5_000


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
        _copy_file(Path(address.database or ""), copy)
    else:
        with closing_engine(engines.open_engine(url, read_only=True)) as source:
            _copy_rows(source, copy)
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
    with closing_engine(engines.open_engine(url)) as target:
        engines.in_transaction(target, lambda own: _fill(own, folder, backup))


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
def closing_engine(engine: Engine) -> Iterator[Engine]:
    """Yield an engine, and close its connections."""
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def opened_copy(folder: Path) -> Iterator[Connection]:
    """Yield a connection that only reads the database of a backup's folder."""
    url = f"sqlite:///{folder / DATABASE}"
    with (
        closing_engine(engines.open_engine(url, read_only=True)) as own,
        engines.reading(own) as connection,
    ):
        yield connection


def _copy_file(source: Path, copy: Path) -> None:
    """Copy a SQLite file by SQLite itself; writers wait no longer than for a reader.

    Raises:
        StoreRefused: if it can't be read or written, or the copy is not whole.

    """
    quoted = str(source).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    own = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(copy))
    with (
        _failures(copy),
        refusals(copy),
        closing(sqlite3.connect(f"file:{quoted}?mode=ro", uri=True)) as whole,
        closing_engine(own),
        own.connect() as connection,
    ):
        target: Any = connection.connection.driver_connection
        whole.backup(target)
        # A file without a log beside it is a backup in one piece.
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
        checked = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    if checked != "ok":
        raise StoreRefused(StoreCode.DAMAGED)
    _sync(copy)


@contextmanager
def _failures(copy: Path) -> Iterator[None]:
    """Raise a failure of SQLite's own backup like that of a statement.

    Raises:
        StoreRefused: with what the failure means.

    """
    try:
        yield
    except sqlite3.Error as error:
        failed = OperationalError(None, None, error)
        raise translated(failed, copy) or failed from error


def _copy_rows(source: Engine, copy: Path) -> None:
    """Copy a server's rows from one snapshot into a file.

    A file counts in rows what a server counts by sequences.
    """
    with (
        closing_engine(engines.open_engine(f"sqlite:///{copy}")) as target,
        engines.reading(source) as theirs,
        engines.writing(target) as own,
    ):
        _empty(own, schema.require(theirs))
        for table in METADATA.sorted_tables:
            _copy_table(theirs, own, table)
        counted = [
            {"name": counter, "value": last}
            for counter, name in positions.sequences(theirs).items()
            if (last := positions.last_value(theirs, name)) is not None
        ]
        if counted:
            own.execute(sa.insert(COUNTERS), counted)


def _fill(target: Connection, folder: Path, backup: Backup) -> None:
    """Fill a server's database, on which nothing of ours is, from a backup."""
    if schema.schema_version(target) is not None:
        raise StoreRefused(StoreCode.RESTORE_OCCUPIED)
    _empty(target, backup.purpose)
    with opened_copy(folder) as source:
        for table in METADATA.sorted_tables:
            _copy_table(source, target, table)
    by_sequence = positions.sequences(target)
    counters = COUNTERS.c.name.in_(by_sequence)
    for name, last in target.execute(sa.select(COUNTERS).where(counters)).all():
        target.execute(_SET_SEQUENCE, {"name": by_sequence[name], "last": last})
    target.execute(sa.delete(COUNTERS).where(counters))
    for table in (EVENTS, REFUSALS):
        last = target.execute(sa.select(sa.func.max(table.c.id))).scalar()
        if last is not None:
            serial = {"name": f"{table.name}_id_seq", "last": last}
            target.execute(_SET_SEQUENCE, serial)


_SET_SEQUENCE = sa.text("SELECT setval(CAST(:name AS regclass), :last)")


def _empty(target: Connection, purpose: str) -> None:
    """Make our tables without a row."""
    schema.make(target, purpose=purpose)
    for table in (META, COUNTERS):
        target.execute(sa.delete(table))


def _copy_table(source: Connection, target: Connection, table: sa.Table) -> None:
    columns: list[sa.ColumnElement[Any]] = list(table.columns)
    if table is MONTHS:  # a file sums up batches, a server does not
        month, own = MONTHS.c, MONTHS.c.ratings
        key = (month.month, month.unit, month.level)
        up_to = sa.func.sum(own).over(partition_by=key, order_by=month.batch)
        total = up_to if target.dialect.name == "sqlite" else own
        columns[columns.index(month.total)] = sa.cast(total, sa.BigInteger).label(
            month.total.name
        )
    streamed = {"stream_results": True, "yield_per": _ROWS}
    rows = source.execute(sa.select(*columns), execution_options=streamed)
    for portion in rows.mappings().partitions():
        target.execute(sa.insert(table), [dict(row) for row in portion])


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
        _sync(beside)
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


def _sync(file: Path) -> None:
    with file.open("rb") as content:
        os.fsync(content.fileno())
