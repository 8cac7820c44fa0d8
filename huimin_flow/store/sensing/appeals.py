"""Queries of appeals, without the columns about a person (F4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import LifeStage, StreamKind
from huimin_flow.clock import at_hour, local_day
from huimin_flow.model.sensing.appeals import (
    UNKNOWN_PLACE,
    Appeal,
    AppealSummary,
    Contact,
    Content,
)
from huimin_flow.store.core.driver import Statement
from huimin_flow.store.core.facts import (
    STORING,
    in_month,
)
from huimin_flow.store.core.history import NAMED, moment_of, moment_text, rows_of_pairs
from huimin_flow.store.core.tables import APPEALS, EVENTS, ITEMS, LINKS
from huimin_flow.store.sensing.tallies import appeals_of, linked_to
from huimin_flow.store.sensing.texts import Opening, content_of, opened

_SHOWN = ("channel", "key", "at", "district", "town", "village", "life_stage")
_SUMMARY = select(*(APPEALS.c[name] for name in _SHOWN), APPEALS.c.batch)


class Kept(NamedTuple):
    """An appeal and the number of its batch."""

    appeal: AppealSummary
    batch: int


def of_key(
    connection: Connection, key: str, channel: str | None = None
) -> tuple[Kept, ...]:
    """Return the appeals with a key: at most one for each channel."""
    query = _SUMMARY.where(APPEALS.c.key == key).order_by(APPEALS.c.channel)
    if channel is None:
        # Every channel with appeals, also retired ones. Each step seeks the next
        # channel in the index that begins with it, so that no other row is read.
        first = select(func.min(APPEALS.c.channel).label("channel"))
        steps = first.cte("channels", recursive=True)
        following = select(func.min(APPEALS.c.channel)).where(
            APPEALS.c.channel > steps.c.channel
        )
        channels = steps.union_all(
            select(following.scalar_subquery()).where(steps.c.channel.is_not(None))
        )
        query = query.join(channels, channels.c.channel == APPEALS.c.channel)
    else:
        query = query.where(APPEALS.c.channel == channel)
    rows = connection.execute(query).mappings().all()
    batches = (row["batch"] for row in rows)
    return tuple(map(Kept, _summaries(connection, rows), batches))


def named(
    connection: Connection, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], AppealSummary]:
    """Return the appeals of some channels and keys, as far as there are any."""
    columns = APPEALS.c.channel, APPEALS.c.key
    rows = [row._mapping for row in rows_of_pairs(connection, _SUMMARY, columns, pairs)]  # noqa: SLF001 - public by its name's documentation
    return {(each.channel, each.key): each for each in _summaries(connection, rows)}


def differing(
    opening: Opening,
    appeals: Sequence[tuple[Appeal, str]],
    *,
    blind: AbstractSet[tuple[str, str]] = frozenset(),
) -> list[int]:
    """Return the places of known appeals that differ from the stored ones.

    Each appeal comes with its place as written: it may be stored like that from the
    time before a unit had that name. An appeal without a moment is compared without
    it; of an erased one neither people nor texts are, nor of the ``blind``.
    """
    pairs = [(appeal.channel, appeal.key) for appeal, _ in appeals]
    columns = APPEALS.c.channel, APPEALS.c.key
    found = rows_of_pairs(opening.connection, select(APPEALS), columns, pairs)
    rows = {(row.channel, row.key): row for row in found}
    contents = opened(opening, [pair for pair in pairs if pair not in blind])
    return [
        number
        for number, (pair, (appeal, place)) in enumerate(
            zip(pairs, appeals, strict=True)
        )
        if not _is_same(appeal, place, rows[pair], contents.get(pair))
    ]


def _is_same(appeal: Appeal, place: str, row: Any, content: Content | None) -> bool:
    # What was unknown then may be known now; what one leaves out, the other may say.
    known = content_of(appeal)
    if UNKNOWN_PLACE in {row.district, row.town, row.village} and content is not None:
        content, known = map(_without_place, (content, known))
    return (
        (content is None or appeal.who == row.who)
        and appeal.life_stage.value == row.life_stage
        and row.district in {appeal.district, place, UNKNOWN_PLACE}
        and (
            row.district != appeal.district
            or all(
                one == other or not (one and other) or UNKNOWN_PLACE in {one, other}
                for one, other in (
                    (row.town, appeal.town),
                    (row.village, appeal.village),
                )
            )
        )
        and (appeal.at is None or moment_text(appeal.at) == row.at)
        and content in {None, known}
    )


def _without_place(content: Content) -> Content:
    """Return a content without what else its contact has: also an unknown place."""
    contact = content.contact and replace(content.contact, other="")
    kept = None if contact == Contact() else contact
    return Content(title=content.title, text=content.text, contact=kept)


class Place(NamedTuple):
    """The place of an appeal in the order of appeals: its moment, batch and line."""

    at: str
    batch: int
    line: int


def place_of(connection: Connection, channel: str, key: str) -> Place | None:
    """Return the place of an appeal, or None if there is none of that key."""
    columns = APPEALS.c.at, APPEALS.c.batch, APPEALS.c.line
    query = select(*columns).where(APPEALS.c.channel == channel, APPEALS.c.key == key)
    row = connection.execute(query).first()
    return None if row is None else Place(*row)


def newest(
    connection: Connection,
    fitting: Iterable[sa.ColumnElement[bool]],
    before: Place | None,
    limit: int,
    *,
    skip: int = 0,
) -> tuple[AppealSummary, ...]:
    """Return the last appeals that fit, newest first, from after a place."""
    query = _SUMMARY.where(*fitting)
    at, batch, line = APPEALS.c.at, APPEALS.c.batch, APPEALS.c.line
    if before is not None:
        same = sa.tuple_(batch, line) > sa.tuple_(*map(sa.literal, before[1:]))
        query = query.where(at <= before.at, sa.or_(at < before.at, same))
    query = query.order_by(at.desc(), batch, line)
    rows = connection.execute(query.limit(limit).offset(skip)).mappings().all()
    return _summaries(connection, rows)


def count(
    connection: Connection,
    fitting: Iterable[sa.ColumnElement[bool]],
    *,
    most: int | None = None,
) -> int:
    """Return how many appeals fit, or ``most`` if there are at least as many."""
    found = select(APPEALS.c.batch).where(*fitting).limit(most).subquery()
    query = select(func.count()).select_from(found)
    return int(connection.execute(query).scalar_one())


def first_month(connection: Connection) -> str | None:
    """Return the month of the first appeal, or None before any."""
    at = connection.execute(select(func.min(APPEALS.c.at))).scalar()
    return None if at is None else f"{local_day(moment_of(at)):%Y-%m}"


def by_channel(
    connection: Connection, months: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Return by month the number of appeals of each channel."""
    counts: dict[str, dict[str, int]] = {}
    for month in months:
        query = (
            select(APPEALS.c.channel, func.count())
            .where(in_month(APPEALS.c.at, month))
            .group_by(APPEALS.c.channel)
            .order_by(APPEALS.c.channel)
        )
        rows = connection.execute(query)
        counts[month] = {channel: int(count) for channel, count in rows}
    return counts


