"""Rectifications: opened for a cause, submitted with evidence, accepted by others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Failing,
    RatingLevel,
    RectificationState,
    Role,
    State,
    TodoKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.executing.surveys import SurveyAnswer
from huimin_flow.model.improving.rectification import CitizensWord, Rectification
from huimin_flow.reports.improving.rectification import rectification_lines
from huimin_flow.testing import Desk
from tests.flow.improving.replicated import publish
from tests.ratings import rating

MONDAY = date(2024, 4, 8)


def on(desk: Desk, day: date, hour: int = 9) -> None:
    desk.clock.set(at_hour(day, hour))


def begun(desk: Desk) -> tuple[str, Rectification]:
    """Open a rectification on Monday; return the item and it."""
    on(desk, MONDAY)
    number = desk.bring(State.ASSIGNED).number
    order = desk.flow.orders.receive(
        number, "督查室", "渝督1号", MONDAY, "限期整改", by=desk.office
    )
    made = desk.flow.rectifications.open(
        number, "进展慢", order_key=order.key, by=desk.office
    )
    return number, made


def submitted(desk: Desk, number: str, key: str) -> Rectification:
    file = desk.flow.items.attach(number, "照片.txt", key.encode(), by=desk.operator)
    return desk.flow.rectifications.submit(
        key, "候工区已开放", [file.digest], by=desk.operator
    )


def heard(desk: Desk, count: int = 5) -> None:
    """Take in ratings of the unit's services, of now."""
    unit, at = desk.operator.unit, desk.clock.now()
    told = [rating(at.day * 100 + n, unit=unit, at=at) for n in range(count)]
    desk.flow.ratings.add(told, by=desk.office)


def waits(desk: Desk, by: Any) -> list[tuple[str, date | None]]:
    return [
        (each.step.value, each.due)
        for each in desk.flow.todo(by)
        if each.kind is TodoKind.RECTIFICATION
    ]


def clean(desk: Desk) -> bool:
    return door_of(desk.flow).read(verify).findings == ()


def test_others_accept_after_figures_and_the_word_of_citizens(desk: Desk) -> None:
    number, made = begun(desk)
    acts = desk.flow.rectifications
    line = acts.get(made.key)
    assert (line.due, line.overdue) == (date(2024, 4, 28), 0)  # a working Sunday
    assert waits(desk, desk.operator) == [("submit_rectification", line.due)]
    desk.report(number)
    heard(desk)
    with pytest.raises(InputRefused, match="须附佐证"):
        acts.submit(made.key, "已整改", [], by=desk.operator)
    with pytest.raises(StepRefused):  # nothing was submitted
        acts.accept(made.key, "属实", by=desk.office)
    submitted(desk, number, made.key)
    assert waits(desk, desk.operator) == []
    assert waits(desk, desk.office) == [("accept_rectification", None)]
    head = desk.post(Role.UNIT_HEAD, desk.operator.unit)
    for judge in (desk.operator, head):
        with pytest.raises(StepRefused, match="不能验收、退回本单位的整改") as refused:
            acts.accept(made.key, "属实", by=judge)
        assert "监督组" in str(refused.value.remedy)
    with pytest.raises(StepRefused, match="只有0份群众评价"):
        acts.accept(made.key, "属实", by=desk.office)  # that day's came before, too
    on(desk, MONDAY + timedelta(days=1))
    heard(desk, 6)
    done = acts.accept(made.key, "属实", by=desk.office)
    assert (done.state, done.late) == (RectificationState.ACCEPTED, 0)
    assert [each.value for each in done.measured] == [11]
    assert done.word is not None
    assert (done.word.answers, done.word.good) == (6, 6)
    assert acts.accepted_for(number, "") == (done,)
    assert clean(desk)


def test_a_survey_drawn_since_is_a_second_word_and_leaves_the_first(
    desk: Desk,
) -> None:
    number = desk.bring(State.EVALUATED).number  # its round has a survey of 92 percent
    acts, surveys, office = desk.flow.rectifications, desk.flow.surveys, desk.office
    first = desk.flow.items.get(number).satisfaction
    order = desk.flow.orders.receive(
        number, "督查室", "1号", desk.today(), "整改", by=office
    )
    made = acts.open(number, "群众不满意", order_key=order.key, by=office)
    begun = desk.today()
    frame = [f"d{n:02d}" for n in range(40)]
    with pytest.raises(StepRefused, match="不得重新抽样"):
        surveys.draw(number, frame, 30, by=office)
    other = desk.bring(State.ASSIGNED).number
    with pytest.raises(StepRefused, match="没有未验收的整改"):
        surveys.draw(other, frame, 30, rectification_key=made.key, by=office)
    key = surveys.draw(number, frame, 30, rectification_key=made.key, by=office).key
    codes = [each.code for each in surveys.sample(key)]
    marks = [RatingLevel.SATISFIED] * 21 + [RatingLevel.DISSATISFIED] * 9
    answers = [
        SurveyAnswer(code=code, level=level)
        for code, level in zip(codes, marks, strict=True)
    ]
    surveys.add_answers(key, answers, by=office)
    submitted(desk, number, made.key)
    desk.report(number, 12)
    on(desk, begun + timedelta(days=1))
    with pytest.raises(StepRefused, match="只有0份群众评价"):
        acts.accept(made.key, "属实", by=office)
    surveys.close(key, by=office)
    done = acts.accept(made.key, "属实", by=office)
    assert done.word == CitizensWord(source=key, answers=30, good=21)
    assert desk.flow.items.get(number).satisfaction == first
    assert acts.get(made.key).weak == ()
    surveys.set_aside(key, codes[0], "重复作答", by=desk.second)  # 29 were left of 30
    weak = acts.get(made.key)
    assert [reason.code for reason in weak.weak] == ["rectification_word_missing"]
    assert weak.rectification == done
    with pytest.raises(StepRefused, match="没有未验收的整改"):
        surveys.draw(number, frame, 30, rectification_key=made.key, by=office)
    assert clean(desk)


