"""Answers to appeals: their steps, deadlines and who gave them, derived again (A7).

1. An answer belongs to an appeal; its steps are numbered from 1 without a gap.
2. A step has the moment of its batch's event.
3. The life of answers has the step in the state in which the steps before leave it.
4. An extension adds the working days of the rulebook of its day, not more often than
   that allows, and not after the deadline by the rulebook of the due day.
5. A transfer or reopening has a reason of the rulebook; a transfer goes to another
   unit that exists.
6. The actor may answer for the unit that answers; only the service ends a term.
7. A term ends so many working days after the answer as the rulebook says.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from sqlalchemy import select

from huimin_flow.audit.core.headers import ODD, events_that_read
from huimin_flow.audit.ledger import Ledger
from huimin_flow.audit.rows import place_of, slices
from huimin_flow.catalogue.terms import (
    AnswerState,
    AnswerStep,
    Duty,
    Flaw,
    StreamKind,
    Via,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.events import Event
from huimin_flow.model.sensing.answers import AnswerAct, Answering
from huimin_flow.rules.sensing.answers import Due, answers_due, followed, is_ripe
from huimin_flow.states.answers import ANSWER
from huimin_flow.states.authority import may_do
from huimin_flow.store.core.history import moment_of, moment_text
from huimin_flow.store.core.tables import ANSWERS, APPEALS
from huimin_flow.store.sensing.answers import act_of
from huimin_flow.stream_names import nth

#: The steps, each with the moment and the place of its appeal.
_ROWS: Final = select(
    ANSWERS, APPEALS.c.at.label("said"), APPEALS.c.district, APPEALS.c.town
).select_from(
    ANSWERS.outerjoin(
        APPEALS,
        (APPEALS.c.channel == ANSWERS.c.channel) & (APPEALS.c.key == ANSWERS.c.key),
    )
)


def hold_answers(ledger: Ledger) -> None:
    """Derive every step with an answer again, appeal by appeal."""
    due = answers_due(tuple(ledger.ruled))
    keys = (ANSWERS.c.channel, ANSWERS.c.key, ANSWERS.c.n)
    rows = slices(ledger, _ROWS, *keys)
    events: dict[int, Event] = {}
    for pair, group in groupby(rows, key=lambda row: (row["channel"], row["key"])):
        now = None
        for row in group:
            if row["said"] is None:
                place = place_of(ANSWERS, *pair)
                ledger.flag(Flaw.ROW_STRAY, place, law="answers 1")
                break
            try:
                now = now or _begun(row)
                if len(events) > _EVENTS:
                    events.clear()
                now = _step(ledger, now, row, events, due)
            except ODD as error:  # a value that no step has
                place = place_of(ANSWERS, *pair)
                ledger.flag(Flaw.ROW_MISMATCH, place, error, law="answers 3")
                break


def _begun(row: Mapping[str, Any]) -> Answering:
    """Return the appeal of a step before any step; ``unit`` is not known yet."""
    at = moment_of(row["said"])
    return Answering(
        channel=row["channel"],
        key=row["key"],
        at=at,
        district=row["district"],
        town=row["town"],
        unit="",
        state=AnswerState.RECEIVED,
        since=local_day(at),
    )


#: How many events are kept for further steps of their batches.
_EVENTS: Final = 1000


def _step(
    ledger: Ledger,
    now: Answering,
    row: Mapping[str, Any],
    events: dict[int, Event],
    due: Due,
) -> Answering:
    """Check the next step with an appeal's answer; return how far it is then."""
    act = act_of(row)
    place = _place_of(now, act)
    if act.n != now.version + 1:
        ledger.flag(Flaw.ILLEGAL_EVENT, place, now.version, law="answers 1")
    if act.batch not in events:
        stream = StreamKind.BATCH.key(nth(StreamKind.BATCH, act.batch))
        known = events_that_read(ledger.connection, stream)
        events.update(zip((act.batch,), known, strict=False))
    event = events.get(act.batch)
    if event is None or (event.rulebook or "") not in ledger.books:  # reported before
        return followed(now, (act,))
    if row["at"] != moment_text(event.at):
        ledger.flag(Flaw.ROW_MISMATCH, place, event.at, law="answers 2")
    if act.step not in ANSWER.leaving(now.state):
        ledger.flag(Flaw.ILLEGAL_EVENT, place, now.state, law="answers 3")
    if act.step is AnswerStep.LAPSE:
        _hold_term(ledger, now, act, event)
    else:
        _hold_grounds(ledger, now, act, event, due)
    return followed(now, (act,))


def _hold_grounds(
    ledger: Ledger, now: Answering, act: AnswerAct, event: Event, due: Due
) -> None:
    """Check what a step rests on: deadline, reason, target, and right."""
    place = _place_of(now, act)
    book = ledger.books[event.rulebook or ""]
    rules, organization, day = book.rules, book.organization, local_day(event.at)
    owner = act.unit
    if act.step is AnswerStep.EXTEND:
        try:
            limit = due(now.since, now.channel, now.extended)
        except CalendarMissing:
            limit = None
        fits = act.days == rules.answers.extension_days.value
        often = now.extensions >= rules.answers.extensions.value
        if not fits or often or limit is None or limit < day:
            ledger.flag(Flaw.STEP_NOT_ALLOWED, place, limit, law="answers 4")
    reasons = {
        AnswerStep.TRANSFER: rules.transfer_reasons,
        AnswerStep.REOPEN: rules.answers.reopen_reasons,
    }.get(act.step)
    if reasons is not None and act.reason not in reasons:
        ledger.flag(Flaw.STEP_NOT_ALLOWED, place, act.reason, law="answers 5")
    if act.step is AnswerStep.TRANSFER:
        there = organization.unit(act.unit, day) or organization.town(act.unit, day)
        if not there or act.unit == now.unit:
            ledger.flag(Flaw.STEP_NOT_ALLOWED, place, act.unit, law="answers 5")
        owner = now.unit  # "" for the first step: then items and places decide
    actor = organization.actor(event.actor, Via(event.via), day)
    if actor is None or not owner:
        return
    owners = {owner}
    if organization.places is not None and organization.town(owner, day):
        above = organization.places.unit_of(owner, day)
        owners.add(organization.heir(above, day))
    if all(
        may_do(actor, Duty.ANSWER, organization, unit=unit, day=day) for unit in owners
    ):
        ledger.flag(Flaw.ACTOR_UNENTITLED, place, owner, law="answers 6")


def _hold_term(ledger: Ledger, now: Answering, act: AnswerAct, event: Event) -> None:
    """Check that the service ended a term, and not too early."""
    book, day = ledger.books[event.rulebook or ""], local_day(event.at)
    term, organization = book.rules.answers.close_days.value, book.organization
    place, answered = _place_of(now, act), now.answered
    if answered is None or not is_ripe(answered, day, term, book.calendar):
        ledger.flag(Flaw.STEP_NOT_ALLOWED, place, answered, law="answers 7")
    actor = organization.actor(event.actor, Via(event.via), day)
    if actor and may_do(actor, Duty.TIMETABLE, organization, unit=None, day=day):
        ledger.flag(Flaw.ACTOR_UNENTITLED, place, actor.id, law="answers 6")


def _place_of(now: Answering, act: AnswerAct) -> str:
    return f"{ANSWERS.name} {now.channel}/{now.key} {act.n}"
