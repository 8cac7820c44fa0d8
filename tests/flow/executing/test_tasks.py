"""A target split over districts: sent back, reassigned, excused, carried out (C2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Comparator,
    IndicatorKind,
    Role,
    State,
    Step,
    TaskReturnState,
    TaskStanding,
)
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.plans import (
    Indicator,
    NewTarget,
    Plan,
    Progress,
    Task,
    TaskResult,
)
from huimin_flow.reports.items import target_lines
from huimin_flow.testing import Desk

#: The districts of the split target, with their shares of 100.
SHARES = {"500101": 40, "500102": 30, "500103": 30}


def jobs(value: int) -> Indicator:
    return Indicator(
        name="新增就业", quote=f"新增就业{value}人", kind=IndicatorKind.FLOW,
        comparator=Comparator.GE, value=value, unit="人",
    )  # fmt: skip


def split(desk: Desk, **changes: Any) -> Plan:
    due = desk.today() + timedelta(days=200)
    tasks = tuple(
        Task(key=f"T{n}", title="稳就业", unit=unit, due=due, indicators=(jobs(share),))
        for n, (unit, share) in enumerate(SHARES.items(), 1)
    )
    return replace(desk.plan(), indicators=(jobs(100),), tasks=tasks, **changes)


def assigned(desk: Desk) -> str:
    number = desk.bring(State.LISTED).number
    return desk.assign(number, split(desk)).number


def told(desk: Desk, number: str, *figures: int) -> None:
    reports = [
        Progress(
            item=number, task=f"T{n}", indicator="新增就业",
            month=f"{desk.today():%Y-%m}", value=value,
        )
        for n, value in enumerate(figures, 1)
    ]  # fmt: skip
    desk.flow.tasks.report(reports, by=desk.operator)


def codes(act: Callable[[], object]) -> list[str]:
    with pytest.raises(HuiminError) as refused:
        act()
    return [reason.code for reason in refused.value.reasons]


def their(desk: Desk, unit: str) -> Any:
    return desk.post(Role.OPERATOR, unit)


def waits(desk: Desk) -> set[tuple[str, str]]:
    return {(one.subject, one.act) for one in desk.flow.people.todo(desk.operator)}


def test_a_task_is_sent_back_flagged_and_reassigned(desk: Desk) -> None:
    number, flow = assigned(desk), desk.flow
    assert flow.items.coverage(number).score == "100.00"
    sent = flow.tasks.return_(
        number, "T2", "lacks_means", "无场地", by=their(desk, "500102")
    )
    again = lambda: flow.tasks.return_(  # noqa: E731
        number, "T2", "lacks_means", "无场地", by=their(desk, "500102")
    )
    assert codes(again) == ["task_returned_already"]
    verdict = flow.items.coverage(number)
    assert (verdict.passed, verdict.score) == (False, "70.00")
    assert [reason.code for reason in verdict.reasons] == [
        "target_short",
        "share_aside",
    ]
    assert {(sent.key, "tasks.retain"), (number, "items.reassign")} <= waits(desk)
    less = [NewTarget(indicator=jobs(1).name, value=1)]
    lower = lambda: flow.items.reassign(  # noqa: E731
        number, "T2", "returned", new_targets=less, by=desk.operator
    )
    assert codes(lower)[0] == "target_short"  # a return lowers no target
    (line,) = flow.tasks.year("500102", desk.today().year)
    assert (line.standing, line.uncovered) == (TaskStanding.RETURNED, True)
    met = [TaskResult(task=f"T{n}", met=True) for n in (1, 2, 3)]
    told(desk, number, 40, 30, 30)
    done = lambda: flow.items.execute(number, met, by=desk.operator)  # noqa: E731
    assert codes(done) == ["task_returns_open"]
    moved = flow.items.reassign(
        number, "T2", "returned", unit="500104", by=desk.operator
    )
    assert [task.unit for task in (moved.plan or Plan()).tasks] == [
        "500101",
        "500104",
        "500103",
    ]
    assert flow.tasks.returned(sent.key).made.state is TaskReturnState.REASSIGNED
    assert flow.items.coverage(number).passed
    assert flow.tasks.year("500102", desk.today().year) == ()
    assert flow.items.execute(number, met, by=desk.operator).state is State.EXECUTED
    assert door_of(flow).read(verify).clean


def test_a_retained_task_counts_again_and_its_clock_is_kept(desk: Desk) -> None:
    number, flow = assigned(desk), desk.flow
    sent = flow.tasks.return_(
        number, "T3", "due_unfit", "太急", by=their(desk, "500103")
    )
    dated = flow.tasks.returned(sent.key)
    assert dated.due is not None
    desk.clock.advance(timedelta(days=20))
    assert flow.tasks.returned(sent.key).overdue
    flow.tasks.retain(sent.key, "已协调", by=desk.operator)
    assert codes(lambda: flow.tasks.retain(sent.key, "已协调", by=desk.operator))
    assert flow.items.coverage(number).passed
    (count,) = flow.tasks.returns_by_unit(desk.today().year)
    assert (count.unit, count.returned, count.retained, count.late) == (
        "500103", 1, 1, 1,
    )  # fmt: skip
    assert door_of(flow).read(verify).clean


def test_an_excused_share_is_a_gap_that_others_close(desk: Desk) -> None:
    number, flow = assigned(desk), desk.flow
    flow.tasks.excuse(number, "T3", "灾情", by=desk.post(Role.LEADER))
    assert flow.items.coverage(number).score == "70.00"
    less = lambda: flow.items.reassign(  # noqa: E731
        number, "T1", "target_changed", new_targets=[NewTarget(indicator="新增就业", value=39)],
        by=desk.operator,
    )  # fmt: skip
    assert codes(less) == ["target_short", "share_aside"]
    for task, value in (("T1", 60), ("T2", 40)):  # each step leaves less of the gap
        more = [NewTarget(indicator="新增就业", value=value)]
        flow.items.reassign(number, task, "cover_gap", new_targets=more, by=desk.office)
    plan = flow.items.get(number).plan
    assert plan is not None
    assert plan.tasks[0].indicators[0].quote == "新增就业60人"
    assert flow.items.coverage(number).passed
    told(desk, number, 60, 40)
    met = [TaskResult(task=f"T{n}", met=True) for n in (1, 2)]
    flow.items.execute(number, met, by=desk.operator)
    # Districts have an indicator of one name: each line says whose it is.
    names = flow.rulebook.active().organization.names
    first, second = target_lines(flow.items.fulfilments(number), names)
    assert first.startswith("T1 万州区 “新增就业”")
    assert second.startswith("T2 涪陵区 “新增就业”")
    # The excused task is out of the count: the others' figures are all.
    assert desk.conclude(number).fulfilment == "100.00"
    assert door_of(flow).read(verify).clean


def test_a_reassignment_is_taken_back_by_the_task_as_it_was(desk: Desk) -> None:
    number, flow, by = assigned(desk), desk.flow, desk.operator
    before = flow.items.get(number).plan
    assert before is not None
    old, due = before.tasks[1], before.tasks[1].due + timedelta(days=9)
    more = NewTarget(indicator="新增就业", value=35)
    flow.items.reassign(
        number, "T2", "target_changed", unit="500104", due=due, new_targets=[more],
        by=by,
    )  # fmt: skip
    undo = flow.items.undo(number, by)
    assert (undo.step, undo.former, undo.reasons) == (
        Step.REASSIGN,
        {
            "task": "T2", "unit": "500102", "due": str(old.due),
            "new_targets": "新增就业=30",
        },
        (),
    )  # fmt: skip
    flow.items.reassign(
        number, "T2", "target_changed", unit=undo.former["unit"],
        due=date.fromisoformat(undo.former["due"]),
        new_targets=[NewTarget(indicator="新增就业", value=30)], by=by,
    )  # fmt: skip
    assert flow.items.get(number).plan == before
    # What filled a gap can't be taken back: the target would be covered less.
    flow.tasks.excuse(number, "T3", "灾情", by=desk.post(Role.LEADER))
    filled = NewTarget(indicator="新增就业", value=60)
    flow.items.reassign(number, "T2", "cover_gap", new_targets=[filled], by=by)
    undo = flow.items.undo(number, by)
    assert undo.former == {"task": "T2", "new_targets": "新增就业=30"}
    assert [reason.code for reason in undo.reasons] == ["target_short", "share_aside"]


def test_what_is_said_to_be_met_is_held_against_its_figures(desk: Desk) -> None:
    number, flow = assigned(desk), desk.flow
    told(desk, number, 40, 12)
    met = [TaskResult(task=f"T{n}", met=True) for n in (1, 2, 3)]
    said = lambda: flow.items.execute(number, met, by=desk.operator)  # noqa: E731
    assert codes(said) == ["task_below_target", "task_no_figure"]
    few = lambda: flow.items.execute(number, met[:1], by=desk.operator)  # noqa: E731
    assert codes(few) == ["task_unsettled", "task_unsettled"]
    desk.clock.advance(timedelta(days=201))
    done = flow.items.execute(number, met[:1], by=desk.operator)
    assert [result.met for result in done.results] == [True, False, False]
    (line,) = flow.tasks.year("500102", (done.plan or Plan()).tasks[1].due.year)
    assert line.standing is TaskStanding.MISSED
    assert [figure.score for figure in line.figures] == ["40.00"]
    assert door_of(flow).read(verify).clean


def test_a_moved_tasks_return_is_settled_by_its_transfer(desk: Desk) -> None:
    number, flow = assigned(desk), desk.flow
    sent = flow.tasks.return_(
        number, "T2", "not_in_charge", "不归我管", by=their(desk, "500102")
    )
    flow.items.transfer(number, "500104", "wrong_unit", task="T2", by=desk.office)
    assert flow.tasks.returned(sent.key).made.state is TaskReturnState.REASSIGNED
    assert flow.items.coverage(number).passed
    assert door_of(flow).read(verify).clean


def test_a_plan_that_cannot_be_right_is_refused(desk: Desk) -> None:
    number, plan = desk.bring(State.LISTED).number, split(desk)
    one, *others = plan.tasks
    wrong: dict[str, tuple[Plan, list[str]]] = {
        "a key twice": (
            replace(plan, tasks=(one, replace(others[0], key="T1"), others[1])),
            ["task_key_twice"],
        ),
        "an indicator twice": (
            replace(plan, indicators=(jobs(100), jobs(90))),
            ["indicator_twice"],
        ),
        "too little": (replace(plan, tasks=(one, others[0])), ["target_short"]),
        "a share above its whole": (
            replace(plan, tasks=(replace(one, indicators=(jobs(101),)), *others)),
            ["share_above"],
        ),
        "a task of the inspection": (
            replace(plan, tasks=(replace(one, unit="AUDIT"), *others)),
            ["unit_is_auditor"],
        ),
    }
    auditor = next(
        unit.code
        for unit in desk.flow.rulebook.active().organization.units
        if unit.kind.value == "auditor"
    )
    inspected = replace(plan, tasks=(replace(one, unit=auditor), *others))
    wrong["a task of the inspection"] = (inspected, ["unit_is_auditor"])
    desk.assess(number)
    for name, (unfit, expected) in wrong.items():
        act = lambda unfit=unfit: desk.flow.items.assign(  # noqa: E731
            number, unfit, by=desk.operator
        )
        assert set(codes(act)) == set(expected), name


def test_a_return_that_cannot_be_is_refused(desk: Desk) -> None:
    number, flow = assigned(desk), desk.flow

    def sent(
        task: str, by: str, reason: str = "lacks_means", note: str = "无"
    ) -> list[str]:
        who = their(desk, by)
        return codes(lambda: flow.tasks.return_(number, task, reason, note, by=who))

    assert sent("T3", "500102") == ["other_units_item", "task_not_theirs"]
    assert sent("T1", "500101") == ["task_leads_itself"]
    assert sent("T9", "500102") == ["task_unknown"]
    none = desk.bring(State.LISTED).number  # no plan yet: there is no task to name
    with pytest.raises(InputRefused, match="没有在执行"):
        flow.tasks.return_(none, "T1", "lacks_means", "无", by=their(desk, "500102"))
    assert sent("T2", "500102", reason="whim") == ["unknown_reason_code"]
    with pytest.raises(InputRefused):
        flow.tasks.return_(number, "T2", "lacks_means", " ", by=their(desk, "500102"))
    with pytest.raises(StepRefused):  # who may report for all is of another unit
        flow.tasks.return_(number, "T2", "lacks_means", "无", by=desk.office)
    told(desk, number, 40, 30, 30)
    met = [TaskResult(task=f"T{n}", met=True) for n in (1, 2, 3)]
    flow.items.execute(number, met, by=desk.operator)
    assert sent("T2", "500102") == ["not_so_far"]
    nothing = lambda: flow.items.reassign(  # noqa: E731
        number, "T2", "due_changed", due=date(2099, 1, 1), by=desk.operator
    )
    assert codes(nothing) == ["no_such_arc"]


def test_what_an_evaluation_still_needs_names_the_task_of_several(desk: Desk) -> None:
    number = assigned(desk)
    met = [TaskResult(task=f"T{n}", met=True) for n in (1, 2, 3)]
    told(desk, number, 40, 30, 30)
    desk.clock.advance(timedelta(days=40))
    desk.flow.items.execute(number, met, by=desk.operator)
    with pytest.raises(StepRefused, match="T1/新增就业、T2/新增就业、T3/新增就业"):
        desk.conclude(number)
