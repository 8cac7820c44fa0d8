"""What a rule found, as evidence: codes with values, never sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Any

from huimin_flow.catalogue.reasons import Plain, Reason, Reasons
from huimin_flow.model.core.values import value

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


#: The format's version; a new one never changes what an old one means.
HEADER_VERSION = 1


@value
class Event:
    """One event of one stream.

    ``n`` counts from 1 in the stream. ``at`` is aware UTC, when it was
    recorded; ``occurred_on`` the Shanghai day on which it happened.
    ``public`` holds canonical JSON values; ``private`` the hex commitment to a
    payload kept apart, or None. ``previous`` is the hex leaf of the event
    before it in the stream, None for the first.
    """

    stream: str
    n: int
    step: str
    source: str | None
    target: str | None
    at: datetime
    occurred_on: date
    actor: str
    via: str
    request: str
    rulebook: str | None
    verdict: Mapping[str, Any] | None
    public: Mapping[str, Any]
    private: str | None
    previous: str | None
    v: int = HEADER_VERSION


@value
class Recorded:
    """An event as it was recorded; ``leaf`` is the hex hash of its stored bytes."""

    event: Event
    leaf: str
