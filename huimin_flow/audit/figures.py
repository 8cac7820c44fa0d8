"""Figures of steps and jobs, counted again from the facts known at that time.

1. A screening counts the appeals linked to its item and to those that it continues,
   by the criteria of its origin.
2. A judgment counts the participants of its meeting, whose agenda has the item.
3. The readiness of a plan follows from the assessments of its item.
4. An evaluation counts the progress that was reported for its item.
5. A call names the tasks without a report of the month at its cut.
6. A job's result counts what the job created.
7. Only a job that was too late, or replaced by a newer period, created nothing.
8. An evaluation uses the measure and the outcomes that its item's plan agreed.
9. The grounds of advice count progress, ratings and complaints as known that day.
10. An assessor is asked only for items that it is independent of.
11. A successor is screened and starred with the result of the item that it continues.
12. A reminder of responses names the units that were silent at its cut.
13. A forecast names who has made it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from huimin_flow.audit.core.applied import Applied
from huimin_flow.audit.executing.tasks import hold_coverage
from huimin_flow.audit.ledger import Entry, Ledger
from huimin_flow.catalogue.terms import (
    Criterion,
    EngagementStep,
    Flaw,
    Grade,
    Job,
    Missed,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.deciding.assessments import Assessment, ThirdParty
from huimin_flow.model.deciding.ledgers import ResponseChase
from huimin_flow.model.executing.feeds import Feed
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.improving.advice import Advice, Grounds
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import ProgressCall
from huimin_flow.rules.core import continuing
from huimin_flow.rules.core.due import Due
from huimin_flow.rules.deciding import independence, judgment, responses, stars
from huimin_flow.rules.deciding.meetings import attendance
from huimin_flow.rules.executing import (
    coverage,
    fulfilment,
    progress,
    readiness,
    surveys,
)
from huimin_flow.rules.executing.feeds import supplied
from huimin_flow.rules.executing.running import run_months, running, runs
from huimin_flow.rules.improving import advising, engagements, evaluation
from huimin_flow.rules.results import SKIPPED, result_of
from huimin_flow.rules.sensing import screening
from huimin_flow.store.deciding.ledgers import put_at
from huimin_flow.store.executing import surveys as stored
from huimin_flow.store.executing.running import reported_in
from huimin_flow.store.improving.grounds import complained, rated
from huimin_flow.store.pasts import records_at
from huimin_flow.store.sensing.tallies import family_of


def hold_inputs(act: Applied, item: Item, verdict: Verdict, book: Rulebook) -> None:
    """Count the inputs of a verdict on an item again, and compare."""
    count = INPUTS.get(verdict.rule)
    if count is not None:
        count(act, item, verdict, book)


def _hold_screening(act: Applied, item: Item, _: Verdict, book: Rulebook) -> None:
    ledger = act.ledger
    criteria = book.rules.screening.criteria[item.origin].weights
    if Criterion.PREVALENCE in criteria:
        family = family_of(item.number, ledger.related)
        tally = ledger.facts.tally(item.number, family, book.organization)
        counted = screening.prevalence(tally, book.rules.screening.prevalence)
        _compare(act, "prevalence", counted, law="figures 1")
    _compare(act, "origin", item.origin.value, law="figures 1")
    _hold_interim(act, item, book)


def _hold_stars(act: Applied, item: Item, _: Verdict, book: Rulebook) -> None:
    _hold_interim(act, item, book)
    author = act.event.public["changes"].get("forecast_by")
    if author != act.event.actor:
        flaw, part = Flaw.DECISION_MISMATCH, "forecast_by"
        act.flag(flaw, author, part=part, law="figures 13")


def _hold_judgment(act: Applied, item: Item, _: Verdict, book: Rulebook) -> None:
    meeting = act.ledger.values.get(
        str(act.event.public["changes"].get("deliberation"))
    )
    if meeting is None or item.number not in meeting.agenda:
        flaw, part = Flaw.DECISION_MISMATCH, "deliberation"
        act.flag(flaw, "agenda", part=part, law="figures 2")
        return
    present = attendance(
        meeting.participants, book.rules.deliberation, book.organization
    )
    _compare(act, "present", len(present.counted), law="figures 2")


def _hold_readiness(act: Applied, item: Item, verdict: Verdict, book: Rulebook) -> None:
    ledger, number = act.ledger, item.number
    plan, made = ledger.items[number].plan, ledger.of(Assessment, number)
    concerned = concerned_by(ledger, item, plan, book)
    ready = readiness.ready(
        item,
        plan or Plan(),
        made,
        today=act.event.occurred_on,
        rules=book.rules,
        bonds=independence.bonds(made, register_of(ledger), concerned),
    )
    if ready != verdict:
        flaw, part = Flaw.DECISION_MISMATCH, "verdict"
        act.flag(flaw, ready.score, part=part, law="figures 3")


def _hold_evaluation(act: Applied, item: Item, _: Verdict, book: Rulebook) -> None:
    ledger, day = act.ledger, act.event.occurred_on
    spans = runs([step for _, step in ledger.ran.get(item.number, ())])
    tasks = fulfilment.fulfilments(
        fulfilment.counted(item.plan, item.results),
        ledger.facts.progress(item.number),
        book.rules.fulfilment,
        day=day,
        until=spans[-1].until if spans else None,
        months=run_months(spans, day),
    )
    score = fulfilment.item_fulfilment(tasks).score
    _compare(act, "fulfilment", score, law="figures 4")
    begun = spans[-1].begun if spans else None
    _hold_agreed(act, ledger.items[item.number], book, begun)


def hold_independence(
    act: Applied, made: Assessment | Engagement, verdict: Verdict, book: Rulebook
) -> None:
    """Test again whether an assessor was independent of the item.

    The staff of an engagement is known when it enters the field.
    """
    ledger, staffed = act.ledger, True
    if isinstance(made, Engagement):
        staffed = act.event.step == EngagementStep.ENTER
        made = engagements.as_assessment(made)
    item = ledger.items[made.item]
    party = independence.party_named(made.third_party or "", register_of(ledger))
    concerned = concerned_by(ledger, item, item.plan, book)
    again = independence.independent(made, party, concerned, staffed=staffed)
    if again != verdict:
        flaw, part = Flaw.DECISION_MISMATCH, "verdict"
        act.flag(flaw, made.assessor, part=part, law="figures 10")


def register_of(ledger: Ledger) -> list[ThirdParty]:
    """Return the organizations in the register at that moment."""
    return ledger.of(ThirdParty, "")


def concerned_by(
    ledger: Ledger, item: Item, plan: Plan | None, book: Rulebook
) -> tuple[independence.Concerned, ...]:
    """Return who made, executes or is the subject of an item, at that moment."""
    linked = (ledger.items.get(number) for number in independence.linked(item))
    makers = [other.unit for other in linked if other is not None]
    register = register_of(ledger)
    return independence.concerned_by(item, plan, makers, book.organization, register)


def _hold_interim(act: Applied, item: Item, book: Rulebook) -> None:
    """Compare the inherited result with what was known of the item's parent."""
    ledger, parent = act.ledger, item.continues
    interim = advising.interim_of(
        None if parent is None else ledger.items.get(parent),
        ledger.of(Advice, parent or ""),
        book.improving.advising,
    )
    known = continuing.inputs_of(interim)
    stated = act.verdict.inputs if act.verdict is not None else {}
    for name in {*known, *(each for each in stated if each.startswith("parent"))}:
        _compare(act, name, known.get(name), law="figures 11")