def test_nothing_is_accepted_before_it_is_measured(desk: Desk) -> None:
    on(desk, MONDAY - timedelta(days=1))
    number, made = begun(desk)
    on(desk, MONDAY + timedelta(days=1))
    heard(desk)
    submitted(desk, number, made.key)
    with pytest.raises(StepRefused, match="没有新填报的数") as refused:
        desk.flow.rectifications.accept(made.key, "属实", by=desk.office)
    assert "huimin item progress" in str(refused.value.remedy)


def test_tasks_done_before_are_measured_again_by_their_last_month(desk: Desk) -> None:
    number = desk.bring(State.EXECUTED).number
    done = desk.today()
    on(desk, done + timedelta(days=70))
    acts, office = desk.flow.rectifications, desk.office
    order = desk.flow.orders.receive(
        number, "督查室", "1号", desk.today(), "整改", by=office
    )
    made = acts.open(number, "群众不满意", order_key=order.key, by=office)
    submitted(desk, number, made.key)
    on(desk, desk.today() + timedelta(days=1))
    heard(desk)
    with pytest.raises(StepRefused, match="没有新填报的数"):
        acts.accept(made.key, "属实", by=office)
    figure = Progress(
        item=number, task="T1", indicator="候工区", month=f"{done:%Y-%m}", value=13
    )
    later = replace(figure, month=f"{desk.today():%Y-%m}")
    with pytest.raises(InputRefused, match="晚于事项"):  # nothing runs in it
        desk.flow.tasks.report([later], by=desk.operator)
    desk.flow.tasks.report([figure], by=desk.operator)
    (kept,) = acts.accept(made.key, "属实", by=office).measured
    assert (kept.month, kept.value) == (figure.month, 13)
    assert acts.get(made.key).weak == ()
    assert clean(desk)


def test_a_returned_one_needs_new_figures_and_has_more_days(desk: Desk) -> None:
    number, made = begun(desk)
    acts = desk.flow.rectifications
    desk.report(number)
    on(desk, MONDAY + timedelta(days=1))
    heard(desk)
    submitted(desk, number, made.key)
    on(desk, date(2024, 4, 26))
    back = acts.return_(made.key, "照片不清", by=desk.post(Role.SUPERVISION))
    assert (back.state, acts.get(made.key).due) == (
        RectificationState.RETURNED,
        date(2024, 5, 13),
    )
    submitted(desk, number, made.key)
    with pytest.raises(StepRefused) as refused:
        acts.accept(made.key, "属实", by=desk.office)
    assert len(refused.value.reasons) == 2  # neither figures nor word since then
    assert clean(desk)


def test_an_overdue_one_goes_up_to_the_deputy_in_charge(desk: Desk) -> None:
    number, made = begun(desk)
    acts = desk.flow.rectifications
    on(desk, date(2024, 4, 28))
    assert acts.escalate(by=desk.scheduler) == ()
    on(desk, date(2024, 4, 29))
    (told,) = acts.escalate(by=desk.scheduler)
    head = desk.post(Role.UNIT_HEAD, desk.operator.unit)
    assert [rung.to for rung in told.rungs] == [(head.id,)]
    assert acts.escalate(by=desk.scheduler) == ()  # once
    assert ("acknowledge", date(2024, 4, 28)) in waits(desk, head)
    with pytest.raises(StepRefused, match="没有待你签收的督办"):
        acts.acknowledge(made.key, by=desk.office)
    acts.acknowledge(made.key, by=head)
    on(desk, date(2024, 5, 8))  # the fifth working day, with the holidays of May
    (told,) = acts.escalate(by=desk.scheduler)
    assert [rung.role for rung in told.rungs] == [Role.UNIT_HEAD, Role.OFFICE]
    on(desk, date(2024, 5, 10))
    assert acts.escalate(by=desk.scheduler) == ()
    on(desk, date(2024, 5, 11))  # the office has not acknowledged it in two days
    (told,) = acts.escalate(by=desk.scheduler)
    deputy = desk.post(Role.DEPUTY_LEADER)
    assert told.rungs[-1].to == (deputy.id,)
    acts.acknowledge(made.key, by=deputy)
    on(desk, date(2024, 6, 10))
    assert acts.escalate(by=desk.scheduler) == ()  # it was the last rung
    late = submitted(desk, number, made.key)
    assert late.late > 20
    assert clean(desk)


