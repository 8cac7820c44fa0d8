"""Improving: evaluation, rework, adjustment, corrections, closing (B8, B9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    ChangeKind,
    DoubtCause,
    LifeStage,
    Origin,
    Recommendation,
    StalePart,
    State,
    Step,
    StreamKind,
    Term,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import advance
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.drafts import follow
from huimin_flow.flow.executing.surveys import public_word
from huimin_flow.flow.improving.engagements.planning import of_round
from huimin_flow.flow.sensing.items import TITLE
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, accepted_in, required
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.evidence import (
    AdjustmentEvidence,
    AmendmentEvidence,
    ClosingEvidence,
    DoubtEvidence,
    EvaluationEvidence,
)
from huimin_flow.model.executing.agreements import OutcomeResult
from huimin_flow.model.executing.plans import Excuse, Indicator, Plan, TaskResult
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.improving.boards import SupervisionOrder
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.items import Item
from huimin_flow.rules.executing import fulfilment, progress
from huimin_flow.rules.executing.figures import owed_months
from huimin_flow.rules.executing.running import run_months, runs
from huimin_flow.rules.improving import (
    advising,
    boards,
    engagements,
    evaluation,
    rectification,
)
from huimin_flow.store.awaited import Waiting, reported_by_month
from huimin_flow.store.core import facts, history, repository
from huimin_flow.store.executing.running import runs_of

#: What a correction of each field makes stale (never recomputed silently).
_DEPENDENTS = {"origin": (StalePart.SCREENING,), "area": (StalePart.PLAN,)}

#: Fields whose corrections must be terms.
_WORDS: Mapping[str, type[Term]] = {
    "area": Area,
    "origin": Origin,
    "life_stage": LifeStage,
}


@question
def fulfilments(work: Work, number: str) -> tuple[Verdict, ...]:
    """Return how far each indicator of an item has got until now, and why (C4).

    Raises:
        NotFound: if no item has the number.

    """
    item = repository.item(work.connection, number)
    return reached_and_owed(work, item, work.today)[0]


def reached_and_owed(
    work: Work, item: Item, day: date
) -> tuple[tuple[Verdict, ...], EvaluationEvidence]:
    """Return the verdicts on an item's indicators on a day, and what is owed."""
    reports = facts.progress_of(work.connection, item.number)
    events = history.events_of(work.connection, StreamKind.ITEM.key(item.number))
    ran = runs(events)
    until = ran[-1].until if ran else None
    months = run_months(ran, day)
    rule = work.rulebook.rules.fulfilment
    # A former round's results say nothing of the one that runs.
    results, excuses = (
        item.results,
        repository.records(work.connection, Excuse, item.number),
    )
    if item.state is State.ASSIGNED:
        results = tuple(
            TaskResult(task=each.task, met=False, excused_by=each.by)
            for each in excuses
            if each.rounds == item.rounds
        )
    plan = fulfilment.counted(item.plan, results)
    reached = fulfilment.fulfilments(
        plan, reports, rule, day=day, until=until, months=months
    )
    month = f"{until or day:%Y-%m}"
    owing = progress.owed_at_end(item.plan, item.results, reports, month, months)
    return reached, EvaluationEvidence(month=month, owing=owing)


def owed_by_tasks(
    work: Work, executed: Sequence[Waiting]
) -> dict[str, list[tuple[dict[str, Any], str]]]:
    """Return by item the tasks that owe a figure, each with the first month owed.

    ``reached_and_owed`` asks the same of one item.
    """
    numbers = [item.number for item in executed]
    histories, _ = runs_of(work.connection, numbers, 0)
    reported = reported_by_month(work.connection, numbers)
    owed: dict[str, list[tuple[dict[str, Any], str]]] = {}
    for item in executed:
        ran = runs(histories[item.number])
        last = f"{ran[-1].until or work.today:%Y-%m}"
        months = list(dict.fromkeys((*run_months(ran, work.today), last)))
        excused = {each["task"] for each in item.plain["results"] if each["excused_by"]}
        owed[item.number] = []
        for task in item.plain["plan"]["tasks"]:
            lacking = [
                month
                for each in (task["indicators"] if task["key"] not in excused else ())
                for month in months
                if (item.number, task["key"], each["name"]) not in reported[month]
                and month in {last, *owed_months(from_plain(Indicator, each), months)}
            ]
            if lacking:
                owed[item.number].append((task, min(lacking)))
    return owed


@act(Step.EVALUATE)
def evaluate(
    work: Work,
    number: str,
    outcomes: Sequence[OutcomeResult] = (),
    *,
    by: Actor = ACTING,
    version: int | None = None,
    occurred_on: date | None = None,
) -> Item:
    """Evaluate an executed item by what its plan agreed (B6, B8).

    Satisfaction is what citizens said: the closed survey of this round, and ratings
    of the touched service items (D0). ``outcomes`` are the unit's own results of the
    agreed outcomes; where the third party's report of this round judges one, it is
    weighed (D4). One without a result is not measurable. A failed evaluation is also a
    result. An evaluation in doubt is made again by the same act.

    Raises:
        StepRefused: if the step may not happen, figures are owed for the month in
            which the tasks ended, citizens were not asked as agreed, an engagement of
            this round has no report, or a result can't be used.
        InputRefused: if a result has a person's number.

    """
    results = accepted_in(tuple(outcomes), Argument.OUTCOMES)
    repository.hold_items(work.connection, [number])  # no report comes meanwhile
    item = repository.item(work.connection, number)
    day = work.happened(occurred_on)
    rule = work.rulebook.rules.evaluation
    reached, evidence = reached_and_owed(work, item, day)
    events = history.events_of(work.connection, StreamKind.ITEM.key(number))
    begun = next((run.begun for run in reversed(runs(events))), None)
    score = fulfilment.item_fulfilment(reached).score
    said = public_word(work, item, begun, day)
    verdict = evaluation.evaluate(
        item.plan or Plan(),
        score,
        said,
        results,
        rule,
        least_answers=work.rulebook.improving.surveys.least_answers.value,
        engagement=of_round(work, item),
    )
    changes = {
        "fulfilment": score,
        "satisfaction": verdict.inputs["satisfaction"],
        "sample": evaluation.sample_of(verdict.inputs, rule),
        "outcomes": evaluation.graded(results, verdict, rule),
        "result": evaluation.result_of(verdict, rule),
        "evaluation_passed": verdict.passed,
    }
    return advance(
        work,
        number,
        Step.EVALUATE,
        replace(evidence, verdict=verdict),
        by=by,
        changes=changes,
        version=version,
        occurred_on=day,
    )


