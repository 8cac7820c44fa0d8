"""The deliberations: who was there, what was on their agenda, what came of it (B1).

1. The chair may chair; enough of those present count for the quorum; nobody is named
   twice.
2. A meeting's day is not before the database began.
3. No item is twice on an agenda, or on the agendas of two open meetings. Each was
   screened before the meeting's day.
4. An opinion is what its verdict was asked; only items of the agenda have one.
5. A closed meeting has judged or postponed each item, and got minutes once it
   was held.
6. An item's judgment is that of a closed meeting which has it on its agenda: the same
   answers, scores, step and placement. A closed meeting's opinions all took effect.
7. The resources that a judgment is held against are those that were stated then, less
   what was taken; its cost is the item's (量力而行).
"""

from __future__ import annotations

from typing import Final

from huimin_flow.audit.core.applied import Applied
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import (
    Flaw,
    MeetingState,
    Placement,
    RecordStep,
    State,
    Step,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.model.deciding.resources import Budget
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.deciding import judgment, resources
from huimin_flow.rules.deciding.meetings import (
    attendance,
    chair_flaws,
    quorum_flaws,
)

#: The steps after which a meeting has those present whom the record names.
_ATTENDED: Final = frozenset({RecordStep.HOLD, RecordStep.AMEND})

#: What a judgment leads to.
_JUDGED: Final = frozenset({Step.JUDGE, Step.REJECT, Step.DEFER})


def hold_meeting(act: Applied, book: Rulebook) -> None:
    """Check an event of a deliberation, or of an item that was judged in one."""
    if act.ledger.alone:  # the replay of one stream knows no other
        return
    if isinstance(act.after, Deliberation):
        _check_meeting(act, act.after, book)
    elif isinstance(act.after, Item) and act.event.step in _JUDGED:
        key = act.event.public["changes"].get("deliberation")
        if key is not None:
            _check_judged(act, act.after, str(key))


def hold_closed(ledger: Ledger) -> None:
    """Check that all opinions of closed meetings took effect."""
    for held in ledger.of(Deliberation, ""):
        if held.state is MeetingState.CLOSED:
            for number in held.opinions:
                if (held.key, number) not in ledger.judged:
                    flaw = Flaw.DECISION_MISMATCH
                    ledger.flag(flaw, held.key, number, law="meetings 6")


def _check_meeting(act: Applied, held: Deliberation, book: Rulebook) -> None:
    ledger, event = act.ledger, act.event
    rule, organization = book.rules.deliberation, book.organization
    refused = list(chair_flaws(held.chair, rule, organization))
    if held.state is not MeetingState.CONVENED and event.step in _ATTENDED:
        present, quorum = held.participants, book.rules.judging.quorum.value
        refused += quorum_flaws(present, quorum, rule, organization)
        named = (*present, *held.prevented)
        if present[:1] != (held.chair,) or len(set(named)) < len(named):
            act.flag(Flaw.STEP_NOT_ALLOWED, "participants", law="meetings 1")
    if event.step in {RecordStep.CONVENE, *_ATTENDED}:
        for reason in refused:
            act.flag(Flaw.STEP_NOT_ALLOWED, reason.code, law="meetings 1")
    if held.held_on < local_day(ledger.activations[0][1]):
        act.flag(Flaw.STEP_NOT_ALLOWED, held.held_on, law="meetings 2")
    before = act.before.agenda if isinstance(act.before, Deliberation) else ()
    if held.agenda != before or event.step == RecordStep.HOLD:
        _check_agenda(act, held)
    if event.step == RecordStep.JUDGE:
        _check_opinion(act, held, book)
    unfit = bool(held.undecided) or held.key not in ledger.minuted
    if event.step == RecordStep.CLOSE and unfit:
        act.flag(Flaw.STEP_NOT_ALLOWED, "close", law="meetings 5")


def _check_agenda(act: Applied, held: Deliberation) -> None:
    ledger = act.ledger
    if len(set(held.agenda)) < len(held.agenda):
        act.flag(Flaw.STEP_NOT_ALLOWED, "agenda", law="meetings 3")
    elsewhere = {
        number
        for other in ledger.of(Deliberation, "")
        if other.key != held.key
        and other.state in {MeetingState.CONVENED, MeetingState.HELD}
        for number in other.agenda
        if number not in other.postponed
    }
    for number in held.agenda:
        item = ledger.items.get(number)
        since = ledger.screened.get(number)
        screened = item is not None and item.state is State.SCREENED
        if not screened or number in elsewhere or since is None or since > held.held_on:
            act.flag(Flaw.STEP_NOT_ALLOWED, number, law="meetings 3")


def _check_opinion(act: Applied, held: Deliberation, book: Rulebook) -> None:
    opinions = act.before.opinions if isinstance(act.before, Deliberation) else {}
    new = {
        number: opinion
        for number, opinion in held.opinions.items()
        if opinions.get(number) != opinion
    }
    for number, opinion in new.items():
        item = act.ledger.items.get(number)
        asked = (
            None if act.verdict is None else judgment.judgment_of(act.verdict.inputs)
        )
        of_item = item is not None and (opinion.unit, opinion.area, opinion.origin) == (
            item.unit,
            item.area,
            item.origin,
        )
        present = attendance(
            held.participants, book.rules.deliberation, book.organization
        ).counted
        counted = act.verdict and act.verdict.inputs.get("present")
        if (asked, counted) != (opinion.judgment, len(present)):
            act.flag(Flaw.DECISION_MISMATCH, number, law="meetings 4")
        if item is not None:
            _check_means(act, item, held, opinion.placement)
        if not of_item:
            act.flag(Flaw.FACTS_MISMATCH, number, law="meetings 4")
    if not held.opinions.keys() <= set(held.agenda) or len(new) > 1:
        act.flag(Flaw.DECISION_MISMATCH, "opinions", law="meetings 4")


def _check_means(act: Applied, item: Item, held: Deliberation, to: Placement) -> None:
    """Compare the resources in a verdict with what was stated and taken then."""
    ledger = act.ledger
    period = resources.period_of(held.held_on, to)
    budget = ledger.values.get(StreamKind.BUDGET.key(period, item.area.value))
    known = None if act.verdict is None else judgment.means_in(act.verdict.inputs)
    if not isinstance(budget, Budget):
        if known is not None:
            act.flag(Flaw.FACTS_MISMATCH, known.period, law="meetings 7")
        return
    said = ledger.values.get(StreamKind.COST.key(item.number))
    taken = resources.taken(
        ledger.of(Deliberation, ""),
        ledger.items.get,
        period,
        item.area,
        before=(held.key, item.number),
    )
    cost, total = getattr(said, "amount", None), sum(taken.values())
    stated = known and (known.period, known.amount, known.taken, known.cost)
    if stated != (period, budget.amount, total, cost):
        act.flag(Flaw.FACTS_MISMATCH, item.number, law="meetings 7")


def _check_judged(act: Applied, item: Item, key: str) -> None:
    """Compare an item's judgment with the opinion of its meeting."""
    ledger, event = act.ledger, act.event
    held = ledger.values.get(key)
    opinion = None
    if isinstance(held, Deliberation) and held.state is MeetingState.CLOSED:
        opinion = held.opinions.get(item.number)
    asked = None if act.verdict is None else judgment.judgment_of(act.verdict.inputs)
    placement = item.placement if event.step == Step.JUDGE else None
    stated = None if opinion is None else (opinion.judgment, opinion.step.value)
    if opinion is None or stated != (asked, event.step):
        act.flag(Flaw.DECISION_MISMATCH, key, part="deliberation", law="meetings 6")
    elif placement not in {None, opinion.placement}:
        act.flag(Flaw.DECISION_MISMATCH, placement, part="placement", law="meetings 6")
    ledger.judged.add((key, item.number))
