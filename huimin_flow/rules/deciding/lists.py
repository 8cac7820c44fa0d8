"""The December selection: by strength, within quotas, without ties (B5).

The order is total: more stars, more benefit, more prevalence, earlier collected,
lower number. It does not depend on the order of the input.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from typing import Final, Literal

from huimin_flow.catalogue.reasons import Code, Reasons
from huimin_flow.catalogue.terms import Area, Ending, Placement, Strength
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.rules import SelectionRule
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.lists import (
    Candidate,
    Edition,
    LeftOut,
    NearMiss,
    Place,
    TieBreak,
)
from huimin_flow.model.items import Item
from huimin_flow.rules.core.formula import hundredths

RULE: Final = "selection"
REVISION: Final = 1

By = Literal["unit", "area"]

#: What guards of hosts have refused where no rulebook names an extension.
NONE_REFUSED: Final[Mapping[str, Reasons]] = {}


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
    title: str,
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
        title=title,
    )


_FACTS = attrgetter(
    "number", "unit", "area", "stars", "perceived_benefit", "prevalence",
    "collected_on", "placement", "title",
)  # fmt: skip


def candidates(items: Iterable[Item]) -> list[Candidate]:
    """Return the facts that the selection needs of starred items, in their order."""
    return [candidate_of(*_FACTS(item)) for item in items]


def select(
    candidates: Sequence[Candidate],
    rule: SelectionRule,
    *,
    by: By,
    refused: Mapping[str, Reasons] = NONE_REFUSED,
) -> Selection:
    """Choose the strongest candidates within the quota of each unit or area.

    A unit's list is chosen by unit from its own candidates, the city list by
    area from all candidates. Ranks number all chosen candidates from 1. Those whom
    guards of a host have ``refused`` are left out with each of their reasons (E1).

    >>> from datetime import date
    >>> from huimin_flow.model.core.rules import Figure
    >>> from huimin_flow.catalogue.terms import Area
    >>> few, one = Figure(value=3, source="ours"), Figure(value=1, source="ours")
    >>> rule = SelectionRule(
    ...     least_stars=few, quota_per_unit=one, quota_per_area={}, propose_days=few,
    ...     consolidate_days=few, confirm_days=few, publish_days=few,
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
        if each.number in refused:
            left_out += ((each.number, reason) for reason in refused[each.number])
            continue
        group = each.unit if by == "unit" else each.area.value
        obstacle = next(obstacles(each, counts[group], rule, by), None)
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


def of_heirs(
    candidates: Iterable[Candidate], organization: Organization, day: date
) -> list[Candidate]:
    """Return the candidates with the units that answer for them on a day (N9).

    A unit that has ended has no list: its items stand on its successor's, also before
    they are transferred.
    """
    heirs: dict[str, str] = {}
    answered = []
    for each in candidates:
        if each.unit not in heirs:
            heirs[each.unit] = organization.heir(each.unit, day)
        heir = heirs[each.unit]
        answered.append(each if heir == each.unit else replace(each, unit=heir))
    return answered


def choose(
    candidates: Sequence[Candidate],
    units: Iterable[str],
    rule: SelectionRule,
    ask: Callable[[str, Selection], Mapping[str, Reasons]] | None = None,
) -> dict[str, Selection]:
    """Choose each unit's list, in the order of their codes.

    Each of ``units`` has a list, even an empty one (B4); so has each candidate's
    unit that is not among them. ``ask`` returns whom guards of a host refuse of those
    chosen for a unit, and why. Their places go to the next ones, so it is asked until
    it refuses nobody (E1).
    """
    of_units: dict[str, list[Candidate]] = {unit: [] for unit in units}
    for each in candidates:
        of_units.setdefault(each.unit, []).append(each)
    refused: dict[str, Reasons] = {}
    while True:
        by_unit = {
            unit: select(of_unit, rule, by="unit", refused=refused)
            for unit, of_unit in sorted(of_units.items())
        }
        asked = () if ask is None else (ask(*each) for each in by_unit.items())
        more = {number: why for each in asked for number, why in each.items()}
        if not more:
            return by_unit
        refused |= more


def draft(
    by_unit: Mapping[str, Selection], rule: SelectionRule
) -> dict[Area, Selection]:
    """Draft each area's proposal from the units' lists, within its quota (C1)."""
    of_areas: dict[Area, list[Candidate]] = {area: [] for area in Area}
    for selected in by_unit.values():
        chosen = _chosen(selected)
        for each in selected.ordered:
            if each.number in chosen:
                of_areas[each.area].append(each)
    return {
        area: select(of_area, rule, by="area") for area, of_area in of_areas.items()
    }


def in_phase(
    candidates: Iterable[Candidate], rule: SelectionRule
) -> tuple[list[Candidate], SelectionRule]:
    """Return the candidates of a quarter's list, and the rule that chooses them.

    Only items that a judgment placed on the next phase's list are its candidates.
    """
    placed = [each for each in candidates if each.placement is Placement.PHASE]
    return placed, replace(rule, placements=())


def numbered(lists: Iterable[Sequence[Place]]) -> tuple[Place, ...]:
    """Return the places of several lists one after the other, numbered through (C3)."""
    places = (place for places in lists for place in places)
    return tuple(replace(place, rank=rank) for rank, place in enumerate(places, 1))


def consolidated(
    proposals: Iterable[Edition], items: Mapping[str, Item]
) -> tuple[tuple[Place, ...], tuple[LeftOut, ...]]:
    """Return the city's places from the areas' proposals, and who left since (C3).

    ``items`` are the items of the proposals as they are now. An item that is on no
    list any more, or is cancelled, is left out.
    """
    places: list[Place] = []
    out: list[LeftOut] = []
    for proposal in proposals:
        for place in proposal.places:
            item = items[place.item]
            if item.edition is None or item.outcome is Ending.CANCELLED:
                reason = Reason.of(Code.LEFT_ITS_LIST, state=item.state)
                out.append(LeftOut(item=place.item, reason=reason))
                continue
            places.append(
                Place(
                    item=place.item,
                    rank=len(places) + 1,
                    unit=item.unit,
                    area=place.area,
                    stars=place.stars,
                )
            )
    return tuple(places), tuple(out)


def missed(selection: Selection) -> Iterator[NearMiss]:
    """Yield who is left out of a unit's or area's list, nearest first (B5)."""
    chosen, reasons = _chosen(selection), dict(selection.left_out)
    last = next(
        (each for each in reversed(selection.ordered) if each.number in chosen), None
    )
    behind = 0
    for each in selection.ordered:
        if each.number in chosen:
            continue
        reason = reasons[each.number]
        distance: dict[str, int | None] = {}
        if reason.code == Code.TOO_FEW_STARS:
            distance = {"lacks_stars": int(reason.values["least"] or 0) - each.stars}
        elif last is not None and reason.code in _FULL:
            behind += 1
            distance = {"behind": behind}
            if last.stars > each.stars:
                distance |= {"lacks_stars": last.stars - each.stars}
            else:
                distance |= {"lacks_benefit": last.benefit - each.benefit}
        yield NearMiss(
            item=each.number,
            title=each.title,
            unit=each.unit,
            area=each.area,
            stars=each.stars,
            benefit=each.benefit,
            reason=reason,
            **distance,
        )


def ties(selection: Selection) -> Iterator[TieBreak]:
    """Yield the ties of chosen candidates with their next, and what broke each.

    Whom another rule than a quota leaves out competes with nobody.
    """
    chosen, out = _chosen(selection), dict(selection.left_out)
    rivals = (
        each
        for each in selection.ordered
        if each.number in chosen or out[each.number].code in _FULL
    )
    for first, second in pairwise(rivals):
        alike = (first.stars, first.benefit) == (second.stars, second.benefit)
        if alike and first.number in chosen:
            broken_by = next(
                word
                for word in Strength
                if getattr(first, word.value) != getattr(second, word.value)
            )
            yield TieBreak(
                first=first.number,
                second=second.number,
                broken_by=broken_by,
                decides=second.number not in chosen,
            )


def _chosen(selection: Selection) -> set[str]:
    return {place.item for place in selection.chosen}


#: The reasons of those whom a quota leaves out.
_FULL: Final = {Code.UNIT_QUOTA_FULL, Code.AREA_QUOTA_FULL}


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


def obstacles(
    candidate: Candidate, chosen: int, rule: SelectionRule, by: By
) -> Iterator[Reason]:
    """Yield why a candidate can't be chosen where ``chosen`` of its group are already.

    A supplement overrides all of them.
    """
    placement, least = candidate.placement, rule.least_stars.value
    if rule.placements and placement not in {None, *rule.placements}:
        yield Reason.of(Code.PLACED_ELSEWHERE, placement=placement)
    if candidate.stars < least:
        yield Reason.of(Code.TOO_FEW_STARS, stars=candidate.stars, least=least)
    unit = by == "unit"
    figure = rule.quota_per_unit if unit else rule.quota_per_area[candidate.area]
    if chosen >= figure.value:
        code = Code.UNIT_QUOTA_FULL if unit else Code.AREA_QUOTA_FULL
        yield Reason.of(code, quota=figure.value)
