"""The demand item, 民生需求事项: what the nine states are states of."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import (
    Area,
    LifeStage,
    Origin,
    Placement,
    Recommendation,
    State,
)
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Plan, TaskResult

#: The largest file taken, in bytes; more belongs on a file server, with a link.
LARGEST_FILE = 50 * 1024 * 1024


@value
class Effectiveness:
    """Expected effectiveness, 预估执行效度: percent, 0–100, with its interval."""

    value: int
    low: int
    high: int


@value
class Item:
    """One demand item at one moment of its history.

    ``version`` is the number of its last event (1 after birth). Scores are
    decimal text, 0–100. ``before`` remembers where a merged item stood.
    ``stale`` names facts that an amendment has put in doubt.
    """

    number: str
    title: str
    origin: Origin
    area: Area
    unit: str
    state: State
    version: int
    collected_on: date
    life_stage: LifeStage = LifeStage.ALL
    description: str = ""
    prevalence: int | None = None
    screening_score: str | None = None
    deliberation: str | None = None
    placement: Placement | None = None
    perceived_benefit: str | None = None
    stars: int | None = None
    expected_effectiveness: Effectiveness | None = None
    edition: str | None = None
    rank: int | None = None
    plan: Plan | None = None
    results: tuple[TaskResult, ...] = ()
    fulfilment: str | None = None
    satisfaction: int | None = None
    evaluation_passed: bool | None = None
    recommendation: Recommendation | None = None
    grounds: str = ""
    reason_code: str | None = None
    before: State | None = None
    merged_into: str | None = None
    split_from: str | None = None
    continues: str | None = None
    responds_to: str | None = None
    arises_from: str | None = None
    returns: int = 0
    rounds: int = 0
    stale: tuple[str, ...] = ()


@value
class Link:
    """Another item and what it has to do with one.

    ``field`` is the field that names the upper one; ``above`` tells that it is
    this other item which stands above.
    """

    field: str
    item: Item
    above: bool


@value
class Attachment:
    """One file of an item: its content's hex SHA-256, its size in bytes, its name."""

    about: str
    digest: str
    size: int
    name: str
