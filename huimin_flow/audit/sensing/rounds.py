"""The rounds of screening, drawn up again from what was known at their cuts (A3).

1. A round names exactly the items that were collected at its cut, in the order of the
   desk, with their appeals, their growth and what they need.
2. It counts the items that were found not ours in its days.
"""

from __future__ import annotations

from datetime import timedelta

from huimin_flow.audit.evidence import Applied
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.model.sensing.rounds import ScreeningRound
from huimin_flow.rules.sensing.rounds import candidates, screening_due
from huimin_flow.store.pasts import collected_at, referred


def hold_round(act: Applied, drawn: ScreeningRound) -> None:
    """Draw up a round again, and compare."""
    ledger = act.ledger
    book = ledger.books[str(act.event.rulebook)]
    connection, cut, day = ledger.connection, drawn.known, drawn.day
    waiting = collected_at(connection, cut, day, book)
    due = screening_due(ledger.ruled)
    again = candidates(waiting, book.rules.screening, due)
    if again != drawn.candidates:
        known = {each.number: each for each in again}
        named = {each.number: each for each in drawn.candidates}
        other = next(
            (
                number
                for number in sorted(known.keys() | named.keys())
                if known.get(number) != named.get(number)
            ),
            "order",
        )
        act.flag(Flaw.DECISION_MISMATCH, other, part="candidates", law="rounds 1")
    first = day - timedelta(days=drawn.span - 1)
    counted = referred(connection, first, day, cut)
    if counted != dict(drawn.referred):
        act.flag(Flaw.DECISION_MISMATCH, counted, part="referred", law="rounds 2")
