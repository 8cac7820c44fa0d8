"""The figures by which running measures are judged and improved: improving.yaml."""

from __future__ import annotations

from typing import Annotated

from huimin_flow.model.core.rules import Bounds, Count, Figure, Percent
from huimin_flow.model.core.values import value


@value
class AdvisingRule:
    """The marks of the grounds of advice on a running measure (B9).

    Progress and satisfaction are percent. With fewer ratings than ``least_ratings``
    satisfaction is not known. ``complaints`` is the number from which they are many.
    So many ``days_before`` the freeze of next year's list, advice is awaited.
    """

    progress_mark: Percent
    satisfaction_mark: Percent
    least_ratings: Count
    complaints: Count
    days_before: Annotated[Figure, Bounds(1, 366)]


@value
class ForecastRule:
    """How forecasts are held against results (N3).

    ``fulfilment_weight`` is percent, the rest is satisfaction. A unit with fewer than
    ``least_cases`` has no shares.
    """

    fulfilment_weight: Percent
    least_cases: Count


@value
class OrderRule:
    """When supervision orders are answered (X2), in working days.

    An order without a due day is answered within ``answer_days``; so many
    ``remind_days`` before its due day the office is to remind the unit.
    """

    answer_days: Annotated[Figure, Bounds(1, 60)]
    remind_days: Annotated[Figure, Bounds(1, 60)]


@value
class FeedRule:
    """How fresh the figures of feeds are if a feed says nothing else, in days (E1)."""

    fresh_days: Annotated[Figure, Bounds(1, 366)]


@value
class Improving:
    """All figures of ``config/improving.yaml``."""

    advising: AdvisingRule
    forecasts: ForecastRule
    orders: OrderRule
    feeds: FeedRule
