"""What a snapshot shows of the present day, each answer read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_count
from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.clock import local_day
from huimin_flow.errors import NotFound
from huimin_flow.model.core.periods import month_before
from huimin_flow.model.deciding.lists import CITY

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.core.values import Share
    from huimin_flow.model.executing.plans import SheetLine
    from huimin_flow.model.items import AreaItems, Stays
    from huimin_flow.model.rulebook import Rulebook
    from huimin_flow.model.scoring.published import MonthlyColors
    from huimin_flow.model.sensing.appeals import AppealMonth, Tally
    from huimin_flow.model.services.ratings import OverdueAnswers

#: How many items are looked for that are stuck.
_STUCK = 6


@dataclass(frozen=True)
class Present:
    """A snapshot with the answers that several parts of a page need."""

    now: Snapshot

    @cached_property
    def today(self) -> date:
        """The present day."""
        return local_day(self.now.moment())

    @cached_property
    def month(self) -> str:
        """The present month."""
        return f"{self.today:%Y-%m}"

    @cached_property
    def past(self) -> str:
        """The last month that has ended."""
        return month_before(self.month)

    @cached_property
    def book(self) -> Rulebook:
        """The active rulebook."""
        return self.now.rulebook.active()

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of units by code."""
        return self.book.organization.names

    @cached_property
    def sheet(self) -> Sequence[SheetLine]:
        """The pace of the present month's tasks."""
        return self.now.tasks.sheet(self.month)

    @cached_property
    def overdue(self) -> Sequence[OverdueAnswers]:
        """The overdue answers to bad ratings, by unit."""
        return self.now.ratings.overdue()

    @cached_property
    def colors(self) -> MonthlyColors | None:
        """The colors of the last month that has some."""
        return self.now.scores.last_colors()

    @cached_property
    def appeals(self) -> Sequence[AppealMonth]:
        """The appeals of twelve months, the present one last."""
        return self.now.appeals.by_month()

    @cached_property
    def stays(self) -> Stays:
        """The days of items in their states."""
        return self.now.items.stays(limit=_STUCK)

    @cached_property
    def areas(self) -> Sequence[AreaItems]:
        """The numbers of items by area and state."""
        return self.now.items.areas()

    def executed(self, year: int, on: date | None = None) -> Share | None:
        """Return how much of the city's list of a year is executed, None without it."""
        with suppress(NotFound):
            return self.now.lists.executed(StreamKind.LIST.key(year, CITY), on=on)
        return None


def figures_words(fulfilment: str | None, satisfaction: str | None) -> str:
    """Return fulfilment and satisfaction; fulfilment may be not measurable."""
    if fulfilment is None:
        return say("落实度不可衡量,满意度{satisfaction}%", satisfaction=satisfaction)
    return say(
        "落实度{fulfilment},满意度{satisfaction}%",
        fulfilment=fulfilment,
        satisfaction=satisfaction,
    )


def tally_notes(tally: Tally) -> tuple[str, ...]:
    """Return how many of an item's appeals it inherits, and are of unknown places."""
    notes = []
    if tally.inherited:
        notes.append(say_count("其中{count}条承接自上一轮", tally.inherited))
    if tally.unplaced:
        notes.append(say_count("其中{count}条地点不明,未计入地数", tally.unplaced))
    return tuple(notes)


#: What is left out of a district's name, and a zone with its short name.
_NATIONS = ("土家族", "苗族")
_SCIENCE_CITY = ("西部科学城重庆", "高新区")
_NEW_AREA = ("新区",)


def short_name(name: str) -> str:
    """Return a district's name, short enough for a tile.

    >>> [short_name(name) for name in ("石柱土家族自治县", "两江新区", "忠县")]
    ['石柱', '两江', '忠县']

    """
    for nation in _NATIONS:
        name = name.partition(nation)[0]
    if name.startswith(_SCIENCE_CITY[0]):
        return _SCIENCE_CITY[1]
    if name.endswith(_NEW_AREA):
        return name[:-2]
    return name[:-1] if len(name) > 2 and name[-1] in "区县" else name[:4]
