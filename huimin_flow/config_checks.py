"""What a rulebook must hold beyond the shape of each file: sums, order, names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from huimin_flow.model.organization import Organization, Unit
from huimin_flow.model.rulebook import Calendar, Slot
from huimin_flow.model.rules import Figure, Rules
from huimin_flow.terms import (
    Area,
    Attribute,
    Dimension,
    Origin,
    Question,
    Role,
    Step,
)
from huimin_flow.yaml_places import Document


def of_rules(rules: Rules, document: Document) -> Iterator[str]:
    """Yield what is wrong with the figures of rules.yaml."""
    yield from _of_screening(rules, document)
    yield from _complete(
        rules.judging.pass_marks, Attribute, document, "judging.pass_marks"
    )
    yield from _complete(rules.judging.on_no, Question, document, "judging.on_no")
    for question, step in rules.judging.on_no.items():
        if step not in {Step.REJECT, Step.DEFER}:
            place = ["judging", "on_no", question.value]
            yield document.problem(place, "只能是 reject 或 defer", "请改成二者之一")
    yield from _complete(rules.stars.weights, Dimension, document, "stars.weights")
    yield from _hundred(rules.stars.weights.values(), document, ["stars", "weights"])
    marks = [one.value for one in rules.stars.thresholds]
    if any(low >= high for low, high in pairwise([0, *marks, 101])):
        yield document.problem(
            ["stars", "thresholds"], "档次应在1至100之间逐档升高", "请按二星到五星排列"
        )
    yield from _complete(
        rules.selection.quota_per_area, Area, document, "selection.quota_per_area"
    )
    yield from _within(
        rules.selection.least_stars,
        1,
        5,
        document,
        ["selection", "least_stars", "value"],
    )
    for needed in ("below_pass_mark", "answered_no", "conditions_not_ready"):
        if needed not in rules.reject_reasons:
            yield document.problem(
                ["reject_reasons"], f"缺少规则使用的理由代码 {needed}", "请补上该代码"
            )


def of_organization(organization: Organization, document: Document) -> Iterator[str]:
    """Yield what is wrong with units, areas, roles and people."""
    codes = {unit.code for unit in organization.units}
    for index, (one, other) in _pairs(organization.units):
        if one.code == other.code and _overlap(one, other):
            yield document.problem(
                ["units", index, "code"], "同一天有两个单位使用该代码", "请核对起止日期"
            )
    if organization.office not in codes:
        yield document.problem(["office"], "没有该代码的单位", "请在 units 中补上")
    yield from _complete(organization.areas, Area, document, "areas")
    for area, lead in organization.areas.items():
        if lead.lead_unit not in codes:
            yield document.problem(
                ["areas", area.value, "lead_unit"],
                "没有该代码的单位",
                "请在 units 中补上",
            )
    yield from _complete(organization.roles, Role, document, "roles")
    seen: set[str] = set()
    for index, person in enumerate(organization.people):
        if person.unit not in codes:
            yield document.problem(
                ["people", index, "unit"], "没有该代码的单位", "请在 units 中补上"
            )
        if person.id in seen:
            yield document.problem(
                ["people", index, "id"], "岗位代号重复", "请改用另一个代号"
            )
        seen.add(person.id)


def of_timetable(slots: tuple[Slot, ...], document: Document) -> Iterator[str]:
    """Yield what is wrong with the slots; the listing stays within 中旬 (B5)."""
    jobs = [slot.job for slot in slots]
    for index, slot in enumerate(slots):
        if jobs.count(slot.job) > 1:
            yield document.problem([index, "job"], "作业重复", "请只保留一条")
        if not 0 <= slot.hour <= 23:
            yield document.problem([index, "hour"], "应在0至23之间", "请写整点")
        if slot.of is not None and slot.of not in jobs:
            yield document.problem([index, "of"], "没有该作业", "请核对作业名")
        if slot.job == "listing":
            yield from _mid_december(slot, document, index)


def of_calendar(calendar: Calendar) -> Iterator[str]:
    """Yield what is wrong with the years of holidays/."""
    years = [one.year for one in calendar.years]
    for earlier, later in pairwise(years):
        if later != earlier + 1:
            yield f"holidays/:{earlier}年之后缺{earlier + 1}年;请补上该年的文件"
    for one in calendar.years:
        days = [*one.days_off, *one.working_weekends]
        if any(day.year != one.year for day in days):
            yield f"holidays/{one.year}.yaml:有不属于{one.year}年的日期;请改正"
        if any(day.weekday() < 5 for day in one.working_weekends):
            yield f"holidays/{one.year}.yaml:working_weekends 只列周末;请改正"


def _mid_december(slot: Slot, document: Document, index: int) -> Iterator[str]:
    within = (
        slot.month == 12
        and slot.earliest is not None
        and slot.latest is not None
        and slot.day is not None
        and 11 <= slot.earliest <= slot.day <= slot.latest <= 20
    )
    if not within:
        yield document.problem(
            [index, "day"],
            "清单截止须在12月中旬(11至20日),顺延也不得越出",
            "请改正 month、day、earliest、latest",
        )


def _hundred(
    figures: Iterable[Figure], document: Document, place: Sequence[str | int]
) -> Iterator[str]:
    total = sum(one.value for one in figures)
    if total != 100:
        yield document.problem(place, f"权重之和为{total}", "各项之和应为100")


def _within(
    figure: Figure, low: int, high: int, document: Document, place: Sequence[str | int]
) -> Iterator[str]:
    if not low <= figure.value <= high:
        yield document.problem(place, f"应在{low}至{high}之间", "请改正")


def _complete(
    given: Mapping[Any, object],
    words: Iterable[object],
    document: Document,
    key: str,
) -> Iterator[str]:
    for word in words:
        if word not in given:
            yield document.problem(key.split("."), f"缺少 {word}", "请补上该项")


def _pairs(units: tuple[Unit, ...]) -> Iterator[tuple[int, tuple[Unit, Unit]]]:
    for (_, one), (index, other) in combinations(enumerate(units), 2):
        yield index, (one, other)


def _overlap(one: Unit, other: Unit) -> bool:
    begins = one.valid_from is None or other.valid_to is None
    ends = other.valid_from is None or one.valid_to is None
    return (begins or _before(one.valid_from, other.valid_to)) and (
        ends or _before(other.valid_from, one.valid_to)
    )


def _before(first: object, second: object) -> bool:
    return str(first) < str(second)


def _of_screening(rules: Rules, document: Document) -> Iterator[str]:
    yield from _complete(
        rules.screening.criteria, Origin, document, "screening.criteria"
    )
    for origin, criteria in rules.screening.criteria.items():
        place = ["screening", "criteria", origin.value, "weights"]
        yield from _hundred(criteria.weights.values(), document, place)
        mark = ["screening", "criteria", origin.value, "pass_mark", "value"]
        yield from _within(criteria.pass_mark, 0, 100, document, mark)
    prevalence = rules.screening.prevalence
    shares = (
        prevalence.people_weight,
        prevalence.places_weight,
        prevalence.channels_weight,
    )
    yield from _hundred(shares, document, ["screening", "prevalence"])
    for name in ("full_people", "full_places", "full_channels"):
        place = ["screening", "prevalence", name, "value"]
        yield from _within(getattr(prevalence, name), 1, 10**9, document, place)
