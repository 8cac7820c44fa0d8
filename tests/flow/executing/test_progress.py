"""Monthly progress: taken whole or not at all, corrected, held against its curve."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Comparator, IndicatorKind, Pace, Role, State
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.plans import Indicator, Plan, Progress
from huimin_flow.testing import Desk

ZERO = Indicator(
    name="零就业家庭", quote="动态清零", kind=IndicatorKind.ZERO,
    comparator=Comparator.EQ, value=0, unit="户",
)  # fmt: skip
SET = Indicator(
    name="免申即享", quote="两项免申即享", kind=IndicatorKind.SET,
    comparator=Comparator.BARE, value=2, unit="项", members=("社保补贴", "交通补助"),
)  # fmt: skip
MILESTONE = Indicator(
    name="验收", quote="完成验收", kind=IndicatorKind.MILESTONE,
    comparator=Comparator.GE, value=1, unit="项",
)  # fmt: skip


@pytest.fixture
def running(desk: Desk) -> str:
    """An item assigned on 4 January whose task runs to 31 December."""
    desk.clock.set(at_hour(date(2024, 1, 4), 9))
    number = desk.bring(State.LISTED).number
    return assigned(desk, number, "")


def assigned(desk: Desk, number: str, curve: str) -> str:
    return desk.assign(number, with_curve(desk, curve)).number


def with_curve(desk: Desk, curve: str) -> Plan:
    plan = desk.plan()
    (task,) = plan.tasks
    more = replace(
        task,
        due=date(2024, 12, 31),
        indicators=(*task.indicators, MILESTONE),
        curve=curve,
    )
    return replace(plan, tasks=(more,))


def told(item: str, month: str, value: int, **more: object) -> Progress:
    given = {"indicator": "候工区", "task": "T1"} | more
    return Progress(item=item, month=month, value=value, **given)  # type: ignore[arg-type]


def test_a_later_figure_corrects_and_the_same_figure_is_not_kept_again(
    desk: Desk, running: str
) -> None:
    desk.clock.set(at_hour(date(2024, 3, 2), 9))
    first = told(running, "2024-02", 1)
    by = desk.operator
    assert desk.flow.tasks.report([first], by=by).kept == 1
    again = desk.flow.tasks.report([first], by=by)
    assert (again.kept, again.known) == (0, 1)
    desk.flow.tasks.report([replace(first, value=2)], by=by)
    (line, _) = desk.flow.tasks.sheet("2024-02")
    assert line.report == replace(first, value=2)
    assert door_of(desk.flow).read(verify).clean


def test_every_wrong_report_is_named_by_its_place_and_none_is_kept(
    desk: Desk, running: str
) -> None:
    reports = [
        told(running, "2024-01", 1),
        told(running, "2024-13", 1),
        told(running, "2025-01", 1),
        told(running, "2024-01", -1),
        told(running, "2024-01", 2**53),
        told(running, "2024-01", 1, denominator=3),
        told(running, "2024-01", 1, indicator="没有的"),
    ]
    places = [f"L{n}" for n in range(4, 11)]
    with pytest.raises(InputRefused) as refused:
        desk.flow.tasks.report(reports, by=desk.operator, places=places)
    named = [line.partition(":")[0] for line in str(refused.value).splitlines()]
    assert named == places[1:]
    assert all(one.report is None for one in desk.flow.tasks.sheet("2024-01"))


def test_a_milestone_is_done_only_with_evidence_that_is_attached(
    file_desk: Desk,
) -> None:
    desk = file_desk
    desk.clock.set(at_hour(date(2024, 1, 4), 9))
    running = assigned(desk, desk.bring(State.LISTED).number, "")
    by = desk.operator
    bare = told(running, "2024-01", 1, indicator="验收")
    with pytest.raises(InputRefused, match="须附佐证"):
        desk.flow.tasks.report([bare], by=by)
    with pytest.raises(InputRefused, match="没有摘要"):
        desk.flow.tasks.report([replace(bare, evidence=("0" * 64,))], by=by)
    made = desk.flow.items.attach(running, "验收单.pdf", "已验收".encode(), by=by)
    with pytest.raises(InputRefused, match="没有摘要"):
        desk.flow.tasks.report([replace(bare, evidence=(made.digest[:4],))], by=by)
    short = replace(bare, evidence=(made.digest[:12],))
    assert desk.flow.tasks.report([short], by=by).kept == 1
    (_, line) = desk.flow.tasks.sheet("2024-01")
    assert line.report is not None
    assert line.report.evidence == (made.digest,)
    assert (line.pace, line.days) == (Pace.AHEAD, 362)
    assert door_of(desk.flow).read(verify).clean


def test_another_unit_cannot_report_a_task_that_is_not_its_own(
    desk: Desk, running: str
) -> None:
    with pytest.raises(StepRefused) as refused:
        desk.flow.tasks.report(
            [told(running, "2024-01", 1)], by=desk.actor("op-500102")
        )
    assert [one.code for one in refused.value.reasons] == ["other_units_item"]


@pytest.mark.parametrize(
    ("curve", "pace", "days"),
    [
        ("", Pace.BEHIND, -51),
        ("year_end", Pace.BEHIND, -18),
        ("quarterly", Pace.ON_TIME, 0),
    ],
)
def test_each_task_is_held_against_its_own_curve(
    curve: str, pace: Pace, days: int, desk: Desk
) -> None:
    desk.clock.set(at_hour(date(2024, 1, 4), 9))
    number = assigned(desk, desk.bring(State.LISTED).number, curve)
    desk.clock.set(at_hour(date(2024, 4, 3), 9))
    desk.flow.tasks.report([told(number, "2024-03", 1)], by=desk.operator)
    line, _ = desk.flow.tasks.sheet("2024-03")
    assert (line.pace, line.days) == (pace, days)


def test_a_curve_that_the_rulebook_does_not_know_is_refused(desk: Desk) -> None:
    number = desk.bring(State.LISTED).number
    with pytest.raises(InputRefused, match="进度曲线“没有的”不存在"):
        assigned(desk, number, "没有的")
    assert desk.flow.items.get(number).state is State.LISTED


@pytest.mark.parametrize("month", ["2024-02", "2024-1", "", "2024-01-01"])
def test_a_month_to_come_or_none_at_all_is_refused(
    month: str, desk: Desk, running: str
) -> None:
    del running
    with pytest.raises(InputRefused):
        desk.flow.tasks.sheet(month)


def test_a_month_in_which_the_item_did_not_run_is_refused(
    desk: Desk, running: str
) -> None:
    by = desk.operator
    with pytest.raises(InputRefused, match=r"2023-12早于.*2024-01"):
        desk.flow.tasks.report([told(running, "2023-12", 1)], by=by)
    for month in ("1001-01", "0001-01", "2024-1", "2024-00"):
        with pytest.raises(InputRefused, match=f"月份“{month}”不对"):
            desk.flow.tasks.report([told(running, month, 1)], by=by)
    desk.clock.set(at_hour(date(2024, 2, 20), 9))
    assert desk.flow.tasks.report([told(running, "2024-01", 4)], by=by).kept == 1
    desk.flow.tasks.excuse(running, "T1", "汛期停工", by=desk.post(Role.LEADER))
    desk.flow.items.execute(running, [], by=by)
    desk.clock.set(at_hour(date(2024, 4, 2), 9))
    assert desk.flow.tasks.report([told(running, "2024-02", 6)], by=by).kept == 1
    with pytest.raises(InputRefused, match=r"2024-03晚于.*2024-02"):
        desk.flow.tasks.report([told(running, "2024-03", 1)], by=by)


def test_a_share_is_never_above_its_whole_nor_one_of_nothing(desk: Desk) -> None:
    """应返尽返 and rates with a named whole are bounded; a ratio without one isn't."""
    desk.clock.set(at_hour(date(2024, 1, 4), 9))
    number = desk.bring(State.LISTED).number
    plan = desk.plan()
    shares = [
        replace(ZERO, name=name, kind=kind, denominator=whole, value=100)
        for name, kind, whole in (
            ("应返尽返", IndicatorKind.FULL, "应返人数"),
            ("及时办结率", IndicatorKind.RATE, "办件"),
            ("求人倍率", IndicatorKind.RATE, None),
        )
    ]
    task = replace(plan.tasks[0], indicators=(*shares, ZERO))
    number = desk.assign(number, replace(plan, tasks=(task,))).number

    def report(name: str, value: int, of: int) -> int:
        figure = told(number, "2024-01", value, indicator=name, denominator=of)
        places = ["L4,M4"]
        return desk.flow.tasks.report([figure], by=desk.operator, places=places).kept

    for name, value, of in (("应返尽返", 12, 10), ("及时办结率", 98, 90)):
        with pytest.raises(InputRefused, match=f"L4,M4:“{name}”.*{value}多于分母{of}"):
            report(name, value, of)
        assert report(name, of, of) == 1
    for name in ("应返尽返", "及时办结率", "求人倍率"):
        with pytest.raises(InputRefused) as refused:
            report(name, 5, 0)
        assert refused.value.code == "share_of_nothing"
        assert report(name, 0, 0) == 1
    assert report("求人倍率", 98, 90) == 1
    assert report("零就业家庭", 3, 1) == 1  # found earlier, helped now


