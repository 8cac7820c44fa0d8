"""The demand item, 民生需求事项, which has the nine states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from json import dumps
from typing import Any

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import (
    AdviceStep,
    AnswerStep,
    Area,
    Argument,
    BoardStep,
    DecisionStep,
    DigestStep,
    Ending,
    EngagementStep,
    FeedStep,
    FollowUpStep,
    Grade,
    ItemOrder,
    LifeStage,
    OrderStep,
    Origin,
    Placement,
    PointStep,
    Recommendation,
    RecordStep,
    RectificationStep,
    ReplicationStep,
    ReviewMeetingStep,
    SpotCheckStep,
    State,
    Step,
    SurveyStep,
    TaskReturnStep,
    TodoKind,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import later, value
from huimin_flow.model.executing.agreements import OutcomeResult, Sample
from huimin_flow.model.executing.plans import Plan, TaskResult
from huimin_flow.model.sensing.appeals import Tally

#: The largest accepted file, in bytes; larger files go to a file server, with a link.
LARGEST_FILE = 50 * 1024 * 1024


@value
class Effectiveness:
    """Expected effectiveness, 预估执行效度: percent, 0–100, with its interval."""

    value: int
    low: int
    high: int


@value
class OwnField:
    """The value of an own field, 附加字段, that an extension of a host adds to an item.

    ``key`` is ``extension.field``.
    """

    key: str
    value: str | int | bool | tuple[str, ...]

    @property
    def text(self) -> str:
        """The value as people enter it: true, 5, a text, or a JSON list of texts."""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        if isinstance(self.value, tuple):
            return dumps(self.value, ensure_ascii=False)
        return str(self.value)


@value
class Item:
    """One demand item at one moment of its history.

    ``version`` is the number of its last event (1 for a new item). Scores and
    ``satisfaction``, which ``sample`` explains, are decimal text, 0–100. ``before``
    is the state of a merged item before the merge.
    ``forecast_by`` and ``forecast_unit`` are post and unit of who expected it.
    ``stale`` names facts that may be wrong after an amendment. ``result`` is that of
    the final evaluation; ``fulfilment`` is None if no task had an indicator.
    ``outcome`` is how a closed item ended, if not as completed. ``referred_to`` is the
    body in charge of what is not the bureau's. ``own`` are the fields of extensions, by
    key.
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
    forecast_by: str = ""
    forecast_unit: str = ""
    edition: str | None = None
    rank: int | None = None
    plan: Plan | None = None
    results: tuple[TaskResult, ...] = ()
    fulfilment: str | None = None
    satisfaction: str | None = None
    sample: Sample | None = None
    outcomes: tuple[OutcomeResult, ...] = ()
    result: Grade | None = None
    evaluation_passed: bool | None = None
    recommendation: Recommendation | None = None
    grounds: str = ""
    reason_code: str | None = None
    referred_to: str | None = None
    outcome: Ending | None = None
    before: State | None = None
    merged_into: str | None = None
    split_from: str | None = None
    continues: str | None = None
    responds_to: str | None = None
    arises_from: str | None = None
    returns: int = 0
    transfers: int = 0
    rounds: int = 0
    stale: tuple[str, ...] = ()
    own: tuple[OwnField, ...] = later(default=())

    def own_of(self, extension: str) -> dict[str, Any]:
        """Return the values of an extension's fields, by their names in its model."""
        return {
            each.key.partition(".")[2]: each.value
            for each in self.own
            if each.key.partition(".")[0] == extension
        }

    @property
    def status(self) -> State | Ending:
        """Return the item's state, or how it ended if not as completed."""
        return self.outcome or self.state


@value
class Preview:
    """What a step would do to an item, decided as the step decides it.

    ``step`` is the step that would be recorded; a negative verdict makes it another
    one than was asked. ``target`` is the item's state after it, None if facts are
    missing. ``tally`` counts the item's appeals. ``prevalence``, 0–100, is None
    unless the screening counts it. ``lists`` are the keys of lists that name the item.
    """

    item: Item
    step: Step
    target: State | None
    tally: Tally
    verdict: Verdict | None = None
    prevalence: int | None = None
    lists: tuple[str, ...] = ()


@value
class ItemTraits:
    """What else narrows a list of items; a field that is None or false accepts all.

    ``year`` is that of the number. ``due`` is the day by which a task of an assigned
    item ends. ``ended`` is how a closed item ended. ``stale`` are items with facts in
    doubt, ``stuck`` those that stand in their state for longer than nine of ten did.
    """

    stars: int | None = None
    year: int | None = None
    due: date | None = None
    stale: bool = False
    stuck: bool = False
    ended: Ending | None = None


