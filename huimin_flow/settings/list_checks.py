"""Checks of an opening list beyond its types: units, curves, tolerances (C5)."""

from __future__ import annotations

from collections import Counter
from operator import itemgetter

from huimin_flow.catalogue.reasons import ConfigCode, RulebookCode
from huimin_flow.catalogue.terms import EditionKind, IndicatorKind, UnitKind
from huimin_flow.model.executing.plans import Indicator, OpeningList
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.executing.figures import SEPARATORS
from huimin_flow.settings.yaml import Document, Place


def check_list(
    opening: OpeningList, book: Rulebook, year: int, document: Document
) -> None:
    """Record what is wrong with a list, compared with its rulebook."""
    if opening.year != year:
        document.problem(ConfigCode.MUST_BE, "year", allowed=year)
    if opening.kind is not EditionKind.OPENING:
        document.problem(ConfigCode.MUST_BE, "kind", allowed=EditionKind.OPENING)
    if opening.due < opening.dated:
        document.problem(ConfigCode.BEFORE_OTHER, "due", other="dated")
    leads = {
        unit.code
        for unit in book.organization.units_on(opening.dated)
        if unit.kind is not UnitKind.AUDITOR
    }
    curves = book.scoring.progress.curves
    if not opening.tasks:
        document.problem(ConfigCode.EMPTY, "tasks")
    document.distinct([task.task for task in opening.tasks], "task", "tasks")
    items = [task.item or -n for n, task in enumerate(opening.tasks)]
    document.distinct(items, "item", "tasks")
    for index, task in enumerate(opening.tasks):
        place = ("tasks", index)
        if task.lead_unit not in leads:
            code = RulebookCode.UNIT_NOT_THEN
            document.problem(code, *place, "lead_unit", day=opening.dated)
        if task.curve:
            document.among(task.curve, curves, *place, "curve")
        names = [indicator.name for indicator in task.indicators]
        document.distinct(names, "name", *place, "indicators")
        for n, indicator in enumerate(task.indicators):
            here = (*place, "indicators", n)
            _of_indicator(indicator, task.text, book, here, document)


def check_quotas(opening: OpeningList, book: Rulebook, document: Document) -> None:
    """Record a quota of rules.yaml that is below what a published list has (B5).

    ``document`` is that of rules.yaml.
    """
    rule, year = book.rules.selection, opening.year
    units = Counter(task.lead_unit for task in opening.tasks)
    unit, most = max(units.items(), key=itemgetter(1), default=("", 0))
    if most > rule.quota_per_unit.value:
        code, name = RulebookCode.UNIT_QUOTA_BELOW_LIST, book.organization.name_of(unit)
        here = ("selection", "quota_per_unit")
        document.problem(code, *here, year=year, unit=name, count=most)
    for area, count in Counter(task.area for task in opening.tasks).items():
        if count > rule.quota_per_area[area].value:
            code = RulebookCode.AREA_QUOTA_BELOW_LIST
            place = ("selection", "quota_per_area", area.value)
            document.problem(code, *place, year=year, area=area, count=count)


#: The mark in a quote for left-out words.
LEFT_OUT = "……"


def _of_indicator(
    indicator: Indicator, text: str, book: Rulebook, place: Place, document: Document
) -> None:
    if indicator.value < 0:
        document.problem(ConfigCode.TOO_SMALL, *place, "value", least=0)
    if indicator.kind is IndicatorKind.FULL and not indicator.denominator:
        document.problem(ConfigCode.ENTRY_MISSING, *place, name="denominator")
    _of_members(indicator, (*place, "members"), document)
    if indicator.tolerance is not None:
        tolerances = book.rules.fulfilment.tolerances
        document.among(indicator.tolerance, tolerances, *place, "tolerance")
    if not all(part in text for part in indicator.quote.split(LEFT_OUT)):
        document.problem(RulebookCode.NOT_QUOTED, *place, "quote")


def _of_members(indicator: Indicator, place: Place, document: Document) -> None:
    """Record why a set's members cannot be reported by name."""
    names = indicator.members
    if names and indicator.kind is not IndicatorKind.SET:
        document.problem(RulebookCode.MEMBERS_OF_NO_SET, *place)
    if len(names) > max(indicator.value, 0):
        document.problem(RulebookCode.MORE_MEMBERS_THAN_TARGET, *place)
    for n, name in enumerate(names):
        if not name.strip():
            document.problem(ConfigCode.EMPTY, *place, n)
        elif names.count(name) > 1:
            document.problem(ConfigCode.REPEATED, *place, n)
        if any(mark in name for mark in SEPARATORS):
            document.problem(RulebookCode.MEMBER_WITH_MARK, *place, n)
