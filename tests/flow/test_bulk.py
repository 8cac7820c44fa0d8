"""Many acts of one kind: one preview, one confirmation, each an event of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    BulkAct,
    Criterion,
    Dimension,
    State,
    TwoPeople,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.todo.bulk import Bulk
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.items import Effectiveness
from huimin_flow.testing import Desk

HIGH = {Criterion.URGENCY: 100, Criterion.FUNDAMENTALITY: 100}


def screening(numbers: Sequence[str]) -> list[dict[str, Any]]:
    return [{"number": number, "scores": HIGH} for number in numbers]


def ahead(desk: Desk, act: BulkAct, rows: Sequence[Any], by: Actor) -> Bulk:
    with desk.flow.dry() as dry:
        return dry.bulk.do(act, rows, whole=False, by=by)


def states(desk: Desk, numbers: Sequence[str]) -> list[State]:
    return [desk.flow.items.get(number).state for number in numbers]


def test_many_are_screened_by_one_confirmation_each_with_its_event(desk: Desk) -> None:
    numbers = [desk.collect().number for _ in range(3)]
    rows, by = screening(numbers), desk.office
    shown = ahead(desk, BulkAct.SCREEN, rows, by)
    assert [line.events[-1].target for line in shown.lines] == ["screened"] * 3
    assert states(desk, numbers) == [State.COLLECTED] * 3
    once = desk.flow.once("bulk-1")
    made = once.bulk.do(BulkAct.SCREEN, rows, seen=shown.seen[:12], by=by)
    assert made.seen == shown.seen
    assert states(desk, numbers) == [State.SCREENED] * 3
    assert [len(desk.flow.items.history(number)) for number in numbers] == [2] * 3
    again = once.bulk.do(BulkAct.SCREEN, rows, seen=shown.seen[:12], by=by)
    assert again == made
    assert [len(desk.flow.items.history(number)) for number in numbers] == [2] * 3
    assert door_of(desk.flow).read(verify).findings == ()


def test_all_or_none_and_each_on_its_own(desk: Desk) -> None:
    good, other = (desk.collect().number for _ in range(2))
    done = desk.screen(desk.collect().number).number
    rows = [*screening([good, done, other]), {"number": "2099-000001", "scores": HIGH}]
    rows += [{"number": good, "scores": HIGH}]
    with pytest.raises(StepRefused, match="5行中有3行不能办") as refused:
        desk.flow.bulk.do(BulkAct.SCREEN, rows, by=desk.office)
    codes = [reason.code for reason in refused.value.reasons]
    assert codes == [
        *("bulk_rows_refused", "no_such_arc", "item_unknown", "bulk_row_twice")
    ]
    assert states(desk, [good, other]) == [State.COLLECTED] * 2
    before = desk.flow.records.count_refusals()
    made = desk.flow.bulk.do(BulkAct.SCREEN, rows, whole=False, by=desk.office)
    assert states(desk, [good, other]) == [State.SCREENED] * 2
    assert [bool(line.reasons) for line in made.lines] == [
        False,
        True,
        False,
        True,
        True,
    ]
    assert len(desk.flow.items.history(done)) == 2
    (kept,) = desk.flow.records.refusals(limit=1)
    assert (kept.act, kept.about) == ("screen", done)
    assert desk.flow.records.count_refusals() == before + 1
    assert door_of(desk.flow).read(verify).findings == ()


def test_what_moved_or_was_changed_since_the_preview_is_refused(desk: Desk) -> None:
    numbers = [desk.collect().number for _ in range(2)]
    rows, by = screening(numbers), desk.office
    shown = ahead(desk, BulkAct.SCREEN, rows, by)
    changed = [{**rows[0], "scores": {**HIGH, Criterion.URGENCY: 90}}, rows[1]]
    desk.flow.items.amend(numbers[1], {"title": "另一标题"}, by=by)
    for asked, seen in ((rows, shown.seen), (changed, shown.seen), (rows, "deadbeef")):
        for whole in (True, False):
            with pytest.raises(StepRefused) as refused:
                desk.flow.bulk.do(BulkAct.SCREEN, asked, seen=seen, whole=whole, by=by)
            assert refused.value.code == "bulk_preview_moved"
    assert states(desk, numbers) == [State.COLLECTED] * 2


def test_each_row_needs_exactly_what_the_act_alone_needs(file_desk: Desk) -> None:
    desk = file_desk
    number = desk.collect().number
    wrong: list[dict[str, Any]] = [
        {"number": number, "scores": {"urgency": "80"}},
        {"number": number, "scores": HIGH, "by": "office-1"},
        {"scores": HIGH},
        {"number": number, "scores": {"urgency": 2**60}},
        {"number": number, "scores": object()},
        {"number": number, "scores": HIGH, "version": 7},
    ]
    for row in wrong:
        (line,) = ahead(desk, BulkAct.SCREEN, [row], desk.office).lines
        assert line.reasons, row
    (line,) = ahead(desk, BulkAct.SCREEN, screening([number]), desk.operator).lines
    assert [reason.code for reason in line.reasons] == ["step_not_permitted"]
    for rows in ([], screening([number]) * 1001):
        with pytest.raises(InputRefused) as refused:
            desk.flow.bulk.do(BulkAct.SCREEN, rows, by=desk.office)
        assert refused.value.code == "bulk_rows_count"


def test_judging_starring_returning_and_approving_go_the_same_way(desk: Desk) -> None:
    numbers = [desk.item(State.SCREENED).number for _ in range(2)]
    by, do = desk.office, desk.flow.bulk.do
    meeting = desk.meet(numbers)
    judging: list[dict[str, Any]] = [
        {"number": n, "deliberation": meeting.key, "judgment": desk.judgment()}
        for n in numbers
    ]
    do(
        BulkAct.JUDGE,
        judging,
        seen=ahead(desk, BulkAct.JUDGE, judging, by).seen,
        by=by,
    )
    desk.close_meeting(meeting.key)
    assert states(desk, numbers) == [State.JUDGED] * 2
    starring: list[dict[str, Any]] = [
        {
            "number": n,
            "scores": dict.fromkeys(Dimension, 80),
            "expected": Effectiveness(value=85, low=80, high=90),
        }
        for n in numbers
    ]
    do(BulkAct.STAR, starring, by=by)
    assert states(desk, numbers) == [State.STARRED] * 2
    asked = []
    for n in numbers:
        values = {"item": n, "edition": desk.frozen(2099), "reason": "needed"}
        asked.append(desk.flow.proposals.propose(TwoPeople.SUPPLEMENT, values, by=by))
    approving = [{"key": p.key, "seen": p.seen[:12]} for p in asked]
    own = ahead(desk, BulkAct.APPROVE, approving, by)
    assert {line.reasons[0].code for line in own.lines} == {"same_person"}
    shown = ahead(desk, BulkAct.APPROVE, approving[:1], desk.second)
    do(BulkAct.APPROVE, approving[:1], seen=shown.seen, by=desk.second)
    assert states(desk, numbers) == [State.LISTED, State.STARRED]
    back = [{"number": numbers[1], "reason": "facts_incomplete"}]
    do(BulkAct.RETURN, back, by=by)
    assert states(desk, numbers) == [State.LISTED, State.JUDGED]
    assert door_of(desk.flow).read(verify).findings == ()


def test_two_hundred_take_one_transaction_and_a_second(file_desk: Desk) -> None:
    numbers = [file_desk.collect().number for _ in range(200)]
    began = time.process_time()
    made = file_desk.flow.bulk.do(
        BulkAct.SCREEN, screening(numbers), by=file_desk.office
    )
    assert time.process_time() - began < 1
    assert len({line.events[-1].request for line in made.lines}) == 1
