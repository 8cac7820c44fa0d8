"""The figures to report, feeds that bring none, open tasks, and surveys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import chain, groupby
from typing import Final

from huimin_flow.catalogue.terms import (
    Duty,
    FeedStep,
    Freshness,
    Job,
    State,
    Step,
    SurveyState,
    SurveyStep,
    TaskReturnStep,
    TodoKind,
)
from huimin_flow.clock import local_day
from huimin_flow.flow.todo.desk import REPORT, Desk
from huimin_flow.model.core.periods import last_day, month_before
from huimin_flow.model.evidence import SettlingEvidence
from huimin_flow.model.executing.plans import Excuse
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.items import Todo
from huimin_flow.rules.core.due import agenda, later
from huimin_flow.rules.executing.feeds import freshness, supplied
from huimin_flow.rules.executing.progress import owing
from huimin_flow.rules.executing.running import running
from huimin_flow.rules.executing.surveys import answers_due, least
from huimin_flow.rules.executing.tasks import coverage_of, open_returns, settling_due
from huimin_flow.states.authority import reach
from huimin_flow.states.improving import TASK_RETURN
from huimin_flow.store import awaited
from huimin_flow.store.core import repository
from huimin_flow.store.executing import surveys as stored
from huimin_flow.store.executing.running import run_histories

#: Until when the deadlines of months are computed.
_AHEAD: Final = timedelta(days=62)

#: The states of surveys that are not over.
_RUNNING: Final = (SurveyState.DRAWN, SurveyState.OPEN)


def progress(desk: Desk) -> Iterator[Todo]:
    """Yield the months of tasks of the actor's units that were not reported."""
    if not desk.may(Duty.REPORT, desk.by.unit):
        return
    until = later(desk.work.now, _AHEAD)
    falls_due = {due.key: due.at for due in agenda(desk.work.activations, until).due}
    present = f"{desk.day:%Y-%m}"
    connection, before = desk.work.connection, month_before(present)
    organization, day = desk.organization, desk.day
    fed = supplied(desk.feeds)
    for unit in sorted({organization.heir(own, day) for own in desk.own}):
        units = organization.answers_for(unit, day) | {unit}
        histories = run_histories(connection, before, None, units=units)
        if not histories:
            continue
        reported = awaited.reported_by_month(connection, histories)
        titles = awaited.owners_of(connection, histories)
        steps = chain.from_iterable(histories.values())
        begun, period = min(step.occurred_on for step in steps), present
        while period >= f"{begun:%Y-%m}":
            end = last_day(period)
            called = falls_due.get((Job.PROGRESS_CALL.value, period))
            due = falls_due.get((Job.MONTHLY_SCORE.value, period))
            since = end if called is None else min(local_day(called), end)
            ran = running(histories, end) if since <= desk.day else ()
            for task in owing(ran, reported[period], organization, day, unit, fed=fed):
                if task.feed:  # its own line says that the feed is missed
                    continue
                yield REPORT(
                    subject=task.item,
                    title=f"{task.task} {titles[task.item][1]}",
                    since=since,
                    due=due and local_day(due),
                    period=period,
                )
            period = month_before(period)


def feeds(desk: Desk) -> Iterator[Todo]:
    """Yield the missed feeds of the actor's units, and of items that these lead."""
    missed = [
        status
        for status in (freshness(feed, desk.day) for feed in desk.feeds)
        if status.freshness is Freshness.MISSED
    ]
    if not missed or not desk.may(Duty.IMPORT, desk.by.unit):
        return
    numbers = {each.item for status in missed for each in status.feed.indicators}
    owners = awaited.owners_of(desk.work.connection, numbers)
    for status in missed:
        feed = status.feed
        items = {each.item for each in feed.indicators}
        units = {feed.unit, *(owners[number][0] for number in items)}
        if units & desk.own:
            stopped = feed.missed_at and local_day(feed.missed_at)
            titles = [owners[number][1] for number in sorted(items)]
            yield Todo(
                kind=TodoKind.FEED,
                subject=feed.key,
                title=" ".join([feed.name, *titles[:1]]),
                step=FeedStep.DELIVER,
                act="feeds.deliver",
                since=stopped or status.due or feed.opened_on,
                due=status.due,
            )


