"""A random life over Flow against a plain model; it reports what it reached."""

from __future__ import annotations

import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import workflow
from tests.life import machine, promises
from tests.life.bugs import BUGS, GUARDS, NEAREST, planted, unguarded
from tests.life.rules import ALL_SWEEPS, Life
from tests.sampled import NIGHTLY

FIXED = settings(
    phases=(Phase.generate,),
    deadline=None,
    database=None,
    derandomize=not NIGHTLY,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

#: A life without bugs; its counts are held against minima.
RUN = settings(
    FIXED,
    max_examples=600 if NIGHTLY else 12,
    stateful_step_count=60 if NIGHTLY else 25,
)

#: Lives that leave nothing untried; the others go where chance leads.
FEW = settings(FIXED, max_examples=3, stateful_step_count=5)

#: Within this a planted bug must be found.
SEARCH = settings(
    FIXED,
    max_examples=150 if NIGHTLY else 25,
    stateful_step_count=40 if NIGHTLY else 20,
)

#: How often each kind of refusal must have been met.
KINDS = {
    "no_such_arc": 300, "stale_version": 30, "step_not_permitted": 50,
    "other_units_item": 20, "duty_missing": 10, "duty_not_city_wide": 1,
    "same_person": 10, "second_person_needed": 5, "part_stale": 5,
    "evaluation_passed": 3, "fact_missing": 50, "verdict_missing": 10,
    "freeze_needed": 3, "task_unsettled": 4, "unknown_reason_code": 15,
    "not_amendable": 15, "merge_target_closed": 4, "no_task": 3,
    "StoreRefused": 5, "InputRefused": 4, "RequestReused": 10,
    "enlist by one person": 1, "cancel by one person": 1, "defer by one person": 1,
    "confirm by one person": 1, "activate by one person": 1,
}  # fmt: skip


def lives(life: type[Life], budget: settings) -> None:
    run_state_machine_as_test(life, settings=budget)


def swept(*first: str) -> type[Life]:
    """Lives that begin with these sweeps over every state."""

    class Swept(Life):
        at_last = 0

    Swept.first = first
    return Swept


class Found(BaseException):
    """A bug was found; Hypothesis would live the life again for an ordinary failure."""


def search(*first: str) -> None:
    """Look for a bug: begin where it is met soonest, and go on at random.

    The thorough search has chance alone to guide it.
    """

    class Searching(Life if NIGHTLY else swept(*first)):  # type: ignore[misc]
        def teardown(self) -> None:
            failed = sys.exc_info()[1]
            try:
                super().teardown()
            except AssertionError as failure:
                failed = failure
            if isinstance(failed, AssertionError):
                raise Found from failed

    lives(Searching, SEARCH)


def under(
    minimum: int, counted: Counter[str], names: tuple[str, ...]
) -> dict[str, int]:
    return {str(one): counted[one] for one in names if counted[one] < minimum}


def test_a_random_life_follows_the_model_and_reaches_everything() -> None:
    machine.forget()
    lives(swept(*ALL_SWEEPS), FEW)
    lives(Life, RUN)
    for counted in (machine.REACHED, machine.TAKEN, machine.REFUSED, machine.LOOKED):
        print({str(one): count for one, count in counted.items()})  # noqa: T201 - the report
    assert under(3, machine.REACHED, workflow.STATES) == {}
    assert under(3, machine.TAKEN, workflow.PLAIN) == {}
    refused = {one: machine.REFUSED[one] for one in KINDS}
    assert {one: n for one, n in refused.items() if n < KINDS[one]} == {}
    everything = {(step, state) for step in workflow.PLAIN for state in workflow.STATES}
    roads = {(step, source) for step, source, _ in workflow.ROADS}
    assert everything - machine.TRIED <= roads
    named = [one.__name__ for one in promises.PROMISES]
    assert under(3, machine.LOOKED, (*named, *machine.HELD)) == {}


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with planted(BUGS[bug], monkeypatch), pytest.raises(Found):
        search(*NEAREST.get(bug, ()))


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_that_is_skipped_is_missed(
    guard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with planted(unguarded(guard), monkeypatch), pytest.raises(Found):
        search(*NEAREST.get(guard, ("lacking", "unready")))
