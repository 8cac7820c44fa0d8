"""The catalogue of service items, and the rules for their ratings (D3, E4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from huimin_flow.catalogue.terms import RatingObject, ServiceMode
from huimin_flow.model.core.rules import Percent, WorkingDays
from huimin_flow.model.core.values import value


@value
class Burden:
    """What one handling costs a citizen: 环节、材料、时限、跑动 (E4).

    ``days`` are calendar days from application to result.
    """

    steps: int
    documents: int
    days: int
    visits: int


@value
class ServiceItem:
    """One service item, 服务事项 (E4).

    ``unit`` is responsible for it. ``online`` means that it is handled online from
    start to end. ``before`` and ``after`` are both set or both None;
    ``figures_source`` is their source. ``since`` is the first day on which ``after``
    is valid.
    """

    key: str
    name: str
    unit: str
    mode: ServiceMode
    online: bool
    source: str
    before: Burden | None = None
    after: Burden | None = None
    figures_source: str = ""
    since: date | None = None


@value
class Window:
    """A service window, 窗口; ``code`` is unique in its unit."""

    code: str
    unit: str
    name: str
    source: str


@value
class Reach:
    """The objects of which a service channel must have ratings (D3).

    With ``online_items_only``, items that are not handled online are not expected.
    """

    objects: tuple[RatingObject, ...]
    source: str
    online_items_only: bool = False


@value
class FollowUpRule:
    """Deadlines of a bad rating, in working days (D3).

    ``answer_days`` run from the rating, or from the day on which an answer was
    returned or an objection was refused. ``verify_days`` run from the answer,
    ``objection_days`` from the objection. ``callback_percent`` of the bad ratings
    with a known rater must be called back.
    """

    answer_days: WorkingDays
    verify_days: WorkingDays
    objection_days: WorkingDays
    callback_percent: Percent


@value
class Services:
    """All of ``config/service_items.yaml``."""

    follow_up: FollowUpRule
    items: tuple[ServiceItem, ...] = ()
    windows: tuple[Window, ...] = ()
    reach: Mapping[str, Reach] = field(default_factory=dict)
