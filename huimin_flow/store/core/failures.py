"""What a database's own failures mean to an operator, and what to do.

They are known by their codes, whatever language a server speaks: SQLSTATE on
PostgreSQL, the result code on SQLite. Text decides only where a code says nothing.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError

from huimin_flow.catalogue.reasons import InputCode, StoreCode
from huimin_flow.errors import HuiminError, InputRefused, StoreBusy, StoreRefused

#: Someone else is writing: SQLite's BUSY and LOCKED, a deadlock, a conflict.
_BUSY: Final = {"5", "6", "40P01", "40001"}

#: A lock that was waited for in vain.
_WAITED: Final = {"55P03"}

#: A key is taken: an act looks, someone came between.
_TAKEN: Final = {"2067", "1555", "23505"}

#: A code, or the class that it begins with, and what an operator is told. Of a
#: connection that breaks at a COMMIT, nobody here knows whether that was done.
_SPOKEN: Final = {
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
    said = own.args[0] if own.args else None
    return str(said.get("C", "")) if isinstance(said, dict) else ""


def is_busy(error: BaseException) -> bool:
    """Tell whether a database error only says that someone else is writing."""
    return bool({code_of(error), _primary(code_of(error))} & _BUSY)


def is_taken(error: BaseException) -> bool:
    """Tell whether a key was taken that was free when the act looked."""
    return code_of(error) in _TAKEN


def translated(error: DBAPIError) -> StoreBusy | StoreRefused | None:
    """Return the refusal that an operator can act on, or None if there is none."""
    code = code_of(error)
    if is_busy(error) or code in _WAITED:
        return StoreBusy(StoreCode.BUSY)
    if is_taken(error):
        return StoreBusy(StoreCode.TAKEN)
    if code or error.connection_invalidated or not isinstance(error, OperationalError):
        why = _why(error, code)
        return None if why is None else StoreRefused(why)
    return StoreRefused(StoreCode.UNREACHABLE, said=_said(str(error.orig)))


def _why(error: DBAPIError, code: str) -> StoreCode | None:
    primary = _primary(code)
    for known in (code, primary) if primary else (code, code[:3], code[:2]):
        if known in _SPOKEN:
            return _SPOKEN[known]
    if primary == "1":
        text = str(error.orig)
        return next((why for mark, why in _GENERAL.items() if mark in text), None)
    if not code and error.connection_invalidated:
        return StoreCode.CONNECTION_LOST
    return None


def _said(text: str) -> str:
    """Return a server's own words: no code comes of a connection never made."""
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
    """Return the refusal of text that is none, in the store or on its way there.

    SQLite quotes a damaged schema in its message, whatever bytes that has, so
    that the driver itself cannot read it.
    """
    if isinstance(error, UnicodeDecodeError):
        return StoreRefused(StoreCode.DAMAGED)
    return InputRefused(InputCode.TEXT_SURROGATE)
