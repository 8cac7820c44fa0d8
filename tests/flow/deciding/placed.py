"""Items that a meeting placed on a list."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Placement, State
from huimin_flow.testing import Desk


def placed(desk: Desk, placement: Placement, level: int = 80) -> str:
    """Bring an item that a meeting placed so, as far as its stars."""
    number = desk.bring(State.SCREENED, placement.label).number
    meeting, judgment = desk.meet([number]), desk.judgment()
    desk.flow.items.judge(
        number, meeting.key, judgment, by=desk.office, placement=placement
    )
    desk.close_meeting(meeting.key)
    return desk.star(number, level).number
