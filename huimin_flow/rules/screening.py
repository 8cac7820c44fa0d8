"""Screening by origin: 普遍性、紧迫性、根本性 and their like (A3, A4, A5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huimin_flow.model.appeal import Tally
from huimin_flow.model.rules import PrevalenceRule, ScreeningRule
from huimin_flow.model.verdict import Plain, Reason, Verdict
from huimin_flow.reasons import Code
from huimin_flow.terms import Criterion, Origin, Role

RULE: Final = "screening"
REVISION: Final = 1


def prevalence(tally: Tally, rule: PrevalenceRule) -> int:
    """Return an item's prevalence, 0–100, from its appeals (A3).

    Each of people, places and channels earns its weight in proportion, and the
    whole of it at its full count; the sum is rounded down.
    """
    earned = (
        _share(tally.people, rule.full_people.value, rule.people_weight.value)
        + _share(tally.places, rule.full_places.value, rule.places_weight.value)
        + _share(tally.channels, rule.full_channels.value, rule.channels_weight.value)
    )
    return earned // _FINE


#: Shares are added in this many parts of a point, so that one rounding is made.
_FINE: Final = 1_000_000


def _share(count: int, full: int, weight: int) -> int:
    return min(count, full) * weight * _FINE // full


def screen(
    origin: Origin, scores: Mapping[Criterion, int | None], rule: ScreeningRule
) -> Verdict:
    """Weigh the criteria of an origin against its pass mark.

    A score that is missing or not within 0–100 leaves ``score`` None: nothing
    was decided. Otherwise ``score`` is the weighted mean with two places.
    """
    criteria = rule.criteria[origin]
    inputs: dict[str, Plain] = {"origin": origin.value}
    wanting: list[Reason] = []
    total = 0
    for criterion, weight in sorted(criteria.weights.items()):
        given = scores.get(criterion)
        inputs[criterion.value] = given
        if given is None:
            wanting.append(_missing(criterion))
        elif not 0 <= given <= 100:
            wanting.append(_beyond(criterion, given))
        else:
            total += given * weight.value
    if wanting:
        return _verdict(None, passed=False, reasons=tuple(wanting), inputs=inputs)
    score = f"{total // 100}.{total % 100:02d}"
    mark = criteria.pass_mark.value
    passed = total >= mark * 100
    code = Code.REACHES_PASS_MARK if passed else Code.BELOW_PASS_MARK
    reason = Reason(code=code, values={"score": score, "mark": mark})
    return _verdict(score, passed=passed, reasons=(reason,), inputs=inputs)


def _verdict(
    score: str | None,
    *,
    passed: bool,
    reasons: tuple[Reason, ...],
    inputs: Mapping[str, Plain],
) -> Verdict:
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=passed,
        score=score,
        reasons=reasons,
        inputs=inputs,
    )


def _missing(criterion: Criterion) -> Reason:
    return Reason(
        code=Code.SCORE_MISSING,
        values={"criterion": criterion.label},
        supplier=Role.OFFICE,
    )


def _beyond(criterion: Criterion, given: int) -> Reason:
    return Reason(
        code=Code.SCORE_OUT_OF_RANGE,
        values={"criterion": criterion.label, "given": given},
        supplier=Role.OFFICE,
    )
