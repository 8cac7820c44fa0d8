"""Logs without events: each row is chained to the row before it (decision 9).

A refusal changes nothing, and a first answer is not an act, so neither has an event.
Instead their rows are numbered and chained: ``n`` counts without gaps, and ``leaf``
is the hash over the leaf before and the stored row.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, select

from huimin_flow.model.core.canonical import leaf
from huimin_flow.model.core.events import Reasons
from huimin_flow.store.core import driver
from huimin_flow.store.core.driver import Statement, Write, inserts
from huimin_flow.store.core.history import moment_text, raw_bytes, rows_naming
from huimin_flow.store.core.positions import LOCK, counting, placing
from huimin_flow.store.core.repository import text_of
from huimin_flow.store.core.tables import COUNTERS, REFUSALS, REQUESTS


class Log:
    """A chained table: its leaves cover ``columns``, of which the first is the key.

    ``counter`` is the name of the counter with the last ``n``.
    """

    def __init__(self, counter: str, table: sa.Table, *columns: str) -> None:
        """Prepare the statements of the log."""
        self.counter, self.table, self.columns = counter, table, columns
        n, key = table.c.n, table.c[columns[0]]
        ends = select(n, table.c.leaf).where(n.is_not(None)).order_by(n.desc()).limit(1)
        last, counted = ends.subquery(), COUNTERS.c.name == counter
        #: The number and leaf of the last chained row.
        self.last = Statement(ends)
        #: The value of the counter, and what ``last`` returns.
        self.tail = Statement(
            select(
                select(COUNTERS.c.value).where(counted).scalar_subquery(),
                select(last.c.n).scalar_subquery(),
                select(last.c.leaf).scalar_subquery(),
            )
        )
        self.leaf_at = Statement(select(table.c.leaf).where(n == sa.bindparam("n")))
        #: The rows without a number, in the order of their keys.
        self.unchained = Statement(
            select(*(table.c[name] for name in columns))
            .where(n.is_(None))
            .order_by(key)
        )
        values = {
            "n": sa.bindparam("b_n"),
            "leaf": sa.bindparam("b_leaf", type_=sa.LargeBinary),
        }
        self.placed = (
            sa.update(table).where(key == sa.bindparam("b_key")).values(values)
        )
        self.place = Statement(self.placed)


REFUSED = Log("refusal", REFUSALS, "id", "at", "actor", "act", "about", "reasons")
ANSWERED = Log("request", REQUESTS, "request", "act", "answer")

#: The order in which ``settle`` chains logs, so that two processes never deadlock.
LOGS = (REFUSED, ANSWERED)


def heads(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return the number of chained rows of each log, and the last leaf in hex.

    Each job's event contains them, so the audit finds out if a chained row is erased.
    """
    ends = {log.counter: _end(log.last.execute(connection).fetchall()) for log in LOGS}
    return {name: {"rows": n, "head": end.hex()} for name, (n, end) in ends.items()}


def _end(rows: Sequence[Any]) -> tuple[Any, bytes]:
    return (rows[0][0], raw_bytes(rows[0][1])) if rows else (0, b"")


def leaf_of(
    log: Log, previous: bytes, n: int, row: Mapping[str, Any] | sa.RowMapping
) -> bytes:
    """Return the leaf of a row; ``previous`` is the leaf before it.

    Each value counts as it is stored; a manual edit may have changed its type.
    """
    written = json.dumps(
        [n, *(row[name] for name in log.columns)],
        separators=(",", ":"),
        default=lambda odd: {"bytes": raw_bytes(odd).hex()},
    )
    return leaf(previous + written.encode())


def refusal_row(
    *, at: datetime, actor: str, act: str, about: str, reasons: Reasons
) -> dict[str, str]:
    """Return the log's row of a refused step: only codes and values."""
    return {
        "at": moment_text(at),
        "actor": actor,
        "act": act,
        "about": about,
        "reasons": text_of(reasons),
    }


def keep_refusal(connection: Connection, row: dict[str, str]) -> None:
    """Log a refused step, and chain it."""
    id_ = _REFUSE.scalar(connection, **row)
    n, chained = _next_place(connection, REFUSED, {"id": id_, **row})
    if n is not None:
        REFUSED.place.execute(connection, b_key=id_, b_n=n, b_leaf=chained)


