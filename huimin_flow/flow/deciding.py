"""Deciding: lists, supplements, what leaves them, successors, responses (B5, C3)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import (
    EditionKind,
    EditionState,
    Given,
    RecordStep,
    Step,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.advance import advance, bear
from huimin_flow.flow.records import keep_record
from huimin_flow.flow.sensing import Demand, born_of, next_number
from huimin_flow.flow.waits import list_of
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.case import Case
from huimin_flow.model.edition import Edition, Place, unit_of_list
from huimin_flow.model.item import Item
from huimin_flow.model.text import accepted
from huimin_flow.states.records import LISTS, require
from huimin_flow.store import repository
from huimin_flow.store.links import open_successor


def supplement(
    work: Work, number: str, edition: str, *, by: Actor, second: Actor
) -> Item:
    """Add an item to a frozen list after its deadline, by two people (B5).

    What enters the city's list enters its unit's own list, too, if there is one.

    Raises:
        NotFound: if there is no such edition.
        InputRefused: if the list is another unit's, or of a year gone by.
        StepRefused: unless two people with the duty stand behind it, or if the
            list isn't frozen yet.

    """
    work.two_people(by, second, "confirm", unit=unit_of_list(edition))
    found = _edition(work, edition, RecordStep.SUPPLEMENT)
    item = repository.item(work.connection, number)
    _refuse_misfit(work, item, found)
    rank = _next_rank(found)
    case = Case(
        actor=by,
        second=second,
        today=work.today,
        edition=edition,
        edition_kind=EditionKind.SUPPLEMENT,
    )
    listed = advance(
        work, number, Step.ENLIST, case, changes={"edition": edition, "rank": rank}
    )
    _enter(work, listed, found, by, second)
    own = f"{edition.rpartition('/')[0]}/{item.unit}"
    theirs = repository.find_record(work.connection, Edition, own)
    if unit_of_list(edition) is None and theirs is not None:
        _enter(work, listed, theirs, by, second)
    return listed


def _refuse_misfit(work: Work, item: Item, edition: Edition) -> None:
    unit = unit_of_list(edition.key)
    if unit not in {None, item.unit}:
        raise InputRefused(
            DecisionCode.OTHER_UNITS_LIST,
            item=item.number,
            owner=item.unit,
            unit=unit,
            period=edition.period,
        )
    if int(edition.period[:4]) < work.today.year:
        raise InputRefused(DecisionCode.PERIOD_OVER, period=edition.period)


def _next_rank(edition: Edition) -> int:
    return max((one.rank for one in edition.places), default=0) + 1


def _enter(work: Work, item: Item, edition: Edition, by: Actor, second: Actor) -> None:
    """Put an item last on a list, as its next version."""
    place = Place(
        item=item.number,
        rank=_next_rank(edition),
        unit=item.unit,
        area=item.area,
        stars=item.stars,
    )
    others = tuple(one for one in edition.places if one.item != item.number)
    changed = replace(
        edition,
        kind=EditionKind.SUPPLEMENT,
        places=(*others, place),
        left_out=tuple(one for one in edition.left_out if one.item != item.number),
        version=edition.version + 1,
    )
    keep_edition(
        work, changed, "supplement", by=by, source=edition.state, second=second
    )


def _lists_naming(work: Work, number: str) -> list[Edition]:
    return [
        one
        for one in repository.records(work.connection, Edition)
        if any(place.item == number for place in one.places)
    ]


def unit_of_lists(work: Work, number: str) -> str | None:
    """Return the unit whose list alone names an item, or None for the city's."""
    units = {unit_of_list(one.key) for one in _lists_naming(work, number)}
    return units.pop() if len(units) == 1 else None


def leave_lists(work: Work, number: str, *, by: Actor, second: Actor) -> None:
    """Take an item off every list that names it; each gets a new version."""
    for edition in _lists_naming(work, number):
        changed = replace(
            edition,
            kind=EditionKind.AMENDMENT,
            places=tuple(one for one in edition.places if one.item != number),
            version=edition.version + 1,
        )
        keep_edition(work, changed, "amend", by=by, source=edition.state, second=second)


