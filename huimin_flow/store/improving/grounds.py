"""What advice and acceptances rest on: ratings, complaints, new figures (B9, D2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import (
    FollowUpState,
    FollowUpStep,
    RatingLevel,
    StreamKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.improving.rectification import CitizensWord
from huimin_flow.store.core import facts
from huimin_flow.store.core.facts import Known
from huimin_flow.store.core.history import moment_text
from huimin_flow.store.core.tables import EVENTS, PROGRESS, RATINGS, SCORES
from huimin_flow.store.sensing import tallies

#: The index, from 1, of the transaction in the name of a follow-up's stream.
_AFTER_KIND = len(StreamKind.FOLLOW_UP.key("")) + 1


def rated(
    connection: Connection,
    units: Collection[str],
    first: date,
    last: date,
    *,
    known: Known | None = None,
    cut: int | None = None,
) -> tuple[int, int]:
    """Return how many ratings units had in these days, and how many are not bad.

    Those that were set aside don't count. ``known`` and ``cut`` select an earlier
    moment.
    """
    query = (
        select(SCORES.c.level, func.sum(SCORES.c.ratings))
        .where(
            SCORES.c.unit.in_(units),
            SCORES.c.day.between(first.isoformat(), last.isoformat()),
            *(() if known is None else (known.holds(SCORES.c.batch),)),
        )
        .group_by(SCORES.c.level)
    )
    levels = {RatingLevel(level): int(n) for level, n in connection.execute(query)}
    aside = (
        select(func.count())
        .select_from(EVENTS)
        .join(
            RATINGS, RATINGS.c.transaction == func.substr(EVENTS.c.stream, _AFTER_KIND)
        )
        .where(
            EVENTS.c.step == FollowUpStep.SET_ASIDE.value,
            EVENTS.c.target == FollowUpState.SET_ASIDE.value,
            EVENTS.c.at >= moment_text(at_hour(first, 0)),
            RATINGS.c.unit.in_(units),
            RATINGS.c.at >= moment_text(at_hour(first, 0)),
            *(() if cut is None else (EVENTS.c.position <= cut,)),
        )
    )
    ignored = int(connection.execute(aside).scalar_one())
    satisfied = sum(n for level, n in levels.items() if not level.bad)
    return sum(levels.values()) - ignored, satisfied


def complained(
    connection: Connection,
    number: str,
    channels: Collection[str],
    since: date,
    *,
    of: tallies.Family | None = None,
    known: Known | None = None,
) -> tuple[int, int]:
    """Return how many complaints an item had since a day, and from how many people.

    These are its own appeals by the ``channels`` of complaints, not those that it
    inherits.
    """
    own, _ = tallies.family(connection, number) if of is None else of
    rows = tallies.linked_rows(connection, own, known, ("who", "channel", "at"))
    begun = moment_text(at_hour(since, 0))
    people = [who for who, channel, at in rows if channel in channels and at >= begun]
    return len(people), len(set(people))


def reported_since(
    connection: Connection,
    item: str,
    then: int,
    *,
    known: facts.Known | None = None,
) -> list[Progress]:
    """Return the figures of an item that came after a position, the last of each month.

    ``known`` selects an earlier moment.
    """
    query = (
        select(*facts.REPORT)
        .where(
            PROGRESS.c.item == item,
            facts.known_at(connection, then).lacks(PROGRESS.c.batch),
            *(() if known is None else (known.holds(PROGRESS.c.batch),)),
        )
        .order_by(PROGRESS.c.batch, PROGRESS.c.line)
    )
    return facts.last_reports(connection.execute(query))


def word_since(
    connection: Connection,
    units: Collection[str],
    begun: date,
    day: date,
    *,
    known: facts.Known | None = None,
    cut: int | None = None,
) -> CitizensWord:
    """Return what citizens said from the day after ``begun`` until a day.

    These are the ratings of the units' services; ``known`` and ``cut`` select an
    earlier moment.
    """
    first = begun + timedelta(days=1)
    answers, good = rated(connection, sorted(units), first, day, known=known, cut=cut)
    return CitizensWord(source="ratings", answers=answers, good=good)
