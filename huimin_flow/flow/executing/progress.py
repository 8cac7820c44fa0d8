"""Progress: monthly figures of running tasks; a later figure corrects one (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from huimin_flow.catalogue.reasons import (
    CELL,
    FileCode,
    ProgressCode,
    Reason,
    Reasons,
    reason_of,
)
from huimin_flow.catalogue.terms import (
    Argument,
    DoubtCause,
    Duty,
    IndicatorKind,
    State,
    Step,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import PROGRESS_KIND, keep_batch
from huimin_flow.flow.core.items import put_in_doubt
from huimin_flow.flow.core.reads import answered_for
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.appeals import Intake
from huimin_flow.model.core.organization import Actor, Organization
from huimin_flow.model.core.periods import last_day, month, month_bounds
from huimin_flow.model.core.texts import accepted, showable
from huimin_flow.model.executing.feeds import Feed
from huimin_flow.model.executing.plans import Indicator, Progress, SheetLine
from huimin_flow.model.items import Item
from huimin_flow.model.scoring.published import Owing, ProgressCall
from huimin_flow.rules.executing import progress
from huimin_flow.rules.executing.feeds import hand_flaw, supplied
from huimin_flow.rules.executing.figures import figure_flaw
from huimin_flow.rules.executing.running import Running, running
from huimin_flow.states.authority import may_report
from huimin_flow.store import pasts
from huimin_flow.store.core import facts, history, positions, repository
from huimin_flow.store.core.tables import PROGRESS
from huimin_flow.store.executing.attachments import attachments_of
from huimin_flow.store.executing.running import (
    first_and_last,
    reported_in,
    reports_of,
    run_histories,
    runs_of,
)

#: How many wrong rows one refusal names; the others are counted.
_NAMED = 20

#: How many characters of a digest must name an attachment at least.
_SHORTEST = 12


class ReportedItem(NamedTuple):
    """An item of progress reports: its months, and the digests of its files.

    ``begun`` is the month of its assignment, None for an item that doesn't run;
    ``ended`` is the month of its end, None while it runs.
    """

    item: Item
    begun: str | None
    ended: str | None
    attached: tuple[str, ...]


@act(Duty.REPORT)
def report_progress(
    work: Work,
    reports: Sequence[Progress],
    *,
    by: Actor = ACTING,
    places: Sequence[str] = (),
) -> Intake:
    """Keep a batch of monthly figures; a later figure corrects an earlier one (C4).

    A figure that is known already is not kept again. ``places`` name the place of
    each report in a file; a refusal says it before the reason.

    Raises:
        InputRefused: for an unknown item, task or indicator, a future month or one
            in which the item did not run, figures that ``rules.executing.figures``
            refuses, evidence that isn't attached, a milestone without
            evidence, two figures for one month in a batch, or a figure that a feed
            supplies without the reason of a correction; it names every wrong report.
        StepRefused: if the actor may not report, or not for this unit.

    """
    work.duty(by, Duty.REPORT, by.unit)
    fed = supplied(repository.records(work.connection, Feed))
    items: dict[str, ReportedItem] = {}
    wrong: list[Reason] = []
    checked: list[Progress] = []
    firsts: dict[tuple[str, str, str, str], int] = {}
    for n, report in enumerate(reports):
        reasons: Reasons = ()
        try:
            fit = checked_report(work, report, items, by)
            flaw = hand_flaw(fit, fed)
            reasons = () if flaw is None else (flaw,)
            checked.append(fit)
        except InputRefused as refusal:
            reasons = refusal.reasons
        else:
            first = firsts.setdefault(key_of(report), n)
            if reports[first] != report:
                other = places[first] if places else f"#{first + 1}"
                reasons = (reason_of(ProgressCode.TWO_FIGURES, {"other": other}),)
        if n < len(places):
            cell = {CELL: places[n]}
            reasons = tuple(
                replace(why, values={**cell, **why.values}) for why in reasons
            )
        wrong += reasons
    if wrong:
        rest = reason_of(FileCode.MORE_CELLS, {"count": len(wrong)})
        raise InputRefused((*wrong[:_NAMED], rest) if wrong[_NAMED:] else tuple(wrong))
    repository.hold_items(work.connection, sorted(items))
    if not (fresh := new_reports(work, checked)):
        return Intake(batch=0, kept=0, known=len(checked), root="")
    known = len(checked) - len(fresh)
    batch = positions.next_number(work.connection, StreamKind.BATCH)
    rows = facts.progress_rows(fresh, batch)
    facts.keep(work.connection, PROGRESS, rows)
    root = facts.root_of(rows)
    keep_batch(work, PROGRESS_KIND, batch, len(rows), root, by=by, known=known)
    # As they stand under the lock: one may have been evaluated since they were checked.
    corrected = pasts.items_at(work.connection, {each.item for each in fresh}, None)
    judged = (item for _, item in sorted(corrected.items()))
    put_in_doubt(work, judged, DoubtCause.PROGRESS, by=by)
    return Intake(batch=batch, kept=len(rows), known=known, root=root)


@question
def progress_sheet(
    work: Work,
    period: str,
    *,
    unit: str | None = None,
    numbers: Sequence[str] | None = None,
) -> tuple[SheetLine, ...]:
    """Return the pace of every running task in a month, and its reports (C4).

    With ``numbers``, only tasks of those items; an unknown number has none. The
    present month is compared with its plan up to today. A past month is compared by
    the rulebook of its last day.

    Raises:
        InputRefused: for a period that is no month, a future month, or no unit.

    """
    units = answered_for(work, unit, work.today)
    day = min(_last_day(work, period), work.today)
    book = work.rulebook_on(day)
    if numbers is None:
        ran = _running(work, day, None, units)
    else:
        ran = running(runs_of(work.connection, numbers, 0)[0], day)
    items = [item.number for item in ran]
    reports = reports_of(work.connection, items, work.head)
    titles = repository.titles(work.connection, items)
    fed = supplied(repository.records(work.connection, Feed))
    return tuple(
        replace(line, feed=fed.get((line.item, line.task, line.indicator), ""))
        for line in progress.paces(
            ran, reports, book, day=day, units=units, titles=titles
        )
    )


@question
def progress_calls(work: Work, period: str | None = None) -> list[ProgressCall]:
    """Return the calls for progress reports and the units they name, or one month's.

    Raises:
        InputRefused: for a period that is no month.

    """
    about = None if period is None else month(period)
    return repository.records(work.connection, ProgressCall, about)


@question
def months(work: Work) -> tuple[str, ...]:
    """Return the months from the first run of a task to the last, oldest first.

    While a task runs, the last month is that of the last record.
    """
    ends = first_and_last(work.connection)
    if ends is None:
        return ()
    first, last = ends
    recorded = repository.present(work.connection).at
    if recorded and repository.count_by_state(work.connection).get(State.ASSIGNED):
        last = max(last, local_day(recorded))
    beginnings = [first.replace(day=1)]
    while (after := month_bounds(f"{beginnings[-1]:%Y-%m}")[1]) <= last:
        beginnings.append(after)
    return tuple(f"{day:%Y-%m}" for day in beginnings)


@question
def progress_owing(
    work: Work, period: str, *, unit: str | None = None
) -> tuple[Owing, ...]:
    """Return the running tasks without a report for the month until now (C4).

    What a feed supplies is awaited from the feed, and stands in a line of its own.

    Raises:
        InputRefused: for a period that is no month, a future month, or no unit.

    """
    answered_for(work, unit, work.today)
    _last_day(work, period)
    return owing_at(work, period, work.head, work.rulebook.organization, unit)


def owing_at(
    work: Work,
    period: str,
    cut: int,
    organization: Organization,
    unit: str | None = None,
) -> tuple[Owing, ...]:
    """Return the running tasks without a report for the month at a cut (C4).

    They are owed by who answers for them today. A unit that ended owes what its
    successor owes. What a feed supplied at the cut is awaited from it.
    """
    units = answered_for(work, unit, work.today)
    ran = _running(work, last_day(period), cut, units)
    numbers = [item.number for item in ran]
    reported = reported_in(work.connection, numbers, period, cut)
    owner = None if unit is None else organization.heir(unit, work.today)
    feeds = pasts.records_at(work.connection, StreamKind.FEED, Feed, None, cut)
    fed = supplied(feeds)
    return progress.owing(ran, reported, organization, work.today, owner, fed=fed)


def _running(
    work: Work, day: date, cut: int | None, units: frozenset[str] | None
) -> tuple[Running, ...]:
    """Return the items that ran in ``day``'s month, as known at a cut or now.

    With ``units``, only items with a plan that names one of them.
    """
    histories = run_histories(work.connection, f"{day:%Y-%m}", cut, units=units)
    return running(histories, day)


def _last_day(work: Work, period: str) -> date:
    """Return a month's last day; refuse a future month."""
    end = last_day(month(period))
    first = end.replace(day=1)
    if first > work.today:
        raise InputRefused(ProgressCode.MONTH_TO_COME, period=period, earliest=first)
    return end


