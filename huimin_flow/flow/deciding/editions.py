"""Lists: supplements, confirmation, cancellation; successors and responses (B5, C3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    EditionKind,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.advance import acting_as, advance, bear, next_key
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.lists import keep_edition, list_of, place_of
from huimin_flow.flow.sensing.items import Demand, born_of
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted
from huimin_flow.model.deciding.lists import Edition, unit_of_list
from huimin_flow.model.evidence import LinkEvidence, ListingEvidence, ReasonEvidence
from huimin_flow.model.items import Item
from huimin_flow.states.machine import require_road
from huimin_flow.states.records import LIST
from huimin_flow.store.core import repository
from huimin_flow.store.core.repository import open_successor


def supplement(
    work: Work,
    number: str,
    edition: Annotated[str, Argument.LIST],
    *,
    by: Actor,
    second: Actor,
) -> Item:
    """Add an item to a frozen list after its deadline, by two people (B5).

    What enters the city's list enters its unit's own list, too, if there is one.

    Raises:
        NotFound: if there is no such edition.
        InputRefused: if the list is another unit's, or of a year gone by.
        StepRefused: unless two people with the duty stand behind it, or if the
            list isn't frozen yet.

    """
    unit = unit_of_list(edition)
    work.two_people(by, second, Duty.CONFIRM, unit=unit)
    frozen = list_of(work, edition)
    require_road(LIST, frozen.state, RecordStep.SUPPLEMENT, edition)
    item = repository.item(work.connection, number)
    if unit not in {None, item.unit}:
        raise InputRefused(
            DecisionCode.OTHER_UNITS_LIST,
            item=number,
            owner=item.unit,
            unit=unit,
            period=frozen.period,
        )
    if int(frozen.period[:4]) < work.today.year:
        raise InputRefused(DecisionCode.PERIOD_OVER, period=frozen.period)
    listed = advance(
        work,
        number,
        Step.ENLIST,
        ListingEvidence(edition=edition),
        by=acting_as(work, by, second, (unit,)),
        changes={"edition": edition, "rank": _next_rank(frozen)},
    )
    own = f"{edition.rpartition('/')[0]}/{item.unit}"
    theirs = repository.find_record(work.connection, Edition, own)
    _enter(work, listed, frozen, by, second)
    if unit is None and theirs is not None:
        _enter(work, listed, theirs, by, second)
    return listed


def _next_rank(edition: Edition) -> int:
    return max((place.rank for place in edition.places), default=0) + 1


def _enter(work: Work, item: Item, edition: Edition, by: Actor, second: Actor) -> None:
    """Put an item last on a list, as its next version."""
    number = item.number
    others = (place for place in edition.places if place.item != number)
    changed = replace(
        edition,
        kind=EditionKind.SUPPLEMENT,
        places=(*others, place_of(item, _next_rank(edition))),
        left_out=tuple(one for one in edition.left_out if one.item != number),
    )
    keep_edition(work, RecordStep.SUPPLEMENT, changed, edition, by=by, second=second)


def _lists_naming(work: Work, number: str) -> list[Edition]:
    return [
        edition
        for edition in repository.records(work.connection, Edition)
        if any(place.item == number for place in edition.places)
    ]


def unit_of_lists(work: Work, number: str) -> str | None:
    """Return the unit whose list alone names an item, or None for the city's."""
    units = {unit_of_list(edition.key) for edition in _lists_naming(work, number)}
    return units.pop() if len(units) == 1 else None


def leave_lists(work: Work, number: str, *, by: Actor, second: Actor) -> None:
    """Take an item off every list that names it; each gets a new version."""
    for edition in _lists_naming(work, number):
        changed = replace(
            edition,
            kind=EditionKind.AMENDMENT,
            places=tuple(place for place in edition.places if place.item != number),
        )
        keep_edition(work, RecordStep.AMEND, changed, edition, by=by, second=second)


