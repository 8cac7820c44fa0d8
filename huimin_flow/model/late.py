"""What became known of a month only after its cut."""

from __future__ import annotations

from huimin_flow.model.value import value
from huimin_flow.terms import LateKind


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
        '评价 batch/7'

        """
        return f"{self.kind.label} {self.source}"
