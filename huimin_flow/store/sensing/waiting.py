"""How many appeals wait for an answer, or to be closed, counted where they are alike.

Nearly all appeals have no step, or one answer. What is due of such ones depends only on
their day, channel, place and item, so that a statement counts them by these. The few
others were moved, and are read alone: see ``answers.moved``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import timedelta
from typing import Any, Final, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.rules.sensing.answers import AWAITING, ENDS, GIVES
from huimin_flow.store.core.history import NAMED, moment_of, moment_text
from huimin_flow.store.core.tables import ANSWERS, APPEAL_TEXTS, APPEALS, ITEMS, LINKS
from huimin_flow.store.sensing.answers import Days, Pair, heard, members

Group = TypeVar("Group")


class Unanswered(NamedTuple):
    """What appeals without any step have in common.

    ``heard`` is a moment of their Shanghai day, ``item`` that of the last link. Places
    and item are "" if they were not asked for.
    """

    channel: str
    heard: str
    district: str = ""
    town: str = ""
    item: str = ""


class Answered(NamedTuple):
    """What appeals have in common that are answered: a moment of the day, the unit."""

    answered: str
    unit: str


class Prompt(NamedTuple):
    """What appeals have in common that were answered without a step before."""

    channel: str
    heard: str
    answered: str
    unit: str


class Scope(NamedTuple):
    """What appeals may lie in or hang on that some units answer; others may, too."""

    units: list[str]
    items: list[str]


def _half_day(at: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Return the moment at which the half of a Shanghai day begins that has a moment.

    A day begins there at 16:00 UTC: nothing stored is older than the last summer time.
    """
    late = func.substr(at, 12, 2) >= "16"
    begun = sa.case((late, "T16:00:00.000000Z"), else_="T00:00:00.000000Z")
    return func.substr(at, 1, 10) + begun


def _end(half_day: str) -> str:
    """Return a moment after a half day, at most a day later."""
    return moment_text(moment_of(half_day) + timedelta(hours=16))


_STEP: Final = ANSWERS.alias("step")
_OF_APPEAL: Final = (_STEP.c.channel == APPEALS.c.channel) & (
    _STEP.c.key == APPEALS.c.key
)
_OF_ANSWER: Final = (_STEP.c.channel == ANSWERS.c.channel) & (
    _STEP.c.key == ANSWERS.c.key
)
_HEARD: Final = _half_day(APPEALS.c.at).label("heard")
_ANSWERED: Final = (_half_day(ANSWERS.c.at).label("answered"), ANSWERS.c.unit)
_GIVEN: Final = ANSWERS.c.step.in_(sorted(GIVES))
_JOINED: Final = APPEALS.join(
    ANSWERS,
    (APPEALS.c.channel == ANSWERS.c.channel) & (APPEALS.c.key == ANSWERS.c.key),
)
_TEXT: Final = (APPEAL_TEXTS.c.batch == APPEALS.c.batch) & (
    APPEAL_TEXTS.c.line == APPEALS.c.line
)
_ITEM: Final = (
    select(LINKS.c.item)
    .where(LINKS.c.channel == APPEALS.c.channel, LINKS.c.key == APPEALS.c.key)
    .order_by(LINKS.c.batch.desc(), LINKS.c.line.desc())
    .limit(1)
    .correlate(APPEALS)
    .scalar_subquery()
)


def _counted(
    connection: Connection, query: sa.Select[Any], kind: Callable[..., Group]
) -> list[tuple[Group, int]]:
    rows = query.subquery()
    counted = select(*rows.c, func.count()).group_by(*rows.c)
    return [(kind(*row[:-1]), row[-1]) for row in connection.execute(counted)]


def scope_of(connection: Connection, units: Collection[str]) -> Scope:
    """Return what lies in some units, and the items that are or were theirs."""
    rows = connection.execute(select(ITEMS.c.number).where(ITEMS.c.unit.in_(units)))
    return Scope(sorted(units), sorted(members(connection, rows.scalars())))


