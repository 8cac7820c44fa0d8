"""The figures that rules use; each has its source (X5)."""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    Attribute,
    Criterion,
    Dimension,
    Origin,
    Placement,
    Question,
    Step,
)
from huimin_flow.model.core.values import value


@value
class Figure:
    """A number that the bureau may change; ``source`` is a clause or "ours"."""

    value: int
    source: str


@value
class PrevalenceRule:
    """How an item's appeals become prevalence, 0–100 (A3).

    Each ``full_*`` is the count that gets the full weight (percent).
    """

    people_weight: Figure
    full_people: Figure
    places_weight: Figure
    full_places: Figure
    channels_weight: Figure
    full_channels: Figure


@value
class CriteriaRule:
    """Weights (percent, sum 100) and pass mark (0–100) of one origin."""

    weights: Mapping[Criterion, Figure]
    pass_mark: Figure


@value
class ScreeningRule:
    """Screening by origin (A3, A4, A5)."""

    prevalence: PrevalenceRule
    criteria: Mapping[Origin, CriteriaRule]


@value
class JudgingRule:
    """The four questions and three attributes (B1, B2).

    ``pass_marks`` are 0–100. ``on_no`` decides whether the answer "no" to a question
    rejects or defers the item. ``quorum`` is a number of participants.
    """

    pass_marks: Mapping[Attribute, Figure]
    quorum: Figure
    on_no: Mapping[Question, Step]


@value
class StarRule:
    """Perceived benefit and its stars (B3).

    ``weights`` are percent, sum 100. ``thresholds`` are the lowest benefit
    (0–100) of 2, 3, 4 and 5 stars, rising.
    """

    weights: Mapping[Dimension, Figure]
    thresholds: tuple[Figure, Figure, Figure, Figure]


@value
class SelectionRule:
    """Quotas of the December list (B5): most items, least stars.

    Only items judged for one of ``placements`` may enter; if empty, all may.
    """

    least_stars: Figure
    quota_per_unit: Figure
    quota_per_area: Mapping[Area, Figure]
    placements: tuple[Placement, ...] = ()


@value
class AssessmentRule:
    """Which items need an assessment: from this number of stars, in these areas.

    Empty ``areas`` or ``origins`` mean all of them.
    """

    kind: AssessmentKind
    from_stars: Figure
    areas: tuple[Area, ...] = ()
    origins: tuple[Origin, ...] = ()


@value
class FulfilmentRule:
    """How a value is compared with its target; tolerances are percent."""

    tolerances: Mapping[str, Figure]
    zero_days: Figure


@value
class EvaluationRule:
    """When the final evaluation passes; all in percent, 0–100."""

    fulfilment_mark: Figure
    satisfaction_mark: Figure


@value
class Rules:
    """All figures of ``config/rules.yaml``."""

    screening: ScreeningRule
    judging: JudgingRule
    stars: StarRule
    selection: SelectionRule
    assessments: tuple[AssessmentRule, ...]
    fulfilment: FulfilmentRule
    evaluation: EvaluationRule
    #: Reason codes for rejections, with the bureau's text.
    reject_reasons: Mapping[str, str]
    return_reasons: Mapping[str, str]