@act(Step.REWORK)
def rework(
    work: Work, number: str, *, by: Actor = ACTING, version: int | None = None
) -> Item:
    """Send an item back whose final evaluation failed; ``rounds`` counts them.

    Raises:
        NotFound: if the item doesn't exist.
        StepRefused: if the actor may not, or the item doesn't stand where it can be.
        ItemMoved: if it has more steps than ``version``.

    """
    item = repository.item(work.connection, number)
    changes = {"rounds": item.rounds + 1, "evaluation_passed": None, "result": None}
    return advance(work, number, Step.REWORK, by=by, changes=changes, version=version)


@act(Step.DOUBT)
def doubt(
    work: Work,
    number: str,
    reason: str,
    *,
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Put a final evaluation in doubt, because a finding on an outcome is (B8).

    Corrected progress, answers or ratings do it on their own. It is evaluated again
    before the item goes on.

    Raises:
        StepRefused: if the actor may not, or the item is not evaluated.
        InputRefused: for an empty reason.

    """
    said = required(reason, Argument.REASON, longest=2000, lines=True)
    item = repository.item(work.connection, number)
    return advance(
        work,
        item,
        Step.DOUBT,
        DoubtEvidence(cause=DoubtCause.OUTCOME),
        by=by,
        changes={"stale": tuple(sorted({*item.stale, StalePart.EVALUATION}))},
        version=version,
        named={"cause": DoubtCause.OUTCOME.value, "reason": said},
    )


@act(Step.ADJUST)
def adjust(
    work: Work,
    number: str,
    recommendation: Recommendation,
    grounds: str,
    *,
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Record the recommendation for the measure, with its grounds (B9).

    Raises:
        StepRefused: if a measure that failed its evaluation is to go on as it is.
        InputRefused: for unfit grounds.

    """
    kept = required(grounds, Argument.GROUNDS, longest=2000, lines=True)
    changes = {"recommendation": recommendation, "grounds": kept}
    evidence = AdjustmentEvidence(recommendation=recommendation, grounds=kept)
    return advance(
        work, number, Step.ADJUST, evidence, by=by, changes=changes, version=version
    )


@act(Step.CLOSE)
def close(
    work: Work, number: str, *, by: Actor = ACTING, version: int | None = None
) -> Item:
    """Close an adjusted item.

    Raises:
        StepRefused: naming advice whose mending was not verified yet, open
            supervision orders, rectifications that nobody accepted, or reports of
            third parties with findings that are not followed.

    """
    evidence = left_open(work, number)
    return advance(work, number, Step.CLOSE, evidence, by=by, version=version)


def left_open(work: Work, number: str) -> ClosingEvidence:
    """Return what is still open about an item, so that it can't be closed."""
    advice = repository.records(work.connection, Advice, number)
    known = repository.records(work.connection, SupervisionOrder, number)
    rectified = repository.records(work.connection, Rectification, number)
    engaged = repository.records(work.connection, Engagement, number)
    return ClosingEvidence(
        mending=advising.mending(advice),
        orders=tuple(each.key for each in boards.still_open(known)),
        rectifications=tuple(each.key for each in rectification.still_open(rectified)),
        engagements=engagements.unfollowed(engaged),
    )


@act(Step.AMEND)
def amend(
    work: Work,
    number: str,
    corrections: Mapping[str, str],
    *,
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Correct an item's facts; parts that depend on them become stale.

    A published list with the item shows what was published; its next edition is
    drafted with the correction.

    Raises:
        StepRefused: for fields that may not be corrected.
        InputRefused: for unfit text.

    """
    item = repository.item(work.connection, number)
    kept = {name: _check_field(name, text) for name, text in corrections.items()}
    parts = (part for name in kept for part in _DEPENDENTS.get(name, ()))
    filled = (part.value for part in parts if getattr(item, part.value) is not None)
    stale = {*item.stale, *filled}
    changes: dict[str, Any] = dict(kept)
    if stale:
        changes["stale"] = tuple(sorted(stale))
    amended = advance(
        work,
        item,
        Step.AMEND,
        AmendmentEvidence(changes=kept),
        by=by,
        changes=changes,
        version=version,
    )
    follow(work, amended, ChangeKind.CORRECTION, amended=kept, by=by)
    return amended


def _check_field(name: str, text: str) -> str:
    words = _WORDS.get(name)
    if name == "title":
        return required(text, Argument.TITLE, longest=TITLE)
    if words is None:
        return accepted(text, name, lines=name == "description")
    for word in words:
        if text in {word.value, word.label, word.english}:
            return word.value
    raise InputRefused(InputCode.WORD_UNKNOWN, text=text, choices=words)
