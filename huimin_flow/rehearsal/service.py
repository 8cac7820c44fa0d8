"""Ratings of services: kept, followed up, objected to, and kept late (D3)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import FollowUpState, Misrating, StreamKind
from huimin_flow.rehearsal.stage import Stage

#: The units that follow up every bad rating; the others follow up none.
_DILIGENT = ("500101", "500102", "500103", "500106", "AG-SBJ", "DIV-JYC")

#: One of 9 bad ratings gets an objection; one of 3 objections is refused.
_OBJECTED = 9
_UPHELD = 3

#: The unit whose ratings of a month come in after its cutoff, and their number.
_LATE_UNIT = "500111"
_LATE = 60


class Service:
    """Ratings at windows and online, and the units' follow-ups."""

    def __init__(self, stage: Stage) -> None:
        """Begin with no objection."""
        self._stage = stage
        self._objected = 0
        self._handled = 0

    def rate(self) -> None:
        """Add a month's ratings of every unit, and appeals about windows."""
        stage = self._stage
        book = stage.flow.rulebook.active()
        units = [
            unit.code for unit in book.organization.units_on(stage.today) if unit.ranked
        ]
        ratings = stage.crowd.ratings(stage.today, units, book.services)
        stage.flow.ratings.add(ratings, by=stage.office, source="推演")
        first = stage.today.replace(day=1)
        count = stage.crowd.chance(120, 180)
        appeals = stage.crowd.appeals("窗口办理", count, first, stage.today.day - 1)
        stage.flow.appeals.add_all(appeals, by=stage.office)

    def follow_up(self) -> None:
        """Answer and verify the bad ratings, with call-backs, or object to them."""
        stage = self._stage
        flow, office = stage.flow, stage.office
        pending = (
            line.rating
            for unit in _DILIGENT
            for line in flow.ratings.bad(unit=unit)
            if line.state is FollowUpState.PENDING
        )
        for rating in pending:
            self._handled += 1
            by, key = stage.operator(rating.unit), rating.transaction
            if self._handled % _OBJECTED:
                called = stage.today if rating.who else None
                text = "已说明原因并当场办结"
                flow.ratings.answer(key, text, by=by, called_back_on=called)
                flow.ratings.verify(key, "回访属实", accept=True, by=office)
                continue
            self._objected += 1
            aside = bool(self._objected % _UPHELD)
            flow.ratings.object_to(key, Misrating.MISTAKEN, "评价人表示误触按键", by=by)
            flow.ratings.settle(
                key, "经核实确认", by=office, second=stage.second, set_aside=aside
            )

    def rate_late(self, day: date, period: str) -> None:
        """Add a unit's ratings after the cutoff; two people correct the month."""
        stage = self._stage
        services = stage.flow.rulebook.active().services
        late = stage.crowd.ratings_of(day, _LATE_UNIT, services, _LATE, 99)
        stage.flow.ratings.add(late, by=stage.office, source="推演:补报")
        reason = "大足区补报12月评价数据"
        for kind in (StreamKind.SCORE, StreamKind.COLORS):
            stage.flow.scores.correct(
                kind.key(period), reason, by=stage.office, second=stage.second
            )
