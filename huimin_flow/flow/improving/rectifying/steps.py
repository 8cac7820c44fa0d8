"""Rectifications: opened by the office, submitted by the unit, accepted by others (D2).

An item leaves the bad board only by an acceptance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from huimin_flow.catalogue.reasons import RectificationCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    RectificationState,
    RectificationStep,
    State,
    StreamKind,
)
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key
from huimin_flow.flow.core.reads import digests_of, record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.rectifying.questions import basis_of, line_of
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.improving.boards import BadEntry, SupervisionOrder
from huimin_flow.model.improving.rectification import (
    Rectification,
)
from huimin_flow.model.items import Item
from huimin_flow.model.record_evidence import (
    RectifiedEvidence,
)
from huimin_flow.rules.improving import boards, rectification
from huimin_flow.states.guards.rectification import RAN
from huimin_flow.states.improving import RECTIFICATION
from huimin_flow.states.machine import require_road
from huimin_flow.store import pasts
from huimin_flow.store.core import repository
from huimin_flow.store.pasts import boards as stored


@act(Duty.CONFIRM)
def open_(
    work: Work,
    number: str,
    cause: Annotated[str, Argument.CAUSE],
    *,
    order_key: Annotated[str | None, Argument.ORDER_KEY] = None,
    by: Actor = ACTING,
) -> Rectification:
    """Open a rectification of an item on the bad board, or under an order (D2).

    ``order_key`` is the key of the supervision order on which it is opened.

    Raises:
        NotFound: if there is no such item or order.
        StepRefused: if the actor is not of the office, the item doesn't run yet or has
            ended without an entry on the bad board, another rectification of it is
            open, or it has no cause.
        InputRefused: for an empty cause.

    """
    order = None
    if order_key is not None:
        order = record_of(work, SupervisionOrder, order_key)
    return _open(work, number, cause, by, order, entry_of(work, number))


@act(Duty.TIMETABLE)
def open_listed(work: Work, *, by: Actor = ACTING) -> tuple[Rectification, ...]:
    """Open a rectification for each entry of the bad boards that has none (D2).

    The service does it once a day, for closed items, too. An entry whose item has
    another open rectification stays open: its acceptance ends both.

    Raises:
        StepRefused: if the actor may not run the timetable.

    """
    work.duty(by, Duty.TIMETABLE)
    return tuple(
        _open(work, entry.entry.item, cause_of(entry), by, None, entry)
        for entry, _ in unopened(work)
    )


def cause_of(entry: BadEntry) -> str:
    """Return why an entry's item is to be put right: its grounds, or its quarter."""
    return " ".join(ground.label for ground in entry.entry.grounds) or entry.since


def unopened(work: Work) -> list[tuple[BadEntry, Item]]:
    """Return the entries of bad boards for which a rectification can be opened."""
    entries = {each.entry.item: each for each in stored.open_at(work.connection, None)}
    if not entries:
        return []
    known = repository.records(work.connection, Rectification)
    busy = {each.item for each in rectification.still_open(known)}
    items = pasts.items_at(work.connection, entries.keys() - busy, None)
    states = RAN | {State.CLOSED}
    return [
        (entries[n], item) for n, item in sorted(items.items()) if item.state in states
    ]


def _open(
    work: Work,
    number: str,
    cause: str,
    by: Actor,
    order: SupervisionOrder | None,
    entry: BadEntry | None,
) -> Rectification:
    """Open a rectification for a cause: an entry on the bad board, or an order."""
    item = repository.item(work.connection, number)
    said = required(cause, Argument.CAUSE, longest=2000, lines=True)
    repository.hold_items(work.connection, [number])  # two are not opened at once
    known = repository.records(work.connection, Rectification, number)
    others = rectification.still_open(known)
    named = () if order is None or order.item != number else (order,)
    evidence = RectifiedEvidence(
        item=item,
        open=others[0].key if others else None,
        caused=entry is not None or bool(boards.still_open(named)),
        listed=entry is not None,
    )
    acting = acting_as(work, by, units=(item.unit,))
    key = next_key(work, StreamKind.RECTIFICATION, work.today.year)
    new = Rectification(
        key=StreamKind.RECTIFICATION.key(key),
        item=number,
        unit=item.unit,
        state=RectificationState.OPENED,
        cause=said,
        opened_on=work.today,
        opened_by=by.id,
        known=work.head,
        since="" if entry is None else entry.since,
        edition=0 if entry is None else entry.edition,
        order="" if order is None else order.key,
    )
    step = RectificationStep.OPEN
    return keep_record(work, step, new, None, acting, evidence, about=number)


def entry_of(work: Work, number: str) -> BadEntry | None:
    """Return the open entry of an item on the bad board, None if it is on none."""
    known = stored.open_at(work.connection, None)
    return next((each for each in known if each.entry.item == number), None)