def sent_back(desk: Desk) -> Iterator[Todo]:
    """Yield the tasks that were sent back, for who may reassign or retain them (C2)."""
    connection = desk.work.connection
    due = settling_due(desk.work.activations)
    for number, returns in groupby(desk.sent_back, key=lambda made: made.item):
        item = repository.item(connection, number)
        excuses = repository.records(connection, Excuse, number)
        evidence = SettlingEvidence(item=item)
        for made in open_returns(item, returns, excuses):
            if item.unit in desk.own and desk.permits(
                TASK_RETURN,
                made.state,
                TaskReturnStep.RETAIN,
                item.unit,
                made,
                evidence,
            ):
                yield Todo(
                    kind=TodoKind.TASK,
                    subject=made.key,
                    title=f"{made.task} {item.title}",
                    step=TaskReturnStep.RETAIN,
                    act="tasks.retain",
                    since=made.returned_on,
                    due=due(made.returned_on),
                )


def surveys(desk: Desk) -> Iterator[Todo]:
    """Yield the samples to draw, the answers to collect, the surveys to close (D0).

    Who surveys does it; the unit of the item sees that it waits for the office.
    """
    surveying = desk.may(Duty.ASSESS, None)
    if not (surveying or desk.may(Duty.REPORT, desk.by.unit)):
        return
    todo = partial(
        Todo,
        kind=TodoKind.SURVEY,
        unit="" if surveying else desk.organization.office,
    )
    for number, (waiting, evidence) in desk.unevaluated.items():
        before = evidence.before
        running = before is not None and before.state in _RUNNING
        if running or not desk.lacks_survey(number):
            continue
        yield todo(
            subject=number,
            title=evidence.item.title,
            step=SurveyStep.DRAW,
            act="surveys.draw",
            since=waiting.since,
        )
    connection = desk.work.connection
    known = awaited.records_in(connection, Survey, _RUNNING)
    owners = awaited.owners_of(connection, (made.item for made, _ in known))
    replies = stored.answer_counts(connection, [made.key for made, _ in known])
    for made, since in known:
        unit, title = owners[made.item]
        if not surveying and unit not in desk.own:
            continue
        due = answers_due(made, desk.work.activations)
        rule, told = desk.work.rulebook.improving.surveys, replies[made.key]
        over = due is not None and due < desk.day and told > 0
        enough = over or told >= least(made.measure, made.served, rule)
        step = SurveyStep.CLOSE if enough else SurveyStep.OPEN
        yield todo(
            subject=made.key,
            title=title,
            step=step,
            act="surveys.close" if enough else "surveys.add_answers",
            since=since,
            due=due,
        )


def uncovered(desk: Desk) -> Iterator[Todo]:
    """Yield the own items whose tasks don't reach the items' targets (C2, N8)."""
    mine = reach(desk.by, Step.REASSIGN, desk.organization, desk.day)
    if mine is None:
        return
    connection, rule = desk.work.connection, desk.work.rulebook.improving.tasks
    covered = [(State.ASSIGNED, mine, False)]
    for waiting in awaited.items_waiting(connection, covered):
        plan = waiting.plain["plan"] or {}
        if waiting.unit not in desk.own or not plan.get("indicators"):
            continue
        item = repository.item(connection, waiting.number)
        returns = repository.records(connection, TaskReturn, item.number)
        excuses = repository.records(connection, Excuse, item.number)
        if not coverage_of(item, returns, excuses, rule).passed:
            yield Todo(
                kind=TodoKind.ITEM,
                subject=item.number,
                title=item.title,
                step=Step.REASSIGN,
                act="items.reassign",
                since=waiting.since,
            )