#: How many batches may be open at once, so that a later one is recorded before them.
_OPEN_BATCHES = 100


def linked_since(
    connection: Connection, since: date
) -> list[tuple[str, int, tuple[str, ...]]]:
    """Return how many links each item got since a day, an item's most first.

    No item has more appeals of these days: an appeal is linked after it was heard. A
    link that a later one replaced is counted, too. The links of merged items, which
    are named with it, count for the item into which they were merged.
    """
    first = (
        select(EVENTS.c.stream)
        .where(EVENTS.c.at >= moment_text(at_hour(since, 0)), *STORING)
        .order_by(EVENTS.c.at)
        .limit(1)
    )
    stream = connection.execute(first).scalar()
    if stream is None:
        return []
    batch = int(StreamKind.parse(stream)[1]) - _OPEN_BATCHES
    query = select(LINKS.c.item, func.count()).group_by(LINKS.c.item)
    links = connection.execute(query.where(LINKS.c.batch >= batch, LINKS.c.item != ""))
    counts = {number: int(count) for number, count in links}
    merged = select(ITEMS.c.number, ITEMS.c.merged_into)
    rows = connection.execute(merged.where(ITEMS.c.merged_into.is_not(None)))
    into = dict(map(tuple, rows))
    members: dict[str, list[str]] = {}
    for number in {*counts, *into}:
        path = [number]
        while (other := into.get(path[-1])) is not None and other not in path:
            path.append(other)
        members.setdefault(path[-1], []).append(number)
    total = [
        (number, count, tuple(own))
        for number, own in members.items()
        if (count := sum(counts.get(each, 0) for each in own))
    ]
    return sorted(total, key=lambda each: (-each[1], each[0]))


def count_since(connection: Connection, items: Sequence[str], since: date) -> int:
    """Return how many appeals since a day have their last link to one of some items."""
    rows = _HEARD_SINCE.execute(
        connection,
        named=json.dumps(items),
        since=moment_text(at_hour(since, 0)),
    )
    return int(rows.fetchall()[0][0])


