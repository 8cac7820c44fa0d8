"""What another rulebook would have made of the same facts (N14)."""

from __future__ import annotations

from huimin_flow.model.core.values import value


@value
class Otherwise:
    """A published figure that would have been another.

    ``key`` is that of the publication or list, ``subject`` the unit or item. ``old``
    and ``new`` are the index, color or place, or the rank on a list, None without one.
    ``gains`` tells whether the subject is better off with the new one.
    """

    key: str
    subject: str
    old: str | None
    new: str | None
    gains: bool


@value
class RuleTrial:
    """What was published from one month to another, tried with another rulebook.

    ``tried`` are the keys of what was computed again on the same facts, at the same
    cuts; ``changes`` are in the order of these keys.
    """

    rulebook: str
    first: str
    last: str
    tried: tuple[str, ...]
    changes: tuple[Otherwise, ...]
