"""The proposals that wait for the actor as the second person."""

from __future__ import annotations

from collections.abc import Iterator

from huimin_flow.catalogue.terms import (
    ProposalField,
    RecordStep,
    TodoKind,
    TwoPeople,
)
from huimin_flow.flow.deciding.drafts import unit_of_lists
from huimin_flow.flow.todo.desk import Desk
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.deciding.lists import unit_of_list
from huimin_flow.model.evidence import RatedEvidence
from huimin_flow.model.items import Todo
from huimin_flow.states.authority import is_author
from huimin_flow.states.guards.records import is_impartial
from huimin_flow.streams import TWO_PERSON_ACTS


def proposals(desk: Desk) -> Iterator[Todo]:
    """Yield the proposals of others that the actor may confirm."""
    for proposal, since in desk.waiting:
        duty = TWO_PERSON_ACTS[proposal.act].duty
        authors = desk.work.authors(proposal.key)
        if is_author(desk.by.id, proposal.by, authors, desk.organization):
            continue
        if not desk.may(duty, None) and not desk.may(duty, _owner(desk, proposal)):
            continue
        if proposal.act == TwoPeople.SET_ASIDE:
            case = desk.objections.get(proposal.values[ProposalField.TRANSACTION])
            if case is None or is_impartial(
                case, desk.acting, RatedEvidence(rated=case.unit)
            ):
                continue
        yield Todo(
            kind=TodoKind.PROPOSAL,
            subject=proposal.key,
            title=TwoPeople(proposal.act).spoken,
            step=RecordStep.APPROVE,
            act="proposals.approve",
            since=since,
        )


def _owner(desk: Desk, proposal: Proposal) -> str | None:
    """Return the unit that owns what a proposal changes, None for the city."""
    values = proposal.values
    if ProposalField.EDITION in values:
        return unit_of_list(values[ProposalField.EDITION])
    if ProposalField.ITEM in values:
        return unit_of_lists(desk.work, values[ProposalField.ITEM], desk.editions)
    return desk.by.unit if ProposalField.TRANSACTION in values else None
