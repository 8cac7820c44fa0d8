"""Rectifications, 整改: a measure is put right and accepted by others (D2, F3)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import RectificationState, Role
from huimin_flow.model.core.values import value


@value
class Rung:
    """A rung of the ladder that an overdue rectification has reached.

    It was due on the day ``due``; ``to`` are the posts whom it concerns, one of which
    acknowledges it.
    """

    name: str
    role: Role
    due: date
    recorded_on: date
    to: tuple[str, ...]
    acknowledged_on: date | None = None
    acknowledged_by: str = ""


@value
class Measured:
    """A figure of an indicator that was reported for a month (``YYYY-MM``)."""

    task: str
    indicator: str
    month: str
    value: int


@value
class CitizensWord:
    """What citizens said since a day: ``good`` of so many ``answers`` are not bad.

    ``source`` says where: the key of a survey of the item, or "ratings" of the
    services of its unit.
    """

    source: str
    answers: int
    good: int


@value
class Rectification:
    """How a measure is put right: why, what was done, who accepted it, on what.

    ``unit`` is that of the item at the last step. It was opened for the item's entry
    on the bad board since the quarter ``since``, in that board's ``edition``, or on
    the supervision order with the key ``order``. ``known`` is the position at which it
    was opened or last returned: what an acceptance rests on came later. ``files`` are
    digests of the item's files. ``late`` is by how many working days the latest
    submission was late, at most. ``measured`` and ``word`` are what the acceptance
    rests on.
    """

    key: str
    item: str
    unit: str
    state: RectificationState
    cause: str
    opened_on: date
    opened_by: str
    known: int
    since: str = ""
    edition: int = 0
    order: str = ""
    done: str = ""
    files: tuple[str, ...] = ()
    submitted_on: date | None = None
    submitted_by: str = ""
    late: int = 0
    returned_on: date | None = None
    finding: str = ""
    measured: tuple[Measured, ...] = ()
    word: CitizensWord | None = None
    accepted_on: date | None = None
    accepted_by: str = ""
    rungs: tuple[Rung, ...] = ()
    version: int = 1

    @property
    def begun(self) -> date:
        """The day since which its deadline counts: its opening, or its last return."""
        return self.returned_on or self.opened_on


@value
class RectificationLine:
    """A rectification, with its due day while the unit works on it.

    ``overdue`` counts working days. Without the calendar of its year there is no due
    day (``calendar_missing``). ``weak`` says what an acceptance lacks by what is known
    now: an answer of citizens was set aside since.
    """

    rectification: Rectification
    due: date | None = None
    overdue: int = 0
    calendar_missing: bool = False
    weak: Reasons = ()

    @property
    def key(self) -> str:
        """The key of the rectification."""
        return self.rectification.key
