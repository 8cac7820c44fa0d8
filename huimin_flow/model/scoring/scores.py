"""Scores with the tree that explains them, late facts, colors, places (D5–D7, X3)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Color, LateKind, ScoreClass, StreamKind
from huimin_flow.model.core.events import Reasons
from huimin_flow.model.core.values import value

#: The kind of a fact's stream → its words, for its number.
HOLDERS = {
    StreamKind.BATCH: "第{}批",
    StreamKind.FOLLOW_UP: "办件{}",
    StreamKind.ITEM: "事项{}",
}


@value
class Node:
    """A figure and what it is made of; a leaf's ``op`` is "given".

    ``value`` is decimal text, what ``op`` makes of the inputs' values. ``source``
    is where a leaf comes from: a clause, "ours", the rulebook, or the batches of a
    fact. ``of`` is the unit of the figure, where it isn't clear; ``apart`` names what
    was examined and did not count, ``unplaced`` counts cases of no known unit.
    """

    name: str
    op: str
    value: str
    inputs: tuple[Node, ...] = ()
    source: str = ""
    of: str = ""
    apart: tuple[str, ...] = ()
    unplaced: int = 0


@value
class Reading:
    """What was counted for one unit and indicator in a period.

    ``denominator`` is None where the indicator has none. ``source`` names the
    batches or events that were counted. ``excluded`` are cases of the denominator
    that don't count (bad ratings set aside), and ``why`` names their events.
    ``numerator_source`` and ``denominator_source`` name the sources of each side,
    where they differ; ``late`` names what is not in the numerator (indicators that
    are not on time); ``unplaced`` counts cases of the period of no known unit, which
    may belong to any unit.
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

    @property
    def cases(self) -> int:
        """Return how many cases count."""
        return (self.denominator or 0) - self.excluded


@value
class Score:
    """A unit's contribution index of a month: ``index`` is decimal text, 0–100.

    It is None where there is not enough data; ``missing`` names the indicators
    without a figure, and ``reasons`` say why each has none.
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
    """A fact that a month's score would take up if it were counted now.

    ``source`` names the batch, follow-up or item that holds it.
    """

    kind: LateKind
    source: str

    def __str__(self) -> str:
        """Return it in words, as screens and pages show it.

        >>> str(LateFact(kind=LateKind.RATINGS, source="batch/7"))
        '评价(第7批)'

        """
        kind, number = StreamKind.parse(self.source)
        where = self.source if kind is None else HOLDERS[kind].format(number)
        return f"{self.kind.label}({where})"


@value
class Colored:
    """A unit's color of a month beside last month's, and why it changed."""

    unit: str
    index: str | None
    color: Color | None
    before: Color | None
    reasons: Reasons = ()


@value
class Ranked:
    """A unit's place in its peer group; None where there is not enough data.

    ``tied`` tells that others share the place. ``low`` and ``high`` are the best
    and worst place it takes while weights move, ``steady`` the percent of
    weight sets in which it keeps its place.
    """

    unit: str
    place: int | None
    value: str | None
    tied: bool = False
    low: int | None = None
    high: int | None = None
    steady: int | None = None
    reasons: Reasons = ()
