"""Telling everyone on an item what became of it: the proposals, and the act (A7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
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
from huimin_flow.flow.sensing.answering import histories
from huimin_flow.flow.sensing.answering.steps import Taken, keep_steps
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.core.values import value
from huimin_flow.model.sensing.answers import (
    AnswerAct,
    Answering,
    AnswerIntake,
    AnswerProposal,
)
from huimin_flow.rules.core.due import deadline
from huimin_flow.rules.sensing.answers import GIVES, is_awaited, tell_days
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
    open: int


@question
def proposals(work: Work, *, unit: str | None = None) -> tuple[AnswerProposal, ...]:
    """Return the items of which not everyone was told, the longest waiting first (A7).

    Everyone on an item is told when it is listed, executed, rejected or reopened. The
    drafts are empty here: ``proposal`` has that of an item.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    units = histories.units_of(work, unit)
    turns = [turn for turn in _turns(work, units) if turn.left]
    lines = _described(work, turns)
    return tuple(sorted(lines, key=lambda line: (line.since, line.item)))


@question
def proposal(work: Work, number: Annotated[str, Argument.NUMBER]) -> AnswerProposal:
    """Return what everyone on an item would be told now, and how many they are (A7).

    Raises:
        NotFound: if the item doesn't exist.
        InputRefused: if nobody is to be told anything.

    """
    turn = _turn(work, number)
    (line,) = _described(work, [turn])
    return replace(line, text=_draft(work, turn))


@act(Duty.ANSWER)
def tell(
    work: Work,
    number: Annotated[str, Argument.NUMBER],
    text: Annotated[str | None, Argument.ANSWER] = None,
    *,
    kind: AnswerKind = AnswerKind.RESULT,
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
    item = repository.item(work.connection, number)
    organization = work.rulebook.organization
    work.duty(by, Duty.ANSWER, organization.heir(item.unit, work.today))
    turn = _turn(work, number)
    if expected not in {None, len(turn.left)}:
        code, found = AnswerCode.COUNT_MOVED, len(turn.left)
        raise InputRefused(code, expected=expected, found=found)
    said = _draft(work, turn) if text is None else text
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
    return keep_steps(work, told, by, give, owner=turn.unit)


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
                open=sum(is_awaited(acts.get(pair, ())) for pair in left),
            )
        )
    return turns


def _tells(act: AnswerAct, item: str, event: store.Turned) -> bool:
    """Tell whether a step told somebody of an item's turn: it names the item.

    An answer of its own says something else, whenever it was given.
    """
    return act.step in GIVES and act.item == item and act.at >= event.at


def _described(work: Work, turns: Sequence[_Turn]) -> list[AnswerProposal]:
    """Return the proposals of turns, without drafts."""
    titles = repository.titles(work.connection, [turn.number for turn in turns])

    @cache
    def due(since: date) -> date | None:
        with suppress(CalendarMissing):
            return deadline(since, work.activations, tell_days)
        return None

    return [
        AnswerProposal(
            item=turn.number,
            title=titles[turn.number],
            unit=turn.unit,
            occasion=_OCCASIONS[turn.event.step],
            since=(since := local_day(turn.event.at)),
            appeals=turn.told + len(turn.left),
            open=turn.open,
            told=turn.told,
            text="",
            due=due(since),
        )
        for turn in turns
    ]


def _draft(work: Work, turn: _Turn) -> str:
    """Return what the rulebook's draft says of an item: its public facts, in Chinese.

    Citizens read it, so it has the language of the rulebook at every door.
    """
    rules, item = work.rulebook.rules, repository.item(work.connection, turn.number)
    period = (item.edition or "").split("/")[1:2]
    with speaking(Language.CHINESE):
        year = period_in_words(period[0]) if period else ""
    word = FieldWord.PHASE_LIST if "Q" in "".join(period) else FieldWord.ANNUAL_LIST
    occasion, body = _OCCASIONS[turn.event.step], ""
    if occasion is Occasion.REJECTED and item.referred_to is not None:
        occasion = Occasion.REFERRED
        body = rules.referral_bodies.get(item.referred_to, item.referred_to)
    text = rules.answers.drafts[occasion]
    facts = {
        "title": item.title,
        "unit": work.rulebook.organization.name_of(item.unit),
        "list": f"{year}{word.label}",
        "reason": rules.reject_reasons.get(item.reason_code or "", ""),
        "body": body,
    }
    for name, fact in facts.items():
        text = text.replace(f"{{{name}}}", fact)
    return text
