"""How the work of each unit stood at a cut: late, owed, faults, what went well (F3).

Each line has one narrow read. The digests are drawn up from them, and the audit draws
them up again; a review meeting's pack has the same lines as of now, without a cut.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, select

from huimin_flow.catalogue.terms import (
    BoardStep,
    Color,
    DecisionState,
    DigestKind,
    Pace,
    RectificationState,
    Severity,
    SpotCheckState,
    State,
    StreamKind,
    SurveyState,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.periods import last_day, month_bounds
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.executing.feeds import Feed
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.improving.boards import QuarterlyBoards
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.improving.reviews import Decision, DigestLine, UnitPart
from huimin_flow.model.improving.spot_checks import SpotCheck
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import MonthlyColors
from huimin_flow.rules.core.due import Activation, deadline
from huimin_flow.rules.deciding import responses
from huimin_flow.rules.executing import progress
from huimin_flow.rules.executing.feeds import supplied
from huimin_flow.rules.executing.running import running
from huimin_flow.rules.improving import rectification
from huimin_flow.rules.improving import reviews as rules
from huimin_flow.rules.sensing.answers import answers_due
from huimin_flow.store import pasts
from huimin_flow.store.core import positions
from huimin_flow.store.core.history import event_of, events_of, moment_text, raw_bytes
from huimin_flow.store.core.tables import EVENTS
from huimin_flow.store.deciding.ledgers import put_at
from huimin_flow.store.executing.running import reported_in, reports_of, run_histories
from huimin_flow.store.improving import reviews as store
from huimin_flow.store.pasts import boards, followed
from huimin_flow.store.pasts.followed import Lines

T = TypeVar("T")


class _At(NamedTuple):
    """A cut of a database, and a period: the first day, and that after the ``end``.

    ``activations`` are those that the cut knew.
    """

    connection: Connection
    days: tuple[date, date]
    end: date
    cut: int
    book: Rulebook
    activations: Sequence[Activation]

    def has(self, day: date | None) -> bool:
        """Tell whether a day is in the period."""
        return day is not None and self.days[0] <= day <= self.end

    def heir(self, unit: str) -> str:
        """Return who answers at the period's end for what a unit owes."""
        return self.book.organization.heir(unit, self.end)

    def records(self, kind: StreamKind, value: type[T]) -> list[T]:
        """Return the records of a kind as the cut knew them."""
        return pasts.records_at(self.connection, kind, value, None, self.cut)


def units_at(
    connection: Connection,
    months: tuple[str, ...],
    cut: int,
    book: Rulebook,
    activations: Sequence[Activation],
    colors: Sequence[int],
) -> tuple[UnitPart, ...]:
    """Return how the work of each unit stood on the last day of some months, by code.

    It is told as known at a cut. What is owed is owed for the last of the months; what
    went well, and what was found wrong, happened in any of them. ``activations`` are
    those that the cut knew. ``colors`` are the editions of the months' five-color
    charts, 0 without one: a chart that was due before the cut and made later counts.
    """
    late, owed, faults, well = (Lines(list) for _ in range(4))
    days = month_bounds(months[0])[0], month_bounds(months[-1])[1]
    end = last_day(months[-1])
    at = _At(connection, days, end, cut, book, activations)
    add_tasks(connection, late, months[-1], end, cut, book)
    followed.add_followed(connection, late, owed, end, cut, book)
    followed.add_asked(connection, late, owed, end, cut, book, activations)
    followed.add_judged(connection, late, owed, end, cut, book, activations)
    followed.add_rated(connection, late, end, cut, book, activations)
    _add_owed(at, owed)
    _add_rectified(at, late, owed, well)
    _add_checked(at, late, owed, faults, well)
    _add_told(at, faults, well)
    _add_well(at, faults, well)
    _add_boards(at, late, well)
    _add_answers(at, late, well)
    _add_colors(at, well, months, colors)
    return parts_of(late, owed, well, faults)