def _unanswered(
    connection: Connection,
    *more: sa.ColumnElement[Any],
    places: bool,
    scope: Scope | None,
) -> sa.Select[Any]:
    named: Iterable[sa.ColumnElement[Any]] = ()
    if places:
        item = func.coalesce(_ITEM, "").label("item")
        named = APPEALS.c.district, APPEALS.c.town, item
    query = (
        select(*more, APPEALS.c.channel, _HEARD, *named)
        .select_from(APPEALS.join(APPEAL_TEXTS, _TEXT))
        .where(~sa.exists().where(_OF_APPEAL))
    )
    if scope is None:
        return query
    linked = select(LINKS.c.channel, LINKS.c.key).where(
        LINKS.c.item.in_(NAMED[connection.dialect.name])
    )
    fits = sa.or_(
        APPEALS.c.district.in_(scope.units),
        APPEALS.c.town.in_(scope.units),
        sa.tuple_(APPEALS.c.channel, APPEALS.c.key).in_(linked),
    )
    return query.where(fits).params(named=json.dumps(scope.items))


def unanswered(
    connection: Connection,
    channel: str | None = None,
    days: Days | None = None,
    *,
    places: bool = True,
    scope: Scope | None = None,
) -> list[tuple[Unanswered, int]]:
    """Count the appeals without any step, of some days; erased ones are left out."""
    query = _unanswered(connection, places=places, scope=scope)
    return _counted(connection, heard(query, channel, days), Unanswered)


def unanswered_in(
    connection: Connection,
    groups: Collection[Unanswered],
    *,
    places: bool = True,
    scope: Scope | None = None,
) -> Iterator[tuple[Unanswered, str, Pair]]:
    """Yield the appeals of some groups, each with its group and its stored moment.

    ``places`` and ``scope`` are as they were for the count.
    """
    days: dict[str, list[str]] = {}
    for group in groups:
        days.setdefault(group.channel, []).append(group.heard)
    spans = [
        (APPEALS.c.channel == channel)
        & (APPEALS.c.at >= min(halves))
        & (APPEALS.c.at < _end(max(halves)))
        for channel, halves in days.items()
    ]
    columns = APPEALS.c.at, APPEALS.c.key
    query = _unanswered(connection, *columns, places=places, scope=scope)
    for at, key, *rest in connection.execute(query.where(sa.or_(*spans))):
        group = Unanswered(*rest)
        if group in groups:
            yield group, at, (group.channel, key)


_OPEN: Final = ~sa.exists().where(
    _OF_ANSWER, (_STEP.c.n > ANSWERS.c.n) | _STEP.c.step.in_(sorted(ENDS))
)


def unclosed(connection: Connection) -> list[tuple[Answered, int]]:
    """Count the appeals whose last step is an answer, and that were never closed."""
    return _counted(connection, select(*_ANSWERED).where(_GIVEN, _OPEN), Answered)


def unclosed_in(
    connection: Connection, groups: Collection[Answered]
) -> Iterator[tuple[Answered, str, Pair]]:
    """Yield the appeals of some groups, each with its group and its stored moment."""
    halves = [group.answered for group in groups]
    query = (
        select(APPEALS.c.at, APPEALS.c.channel, APPEALS.c.key, *_ANSWERED)
        .select_from(_JOINED)
        .where(ANSWERS.c.at >= min(halves), ANSWERS.c.at < _end(max(halves)))
    )
    for at, channel, key, *rest in connection.execute(query.where(_GIVEN, _OPEN)):
        group = Answered(*rest)
        if group in groups:
            yield group, at, (channel, key)


def prompt(
    connection: Connection, days: Days, channel: str | None = None
) -> list[tuple[Prompt, int]]:
    """Count the appeals of some days that were answered first, and never moved."""
    still = ~sa.exists().where(_OF_APPEAL, _STEP.c.step.in_(sorted(AWAITING)))
    query = (
        select(APPEALS.c.channel, _HEARD, *_ANSWERED)
        .select_from(_JOINED)
        .where(ANSWERS.c.n == 1, _GIVEN, still)
    )
    return _counted(connection, heard(query, channel, days), Prompt)