def confirm(
    work: Work, key: Annotated[str, Argument.LIST], *, by: Actor, second: Actor
) -> Edition:
    """Confirm a frozen list by two people (C3).

    Raises:
        NotFound: if there is no such edition.
        StepRefused: if it isn't frozen, or two people are missing.

    """
    work.two_people(by, second, Duty.CONFIRM, unit=unit_of_list(key))
    frozen = list_of(work, key)
    return keep_edition(work, RecordStep.CONFIRM, frozen, frozen, by=by, second=second)


def publish(work: Work, key: Annotated[str, Argument.LIST], *, by: Actor) -> Edition:
    """Publish a confirmed list (C3): a unit's own list is its own to publish."""
    work.duty(by, Duty.PUBLISH, unit_of_list(key))
    confirmed = list_of(work, key)
    return keep_edition(work, RecordStep.PUBLISH, confirmed, confirmed, by=by)


def cancel(
    work: Work, number: str, reason_code: str, *, by: Actor, second: Actor
) -> Item:
    """Take an item off its lists for good, by two people: a new edition of each.

    Raises:
        StepRefused: unless two people with the duty stand behind it, or for an
            unknown reason code.

    """
    unit = unit_of_lists(work, number)
    work.two_people(by, second, Duty.CONFIRM, unit=unit)
    known = work.rulebook.rules.reject_reasons
    closed = advance(
        work,
        number,
        Step.CANCEL,
        ReasonEvidence(reason_code=reason_code, known=known),
        by=acting_as(work, by, second, (unit,)),
        changes={"reason_code": reason_code},
    )
    leave_lists(work, number, by=by, second=second)
    return closed


def continued(work: Work, number: str, *, by: Actor) -> tuple[Item, Item]:
    """Collect the successor of an item that runs on (carry_over); parent first.

    The parent doesn't move: next year's list freezes while it still runs. One
    open successor is enough; another may follow where that one came to an end.

    Raises:
        StepRefused: naming the open successor, if there is one.

    """
    parent = repository.item(work.connection, number)
    child = next_key(work, StreamKind.ITEM, work.today.year)
    link = LinkEvidence(other=child, successor=open_successor(work.connection, number))
    parent = advance(
        work, number, Step.CARRY_OVER, link, by=by, named={"successor": child}
    )
    demand = replace(_demand_of(parent), continues=number)
    changes = born_of(work, demand, work.today)
    return parent, bear(work, child, Step.COLLECT, by=by, changes=changes)


def respond(
    work: Work, number: str, unit: str, *, by: Actor, title: str = ""
) -> tuple[Item, Item]:
    """Let another unit take up a demand: an item of its own, born judged (B4).

    The parent must have been judged; it stays where it is, and its history says
    who took it up.

    Raises:
        InputRefused: if the item is that unit's own.
        StepRefused: if the parent wasn't judged, or is at an end.

    """
    parent = repository.item(work.connection, number)
    if parent.unit == unit:
        raise InputRefused(DecisionCode.OWN_ITEM)
    child = next_key(work, StreamKind.ITEM, work.today.year)
    demand = replace(
        _demand_of(parent),
        title=accepted(title, Argument.TITLE) or parent.title,
        unit=unit,
        responds_to=number,
    )
    changes = born_of(work, demand, work.today)
    for name in ("deliberation", "placement", "prevalence", "screening_score"):
        changes[name] = getattr(parent, name)
    parent = advance(
        work,
        number,
        Step.RESPOND,
        LinkEvidence(other=child),
        by=by,
        named={"for_unit": unit, "successor": child},
    )
    origin = LinkEvidence(other=number)
    return parent, bear(work, child, Step.RESPOND, origin, by=by, changes=changes)


def _demand_of(item: Item) -> Demand:
    return Demand(
        title=item.title,
        origin=item.origin,
        area=item.area,
        unit=item.unit,
        description=item.description,
        life_stage=item.life_stage,
    )
