"""The tables, as SQLModel rows with our own MetaData.

Times are UTC text of one width (``2023-12-15T10:00:00.000000Z``) and evidence
is canonical JSON text, so that both databases contain the same characters.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

#: Separate from a host's MetaData: ``create_all`` of one never creates the other's.
METADATA = MetaData()

#: SQLite assigns serial numbers only in a column declared INTEGER.
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")


class Row(SQLModel, registry=registry(metadata=METADATA)):
    """The base of all rows, with the MetaData."""


class MetaRow(Row, table=True):
    """One fact about the database itself: its purpose."""

    __tablename__ = "huimin_meta"
    key: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_type=Text)


class CounterRow(Row, table=True):
    """The last number of each counter; one of them is the head position."""

    __tablename__ = "huimin_counter"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: int = Field(sa_type=BigInteger)


class EventRow(Row, table=True):
    """One event: the original bytes of its header, and columns to find it."""

    __tablename__ = "huimin_event"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        UniqueConstraint("stream", "n", name="huimin_event_stream_n"),
        UniqueConstraint("position", name="huimin_event_position"),
        Index("huimin_event_step", "step", "position"),
        Index("huimin_event_at", "at", "position"),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(sa_column=Column(_SERIAL, primary_key=True, autoincrement=True))
    position: int | None = Field(sa_column=Column(BigInteger, nullable=True))
    stream: str = Field(sa_type=Text)
    n: int = Field(sa_type=Integer)
    step: str = Field(sa_type=Text)
    target: str | None = Field(sa_column=Column(Text, nullable=True))
    at: str = Field(sa_type=Text)
    request: str = Field(sa_type=Text)
    header: bytes = Field(sa_type=LargeBinary)
    leaf: bytes = Field(sa_type=LargeBinary)


class PayloadRow(Row, table=True):
    """A private payload, stored separately from its event's commitment."""

    __tablename__ = "huimin_payload"
    stream: str = Field(sa_column=Column(Text, primary_key=True))
    n: int = Field(sa_column=Column(Integer, primary_key=True))
    salt: bytes = Field(sa_type=LargeBinary)
    body: str = Field(sa_type=Text)


class ItemRow(Row, table=True):
    """A current item; ``body`` is the whole value in canonical JSON."""

    __tablename__ = "huimin_item"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        Index("huimin_item_state", "state", "unit"),
        Index("huimin_item_merged_into", "merged_into"),
        Index("huimin_item_continues", "continues"),
        Index("huimin_item_responds_to", "responds_to"),
        Index("huimin_item_arises_from", "arises_from"),
        Index("huimin_item_split_from", "split_from"),
    )
    number: str = Field(sa_column=Column(Text, primary_key=True))
    version: int = Field(sa_type=Integer)
    state: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)
    area: str = Field(sa_type=Text)
    origin: str = Field(sa_type=Text)
    stars: int | None = Field(sa_column=Column(Integer, nullable=True))
    edition: str | None = Field(sa_column=Column(Text, nullable=True))
    merged_into: str | None = Field(sa_column=Column(Text, nullable=True))
    collected_on: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    continues: str | None = Field(sa_column=Column(Text, nullable=True))
    responds_to: str | None = Field(sa_column=Column(Text, nullable=True))
    arises_from: str | None = Field(sa_column=Column(Text, nullable=True))
    split_from: str | None = Field(sa_column=Column(Text, nullable=True))


class RecordRow(Row, table=True):
    """A record with its own stream: a deliberation, an edition."""

    __tablename__ = "huimin_record"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        Index("huimin_record_kind", "kind", "about"),
    )
    key: str = Field(sa_column=Column(Text, primary_key=True))
    kind: str = Field(sa_type=Text)
    about: str = Field(sa_type=Text)
    version: int = Field(sa_type=Integer)
    body: str = Field(sa_type=Text)


class RequestRow(Row, table=True):
    """The first answer to a request id, for a retry; chained by ``n``."""

    __tablename__ = "huimin_request"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        Index("huimin_request_n", "n", unique=True),
    )
    request: str = Field(sa_column=Column(Text, primary_key=True))
    act: str = Field(sa_type=Text)
    answer: str = Field(sa_type=Text)
    n: int | None = Field(sa_column=Column(BigInteger, nullable=True))
    leaf: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))


