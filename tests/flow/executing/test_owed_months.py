"""A month in which an item ran is owed, asked for and scored alike (C4, D5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from huimin_flow.catalogue.terms import Comparator, IndicatorKind, Pace, Role, State
from huimin_flow.clock import at_hour
from huimin_flow.model.executing.plans import Indicator, Progress
from huimin_flow.testing import Desk

#: Each kind, a target and what meets it in a month: value and denominator.
KINDS = {
    IndicatorKind.FLOW: (40, 10, None),
    IndicatorKind.SET: (4, 1, None),
    IndicatorKind.STOCK: (40, 40, None),
    IndicatorKind.RATE: (90, 95, 100),
    IndicatorKind.FULL: (100, 100, 100),
    IndicatorKind.ZERO: (0, 0, 0),
    IndicatorKind.MILESTONE: (1, 0, None),
}

OF_SOMETHING = {IndicatorKind.RATE, IndicatorKind.FULL}


def running(desk: Desk) -> str:
    """Return an item of every kind of indicator, from 4 January to 30 April."""
    desk.clock.set(at_hour(date(2024, 1, 4), 9))
    number = desk.bring(State.LISTED).number
    plan = desk.plan()
    (task,) = plan.tasks
    indicators = tuple(
        Indicator(
            name=kind.value, quote="", kind=kind, comparator=Comparator.GE,
            value=target, unit="项",
            denominator="全部" if kind in OF_SOMETHING else None,
        )
        for kind, (target, _, _) in KINDS.items()
    )  # fmt: skip
    whole = replace(task, due=date(2024, 4, 30), indicators=indicators)
    return desk.assign(number, replace(plan, tasks=(whole,))).number


def report(desk: Desk, number: str, month: str, names: tuple[str, ...]) -> None:
    desk.flow.tasks.report(
        [
            Progress(
                item=number, task="T1", indicator=kind.value, month=month,
                value=value, denominator=of,
            )
            for kind, (_, value, of) in KINDS.items()
            if kind.value in names
        ],
        by=desk.operator,
    )  # fmt: skip


def owed(desk: Desk, month: str) -> tuple[str, ...]:
    return tuple(
        name for one in desk.flow.tasks.owing(month) for name in one.indicators
    )


def behind(desk: Desk, month: str) -> set[str]:
    return {
        one.indicator
        for one in desk.flow.tasks.sheet(month)
        if one.pace not in {Pace.ON_TIME, Pace.AHEAD}
    }


@pytest.mark.parametrize("day", [1, 12, 31])
def test_who_answers_each_call_is_not_behind_for_silence_and_who_does_not_was_asked(
    desk: Desk, day: int
) -> None:
    number = running(desk)
    desk.clock.set(at_hour(date(2024, 4, 2), 9))
    for month in ("2024-01", "2024-02"):
        report(desk, number, month, owed(desk, month))
        assert (owed(desk, month), behind(desk, month)) == ((), set())
    desk.flow.tasks.excuse(number, "T1", "汛期停工", by=desk.post(Role.LEADER))
    desk.flow.items.execute(
        number, [], by=desk.operator, occurred_on=date(2024, 3, day)
    )
    assert desk.flow.items.get(number).state is State.EXECUTED
    silent = behind(desk, "2024-03")
    assert silent
    assert silent <= set(owed(desk, "2024-03")) == {one.value for one in KINDS}
    report(desk, number, "2024-03", owed(desk, "2024-03"))
    assert (owed(desk, "2024-03"), behind(desk, "2024-03")) == ((), set())
    assert (owed(desk, "2024-04"), desk.flow.tasks.sheet("2024-04")) == ((), ())
