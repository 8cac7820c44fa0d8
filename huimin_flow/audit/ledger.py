"""The state of an audit: tails, values and rulebooks of the history read so far."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from huimin_flow.audit.findings import AuditFinding
from huimin_flow.audit.services.ratings import Rollups
from huimin_flow.catalogue.terms import Flaw, State, StreamKind, TwoPeople, Via
from huimin_flow.clock import SystemClock
from huimin_flow.model.core.canonical import canonical_of_plain, merkle_root
from huimin_flow.model.core.clocks import ClockRecord
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.extensions import Extension
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import Activation
from huimin_flow.rules.executing.running import RunStep
from huimin_flow.states.authority import holders_of
from huimin_flow.store.core import positions
from huimin_flow.store.core.engine import renew
from huimin_flow.store.executing.attachments import Shelf
from huimin_flow.store.sensing.keys import Keyring
from huimin_flow.store.slices import Facts

T = TypeVar("T")


class Frozen(NamedTuple):
    """A list as a job froze it, and the value of the same key before."""

    value: Edition
    before: Edition | None


class Root:
    """The Merkle root of leaves, in memory of its depth.

    >>> root = Root()
    >>> for leaf in [b"a", b"b", b"c"]:
    ...     root.append(leaf)
    >>> root.digest() == merkle_root([b"a", b"b", b"c"]), root.count
    (True, 3)

    """

    def __init__(self) -> None:
        """Begin without leaves."""
        self.count = 0
        #: The roots of whole trees, the largest first.
        self._trees: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add the next leaf."""
        self.count = size = self.count + 1
        while not size & 1:
            leaf = sha256(b"\x01" + self._trees.pop() + leaf).digest()
            size >>= 1
        self._trees.append(leaf)

    def digest(self) -> bytes:
        """Return the root of all leaves."""
        if not self._trees:
            return merkle_root([])
        return reduce(lambda right, left: merkle_root([left, right]), self._trees[::-1])


#: Request ids that the caller did not choose; ``Clock.token`` makes them.
_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds_of(moment: datetime) -> int:
    """Return an aware moment in microseconds, which sort as ``moment_text`` does."""
    return (moment - _EPOCH) // _MICROSECOND


def sets_time(event: Event) -> bool:
    """Tell whether an event says of the time what is right, or proposes to."""
    kind, _ = StreamKind.parse(event.stream)
    if kind is StreamKind.PROPOSAL:
        proposed = event.public.get("value")
        return isinstance(proposed, Mapping) and proposed["act"] == TwoPeople.DECLARE
    return kind is StreamKind.CLOCK


@value
class Entry:
    """A job's event: its public part, and the data that later checks need.

    ``position``, ``request`` and the stamp ``at`` are those of the event;
    ``before_request`` events precede those of its request. ``states`` counts the
    items by state when the job ran; only a listing reminder needs it.
    """

    public: Mapping[str, Any]
    rulebook: str
    at: str
    position: int
    request: str
    before_request: int
    states: Mapping[State, int]


def record_columns(event: Event) -> dict[str, Any]:
    """Return the row of a record that follows from its last event."""
    return {
        "key": event.stream,
        "kind": event.public["kind"],
        "about": event.public["about"],
        "version": event.n,
        "body": canonical_of_plain(event.public["value"]).decode(),
    }


def batch_of(event: Event) -> tuple[str, int, str, int]:
    """Return the kind, number, root and count that a batch's event states."""
    public = event.public
    kind, batch = str(public["kind"]), int(public["batch"])
    return kind, batch, public["root"], public["count"]


def run_columns(public: Mapping[str, Any], rulebook: str | None) -> dict[str, Any]:
    """Return the row of a run from its event, without the fields that it lacks."""
    unstored = {"timetable", "logs", "writers", "repeats", "refused"}
    columns = {name: entry for name, entry in public.items() if name not in unstored}
    return columns | {"rulebook": rulebook}