def test_an_item_that_nobody_knows_is_named_by_its_place(
    desk: Desk, running: str
) -> None:
    reports = [told(running, "2024-01", 1), told("2023-999999", "2024-01", 1)]
    with pytest.raises(InputRefused, match="L5:没有编号为“2023-999999”的事项"):
        desk.flow.tasks.report(reports, by=desk.operator, places=["L4", "L5"])


def test_an_item_that_does_not_run_takes_no_progress(desk: Desk, running: str) -> None:
    reason = next(iter(desk.flow.rulebook.active().rules.return_reasons))
    desk.flow.items.return_(running, reason, by=desk.office)
    with pytest.raises(InputRefused, match="没有在执行"):
        desk.flow.tasks.report([told(running, "2024-01", 1)], by=desk.operator)


def test_two_figures_for_one_month_in_one_batch_are_named(
    desk: Desk, running: str
) -> None:
    first = told(running, "2024-01", 1)
    other = replace(first, value=2)
    places = ["L4", "L5", "L6"]
    with pytest.raises(InputRefused) as refused:
        desk.flow.tasks.report([first, first, other], by=desk.operator, places=places)
    assert str(refused.value).startswith("L6:与L4报的是同一指标")
    assert desk.flow.tasks.report([first, first], by=desk.operator).kept == 1


