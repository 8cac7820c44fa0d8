"""People served and their ratings: given, followed up, objected to, come late (D3)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import FollowUpState, Misrating, StreamKind
from huimin_flow.rehearsal.stage import Stage

#: Who follows up every bad rating; the others leave theirs waiting.
_DILIGENT = ("500101", "500102", "500103", "500106", "AG-SBJ", "DIV-JYC")

#: Of so many bad ratings one is objected to; of so many objections one fails.
_OBJECTED = 9
_UPHELD = 3

#: Whose ratings of a month come in after its cutoff, and how many.
_LATE_UNIT = "500111"
_LATE = 60


class Service:
    """What happens at windows and online, and what the units make of it."""

    def __init__(self, stage: Stage) -> None:
        """Begin with no objection."""
        self._stage = stage
        self._objected = 0
        self._handled = 0

    def rate(self) -> None:
        """Bring in a month's ratings of every unit, and what people complain of."""
        stage = self._stage
        book = stage.flow.rulebook()
        units = [
            unit.code for unit in book.organization.units_on(stage.today) if unit.ranked
        ]
        ratings = stage.crowd.ratings(stage.today, units, book.services)
        stage.flow.add_ratings(ratings, by=stage.office, source="推演")
        first = stage.today.replace(day=1)
        count = stage.crowd.chance(120, 180)
        appeals = stage.crowd.appeals("窗口办理", count, first, stage.today.day - 1)
        stage.flow.add_appeals(appeals, by=stage.office)

    def follow_up(self) -> None:
        """Call back and answer, verify, or appeal what was rated badly."""
        stage = self._stage
        flow, office = stage.flow, stage.office
        pending = (
            line.rating
            for unit in _DILIGENT
            for line in flow.bad_ratings(unit=unit)
            if line.state is FollowUpState.PENDING
        )
        for rating in pending:
            self._handled += 1
            by, key = stage.operator(rating.unit), rating.transaction
            if self._handled % _OBJECTED:
                called = stage.today if rating.who else None
                text = "已说明原因并当场办结"
                flow.answer_rating(key, text, by=by, called_back_on=called)
                flow.verify_answer(key, "回访属实", accept=True, by=office)
                continue
            self._objected += 1
            aside = bool(self._objected % _UPHELD)
            flow.object_to_rating(key, Misrating.MISTAKEN, "评价人表示误触按键", by=by)
            flow.settle_objection(
                key, "经核实确认", by=office, second=stage.second, set_aside=aside
            )

    def come_late(self, day: date, period: str) -> None:
        """Bring in what a unit had forgotten, and correct the month by two people."""
        stage = self._stage
        services = stage.flow.rulebook().services
        late = stage.crowd.ratings_of(day, _LATE_UNIT, services, _LATE, 99)
        stage.flow.add_ratings(late, by=stage.office, source="推演:补报")
        reason = "大足区补报12月评价数据"
        for kind in (StreamKind.SCORE, StreamKind.COLORS):
            stage.flow.correct(
                kind.key(period), reason, by=stage.office, second=stage.second
            )
