"""How the work of each unit stands: what is late, what it owes, what went well (F3).

A pack tells what stands at the moment of its question, a digest what was known at its
cut: the same lines, from the same rules, with another moment.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import chain

from huimin_flow.catalogue.terms import (
    Color,
    DecisionState,
    DigestKind,
    OrderState,
    Pace,
    State,
    StreamKind,
)
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.demands.awaited import silent_at
from huimin_flow.flow.executing.progress import owing_at
from huimin_flow.flow.improving.boards import bad_entries
from huimin_flow.flow.sensing.answering.waiting import rates
from huimin_flow.flow.services.bad_ratings import bad_ratings
from huimin_flow.model.core.periods import last_day, month_before, month_bounds
from huimin_flow.model.improving.boards import SupervisionOrder
from huimin_flow.model.improving.reviews import Decision, DigestLine, UnitPart
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import MonthlyColors
from huimin_flow.rules.executing import progress
from huimin_flow.rules.executing.running import running
from huimin_flow.rules.improving import reviews as rules
from huimin_flow.rules.sensing.answers import answers_due
from huimin_flow.store import pasts
from huimin_flow.store.core import repository
from huimin_flow.store.executing.running import reports_of, run_histories
from huimin_flow.store.improving import reviews as store

#: By unit the lines of one heading.
Lines = defaultdict[str, list[DigestLine]]

#: The states of supervision orders that are still open.
_OPEN_ORDERS = (OrderState.RECEIVED, OrderState.ANSWERED, OrderState.RETURNED)


def units_now(work: Work, unit: str | None = None) -> tuple[UnitPart, ...]:
    """Return how the work of each unit stands now, by code; of one unit if named.

    Progress is owed for the last whole month.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    known_unit(work, unit)
    day, late, owed = work.today, Lines(list), Lines(list)
    month = f"{day:%Y-%m}"
    _add_tasks(work, late, month, day, None, work.rulebook)
    _add_followed(work, late, owed, day, None)
    for rate in rates(work, first=month_before(month), last=month):
        if rate.overdue:
            line = DigestLine(
                kind=DigestKind.ANSWERS, subject=rate.channel, count=rate.overdue
            )
            late[rate.unit].append(line)
    for entry in bad_entries(work):
        line = DigestLine(kind=DigestKind.BOARD, subject=entry.entry.item)
        late[work.rulebook.organization.heir(entry.entry.unit, day)].append(line)
    bad = Counter(each.rating.unit for each in bad_ratings(work, overdue=True))
    for code, many in bad.items():
        heir = work.rulebook.organization.heir(code, day)
        line = DigestLine(kind=DigestKind.RATINGS, subject="", count=many)
        late[heir].append(line)
    _add_owed(work, owed, month_before(month), work.head, work.rulebook, day)
    parts = _parts(late, owed, Lines(list))
    return tuple(part for part in parts if unit in {None, part.unit})


def units_at(
    work: Work, months: tuple[str, ...], cut: int, book: Rulebook, day: date
) -> tuple[UnitPart, ...]:
    """Return how the work of each unit stood at a cut, and what went well in months.

    ``day`` is that of the cut. What is owed is the last of the months; the colors are
    those that are published when it is asked.
    """
    late, owed, well = Lines(list), Lines(list), Lines(list)
    last = months[-1]
    end = last_day(last)
    _add_tasks(work, late, last, end, cut, book)
    _add_followed(work, late, owed, day, cut)
    _add_owed(work, owed, last, cut, book, day)
    days = month_bounds(months[0])[0], month_bounds(last)[1]
    _add_well(work, well, days, cut, book, end)
    counts: dict[DigestKind, Counter[str]] = defaultdict(Counter)
    due = answers_due(work.activations)
    for given, many in store.first_answers(work.connection, days, cut):
        try:
            until = due(given.heard, given.channel, 0)
        except CalendarMissing:
            continue
        in_time = until is None or given.answered <= until
        kind = DigestKind.IN_TIME if in_time else DigestKind.ANSWERS
        counts[kind][book.organization.heir(given.unit, end)] += many
    for kind, lines in ((DigestKind.IN_TIME, well), (DigestKind.ANSWERS, late)):
        for code, many in counts[kind].items():
            lines[code].append(DigestLine(kind=kind, subject="", count=many))
    order = list(Color)
    for each in months:
        key = StreamKind.COLORS.key(each)
        colors = repository.find_record(work.connection, MonthlyColors, key)
        groups = () if colors is None else colors.groups.values()
        for colored in chain.from_iterable(groups):
            before, now = colored.before, colored.color
            if (
                before is not None
                and now is not None
                and order.index(now) > order.index(before)
            ):
                line = DigestLine(kind=DigestKind.COLOR, subject=each)
                well[colored.unit].append(line)
    return _parts(late, owed, well)


