"""An applied event with who acted, and the units that own its subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import (
    AdviceStep,
    Duty,
    EngagementStep,
    Flaw,
    ProposalField,
    RectificationStep,
    SpotCheckStep,
    Step,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.lists import area_of_list, owner_of_list, unit_of_list
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.improving.engagements import completing_unit
from huimin_flow.model.improving.spot_checks import checked_unit
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.states.authority import only_units
from huimin_flow.store.core.facts import FACT_TABLES
from huimin_flow.store.core.tables import BUSINESS, LINKS, PROGRESS, RATINGS
from huimin_flow.streams import TWO_PERSON_ACTS, owner_of


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

    def hold(self, part: str, expected: object, *, law: str) -> None:
        """Add a finding if a part of the value after it isn't what is expected."""
        if getattr(self.after, part) != expected:
            self.flag(Flaw.DECISION_MISMATCH, expected, part=part, law=law)

    def hold_attached(self, about: str, part: str, *, law: str) -> None:
        """Hold a field to files that are attached to a thing, one at least."""
        files, kept = getattr(self.after, part), self.ledger.attachments
        if not files or any((about, file) not in kept for file in files):
            self.flag(Flaw.STEP_NOT_ALLOWED, part=part, law=law)


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


def units_of(seen: Seen) -> tuple[str | None, ...]:
    """Return the units that own the subject of a step, None for the whole city."""
    units = _UNITS_OF_KIND.get(seen.kind)
    return (owner_of(seen.after),) if units is None else units(seen)


def _unit_of_list_with(seen: Seen, number: str) -> str | None:
    """Return the unit on whose list an item is, None for several or the city list."""
    keys = seen.ledger.lists_with(number)
    units = {unit_of_list(key) for key in keys if area_of_list(key) is None}
    return units.pop() if len(units) == 1 else None


def _units_of_batch(seen: Seen) -> tuple[str | None, ...]:
    """Return the units that a batch concerns: of its ratings, or of its links' items.

    Anybody may import any appeal; for progress see ``reported``.
    """
    public = seen.event.public
    table, batch = FACT_TABLES.get(str(public["kind"])), int(public["batch"])
    organization, day = seen.book.organization, local_day(seen.event.at)
    own = only_units(seen.actor, Duty.IMPORT, organization, day)
    if table is BUSINESS or "feed" in public:
        return (owner_of(seen.ledger.values.get(str(public.get("feed")))),)
    if table is LINKS or (table is RATINGS and own is not None):
        column = table.c.item if table is LINKS else table.c.unit
        query = select(column).where(table.c.batch == batch).distinct()
        subjects = map(str, seen.ledger.connection.execute(query).scalars())
        if table is RATINGS:
            return tuple(subjects)
        items = seen.ledger.items
        numbers = {*subjects, *_unlinked_from(seen, batch)}
        return tuple(items[number].unit for number in numbers if number in items)
    return (seen.actor.unit,)


def _unlinked_from(seen: Seen, batch: int) -> set[str]:
    """Return the items that the appeals which a batch takes off had until then."""
    taken = LINKS.alias()
    query = (
        select(LINKS.c.channel, LINKS.c.key, LINKS.c.item)
        .join(
            taken,
            (taken.c.channel == LINKS.c.channel) & (taken.c.key == LINKS.c.key),
        )
        .where(taken.c.batch == batch, taken.c.item == "", LINKS.c.batch < batch)
        .order_by(LINKS.c.batch, LINKS.c.line)
    )
    rows = seen.ledger.connection.execute(query)
    return set({(channel, key): item for channel, key, item in rows}.values())


def reported(seen: Seen) -> Iterator[tuple[Item, str]]:
    """Yield the items and accountable units of a batch of progress."""
    public = seen.event.public
    # Who may deliver is said by the feed.
    if "feed" in public or FACT_TABLES.get(str(public.get("kind"))) is not PROGRESS:
        return
    query = select(PROGRESS.c.item, PROGRESS.c.task).where(
        PROGRESS.c.batch == int(public["batch"])
    )
    for number, key in seen.ledger.connection.execute(query.distinct()):
        item = seen.ledger.items[number]
        tasks = {task.key: task.unit for task in (item.plan or Plan()).tasks}
        yield item, tasks[key]


