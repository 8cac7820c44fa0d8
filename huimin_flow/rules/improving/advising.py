"""The grounds of advice on a running measure: progress, satisfaction, complaints (B9).

What is missing is missing, never 100: it carries no advice, and stops none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from huimin_flow.catalogue.reasons import AdviceCode
from huimin_flow.catalogue.terms import AdviceState, Pace, Recommendation, StreamKind
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.executing.plans import Plan, Progress
from huimin_flow.model.improving.advice import Advice, Grounds, Interim
from huimin_flow.model.improving.rules import AdvisingRule
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.formula import hundredths, whole
from huimin_flow.rules.executing import fulfilment, progress
from huimin_flow.rules.executing.running import Run, Running, run_months

RULE: Final = "advising"
REVISION: Final = 1

_verdict = partial(Verdict, rule=RULE, revision=REVISION)

#: The paces of an indicator that keeps to its plan.
_ON_PLAN: Final = frozenset({Pace.AHEAD, Pace.ON_TIME})


def on_plan(
    number: str,
    plan: Plan | None,
    reports: Sequence[Progress],
    run: Run,
    book: Rulebook,
    day: date,
) -> tuple[int, int]:
    """Return how many indicators a plan has, and how many keep to it on a day.

    While the tasks run, an indicator is compared with its curve; one that was not
    reported doesn't keep to it. After the last task, it is compared with its target.
    """
    plan = plan or Plan()
    if run.until is not None:
        rule = book.rules.fulfilment
        months = run_months([run], day)
        reached = fulfilment.fulfilments(
            plan, reports, rule, day=day, until=run.until, months=months
        )
        return len(reached), sum(each.passed for each in reached)
    running = Running(
        number=number,
        plan=plan,
        begun=run.begun,
        ended=None,
        months=run_months([run], day),
    )
    lines = progress.paces([running], {number: reports}, book, day=day)
    return len(lines), sum(line.pace in _ON_PLAN for line in lines)


def advise(grounds: Grounds, rule: AdvisingRule) -> Verdict:
    """Compare the grounds of advice with their marks.

    It passes if no known ground is below its mark; ``score`` is the lowest known
    percent, None if neither progress nor satisfaction is known.

    >>> from huimin_flow.model.core.rules import Figure
    >>> marks = zip(AdvisingRule.__slots__, (80, 80, 30, 5, 60), strict=True)
    >>> rule = AdvisingRule(**{
    ...     name: Figure(value=mark, source="ours") for name, mark in marks})
    >>> days = {"since": date(2026, 1, 5), "day": date(2026, 11, 3)}
    >>> verdict = advise(Grounds(**days, indicators=4, on_plan=3, ratings=9), rule)
    >>> verdict.passed, verdict.score, [str(each.code) for each in verdict.reasons]
    (False, '75.00', ['progress_behind', 'satisfaction_unknown', 'complaints_few'])

    """
    return advise_from(inputs_of(grounds), rule)


def inputs_of(grounds: Grounds) -> dict[str, Plain]:
    """Return the inputs of a verdict on these grounds."""
    return {
        "since": grounds.since.isoformat(),
        "day": grounds.day.isoformat(),
        "source": "ratings",
        **{
            name: getattr(grounds, name)
            for name in (
                "indicators", "on_plan", "ratings", "satisfied",
                "complaints", "complainants",
            )
        },
    }  # fmt: skip


def advise_from(inputs: Mapping[str, Plain], rule: AdvisingRule) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``advise`` did."""
    reached, satisfied = shares_of(inputs, rule)
    known = [share for share in (reached, satisfied) if share is not None]
    counts = {name: inputs[name] for name in ("indicators", "on_plan")}
    mark, least = rule.progress_mark.value, rule.least_ratings.value
    if reached is None:
        progressed = Reason.of(AdviceCode.PROGRESS_UNKNOWN)
    else:
        good = reached >= 100 * mark
        code = AdviceCode.PROGRESS_REACHES if good else AdviceCode.PROGRESS_BEHIND
        score = hundredths(reached)
        progressed = Reason.of(code, score=score, mark=mark, **counts)
    mark, rated = rule.satisfaction_mark.value, inputs["ratings"]
    if satisfied is None:
        code = AdviceCode.SATISFACTION_UNKNOWN
        rating = Reason.of(code, ratings=rated, least=least)
    else:
        good = satisfied >= 100 * mark
        code = AdviceCode.SATISFACTION_REACHES if good else AdviceCode.SATISFACTION_LOW
        rating = Reason.of(code, score=hundredths(satisfied), mark=mark, ratings=rated)
    many = whole(inputs["complaints"]) >= rule.complaints.value
    complained = Reason.of(
        AdviceCode.COMPLAINTS_MANY if many else AdviceCode.COMPLAINTS_FEW,
        complaints=inputs["complaints"],
        people=inputs["complainants"],
        mark=rule.complaints.value,
    )
    reasons = (progressed, rating, complained)
    return _verdict(
        passed=not any(each.code in _BAD for each in reasons),
        score=hundredths(min(known)) if known else None,
        reasons=reasons,
        inputs=dict(inputs),
    )


