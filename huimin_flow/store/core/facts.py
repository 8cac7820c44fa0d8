"""Facts in batches (appeals, links, progress), each batch with a Merkle root."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, select

from huimin_flow.catalogue.terms import FeedStep, RecordStep, StreamKind
from huimin_flow.clock import at_hour
from huimin_flow.model.core.canonical import (
    canonical_of_plain,
    leaf,
    merkle_root,
)
from huimin_flow.model.core.periods import month_bounds
from huimin_flow.model.core.values import to_plain, value
from huimin_flow.model.executing.plans import Progress
from huimin_flow.store.core.driver import inserts
from huimin_flow.store.core.history import (
    TOGETHER,
    moment_of,
    moment_text,
    rows_naming,
    rows_of_pairs,
)
from huimin_flow.store.core.tables import (
    ANSWERS,
    APPEALS,
    BUSINESS,
    EVENTS,
    GATHERED,
    LINKS,
    PROGRESS,
    RATINGS,
    SURVEY_ANSWERS,
    SURVEY_CODES,
)

#: The tables of facts, by the name of the kind in a batch's event.
FACT_TABLES: Mapping[str, sa.Table] = {
    "answers": ANSWERS,
    "appeals": APPEALS,
    "business": BUSINESS,
    "links": LINKS,
    "progress": PROGRESS,
    "ratings": RATINGS,
    "gathered": GATHERED,
    "survey_codes": SURVEY_CODES,
    "survey_answers": SURVEY_ANSWERS,
}


def root_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the hex Merkle root over stored rows, in line order."""
    return merkle_root([leaf(canonical_of_plain(dict(row))) for row in rows]).hex()


