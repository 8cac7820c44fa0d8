"""Screening by origin: 普遍性、紧迫性、根本性 and similar criteria (A3, A4, A5)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import prod
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Criterion, Origin, Role
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import PrevalenceRule, ScreeningRule
from huimin_flow.model.improving.advice import Interim
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.rules.core.continuing import blended, inputs_of
from huimin_flow.rules.core.formula import hundredths, score_flaw

RULE: Final = "screening"
REVISION: Final = 1

_verdict = partial(Verdict, rule=RULE, revision=REVISION)


def prevalence(tally: Tally, rule: PrevalenceRule) -> int:
    """Return an item's prevalence, 普遍性, 0–100, from its appeals (A3).

    People, places and channels each earn their weight in proportion to their count,
    and all of it at the full count. The exact sum is rounded down once.

    >>> from huimin_flow.model.core.rules import Figure
    >>> figures = [Figure(value=n, source="ours") for n in (50, 20, 30, 5, 20, 3)]
    >>> rule = PrevalenceRule(
    ...     people_weight=figures[0], full_people=figures[1],
    ...     places_weight=figures[2], full_places=figures[3],
    ...     channels_weight=figures[4], full_channels=figures[5],
    ... )
    >>> prevalence(Tally(appeals=12, people=10, places=2, channels=3), rule)
    57

    """
    shares = (
        (tally.people, rule.full_people.value, rule.people_weight.value),
        (tally.places, rule.full_places.value, rule.places_weight.value),
        (tally.channels, rule.full_channels.value, rule.channels_weight.value),
    )
    parts = prod(full for _, full, _ in shares)
    earned = sum(
        min(count, full) * weight * (parts // full) for count, full, weight in shares
    )
    return earned // parts


def screen(
    origin: Origin,
    scores: Mapping[Criterion, int | None],
    rule: ScreeningRule,
    interim: Interim | None = None,
) -> Verdict:
    """Compare the weighted mean of an origin's criteria with its pass mark.

    If a score is missing or not within 0–100, ``score`` is None and nothing is
    decided. Otherwise ``score`` is the weighted mean with two places. Scores of
    criteria that the origin doesn't have don't count. ``interim`` is the result of the
    item that it continues: it has a weight of its own, and stops it if it was stopped.

    >>> from huimin_flow.model.core.rules import CriteriaRule, Figure
    >>> weights = {Criterion.GAP: 60, Criterion.REACTION: 40}
    >>> rule = ScreeningRule(prevalence=None, criteria={Origin.POLICY: CriteriaRule(
    ...     weights={k: Figure(value=v, source="ours") for k, v in weights.items()},
    ...     pass_mark=Figure(value=60, source="ours"),
    ... )})
    >>> verdict = screen(
    ...     Origin.POLICY, {Criterion.GAP: 70, Criterion.REACTION: 55}, rule
    ... )
    >>> verdict.passed, verdict.score
    (True, '64.00')

    """
    criteria = rule.criteria[origin]
    inputs: dict[str, Plain] = {"origin": origin.value, **inputs_of(interim)}
    lacking = []
    total = 0
    for criterion, weight in sorted(criteria.weights.items()):
        score = inputs[criterion.value] = scores.get(criterion)
        # The prevalence is computed from the appeals that an operator links.
        computed = criterion is Criterion.PREVALENCE
        supplier = Role.OPERATOR if computed else Role.OFFICE
        flaw = score_flaw(criterion, score, supplier)
        lacking += [flaw] if flaw else []
        total += (score or 0) * weight.value
    if lacking:
        return _verdict(passed=False, reasons=tuple(lacking), inputs=inputs)
    counted = blended(total, interim, rule.interim_weight.value)
    mean, mark = hundredths(counted.total), criteria.pass_mark.value
    passed = counted.total >= mark * 100
    code = Code.REACHES_MARK if passed else Code.BELOW_MARK
    reasons = (Reason.of(code, score=mean, mark=mark), *counted.reasons)
    passed = passed and not counted.stopped
    return _verdict(passed=passed, score=mean, reasons=reasons, inputs=inputs)
