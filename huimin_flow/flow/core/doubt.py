"""Items whose final evaluation rests on what was corrected: put in doubt (B8)."""

from __future__ import annotations

from collections.abc import Iterable

from huimin_flow.catalogue.terms import DoubtCause, StalePart, State, Step
from huimin_flow.flow.core.advance import advance
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.evidence import DoubtEvidence
from huimin_flow.model.items import Item

#: The states in which a final evaluation counts, and can be made again.
_JUDGED = frozenset({State.EVALUATED, State.ADJUSTED})


def put_in_doubt(
    work: Work, items: Iterable[Item], cause: DoubtCause, *, by: Actor
) -> None:
    """Put the final evaluation of these items in doubt, as part of another act.

    Who corrected a fact needs no right of their own to the item. One that is not
    evaluated, or in doubt already, stays as it is.
    """
    for item in items:
        if item.state not in _JUDGED or StalePart.EVALUATION in item.stale:
            continue
        advance(
            work,
            item,
            Step.DOUBT,
            DoubtEvidence(cause=cause),
            by=by,
            changes={"stale": tuple(sorted({*item.stale, StalePart.EVALUATION}))},
            named={"cause": cause.value, "for_unit": by.unit},
        )
