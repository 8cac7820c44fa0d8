"""Scores with the tree that explains them, late facts, colors, ranks (D5–D7, X3)."""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.language import say, say_note
from huimin_flow.catalogue.terms import (
    Certainty,
    Color,
    LateKind,
    ScoreClass,
    StreamKind,
)
from huimin_flow.model.core.events import Reasons
from huimin_flow.model.core.values import later, value

#: The kind of a fact's stream → its text, with a place for the number.
HOLDERS = {
    StreamKind.BATCH: "第{}批",
    StreamKind.FOLLOW_UP: "办件{}",
    StreamKind.ITEM: "事项{}",
    StreamKind.SPOT_CHECK: "抽查{}",
}


@value
class Node:
    """A figure and its inputs; a leaf has the ``op`` "given".

    ``value`` is decimal text, the result of ``op`` on the values of ``inputs``.
    ``source`` is the source of a leaf: a clause, "ours", the rulebook, or the batches
    of a fact. ``of`` is the unit of the figure, if it isn't clear. ``uncounted`` names
    what was examined and not counted. ``unplaced`` counts cases without a known unit,
    ``fed`` the indicators whose last figure a feed brought. ``unmeasured`` and
    ``excused`` name the tasks that are out of the count.
    """

    name: str
    op: str
    value: str
    inputs: tuple[Node, ...] = ()
    source: str = ""
    of: str = ""
    uncounted: tuple[str, ...] = ()
    unplaced: int = 0
    fed: int = later(default=0)
    unmeasured: tuple[str, ...] = later(default=())
    excused: tuple[str, ...] = later(default=())


@value
class Reading:
    """The counts for one unit and indicator in a period.

    ``denominator`` is None if the indicator has none. ``source`` names the batches
    or events that were counted. ``excluded`` is the number of cases that don't count
    (bad ratings set aside), and ``why`` names their events. ``numerator_source`` and
    ``denominator_source`` name the sources of each side, if they differ. ``late``
    names what is not in the numerator (indicators that are not on time).
    ``unplaced`` counts cases of the period without a known unit; they may belong to
    any unit. ``fed`` counts the indicators whose last figure a feed brought; those of
    the others are by hand. ``unmeasured`` names the tasks without an indicator,
    ``excused`` those that a superior excused: both are out of the count.
    """

    numerator: int
    denominator: int | None = None
    source: str = ""
    excluded: int = 0
    why: str = ""
    numerator_source: str = ""
    denominator_source: str = ""
    late: tuple[str, ...] = ()
    unplaced: int = 0
    fed: int = later(default=0)
    unmeasured: tuple[str, ...] = later(default=())
    excused: tuple[str, ...] = later(default=())

    @property
    def cases(self) -> int:
        """Return the number of cases that count."""
        return (self.denominator or 0) - self.excluded


@value
class Deduction:
    """Points that a finding takes off a unit's index of a month (D8).

    ``source`` names the spot check and what was checked.
    """

    source: str
    points: int


@value
class Score:
    """A unit's contribution index of a month: ``index`` is decimal text, 0–100.

    ``index`` is None if there is not enough data. ``missing`` names the indicators
    without a figure; ``reasons`` hold the reason for each.
    """

    unit: str
    period: str
    standing: ScoreClass
    index: str | None
    parts: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    tree: Node | None = None
    reasons: Reasons = ()


@value
class LateFact:
    """A fact that would change a month's score if it were counted now.

    ``source`` names the batch, follow-up or item that holds it.
    """

    kind: LateKind
    source: str

    def __str__(self) -> str:
        """Return the text that screens and pages show.

        >>> str(LateFact(kind=LateKind.RATINGS, source="batch/7"))
        '评价(第7批)'

        """
        kind, number = StreamKind.parse(self.source)
        where = self.source if kind is None else say(HOLDERS[kind]).format(number)
        return say_note(self.kind.spoken, where)


@value
class Spread:
    """How far the chance of a sample may move a unit's index, and with it its color.

    ``low`` is the published index, for which each sampled figure counts by its cautious
    Wilson bound; ``high`` is the index by the other bounds. ``cases`` are the cases of
    each sampled indicator. ``certainty`` is STEADY if both have one color, with last
    month's color kept by hysteresis at both ends alike.
    """

    certainty: Certainty
    low: str
    high: str
    cases: Mapping[str, int]


@value
class Colored:
    """A unit's color of a month, last month's color, and why it changed.

    ``spread`` says whether the color may be chance; None without an index, or if
    colors are shares of the units. ``standing`` is the class beside the ranking of a
    unit without a color.
    """

    unit: str
    index: str | None
    color: Color | None
    before: Color | None
    reasons: Reasons = ()
    spread: Spread | None = later(default=None)
    standing: ScoreClass = later(default=ScoreClass.INSUFFICIENT)


@value
class Ranked:
    """A unit's place in its peer group; None if there is not enough data.

    ``tied`` means that others share the place. ``low`` and ``high`` are its best
    and worst place over all weight sets; ``steady`` is the percent of weight sets
    in which it keeps its place.
    """

    unit: str
    place: int | None
    value: str | None
    tied: bool = False
    low: int | None = None
    high: int | None = None
    steady: int | None = None
    reasons: Reasons = ()
