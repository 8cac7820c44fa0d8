"""What a rule found, as evidence: codes with values, never sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from huimin_flow.catalogue.reasons import Plain, Reason, Reasons
from huimin_flow.model.value import value

__all__ = ["Plain", "Reason", "Reasons", "Verdict"]


@value
class Verdict:
    """A rule's finding with all it rested on.

    ``score`` is decimal text or None; ``inputs`` hold integers, decimal text
    and booleans only, so that an auditor can ask the same rule again.
    """

    rule: str
    revision: int
    passed: bool
    score: str | None = None
    reasons: Reasons = ()
    inputs: Mapping[str, Plain] = field(default_factory=dict)
