"""A month's questions read what they need, in the same number of statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bench.running import build, copy
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import at_hour
from huimin_flow.flow import Snapshot
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.executing.running import reports_of, run_histories
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from tests.statements import recorded

MONTH = "2023-11"


def asked(desk: Desk, ask: Callable[[Snapshot], object]) -> list[str]:
    """Return the statements of questions in one snapshot."""
    with recorded(door_of(desk.flow).own) as texts, desk.flow.snapshot() as now:
        ask(now)
    return texts


QUESTIONS: dict[str, Callable[[Snapshot], object]] = {
    "sheet": lambda now: now.tasks.sheet(MONTH),
    "own sheet": lambda now: now.tasks.sheet(MONTH, unit=UNIT),
    "owing": lambda now: now.tasks.owing(MONTH),
    "late facts": lambda now: now.scores.late_facts(MONTH),
}


def test_fifty_items_take_as_many_statements_as_five(desk: Desk) -> None:
    number = build(desk, 4)
    desk.clock.set(at_hour(date(2023, 12, 8), 10))
    tick(desk.flow, desk.clock.now())
    copy(desk, number, 1, first=550_001)  # recorded after the month's cut
    few = {name: len(asked(desk, ask)) for name, ask in QUESTIONS.items()}
    copy(desk, number, 460, first=600_001)
    many = {name: len(asked(desk, ask)) for name, ask in QUESTIONS.items()}
    assert len(desk.flow.tasks.sheet(MONTH)) == 466
    assert many == few
    assert max(few.values()) <= 16


def test_a_units_sheet_reads_no_item_of_another_unit(desk: Desk) -> None:
    number = build(desk, 1)
    head = door_of(desk.flow).ask(lambda work: work.head)

    def rows() -> int:
        def read(connection: Any) -> int:
            steps = run_histories(connection, MONTH, 10 * head, units=(UNIT,))
            reports = reports_of(connection, list(steps), 10 * head)
            return sum(map(len, [*steps.values(), *reports.values()]))

        return door_of(desk.flow).read(read)

    before, own = rows(), desk.flow.tasks.sheet(MONTH, unit=UNIT)
    assert {line.owner for line in own} == {UNIT}
    other = "500102"
    copy(desk, number, 20, first=700_001, units=[other])
    assert len(desk.flow.tasks.sheet(MONTH, unit=other)) == 20
    assert (rows(), desk.flow.tasks.sheet(MONTH, unit=UNIT)) == (before, own)


def test_a_sheet_of_named_items_reads_and_has_only_theirs(desk: Desk) -> None:
    number = build(desk, 3)
    listed = desk.item(State.LISTED).number
    named = [number, listed, "2023-999999"]
    whole = desk.flow.tasks.sheet(MONTH)
    own = tuple(line for line in whole if line.item == number)
    assert own
    assert desk.flow.tasks.sheet(MONTH, numbers=named) == own
    assert desk.flow.tasks.sheet(MONTH, numbers=[]) == ()
    few = asked(desk, lambda now: now.tasks.sheet(MONTH, numbers=named))
    assert not [text for text in few if "huimin_item.state" in text], "by number only"


def test_a_unit_of_an_earlier_plan_is_asked_for_what_it_ran(desk: Desk) -> None:
    other, plan = "500102", desk.plan()
    theirs = replace(plan, tasks=tuple(replace(t, unit=other) for t in plan.tasks))
    number = desk.item(State.LISTED).number
    desk.assign(number, theirs)
    desk.flow.items.return_(number, "facts_incomplete", by=desk.office)
    desk.assign(number)
    never = desk.item(State.LISTED).number
    desk.flow.items.cancel(never, "duplicate", by=desk.office, second=desk.second)

    def known(month: str, unit: str | None) -> list[str]:
        histories = door_of(desk.flow).read(
            lambda connection: run_histories(
                connection, month, None, units=None if unit is None else (unit,)
            )
        )
        return list(histories)

    later = f"{desk.today() + timedelta(days=62):%Y-%m}"
    assert known(later, other) == known(later, UNIT) == known(later, None) == [number]
    assert known(later, "500103") == []
    assert known(f"{desk.today():%Y-%m}", None) == [number], "the other never ran"
