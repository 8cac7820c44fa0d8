"""Telling everyone on an item what became of it: the proposals, and the act (A7)."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Final

from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.catalogue.reasons import AnswerCode
from huimin_flow.catalogue.terms import (
    AnswerKind,
    AnswerState,
    AnswerStep,
    Argument,
    Duty,
    FieldWord,
    Occasion,
    Step,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing, InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.answering import waiting
from huimin_flow.flow.sensing.answering.steps import Taken, keep_steps
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.core.values import value
from huimin_flow.model.items import Item
from huimin_flow.model.sensing.answers import (
    AnswerAct,
    Answering,
    AnswerIntake,
    AnswerProposal,
)
from huimin_flow.rules.core.due import deadline
from huimin_flow.rules.sensing.answers import GIVES
from huimin_flow.store.core import repository
from huimin_flow.store.sensing import answers as store

#: The steps of an item of which everyone on it is told.
_OCCASIONS: Final = {
    Step.ENLIST: Occasion.LISTED,
    Step.EXECUTE: Occasion.EXECUTED,
    Step.REJECT: Occasion.REJECTED,
    Step.REOPEN: Occasion.REOPENED,
}


@value
class _Turn:
    """An item's last turn, and the appeals on the item that are still to be told."""

    number: str
    unit: str
    event: store.Turned
    told: int
    left: tuple[store.Pair, ...]


@question
def proposals(work: Work, *, unit: str | None = None) -> tuple[AnswerProposal, ...]:
    """Return the items of which not everyone was told, the longest waiting first (A7).

    Everyone on an item is told when it is listed, executed, rejected or reopened.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    units = waiting.units_of(work, unit)
    lines = [_proposal(work, turn) for turn in _turns(work, units) if turn.left]
    return tuple(sorted(lines, key=lambda line: (line.since, line.item)))


@question
def proposal(work: Work, number: Annotated[str, Argument.NUMBER]) -> AnswerProposal:
    """Return what everyone on an item would be told now, and how many they are (A7).

    Raises:
        NotFound: if the item doesn't exist.
        InputRefused: if nobody is to be told anything.

    """
    return _proposal(work, _turn(work, number))


@act(Duty.ANSWER)
def tell(
    work: Work,
    number: Annotated[str, Argument.NUMBER],
    text: Annotated[str | None, Argument.ANSWER] = None,
    *,
    kind: Annotated[AnswerKind, Argument.ANSWER_KIND] = AnswerKind.RESULT,
    by: Actor = ACTING,
    expected: Annotated[int | None, Argument.EXPECTED_COUNT] = None,
) -> AnswerIntake:
    """Answer everyone on an item with one text, by default the draft (A7).

    Who waits for an answer is answered; who was answered before is told what became
    of it. The text names no person: it goes to everyone.

    Raises:
        NotFound: if the item doesn't exist.
        InputRefused: if nobody is to be told anything, or not as many as ``expected``;
            for an empty text, or one with a person's number.
        StepRefused: if the item is another unit's.

    """
    turn = _turn(work, number)
    if expected not in {None, len(turn.left)}:
        code, found = AnswerCode.COUNT_MOVED, len(turn.left)
        raise InputRefused(code, expected=expected, found=found)
    said = _proposal(work, turn).text if text is None else text
    said = required(said, Argument.ANSWER, lines=True)

    def give(now: Answering) -> Taken:
        open_ = now.state is AnswerState.RECEIVED
        return Taken(
            step=AnswerStep.ANSWER if open_ else AnswerStep.INFORM,
            kind=kind,
            unit=turn.unit,
            item=turn.number,
            text=said,
        )

    known = store.received(work.connection, turn.left)
    told = [known[pair] for pair in turn.left]
    intake, _ = keep_steps(work, told, by, give, owner=turn.unit)
    return intake


def _turn(work: Work, number: str) -> _Turn:
    repository.item(work.connection, number)
    turn = next(iter(_turns(work, None, number)), None)
    if turn is None or not turn.left:
        raise InputRefused(AnswerCode.NOBODY_TO_TELL, number=number)
    return turn


def _turns(
    work: Work, units: frozenset[str] | None, number: str | None = None
) -> list[_Turn]:
    """Return the last turns of items, of units or of one item, with their appeals.

    An appeal on an item that was merged belongs to the item that carries it on.
    """
    connection, organization = work.connection, work.rulebook.organization
    events = store.turns(connection, _OCCASIONS, number)
    carriers = store.carriers(connection, events)
    owners = {
        item: organization.heir(owner, work.today)
        for item, (carrier, owner) in carriers.items()
        if carrier == item
    }
    asked = [n for n, unit in owners.items() if units is None or unit in units]
    linked: dict[str, list[store.Pair]] = defaultdict(list)
    members = store.members(connection, asked)
    for item, pair in store.linked(connection, members):
        linked[members[item]].append(pair)
    pairs = [pair for of_item in linked.values() for pair in of_item]
    acts = store.acts(connection, pairs)
    erased = {
        pair for pair, each in store.received(connection, pairs).items() if each.erased
    }
    turns = []
    for item, of_item in linked.items():
        event = events[item]
        alive = [pair for pair in of_item if pair not in erased]
        left = tuple(
            pair
            for pair in sorted(alive)
            if not any(_tells(act, item, event) for act in acts.get(pair, ()))
        )
        turns.append(
            _Turn(
                number=item,
                unit=owners[item],
                event=event,
                told=len(alive) - len(left),
                left=left,
            )
        )
    return turns


def _tells(act: AnswerAct, item: str, event: store.Turned) -> bool:
    """Tell whether a step told somebody of an item's turn: it came after it."""
    if act.step not in GIVES:
        return False
    return act.at > event.at or (act.item == item and act.at == event.at)


def _proposal(work: Work, turn: _Turn) -> AnswerProposal:
    item = repository.item(work.connection, turn.number)
    occasion, since = _OCCASIONS[turn.event.step], local_day(turn.event.at)
    known = store.received(work.connection, turn.left)
    states = [each.state for each in waiting.answerings(work, [*known.values()])]
    try:
        due = deadline(
            since,
            work.activations,
            lambda book: book.rules.answers.tell_days.value,
        )
    except CalendarMissing:
        due = None
    return AnswerProposal(
        item=turn.number,
        title=item.title,
        unit=turn.unit,
        occasion=occasion,
        since=since,
        appeals=turn.told + len(turn.left),
        open=states.count(AnswerState.RECEIVED),
        told=turn.told,
        text=_draft(work, item, occasion),
        due=due,
    )


def _draft(work: Work, item: Item, occasion: Occasion) -> str:
    """Return what the rulebook's draft says of an item: its public facts, in Chinese.

    Citizens read it, so it has the language of the rulebook at every door.
    """
    rules = work.rulebook.rules
    period = (item.edition or "").split("/")[1:2]
    with speaking(Language.CHINESE):
        year = period_in_words(period[0]) if period else ""
    word = FieldWord.PHASE_LIST if "Q" in "".join(period) else FieldWord.ANNUAL_LIST
    text = rules.answers.drafts[occasion]
    facts = {
        "title": item.title,
        "unit": work.rulebook.organization.name_of(item.unit),
        "list": f"{year}{word.label}",
        "reason": rules.reject_reasons.get(item.reason_code or "", ""),
    }
    for name, fact in facts.items():
        text = text.replace(f"{{{name}}}", fact)
    return text
