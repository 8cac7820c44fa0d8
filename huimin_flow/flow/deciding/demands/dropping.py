"""Entries of a task ledger that its unit asks to drop, by word of the office (B4)."""

from __future__ import annotations

from typing import Annotated, Final

from huimin_flow.catalogue.reasons import LedgerCode
from huimin_flow.catalogue.terms import Argument, Duty, State, Step
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, advance
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.drafts import unit_of_lists
from huimin_flow.flow.deciding.editions import cancel
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.ledgers import FULFILLED, IN_LEDGER
from huimin_flow.model.evidence import ReasonEvidence
from huimin_flow.model.items import Item
from huimin_flow.states.authority import may_do
from huimin_flow.states.guards.items import is_reasoned
from huimin_flow.store.core import repository

#: The states of an entry that is on a list, and not carried out yet.
_LISTED: Final = (State.LISTED, State.ASSIGNED)


def step_of(state: State) -> Step:
    """Return the step by which an entry leaves the ledger: what is on a list by two."""
    return Step.CANCEL if state in _LISTED else Step.DEFER


@act(Duty.REPORT, two=True)
def drop_entry(
    work: Work,
    number: str,
    reason: Annotated[str, Argument.REASON_CODE],
    *,
    by: Actor = ACTING,
    second: Actor,
) -> Item:
    """Drop an entry of a task ledger: its unit asks, ``second`` of the office does it.

    The demand is deferred, so that nothing is lost: it can be revived. What is on the
    unit's own list is cancelled there, and the list gets a draft without it.

    Raises:
        NotFound: if there is no such item.
        StepRefused: if it is no entry of the unit's ledger, has left it or is
            fulfilled, for an unknown reason code, or if the second may not confirm it.

    """
    item = may_drop(work, number, reason, by)
    if step_of(item.state) is Step.CANCEL:
        return cancel(work, number, reason, by=second, second=by)
    work.different(by.id, second.id)
    work.duty(second, Duty.CONFIRM)
    return advance(
        work,
        item,
        Step.DEFER,
        _evidence(work, reason),
        by=acting_as(work, second, by, (item.unit,)),
        changes={"reason_code": reason},
    )


def may_drop(work: Work, number: str, reason: str, by: Actor) -> Item:
    """Return an entry that an actor may ask to drop.

    Raises:
        NotFound: if there is no such item.
        StepRefused: with the reason why it can't be asked for.

    """
    item = repository.item(work.connection, number)
    work.duty(by, Duty.REPORT, item.unit)
    if item.state not in IN_LEDGER:
        code = LedgerCode.NO_ENTRY if item.placement is None else LedgerCode.ENTRY_GONE
        raise StepRefused(code, item=number, state=item.status)
    if item.state in FULFILLED:
        raise StepRefused(LedgerCode.ENTRY_FULFILLED, item=number, state=item.status)
    if lacking := is_reasoned(item, acting_as(work, by), _evidence(work, reason)):
        raise StepRefused(lacking)
    if item.state in _LISTED and may_do(
        work.believed(by),
        Duty.CONFIRM,
        work.rulebook.organization,
        unit=unit_of_lists(work, number),
        day=work.today,
    ):
        raise StepRefused(LedgerCode.ENTRY_LISTED, item=number, person=by.id)
    return item


def _evidence(work: Work, reason: str) -> ReasonEvidence:
    known = work.rulebook.rules.reject_reasons
    return ReasonEvidence(reason_code=reason, known=known)
