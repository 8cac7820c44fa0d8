"""The tasks' targets reach the item's after every change, or it is said (C2, N8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import TaskCode
from huimin_flow.catalogue.terms import Comparator, IndicatorKind
from huimin_flow.model.executing.plans import Indicator, Plan, Task
from huimin_flow.rules.executing.coverage import coverage, gaps, lost
from huimin_flow.rules.executing.tasks import reassigned, reassigned_back, with_task
from huimin_flow.rules.revisions import rederive
from tests.rules.figures import BOOK, IMPROVING, figure

RULE = IMPROVING.tasks
FLOW, RATE, ZERO = IndicatorKind.FLOW, IndicatorKind.RATE, IndicatorKind.ZERO
SET, MILESTONE = IndicatorKind.SET, IndicatorKind.MILESTONE
MEMBERS = ("医保", "社保", "就业")


def target(
    kind: IndicatorKind, value: int, members: tuple[str, ...] = (), unit: str = "人"
) -> Indicator:
    return Indicator(
        name=kind.value, quote="", kind=kind, comparator=Comparator.GE,
        value=value, unit=unit, members=members,
    )  # fmt: skip


def task(n: int, *indicators: Indicator) -> Task:
    return Task(
        key=f"T{n}", title="", unit="500101", due=date(2027, 12, 31),
        indicators=indicators,
    )  # fmt: skip


#: The own targets: of every kind.
OWN = (
    target(FLOW, 100), target(IndicatorKind.STOCK, 50), target(RATE, 90),
    target(IndicatorKind.FULL, 100), target(ZERO, 0), target(SET, 3, MEMBERS),
    target(MILESTONE, 1),
)  # fmt: skip


def shares(kind: IndicatorKind) -> st.SearchStrategy[Indicator]:
    """Shares that fit their target, alone too small for it."""
    whole = next(each for each in OWN if each.kind is kind)
    if kind is SET:
        names = st.sets(st.sampled_from(MEMBERS), min_size=1).map(sorted)
        return names.map(lambda some: target(SET, len(some), tuple(some)))
    low = {FLOW: 1, IndicatorKind.STOCK: 1}.get(kind, whole.value)
    return st.integers(low, whole.value).map(lambda value: target(kind, value))


TASKS = st.lists(
    st.lists(st.sampled_from(IndicatorKind), unique=True).flatmap(
        lambda kinds: st.tuples(*map(shares, kinds))
    ),
    max_size=6,
).map(lambda many: tuple(task(n, *each) for n, each in enumerate(many, 1)))


def covers(plan: Plan, aside: set[str]) -> dict[str, bool]:
    """By own target whether what counts reaches it, worked out by another way."""
    told: dict[str, bool] = {}
    for own in plan.indicators:
        values = [
            each
            for one in plan.tasks
            if one.key not in aside
            for each in one.indicators
            if each.name == own.name
        ]
        if own.kind in {FLOW, IndicatorKind.STOCK}:
            told[own.name] = sum(each.value for each in values) >= own.value
        elif own.kind is SET:
            there = {name for each in values for name in each.members}
            told[own.name] = there >= set(own.members)
        else:
            fit = [each.value >= own.value for each in values]
            if own.kind is ZERO:
                fit = [each.value == 0 for each in values]
            told[own.name] = bool(fit) and all(fit)
    return told


@given(TASKS, st.data())
def test_no_sequence_of_changes_leaves_an_uncovered_target_unflagged(
    tasks: tuple[Task, ...], data: st.DataObject
) -> None:
    plan = Plan(indicators=OWN, tasks=tasks)
    excused: set[str] = set()
    returned: set[str] = set()
    for _ in range(data.draw(st.integers(1, 5)) if tasks else 0):
        step = data.draw(st.sampled_from(("return", "settle", "excuse", "move", "cut")))
        one = data.draw(st.sampled_from(plan.tasks))
        if step == "return":
            returned.add(one.key)
        elif step == "settle":
            returned.discard(one.key)
        elif step == "excuse":
            excused.add(one.key)
        elif step == "move":
            plan = with_task(plan, reassigned(one, unit="500102"))
        elif one.indicators:
            named = data.draw(st.sampled_from(one.indicators)).name
            value = data.draw(st.integers(0, 100))
            plan = with_task(plan, reassigned(one, figures={named: value}))
    verdict = coverage(plan, RULE, excused=excused, returned=returned)
    told = covers(plan, excused | returned)
    known = gaps(verdict.inputs, RULE)
    assert {gap.indicator for gap in known if gap.open} >= {
        name for name, fine in told.items() if not fine
    }
    assert verdict.passed is not any(gap.open for gap in known)
    for gap in known:
        assert bool(gap.reasons) is gap.open
    assert rederive(verdict, BOOK) == verdict


def test_what_made_a_task_as_it_was_is_known_or_there_is_nothing() -> None:
    old = task(1, target(SET, 2, MEMBERS[:2]), target(FLOW, 40))
    new = reassigned(old, figures={FLOW.value: 50}, members=MEMBERS[1:])
    was, now = (Plan(indicators=OWN, tasks=(each,)) for each in (old, new))
    assert reassigned_back(was, now, "T1") == {
        "task": "T1", "new_targets": f"{FLOW.value}=40", "members": "医保\n社保",
    }  # fmt: skip
    unnamed = Plan(tasks=(task(1, target(SET, 2)),))
    named = Plan(tasks=(reassigned(unnamed.tasks[0], members=MEMBERS[:2]),))
    assert reassigned_back(unnamed, named, "T1") == {}


@given(TASKS, st.sampled_from(IndicatorKind).flatmap(shares))
def test_a_further_fitting_task_never_lowers_what_is_covered(
    tasks: tuple[Task, ...], share: Indicator
) -> None:
    before = coverage(Plan(indicators=OWN, tasks=tasks), RULE)
    after = coverage(Plan(indicators=OWN, tasks=(*tasks, task(99, share))), RULE)
    was = {gap.indicator: gap.lacking for gap in gaps(before.inputs, RULE)}
    for gap in gaps(after.inputs, RULE):
        assert gap.lacking <= was[gap.indicator]
    assert lost(before, after, RULE) == ()
    assert float(after.score or 0) >= float(before.score or 0)


@pytest.mark.parametrize(
    ("own", "share", "code"),
    [
        (target(FLOW, 100), target(FLOW, 60), TaskCode.TARGET_SHORT),
        (target(FLOW, 100), target(FLOW, 101), TaskCode.SHARE_ABOVE),
        (target(FLOW, 100), target(FLOW, 100, unit="户"), TaskCode.SHARE_UNLIKE),
        (target(RATE, 90), target(RATE, 89), TaskCode.SHARE_LOW),
        (target(ZERO, 0), target(ZERO, 1), TaskCode.SHARE_NOT_ZERO),
        (target(SET, 3, MEMBERS), target(SET, 2, MEMBERS[:2]), TaskCode.MEMBERS_LEFT),
        (target(SET, 1, ("医保",)), target(SET, 2, MEMBERS), TaskCode.MEMBERS_STRANGE),
        (
            target(MILESTONE, 1),
            replace(target(MILESTONE, 1), name="别的"),
            TaskCode.TARGET_UNSHARED,
        ),
    ],
)
def test_what_does_not_reach_or_fit_is_named(
    own: Indicator, share: Indicator, code: TaskCode
) -> None:
    verdict = coverage(Plan(indicators=(own,), tasks=(task(1, share),)), RULE)
    assert not verdict.passed
    assert code in {reason.code for reason in verdict.reasons}


def test_a_member_twice_and_a_sum_above_its_whole_are_fine() -> None:
    own = (target(SET, 3, MEMBERS), target(FLOW, 100))
    half = (target(SET, 2, MEMBERS[:2]), target(FLOW, 70))
    rest = (target(SET, 2, MEMBERS[1:]), target(FLOW, 70))
    plan = Plan(indicators=own, tasks=(task(1, *half), task(2, *rest)))
    assert coverage(plan, RULE).passed


def test_the_factor_is_the_rulebooks() -> None:
    halves = tuple(task(n, target(FLOW, 50)) for n in (1, 2))
    plan = Plan(indicators=(target(FLOW, 100),), tasks=halves)
    assert coverage(plan, RULE).passed
    (short,) = coverage(plan, replace(RULE, reach=figure(110))).reasons
    assert (short.code, short.values["lacking"]) == (TaskCode.TARGET_SHORT, 10)


def test_a_factor_that_leaves_a_part_asks_for_the_next_whole() -> None:
    plan = Plan(indicators=(target(FLOW, 3),), tasks=(task(1, target(FLOW, 3)),))
    (short,) = coverage(plan, replace(RULE, reach=figure(110))).reasons
    assert (short.code, short.values["needed"]) == (TaskCode.TARGET_SHORT, 4)


def test_a_share_that_no_longer_fits_is_lost_although_nothing_lacks() -> None:
    own, good = target(FLOW, 100), task(1, target(FLOW, 100))
    odd = replace(target(FLOW, 1), unit="户")
    before, after = (
        coverage(Plan(indicators=(own,), tasks=tasks), RULE)
        for tasks in ((good,), (good, task(2, odd)))
    )
    assert [gap.lacking for gap in gaps(after.inputs, RULE)] == [0]
    (why,) = lost(before, after, RULE)
    assert why.code == TaskCode.SHARE_UNLIKE
    assert lost(after, after, RULE) == ()


def test_a_plan_without_own_targets_has_nothing_to_cover() -> None:
    verdict = coverage(Plan(tasks=(task(1, target(FLOW, 1)),)), RULE)
    assert (verdict.passed, verdict.score, verdict.reasons) == (True, None, ())
