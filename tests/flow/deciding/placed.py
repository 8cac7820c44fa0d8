"""Items that a meeting placed on a list."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Attribute, Placement, Question, Role, State
from huimin_flow.model.deciding.deliberations import Answer, Judgment
from huimin_flow.testing import Desk


def placed(desk: Desk, placement: Placement, level: int = 80) -> str:
    """Bring an item that a meeting placed so, as far as its stars."""
    number = desk.bring(State.SCREENED, placement.label).number
    meeting = desk.flow.meetings.hold(
        held_on=desk.today(),
        chair=desk.post(Role.LEADER).id,
        participants=[desk.office.id, desk.second.id],
        agenda=[number],
        minutes="一致同意",
        by=desk.office,
    )
    answers = {one: Answer(yes=True, reason="已核实") for one in Question}
    judgment = Judgment(answers=answers, scores=dict.fromkeys(Attribute, 80))
    desk.flow.items.judge(
        number, meeting.key, judgment, by=desk.office, placement=placement
    )
    return desk.star(number, level).number
