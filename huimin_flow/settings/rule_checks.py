"""What rules.yaml must hold beyond its shape: sums, order, ranges, words."""

from __future__ import annotations

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
from huimin_flow.model.rules import Rules
from huimin_flow.settings.document import COUNT, PERCENT, STARS, Document


def check_rules(rules: Rules, document: Document) -> None:
    """Note what is wrong with the figures of rules.yaml."""
    _of_screening(rules, document)
    _of_judging(rules, document)
    _of_stars(rules, document)
    _of_selection(rules, document)
    _of_results(rules, document)
    # The codes for which rules themselves reject.
    needed = ("below_pass_mark", "answered_no", "conditions_not_ready")
    document.complete(rules.reject_reasons, needed, ["reject_reasons"])


def _of_screening(rules: Rules, document: Document) -> None:
    place = ["screening", "criteria"]
    document.complete(rules.screening.criteria, Origin, place)
    for origin, criteria in rules.screening.criteria.items():
        here = [*place, origin.value]
        document.hundred(criteria.weights.values(), [*here, "weights"])
        document.within(criteria.pass_mark, PERCENT, [*here, "pass_mark"])
    prevalence = rules.screening.prevalence
    shares = (
        prevalence.people_weight,
        prevalence.places_weight,
        prevalence.channels_weight,
    )
    here = ["screening", "prevalence"]
    document.hundred(shares, here)
    for name in ("full_people", "full_places", "full_channels"):
        document.within(getattr(prevalence, name), COUNT, [*here, name])


def _of_judging(rules: Rules, document: Document) -> None:
    judging = rules.judging
    document.within(judging.quorum, _QUORUM, ["judging", "quorum"])
    place = ["judging", "pass_marks"]
    document.complete(judging.pass_marks, Attribute, place)
    for attribute, mark in judging.pass_marks.items():
        document.within(mark, PERCENT, [*place, attribute.value])
    place = ["judging", "on_no"]
    document.complete(judging.on_no, Question, place)
    for question, step in judging.on_no.items():
        if step not in {Step.REJECT, Step.DEFER}:
            here, steps = [*place, question.value], (Step.REJECT, Step.DEFER)
            document.problem(here, ConfigCode.MUST_BE, allowed=steps)


def _of_stars(rules: Rules, document: Document) -> None:
    place = ["stars", "weights"]
    document.complete(rules.stars.weights, Dimension, place)
    document.hundred(rules.stars.weights.values(), place)
    marks = [one.value for one in rules.stars.thresholds]
    if any(low >= high for low, high in pairwise([0, *marks, 101])):
        document.problem(["stars", "thresholds"], RulebookCode.THRESHOLDS)


def _of_selection(rules: Rules, document: Document) -> None:
    selection = rules.selection
    place = ["selection"]
    document.within(selection.least_stars, STARS, [*place, "least_stars"])
    here = [*place, "quota_per_unit"]
    document.within(selection.quota_per_unit, COUNT, here)
    here = [*place, "quota_per_area"]
    document.complete(selection.quota_per_area, Area, here)
    for area, quota in selection.quota_per_area.items():
        document.within(quota, _QUOTA, [*here, area.value])
    for index, one in enumerate(rules.assessments):
        which: list[str | int] = ["assessments", index, "from_stars"]
        document.within(one.from_stars, STARS, which)


def _of_results(rules: Rules, document: Document) -> None:
    for name, tolerance in rules.fulfilment.tolerances.items():
        place = ["fulfilment", "tolerances", name]
        document.within(tolerance, PERCENT, place)
    place = ["fulfilment", "zero_days"]
    document.within(rules.fulfilment.zero_days, _DAYS, place)
    for name in ("fulfilment_mark", "satisfaction_mark"):
        mark = getattr(rules.evaluation, name)
        document.within(mark, PERCENT, ["evaluation", name])


#: A meeting of one is none; the task force has no hundred members.
_QUORUM = (2, 100)
#: An area may be left out of a year's list.
_QUOTA = (0, 10**9)
#: A limit in days, of a year at most.
_DAYS = (1, 366)