@value
class Known:
    """The batches that were known at a cut: up to ``last``, without the ``late``.

    If transactions overlap, one with a smaller number may commit later.
    """

    last: int
    late: tuple[int, ...] = ()

    def holds(self, batch: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """Return the condition that a column names a known batch."""
        known = batch <= self.last
        return sa.and_(known, batch.not_in(self.late)) if self.late else known

    def lacks(self, batch: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """Return the condition that a column names a batch after the cut."""
        after = batch > self.last
        return sa.or_(after, batch.in_(self.late)) if self.late else after


#: The steps that store batches.
STORING_STEPS: frozenset[str] = frozenset(
    {
        *(RecordStep.KEEP, RecordStep.REPORT, RecordStep.ANSWER),
        *(RecordStep.GATHER, RecordStep.CLOSE),
        FeedStep.DELIVER,
    }
)

#: The conditions of the events that store batches.
STORING = (
    EVENTS.c.step.in_(sorted(STORING_STEPS)),
    EVENTS.c.stream.like(StreamKind.BATCH.key("%")),
)


def known_at(connection: Connection, cut: int) -> Known:
    """Return the batches that were known at a cut.

    SQLite has one writer, so its batches are numbered in the order of commits.
    """
    in_order = connection.dialect.name == "sqlite"
    kept = select(EVENTS.c.stream).where(*STORING)
    by = EVENTS.c.position if in_order else EVENTS.c.stream
    known = kept.where(EVENTS.c.position <= cut).order_by(by.desc()).limit(1)
    last = connection.execute(known).scalar()
    if last is None:
        return Known(last=0)
    late: tuple[int, ...] = ()
    if not in_order:
        after = sa.or_(EVENTS.c.position > cut, EVENTS.c.position.is_(None))
        streams = connection.execute(kept.where(EVENTS.c.stream < last, after))
        late = tuple(map(_number, streams.scalars()))
    return Known(last=_number(last), late=late)


def _number(stream: str) -> int:
    return int(stream.partition("/")[2])


def in_month(moment: sa.ColumnElement[str], period: str) -> sa.ColumnElement[bool]:
    """Return the condition that a column of moments is in a month, Shanghai time."""
    first, after = (moment_text(at_hour(day, 0)) for day in month_bounds(period))
    return sa.and_(moment >= first, moment < after)


def stored_rows(connection: Connection, kind: str, batch: int) -> list[dict[str, Any]]:
    """Return a batch's rows as they are stored, in line order."""
    table = FACT_TABLES[kind]
    query = select(table).where(table.c.batch == batch).order_by(table.c.line)
    rows = connection.execute(query)
    names = tuple(map(str, rows.keys()))  # plain texts, whose order is remembered
    return [dict(zip(names, row, strict=True)) for row in rows.all()]


def known_keys(
    connection: Connection, pairs: Sequence[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return the (channel, key) pairs that are stored already."""
    query = select(APPEALS.c.channel, APPEALS.c.key)
    columns = APPEALS.c.channel, APPEALS.c.key
    return {tuple(row) for row in rows_of_pairs(connection, query, columns, pairs)}


def progress_rows(reports: Sequence[Progress], batch: int) -> list[dict[str, Any]]:
    """Return the rows of a batch of progress reports."""
    return [
        {
            "batch": batch,
            "line": line,
            **to_plain(report),
            "evidence": " ".join(report.evidence),
            "members": "\n".join(report.members),
            "correction": report.correction,
            "feed": report.feed,
            "measured_at": ("" if at is None else moment_text(at)),
        }
        for line, report in enumerate(reports, 1)
        for at in [report.measured_at]
    ]


def link_rows(
    pairs: Sequence[tuple[str, str]], item: str, batch: int
) -> list[dict[str, Any]]:
    """Return the rows that link appeals, by (channel, key), to an item."""
    return [
        {"batch": batch, "line": line, "channel": channel, "key": key, "item": item}
        for line, (channel, key) in enumerate(pairs, 1)
    ]


def keep(connection: Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows in one statement; each has all columns."""
    insert(connection, table, list(map(itemgetter(*table.columns.keys()), rows)))


def insert(
    connection: Connection,
    table: sa.Table,
    rows: Sequence[tuple[Any, ...]],
    *,
    unless_known: bool = False,
) -> None:
    """Insert rows by the driver, in the order of the table's columns.

    With ``unless_known`` a row whose key is there is passed over. SQLAlchemy would
    take twice as long to bind the values of each row.
    """
    if not rows:
        return
    dialect = connection.dialect.name
    into = inserts(dialect)(table)
    if dialect == "postgresql":
        names = table.columns.keys()
        arrays = [
            sa.bindparam(column.name, list(values), sa.ARRAY(column.type))
            for column, values in zip(
                table.columns, zip(*rows, strict=True), strict=True
            )
        ]
        lines = sa.func.unnest(*arrays).table_valued(*names).render_derived()
        into = into.from_select(names, select(lines))
        connection.execute(into.on_conflict_do_nothing() if unless_known else into)
        return
    into = into.on_conflict_do_nothing() if unless_known else into
    text = str(into.compile(dialect=connection.dialect))
    connection.exec_driver_sql(text, list(rows))


def progress_of(connection: Connection, item: str) -> list[Progress]:
    """Return an item's progress as last reported; a later row replaces another."""
    return progress_by_item(connection, [item])[item]


def progress_by_item(
    connection: Connection, items: Sequence[str], *, known: Known | None = None
) -> dict[str, list[Progress]]:
    """Return the progress of each of these items, only from the ``known`` batches."""
    reported: dict[str, list[Progress]] = {item: [] for item in items}
    place = (PROGRESS.c.item, PROGRESS.c.batch, PROGRESS.c.line)
    query = select(*REPORT).order_by(*place)
    if known is not None:
        query = query.where(known.holds(PROGRESS.c.batch))
    rows = rows_naming(connection, query, PROGRESS.c.item, items, at_once=TOGETHER)
    for item, own in groupby(rows, itemgetter(0)):
        reported[item] = last_reports(own)
    return reported


#: The columns of a report, without batch and line.
REPORT = tuple(column for column in PROGRESS.c if column.name not in {"batch", "line"})
_REPORT = [column.name for column in REPORT]


def last_reports(rows: Iterable[Any]) -> list[Progress]:
    """Return an item's last report of each month, task and indicator.

    The rows begin with the columns ``REPORT``, and are in their stored order.
    """
    latest = {(row[3], row[1], row[2]): row for row in rows}
    reports = []
    for row in map(latest.__getitem__, sorted(latest)):
        # By place: a sheet of many items takes five times as long by names.
        parts = dict(zip(_REPORT, row, strict=False))
        parts["evidence"] = tuple(parts["evidence"].split())
        parts["members"] = tuple(filter(None, parts["members"].split("\n")))
        measured = parts["measured_at"]
        parts["measured_at"] = moment_of(measured) if measured else None
        reports.append(Progress(**parts))
    return reports