def parts_of(
    late: Lines, owed: Lines, well: Lines, faults: Lines
) -> tuple[UnitPart, ...]:
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
            faults=ordered(faults.get(unit, ())),
        )
        for unit in sorted({*late, *owed, *well, *faults})
    )


def add_tasks(
    connection: Connection,
    late: Lines,
    month: str,
    day: date,
    cut: int | None,
    book: Rulebook,
) -> None:
    """Add the tasks behind their curves on a day, and running items in doubt."""
    ran = running(run_histories(connection, month, cut), day)
    numbers = [item.number for item in ran]
    known = positions.last_position(connection) if cut is None else cut
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


def _add_owed(at: _At, owed: Lines) -> None:
    """Add the tasks without a report of a month, and demands without a response."""
    connection, cut, book, day = at.connection, at.cut, at.book, at.end
    month = f"{day:%Y-%m}"
    ran = running(run_histories(connection, month, cut), day)
    reported = reported_in(connection, [item.number for item in ran], month, cut)
    fed = supplied(at.records(StreamKind.FEED, Feed))
    for owing in progress.owing(ran, reported, book.organization, day, fed=fed):
        subject = f"{owing.item}/{owing.task}"
        line = DigestLine(kind=DigestKind.PROGRESS, subject=subject)
        owed[owing.unit].append(line)
    put, responded = put_at(connection, cut, book.rules.responses.placements)
    due = responses.responses_due(at.activations)
    for silent in responses.silent(put, responded, book, day, due):
        line = DigestLine(kind=DigestKind.RESPONSES, subject=silent.item)
        owed[silent.unit].append(line)


def _add_rectified(at: _At, late: Lines, owed: Lines, well: Lines) -> None:
    """Add the rectifications that wait to be submitted, and those accepted in days."""
    for made in at.records(StreamKind.RECTIFICATION, Rectification):
        unit, on = at.heir(made.unit), made.accepted_on
        if made.state is RectificationState.ACCEPTED and at.has(on):
            line = DigestLine(kind=DigestKind.RECTIFIED, subject=made.key, since=on)
            well[unit].append(line)
        elif made.state in rectification.AWAITED and made.begun <= at.end:
            due = rectification.dated(made, at.activations, at.end).due
            past = 0 if due is None else max((at.end - due).days, 0)
            line = DigestLine(
                kind=DigestKind.RECTIFYING, subject=made.key, since=due, days=past
            )
            (late if past else owed)[unit].append(line)


def _add_checked(at: _At, late: Lines, owed: Lines, faults: Lines, well: Lines) -> None:
    """Add what spot checks done in days found, and what was not answered since.

    A check that was not done at the cut is hidden: nothing is told of it.
    """
    for check in at.records(StreamKind.SPOT_CHECK, SpotCheck):
        done = check.done_on
        if check.state is not SpotCheckState.DONE or done is None or done > at.end:
            continue
        due = None
        with suppress(CalendarMissing):
            due = deadline(done, at.activations, _answer_days)
        past = 0 if due is None else max((at.end - due).days, 0)
        unanswered = Counter(at.heir(each.unit) for each in check.open_findings())
        for unit, many in unanswered.items():
            line = DigestLine(
                kind=DigestKind.UNANSWERED,
                subject=check.key,
                count=many,
                since=due,
                days=past,
            )
            (late if past else owed)[unit].append(line)
        if not at.has(done):
            continue
        bad: Counter[str] = Counter()
        for each in check.findings:
            bad[at.heir(each.unit)] += each.severity is not Severity.NONE
        for unit, many in bad.items():
            kind = DigestKind.FINDING if many else DigestKind.CLEAN
            line = DigestLine(kind=kind, subject=check.key, count=many or 1, since=done)
            (faults if many else well)[unit].append(line)


def _answer_days(book: Rulebook) -> int:
    return book.improving.spot_checks.answer_days.value


