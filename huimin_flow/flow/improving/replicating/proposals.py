"""Replications: the office proposes a practice to units, which answer (D1).

A unit that adopts responds to the practice's item with an item of its own. After that
item's evaluation the office compares both effects.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    ReplicationState,
    ReplicationStep,
    ResponseState,
    State,
    Step,
    StreamKind,
)
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import (
    acting_as,
    keep_record,
    next_key,
    step_record,
)
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.demands import responses
from huimin_flow.flow.deciding.editions import demand_of
from huimin_flow.flow.sensing.items import collect
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required
from huimin_flow.model.deciding.ledgers import Response
from huimin_flow.model.improving.replication import (
    Practice,
    Replication,
    ReplicationLine,
)
from huimin_flow.model.record_evidence import (
    ReplicationEvidence,
)
from huimin_flow.rules.improving import replication as rules
from huimin_flow.states.machine import require_road
from huimin_flow.states.replication import REPLICATION
from huimin_flow.store import listings
from huimin_flow.store.core import repository


@question
def replications(
    work: Work,
    *,
    practice: Annotated[str | None, Argument.PRACTICE] = None,
    item: str | None = None,
    unit: str | None = None,
    state: ReplicationState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[ReplicationLine, ...]:
    """Return the replications with the last days to answer, the newest first.

    ``item`` is the one by which a unit has adopted a practice, ``unit`` the unit that
    was asked. A page begins after the key ``after``, and not with the first ``skip``.
    """
    known = listings.records(
        work.connection,
        Replication,
        {"about": practice, "successor": item, "unit": unit, "state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )
    return tuple(_line(work, each) for each in known)


@question
def count(
    work: Work,
    *,
    practice: Annotated[str | None, Argument.PRACTICE] = None,
    item: str | None = None,
    unit: str | None = None,
    state: ReplicationState | None = None,
) -> int:
    """Return how many replications ``list`` has with the same filters."""
    wanted = {"about": practice, "successor": item, "unit": unit, "state": state}
    return listings.count_records(work.connection, Replication, wanted)


@question
def replication(
    work: Work, key: Annotated[str, Argument.REPLICATION]
) -> ReplicationLine:
    """Return a replication: who was asked until when, the answer, the effect.

    Raises:
        NotFound: if there is none of that key.

    """
    return _line(work, record_of(work, Replication, key))


def _line(work: Work, made: Replication) -> ReplicationLine:
    return rules.dated(made, work.activations, work.today)


@act(Duty.CONFIRM)
def propose(
    work: Work,
    practice: Annotated[str, Argument.PRACTICE],
    unit: str,
    *,
    note: str = "",
    by: Actor = ACTING,
) -> Replication:
    """Propose a practice to another unit, which answers in time (D1).

    Raises:
        NotFound: if there is no such practice.
        StepRefused: if the actor is not of the office, the practice is withdrawn or the
            unit's own, its item was rejected, merged or canceled, the unit was asked
            already, or too many units have not answered.
        InputRefused: for an unknown unit.

    """
    known = record_of(work, Practice, practice)
    organization = work.rulebook.organization
    if organization.unit(unit, work.today) is None:
        unit = Directory(organization).unit(unit, work.today, exact=True).code
    said = accepted(note, Argument.NOTE, longest=2000, lines=True)
    # The counter is held from here on: who counts next sees this proposal.
    key = next_key(work, StreamKind.REPLICATION, work.today.year)
    evidence = rules.proposing(
        known,
        repository.item(work.connection, known.item),
        unit,
        repository.records(work.connection, Replication, known.key),
        work.rulebook,
        work.today,
    )
    new = Replication(
        key=StreamKind.REPLICATION.key(key),
        practice=known.key,
        item=known.item,
        unit=unit,
        state=ReplicationState.PROPOSED,
        proposed_on=work.today,
        proposed_by=by.id,
        note=said,
    )
    acting = acting_as(work, by, units=(unit,))
    step = ReplicationStep.PROPOSE
    return keep_record(work, step, new, None, acting, evidence, about=known.key)


@act(Duty.CONFIRM)
def remind(
    work: Work, key: Annotated[str, Argument.REPLICATION], *, by: Actor = ACTING
) -> Replication:
    """Remind a unit of a proposal that it has not answered (D1).

    Raises:
        NotFound: if there is no such replication.
        StepRefused: if the actor is not of the office, or it is answered.

    """
    old = _in_state(work, key, ReplicationStep.REMIND)
    times, day = old.reminders + 1, work.today
    return _step(
        work, ReplicationStep.REMIND, old, by, reminders=times, reminded_on=day
    )


@act(Step.RESPOND)
def adopt(
    work: Work,
    key: Annotated[str, Argument.REPLICATION],
    *,
    title: str = "",
    by: Actor = ACTING,
) -> Replication:
    """Adopt a practice: the unit responds to its item with one of its own (D1).

    The unit's item points back to the practice's: it responds to it, or arises from
    it if it is closed, and is screened and judged on its own then. A unit that had
    responded before, and whose item has no evaluation yet, goes on with that item.

    Raises:
        NotFound: if there is no such replication.
        StepRefused: if the actor may not respond for the unit, it is answered already,
            the practice's item has ended, or the unit's own was evaluated.

    """
    old = _in_state(work, key, ReplicationStep.ADOPT)
    organization, day = work.rulebook.organization, work.today
    unit = organization.heir(old.unit, day)
    item, taken = repository.item(work.connection, old.item), None
    for code in sorted(organization.acts_for(unit, day) | {unit}):
        place = StreamKind.RESPONSE.key(old.item, code)
        taken = taken or repository.find_record(work.connection, Response, place)
    if taken is not None and taken.state is ResponseState.TAKEN_UP:
        successor = taken.successor
        state = repository.item(work.connection, successor).state
        if state in rules.EVALUATED | rules.ENDED:
            responses.respond(work, old.item, unit, by=by, title=title)  # refuses it
    elif item.state is State.CLOSED:
        again = replace(demand_of(item), unit=unit, arises_from=item.number)
        named = accepted(title, Argument.TITLE) or item.title
        successor = collect(work, replace(again, title=named), by=by).number
    elif taken is not None:
        _, made = responses.reconsider(
            work, old.item, unit, old.key, by=by, title=title
        )
        successor = made.number
    else:
        _, made = responses.respond(work, old.item, unit, by=by, title=title)
        successor = made.number
    return _step(
        work,
        ReplicationStep.ADOPT,
        old,
        by,
        answered_on=day,
        answered_by=by.id,
        successor=successor,
    )


@act(Step.RESPOND)
def decline(
    work: Work,
    key: Annotated[str, Argument.REPLICATION],
    reason: str,
    *,
    by: Actor = ACTING,
) -> Replication:
    """Decline a practice, with the reason (D1).

    Raises:
        NotFound: if there is no such replication.
        StepRefused: if the actor may not respond for the unit, or it is answered.
        InputRefused: for an empty reason.

    """
    old = _in_state(work, key, ReplicationStep.DECLINE)
    said = required(reason, Argument.REASON, longest=2000, lines=True)
    day = work.today
    return _step(
        work,
        ReplicationStep.DECLINE,
        old,
        by,
        answered_on=day,
        answered_by=by.id,
        reason=said,
    )


@act(Duty.CONFIRM)
def recall(
    work: Work,
    key: Annotated[str, Argument.REPLICATION],
    reason: str,
    *,
    by: Actor = ACTING,
) -> Replication:
    """Recall a proposal that is not answered, with the reason (D1).

    Raises:
        NotFound: if there is no such replication.
        StepRefused: if the actor is not of the office, or it is answered.
        InputRefused: for an empty reason.

    """
    old = _in_state(work, key, ReplicationStep.RECALL)
    said = required(reason, Argument.REASON, longest=2000, lines=True)
    return _step(work, ReplicationStep.RECALL, old, by, reason=said)


@act(Duty.CONFIRM)
def compare(
    work: Work, key: Annotated[str, Argument.REPLICATION], *, by: Actor = ACTING
) -> Replication:
    """Compare the effect of a unit's item with that of the practice (D1).

    It is compared again after another evaluation. What nobody measured is not
    measurable.

    Raises:
        NotFound: if there is no such replication.
        StepRefused: if the actor is not of the office, nothing was adopted, the item
            has no final evaluation or one in doubt, or nothing has changed.

    """
    old = _in_state(work, key, ReplicationStep.COMPARE)
    effect = rules.effect_of(repository.item(work.connection, old.successor))
    known = record_of(work, Practice, old.practice)
    verdict = rules.compared(known.effect, effect, work.rulebook.improving.replication)
    return _step(
        work,
        ReplicationStep.COMPARE,
        old,
        by,
        effect=effect,
        verdict=verdict,
        compared_on=work.today,
    )


def _in_state(work: Work, key: str, step: ReplicationStep) -> Replication:
    """Return a replication whose state has a step.

    Raises:
        NotFound: if there is no such replication.
        StepRefused: if its state doesn't have it.

    """
    known = record_of(work, Replication, key)
    require_road(REPLICATION, known.state, step, known.key)
    return known


def _step(
    work: Work, step: ReplicationStep, old: Replication, by: Actor, **changes: Any
) -> Replication:
    """Take a step with a replication that exists."""
    replica = None
    if old.successor:
        replica = repository.item(work.connection, old.successor)
    evidence = ReplicationEvidence(
        item=repository.item(work.connection, old.item),
        practice=record_of(work, Practice, old.practice),
        unit=old.unit,
        replica=replica,
        verdict=changes.get("verdict"),
    )
    return step_record(
        work, step, old, by=by, evidence=evidence, about=old.practice, **changes
    )
