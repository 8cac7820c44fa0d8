"""The keys of personal data: each is somebody's, and opens by the master key (X1).

1. Each data key is that of a person or an anonymous appeal of the history, and each
   content has its key.
2. With the master key, each data key can be opened.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from huimin_flow.audit.ledger import Ledger
from huimin_flow.audit.rows import place_of
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.errors import StoreRefused
from huimin_flow.store.core.tables import APPEAL_TEXTS, APPEALS, DATA_KEYS
from huimin_flow.store.sensing.keys import ROOT, subject_of

_SAID = sa.and_(
    APPEAL_TEXTS.c.batch == APPEALS.c.batch, APPEAL_TEXTS.c.line == APPEALS.c.line
)


def hold_keys(ledger: Ledger) -> None:
    """Compare the data keys with the appeals, both ways."""
    ledger.pause()
    connection = ledger.connection
    stored = set(connection.execute(select(DATA_KEYS.c.subject)).scalars())
    query = select(
        APPEALS.c.who, APPEALS.c.channel, APPEALS.c.key, APPEAL_TEXTS.c.line
    ).select_from(APPEALS.outerjoin(APPEAL_TEXTS, _SAID))
    owners: set[str] = set()
    needed: set[str] = set()
    for who, channel, key, line in connection.execute(query):
        subject = subject_of(who, channel, key)
        owners.add(subject)
        if line is not None:
            needed.add(subject)
    if stored:
        owners.add(ROOT)
        needed.add(ROOT)
    for flaw, subjects in (
        (Flaw.ROW_STRAY, stored - owners),
        (Flaw.ROW_MISSING, needed - stored),
    ):
        for subject in sorted(subjects, key=str):
            ledger.flag(flaw, place_of(DATA_KEYS, subject), law="keys 1")
    try:
        keys = ledger.keyring.all_keys(connection)
    except StoreRefused:
        return  # the check of contents says so
    for subject in sorted((name for name, key in keys.items() if key is None), key=str):
        place = place_of(DATA_KEYS, subject)
        ledger.flag(Flaw.PAYLOAD_MISMATCH, place, law="keys 2")