def _hold_agreed(act: Applied, after: Item, book: Rulebook, begun: date | None) -> None:
    """Hold an evaluation against plan and citizens, and its results against the rule.

    ``begun`` is the day of the assignment.
    """
    rule, ledger = book.rules.evaluation, act.ledger
    known = ledger.of(Survey, after.number)
    said = surveys.word_of(surveys.of_round(known, after))
    day, plan = act.event.occurred_on, after.plan or Plan()
    if plan.service_items and begun is not None:
        units = surveys.rating_units(after, book.organization, day)
        ratings, good = stored.rated(
            ledger.connection,
            plan.service_items,
            units,
            begun,
            day,
            known=ledger.facts.known(),
            cut=ledger.root.count,
        )
        said = replace(said, ratings=ratings, good=good)
    typed = tuple(
        replace(result, grade=None)
        if agreed.counted or result.grade is Grade.NOT_MEASURABLE
        else result
        for agreed, result in zip(
            after.plan.outcomes if after.plan else (), after.outcomes, strict=False
        )
    )
    made = engagements.of_round(ledger.of(Engagement, after.number), after)
    if made is not None and act.verdict is not None:
        typed = engagements.stated(act.verdict.inputs, after.outcomes)
    again = evaluation.evaluate(
        plan,
        after.fulfilment,
        said,
        typed,
        rule,
        least_answers=book.improving.surveys.least_answers.value,
        engagement=made,
    )
    expected = {
        "sample": evaluation.sample_of(again.inputs, rule),
        "outcomes": evaluation.graded(typed, again, rule),
        "result": evaluation.result_of(again, rule),
    }
    for name, value in expected.items():
        if getattr(after, name) != value:
            act.flag(Flaw.DECISION_MISMATCH, value, part=name, law="figures 8")
    for name, value in again.inputs.items():
        if name != "fulfilment":
            _compare(act, name, value, law="figures 8")


