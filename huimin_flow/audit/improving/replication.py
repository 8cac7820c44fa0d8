"""The shelf of good practices and their replication, made again from the history (D1).

1. A practice rests on the newest edition of the good board that it names, and on no
   open entry of the bad one; effect, title and unit are those of its item then.
2. Each step names the day on which it was taken.
3. An adopted practice is an item of the unit that was asked, which responds to the
   practice's item.
4. A comparison rests on the practice's effect and the evaluation of the unit's item.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from huimin_flow.audit.core.applied import Applied
from huimin_flow.catalogue.terms import Flaw, ReplicationStep
from huimin_flow.clock import local_day
from huimin_flow.model.improving.replication import Practice, Replication
from huimin_flow.rules.improving import replication as rules
from huimin_flow.store.pasts.boards import open_at, published_at

#: By step with a replication, the field of the day on which it is taken.
_DAY = {
    ReplicationStep.PROPOSE: "proposed_on",
    ReplicationStep.REMIND: "reminded_on",
    ReplicationStep.ADOPT: "answered_on",
    ReplicationStep.DECLINE: "answered_on",
    ReplicationStep.COMPARE: "compared_on",
}


def hold_practice(act: Applied, made: Practice) -> None:
    """Make a practice again from the boards of its time, and compare."""
    _hold(act, made, _of_practice(act, made))


def hold_replication(act: Applied, made: Replication) -> None:
    """Make what a step of a replication has recorded again, and compare."""
    _hold(act, made, _of_replication(act, made))


def _hold(
    act: Applied,
    made: Practice | Replication,
    expected: Iterator[tuple[int, str, Any]],
) -> None:
    """Flag the fields of a value that are others than expected."""
    for law, part, right in expected:
        if getattr(made, part) != right:
            flaw = Flaw.DECISION_MISMATCH
            act.flag(flaw, right, part=part, law=f"replication {law}")


def _of_practice(act: Applied, made: Practice) -> Iterator[tuple[int, str, Any]]:
    """Yield the law, the name and the right value of what a step has set."""
    ledger, event = act.ledger, act.event
    day, cut = local_day(event.at), ledger.root.count
    if act.before is not None:
        yield 2, "withdrawn_on", day
        return
    published = published_at(ledger.connection, cut)
    found = rules.good_entry(published, made.item, made.period or None)
    bad = open_at(ledger.connection, cut)
    since = next((each.since for each in bad if each.entry.item == made.item), "")
    rule = ledger.books[str(event.rulebook)].improving.replication
    verdict = rules.shelvable(made.item, found, since, rule)
    yield 1, "edition", 0 if found is None else found[0].edition
    yield 1, "effect", rules.effect_on(None if found is None else found[1])
    yield 1, "verdict", verdict
    yield 1, "title", ledger.items[made.item].title
    yield 1, "unit", ledger.items[made.item].unit
    yield 2, "shelved_on", day
    if act.verdict != verdict:
        act.flag(Flaw.DECISION_MISMATCH, verdict.passed, law="replication 1")


def _of_replication(act: Applied, made: Replication) -> Iterator[tuple[int, str, Any]]:
    """Yield the law, the name and the right value of what a step has set."""
    ledger, event = act.ledger, act.event
    step, day = ReplicationStep(event.step), local_day(event.at)
    book, practice = ledger.books[str(event.rulebook)], ledger.values[made.practice]
    if step in _DAY:
        yield 2, _DAY[step], day
    yield 3, "item", practice.item
    if step is ReplicationStep.ADOPT:
        own = ledger.items.get(made.successor)
        heir = book.organization.heir
        same = own is not None and heir(own.unit, day) == heir(made.unit, day)
        if own is None or own.responds_to != made.item or not same:
            yield 3, "successor", ""
    elif step is ReplicationStep.COMPARE:
        effect = rules.effect_of(ledger.items[made.successor])
        rule = book.improving.replication
        verdict = rules.compared(practice.effect, effect, rule)
        yield 4, "effect", effect
        yield 4, "verdict", verdict
        if act.verdict != verdict:
            act.flag(Flaw.DECISION_MISMATCH, verdict.passed, law="replication 4")