class RulebookRow(Row, table=True):
    """The text of every proposed or activated rulebook, by its digest."""

    __tablename__ = "huimin_rulebook"
    digest: str = Field(sa_column=Column(Text, primary_key=True))
    body: str = Field(sa_type=Text)


class AppealRow(Row, table=True):
    """One appeal; its text is in another table, so that erasing it breaks no root."""

    __tablename__ = "huimin_appeal"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        UniqueConstraint("channel", "key", name="huimin_appeal_channel_key"),
        Index("huimin_appeal_at", "at", "district", "channel", "batch"),
    )
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    line: int = Field(sa_column=Column(Integer, primary_key=True))
    channel: str = Field(sa_type=Text)
    key: str = Field(sa_type=Text)
    who: str = Field(sa_type=Text)
    district: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    life_stage: str = Field(sa_type=Text)
    text_commitment: str = Field(sa_type=Text)


class AppealTextRow(Row, table=True):
    """An appeal's text, with the salt that opens its commitment."""

    __tablename__ = "huimin_appeal_text"
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    line: int = Field(sa_column=Column(Integer, primary_key=True))
    salt: bytes = Field(sa_type=LargeBinary)
    body: str = Field(sa_type=Text)


class LinkRow(Row, table=True):
    """A link of an appeal to an item; a later link of the appeal replaces it."""

    __tablename__ = "huimin_link"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        Index("huimin_link_item", "item"),
        Index("huimin_link_appeal", "channel", "key"),
    )
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    line: int = Field(sa_column=Column(Integer, primary_key=True))
    channel: str = Field(sa_type=Text)
    key: str = Field(sa_type=Text)
    item: str = Field(sa_type=Text)


class ProgressRow(Row, table=True):
    """A month's figure of an indicator; a later row replaces an earlier one."""

    __tablename__ = "huimin_progress"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        Index("huimin_progress_item", "item", "month"),
    )
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    line: int = Field(sa_column=Column(Integer, primary_key=True))
    item: str = Field(sa_type=Text)
    task: str = Field(sa_type=Text)
    indicator: str = Field(sa_type=Text)
    month: str = Field(sa_type=Text)
    value: int = Field(sa_type=BigInteger)
    denominator: int | None = Field(sa_column=Column(BigInteger, nullable=True))
    note: str = Field(sa_type=Text)
    evidence: str = Field(sa_type=Text)
    members: str = Field(sa_type=Text)


class RefusalRow(Row, table=True):
    """A refused step, which changed nothing: its actor, act, subject and reasons.

    Committed rows are chained by ``n`` and ``leaf``.
    """

    __tablename__ = "huimin_refusal"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        Index("huimin_refusal_n", "n", unique=True),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(sa_column=Column(_SERIAL, primary_key=True, autoincrement=True))
    at: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    act: str = Field(sa_type=Text)
    about: str = Field(sa_type=Text)
    reasons: str = Field(sa_type=Text)
    n: int | None = Field(sa_column=Column(BigInteger, nullable=True))
    leaf: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))


class JobRunRow(Row, table=True):
    """The job ledger: each (job, period) once, with its cut."""

    __tablename__ = "huimin_job_run"
    job: str = Field(sa_column=Column(Text, primary_key=True))
    period: str = Field(sa_column=Column(Text, primary_key=True))
    due: str = Field(sa_type=Text)
    ran: str = Field(sa_type=Text)
    late_seconds: int = Field(sa_type=BigInteger)
    cut: int = Field(sa_type=BigInteger)
    rulebook: str = Field(sa_type=Text)
    result: str = Field(sa_type=Text)


class JobFailureRow(Row, table=True):
    """The last failure of a (job, period), until it is done.

    ``error`` is the class of the last failure, ``reasons`` its codes with values
    as JSON; ``attempts`` counts them from ``first`` to ``last``.
    """

    __tablename__ = "huimin_job_failure"
    job: str = Field(sa_column=Column(Text, primary_key=True))
    period: str = Field(sa_column=Column(Text, primary_key=True))
    due: str = Field(sa_type=Text)
    first: str = Field(sa_type=Text)
    last: str = Field(sa_type=Text)
    attempts: int = Field(sa_type=BigInteger)
    error: str = Field(sa_type=Text)
    reasons: str = Field(sa_type=Text)


class HeartbeatRow(Row, table=True):
    """When a service last looked at the timetable."""

    __tablename__ = "huimin_heartbeat"
    service: str = Field(sa_column=Column(Text, primary_key=True))
    at: str = Field(sa_type=Text)
    detail: str = Field(sa_type=Text)


