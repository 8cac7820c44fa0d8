"""What is agreed before execution, and how it turned out (B6, B8)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from huimin_flow.catalogue.terms import (
    Argument,
    Grade,
    MarkSide,
    OutcomeKind,
    SatisfactionMethod,
)
from huimin_flow.model.core.values import value


@value
class AgreedOutcome:
    """An agreed outcome that can be told apart afterwards (B8).

    ``counted`` is what is counted, in ``unit``, and ``mark`` is the agreed figure on
    its ``side``. If nothing can be counted, ``check`` names the evidence by which it
    is checked. ``due`` is the day by which it is to be met.
    """

    key: str
    kind: OutcomeKind
    statement: str
    due: date
    counted: str = ""
    side: MarkSide = MarkSide.AT_LEAST
    mark: int | None = None
    unit: Annotated[str, Argument.MEASURE] = ""
    check: str = ""


@value
class SatisfactionMeasure:
    """How satisfaction is measured: method, sample and mark (B6).

    ``size`` is the least number of valid replies, ``share`` the least percentage of
    the population; at least one of them is above 0. ``mark`` is percent.
    """

    method: SatisfactionMethod | None = None
    population: str = ""
    size: int = 0
    share: int = 0
    mark: int = 0


@value
class Sample:
    """Who answered when satisfaction was measured, and how sure the figure is.

    ``replies`` are the valid answers of the ``survey``, or the ratings if the plan
    agreed on these; so many are ``satisfied``. ``low`` and ``high`` are the ends of
    the interval of their share.
    ``served`` is the size of the population of a survey. ``surveyed`` and ``rated``
    are both shares, each None if it doesn't count; the lower one is the satisfaction.
    """

    method: SatisfactionMethod | None
    replies: int
    satisfied: int
    low: str
    high: str
    served: int | None = None
    survey: str = ""
    surveyed: str | None = None
    ratings: int = 0
    rated: str | None = None


@value
class OutcomeResult:
    """How an agreed outcome turned out.

    ``value`` is the figure of a counted outcome; its grade comes from the rule.
    A person gives the ``grade`` of an outcome that is checked. Without a result it is
    not measurable. ``evidence`` names where the figure or the finding comes from.
    """

    outcome: str
    value: int | None = None
    grade: Grade | None = None
    evidence: str = ""
