"""The December selection: by strength, within quotas, without ties (B5).

The order is total: more stars, more benefit, more prevalence, earlier collected,
lower number. It does not depend on the order of the input.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Final, Literal

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Area, Placement
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import SelectionRule
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.lists import Candidate, Place
from huimin_flow.model.items import Item
from huimin_flow.rules.core.formula import hundredths

RULE: Final = "selection"
REVISION: Final = 1

By = Literal["unit", "area"]


@value
class Selection:
    """The chosen candidates by rank, and those left out with the reason.

    ``ordered`` are all candidates, strongest first.
    """

    by: By
    ordered: tuple[Candidate, ...]
    chosen: tuple[Place, ...]
    left_out: tuple[tuple[str, Reason], ...]


def candidate_of(
    number: str,
    unit: str,
    area: Area,
    stars: int | None,
    benefit: str | None,
    prevalence: int | None,
    since: date,
    placement: Placement | None,
) -> Candidate:
    """Return a candidate; a missing figure is 0, ``benefit`` is decimal text."""
    return Candidate(
        number=number,
        unit=unit,
        area=area,
        stars=stars or 0,
        benefit=int(Decimal(benefit or 0) * 100),
        prevalence=prevalence or 0,
        since=since,
        placement=placement,
    )


_FACTS = attrgetter(
    "number", "unit", "area", "stars", "perceived_benefit", "prevalence",
    "collected_on", "placement",
)  # fmt: skip


def candidates(items: Iterable[Item]) -> list[Candidate]:
    """Return the facts that the selection needs of starred items, in their order."""
    return [candidate_of(*_FACTS(item)) for item in items]


def select(
    candidates: Sequence[Candidate], rule: SelectionRule, *, by: By
) -> Selection:
    """Choose the strongest candidates within the quota of each unit or area.

    A unit's list is chosen by unit from its own candidates, the city list by
    area from all candidates. Ranks number all chosen candidates from 1.

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
    >>> [place.item for place in select(items, rule, by="unit").chosen]
    ['2026-00012']

    """

    def strength(each: Candidate) -> tuple[int, int, int, date, str]:
        figures = -each.stars, -each.benefit, -each.prevalence
        return *figures, each.since, each.number

    ordered = tuple(sorted(candidates, key=strength))
    places: list[Place] = []
    left_out: list[tuple[str, Reason]] = []
    counts: Counter[str] = Counter()
    for each in ordered:
        group = each.unit if by == "unit" else each.area.value
        obstacle = _obstacle(each, counts[group], rule, by)
        if obstacle is not None:
            left_out.append((each.number, obstacle))
            continue
        counts[group] += 1
        places.append(
            Place(
                item=each.number,
                rank=len(places) + 1,
                unit=each.unit,
                area=each.area,
                stars=each.stars,
            )
        )
    return Selection(
        by=by, ordered=ordered, chosen=tuple(places), left_out=tuple(left_out)
    )


def consolidate(
    candidates: Sequence[Candidate], units: Iterable[str], rule: SelectionRule
) -> tuple[dict[str, Selection], Selection]:
    """Choose each unit's list, then the city's from the units' lists (C3).

    Each of ``units`` has a list, even an empty one (B4); so has each candidate's
    unit that is not among them.
    """
    of_units: dict[str, list[Candidate]] = {unit: [] for unit in units}
    for each in candidates:
        of_units.setdefault(each.unit, []).append(each)
    by_unit = {
        unit: select(of_unit, rule, by="unit")
        for unit, of_unit in sorted(of_units.items())
    }
    numbers = {place.item for selected in by_unit.values() for place in selected.chosen}
    chosen = [each for each in candidates if each.number in numbers]
    return by_unit, select(chosen, rule, by="area")


def placed_after(before: Sequence[Place], chosen: Sequence[Place]) -> tuple[Place, ...]:
    """Return the places of an existing list, and after them the newly chosen places."""
    listed = {place.item for place in before}
    last = max((place.rank for place in before), default=0)
    more = [place for place in chosen if place.item not in listed]
    return *before, *(replace(place, rank=last + n) for n, place in enumerate(more, 1))


def verdict_for(selection: Selection, number: str) -> Verdict:
    """Return the selection's verdict on a candidate.

    ``score`` is its perceived benefit; ``inputs`` are its figures, its ``position``
    in the order of strength, the number of ``candidates``, and its rank.

    Raises:
        KeyError: if it wasn't a candidate.

    """
    position = {each.number: n for n, each in enumerate(selection.ordered, 1)}[number]
    candidate = selection.ordered[position - 1]
    rank = {place.item: place.rank for place in selection.chosen}.get(number)
    left_out = dict(selection.left_out)
    selected = Reason.of(Code.SELECTED, rank=rank)
    inputs: dict[str, Plain] = {
        "by": selection.by,
        "candidates": len(selection.ordered),
        "position": position,
        "rank": rank,
        "number": number,
        "unit": candidate.unit,
        "area": candidate.area.value,
        "stars": candidate.stars,
        "benefit": candidate.benefit,
        "prevalence": candidate.prevalence,
        "since": candidate.since.isoformat(),
    }
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=rank is not None,
        score=hundredths(candidate.benefit),
        reasons=(left_out[number] if rank is None else selected,),
        inputs=inputs,
    )


def _obstacle(
    candidate: Candidate, chosen: int, rule: SelectionRule, by: By
) -> Reason | None:
    placement, least = candidate.placement, rule.least_stars.value
    if rule.placements and placement not in {None, *rule.placements}:
        return Reason.of(Code.PLACED_ELSEWHERE, placement=placement)
    if candidate.stars < least:
        return Reason.of(Code.TOO_FEW_STARS, stars=candidate.stars, least=least)
    unit = by == "unit"
    figure = rule.quota_per_unit if unit else rule.quota_per_area[candidate.area]
    if chosen < figure.value:
        return None
    code = Code.UNIT_QUOTA_FULL if unit else Code.AREA_QUOTA_FULL
    return Reason.of(code, quota=figure.value)
