"""Whether an appeal tells of a problem that others told of before (A6).

Similarity alone can't decide it: two estates have the same trouble in the same words.
So the best candidate must also be clear of the runner-up, and numbers, place and time
must not speak against it. What is near enough, but not clear, is proposed to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Final

from huimin_flow.catalogue.reasons import GatheringCode, Reason, Reasons
from huimin_flow.catalogue.terms import Gathering, Nearness
from huimin_flow.model.core.rules import GatheringRule
from huimin_flow.model.core.values import closed, opened
from huimin_flow.model.sensing.gathering import (
    Candidate,
    Gathered,
    Likeness,
    Weighed,
)

RULE: Final = "gathering"
REVISION: Final = 1
#: What is weighed is made for each candidate of each appeal.
_WEIGHED: Final = opened(Weighed)

#: The place of a candidate among others: by score, then by name.
_Place = tuple[int, str, tuple[str, str], tuple[str, str]]


def score(likeness: Likeness, rule: GatheringRule) -> int:
    """Return how much speaks for one problem, 0–1000.

    It is the weighted mean of the three parts, less what contradicts: numbers that
    differ, another place, and time, which counts in proportion up to ``long_days``.

    >>> from huimin_flow.model.core.rules import Figure
    >>> figures = dict(
    ...     whole_weight=30, within_weight=20, heading_weight=50, numbers_differ=50,
    ...     place_differs=100, long_after=40, long_days=180, link_mark=500, margin=100,
    ...     propose_mark=200, likely_mark=300, proposals=3, look_back_days=365,
    ...     repeat_appeals=5,
    ...     repeat_channels=2, repeat_people=3, repeat_days=90,
    ... )
    >>> rule = GatheringRule(**{
    ...     name: Figure(value=mark, source="ours") for name, mark in figures.items()
    ... })
    >>> score(Likeness(whole=600, within=700, heading=900, days=90), rule)
    750

    """
    return _scorer(rule)(likeness)


def _scorer(rule: GatheringRule) -> Callable[[Likeness], int]:
    """Return the score of a rule, whose figures are read once for many candidates."""
    whole, within = rule.whole_weight.value, rule.within_weight.value
    heading, differ = rule.heading_weight.value, rule.numbers_differ.value
    elsewhere, late = rule.place_differs.value, rule.long_after.value
    most = rule.long_days.value

    def scored(of: Likeness) -> int:
        earned = of.whole * whole + of.within * within + of.heading * heading
        earned = earned // 100 - late * min(of.days, most) // most
        if of.others and not of.numbers:
            earned -= differ
        if of.place is Nearness.OTHER:
            earned -= elsewhere
        return max(earned, 0)

    return scored


def gather(candidates: Iterable[Candidate], rule: GatheringRule) -> Gathered:
    """Decide what becomes of an appeal: it is linked, proposed, or new.

    Of the candidates of one item or group the best counts. The appeal is linked if the
    best reaches ``link_mark``, is ``margin`` above the runner-up, comes from no other
    place, and its heading has no other numbers. Otherwise those from ``propose_mark``
    on are proposed, at most ``proposals``. The reasons say what decided.
    """
    best: dict[tuple[str, tuple[str, str]], tuple[_Place, Candidate]] = {}
    scored = _scorer(rule)
    for candidate in candidates:
        item, group = target = candidate.item, candidate.group
        place = -scored(candidate.likeness), item, group, candidate.near
        known = best.get(target)
        if known is None or place < known[0]:
            best[target] = place, candidate
    ranked = tuple(
        closed(Weighed, _WEIGHED(candidate=candidate, score=-place[0]))
        for place, candidate in sorted(best.values(), key=itemgetter(0))
    )
    if not ranked:
        reasons = (Reason.of(GatheringCode.NOTHING_LIKE),)
        return Gathered(outcome=Gathering.NEW, best=(), margin=0, reasons=reasons)
    first = ranked[0]
    margin = first.score - (ranked[1].score if len(ranked) > 1 else 0)
    against = []
    likeness, mark = first.candidate.likeness, rule.link_mark.value
    if first.score < mark:
        against.append(Reason.of(GatheringCode.BELOW, score=first.score, mark=mark))
    if margin < rule.margin.value:
        against.append(
            Reason.of(GatheringCode.NOT_CLEAR, margin=margin, least=rule.margin.value)
        )
    against += contradicts(likeness)
    if not against:
        reached = Reason.of(
            GatheringCode.REACHES, score=first.score, mark=mark, margin=margin
        )
        return Gathered(
            outcome=Gathering.LINK,
            best=(first,),
            ranked=ranked,
            margin=margin,
            reasons=(reached,),
        )
    near = tuple(
        weighed for weighed in ranked if weighed.score >= rule.propose_mark.value
    )
    if near:
        return Gathered(
            outcome=Gathering.PROPOSE,
            best=near[: rule.proposals.value],
            ranked=ranked,
            margin=margin,
            reasons=tuple(against),
        )
    far = Reason.of(
        GatheringCode.TOO_FAR, score=first.score, mark=rule.propose_mark.value
    )
    return Gathered(
        outcome=Gathering.NEW, best=(), ranked=ranked, margin=margin, reasons=(far,)
    )


def reasons_for(gathered: Gathered, weighed: Weighed, rule: GatheringRule) -> Reasons:
    """Return why one of the candidates of a decision was linked or proposed.

    The reasons of the decision are those of its best; each other one is behind it, and
    has its own.
    """
    first = gathered.best[0]
    if weighed == first:
        return gathered.reasons
    mark, behind = rule.link_mark.value, first.score - weighed.score
    reasons = [Reason.of(GatheringCode.BEHIND, margin=behind)]
    if weighed.score < mark:
        reasons.append(Reason.of(GatheringCode.BELOW, score=weighed.score, mark=mark))
    return (*reasons, *contradicts(weighed.candidate.likeness))


def contradicts(likeness: Likeness) -> list[Reason]:
    """Return what says that two appeals are not of one problem, however alike.

    >>> [reason.code.value for reason in contradicts(Likeness(
    ...     whole=900, within=900, heading=900, heading_others=1,
    ... ))]
    ['gathering_numbers_differ']

    """
    against = []
    if likeness.heading_others and not likeness.heading_numbers:
        against.append(Reason.of(GatheringCode.NUMBERS_DIFFER))
    if likeness.place is Nearness.OTHER:
        against.append(Reason.of(GatheringCode.PLACE_DIFFERS))
    return against
