"""Ratings of services: the act that keeps a batch, and the questions (D3, E4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from itertools import count

from huimin_flow.catalogue.reasons import ProgressCode, RatingCode, RowCode
from huimin_flow.catalogue.terms import Argument, Duty, RatingLevel, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import keep_batch
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.services.admission import Admission
from huimin_flow.flow.services.bad_ratings import follow_ups_by_unit
from huimin_flow.model.core.events import Plain, Reason, RefusedRow
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import month
from huimin_flow.model.core.texts import accepted, lost_digits
from huimin_flow.model.core.values import value
from huimin_flow.model.services.catalogue import ServiceItem
from huimin_flow.model.services.ratings import (
    CoverageCell,
    OverdueAnswers,
    Rating,
    RatingCount,
    RatingRow,
    Savings,
    ServiceCount,
    ServiceYear,
)
from huimin_flow.rules.services import catalogue
from huimin_flow.rules.services.follow_ups import answer_deadlines, answers_due
from huimin_flow.states.authority import only_units
from huimin_flow.store.core import positions
from huimin_flow.store.services import ratings as store
from huimin_flow.store.services.follow_ups import acts_on_bad_ratings


@value
class RatingIntake:
    """The result of a batch: how many ratings were kept, known already, and refused.

    ``batch`` is the number of its event's stream, 0 if no rating was new;
    ``levels`` counts the kept ratings by their levels.
    """

    batch: int
    kept: int
    known: int
    refused: tuple[RefusedRow, ...]
    root: str
    levels: Mapping[RatingLevel, int]


@act(Duty.IMPORT)
def add_ratings(
    work: Work,
    ratings: Sequence[Rating],
    *,
    by: Actor = ACTING,
    lines: Sequence[int] = (),
    refused: Sequence[RefusedRow] = (),
    source: str = "",
) -> RatingIntake:
    """Keep a batch of ratings; a transaction is rated once (D3).

    A refused rating is reported with its line, and the others are kept. A rating
    that is known with the same contents adds nothing. ``lines`` are the lines of
    ``ratings`` in their file (else they count from 1), ``refused`` the rows that
    its reader refused, ``source`` the file's name or digest.

    Raises:
        StepRefused: if the actor may not import.

    """
    work.duty(by, Duty.IMPORT, by.unit)
    origin = accepted(source, Argument.SOURCE, longest=300)
    own = only_units(by, Duty.IMPORT, work.rulebook.organization, work.today)
    admission = Admission(work.rulebook, work.now, only_units=own)
    refusals, known = list(refused), 0
    fresh: dict[str, RatingRow] = {}
    places: dict[str, int] = {}
    admitted = admission.admit_all(ratings)
    for line, row in zip(lines or count(1), admitted, strict=bool(lines)):
        if isinstance(row, Reason):
            refusals.append(RefusedRow(line=line, reason=row))
            continue
        transaction = row.transaction
        first = fresh.setdefault(transaction, row)
        if first is row:
            places[transaction] = line
        elif lost_digits(transaction):
            refusals.append(_duplicate(line, transaction, RowCode.KEY_CUT))
        elif first == row:
            known += 1
        else:
            refusals.append(_duplicate(line, transaction))
    for transaction, stored in store.known(work.connection, list(fresh)).items():
        if fresh.pop(transaction) == stored:
            known += 1
        else:
            refusals.append(_duplicate(places[transaction], transaction))
    return _keep_ratings(work, list(fresh.values()), known, refusals, origin, by)


def _keep_ratings(
    work: Work,
    fresh: Sequence[RatingRow],
    known: int,
    refusals: list[RefusedRow],
    source: str,
    by: Actor,
) -> RatingIntake:
    refused = tuple(sorted(refusals, key=lambda row: row.line))
    intake = RatingIntake(
        batch=0, kept=0, known=known, refused=refused, root="", levels={}
    )
    if not fresh:
        return intake
    batch = positions.next_number(work.connection, StreamKind.BATCH)
    store.keep(work.connection, batch, fresh)
    root = store.root_of(batch, fresh)
    keep_batch(
        work,
        "ratings",
        batch,
        len(fresh),
        root,
        by=by,
        known=known,
        refused=dict(Counter(str(line.reason.code) for line in refused)),
        source=source,
    )
    words = Counter(row.level for row in fresh)
    levels = {level: words[level.value] for level in RatingLevel}
    return replace(intake, batch=batch, kept=len(fresh), root=root, levels=levels)


def _duplicate(
    line: int,
    transaction: str,
    code: RatingCode | RowCode = RatingCode.DUPLICATE_TRANSACTION,
) -> RefusedRow:
    values: dict[str, Plain] = {"given": transaction, "field": "transaction"}
    return RefusedRow(line=line, reason=Reason(code=code, values=values))


@question
def month_of_units(
    work: Work, period: str, *, cut: int | None = None
) -> tuple[RatingCount, ...]:
    """Return every unit's ratings of a month from the rollups (D3, D5).

    Raises:
        InputRefused: for a period that is no month.

    """
    return store.month_of_units(work.connection, month(period), cut=cut)


@question
def ratings_by(
    work: Work, dimension: str, period: str, *, cut: int | None = None
) -> tuple[RatingCount, ...]:
    """Return a month's ratings by unit, item, channel, window or person.

    Raises:
        InputRefused: for another dimension or a period that is no month.

    """
    if dimension not in store.DIMENSIONS:
        code, known = RatingCode.DIMENSION_UNKNOWN, tuple(store.DIMENSIONS)
        raise InputRefused(code, given=dimension, known=known)
    batches = store.batches_of(work.connection, month(period))
    return store.recount(
        work.connection, period, by=dimension, cut=cut, batches=batches
    )


@question
def by_service(work: Work, period: str) -> tuple[ServiceCount, ...]:
    """Return a month's ratings by service item, those with most ratings first (E2).

    Raises:
        InputRefused: for a period that is no month.

    """
    counts = store.by_service(work.connection, month(period))
    return tuple(
        ServiceCount(item=item, ratings=ratings, bad=bad)
        for item, (ratings, bad) in sorted(
            counts.items(), key=lambda each: (-each[1][0], each[0])
        )
    )


@question
def overdue(work: Work, *, on: date | None = None) -> tuple[OverdueAnswers, ...]:
    """Return the answers to bad ratings that are overdue at the end of a day, by unit.

    The day is today by default. Of a past day only what had happened by then counts.
    """
    day = on or work.today
    past = day.replace(day=1) - timedelta(days=1)
    due_on, day_after = answers_due(work.activations), day + timedelta(days=1)
    due: dict[tuple[str, date], list[date]] = defaultdict(list)
    organization = work.rulebook.organization
    for rating, acts in acts_on_bad_ratings(
        work.connection, after=day_after, since=past
    ):
        rated, unit = local_day(rating.at), organization.heir(rating.unit, day)
        for end in (day, past):
            known = [(state, acted) for state, acted in acts if acted <= end]
            for task in answer_deadlines(rated, known, due_on):
                if task.closed is None and task.due is not None and task.due < end:
                    due[unit, end].append(task.due)
    return tuple(
        OverdueAnswers(
            unit=unit,
            count=len(due[unit, day]),
            oldest=min(due[unit, day], default=None),
            before=len(due[unit, past]),
        )
        for unit in sorted({unit for unit, _ in due})
    )


@question
def coverage(
    work: Work, first: str, last: str, *, cut: int | None = None
) -> tuple[CoverageCell, ...]:
    """Return the matrix of items, objects and channels of some months (D3).

    A cell that should have ratings and has none is ``missing``.

    Raises:
        InputRefused: for a period that is no month, or if last is before first.

    """
    if month(first) > month(last):
        raise InputRefused(RatingCode.MONTHS_BACKWARD, first=first, last=last)
    cells = store.cells(work.connection, first, last, cut=cut)
    return catalogue.coverage(work.rulebook.services, cells)


@question
def service_items(work: Work, *, unit: str | None = None) -> tuple[ServiceItem, ...]:
    """Return the catalogue of service items, in its order (E4).

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    known_unit(work, unit)
    items = work.rulebook.services.items
    return tuple(item for item in items if unit is None or item.unit == unit)


@question
def savings(work: Work, year: int) -> tuple[Savings, ...]:
    """Return what the catalogue saves a citizen, by unit, at a year's end (E4).

    Raises:
        InputRefused: for a year outside 1–9999.

    """
    if not MINYEAR <= year <= MAXYEAR:
        raise InputRefused(ProgressCode.YEAR_UNKNOWN, year=year)
    return catalogue.savings(work.rulebook.services, year)


@question
def service_year(work: Work, year: int) -> ServiceYear:
    """Return the current catalogue, its savings and a year's ratings (D3, E4).

    Raises:
        InputRefused: for a year outside the range of periods.

    """
    months = [month(f"{year}-{number:02}") for number in range(1, 13)]
    rated = [period for period in months if month_of_units(work, period)]
    shown = [period for period in months if rated and rated[0] <= period <= rated[-1]]
    return ServiceYear(
        year=year,
        day=work.today,
        follow_up=work.rulebook_on(date(year, 12, 31)).services.follow_up,
        items=service_items(work),
        savings=savings(work, year),
        coverage=coverage(work, months[0], months[-1]),
        months={period: follow_ups_by_unit(work, period) for period in shown},
    )
