"""Acts on published lists, and items that follow from listed ones (B5, C3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from huimin_flow.catalogue.reasons import Code, DecisionCode
from huimin_flow.catalogue.terms import (
    Argument,
    ChangeKind,
    Duty,
    Ending,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, advance, create, next_key
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.drafts import (
    enter,
    leave_lists,
    lists_naming,
    next_rank,
    unit_of_lists,
)
from huimin_flow.flow.deciding.lists import list_of
from huimin_flow.flow.sensing.items import Demand, first_facts
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.deciding.lists import Change, Edition, unit_of_list
from huimin_flow.model.evidence import (
    LinkEvidence,
    ListingEvidence,
    ReasonEvidence,
    ReopenEvidence,
)
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.items import Item, Preview
from huimin_flow.rules.deciding.lists import candidates, obstacles
from huimin_flow.rules.improving import advising
from huimin_flow.states.lists import LIST
from huimin_flow.states.machine import permit, require_road
from huimin_flow.states.table import ITEM
from huimin_flow.store.core import repository
from huimin_flow.store.core.repository import open_successor
from huimin_flow.store.sensing import tallies


@act(Step.ENLIST, Duty.CONFIRM, two=True)
def supplement(
    work: Work,
    number: str,
    edition: Annotated[str, Argument.LIST],
    reason: str,
    *,
    by: Actor = ACTING,
    second: Actor,
) -> Item:
    """Add an item to a frozen list after its deadline, by two people (B5).

    An item that enters the city's list also enters its unit's own list, if any. Each
    list keeps the reason, and which rules of the selection it overrides. A published
    list is not changed: the draft of its next edition has the item.

    Raises:
        NotFound: if there is no such list.
        InputRefused: if the list is another unit's, or of a past year, or without
            a reason.
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
    kept = required(reason, Argument.REASON)
    lists = _entered_by(work, item, frozen)
    listed = advance(
        work,
        number,
        Step.ENLIST,
        ListingEvidence(edition=edition),
        by=acting_as(work, by, second, (unit,)),
        changes={"edition": edition, "rank": next_rank(frozen)},
    )
    for entered in lists:
        change = Change(
            kind=ChangeKind.SUPPLEMENT,
            item=number,
            title=item.title,
            reason=kept,
            overrides=_overridden(work, item, entered),
        )
        enter(work, listed, entered, change, by, second)
    return listed


def _entered_by(work: Work, item: Item, edition: Edition) -> list[Edition]:
    """Return a list, and with the city's the list of the item's unit, if any."""
    own = f"{edition.key.rpartition('/')[0]}/{item.unit}"
    theirs = repository.find_record(work.connection, Edition, own)
    return [edition, *([theirs] if theirs and own != edition.key else [])]


def _overridden(work: Work, item: Item, edition: Edition) -> tuple[Reason, ...]:
    """Return the rules of the selection that an item's entry would override."""
    by: Final = "area" if unit_of_list(edition.key) is None else "unit"
    (candidate,) = candidates([item])
    places = [place for place in edition.places if place.item != item.number]
    count = sum(by == "unit" or place.area is item.area for place in places)
    return tuple(obstacles(candidate, count, work.rulebook.rules.selection, by))


@question
def overrides(
    work: Work, number: str, edition: Annotated[str, Argument.LIST]
) -> tuple[Reason, ...]:
    """Return the rules of the selection that a supplement would override.

    They are least stars, the placement for which the item was judged, and quotas.

    Raises:
        NotFound: if there is no such item or list.

    """
    item = repository.item(work.connection, number)
    lists = _entered_by(work, item, list_of(work, edition))
    found = (reason for each in lists for reason in _overridden(work, item, each))
    return tuple({reason.code: reason for reason in found}.values())


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
        tally=tallies.tally(work.connection, number, work.rulebook.organization),
        lists=tuple(edition.key for edition in lists_naming(work, number)),
    )


@act(Step.CANCEL, Duty.CONFIRM, two=True)
def cancel(
    work: Work, number: str, reason_code: str, *, by: Actor = ACTING, second: Actor
) -> Item:
    """Cancel an item, by two people: each of its lists gets a draft without it.

    It is closed with the outcome that says so. A published list shows it until its
    next edition is confirmed and published.

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
        changes={"reason_code": reason_code, "outcome": Ending.CANCELLED},
    )
    kind = ChangeKind.CANCELLATION
    leave_lists(work, closed, kind, reason_code, by=by, second=second)
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
    item = repository.item(work.connection, number)
    changes: dict[str, object] = {"reason_code": reason_code}
    if item.referred_to is not None:  # it is ours after all
        changes["referred_to"] = None
    return advance(
        work,
        item,
        Step.REOPEN,
        _to_reopen(work, item, reason_code),
        by=acting_as(work, by, second, (unit,)),
        changes=changes,
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
        StepRefused: naming the open successor, if there is one, or the adopted
            advice to stop the measure.

    """
    parent = repository.item(work.connection, number)
    child = next_key(work, StreamKind.ITEM, work.today.year)
    known = repository.records(work.connection, Advice, number)
    link = LinkEvidence(
        other=child,
        successor=open_successor(work.connection, number),
        stopped=advising.stopped(known),
    )
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
