"""What items cost is held against what there is, at 能做 (量力而行, B1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Area, Placement, Question, State, Step
from huimin_flow.errors import HuiminError, InputRefused, NotFound, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.events import Verdict
from huimin_flow.reports.pages import page_of
from huimin_flow.rules.revisions import rederive
from huimin_flow.testing import Desk

SAYS = "财政批复"


def refusal(act: Callable[[], object]) -> HuiminError:
    with pytest.raises((StepRefused, InputRefused, NotFound)) as refused:
        act()
    return refused.value


def stated(desk: Desk, *costs: int | None) -> list[str]:
    """Return screened items with their costs, None for no cost."""
    numbers = []
    for n, cost in enumerate(costs):
        number = desk.bring(State.SCREENED, f"事项{n}").number
        numbers.append(number)
        if cost is not None:
            desk.flow.resources.cost(number, cost, "500101", SAYS, by=desk.operator)
    return numbers


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons if "means" in reason.code]


def test_an_item_beyond_what_is_left_is_not_capable(file_desk: Desk) -> None:
    """The first takes 60 of 100; the second needs 50, and falls; restated, it passes."""
    desk = file_desk
    first, second, third = stated(desk, 60, 50, None)
    resources, by = desk.flow.resources, desk.office
    area = desk.flow.items.get(first).area
    waits = [each.subject for each in desk.flow.todo(by) if "budget" in each.subject]
    assert waits == [f"budget/2024/{area.value}"]
    resources.state("2024", area, 100, SAYS, by=by)
    assert not [each for each in desk.flow.todo(by) if "budget" in each.subject]
    key = desk.meet([first, second, third]).key
    for number in (first, second, third):
        desk.flow.items.judge(number, key, desk.judgment(), by=by)
    shown = {each.item: each for each in desk.flow.meetings.answers(key, by=by).judged}
    verdict = shown[second].verdict
    assert (shown[first].step, shown[second].step) == (Step.JUDGE, Step.DEFER)
    assert (codes(shown[first].verdict), codes(verdict)) == (
        ["means_suffice"],
        ["means_short"],
    )
    assert [reason.code for reason in shown[third].verdict.reasons][-1] == (
        "cost_not_stated"
    )
    assert dict(verdict.reasons[0].values) == {
        "cost": 50, "period": "2024", "amount": 100, "taken": 60, "left": 40,
    }  # fmt: skip
    assert rederive(verdict, desk.flow.rulebook.active()) == verdict
    desk.close_meeting(key)
    assert desk.flow.items.get(second).state is State.DEFERRED
    funnel = desk.flow.meetings.funnel("2023")
    assert (funnel.total.fell[Question.CAPABLE], funnel.total.below) == (1, 0)
    (line,) = resources.of("2024").areas
    assert (line.area, line.amount, line.taken, line.left) == (area, 100, 60, 40)
    assert (line.items[0].item, line.items[0].cost) == (first, 60)
    with desk.flow.snapshot() as now:
        page = page_of("funnel-2023.html")(now)
    assert page.values["resources"][0][1:4] == ("100", "60", "40")
    assert [reason.code for reason in funnel.falls[0].reasons] == ["means_short"]
    (fall,) = page.values["falls"]
    assert "60" in fall.reason  # what was taken, not the reason of the yes
    assert "已核实" not in fall.reason
    assert resources.state("2024", area, 110, "追加", by=by).version == 2
    desk.flow.items.revive(second, by=by)
    assert desk.judge(second).state is State.JUDGED
    assert resources.of("2024").areas[0].left == 0
    assert door_of(desk.flow).read(verify).findings == ()


def test_what_changed_before_the_close_is_judged_again(desk: Desk) -> None:
    first, second = stated(desk, 60, 50)
    resources, by = desk.flow.resources, desk.office
    area = desk.flow.items.get(first).area
    resources.state("2024Q1", area, 110, SAYS, by=by)
    key = desk.meet([first, second]).key
    act, phase = desk.flow.items.judge, Placement.PHASE
    for number in (first, second):
        act(number, key, desk.judgment(), placement=phase, by=by)
    resources.state("2024Q1", area, 100, "核减", by=by)
    assert refusal(lambda: desk.close_meeting(key)).code == "verdict_changed"
    act(second, key, desk.judgment(), placement=phase, by=by)
    resources.cost(first, 70, "500101", SAYS, by=desk.operator)
    assert refusal(lambda: desk.close_meeting(key)).code == "verdict_changed"
    act(first, key, desk.judgment(), placement=phase, by=by)
    desk.close_meeting(key)
    states = [desk.flow.items.get(number).state for number in (first, second)]
    assert states == [State.JUDGED, State.DEFERRED]
    assert resources.of("2024").areas == ()
    assert door_of(desk.flow).read(verify).findings == ()


def test_what_is_no_statement_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    (number,) = stated(desk, None)
    resources, by = desk.flow.resources, desk.office
    area = Area.EMPLOYMENT
    wrong: dict[str, Callable[[], Any]] = {
        "amount_negative": lambda: resources.state("2024", area, -1, SAYS, by=by),
        "list_period_unfit": lambda: resources.state("下一年", area, 1, SAYS, by=by),
        "quarter_unfit": lambda: resources.state("2024Q5", area, 1, SAYS, by=by),
        "text_empty": lambda: resources.state("2024", area, 1, " ", by=by),
        "duty_missing": lambda: resources.state(
            "2024", area, 1, SAYS, by=desk.operator
        ),
        "unit_unknown": lambda: resources.cost(number, 1, "999", SAYS, by=by),
        "item_unknown": lambda: resources.cost("2023-999999", 1, "500101", SAYS, by=by),
    }
    for code, act in wrong.items():
        refused = refusal(act)
        assert (refused.code, bool(refused.remedy)) == (code, True)
    low = refusal(lambda: resources.cost(number, -1, "500101", SAYS, by=by))
    staff = refusal(lambda: resources.cost(number, 1, "500101", SAYS, -1, by=by))
    assert (low.code, staff.code) == ("amount_negative", "amount_negative")
    assert refusal(lambda: resources.of("x")).code == "list_period_unfit"
    assert resources.of("2024").areas == ()
