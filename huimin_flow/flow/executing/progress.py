"""Progress: monthly figures of running tasks, corrected by later ones (C4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from huimin_flow.catalogue.reasons import CELL, FileCode, Plain, ProgressCode, Reason
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    IndicatorKind,
    State,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.advance import PROGRESS_KIND, acting_as, keep_batch
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.appeals import Intake
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import last_day, month
from huimin_flow.model.core.texts import accepted, showable
from huimin_flow.model.executing.plans import Indicator, Plan, Progress, SheetLine, Task
from huimin_flow.model.items import Item
from huimin_flow.model.scoring.published import Owing
from huimin_flow.rules.executing import progress
from huimin_flow.rules.executing.figures import figure_flaw
from huimin_flow.rules.executing.running import Running, running
from huimin_flow.states.authority import may_report
from huimin_flow.store.core import facts, history, repository
from huimin_flow.store.core.tables import PROGRESS
from huimin_flow.store.executing.attachments import attachments_of
from huimin_flow.store.scoring import months

#: How many wrong rows one refusal names; the others are counted.
_NAMED = 20

#: How many characters of a digest name an attachment at least.
_SHORTEST = 12


class _Desk:
    """What a batch of reports is held against, each item loaded once."""

    def __init__(self, work: Work, by: Actor) -> None:
        self.work = work
        self.by = by
        self.items: dict[str, Item] = {}
        self.terms: dict[str, _Term] = {}
        self.held: dict[str, frozenset[str]] = {}

    def item(self, number: str) -> Item:
        if number not in self.items:
            found = repository.find_item(self.work.connection, number)
            if found is None:
                raise InputRefused(ProgressCode.ITEM_UNKNOWN, item=showable(number))
            known = attachments_of(self.work.connection, number)
            self.items[number] = found
            self.terms[number] = _term(self.work, found)
            self.held[number] = frozenset(one.digest for one in known)
        return self.items[number]

    def indicator(self, report: Progress) -> Indicator:
        item = self.item(report.item)
        for task in (item.plan or Plan()).tasks:
            for indicator in task.indicators:
                if (task.key, indicator.name) == (report.task, report.indicator):
                    self._allow(item, task)
                    return indicator
        raise InputRefused(
            ProgressCode.INDICATOR_UNKNOWN,
            item=report.item,
            task=showable(report.task),
            indicator=showable(report.indicator),
        )

    def _allow(self, item: Item, task: Task) -> None:
        organization, today = self.work.rulebook.organization, self.work.today
        why = may_report(self.by, item, task.unit, organization, day=today)
        if why:
            raise StepRefused(why)


def report_progress(
    work: Work, reports: Sequence[Progress], *, by: Actor, places: Sequence[str] = ()
) -> Intake:
    """Keep a batch of monthly figures; a later figure corrects an earlier one (C4).

    A figure that is known already is not kept again. ``places`` name each
    report's place in a file, and stand before what is wrong with it.

    Raises:
        InputRefused: for an unknown item, task or indicator, a month to come or
            in which the item did not run, figures that cannot be by
            ``rules.figures``, evidence that isn't attached, a milestone
            without any, or two figures for one month in a batch;
            every wrong report is named.
        StepRefused: if the actor may not report, or not for this unit.

    """
    work.duty(by, Duty.REPORT, by.unit)
    desk = _Desk(work, by)
    wrong: list[Reason] = []
    taken: list[Progress] = []
    said: dict[tuple[str, str, str, str], int] = {}
    for n, one in enumerate(reports):
        try:
            taken.append(_checked(desk, one))
            first = said.setdefault(_about(one), n)
            _alike(reports[first], one, places[first] if places else f"#{first + 1}")
        except InputRefused as refusal:
            wrong += (_placed(why, places[n : n + 1]) for why in refusal.reasons)
    if wrong:
        count: Mapping[str, Plain] = {"count": len(wrong)}
        rest = Reason(code=FileCode.MORE_CELLS, values=count)
        raise InputRefused((*wrong[:_NAMED], rest) if wrong[_NAMED:] else tuple(wrong))
    repository.hold_items(work.connection, sorted(desk.items))
    if not (fresh := _fresh(work, taken)):
        return Intake(batch=0, kept=0, known=len(taken), root="")
    known = len(taken) - len(fresh)
    batch = repository.next_number(work.connection, StreamKind.BATCH)
    rows = facts.progress_rows(fresh, batch)
    facts.keep(work.connection, PROGRESS, rows)
    acting = acting_as(work, by, units=(by.unit,))
    root = facts.root_of(rows)
    keep_batch(work, PROGRESS_KIND, batch, len(rows), root, by=acting, known=known)
    return Intake(batch=batch, kept=len(rows), known=known, root=root)


def _placed(why: Reason, place: Sequence[str]) -> Reason:
    """Return a reason with the place of its report in a file, if there is one."""
    return replace(why, values={CELL: place[0], **why.values}) if place else why


def progress_sheet(
    work: Work, period: str, *, unit: str | None = None
) -> tuple[SheetLine, ...]:
    """Return how every running task stands in a month, and what it reported (C4).

    A month that still runs is held against its plan up to today; one that is over
    by the rulebook of its last day.

    Raises:
        InputRefused: for what is no month, or is still to come, or no unit.

    """
    known_unit(work, unit)
    day = min(_last_day(work, period), work.today)
    book = work.rulebook_on(day)
    known = work.head
    ran, reports = _running(work, day, known)
    found = progress.paces(ran, reports, book, day=day)
    return tuple(
        _line(one, period) for one in found if unit is None or one.unit == unit
    )


def progress_owing(
    work: Work, period: str, *, unit: str | None = None
) -> tuple[Owing, ...]:
    """Return the running tasks whose month was not reported till now (C4).

    Raises:
        InputRefused: for what is no month, or is still to come, or no unit.

    """
    known_unit(work, unit)
    _last_day(work, period)
    known = work.head
    found = owing_at(work, period, known)
    return tuple(one for one in found if unit is None or one.unit == unit)


def owing_at(work: Work, period: str, cut: int) -> tuple[Owing, ...]:
    """Return the running tasks whose month was not reported by a cut (C4)."""
    return progress.owing(*_running(work, last_day(period), cut), period)


def _running(
    work: Work, day: date, cut: int
) -> tuple[tuple[Running, ...], Mapping[str, tuple[Progress, ...]]]:
    """Return what ran in ``day``'s month, and its reports, as known at a cut."""
    histories = months.run_histories(work.connection, f"{day:%Y-%m}", cut)
    ran = running(histories, day)
    numbers = [one.number for one in ran]
    return ran, months.reports_of(work.connection, numbers, cut)


