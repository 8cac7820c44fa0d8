"""What one person has asked for and a second has yet to confirm (F1)."""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.terms import ProposalState, Via
from huimin_flow.model.value import value


@value
class Proposal:
    """An act that needs two people, between the first and the second.

    ``act`` is one of flow/proposals.py ("confirm", "set_aside" …); ``values`` are
    its arguments. ``seen`` is the hex digest over both that the second person
    names, so that what is confirmed is what was seen.
    """

    key: str
    act: str
    values: Mapping[str, str]
    by: str
    via: Via
    state: ProposalState
    seen: str
    version: int = 1
