"""An event beside the values before and after it, and who acted under which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import (
    Flaw,
    StreamKind,
)
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.rulebook import Rulebook


@dataclass
class Applied:
    """An event with its place, the value before and after it, and its verdict."""

    ledger: Ledger
    event: Event
    kind: StreamKind
    place: str
    before: Any
    after: Any
    verdict: Verdict | None

    def flag(
        self, flaw: Flaw, detail: object = "", *, law: str, part: str = ""
    ) -> None:
        """Add a finding at the event, or at a part of it."""
        place = f"{self.place} {part}" if part else self.place
        self.ledger.flag(flaw, place, detail, law=law)


@dataclass
class Seen(Applied):
    """An applied event and its actor, under a rulebook of this digest."""

    ruling: str
    actor: Actor

    @property
    def book(self) -> Rulebook:
        """Return the rulebook that applies."""
        return self.ledger.books[self.ruling]

    @property
    def changes(self) -> Mapping[str, Any]:
        """Return the fields that an item's step set."""
        changes: Mapping[str, Any] = self.event.public["changes"]
        return changes
