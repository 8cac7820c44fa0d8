"""Items run by the days of their own steps, wherever they stand since."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from huimin_flow.catalogue.terms import State, Step
from huimin_flow.model.core.events import Event
from huimin_flow.rules.executing.running import Run, run_in, runs

_S, _T = State, Step
MONTHS = {
    number: (date(2023, number, 1), date(2023, number, 28)) for number in range(1, 13)
}


def steps(*taken: tuple[Step, State, State, date]) -> list[Event]:
    return [
        Event(
            stream="item/2023-000001", n=n, step=step.value, source=source.value,
            target=target.value, at=datetime(2024, 1, 1, tzinfo=UTC), occurred_on=day,
            actor="a", via="host", request="r", rulebook="d", verdict=None,
            public={}, private=None, previous=None,
        )
        for n, (step, source, target, day) in enumerate(taken, 1)
    ]  # fmt: skip


ASSIGNED = (_T.ASSIGN, _S.LISTED, _S.ASSIGNED, date(2023, 2, 10))
EXECUTED = (_T.EXECUTE, _S.ASSIGNED, _S.EXECUTED, date(2023, 5, 5))
EVALUATED = (_T.EVALUATE, _S.EXECUTED, _S.EVALUATED, date(2023, 6, 1))
CLOSED = (_T.CLOSE, _S.ADJUSTED, _S.CLOSED, date(2023, 7, 1))


def months(*taken: tuple[Step, State, State, date]) -> list[int]:
    found = runs(steps(*taken))
    return [number for number, days in MONTHS.items() if run_in(found, *days)]


def test_an_item_runs_from_its_assignment_to_the_month_of_its_execution() -> None:
    assert months(ASSIGNED) == list(range(2, 13))
    assert months(ASSIGNED, EXECUTED) == [2, 3, 4, 5]
    assert months(ASSIGNED, EXECUTED, EVALUATED, CLOSED) == [2, 3, 4, 5]


def test_an_item_that_failed_or_was_sent_back_runs_again_by_the_same_plan() -> None:
    rework = (_T.REWORK, _S.EVALUATED, _S.ASSIGNED, date(2023, 8, 3))
    assert months(ASSIGNED, EXECUTED, EVALUATED, rework) == [2, 3, 4, 5, *range(8, 13)]
    back = (_T.RETURN, _S.EXECUTED, _S.ASSIGNED, date(2023, 5, 9))
    found = runs(steps(ASSIGNED, EXECUTED, back))
    assert run_in(found, *MONTHS[5]) == Run(
        assigned=0, begun=date(2023, 2, 10), since=date(2023, 5, 9)
    )


@pytest.mark.parametrize(
    "away",
    [
        (_T.CANCEL, _S.ASSIGNED, _S.CLOSED, date(2023, 4, 20)),
        (_T.RETURN, _S.ASSIGNED, _S.LISTED, date(2023, 4, 20)),
    ],
)
def test_what_was_taken_away_ran_till_the_month_before(
    away: tuple[Step, State, State, date],
) -> None:
    assert months(ASSIGNED, away) == [2, 3]
    anew = (_T.ASSIGN, _S.LISTED, _S.ASSIGNED, date(2023, 9, 1))
    assert months(ASSIGNED, away, anew) == [2, 3, 9, 10, 11, 12]
    last = run_in(runs(steps(ASSIGNED, away, anew)), *MONTHS[9])
    assert last is not None
    assert (last.assigned, last.begun) == (2, date(2023, 9, 1))


def test_steps_that_leave_it_assigned_change_nothing() -> None:
    amended = (_T.AMEND, _S.ASSIGNED, _S.ASSIGNED, date(2023, 3, 1))
    assert runs(steps(ASSIGNED, amended)) == runs(steps(ASSIGNED))
