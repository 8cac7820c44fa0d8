"""Acts on published lists, and items that follow from listed ones (B5, C3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from huimin_flow.catalogue.reasons import Code, DecisionCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    EditionKind,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, advance, create, next_key
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.lists import keep_edition, list_of, place_of
from huimin_flow.flow.sensing.items import Demand, first_facts
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.lists import Edition, unit_of_list
from huimin_flow.model.evidence import (
    LinkEvidence,
    ListingEvidence,
    ReasonEvidence,
    ReopenEvidence,
)
from huimin_flow.model.items import Item, Preview
from huimin_flow.states.machine import permit, require_road
from huimin_flow.states.records import LIST
from huimin_flow.states.table import ITEM
from huimin_flow.store.core import repository
from huimin_flow.store.core.repository import open_successor
from huimin_flow.store.sensing import tallies


@act(Step.ENLIST, Duty.CONFIRM, two=True)
def supplement(
    work: Work,
    number: str,
    edition: Annotated[str, Argument.LIST],
    *,
    by: Actor = ACTING,
    second: Actor,
) -> Item:
    """Add an item to a frozen list after its deadline, by two people (B5).

    An item that enters the city's list also enters its unit's own list, if any.

    Raises:
        NotFound: if there is no such edition.
        InputRefused: if the list is another unit's, or of a past year.
        StepRefused: unless two people with the duty confirm it, or if the
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
    """Record the next version of a list with an item at its end."""
    number = item.number
    others = (place for place in edition.places if place.item != number)
    changed = replace(
        edition,
        kind=EditionKind.SUPPLEMENT,
        places=(*others, place_of(item, _next_rank(edition))),
        left_out=tuple(line for line in edition.left_out if line.item != number),
    )
    keep_edition(work, RecordStep.SUPPLEMENT, changed, edition, by=by, second=second)


def _lists_naming(
    work: Work, number: str, lists: Sequence[Edition] | None = None
) -> list[Edition]:
    if lists is None:
        lists = repository.records(work.connection, Edition)
    return [
        edition
        for edition in lists
        if any(place.item == number for place in edition.places)
    ]


def unit_of_lists(
    work: Work, number: str, lists: Sequence[Edition] | None = None
) -> str | None:
    """Return the unit if only its list names an item, else None for the city.

    ``lists`` are all lists, if the caller has read them.
    """
    units = {unit_of_list(known.key) for known in _lists_naming(work, number, lists)}
    return units.pop() if len(units) == 1 else None


def leave_lists(work: Work, number: str, *, by: Actor, second: Actor) -> None:
    """Take an item off every list that names it; each list gets a new version."""
    for edition in _lists_naming(work, number):
        changed = replace(
            edition,
            kind=EditionKind.AMENDMENT,
            places=tuple(place for place in edition.places if place.item != number),
        )
        keep_edition(work, RecordStep.AMEND, changed, edition, by=by, second=second)


@question
def preview(work: Work, number: str, step: Step) -> Preview:
    """Return what a step without a rule of its own would do to an item.

    ``screening`` and ``judging`` tell it of the steps that a rule decides.

    Raises:
        NotFound: if no item has the number.
        StepRefused: if the item's state has no such step.

    """
    item = repository.item(work.connection, number)
    require_road(ITEM, item.state, step)
    return Preview(
        item=item,
        step=step,
        target=item.before if step is Step.UNMERGE else ITEM.target(item.state, step),
        tally=tallies.tally(work.connection, number),
        lists=tuple(edition.key for edition in _lists_naming(work, number)),
    )


@act(Duty.CONFIRM, two=True)
def confirm(
    work: Work, key: Annotated[str, Argument.LIST], *, by: Actor = ACTING, second: Actor
) -> Edition:
    """Confirm a frozen list by two people (C3).

    Raises:
        NotFound: if there is no such edition.
        StepRefused: if it isn't frozen, or two people are missing.

    """
    work.two_people(by, second, Duty.CONFIRM, unit=unit_of_list(key))
    frozen = list_of(work, key)
    return keep_edition(work, RecordStep.CONFIRM, frozen, frozen, by=by, second=second)


