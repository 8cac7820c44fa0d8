"""What citizens are told: every appeal is answered, most of them in time (A7)."""

from __future__ import annotations

from huimin_flow.model.sensing.answers import Answering, GivenAnswer
from huimin_flow.rehearsal.stage import Stage

#: What an appeal about the windows is told, in turn.
_SAID = (
    "您好!您反映的问题已核实,窗口已当日整改,并向您致歉。",
    "您好!您咨询的事项已由业务科室电话答复,办理指南随后寄出。",
    "您好!您反映的问题已转所在镇街办理,结果将再告知。",
)

#: The unit that answers nobody, and the one that answers a month too late.
_SILENT, _TARDY = "500107", "500230"

#: One of so many waits a month longer: it takes more than a telephone call.
_LATER = 25


class Answers:
    """The answers of the units, entered by the office once a month."""

    def __init__(self, stage: Stage) -> None:
        """Begin with no answer."""
        self._stage = stage
        self._seen: set[tuple[str, str]] = set()

    def answer(self) -> None:
        """Answer what waits; tell all on an item what became of it."""
        flow, by = self._stage.flow, self._stage.office
        waiting = flow.answers.list(limit=1000)
        given = [
            GivenAnswer(
                channel=each.channel, key=each.key, text=_SAID[place % len(_SAID)]
            )
            for place, each in enumerate(waiting)
            if self._is_due(each, place)
        ]
        if given:
            flow.answers.give_all(given, by=by)
        self._seen |= {(each.channel, each.key) for each in waiting}
        for proposal in flow.answers.proposals():
            flow.answers.batch(proposal.item, by=by)

    def _is_due(self, waiting: Answering, place: int) -> bool:
        """Tell whether an appeal is answered this month."""
        if waiting.unit == _SILENT:
            return False
        if (waiting.channel, waiting.key) in self._seen:
            return True
        return waiting.unit != _TARDY and place % _LATER > 0
