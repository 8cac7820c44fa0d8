"""What rules.yaml must hold beyond its shape: sums, order, ranges, words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from huimin_flow.catalogue.terms import (
    Area,
    Attribute,
    Dimension,
    Origin,
    Question,
    Step,
)
from huimin_flow.model.rules import Rules
from huimin_flow.settings.document import Document
from huimin_flow.settings.figures import (
    COUNT,
    PERCENT,
    STARS,
    complete,
    hundred,
    within,
)


def of_rules(rules: Rules, document: Document) -> Iterator[str]:
    """Yield what is wrong with the figures of rules.yaml."""
    yield from _of_screening(rules, document)
    yield from _of_judging(rules, document)
    yield from _of_stars(rules, document)
    yield from _of_selection(rules, document)
    yield from _of_results(rules, document)
    for needed in ("below_pass_mark", "answered_no", "conditions_not_ready"):
        if needed not in rules.reject_reasons:
            yield document.problem(
                ["reject_reasons"], f"缺少规则使用的理由代码 {needed}", "请补上该代码"
            )


def _of_screening(rules: Rules, document: Document) -> Iterator[str]:
    place = ["screening", "criteria"]
    yield from complete(rules.screening.criteria, Origin, document, place)
    for origin, criteria in rules.screening.criteria.items():
        here = [*place, origin.value]
        yield from hundred(criteria.weights.values(), document, [*here, "weights"])
        yield from within(criteria.pass_mark, PERCENT, document, [*here, "pass_mark"])
    prevalence = rules.screening.prevalence
    shares = (
        prevalence.people_weight,
        prevalence.places_weight,
        prevalence.channels_weight,
    )
    here = ["screening", "prevalence"]
    yield from hundred(shares, document, here)
    for name in ("full_people", "full_places", "full_channels"):
        yield from within(getattr(prevalence, name), COUNT, document, [*here, name])


def _of_judging(rules: Rules, document: Document) -> Iterator[str]:
    judging = rules.judging
    yield from within(judging.quorum, _QUORUM, document, ["judging", "quorum"])
    place = ["judging", "pass_marks"]
    yield from complete(judging.pass_marks, Attribute, document, place)
    for attribute, mark in judging.pass_marks.items():
        yield from within(mark, PERCENT, document, [*place, attribute.value])
    place = ["judging", "on_no"]
    yield from complete(judging.on_no, Question, document, place)
    for question, step in judging.on_no.items():
        if step not in {Step.REJECT, Step.DEFER}:
            here = [*place, question.value]
            yield document.problem(here, "只能是 reject 或 defer", "请改成二者之一")


def _of_stars(rules: Rules, document: Document) -> Iterator[str]:
    place = ["stars", "weights"]
    yield from complete(rules.stars.weights, Dimension, document, place)
    yield from hundred(rules.stars.weights.values(), document, place)
    marks = [one.value for one in rules.stars.thresholds]
    if any(low >= high for low, high in pairwise([0, *marks, 101])):
        yield document.problem(
            ["stars", "thresholds"], "档次应在1至100之间逐档升高", "请按二星到五星排列"
        )


def _of_selection(rules: Rules, document: Document) -> Iterator[str]:
    selection = rules.selection
    place = ["selection"]
    yield from within(selection.least_stars, STARS, document, [*place, "least_stars"])
    here = [*place, "quota_per_unit"]
    yield from within(selection.quota_per_unit, COUNT, document, here)
    here = [*place, "quota_per_area"]
    yield from complete(selection.quota_per_area, Area, document, here)
    for area, quota in selection.quota_per_area.items():
        yield from within(quota, _QUOTA, document, [*here, area.value])
    for index, one in enumerate(rules.assessments):
        which: list[str | int] = ["assessments", index, "from_stars"]
        yield from within(one.from_stars, STARS, document, which)


def _of_results(rules: Rules, document: Document) -> Iterator[str]:
    for name, tolerance in rules.fulfilment.tolerances.items():
        place = ["fulfilment", "tolerances", name]
        yield from within(tolerance, PERCENT, document, place)
    place = ["fulfilment", "zero_days"]
    yield from within(rules.fulfilment.zero_days, _DAYS, document, place)
    for name in ("fulfilment_mark", "satisfaction_mark"):
        mark = getattr(rules.evaluation, name)
        yield from within(mark, PERCENT, document, ["evaluation", name])


#: A meeting of one is none; the task force has no hundred members.
_QUORUM = (2, 100)
#: An area may be left out of a year's list.
_QUOTA = (0, 10**9)
#: A limit in days, of a year at most.
_DAYS = (1, 366)
