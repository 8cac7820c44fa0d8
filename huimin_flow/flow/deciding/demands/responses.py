"""Responses of units to the demand ledger: taken up, or not theirs (B4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from huimin_flow.catalogue.reasons import DecisionCode, LedgerCode
from huimin_flow.catalogue.terms import (
    Argument,
    RecordStep,
    ResponseState,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import (
    acting_as,
    advance,
    create,
    keep_record,
    next_key,
)
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.editions import demand_of
from huimin_flow.flow.sensing.items import first_facts
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required
from huimin_flow.model.deciding.ledgers import (
    Response,
)
from huimin_flow.model.evidence import LinkEvidence, ResponseEvidence
from huimin_flow.model.items import Item
from huimin_flow.rules.deciding import responses as rules
from huimin_flow.states.guards.records import responds_for_their_unit
from huimin_flow.store.core import repository


@act(Step.RESPOND)
def respond(
    work: Work, number: str, unit: str, *, by: Actor = ACTING, title: str = ""
) -> tuple[Item, Item]:
    """Create another unit's item for the same demand; it begins as judged (B4).

    The parent must have been judged. It keeps its state, and its history names the
    other unit and the new item. A unit responds once to a demand.

    Raises:
        InputRefused: if the item belongs to that unit already.
        StepRefused: if the parent wasn't judged, or has ended, or if the unit has
            responded to it before.

    """
    demand = repository.item(work.connection, number)
    response = _awaited(work, demand, unit, by)
    return _take_up(work, demand, response, unit, by, title=title)


@act(Step.RESPOND)
def decline(
    work: Work,
    number: str,
    unit: str,
    reason: Annotated[str, Argument.DECLINE_CODE],
    *,
    by: Actor = ACTING,
    note: str = "",
) -> Response:
    """Say that a demand is not the unit's own, with a reason code of the rulebook (B4).

    Raises:
        InputRefused: if the item belongs to that unit, or there is no such unit.
        StepRefused: if the demand is not put to the unit, the code is unknown, or the
            unit has responded to it before.

    """
    demand = repository.item(work.connection, number)
    new = _awaited(work, demand, unit, by)
    evidence = _evidence(work, demand, new.unit, reason)
    declined = replace(
        new,
        answered_by=by.id,
        reason_code=reason,
        note=accepted(note, Argument.NOTE, lines=True),
    )
    return _keep(work, RecordStep.DECLINE, declined, None, by, evidence)


@act(Step.RESPOND)
def reconsider(
    work: Work,
    number: str,
    unit: str,
    reason: str,
    *,
    by: Actor = ACTING,
    title: str = "",
) -> tuple[Item, Item]:
    """Take up a demand that the unit has declined, with the reason (B4).

    Returns the demand and the unit's new item.

    Raises:
        InputRefused: for an empty reason, or if the item belongs to that unit.
        StepRefused: if the unit has not declined it, or the parent has ended.

    """
    demand = repository.item(work.connection, number)
    known = _responses(work, demand, unit, by)
    declined = next((r for r in known if r.state is ResponseState.DECLINED), None)
    if declined is None or len(known) > 1:
        _refuse_second(work, known)
        name = work.rulebook.organization.name_of(unit)
        raise StepRefused(LedgerCode.NOTHING_DECLINED, unit=name, item=number)
    text = required(reason, Argument.REASON, lines=True)
    return _take_up(work, demand, declined, unit, by, title=title, reason=text)


def _responses(work: Work, demand: Item, unit: str, by: Actor) -> list[Response]:
    """Return what a unit and its predecessors have responded to a demand.

    Raises:
        InputRefused: if the item belongs to that unit already.
        StepRefused: if the actor may not respond for the unit.

    """
    codes = {unit} | work.rulebook.organization.acts_for(unit, work.today)
    if demand.unit in codes:
        raise InputRefused(DecisionCode.OWN_ITEM)
    asked = _evidence(work, demand, unit)
    if reasons := responds_for_their_unit(None, acting_as(work, by), asked):
        raise StepRefused(reasons)
    keys = [StreamKind.RESPONSE.key(demand.number, code) for code in sorted(codes)]
    known = (repository.find_record(work.connection, Response, key) for key in keys)
    return [response for response in known if response is not None]


def _refuse_second(work: Work, known: list[Response]) -> None:
    """Refuse a second response of a unit, naming the first.

    Raises:
        StepRefused: if there is one that was taken up, or else a declined one.

    """
    for response in sorted(known, key=lambda r: r.state is ResponseState.DECLINED):
        taken = response.state is ResponseState.TAKEN_UP
        raise StepRefused(
            LedgerCode.RESPONDED if taken else LedgerCode.DECLINED,
            unit=work.rulebook.organization.name_of(response.unit),
            item=response.item,
            state=response.state,
            first=response.successor or response.key,
        )


def _awaited(work: Work, demand: Item, unit: str, by: Actor) -> Response:
    """Return a unit's response before the unit has responded."""
    organization = work.rulebook.organization
    if organization.unit(unit, work.today) is None:
        unit = Directory(organization).unit(unit, work.today, exact=True).code
    _refuse_second(work, _responses(work, demand, unit, by))
    return Response(
        key=StreamKind.RESPONSE.key(demand.number, unit),
        item=demand.number,
        unit=unit,
        state=ResponseState.AWAITED,
        version=0,
    )


def _evidence(
    work: Work, demand: Item, unit: str, code: str | None = None, explanation: str = ""
) -> ResponseEvidence:
    book = work.rulebook
    rule = book.rules.responses
    return ResponseEvidence(
        demand=demand,
        unit=unit,
        asked=rules.is_asked(demand, unit, rule, book.organization, work.today),
        reason_code=code,
        known=rule.decline_reasons,
        explanation=explanation,
    )


def _keep(
    work: Work,
    step: RecordStep,
    new: Response,
    old: Response | None,
    by: Actor,
    evidence: ResponseEvidence,
) -> Response:
    acting = acting_as(work, by, units=(new.unit,))
    return keep_record(work, step, new, old, acting, evidence, about=new.unit)


def _take_up(
    work: Work,
    demand: Item,
    response: Response,
    unit: str,
    by: Actor,
    *,
    title: str,
    reason: str = "",
) -> tuple[Item, Item]:
    """Create the unit's own item, and record that it has taken up the demand."""
    number = demand.number
    child = next_key(work, StreamKind.ITEM, work.today.year)
    own = replace(
        demand_of(demand),
        title=accepted(title, Argument.TITLE) or demand.title,
        unit=unit,
        responds_to=number,
    )
    changes = first_facts(work, own, work.today)
    for name in ("deliberation", "placement", "prevalence", "screening_score"):
        changes[name] = getattr(demand, name)
    demand = advance(
        work,
        number,
        Step.RESPOND,
        LinkEvidence(other=child),
        by=by,
        named={"for_unit": unit, "successor": child},
    )
    origin = LinkEvidence(other=number)
    made = create(work, child, Step.RESPOND, origin, by=by, changes=changes)
    evidence = _evidence(work, demand, response.unit, explanation=reason)
    taken = replace(response, answered_by=by.id, successor=child, reason=reason)
    old = response if response.version else None
    _keep(work, RecordStep.TAKE_UP, taken, old, by, evidence)
    return demand, made
