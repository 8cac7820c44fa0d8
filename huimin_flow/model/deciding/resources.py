"""What a period has for an area, and what an item would cost (量力而行, B1)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Area, StreamState
from huimin_flow.model.core.values import value


@value
class Budget:
    """What there is for an area in a year or quarter, in whole 10,000 yuan (万元).

    ``key`` is ``budget/2027/employment``. ``source`` is the document that says so.
    """

    key: str
    period: str
    area: Area
    amount: int
    source: str
    state: StreamState = StreamState.KEPT
    version: int = 1


@value
class Cost:
    """What an item would cost, in whole 10,000 yuan, and who carries it.

    ``key`` is ``cost/2027-000001``, ``unit`` the item's. ``staff`` is the number of
    people that it needs, None if nobody said so. ``carrier`` is the unit that
    carries it, ``source`` where its money comes from.
    """

    key: str
    item: str
    unit: str
    amount: int
    carrier: str
    source: str
    staff: int | None = None
    state: StreamState = StreamState.KEPT
    version: int = 1


@value
class Means:
    """What a judgment holds an item's cost against.

    ``amount`` is what there is in the period, ``taken`` the cost of what was judged
    capable before; ``cost`` is None if nobody stated it. If ``decides``, what does not
    suffice is a "no" to "capable".
    """

    period: str
    amount: int
    taken: int
    cost: int | None
    decides: bool

    @property
    def left(self) -> int:
        """What is left before the item; below 0 if less was stated later."""
        return self.amount - self.taken

    @property
    def short(self) -> bool:
        """Tell whether what is left does not suffice."""
        return self.cost is not None and self.cost > self.left

    @property
    def refuses(self) -> bool:
        """Tell whether the item is not capable for it."""
        return self.decides and self.short


@value
class TakenCost:
    """An item that was judged capable, its cost, and who carries it."""

    item: str
    title: str
    unit: str
    cost: int
    carrier: str


@value
class ResourceLine:
    """What an area has in a period, and what is taken, by which items.

    ``amount`` is None if nobody stated it, ``source`` is then empty.
    """

    area: Area
    amount: int | None
    source: str
    taken: int
    items: tuple[TakenCost, ...]

    @property
    def left(self) -> int | None:
        """What is left, None if nobody stated what there is."""
        return None if self.amount is None else self.amount - self.taken


@value
class Resources:
    """The resources of a year or quarter, by area."""

    period: str
    areas: tuple[ResourceLine, ...]
