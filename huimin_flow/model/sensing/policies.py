"""Policies of ministries and of the state, the city's measures, and their gaps (A5)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from huimin_flow.catalogue.terms import Area, Argument, PolicyState
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import value


@value
class Promise:
    """What a policy promises: how much of an indicator until a day.

    ``indicator`` has the words that the plans of items use for it. ``target`` is a
    whole number of ``unit``, None for a promise without a figure: then the targets of
    the plans count.
    """

    key: str
    indicator: str
    due: date
    target: int | None = None
    unit: Annotated[str, Argument.MEASURE] = ""


@value
class Policy:
    """A policy, 政策: who issued it, its document number, its day, its promises."""

    key: str
    authority: str
    document: str
    title: str
    dated: date
    promises: tuple[Promise, ...]
    registered_on: date
    state: PolicyState = PolicyState.IN_FORCE
    reason: str = ""
    version: int = 1


@value
class Undertaking:
    """A promise that a measure takes over, by its key, and the city's own due day."""

    promise: str
    due: date


@value
class CityMeasure:
    """The city's measure, 措施, made from a policy.

    ``unit`` leads it. ``items`` are the numbers of those that carry it out.
    """

    key: str
    policy: str
    title: str
    area: Area
    unit: str
    undertakings: tuple[Undertaking, ...]
    registered_on: date
    items: tuple[str, ...] = ()
    state: PolicyState = PolicyState.IN_FORCE
    reason: str = ""
    version: int = 1


@value
class PromiseFacts:
    """How far an undertaken promise is: hundredths of a percent, None if not known."""

    promise: str
    indicator: str
    due: date
    reached: int | None = None


@value
class MeasureFacts:
    """The facts on a measure on a ``day``, as known at a cut.

    ``items`` carry it out. ``on_plan`` of their ``indicators`` keep to their plans.
    ``surveyed`` is the lowest satisfaction, decimal text, of their final evaluations;
    ``satisfied`` of the ``ratings`` of its unit are not bad. ``complaints`` came by
    so many ``complainants``. Ratings and complaints are those of the last days.
    """

    measure: str
    policy: str
    since: date
    day: date
    items: int
    promises: tuple[PromiseFacts, ...] = ()
    indicators: int = 0
    on_plan: int = 0
    surveyed: str | None = None
    ratings: int = 0
    satisfied: int = 0
    appeals: int = 0
    complaints: int = 0
    complainants: int = 0


@value
class MeasureLine:
    """A measure in a comparison: its verdict, and the item that its gap collected.

    ``fresh`` if this comparison collected it; otherwise it was still open.
    """

    measure: str
    policy: str
    title: str
    unit: str
    verdict: Verdict
    item: str | None = None
    fresh: bool = False


@value
class PolicyReview:
    """A comparison of all measures with what was promised, at a cut (A5).

    ``known`` is the last position that was counted. ``silent`` are the policies from
    which no measure was made in time.
    """

    key: str
    period: str
    day: date
    known: int
    lines: tuple[MeasureLine, ...]
    silent: tuple[str, ...] = ()
    version: int = 1
