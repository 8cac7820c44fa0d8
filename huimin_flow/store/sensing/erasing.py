"""What is left of nobody: data keys, contents, and what is kept of appeals (X1).

Counts and roots stay: the rows of facts name a person only by a pseudonym.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection, select

from huimin_flow.catalogue.terms import RecordStep, StreamKind
from huimin_flow.store.core.history import event_of, raw_bytes
from huimin_flow.store.core.tables import (
    ANSWER_TEXTS,
    ANSWERS,
    APPEAL_TEXTS,
    APPEALS,
    DATA_KEYS,
    EVENTS,
    POSTINGS,
)
from huimin_flow.store.sensing.keys import Keyring, subject_of

#: The tables with what an appeal says, or what was made from it: each row has the
#: batch and the line of its appeal, or of its answer. Whoever adds such a table names
#: it here.
OF_APPEALS: Final[tuple[sa.Table, ...]] = (APPEAL_TEXTS, ANSWER_TEXTS, POSTINGS)

#: The steps whose events name erased contents.
ERASING: Final = (RecordStep.ERASE.value, RecordStep.REAPPLY.value)

#: How many rows one statement removes.
_AT_ONCE = 400


def _whose(who: str, channel: str, key: str) -> sa.ColumnElement[bool]:
    if who:
        return APPEALS.c.who == who
    return sa.and_(APPEALS.c.channel == channel, APPEALS.c.key == key)


def appeals_of(
    connection: Connection, who: str, channel: str, key: str
) -> list[tuple[str, str]]:
    """Return channel and key of each appeal of a person, or of an anonymous one."""
    query = select(APPEALS.c.channel, APPEALS.c.key).where(_whose(who, channel, key))
    return [(row.channel, row.key) for row in connection.execute(query)]


def contents_of(
    connection: Connection, who: str, channel: str, key: str
) -> tuple[tuple[int, int], ...]:
    """Return batch and line of each content of a person, or of an anonymous appeal.

    These are what its appeals say, and the answers to them.
    """
    one = _whose(who, channel, key)
    same = sa.and_(
        APPEAL_TEXTS.c.batch == APPEALS.c.batch, APPEAL_TEXTS.c.line == APPEALS.c.line
    )
    query = (
        select(APPEALS.c.batch, APPEALS.c.line)
        .select_from(APPEALS.join(APPEAL_TEXTS, same))
        .where(one)
    )
    answer = sa.and_(
        ANSWER_TEXTS.c.batch == ANSWERS.c.batch, ANSWER_TEXTS.c.line == ANSWERS.c.line
    )
    answered = sa.and_(
        ANSWERS.c.channel == APPEALS.c.channel, ANSWERS.c.key == APPEALS.c.key
    )
    answers = (
        select(ANSWERS.c.batch, ANSWERS.c.line)
        .select_from(APPEALS.join(ANSWERS, answered).join(ANSWER_TEXTS, answer))
        .where(one)
    )
    rows = connection.execute(query.union_all(answers))
    return tuple(sorted((batch, line) for batch, line in rows))


def erase(
    connection: Connection, keyring: Keyring, who: str, channel: str, key: str
) -> tuple[tuple[int, int], ...]:
    """Destroy a person's data key and contents; return batch and line of each content.

    The register beside the master key learns of it first, so that no restored backup
    brings it back.

    Raises:
        StoreRefused: without the master key, or if the register can't be written.

    """
    subject = subject_of(who, channel, key)
    keyring.hold(connection, subject)  # nobody seals another content meanwhile
    rows = contents_of(connection, who, channel, key)
    keyring.register(connection, subject)
    connection.execute(sa.delete(DATA_KEYS).where(DATA_KEYS.c.subject == subject))
    for table in OF_APPEALS:
        for start in range(0, len(rows), _AT_ONCE):
            places = rows[start : start + _AT_ONCE]
            named = sa.tuple_(table.c.batch, table.c.line).in_(places)
            connection.execute(sa.delete(table).where(named))
    return rows


def owner_of(connection: Connection, channel: str, key: str) -> str | None:
    """Return the pseudonym of an appeal, "" for an anonymous one, None for none."""
    query = select(APPEALS.c.who).where(
        APPEALS.c.channel == channel, APPEALS.c.key == key
    )
    return connection.execute(query).scalar()


def erased_lines(connection: Connection, batch: int) -> set[int]:
    """Return the lines of a batch whose contents were erased, as the events say."""
    lines = set()
    for event in erasures(connection):
        for erased, line in event["rows"]:
            if erased == batch:
                lines.add(line)
    return lines


def erasures(connection: Connection) -> Iterator[dict[str, list[list[int]]]]:
    """Yield the value of each erasure, in the order of their events."""
    query = select(EVENTS.c.header).where(
        EVENTS.c.step.in_(ERASING), EVENTS.c.stream.like(StreamKind.ERASURE.key("%"))
    )
    for header in connection.execute(query.order_by(EVENTS.c.id)).scalars():
        yield event_of(raw_bytes(header)).public["value"]
