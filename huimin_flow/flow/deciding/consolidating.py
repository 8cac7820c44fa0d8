"""The areas' proposals, and the city's list that consolidates them (C1, C3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    ChangeKind,
    Duty,
    EditionKind,
    EditionState,
    Job,
    RecordStep,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.earliest import not_yet
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.lists import keep_edition, list_of
from huimin_flow.model.core import periods
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required
from huimin_flow.model.deciding.lists import (
    CITY,
    Change,
    Edition,
    Place,
    area_of_list,
    described_as,
    is_silent,
    pending,
)
from huimin_flow.rules.deciding import lists
from huimin_flow.store.core import repository


@act(Duty.PROPOSE)
def arrange(
    work: Work,
    key: Annotated[str, Argument.AREA_LIST],
    item: str,
    rank: int,
    reason: str,
    *,
    by: Actor = ACTING,
) -> Edition:
    """Give an item another place on an area's proposal, or take it in there (C1).

    An item to be taken in must be on its unit's list of the year. ``rank`` counts from
    1. A proposal that was proposed already must be proposed again.

    Raises:
        NotFound: if there is no such proposal or item.
        InputRefused: for a rank that is no place, an item that is on no unit's list
            or of another area, a full area, or without a reason.
        StepRefused: for others than the area's lead unit.

    """
    proposal, kept = open_proposal(work, key, by), required(reason, Argument.REASON)
    others = [place for place in proposal.places if place.item != item]
    known, kind = proposal.place(item), ChangeKind.ORDER
    if known is None:
        known, kind = _chosen(work, proposal, item), ChangeKind.TAKEN_IN
        quota = work.rulebook.rules.selection.quota_per_area[known.area].value
        if len(others) >= quota:
            code, area = PublicationCode.AREA_FULL, known.area
            raise InputRefused(code, key=key, area=area, quota=quota)
    if not 1 <= rank <= len(others) + 1:
        code, most = PublicationCode.NO_SUCH_RANK, len(others) + 1
        raise InputRefused(code, rank=rank, most=most)
    others.insert(rank - 1, known)
    change = Change(kind=kind, item=item, title=known.title, reason=kept)
    return _rearranged(work, proposal, others, change, by)


@act(Duty.PROPOSE)
def leave_out(
    work: Work,
    key: Annotated[str, Argument.AREA_LIST],
    item: str,
    reason: str,
    *,
    by: Actor = ACTING,
) -> Edition:
    """Leave an item out of an area's proposal; it stays on its unit's list (C1).

    Raises:
        NotFound: if there is no such proposal.
        InputRefused: if the item is not on the proposal, or without a reason.
        StepRefused: for others than the area's lead unit.

    """
    proposal, kept = open_proposal(work, key, by), required(reason, Argument.REASON)
    known = proposal.place(item)
    if known is None:
        raise InputRefused(PublicationCode.NOT_ON_LIST, item=item, key=key)
    others = [place for place in proposal.places if place.item != item]
    kind = ChangeKind.LEFT_OUT
    change = Change(kind=kind, item=item, title=known.title, reason=kept)
    return _rearranged(work, proposal, others, change, by)


@act(Duty.PROPOSE)
def propose(
    work: Work, key: Annotated[str, Argument.AREA_LIST], *, by: Actor = ACTING
) -> Edition:
    """Propose an area's items for the city's list, by its lead unit (C1).

    Raises:
        NotFound: if there is no such proposal.
        InputRefused: once the city's list is consolidated.
        StepRefused: for others than the area's lead unit, or if it is proposed.

    """
    proposal = open_proposal(work, key, by)
    return keep_edition(work, RecordStep.PROPOSE, proposal, proposal, by=by)


def open_proposal(work: Work, key: str, by: Actor) -> Edition:
    """Return an area's proposal that its lead unit may still change."""
    if area_of_list(key) is None:
        raise InputRefused(PublicationCode.NO_AREAS_LIST, key=key)
    proposal = list_of(work, key)
    work.duty(by, Duty.PROPOSE, proposal.unit)
    city = StreamKind.LIST.key(proposal.period, CITY)
    if repository.find_record(work.connection, Edition, city) is not None:
        code = PublicationCode.CONSOLIDATED_ALREADY
        raise InputRefused(code, period=proposal.period, key=city)
    return proposal


