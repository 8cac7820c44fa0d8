"""The assessments, engagements, lists and deliberations that wait for the actor."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from huimin_flow.catalogue.language import say_note
from huimin_flow.catalogue.terms import (
    Area,
    AssessmentState,
    Duty,
    EditionState,
    EngagementState,
    EngagementStep,
    Job,
    MeetingState,
    RecordStep,
    State,
    Step,
    StreamKind,
    StreamState,
    TodoKind,
    TwoPeople,
)
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.deciding.deliberations.minutes import minutes_of
from huimin_flow.flow.deciding.demands.awaited import each_awaited
from huimin_flow.flow.deciding.drafts import UNCONFIRMED
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.deciding.lists import (
    CITY,
    Edition,
    area_of_list,
    is_silent,
    owner_of_list,
    unit_of_list,
)
from huimin_flow.model.deciding.resources import Budget, Cost
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.items import Todo
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import deadline, working_day_after
from huimin_flow.rules.executing.readiness import clauses
from huimin_flow.states.authority import Reach, only_units, reach
from huimin_flow.states.records import ASSESSMENT
from huimin_flow.states.reviews import ENGAGEMENT
from huimin_flow.store import awaited
from huimin_flow.store.core import positions, repository

#: By state of an assessment, its next step and the method of it.
_ASSESSED: Final = {
    AssessmentState.REQUESTED: (RecordStep.SUBMIT, "assessments.submit"),
    AssessmentState.RETURNED: (RecordStep.SUBMIT, "assessments.submit"),
    AssessmentState.SUBMITTED: (RecordStep.ACCEPT, "assessments.accept"),
    AssessmentState.AT_RISK: (RecordStep.TREAT, "assessments.treat"),
    AssessmentState.TREATED: (RecordStep.ACCEPT, "assessments.accept"),
}


#: By state of a list, the duty and the step that come next, and their limit.
_NEXT: Final = {
    **dict.fromkeys(UNCONFIRMED, (Duty.CONFIRM, RecordStep.CONFIRM, "confirm_days")),
    EditionState.CONFIRMED: (Duty.PUBLISH, RecordStep.PUBLISH, "publish_days"),
    EditionState.DRAFTED: (Duty.PROPOSE, RecordStep.PROPOSE, "propose_days"),
}


def assessments(desk: Desk) -> Iterator[Todo]:
    """Yield the assessments that the actor may submit, accept or treat."""
    connection = desk.work.connection
    open_ones = [each for each in desk.assessments if each[0].state in _ASSESSED]
    items = awaited.owners_of(connection, (made.item for made, _ in open_ones))
    for made, since in open_ones:
        (step, act), (unit, title) = _ASSESSED[made.state], items[made.item]
        if desk.permits(ASSESSMENT, made.state, step, unit, made):
            yield Todo(
                kind=TodoKind.ASSESSMENT,
                subject=made.key,
                title=f"{made.kind.spoken} {title}",
                step=step,
                act=act,
                since=since,
                due=made.treatment.due if made.treatment else None,
            )


def responses(desk: Desk) -> Iterator[Todo]:
    """Yield the demands to which the actor's units have not responded."""
    if reach(desk.by, Step.RESPOND, desk.organization, desk.day) is None:
        return
    listing = desk.organization.listing_units(desk.day)
    for unit in sorted(desk.own.intersection(listing)):
        for line in each_awaited(desk.work, unit):
            yield Todo(
                kind=TodoKind.RESPONSE,
                subject=line.item,
                title=line.title,
                step=Step.RESPOND,
                act="items.respond",
                since=line.since,
                due=line.due,
            )


def requests(desk: Desk) -> Iterator[Todo]:
    """Yield the assessments of listed items that nobody has requested yet.

    What the scale of a plan needs is known when the plan is there.
    """
    if not desk.may(Duty.ASSESS, desk.by.unit):
        return
    connection, rules = desk.work.connection, desk.work.rulebook.rules.assessments
    units = only_units(desk.by, Duty.ASSESS, desk.organization, desk.day)
    waiting = awaited.items_waiting(
        connection, [(State.LISTED, Reach(units=units), False)]
    )
    made = {(known.item, known.kind) for known, _ in desk.assessments}
    for item in waiting:
        facts = {name: item.plain[name] for name in ("stars", "area", "origin")}
        for kind in clauses({**facts, "people": 0, "money": 0}, rules):
            if (item.number, kind) not in made:
                yield Todo(
                    kind=TodoKind.ASSESSMENT,
                    subject=item.number,
                    title=f"{kind.spoken} {item.plain['title']}",
                    step=RecordStep.REQUEST,
                    act="assessments.request",
                    since=item.since,
                )


