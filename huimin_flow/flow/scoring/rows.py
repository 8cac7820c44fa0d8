"""From a color or a figure down to its rows and events, at any edition (X3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from operator import attrgetter
from typing import Any, Final

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import Measure, Pace, StreamKind, UnitKind
from huimin_flow.errors import NotFound
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import refuse_ended
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.scoring.published import editions, monthly_score, published_if_any
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import MonthlyColors, MonthlyScore, UnitScore
from huimin_flow.model.scoring.rows import FactRow, FigureRows, UnitMonth
from huimin_flow.model.scoring.rules import IndexIndicator, IndexRule
from huimin_flow.rules.executing import progress
from huimin_flow.rules.executing.running import running
from huimin_flow.rules.revisions import PACING
from huimin_flow.rules.scoring.complaints import answering
from huimin_flow.rules.scoring.index import (
    as_needed,
    figure_of,
    has_enough_cases,
    why_missing,
)
from huimin_flow.store.core import facts
from huimin_flow.store.executing.feeds import reports_of_items
from huimin_flow.store.executing.running import run_histories
from huimin_flow.store.scoring import complaints, rows
from huimin_flow.stream_names import nth

#: How many rows of an indicator, and how many batches, are given.
ROWS: Final = 20
_BATCHES: Final = 24

Rows = tuple[list[FactRow], int]


@question
def unit_month(
    work: Work, unit: str, period: str, edition: int | None = None
) -> UnitMonth:
    """Return why a unit has its figure and color in a month, down to the rows (X3).

    Each figure has its formula, its batches and the first of the rows that the edition
    knew; events prove the rows. Keys are masked, and no text or name is among them.

    Raises:
        NotFound: if the month wasn't scored, has no such edition, or not this unit.

    """
    month = monthly_score(work, period, edition)
    for kind, units in month.groups.items():
        kept = next((each for each in units if each.unit == unit), None)
        if kept is not None:
            return _opened(work, month, kind, kept)
    refuse_ended(work, unit)
    raise NotFound(PublicationCode.UNIT_NOT_SCORED, unit=unit, period=period)


def _opened(
    work: Work, month: MonthlyScore, kind: UnitKind, kept: UnitScore
) -> UnitMonth:
    book = work.rulebook_of(month.rulebook)
    index, facts_of = book.scoring.index, _Facts(work, month, kept, book)
    figures = [
        _figure(each, kept, facts_of, index)
        for each in as_needed(index, index.needed_by(kind))
    ]
    batches = {row.batch for figure in figures for row in figure.rows if row.batch}
    batches |= {batch for batch, _, _ in facts_of.batches}
    colors = _colors_of(work, month)
    named = [
        (StreamKind.BATCH.key(nth(StreamKind.BATCH, batch)), 1)
        for batch in sorted(batches)[:_BATCHES]
    ]
    named.append((month.key, month.version))
    if colors is not None:
        named.append((colors.key, colors.version))
    return UnitMonth(
        unit=kept.unit,
        period=month.period,
        edition=month.version,
        editions=len(editions.function(work, month.key)),
        cut=month.cut,
        rulebook=month.rulebook,
        revisions=tuple(sorted(month.revisions.items())),
        standing=kept.standing,
        index=kept.index,
        colored=None
        if colors is None
        else next(
            each
            for group in colors.groups.values()
            for each in group
            if each.unit == kept.unit
        ),
        figures=tuple(figures),
        deductions=kept.deductions,
        points_off=kept.points_off,
        batches=len(batches),
        events=rows.row_events(work.connection, named),
    )


def _figure(
    indicator: IndexIndicator, kept: UnitScore, known: _Facts, index: IndexRule
) -> FigureRows:
    """Return an indicator of a unit's month with its rows."""
    key = indicator.key
    reading, figure, why = kept.readings.get(key), None, None
    if reading is not None and has_enough_cases(indicator, reading):
        figure = figure_of(indicator, reading, index.z)
    if key in kept.missing:
        why = why_missing(indicator, reading)
        named = {**why.values, "index_indicator": indicator.name}
        why = replace(why, values=named)
    made, total = known.rows_of(indicator.counted)
    return FigureRows(
        key=key,
        name=indicator.name,
        weight=indicator.weight.value,
        figure=None if figure is None else figure.value,
        score=kept.parts.get(key),
        formula="" if figure is None else figure.op,
        reading=reading,
        missing=why,
        rows=tuple(made),
        total=total,
    )


def _colors_of(work: Work, month: MonthlyScore) -> MonthlyColors | None:
    """Return the last colors that rest on an edition of a month's scores."""
    last = published_if_any(work, MonthlyColors, month.period)
    for version in range(last.version if last else 0, 0, -1):
        colors = published_if_any(work, MonthlyColors, month.period, version)
        if colors is not None and any(
            (of.period, of.edition) == (month.period, month.version)
            for of in colors.scored
        ):
            return colors
    return None


