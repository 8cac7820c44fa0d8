"""Voices read back without what tells of a person (F4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    Connection,
    Select,
    and_,
    exists,
    func,
    select,
    tuple_,
)

from huimin_flow.catalogue.terms import LifeStage
from huimin_flow.model.core.canonical import commitment
from huimin_flow.model.sensing.appeals import Appeal, AppealSummary
from huimin_flow.store.core.facts import (
    APPEAL_TEXTS,
    APPEALS,
    CHUNK,
    LINKS,
    appeals_of,
    linked_to,
)
from huimin_flow.store.core.history import moment_of, moment_text


class Kept(NamedTuple):
    """A voice and the number of the batch that brought it."""

    appeal: AppealSummary
    batch: int


def of_key(
    connection: Connection, key: str, channel: str | None = None
) -> tuple[Kept, ...]:
    """Return the voices of a key: one for each channel that gave it."""
    query = _query().where(APPEALS.c.key == key).order_by(APPEALS.c.channel)
    if channel is None:
        heard = _channels()
        query = query.join(heard, heard.c.channel == APPEALS.c.channel)
    else:
        query = query.where(APPEALS.c.channel == channel)
    rows = connection.execute(query).mappings().all()
    told = _heard(connection, rows)
    return tuple(Kept(one, row["batch"]) for one, row in zip(told, rows, strict=True))


def told_otherwise(
    connection: Connection, appeals: Sequence[tuple[Appeal, str]]
) -> list[str]:
    """Return which known appeals are told otherwise now, as channel/key.

    With each stands its place as it was written: it may have been kept so before
    a unit was known by that name. One without a moment is not asked for it; one
    whose text was erased, not for that.
    """
    found = []
    for start in range(0, len(appeals), CHUNK):
        some = appeals[start : start + CHUNK]
        pairs = [(appeal.channel, appeal.key) for appeal, _ in some]
        query = (
            select(APPEALS, APPEAL_TEXTS.c.salt)
            .outerjoin(APPEAL_TEXTS, _TEXT_OF)
            .where(tuple_(APPEALS.c.channel, APPEALS.c.key).in_(pairs))
        )
        rows = {
            (row["channel"], row["key"]): row
            for row in connection.execute(query).mappings()
        }
        found += [
            "/".join(pair)
            for pair, (appeal, place) in zip(pairs, some, strict=True)
            if not _as_told(appeal, place, rows[pair])
        ]
    return found


#: The text of a voice, kept apart from it.
_TEXT_OF = and_(
    APPEAL_TEXTS.c.batch == APPEALS.c.batch, APPEAL_TEXTS.c.line == APPEALS.c.line
)


def _as_told(appeal: Appeal, place: str, row: Any) -> bool:
    if (appeal.who, appeal.life_stage.value) != (row["who"], row["life_stage"]):
        return False
    if row["district"] not in {appeal.district, place}:
        return False
    if appeal.at is not None and moment_text(appeal.at) != row["at"]:
        return False
    salt = row["salt"]
    if salt is None:
        return True
    text = commitment(salt, appeal.text.encode()).hex()
    return bool(text == row["text_commitment"])


def newest(
    connection: Connection, *, channel: str | None, loose: bool, limit: int
) -> tuple[AppealSummary, ...]:
    """Return the last voices heard, newest first; with ``loose`` those on no item."""
    query = _query().order_by(APPEALS.c.at.desc(), APPEALS.c.batch, APPEALS.c.line)
    if channel is not None:
        query = query.where(APPEALS.c.channel == channel)
    if loose:
        held = exists().where(
            LINKS.c.channel == APPEALS.c.channel, LINKS.c.key == APPEALS.c.key
        )
        query = query.where(~held)
    return _heard(connection, connection.execute(query.limit(limit)).mappings().all())


def of_item(
    connection: Connection, number: str, limit: int
) -> tuple[AppealSummary, ...]:
    """Return the last voices that hang on an item, newest first."""
    rows = sorted(appeals_of(connection, number), key=lambda one: str(one["at"]))
    return _heard(connection, rows[::-1][:limit])


def link_batch(connection: Connection, channel: str, key: str) -> int | None:
    """Return the number of the batch that hung a voice where it hangs, or None."""
    query = (
        select(LINKS.c.batch)
        .where(LINKS.c.channel == channel, LINKS.c.key == key)
        .order_by(LINKS.c.batch.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def _channels() -> CTE:
    """Return every channel that was ever heard, retired ones too, step by step.

    Each step looks up the next one in the index that begins with the channel: a
    key is then looked for within each, and no voice is read that isn't asked for.
    """
    first = select(func.min(APPEALS.c.channel).label("channel"))
    found = first.cte("channel_heard", recursive=True)
    following = select(func.min(APPEALS.c.channel)).where(
        APPEALS.c.channel > found.c.channel
    )
    return found.union_all(
        select(following.scalar_subquery()).where(found.c.channel.is_not(None))
    )


def _query() -> Select[Any]:
    return select(
        APPEALS.c.channel,
        APPEALS.c.key,
        APPEALS.c.at,
        APPEALS.c.district,
        APPEALS.c.life_stage,
        APPEALS.c.batch,
    )


def _heard(connection: Connection, rows: Sequence[Any]) -> tuple[AppealSummary, ...]:
    held = linked_to(connection, [(row["channel"], row["key"]) for row in rows])
    return tuple(
        AppealSummary(
            channel=row["channel"],
            key=row["key"],
            at=moment_of(row["at"]),
            district=row["district"],
            life_stage=LifeStage(row["life_stage"]),
            item=held.get((row["channel"], row["key"])),
        )
        for row in rows
    )
