"""The December selection: by strength, within quotas, with stated ties (B5).

The order is total: more stars, more benefit, more prevalence, longer waiting,
lower number. It does not depend on the order in which candidates come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal

from huimin_flow.model.edition import Candidate, Place
from huimin_flow.model.rules import SelectionRule
from huimin_flow.model.value import value
from huimin_flow.model.verdict import Reason, Verdict
from huimin_flow.reasons import Code

RULE: Final = "selection"
REVISION: Final = 1


@value
class Selection:
    """Who is chosen, in rank order, and who is left out with the reason."""

    chosen: tuple[Place, ...]
    left_out: tuple[tuple[str, Reason], ...]


def select(
    candidates: Sequence[Candidate],
    rule: SelectionRule,
    *,
    by: Literal["unit", "area"],
) -> Selection:
    """Choose the strongest candidates within the quota of each unit or area."""
    places: list[Place] = []
    left_out: list[tuple[str, Reason]] = []
    taken: Counter[str] = Counter()
    least = rule.least_stars.value
    for one in sorted(candidates, key=_strength):
        group = one.unit if by == "unit" else one.area.value
        quota = _quota(one, rule, by)
        if one.stars < least:
            values = {"stars": one.stars, "least": least}
            left_out.append((one.number, _left(Code.TOO_FEW_STARS, values)))
        elif taken[group] >= quota:
            code = Code.UNIT_QUOTA_FULL if by == "unit" else Code.AREA_QUOTA_FULL
            left_out.append((one.number, _left(code, {"quota": quota})))
        else:
            taken[group] += 1
            places.append(_place(one, len(places) + 1))
    return Selection(chosen=tuple(places), left_out=tuple(left_out))


def verdict_of(place: Place) -> Verdict:
    """Return the verdict under which a chosen item is enlisted."""
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=True,
        score=str(place.rank),
        reasons=(Reason(code=Code.SELECTED, values={"rank": place.rank}),),
        inputs={"rank": place.rank, "stars": place.stars, "unit": place.unit},
    )


def _strength(one: Candidate) -> tuple[int, int, int, str, str]:
    return (
        -one.stars,
        -one.benefit,
        -one.prevalence,
        one.since.isoformat(),
        one.number,
    )


def _quota(one: Candidate, rule: SelectionRule, by: str) -> int:
    if by == "unit":
        return rule.quota_per_unit.value
    return rule.quota_per_area[one.area].value


def _place(one: Candidate, rank: int) -> Place:
    return Place(
        item=one.number, rank=rank, unit=one.unit, area=one.area, stars=one.stars
    )


def _left(code: Code, values: dict[str, int]) -> Reason:
    return Reason(code=code, values=dict(values))
