"""Deliberations: convened, begun, minuted and closed; their packs and the funnel."""

from __future__ import annotations

from huimin_flow.api import MeetingState, Question, State
from huimin_flow.testing import Desk


def convene(desk: Desk) -> None:
    """Convene a meeting, change its agenda, send out its pack, and begin it."""
    flow, office = desk.flow, desk.office
    one, other, third = (desk.bring(State.SCREENED).number for _ in range(3))

    meeting = flow.meetings.convene(
        held_on=desk.today(), chair="leader-1", agenda=[one, other], by=office
    )
    flow.meetings.put(meeting.key, third, position=1, by=office)
    flow.meetings.take_off(meeting.key, other, by=office)
    pack = flow.meetings.pack(meeting.key, by=office)
    assert [line.item for line in pack.lines] == [third, one]

    begun = flow.meetings.begin(
        meeting.key, participants=["office-1", "office-2"], by=office
    )
    assert begun.state is MeetingState.HELD
    no = desk.judgment(no=Question.CAPABLE)
    flow.items.judge(one, meeting.key, no, by=office)
    flow.meetings.postpone(meeting.key, third, "材料不齐", by=office)
    assert flow.meetings.answers(meeting.key, by=office).judged

    flow.meetings.amend(meeting.key, minutes="一致同意", by=office)
    minutes = flow.meetings.attach(meeting.key, "纪要.txt", b"1", by=office)
    assert flow.meetings.attachments(meeting.key, by=office) == (minutes,)
    closed = flow.meetings.close(meeting.key, by=office)
    assert flow.meetings.get(meeting.key).deliberation == closed
    assert flow.meetings.record(meeting.key).lines

    funnel = flow.meetings.funnel(str(desk.today().year))
    assert funnel.falls[0].item == one


def hold_at_once(desk: Desk) -> None:
    """Record a meeting that was held, and call another one off."""
    flow, office = desk.flow, desk.office
    number = desk.bring(State.SCREENED).number

    held = flow.meetings.hold(
        held_on=desk.today(),
        chair="leader-1",
        participants=["office-1", "office-2"],
        agenda=[number],
        minutes="同意",
        by=office,
    )
    assert held in flow.meetings.list(item=number)

    flow.meetings.postpone(held.key, number, "材料不齐", by=office)
    desk.close_meeting(held.key)
    again = flow.meetings.convene(
        held_on=desk.today(), chair="leader-1", agenda=[number], by=office
    )
    (line,) = flow.meetings.pack(again.key, by=office).lines
    assert line.earlier[0].deliberation == held.key

    free = desk.bring(State.SCREENED).number
    convened = flow.meetings.convene(
        held_on=desk.today(), chair="leader-1", agenda=[free], by=office
    )
    flow.meetings.call_off(convened.key, "改期", by=office)
    assert flow.meetings.count() == len(flow.meetings.list())