def lists(desk: Desk) -> Iterator[Todo]:
    """Yield the lists that the actor may confirm or publish.

    A list whose confirmation was proposed waits as a proposal. Several units' lists
    of a period wait as one, for those who may confirm all at once.
    """
    proposed = {
        stream
        for proposal, _ in desk.waiting
        if proposal.act in {TwoPeople.CONFIRM, TwoPeople.CONFIRM_ALL}
        for stream in proposal.rests
    }
    known = {edition.key for edition in desk.editions}
    yield from _to_consolidate(desk, known)
    together = _together(desk, proposed)
    for period, waiting in together.items():
        since = min(day for _, day in waiting)
        yield Todo(
            kind=TodoKind.LIST,
            subject=period,
            title=say_note(TwoPeople.CONFIRM_ALL.spoken, len(waiting)),
            step=RecordStep.CONFIRM,
            act="lists.confirm_all",
            since=since,
            due=_within(desk, since, "confirm_days"),
        )
    held = {edition.key for pile in together.values() for edition, _ in pile}
    for edition, since in desk.dated_editions:
        if edition.state not in _NEXT or edition.key in held:
            continue
        duty, step, limit = _NEXT[edition.state]
        waits = step is RecordStep.CONFIRM and edition.key in proposed
        if step is RecordStep.PROPOSE:
            city = StreamKind.LIST.key(edition.period, CITY)
            waits = not is_silent(edition) or city in known
        if waits or not desk.may(duty, owner_of_list(edition)):
            continue
        due = _within(desk, since, limit)
        entry = Todo(
            kind=TodoKind.LIST,
            subject=edition.key,
            title=desk.organization.name_of(edition.unit),
            step=step,
            act=f"lists.{step.value}",
            since=since,
            due=due,
        )
        if step is RecordStep.PROPOSE and any(p.lacks for p in edition.places):
            # What the list would promise is said before it is proposed.
            yield replace(entry, step=RecordStep.DESCRIBE, act="lists.describe")
        yield entry


def _together(
    desk: Desk, proposed: Collection[str]
) -> dict[str, list[tuple[Edition, date]]]:
    """Return by period the units' lists that the actor may confirm all at once.

    A period with one list, or with a list that was proposed alone, is none of them.
    """
    if not desk.may(Duty.CONFIRM, None):
        return {}
    periods: dict[str, list[tuple[Edition, date]]] = {}
    for edition, since in desk.dated_editions:
        own = unit_of_list(edition.key) == edition.unit
        if own and edition.state in UNCONFIRMED:
            periods.setdefault(edition.period, []).append((edition, since))
    return {
        period: pile
        for period, pile in periods.items()
        if len(pile) > 1 and not any(edition.key in proposed for edition, _ in pile)
    }


def _to_consolidate(desk: Desk, known: Collection[str]) -> Iterator[Todo]:
    """Yield the years whose city list the actor may consolidate.

    It waits until every area has proposed, or until that was due.
    """
    if not desk.may(Duty.CONFIRM, None):
        return
    years: dict[str, list[Edition]] = {}
    for edition in desk.editions:
        if area_of_list(edition.key) is not None:
            years.setdefault(edition.period, []).append(edition)
    for year, proposals in years.items():
        key, places = StreamKind.LIST.key(year, CITY), [e.places for e in proposals]
        if key in known or not any(places):
            continue
        run = StreamKind.JOB.key(Job.LISTING, year)
        since = positions.last_day(desk.work.connection, run) or desk.day
        late = _within(desk, since, "propose_days")
        waits = any(map(is_silent, proposals))
        if not waits or late is None or late < desk.day:
            yield Todo(
                kind=TodoKind.LIST,
                subject=key,
                title=desk.organization.name_of(desk.organization.office),
                step=RecordStep.CONSOLIDATE,
                act="lists.consolidate",
                since=since,
                due=_within(desk, since, "consolidate_days"),
            )


def _within(desk: Desk, since: date, limit: str) -> date | None:
    """Return the last of the working days that a figure of the selection allows."""

    def days(book: Rulebook) -> int:
        figure: Figure = getattr(book.rules.selection, limit)
        return figure.value

    try:
        return deadline(since, desk.work.activations, days)
    except CalendarMissing:
        return None


