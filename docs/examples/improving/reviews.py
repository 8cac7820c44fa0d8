"""Review meetings, what they decide, the digests before them, and the burden."""

from __future__ import annotations

from datetime import date, timedelta

from huimin_flow.api import DecisionState, DigestStep, ReviewMeetingState, tick
from huimin_flow.testing import UNIT, Desk

LATE = date(2024, 12, 31)


def meet_and_decide(desk: Desk) -> None:
    """Call a review meeting, hold it on its pack, keep its minutes, and close it."""
    flow, office = desk.flow, desk.office

    review = flow.reviews.call(desk.today(), "leader-1", by=office)
    for todo in flow.todo(office):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    pack = flow.reviews.pack(review.key, unit=UNIT)
    print(pack)
    flow.reviews.hold(review.key, ["office-1"], by=office)
    decision = flow.decisions.decide(review.key, "补齐台账", UNIT, LATE, by=office)
    minutes = flow.reviews.attach(review.key, "纪要.txt", b"3", by=office)
    assert minutes in flow.reviews.files(review.key)
    closed = flow.reviews.close(review.key, by=office)
    assert flow.reviews.get(review.key) == closed
    assert decision in flow.decisions.list(review_meeting=review.key)

    other = flow.reviews.call(desk.today(), "leader-1", by=office)
    off = flow.reviews.call_off(other.key, "改期", by=office)
    assert off in flow.reviews.list(state=ReviewMeetingState.CALLED_OFF)
    assert flow.reviews.count() == 2


def follow_decisions(desk: Desk) -> None:
    """Remind of a decision, report it with evidence, return it, and accept it."""
    flow, office, clerk = desk.flow, desk.office, desk.operator
    review = flow.reviews.call(desk.today(), "leader-1", by=office)
    flow.reviews.hold(review.key, ["office-1"], by=office)

    decision = flow.decisions.decide(review.key, "开放周末", UNIT, LATE, by=office)
    key = decision.key
    flow.decisions.remind(key, by=office)
    for todo in flow.todo(clerk):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    proof = flow.decisions.attach(key, "佐证.txt", b"4", by=clerk)
    assert flow.decisions.files(key) == (proof,)
    flow.decisions.report(key, "已办", [proof.digest], by=clerk)
    flow.decisions.return_(key, "补充照片", by=office)
    flow.decisions.report(key, "已补", [proof.digest], by=clerk)
    assert flow.decisions.accept(key, by=office).state is DecisionState.ACCEPTED

    dropped = flow.decisions.decide(review.key, "另议", UNIT, LATE, by=office)
    flow.decisions.drop(dropped.key, "不必再办", by=office)
    assert flow.decisions.get(dropped.key).state is DecisionState.DROPPED
    assert flow.decisions.count(unit=UNIT) == len(flow.decisions.list(unit=UNIT))


def digest(desk: Desk) -> None:
    """Let the month end: a digest to each unit, sent again, and in a new edition."""
    flow, office = desk.flow, desk.office

    month = f"{desk.today():%Y-%m}"
    review = flow.reviews.call(desk.today(), "leader-1", by=office)
    flow.reviews.hold(review.key, ["office-1"], by=office)
    due = desk.today()
    decision = flow.decisions.decide(review.key, "延长开放", UNIT, due, by=office)
    desk.clock.advance(timedelta(days=40))
    tick(flow)
    for part in flow.reviews.digest(month, unit=UNIT):
        print(part)

    assert month in flow.digests.periods()
    assert flow.digests.list(period=month, unit=UNIT)
    assert flow.digests.get(month, UNIT).unit == UNIT
    for todo in flow.todo(office):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    flow.digests.send(month, UNIT, by=office)
    flow.decisions.drop(decision.key, "不必再办", by=office)
    digests = flow.digests.reissue(month, "决定已撤销", by=office)
    print(digests.note)
    assert flow.digests.editions(month)[-1].period == month
    steps = [kept.event.step for kept in flow.records.events(f"digest/{month}")]
    assert steps == [DigestStep.ISSUE, DigestStep.SEND, DigestStep.REISSUE]
    print(flow.digests.reached(month))


def weigh_the_burden(desk: Desk) -> None:
    """Count what is asked of units by hand, and what another rulebook would ask."""
    flow = desk.flow
    month = f"{desk.today():%Y-%m}"

    for unit in flow.burden.of(month):
        print(unit)
    price = flow.burden.price(flow.rulebook.active())
    assert price.before == price.after