class _Facts:
    """The rows of a unit's month at an edition's cut, by what is counted."""

    def __init__(
        self, work: Work, month: MonthlyScore, kept: UnitScore, book: Rulebook
    ) -> None:
        self.work, self.month, self.kept, self.book = work, month, kept, book
        self.period, self.last = month.period, last_day(month.period)
        self.known = facts.known_at(work.connection, month.cut)
        organization = book.organization
        self.own = sorted(
            code
            for code in {kept.unit, *organization.acts_for(kept.unit, self.last)}
            if organization.heir(code, self.last) == kept.unit
        )

    def rows_of(self, measure: str) -> Rows:
        """Return the first rows of what a measure counts, and how many there are."""
        ways: dict[str, Callable[[], Rows]] = {
            Measure.IMPLEMENTATION: self.progress,
            Measure.CASELOAD: lambda: self.rated,
            Measure.SATISFACTION: lambda: self.rated,
            Measure.COMPLAINT_RATE: self.complained,
            Measure.BUSINESS: self.business,
        }
        return ways[measure]() if measure in ways else ([], 0)

    @cached_property
    def batches(self) -> list[tuple[int, str, int]]:
        """Return (batch, level, number) of the unit's ratings."""
        return rows.rated_batches(
            self.work.connection, self.own, self.period, self.known
        )

    @cached_property
    def rated(self) -> Rows:
        """Return the first ratings, the bad ones before the others."""
        connection, cut = self.work.connection, self.month.cut
        aside = rows.set_aside(connection, self.own, self.period, cut)
        made = rows.rated(connection, self.own, self.period, self.batches, aside, ROWS)
        return made, sum(number for _, _, number in self.batches)

    def complained(self) -> Rows:
        """Return the first complaints; without a reading there are none."""
        counts = [
            self.kept.readings[each.key].numerator
            for each in self.book.scoring.index.indicators
            if each.counted == Measure.COMPLAINT_RATE and each.key in self.kept.readings
        ]
        total = max(counts, default=0)
        if not total:
            return [], 0
        connection, organization = self.work.connection, self.book.organization
        unit_of = resolver_of(organization).unit_of
        chosen = self.book.scoring.index.complaints
        places = [
            place
            for place in rows.places_of(connection, self.period)
            if organization.heir(unit_of(place, self.last), self.last) == self.kept.unit
        ]
        linked = complaints.linked(connection, self.period, self.month.cut)
        items = {
            each.item
            for each in linked
            if answering(
                each, organization, lambda code: organization.heir(code, self.last)
            )
            == self.kept.unit
        }
        made = rows.complained(
            connection,
            self.period,
            self.known,
            places=places,
            items=items,
            channels=None if chosen is None else chosen.channels,
            limit=ROWS,
        )
        return made, total

    def business(self) -> Rows:
        """Return the first rows of business."""
        return rows.business_rows(
            self.work.connection, self.own, self.period, self.known, ROWS
        )

    def progress(self) -> Rows:
        """Return the unit's running indicators, the late ones first, with reports."""
        connection, cut = self.work.connection, self.month.cut
        histories = run_histories(connection, self.period, cut, units=self.own)
        ran = running(histories, self.last)
        stored: dict[str, list[Any]] = {item.number: [] for item in ran}
        places: dict[tuple[str, str, str], Any] = {}
        for row in reports_of_items(connection, list(stored)):
            late = row.batch > self.known.last or row.batch in self.known.late
            if late or row.month > self.period:
                continue
            stored[row.item].append(row)
            key = row.item, row.task, row.indicator
            if key not in places or places[key].month <= row.month:
                places[key] = row
        lines = progress.paces(
            ran,
            {item: facts.last_reports(own) for item, own in stored.items()},
            self.book,
            day=self.last,
            pace=PACING.of(self.month.revisions),
        )
        made = []
        for line in lines:
            if line.owner != self.kept.unit:
                continue
            row = places.get((line.item, line.task, line.indicator))
            made.append(
                FactRow(
                    batch=0 if row is None else int(row.batch),
                    line=0 if row is None else int(row.line),
                    at="" if row is None else row.month,
                    key=f"{StreamKind.ITEM.key(line.item)}/{line.task}",
                    subject=line.indicator,
                    value="" if line.actual is None else str(line.actual),
                    counted=line.pace in {Pace.ON_TIME, Pace.AHEAD},
                    pace=line.pace,
                )
            )
        made.sort(key=attrgetter("counted"))
        return made[:ROWS], len(made)
