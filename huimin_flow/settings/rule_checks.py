"""What rules.yaml must hold beyond its shape: sums, order, ranges, words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from huimin_flow.catalogue.reasons import ConfigCode, RulebookCode
from huimin_flow.catalogue.terms import (
    Area,
    Attribute,
    Dimension,
    Origin,
    Question,
    Step,
)
from huimin_flow.model.core.rules import Figure, Rules
from huimin_flow.settings.document import COUNT, PERCENT, STARS, Document, Place

#: A meeting of one is none; the task force has no hundred members.
_QUORUM = (2, 100)
#: An area may be left out of a year's list.
_QUOTA = (0, 10**9)
#: A limit in days, of a year at most.
_DAYS = (1, 366)


def check_rules(rules: Rules, document: Document) -> None:
    """Note what is wrong with the figures of rules.yaml."""
    screening, judging = rules.screening, rules.judging
    place = ["screening", "criteria"]
    document.complete(screening.criteria, Origin, place)
    for origin, criteria in screening.criteria.items():
        weights = criteria.weights.values()
        document.hundred(weights, [*place, origin.value, "weights"])
    prevalence = screening.prevalence
    shares = (
        prevalence.people_weight,
        prevalence.places_weight,
        prevalence.channels_weight,
    )
    document.hundred(shares, ["screening", "prevalence"])
    document.complete(judging.pass_marks, Attribute, ["judging", "pass_marks"])
    place = ["judging", "on_no"]
    document.complete(judging.on_no, Question, place)
    for question, step in judging.on_no.items():
        if step not in {Step.REJECT, Step.DEFER}:
            here, steps = [*place, question.value], (Step.REJECT, Step.DEFER)
            document.problem(here, ConfigCode.MUST_BE, allowed=steps)
    place = ["stars", "weights"]
    document.complete(rules.stars.weights, Dimension, place)
    document.hundred(rules.stars.weights.values(), place)
    marks = [threshold.value for threshold in rules.stars.thresholds]
    if any(low >= high for low, high in pairwise([0, *marks, 101])):
        document.problem(["stars", "thresholds"], RulebookCode.THRESHOLDS)
    quotas = rules.selection.quota_per_area
    document.complete(quotas, Area, ["selection", "quota_per_area"])
    # The codes for which rules themselves reject.
    needed = ("below_pass_mark", "answered_no", "conditions_not_ready")
    document.complete(rules.reject_reasons, needed, ["reject_reasons"])
    for figure, bounds, where in _ranges(rules):
        document.within(figure, bounds, where)


def _ranges(rules: Rules) -> Iterator[tuple[Figure, tuple[int, int], Place]]:
    """Yield each figure with the bounds between which it lies, and its place."""
    for origin, criteria in rules.screening.criteria.items():
        here = ("screening", "criteria", origin.value, "pass_mark")
        yield criteria.pass_mark, PERCENT, here
    for name in ("full_people", "full_places", "full_channels"):
        figure = getattr(rules.screening.prevalence, name)
        yield figure, COUNT, ("screening", "prevalence", name)
    judging, selection = rules.judging, rules.selection
    yield judging.quorum, _QUORUM, ("judging", "quorum")
    for attribute, mark in judging.pass_marks.items():
        yield mark, PERCENT, ("judging", "pass_marks", attribute.value)
    yield selection.least_stars, STARS, ("selection", "least_stars")
    yield selection.quota_per_unit, COUNT, ("selection", "quota_per_unit")
    for area, quota in selection.quota_per_area.items():
        yield quota, _QUOTA, ("selection", "quota_per_area", area.value)
    for index, assessment in enumerate(rules.assessments):
        yield assessment.from_stars, STARS, ("assessments", index, "from_stars")
    for name, tolerance in rules.fulfilment.tolerances.items():
        yield tolerance, PERCENT, ("fulfilment", "tolerances", name)
    yield rules.fulfilment.zero_days, _DAYS, ("fulfilment", "zero_days")
    for name in ("fulfilment_mark", "satisfaction_mark"):
        yield getattr(rules.evaluation, name), PERCENT, ("evaluation", name)
