"""Proposals: acts that one person proposes and a second confirms (F1)."""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.terms import ProposalState, Via
from huimin_flow.model.core.values import value


@value
class Rested:
    """Where a stream stood: the number of its last event, and that one's hex leaf."""

    version: int
    leaf: str


@value
class Proposal:
    """An act that needs two people, between the first and the second.

    ``act`` is one of ``TWO_PERSON_ACTS``, ``values`` are its arguments. ``rests`` says
    where each stream stood that it is about, ``makes`` is the hex digest of what it
    would publish. ``seen`` is the hex digest over all of them that the second person
    names, so that what is confirmed is what was seen.
    """

    key: str
    act: str
    values: Mapping[str, str]
    by: str
    via: Via
    state: ProposalState
    rests: Mapping[str, Rested]
    makes: str
    seen: str
    version: int = 1
