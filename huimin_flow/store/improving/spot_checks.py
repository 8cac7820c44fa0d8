"""The facts from which the population of a spot check follows, as known at a cut."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from huimin_flow.model.core.periods import month_before
from huimin_flow.rules.improving.spot_checks import CutFacts
from huimin_flow.store.scoring.months import month_facts
from huimin_flow.store.services import ratings


def facts_at(connection: Connection, day: date, cut: int) -> CutFacts:
    """Return the facts on a day, as known at a cut: running items, ratings, appeals."""
    month = f"{day:%Y-%m}"
    before = month_before(month)
    ran = month_facts(connection, month, cut, {"histories", "reports"})
    said = month_facts(connection, before, cut, {"appeals"})
    return CutFacts(
        day=day,
        histories=ran.histories,
        reports=ran.reports,
        windows=ratings.recount(connection, before, by="window", cut=cut),
        appeals=said.appeals,
    )
