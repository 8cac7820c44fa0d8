"""Nothing that tells who somebody is gets into facts, events or streams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import RatingCode, spoken
from huimin_flow.catalogue.terms import AssessmentKind, Question, RatingLevel, State
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.deciding.deliberations import Answer, Judgment
from huimin_flow.model.executing.plans import Plan, Progress, TaskResult
from huimin_flow.testing import Desk
from tests.ratings import rating

PHONE = "13800138000"
CITIZEN = "500101199001011234"


@pytest.mark.parametrize(
    "changed",
    [
        {"who": f"王某{PHONE}"},
        {"who": "张三"},
        {"who": PHONE},
        {"district": f"万州区{PHONE}"},
        {"key": CITIZEN},
    ],
)
def test_an_appeal_that_names_a_person_outside_its_text_is_refused(
    desk: Desk, changed: dict[str, str]
) -> None:
    (voice,) = desk.appeals(1)
    batch = [replace(voice, **changed)]  # type: ignore[arg-type]
    taken = desk.flow.appeals.add_all(batch, by=desk.office)
    assert taken.kept == 0
    (refused,) = taken.refused
    said = f"{refused} {spoken(refused.reason)}"
    assert not any(one in said for one in changed.values())
    told = replace(voice, text=f"请回电{PHONE}")
    assert desk.flow.appeals.add_all([told], by=desk.office).kept == 1


@pytest.mark.parametrize(
    ("number", "changed"),
    [
        (1, {"who": PHONE}),
        (1, {"person": "张三"}),
        (1, {"person": f"w {PHONE}"}),
        (CITIZEN, {}),
    ],
)
def test_a_rating_that_names_a_person_is_named_by_its_line_and_not_kept(
    desk: Desk, number: str, changed: dict[str, str]
) -> None:
    odd = replace(rating(1, RatingLevel.DISSATISFIED), **changed)  # type: ignore[arg-type]
    odd = replace(odd, transaction=str(number))
    taken = desk.flow.ratings.add([odd], by=desk.office)
    assert taken.kept == 0
    (refused,) = taken.refused
    assert refused.reason.code == RatingCode.PERSONAL
    assert PHONE not in str(refused.reason.values)


def test_a_reason_does_not_repeat_a_number_that_stands_in_a_wrong_column(
    desk: Desk,
) -> None:
    taken = desk.flow.ratings.add([rating(1, item=PHONE)], by=desk.office)
    assert PHONE not in str(taken.refused[0].reason.values)


Act = Callable[[Desk, str], object]

ACTS: dict[str, Act] = {
    "a title": lambda desk, item: desk.flow.items.amend(
        item, {"title": f"找{PHONE}"}, by=desk.operator
    ),
    "minutes": lambda desk, item: desk.flow.meetings.hold(
        held_on=desk.today(), chair="leader-1", participants=(), agenda=(item,),
        minutes=f"联系人{PHONE}", by=desk.office,
    ),
    "a chair": lambda desk, item: desk.flow.meetings.hold(
        held_on=desk.today(), chair="张三", participants=("office-1",), agenda=(item,),
        minutes="同意", by=desk.office,
    ),
    "a participant": lambda desk, item: desk.flow.meetings.hold(
        held_on=desk.today(), chair="leader-1", participants=(PHONE,), agenda=(item,),
        minutes="同意", by=desk.office,
    ),
    "an answer": lambda desk, item: desk.flow.items.judge(
        item, "deliberation/2023-0001",
        Judgment(answers={Question.WANTED: Answer(yes=True, reason=PHONE)}, scores={}),
        by=desk.office,
    ),
    "a plan": lambda desk, item: desk.flow.items.assign(
        item, Plan(deliverable="候工区", carrier=CITIZEN), by=desk.operator
    ),
    "an excuse": lambda desk, item: desk.flow.items.execute(
        item, [TaskResult(task="T1", met=False, excuse=PHONE, excused_by="leader-1")],
        by=desk.operator,
    ),
    "a finding": lambda desk, item: desk.flow.assessments.request(
        item, AssessmentKind.LEGALITY, f"某所{PHONE}", by=desk.office
    ),
    "a proposal": lambda desk, item: desk.flow.proposals.propose(
        "cancel", {"item": item, "reason": PHONE}, by=desk.office
    ),
    "a file's name": lambda desk, item: desk.flow.items.attach(
        item, f"{CITIZEN}.jpg", b"x", by=desk.operator
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_no_act_takes_what_names_a_person(desk: Desk, name: str) -> None:
    number = desk.bring(State.COLLECTED).number
    before = door_of(desk.flow).read(verify)
    with pytest.raises(HuiminError) as refused:
        ACTS[name](desk, number)
    assert isinstance(refused.value, InputRefused)
    assert refused.value.remedy
    assert PHONE not in str(refused.value)
    assert CITIZEN not in str(refused.value)
    assert door_of(desk.flow).read(verify) == before


def test_a_note_of_progress_takes_no_number(desk: Desk) -> None:
    item = desk.bring(State.ASSIGNED)
    assert item.plan is not None
    task = item.plan.tasks[0]
    report = Progress(
        item=item.number, task=task.key, indicator=task.indicators[0].name,
        month=desk.today().strftime("%Y-%m"), value=1, note=f"问{PHONE}",
    )  # fmt: skip
    with pytest.raises(InputRefused, match="备注"):
        desk.flow.tasks.report([report], by=desk.operator)