def new_reports(work: Work, reports: Sequence[Progress]) -> list[Progress]:
    """Return the reports with a new figure, in their order."""
    known: dict[tuple[str, str, str, str], Progress] = {}
    for number in sorted({report.item for report in reports}):
        for report in facts.progress_of(work.connection, number):
            known[key_of(report)] = report
    fresh = []
    for report in reports:
        if known.get(key_of(report)) != report:
            fresh.append(report)
            known[key_of(report)] = report
    return fresh


def key_of(report: Progress) -> tuple[str, str, str, str]:
    """Return what a report is of: item, task, indicator, month."""
    return report.item, report.task, report.indicator, report.month


def _load_item(work: Work, number: str) -> ReportedItem:
    item = repository.find_item(work.connection, number)
    if item is None:
        raise InputRefused(ProgressCode.ITEM_UNKNOWN, item=showable(number))
    events = history.events_of(work.connection, StreamKind.ITEM.key(number))
    begun = [event.occurred_on for event in events if event.step == Step.ASSIGN]
    ends = (Step.EXECUTE, Step.CANCEL)
    ended = [event.occurred_on for event in events if event.step in ends]
    runs = item.state is State.ASSIGNED
    return ReportedItem(
        item=item,
        begun=f"{begun[0]:%Y-%m}" if begun and item.state is not State.LISTED else None,
        ended=f"{ended[-1]:%Y-%m}" if ended and not runs else None,
        attached=tuple(file.digest for file in attachments_of(work.connection, number)),
    )