_REFUSE = Statement(
    sa.insert(REFUSALS)
    .values({name: sa.bindparam(name) for name in REFUSED.columns[1:]})
    .returning(REFUSALS.c.id)
)


def keep_missing_refusal(connection: Connection, row: dict[str, str]) -> None:
    """Log a refused step if the log does not have it."""
    same = [REFUSALS.c[name] == written for name, written in row.items()]
    if connection.execute(select(REFUSALS.c.id).where(*same).limit(1)).first() is None:
        keep_refusal(connection, row)


def answer_to(connection: Connection, request: str) -> tuple[str, Any] | None:
    """Return the act and first answer of a request id, or None."""
    row = _ANSWER.row(connection, request=request)
    return None if row is None else (row[0], json.loads(row[1]))


_ANSWER = Statement(
    select(REQUESTS.c.act, REQUESTS.c.answer).where(
        REQUESTS.c.request == sa.bindparam("request")
    )
)


def known_requests(connection: Connection, requests: Collection[str]) -> set[str]:
    """Return those of some request ids that have a row in the log."""
    query = select(REQUESTS.c.request)
    named = rows_naming(connection, query, REQUESTS.c.request, sorted(requests))
    return {row.request for row in named}


def leaf_at(connection: Connection, log: Log, n: int) -> bytes:
    """Return the leaf of the row with a number, empty if there is none."""
    return raw_bytes(log.leaf_at.scalar(connection, n=n))


def claim_request(connection: Connection, request: str, act: str) -> bool:
    """Claim a request id for an act; return False if it was answered before.

    A second request with the same id waits here until the first has its answer.
    """
    return _CLAIM.row(connection, request=request, act=act, answer="") is not None


_CLAIM = Statement(
    lambda dialect: (
        inserts(dialect)(REQUESTS)
        .inline()
        .values({name: sa.bindparam(name) for name in ANSWERED.columns})
        .on_conflict_do_nothing()
        .returning(REQUESTS.c.request)
    )
)


def keep_answer(connection: Connection, request: str, act: str, answer: object) -> None:
    """Store the first answer to a claimed request id, and chain its row."""
    row = {"request": request, "act": act, "answer": text_of(answer)}
    n, chained = _next_place(connection, ANSWERED, row)
    place = {"b_key": request, "b_n": n, "b_leaf": chained}
    _KEEP_ANSWER.execute(connection, b_answer=row["answer"], **place)


_KEEP_ANSWER = Statement(ANSWERED.placed.values(answer=sa.bindparam("b_answer")))


def _next_place(
    connection: Connection, log: Log, row: Mapping[str, Any]
) -> tuple[int | None, bytes | None]:
    """Return the number and leaf of a new row, if the database has one writer.

    On PostgreSQL ``settle`` gives them later. Otherwise everybody would wait for a
    chain that a host's transaction has locked. A manual edit of the counter must not
    prevent a refusal from being logged; the audit finds the edit.
    """
    if connection.dialect.name != "sqlite":
        return None, None
    counted, last, previous = log.tail.row(connection)
    n = _head(counted, last) + 1
    _COUNT.scalar(connection, name=log.counter, value=n)
    return n, leaf_of(log, raw_bytes(previous), n, row)


def _head(*numbers: object) -> int:
    """Return the last used number; a manual edit may have left none."""
    return max([n for n in numbers if isinstance(n, int)], default=0)


_COUNT = counting(sa.bindparam("value"), sa.bindparam("value"))


def settle(connection: Connection) -> None:
    """Give positions to committed events, and chain committed rows.

    Use a separate transaction; chains have one of their own, with the same
    search_path. It does not wait for a host that gives positions in a long transaction.
    """
    if connection.dialect.name == "sqlite":
        for log in LOGS:
            chain(connection, log)
        return
    here: dict[str, Any] = {}
    steps = (_IMPATIENT, LOCK, _PLACE_ALL, _COMMIT)
    begun, _, placed, _ = driver.together(connection, *((step, here) for step in steps))
    ((_, *unchained),) = placed.fetchall() or [(0,)]
    if any(unchained):
        ((_, path),) = begun.fetchall()
        _IMPATIENT_AGAIN.execute(connection, path=path)
        for log in LOGS:
            chain(connection, log)