def _hold_grounds(act: Applied, item: Item, _: Verdict, book: Rulebook) -> None:
    """Count the grounds of advice again, on the day on which it was given."""
    ledger, number, day = act.ledger, item.number, local_day(act.event.at)
    run = runs([step for _, step in ledger.ran.get(number, ())])[-1]
    reports = ledger.facts.progress(number)
    indicators, kept = advising.on_plan(number, item.plan, reports, run, book, day)
    known, organization = ledger.facts.known(), book.organization
    units = sorted(organization.acts_for(item.unit, day) | {item.unit})
    ratings, satisfied = rated(
        ledger.connection, units, run.begun, day, known=known, cut=ledger.root.count
    )
    rule = book.scoring.index.complaints
    complaints, people = complained(
        ledger.connection,
        number,
        () if rule is None else rule.channels,
        run.begun,
        of=family_of(number, ledger.related),
        known=known,
    )
    counted = Grounds(
        since=run.begun,
        day=day,
        indicators=indicators,
        on_plan=kept,
        ratings=ratings,
        satisfied=satisfied,
        complaints=complaints,
        complainants=people,
    )
    for name, figure in advising.inputs_of(counted).items():
        _compare(act, name, figure, law="figures 9")


#: By rule, what counts the inputs of a verdict on an item again.
INPUTS: Final[Mapping[str, Callable[[Applied, Item, Verdict, Rulebook], None]]] = {
    screening.RULE: _hold_screening,
    stars.RULE: _hold_stars,
    judgment.RULE: _hold_judgment,
    readiness.RULE: _hold_readiness,
    coverage.RULE: hold_coverage,
    evaluation.RULE: _hold_evaluation,
    advising.RULE: _hold_grounds,
}


def _compare(act: Applied, name: str, counted: object, *, law: str) -> None:
    """Compare an input of an act's verdict with what was counted."""
    if act.verdict is not None and act.verdict.inputs.get(name) != counted:
        act.flag(Flaw.DECISION_MISMATCH, counted, part=name, law=law)


def hold_result(
    ledger: Ledger, entry: Entry, due: Due | None, newest: dict[str, str], place: str
) -> None:
    """Count what a job created, and compare it with the job's result.

    ``newest`` is the due moment of the last period, by job.
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
    elif made or job in {Job.PHASE_LISTING, Job.SUCCESSION, Job.FEED_PULL}:
        again = result_of(job, made)
    text = canonical(to_plain(again)).decode()
    if result != text:
        ledger.flag(Flaw.JOB_MISMATCH, f"{place} result", text, law="figures 6")


def hold_call(act: Applied, call: ProgressCall | ResponseChase) -> None:
    """Compare the tasks in a call with those without a report at its cut.

    A reminder of responses is compared with the demands that had none.
    """
    ledger = act.ledger
    if isinstance(call, ResponseChase):
        _hold_chase(act, call)
        return
    histories = {
        number: [step for position, step in steps if position <= call.known]
        for number, steps in ledger.ran.items()
    }
    ran = running(histories, last_day(call.period))
    numbers = [item.number for item in ran]
    reported = reported_in(ledger.connection, numbers, call.period, call.known)
    organization = ledger.books[str(act.event.rulebook)].organization
    feeds = records_at(ledger.connection, StreamKind.FEED, Feed, None, call.known)
    day, fed = act.event.occurred_on, supplied(feeds)
    owing = progress.owing(ran, reported, organization, day, fed=fed)
    if owing != call.owing:
        named = Counter(call.owing)
        named.subtract(Counter(owing))
        other = next((task for task, count in named.items() if count), None)
        act.flag(Flaw.DECISION_MISMATCH, other, part="owing", law="figures 5")


def _hold_chase(act: Applied, chase: ResponseChase) -> None:
    """Compare the units that a reminder names with those silent at its cut."""
    ledger, event = act.ledger, act.event
    book = ledger.books[str(event.rulebook)]
    put, responded = put_at(
        ledger.connection, chase.known, book.rules.responses.placements
    )
    due = responses.responses_due(ledger.ruled)
    again = responses.silent(put, responded, book, event.occurred_on, due)
    if again != chase.owing:
        units = sorted({each.unit for each in again})
        act.flag(Flaw.DECISION_MISMATCH, units, part="owing", law="figures 12")
