"""Acts of two people: each event names the second, who is somebody else (F1)."""

from __future__ import annotations

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import (
    Flaw,
    FollowUpStep,
    Role,
    State,
    Step,
    StreamKind,
    Via,
)
from huimin_flow.model.event import Event

#: By what a stream begins with, the steps that two people take.
_OF_TWO = {
    StreamKind.ITEM: frozenset({Step.ENLIST.value, Step.CANCEL.value}),
    StreamKind.LIST: frozenset({"supplement", "confirm", "open", "amend"}),
    StreamKind.SCORE: frozenset({"correct"}),
    StreamKind.COLORS: frozenset({"correct"}),
    StreamKind.RANKING: frozenset({"correct"}),
}


def hold_second(ledger: Ledger, event: Event, place: str) -> None:
    """Ask an act of two people for the second, who must be known and another."""
    kind, _ = StreamKind.parse(event.stream)
    named = event.public.get("confirmed_by")
    if named is not None:
        _named(ledger, event, named, place)
    elif _is_of_two(event, kind) and not _by_job(ledger, event):
        ledger.found(Flaw.SECOND_PERSON_MISSING, place, event.step)


def _is_of_two(event: Event, kind: StreamKind | None) -> bool:
    """Tell whether a step is one of two people; the founding is nobody's."""
    if kind is StreamKind.RULEBOOK:
        return event.n > 1
    if kind is not None and event.step in _OF_TWO.get(kind, ()):
        return True
    if kind is StreamKind.ITEM:
        return (event.step, event.source) == (Step.DEFER.value, State.LISTED.value)
    return event.step == FollowUpStep.SET_ASIDE.value


def _named(ledger: Ledger, event: Event, named: object, place: str) -> None:
    people = set()
    for digest in {event.rulebook or "", ledger.active}:
        book = ledger.books.get(digest)
        people |= set() if book is None else {p.id for p in book.organization.people}
    for *_, digest in ledger.activations[-2:-1]:  # an activation's own book is the new
        book = ledger.books.get(digest)
        people |= set() if book is None else {p.id for p in book.organization.people}
    if named == event.actor or named not in people:
        ledger.found(Flaw.SECOND_PERSON_MISSING, place, named)


def _by_job(ledger: Ledger, event: Event) -> bool:
    """Tell whether the scheduler acted: its act rests on a rule, not on two."""
    book = ledger.books.get(event.rulebook or "")
    if book is None or event.via != Via.SERVICE.value:
        return False
    actor = book.organization.actor(event.actor, Via.SERVICE)
    return actor is not None and Role.SCHEDULER in actor.roles
