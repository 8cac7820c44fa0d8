"""What an audit has learnt so far: the tails, values and books of a history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from huimin_flow.audit.findings import Finding, Flaw
from huimin_flow.audit.rollups import Rollups
from huimin_flow.model.item import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.shelf import Shelf


class Ledger:
    """What the walk over the history has learnt so far, and what it found."""

    def __init__(self, connection: Connection, shelf: Shelf | None) -> None:
        """Begin with nothing learnt."""
        self.connection = connection
        self.shelf = shelf
        self.findings: list[Finding] = []
        self.tails: dict[str, tuple[int, bytes]] = {}
        self.items: dict[str, Item] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.batches: list[tuple[str, int, str, int]] = []
        self.jobs: dict[tuple[str, str], dict[str, Any]] = {}
        self.attachments: dict[tuple[str, str], dict[str, Any]] = {}
        self.frozen: dict[str, dict[str, Any]] = {}
        self.published: list[tuple[str, dict[str, Any], str]] = []
        self.leaves: list[bytes] = []
        self.books: dict[str, Rulebook] = {}
        self.broken: set[str] = set()
        self.settling = False
        self.rollups = Rollups(connection)

    def found(self, flaw: Flaw, place: str, detail: object = "") -> None:
        """Keep a finding."""
        self.findings.append(Finding(flaw=flaw, place=place, detail=str(detail)[:300]))