@value
class ItemFilter:
    """The items that a list shows; a field that is None or empty accepts all.

    ``edition`` is the key of a list that names them. ``text`` has words; each is a part
    of the title or the number; ``among`` are the numbers one of which it has. ``own``
    are keys of own fields, each with a value that it has. A page has at most ``limit``
    items in the ``order``, after the number ``after``, but not the first ``skip`` of
    them.
    """

    states: tuple[State, ...] = ()
    unit: str | None = None
    area: Area | None = None
    origin: Origin | None = None
    edition: str | None = None
    text: str | None = None
    traits: ItemTraits = ItemTraits()
    own: tuple[tuple[str, str], ...] = ()
    numbers: tuple[str, ...] | None = None
    among: tuple[str, ...] | None = None
    order: ItemOrder = ItemOrder.OLDEST
    after: str | None = None
    skip: int = 0
    limit: int | None = None


@value
class Days:
    """Whole days of a number of cases: their median, and what nine of ten don't exceed.

    Both are None if there is no case.
    """

    cases: int
    median: int | None
    most: int | None


@value
class StateStays:
    """The days in a state: of the items that stand there, and of those that left it."""

    state: State
    standing: Days
    left: Days


@value
class Stuck:
    """An item that stands longer in its state than nine of ten items before it.

    ``days`` counts from ``since`` to the present day, ``beyond`` is what is more than
    usual.
    """

    number: str
    title: str
    unit: str
    state: State
    since: date
    days: int
    beyond: int


@value
class Stays:
    """How long items stay in each state, and which are stuck the longest (E2).

    Items that left a state count if they did so on ``since`` or later. ``beyond`` is
    the number of all items that are stuck.
    """

    since: date
    states: tuple[StateStays, ...]
    beyond: int
    stuck: tuple[Stuck, ...]


@value
class AreaItems:
    """The number of an area's items in each of the nine states where it has some."""

    area: Area
    states: Mapping[State, int]


@value
class UnitItems:
    """The number of the items that a unit leads, in each state in which it has some."""

    unit: str
    states: Mapping[State, int]


@value
class Undo:
    """What would take back an item's last step, or why nothing can.

    ``step`` takes back ``last``; it is None if no step does. ``reasons`` say why it
    can't be taken now, or not by the actor. ``proposal`` is the key of the waiting
    proposal that ``step`` withdraws, "" for a step of the item itself. ``target`` is
    the item's state afterwards. ``two`` if two people take it. ``former`` are the
    values before a correction, by field, or the step's arguments by name, several of
    one a line each.
    """

    number: str
    last: Step | RecordStep
    step: Step | RecordStep | None
    target: State | None = None
    two: bool = False
    reasons: Reasons = ()
    proposal: str = ""
    former: Mapping[str, str] = field(default_factory=dict)


@value
class Succession:
    """A unit that has ended, its successor, and what went there on its last day.

    ``unit`` is None if it has no successor, or several. ``items``, ``ratings`` and
    ``lists`` were transferred by the job; ``left`` are the numbers of open items that
    the unit, or a task of it, still has. ``refused`` are those of them which guards of
    a host's extensions refused to the job, with the reasons.
    """

    former: str
    unit: str | None
    ended: date
    works_until: date | None
    items: int
    ratings: int
    lists: int
    left: tuple[str, ...]
    refused: Mapping[str, Reasons] = field(default_factory=dict)


@value
class Link:
    """A related item.

    ``field`` is the field of the lower item that names the upper one. ``above``
    means that ``item`` is the upper one.
    """

    field: str
    item: Item
    above: bool


@value
class Attachment:
    """One file of an item: hex SHA-256 of its content, size in bytes, and name."""

    about: str
    digest: str
    size: int
    name: str


@value
class Todo:
    """One thing that waits for an actor.

    ``subject`` is an item's number, a transaction, or the key of a record; ``act`` is
    the method of ``Flow`` that does it, ``noun.verb``. ``since`` is the day from which
    it waits. ``due`` is the last day in time, None without a limit. ``period`` is the
    month of a progress report; ``unit`` is the unit that owes it, if it is another's.
    ``lacks`` is the word of a fact without which the follow-up of a rating cannot end.
    """

    kind: TodoKind
    subject: str
    title: str
    step: (
        Step
        | FollowUpStep
        | RecordStep
        | AdviceStep
        | AnswerStep
        | PointStep
        | SpotCheckStep
        | OrderStep
        | ReviewMeetingStep
        | DecisionStep
        | DigestStep
        | EngagementStep
        | FeedStep
        | BoardStep
        | TaskReturnStep
        | RectificationStep
        | SurveyStep
        | ReplicationStep
    )
    act: str
    since: date
    due: date | None = None
    period: str = ""
    unit: str = ""
    lacks: Argument | None = None
