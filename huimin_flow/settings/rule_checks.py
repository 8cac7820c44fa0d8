"""Checks of rules.yaml beyond its types: sums, order, ranges, words."""

from __future__ import annotations

from collections.abc import Callable
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
from huimin_flow.model.core.rules import Rules
from huimin_flow.settings.yaml import COUNT, PERCENT, STARS, Document

#: A meeting has at least two people; the task force has fewer than a hundred.
_QUORUM = (2, 100)
#: A quota of 0 leaves an area out of a year's list.
_QUOTA = (0, 10**9)
#: A limit in days, at most a year.
_DAYS = (1, 366)


def check_rules(rules: Rules, document: Document) -> None:
    """Record what is wrong with the figures of rules.yaml."""
    screening, judging = rules.screening, rules.judging
    place = ["screening", "criteria"]
    document.complete(screening.criteria, Origin, *place)
    for origin, criteria in screening.criteria.items():
        weights = criteria.weights.values()
        document.hundred(weights, *place, origin.value, "weights")
    prevalence = screening.prevalence
    parts = ("people", "places", "channels")
    shares = [getattr(prevalence, f"{part}_weight") for part in parts]
    document.hundred(shares, "screening", "prevalence")
    document.complete(judging.pass_marks, Attribute, "judging", "pass_marks")
    place = ["judging", "on_no"]
    document.complete(judging.on_no, Question, *place)
    for question, step in judging.on_no.items():
        if step not in {Step.REJECT, Step.DEFER}:
            code, steps = ConfigCode.MUST_BE, (Step.REJECT, Step.DEFER)
            document.problem(code, *place, question.value, allowed=steps)
    place = ["stars", "weights"]
    document.complete(rules.stars.weights, Dimension, *place)
    document.hundred(rules.stars.weights.values(), *place)
    marks = [threshold.value for threshold in rules.stars.thresholds]
    if any(low >= high for low, high in pairwise([0, *marks, 101])):
        document.problem(RulebookCode.THRESHOLDS, "stars", "thresholds")
    quotas = rules.selection.quota_per_area
    document.complete(quotas, Area, "selection", "quota_per_area")
    # The codes with which rules reject an item.
    needed = ("below_pass_mark", "answered_no", "conditions_not_ready")
    document.complete(rules.reject_reasons, needed, "reject_reasons")
    _within_bounds(rules, document.within)


def _within_bounds(rules: Rules, within: Callable[..., None]) -> None:
    """Record the figures outside their bounds."""
    for origin, criteria in rules.screening.criteria.items():
        place = ("screening", "criteria", origin.value, "pass_mark")
        within(criteria.pass_mark, PERCENT, *place)
    for name in ("full_people", "full_places", "full_channels"):
        figure = getattr(rules.screening.prevalence, name)
        within(figure, COUNT, "screening", "prevalence", name)
    judging, selection = rules.judging, rules.selection
    within(judging.quorum, _QUORUM, "judging", "quorum")
    for attribute, mark in judging.pass_marks.items():
        within(mark, PERCENT, "judging", "pass_marks", attribute.value)
    within(selection.least_stars, STARS, "selection", "least_stars")
    within(selection.quota_per_unit, COUNT, "selection", "quota_per_unit")
    for area, quota in selection.quota_per_area.items():
        within(quota, _QUOTA, "selection", "quota_per_area", area.value)
    for index, assessment in enumerate(rules.assessments):
        within(assessment.from_stars, STARS, "assessments", index, "from_stars")
    for name, tolerance in rules.fulfilment.tolerances.items():
        within(tolerance, PERCENT, "fulfilment", "tolerances", name)
    within(rules.fulfilment.zero_days, _DAYS, "fulfilment", "zero_days")
    for name in ("fulfilment_mark", "satisfaction_mark"):
        within(getattr(rules.evaluation, name), PERCENT, "evaluation", name)
