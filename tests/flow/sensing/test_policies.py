"""Policies, measures, and the items that their gaps collect (A5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import PolicyCode
from huimin_flow.catalogue.terms import (
    Area,
    Origin,
    PolicyState,
    State,
    StreamKind,
    TodoKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.sensing.policies import (
    CityMeasure,
    Policy,
    Promise,
    Undertaking,
)
from huimin_flow.rules.sensing import policies as rules
from huimin_flow.store.core import history
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick

PROMISES = (
    Promise(
        key="P1", indicator="零工市场", due=date(2024, 6, 30), target=12, unit="个"
    ),
    Promise(key="P2", indicator="培训补贴按时发放", due=date(2024, 12, 31)),
)


def policy(desk: Desk, document: str = "人社部发〔2023〕9号") -> Policy:
    return desk.flow.policies.register(
        "人力资源和社会保障部", document, "关于零工市场建设的意见",
        date(2023, 9, 1), PROMISES, by=desk.office,
    )  # fmt: skip


def measure(
    desk: Desk, of: Policy, *items: str, promise: str = "P1", due: str = "2024-05-31"
) -> CityMeasure:
    return desk.flow.measures.register(
        of.key, "每个区县建一个零工市场", Area.EMPLOYMENT, UNIT,
        [Undertaking(promise=promise, due=date.fromisoformat(due))], items,
        by=desk.office,
    )  # fmt: skip


def complain(desk: Desk, number: str, count: int) -> None:
    channel = desk.flow.rulebook.active().scoring.index.complaints.channels[0]  # type: ignore[union-attr]
    pairs = []
    for n in range(count):
        key = f"C{number}-{n}"
        said = Appeal(
            key=key, channel=channel, who=f"c{n}", district=UNIT, text="一直没有建"
        )
        desk.flow.appeals.add(said, by=desk.office)
        pairs.append((channel, key))
    desk.flow.appeals.link(number, pairs, by=desk.office)


def test_a_policy_without_a_measure_is_reminded_of_until_there_is_one(
    desk: Desk,
) -> None:
    of = policy(desk)
    (waits,) = [e for e in desk.flow.todo(by=desk.office) if e.kind is TodoKind.POLICY]
    assert (waits.subject, waits.act) == (of.key, "measures.register")
    assert waits.due == date(2023, 11, 6)  # twenty working days after 9 October
    desk.clock.advance(timedelta(days=60))
    tick(desk.flow)
    assert desk.flow.policies.review("policy_review/2023-11").silent == (of.key,)
    measure(desk, of)
    assert not [e for e in desk.flow.todo(by=desk.office) if e.kind is TodoKind.POLICY]
    assert door_of(desk.flow).read(verify).clean


def test_what_a_register_refuses(desk: Desk) -> None:
    of = policy(desk)
    codes: list[str] = []
    for attempt in (
        lambda: policy(desk),
        lambda: measure(desk, of, promise="P9"),
        lambda: desk.flow.policies.withdraw(of.key, "已到期", by=desk.office),
        lambda: measure(desk, of),
        lambda: desk.flow.policies.amend(of.key, promises=PROMISES[1:], by=desk.office),
    ):
        if len(codes) == 2:
            measure(desk, of)
        with pytest.raises(InputRefused) as refused:
            attempt()
        codes.append(refused.value.reasons[0].code)
    assert codes == [
        "document_twice", "promise_unknown", "measures_in_force", "promise_taken",
        "promise_taken",
    ]  # fmt: skip
    with pytest.raises(StepRefused):
        desk.flow.policies.withdraw(of.key, "已到期", by=desk.operator)


@pytest.mark.parametrize(
    ("target", "unit", "code"),
    [
        (101, "%", "promise_above_whole"),
        (120, "\uff05", "promise_above_whole"),
        (0, "个", "promise_of_nothing"),
        (100, "%", ""),
        (120, "个百分点", ""),
        (None, "%", ""),
    ],
)
def test_a_promise_of_more_than_the_whole_is_refused(
    target: int | None, unit: str, code: str, desk: Desk
) -> None:
    promise = Promise(
        key="P1", indicator="及时办结率", due=date(2024, 6, 30), target=target,
        unit=unit,
    )  # fmt: skip
    of = policy(desk)
    amend = partial(desk.flow.policies.amend, of.key, promises=[promise])
    if not code:
        assert amend(by=desk.office).promises == (promise,)
        return
    with pytest.raises(InputRefused) as refused:
        amend(by=desk.office)
    assert refused.value.code == code
    assert refused.value.remedy


def test_amending_and_withdrawing_keep_the_history(desk: Desk) -> None:
    of = policy(desk)
    changed = desk.flow.policies.amend(
        of.key, title="关于零工市场的意见", by=desk.office
    )
    assert (changed.version, changed.promises) == (2, PROMISES)
    made = measure(desk, of)
    ended = desk.flow.measures.withdraw(made.key, "并入其他措施", by=desk.office)
    assert ended.state is PolicyState.LAPSED
    gone = desk.flow.policies.withdraw(of.key, "已被替代", by=desk.office)
    assert gone.state is PolicyState.LAPSED
    with pytest.raises(StepRefused):
        desk.flow.policies.amend(of.key, title="新标题", by=desk.office)
    assert desk.flow.measures.compare() == ()
    assert door_of(desk.flow).read(verify).clean


def test_a_gap_collects_one_item_with_its_parent_and_its_evidence(desk: Desk) -> None:
    parent = desk.bring(State.ASSIGNED).number
    made = measure(desk, policy(desk), parent)
    complain(desk, parent, 6)
    desk.clock.advance(timedelta(days=35))
    tick(desk.flow)
    review = desk.flow.policies.review(desk.flow.policies.reviews()[0].key)
    (line,) = review.lines
    assert line.measure == made.key
    assert line.fresh
    assert not line.verdict.passed
    assert {"many_complaints"} <= {reason.code for reason in line.verdict.reasons}
    item = desk.flow.items.get(str(line.item))
    assert (item.origin, item.arises_from) == (Origin.POLICY, parent)
    title = f"{made.title}:执行中发现的差距"
    assert (item.title, item.unit, item.area) == (title, UNIT, made.area)
    first = door_of(desk.flow).read(
        lambda c: history.events_of(c, StreamKind.ITEM.key(item.number))
    )[0]
    assert first.verdict is not None
    assert first.verdict["rule"] == "policies"
    assert first.public["measure"] == made.key
    assert door_of(desk.flow).read(verify).clean


def test_a_gap_that_lasts_collects_no_second_item_while_the_first_is_open(
    desk: Desk,
) -> None:
    parent = desk.bring(State.ASSIGNED).number
    measure(desk, policy(desk), parent)
    complain(desk, parent, 6)
    for _ in range(2):
        desk.clock.advance(timedelta(days=31))
        tick(desk.flow)
    first, second = reversed(desk.flow.policies.reviews())
    assert (first.lines[0].fresh, second.lines[0].fresh) == (True, False)
    assert second.lines[0].item == first.lines[0].item
    desk.flow.items.reject(str(first.lines[0].item), "resolved", by=desk.office)
    desk.clock.advance(timedelta(days=31))
    tick(desk.flow)
    third = desk.flow.policies.reviews()[0]
    assert third.period > second.period
    (line,) = third.lines
    assert line.verdict.passed or line.item != first.lines[0].item
    assert door_of(desk.flow).read(verify).clean


def test_running_the_timetable_again_compares_nothing_twice(desk: Desk) -> None:
    parent = desk.bring(State.ASSIGNED).number
    measure(desk, policy(desk), parent)
    complain(desk, parent, 6)
    desk.clock.advance(timedelta(days=35))
    tick(desk.flow)
    before = len(desk.flow.items.list())
    assert tick(desk.flow) == []
    assert len(desk.flow.items.list()) == before


def test_the_table_shows_a_measure_without_items_and_a_promise_past_its_day(
    desk: Desk,
) -> None:
    made = measure(desk, policy(desk), due="2023-10-31")
    (line,) = desk.flow.measures.compare()
    assert line.verdict.passed
    desk.clock.advance(timedelta(days=70))
    (line,) = desk.flow.measures.compare()
    codes = {reason.code for reason in line.verdict.reasons}
    assert {"promise_unproven", "measure_idle"} <= codes
    assert (line.measure, line.verdict.passed) == (made.key, False)


def test_a_gap_that_the_job_hides_is_found_by_the_audit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = desk.bring(State.ASSIGNED).number
    measure(desk, policy(desk), parent)
    complain(desk, parent, 6)
    monkeypatch.setattr(rules, "review", _kept(rules.review))
    desk.clock.advance(timedelta(days=35))
    tick(desk.flow)
    monkeypatch.undo()
    found = door_of(desk.flow).read(verify).findings
    assert {finding.law for finding in found} == {"periodic 3"}


def _kept(review: Callable[..., Verdict]) -> Callable[..., Verdict]:
    return lambda facts, rule: review(replace(facts, complaints=0, on_plan=1), rule)


def test_a_measure_promises_no_later_day_than_its_policy(desk: Desk) -> None:
    made = policy(desk)
    with pytest.raises(InputRefused) as refused:
        measure(desk, made, due="2024-07-01")
    assert refused.value.code == PolicyCode.PROMISE_LATER
    assert measure(desk, made, due="2024-06-30").undertakings
