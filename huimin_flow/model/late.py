"""What became known of a month only after its cut."""

from __future__ import annotations

from huimin_flow.catalogue.terms import LateKind, StreamKind
from huimin_flow.model.value import value

#: What holds a fact, as its stream begins → its words, for its number.
HOLDERS = {
    StreamKind.BATCH: "第{}批",
    StreamKind.FOLLOW_UP: "办件{}",
    StreamKind.ITEM: "事项{}",
}


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