#: The grounds that speak against going on as it is.
_BAD: Final = frozenset(
    {
        AdviceCode.PROGRESS_BEHIND.value,
        AdviceCode.SATISFACTION_LOW.value,
        AdviceCode.COMPLAINTS_MANY.value,
    }
)


def shares_of(
    inputs: Mapping[str, Plain], rule: AdvisingRule
) -> tuple[int | None, int | None]:
    """Return progress and satisfaction in hundredths of a percent, rounded down.

    Progress is None without an indicator, satisfaction with too few ratings.
    """
    indicators, ratings = whole(inputs["indicators"]), whole(inputs["ratings"])
    return (
        10_000 * whole(inputs["on_plan"]) // indicators if indicators else None,
        10_000 * whole(inputs["satisfied"]) // ratings
        if ratings >= rule.least_ratings.value
        else None,
    )


def undecided(known: Sequence[Advice]) -> str | None:
    """Return the key of advice on an item that the office has not decided, or None."""
    waiting = (each.key for each in known if each.state is AdviceState.ADVISED)
    return next(waiting, None)


def mending(known: Sequence[Advice]) -> tuple[str, ...]:
    """Return the keys of the advice on an item whose mending was not verified yet."""
    open_ones = {AdviceState.MENDING, AdviceState.REPORTED}
    return tuple(each.key for each in known if each.state in open_ones)


def adopted(known: Sequence[Advice]) -> Advice | None:
    """Return the last advice on an item that the office decided for, or None."""
    against = {AdviceState.ADVISED, AdviceState.OPPOSED}
    decided = [each for each in known if each.state not in against]
    return decided[-1] if decided else None


def stopped(known: Sequence[Advice]) -> str | None:
    """Return the key of the last adopted advice on an item if it stops it, or None."""
    last = adopted(known)
    stops = last is not None and last.recommendation is Recommendation.STOP
    return last.key if last is not None and stops else None


def interim_of(
    parent: Item | None, known: Sequence[Advice], rule: AdvisingRule
) -> Interim | None:
    """Return how the measure that an item continues does, None if that is not known.

    A final evaluation counts before the last adopted advice.
    """
    if parent is None:
        return None
    last = adopted(known)
    advised = None if last is None else last.recommendation
    if parent.evaluation_passed is not None:
        reached, said = parent.fulfilment, parent.satisfaction
        return Interim(
            parent=parent.number,
            source=StreamKind.ITEM.key(parent.number),
            progress=None if reached is None else int(Decimal(reached) * 100),
            satisfaction=None if said is None else int(Decimal(said) * 100),
            recommendation=parent.recommendation or advised,
        )
    if last is None:
        return None
    progressed, satisfied = shares_of(last.verdict.inputs, rule)
    return Interim(
        parent=parent.number,
        source=last.key,
        progress=progressed,
        satisfaction=satisfied,
        recommendation=advised,
    )
