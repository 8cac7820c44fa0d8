"""The facts of a month, as known at a cut and as stored after it (D5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select

from huimin_flow.catalogue.terms import (
    FollowUpState,
    FollowUpStep,
    SpotCheckStep,
    StreamKind,
)
from huimin_flow.clock import at_hour, local_day
from huimin_flow.model.core.periods import month_before, month_bounds
from huimin_flow.model.core.values import from_json
from huimin_flow.model.executing.feeds import Business
from huimin_flow.model.scoring.published import MonthlyScore
from huimin_flow.rules.scoring.late import AfterCut
from huimin_flow.rules.scoring.measuring import Appeals, BadRatingActs, MonthFacts
from huimin_flow.store.core import facts, repository
from huimin_flow.store.core.driver import Statement
from huimin_flow.store.core.history import TOGETHER, event_of, moment_text, rows_naming
from huimin_flow.store.core.tables import (
    APPEALS,
    BUSINESS,
    EVENTS,
    MONTHS,
    PROGRESS,
    RATINGS,
    RECORDS,
)
from huimin_flow.store.executing import running
from huimin_flow.store.executing.feeds import business_after, business_in, open_at
from huimin_flow.store.scoring import complaints
from huimin_flow.store.services import ratings
from huimin_flow.store.services.follow_ups import acts_on_bad_ratings

#: The index, from 1, of the transaction in the name of a follow-up's stream.
_AFTER_KIND = len(StreamKind.FOLLOW_UP.key("")) + 1


#: What is known of spot checks that are done, each with its event's header: by the
#: steps that say what was found, which are few. An answer changes no finding.
DONE = (
    select(EVENTS.c.stream, EVENTS.c.header)
    .where(
        EVENTS.c.step.in_([SpotCheckStep.FINISH.value, SpotCheckStep.CORRECT.value]),
        EVENTS.c.stream.startswith(StreamKind.SPOT_CHECK.key("")),
    )
    .order_by(EVENTS.c.stream, EVENTS.c.n)
)


#: The scores of a span of months, as last published.
_SCORES = Statement(
    select(RECORDS.c.body)
    .where(
        RECORDS.c.kind == MonthlyScore.__name__,
        RECORDS.c.about.between(bindparam("since"), bindparam("until")),
    )
    .order_by(RECORDS.c.about)
)


def scores_between(
    connection: Connection, since: str, until: str
) -> tuple[MonthlyScore, ...]:
    """Return the scores of those months of a span that have some, oldest first."""
    rows = _SCORES.execute(connection, since=since, until=until).fetchall()
    return tuple(from_json(MonthlyScore, body) for (body,) in rows)


def month_facts(
    connection: Connection, period: str, cut: int, needed: Collection[str]
) -> MonthFacts:
    """Return those parts of a month's facts that are needed, as known at a cut."""
    known = facts.known_at(connection, cut)
    month = MonthFacts(period=period)
    if "ratings" in needed:
        rated_in: dict[str, tuple[int, ...]] = {}
        rated = (
            select(MONTHS.c.unit, MONTHS.c.batch)
            .where(MONTHS.c.month == period, known.holds(MONTHS.c.batch))
            .distinct()
            .order_by(MONTHS.c.batch)
        )
        for unit, batch in connection.execute(rated):
            rated_in[unit] = (*rated_in.get(unit, ()), int(batch))
        query = set_aside_query(period).where(EVENTS.c.position <= cut)
        month = replace(
            month,
            ratings=ratings.month_of_units(connection, period, cut=cut),
            rated_in=rated_in,
            set_aside=tuple((unit, of) for unit, of in connection.execute(query)),
        )
    if "appeals" in needed:
        appeals = _appeals(connection, period, known.holds(APPEALS.c.batch))
        month = replace(month, appeals=appeals)
    if "linked" in needed:
        month = replace(month, linked=complaints.linked(connection, period, cut))
    if "histories" in needed:
        month = replace(month, histories=running.run_histories(connection, period, cut))
    if {"histories", "reports"}.issubset(needed):
        items, in_batches = list(month.histories), known.holds(PROGRESS.c.batch)
        reported_in = {
            (item, task, batch): None
            for batch, _, item, task in _reports(connection, items, period, in_batches)
        }
        month = replace(
            month,
            reports=running.reports_of(connection, items, cut),
            reported_in=tuple(reported_in),
        )
    if "business" in needed:
        business, awaited = _business(connection, period, cut, known)
        month = replace(month, business=business, awaited=awaited)
    if "bad_ratings" in needed:
        month = replace(
            month,
            bad_ratings=_bad_ratings(connection, period, cut),
            activations=repository.activations(connection, cut=cut),
        )
    return month


def _bad_ratings(
    connection: Connection, period: str, cut: int
) -> tuple[BadRatingActs, ...]:
    """Return bad ratings until a month's end, whose follow-up had not ended before."""
    first, after = month_bounds(period)
    known = acts_on_bad_ratings(connection, after=after, since=first, cut=cut)
    return tuple(
        BadRatingActs(
            unit=rating.unit,
            transaction=rating.transaction,
            day=local_day(rating.at),
            acts=acts,
        )
        for rating, acts in known
    )


