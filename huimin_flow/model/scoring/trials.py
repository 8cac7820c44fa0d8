"""What another rulebook would have made of the same facts (N14)."""

from __future__ import annotations

from huimin_flow.model.core.values import value


@value
class Otherwise:
    """A published figure that would have been another.

    ``key`` is that of the publication or list, ``subject`` the unit or item. ``old``
    and ``new`` are the index, color or place, or the rank on a list, None without one.
    ``gains`` tells whether the subject is better off with the new one. ``unit`` is the
    subject, or the unit of the item.
    """

    key: str
    subject: str
    old: str | None
    new: str | None
    gains: bool
    unit: str


@value
class UnitTrial:
    """How many figures of a unit would have been better, and how many worse."""

    unit: str
    gains: int
    loses: int


@value
class RuleTrial:
    """What was published from one month to another, tried with another rulebook.

    ``tried`` are the keys of what was computed again on the same facts, at the same
    cuts; ``changes`` are in the order of these keys. ``units`` are those with a change,
    who would lose most first.
    """

    rulebook: str
    first: str
    last: str
    tried: tuple[str, ...]
    changes: tuple[Otherwise, ...]
    units: tuple[UnitTrial, ...]
