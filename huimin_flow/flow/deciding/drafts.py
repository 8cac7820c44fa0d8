"""Drafts of lists: how changes gather, until two people confirm them (C3, H8).

A published edition is the value in the event of its publication; no act rewrites it.
The first change of a published list begins the draft of the next edition, and the
published one is in force until the next is published.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Final

from huimin_flow.catalogue.reasons import DecisionCode, PublicationCode
from huimin_flow.catalogue.terms import (
    Argument,
    ChangeKind,
    Duty,
    EditionState,
    EntryField,
    RecordStep,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.lists import (
    editions_of,
    in_force,
    keep_edition,
    list_of,
    place_of,
)
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.deciding.lists import (
    DESCRIBED,
    Change,
    Corrected,
    Edition,
    Place,
    area_of_list,
    pending,
    unit_of_list,
)
from huimin_flow.model.items import Item
from huimin_flow.store import listings
from huimin_flow.store.core import repository

#: By kind of change, the parts of an entry that follow the item; None stands for what
#: a plan says, which no change of a published entry may rewrite.
_FOLLOWED: Final = {
    ChangeKind.CORRECTION: ("title", "text", "area"),
    ChangeKind.TRANSFER: ("unit", "lead"),
    None: ("targets", "deliverable", "supporting", "due"),
}

#: By kind of change, the parts of an entry that it may rewrite in a published list.
_LISTED: Final[Mapping[ChangeKind, tuple[str, ...]]] = {
    ChangeKind.CORRECTION: ("title", "area", *DESCRIBED),
    ChangeKind.TRANSFER: ("unit", "lead"),
}

#: The parts of an entry whose fields of the item have another name.
_PART_OF: Final = {"description": "text"}

#: The states in which a list waits for two people.
UNCONFIRMED: Final = (EditionState.FROZEN, EditionState.DRAFTING)


def lists_naming(
    work: Work, number: str, lists: Sequence[Edition] | None = None
) -> list[Edition]:
    """Return the present state of each list that names an item.

    ``lists`` are all lists, if the caller has read them.
    """
    if lists is None:
        naming = listings.editions_with(work.connection, number)
    else:
        naming = [e for e in lists if any(p.item == number for p in e.places)]
    # An area's proposal is what its lead unit proposed: it follows no item.
    return [each for each in naming if area_of_list(each.key) is None]


def unit_of_lists(
    work: Work, number: str, lists: Sequence[Edition] | None = None
) -> str | None:
    """Return the unit if only its list names an item, else None for the city.

    ``lists`` are all lists, if the caller has read them.
    """
    units = {unit_of_list(known.key) for known in lists_naming(work, number, lists)}
    return units.pop() if len(units) == 1 else None


def next_rank(edition: Edition) -> int:
    """Return the rank after the last place of a list."""
    return max((place.rank for place in edition.places), default=0) + 1


def enter(
    work: Work, item: Item, edition: Edition, change: Change, by: Actor, second: Actor
) -> None:
    """Draft a list with an item at its end."""
    number = item.number
    others = (place for place in edition.places if place.item != number)
    changed = replace(
        edition,
        places=(*others, place_of(work, item, next_rank(edition))),
        left_out=tuple(line for line in edition.left_out if line.item != number),
    )
    changes = (*pending(edition), change)
    keep_edition(
        work, RecordStep.SUPPLEMENT, changed, edition, changes, by=by, second=second
    )


def leave_lists(
    work: Work, item: Item, kind: ChangeKind, reason: str, *, by: Actor, second: Actor
) -> None:
    """Draft every list that names an item without it.

    Of an item that the same draft had added, no change remains.
    """
    number = item.number
    for edition in lists_naming(work, number):
        before = pending(edition)
        kept = tuple(each for each in before if each.item != number)
        change = Change(kind=kind, item=number, title=item.title, reason=reason)
        supplemented = any(
            each.item == number and each.kind is ChangeKind.SUPPLEMENT
            for each in before
        )
        places = tuple(place for place in edition.places if place.item != number)
        keep_edition(
            work,
            RecordStep.AMEND,
            replace(edition, places=places),
            edition,
            kept if supplemented else (*kept, change),
            by=by,
            second=second,
        )


def follow(
    work: Work,
    item: Item,
    kind: ChangeKind | None,
    reason: str = "",
    *,
    amended: Collection[str] | None = None,
    by: Actor,
) -> None:
    """Draft every list that names an item, with what a step has changed of the item.

    ``kind`` is that of the change, None for a plan: a plan completes only entries that
    were never published. ``amended`` are the fields of the item that the step changed,
    None for all: an entry keeps its own words where the item was not changed.
    The step authorizes its actor; two people confirm the draft.
    A change is listed if it rewrites an entry of the edition in force.
    """
    if item.edition is None:
        return
    parts = _FOLLOWED[kind]
    if amended is not None:
        changed = {_PART_OF.get(name, name) for name in amended}
        parts = tuple(part for part in parts if part in changed)
    for edition in lists_naming(work, item.number):
        force = in_force(work, edition)
        published = None if force is None else force.place(item.number)
        if kind is None and published is not None:
            continue
        entry = edition.place(item.number)
        if entry is None:
            continue
        now = place_of(work, item, entry.rank)
        said = frozenset(entry.described)
        if kind is None:  # a plan leaves what the unit has described
            taken = [part for part in parts if part not in said]
        else:
            taken, said = list(parts), said.difference(parts)
        revised = replace(
            entry,
            **{name: getattr(now, name) for name in taken},
            described=tuple(part for part in entry.described if part in said),
        )
        if revised != entry:
            revise(work, RecordStep.REVISE, edition, revised, kind, reason, by=by)


def revise(
    work: Work,
    step: RecordStep,
    edition: Edition,
    revised: Place,
    kind: ChangeKind | None,
    reason: str = "",
    *,
    by: Actor,
) -> Edition:
    """Draft a list with an entry in other words.

    A change of the kind is listed if the entry is on the edition in force and differs
    from it.
    """
    number, force = revised.item, in_force(work, edition)
    published = None if force is None else force.place(number)
    changes = tuple(
        each for each in pending(edition) if (each.item, each.kind) != (number, kind)
    )
    if kind is not None and published is not None:
        fields = tuple(
            Corrected(field=name, old=old, new=new)
            for name in _LISTED[kind]
            for old, new in [[_text(each, name) for each in (published, revised)]]
            if old != new
        )
        if fields:
            change = Change(
                kind=kind,
                item=number,
                title=published.title,
                reason=reason,
                fields=fields,
            )
            changes = (*changes, change)
    places = tuple(
        revised if place.item == number else place for place in edition.places
    )
    new = replace(edition, places=places)
    return keep_edition(work, step, new, edition, changes, by=by)


def _text(place: Place, part: str) -> str:
    """Return a part of an entry as one text, each of several on a line."""
    if part == EntryField.SUPPORTING:
        return "\n".join(partner.name for partner in place.supporting)
    if part == EntryField.TARGETS:
        return "\n".join(place.targets)
    return str(to_plain(getattr(place, part)) or "")


@act(Duty.CONFIRM, two=True)
def confirm(
    work: Work,
    key: Annotated[str, Argument.LIST],
    *,
    seen: str = "",
    by: Actor = ACTING,
    second: Actor,
) -> Edition:
    """Confirm the content of a frozen list or a draft by two people (C3).

    ``seen`` is the digest of the content that both have seen, or at least its first
    eight characters; a proposal binds the second person to it by itself.

    Raises:
        NotFound: if there is no such list.
        InputRefused: if ``seen`` is not the digest of the content.
        StepRefused: if it isn't frozen or drafted, or two people are missing.

    """
    work.two_people(by, second, Duty.CONFIRM, unit=unit_of_list(key))
    draft = list_of(work, key)
    if seen and (len(seen) < 8 or not draft.digest.startswith(seen)):
        raise InputRefused(DecisionCode.CHECK_CODE_DIFFERS)
    return keep_edition(work, RecordStep.CONFIRM, draft, draft, by=by, second=second)


def unconfirmed(work: Work, period: str) -> list[Edition]:
    """Return the units' own lists of a period that wait for two people, by unit.

    Raises:
        InputRefused: if none waits.

    """
    waiting = [
        edition
        for edition in repository.records(work.connection, Edition, period)
        if edition.state in UNCONFIRMED and unit_of_list(edition.key) == edition.unit
    ]
    if not waiting:
        raise InputRefused(PublicationCode.NO_LIST_TO_CONFIRM, period=period)
    return waiting


@act(Duty.CONFIRM, two=True)
def confirm_all(
    work: Work,
    period: Annotated[str, Argument.LIST_PERIOD],
    *,
    by: Actor = ACTING,
    second: Actor,
) -> tuple[Edition, ...]:
    """Confirm all units' lists of a period that wait, by two people, all or none.

    Each list has an event of its own. The city's list is confirmed by itself.

    Raises:
        InputRefused: if no unit's list waits.
        StepRefused: unless two people of the city confirm them.

    """
    work.two_people(by, second, Duty.CONFIRM)
    return tuple(
        keep_edition(work, RecordStep.CONFIRM, draft, draft, by=by, second=second)
        for draft in unconfirmed(work, period)
    )


@act(Duty.PUBLISH)
def publish(
    work: Work,
    key: Annotated[str, Argument.LIST],
    *,
    document: str = "",
    by: Actor = ACTING,
) -> Edition:
    """Publish a confirmed list (C3); a unit publishes its own list.

    ``document`` is the number of the document. It is signed with the present name of
    the list's unit and dated today. The edition before it is superseded.

    Raises:
        NotFound: if there is no such list.
        InputRefused: if another edition of the list has the number already.
        StepRefused: if it isn't confirmed.

    """
    work.duty(by, Duty.PUBLISH, unit_of_list(key))
    confirmed, number = list_of(work, key), accepted(document, Argument.DOCUMENT)
    for earlier in editions_of(work, key) if number else ():
        if earlier.document == number:
            code, edition = PublicationCode.DOCUMENT_TAKEN, earlier.edition
            raise InputRefused(code, key=key, document=number, edition=edition)
    issued = replace(
        confirmed,
        document=number,
        signature=work.rulebook.organization.name_of(confirmed.unit),
        dated=work.today,
    )
    return keep_edition(work, RecordStep.PUBLISH, issued, confirmed, by=by)


@act(Duty.CONFIRM)
def drop(
    work: Work, key: Annotated[str, Argument.LIST], reason: str, *, by: Actor = ACTING
) -> Edition:
    """Drop the draft of a list's next edition; the edition in force stays as it is.

    Items that entered or left the list must be back first: their steps stand.

    Raises:
        NotFound: if there is no such list.
        InputRefused: without a reason, or if the draft has other items.
        StepRefused: if the list has no draft, or was never published.

    """
    work.duty(by, Duty.CONFIRM, unit_of_list(key))
    draft = list_of(work, key)
    kept = required(reason, Argument.REASON)
    force = in_force(work, draft)
    if force is None:
        back = draft
    else:
        moved = {p.item for p in draft.places} ^ {p.item for p in force.places}
        if moved and draft.state is not EditionState.PUBLISHED:
            items = sorted(moved)
            raise InputRefused(PublicationCode.DRAFT_MOVES_ITEMS, items=items)
        back = replace(force, left_out=draft.left_out, dropped=kept)
    return keep_edition(work, RecordStep.DROP, back, draft, by=by)
