"""Answers to appeals: given, put off, passed on, given in batches and given back."""

from __future__ import annotations

from huimin_flow.api import AnswerKind, AnswerState, Appeal, GivenAnswer
from huimin_flow.testing import UNIT, Desk


def _appeal(desk: Desk, *keys: str) -> None:
    """Add appeals of the desk's unit."""
    for key in keys:
        appeal = Appeal(key=key, channel="media", who=key, district=UNIT, text="甲")
        desk.flow.appeals.add(appeal, by=desk.office)


def answer(desk: Desk) -> None:
    """Answer an appeal in time, put another off, and pass a third one on."""
    flow, clerk = desk.flow, desk.operator
    _appeal(desk, "B1", "B2", "B3")

    waiting = flow.answers.list(unit=UNIT, channel="media")
    assert flow.answers.count(unit=UNIT, channel="media") == len(waiting)

    given = flow.answers.give("B1", "已为您办理。", by=clerk, version=0)
    assert given.state is AnswerState.ANSWERED
    assert flow.answers.get("B1").acts[0].unit == UNIT

    extended = flow.answers.extend("B2", "须现场核实", by=clerk)
    assert extended.extended
    moved = flow.answers.transfer("B3", "500102", "wrong_unit", by=clerk)
    assert moved.unit == "500102"

    again = flow.answers.reopen("B1", "citizen_disagrees", by=desk.office)
    assert again.state is not AnswerState.ANSWERED


def answer_many(desk: Desk) -> None:
    """Answer many appeals: from a list, of one item, and for their own channel."""
    flow, clerk, office = desk.flow, desk.operator, desk.office
    _appeal(desk, "C1", "C2", "C3")

    answers = [
        GivenAnswer(channel="media", key="C1", text="已办", kind=AnswerKind.RESULT)
    ]
    intake = flow.answers.give_all(answers, by=clerk)
    assert intake.count == 1

    number = desk.collect().number
    flow.appeals.link(number, [("media", "C2"), ("media", "C3")], by=office)
    for proposal in flow.answers.proposals(unit=UNIT):
        print(proposal.item, proposal.text)
    rejected = flow.items.reject(number, "duplicate", by=office)
    assert flow.answers.proposal(rejected.number).open == 2
    assert flow.answers.batch(number, "已并入同类事项", by=clerk).count == 2

    returned = flow.answers.give_back("media", unit=UNIT, by=clerk)
    assert {each.key for each in returned.answers} >= {"C1", "C2"}

    rates = flow.answers.rates(unit=UNIT)
    assert rates