#: A host that gives positions in a long transaction is not waited for.
_IMPATIENT = Statement(
    sa.text(
        "SELECT set_config('lock_timeout', '250ms', true),"
        " current_setting('search_path')"
    )
)
#: A search_path that was set for one transaction has ended with it.
_IMPATIENT_AGAIN = Statement(
    sa.text(
        "SELECT set_config('lock_timeout', '250ms', true),"
        " set_config('search_path', :path, true)"
    )
)
_COMMIT = Statement(sa.text("COMMIT"))

#: It numbers events, and returns whether each log has rows that are not chained.
_PLACE_ALL = Statement(
    lambda _: placing(*(sa.exists().where(log.table.c.n.is_(None)) for log in LOGS))
)


def commit(connection: Connection, *, answers: bool) -> bool:
    """Commit a transaction of our own; return whether ``settle`` has something to do.

    On PostgreSQL its events are numbered with it in one round trip, and if it
    ``answers`` a request, the answer is chained. Nobody waits here for a transaction
    that does the same.
    """
    if connection.dialect.name == "sqlite":
        return False
    chaining = _chaining(connection, ANSWERED, _LOCK_FREE) if answers else []
    ends: list[Write] = [(PLACE_AT_ONCE, {}), (_COMMIT, {})]
    *_, placed, _ = driver.together(connection, *chaining, *ends)
    ((is_placed, *unchained),) = placed.fetchall()
    return not is_placed or any(unchained)


#: The head's row is locked to the end of the transaction, as in ``settle``. If it was
#: changed after this statement began, the statement doesn't see the newest positions
#: and numbers nothing; neither does it if a manual edit has turned the head back. An
#: event's place is searched in the sorted array of ids: a join would be planned by the
#: table's last statistics, and take quadratic time if the table was small then.
PLACE_AT_ONCE = Statement(
    sa.text("""
        WITH head AS MATERIALIZED (
            SELECT value FROM huimin_counter WHERE name = 'position'
            FOR UPDATE SKIP LOCKED
        ), free AS MATERIALIZED (
            SELECT value FROM head
            WHERE value = (SELECT value FROM huimin_counter WHERE name = 'position')
            AND NOT EXISTS (SELECT FROM huimin_event WHERE position > head.value)
        ), placed AS (
            UPDATE huimin_event SET position = free.value + width_bucket(id, (
                SELECT array_agg(id ORDER BY id) FROM huimin_event
                WHERE position IS NULL
            )) FROM free WHERE position IS NULL RETURNING id
        ), counted AS (
            UPDATE huimin_counter SET value = free.value + (SELECT count(*) FROM placed)
            FROM free WHERE name = 'position' RETURNING name
        )
        SELECT EXISTS (SELECT FROM counted),
            EXISTS (SELECT FROM huimin_refusal WHERE n IS NULL),
            EXISTS (SELECT FROM huimin_request WHERE n IS NULL)
    """)
)


def chain(connection: Connection, log: Log) -> None:
    """Number and chain every row without a number, in the order of its first column.

    The counter's row is locked until the transaction ends, so one process does this at
    a time. A missing counter is created again, and used numbers are skipped.
    """
    if log.unchained.row(connection) is None:
        return
    writes = _chaining(connection, log, _TOUCH)
    if writes:  # else another transaction chained the rows while it held the counter
        driver.together(connection, *writes)


def _chaining(connection: Connection, log: Log, lock: Statement) -> list[Write]:
    """Lock a log's counter; return the writes that chain its rows without a number.

    They are none if ``lock`` doesn't wait and another transaction has the counter. The
    rows are read after the lock: another transaction may have chained some.
    """
    name, columns = {"name": log.counter}, log.columns
    reads: list[Write] = [(lock, name), (log.last, {}), (log.unchained, {})]
    locked, ends, unchained = driver.together(connection, *reads)
    counted, (n, previous) = locked.fetchall(), _end(ends.fetchall())
    writes: list[Write] = []
    if counted:
        n = _head(counted[0][0], n)
        for row in unchained.fetchall():
            n += 1
            previous = leaf_of(log, previous, n, dict(zip(columns, row, strict=True)))
            place = {"b_key": row[0], "b_n": n, "b_leaf": previous}
            writes.append((log.place, place))
    return [*writes, (_COUNT, {**name, "value": n})] if writes else []


#: What locks a counter: the first waits for it, and makes a missing one.
_TOUCH = counting(0, COUNTERS.c.value)
_LOCK_FREE = Statement(
    sa.text(
        "SELECT value FROM huimin_counter WHERE name = :name FOR UPDATE SKIP LOCKED"
    )
)
