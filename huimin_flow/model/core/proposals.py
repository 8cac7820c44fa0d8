"""Proposals: acts that one person proposes and a second confirms (F1)."""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.terms import ProposalState, Via
from huimin_flow.model.core.values import value


@value
class Rested:
    """The last event of a stream at a moment: its number and its hex leaf."""

    version: int
    leaf: str


@value
class Proposal:
    """An act that needs two people, between the first and the second.

    ``act`` is a key of ``TWO_PERSON_ACTS``, ``values`` are its arguments. ``rests``
    holds the last event of each stream it is about. ``makes`` is the hex digest of
    what it would publish. ``seen`` is the hex digest over all of these. The second
    person gives it back, so that they confirm what they saw.
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
