"""Rectifications and their ladder, made again from the history (D2, F3).

1. One that is opened for an entry of a bad board names an entry that is open; so does
   an acceptance that ends one.
2. Each step names the day on which it was taken, and no position after it.
3. A submission says by how many working days it was late, by the rulebook and the
   calendar of the due day.
4. An acceptance rests on the figures that came since, and on what citizens said.
5. A rung is the next one of the ladder, has been reached by that day, and concerns the
   posts of that day; it is recorded once.
6. Whom a rung concerns, or their deputy, acknowledges it, and changes nothing else.
"""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.audit.core.applied import Applied
from huimin_flow.catalogue.terms import Flaw, RectificationStep
from huimin_flow.clock import local_day
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.improving.rectification import Rectification, Rung
from huimin_flow.rules.improving import rectification as rules
from huimin_flow.store.improving.grounds import reported_since, word_since
from huimin_flow.store.pasts.boards import open_at

#: By step, the field of the day on which it is taken.
_DAY = {
    RectificationStep.OPEN: "opened_on",
    RectificationStep.SUBMIT: "submitted_on",
    RectificationStep.ACCEPT: "accepted_on",
    RectificationStep.RETURN: "returned_on",
}


def hold_rectification(act: Applied, made: Rectification) -> None:
    """Make what a step of a rectification has recorded again, and compare."""
    ledger, event, old = act.ledger, act.event, act.before
    step, day = RectificationStep(event.step), local_day(act.event.at)
    cut, book = ledger.root.count, ledger.books[str(event.rulebook)]
    if step in _DAY:
        act.hold(_DAY[step], day, law="rectification 2")
        act.hold("known", min(made.known, cut), law="rectification 2")
    if made.since and (old is None or not old.since):
        entries = open_at(ledger.connection, cut)
        known = (each for each in entries if each.entry.item == made.item)
        entry = next((each for each in known if each.since == made.since), None)
        since, edition = ("", 0) if entry is None else (entry.since, entry.edition)
        act.hold("since", since, law="rectification 1")
        act.hold("edition", edition, law="rectification 1")
    if old is None:
        return
    if step is RectificationStep.SUBMIT:
        overdue = rules.dated(old, ledger.ruled, day).overdue
        act.hold("late", max(old.late, overdue), law="rectification 3")
    elif step is RectificationStep.ACCEPT:
        units = book.organization.acts_for(old.unit, day) | {old.unit}
        connection, facts = ledger.connection, ledger.facts.known()
        rated = word_since(connection, units, old.begun, day, known=facts, cut=cut)
        steps = [step for _, step in ledger.ran.get(old.item, ())]
        asked, rule = ledger.of(Survey, old.item), book.improving.rectification
        basis = rules.Basis(
            figures=reported_since(connection, old.item, old.known, known=facts),
            word=rules.second_word(old, asked, rated, day, rule),
            ended=rules.month_ended(steps, day),
        )
        verdict = rules.acceptable(old, basis, book.improving.rectification)
        if verdict != act.verdict:
            flaw, part = Flaw.DECISION_MISMATCH, "verdict"
            act.flag(flaw, verdict.passed, part=part, law="rectification 4")
        act.hold("measured", rules.measured(old, basis), law="rectification 4")
        act.hold("word", basis.word, law="rectification 4")
    elif step is RectificationStep.ESCALATE:
        act.hold("rungs", _climbed(act, made, old), law="rectification 5")
    elif step is RectificationStep.ACKNOWLEDGE:
        deputies = book.organization.deputies
        own = {d.post for d in deputies if d.deputy == event.actor and d.acts_on(day)}
        own.add(event.actor)
        signed = tuple(
            replace(rung, acknowledged_on=day, acknowledged_by=event.actor)
            if rung.acknowledged_on is None and own.intersection(rung.to)
            else rung
            for rung in old.rungs
        )
        act.hold("rungs", signed, law="rectification 6")


def _climbed(act: Applied, made: Rectification, old: Rectification) -> tuple[Rung, ...]:
    """Return the rungs with the next one, if it has been reached."""
    ledger, day, n = act.ledger, local_day(act.event.at), len(old.rungs)
    book = ledger.books[str(act.event.rulebook)]
    ladder, due = book.improving.rectification.ladder, rules.rung_due(old, ledger.ruled)
    if due is None or due > day or n >= len(ladder):
        return old.rungs
    role, item = ladder[n].role, ledger.items[made.item]
    to = rules.addressees(role, item, book.organization, day)
    return (
        *old.rungs,
        Rung(name=ladder[n].name, role=role, due=due, recorded_on=day, to=to),
    )
