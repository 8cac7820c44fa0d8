"""The figures that rules use; each has its source (X5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, NamedTuple

from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    Attribute,
    Criterion,
    Dimension,
    Occasion,
    Origin,
    Placement,
    Question,
    Role,
    Step,
    UnitKind,
)
from huimin_flow.model.core.values import value


@value
class Figure:
    """A number that the bureau may change; ``source`` is a clause or "ours"."""

    value: int
    source: str


class Bounds(NamedTuple):
    """The least and the greatest value of a field; the settings refuse any other."""

    low: int
    high: int


Percent = Annotated[Figure, Bounds(0, 100)]
PerMille = Annotated[Figure, Bounds(0, 1000)]
#: A number of people, places or cases.
Count = Annotated[Figure, Bounds(1, 10**9)]
#: The stars of an item's perceived benefit (B3).
Stars = Annotated[Figure, Bounds(1, 5)]
#: A limit in working days: a year has about 250.
WorkingDays = Annotated[Figure, Bounds(1, 250)]


@value
class PrevalenceRule:
    """How an item's appeals become prevalence, 0–100 (A3).

    Each ``full_*`` is the count that gets the full weight (percent).
    """

    people_weight: Figure
    full_people: Count
    places_weight: Figure
    full_places: Count
    channels_weight: Figure
    full_channels: Count


@value
class CriteriaRule:
    """Weights (percent, sum 100) and pass mark (0–100) of one origin."""

    weights: Mapping[Criterion, Figure]
    pass_mark: Percent


@value
class ScreeningRule:
    """Screening by origin (A3, A4, A5).

    A collected item is screened within so many working ``days``. ``growth_days`` is
    the span whose appeals are compared with those of the span before.
    """

    prevalence: PrevalenceRule
    criteria: Mapping[Origin, CriteriaRule]
    days: WorkingDays = Figure(value=10, source="ours")
    growth_days: Annotated[Figure, Bounds(1, 366)] = Figure(value=30, source="ours")
    #: The part of a successor's score that is its parent's interim result (B9).
    interim_weight: Percent = Figure(value=0, source="ours")


@value
class Switch:
    """What the bureau decided to do or not to do; ``source`` is a clause or "ours"."""

    value: bool
    source: str


@value
class JudgingRule:
    """The four questions and three attributes (B1, B2).

    ``pass_marks`` are 0–100. ``on_no`` decides whether the answer "no" to a question
    rejects or defers the item. ``quorum`` is a number of participants. With
    ``resources_decide``, an item for which resources do not suffice is not capable;
    otherwise that is only said.
    """

    pass_marks: Mapping[Attribute, Percent]
    #: A meeting has at least two people; the task force has fewer than a hundred.
    quorum: Annotated[Figure, Bounds(2, 100)]
    on_no: Mapping[Question, Step]
    resources_decide: Switch = Switch(value=True, source="ours")


@value
class Roles:
    """Roles that the bureau names for a purpose; ``source`` is a clause or "ours"."""

    roles: tuple[Role, ...]
    source: str


#: A number of days in the calendar, at most two years.
Days = Annotated[Figure, Bounds(1, 731)]


@value
class DeliberationRule:
    """Who meets, and when (B1).

    Posts with a role of ``chairs`` may chair; those with one of ``members`` count for
    the quorum. A meeting is convened at most ``ahead_days`` before its day. A screened
    item waits at most ``convene_days`` for a meeting; a meeting is closed within
    ``close_days`` after its day.
    """

    chairs: Roles
    members: Roles
    ahead_days: Days
    convene_days: Days
    close_days: Days


@value
class StarRule:
    """Perceived benefit and its stars (B3).

    ``weights`` are percent, sum 100. ``thresholds`` are the lowest benefit
    (0–100) of 2, 3, 4 and 5 stars, rising.
    """

    weights: Mapping[Dimension, Figure]
    thresholds: tuple[Figure, Figure, Figure, Figure]
    #: The part of a successor's benefit that is its parent's interim result (B9).
    interim_weight: Percent = Figure(value=0, source="ours")


@value
class SelectionRule:
    """Quotas of the December list (B5): most items, least stars.

    Only items judged for one of ``placements`` may enter; if empty, all may.
    """

    least_stars: Stars
    #: Working days after the cutoff: an area's proposal, and the city's list from them.
    propose_days: WorkingDays
    consolidate_days: WorkingDays
    #: Working days after the list came about, and after it was confirmed.
    confirm_days: WorkingDays
    publish_days: WorkingDays
    quota_per_unit: Count
    quota_per_area: Mapping[Area, Count]
    placements: tuple[Placement, ...] = ()


@value
class AssessmentRule:
    """Which items need an assessment (B7); all conditions must hold.

    ``from_people`` and ``from_money`` (yuan) are the scale of the plan from which it
    is needed. None, and empty ``areas`` or ``origins``, mean any.
    """

    kind: AssessmentKind
    from_stars: Stars | None = None
    from_people: Count | None = None
    from_money: Count | None = None
    areas: tuple[Area, ...] = ()
    origins: tuple[Origin, ...] = ()


@value
class ScaleRule:
    """How the scale of a plan is read from its targets and outcomes (B7).

    ``people`` are the units in which people are counted, ``money`` those of money
    with their value in yuan. The greatest figure in one of these units is the scale.
    """

    people: tuple[str, ...]
    money: Mapping[str, int]
    source: str


@value
class FulfilmentRule:
    """How a value is compared with its target; tolerances are percent."""

    tolerances: Mapping[str, Percent]
    zero_days: Annotated[Figure, Bounds(1, 366)]


@value
class EvaluationRule:
    """When the final evaluation passes; all in percent, 0–100.

    The mark of satisfaction that a plan agrees is at least ``satisfaction_mark``. A
    counted outcome that reaches ``partial_share`` of its mark is partly met. The
    ratings of touched service items count from ``least_ratings``. ``interval_z`` is
    the width of an interval in hundredths of a standard deviation: 196 for 95 percent.
    Where a third party judges an outcome, its report counts ``third_party_weight``
    percent, and the own figure the rest.
    """

    fulfilment_mark: Percent
    satisfaction_mark: Percent
    partial_share: Percent
    least_ratings: Count
    interval_z: Annotated[Figure, Bounds(1, 500)]
    third_party_weight: Annotated[Figure, Bounds(1, 100)]


@value
class AskedRule:
    """Which units are asked to respond to whose demands, by the kinds of both.

    With ``led``, only the unit that leads the demand's area is asked.
    """

    units: tuple[UnitKind, ...]
    of: tuple[UnitKind, ...]
    led: bool = False


@value
class ResponseRule:
    """Which demands are put to which units, and the working days to respond (B4).

    Demands judged for one of ``placements`` are put to units. ``decline_reasons`` are
    the codes by which a unit says that a demand is not its own.
    """

    source: str
    days: WorkingDays
    placements: tuple[Placement, ...]
    asked: tuple[AskedRule, ...]
    decline_reasons: Mapping[str, str]


@value
class PolicyRule:
    """When a measure shows a gap to its policy (A5); marks as for advice.

    A measure is made within ``measure_days`` working days after its policy was
    registered, and has an item within ``carry_days``. Complaints and ratings are those
    of the last ``span_days``. ``gap_title`` is what the item of a gap is called, with
    ``{title}`` for the measure's title.
    """

    measure_days: WorkingDays
    carry_days: Days
    span_days: Days
    progress_mark: Percent
    satisfaction_mark: Percent
    least_ratings: Count
    complaints: Count
    gap_title: str


@value
class AnswerRule:
    """How appeals are answered (A7); the days by channel stand in channels.yaml.

    An answer may be put off ``extensions`` times, by ``extension_days`` working days
    each. It is closed ``close_days`` working days after it was given, unless it was
    reopened. Within ``tell_days`` working days everyone on an item is told what
    happened to it, with the texts in ``drafts``: ``{title}``, ``{unit}``, ``{list}``,
    ``{reason}`` and ``{body}`` in them stand for what is public of it.
    ``reopen_reasons`` are the codes with which an answered appeal is taken up again.
    """

    source: str
    extensions: Annotated[Figure, Bounds(0, 10)]
    extension_days: WorkingDays
    close_days: WorkingDays
    tell_days: WorkingDays
    drafts: Mapping[Occasion, str]
    reopen_reasons: Mapping[str, str]


@value
class GatheringRule:
    """How appeals of one problem come together (A6), and when it repeats (N7, D2).

    The weights of the three parts of a likeness are percent, sum 100. All marks and
    deductions are per mille of the score; ``long_after`` is deducted in full at
    ``long_days``. What is proposed from ``likely_mark`` on counts with a hot problem.
    An appeal without an item is compared for ``look_back_days``. A
    problem repeats if at least ``repeat_appeals`` of ``repeat_people`` on
    ``repeat_channels`` came within ``repeat_days``.
    """

    whole_weight: Figure
    within_weight: Figure
    heading_weight: Figure
    numbers_differ: PerMille
    place_differs: PerMille
    long_after: PerMille
    long_days: Days
    link_mark: PerMille
    margin: PerMille
    propose_mark: PerMille
    likely_mark: PerMille
    proposals: Annotated[Figure, Bounds(1, 9)]
    look_back_days: Days
    repeat_appeals: Count
    repeat_channels: Count
    repeat_people: Count
    repeat_days: Days


@value
class Rules:
    """All figures of ``config/rules.yaml``."""

    screening: ScreeningRule
    gathering: GatheringRule
    judging: JudgingRule
    deliberation: DeliberationRule
    stars: StarRule
    selection: SelectionRule
    assessments: tuple[AssessmentRule, ...]
    scale: ScaleRule
    fulfilment: FulfilmentRule
    evaluation: EvaluationRule
    responses: ResponseRule
    policies: PolicyRule
    answers: AnswerRule
    #: Reason codes for rejections, with the bureau's text.
    reject_reasons: Mapping[str, str]
    return_reasons: Mapping[str, str]
    transfer_reasons: Mapping[str, str] = field(default_factory=dict)
    #: Who is in charge of what is not the bureau's, by code, with a name.
    referral_bodies: Mapping[str, str] = field(default_factory=dict)