def _last_day(work: Work, period: str) -> date:
    end = last_day(month(period))
    if end.replace(day=1) > work.today:
        first = end.replace(day=1)
        raise InputRefused(ProgressCode.MONTH_TO_COME, period=period, earliest=first)
    return end


def _line(one: progress.TaskPace, period: str) -> SheetLine:
    """Return a pace as a line of the month's sheet."""
    return SheetLine(
        item=one.item,
        item_title=one.item_title,
        task=one.task,
        task_title=one.title,
        owner=one.unit,
        indicator=one.indicator.name,
        kind=one.indicator.kind,
        measure=one.indicator.unit,
        target=one.indicator.value,
        due=one.due,
        expected=one.standing.expected,
        actual=one.standing.actual,
        pace=one.standing.pace,
        days=one.standing.days,
        month=period,
        told=one.told,
        members=one.indicator.members,
    )


def _fresh(work: Work, reports: Sequence[Progress]) -> list[Progress]:
    """Return the reports that say something new, in their order."""
    said: dict[tuple[str, str, str, str], Progress] = {}
    for number in sorted({one.item for one in reports}):
        for one in facts.progress_of(work.connection, number):
            said[_about(one)] = one
    fresh = []
    for one in reports:
        if said.get(_about(one)) != one:
            fresh.append(one)
            said[_about(one)] = one
    return fresh


def _about(one: Progress) -> tuple[str, str, str, str]:
    return one.item, one.task, one.indicator, one.month


def _alike(first: Progress, second: Progress, other: str) -> None:
    """Refuse two figures for one month in one batch: nobody knows which holds."""
    if first != second:
        raise InputRefused(ProgressCode.TWO_FIGURES, other=other)


class _Term(NamedTuple):
    """The months from an item's assignment to its end; None where there is none."""

    begun: str | None
    ended: str | None


def _term(work: Work, item: Item) -> _Term:
    """Return the months in which an item's tasks run or ran, from its history."""
    events = history.events_of(work.connection, StreamKind.ITEM.key(item.number))
    begun = [one.occurred_on for one in events if one.step == Step.ASSIGN]
    ends = (Step.EXECUTE, Step.CANCEL)
    ended = [one.occurred_on for one in events if one.step in ends]
    if not begun or item.state is State.LISTED:
        return _Term(None, None)
    return _Term(
        f"{begun[0]:%Y-%m}",
        f"{ended[-1]:%Y-%m}" if ended and item.state is not State.ASSIGNED else None,
    )


def _within(term: _Term, report: Progress) -> None:
    begun, ended = term
    if begun is None:
        raise InputRefused(ProgressCode.NOT_RUNNING, item=report.item)
    if report.month < begun:
        code = ProgressCode.BEFORE_BEGIN
        raise InputRefused(code, item=report.item, period=report.month, begun=begun)
    if ended is not None and report.month > ended:
        code = ProgressCode.AFTER_END
        raise InputRefused(code, item=report.item, period=report.month, ended=ended)


def _checked(desk: _Desk, report: Progress) -> Progress:
    if month(report.month) > desk.work.today.strftime("%Y-%m"):
        first = last_day(report.month).replace(day=1)
        code = ProgressCode.MONTH_TO_COME
        raise InputRefused(code, period=report.month, earliest=first)
    indicator = desk.indicator(report)
    _within(desk.terms[report.item], report)
    members = tuple(
        accepted(one, Argument.MEMBERS, longest=200) for one in report.members
    )
    named = replace(report, members=members)
    flaw = figure_flaw(indicator, named)
    if flaw is not None:
        raise InputRefused((flaw,))
    note = accepted(report.note, Argument.NOTE, longest=2000, lines=True)
    evidence = _evidence(desk.held[report.item], report, indicator)
    return replace(named, note=note, evidence=evidence)


def _evidence(
    held: frozenset[str], report: Progress, indicator: Indicator
) -> tuple[str, ...]:
    """Return the whole digests of what a report names by their beginnings."""
    found = []
    for given in report.evidence:
        meant = [one for one in held if one.startswith(given)]
        if len(given) < _SHORTEST or len(meant) != 1:
            raise InputRefused(
                ProgressCode.EVIDENCE_UNKNOWN,
                item=report.item,
                given=showable(given),
                shortest=_SHORTEST,
            )
        found.append(meant[0])
    milestone = indicator.kind is IndicatorKind.MILESTONE
    if milestone and report.value and not report.evidence:
        raise InputRefused(ProgressCode.EVIDENCE_MISSING, indicator=indicator.name)
    return tuple(found)