def resources(desk: Desk) -> Iterator[Todo]:
    """Yield the areas whose resources of the coming year the actor may state.

    They wait as soon as somebody has said what a screened item of the area costs.
    """
    if not desk.may(Duty.DELIBERATE, None):
        return
    connection, year = desk.work.connection, str(desk.day.year + 1)
    states = (StreamState.KEPT,)
    stated = {
        budget.area
        for budget, _ in awaited.records_in(connection, Budget, states)
        if budget.period == year
    }
    costs = awaited.records_in(connection, Cost, states)
    waiting: dict[Area, date] = {}
    for cost, since in costs:
        item = repository.item(connection, cost.item)
        if item.state is State.SCREENED and item.area not in stated:
            waiting[item.area] = min(since, waiting.get(item.area, since))
    for area, since in waiting.items():
        yield Todo(
            kind=TodoKind.RESOURCES,
            subject=StreamKind.BUDGET.key(year, area.value),
            title=area.spoken,
            step=RecordStep.REGISTER,
            act="resources.state",
            since=since,
        )


def meetings(desk: Desk) -> Iterator[Todo]:
    """Yield the deliberations to hold, to minute or to close.

    What is still to judge there waits as a step of its items.
    """
    if not desk.may(Duty.DELIBERATE, None):
        return
    days = desk.work.rulebook.rules.deliberation.close_days.value
    for held, since in desk.meetings:
        act, step, due = "meetings.begin", RecordStep.HOLD, held.held_on
        if held.state is MeetingState.HELD:
            due = held.held_on + timedelta(days=days)
            act, step = "meetings.close", RecordStep.CLOSE
            if not minutes_of(desk.work, held.key):
                act, step = "meetings.attach", RecordStep.ATTACH
            elif held.undecided:
                continue
        yield Todo(
            kind=TodoKind.MEETING,
            subject=held.key,
            title=f"{held.held_on} {held.chair}",
            step=step,
            act=act,
            since=since,
            due=due,
        )


def engagements(desk: Desk) -> Iterator[Todo]:
    """Yield the engagements that wait: for staff, a report, answers, or what is done.

    The office waits for the evaluator until a day is over. The item's unit answers
    the findings, and the owner of each action reports it as done.
    """
    connection, states = desk.work.connection, tuple(EngagementState)
    waiting = awaited.records_in(connection, Engagement, states)
    owners = awaited.owners_of(connection, (made.item for made, _ in waiting))
    for made, since in waiting:
        unit, title = owners[made.item]
        todo = partial(
            Todo,
            kind=TodoKind.ENGAGEMENT,
            subject=made.key,
            title=f"{made.assessor} {title}",
            since=since,
        )
        for step, act, owner, due in _of_engagement(desk, made, unit):
            if owner is None and step is EngagementStep.FOLLOW:
                may = desk.permits(ENGAGEMENT, made.state, step, None, made)
            elif owner is None:
                may = desk.may(Duty.ASSESS, None)
            else:
                may = owner in desk.own and desk.may(Duty.REPORT, owner)
            if may:
                yield todo(step=step, act=f"engagements.{act}", due=due)


def _of_engagement(
    desk: Desk, made: Engagement, unit: str
) -> Iterator[tuple[EngagementStep, str, str | None, date | None]]:
    """Yield what waits about an engagement: step, act, its unit and its due day."""
    if made.state is EngagementState.PLANNED and made.begins <= desk.day:
        yield EngagementStep.ENTER, "enter", None, made.begins
    if made.state is EngagementState.IN_FIELD and made.due <= desk.day:
        yield EngagementStep.REPORT, "report", None, made.due
    if made.state is EngagementState.REPORTED and made.unanswered():
        yield EngagementStep.ANSWER, "answer", unit, _answer_by(desk, made)
    elif made.state is EngagementState.REPORTED:
        yield EngagementStep.FOLLOW, "follow", None, None
    for finding in made.undone():
        action = finding.action
        if action is not None and action.post in {"", desk.by.id}:
            yield EngagementStep.COMPLETE, "complete", action.unit, action.due


def _answer_by(desk: Desk, made: Engagement) -> date | None:
    """Return the day by which findings are answered, None without its calendar."""
    book = desk.work.rulebook
    if made.reported_on is None:
        return None
    days = book.improving.engagements.answer_days.value
    try:
        return working_day_after(made.reported_on, days, book.calendar)
    except CalendarMissing:
        return None
