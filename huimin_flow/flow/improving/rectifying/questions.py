"""What is put right: which rectifications there are, and until when (D2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.terms import (
    Argument,
    RectificationState,
)
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.improving.rectification import (
    Rectification,
    RectificationLine,
)
from huimin_flow.rules.improving import rectification
from huimin_flow.store import listings
from huimin_flow.store.core import repository
from huimin_flow.store.executing.running import runs_of
from huimin_flow.store.improving import grounds as store


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

    If what the acceptance rests on was withdrawn since, it says what is lacking now.

    Raises:
        NotFound: if there is none of that key.

    """
    line = line_of(work, record_of(work, Rectification, key))
    made = line.rectification
    if made.accepted_on is None:
        return line
    rule = work.rulebook.improving.rectification
    verdict = rectification.acceptable(
        made, basis_of(work, made, made.accepted_on), rule
    )
    return line if verdict.passed else replace(line, weak=verdict.reasons)


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


def basis_of(work: Work, made: Rectification, day: date) -> rectification.Basis:
    """Return what was reported and said about a measure since it is put right.

    Citizens' word is that until ``day``, as it is known now.
    """
    units = work.rulebook.organization.acts_for(made.unit, day) | {made.unit}
    steps, _ = runs_of(work.connection, [made.item], 0)
    return rectification.Basis(
        figures=store.reported_since(work.connection, made.item, made.known),
        word=rectification.second_word(
            made,
            repository.records(work.connection, Survey, made.item),
            store.word_since(work.connection, units, made.begun, day),
            day,
            work.rulebook.improving.rectification,
        ),
        ended=rectification.month_ended(steps.get(made.item, ()), day),
    )