def _add_told(at: _At, faults: Lines, well: Lines) -> None:
    """Add the surveys closed in days: at their marks or above, or below them."""
    closed = [
        (each, each.result.share.percent)
        for each in at.records(StreamKind.SURVEY, Survey)
        if each.state is SurveyState.CLOSED
        and each.result is not None
        and at.has(each.closed_on)
    ]
    numbers = [each.item for each, _ in closed]
    items = pasts.items_at(at.connection, numbers, at.cut)
    for each, percent in closed:
        line = DigestLine(
            kind=DigestKind.SURVEY,
            subject=each.key,
            since=each.closed_on,
            figure=percent,
        )
        low = rules.is_below(percent, each.measure.mark)
        (faults if low else well)[items[each.item].unit].append(line)


def _add_well(at: _At, faults: Lines, well: Lines) -> None:
    """Add the items executed and evaluated in days, and the decisions done."""
    steps = store.item_steps(at.connection, at.days, at.cut)
    items = pasts.items_at(at.connection, {step.item for step in steps}, at.cut)
    for step in steps:
        kind = DigestKind.EXECUTED
        if step.state is State.EVALUATED:
            kind = DigestKind.EVALUATED if step.passed else DigestKind.FAILED
        line = DigestLine(kind=kind, subject=step.item, since=step.day)
        (well if step.passed else faults)[items[step.item].unit].append(line)
    for made in at.records(StreamKind.DECISION, Decision):
        if made.state is DecisionState.ACCEPTED and at.has(made.ended_on):
            line = DigestLine(
                kind=DigestKind.DONE, subject=made.key, since=made.ended_on
            )
            well[at.heir(made.unit)].append(line)


def _add_boards(at: _At, late: Lines, well: Lines) -> None:
    """Add the open entries of bad boards, and the good boards published in days."""
    for entry in boards.open_at(at.connection, at.cut):
        line = DigestLine(kind=DigestKind.BOARD, subject=entry.entry.item)
        late[at.heir(entry.entry.unit)].append(line)
    first, after = (moment_text(at_hour(day, 0)) for day in at.days)
    query = select(EVENTS.c.header).where(
        EVENTS.c.stream.startswith(StreamKind.BOARD.key("")),
        EVENTS.c.step == BoardStep.PUBLISH.value,
        EVENTS.c.at >= first,
        EVENTS.c.at < after,
        EVENTS.c.position <= at.cut,
    )
    for header in at.connection.execute(query).scalars():
        event = event_of(raw_bytes(header))
        for good in from_plain(QuarterlyBoards, event.public["value"]).good:
            line = DigestLine(
                kind=DigestKind.GOOD_BOARD,
                subject=good.item,
                since=event.occurred_on,
            )
            well[at.heir(good.unit)].append(line)


def _add_answers(at: _At, late: Lines, well: Lines) -> None:
    """Add how many appeals were answered in days: in time, and late."""
    due = answers_due(at.activations)
    counts: dict[DigestKind, Counter[str]] = defaultdict(Counter)
    for given, many in store.first_answers(at.connection, at.days, at.cut):
        with suppress(CalendarMissing):
            until = due(given.heard, given.channel, 0)
            in_time = until is None or given.answered <= until
            kind = DigestKind.IN_TIME if in_time else DigestKind.ANSWERS
            counts[kind][at.heir(given.unit)] += many
    for kind, lines in ((DigestKind.IN_TIME, well), (DigestKind.ANSWERS, late)):
        for code, many in counts[kind].items():
            lines[code].append(DigestLine(kind=kind, subject="", count=many))


def _add_colors(
    at: _At, well: Lines, months: Iterable[str], editions: Iterable[int]
) -> None:
    """Add the units whose color has risen in a month, by an edition of its colors."""
    order = list(Color)
    for month, edition in zip(months, editions, strict=True):
        if not edition:
            continue
        known = events_of(at.connection, StreamKind.COLORS.key(month))
        colors = from_plain(MonthlyColors, known[edition - 1].public["value"])
        for colored in chain.from_iterable(colors.groups.values()):
            before, now = colored.before, colored.color
            if (
                before is not None
                and now is not None
                and order.index(now) > order.index(before)
            ):
                line = DigestLine(kind=DigestKind.COLOR, subject=month)
                well[colored.unit].append(line)
