"""An item or a task goes to another unit: by the office, with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Reason
from huimin_flow.catalogue.terms import State, Step
from huimin_flow.errors import HuiminError
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import Desk
from tests.flow.deciding.test_undo import asked

OTHER = "500102"


def units(desk: Desk, number: str) -> list[str]:
    item = desk.flow.items.get(number)
    tasks = item.plan.tasks if item.plan else ()
    return [item.unit, *(task.unit for task in tasks)]


def why(refused: pytest.ExceptionInfo[HuiminError]) -> Reason:
    (reason,) = refused.value.reasons
    return reason


def test_an_item_of_a_wrong_unit_goes_to_another_with_its_tasks(desk: Desk) -> None:
    items, number = desk.flow.items, desk.item(State.LISTED).number
    first, by = desk.plan().tasks[0], desk.office
    second = replace(first, key="T2", unit="500103")
    item = desk.assign(number, replace(desk.plan(), tasks=(first, second)))
    items.amend(number, {"area": "talent"}, by=by)
    moved = items.transfer(number, OTHER, "wrong_unit", by=by)
    assert (moved.state, moved.unit, moved.transfers) == (item.state, OTHER, 1)
    assert units(desk, number) == [OTHER, OTHER, "500103"]
    assert (moved.stale, moved.edition) == (("plan",), item.edition)
    event = items.history(number)[-1].event
    assert (event.public["former"], event.public["unit"]) == (item.unit, OTHER)

    back = asked(desk, number)
    assert (back.step, back.former, back.reasons) == (
        Step.TRANSFER, {"unit": item.unit}, (),
    )  # fmt: skip
    items.transfer(number, back.former["unit"], "wrong_unit", by=by)
    items.transfer(number, OTHER, "territory_moved", task="T2", by=by)
    assert units(desk, number) == [item.unit, item.unit, OTHER]
    assert asked(desk, number).former == {"unit": "500103", "task": "T2"}
    assert not door_of(desk.flow).read(verify).findings


@pytest.mark.parametrize(
    ("unit", "more", "code"),
    [
        ("500157", {}, "unit_not_begun"),
        ("江南区", {}, "unit_unknown"),
        ("500101", {}, "transfer_same_unit"),
        ("AUDITOR", {}, "unit_is_auditor"),
        (OTHER, {"reason": "不想办"}, "unknown_reason_code"),
        (OTHER, {"task": "T9"}, "task_unknown"),
    ],
)
def test_a_transfer_that_cannot_be_says_why_and_changes_nothing(
    file_desk: Desk, unit: str, more: dict[str, Any], code: str
) -> None:
    item = file_desk.item(State.ASSIGNED)
    wanted: dict[str, Any] = {"unit": unit, "reason": "wrong_unit", **more}
    with pytest.raises(HuiminError) as refused:
        file_desk.flow.items.transfer(item.number, by=file_desk.office, **wanted)
    assert why(refused).code == code
    assert refused.value.remedy
    assert file_desk.flow.items.get(item.number) == item


def test_what_has_ended_is_not_transferred_nor_by_its_own_unit(
    file_desk: Desk,
) -> None:
    for state in (State.CLOSED, State.REJECTED):
        item = file_desk.item(state)
        with pytest.raises(HuiminError) as refused:
            file_desk.flow.items.transfer(
                item.number, OTHER, "wrong_unit", by=file_desk.office
            )
        assert why(refused).code == "no_such_arc"
        assert file_desk.flow.items.get(item.number) == item
    item = file_desk.item(State.SCREENED)
    with pytest.raises(HuiminError) as refused:
        file_desk.flow.items.transfer(
            item.number, OTHER, "wrong_unit", by=file_desk.operator
        )
    assert why(refused).code == "step_not_permitted"
