"""Refusals for failures of the database: what they mean, and what to do.

They are identified by code, in any language of the server: SQLSTATE on PostgreSQL,
the result code on SQLite. The text decides only if the code is not specific.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError

from huimin_flow.catalogue.reasons import InputCode, StoreCode
from huimin_flow.errors import HuiminError, InputRefused, StoreBusy, StoreRefused

#: A prepared statement was deallocated.
FORGOTTEN: Final = "26000"

#: Another writer is active: SQLite's BUSY and LOCKED, a deadlock, a conflict. Or the
#: server has forgotten a prepared statement, which is prepared again.
_BUSY: Final = {"5", "6", "40P01", "40001", FORGOTTEN}

#: Another transaction held a lock for too long.
_LOCK_TIMEOUT: Final = {"55P03"}

#: Another transaction took a key that was free when the act looked.
_TAKEN: Final = {"2067", "1555", "23505"}

#: The refusal of a code, or of the class at its beginning. If a connection breaks
#: at a COMMIT, it is unknown whether the commit was done.
_REFUSALS: Final = {
    "776": StoreCode.JOURNAL_LEFT,
    "520": StoreCode.WAL_UNREADABLE,
    "1288": StoreCode.WAL_UNREADABLE,
    "10": StoreCode.DISK_FULL,
    "13": StoreCode.DISK_FULL,
    "53100": StoreCode.DISK_FULL,
    "8": StoreCode.READ_ONLY,
    "25006": StoreCode.SERVER_READ_ONLY,
    "25P02": StoreCode.TRANSACTION_FAILED,
    "42501": StoreCode.NO_PRIVILEGE,
    "14": StoreCode.CANNOT_OPEN,
    "11": StoreCode.DAMAGED,
    "26": StoreCode.DAMAGED,
    "42P05": StoreCode.POOLER_FORGETS,
    "42P01": StoreCode.NOT_FOUNDED,
    "3F000": StoreCode.NOT_FOUNDED,
    "42703": StoreCode.TABLES_CHANGED,
    "57014": StoreCode.STATEMENT_STOPPED,
    "53200": StoreCode.SERVER_MEMORY,
    "57P": StoreCode.CONNECTION_LOST,
    "08": StoreCode.CONNECTION_LOST,
}

#: Refusals for SQLite's general error, by a part of its text.
_GENERAL: Final = {
    "no such table": StoreCode.NOT_FOUNDED,
    "no such column": StoreCode.DAMAGED,
    "unsupported file format": StoreCode.DAMAGED,
    "malformed": StoreCode.DAMAGED,
}


def code_of(error: BaseException) -> str:
    """Return the code of a driver's error, or "" if it has none.

    For SQLite it is the extended result code in digits. For PostgreSQL, psycopg2
    names it ``pgcode`` and pg8000 has a dict.
    """
    own = getattr(error, "orig", None) or error
    for name in ("sqlite_errorcode", "sqlstate", "pgcode"):
        code = getattr(own, name, None)
        if code is not None:
            return str(code)
    detail = own.args[0] if own.args else None
    return str(detail.get("C", "")) if isinstance(detail, dict) else ""


def is_busy(error: BaseException) -> bool:
    """Tell whether a database error only means that another writer is active."""
    code = code_of(error)
    return bool({code, _primary(code)} & _BUSY)


def is_late(error: BaseException) -> bool:
    """Tell whether another transaction held a lock for too long."""
    return code_of(error) in _LOCK_TIMEOUT


def is_taken(error: BaseException) -> bool:
    """Tell whether another transaction took a key that was free before."""
    return code_of(error) in _TAKEN


def translated(
    error: DBAPIError, path: Path | None = None
) -> StoreBusy | StoreRefused | None:
    """Return the refusal for a database error, or None if there is none.

    ``path`` is that of a SQLite file, whose owner the refusal names.
    """
    code = code_of(error)
    if is_busy(error) or is_late(error):
        return StoreBusy(StoreCode.BUSY)
    if is_taken(error):
        return StoreBusy(StoreCode.TAKEN)
    lost = error.connection_invalidated
    if not (code or lost) and isinstance(error, OperationalError):
        return StoreRefused(StoreCode.UNREACHABLE, text=_server_text(str(error.orig)))
    primary = _primary(code)
    classes = (code, primary) if primary else (code, code[:3], code[:2])
    why = next((_REFUSALS[name] for name in classes if name in _REFUSALS), None)
    if why is None and primary == "1":
        text = str(error.orig)
        why = next((why for mark, why in _GENERAL.items() if mark in text), None)
    elif why is None and lost and not code:
        why = StoreCode.CONNECTION_LOST
    if path is not None and why in {StoreCode.CANNOT_OPEN, StoreCode.READ_ONLY}:
        missing, place = _obstacle(path)
        if missing is not None:
            owner = account(place.stat().st_uid)
            return StoreRefused(missing, file=path.name, owner=owner, account=account())
    if why is StoreCode.CANNOT_OPEN:
        return StoreRefused(why, path=str(path or ""))
    return None if why is None else StoreRefused(why)


def _obstacle(path: Path) -> tuple[StoreCode | None, Path]:
    """Return which right to a SQLite file is missing, and the place without it.

    A file that may not be seen is not called missing. In WAL mode a reader opens the
    file only if the index exists, or if they may make it.
    """
    above = path.absolute().parents
    for folder in reversed(above):
        if folder.is_dir() and not may(folder, os.X_OK):
            return StoreCode.NOT_READABLE, folder
    if not path.exists():
        return None, path
    if not may(path, os.R_OK):
        return StoreCode.NOT_READABLE, path
    place = above[0] if may(path, os.W_OK) else path
    if may(place, os.W_OK):
        return None, path
    with path.open("rb") as file:
        wal = file.read(20)[18:] == b"\x02\x02"
    if wal and not path.with_name(f"{path.name}-shm").exists():
        return StoreCode.WAL_UNREADABLE, path
    own = place.stat().st_uid == os.geteuid()
    return StoreCode.READ_ONLY if own else StoreCode.OF_ANOTHER, place


def may(path: Path, what: int) -> bool:
    """Tell whether this account may use a file or folder: ``os.R_OK`` and so on."""
    return os.access(path, what, effective_ids=True)


def account(uid: int | None = None) -> str:
    """Return the name of an account, this process's by default; a number has none."""
    number = os.geteuid() if uid is None else uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _server_text(text: str) -> str:
    """Return a server's own message; a failed connection has no code."""
    if "FATAL:" in text:
        return text.rpartition("FATAL:")[2].strip().splitlines()[0]
    first, *_ = text.strip().splitlines() or [""]
    return first.rpartition(" failed: ")[2]


def _primary(code: str) -> str:
    """Return the primary result code of SQLite's extended code, in digits."""
    short = code.isascii() and code.isdigit() and len(code) < _SQLSTATE
    return str(int(code) & 0xFF) if short else ""


#: How many characters a SQLSTATE has; SQLite's result codes have fewer.
_SQLSTATE: Final = 5


def unfit(error: UnicodeError) -> HuiminError:
    """Return the refusal for stored bytes, or for a text, that are not Unicode.

    SQLite's message quotes a damaged schema, and then the driver can't decode it.
    """
    if isinstance(error, UnicodeDecodeError):
        return StoreRefused(StoreCode.DAMAGED)
    return InputRefused(InputCode.TEXT_SURROGATE)


@contextmanager
def refusals(path: Path | None = None) -> Iterator[None]:
    """Raise failures of the database as refusals, if there is one for them.

    ``path`` is that of a SQLite file.
    """
    try:
        yield
    except DBAPIError as error:
        raise translated(error, path) or error from error
    except UnicodeError as error:
        raise unfit(error) from error
