"""Review meetings, 调度会, their decisions and packs; the burden of units (F3, X4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from huimin_flow.catalogue.terms import (
    DecisionState,
    DigestKind,
    ReviewMeetingState,
    StreamKind,
)
from huimin_flow.model.core.values import value


@value
class ReviewMeeting:
    """A meeting that looks at how the work stands, and decides what is to be done.

    ``held_on`` is its day, planned until it is held. ``chair`` and ``participants``
    are posts. ``minutes`` are digests of its files at its close. ``reason`` says why
    it was called off.
    """

    key: str
    held_on: date
    chair: str
    state: ReviewMeetingState
    called_by: str
    participants: tuple[str, ...] = ()
    minutes: tuple[str, ...] = ()
    reason: str = ""
    version: int = 1


@value
class Decision:
    """What a review meeting decided: who does what until when, and how it turned out.

    ``unit`` answers for it; with a ``post`` that post of the unit does. ``files`` are
    digests of the decision's files. ``finding`` is what the office said of the report,
    or why it was dropped. ``reminders`` counts how often the office has reminded, last
    on ``reminded_on``.
    """

    key: str
    meeting: str
    unit: str
    decided: str
    due: date
    state: DecisionState
    decided_on: date
    decided_by: str
    post: str = ""
    reminders: int = 0
    reminded_on: date | None = None
    note: str = ""
    files: tuple[str, ...] = ()
    reported_on: date | None = None
    reported_by: str = ""
    finding: str = ""
    ended_on: date | None = None
    ended_by: str = ""
    version: int = 1


@value
class DigestLine:
    """One thing of a pack or digest: ``subject`` is an item, a record or a count.

    ``count`` is how many there are where it stands for several. ``since`` is the day
    from which it is late, or on which it went well. ``days`` is how late it is, in
    calendar days. ``figure`` is a result in percent, as decimal text, or "".
    """

    kind: DigestKind
    subject: str
    count: int = 1
    since: date | None = None
    days: int = 0
    figure: str = ""


@value
class UnitPart:
    """What concerns one unit: what is late, what it owes, and what went well.

    ``faults`` are what checks, surveys and evaluations found wrong.
    """

    unit: str
    late: tuple[DigestLine, ...] = ()
    owed: tuple[DigestLine, ...] = ()
    well: tuple[DigestLine, ...] = ()
    faults: tuple[DigestLine, ...] = ()


@value
class ReviewPack:
    """The pack of a review meeting: by unit how it stands, and former decisions.

    ``open`` are the decisions that wait, ``ended`` those that ended since the former
    meeting ``former``, "" if there is none.
    """

    meeting: ReviewMeeting
    former: str
    units: tuple[UnitPart, ...]
    open: tuple[Decision, ...]
    ended: tuple[Decision, ...]


@value
class AskedBy:
    """How much one kind of record asked of a unit: fields, files and checks."""

    kind: StreamKind
    fields: int
    uploads: int
    checks: int

    @property
    def load(self) -> int:
        """All of it together."""
        return self.fields + self.uploads + self.checks


@value
class UnitBurden:
    """What a unit did by hand in a month, and what was asked of it.

    ``steps`` counts the acts that its posts recorded, ``fields`` what they filled in by
    these acts, ``uploads`` the files that they attached. ``checks`` counts the orders,
    decisions, rectifications, assessments and spot checks that were asked of it.
    ``by_hand`` and ``fed`` are the figures of the month's progress, by how each was
    entered; those corrected by hand are by hand, too. ``hand_share`` is the share of
    those by hand in percent, None without a figure: a fed one costs nothing. ``load``
    is all that was done by hand or asked, ``more`` how much that is more than in the
    month before. ``asking`` names what asked, the most first; figures by hand are asked
    by the calls for progress.
    """

    unit: str
    month: str
    steps: int
    fields: int
    uploads: int
    checks: int
    by_hand: int
    fed: int
    hand_share: str | None
    load: int
    more: int
    asking: tuple[AskedBy, ...]


@value
class Scale:
    """To how much a rulebook applies, and how often something was asked lately.

    ``items`` run now; ``by_hand`` of their indicators are reported by hand, ``fed``
    come from feeds. The rest is a month's share of the last ``days``, at most a year:
    rectifications opened and submitted, decisions made and reported, spot checks that
    were done (one, where none was), and answers of the checked for each thing checked.
    """

    items: int
    by_hand: int
    fed: int
    days: int
    opened: Decimal
    submitted: Decimal
    decided: Decimal
    reported: Decimal
    draws: Decimal
    answered: Decimal


@value
class AskedPart:
    """What records of one kind ask of all units in a month, in the words of a burden.

    ``by_hand`` are figures, ``fields`` what else is filled in, ``uploads`` files,
    ``checks`` things asked.
    """

    kind: StreamKind
    by_hand: Decimal
    fields: Decimal
    uploads: Decimal
    checks: Decimal


@value
class Asked:
    """What a rulebook asks of all units in a month; ``load`` is all of it together."""

    by_hand: Decimal
    fields: Decimal
    uploads: Decimal
    checks: Decimal
    load: Decimal
    parts: tuple[AskedPart, ...]


@value
class Price:
    """What a new rulebook asks more, or less below zero, of all units in a month.

    ``assumed`` are the kinds of records that are counted as often as lately, under
    both rulebooks. ``unpriced`` ask units, too, and so do an item's own steps,
    but what they ask can't be foretold.
    """

    scale: Scale
    before: Asked
    after: Asked
    more: Asked
    assumed: tuple[StreamKind, ...]
    unpriced: tuple[StreamKind, ...]
