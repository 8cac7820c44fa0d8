"""The tables, as plain SQLAlchemy tables with our own MetaData.

Times are UTC text of one width (``2023-12-15T10:00:00.000000Z``) and evidence
is canonical JSON text, so that both databases contain the same characters.
``rows`` has a SQLModel class for each table, for an embedder who wants them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

#: Separate from a host's MetaData: ``create_all`` of one never creates the other's.
METADATA = sa.MetaData()


def _columns(
    *names: str, of: Any = sa.Text, key: bool = False, null: bool = False
) -> list[sa.Column[Any]]:
    return [sa.Column(name, of, primary_key=key, nullable=null) for name in names]


#: Columns of the primary key; those that a row may leave empty.
_keys, _may = partial(_columns, key=True), partial(_columns, null=True)


def _place() -> list[sa.Column[Any]]:
    """Return the key of a fact: its batch and its line there."""
    return [*_keys("batch", of=sa.BigInteger), *_keys("line", of=sa.Integer)]


def _serial() -> sa.Column[Any]:
    """Return a key of serial numbers; SQLite assigns them only to INTEGER."""
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", kind, primary_key=True, autoincrement=True)


def _chained(name: str) -> list[sa.Column[Any] | sa.Index]:
    """Return the number and the leaf of the rows of a log."""
    number = sa.Index(f"huimin_{name}_n", "n", unique=True)
    return [*_may("n", of=sa.BigInteger), *_may("leaf", of=sa.LargeBinary), number]


#: The fields by which an item names an item above it.
ABOVE = ("continues", "responds_to", "arises_from", "split_from", "merged_into")

#: Facts about the database itself, such as its purpose.
META = sa.Table("huimin_meta", METADATA, *_keys("key"), *_columns("value"))

#: The last number of each counter; one of them is the head position.
COUNTERS = sa.Table(
    "huimin_counter", METADATA, *_keys("name"), *_columns("value", of=sa.BigInteger)
)

#: Events: the original bytes of their headers, and columns to find them.
EVENTS = sa.Table(
    "huimin_event",
    METADATA,
    _serial(),
    *_may("position", of=sa.BigInteger),
    *_columns("stream"),
    *_columns("n", of=sa.Integer),
    *_columns("step"),
    *_may("target"),
    *_columns("at", "request"),
    *_columns("header", "leaf", of=sa.LargeBinary),
    sa.UniqueConstraint("stream", "n", name="huimin_event_stream_n"),
    sa.UniqueConstraint("position", name="huimin_event_position"),
    sa.Index("huimin_event_step", "step", "position"),
    sa.Index("huimin_event_at", "at", "position"),
    sqlite_autoincrement=True,
)

#: Private payloads, stored separately from their events' commitments.
PAYLOADS = sa.Table(
    "huimin_payload",
    METADATA,
    *_keys("stream"),
    *_keys("n", of=sa.Integer),
    *_columns("salt", of=sa.LargeBinary),
    *_columns("body"),
)

#: Current items; ``body`` is the whole value in canonical JSON.
ITEMS = sa.Table(
    "huimin_item",
    METADATA,
    *_keys("number"),
    *_columns("version", of=sa.Integer),
    *_columns("state", "unit", "area", "origin"),
    *_may("stars", of=sa.Integer),
    *_may("edition", "merged_into"),
    *_columns("collected_on", "body"),
    *_may("continues", "responds_to", "arises_from", "split_from"),
    sa.Index("huimin_item_state", "state", "unit"),
    *(  # an item that names none is not in the index
        sa.Index(f"huimin_item_{name}", name, sqlite_where=sa.column(name).is_not(None))
        for name in ABOVE
    ),
)

#: The own fields of items by key, to find items by them; a long text is cut.
OWN_FIELDS = sa.Table(
    "huimin_own_field", METADATA, *_keys("item", "key"), *_columns("text"),
    sa.Index("huimin_own_field_text", "key", "text", "item"),
)  # fmt: skip

#: Records with their own streams: deliberations, editions.
RECORDS = sa.Table(
    "huimin_record",
    METADATA,
    *_keys("key"),
    *_columns("kind", "about"),
    *_columns("version", of=sa.Integer),
    *_columns("body"),
    sa.Index("huimin_record_kind", "kind", "about"),
)

#: The first answers to request ids, for retries; chained by ``n``.
REQUESTS = sa.Table(
    "huimin_request",
    METADATA,
    *_keys("request"),
    *_columns("act", "answer"),
    *_chained("request"),
)

#: The texts of all proposed or activated rulebooks, by their digests.
RULEBOOKS = sa.Table("huimin_rulebook", METADATA, *_keys("digest"), *_columns("body"))

#: Appeals; their texts are in another table, so that erasing one breaks no root.
APPEALS = sa.Table(
    "huimin_appeal",
    METADATA,
    *_place(),
    *_columns("channel", "key", "who", "district", "town", "village", "point", "at"),
    *_columns("life_stage", "text_commitment"),
    sa.UniqueConstraint("channel", "key", name="huimin_appeal_channel_key"),
    sa.Index("huimin_appeal_at", "at", "district", "channel", "batch"),
    # Few appeals name a point.
    sa.Index("huimin_appeal_point", "point", "at", sqlite_where=sa.text("point <> ''")),
)

#: What appeals say and who says it, only encrypted: a nonce, then AES-GCM's output.
APPEAL_TEXTS = sa.Table(
    "huimin_appeal_text", METADATA, *_place(), *_columns("sealed", of=sa.LargeBinary)
)

#: The keys of personal data, each wrapped by the master key outside the database.
DATA_KEYS = sa.Table(
    "huimin_data_key",
    METADATA,
    *_keys("subject"),
    *_columns("wrapped", of=sa.LargeBinary),
)

#: Links of appeals to items; a later link of an appeal replaces the earlier one.
LINKS = sa.Table(
    "huimin_link",
    METADATA,
    *_place(),
    *_columns("channel", "key", "item"),
    sa.Index("huimin_link_item", "item"),
    sa.Index("huimin_link_appeal", "channel", "key"),
)

#: Steps with the answers to appeals, each numbered within its appeal.
ANSWERS = sa.Table(
    "huimin_answer",
    METADATA,
    *_place(),
    *_columns("channel", "key"),
    *_columns("n", of=sa.Integer),
    *_columns("step"),
    *_may("kind"),
    *_columns("unit", "at"),
    *_may("days", of=sa.Integer),
    *_columns("reason", "item", "text_commitment"),
    sa.UniqueConstraint("channel", "key", "n", name="huimin_answer_appeal"),
)

#: What answers say, only encrypted, under the keys of those who are answered.
ANSWER_TEXTS = sa.Table(
    "huimin_answer_text", METADATA, *_place(), *_columns("sealed", of=sa.LargeBinary)
)

#: The postings by which appeals are compared: keyed hashes, four bytes each. They go
#: with an erasure. ``waiting`` is 1 until the appeal was compared.
POSTINGS = sa.Table(
    "huimin_posting",
    METADATA,
    *_place(),
    *_columns("body", of=sa.LargeBinary),
    *_columns("waiting", of=sa.Integer),
    sa.Index("huimin_posting_waiting", "waiting", sqlite_where=sa.text("waiting = 1")),
)

#: How appeals came together: links and proposals with what was weighed, and what
#: people said of them. ``item`` is "" for a group, ``group_*`` then its first appeal.
GATHERED = sa.Table(
    "huimin_gathered",
    METADATA,
    *_place(),
    *_columns("channel", "key", "outcome", "item"),
    *_columns("group_channel", "group_key", "near_channel", "near_key"),
    *_columns("score", of=sa.Integer),
    *_columns("evidence"),
    sa.Index("huimin_gathered_appeal", "channel", "key"),
    sa.Index("huimin_gathered_group", "group_channel", "group_key"),
    sa.Index(
        "huimin_gathered_repeat",
        "outcome",
        sqlite_where=sa.text("outcome IN ('again', 'repeat')"),
    ),
)

#: Figures of indicators by month; a later row replaces an earlier one.
PROGRESS = sa.Table(
    "huimin_progress",
    METADATA,
    *_place(),
    *_columns("item", "task", "indicator", "month"),
    *_columns("value", of=sa.BigInteger),
    *_may("denominator", of=sa.BigInteger),
    *_columns("note", "evidence", "members", "correction", "feed", "measured_at"),
    sa.Index("huimin_progress_item", "item", "month"),
)

#: Business of units by month that feeds bring; a later row replaces an earlier one.
BUSINESS = sa.Table(
    "huimin_business",
    METADATA,
    *_place(),
    *_columns("feed", "service", "unit", "month"),
    *_columns("value", of=sa.BigInteger),
    *_columns("measured_at"),
    sa.Index("huimin_business_month", "month", "unit"),
)

#: The codes that were drawn for a survey, in the order of their rank.
SURVEY_CODES = sa.Table(
    "huimin_survey_code",
    METADATA,
    *_place(),
    *_columns("survey", "code"),
    sa.UniqueConstraint("survey", "code", name="huimin_survey_code_drawn"),
)

#: Answers of surveys, one a code: ``n`` is 1. A row with ``n`` 2 sets it aside, and
#: has no level. The levels of the four senses are "" if the survey doesn't ask.
SURVEY_ANSWERS = sa.Table(
    "huimin_survey_answer",
    METADATA,
    *_place(),
    *_columns("survey", "code"),
    *_columns("n", of=sa.Integer),
    *_columns("level", "gain", "happiness", "safety", "belonging", "reason"),
    sa.UniqueConstraint("survey", "code", "n", name="huimin_survey_answer_once"),
)

#: Refused steps, which changed nothing: actor, act, subject and reasons. Committed
#: rows are chained by ``n`` and ``leaf``.
REFUSALS = sa.Table(
    "huimin_refusal",
    METADATA,
    _serial(),
    *_columns("at", "actor", "act", "about", "reasons"),
    *_chained("refusal"),
    sqlite_autoincrement=True,
)

#: The job ledger: each (job, period) once, with its cut.
RUNS = sa.Table(
    "huimin_job_run",
    METADATA,
    *_keys("job", "period"),
    *_columns("due", "ran"),
    *_columns("late_seconds", "cut", of=sa.BigInteger),
    *_columns("rulebook", "result"),
)

#: The failures of each (job, period) until it is done, counted from ``first`` to
#: ``last``; ``error`` is the class of the last one, ``reasons`` its codes as JSON.
FAILURES = sa.Table(
    "huimin_job_failure",
    METADATA,
    *_keys("job", "period"),
    *_columns("due", "first", "last"),
    *_columns("attempts", of=sa.BigInteger),
    *_columns("error", "reasons"),
)

#: When each service last looked at the timetable.
HEARTBEATS = sa.Table(
    "huimin_heartbeat", METADATA, *_keys("service"), *_columns("at", "detail")
)

#: How far each consumer has read the feed of changes.
CURSORS = sa.Table(
    "huimin_cursor",
    METADATA,
    *_keys("consumer"),
    *_columns("position", of=sa.BigInteger),
    *_columns("at"),
)

#: Where changes are sent: up to which ``position`` they became deliveries, and who
#: sends: the last ``owner`` until the moment ``lease`` of the database's clock, with
#: the number ``epoch`` of the lease. ``failing`` is since when nothing arrives.
DESTINATIONS = sa.Table(
    "huimin_destination",
    METADATA,
    *_keys("name"),
    *_columns("position", "epoch", of=sa.BigInteger),
    *_columns("owner", "lease"),
    *_may("failing", "sent"),
)

#: What is sent of a change to a destination and there to a ``recipient``, "" if it
#: has none. ``due`` is the moment of the next attempt, ``error`` the last code.
DELIVERIES = sa.Table(
    "huimin_delivery",
    METADATA,
    *_keys("destination"),
    *_keys("position", of=sa.BigInteger),
    *_keys("recipient"),
    *_columns("state"),
    *_columns("attempts", of=sa.BigInteger),
    *_columns("due", "error"),
    sa.Index("huimin_delivery_state", "state", "destination", "position"),
)

#: Files of items; their contents are on the shelf, by their SHA-256.
ATTACHMENTS = sa.Table(
    "huimin_attachment",
    METADATA,
    *_keys("about", "digest"),
    *_columns("size", of=sa.BigInteger),
    *_columns("name"),
)

#: The condition of the index for the two bad levels of ``RatingLevel``.
BAD_LEVELS = sa.text("level IN ('dissatisfied', 'very_dissatisfied')")

#: Ratings; each transaction has at most one.
RATINGS = sa.Table(
    "huimin_rating",
    METADATA,
    *_place(),
    *_columns("transaction", "unit", "item", "window", "person", "who"),
    *_columns("channel", "level", "at"),
    sa.UniqueConstraint("transaction", name="huimin_rating_transaction"),
    sa.Index("huimin_rating_bad", "at", "unit", sqlite_where=BAD_LEVELS),
    sqlite_with_rowid=False,
)

#: How many ratings of a level a unit had on a day, by batch.
SCORES = sa.Table(
    "huimin_rating_score", METADATA, *_keys("day", "unit", "level"),
    *_keys("batch", of=sa.BigInteger), *_columns("ratings", of=sa.BigInteger),
    sqlite_with_rowid=False,
)  # fmt: skip

#: How many ratings of a level a unit had in a month, by batch. On SQLite ``total``
#: counts those of all batches before it, too, so that the sum at a cut is one row for
#: each unit and level; on PostgreSQL, with many writers, only those of the batch.
MONTHS = sa.Table(
    "huimin_rating_month", METADATA, *_keys("month", "unit", "level"),
    *_keys("batch", of=sa.BigInteger), *_columns("ratings", "total", of=sa.BigInteger),
    sqlite_with_rowid=False,
)  # fmt: skip

#: How many ratings an item had by a channel in a month, by batch. ``windows`` and
#: ``people`` count the ratings with a window and with a person.
COVERAGE = sa.Table(
    "huimin_rating_coverage", METADATA, *_keys("month", "item", "channel"),
    *_keys("batch", of=sa.BigInteger),
    *_columns("ratings", "windows", "people", of=sa.BigInteger),
    sqlite_with_rowid=False,
)  # fmt: skip

#: The tables of a batch's sums, in the order of ``rollups``.
ROLLUPS = (SCORES, MONTHS, COVERAGE)


def _set_conditions(table: sa.Table, connection: Connection, **_: Any) -> None:
    """Set the indexes' conditions for PostgreSQL; at import they load its dialect."""
    if connection.dialect.name == "postgresql":
        for index in table.indexes:
            condition = index.dialect_options["sqlite"]["where"]
            index.dialect_options["postgresql"]["where"] = condition


for _table in METADATA.tables.values():
    sa.event.listen(_table, "before_create", _set_conditions)
