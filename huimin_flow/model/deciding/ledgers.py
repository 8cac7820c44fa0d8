"""The demand ledger, units' responses to it, and their task ledgers (B2, B4)."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from huimin_flow.catalogue.terms import (
    Area,
    Entry,
    LedgerMove,
    Origin,
    Placement,
    ResponseState,
    Rolling,
    State,
    Step,
)
from huimin_flow.model.core.values import value

#: The states in which an item is on the demand ledger.
IN_LEDGER: Final = (
    State.JUDGED,
    State.STARRED,
    State.LISTED,
    State.ASSIGNED,
    State.EXECUTED,
    State.EVALUATED,
    State.ADJUSTED,
)

#: Those of them in which its tasks are done.
FULFILLED: Final = (State.EXECUTED, State.EVALUATED, State.ADJUSTED)


@value
class Response:
    """A unit's response to a demand: ``key`` is ``response/2027-000001/500101``.

    ``successor`` is the unit's own item for a demand that was taken up.
    ``reason_code`` and ``note`` say why it was declined, ``reason`` why it was taken
    up after that.
    """

    key: str
    item: str
    unit: str
    state: ResponseState
    answered_by: str = ""
    reason_code: str = ""
    note: str = ""
    reason: str = ""
    successor: str = ""
    version: int = 1


@value
class DemandLine:
    """An item of the demand ledger, 民生需求台账.

    ``since`` is the day on which it entered the ledger, ``deliberation`` the meeting
    that judged it. ``edition`` and ``rank`` are its place on the city's
    published list, else on its unit's. ``tasks`` is the number of its tasks, ``due``
    the day by which the last of them ends.
    """

    number: str
    title: str
    origin: Origin
    area: Area
    unit: str
    state: State
    placement: Placement | None
    stars: int | None
    since: date
    deliberation: str | None = None
    edition: str | None = None
    rank: int | None = None
    tasks: int = 0
    due: date | None = None
    continues: str | None = None
    responds_to: str | None = None


class Put(NamedTuple):
    """A demand that is put to units, with its owner and the day it was published."""

    number: str
    title: str
    unit: str
    area: Area
    placement: Placement
    stars: int | None
    since: date


@value
class Silent:
    """A unit, and a demand to which it has not responded in time."""

    unit: str
    item: str


@value
class ResponseChase:
    """A month's reminder of the units that have not responded in time (B4).

    ``known`` is the last position whose demands and responses were counted.
    """

    key: str
    period: str
    owing: tuple[Silent, ...]
    known: int
    version: int = 1


@value
class DemandFilter:
    """The demands that a ledger shows; a field that is None accepts all.

    ``text`` has words; each is a part of the title or the number. A page has at most
    ``limit`` demands after the number ``after``, but not the first ``skip`` of them.
    """

    placement: Placement | None = None
    unit: str | None = None
    area: Area | None = None
    origin: Origin | None = None
    stars: int | None = None
    state: State | None = None
    text: str | None = None
    after: str | None = None
    skip: int = 0
    limit: int | None = None


@value
class DemandChange:
    """What became of a demand between two days.

    ``before`` and ``after`` are its states on the ledger, None if it was not there.
    ``step`` is the step by which it came or left, on the ``day``; ``reason_code`` says
    why it left, "" if the step needs no reason.
    """

    number: str
    title: str
    unit: str
    area: Area
    move: LedgerMove
    before: State | None
    after: State | None
    placement: Placement | None
    day: date | None = None
    step: Step | None = None
    reason_code: str = ""


@value
class AwaitedResponse:
    """A demand to which a unit has not responded yet.

    ``owner`` is the unit of the demand, ``unit`` the one that is asked since the day
    ``since``. ``due`` is the last day in time, None without a calendar.
    """

    item: str
    title: str
    owner: str
    area: Area
    placement: Placement
    stars: int | None
    unit: str
    since: date
    due: date | None
    overdue: bool


@value
class UnitResponses:
    """A unit's responses to the demands that are put to it, by number.

    ``overdue`` are among those that are ``awaited``.
    """

    unit: str
    taken_up: int
    declined: int
    awaited: int
    overdue: int


@value
class TaskEntry:
    """An entry of a unit's task ledger, 民生任务台账, rolled from one day to another.

    ``before`` is the item of the earlier day that it continues. Of a dropped entry,
    ``step`` is the step by which it left, on the ``day``; ``reason_code`` says why.
    """

    demand: DemandLine
    entry: Entry
    rolling: Rolling
    before: str = ""
    day: date | None = None
    step: Step | None = None
    reason_code: str = ""
