"""What is put right: which rectifications there are, and until when (D2)."""

from __future__ import annotations

from typing import Annotated

from huimin_flow.catalogue.terms import (
    Argument,
    RectificationState,
)
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.improving.rectification import (
    Rectification,
    RectificationLine,
)
from huimin_flow.rules.improving import rectification
from huimin_flow.store import listings
from huimin_flow.store.core import repository


@question
def rectifications(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    state: RectificationState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[RectificationLine, ...]:
    """Return the rectifications with their due days, the newest first.

    ``unit`` is that of the item at the last step. A page begins after the key
    ``after``, and not with the first ``skip``.
    """
    known = listings.records(
        work.connection,
        Rectification,
        {"about": item, "unit": unit, "state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )
    return tuple(line_of(work, each) for each in known)


@question
def count(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    state: RectificationState | None = None,
) -> int:
    """Return how many rectifications ``list`` has with the same filters."""
    wanted = {"about": item, "unit": unit, "state": state}
    return listings.count_records(work.connection, Rectification, wanted)


@question
def get(
    work: Work, key: Annotated[str, Argument.RECTIFICATION_KEY]
) -> RectificationLine:
    """Return a rectification: why, what was done, who accepted it, on what.

    Raises:
        NotFound: if there is none of that key.

    """
    return line_of(work, record_of(work, Rectification, key))


@question
def accepted_for(
    work: Work, item: str, since: Annotated[str, Argument.SINCE]
) -> tuple[Rectification, ...]:
    """Return the accepted rectifications of an item's entry on the bad board.

    ``since`` is the quarter on whose board the entry came, like 2024Q1: with the item
    it names the entry. An item leaves the board only by one of these.
    """
    return tuple(
        each
        for each in repository.records(work.connection, Rectification, item)
        if each.state is RectificationState.ACCEPTED and each.since == since
    )


def line_of(work: Work, made: Rectification) -> RectificationLine:
    """Return a rectification with its due day, as of today."""
    return rectification.dated(made, work.activations, work.today)