def _units_of_attachment(seen: Seen) -> tuple[str | None, ...]:
    """Return the unit for which a file is attached: the actor's if it takes part."""
    about = StreamKind.parse(seen.event.stream)[1]
    if about in seen.ledger.values:  # of a meeting, or of a unit's decision
        return (owner_of(seen.ledger.values[about]),)
    item = seen.ledger.items[about]
    owners = {item.unit, *(task.unit for task in (item.plan or Plan()).tasks)}
    day = local_day(seen.event.at)
    own = seen.book.organization.acts_for(seen.actor.unit, day)
    return (min(owners & own, default=item.unit),)


def _units_of_proposal(seen: Seen) -> tuple[str | None, ...]:
    values = seen.after.values
    if ProposalField.EDITION in values:
        return (unit_of_list(values[ProposalField.EDITION]),)
    if TWO_PERSON_ACTS[seen.after.act].asks is not None:
        return (seen.ledger.items[values[ProposalField.ITEM]].unit,)
    if ProposalField.ITEM in values:
        return (_unit_of_list_with(seen, values[ProposalField.ITEM]),)
    if ProposalField.TRANSACTION in values:
        return (seen.actor.unit,)
    return (owner_of(seen.ledger.values.get(values.get(ProposalField.KEY, ""))),)


_UNITS_OF_KIND: Final[Mapping[StreamKind, Callable[[Seen], tuple[str | None, ...]]]] = {
    StreamKind.LIST: lambda seen: (owner_of_list(seen.after),),
    # The unit of the list that it enters, or leaves if two people remove it.
    StreamKind.ITEM: lambda seen: (
        unit_of_list(seen.after.edition or "")
        if seen.event.step == Step.ENLIST
        else _unit_of_list_with(seen, seen.after.number),
    ),
    StreamKind.ADVICE: lambda seen: (
        seen.after.mending.unit
        if seen.event.step == AdviceStep.MEND
        else seen.after.unit,
    ),
    **dict.fromkeys(
        (StreamKind.ASSESSMENT, StreamKind.EXCUSE, StreamKind.SUPERVISION_ORDER),
        lambda seen: (seen.ledger.items[seen.after.item].unit,),
    ),
    # The item's unit answers a finding, the owner of its action reports it as done.
    StreamKind.ENGAGEMENT: lambda seen: (
        seen.ledger.items[seen.after.item].unit
        if seen.event.step in {EngagementStep.ANSWER, EngagementStep.DECLINE}
        else completing_unit(seen.before, seen.after)
        if seen.event.step == EngagementStep.COMPLETE
        else None,
    ),
    StreamKind.SPOT_CHECK: lambda seen: (
        checked_unit(seen.before, seen.after)
        if seen.event.step == SpotCheckStep.ANSWER
        else None,
    ),
    StreamKind.TASK_RETURN: lambda seen: (
        seen.after.unit
        if seen.before is None
        else seen.ledger.items[seen.after.item].unit,
    ),
    StreamKind.RECTIFICATION: lambda seen: (
        seen.actor.unit
        if seen.event.step in {RectificationStep.ACCEPT, RectificationStep.RETURN}
        else seen.after.unit,
    ),
    **dict.fromkeys(
        (StreamKind.ANSWER_RETURN, StreamKind.DECISION),
        lambda seen: (seen.after.unit,),
    ),
    StreamKind.READING: lambda seen: seen.after.units or (None,),
    StreamKind.FOLLOW_UP: lambda seen: (seen.actor.unit,),
    StreamKind.BATCH: _units_of_batch,
    StreamKind.ATTACHMENT: _units_of_attachment,
    StreamKind.PROPOSAL: _units_of_proposal,
}
