"""The shelf of good practices and their replication, made again from the history (D1).

1. A practice rests on the newest edition of the good board that it names, and on no
   open entry of the bad one; effect, title and unit are those of its item then.
2. Each step names the day on which it was taken.
3. An adopted practice is an item of the unit that was asked, which responds to the
   practice's item, or arises from it if that was closed.
4. A comparison rests on the practice's effect and the evaluation of the unit's item.
"""

from __future__ import annotations

from huimin_flow.audit.core.applied import Applied
from huimin_flow.catalogue.terms import Flaw, ReplicationStep, State
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
    ledger, event = act.ledger, act.event
    day, cut = local_day(event.at), ledger.root.count
    if act.before is not None:
        act.hold("withdrawn_on", day, law="replication 2")
        return
    published = published_at(ledger.connection, cut)
    found = rules.good_entry(published, made.item, made.period or None)
    bad = open_at(ledger.connection, cut)
    since = next((each.since for each in bad if each.entry.item == made.item), "")
    rule = ledger.books[str(event.rulebook)].improving.replication
    verdict = rules.shelvable(made.item, found, since, rule)
    if act.verdict != verdict:
        act.flag(Flaw.DECISION_MISMATCH, verdict.passed, law="replication 1")
    act.hold("verdict", verdict, law="replication 1")
    act.hold("edition", 0 if found is None else found[0].edition, law="replication 1")
    effect = rules.effect_on(None if found is None else found[1])
    act.hold("effect", effect, law="replication 1")
    act.hold("title", ledger.items[made.item].title, law="replication 1")
    act.hold("unit", ledger.items[made.item].unit, law="replication 1")
    act.hold("shelved_on", day, law="replication 2")


def hold_replication(act: Applied, made: Replication) -> None:
    """Make what a step of a replication has recorded again, and compare."""
    ledger, event = act.ledger, act.event
    step, day = ReplicationStep(event.step), local_day(event.at)
    book, practice = ledger.books[str(event.rulebook)], ledger.values[made.practice]
    if step in _DAY:
        act.hold(_DAY[step], day, law="replication 2")
    act.hold("item", practice.item, law="replication 3")
    if step is ReplicationStep.ADOPT:
        own = ledger.items.get(made.successor)
        heir = book.organization.heir
        same = own is not None and heir(own.unit, day) == heir(made.unit, day)
        closed = ledger.items[made.item].state is State.CLOSED
        back = {own.responds_to, closed and own.arises_from} if own else set()
        if made.item not in back or not same:
            act.hold("successor", "", law="replication 3")
    elif step is ReplicationStep.COMPARE:
        effect = rules.effect_of(ledger.items[made.successor])
        verdict = rules.compared(practice.effect, effect, book.improving.replication)
        act.hold("effect", effect, law="replication 4")
        act.hold("verdict", verdict, law="replication 4")
        if act.verdict != verdict:
            act.flag(Flaw.DECISION_MISMATCH, verdict.passed, law="replication 4")