_LATER = LINKS.alias("later")
_HEARD_SINCE = Statement(
    lambda dialect: (
        select(func.count())
        .select_from(
            LINKS.join(
                APPEALS,
                sa.and_(
                    APPEALS.c.channel == LINKS.c.channel, APPEALS.c.key == LINKS.c.key
                ),
            )
        )
        .where(
            LINKS.c.item.in_(NAMED[dialect]),
            APPEALS.c.at >= sa.bindparam("since"),
            ~sa.exists().where(
                _LATER.c.channel == LINKS.c.channel,
                _LATER.c.key == LINKS.c.key,
                sa.tuple_(_LATER.c.batch, _LATER.c.line)
                > sa.tuple_(LINKS.c.batch, LINKS.c.line),
            ),
        )
    )
)

#: The item of an appeal's last link.
_LAST_LINK = (
    select(LINKS.c.item)
    .where(LINKS.c.channel == APPEALS.c.channel, LINKS.c.key == APPEALS.c.key)
    .order_by(LINKS.c.batch.desc(), LINKS.c.line.desc())
    .limit(1)
    .correlate(APPEALS)
)


def fits(
    channel: str | None,
    districts: Sequence[str] | None,
    town: str | None,
    days: tuple[date | None, date | None] = (None, None),
    *,
    loose: bool,
) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions of appeals; ``loose`` are those without an item.

    ``districts`` are a unit's code and the texts that mean it. ``days`` are the first
    day, and the day after the last one.
    """
    first, after = days
    if first is not None:
        yield APPEALS.c.at >= moment_text(at_hour(first, 0))
    if after is not None:
        yield APPEALS.c.at < moment_text(at_hour(after, 0))
    if channel is not None:
        yield APPEALS.c.channel == channel
    if districts is not None:
        yield APPEALS.c.district.in_(districts)
    if town is not None:
        yield APPEALS.c.town == town
    if loose:
        yield func.coalesce(_LAST_LINK.scalar_subquery(), "") == ""


def unplaced(connection: Connection, known: Iterable[str]) -> list[str]:
    """Return the places of appeals, as written, that are not among known codes."""
    query = select(APPEALS.c.district).distinct().order_by(APPEALS.c.district)
    return [
        *connection.execute(query.where(APPEALS.c.district.not_in(known))).scalars()
    ]


def by_life_stage(
    connection: Connection, days: tuple[date | None, date | None]
) -> dict[LifeStage, tuple[int, int, int]]:
    """Return by stage of life how many appeals, people and linked appeals there are.

    ``days`` are as in ``fits``.
    """
    linked = func.coalesce(_LAST_LINK.scalar_subquery(), "") != ""
    query = (
        select(
            APPEALS.c.life_stage,
            func.count(),
            func.count(APPEALS.c.who.distinct()),
            func.sum(sa.case((linked, 1), else_=0)),
        )
        .where(*fits(None, None, None, days, loose=False))
        .group_by(APPEALS.c.life_stage)
    )
    return {
        LifeStage(stage): (int(count), int(people), int(hang))
        for stage, count, people, hang in connection.execute(query)
    }


def of_item(
    connection: Connection,
    number: str,
    limit: int,
    before: Place | None = None,
    *,
    skip: int = 0,
) -> tuple[AppealSummary, ...]:
    """Return the last appeals that are linked to an item, newest first."""
    rows = sorted(appeals_of(connection, number), key=_rank, reverse=True)
    if before is not None:
        rank = (before.at, -before.batch, -before.line)
        rows = [row for row in rows if _rank(row) < rank]
    return _summaries(connection, rows[skip : skip + limit])


def _rank(row: Mapping[str, Any]) -> tuple[str, int, int]:
    return str(row["at"]), -row["batch"], -row["line"]


def links_of(connection: Connection, channel: str, key: str) -> list[tuple[int, str]]:
    """Return an appeal's links in order: the batch, and the item or "" for none."""
    query = select(LINKS.c.batch, LINKS.c.item).where(
        LINKS.c.channel == channel, LINKS.c.key == key
    )
    rows = connection.execute(query.order_by(LINKS.c.batch, LINKS.c.line))
    return [(batch, item) for batch, item in rows]


def _summaries(
    connection: Connection, rows: Sequence[Any]
) -> tuple[AppealSummary, ...]:
    links = linked_to(connection, [(row["channel"], row["key"]) for row in rows])
    return tuple(
        AppealSummary(
            channel=row["channel"],
            key=row["key"],
            at=moment_of(row["at"]),
            district=row["district"],
            town=row["town"],
            village=row["village"],
            life_stage=LifeStage(row["life_stage"]),
            item=links.get((row["channel"], row["key"])) or None,
        )
        for row in rows
    )
