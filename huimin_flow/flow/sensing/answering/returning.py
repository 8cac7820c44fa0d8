"""Answers go back to the channels that brought the appeals; it is recorded (A7)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import AnswerCode, InputCode
from huimin_flow.catalogue.terms import (
    AnswerKind,
    Argument,
    Duty,
    RecordStep,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.answering.histories import units_of
from huimin_flow.flow.sensing.answering.receipts import numbers
from huimin_flow.flow.sensing.appeals import keys_and_names
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.sensing.answers import (
    AnswerReturn,
    ReturnedAnswer,
    ReturnedAnswers,
)
from huimin_flow.store.core import positions, repository
from huimin_flow.store.core.history import moment_of
from huimin_flow.store.sensing import answer_texts
from huimin_flow.store.sensing import answers as store


@act(Duty.ANSWER, unkept=True)
def give_back(
    work: Work,
    channel: str,
    *,
    unit: str | None = None,
    since: Annotated[date | None, Argument.SINCE] = None,
    by: Actor = ACTING,
) -> ReturnedAnswers:
    """Return the new answers to a channel's appeals, and record who took them (A7).

    New are those after the last time that this was done for the channel, or for the
    channel and ``unit``; with ``since`` all from that day on, to be given again. Each
    has the channel's own key, the number of the receipt, and the text. What was erased
    is left out. Without ``unit`` it needs the duty for the whole city.

    Raises:
        InputRefused: for an unknown channel, if there is nothing new, or if the act is
            only tried: who reads texts is recorded.
        StepRefused: if the actor may not answer for the unit, or for the whole city.
        StoreRefused: without the master key, or for a text that was changed.

    """
    intake = work.rulebook.channels.intake
    known = keys_and_names((each.key, each.name) for each in intake)
    if channel not in known:
        keys = dict.fromkeys(known.values())
        raise InputRefused(InputCode.CHANNEL_UNKNOWN, channel=channel, channels=keys)
    channel = known[channel]
    parts = (channel,) if unit is None else (channel, unit)
    key = StreamKind.ANSWER_RETURN.key(*parts)
    work.duty(by, Duty.ANSWER, unit)
    if work.tried:
        raise InputRefused(InputCode.READ_TRIED)
    old = repository.find_record(work.connection, AnswerReturn, key)
    last = positions.last_position(work.connection)
    after = 0 if old is None or since is not None else old.through
    units = units_of(work, unit)
    sealed = [
        each
        for each in answer_texts.sealed_between(work.connection, channel, after, last)
        if (units is None or each.unit in units)
        and (since is None or local_day(moment_of(each.at)) >= since)
    ]
    if not sealed:
        raise InputRefused(AnswerCode.NOTHING_TO_RETURN, channel=channel)
    made = AnswerReturn(
        key=key,
        channel=channel,
        unit=unit,
        after=after,
        through=last,
        count=len(sealed),
    )
    acting = acting_as(work, by, units=(unit,))
    record = keep_record(work, RecordStep.GIVE_BACK, made, old, acting)
    pairs = [(each.channel, each.key) for each in sealed]
    places = store.received(work.connection, pairs)
    receipts = numbers(work, [(places[p].batch, places[p].line) for p in pairs])
    names = work.rulebook.organization
    answers = tuple(
        ReturnedAnswer(
            key=each.key,
            receipt=receipt,
            at=moment_of(each.at),
            kind=AnswerKind(each.kind or AnswerKind.RESULT),
            unit=names.name_of(each.unit),
            text=text,
        )
        for (each, text), receipt in zip(
            answer_texts.opened(work, sealed), receipts, strict=True
        )
    )
    return ReturnedAnswers(record=record, answers=answers)
