"""The life of a list: from its deadline through its editions (C3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from huimin_flow.catalogue.terms import Duty, EditionState, RecordStep, Term
from huimin_flow.states.guards.core import is_confirmed
from huimin_flow.states.guards.records import follows_an_item, was_published
from huimin_flow.states.life import Arc, Guard, Life, arc, arcs, goes_on

_S, _E = RecordStep, EditionState

#: The states of a list from its deadline on.
_LISTS = (_E.FROZEN, _E.DRAFTING, _E.CONFIRMED, _E.PUBLISHED)

#: The states of an area's proposal, which its lead unit arranges and proposes.
_PROPOSALS = (_E.DRAFTED, _E.PROPOSED)

#: The parts of a list that a change of it rewrites.
_DRAFT = "kind places edition changes digest document signature dated dropped"


def _drafted(
    step: Term, duty: Duty | None, *guards: Guard, also: str = ""
) -> Iterator[Arc]:
    """Return the arcs of a change; a list that was never published stays frozen."""
    for state in _LISTS:
        target = state if state is _E.FROZEN else _E.DRAFTING
        yield arc(step, state, target, duty, *guards, sets=_DRAFT + also)


#: A list that has the key already at the deadline keeps its places; the chosen
#: follow them. An opening list replaces only an empty list of its key, or none.
#: A change of what was confirmed or published makes a draft, which two people confirm
#: again; one that was never published stays frozen until then. A revision follows a
#: step of an item, by whoever takes that step.
LIST: Final = Life(
    (
        *arcs(_S.FREEZE, (None, *_LISTS), _E.FROZEN, Duty.TIMETABLE),
        *arcs(_S.DRAFT, (None, *_PROPOSALS), _E.DRAFTED, Duty.TIMETABLE),
        *arcs(_S.ARRANGE, _PROPOSALS, _E.DRAFTED, Duty.PROPOSE, sets=_DRAFT),
        *arcs(_S.DESCRIBE, _PROPOSALS, _E.DRAFTED, Duty.PROPOSE, sets=_DRAFT),
        arc(_S.PROPOSE, _E.DRAFTED, _E.PROPOSED, Duty.PROPOSE, sets=""),
        arc(_S.CONSOLIDATE, None, _E.FROZEN, Duty.CONFIRM),
        *arcs(_S.OPEN, (None, *_LISTS), _E.PUBLISHED, Duty.CONFIRM, is_confirmed),
        *arcs(
            _S.CONFIRM,
            (_E.FROZEN, _E.DRAFTING),
            _E.CONFIRMED,
            Duty.CONFIRM,
            is_confirmed,
            sets="",
        ),
        arc(
            _S.PUBLISH,
            _E.CONFIRMED,
            _E.PUBLISHED,
            Duty.PUBLISH,
            sets="document signature dated",
        ),
        *arcs(
            _S.DROP,
            (_E.DRAFTING, _E.CONFIRMED),
            _E.PUBLISHED,
            Duty.CONFIRM,
            was_published,
            sets=f"{_DRAFT} left_out",
        ),
        *_drafted(_S.SUPPLEMENT, Duty.CONFIRM, is_confirmed, also=" left_out"),
        *_drafted(_S.AMEND, Duty.CONFIRM, is_confirmed),
        *_drafted(_S.REVISE, None, follows_an_item),
        # Whoever confirms a list may say what its entries promise.
        *_drafted(_S.DESCRIBE, Duty.CONFIRM),
        # What two people have confirmed is published as it is.
        *goes_on(_S.HAND_OVER, _E.FROZEN, _E.DRAFTING, sets="unit digest"),
    ),
    ends=(_E.PUBLISHED, _E.PROPOSED),
)
