"""The savings of service items, and the coverage of their ratings (D3, E4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from huimin_flow.catalogue.terms import RatingObject
from huimin_flow.model.services.catalogue import ServiceItem, Services
from huimin_flow.model.services.ratings import CoverageCell, Savings

#: Numbers of ratings: all, with a window, with a person; in the order of the objects.
Cell = tuple[int, int, int]


def coverage(
    services: Services, counted: Mapping[tuple[str, str], Cell]
) -> tuple[CoverageCell, ...]:
    """Return the matrix of items, objects and channels, in the catalogue's order.

    Items that are no longer in the catalogue are shown if they have ratings; no
    rating is expected of them.
    """
    listed = {item.key: item for item in services.items}
    gone = sorted({item for item, _ in counted} - set(listed))
    cells = []
    for key in (*listed, *gone):
        for channel, reach in services.reach.items():
            counts = counted.get((key, channel), (0, 0, 0))
            item = listed.get(key)
            due = item is not None and (item.online or not reach.online_items_only)
            for rated, ratings in zip(RatingObject, counts, strict=True):
                cells.append(
                    CoverageCell(
                        item=key,
                        object=rated,
                        channel=channel,
                        ratings=ratings,
                        expected=due and rated in reach.objects,
                    )
                )
    return tuple(cells)


def savings(services: Services, year: int) -> tuple[Savings, ...]:
    """Return by unit the savings by the end of ``year``, without unknown figures."""
    by_unit: dict[str, list[ServiceItem]] = {}
    for item in services.items:
        by_unit.setdefault(item.unit, []).append(item)
    totals = []
    for unit, items in sorted(by_unit.items()):
        counted = [
            (item.before, item.after)
            for item in items
            if item.before is not None
            and item.after is not None
            and (item.since or date.min) <= date(year, 12, 31)
        ]
        totals.append(
            Savings(
                unit=unit,
                items=len(items),
                online=sum(item.online for item in items),
                counted=len(counted),
                steps=sum(old.steps - new.steps for old, new in counted),
                documents=sum(old.documents - new.documents for old, new in counted),
                days=sum(old.days - new.days for old, new in counted),
                visits=sum(old.visits - new.visits for old, new in counted),
            )
        )
    return tuple(totals)