@act(Duty.PUBLISH)
def publish(
    work: Work, key: Annotated[str, Argument.LIST], *, by: Actor = ACTING
) -> Edition:
    """Publish a confirmed list (C3); a unit publishes its own list."""
    work.duty(by, Duty.PUBLISH, unit_of_list(key))
    confirmed = list_of(work, key)
    return keep_edition(work, RecordStep.PUBLISH, confirmed, confirmed, by=by)


@act(Step.CANCEL, Duty.CONFIRM, two=True)
def cancel(
    work: Work, number: str, reason_code: str, *, by: Actor = ACTING, second: Actor
) -> Item:
    """Cancel an item, by two people: each of its lists gets a new edition without it.

    Raises:
        StepRefused: unless two people with the duty confirm it, or for an
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


@act(Step.REOPEN, Duty.CONFIRM, two=True)
def reopen(
    work: Work,
    number: str,
    reason_code: Annotated[str, Argument.RETURN_CODE],
    *,
    by: Actor = ACTING,
    second: Actor,
) -> Item:
    """Take an item back from its end, by two people, with a reason of the rulebook.

    A rejected item is collected again, with its appeals. A closed item is adjusted
    again, unless it was canceled.

    Raises:
        StepRefused: unless two people with the duty confirm it, for an unknown
            reason code, or if another open item continues the same one.

    """
    unit = unit_of_lists(work, number)
    work.two_people(by, second, Duty.CONFIRM, unit=unit)
    return advance(
        work,
        number,
        Step.REOPEN,
        _to_reopen(work, repository.item(work.connection, number), reason_code),
        by=acting_as(work, by, second, (unit,)),
        changes={"reason_code": reason_code},
    )


def _to_reopen(work: Work, item: Item, reason_code: str) -> ReopenEvidence:
    """Return the evidence of reopening an item."""
    parent, known = item.continues, work.rulebook.rules.return_reasons
    other = None if parent is None else open_successor(work.connection, parent)
    return ReopenEvidence(reason_code=reason_code, known=known, successor=other)


def may_reopen(work: Work, number: str, reason_code: str, by: Actor) -> None:
    """Refuse to propose what no second person could confirm.

    Raises:
        StepRefused: with every reason but the missing second person.

    """
    item = repository.item(work.connection, number)
    evidence = _to_reopen(work, item, reason_code)
    acting = acting_as(work, by)
    try:
        permit(ITEM, item.state, Step.REOPEN, acting, evidence, subject=item)
    except StepRefused as refusal:
        needed = Code.SECOND_PERSON_NEEDED
        lacking = tuple(each for each in refusal.reasons if each.code != needed)
        if lacking:
            raise StepRefused(lacking) from None


@act(Step.CARRY_OVER, Step.COLLECT)
def continued(work: Work, number: str, *, by: Actor = ACTING) -> tuple[Item, Item]:
    """Collect the successor of a running item (carry_over); return the parent first.

    The parent keeps its state: next year's list freezes while it still runs. An
    item has one open successor; it may have another once that one has ended.

    Raises:
        StepRefused: naming the open successor, if there is one.

    """
    parent = repository.item(work.connection, number)
    child = next_key(work, StreamKind.ITEM, work.today.year)
    link = LinkEvidence(other=child, successor=open_successor(work.connection, number))
    parent = advance(
        work, number, Step.CARRY_OVER, link, by=by, named={"successor": child}
    )
    demand = replace(demand_of(parent), continues=number)
    changes = first_facts(work, demand, work.today)
    return parent, create(work, child, Step.COLLECT, by=by, changes=changes)


def demand_of(item: Item) -> Demand:
    """Return the facts that a further item for the same demand begins with."""
    return Demand(
        title=item.title,
        origin=item.origin,
        area=item.area,
        unit=item.unit,
        description=item.description,
        life_stage=item.life_stage,
    )
