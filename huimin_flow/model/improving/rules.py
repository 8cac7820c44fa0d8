"""The figures by which running measures are judged and improved: improving.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from huimin_flow.catalogue.terms import BoardGround, Role
from huimin_flow.model.core.rules import (
    Bounds,
    Count,
    Figure,
    Percent,
    Switch,
    WorkingDays,
)
from huimin_flow.model.core.values import value
from huimin_flow.model.improving.spot_checks import SpotCheckRule
from huimin_flow.model.scoring.rules import Amount


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
class SurveyRule:
    """When a survey ends, and from how many answers on it is judged by (D0).

    It collects for ``answer_days`` working days after the draw. Below
    ``least_answers``, or what the plan agreed, it is recorded and nobody judges by it.
    """

    answer_days: WorkingDays
    least_answers: Count


@value
class BoardRule:
    """The marks of the grounds of the two boards (D1, D2).

    A measure is hollow after ``silent_months`` without a figure or ``unproven_months``
    without evidence, slow if it is behind by more than ``behind_days``. Citizens
    dislike it if the upper Wilson bound of the satisfied is below ``dislike_mark`` and
    at least ``least_dissatisfied`` answered so; they are satisfied if the lower bound
    reaches ``satisfaction_mark``. ``z`` is that of the bound. A good measure has at
    least ``on_plan_mark`` percent of its indicators on plan, evidence of
    ``proven_mark`` percent, and a fulfilment of ``fulfilment_mark``. Drafted boards are
    published within ``publish_days`` working days.
    """

    silent_months: Annotated[Figure, Bounds(1, 12)]
    unproven_months: Annotated[Figure, Bounds(1, 12)]
    behind_days: Annotated[Figure, Bounds(1, 366)]
    dislike_mark: Percent
    least_dissatisfied: Count
    satisfaction_mark: Percent
    z: Amount
    on_plan_mark: Percent
    proven_mark: Percent
    fulfilment_mark: Percent
    publish_days: WorkingDays


@value
class TaskRule:
    """How an item's targets are split down to tasks, and tasks sent back (C2).

    The targets of the tasks together reach ``reach`` percent of the item's. A task
    that was sent back is settled within ``settle_days`` working days.
    ``return_reasons`` are the codes to send a task back, ``reassign_reasons`` those to
    reassign it.
    """

    reach: Annotated[Figure, Bounds(100, 300)]
    settle_days: WorkingDays
    return_reasons: Mapping[str, str]
    reassign_reasons: Mapping[str, str]


@value
class RungRule:
    """A rung of the ladder: ``role`` is told after so many working days overdue (F3).

    UNIT_HEAD is the head of the item's unit, DEPUTY_LEADER who is in charge of the
    item's area.
    """

    name: str
    role: Role
    overdue_days: WorkingDays


@value
class RectificationRule:
    """When measures are put right, and what an acceptance needs (D2, F3).

    A rectification is submitted within so many working ``days``, a returned one within
    ``return_days``. It is accepted after at least ``least_answers`` of citizens since
    it began. A rung that is not acknowledged within ``acknowledge_days`` goes up at
    the next one.
    """

    days: WorkingDays
    return_days: WorkingDays
    least_answers: Count
    acknowledge_days: WorkingDays
    ladder: tuple[RungRule, ...]


@value
class ReplicationRule:
    """What good practices need, and how their replication is followed (D1).

    ``grounds`` are those of the good board that a practice needs. A unit answers
    within ``answer_days`` working days; at most ``most_open`` units are asked about a
    practice at once. Effects that differ by at most ``same_points`` of percent are the
    same; satisfaction with fewer answers than ``least_answers`` is not measurable. If
    the interval of its difference at ``z`` has zero in it, that may be chance.
    """

    grounds: Mapping[BoardGround, Switch]
    answer_days: WorkingDays
    most_open: Annotated[Figure, Bounds(1, 100)]
    least_answers: Count
    same_points: Percent
    z: Amount


@value
class FollowingRule:
    """How the decisions of review meetings are followed (F3), in working days.

    So many ``remind_days`` before a decision's due day the office is to remind.
    """

    remind_days: Annotated[Figure, Bounds(1, 60)]


@value
class EngagementRule:
    """How the findings of third parties are followed (D4), in working days.

    The item's unit answers a finding within ``answer_days`` of the report.
    """

    answer_days: WorkingDays


@value
class Improving:
    """All figures of ``config/improving.yaml``."""

    advising: AdvisingRule
    forecasts: ForecastRule
    orders: OrderRule
    feeds: FeedRule
    surveys: SurveyRule
    boards: BoardRule
    spot_checks: SpotCheckRule
    tasks: TaskRule
    rectification: RectificationRule
    replication: ReplicationRule
    reviews: FollowingRule
    engagements: EngagementRule
