"""Published scores, colors and rankings (D5–D7), and missing reports (C4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from huimin_flow.catalogue.terms import ScoreClass, UnitKind
from huimin_flow.model.core.values import later, value
from huimin_flow.model.scoring.scores import Colored, Deduction, Ranked, Reading


@value
class UnitScore:
    """One unit's month: its index and all figures behind it.

    ``deductions`` are those of findings, ``points_off`` what they took off together.
    """

    unit: str
    standing: ScoreClass
    index: str | None
    parts: Mapping[str, str]
    missing: tuple[str, ...]
    readings: Mapping[str, Reading]
    deductions: tuple[Deduction, ...] = ()
    points_off: int = 0


@value
class MonthlyScore:
    """The scores of a month, by peer group; groups are never ranked together.

    ``cut`` is the last known position. ``ended`` names units that no longer existed
    on the month's last day. ``note`` is the reason for a later version.
    ``revisions`` names the revision of each rule that was used.
    """

    key: str
    period: str
    cut: int
    rulebook: str
    groups: Mapping[UnitKind, tuple[UnitScore, ...]]
    revisions: Mapping[str, int]
    ended: tuple[str, ...] = ()
    note: str = ""
    version: int = 1


@value
class Rests:
    """An edition of a month's scores that a publication is based on."""

    period: str
    edition: int


@value
class MonthlyColors:
    """The five-color chart of a month, beside the month before (D6).

    ``rulebook`` is the one whose bands were used. ``scored`` names the editions of
    scores that it is based on: the month's, and the month before's if it is shown.
    ``revisions`` names the revision of each rule that was used.
    """

    key: str
    period: str
    groups: Mapping[UnitKind, tuple[Colored, ...]]
    revisions: Mapping[str, int]
    rulebook: str
    scored: tuple[Rests, ...]
    note: str = ""
    version: int = 1


@value
class QuarterlyRanking:
    """The ranking of a quarter, by peer group (D7).

    ``rulebook`` decides how months are counted and weights are varied; each month
    keeps the weights of its own rulebook. ``scored`` names the editions of scores
    that it is based on. ``ended`` names units that existed in the quarter but not on
    its last day. ``revisions`` names the revision of each rule that was used.
    """

    key: str
    period: str
    months: tuple[str, ...]
    groups: Mapping[UnitKind, tuple[Ranked, ...]]
    revisions: Mapping[str, int]
    rulebook: str
    scored: tuple[Rests, ...]
    ended: tuple[str, ...]
    note: str = ""
    version: int = 1


@value
class Periods:
    """The months that have colors, and the quarters with a ranking, oldest first."""

    months: tuple[str, ...]
    quarters: tuple[str, ...]


@value
class EditionNote:
    """When an edition was published, by whom, under which rulebook, and why.

    ``confirmed_by`` is the second person's pseudonym, empty if one person published
    it alone. ``note`` is the reason for a correction.
    """

    edition: int
    at: datetime
    by: str
    confirmed_by: str
    rulebook: str
    note: str


@value
class Owing:
    """A task without a report of the month (C4).

    ``feed`` is the open feed that should have brought it, "" if people report it.
    """

    unit: str
    item: str
    task: str
    indicators: tuple[str, ...]
    feed: str = later(default="")


@value
class ProgressCall:
    """A call or reminder for a month's reports, and the tasks without one.

    ``known`` is the last position whose reports were counted.
    """

    key: str
    period: str
    owing: tuple[Owing, ...]
    known: int
    version: int = 1