class AttachmentRow(Row, table=True):
    """A file of an item; its content is on the shelf, by its SHA-256."""

    __tablename__ = "huimin_attachment"
    about: str = Field(sa_column=Column(Text, primary_key=True))
    digest: str = Field(sa_column=Column(Text, primary_key=True))
    size: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)


#: The condition of the index for the two bad levels of ``RatingLevel``.
BAD_LEVELS = text("level IN ('dissatisfied', 'very_dissatisfied')")

_BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False}


class RatingRow(Row, table=True):
    """One rating; each transaction has at most one."""

    __tablename__ = "huimin_rating"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        UniqueConstraint("transaction", name="huimin_rating_transaction"),
        Index(
            "huimin_rating_bad",
            "at",
            "unit",
            sqlite_where=BAD_LEVELS,
            postgresql_where=BAD_LEVELS,
        ),
        _BY_KEY,
    )
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    line: int = Field(sa_column=Column(Integer, primary_key=True))
    transaction: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)
    item: str = Field(sa_type=Text)
    window: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)
    who: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    level: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)


class RatingScoreRow(Row, table=True):
    """How many ratings of a level a unit had on a day, by batch."""

    __tablename__ = "huimin_rating_score"
    __table_args__: ClassVar[tuple[Any, ...]] = (_BY_KEY,)
    day: str = Field(sa_column=Column(Text, primary_key=True))
    unit: str = Field(sa_column=Column(Text, primary_key=True))
    level: str = Field(sa_column=Column(Text, primary_key=True))
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    ratings: int = Field(sa_type=BigInteger)


class RatingMonthRow(Row, table=True):
    """How many ratings of a level a unit had in a month, by batch.

    On SQLite ``total`` counts the ratings of this batch and all batches before it. So
    the sum at a cut is one row for each unit and level, for any number of batches. On
    PostgreSQL, with many writers, it counts only those of the batch.
    """

    __tablename__ = "huimin_rating_month"
    __table_args__: ClassVar[tuple[Any, ...]] = (_BY_KEY,)
    month: str = Field(sa_column=Column(Text, primary_key=True))
    unit: str = Field(sa_column=Column(Text, primary_key=True))
    level: str = Field(sa_column=Column(Text, primary_key=True))
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    ratings: int = Field(sa_type=BigInteger)
    total: int = Field(sa_type=BigInteger)


class RatingCoverageRow(Row, table=True):
    """How many ratings an item had by a channel in a month, by batch.

    ``windows`` and ``people`` count the ratings with a window and with a person.
    """

    __tablename__ = "huimin_rating_coverage"
    __table_args__: ClassVar[tuple[Any, ...]] = (_BY_KEY,)
    month: str = Field(sa_column=Column(Text, primary_key=True))
    item: str = Field(sa_column=Column(Text, primary_key=True))
    channel: str = Field(sa_column=Column(Text, primary_key=True))
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    ratings: int = Field(sa_type=BigInteger)
    windows: int = Field(sa_type=BigInteger)
    people: int = Field(sa_type=BigInteger)


def table_of(row: type[Row]) -> Table:
    """Return the Core table of a row class, for statements without the ORM."""
    table: Table = row.__table__  # type: ignore[attr-defined]
    return table


EVENTS = table_of(EventRow)
PAYLOADS = table_of(PayloadRow)
META = table_of(MetaRow)
COUNTERS = table_of(CounterRow)
ITEMS = table_of(ItemRow)
RECORDS = table_of(RecordRow)
REQUESTS = table_of(RequestRow)
RULEBOOKS = table_of(RulebookRow)
REFUSALS = table_of(RefusalRow)
APPEALS = table_of(AppealRow)
APPEAL_TEXTS = table_of(AppealTextRow)
LINKS = table_of(LinkRow)
PROGRESS = table_of(ProgressRow)
ATTACHMENTS = table_of(AttachmentRow)
RUNS = table_of(JobRunRow)
FAILURES = table_of(JobFailureRow)
HEARTBEATS = table_of(HeartbeatRow)
RATINGS = table_of(RatingRow)
SCORES = table_of(RatingScoreRow)
MONTHS = table_of(RatingMonthRow)
COVERAGE = table_of(RatingCoverageRow)

#: The tables of a batch's sums, in the order of ``rollups``.
ROLLUPS = (SCORES, MONTHS, COVERAGE)
