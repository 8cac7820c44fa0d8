"""What a population of spot checks follows from, and what findings take off (D8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from huimin_flow.model.core.periods import last_day, month_before
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.improving.spot_checks import SpotCheck
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.scores import Deduction
from huimin_flow.rules.improving.spot_checks import CutFacts, points_off
from huimin_flow.rules.scoring.measuring import MonthFacts
from huimin_flow.store import pasts
from huimin_flow.store.core.history import event_of
from huimin_flow.store.core.tables import EVENTS
from huimin_flow.store.pasts.boards import CONSIDERED, open_at
from huimin_flow.store.scoring.months import DONE, month_facts
from huimin_flow.store.services import ratings


def facts_at(connection: Connection, day: date, cut: int) -> CutFacts:
    """Return the facts on a day, as known at a cut.

    These are running items, those on the bad board, ratings and appeals.
    """
    month = f"{day:%Y-%m}"
    before = month_before(month)
    ran = month_facts(connection, month, cut, {"histories", "reports"})
    said = month_facts(connection, before, cut, {"appeals"})
    listed = {each.entry.item for each in open_at(connection, cut)}
    items = pasts.items_at(connection, listed, cut)
    return CutFacts(
        day=day,
        histories=ran.histories,
        reports=ran.reports,
        windows=ratings.recount(connection, before, by="window", cut=cut),
        appeals=said.appeals,
        listed={
            number: item.plan
            for number, item in sorted(items.items())
            if item.plan is not None and item.state in CONSIDERED
        },
    )


def with_findings(
    connection: Connection, facts: MonthFacts, cut: int, book: Rulebook
) -> MonthFacts:
    """Return a month's facts with what findings of its spot checks take off.

    The findings are those known at the cut. Those of a unit that ended by the month's
    end are its successor's.
    """
    known: dict[str, SpotCheck] = {}
    query = DONE.where(EVENTS.c.position <= cut)
    for stream, header in connection.execute(query):
        known[stream] = from_plain(SpotCheck, event_of(header).public["value"])
    off: dict[str, tuple[Deduction, ...]] = {}
    for stream, check in sorted(known.items()):
        if f"{check.done_on:%Y-%m}" != facts.period:
            continue
        for found in check.findings:
            unit = book.organization.heir(found.unit, last_day(facts.period))
            points = points_off(found, book.improving.spot_checks)
            source = f"{stream}/{found.subject}"
            if points:
                made = Deduction(source=source, points=points)
                off[unit] = (*off.get(unit, ()), made)
    return replace(facts, deductions=off)
