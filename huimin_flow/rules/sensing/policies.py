"""Whether a measure keeps what its policy promised: promise, progress, word (A5).

Four comparisons: its promises and their days, the progress of its items against their
plans, complaints about them, satisfaction. What is not known is no gap, except a
promise whose day has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from huimin_flow.catalogue.reasons import AdviceCode, PolicyCode
from huimin_flow.catalogue.terms import PolicyState
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import PolicyRule
from huimin_flow.model.sensing.policies import CityMeasure, MeasureFacts, Policy
from huimin_flow.rules.core.due import Activation, deadline
from huimin_flow.rules.core.formula import hundredths, whole

RULE: Final = "policies"
REVISION: Final = 1

#: A promise is kept from here on, in hundredths of a percent.
_KEPT: Final = 10_000

#: The codes that show a gap.
GAPS: Final = frozenset(
    {
        PolicyCode.PROMISE_BROKEN, PolicyCode.PROMISE_UNPROVEN,
        PolicyCode.MEASURE_IDLE, AdviceCode.PROGRESS_BEHIND,
        AdviceCode.SATISFACTION_LOW, PolicyCode.UNWELCOME,
        PolicyCode.MANY_COMPLAINTS,
    }
)  # fmt: skip


def review(facts: MeasureFacts, rule: PolicyRule) -> Verdict:
    """Compare the facts on a measure with its promises and the marks.

    It passes without a gap. Its reasons name every comparison, with the figures.
    """
    return review_from(inputs_of(facts), rule)


def inputs_of(facts: MeasureFacts) -> dict[str, Plain]:
    """Return the inputs of a verdict on these facts."""
    inputs: dict[str, Plain] = {
        "measure": facts.measure,
        "policy": facts.policy,
        "since": facts.since.isoformat(),
        "day": facts.day.isoformat(),
        "promises": len(facts.promises),
    }
    for n, each in enumerate(facts.promises, 1):
        inputs[f"promise_{n}"] = each.promise
        inputs[f"indicator_{n}"] = each.indicator
        inputs[f"due_{n}"] = each.due.isoformat()
        inputs[f"reached_{n}"] = each.reached
    counts = (
        "items", "indicators", "on_plan", "surveyed", "ratings", "satisfied",
        "appeals", "complaints", "complainants",
    )  # fmt: skip
    return inputs | {name: getattr(facts, name) for name in counts}


def review_from(inputs: Mapping[str, Plain], rule: PolicyRule) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``review`` did."""
    reasons = (
        *_promised(inputs),
        *_carried_out(inputs, rule),
        _satisfying(inputs, rule),
        _complained(inputs, rule),
    )
    passed = not any(reason.code in GAPS for reason in reasons)
    verdict = partial(Verdict, rule=RULE, revision=REVISION, inputs=dict(inputs))
    return verdict(passed=passed, reasons=reasons)


def gaps(verdict: Verdict) -> tuple[Reason, ...]:
    """Return the reasons of a verdict that show a gap."""
    return tuple(reason for reason in verdict.reasons if reason.code in GAPS)


def _promised(inputs: Mapping[str, Plain]) -> Iterator[Reason]:
    """Yield what became of each promise."""
    day = date.fromisoformat(str(inputs["day"]))
    for n in range(1, whole(inputs["promises"]) + 1):
        due = date.fromisoformat(str(inputs[f"due_{n}"]))
        reached, over = inputs[f"reached_{n}"], due < day
        values = {
            "promise": inputs[f"promise_{n}"],
            "indicator": inputs[f"indicator_{n}"],
            "due": due.isoformat(),
        }
        if reached is None:
            code = PolicyCode.PROMISE_UNPROVEN if over else PolicyCode.PROMISE_OPEN
            yield Reason.of(code, **values)
            continue
        share = whole(reached)
        values["score"] = hundredths(share)
        if share >= _KEPT:
            code = PolicyCode.PROMISE_KEPT
        else:
            code = PolicyCode.PROMISE_BROKEN if over else PolicyCode.PROMISE_UNDER_WAY
        yield Reason.of(code, **values)


def _carried_out(inputs: Mapping[str, Plain], rule: PolicyRule) -> Iterator[Reason]:
    """Yield whether items carry the measure out, and keep to their plans."""
    since = date.fromisoformat(str(inputs["since"]))
    days = (date.fromisoformat(str(inputs["day"])) - since).days
    if not inputs["items"]:
        limit = rule.carry_days.value
        code = PolicyCode.MEASURE_IDLE if days > limit else PolicyCode.MEASURE_NEW
        yield Reason.of(code, days=days, limit=limit)
        return
    counts = {name: inputs[name] for name in ("indicators", "on_plan")}
    if not counts["indicators"]:
        yield Reason.of(AdviceCode.PROGRESS_UNKNOWN)
        return
    share = _KEPT * whole(counts["on_plan"]) // whole(counts["indicators"])
    mark = rule.progress_mark.value
    good = share >= 100 * mark
    pace = AdviceCode.PROGRESS_REACHES if good else AdviceCode.PROGRESS_BEHIND
    yield Reason.of(pace, score=hundredths(share), mark=mark, **counts)


def _satisfying(inputs: Mapping[str, Plain], rule: PolicyRule) -> Reason:
    """Return how satisfied people are: by an evaluation, or else by the ratings."""
    mark, rated = rule.satisfaction_mark.value, whole(inputs["ratings"])
    surveyed, least = inputs["surveyed"], rule.least_ratings.value
    if surveyed is not None:
        share = int(Decimal(str(surveyed)) * 100)
        code = PolicyCode.WELCOMED if share >= 100 * mark else PolicyCode.UNWELCOME
        return Reason.of(code, score=hundredths(share), mark=mark)
    if rated < least:
        unknown = AdviceCode.SATISFACTION_UNKNOWN
        return Reason.of(unknown, ratings=rated, least=least)
    share = _KEPT * whole(inputs["satisfied"]) // rated
    good = share >= 100 * mark
    shown = AdviceCode.SATISFACTION_REACHES if good else AdviceCode.SATISFACTION_LOW
    return Reason.of(shown, score=hundredths(share), mark=mark, ratings=rated)


def _complained(inputs: Mapping[str, Plain], rule: PolicyRule) -> Reason:
    """Return whether complaints are many."""
    mark = rule.complaints.value
    many = whole(inputs["complaints"]) >= mark
    return Reason.of(
        PolicyCode.MANY_COMPLAINTS if many else PolicyCode.FEW_COMPLAINTS,
        complaints=inputs["complaints"],
        people=inputs["complainants"],
        span=rule.span_days.value,
        mark=mark,
    )


def measure_due(since: date, activations: Sequence[Activation]) -> date | None:
    """Return until when a measure is to be made from a policy registered on a day.

    The rulebook and the calendar of the due day decide; None without a calendar.
    """
    try:
        return deadline(
            since, activations, lambda book: book.rules.policies.measure_days.value
        )
    except CalendarMissing:
        return None


def silent(
    policies: Iterable[Policy],
    measures: Iterable[CityMeasure],
    activations: Sequence[Activation],
    day: date,
) -> tuple[str, ...]:
    """Return the keys of the policies from which no measure was made in time."""
    made = {each.policy for each in measures if each.state is PolicyState.IN_FORCE}
    late = []
    for policy in policies:
        if policy.state is PolicyState.IN_FORCE and policy.key not in made:
            due = measure_due(policy.registered_on, activations)
            late += [policy.key] if due is not None and due < day else []
    return tuple(sorted(late))
