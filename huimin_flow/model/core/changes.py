"""Changes of the feed, and the cursors of those who read it (E1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.model.core.values import value


@value
class FeedChange:
    """One recorded event, as the feed of changes shows it to other systems.

    ``position`` counts from 1 without gaps, in the order of commits. ``key`` is the hex
    hash of the event: a reader that gets a change again knows it by its key. ``step``
    is what was done, ``state`` where the stream stands after it, ``unit`` the code of
    the unit that it concerns, None for the city. ``at`` is aware. ``data`` has only
    codes, numbers, days and names of streams; ``changes.schema`` describes it.
    """

    position: int
    key: str
    kind: StreamKind
    stream: str
    step: str
    state: str | None
    at: datetime
    unit: str | None
    data: Mapping[str, Any]


@value
class Cursor:
    """How far a consumer has read the feed: up to ``position``, said ``at``.

    ``lag`` is how many changes come after it.
    """

    consumer: str
    position: int
    at: datetime
    lag: int
