"""Ratings of services, 好差评, and the follow-ups of bad ratings (D3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from huimin_flow.catalogue.terms import (
    Failing,
    FollowUpState,
    Misrating,
    RatingLevel,
    RatingObject,
)
from huimin_flow.model.core.values import Share, opened, value
from huimin_flow.model.services.catalogue import FollowUpRule, ServiceItem


@value
class Rating:
    """One rating of one transaction, 一次一评.

    ``transaction`` is the handling system's own number and is unique. ``person``
    (who served) and ``who`` (who rates, empty if anonymous) are keyed
    pseudonyms. ``window`` and ``person`` are empty if there was none.
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


_OPEN = opened(Rating)


def rating_of(
    transaction: str,
    unit: str,
    item: str,
    channel: str,
    level: RatingLevel,
    at: datetime,
    window: str,
    person: str,
    who: str,
) -> Rating:
    """Return the rating with these nine fields, in the order of ``Rating``.

    A frozen value sets each field through ``object.__setattr__``. That takes six
    times as long as a plain assignment: a tenth of the time of a large import. So
    the fields are set first, and the value becomes a frozen ``Rating`` afterwards.
    """
    new: Any = object.__new__(_OPEN)
    new.transaction, new.unit, new.item = transaction, unit, item
    new.channel, new.level, new.at = channel, level, at
    new.window, new.person, new.who = window, person, who
    new.__class__ = Rating
    rating: Rating = new
    return rating


class RatingRow(NamedTuple):
    """A rating as it is stored: all fields are text, ``at`` is in UTC."""

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
class FollowUp:
    """The follow-up of a bad rating, as last recorded.

    ``since`` is the day of the last act. The person ``answered_by`` may not verify.
    ``ground`` and ``grounds`` belong to an objection. ``settled`` means that the
    objection was decided, so a second one is refused. ``confirmed_by`` is the second
    person if the rating was set aside. An answer says what the rating was about
    (``failing``), what was ``improved``, and, after a call-back, the level ``again``
    that the citizen gives to what was put right.
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
    failing: Failing | None = None
    improved: str = ""
    again: RatingLevel | None = None
    version: int = 1


@value
class BadRating:
    """A bad rating with the state and the due day of its follow-up.

    ``due`` is None if the follow-up has ended, or if the calendar of its year is not
    loaded (``calendar_missing``).
    """

    rating: Rating
    state: FollowUpState
    due: date | None
    overdue: bool
    called_back: bool
    calendar_missing: bool = False


@value
class Deadline:
    """The due day of a task or an answer, and the day on which it was done.

    ``due`` is None if the calendar of its year is not loaded. ``closed`` is None if
    it is not done.
    """

    due: date | None
    closed: date | None


@value
class UnitFollowUps:
    """The follow-ups of a unit's bad ratings of a month, 回访与按期答复 (D3).

    ``called_back`` is a share of the ratings with a known rater. ``answered_on_time``
    is a share of the answers that are done or overdue. ``bad`` counts all bad
    ratings, also those that were set aside later.
    """

    unit: str
    called_back: Share
    answered_on_time: Share
    bad: int = 0


@value
class RatingCount:
    """The number of ratings of each level of one subject in a period.

    ``of`` names the subject: a unit, an item, a channel, or unit and window or person.
    """

    of: tuple[str, ...]
    levels: Mapping[RatingLevel, int]

    @property
    def total(self) -> int:
        """Return the number of ratings."""
        return sum(self.levels.values())

    @property
    def good(self) -> Share:
        """Return the share of ratings that are not bad, 好评."""
        bad = sum(count for level, count in self.levels.items() if level.bad)
        return Share(part=self.total - bad, whole=self.total)


@value
class OverdueAnswers:
    """A unit's overdue answers to bad ratings, and the earliest day they were due.

    ``before`` is the number at the end of the month before.
    """

    unit: str
    count: int
    oldest: date | None
    before: int


@value
class ServiceCount:
    """The number of ratings of a service item in a month, and of bad ones."""

    item: str
    ratings: int
    bad: int


@value
class CoverageCell:
    """One cell of the matrix of items, objects and channels.

    ``expected`` means that the rulebook requires ratings in this cell.
    """

    item: str
    object: RatingObject
    channel: str
    ratings: int
    expected: bool

    @property
    def missing(self) -> bool:
        """Tell whether ratings are required and there are none."""
        return self.expected and self.ratings == 0


@value
class Savings:
    """What a unit's service items save a citizen who uses each item once (E4).

    ``counted`` is the number of ``items`` that have figures; others are left out.
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
    """The catalogue, its savings and its ratings in a year, as of ``day``.

    ``months`` run from the first month with ratings to the last, each with the units
    that had bad ratings. ``follow_up`` is the rule for bad ratings on the year's last
    day, or on ``day`` if that is earlier.
    """

    year: int
    day: date
    follow_up: FollowUpRule
    items: tuple[ServiceItem, ...]
    savings: tuple[Savings, ...]
    coverage: tuple[CoverageCell, ...]
    months: Mapping[str, tuple[UnitFollowUps, ...]]


@value
class FailingCount:
    """How many of a unit's bad ratings of a month were about what, once answered.

    ``improved`` of them say what was improved. ``again`` are the levels that the
    citizens gave to what was put right.
    """

    unit: str
    failing: Failing
    count: int
    improved: int
    again: Mapping[RatingLevel, int]
