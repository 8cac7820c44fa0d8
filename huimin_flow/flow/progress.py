"""Progress: monthly figures of running tasks, corrected by later ones (C4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from huimin_flow.catalogue.terms import IndicatorKind, State, Step, StreamKind
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow import figures
from huimin_flow.flow.batches import keep_batch
from huimin_flow.flow.identity import known_unit
from huimin_flow.flow.intake import Intake
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.indicator import Indicator, Plan, Progress, SheetLine, Task
from huimin_flow.model.item import Item
from huimin_flow.model.monthly import Owing
from huimin_flow.model.period import last_day, month
from huimin_flow.model.text import accepted, showable
from huimin_flow.rules import progress
from huimin_flow.rules.running import Running, running
from huimin_flow.states.authority import authorize
from huimin_flow.store import facts, history, months, positions, repository
from huimin_flow.store.attachments import attachments_of

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
            found = repository.item(self.work.connection, number)
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
            f"事项{report.item}的任务“{showable(report.task)}”"
            f"没有指标“{showable(report.indicator)}”",
            remedy="请核对任务与指标名称",
        )

    def _allow(self, item: Item, task: Task) -> None:
        """Let the accountable unit report, and whoever may execute the item."""
        if task.unit in self.work.units_of(self.by):
            return
        why = authorize(
            self.by,
            Step.EXECUTE,
            item.unit,
            item.area,
            self.work.rulebook.organization,
            day=self.work.today,
        )
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
            in which the item did not run, a negative or too large figure, a
            rate without its denominator, cases without both figures, a member
            that the set hasn't, evidence that isn't attached, a milestone
            without any, or two figures for one month in a batch;
            every wrong report is named.
        StepRefused: if the actor may not report, or not for this unit.

    """
    work.duty_for(by, "report", by.unit)
    desk = _Desk(work, by)
    wrong: list[tuple[str, InputRefused]] = []
    taken: list[Progress] = []
    said: dict[tuple[str, str, str, str], int] = {}
    for n, one in enumerate(reports):
        try:
            taken.append(_checked(desk, one))
            first = said.setdefault(_about(one), n)
            _alike(reports[first], one, places[first] if places else "")
        except InputRefused as refusal:
            place = f"{places[n]}:" if places else ""
            wrong.append((f"{place}{refusal}", refusal))
    if wrong:
        raise _together(wrong)
    if not (fresh := _fresh(work, taken)):
        return Intake(batch=0, kept=0, known=len(taken), root="")
    known = len(taken) - len(fresh)
    batch = repository.next_number(work.connection, StreamKind.BATCH)
    rows = facts.progress_rows(fresh, batch)
    facts.keep(work.connection, facts.PROGRESS, rows)
    root = keep_batch(work, "progress", batch, rows, by=by, known=known)
    return Intake(batch=batch, kept=len(rows), known=known, root=root)


def _together(wrong: Sequence[tuple[str, InputRefused]]) -> InputRefused:
    """Return the refusal of a batch from its lines and what each was refused for."""
    lines = [line for line, _ in wrong[:_NAMED]]
    lines += [f"……共{len(wrong)}处"] if len(wrong) > _NAMED else []
    whole = InputRefused("\n".join(lines), remedy=wrong[0][1].remedy)
    days = [one.earliest for _, one in wrong if one.earliest is not None]
    whole.earliest = max(days, default=None)  # each line tells its own day already
    return whole


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
    _, known = positions.head_and_last(work.connection)
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
    _, known = positions.head_and_last(work.connection)
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
        raise InputRefused(
            f"月份{period}尚未到来", remedy="请核对月份", earliest=end.replace(day=1)
        )
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


def _alike(first: Progress, second: Progress, place: str) -> None:
    """Refuse two figures for one month in one batch: nobody knows which holds."""
    if first != second:
        where = f"与{place}" if place else "与同一批另一条"
        raise InputRefused(
            f"{where}报的是同一指标同一月份,内容不同", remedy="请只留一条"
        )


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
    if term.begun is None:
        raise InputRefused(f"事项{report.item}没有在执行", remedy="请核对事项编号")
    if report.month < term.begun:
        raise InputRefused(
            f"月份{report.month}早于事项{report.item}分解任务的{term.begun}",
            remedy=f"请报{term.begun}及以后的月份",
        )
    if term.ended is not None and report.month > term.ended:
        raise InputRefused(
            f"月份{report.month}晚于事项{report.item}执行完成的{term.ended}",
            remedy=f"请报{term.ended}及以前的月份",
        )


def _checked(desk: _Desk, report: Progress) -> Progress:
    if month(report.month) > desk.work.today.strftime("%Y-%m"):
        raise InputRefused(
            f"月份{report.month}尚未到来",
            remedy="请核对月份",
            earliest=last_day(report.month).replace(day=1),
        )
    indicator = desk.indicator(report)
    _within(desk.terms[report.item], report)
    members = figures.checked(indicator, report)
    note = accepted(report.note, "备注", longest=2000, lines=True)
    evidence = _evidence(desk.held[report.item], report, indicator)
    return replace(report, note=note, evidence=evidence, members=members)


def _evidence(
    held: frozenset[str], report: Progress, indicator: Indicator
) -> tuple[str, ...]:
    """Return the whole digests of what a report names by their beginnings."""
    found = []
    for given in report.evidence:
        meant = [one for one in held if one.startswith(given)]
        if len(given) < _SHORTEST or len(meant) != 1:
            raise InputRefused(
                f"事项{report.item}没有摘要为“{showable(given)}”的附件",
                remedy=f"请用 huimin item files 查看摘要,至少写前{_SHORTEST}位",
            )
        found.append(meant[0])
    milestone = indicator.kind is IndicatorKind.MILESTONE
    if milestone and report.value and not report.evidence:
        raise InputRefused(
            f"成果“{indicator.name}”须附佐证才算完成",
            remedy="请先用 huimin item attach 上传,报送时写明该附件",
        )
    return tuple(found)
