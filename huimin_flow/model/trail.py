"""A voice and what was done about it, from the day it was heard on (F4)."""

from __future__ import annotations

from datetime import date, datetime

from huimin_flow.catalogue.terms import LifeStage, Recommendation, State, Step, Tie
from huimin_flow.model.value import value


@value
class Heard:
    """A voice without what tells of a person: neither who spoke nor what was said.

    ``at`` is the aware moment at which it was heard, ``item`` the one on which it
    hangs now, None as long as it hangs on none.
    """

    channel: str
    key: str
    at: datetime
    district: str
    life_stage: LifeStage
    item: str | None = None


@value
class Deed:
    """A step of an item on the day on which it happened."""

    day: date
    step: Step
    state: State


@value
class TrailItem:
    """An item on a voice's way: how it stands, on which lists, with what result.

    ``fulfilment`` is decimal text, ``satisfaction`` percent, both None before the
    final evaluation. ``of`` is the item that led to it, "" for the first one.
    """

    tie: Tie
    of: str
    number: str
    title: str
    unit: str
    state: State
    lists: tuple[str, ...] = ()
    fulfilment: str | None = None
    satisfaction: int | None = None
    evaluation_passed: bool | None = None
    recommendation: Recommendation | None = None
    deeds: tuple[Deed, ...] = ()


@value
class Trail:
    """A voice, the moments at which it was kept and linked, and its items in order."""

    heard: Heard
    kept_at: datetime
    linked_at: datetime | None = None
    items: tuple[TrailItem, ...] = ()
