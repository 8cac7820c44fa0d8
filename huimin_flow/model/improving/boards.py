"""Supervision orders, 督查督办 (X2), and the boards 好评榜 差评榜 (D1, D2, D7)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import (
    Area,
    Board,
    BoardGround,
    BoardState,
    OrderState,
    State,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import value


@value
class SupervisionOrder:
    """An order of an authority on an item, its answer, and how it ended.

    ``document`` is the number of the authority's paper of the day ``dated``; an
    authority gives a number once. ``unit`` answers: the unit of the item at the last
    step. ``due_named`` is false if the rulebook gave the due day, not the authority.
    ``files`` are digests of the item's files. ``finding`` is said of the answer,
    when it was returned or discharged. ``reminders`` counts how often the office has
    reminded, last on ``reminded_on``.
    """

    key: str
    item: str
    unit: str
    authority: str
    document: str
    dated: date
    demanded: str
    due: date
    state: OrderState
    received_on: date
    received_by: str
    due_named: bool = True
    reminders: int = 0
    reminded_on: date | None = None
    answer: str = ""
    files: tuple[str, ...] = ()
    answered_on: date | None = None
    answered_by: str = ""
    finding: str = ""
    discharged_by: str = ""
    version: int = 1


@value
class Repeated:
    """A kept verdict that an item's problem repeats; ``last`` ends its span of days."""

    appeals: int
    people: int
    channels: int
    days: int
    last: date


@value
class Satisfaction:
    """What citizens said of a measure: so many ``answers``, of which ``satisfied``.

    ``source`` is "survey" or "ratings": those of the services of the item's unit.
    """

    source: str
    answers: int
    satisfied: int


@value
class BoardFacts:
    """What the boards know of an item at the cut, on the last ``day`` of the quarter.

    Its ``tasks`` ran from ``begun`` to ``until``, None while they run. Of its
    ``indicators``, ``measured`` have a figure and ``proven`` have a file as evidence;
    ``on_plan`` keep to the plan, and the ``latest`` is ``behind`` by so many days;
    it is ``unreported`` if it has no figure, which counts as nothing done. The
    months without any figure, and without any evidence, are ``silent`` and
    ``unproven``. Of the agreed ``outcomes`` so many are ``met``; ``evaluated`` is true
    after the final evaluation. What a superior excused doesn't count.
    """

    item: str
    title: str
    unit: str
    area: Area
    state: State
    day: date
    begun: date
    until: date | None
    tasks: int
    indicators: int
    measured: int
    proven: int
    on_plan: int
    behind: int
    latest: str
    unreported: bool
    silent: int
    unproven: int
    evaluated: bool
    fulfilment: str | None
    outcomes: int
    met: int
    satisfaction: Satisfaction
    repeats: tuple[Repeated, ...] = ()
    orders: tuple[SupervisionOrder, ...] = ()


@value
class BoardEntry:
    """An item on a board, with the verdict of each ground that holds.

    ``since`` is the quarter on whose bad board it came; it ``remains`` there on each
    later one until a rectification was accepted, even if no ground holds any more.
    """

    item: str
    title: str
    unit: str
    area: Area
    state: State
    grounds: tuple[BoardGround, ...]
    verdicts: tuple[Verdict, ...]
    since: str
    remains: bool = False


@value
class QuarterlyBoards:
    """The two boards of a quarter, as of its last ``day`` and known at the ``cut``.

    ``considered`` items were assigned, executed or evaluated. The job drafts them;
    two people publish the first ``edition``, or correct it by the next. ``note`` is
    the reason for a correction. Items, orders and excuses are those that ``stood`` at
    the cut of the draft, also in a correction, whose own ``cut`` is a later one.
    """

    key: str
    period: str
    day: date
    cut: int
    stood: int
    rulebook: str
    state: BoardState
    considered: int
    good: tuple[BoardEntry, ...]
    bad: tuple[BoardEntry, ...]
    edition: int = 0
    note: str = ""
    version: int = 1


@value
class BoardChange:
    """An item whose place on the boards would be another by what is known now.

    ``before`` is None if it is on no board; ``grounds`` are those that hold now.
    """

    item: str
    title: str
    before: Board | None
    now: Board | None
    grounds: tuple[BoardGround, ...]


@value
class BadEntry:
    """An entry of a bad board for which no rectification was accepted yet.

    ``since`` is the quarter on whose board it came, ``period`` the last that has it.
    """

    period: str
    edition: int
    entry: BoardEntry

    @property
    def since(self) -> str:
        """The quarter whose bad board had it first: with the item, its name."""
        return self.entry.since
