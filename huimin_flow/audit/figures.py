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
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from huimin_flow.audit.ledger import Entry, Ledger
from huimin_flow.catalogue.terms import Criterion, Job, Missed
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

#: A field of a place, what it should be, and the number of the law.
Wrong = tuple[str, object, int]


def wrong_inputs(
    ledger: Ledger, event: Event, item: Item, verdict: Verdict, book: Rulebook
) -> Iterator[Wrong]:
    """Yield what a verdict on an item counted otherwise than it is counted again."""
    inputs = verdict.inputs
    if verdict.rule == screening.RULE:
        criteria = book.rules.screening.criteria[item.origin].weights
        if Criterion.PREVALENCE in criteria:
            tally = facts.tally(
                ledger.connection,
                item.number,
                merged=_merged_below(ledger, item.number),
                known=_known(ledger),
            )
            counted = screening.prevalence(tally, book.rules.screening.prevalence)
            yield from _unlike(inputs.get("prevalence"), counted, "prevalence", 1)
        yield from _unlike(inputs.get("origin"), item.origin.value, "origin", 1)
    elif verdict.rule == judgment.RULE:
        meeting = ledger.values.get(str(event.public["changes"].get("deliberation")))
        if meeting is None or item.number not in meeting.agenda:
            yield "deliberation", "agenda", 2
        else:
            present = len(meeting.participants)
            yield from _unlike(inputs.get("present"), present, "present", 2)
    elif verdict.rule == readiness.RULE:
        ready = readiness.ready(
            item,
            ledger.items[item.number].plan or Plan(),
            ledger.of(Assessment, item.number),
            today=event.occurred_on,
            rules=book.rules.assessments,
        )
        if ready != verdict:
            yield "verdict", ready.score, 3
    elif verdict.rule == evaluation.RULE:
        counted_again = _fulfilment(ledger, event, item, book)
        yield from _unlike(inputs.get("fulfilment"), counted_again, "fulfilment", 4)


def _unlike(said: object, again: object, field: str, law: int) -> Iterator[Wrong]:
    if said != again:
        yield field, again, law


def _merged_below(ledger: Ledger, number: str) -> list[str]:
    """Return the items that were merged into one, step by step."""
    found: list[str] = []
    waiting = [number]
    while waiting:
        below = [one for at in waiting for one in ledger.merged.get(at, ())]
        waiting = [one for one in below if one != number and one not in found]
        found += waiting
    return found


def _known(ledger: Ledger) -> facts.Known:
    """Return which batches were known where the walk stands."""
    return facts.known_at(ledger.connection, len(ledger.leaves))


def _fulfilment(ledger: Ledger, event: Event, item: Item, book: Rulebook) -> str:
    reports = facts.progress_of(ledger.connection, item.number, known=_known(ledger))
    events = [one for _, one in ledger.ran.get(item.number, ())]
    until = next((one.until for one in reversed(runs(events))), None)
    found = fulfilment.fulfilments(
        item.plan, reports, book.rules.fulfilment, day=event.occurred_on, until=until
    )
    return fulfilment.item_fulfilment(found).score or "100.00"


def wrong_result(
    ledger: Ledger, entry: Entry, due: Due | None, newest: dict[str, str]
) -> Iterator[Wrong]:
    """Yield what a job says of its result that isn't so."""
    said = entry.said
    made = ledger.made.get(entry.request, [])
    if said["result"] == canonical(dict(SKIPPED)).decode():
        if made or due is None or not _may_skip(entry, due, newest):
            yield "result", "made nothing", 7
        return
    if said["job"] == Job.LISTING_REMINDER:
        again = result_of(said["job"], [entry.states])
    elif not made:
        again = {}
    else:
        again = result_of(said["job"], _in_order(said["job"], made))
    text = canonical(to_plain(again)).decode()
    yield from _unlike(said["result"], text, "result", 6)


def _in_order(job: str, made: list[Any]) -> list[Any]:
    """Return what a job made as its result counts it: a listing's city list first."""
    return [made[-1], *made[:-1]] if job == Job.LISTING else made


def _may_skip(entry: Entry, due: Due, newest: dict[str, str]) -> bool:
    late = timedelta(seconds=int(entry.said["late_seconds"]))
    if due.missed == Missed.SKIP and late > timedelta(hours=due.late_hours):
        return True
    return due.missed == Missed.ONCE and newest[due.job] > str(entry.said["due"])


def wrong_call(ledger: Ledger, call: ProgressCall) -> Iterator[Wrong]:
    """Yield that a call names others than those who owed the month at its cut."""
    histories = {
        number: [event for position, event in events if position <= call.known]
        for number, events in ledger.ran.items()
    }
    ran = running(histories, last_day(call.period))
    numbers = [one.number for one in ran]
    reports = months.reports_of(ledger.connection, numbers, call.known)
    owing = progress.owing(ran, reports, call.period)
    if owing != call.owing:
        asked = Counter(call.owing)
        asked.subtract(Counter(owing))
        other = next((one for one, count in asked.items() if count), None)
        yield "owing", other, 5