@act(Duty.REPORT)
def submit(
    work: Work,
    key: Annotated[str, Argument.RECTIFICATION_KEY],
    done: Annotated[str, Argument.DONE],
    evidence: Sequence[str],
    *,
    by: Actor = ACTING,
) -> Rectification:
    """Submit what was put right, with files of the item as evidence (D2).

    ``evidence`` are digests of the item's files, or their beginnings; one at least.

    Raises:
        NotFound: if there is no such rectification.
        StepRefused: if the actor may not report for the item's unit, or it is
            submitted or accepted already.
        InputRefused: for a file that the item doesn't have, no file, or an empty text.

    """
    old = in_state(work, key, RectificationStep.SUBMIT)
    said = required(done, Argument.DONE, longest=2000, lines=True)
    files = digests_of(work, old.item, evidence)
    if not files:
        raise InputRefused(RectificationCode.EVIDENCE_NEEDED, item=old.item)
    return take(
        work,
        RectificationStep.SUBMIT,
        old,
        by,
        done=said,
        files=files,
        submitted_on=work.today,
        submitted_by=by.id,
        late=max(old.late, line_of(work, old).overdue),
    )


@act(Duty.CONFIRM)
def accept(
    work: Work,
    key: Annotated[str, Argument.RECTIFICATION_KEY],
    finding: Annotated[str, Argument.FINDING],
    *,
    by: Actor = ACTING,
) -> Rectification:
    """Accept what another unit has put right, after figures and citizens' word (D2).

    Raises:
        NotFound: if there is no such rectification.
        StepRefused: if nothing was submitted, the actor is of the unit, has submitted
            it or may not judge others, no figure was reported since it began, too few
            citizens have spoken since, or a file of the evidence is gone.
        InputRefused: for an empty finding.

    """
    old = in_state(work, key, RectificationStep.ACCEPT)
    said = required(finding, Argument.FINDING, longest=2000, lines=True)
    for digest in old.files:
        try:
            if work.shelf is not None:
                work.shelf.get(digest)
        except HuiminError as gone:
            code = RectificationCode.EVIDENCE_GONE
            raise StepRefused(code, digest=digest[:12]) from gone
    # One that was opened on an order ends the entry that came meanwhile, too.
    entry = None if old.since else entry_of(work, old.item)
    basis = basis_of(work, old, work.today)
    verdict = rectification.acceptable(
        old, basis, work.rulebook.improving.rectification
    )
    return take(
        work,
        RectificationStep.ACCEPT,
        old,
        by,
        verdict=verdict,
        finding=said,
        measured=rectification.measured(old, basis),
        word=basis.word,
        accepted_on=work.today,
        accepted_by=by.id,
        since=old.since if entry is None else entry.since,
        edition=old.edition if entry is None else entry.edition,
    )


@act(Duty.CONFIRM)
def return_(
    work: Work,
    key: Annotated[str, Argument.RECTIFICATION_KEY],
    note: Annotated[str, Argument.RETURN_REASON],
    *,
    by: Actor = ACTING,
) -> Rectification:
    """Return what was submitted; the unit goes on, and has more days for it (D2).

    Raises:
        NotFound: if there is no such rectification.
        StepRefused: if nothing was submitted, or the actor is of the unit, has
            submitted it or may not judge others.
        InputRefused: for an empty note.

    """
    old = in_state(work, key, RectificationStep.RETURN)
    said = required(note, Argument.RETURN_REASON, longest=2000, lines=True)
    day, known = work.today, work.head
    return take(
        work,
        RectificationStep.RETURN,
        old,
        by,
        finding=said,
        returned_on=day,
        known=known,
    )


def in_state(work: Work, key: str, step: RectificationStep) -> Rectification:
    """Return a rectification whose state has a step.

    Raises:
        NotFound: if there is no such rectification.
        StepRefused: if its state doesn't have it.

    """
    known = record_of(work, Rectification, key)
    require_road(RECTIFICATION, known.state, step, known.key)
    return known


#: The steps that others take: their right is that of their own unit.
_BY_OTHERS = frozenset({RectificationStep.ACCEPT, RectificationStep.RETURN})


def take(
    work: Work,
    step: RectificationStep,
    old: Rectification,
    by: Actor,
    *,
    verdict: Any = None,
    **changes: Any,
) -> Rectification:
    """Take a step with a rectification; the unit that now has the item owns it."""
    item = repository.item(work.connection, old.item)
    judged = step in _BY_OTHERS
    acting = acting_as(work, by, units=(by.unit if judged else item.unit,))
    evidence = RectifiedEvidence(item=item, verdict=verdict)
    new = replace(old, unit=item.unit, **changes)
    return keep_record(work, step, new, old, acting, evidence, about=old.item)