def _parts(late: Lines, owed: Lines, well: Lines) -> tuple[UnitPart, ...]:
    """Return the parts of the units that have a line, by code, lines in order."""

    def ordered(lines: Iterable[DigestLine]) -> tuple[DigestLine, ...]:
        kinds = list(DigestKind)
        return tuple(
            sorted(lines, key=lambda x: (kinds.index(x.kind), -x.days, x.subject))
        )

    return tuple(
        UnitPart(
            unit=unit,
            late=ordered(late.get(unit, ())),
            owed=ordered(owed.get(unit, ())),
            well=ordered(well.get(unit, ())),
        )
        for unit in sorted({*late, *owed, *well})
    )


def _add_tasks(
    work: Work, late: Lines, month: str, day: date, cut: int | None, book: Rulebook
) -> None:
    """Add the tasks behind their curves on a day, and running items in doubt."""
    connection = work.connection
    ran = running(run_histories(connection, month, cut), day)
    numbers = [item.number for item in ran]
    known = work.head if cut is None else cut
    reports = reports_of(connection, numbers, known)
    for line in progress.paces(ran, reports, book, day=day):
        if line.pace is Pace.BEHIND:
            subject = f"{line.item}/{line.task}/{line.indicator}"
            task = DigestLine(kind=DigestKind.TASK, subject=subject, days=-line.days)
            late[line.owner].append(task)
    for item in pasts.items_at(connection, numbers, cut).values():
        if item.stale:
            doubt = DigestLine(kind=DigestKind.DOUBT, subject=item.number)
            late[item.unit].append(doubt)


def _add_followed(
    work: Work, late: Lines, owed: Lines, day: date, cut: int | None
) -> None:
    """Add the orders and decisions that are open: late ones, and those still owed."""
    connection = work.connection
    kind, heir = StreamKind.SUPERVISION_ORDER, work.rulebook.organization.heir
    for order in pasts.records_at(connection, kind, SupervisionOrder, None, cut):
        if order.state in _OPEN_ORDERS:
            days = max((day - order.due).days, 0)
            line = DigestLine(
                kind=DigestKind.ORDER, subject=order.key, since=order.due, days=days
            )
            (late if days else owed)[heir(order.unit, day)].append(line)
    kind = StreamKind.DECISION
    for made in pasts.records_at(connection, kind, Decision, None, cut):
        if made.state not in rules.ENDED:
            days = rules.days_late(made, day)
            line = DigestLine(
                kind=DigestKind.DECISION, subject=made.key, since=made.due, days=days
            )
            (late if days else owed)[heir(made.unit, day)].append(line)


def _add_owed(
    work: Work, owed: Lines, month: str, cut: int, book: Rulebook, day: date
) -> None:
    """Add the tasks without a report of a month, and demands without a response."""
    for owing in owing_at(work, month, cut, book.organization):
        subject = f"{owing.item}/{owing.task}"
        line = DigestLine(kind=DigestKind.PROGRESS, subject=subject)
        owed[owing.unit].append(line)
    for silent in silent_at(work, cut, book, day):
        line = DigestLine(kind=DigestKind.RESPONSES, subject=silent.item)
        owed[silent.unit].append(line)


def _add_well(
    work: Work,
    well: Lines,
    days: tuple[date, date],
    cut: int,
    book: Rulebook,
    end: date,
) -> None:
    """Add the items executed and evaluated well, and the decisions done, in days."""
    connection, heir = work.connection, book.organization.heir
    steps = store.item_steps(connection, days, cut)
    items = pasts.items_at(connection, {step.item for step in steps}, cut)
    for step in steps:
        good = step.state is State.EXECUTED
        kind = DigestKind.EXECUTED if good else DigestKind.EVALUATED
        line = DigestLine(kind=kind, subject=step.item, since=step.day)
        well[items[step.item].unit].append(line)
    kinds = StreamKind.DECISION
    for made in pasts.records_at(connection, kinds, Decision, None, cut):
        ended = made.ended_on
        done = made.state is DecisionState.ACCEPTED and ended is not None
        if done and ended is not None and days[0] <= ended < days[1]:
            line = DigestLine(kind=DigestKind.DONE, subject=made.key, since=ended)
            well[heir(made.unit, end)].append(line)
