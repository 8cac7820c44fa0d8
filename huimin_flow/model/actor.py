"""Who acts, for which unit, in which roles, and how we know."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Role, Via
from huimin_flow.model.value import value


@value
class Actor:
    """A person or service that takes a step.

    ``id`` is a staff pseudonym (never a name or a number of a person).
    """

    id: str
    unit: str
    roles: frozenset[Role]
    via: Via
