"""What a rule found, as evidence: codes with values, never sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from huimin_flow.catalogue.terms import Role
from huimin_flow.model.value import value

#: What may stand in a reason or a verdict: no floats, so a hash is stable.
Plain = str | int | bool | None


@value
class Reason:
    """Why a rule decided or a guard refused.

    ``code`` is a word of ``catalogue.reasons``; ``values`` fill its sentence.
    ``supplier`` is who can supply what is missing, ``earliest`` the first day
    on which the step could pass; both are None where nothing can mend it.
    """

    code: str
    values: Mapping[str, Plain] = field(default_factory=dict)
    supplier: Role | None = None
    earliest: date | None = None


Reasons = tuple[Reason, ...]


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
