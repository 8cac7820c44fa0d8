"""What a correction puts in doubt stops the next step until it is decided anew."""

from __future__ import annotations

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Criterion, Dimension, State
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.items import Effectiveness
from huimin_flow.testing import Desk


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [one.code for one in refused.value.reasons]


def returned(desk: Desk, number: str) -> None:
    desk.flow.items.return_(number, "facts_incomplete", by=desk.office)


def test_a_plan_in_doubt_is_not_executed_until_it_is_fixed_anew(desk: Desk) -> None:
    number = desk.bring(State.ASSIGNED).number
    desk.flow.items.amend(number, {"area": "talent"}, by=desk.operator)
    with pytest.raises(StepRefused) as refused:
        desk.execute(number)
    assert codes(refused) == ["part_stale"]
    assert "实施方案" in str(refused.value)
    returned(desk, number)
    again = desk.flow.items.assign(number, desk.plan(), by=desk.operator)
    assert again.stale == ()
    assert desk.execute(number).state is State.EXECUTED
    assert door_of(desk.flow).read(verify).clean


def test_a_screening_in_doubt_is_not_judged_until_it_is_made_anew(desk: Desk) -> None:
    number = desk.bring(State.SCREENED).number
    changed = desk.flow.items.amend(number, {"origin": "opinion"}, by=desk.operator)
    assert changed.stale == ("screening_score",)
    with pytest.raises(StepRefused) as refused:
        desk.judge(number)
    assert codes(refused) == ["part_stale"]
    returned(desk, number)
    scores = {Criterion.IMPORTANCE: 80, Criterion.POSSIBILITY: 80}
    again = desk.flow.items.screen(number, scores, by=desk.office)
    assert again.stale == ()
    assert desk.judge(number).state is State.JUDGED


@pytest.mark.parametrize("title", ["", "  ", "长" * 201])
def test_a_title_is_not_corrected_to_nothing_or_too_much(
    desk: Desk, title: str
) -> None:
    item = desk.collect()
    with pytest.raises(InputRefused):
        desk.flow.items.amend(item.number, {"title": title}, by=desk.operator)
    assert desk.flow.items.get(item.number) == item


@pytest.mark.parametrize(
    ("value", "low", "high"), [(10, 90, -5), (50, 60, 70), (90, 80, 101), (1, -1, 2)]
)
def test_an_expectation_is_an_interval_in_percent(
    desk: Desk, value: int, low: int, high: int
) -> None:
    number = desk.bring(State.JUDGED).number
    expected = Effectiveness(value=value, low=low, high=high)
    with pytest.raises(InputRefused, match="区间"):
        desk.flow.items.star(
            number, dict.fromkeys(Dimension, 80), expected, by=desk.office
        )
