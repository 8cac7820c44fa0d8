"""Supervision orders, 督查督办: what an authority demands about an item (X2)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import OrderState
from huimin_flow.model.core.values import value


@value
class SupervisionOrder:
    """An order of an authority on an item, its answer, and how it ended.

    ``document`` is the number of the authority's paper of the day ``issued_on``; an
    authority gives a number once. ``unit`` answers: the unit of the item at the last
    step. ``files`` are digests of the item's files. ``finding`` is said of the answer,
    when it was returned or discharged. ``reminders`` counts how often the office has
    reminded, last on ``reminded_on``.
    """

    key: str
    item: str
    unit: str
    authority: str
    document: str
    issued_on: date
    demanded: str
    due: date
    state: OrderState
    received_on: date
    received_by: str
    reminders: int = 0
    reminded_on: date | None = None
    answer: str = ""
    files: tuple[str, ...] = ()
    answered_on: date | None = None
    answered_by: str = ""
    finding: str = ""
    discharged_by: str = ""
    version: int = 1
