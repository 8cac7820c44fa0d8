"""Appeals are answered: by whom, until when, in batches; a receipt says how far."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import AnswerCode, Code, InputCode
from huimin_flow.catalogue.terms import (
    AnswerKind,
    AnswerState,
    AnswerStep,
    Occasion,
    ReceiptWord,
    Role,
    State,
    TodoKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import (
    HuiminError,
    InputRefused,
    ItemMoved,
    NotFound,
    StepRefused,
)
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.store.sensing import answer_texts
from huimin_flow.testing import Desk
from huimin_flow.timetable.metronome import close_answers

#: The day of the desk's clock is Monday 2023-10-09.
MONDAY = date(2023, 10, 9)


def appeal(key: str = "k", **changes: Any) -> Appeal:
    plain = Appeal(
        key=key, channel="hotline_12333", who="p1", district="500101", text="办事难",
        at=at_hour(MONDAY, 9),
    )  # fmt: skip
    return replace(plain, **changes)


def audited(desk: Desk) -> bool:
    findings = door_of(desk.flow).ask(lambda work: verify(work.connection)).findings
    assert findings == ()
    return True


def texts_of(desk: Desk, key: str = "k") -> list[str]:
    def read(work: Any) -> list[str]:
        stored = answer_texts.sealed_of(work.connection, [("hotline_12333", key)])
        return [text for _, text in answer_texts.opened(work, stored)]

    return door_of(desk.flow).ask(read)


def on_item(desk: Desk, *keys: str) -> str:
    """Return the number of an item that some appeals hang on."""
    desk.flow.appeals.add_all([appeal(key, who=key) for key in keys], by=desk.office)
    number = desk.collect().number
    pairs = [("hotline_12333", key) for key in keys]
    desk.flow.appeals.link(number, pairs, by=desk.office)
    return number


def test_an_appeal_is_answered_by_its_district_in_time(desk: Desk) -> None:
    flow = desk.flow
    flow.appeals.add(appeal(), by=desk.operator)
    (waits,) = flow.answers.list()
    # 12333 has five working days: 10, 11, 12, 13, 16 October.
    assert (waits.unit, waits.due, waits.overdue) == (
        "500101", date(2023, 10, 16), False,
    )  # fmt: skip
    done = flow.answers.give("k", "已为您办理。", by=desk.operator, version=0)
    assert (done.state, done.answered, done.due) == (
        AnswerState.ANSWERED, MONDAY, None,
    )  # fmt: skip
    assert flow.answers.list() == ()
    assert texts_of(desk) == ["已为您办理。"]
    history = flow.answers.get("k")
    assert [(act.n, act.step, act.unit) for act in history.acts] == [
        (1, AnswerStep.ANSWER, "500101")
    ]
    with pytest.raises(ItemMoved):
        flow.answers.give("k", "再答。", by=desk.operator, version=0)
    told = flow.answers.give("k", "又有进展。", by=desk.operator, version=1)
    assert (told.state, told.version) == (AnswerState.ANSWERED, 2)
    assert audited(desk)


def test_an_overdue_answer_stands_first_and_can_be_put_off_no_more(
    desk: Desk,
) -> None:
    flow = desk.flow
    flow.appeals.add(appeal("old"), by=desk.operator)
    desk.clock.advance(timedelta(days=3))
    flow.appeals.add(appeal("new", at=None), by=desk.operator)
    put_off = flow.answers.extend("old", "须现场核实", by=desk.operator)
    # Ten working days more: 16 to 30 October.
    assert (put_off.due, put_off.extended) == (date(2023, 10, 30), 10)
    with pytest.raises(StepRefused) as again:
        flow.answers.extend("old", "还须核实", by=desk.operator)
    assert again.value.code == AnswerCode.EXTENDED_ALREADY
    assert [each.key for each in flow.answers.list()] == ["new", "old"]
    desk.clock.advance(timedelta(days=9))
    assert [each.key for each in flow.answers.list(overdue=True)] == ["new"]
    with pytest.raises(StepRefused) as late:
        flow.answers.extend("new", "太忙", by=desk.operator)
    assert late.value.code == AnswerCode.OVERDUE
    (todo, *_) = [t for t in flow.todo(desk.operator) if t.kind is TodoKind.ANSWER]
    assert (todo.subject, todo.due) == ("hotline_12333/new", date(2023, 10, 19))


def test_only_the_unit_that_answers_and_the_office_may_answer(desk: Desk) -> None:
    flow = desk.flow
    flow.appeals.add(appeal(), by=desk.operator)
    other = desk.post(Role.OPERATOR, "500102")
    with pytest.raises(StepRefused) as refused:
        flow.answers.give("k", "已办。", by=other)
    assert refused.value.code == Code.OTHER_UNITS_ITEM
    moved = flow.answers.transfer("k", "500102", "wrong_unit", by=desk.operator)
    assert (moved.unit, moved.due) == ("500102", date(2023, 10, 16))
    with pytest.raises(StepRefused):
        flow.answers.give("k", "已办。", by=desk.operator)
    with pytest.raises(StepRefused) as same:
        flow.answers.transfer("k", "500102", "wrong_unit", by=other)
    assert same.value.code == AnswerCode.SAME_UNIT
    with pytest.raises(StepRefused) as unknown:
        flow.answers.transfer("k", "500103", "no such reason", by=other)
    assert unknown.value.code == Code.UNKNOWN_REASON_CODE
    not_ours = flow.answers.give(
        "k", "属公安机关职责,请拨110。", kind=AnswerKind.NOT_OURS, by=other
    )
    assert not_ours.state is AnswerState.ANSWERED
    assert audited(desk)


def test_an_answer_is_closed_in_time_and_reopened_as_the_citizen_says(
    desk: Desk,
) -> None:
    flow = desk.flow
    for key in ("a", "b"):
        flow.appeals.add(appeal(key), by=desk.operator)
        flow.answers.give(key, "已办。", by=desk.operator)
    with pytest.raises(InputRefused) as early:
        flow.answers.close(by=desk.operator)
    assert early.value.code == AnswerCode.NOTHING_LEFT
    desk.clock.advance(timedelta(days=3))
    again = flow.answers.reopen("b", "citizen_disagrees", by=desk.operator)
    assert (again.state, again.since) == (AnswerState.RECEIVED, date(2023, 10, 12))
    desk.clock.advance(timedelta(days=12))  # ten working days since the answer
    assert [each.key for each in flow.answers.to_close()] == ["a"]
    with pytest.raises(InputRefused) as moved:
        flow.answers.close(by=desk.operator, expected=2)
    assert moved.value.code == AnswerCode.COUNT_MOVED
    assert flow.answers.close(by=desk.operator, expected=1).count == 1
    assert flow.answers.get("a").answering.state is AnswerState.CLOSED
    assert flow.answers.to_close() == ()
    told = flow.answers.give("a", "另有进展。", by=desk.operator)
    assert told.state is AnswerState.CLOSED
    again = flow.answers.reopen("a", "not_carried_out", by=desk.operator)
    assert again.state is AnswerState.RECEIVED
    assert audited(desk)


def test_the_service_closes_what_nobody_disagreed_with_in_time_once_a_day(
    desk: Desk,
) -> None:
    flow, log, closed = desk.flow, io.StringIO(), set[date]()
    other = appeal("b", district="500102")
    flow.appeals.add_all([appeal("a"), other, appeal("c")], by=desk.office)
    for key in ("a", "b"):
        flow.answers.give(key, "已办。", by=desk.office)
    assert close_answers(flow, log, closed)
    assert (closed, log.getvalue()) == ({MONDAY}, "")
    desk.clock.advance(timedelta(days=15))
    assert close_answers(flow, log, closed)  # of all units, whatever their own
    assert '"closed"' in log.getvalue()
    states = [flow.answers.get(key).answering.state for key in "abc"]
    assert states == [AnswerState.CLOSED, AnswerState.CLOSED, AnswerState.RECEIVED]
    (*_, last) = flow.answers.get("a").acts
    assert (last.step, last.unit) == (AnswerStep.LAPSE, "500101")
    assert flow.answers.to_close() == ()
    assert close_answers(flow, log, closed)
    assert len(closed) == 2
    assert log.getvalue().count('"closed"') == 1
    again = flow.answers.reopen("a", "citizen_disagrees", by=desk.operator)
    assert again.state is AnswerState.RECEIVED
    assert audited(desk)


def test_lateness_stays_with_the_unit_that_gives_an_appeal_away(desk: Desk) -> None:
    desk.flow.appeals.add_all([appeal("late"), appeal("early")], by=desk.operator)
    give = partial(desk.flow.answers.transfer, reason_code="wrong_unit")
    give("early", "500102", by=desk.operator)
    desk.clock.set(at_hour(date(2023, 10, 18), 9))
    give("late", "500102", by=desk.operator)
    other = desk.actor("op-500102")
    for key in ("early", "late"):
        desk.flow.answers.give(key, "已为您办理。", by=other)
    first, second = desk.flow.answers.rates()
    assert (first.unit, first.received, first.open, first.overdue) == (
        "500101", 1, 0, 1,
    )  # fmt: skip
    assert (second.received, second.answered, second.in_time) == (2, 2, 1)


def test_an_answer_of_its_own_tells_nobody_of_an_item(desk: Desk) -> None:
    number = on_item(desk, "a", "b")
    desk.flow.items.reject(number, "resolved", by=desk.office)
    desk.clock.advance(timedelta(hours=1))
    desk.flow.answers.give("a", "电话已改号。", by=desk.operator)
    (line,) = desk.flow.answers.proposals()
    assert (line.left, line.open, line.told) == (2, 1, 0)
    desk.flow.answers.batch(number, by=desk.operator)
    assert desk.flow.answers.proposals() == ()


def test_everyone_on_an_item_is_told_by_one_act(desk: Desk) -> None:
    flow = desk.flow
    number = on_item(desk, "a", "b", "c")
    assert flow.answers.proposals() == ()
    with pytest.raises(InputRefused) as nothing:
        flow.answers.proposal(number)
    assert nothing.value.code == AnswerCode.NOBODY_TO_TELL
    flow.answers.give("a", "正在研究。", by=desk.operator)
    desk.clock.advance(timedelta(hours=1))
    flow.items.reject(number, "resolved", by=desk.office)
    (line,) = flow.answers.proposals()
    assert (line.item, line.occasion, line.appeals, line.open, line.left) == (
        number, Occasion.REJECTED, 3, 2, 3,
    )  # fmt: skip
    line = flow.answers.proposal(number)
    assert "问题已经解决" in line.text
    (todo,) = [t for t in flow.todo(desk.operator) if t.act == "answers.batch"]
    assert (todo.subject, todo.due) == (number, date(2023, 10, 16))
    with pytest.raises(InputRefused):
        flow.answers.batch(number, by=desk.operator, expected=2)
    made = flow.answers.batch(number, by=desk.operator, expected=3)
    assert (made.count, made.informed) == (3, 1)
    assert flow.answers.proposals() == ()
    assert texts_of(desk, "a") == ["正在研究。", line.text]
    assert texts_of(desk, "b") == [line.text]
    desk.clock.advance(timedelta(hours=1))
    flow.items.reopen(number, "facts_incomplete", by=desk.office, second=desk.second)
    (line,) = flow.answers.proposals(unit="500101")
    assert (line.occasion, line.told) == (Occasion.REOPENED, 0)
    assert audited(desk)


def test_who_is_answered_that_it_is_not_ours_learns_whose_it_is(desk: Desk) -> None:
    number = on_item(desk, "a")
    desk.flow.items.reject(number, "not_ours", referred_to="housing", by=desk.office)
    text = desk.flow.answers.proposal(number).text
    assert "不属于人力社保职责,已转住房城乡建设部门" in text
    assert "不予采纳" not in text
    desk.flow.answers.batch(number, by=desk.operator, expected=1)
    assert texts_of(desk, "a") == [text]


def test_a_receipt_says_how_far_an_appeal_is_and_nothing_else(desk: Desk) -> None:
    flow = desk.flow
    kept = flow.appeals.add(appeal(text="我是张三"), by=desk.operator)
    number = kept.receipt
    assert number == flow.appeals.receipt_of("k")
    assert flow.appeals.add(appeal(text="我是张三"), by=desk.operator).receipt == ""
    status = flow.appeals.receipt(number.lower().replace("-", " "))
    assert (status.word, status.channel, status.unit, status.due, status.linked) == (
        ReceiptWord.RECEIVED, "12333热线电话", "万州区", date(2023, 10, 16), False,
    )  # fmt: skip
    desk.clock.advance(timedelta(days=8))
    assert flow.appeals.receipt(number).word is ReceiptWord.OVERDUE
    item = desk.collect().number
    flow.appeals.link(item, [("hotline_12333", "k")], by=desk.office)
    flow.answers.give("k", "张三,已为您办理。", by=desk.operator)
    status = flow.appeals.receipt(number)
    assert (status.word, status.matter, status.answered) == (
        ReceiptWord.ANSWERED, State.COLLECTED, date(2023, 10, 17),
    )  # fmt: skip
    assert "张三" not in repr(status)
    refusals = set()
    for wrong in (number[:-1], number[::-1], "", "0000-0000-0000-00000", "张三"):
        with pytest.raises(NotFound) as refused:
            flow.appeals.receipt(wrong)
        refusals.add(str(refused.value))
    assert len(refusals) == 1


def test_rates_count_answers_by_unit_and_channel(desk: Desk) -> None:
    flow = desk.flow
    keys = ("prompt", "late", "open")
    flow.appeals.add_all([appeal(key) for key in keys], by=desk.operator)
    desk.clock.advance(timedelta(days=1))
    flow.answers.give("prompt", "已办。", by=desk.operator)
    desk.clock.advance(timedelta(days=13))
    flow.answers.give("late", "已办。", by=desk.operator)
    (rate,) = flow.answers.rates()
    assert (rate.unit, rate.channel, rate.received, rate.answered) == (
        "500101", "hotline_12333", 3, 2,
    )  # fmt: skip
    assert (rate.in_time, rate.open, rate.overdue) == (1, 1, 1)
    assert (rate.in_time_share.part, rate.in_time_share.whole) == (1, 3)
    assert (rate.median, rate.ninetieth, rate.measured) == (1, 10, 2)
    assert flow.answers.rates(first="2023-09", last="2023-09") == ()
    assert flow.answers.rates(unit="500102") == ()


def test_the_audit_finds_a_forged_answer(file_desk: Desk) -> None:
    desk = file_desk
    desk.flow.appeals.add(appeal(), by=desk.operator)
    desk.flow.answers.give("k", "已办。", by=desk.operator)
    with door_of(desk.flow).own.begin() as connection:
        connection.exec_driver_sql("UPDATE huimin_answer SET unit = '500102'")
        report = verify(connection)
    assert not report.clean


#: What an insider changes, and the law that the audit then names. Roots and events are
#: another matter: here only what the steps rest on is derived again.
FORGED = {
    "UPDATE huimin_answer SET n = 7 WHERE n = 2": "answers 1",
    "UPDATE huimin_answer SET channel = 'media'": "answers 1",
    "UPDATE huimin_answer SET at = '2023-10-08T02:00:00.000000Z'": "answers 2",
    "UPDATE huimin_answer SET step = 'close_appeal' WHERE step = 'answer_appeal'": "answers 3",
    "UPDATE huimin_answer SET step = 'lapse' WHERE step = 'answer_appeal'": "answers 7",
    "UPDATE huimin_answer SET days = 60 WHERE step = 'extend'": "answers 4",
    "UPDATE huimin_answer SET reason = 'x' WHERE step = 'transfer'": "answers 5",
    "UPDATE huimin_answer SET unit = '500103' WHERE step = 'answer_appeal'": "answers 6",
    "DELETE FROM huimin_answer_text": "rows 4",
    "UPDATE huimin_answer_text SET sealed = x'00'": "rows 4",
}


@pytest.mark.parametrize("forged", FORGED)
def test_the_audit_derives_each_step_again(file_desk: Desk, forged: str) -> None:
    desk = file_desk
    desk.flow.appeals.add(appeal(), by=desk.operator)
    desk.flow.answers.extend("k", "须现场核实", by=desk.operator)
    desk.flow.answers.transfer("k", "500102", "wrong_unit", by=desk.operator)
    other = desk.post(Role.OPERATOR, "500102")
    desk.flow.answers.give("k", "已办。", by=other)
    assert audited(desk)
    with door_of(desk.flow).own.begin() as connection:
        connection.exec_driver_sql(forged)
    findings = door_of(desk.flow).ask(lambda work: verify(work.connection)).findings
    assert FORGED[forged] in {finding.law for finding in findings}


def test_an_erasure_takes_the_answers_of_a_person_too(desk: Desk) -> None:
    flow = desk.flow
    kept = flow.appeals.add(appeal("a"), by=desk.operator)
    flow.appeals.add(appeal("b"), by=desk.operator)
    flow.appeals.add(appeal("c", who="p2"), by=desk.operator)
    flow.answers.give("a", "张三,已为您办理。", by=desk.operator)
    flow.answers.give("c", "已为您办理。", by=desk.operator)
    flow.appeals.erase("p1", "本人申请", by=desk.office, second=desk.second)
    assert (texts_of(desk, "a"), texts_of(desk, "c")) == ([], ["已为您办理。"])
    assert flow.answers.list() == ()  # nothing of b is left to answer
    assert flow.appeals.receipt(kept.receipt).word is ReceiptWord.ANSWERED
    erased = flow.appeals.receipt(flow.appeals.receipt_of("b"))
    assert (erased.word, erased.due) == (ReceiptWord.ERASED, None)
    with pytest.raises(InputRefused) as late:
        flow.answers.give("b", "已办。", by=desk.operator)
    assert late.value.code == AnswerCode.ERASED
    (rate,) = flow.answers.rates()
    assert (rate.answered, rate.open) == (2, 0)
    assert audited(desk)


def test_new_answers_go_back_to_their_channel_once(desk: Desk) -> None:
    flow = desk.flow
    flow.appeals.add_all([appeal("a"), appeal("b"), appeal("c", channel="media")],
                         by=desk.operator)  # fmt: skip
    flow.answers.give("a", "甲已办。\n特此答复。", by=desk.operator)
    flow.answers.give("c", "丙已办。", by=desk.operator)
    with pytest.raises(StepRefused):
        flow.answers.give_back("hotline_12333", by=desk.operator)
    made = flow.answers.give_back("hotline_12333", by=desk.office)
    (line,) = made.answers
    assert (line.key, line.text, line.unit) == ("a", "甲已办。\n特此答复。", "万州区")
    assert flow.appeals.receipt(line.receipt).word is ReceiptWord.ANSWERED
    assert "甲已办" not in repr(made)
    with pytest.raises(InputRefused) as nothing:
        flow.answers.give_back("hotline_12333", by=desk.office)
    assert nothing.value.code == AnswerCode.NOTHING_TO_RETURN
    flow.answers.give("b", "乙已办。", by=desk.operator)
    own = flow.answers.give_back("hotline_12333", unit="500101", by=desk.operator)
    assert [each.key for each in own.answers] == ["a", "b"]
    again = flow.answers.give_back("hotline_12333", by=desk.office)
    assert ([each.key for each in again.answers], again.record.version) == (["b"], 2)
    whole = flow.answers.give_back("12333热线电话", since=MONDAY, by=desk.office)
    assert [each.key for each in whole.answers] == ["a", "b"]
    with flow.dry() as dry, pytest.raises(InputRefused):
        dry.answers.give_back("hotline_12333", since=MONDAY, by=desk.office)
    assert audited(desk)


def test_filters_that_mean_nothing_are_refused(desk: Desk) -> None:
    flow = desk.flow
    asked: list[tuple[InputCode, Callable[[], object]]] = [
        (InputCode.CHANNEL_UNKNOWN, lambda: flow.answers.list(channel="nope")),
        (InputCode.CHANNEL_UNKNOWN, lambda: flow.answers.rates(channel="nope")),
        (InputCode.CHANNEL_UNKNOWN, lambda: flow.appeals.list(channel="nope")),
        (InputCode.SKIP_NEGATIVE, lambda: flow.answers.list(skip=-1)),
        (InputCode.SKIP_NEGATIVE, lambda: flow.appeals.list(skip=-1)),
        (InputCode.SKIP_NEGATIVE, lambda: flow.gathering.groups(skip=-1)),
        (InputCode.SPAN_REVERSED, lambda: flow.answers.rates(
            first="2023-10", last="2023-09")),
        (InputCode.SPAN_REVERSED, lambda: flow.appeals.by_life_stage(
            first="2023-10", last="2023-09")),
        (InputCode.SPAN_REVERSED, lambda: flow.gathering.groups(
            MONDAY, MONDAY - timedelta(days=1))),
        (InputCode.RECORD_UNKNOWN, lambda: flow.measures.compare(policy="policy/no")),
    ]  # fmt: skip
    for code, ask in asked:
        with pytest.raises(HuiminError) as refused:
            ask()
        assert refused.value.code == code
        assert refused.value.remedy


def test_an_appeal_is_named_as_lists_and_to_dos_write_it(desk: Desk) -> None:
    desk.flow.appeals.add(appeal("A/1"), by=desk.operator)
    for written in (
        "A/1",
        "hotline_12333/A/1",
        "hotline_12333=A/1",
        "12333热线电话=A/1",
    ):
        assert desk.flow.answers.get(written).answering.key == "A/1"


def test_what_was_done_already_asks_for_no_detour(desk: Desk) -> None:
    desk.flow.appeals.add(appeal(), by=desk.operator)
    with pytest.raises(StepRefused) as refused:
        desk.flow.answers.reopen("k", "citizen_disagrees", by=desk.operator)
    assert Code.DONE_ALREADY in {reason.code for reason in refused.value.reasons}
