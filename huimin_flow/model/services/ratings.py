"""Ratings of services, 好差评, and what becomes of the bad ones (D3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from huimin_flow.catalogue.terms import (
    FollowUpState,
    Misrating,
    RatingLevel,
    RatingObject,
)
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.values import value
from huimin_flow.model.services.catalogue import FollowUpRule, ServiceItem


@value
class Rating:
    """One rating of one transaction, 一次一评.

    ``transaction`` is the handling system's own number and unique. ``person``
    (who served) and ``who`` (who rates, empty where anonymous) are keyed
    pseudonyms; ``window`` and ``person`` are empty where there was none.
    """

    transaction: str
    unit: str
    item: str
    channel: str
    level: RatingLevel
    at: datetime
    window: str = ""
    person: str = ""
    who: str = ""


class _Unfrozen:
    """A rating while it is filled; its slots are a rating's own."""

    __slots__ = Rating.__slots__  # type: ignore[attr-defined]


def rating_of(*fields: Any) -> Rating:
    """Return a rating of its fields, all nine, in the order of ``Rating``.

    A frozen value sets each field through ``object.__setattr__``, which takes six
    times as long as setting it plainly: a tenth of the time of a large import. So
    the value is filled first, and is a frozen rating from then on.
    """
    made: Any = _Unfrozen()
    made.transaction, made.unit, made.item, made.channel, made.level = fields[:5]
    made.at, made.window, made.person, made.who = fields[5:]
    made.__class__ = Rating
    rating: Rating = made
    return rating


class RatingRow(NamedTuple):
    """A rating as it is stored, all text: its level's word, its moment in UTC."""

    transaction: str
    unit: str
    item: str
    window: str
    person: str
    who: str
    channel: str
    level: str
    at: str


@value
class RefusedRow:
    """A row that was not taken: its line in the file, from 1, and why."""

    line: int
    reason: Reason


@value
class FollowUp:
    """What was done about a bad rating, as last recorded.

    ``since`` is the day of the last act. ``answered_by`` may not verify.
    ``ground`` and ``grounds`` belong to an objection; ``settled`` tells that there
    was a finding on it, so there is no second; ``confirmed_by`` is the second
    person where the rating was set aside.
    """

    key: str
    transaction: str
    unit: str
    state: FollowUpState
    since: date
    answer: str = ""
    answered_by: str = ""
    called_back_on: date | None = None
    ground: Misrating | None = None
    grounds: str = ""
    objected_by: str = ""
    confirmed_by: str = ""
    finding: str = ""
    settled: bool = False
    version: int = 1


@value
class BadRating:
    """A line of the view of bad ratings: the rating, its state and its due day.

    ``due`` is None where the follow-up has ended, or where the calendar of its year
    is not loaded (``calendar_missing``).
    """

    rating: Rating
    state: FollowUpState
    due: date | None
    overdue: bool
    called_back: bool
    calendar_missing: bool = False


@value
class Deadline:
    """A task's or an answer's due day, and the day on which it was done, if it was.

    ``due`` is None where the calendar of its year isn't loaded.
    """

    due: date | None
    closed: date | None


@value
class Share:
    """A part of a whole, as two counts; nothing is divided before it is shown."""

    part: int
    whole: int

    def reaches(self, percent: int) -> bool:
        """Tell whether the part is at least ``percent`` of the whole.

        >>> Share(part=3, whole=3).reaches(100), Share(part=0, whole=0).reaches(100)
        (True, True)

        """
        return self.part * 100 >= percent * self.whole


@value
class UnitFollowUps:
    """What became of a unit's bad ratings of a month, 回访与按期答复 (D3).

    ``called_back`` are of those with a name, ``answered_on_time`` of the answers
    that were given or are overdue; ``bad`` counts all, those set aside later, too.
    """

    unit: str
    called_back: Share
    answered_on_time: Share
    bad: int = 0


@value
class RatingCount:
    """How many ratings of each level something had in a period.

    ``of`` names it: a unit, an item, a channel, or unit and window or person.
    """

    of: tuple[str, ...]
    levels: Mapping[RatingLevel, int]

    @property
    def total(self) -> int:
        """Return how many ratings there were."""
        return sum(self.levels.values())

    @property
    def good(self) -> Share:
        """Return how many were not bad, 好评, of all."""
        bad = sum(count for level, count in self.levels.items() if level.bad)
        return Share(part=self.total - bad, whole=self.total)


@value
class CoverageCell:
    """One cell of the matrix of items, objects and channels.

    ``expected`` says that the rulebook asks for ratings there.
    """

    item: str
    object: RatingObject
    channel: str
    ratings: int
    expected: bool

    @property
    def missing(self) -> bool:
        """Tell whether ratings are asked for and there are none."""
        return self.expected and self.ratings == 0


@value
class Savings:
    """What a unit's service items save a citizen who needs each once (E4).

    ``counted`` of its ``items`` have figures; the others are not guessed.
    """

    unit: str
    items: int
    online: int
    counted: int
    steps: int
    documents: int
    days: int
    visits: int


@value
class ServiceYear:
    """The catalogue, what it saves and how it is rated in a year, as of ``day``.

    ``months`` are those from the first with ratings to the last, each with the
    units that had bad ones. ``follow_up`` is what the rulebook of the year's last
    day, or of ``day`` before it, asks of bad ratings.
    """

    year: int
    day: date
    follow_up: FollowUpRule
    items: tuple[ServiceItem, ...]
    savings: tuple[Savings, ...]
    coverage: tuple[CoverageCell, ...]
    months: Mapping[str, tuple[UnitFollowUps, ...]]
