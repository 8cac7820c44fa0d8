"""What an opening list must hold beyond its shape: units, curves, tolerances (C5)."""

from __future__ import annotations

from collections.abc import Iterator

from huimin_flow.catalogue.terms import EditionKind, IndicatorKind, UnitKind
from huimin_flow.model.indicator import Indicator
from huimin_flow.model.opening import OpeningList
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.members import APART
from huimin_flow.settings.document import Document


def of_list(
    opening: OpeningList, book: Rulebook, year: int, document: Document
) -> Iterator[str]:
    """Yield what is wrong with a list, held against the rulebook it runs under."""
    if opening.year != year:
        yield document.problem(["year"], "与文件名的年份不符", f"请写{year}")
    if opening.kind is not EditionKind.OPENING:
        yield document.problem(["kind"], "只能是 opening", "请改正")
    if opening.due < opening.dated:
        yield document.problem(["due"], "早于清单日期", "请核对")
    leads = {
        one.code
        for one in book.organization.units_on(opening.dated)
        if one.kind is not UnitKind.AUDITOR
    }
    curves = book.scoring.progress.curves
    numbers = [one.task for one in opening.tasks]
    for index, task in enumerate(opening.tasks):
        place: list[str | int] = ["tasks", index]
        if numbers.count(task.task) > 1:
            yield document.problem([*place, "task"], "序号重复", "请改正")
        if task.lead_unit not in leads:
            yield document.problem(
                [*place, "lead_unit"], "清单之日没有该单位", "请核对 organization.yaml"
            )
        if task.curve and task.curve not in curves:
            yield document.problem(
                [*place, "curve"], "没有这条曲线", "请核对 scoring.yaml"
            )
        names = [one.name for one in task.indicators]
        for n, indicator in enumerate(task.indicators):
            here = [*place, "indicators", n]
            if names.count(indicator.name) > 1:
                yield document.problem([*here, "name"], "指标名称重复", "请改正")
            yield from _of_indicator(indicator, task.text, book, here, document)


def _of_indicator(
    indicator: Indicator,
    text: str,
    book: Rulebook,
    place: list[str | int],
    document: Document,
) -> Iterator[str]:
    if indicator.value < 0:
        yield document.problem([*place, "value"], "不能为负", "请改正")
    if indicator.kind is IndicatorKind.FULL and not indicator.denominator:
        yield document.problem(place, "“应返尽返”一类须写明 denominator", "请补上")
    yield from _of_members(indicator, [*place, "members"], document)
    known = book.rules.fulfilment.tolerances
    if indicator.tolerance is not None and indicator.tolerance not in known:
        yield document.problem(
            [*place, "tolerance"], "规则库没有该允许偏差", "请核对 rules.yaml"
        )
    if not all(part in text for part in indicator.quote.split("……")):
        yield document.problem([*place, "quote"], "不是原文中的字句", "请照录原文")


def _of_members(
    indicator: Indicator, place: list[str | int], document: Document
) -> Iterator[str]:
    """Yield what keeps a set's members from being reported by name."""
    names = indicator.members
    if names and indicator.kind is not IndicatorKind.SET:
        yield document.problem(place, "只有 set 一类有成员", "请删去 members")
    if len(names) > max(indicator.value, 0):
        yield document.problem(place, "成员多于目标值", "请核对 value")
    for n, one in enumerate(names):
        here = [*place, n]
        if names.count(one) > 1 or not one.strip():
            yield document.problem(here, "成员为空或重复", "请改正")
        if any(mark in one for mark in APART):
            yield document.problem(
                here, "成员名称里有顿号、分号或换行", "填报表用它们隔开成员,请改写"
            )
