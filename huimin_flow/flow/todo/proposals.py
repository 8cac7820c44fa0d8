"""The proposals that wait for the actor as the second person."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from huimin_flow.catalogue.terms import (
    Area,
    ProposalField,
    RecordStep,
    State,
    TodoKind,
    TwoPeople,
)
from huimin_flow.flow.deciding.demands.dropping import step_of
from huimin_flow.flow.deciding.drafts import unit_of_lists
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.deciding.lists import unit_of_list
from huimin_flow.model.evidence import RatedEvidence
from huimin_flow.model.items import Todo
from huimin_flow.states.authority import authorize, is_author
from huimin_flow.states.guards.records import is_impartial
from huimin_flow.store import awaited
from huimin_flow.streams import TWO_PERSON_ACTS


def proposals(desk: Desk) -> Iterator[Todo]:
    """Yield the proposals of others that the actor may confirm."""
    asked = {
        proposal.key: proposal.values[ProposalField.ITEM]
        for proposal, _ in desk.waiting
        if TWO_PERSON_ACTS[proposal.act].asks is not None
    }
    places = awaited.places_of(desk.work.connection, asked.values()) if asked else {}
    for proposal, since in desk.waiting:
        declared = TWO_PERSON_ACTS[proposal.act]
        duty = declared.duty
        held = partial(desk.work.held_then, proposal.key)
        if is_author(desk.by.id, proposal.by, held, desk.organization):
            continue
        if not desk.may(duty, None) and not desk.may(duty, _owner(desk, proposal)):
            continue
        if proposal.act == TwoPeople.SET_ASIDE:
            case = desk.objections.get(proposal.values[ProposalField.TRANSACTION])
            if case is None or is_impartial(
                case, desk.acting, RatedEvidence(rated=case.unit)
            ):
                continue
        number = asked.get(proposal.key)
        if number is not None and not _may_take(desk, *places[number]):
            continue
        yield Todo(
            kind=TodoKind.PROPOSAL,
            subject=proposal.key,
            title=TwoPeople(proposal.act).spoken,
            step=RecordStep.APPROVE,
            act="proposals.approve",
            since=since,
        )


def _may_take(desk: Desk, state: State, unit: str, area: Area) -> bool:
    """Tell whether the actor may take the step that another person has asked for."""
    step = step_of(state)
    return not authorize(desk.by, step, unit, area, desk.organization, day=desk.day)


def _owner(desk: Desk, proposal: Proposal) -> str | None:
    """Return the unit that owns what a proposal changes, None for the city."""
    values = proposal.values
    if ProposalField.EDITION in values:
        return unit_of_list(values[ProposalField.EDITION])
    if ProposalField.ITEM in values:
        return unit_of_lists(desk.work, values[ProposalField.ITEM], desk.editions)
    return desk.by.unit if ProposalField.TRANSACTION in values else None