def _chosen(work: Work, proposal: Edition, number: str) -> Place:
    """Return the place of an item of the area on its unit's list of the year."""
    item, period = repository.item(work.connection, number), proposal.period
    own = StreamKind.LIST.key(period, item.unit)
    listed = repository.find_record(work.connection, Edition, own)
    place = None if listed is None else listed.place(number)
    if place is None:
        code = PublicationCode.NOT_ON_UNITS_LIST
        raise InputRefused(code, item=number, key=own)
    area = area_of_list(proposal.key)
    if place.area is not area:
        code = PublicationCode.OF_OTHER_AREA
        raise InputRefused(code, item=number, area=place.area, key=proposal.key)
    return place


def _rearranged(
    work: Work, proposal: Edition, places: Sequence[Place], change: Change, by: Actor
) -> Edition:
    new = replace(proposal, places=lists.numbered([places]))
    changes = (*pending(proposal), change)
    return keep_edition(work, RecordStep.ARRANGE, new, proposal, changes, by=by)


@act(Duty.CONFIRM)
def consolidate(
    work: Work,
    period: Annotated[str, Argument.LIST_PERIOD],
    silent: str = "",
    *,
    by: Actor = ACTING,
) -> Edition:
    """Consolidate the areas' proposals to the city's list of a year (C3).

    The areas follow each other in the order of the document, numbered through.
    ``silent`` is the reason for which the drafts of areas are taken that have not
    proposed; the list names them. Items that have left their lists since are left out.

    Raises:
        NotFound: before the units' lists are frozen; it names the deadline.
        InputRefused: for a period that is no year, or if the city has its list.
        StepRefused: if an area has not proposed, without a reason; it names the areas.

    """
    work.duty(by, Duty.CONFIRM)
    periods.year(period)
    key = StreamKind.LIST.key(period, CITY)
    if repository.find_record(work.connection, Edition, key) is not None:
        raise InputRefused(PublicationCode.CONSOLIDATED_ALREADY, period=period, key=key)
    proposals = proposals_of(work, period)
    if not proposals:
        raise not_yet(work, Job.LISTING, period, PublicationCode.LIST_UNKNOWN, key=key)
    reason = accepted(silent, Argument.SILENT)
    waiting = [each for each in proposals if is_silent(each)]
    if waiting and not reason:
        names = work.rulebook.organization
        raise StepRefused(
            PublicationCode.AREAS_SILENT,
            areas=[area.value for each in waiting if (area := area_of_list(each.key))],
            units=[names.name_of(each.unit) for each in waiting],
        )
    places, out = lists.consolidated(
        proposals,
        {
            place.item: repository.item(work.connection, place.item)
            for each in proposals
            for place in each.places
        },
    )
    places = tuple(_described(work, place, proposals) for place in places)
    if not places and not reason:
        raise StepRefused(PublicationCode.NOTHING_PROPOSED, period=period)
    edition = Edition(
        key=key,
        period=period,
        unit=work.rulebook.organization.office,
        kind=EditionKind.ANNUAL,
        state=EditionState.FROZEN,
        places=places,
        left_out=out,
        silent=tuple(area for each in waiting if (area := area_of_list(each.key))),
        note=reason,
    )
    return keep_edition(work, RecordStep.CONSOLIDATE, edition, None, by=by)


def _described(work: Work, place: Place, proposals: Sequence[Edition]) -> Place:
    """Return an entry in the words of its area's lead unit, or of its own unit."""
    own = StreamKind.LIST.key(proposals[0].period, place.unit)
    listed = repository.find_record(work.connection, Edition, own)
    known = [each.place(place.item) for each in (*proposals, listed) if each]
    return described_as(place, *known)


def proposals_of(work: Work, period: str) -> list[Edition]:
    """Return the areas' proposals of a year, in the order of the areas."""
    keys = (StreamKind.LIST.key(period, area.value) for area in Area)
    known = (repository.find_record(work.connection, Edition, key) for key in keys)
    return [proposal for proposal in known if proposal is not None]
