"""What is published of a month and of a quarter (D5–D7), and who owes a report (C4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from huimin_flow.catalogue.terms import ScoreClass, UnitKind
from huimin_flow.model.core.values import value
from huimin_flow.model.scoring.scores import Colored, Ranked, Reading


@value
class UnitScore:
    """One unit's month: its index and every figure that it rests on."""

    unit: str
    standing: ScoreClass
    index: str | None
    parts: Mapping[str, str]
    missing: tuple[str, ...]
    readings: Mapping[str, Reading]


@value
class MonthlyScore:
    """The scores of a month, by peer group; groups are never ranked together.

    ``cut`` is the last position that was known. ``ended`` names units that
    were gone by the month's last day. ``note`` says why a later version exists.
    ``revisions`` names the rules that made it.
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
    """An edition of a month's scores on which something published rests."""

    period: str
    edition: int


@value
class MonthlyColors:
    """The five-color chart of a month, beside the month before (D6).

    ``rulebook`` is the one whose bands were used. ``scored`` names the editions of
    scores it rests on: the month's, and that of the month before where it is shown.
    ``revisions`` names the rules that made it.
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

    ``rulebook`` is the one by which months were counted and weights moved; each
    month keeps the weights of its own. ``scored`` names the editions of scores it
    rests on, ``ended`` the units that had a part in the quarter and stood no more
    on its last day.
    ``revisions`` names the rules that made it.
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
class EditionNote:
    """When an edition was published, by whom, by which rulebook, and why anew.

    ``confirmed_by`` is the second person's pseudonym, empty where one alone
    published; ``note`` is the reason for a correction.
    """

    edition: int
    at: datetime
    by: str
    confirmed_by: str
    rulebook: str
    note: str


@value
class Owing:
    """A task whose month was not reported (C4)."""

    unit: str
    item: str
    task: str
    indicators: tuple[str, ...]


@value
class ProgressCall:
    """Who has not reported a month, when it was called for or chased.

    ``known`` is the last position whose reports were known.
    """

    key: str
    period: str
    owing: tuple[Owing, ...]
    known: int
    version: int = 1
