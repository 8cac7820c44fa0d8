"""The burden of the units: what is asked of them, counted (X4, N12)."""

from __future__ import annotations

from decimal import Decimal

from huimin_flow.model.core.values import value


@value
class UnitBurden:
    """What a unit did by hand in a month, and what was asked of it.

    ``steps`` counts the acts that its posts recorded, ``uploads`` the files that they
    attached. ``checks`` counts the orders, decisions, assessments and returned answers
    that were asked of it. ``by_hand`` and ``fed`` are the figures of the month's
    progress, by how each was entered; those corrected by hand are by hand, too.
    """

    unit: str
    month: str
    steps: int
    uploads: int
    checks: int
    by_hand: int
    fed: int


@value
class Scale:
    """To how much a rulebook applies: units, running items, and their indicators."""

    units: int
    items: int
    indicators: int


@value
class Asked:
    """What a rulebook asks of all units in a month: fields, files and checks."""

    fields: Decimal
    files: Decimal
    checks: Decimal


@value
class Price:
    """What a new rulebook asks more, or less below zero, of all units in a month."""

    scale: Scale
    before: Asked
    after: Asked
    more: Asked
