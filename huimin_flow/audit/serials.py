"""Serial numbers of event rows: they rise as the events were written.

No act reads them; they are held because a row is evidence as a whole.
"""

from __future__ import annotations

from huimin_flow.audit.findings import Flaw
from huimin_flow.audit.ledger import Ledger
from huimin_flow.store import positions
from huimin_flow.store.history import Stored

#: Under which the row before this one is kept; no stream is called so.
_LATEST = "\0latest"


def hold_serial(ledger: Ledger, stored: Stored, place: str) -> None:
    """Ask that a row's number is above the one before it.

    SQLite has one writer, so numbers rise with positions. PostgreSQL numbers a
    row when it is written and places it when it is committed, so they rise
    within each stream and each act, and no row is below the very first. What a
    gap leaves free between two numbers cannot be told from a number given.
    """
    one_writer = ledger.connection.dialect.name == "sqlite"
    key = "" if one_writer else stored.stream
    before = ledger.serials.get(key, ledger.serials.get("", 0))
    if ledger.requests and ledger.requests[-1] == stored.request:
        before = max(before, ledger.serials.get(_LATEST, 0))
    if not isinstance(stored.id, int) or stored.id <= before:
        ledger.found(Flaw.COLUMN_MISMATCH, f"{place} id", f"> {before}")
        return
    ledger.serials.setdefault("", stored.id)
    ledger.serials[_LATEST] = stored.id
    ledger.serials[key] = stored.id
    ledger.last_serial = max(ledger.last_serial, (stored.id, place))


def hold_last_serial(ledger: Ledger) -> None:
    """Ask that no row's number is above the last one the database gave."""
    given = positions.last_id(ledger.connection)
    highest, place = ledger.last_serial
    if given is not None and highest > given and not ledger.serial_found:
        ledger.serial_found = True
        ledger.found(Flaw.COLUMN_MISMATCH, f"{place} id", f"≤ {given}")
