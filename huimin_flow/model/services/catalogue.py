"""The catalogue of service items, and what ratings of them must reach (D3, E4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from huimin_flow.catalogue.terms import RatingObject, ServiceMode
from huimin_flow.model.core.rules import Figure
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

    ``unit`` answers for it. ``online`` says that it is handled online from end
    to end. ``before`` and ``after`` are known together or not at all;
    ``figures_source`` is where they come from. ``since`` is the day from which
    ``after`` holds.
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
    """A window at which people are served, 窗口; ``code`` is unique in its unit."""

    code: str
    unit: str
    name: str
    source: str


@value
class Reach:
    """Which objects a service channel must reach (D3).

    ``online_items_only``: what is not handled online is not expected there.
    """

    objects: tuple[RatingObject, ...]
    source: str
    online_items_only: bool = False


@value
class FollowUpRule:
    """Deadlines of a bad rating, in working days (D3).

    ``answer_days`` run from the rating, or from the day on which an answer was
    returned or an objection turned down; ``verify_days`` from the answer;
    ``objection_days`` from the objection. ``callback_percent`` of the bad ratings
    whose giver is known must be called back.
    """

    answer_days: Figure
    verify_days: Figure
    objection_days: Figure
    callback_percent: Figure


@value
class Services:
    """All of ``config/service_items.yaml``."""

    follow_up: FollowUpRule
    items: tuple[ServiceItem, ...] = ()
    windows: tuple[Window, ...] = ()
    reach: Mapping[str, Reach] = field(default_factory=dict)
