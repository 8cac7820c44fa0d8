"""What an acceptance of a rectification rests on: new figures, citizens' word (D2).

Each source is one narrow read.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Connection, select

from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.improving.rectification import CitizensWord
from huimin_flow.store.core import facts
from huimin_flow.store.core.tables import PROGRESS
from huimin_flow.store.improving.grounds import rated


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
