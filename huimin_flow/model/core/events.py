"""Verdicts of rules and recorded events: codes with values, never sentences."""

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
    """The result of a rule, with all its inputs.

    ``score`` is decimal text or None. ``inputs`` hold only integers, decimal text
    and booleans, so that an auditor can apply the same rule again.
    """

    rule: str
    revision: int
    passed: bool
    score: str | None = None
    reasons: Reasons = ()
    inputs: Mapping[str, Plain] = field(default_factory=dict)


#: The version of the format; a new version never changes the meaning of an old one.
HEADER_VERSION = 1


@value
class Event:
    """One event of one stream.

    ``n`` counts from 1 in the stream. ``step``, ``source`` and ``target`` are codes, of
    an item those of ``Step`` and ``State``: ``Step(event.step).label``. ``at`` is the
    moment of recording, aware UTC; ``occurred_on`` is the Shanghai day on which it
    happened. ``public`` holds canonical JSON values. ``private`` is the hex commitment
    to a payload that is stored separately, or None. ``previous`` is the hex leaf of the
    event before it in the stream, None for the first.
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
    """A recorded event; ``leaf`` is the hex hash of its stored bytes.

    It is ``declared`` if two people said that a wrong clock gave it its time.
    """

    event: Event
    leaf: str
    declared: bool = False


@value
class RefusedRow:
    """A row that was not imported: its line in the file, from 1, and the reason."""

    line: int
    reason: Reason


@value
class Refusal:
    """A refused step of the log; it changed nothing.

    ``id`` counts refusals. ``at`` is aware. ``actor`` is the post, ``act`` the name of
    the use case, ``about`` the item or record that it named, "" if it named none.
    """

    id: int
    at: datetime
    actor: str
    act: str
    about: str
    reasons: Reasons
