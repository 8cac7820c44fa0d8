"""Serial numbers of event rows: they rise as the events were written.

No act reads them; they are held because a row is evidence as a whole.

1. A row's number is above that of the row before it.
2. No number is above the last one that the database gave.
"""

from __future__ import annotations

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.store import positions
from huimin_flow.store.history import Stored


def hold_serial(ledger: Ledger, stored: Stored, place: str) -> None:
    """Ask that a row's number is above the one before it.

    SQLite has one writer, so numbers rise with positions. PostgreSQL numbers a
    row when it is written and places it when it is committed, so they rise
    within each stream and each act, and no row is below the very first. What a
    gap leaves free between two numbers cannot be told from a number given.
    """
    one_writer = ledger.connection.dialect.name == "sqlite"
    key = "" if one_writer else stored.stream
    serials = ledger.serials
    before = serials.last.get(key, serials.last.get("", 0))
    if ledger.requests and ledger.requests[-1] == stored.request:
        before = max(before, serials.latest)
    if not isinstance(stored.id, int) or stored.id <= before:
        ledger.found(
            Flaw.COLUMN_MISMATCH, f"{place} id", f"> {before}", law="serials 1"
        )
        return
    serials.last.setdefault("", stored.id)
    serials.last[key] = serials.latest = stored.id
    serials.highest = max(serials.highest, (stored.id, place))


def hold_last_serial(ledger: Ledger) -> None:
    """Ask that no row's number is above the last one the database gave."""
    given = positions.last_id(ledger.connection)
    highest, place = ledger.serials.highest
    if given is not None and highest > given and not ledger.serials.above:
        ledger.serials.above = True
        ledger.found(Flaw.COLUMN_MISMATCH, f"{place} id", f"≤ {given}", law="serials 2")
