"""Acts of two people: each event names the second, who is somebody else (F1).

Activations always named the second person, and answers to appeals where a
rating was set aside. The other acts came to: in a history whose founding event
states the purpose, written since then, all must; in an older one, from the first
that does, all later ones must.
"""

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
    if kind is StreamKind.RULEBOOK:
        if event.n == 1 and "purpose" in event.public:
            ledger.names_seconds = ledger.always_named = True
        if event.n > 1 or named is not None:
            _named(ledger, event, named, place)
        return
    if named is not None:
        ledger.names_seconds = True
        _named(ledger, event, named, place)
    elif (
        ledger.names_seconds
        and _is_of_two(ledger, event, kind)
        and not _by_job(ledger, event)
    ):
        ledger.found(Flaw.SECOND_PERSON_MISSING, place, event.step)


def _is_of_two(ledger: Ledger, event: Event, kind: StreamKind | None) -> bool:
    """Tell whether a step is one of two people, as far as its history must say so."""
    if kind is not None and event.step in _OF_TWO.get(kind, ()):
        return True
    if not ledger.always_named:
        return False
    aside = (event.step, event.source) == (Step.DEFER.value, State.LISTED.value)
    return (
        aside if kind is StreamKind.ITEM else event.step == FollowUpStep.SET_ASIDE.value
    )


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
