"""The screening desk: what waits to be screened, and the rounds that were drawn up.

A round is drawn up by the job of the timetable, or by who may screen (A3–A5).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    Origin,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.reads import fit_limit, known_unit, record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.rounds import Candidate, ScreeningRound
from huimin_flow.rules.sensing.rounds import candidates as in_order
from huimin_flow.rules.sensing.rounds import screening_due
from huimin_flow.store import listings, pasts
from huimin_flow.store.core import repository


@question
def candidates(
    work: Work,
    *,
    unit: str | None = None,
    area: Area | None = None,
    origin: Origin | None = None,
    overdue: bool = False,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Candidate, ...]:
    """Return the collected items as they wait to be screened now, in order (A3).

    First comes what needs the least of the criteria that nobody has scored. Each has
    what can be computed: appeals, prevalence, growth, the score that would come.
    ``overdue`` selects those that were to be screened before today. A page begins
    after the item number ``after``, and not with the first ``skip``.

    Raises:
        InputRefused: for a code that no unit ever had, or a limit outside 1–1000.

    """
    fit_limit(limit)
    lines = _fitting(work, unit, area, origin, overdue=overdue)
    numbers = [line.number for line in lines]
    begun = numbers.index(after) + 1 if after in numbers else 0
    page = lines[begun + skip :]
    return page if limit is None else page[:limit]


@question
def count(
    work: Work,
    *,
    unit: str | None = None,
    area: Area | None = None,
    origin: Origin | None = None,
    overdue: bool = False,
) -> int:
    """Return how many items ``list`` has with the same filters.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    return len(_fitting(work, unit, area, origin, overdue=overdue))


def _fitting(
    work: Work,
    unit: str | None,
    area: Area | None,
    origin: Origin | None,
    *,
    overdue: bool,
) -> tuple[Candidate, ...]:
    known_unit(work, unit)
    today, book = work.today, work.rulebook
    waiting = pasts.collected_at(work.connection, None, today, book)
    lines = in_order(waiting, book.rules.screening, screening_due(work.activations))
    return tuple(
        line
        for line in lines
        if unit in {None, line.unit}
        and area in {None, line.area}
        and origin in {None, line.origin}
        and (not overdue or (line.due is not None and line.due < today))
    )


@question
def referred(
    work: Work,
    *,
    since: Annotated[date | None, Argument.SINCE] = None,
    until: Annotated[date | None, Argument.UNTIL] = None,
) -> Mapping[str, int]:
    """Return how many items were found not ours, by the body that is in charge.

    The days are by default those of a year until today.
    """
    last = until or work.today
    return pasts.referred(work.connection, since or last - timedelta(days=365), last)


@question
def rounds(
    work: Work,
    *,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[ScreeningRound, ...]:
    """Return the rounds that were drawn up, the newest first (A3).

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    return listings.records(
        work.connection,
        ScreeningRound,
        {},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count_rounds(work: Work) -> int:
    """Return how many rounds there are."""
    return listings.count_records(work.connection, ScreeningRound, {})


@question
def drawn(work: Work, key: Annotated[str, Argument.ROUND]) -> ScreeningRound:
    """Return a round as it was drawn up: ``screening_round/2026-12``.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, ScreeningRound, key)


@act(Step.SCREEN)
def run(work: Work, *, by: Actor = ACTING) -> ScreeningRound:
    """Draw up a round of screening now, under the key of today (A3).

    A second one of the same day is the next version of the first.

    Raises:
        StepRefused: if the actor may screen nothing.

    """
    today = work.today
    return draw_up(work, today.isoformat(), work.head, work.rulebook, day=today, by=by)


def draw_up(
    work: Work, period: str, cut: int, book: Rulebook, *, day: date, by: Actor
) -> ScreeningRound:
    """Record what stands in front of the screeners at a cut, in its order."""
    rule, connection = book.rules.screening, work.connection
    waiting = pasts.collected_at(connection, cut, day, book)
    key = StreamKind.SCREENING_ROUND.key(period)
    before = repository.find_record(connection, ScreeningRound, key)
    span = rule.growth_days.value
    first = day - timedelta(days=span - 1)
    made = ScreeningRound(
        key=key,
        period=period,
        day=day,
        span=span,
        known=cut,
        candidates=in_order(waiting, rule, screening_due(work.activations)),
        referred=pasts.referred(connection, first, day, cut),
    )
    return keep_record(
        work,
        RecordStep.DRAW_UP,
        made,
        before,
        acting_as(work, by),
        about=period,
        rulebook=book.digest,
    )