def keep_edition(
    work: Work,
    edition: Edition,
    step: str,
    *,
    by: Actor,
    source: EditionState | None = None,
    rulebook: str | None = None,
    second: Actor | None = None,
) -> None:
    """Record an edition as the next event of its stream."""
    keep_record(
        work,
        edition.key,
        step,
        edition,
        by=by,
        version=edition.version,
        about=edition.period,
        source=None if source is None else source.value,
        target=edition.state.value,
        rulebook=rulebook,
        second=second,
    )


def confirm(work: Work, key: str, *, by: Actor, second: Actor) -> Edition:
    """Confirm a frozen list by two people (C3).

    Raises:
        NotFound: if there is no such edition.
        StepRefused: if it isn't frozen, or two people are missing.

    """
    work.two_people(by, second, "confirm", unit=unit_of_list(key))
    found = _edition(work, key, RecordStep.CONFIRM)
    changed = replace(found, state=EditionState.CONFIRMED, version=found.version + 1)
    keep_edition(work, changed, "confirm", by=by, source=found.state, second=second)
    return changed


def publish(work: Work, key: str, *, by: Actor) -> Edition:
    """Publish a confirmed list (C3): a unit's own list is its own to publish."""
    unit = unit_of_list(key)
    if unit is None:
        work.duty(by, "publish")
    else:
        work.duty_for(by, "publish", unit)
    found = _edition(work, key, RecordStep.PUBLISH)
    changed = replace(found, state=EditionState.PUBLISHED, version=found.version + 1)
    keep_edition(work, changed, "publish", by=by, source=found.state)
    return changed


def _edition(work: Work, key: str, step: RecordStep) -> Edition:
    """Return a list from whose state a step is taken."""
    found = list_of(work, key)
    require(step, key, found.state, LISTS)
    return found


def cancel(
    work: Work, number: str, reason_code: str, *, by: Actor, second: Actor
) -> Item:
    """Take an item off its lists for good, by two people: a new edition of each.

    Raises:
        StepRefused: unless two people with the duty stand behind it, or for an
            unknown reason code.

    """
    work.two_people(by, second, "confirm", unit=unit_of_lists(work, number))
    case = Case(
        actor=by,
        second=second,
        today=work.today,
        reason_code=reason_code,
        known_reasons=work.rulebook.rules.reject_reasons,
    )
    closed = advance(
        work, number, Step.CANCEL, case, changes={"reason_code": reason_code}
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
    child = next_number(work, work.today)
    case = Case(
        actor=by,
        today=work.today,
        other=child,
        successor=open_successor(work.connection, number),
    )
    parent = advance(work, number, Step.CARRY_OVER, case, successor=child)
    demand = Demand(
        title=parent.title,
        origin=parent.origin,
        area=parent.area,
        unit=parent.unit,
        description=parent.description,
        life_stage=parent.life_stage,
        continues=number,
    )
    changes = born_of(work, demand, work.today)
    born = bear(
        work, child, Step.COLLECT, Case(actor=by, today=work.today), changes=changes
    )
    return parent, born


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
    child = next_number(work, work.today)
    demand = Demand(
        title=accepted(title, Given.TITLE) or parent.title,
        origin=parent.origin,
        area=parent.area,
        unit=unit,
        description=parent.description,
        life_stage=parent.life_stage,
        responds_to=number,
    )
    changes = born_of(work, demand, work.today)
    for name in ("deliberation", "placement", "prevalence", "screening_score"):
        changes[name] = getattr(parent, name)
    taken_up = Case(actor=by, today=work.today, other=child)
    parent = advance(
        work, number, Step.RESPOND, taken_up, for_unit=unit, successor=child
    )
    case = Case(actor=by, today=work.today, other=number)
    born = bear(work, child, Step.RESPOND, case, changes=changes)
    return parent, born
