"""Digests, 月报、季报: what each unit was late with and owed, what went well (F3)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import DigestReach
from huimin_flow.model.core.values import value
from huimin_flow.model.improving.reviews import UnitPart


@value
class DigestCounts:
    """How many things stand under each heading of a unit's digest."""

    late: int
    owed: int
    faults: int
    well: int


@value
class DigestPart:
    """What a period's digests say of one unit.

    ``edition`` is the one in which this part was made or last changed; ``digest`` is
    the hex SHA-256 of what it says. ``before`` are the figures of the period before,
    None if there are no digests of it.
    """

    part: UnitPart
    counts: DigestCounts
    before: DigestCounts | None
    edition: int
    digest: str

    @property
    def unit(self) -> str:
        """The code of the unit."""
        return self.part.unit


@value
class Digests:
    """The digests of all units for a month or a quarter, known at the ``cut``.

    They tell how the work stood on the period's last ``day``. ``units`` are those to
    whom this edition says something new. ``former`` is the edition of the digests of
    the period before that they are compared with, 0 without any. ``note`` is the
    reason for an edition after the first. ``colors`` are the editions of the months'
    five-color charts that it tells of, 0 without one. The version is the edition.
    """

    key: str
    period: str
    day: date
    cut: int
    rulebook: str
    revision: int
    units: tuple[str, ...]
    parts: tuple[DigestPart, ...]
    former: int = 0
    colors: tuple[int, ...] = ()
    note: str = ""
    version: int = 1

    def part(self, unit: str) -> DigestPart | None:
        """Return what is said of a unit, None if nothing is."""
        return next((each for each in self.parts if each.unit == unit), None)


@value
class Digest:
    """The digest of one unit for a period: what it gets, and nothing of others.

    ``edition`` is the one in which it was made or last changed.
    """

    period: str
    unit: str
    edition: int
    day: date
    cut: int
    rulebook: str
    revision: int
    part: UnitPart
    counts: DigestCounts
    before: DigestCounts | None
    digest: str
    note: str = ""

    @property
    def key(self) -> str:
        """The period and the unit, as ``2026-11/500101``."""
        return f"{self.period}/{self.unit}"


@value
class DigestReached:
    """Whether a unit's digest of the latest edition has reached it by mail.

    ``recipient`` is the unit. It was sent to ``destination``, "" if to none.
    """

    period: str
    unit: str
    reach: DigestReach
    destination: str = ""


@value
class DigestPaper:
    """A digest as a document, every text in the language of its reader.

    ``notes`` say which edition it is, and
    what it rests on. ``tables`` have a name, heads, rows of texts, and what is said
    without rows. ``code`` is the check code.
    """

    title: str
    notes: tuple[str, ...]
    tables: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...], str], ...]
    signature: str
    day: date
    code: str