@pytest.mark.parametrize("state", [State.CLOSED, State.REJECTED, State.MERGED])
def test_none_is_opened_on_an_ended_item(desk: Desk, state: State) -> None:
    number = desk.item(state).number
    with pytest.raises(StepRefused, match="不能启动整改") as refused:
        desk.flow.rectifications.open(number, "进展慢", by=desk.office)
    assert refused.value.remedy


def test_two_of_one_item_are_not_open_and_each_has_a_cause(desk: Desk) -> None:
    number, made = begun(desk)
    acts, key = desk.flow.rectifications, made.order
    with pytest.raises(StepRefused, match="已有未完成的整改") as refused:
        acts.open(number, "再来", order_key=key, by=desk.office)
    assert made.key in str(refused.value.remedy)
    other = desk.bring(State.ASSIGNED).number
    for named in (None, key):  # no order, or that of another item
        with pytest.raises(StepRefused, match="不在差评榜"):
            acts.open(other, "进展慢", order_key=named, by=desk.office)
    with pytest.raises(HuiminError, match="复核确认"):
        acts.open(other, "进展慢", by=desk.operator)


def test_an_item_that_is_put_right_is_not_closed(desk: Desk) -> None:
    number = desk.bring(State.ADJUSTED).number
    orders, office = desk.flow.orders, desk.office
    day = desk.today()
    order = orders.receive(number, "督查室", "1号", day, "整改", by=office)
    desk.flow.rectifications.open(number, "被督办", order_key=order.key, by=office)
    file = desk.flow.items.attach(number, "函.txt", b"1", by=desk.operator).digest
    orders.answer(order.key, "已办", [file], by=desk.operator)
    orders.discharge(order.key, "认可", by=office)
    with pytest.raises(StepRefused, match="还有没有验收的整改"):
        desk.close(number)


def test_removed_evidence_is_not_accepted(file_desk: Desk) -> None:
    desk = file_desk
    number, made = begun(desk)
    desk.report(number)
    on(desk, MONDAY + timedelta(days=1))
    heard(desk)
    digest = submitted(desk, number, made.key).files[0]
    shelf = door_of(desk.flow).shelf
    assert shelf is not None
    (shelf.folder / digest[:2] / digest).unlink()
    with pytest.raises(StepRefused, match="读不到") as refused:
        desk.flow.rectifications.accept(made.key, "属实", by=desk.office)
    assert "重新上传" in str(refused.value.remedy)


def test_bad_ratings_are_classed_and_rated_again(desk: Desk) -> None:
    on(desk, MONDAY)
    ratings, unit = desk.flow.ratings, desk.operator
    level, at = RatingLevel.DISSATISFIED, desk.clock.now()
    told = [rating(n, level, unit=unit.unit, at=at, who="c1") for n in (1, 2)]
    ratings.add(told, by=desk.office)
    said: dict[str, Any] = {"failing": Failing.CONDUCT, "improved": "换岗培训"}
    good = RatingLevel.SATISFIED
    with pytest.raises(InputRefused, match="没有回访"):
        ratings.answer("T1", "已办", again=good, by=unit, **said)
    day = desk.today()
    ratings.answer("T1", "已办", called_back_on=day, again=good, by=unit, **said)
    ratings.answer("T2", "已办", by=unit)
    (known,) = ratings.failings("2024-04")
    assert (known.failing, known.count, known.improved) == (Failing.CONDUCT, 1, 1)
    assert dict(known.again) == {good: 1}
    assert clean(desk)


def test_an_entry_of_a_closed_item_is_put_right_and_ends(desk: Desk) -> None:
    on(desk, date(2023, 12, 20))
    number, flow, office = desk.bring(State.EVALUATED).number, desk.flow, desk.office
    order = flow.orders.receive(
        number, "督查室", "1号", desk.today(), "整改", by=office
    )
    on(desk, date(2024, 1, 9))
    publish(desk)
    file = flow.items.attach(number, "函.txt", b"2", by=desk.operator).digest
    flow.orders.answer(order.key, "已办", [file], by=desk.operator)
    flow.orders.discharge(order.key, "来函认可", by=office)
    desk.adjust(number)
    desk.close(number)
    assert [each.entry.item for each in flow.boards.bad_entries()] == [number]
    assert waits(desk, office) == [("open_rectification", None)]
    (made,) = flow.rectifications.open_listed(by=desk.scheduler)
    words = dict(rectification_lines(desk.flow.rectifications.get(made.key), {}, {}))
    assert words["事由"].endswith("2023年第四季度")
    desk.report(number, 12)
    submitted(desk, number, made.key)
    on(desk, date(2024, 1, 10))
    heard(desk)
    flow.rectifications.accept(made.key, "属实", by=office)
    assert flow.boards.bad_entries() == ()
    assert flow.items.get(number).state is State.CLOSED
    assert clean(desk)