def checked_report(
    work: Work, report: Progress, items: dict[str, ReportedItem], by: Actor | None
) -> Progress:
    """Return the report to keep; ``items`` caches the items of the batch.

    Without ``by`` a feed brings it, whose registration says who may.

    Raises:
        InputRefused: as ``report_progress``.
        StepRefused: if the actor may not report the task.

    """
    number, period = report.item, report.month
    _last_day(work, period)
    if number not in items:
        items[number] = _load_item(work, number)
    item, begun, ended, attached = items[number]
    tasks = item.plan.tasks if item.plan else ()
    named = (report.task, report.indicator)
    measured = (
        (task, indicator)
        for task in tasks
        for indicator in task.indicators
        if (task.key, indicator.name) == named
    )
    task, indicator = next(measured, (None, None))
    if task is None or indicator is None:
        own = {task.key: task for task in tasks}.get(report.task)
        if tasks and own is None:
            raise InputRefused(
                ProgressCode.TASK_UNKNOWN,
                item=number,
                task=showable(report.task),
                tasks=[task.key for task in tasks],
            )
        raise InputRefused(
            ProgressCode.INDICATOR_UNKNOWN,
            item=number,
            task=showable(report.task),
            indicator=showable(report.indicator),
            indicators=[each.name for each in own.indicators] if own else "",
        )
    organization = work.rulebook.organization
    if by is not None:
        why = may_report(by, item, task.unit, organization, day=work.today)
        if why:
            raise StepRefused(why)
    if begun is None:
        raise InputRefused(ProgressCode.NOT_RUNNING, item=number)
    if period < begun:
        code = ProgressCode.BEFORE_BEGIN
        raise InputRefused(code, item=number, period=period, begun=begun)
    if ended is not None and period > ended:
        code = ProgressCode.AFTER_END
        raise InputRefused(code, item=number, period=period, ended=ended)
    members = tuple(
        accepted(member, Argument.MEMBERS, longest=200) for member in report.members
    )
    checked = replace(report, members=members)
    if flaw := figure_flaw(indicator, checked):
        raise InputRefused((flaw,))
    note = accepted(report.note, Argument.NOTE, longest=2000, lines=True)
    evidence = _whole_digests(attached, report, indicator)
    correction = accepted(report.correction, Argument.CORRECTION, longest=500)
    return replace(checked, note=note, evidence=evidence, correction=correction)


def _whole_digests(
    attached: Sequence[str], report: Progress, indicator: Indicator
) -> tuple[str, ...]:
    """Return the whole digests of the evidence that a report names by beginnings."""
    digests = []
    for beginning in report.evidence:
        meant = [digest for digest in attached if digest.startswith(beginning)]
        if len(beginning) < _SHORTEST or len(meant) != 1:
            raise InputRefused(
                ProgressCode.EVIDENCE_UNKNOWN,
                item=report.item,
                given=showable(beginning),
                shortest=_SHORTEST,
            )
        digests.append(meant[0])
    milestone = indicator.kind is IndicatorKind.MILESTONE
    if milestone and report.value and not digests:
        raise InputRefused(ProgressCode.EVIDENCE_MISSING, indicator=indicator.name)
    return tuple(digests)
