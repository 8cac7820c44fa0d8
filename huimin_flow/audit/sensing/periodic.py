"""Rounds, comparisons of measures and boards, made again at their cuts (A3, A5, D7).

1. A round names exactly the items that were collected at its cut, in the order of the
   desk, with their appeals, their growth and what they need.
2. It counts the items that were found not ours in its days.
3. A comparison has every measure that was in force at its cut, with the verdict of the
   rule on the facts known there.
4. It names the policies from which no measure was made in time.
5. A gap has an item: one that this job collected, with the gap's verdict as evidence
   and the measure's first item as its parent; or the item of a former comparison that
   was still open. Nothing else collects such an item, and no gap has two.
6. A draft or a correction of boards has exactly the entries that the rules make of the
   facts known at its cut, as of the quarter's last day, and each has its verdicts. A
   correction holds items as they stood at the cut of the draft. Each goes on from the
   open entries of earlier boards, also of drafts that nobody published.
7. A publication changes nothing of the draft, and each edition is the next one.
"""

from __future__ import annotations

from datetime import timedelta

from huimin_flow.audit.core.applied import Applied
from huimin_flow.catalogue.terms import (
    BoardState,
    BoardStep,
    Flaw,
    Origin,
    PolicyState,
    StreamKind,
)
from huimin_flow.model.core.periods import last_day, months_of
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.improving.boards import QuarterlyBoards
from huimin_flow.model.sensing.policies import (
    CityMeasure,
    MeasureLine,
    Policy,
    PolicyReview,
)
from huimin_flow.model.sensing.rounds import ScreeningRound
from huimin_flow.rules.improving.boards import drawn_up
from huimin_flow.rules.sensing import policies as rules
from huimin_flow.rules.sensing.rounds import candidates, screening_due
from huimin_flow.states.table import ENDS
from huimin_flow.store.pasts import (
    boards,
    collected_at,
    measures_at,
    records_at,
    referred,
)


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
        act.flag(Flaw.DECISION_MISMATCH, other, part="candidates", law="periodic 1")
    first = day - timedelta(days=drawn.span - 1)
    counted = referred(connection, first, day, cut)
    if counted != dict(drawn.referred):
        act.flag(Flaw.DECISION_MISMATCH, counted, part="referred", law="periodic 2")


def hold_review(act: Applied, made: PolicyReview) -> None:
    """Make a comparison again, and compare."""
    ledger, event = act.ledger, act.event
    book = ledger.books[str(event.rulebook)]
    connection, cut = ledger.connection, made.known
    policies = records_at(connection, StreamKind.POLICY, Policy, None, cut)
    known = records_at(connection, StreamKind.MEASURE, CityMeasure, None, cut)
    measures = {m.key: m for m in known if m.state is PolicyState.IN_FORCE}
    in_order = [measures[key] for key in sorted(measures)]
    by_key = {policy.key: policy for policy in policies}
    facts = measures_at(connection, in_order, by_key, cut, made.day, book)
    again = {each.measure: rules.review(each, book.rules.policies) for each in facts}
    stated = {line.measure: line.verdict for line in made.lines}
    for key in sorted(again.keys() | stated.keys()):
        if again.get(key) != stated.get(key):
            act.flag(Flaw.DECISION_MISMATCH, key, part="lines", law="periodic 3")
    silent = rules.silent(policies, known, ledger.ruled, made.day)
    if silent != made.silent:
        act.flag(Flaw.DECISION_MISMATCH, silent, part="silent", law="periodic 4")
    collected = {
        number
        for number, (_, request) in ledger.gap_items.items()
        if request == event.request
    }
    for line in made.lines:
        collected.discard(str(line.item))
        measure = measures.get(line.measure)
        if measure is not None and not _has_its_item(act, line, measure):
            act.flag(Flaw.DECISION_MISMATCH, line.item, part="lines", law="periodic 5")
    for number in sorted(collected):
        act.flag(Flaw.DECISION_MISMATCH, number, part="lines", law="periodic 5")


def hold_boards(act: Applied, made: QuarterlyBoards) -> None:
    """Draw up boards again, and compare."""
    ledger, event = act.ledger, act.event
    book, connection = ledger.books[made.rulebook], ledger.connection
    former = 0 if act.before is None else act.before.edition
    public = event.target == BoardState.PUBLISHED
    if made.edition != former + public:
        act.flag(Flaw.DECISION_MISMATCH, former, part="edition", law="periodic 7")
    if event.step == BoardStep.PUBLISH:
        return  # its life lets it change the edition alone
    stood = made.cut  # a draft's; a correction keeps it
    if event.step == BoardStep.CORRECT and act.before is not None:
        stood = act.before.stood
    again = drawn_up(
        boards.facts_at(connection, made.period, made.cut, book, stood=stood),
        made.period,
        boards.open_at(connection, made.cut, before=made.period, stood=stood),
        day=last_day(months_of(made.period)[-1]),
        cut=made.cut,
        stood=stood,
        book=book,
    )
    for part in ("considered", "good", "bad", "day", "key", "stood"):
        expected = getattr(again, part)
        if expected != getattr(made, part):
            count = len(expected) if isinstance(expected, tuple) else expected
            act.flag(Flaw.DECISION_MISMATCH, count, part=part, law="periodic 6")


def _has_its_item(act: Applied, line: MeasureLine, measure: CityMeasure) -> bool:
    """Tell whether a line names the item of its gap, and of nothing else."""
    ledger = act.ledger
    if line.verdict.passed or line.item is None:
        return line.verdict.passed and line.item is None and not line.fresh
    first, request = ledger.gap_items.get(line.item, (None, ""))
    if first is None or first.public.get("measure") != line.measure:
        return False
    item = ledger.items[line.item]
    if not line.fresh:
        return request != act.event.request and item.state not in ENDS
    parent = measure.items[0] if measure.items else None
    return (
        request == act.event.request
        and first.verdict == to_plain(line.verdict)
        and (item.origin, item.arises_from) == (Origin.POLICY, parent)
    )
