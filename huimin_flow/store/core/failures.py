"""What a database's own failures mean to an operator, and what to do.

They are known by their codes, whatever language a server speaks: SQLSTATE on
PostgreSQL, the result code on SQLite. Text decides only where a code says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError

from huimin_flow.catalogue.reasons import InputCode, StoreCode
from huimin_flow.errors import HuiminError, InputRefused, StoreBusy, StoreRefused

#: Someone else is writing: SQLite's BUSY and LOCKED, a deadlock, a conflict.
_BUSY: Final = {"5", "6", "40P01", "40001"}

#: A lock that another transaction held too long.
_WAITED: Final = {"55P03"}

#: Another transaction took a key that was free when the act looked.
_TAKEN: Final = {"2067", "1555", "23505"}

#: The refusal of a code, or of the class that it begins with. Where a connection
#: breaks at a COMMIT, nobody here knows whether that was done.
_REFUSALS: Final = {
    "776": StoreCode.JOURNAL_LEFT,
    "10": StoreCode.DISK_FULL,
    "13": StoreCode.DISK_FULL,
    "53100": StoreCode.DISK_FULL,
    "8": StoreCode.READ_ONLY,
    "25006": StoreCode.SERVER_READ_ONLY,
    "42501": StoreCode.NO_PRIVILEGE,
    "14": StoreCode.CANNOT_OPEN,
    "11": StoreCode.DAMAGED,
    "26": StoreCode.DAMAGED,
    "42P01": StoreCode.NOT_FOUNDED,
    "3F000": StoreCode.NOT_FOUNDED,
    "42703": StoreCode.TABLES_CHANGED,
    "57014": StoreCode.STATEMENT_STOPPED,
    "53200": StoreCode.SERVER_MEMORY,
    "57P": StoreCode.CONNECTION_LOST,
    "08": StoreCode.CONNECTION_LOST,
}

#: SQLite's general error, which only its text tells apart.
_GENERAL: Final = {
    "no such table": StoreCode.NOT_FOUNDED,
    "no such column": StoreCode.DAMAGED,
    "unsupported file format": StoreCode.DAMAGED,
    "malformed": StoreCode.DAMAGED,
}


def code_of(error: BaseException) -> str:
    """Return the code of a driver's error, or "" where it has none.

    SQLite's is the extended result code in digits. Of PostgreSQL's drivers, psycopg2
    calls it ``pgcode`` and pg8000 hands over a dict.
    """
    own = getattr(error, "orig", None) or error
    for name in ("sqlite_errorcode", "sqlstate", "pgcode"):
        code = getattr(own, name, None)
        if code is not None:
            return str(code)
    detail = own.args[0] if own.args else None
    return str(detail.get("C", "")) if isinstance(detail, dict) else ""


def is_busy(error: BaseException) -> bool:
    """Tell whether a database error only says that someone else is writing."""
    code = code_of(error)
    return bool({code, _primary(code)} & _BUSY)


def is_taken(error: BaseException) -> bool:
    """Tell whether another transaction took a key that was free before."""
    return code_of(error) in _TAKEN


def translated(error: DBAPIError) -> StoreBusy | StoreRefused | None:
    """Return the refusal that an operator can act on, or None if there is none."""
    code = code_of(error)
    if is_busy(error) or code in _WAITED:
        return StoreBusy(StoreCode.BUSY)
    if is_taken(error):
        return StoreBusy(StoreCode.TAKEN)
    lost = error.connection_invalidated
    if not (code or lost) and isinstance(error, OperationalError):
        return StoreRefused(StoreCode.UNREACHABLE, said=_server_text(str(error.orig)))
    primary = _primary(code)
    classes = (code, primary) if primary else (code, code[:3], code[:2])
    why = next((_REFUSALS[name] for name in classes if name in _REFUSALS), None)
    if why is None and primary == "1":
        text = str(error.orig)
        why = next((why for mark, why in _GENERAL.items() if mark in text), None)
    elif why is None and lost and not code:
        why = StoreCode.CONNECTION_LOST
    return None if why is None else StoreRefused(why)


def _server_text(text: str) -> str:
    """Return a server's own words: a connection never made has no code."""
    if "FATAL:" in text:
        return text.rpartition("FATAL:")[2].strip().splitlines()[0]
    first, *_ = text.strip().splitlines() or [""]
    return first.rpartition(" failed: ")[2]


def _primary(code: str) -> str:
    """Return SQLite's primary result code of an extended one, in digits."""
    short = code.isascii() and code.isdigit() and len(code) < _SQLSTATE
    return str(int(code) & 0xFF) if short else ""


#: How many characters a SQLSTATE has; SQLite's result codes have fewer.
_SQLSTATE: Final = 5


def unfit(error: UnicodeError) -> HuiminError:
    """Return the refusal of bytes in the store, or of a text, that are no Unicode.

    SQLite quotes a damaged schema in its message, so that the driver can't decode it.
    """
    if isinstance(error, UnicodeDecodeError):
        return StoreRefused(StoreCode.DAMAGED)
    return InputRefused(InputCode.TEXT_SURROGATE)


@contextmanager
def refusals() -> Iterator[None]:
    """Raise a database's failures as refusals, where an operator can act on them."""
    try:
        yield
    except DBAPIError as error:
        raise translated(error) or error from error
    except UnicodeError as error:
        raise unfit(error) from error
