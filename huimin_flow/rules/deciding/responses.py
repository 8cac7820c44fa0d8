"""Which demands of the ledger are put to which units, and until when (B4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache

from huimin_flow.catalogue.terms import Area, Placement, State
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.rules import ResponseRule
from huimin_flow.model.deciding.ledgers import IN_LEDGER, Put, Silent
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import Activation, deadline

#: Returns the units to which a demand of a unit and an area is put.
Asked = Callable[[str, Area], tuple[str, ...]]


def responding(organization: Organization, day: date) -> dict[str, set[str]]:
    """Return the units that respond on a day, each with those for which it responds.

    A unit answers what its predecessor left open.
    """
    return {
        code: {code} | organization.acts_for(code, day)
        for code in organization.listing_units(day)
    }


def units_asked(
    rule: ResponseRule,
    organization: Organization,
    day: date,
    units: Mapping[str, set[str]],
) -> Asked:
    """Return what tells to which units a demand of a unit and an area is put on a day.

    ``units`` are those that are ``responding``; none is asked about its own demand, or
    about one of its predecessor's.
    """
    kinds = {unit.code: unit.kind for unit in organization.units}
    valid = [
        (unit.code, unit.kind, units[unit.code])
        for unit in organization.units_on(day)
        if unit.code in units
    ]

    @cache
    def asked(owner: str, area: Area) -> tuple[str, ...]:
        lead = organization.areas.get(area)
        of = kinds.get(owner)
        rows = [row for row in rule.asked if of in row.of]
        return tuple(
            code
            for code, kind, own in valid
            if owner not in own
            and any(
                kind in row.units
                and (not row.led or (lead is not None and lead.lead_unit in own))
                for row in rows
            )
        )

    return asked


def is_put(
    rule: ResponseRule,
    state: State,
    placement: Placement | None,
    responds_to: str | None,
) -> bool:
    """Tell whether a demand is put to units at all.

    It is on the ledger, placed for a list, and no response to another demand.
    """
    placed = placement in rule.placements
    return placed and state in IN_LEDGER and responds_to is None


def is_asked(
    item: Item, unit: str, rule: ResponseRule, organization: Organization, day: date
) -> bool:
    """Tell whether a demand is put to a unit on a day, or to its successor."""
    if not is_put(rule, item.state, item.placement, item.responds_to):
        return False
    units = responding(organization, day)
    asked = units_asked(rule, organization, day, units)(item.unit, item.area)
    return any(unit in units[code] for code in asked)


def begins(organization: Organization, unit: str, published: date) -> date:
    """Return the day from which a unit has to respond to a demand.

    It is the day on which the demand entered the ledger. A new unit that succeeds no
    other has its first day instead, if that is later.
    """
    first = max(
        (
            each.valid_from
            for each in organization.units
            if each.code == unit and each.valid_from is not None
        ),
        default=None,
    )
    succeeds = any(unit in each.successors for each in organization.units)
    return published if first is None or succeeds else max(first, published)


def responses_due(
    activations: Sequence[Activation],
) -> Callable[[date], date | None]:
    """Return what tells when a response is due that is awaited since a day.

    The rulebook and the calendar of the due day decide; without a calendar there is
    no due day. The due day of each day is computed once.
    """

    def days(book: Rulebook) -> int:
        return book.rules.responses.days.value

    @cache
    def due(since: date) -> date | None:
        try:
            return deadline(since, activations, days)
        except CalendarMissing:
            return None

    return due


def silent(
    put: Iterable[Put],
    responded: Collection[tuple[str, str]],
    book: Rulebook,
    day: date,
    due: Callable[[date], date | None],
) -> tuple[Silent, ...]:
    """Return who has not responded in time to what on a day, by unit and item.

    ``responded`` has (item, unit) of each response; that of a predecessor counts.
    """
    organization = book.organization
    units = responding(organization, day)
    asked = units_asked(book.rules.responses, organization, day, units)
    first = cache(lambda code, since: due(begins(organization, code, since)))
    late = (
        Silent(unit=code, item=demand.number)
        for demand in put
        for code in asked(demand.unit, demand.area)
        if (until := first(code, demand.since)) is not None
        and until < day
        and not any((demand.number, each) in responded for each in units[code])
    )
    return tuple(sorted(late, key=lambda each: (each.unit, each.item)))