def after_cut(connection: Connection, period: str, cut: int) -> AfterCut:
    """Return the facts of a month that were stored after a cut."""
    known = facts.known_at(connection, cut)
    late = or_(EVENTS.c.position > cut, EVENTS.c.position.is_(None))
    set_aside = connection.execute(set_aside_query(period).where(late))
    appeals = _appeals(connection, period, known.lacks(APPEALS.c.batch))
    late_links = complaints.linked_after(connection, period, known)
    ran = running.items_running(period)
    late_reports = _reports_query(period).where(
        PROGRESS.c.item.in_(ran), known.lacks(PROGRESS.c.batch)
    )
    reports = _in_order(connection.execute(late_reports))
    moved = running.moved_after(connection, period, cut)
    among = rows_naming(
        connection, ran, ran.selected_columns.item, sorted(moved), at_once=TOGETHER
    )
    changed = {row.item for row in among} | {item for _, _, item, _ in reports}
    histories, runs_known = running.runs_of(connection, sorted(changed), cut)
    return AfterCut(
        period=period,
        rated_in=tuple(
            batch
            for batch in ratings.batches_of(connection, period)
            if batch > known.last or batch in known.late
        ),
        delivered_in=tuple(
            business_after(connection, period, known.lacks(BUSINESS.c.batch))
        ),
        complained_in=(
            *{(cell.batch, cell.channel): None for cell in appeals},
            *late_links,
        ),
        reported_in=tuple(dict.fromkeys(report[:3] for report in reports)),
        set_aside=tuple(stream for _, stream in set_aside),
        found=_found_after(connection, period, late),
        histories=histories,
        known=runs_known,
    )


def _business(
    connection: Connection, period: str, cut: int, known: facts.Known
) -> tuple[tuple[Business, ...], frozenset[tuple[str, str]]]:
    """Return a month's business, and (unit, service item) of the month before.

    Of the month before only what open feeds supplied: they owe it in this month, too.
    """
    before, open_feeds = month_before(period), open_at(connection, cut)
    delivered = business_in(connection, {period, before}, known)
    awaited = {
        (each.unit, each.service)
        for each in delivered.values()
        if each.month == before and each.feed in open_feeds
    }
    this = (each for each in delivered.values() if each.month == period)
    return tuple(this), frozenset(awaited)


def _found_after(
    connection: Connection, period: str, late: ColumnElement[bool]
) -> tuple[str, ...]:
    """Return the spot checks of a month that were done or corrected late."""
    found: dict[str, None] = {}
    for stream, header in connection.execute(DONE.where(late)):
        if str(event_of(header).public["value"]["done_on"]).startswith(period):
            found[stream] = None
    return tuple(found)


def set_aside_query(period: str) -> Select[Any]:
    """Return the query of (unit, stream) of events that set a month's ratings aside.

    It searches by the step, which is rare, from the beginning of the month.
    """
    first, _ = month_bounds(period)
    return (
        select(RATINGS.c.unit, EVENTS.c.stream)
        .join(
            RATINGS,
            RATINGS.c.transaction == func.substr(EVENTS.c.stream, _AFTER_KIND),
        )
        .where(
            EVENTS.c.step == FollowUpStep.SET_ASIDE.value,
            EVENTS.c.target == FollowUpState.SET_ASIDE.value,
            EVENTS.c.at >= moment_text(at_hour(first, 0)),
            facts.in_month(RATINGS.c.at, period),
        )
        .order_by(EVENTS.c.position, EVENTS.c.stream)
    )


def _appeals(
    connection: Connection, period: str, in_batches: ColumnElement[bool]
) -> tuple[Appeals, ...]:
    """Return the number of appeals of a month in some batches, for every channel.

    With a channel in the query, SQLite would not use the index of the month.
    """
    cell = APPEALS.c.district, APPEALS.c.channel, APPEALS.c.batch
    query = (
        select(*cell, func.count())
        .where(facts.in_month(APPEALS.c.at, period), in_batches)
        .group_by(*cell)
        .order_by(*cell)
    )
    return tuple(
        Appeals(unit=unit, channel=channel, batch=int(batch), count=int(count))
        for unit, channel, batch, count in connection.execute(query)
    )


def _reports(
    connection: Connection,
    items: Sequence[str],
    period: str,
    in_batches: ColumnElement[bool],
) -> list[tuple[int, str, str, str]]:
    """Return (batch, month, item, task) of reports up to a month, in some batches."""
    query = _reports_query(period).where(in_batches)
    rows = rows_naming(connection, query, PROGRESS.c.item, items, at_once=TOGETHER)
    return _in_order(rows)


def _reports_query(period: str) -> Select[Any]:
    """Return the query of (batch, month, item, task) of reports up to a month."""
    report = PROGRESS.c.batch, PROGRESS.c.month, PROGRESS.c.item, PROGRESS.c.task
    return select(*report).where(PROGRESS.c.month <= period).distinct()


def _in_order(rows: Iterable[Any]) -> list[tuple[int, str, str, str]]:
    return sorted((int(batch), *rest) for batch, *rest in rows)