@pytest.fixture
def counted(desk: Desk) -> str:
    """An item whose task clears cases and does two named things."""
    desk.clock.set(at_hour(date(2024, 1, 4), 9))
    number = desk.bring(State.LISTED).number
    plan = desk.plan()
    (task,) = plan.tasks
    more = replace(task, due=date(2024, 12, 31), indicators=(ZERO, SET))
    return desk.assign(number, replace(plan, tasks=(more,))).number


def test_cases_are_reported_as_found_and_helped_and_the_limit_decides(
    desk: Desk, counted: str
) -> None:
    desk.clock.set(at_hour(date(2024, 4, 2), 9))
    by = desk.operator
    bare = told(counted, "2024-01", 0, indicator=ZERO.name)
    with pytest.raises(InputRefused, match="本月发现数"):
        desk.flow.tasks.report([bare], by=by)
    months = [(3, 5), (2, 0), (0, 0)]
    reports = [
        replace(bare, month=f"2024-0{n}", value=helped, denominator=found)
        for n, (helped, found) in enumerate(months, 1)
    ]
    assert desk.flow.tasks.report(reports, by=by).kept == 3
    found, _ = desk.flow.items.fulfilments(counted)
    assert (found.passed, found.reasons[0].values["in_time"]) == (True, 5)
    late = replace(reports[1], value=1)
    assert desk.flow.tasks.report([late], by=by).kept == 1
    found, _ = desk.flow.items.fulfilments(counted)
    assert (found.score, found.reasons[0].code) == ("80.00", "cases_late")
    line, _ = desk.flow.tasks.sheet("2024-03")
    assert (line.pace, line.actual) == (Pace.BEHIND, 1)
    assert door_of(desk.flow).read(verify).clean


def test_members_of_a_set_are_known_by_name_and_count_once(
    desk: Desk, counted: str
) -> None:
    desk.clock.set(at_hour(date(2024, 4, 2), 9))
    by = desk.operator
    first = told(counted, "2024-01", 1, indicator=SET.name, members=("社保补贴",))
    unnamed = replace(first, members=())
    with pytest.raises(InputRefused, match="写明了0项") as refused:
        desk.flow.tasks.report([unnamed], by=by)
    assert "社保补贴、交通补助" in str(refused.value)
    with pytest.raises(InputRefused, match="没有成员“别的”") as refused:
        desk.flow.tasks.report([replace(first, members=("别的",))], by=by)
    assert "社保补贴、交通补助" in str(refused.value)
    twice = replace(first, value=2, members=("社保补贴", "社保补贴"))
    with pytest.raises(InputRefused, match="写了两次"):
        desk.flow.tasks.report([twice], by=by)
    again = replace(first, month="2024-02")
    assert desk.flow.tasks.report([first, again], by=by).kept == 2
    _, line = desk.flow.tasks.sheet("2024-02")
    assert (line.actual, line.members, line.report) == (1, SET.members, again)
    _, found = desk.flow.items.fulfilments(counted)
    assert (found.score, found.reasons[1].values["missing"]) == ("50.00", "交通补助")
    other = replace(first, month="2024-03", members=("交通补助",))
    desk.flow.tasks.report([other], by=by)
    _, found = desk.flow.items.fulfilments(counted)
    assert found.passed
    assert door_of(desk.flow).read(verify).clean
