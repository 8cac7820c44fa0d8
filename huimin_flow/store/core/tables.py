"""The tables, as plain SQLAlchemy tables with our own MetaData.

Times are UTC text of one width (``2023-12-15T10:00:00.000000Z``) and evidence
is canonical JSON text, so that both databases contain the same characters.
``rows`` has a SQLModel class for each table, for an embedder who wants them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

#: Separate from a host's MetaData: ``create_all`` of one never creates the other's.
METADATA = MetaData()

#: SQLite assigns serial numbers only in a column declared INTEGER.
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")


def _key(name: str, kind: Any = Text) -> Column[Any]:
    """Return a column of the primary key."""
    return Column(name, kind, primary_key=True)


def _must(name: str, kind: Any = Text) -> Column[Any]:
    """Return a column that every row fills."""
    return Column(name, kind, nullable=False)


def _may(name: str, kind: Any = Text) -> Column[Any]:
    """Return a column that a row may leave empty."""
    return Column(name, kind, nullable=True)


def _named(name: str) -> Index:
    """Return the index of the items that name another; those that name none lack."""
    return Index(f"huimin_item_{name}", name, sqlite_where=text(f"{name} IS NOT NULL"))


#: The fields by which an item names an item above it.
ABOVE = ("continues", "responds_to", "arises_from", "split_from", "merged_into")

#: Facts about the database itself, such as its purpose.
META = Table("huimin_meta", METADATA, _key("key"), _must("value"))

#: The last number of each counter; one of them is the head position.
COUNTERS = Table("huimin_counter", METADATA, _key("name"), _must("value", BigInteger))

#: Events: the original bytes of their headers, and columns to find them.
EVENTS = Table(
    "huimin_event",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    _may("position", BigInteger),
    _must("stream"),
    _must("n", Integer),
    _must("step"),
    _may("target"),
    _must("at"),
    _must("request"),
    _must("header", LargeBinary),
    _must("leaf", LargeBinary),
    UniqueConstraint("stream", "n", name="huimin_event_stream_n"),
    UniqueConstraint("position", name="huimin_event_position"),
    Index("huimin_event_step", "step", "position"),
    Index("huimin_event_at", "at", "position"),
    sqlite_autoincrement=True,
)

#: Private payloads, stored separately from their events' commitments.
PAYLOADS = Table(
    "huimin_payload",
    METADATA,
    _key("stream"),
    _key("n", Integer),
    _must("salt", LargeBinary),
    _must("body"),
)

#: Current items; ``body`` is the whole value in canonical JSON.
ITEMS = Table(
    "huimin_item",
    METADATA,
    _key("number"),
    _must("version", Integer),
    _must("state"),
    _must("unit"),
    _must("area"),
    _must("origin"),
    _may("stars", Integer),
    _may("edition"),
    _may("merged_into"),
    _must("collected_on"),
    _must("body"),
    _may("continues"),
    _may("responds_to"),
    _may("arises_from"),
    _may("split_from"),
    Index("huimin_item_state", "state", "unit"),
    *map(_named, ABOVE),
)

#: Records with their own streams: deliberations, editions.
RECORDS = Table(
    "huimin_record",
    METADATA,
    _key("key"),
    _must("kind"),
    _must("about"),
    _must("version", Integer),
    _must("body"),
    Index("huimin_record_kind", "kind", "about"),
)

#: The first answers to request ids, for retries; chained by ``n``.
REQUESTS = Table(
    "huimin_request",
    METADATA,
    _key("request"),
    _must("act"),
    _must("answer"),
    _may("n", BigInteger),
    _may("leaf", LargeBinary),
    Index("huimin_request_n", "n", unique=True),
)

#: The texts of all proposed or activated rulebooks, by their digests.
RULEBOOKS = Table("huimin_rulebook", METADATA, _key("digest"), _must("body"))

#: Appeals; their texts are in another table, so that erasing one breaks no root.
APPEALS = Table(
    "huimin_appeal",
    METADATA,
    _key("batch", BigInteger),
    _key("line", Integer),
    _must("channel"),
    _must("key"),
    _must("who"),
    _must("district"),
    _must("at"),
    _must("life_stage"),
    _must("text_commitment"),
    UniqueConstraint("channel", "key", name="huimin_appeal_channel_key"),
    Index("huimin_appeal_at", "at", "district", "channel", "batch"),
)

#: The texts of appeals, with the salts that open their commitments.
APPEAL_TEXTS = Table(
    "huimin_appeal_text",
    METADATA,
    _key("batch", BigInteger),
    _key("line", Integer),
    _must("salt", LargeBinary),
    _must("body"),
)

#: Links of appeals to items; a later link of an appeal replaces the earlier one.
LINKS = Table(
    "huimin_link",
    METADATA,
    _key("batch", BigInteger),
    _key("line", Integer),
    _must("channel"),
    _must("key"),
    _must("item"),
    Index("huimin_link_item", "item"),
    Index("huimin_link_appeal", "channel", "key"),
)

#: Figures of indicators by month; a later row replaces an earlier one.
PROGRESS = Table(
    "huimin_progress",
    METADATA,
    _key("batch", BigInteger),
    _key("line", Integer),
    _must("item"),
    _must("task"),
    _must("indicator"),
    _must("month"),
    _must("value", BigInteger),
    _may("denominator", BigInteger),
    _must("note"),
    _must("evidence"),
    _must("members"),
    Index("huimin_progress_item", "item", "month"),
)

#: Refused steps, which changed nothing: actor, act, subject and reasons. Committed
#: rows are chained by ``n`` and ``leaf``.
REFUSALS = Table(
    "huimin_refusal",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    _must("at"),
    _must("actor"),
    _must("act"),
    _must("about"),
    _must("reasons"),
    _may("n", BigInteger),
    _may("leaf", LargeBinary),
    Index("huimin_refusal_n", "n", unique=True),
    sqlite_autoincrement=True,
)

#: The job ledger: each (job, period) once, with its cut.
RUNS = Table(
    "huimin_job_run",
    METADATA,
    _key("job"),
    _key("period"),
    _must("due"),
    _must("ran"),
    _must("late_seconds", BigInteger),
    _must("cut", BigInteger),
    _must("rulebook"),
    _must("result"),
)

#: The last failures of each (job, period), until it is done. ``error`` is the class
#: of the last failure, ``reasons`` its codes with values as JSON; ``attempts``
#: counts them from ``first`` to ``last``.
FAILURES = Table(
    "huimin_job_failure",
    METADATA,
    _key("job"),
    _key("period"),
    _must("due"),
    _must("first"),
    _must("last"),
    _must("attempts", BigInteger),
    _must("error"),
    _must("reasons"),
)

#: When each service last looked at the timetable.
HEARTBEATS = Table(
    "huimin_heartbeat", METADATA, _key("service"), _must("at"), _must("detail")
)

#: Files of items; their contents are on the shelf, by their SHA-256.
ATTACHMENTS = Table(
    "huimin_attachment",
    METADATA,
    _key("about"),
    _key("digest"),
    _must("size", BigInteger),
    _must("name"),
)

#: The condition of the index for the two bad levels of ``RatingLevel``.
BAD_LEVELS = text("level IN ('dissatisfied', 'very_dissatisfied')")

#: Ratings; each transaction has at most one.
RATINGS = Table(
    "huimin_rating",
    METADATA,
    _key("batch", BigInteger),
    _key("line", Integer),
    _must("transaction"),
    _must("unit"),
    _must("item"),
    _must("window"),
    _must("person"),
    _must("who"),
    _must("channel"),
    _must("level"),
    _must("at"),
    UniqueConstraint("transaction", name="huimin_rating_transaction"),
    Index("huimin_rating_bad", "at", "unit", sqlite_where=BAD_LEVELS),
    sqlite_with_rowid=False,
)

#: How many ratings of a level a unit had on a day, by batch.
SCORES = Table(
    "huimin_rating_score",
    METADATA,
    _key("day"),
    _key("unit"),
    _key("level"),
    _key("batch", BigInteger),
    _must("ratings", BigInteger),
    sqlite_with_rowid=False,
)

#: How many ratings of a level a unit had in a month, by batch. On SQLite ``total``
#: counts the ratings of this batch and all batches before it. So the sum at a cut is
#: one row for each unit and level, for any number of batches. On PostgreSQL, with
#: many writers, it counts only those of the batch.
MONTHS = Table(
    "huimin_rating_month",
    METADATA,
    _key("month"),
    _key("unit"),
    _key("level"),
    _key("batch", BigInteger),
    _must("ratings", BigInteger),
    _must("total", BigInteger),
    sqlite_with_rowid=False,
)

#: How many ratings an item had by a channel in a month, by batch. ``windows`` and
#: ``people`` count the ratings with a window and with a person.
COVERAGE = Table(
    "huimin_rating_coverage",
    METADATA,
    _key("month"),
    _key("item"),
    _key("channel"),
    _key("batch", BigInteger),
    _must("ratings", BigInteger),
    _must("windows", BigInteger),
    _must("people", BigInteger),
    sqlite_with_rowid=False,
)

#: The tables of a batch's sums, in the order of ``rollups``.
ROLLUPS = (SCORES, MONTHS, COVERAGE)


def _set_conditions(table: Table, connection: Connection, **_: Any) -> None:
    """Set the indexes' conditions for PostgreSQL; at import they load its dialect."""
    if connection.dialect.name == "postgresql":
        for index in table.indexes:
            condition = index.dialect_options["sqlite"]["where"]
            index.dialect_options["postgresql"]["where"] = condition


for _table in METADATA.tables.values():
    event.listen(_table, "before_create", _set_conditions)
