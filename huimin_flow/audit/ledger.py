"""What an audit has learnt so far: the tails, values and books of a history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from huimin_flow.audit.findings import Finding
from huimin_flow.audit.services.ratings import Rollups
from huimin_flow.catalogue.terms import Flaw, State
from huimin_flow.clock import SystemClock
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.executing.attachments import Shelf

T = TypeVar("T")


@value
class Frozen:
    """A list as a job froze it, and what stood under its key before."""

    value: Edition
    before: Edition | None


@value
class Confirmed:
    """The last event of a stream that two people stand behind."""

    n: int
    step: str
    actor: str
    second: str
    request: str
    previous: str | None


@value
class Entry:
    """A job's event: what it says, and what the walk knows of it.

    ``position``, ``request`` and the stamp ``at`` are the event's own. ``states``
    counts the items by state as it ran, where a reminder says how many wait.
    """

    said: Mapping[str, Any]
    rulebook: str
    at: str
    position: int
    request: str
    states: Mapping[State, int]


def run_columns(said: Mapping[str, Any], rulebook: str | None) -> dict[str, Any]:
    """Return the row of a run as its event has it; some of it stands there alone."""
    alone = {"timetable", "logs", "writers"}
    columns = {name: each for name, each in said.items() if name not in alone}
    return columns | {"rulebook": rulebook}


@dataclass
class Serials:
    """Rows' serial numbers: the last one by stream, or of all under one writer.

    The very first stands under "". ``highest`` is the highest with its place,
    ``above`` whether it was found to be one that was never given.
    """

    last: dict[str, int] = field(default_factory=dict)
    latest: int = 0
    highest: tuple[int, str] = (0, "")
    above: bool = False


class Ledger:
    """What the walk over the history has learnt so far, and what it found."""

    def __init__(
        self,
        connection: Connection,
        shelf: Shelf | None,
        *,
        release: bool = False,
        now: datetime | None = None,
    ) -> None:
        """Begin with nothing learnt; ``release`` lets writers in between slices.

        ``now`` is the auditor's moment, that of this machine if None.
        """
        self.connection = connection
        self.now = now or SystemClock().now()
        self.shelf = shelf
        self.release = release
        self.findings: list[Finding] = []
        self.tails: dict[str, tuple[int, bytes]] = {}
        #: Where the records stand, by stream.
        self.targets: dict[str, str | None] = {}
        self.items: dict[str, Item] = {}
        self.records: dict[str, dict[str, Any]] = {}
        #: What records hold, by stream, and by type and what they are about.
        self.values: dict[str, Any] = {}
        self._about: dict[tuple[type, str], list[str]] = {}
        self.batches: list[tuple[str, int, str, int]] = []
        self.jobs: dict[tuple[str, str], Entry] = {}
        self.attachments: dict[tuple[str, str], dict[str, Any]] = {}
        self.frozen: dict[str, Frozen] = {}
        self.enlisted: list[tuple[str, str, Any]] = []
        self.published: list[tuple[Any, str]] = []
        #: What the scheduler recorded, by request: a job is one.
        self.made: dict[str, list[Any]] = {}
        #: By stream, its last event that two people stand behind.
        self.confirmed: dict[str, Confirmed] = {}
        #: The items that were merged into each; the children that steps named.
        self.merged: dict[str, list[str]] = {}
        self.heirs: dict[str, tuple[str, str]] = {}
        #: By item, what put its tasks to run or ended that, with its position.
        self.ran: dict[str, list[tuple[int, Event]]] = {}
        #: The last batch that was walked.
        #: What the founding says this database is for.
        self.purpose = ""
        self.leaves: list[bytes] = []
        self.books: dict[str, Rulebook] = {}
        self.held_books: set[str] = set()
        self.broken: set[str] = set()
        self.settling = False
        self.serials = Serials()
        #: The events that keep a private part apart.
        self.payloads: set[tuple[str, int]] = set()
        #: The last position that was walked, and the last that was no gap.
        self.head = 0
        self.placed = 0
        #: By position, the latest stamp up to it; positions count from 1.
        self.latest: list[str] = []
        #: By position, the request; those that wait for one follow as they came.
        self.requests: list[str] = []
        #: The activations: position, moment and digest; the last is the active one.
        self.activations: list[tuple[int, datetime, str]] = []
        self.rollups = Rollups(connection)

    def keep(self, stream: str, about: str, held: Any) -> None:
        """Keep what a record holds now."""
        if stream not in self.values:
            self._about.setdefault((type(held), about), []).append(stream)
        self.values[stream] = held

    def regroup(self, before: Item | None, after: Item) -> None:
        """Take up that an item was merged into another, or came back."""
        if before is not None and before.merged_into is not None:
            self.merged[before.merged_into].remove(after.number)
        if after.merged_into is not None:
            self.merged.setdefault(after.merged_into, []).append(after.number)

    def of(self, kind: type[T], about: str) -> list[T]:
        """Return what records of a type hold that are about one thing, oldest first."""
        return [self.values[one] for one in self._about.get((kind, about), ())]

    def ruling(self, event: Event) -> Iterator[Rulebook]:
        """Yield the rulebooks under whose organization an act may have been done.

        That is the active one. Where several write at once, an act may have begun
        before the last activation; it then names the one before.
        """
        digests = [one for *_, one in self.activations[-2:][::-1]]
        if self.connection.dialect.name == "sqlite" or event.rulebook in digests[:1]:
            digests = digests[:1]
        yield from (self.books[one] for one in digests if one in self.books)

    @property
    def active(self) -> str:
        """Return the digest of the rulebook active where the walk stands."""
        return self.activations[-1][2] if self.activations else ""

    @property
    def sliced(self) -> bool:
        """Tell whether writers are let in between slices.

        SQLite alone makes them wait for readers; elsewhere one moment is kept.
        """
        return self.release and self.connection.dialect.name == "sqlite"

    def pause(self) -> None:
        """End the reading transaction, so that a writer who waits may go on."""
        if self.sliced:
            self.connection.rollback()

    def found(self, flaw: Flaw, place: str, detail: object = "", *, law: str) -> None:
        """Keep a finding against a law: a module of the audit, and its number there."""
        finding = Finding(
            flaw=flaw, place=_said(place), detail=_said(detail)[:300], law=law
        )
        self.findings.append(finding)


def _said(written: object) -> str:
    """Return a text that every screen can show, whatever bytes it came from."""
    return str(written).encode(errors="backslashreplace").decode()
