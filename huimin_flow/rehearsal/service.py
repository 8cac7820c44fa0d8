"""Ratings of services: kept, followed up, objected to, and kept late (D3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from huimin_flow.catalogue.terms import FollowUpState, Misrating, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.rehearsal.gathering import Gathering
from huimin_flow.rehearsal.stage import PLACES, Stage
from huimin_flow.rehearsal.topics import STORIES, Topic


class Month(NamedTuple):
    """A unit's bad ratings and complaints of a month, and what those are about."""

    bad: int
    complaints: int
    topic: Topic | None = None


#: What a unit has in a month without a story, in turn by unit.
_USUAL = (
    Month(0, 0), Month(1, 2), Month(0, 1), Month(1, 4), Month(0, 0), Month(1, 1),
    Month(0, 3), Month(2, 2), Month(0, 1), Month(1, 0),
)  # fmt: skip

#: Units with a story, the months that it takes, and what they have in them.
_STORIES = (
    # A window whose system failed in September 2023, and what was still open then.
    ("500103", "2023-09", "2023-09", Month(9, 7)),
    ("500103", "2023-10", "2023-10", Month(3, 3)),
    # The weeks after the Spring Festival, when people look for work.
    ("500118", "2023-03", "2023-04", Month(5, 7)),
    # A poor hall that was set right in the spring of 2023.
    ("500114", "2022-10", "2023-04", Month(4, 6)),
    ("500114", "2023-05", "2024-02", Month(0, 0)),
    # Pensioners who must all prove in January that they live.
    ("AG-SBJ", "2023-01", "2023-01", Month(9, 0)),
    # The two districts whose work is late are no better at their windows.
    ("500230", "2023-10", "2024-02", Month(2, 4)),
    ("500107", "2023-08", "2024-02", Month(3, 4)),
)

#: One of so many units has one bad rating or one complaint more in a month.
_UNLUCKY = 7

#: So many ask at windows in a month, and one of so many of them writes it down.
_ASKED, _WRITTEN = 60, 4

#: Within so many days before their intake the appeals of a month are written.
_LATELY = 8

#: A unit's ratings of a month: so many, and one more for so many residents; some are
#: busier. A unit without residents of its own is as busy as a large district.
_RATED, _RESIDENTS, _LARGE = 44, 40_000, 1_200_000

#: A unit that follows up no bad rating, and one that does so a month too late.
_SILENT, _TARDY = "500107", "500230"

#: One of 9 bad ratings gets an objection; one of 3 objections is refused.
_OBJECTED = 9
_UPHELD = 3

#: The unit whose ratings of a month come in after its cutoff, and their number.
_LATE_UNIT = "500111"
_LATE = 60


class Service:
    """Ratings at windows and online, and the units' follow-ups."""

    def __init__(self, stage: Stage, gathering: Gathering) -> None:
        """Begin with no objection."""
        self._stage, self._gathering = stage, gathering
        self._objected = 0
        self._handled = 0

    def rate(self) -> None:
        """Add a month's ratings of every unit, and appeals about windows."""
        stage = self._stage
        crowd, today = stage.crowd, stage.today
        book = stage.flow.rulebook.active()
        first = today.replace(day=1)
        ratings = []
        asked = crowd.appeals(None, _ASKED, first, today.day - 1)
        appeals = asked[::_WRITTEN]
        ranked = (u for u in book.organization.units_on(today) if u.ranked)
        for place, unit in enumerate(ranked):
            bad, complaints, topic = self._month(unit.code, place)
            count = _RATED + (unit.population or _LARGE) // _RESIDENTS
            count += place * 5 % 17 + crowd.chance(-2, 2)
            ratings += crowd.ratings(today, unit.code, book.services, count, bad)
            if unit.kind in PLACES:
                appeals += crowd.complaints(
                    unit.code, topic, complaints, first, today.day - 1
                )
        stage.flow.ratings.add(ratings, by=stage.office, source="推演")
        # They come in once a month, when most of them can still be answered in time.
        self._gathering.take_in([_lately(appeal, today) for appeal in appeals])

    def _month(self, unit: str, place: int) -> Month:
        """Return what a unit has in the present month, by its story or as usual."""
        month = self._stage.today.strftime("%Y-%m")
        for code, first, last, told in _STORIES:
            if code == unit and first <= month <= last:
                return told._replace(topic=STORIES.get((code, first)))
        bad, complaints, _ = _USUAL[place % len(_USUAL)]
        luck = self._stage.crowd.chance(1, _UNLUCKY)
        return Month(bad + (luck == 1), complaints + (luck == _UNLUCKY))

    def follow_up(self) -> None:
        """Answer the bad ratings and call back who gave them, or object to them."""
        stage = self._stage
        flow, office = stage.flow, stage.office
        for line in flow.ratings.bad():
            rating = line.rating
            if line.state is not FollowUpState.PENDING or rating.unit == _SILENT:
                continue
            if rating.unit == _TARDY and not line.overdue:
                continue
            self._handled += 1
            by, key = stage.operator(rating.unit), rating.transaction
            if self._handled % _OBJECTED:
                called = stage.today if rating.who else None
                text = "已说明原因并当场办结"
                flow.ratings.answer(key, text, by=by, called_back_on=called)
                continue
            self._objected += 1
            aside = bool(self._objected % _UPHELD)
            flow.ratings.object_to(key, Misrating.MISTAKEN, "评价人表示误触按键", by=by)
            flow.ratings.settle(
                key, "经核实确认", by=office, second=stage.second, set_aside=aside
            )

    def verify(self) -> None:
        """Verify the answers of the month before."""
        flow, office = self._stage.flow, self._stage.office
        for line in flow.ratings.bad():
            if line.state is FollowUpState.ANSWERED:
                key = line.rating.transaction
                flow.ratings.verify(key, "回访属实", accept=True, by=office)

    def rate_late(self, day: date, period: str) -> None:
        """Add a unit's ratings after the cutoff; two people correct the month."""
        stage = self._stage
        services = stage.flow.rulebook.active().services
        late = stage.crowd.ratings(day, _LATE_UNIT, services, _LATE, 1)
        stage.flow.ratings.add(late, by=stage.office, source="推演:补报")
        reason = "大足区补报12月评价数据"
        for kind in (StreamKind.SCORE, StreamKind.COLORS):
            stage.flow.scores.correct(
                kind.key(period), reason, by=stage.office, second=stage.second
            )


def _lately(appeal: Appeal, today: date) -> Appeal:
    """Return an appeal of the month as one of its last days before ``today``."""
    if appeal.at is None:
        return appeal
    ago = (today - local_day(appeal.at)).days
    return replace(appeal, at=appeal.at + timedelta(days=ago - 1 - ago % _LATELY))
