"""The order of the screening desk, and what each item still needs (A3–A5).

First comes what needs the least of the criteria that nobody has scored yet; then the
greater prevalence, the greater growth, the earlier day, the smaller number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from huimin_flow.catalogue.terms import Criterion, Role, ScreeningOrder
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.rules import ScreeningRule
from huimin_flow.model.improving.advice import Interim
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.model.sensing.rounds import Candidate, Lacking
from huimin_flow.rules.core.continuing import blended
from huimin_flow.rules.core.due import Activation, deadline
from huimin_flow.rules.core.formula import hundredths
from huimin_flow.rules.sensing.screening import prevalence

#: By part of the order: what it reads of a candidate, the first decides first.
ORDER: Final[Mapping[ScreeningOrder, Callable[[Candidate], Any]]] = {
    ScreeningOrder.NEEDED: lambda each: 101 if each.needed is None else each.needed,
    ScreeningOrder.PREVALENCE: lambda each: -each.prevalence,
    ScreeningOrder.GROWTH: lambda each: -each.growth,
    ScreeningOrder.SINCE: lambda each: each.since,
    ScreeningOrder.NUMBER: lambda each: each.number,
}


class Collected(NamedTuple):
    """A collected item with its facts: since when, its appeals, its parent's result."""

    item: Item
    since: date
    tally: Tally
    last: int
    before: int
    interim: Interim | None = None


def outlook(
    facts: Collected, rule: ScreeningRule
) -> tuple[int | None, str, tuple[Lacking, ...]]:
    """Return what every other criterion needs, the score with that, and who gives it.

    If no score suffices, the first is None and the second is the score with 100.
    """
    criteria = rule.criteria[facts.item.origin]
    known = 0
    lacking, weights = [], 0
    for criterion, weight in sorted(criteria.weights.items()):
        if criterion is Criterion.PREVALENCE:
            known = prevalence(facts.tally, rule.prevalence) * weight.value
            if not facts.tally.appeals:  # it comes with the appeals that are linked
                lacking.append(Lacking(criterion, Role.OPERATOR))
        else:
            weights += weight.value
            lacking.append(Lacking(criterion, Role.OFFICE))
    mark = criteria.pass_mark.value * 100

    def total(score: int) -> int:
        given = known + score * weights
        return blended(given, facts.interim, rule.interim_weight.value).total

    needed = bisect_left(range(101), mark, key=total)
    stopped = blended(0, facts.interim, 0).stopped
    reachable = needed <= 100 and not stopped
    score = hundredths(total(needed if reachable else 100))
    return needed if reachable else None, score, tuple(lacking)


def candidates(
    collected: Iterable[Collected],
    rule: ScreeningRule,
    due: Callable[[date], date | None],
) -> tuple[Candidate, ...]:
    """Return the collected items in the order of the desk.

    ``due`` tells when an item is to be screened that was collected on a day.
    """
    lines = []
    for facts in collected:
        needed, score, lacking = outlook(facts, rule)
        item = facts.item
        lines.append(
            Candidate(
                number=item.number,
                title=item.title,
                unit=item.unit,
                origin=item.origin,
                area=item.area,
                life_stage=item.life_stage,
                since=facts.since,
                tally=facts.tally,
                prevalence=prevalence(facts.tally, rule.prevalence),
                last=facts.last,
                before=facts.before,
                needed=needed,
                score=score,
                lacking=lacking,
                due=due(facts.since),
            )
        )
    return tuple(sorted(lines, key=lambda each: [of(each) for of in ORDER.values()]))


def screening_due(
    activations: Sequence[Activation],
) -> Callable[[date], date | None]:
    """Return what tells until when an item is to be screened, by its first day.

    The rulebook and the calendar of the due day decide; without a calendar there is
    no due day.
    """

    def days(book: Rulebook) -> int:
        return book.rules.screening.days.value

    @cache
    def due(since: date) -> date | None:
        try:
            return deadline(since, activations, days)
        except CalendarMissing:
            return None

    return due
