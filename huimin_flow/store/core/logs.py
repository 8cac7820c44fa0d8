"""Logs that no event vouches for: each row is chained to the one before it.

A refusal changes nothing and a first answer is no act, so neither has an event.
Their rows are numbered and chained instead (decision 9): ``n`` counts without
gaps, ``leaf`` is the hash over the leaf before it and the row as it is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    LargeBinary,
    RowMapping,
    Select,
    Table,
    bindparam,
    func,
    insert,
    select,
    update,
)

from huimin_flow.model.core.canonical import leaf
from huimin_flow.model.core.events import Reasons
from huimin_flow.model.core.values import value
from huimin_flow.store.core.history import COUNTERS, moment_text, raw_bytes
from huimin_flow.store.core.positions import give_positions
from huimin_flow.store.core.repository import REFUSALS, REQUESTS, text_of, upsert


@value
class Log:
    """A chained table: the columns its leaves cover, the first one tells rows apart.

    ``counter`` is the name under which the last ``n`` is kept.
    """

    table: Table
    columns: tuple[str, ...]
    counter: str


REFUSED = Log(
    table=REFUSALS,
    columns=("id", "at", "actor", "act", "about", "reasons"),
    counter="refusal",
)
ANSWERED = Log(table=REQUESTS, columns=("request", "act", "answer"), counter="request")

#: In the order in which they are settled, so that two who settle never wait crosswise.
LOGS = (REFUSED, ANSWERED)


def heads(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return how many rows each log has chained, and the last leaf in hex.

    A job's event keeps them: what was chained by then can't be wiped unseen.
    """
    ends = {}
    for log in LOGS:
        last = connection.execute(_LAST[log.counter]).first()
        n, head = (0, b"") if last is None else (last.n, raw_bytes(last.leaf))
        ends[log.counter] = {"rows": n, "head": head.hex()}
    return ends


def leaf_of(
    log: Log, previous: bytes, n: int, row: Mapping[str, Any] | RowMapping
) -> bytes:
    """Return the leaf of a row after ``previous``, the leaf before it.

    Every character counts as it is stored, of whatever type a hand edit made it.
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
    """Return what the log keeps of a refused step: codes and values only."""
    return {
        "at": moment_text(at),
        "actor": actor,
        "act": act,
        "about": about,
        "reasons": text_of(reasons),
    }


def keep_refusal(connection: Connection, row: dict[str, str]) -> None:
    """Log a refused step, and chain it."""
    connection.execute(insert(REFUSALS), [row])
    enter(connection, REFUSED)


def keep_missing_refusal(connection: Connection, row: dict[str, str]) -> None:
    """Log a refused step unless the log has it."""
    same = [REFUSALS.c[name] == written for name, written in row.items()]
    if connection.execute(select(REFUSALS.c.id).where(*same).limit(1)).first() is None:
        keep_refusal(connection, row)


def enter(connection: Connection, log: Log) -> None:
    """Chain a row in the transaction that wrote it, where there is one writer.

    Elsewhere it waits for ``settle``: a chain that is locked until a host's
    transaction ends would let everybody else wait for it.
    """
    if connection.dialect.name == "sqlite":
        chain(connection, log)


def settle(connection: Connection) -> None:
    """Give positions to events and chain rows that were committed and wait.

    In a transaction of its own. A host that asks what is known gives positions in
    its own transaction, and may take long over it: nobody waits for that.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '250ms'")
    give_positions(connection)
    for log in LOGS:
        chain(connection, log)


def chain(connection: Connection, log: Log) -> None:
    """Number and chain every row that waits, in the order of its first column.

    One at a time: the counter's row is locked until the transaction ends.
    """
    if connection.execute(_waiting(log).limit(1)).first() is None:
        return
    head = _locked_head(connection, log)
    previous = _last_leaf(connection, log)
    places = []
    for n, row in enumerate(connection.execute(_waiting(log)).mappings(), head + 1):
        previous = leaf_of(log, previous, n, row)
        places.append({"b_key": row[log.columns[0]], "b_n": n, "b_leaf": previous})
    if not places:
        return  # somebody else chained them while the counter was theirs
    key = log.table.c[log.columns[0]]
    place = (
        update(log.table)
        .where(key == bindparam("b_key"))
        .values(n=bindparam("b_n"), leaf=bindparam("b_leaf", type_=LargeBinary))
    )
    connection.execute(place, places)
    last = update(COUNTERS).where(COUNTERS.c.name == log.counter)
    connection.execute(last.values(value=head + len(places)))


def _waiting(log: Log) -> Select[Any]:
    columns = [log.table.c[name] for name in log.columns]
    return select(*columns).where(log.table.c.n.is_(None)).order_by(columns[0])


def _locked_head(connection: Connection, log: Log) -> int:
    """Return the last number given and keep its row; a lost one begins anew.

    What is numbered already is passed over: a hand edit of the counter must
    keep no refusal from being written. The audit finds the edit.
    """
    begun = upsert(connection, COUNTERS).values(name=log.counter, value=0)
    counted = connection.execute(
        begun.on_conflict_do_update(
            index_elements=["name"], set_={"value": COUNTERS.c.value}
        ).returning(COUNTERS.c.value)
    ).scalar_one()
    there = connection.execute(select(func.max(log.table.c.n))).scalar()
    return max([n for n in (counted, there) if isinstance(n, int)], default=0)


def _last_leaf(connection: Connection, log: Log) -> bytes:
    last = connection.execute(_LAST[log.counter]).first()
    return b"" if last is None else raw_bytes(last.leaf)


_LAST = {
    log.counter: select(log.table.c.n, log.table.c.leaf)
    .where(log.table.c.n.is_not(None))
    .order_by(log.table.c.n.desc())
    .limit(1)
    for log in LOGS
}
