"""Good practices: shelved, proposed to other units, adopted or declined, compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    DigestKind,
    Ending,
    PracticeState,
    ReplicationState,
    Role,
    State,
    TodoKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.evidence import Acting
from huimin_flow.model.record_evidence import ReplicationEvidence
from huimin_flow.states.guards.replication import is_on_the_shelf
from huimin_flow.testing import UNIT, Desk
from tests.flow.improving.replicated import (
    OTHER,
    TAKEN,
    THIRD,
    WHOM,
    evaluated,
    practice,
)


def waits(desk: Desk, by: Any) -> list[tuple[str, date | None]]:
    return [
        (each.step.value, each.due)
        for each in desk.flow.todo(by)
        if each.kind is TodoKind.REPLICATION
    ]


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [str(each.code) for each in refused.value.reasons]


def clean(desk: Desk) -> bool:
    return door_of(desk.flow).read(verify).findings == ()


def test_an_adopted_practice_is_an_item_that_points_back_and_is_compared(
    desk: Desk,
) -> None:
    flow, office = desk.flow, desk.office
    made = practice(desk)
    assert (made.state, made.period, made.edition) == (
        PracticeState.SHELVED, "2023Q4", 1,
    )  # fmt: skip
    effect = made.effect
    assert (effect.fulfilment, effect.outcomes, effect.met) == ("100.00", 2, 2)
    assert (effect.source, effect.answers, effect.satisfied) == ("survey", 100, 95)
    acts = flow.replications
    asked = acts.propose(made.key, OTHER, note="贵区同类诉求较多", by=office)
    due = date(2024, 1, 23)
    assert acts.get(asked.key).due == due
    unit = desk.post(Role.OPERATOR, OTHER)
    assert waits(desk, unit) == [("adopt_replication", due)]
    assert waits(desk, office) == waits(desk, desk.operator) == []
    done = acts.adopt(asked.key, by=unit)
    assert (done.state, done.answered_by) == (ReplicationState.ADOPTED, unit.id)
    item = flow.items.get(done.successor)
    assert (item.unit, item.state, item.responds_to) == (
        OTHER, State.JUDGED, made.item,
    )  # fmt: skip
    (line,) = acts.list(item=item.number)
    assert line.replication.practice == made.key
    assert waits(desk, unit) == waits(desk, office) == []
    with pytest.raises(StepRefused) as early:
        acts.compare(asked.key, by=office)
    assert codes(early) == ["replication_not_evaluated"]
    evaluated(desk, item.number, satisfied=70)
    assert waits(desk, office) == [("compare", None)]
    compared = acts.compare(asked.key, by=office)
    assert compared.verdict is not None
    assert not compared.verdict.passed
    assert [str(each.code) for each in compared.verdict.reasons] == [
        "effect_same", "effect_same", "effect_lower",
    ]  # fmt: skip
    with pytest.raises(StepRefused) as again:
        acts.compare(asked.key, by=office)
    assert codes(again) == ["replication_nothing_new"]
    assert waits(desk, office) == []
    assert clean(desk)


def test_a_practice_goes_once_to_units_that_are_not_its_own(desk: Desk) -> None:
    made, acts, office = practice(desk), desk.flow.replications, desk.office
    asked = acts.propose(made.key, OTHER, by=office)
    for code, why in (
        (UNIT, "replication_same_unit"),
        (OTHER, "replication_proposed_already"),
        (desk.post(Role.AUDITOR).unit, "replication_unit_unfit"),
    ):
        with pytest.raises(StepRefused) as refused:
            acts.propose(made.key, code, by=office)
        assert codes(refused) == [why]
        assert refused.value.remedy
    with pytest.raises(StepRefused):  # another unit's
        acts.adopt(asked.key, by=desk.operator)
    with pytest.raises(StepRefused):
        acts.decline(asked.key, "无此需求", by=desk.operator)
    unit = desk.post(Role.OPERATOR, OTHER)
    with pytest.raises(InputRefused):
        acts.decline(asked.key, " ", by=unit)
    declined = acts.decline(asked.key, "无此需求", by=unit)
    assert (declined.state, declined.successor) == (ReplicationState.DECLINED, "")
    with pytest.raises(StepRefused):  # once
        acts.adopt(asked.key, by=unit)
    assert acts.propose(made.key, OTHER, by=office).key != asked.key
    with pytest.raises(HuiminError, match="复核确认"):
        acts.propose(made.key, THIRD, by=unit)
    assert clean(desk)


def test_only_an_item_of_a_published_good_board_is_shelved_once(desk: Desk) -> None:
    shelve, office = desk.flow.practices.shelve, desk.office
    other = desk.bring(State.ASSIGNED).number
    with pytest.raises(StepRefused) as refused:
        shelve(other, TAKEN, WHOM, by=office)
    assert codes(refused) == ["practice_not_good"]
    made = practice(desk)
    with pytest.raises(StepRefused, match="已列为好经验"):
        shelve(made.item, TAKEN, WHOM, by=office)
    with pytest.raises(StepRefused) as earlier:
        shelve(other, TAKEN, WHOM, period="2023Q4", by=office)
    # Its unit has reported nothing all the while, so it is on the bad board.
    assert codes(earlier) == ["practice_not_good", "practice_now_bad"]
    with pytest.raises(InputRefused):
        shelve(made.item, " ", WHOM, by=office)
    with pytest.raises(HuiminError):
        shelve(made.item, TAKEN, WHOM, by=desk.operator)
    assert desk.flow.practices.list(unit=UNIT) == (made,)


def test_a_withdrawn_practice_recalls_its_proposals_and_goes_nowhere(
    desk: Desk,
) -> None:
    made, flow, office = practice(desk), desk.flow, desk.office
    first = flow.replications.propose(made.key, OTHER, by=office)
    with pytest.raises(InputRefused):
        flow.practices.withdraw(made.key, "", by=office)
    gone = flow.practices.withdraw(made.key, "群众另有反映", by=office)
    assert gone.state is PracticeState.WITHDRAWN
    recalled = flow.replications.get(first.key)
    assert recalled.replication.state is ReplicationState.RECALLED
    assert (recalled.due, recalled.replication.reason) == (None, "群众另有反映")
    with pytest.raises(StepRefused) as refused:
        flow.replications.propose(made.key, OTHER, by=office)
    assert codes(refused) == ["practice_is_withdrawn"]
    with pytest.raises(StepRefused):
        flow.replications.adopt(first.key, by=desk.post(Role.OPERATOR, OTHER))
    again = flow.practices.shelve(made.item, TAKEN, WHOM, by=office)
    assert again.key != made.key
    assert clean(desk)


def test_a_late_answer_is_the_offices_to_remind_of_and_stands_in_the_pack(
    desk: Desk,
) -> None:
    made, flow, office = practice(desk), desk.flow, desk.office
    asked = flow.replications.propose(made.key, OTHER, by=office)
    meeting = flow.reviews.call(desk.today(), "leader-1", by=office).key

    def packed() -> list[str]:
        (part,) = [p for p in flow.reviews.pack(meeting).units if p.unit == OTHER]
        return [
            heading
            for heading in ("late", "owed")
            for line in getattr(part, heading)
            if line.kind is DigestKind.REPLICATION
        ]

    assert packed() == ["owed"]
    desk.clock.set(at_hour(date(2024, 1, 24), 9))
    assert packed() == ["late"]
    due = date(2024, 1, 23)
    assert waits(desk, office) == [("remind", due)]
    assert flow.replications.remind(asked.key, by=office).reminders == 1
    assert waits(desk, office) == []
    flow.replications.adopt(asked.key, by=desk.post(Role.OPERATOR, OTHER))
    desk.clock.set(at_hour(date(2024, 3, 1), 9))
    line = flow.replications.get(asked.key)
    assert (line.due, line.overdue) == (due, 1)  # late by the day of the answer


def test_a_unit_that_had_responded_goes_on_with_its_item(desk: Desk) -> None:
    made, flow = practice(desk), desk.flow
    unit, third = (desk.post(Role.OPERATOR, code) for code in (OTHER, THIRD))
    _, own = flow.items.respond(made.item, OTHER, by=unit)
    asked = [
        flow.replications.propose(made.key, code, by=desk.office).key
        for code in (OTHER, THIRD)
    ]
    assert flow.replications.adopt(asked[0], by=unit).successor == own.number
    flow.items.reject(own.number, "duplicate", by=desk.office)
    compared = flow.replications.compare(asked[0], by=desk.office)
    assert compared.verdict is not None  # it ended without an evaluation
    assert {str(each.code) for each in compared.verdict.reasons} == {
        "effect_unmeasured"
    }
    desk.adjust(made.item)
    desk.close(made.item)
    # What was closed ended well: it is proposed and adopted as before. Nobody responds
    # to a closed demand, so that the unit's own item arises from it.
    own = flow.items.get(flow.replications.adopt(asked[1], by=third).successor)
    assert (own.unit, own.arises_from, own.state) == (
        THIRD,
        made.item,
        State.COLLECTED,
    )
    flow.replications.propose(made.key, "500104", by=desk.office)
    assert clean(desk)
    item = replace(flow.items.get(made.item), outcome=Ending.CANCELLED)
    acting = Acting(
        actor=desk.office,
        organization=flow.rulebook.active().organization,
        day=desk.today(),
    )
    evidence = ReplicationEvidence(item=item, practice=made)
    (why,) = is_on_the_shelf(None, acting, evidence)
    assert why.code == "practice_item_ended"