@dataclass(kw_only=True)
class Ledger:
    """The state of the walk over the history, and its findings.

    ``release`` lets others write between slices. ``alone`` is true for the replay of
    a single stream. Without ``decisions`` no rule is asked. ``now`` is the auditor's
    moment, this machine's clock by default. ``keyring`` opens what is encrypted.
    """

    connection: Connection
    shelf: Shelf | None
    release: InitVar[bool] = False
    keyring: Keyring = field(default_factory=Keyring)
    alone: bool = False
    decisions: bool = True
    #: Lets others write and then reads their events, so that each slice of rows is
    #: compared with the history of the same moment.
    walk_on: Callable[[], None] = lambda: None
    now: datetime = field(default_factory=SystemClock().now)
    findings: list[AuditFinding] = field(default_factory=list)
    #: The extensions that the caller brings, and by name and revision the number of
    #: verdicts of those that can't be asked.
    extensions: tuple[Extension, ...] = ()
    absent: dict[tuple[str, str], int] = field(default_factory=dict)
    #: By stream, the number and the leaf of its last event.
    tails: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    #: The states of the records, by stream.
    targets: dict[str, str | None] = field(default_factory=dict)
    #: Without ``decisions`` they are open values.
    items: dict[str, Item] = field(default_factory=dict)
    #: The rows of records, by stream.
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: The values of records, by stream; their streams, by type and subject.
    values: dict[str, Any] = field(default_factory=dict)
    _about: dict[tuple[type, str], list[str]] = field(default_factory=dict)
    batches: list[tuple[str, int, str, int]] = field(default_factory=list)
    jobs: dict[tuple[str, str], Entry] = field(default_factory=dict)
    attachments: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    #: The deliberations to which something was attached once they were held.
    minuted: set[str] = field(default_factory=set)
    frozen: dict[str, Frozen] = field(default_factory=dict)
    #: By key, the edition of a list that is in force.
    in_force: dict[str, Edition] = field(default_factory=dict)
    #: The keys of lists that were published before the engine began.
    opened: set[str] = field(default_factory=set)
    enlisted: list[tuple[str, str, Any]] = field(default_factory=list)
    published: list[tuple[Any, str]] = field(default_factory=list)
    #: The records that the scheduler made, by request; each job is one request.
    made: dict[str, list[Any]] = field(default_factory=dict)
    #: By stream, its last event with a second person.
    confirmed: dict[str, Event] = field(default_factory=dict)
    #: The items that were merged into each.
    merged: dict[str, list[str]] = field(default_factory=dict)
    #: The children that steps name, each with its parent and the step.
    heirs: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: The act by which each item was born that responds to another, by its request.
    born: dict[str, str] = field(default_factory=dict)
    #: By item, the steps that started or ended its tasks, with their positions.
    ran: dict[str, list[tuple[int, RunStep]]] = field(default_factory=dict)
    #: The purpose of this database in its founding event.
    purpose: str = ""
    #: The root of all leaves read so far, with their count.
    root: Root = field(default_factory=Root)
    books: dict[str, Rulebook] = field(default_factory=dict)
    #: The digests of the checked rulebooks.
    held_books: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    settling: bool = False
    #: Serial numbers of rows: the last one by stream, with that of the first row of
    #: all under ""; the last of all; the highest with its place.
    serials: dict[str, int] = field(default_factory=dict)
    last_serial: int = 0
    highest_serial: tuple[int, str] = (0, "")
    #: How many events have a private part. Their keys are kept only if that number
    #: does not tell that each has its row, and no other row is there.
    private: int = 0
    payloads: dict[tuple[str, int], Mapping[str, Any]] | None = None
    #: The last position that was read, and the last one without a gap.
    head: int = 0
    placed: int = 0
    #: The latest stamp; and by position, the latest up to it, in microseconds.
    stamp: str = ""
    latest: array[int] = field(default_factory=lambda: array("q"))
    last_stamp: str = ""
    #: The declared spans, each with the position of its declaration.
    spans: tuple[tuple[ClockRecord, int | None], ...] = ()
    #: Runs that were repeated, and steps of jobs on what was published before.
    repeated: list[tuple[tuple[str, str], Entry]] = field(default_factory=list)
    again: list[tuple[str, str]] = field(default_factory=list)
    #: The last request, and how many events precede its own, which are consecutive.
    request: str | None = None
    #: The items with a step in the last request.
    stepped: set[str] = field(default_factory=set)
    before_request: int = 0
    #: The request ids of a slice that callers chose, and those without an answer.
    named: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    #: The activations: position, moment and digest; the last is the active one.
    activations: list[tuple[int, datetime, str]] = field(default_factory=list)
    #: The digests of the rulebooks that were activated.
    activated: set[str] = field(default_factory=set)
    #: The actors of each rulebook: by its digest, person and door.
    _actors: dict[tuple[str, str, Via, date | None], Actor | None] = field(
        default_factory=dict
    )
    _authors: dict[str, dict[str, str]] = field(default_factory=dict)
    #: The keys of the lists with each item.
    _listed: dict[str, set[str]] = field(default_factory=dict)
    #: By stream of advice, the step of the item with which it began.
    advised: dict[str, Event] = field(default_factory=dict)
    #: By item, the last day on which it became screened.
    screened: dict[str, date] = field(default_factory=dict)
    #: The meetings and items whose judgments took effect.
    judged: set[tuple[str, str]] = field(default_factory=set)
    #: The items that gaps of measures collected: their first events and requests.
    gap_items: dict[str, tuple[Event, str]] = field(default_factory=dict)
    #: By item, those that continue it.
    continuing: dict[str, list[str]] = field(default_factory=dict)
    split: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self, release: bool) -> None:
        """Find out whether others may write during the audit."""
        #: SQLite has one writer; on PostgreSQL rows may not have a position yet.
        self.one_writer = self.connection.dialect.name == "sqlite"
        #: Only on SQLite writers wait for readers; PostgreSQL keeps one snapshot.
        self.sliced = release and self.one_writer
        self.rollups = Rollups(self.connection, alone=self.alone)
        self.facts = Facts(self.connection)

    def is_declared(self, position: int | None) -> bool:
        """Tell whether a declared span has a position."""
        return positions.is_in(position, [span for span, _ in self.spans])

    def follow(self, event: Event, at: str, position: int | None) -> None:
        """Keep the moment and the request of a readable event."""
        if not self.is_declared(position):  # such a stamp says nothing
            self.stamp = max(self.stamp, at)
        self.last_stamp = max(self.last_stamp, at)
        if self.decisions:
            since, latest = microseconds_of(event.at), self.latest
            latest.append(max(since, latest[-1]) if latest else since)
        if event.request != self.request:
            self.request, self.before_request = event.request, len(self.latest) - 1
            self.stepped.clear()
            if not _TOKEN.fullmatch(str(event.request)):
                self.named.add(str(event.request))

    def keep(self, stream: str, about: str, held: Any) -> None:
        """Keep the current value of a record."""
        before = self.values.get(stream)
        if before is None:
            self._about.setdefault((type(held), about), []).append(stream)
        self.values[stream] = held
        if isinstance(before, Edition):
            for place in before.places:
                self._listed[place.item].discard(stream)
        if isinstance(held, Edition):
            for place in held.places:
                self._listed.setdefault(place.item, set()).add(stream)

    def lists_with(self, number: str) -> set[str]:
        """Return the keys of the lists that an item is on."""
        return self._listed.get(number, set())

    def regroup(self, before: Item | None, after: Item) -> None:
        """Record to which items an item belongs: those it continues or merged into."""
        if before is None and after.continues is not None:
            self.continuing.setdefault(after.continues, []).append(after.number)
        if before is None and after.split_from is not None:
            self.split.setdefault(after.split_from, []).append(after.number)
        if before is not None and before.merged_into is not None:
            self.merged[before.merged_into].remove(after.number)
        if after.merged_into is not None:
            self.merged.setdefault(after.merged_into, []).append(after.number)

    def related(self, level: list[str]) -> tuple[list[str], list[str]]:
        """Return the items merged into some, and those continued or split off."""
        merged = [item for into in level for item in self.merged.get(into, ())]
        known = (self.items[item].continues for item in level if item in self.items)
        above = [item for item in known if item is not None]
        return merged, [
            *above,
            *(n for item in level for n in self.split.get(item, ())),
        ]

    def of(self, kind: type[T], about: str) -> list[T]:
        """Return the values of a type about one subject, oldest first."""
        return [self.values[stream] for stream in self._about.get((kind, about), ())]

    def actor(self, digest: str, person: object, via: Via, day: date) -> Actor | None:
        """Return the actor of a rulebook's organization on a day, or None."""
        if not isinstance(person, str):  # an edited header may name anything
            return None
        organization = self.books[digest].organization
        key = (digest, person, via, day if organization.deputies else None)
        if key not in self._actors:
            self._actors[key] = organization.actor(person, via, day)
        return self._actors[key]

    def sign(self, event: Event) -> None:
        """Remember who acted in a record's stream, and under which rulebook."""
        authors = self._authors.setdefault(event.stream, {})
        for person in (event.actor, event.public.get("confirmed_by")):
            if isinstance(person, str):
                authors[person] = str(event.rulebook)

    def held_then(self, stream: str, person: str) -> frozenset[str] | None:
        """Return who held a post when it last acted in a stream, None if it never did.

        Under the first rulebook nobody has changed posts, as for the engine.
        """
        digest = self._authors.get(stream, {}).get(person, "")
        if digest not in self.books or len(self.activations) < 2:
            return None
        return holders_of(person, self.books[digest].organization)

    @property
    def ruled(self) -> list[Activation]:
        """Return the activations so far whose rulebooks are known, in order."""
        return [
            Activation(since=since, book=self.books[digest])
            for _, since, digest in self.activations
            if digest in self.books
        ]

    def ruling(self, event: Event) -> Iterator[str]:
        """Yield the digests of the rulebooks that may apply to an act.

        That is the active one. With several writers, an act may have begun before the
        last activation; then it names the one before.
        """
        digests = [digest for *_, digest in self.activations[-2:][::-1]]
        if self.one_writer or event.rulebook in digests[:1]:
            digests = digests[:1]
        yield from (digest for digest in digests if digest in self.books)

    def pause(self) -> None:
        """End the reading transaction, so that waiting writers can continue."""
        if self.sliced:
            renew(self.connection)

    def flag(self, flaw: Flaw, place: str, detail: object = "", *, law: str) -> None:
        """Add a finding; ``law`` is a module of the audit and the number of the law."""
        # A screen must be able to show every text, whatever its bytes.
        texts = [
            str(text).encode(errors="backslashreplace").decode()
            for text in (place, detail)
        ]
        finding = AuditFinding(
            flaw=flaw, place=texts[0], detail=texts[1][:300], law=law
        )
        self.findings.append(finding)
