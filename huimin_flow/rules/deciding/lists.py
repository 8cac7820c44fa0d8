"""The December selection: by strength, within quotas, with stated ties (B5).

The order is total: more stars, more benefit, more prevalence, longer waiting,
lower number. It does not depend on the order in which candidates come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal

from huimin_flow.catalogue.reasons import Code
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import SelectionRule
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.lists import Candidate, Place
from huimin_flow.model.items import Item

RULE: Final = "selection"
REVISION: Final = 1

By = Literal["unit", "area"]


@value
class Selection:
    """Who is chosen, in rank order, and who is left out with the reason.

    ``ordered`` are all candidates, strongest first: what the choice rested on.
    """

    by: By
    ordered: tuple[Candidate, ...]
    chosen: tuple[Place, ...]
    left_out: tuple[tuple[str, Reason], ...]


def candidates(items: Iterable[Item]) -> list[Candidate]:
    """Return what selection needs to know of starred items, in their order."""
    return [
        Candidate(
            number=item.number,
            unit=item.unit,
            area=item.area,
            stars=item.stars or 0,
            benefit=int(Decimal(item.perceived_benefit or 0) * 100),
            prevalence=item.prevalence or 0,
            since=item.collected_on,
            placement=item.placement,
        )
        for item in items
    ]


def select(
    candidates: Sequence[Candidate], rule: SelectionRule, *, by: By
) -> Selection:
    """Choose the strongest candidates within the quota of each unit or area.

    A unit's list is chosen by unit from its own candidates, the city list by
    area from those of all. Ranks run through all that are chosen.

    >>> from datetime import date
    >>> from huimin_flow.model.core.rules import Figure
    >>> from huimin_flow.catalogue.terms import Area
    >>> rule = SelectionRule(
    ...     least_stars=Figure(value=3, source="ours"),
    ...     quota_per_unit=Figure(value=1, source="ours"), quota_per_area={},
    ... )
    >>> items = [
    ...     Candidate(number=number, unit="500101", area=Area.TALENT, stars=4,
    ...               benefit=8375, prevalence=60, since=date(2026, 3, day))
    ...     for number, day in (("2026-00007", 9), ("2026-00012", 1))
    ... ]
    >>> found = select(items, rule, by="unit")
    >>> [place.item for place in found.chosen]
    ['2026-00012']

    """
    ordered = tuple(
        sorted(
            candidates,
            key=lambda each: (
                -each.stars,
                -each.benefit,
                -each.prevalence,
                each.since,
                each.number,
            ),
        )
    )
    places: list[Place] = []
    left_out: list[tuple[str, Reason]] = []
    taken: Counter[str] = Counter()
    for one in ordered:
        group = one.unit if by == "unit" else one.area.value
        obstacle = _obstacle(one, taken[group], rule, by)
        if obstacle is not None:
            left_out.append((one.number, obstacle))
            continue
        taken[group] += 1
        places.append(
            Place(
                item=one.number,
                rank=len(places) + 1,
                unit=one.unit,
                area=one.area,
                stars=one.stars,
            )
        )
    return Selection(
        by=by, ordered=ordered, chosen=tuple(places), left_out=tuple(left_out)
    )


def consolidate(
    candidates: Sequence[Candidate], units: Iterable[str], rule: SelectionRule
) -> tuple[dict[str, Selection], Selection]:
    """Choose each unit's list, then the city's from what the units chose (C3).

    ``units`` keep a list even where it stays empty (B4); a candidate's unit
    that is not among them keeps one, too.
    """
    by_unit: dict[str, Selection] = {}
    chosen: list[Candidate] = []
    for unit in sorted({*units, *(one.unit for one in candidates)}):
        mine = [one for one in candidates if one.unit == unit]
        by_unit[unit] = select(mine, rule, by="unit")
        names = {place.item for place in by_unit[unit].chosen}
        chosen += [one for one in mine if one.number in names]
    return by_unit, select(chosen, rule, by="area")


def placed_after(before: Sequence[Place], chosen: Sequence[Place]) -> tuple[Place, ...]:
    """Return the places of a list that existed, and after them those now chosen."""
    there = {one.item for one in before}
    last = max((one.rank for one in before), default=0)
    more = [one for one in chosen if one.item not in there]
    return (
        *before,
        *(replace(one, rank=last + n) for n, one in enumerate(more, 1)),
    )


def verdict_for(selection: Selection, number: str) -> Verdict:
    """Return what the selection found of one candidate.

    ``score`` is its perceived benefit; ``inputs`` its figures, its ``position``
    in the order of strength, how many stood for election, and its rank.

    Raises:
        KeyError: if it wasn't a candidate.

    """
    positions = {one.number: n for n, one in enumerate(selection.ordered, 1)}
    position = positions[number]
    one = selection.ordered[position - 1]
    ranks = {place.item: place.rank for place in selection.chosen}
    rank = ranks.get(number)
    if rank is None:
        reason = dict(selection.left_out)[number]
    else:
        reason = Reason(code=Code.SELECTED, values={"rank": rank})
    inputs: dict[str, Plain] = {
        "by": selection.by,
        "candidates": len(selection.ordered),
        "position": position,
        "rank": rank,
        "number": one.number,
        "unit": one.unit,
        "area": one.area.value,
        "stars": one.stars,
        "benefit": one.benefit,
        "prevalence": one.prevalence,
        "since": one.since.isoformat(),
    }
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=rank is not None,
        score=f"{one.benefit // 100}.{one.benefit % 100:02d}",
        reasons=(reason,),
        inputs=inputs,
    )


def _obstacle(one: Candidate, taken: int, rule: SelectionRule, by: By) -> Reason | None:
    if rule.placements and one.placement not in {None, *rule.placements}:
        placed: dict[str, Plain] = {"placement": one.placement}
        return Reason(code=Code.PLACED_ELSEWHERE, values=placed)
    least = rule.least_stars.value
    if one.stars < least:
        values: dict[str, Plain] = {"stars": one.stars, "least": least}
        return Reason(code=Code.TOO_FEW_STARS, values=values)
    figure = rule.quota_per_unit if by == "unit" else rule.quota_per_area[one.area]
    if taken < figure.value:
        return None
    code = Code.UNIT_QUOTA_FULL if by == "unit" else Code.AREA_QUOTA_FULL
    return Reason(code=code, values={"quota": figure.value})
