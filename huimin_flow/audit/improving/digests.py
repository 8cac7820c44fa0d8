"""The digests of periods, drawn up again (F3).

1. A digest says what the facts known at its cut say, by the rulebook that it names.
2. It has the SHA-256 of its content, the figures of the period before, and its edition;
   its colors are those of the editions published when it was issued.
3. Who sends a digest again changes nothing of it, and names units that have one.
"""

from __future__ import annotations

from huimin_flow.audit.core.applied import Applied
from huimin_flow.catalogue.terms import DigestStep, Flaw, StreamKind
from huimin_flow.model.core.periods import last_day, spanned
from huimin_flow.model.improving.digests import Digests
from huimin_flow.rules.core.due import Activation
from huimin_flow.rules.improving import digests as rules
from huimin_flow.store.core import positions
from huimin_flow.store.pasts.standing import units_at


def hold_digests(act: Applied, made: Digests) -> None:
    """Draw up the digests of a period again, and compare."""
    ledger, connection = act.ledger, act.ledger.connection
    if act.event.step == DigestStep.SEND:
        if not made.units or any(made.part(unit) is None for unit in made.units):
            act.flag(Flaw.DECISION_MISMATCH, part="units", law="digests 3")
        return
    book, months = ledger.books[made.rulebook], tuple(sorted(spanned(made.period)))
    known = positions.activations(connection, cut=made.cut)
    activations = [Activation(since=at, book=ledger.books[name]) for at, name in known]
    key = StreamKind.DIGEST.key(rules.period_before(made.period))
    charts = (ledger.values.get(StreamKind.COLORS.key(month)) for month in months)
    colors = tuple(0 if chart is None else chart.version for chart in charts)
    again = rules.drawn_up(
        made.period,
        units_at(connection, months, made.cut, book, activations, colors),
        ledger.values.get(key),
        act.before,
        day=last_day(months[-1]),
        cut=made.cut,
        rulebook=made.rulebook,
        colors=colors,
    )
    for part in ("period", "day", "revision"):
        act.hold(part, getattr(again, part), law="digests 1")
    for part in ("units", "former", "colors"):
        act.hold(part, getattr(again, part), law="digests 2")
    if again.parts != made.parts:
        units = sorted({each.unit for each in {*again.parts} ^ {*made.parts}})
        said, stated = ([each.part for each in one.parts] for one in (again, made))
        law = "digests 2" if said == stated else "digests 1"
        act.flag(Flaw.DECISION_MISMATCH, units, part="parts", law=law)
