"""Figures that a step or a job rests on, counted again from what was known then.

1. A screening counts the appeals that hung on its item, by the item's own criteria.
2. A judgment counts who was present at its meeting, where its item was on the agenda.
3. A plan was held ready or not by the assessments of its item.
4. An evaluation counts the progress that was reported of its item.
5. A call names the tasks whose month was not reported by its cut.
6. A job's result counts what it made.
7. Only a job that came too late, or that a newer period made up for, made nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from huimin_flow.audit.ledger import Entry, Ledger
from huimin_flow.catalogue.terms import Criterion, Flaw, Job, Missed
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.deciding.deliberations import Assessment
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import ProgressCall
from huimin_flow.rules.core.due import Due
from huimin_flow.rules.deciding import judgment
from huimin_flow.rules.executing import fulfilment, progress, readiness
from huimin_flow.rules.executing.running import running, runs
from huimin_flow.rules.improving import evaluation
from huimin_flow.rules.results import SKIPPED, result_of
from huimin_flow.rules.sensing import screening
from huimin_flow.store.core import facts
from huimin_flow.store.scoring import months


def hold_inputs(
    ledger: Ledger, event: Event, item: Item, verdict: Verdict, book: Rulebook
) -> None:
    """Count again what a verdict on an item rests on, and compare."""
    place, inputs = f"{event.stream} #{event.n}", verdict.inputs
    if verdict.rule == screening.RULE:
        criteria = book.rules.screening.criteria[item.origin].weights
        if Criterion.PREVALENCE in criteria:
            tally = facts.tally(
                ledger.connection,
                item.number,
                merged=_merged_below(ledger, item.number),
                known=facts.known_at(ledger.connection, len(ledger.leaves)),
            )
            counted = screening.prevalence(tally, book.rules.screening.prevalence)
            stated = inputs.get("prevalence")
            _compare(ledger, f"{place} prevalence", stated, counted, law="figures 1")
        stated, origin = inputs.get("origin"), item.origin.value
        _compare(ledger, f"{place} origin", stated, origin, law="figures 1")
    elif verdict.rule == judgment.RULE:
        meeting = ledger.values.get(str(event.public["changes"].get("deliberation")))
        if meeting is None or item.number not in meeting.agenda:
            where = f"{place} deliberation"
            ledger.flag(Flaw.DECISION_MISMATCH, where, "agenda", law="figures 2")
        else:
            present, people = inputs.get("present"), len(meeting.participants)
            _compare(ledger, f"{place} present", present, people, law="figures 2")
    elif verdict.rule == readiness.RULE:
        ready = readiness.ready(
            item,
            ledger.items[item.number].plan or Plan(),
            ledger.of(Assessment, item.number),
            today=event.occurred_on,
            rules=book.rules.assessments,
        )
        if ready != verdict:
            where = f"{place} verdict"
            ledger.flag(Flaw.DECISION_MISMATCH, where, ready.score, law="figures 3")
    elif verdict.rule == evaluation.RULE:
        known = facts.known_at(ledger.connection, len(ledger.leaves))
        reports = facts.progress_of(ledger.connection, item.number, known=known)
        spans = runs([step for _, step in ledger.ran.get(item.number, ())])
        tasks = fulfilment.fulfilments(
            item.plan,
            reports,
            book.rules.fulfilment,
            day=event.occurred_on,
            until=spans[-1].until if spans else None,
        )
        score = fulfilment.item_fulfilment(tasks).score or "100.00"
        stated = inputs.get("fulfilment")
        _compare(ledger, f"{place} fulfilment", stated, score, law="figures 4")


def _compare(
    ledger: Ledger,
    place: str,
    stated: object,
    counted: object,
    *,
    law: str,
    flaw: Flaw = Flaw.DECISION_MISMATCH,
) -> None:
    if stated != counted:
        ledger.flag(flaw, place, counted, law=law)


def _merged_below(ledger: Ledger, number: str) -> list[str]:
    """Return the items that were merged into one, step by step."""
    below: list[str] = []
    waiting = [number]
    while waiting:
        merged = [item for into in waiting for item in ledger.merged.get(into, ())]
        waiting = [item for item in merged if item != number and item not in below]
        below += waiting
    return below


def hold_result(
    ledger: Ledger, entry: Entry, due: Due | None, newest: dict[str, str], place: str
) -> None:
    """Count again what a job says that it made.

    ``newest`` says by job when its last period was due.
    """
    public = entry.public
    job, result = public["job"], public["result"]
    made = ledger.made.get(entry.request, [])
    again: Any = {}
    if result == canonical(dict(SKIPPED)).decode():
        late = timedelta(seconds=int(public["late_seconds"]))
        may_skip = due is not None and (
            (due.missed == Missed.SKIP and late > timedelta(hours=due.late_hours))
            or (due.missed == Missed.ONCE and newest[job] > str(public["due"]))
        )
        if made or not may_skip:
            detail = "made nothing"
            ledger.flag(Flaw.JOB_MISMATCH, f"{place} result", detail, law="figures 7")
        return
    if job == Job.LISTING_REMINDER:
        again = result_of(job, [entry.states])
    elif made:
        # A listing counts the city list first, which it made last.
        in_order = [made[-1], *made[:-1]] if job == Job.LISTING else made
        again = result_of(job, in_order)
    text = canonical(to_plain(again)).decode()
    mismatch = Flaw.JOB_MISMATCH
    _compare(ledger, f"{place} result", result, text, law="figures 6", flaw=mismatch)


def hold_call(ledger: Ledger, call: ProgressCall, place: str) -> None:
    """Hold whom a call names against who had not reported the month at its cut."""
    histories = {
        number: [event for position, event in events if position <= call.known]
        for number, events in ledger.ran.items()
    }
    ran = running(histories, last_day(call.period))
    numbers = [item.number for item in ran]
    reports = months.reports_of(ledger.connection, numbers, call.known)
    owing = progress.owing(ran, reports, call.period)
    if owing != call.owing:
        named = Counter(call.owing)
        named.subtract(Counter(owing))
        other = next((task for task, count in named.items() if count), None)
        ledger.flag(Flaw.DECISION_MISMATCH, f"{place} owing", other, law="figures 5")
