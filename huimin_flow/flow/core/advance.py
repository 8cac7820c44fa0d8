"""The one way to change an item or a record.

Load the value and its version → authorize the actor → take the verdict of the
caller's rule → ask the stream's life with its guards → make the new value → record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from functools import partial
from typing import Any, ClassVar, Protocol, TypeVar

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import (
    Area,
    FeedStep,
    RecordStep,
    Step,
    StreamKind,
    Term,
)
from huimin_flow.errors import InputRefused, ItemMoved, StepRefused
from huimin_flow.flow.core.work import Work, moved
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import Plain, to_plain, value
from huimin_flow.model.evidence import Acting, Evidence
from huimin_flow.model.items import Item
from huimin_flow.states import machine
from huimin_flow.states.authority import authorize
from huimin_flow.states.evolve import evolve
from huimin_flow.states.table import ITEM
from huimin_flow.store.core import history, positions, repository
from huimin_flow.store.core.driver import Write
from huimin_flow.stream_names import counter_of, nth
from huimin_flow.streams import STREAMS, owner_of


class _Record(Protocol):
    """A value that is recorded whole under its key, the name of its stream."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def key(self) -> str: ...

    @property
    def version(self) -> int: ...


V = TypeVar("V", bound=_Record)

#: Kinds of facts that units record by a step of their own; others are imported.
PROGRESS_KIND, ANSWER_KIND = "progress", "answers"
_KEEPING = {PROGRESS_KIND: RecordStep.REPORT, ANSWER_KIND: RecordStep.ANSWER}


@value
class Permit:
    """A step that a stream's life allows now to an actor: event ``n`` of the stream."""

    stream: str
    n: int
    step: Term
    source: Term | None
    target: Term
    by: Acting
    verdict: Verdict | None
    previous: str | None


def acting_as(
    work: Work,
    by: Actor,
    second: Actor | None = None,
    units: tuple[str | None, ...] = (None,),
) -> Acting:
    """Return who takes a step today, with the roles that the organization has entered.

    ``units`` own the item or record; None is the whole city.

    Raises:
        StepRefused: for a person whom the organization doesn't know.
    """
    return Acting(
        actor=work.believed(by),
        second=None if second is None else work.believed(second),
        day=work.today,
        organization=work.rulebook.organization,
        units=units,
    )


def permitted(
    work: Work,
    stream: str,
    step: Term,
    by: Acting,
    evidence: Evidence | None = None,
    *,
    subject: object = None,
    expected: int | None = None,
) -> Permit:
    """Return the permit of a stream's life for a step; every event needs one.

    ``subject`` is the current value, None before the first event. ``expected`` is
    the number of the last event that the caller saw; if the stream has another,
    someone else was first.

    Raises:
        ItemMoved: if the stream has a newer event.
        StepRefused: with every reason why the step may not be taken.

    """
    kind, _ = StreamKind.parse(stream)
    if kind is None:
        raise ValueError(stream)
    last, previous, state = history.last_leaf(work.connection, stream)
    if expected is not None and last != expected:
        raise moved(stream, expected, last)
    life = STREAMS[kind].life
    source = life.begins if state is None else life.states[state]
    evidence = evidence or Evidence()
    target = machine.permit(
        life, source, step, by, evidence, subject=subject, stream=stream
    )
    return Permit(
        stream=stream,
        n=last + 1,
        step=step,
        source=source,
        target=target,
        by=by,
        verdict=evidence.verdict,
        previous=None if previous is None else previous.hex(),
    )


def record(
    work: Work,
    permit: Permit,
    public: Mapping[str, Any],
    *,
    occurred_on: date | None = None,
    rulebook: str | None = None,
    at: datetime | None = None,
    write: Callable[[Event], Write] | None = None,
) -> Event:
    """Append the event of a permitted step, and return it.

    ``at`` is the moment that rows of the act have already, and ``write`` returns what
    writes the value that the event changes.

    Raises:
        ItemMoved: if someone else has written the value since.

    """
    verdict, second = permit.verdict, permit.by.second
    confirmed = {"confirmed_by": second.id} if second else {}
    event = Event(
        stream=permit.stream,
        n=permit.n,
        step=permit.step.value,
        source=None if permit.source is None else permit.source.value,
        target=permit.target.value,
        at=at or work.now,
        occurred_on=occurred_on or work.today,
        actor=permit.by.actor.id,
        via=permit.by.actor.via.value,
        request=work.request,
        rulebook=rulebook or work.rulebook.digest,
        verdict=None if verdict is None else to_plain(verdict),
        public={**public, **confirmed},
        private=None,
        previous=permit.previous,
    )
    if not history.append(work.connection, event, write=write and write(event)):
        raise moved(permit.stream, permit.n - 1, permit.n)
    work.events.append(event)
    return event


def next_key(work: Work, kind: StreamKind, within: object) -> str:
    """Return the next number of a kind of stream, as text: ``2027-000001``.

    Numbers count within a year or a subject, as the kind's declaration says.
    """
    number = positions.next_number(work.connection, counter_of(kind, within))
    return nth(kind, number, within)


def advance(
    work: Work,
    of_item: Item | str,
    step: Step,
    evidence: Evidence | None = None,
    *,
    by: Actor | Acting,
    changes: Mapping[str, Any] | None = None,
    version: int | None = None,
    occurred_on: date | None = None,
    rulebook: str | None = None,
    named: Mapping[str, Any] | None = None,
    of: Step | None = None,
) -> Item:
    """Take one step with an item and return the new item.

    ``of_item`` is the item as this act has read it, or its number. ``by`` is an
    ``Acting`` if the step needs two people: it has both, and the owners of the lists
    that they change. ``changes`` are the fields that the step sets. ``version`` is the
    one that the caller saw, ``rulebook`` the digest of that of a job's cutoff.
    ``named`` are further fields of the event, as ``for_unit``, the unit that acts if it
    is not the item's own. ``of`` is the step whose negative verdict led to ``step``:
    actor and state must permit it, too.

    Raises:
        InputRefused: for a day before the item's last event.
        NotFound: if there is no such item.
        ItemMoved: if it is not at ``version``.
        StepRefused: with every reason why the step may not be taken.

    """
    item = of_item
    if isinstance(item, str):
        item = repository.item(work.connection, item)
    number = item.number
    if version is not None and version != item.version:
        raise moved(number, version, item.version)
    stream = StreamKind.ITEM.key(number)
    if occurred_on is not None and occurred_on < work.today:
        last = positions.last_day(work.connection, stream)
        if last is not None and occurred_on < last:
            code = InputCode.DAY_BEFORE_LAST_STEP
            raise InputRefused(code, day=occurred_on, last=last)
    named = named or {}
    by = by if isinstance(by, Acting) else acting_as(work, by)
    for asked in (of or step, step):
        _authorize(by, asked, named.get("for_unit") or item.unit, item.area)
    try:
        machine.require_road(ITEM, item.state, of or step)
        permit = permitted(
            work, stream, step, by, evidence, subject=item, expected=item.version
        )
    except ItemMoved:
        raise
    except StepRefused as refusal:
        from huimin_flow.flow.core import earliest  # noqa: PLC0415 - only for refusals

        raise earliest.dated(work, item, of or step, refusal) from None
    changes = changes or {}
    stale = tuple(part for part in item.stale if part not in changes)
    moves = step in {Step.TRANSFER, Step.REASSIGN}
    if not moves and stale != item.stale:  # a decision ends its doubt
        changes = {"stale": stale, **changes}
    public = {"changes": to_plain(changes), **named}
    return _keep(work, item, permit, public, occurred_on=occurred_on, rulebook=rulebook)


def create(
    work: Work,
    number: str,
    step: Step,
    evidence: Evidence | None = None,
    *,
    by: Actor,
    changes: Mapping[str, Any],
    occurred_on: date | None = None,
    named: Mapping[str, Any] | None = None,
) -> Item:
    """Create a new item by ``collect`` or ``respond``; ``named`` as in ``advance``.

    Raises:
        StepRefused: if the actor may not, or a fact is missing.

    """
    acting, stream = acting_as(work, by), StreamKind.ITEM.key(number)
    _authorize(acting, step, changes["unit"], Area(changes["area"]))
    permit = permitted(work, stream, step, acting, evidence, expected=0)
    public = {"changes": to_plain({"number": number, **changes}), **(named or {})}
    return _keep(work, None, permit, public, occurred_on=occurred_on)


def keep_record(
    work: Work,
    step: Term,
    new: V,
    old: V | None,
    acting: Acting,
    evidence: Evidence | None = None,
    *,
    about: str = "",
    occurred_on: date | None = None,
    rulebook: str | None = None,
) -> V:
    """Record a whole value as the next event of its stream, and return it.

    The step sets its version, and its state if it has one. ``old`` is the value that
    the caller saw, None before the first.

    Raises:
        ItemMoved: if someone else has written since.
        StepRefused: if its life doesn't allow the step.
    """
    seen = 0 if old is None else old.version
    acting = replace(acting, authors=partial(work.held_then, new.key))
    permit = permitted(
        work, new.key, step, acting, evidence, subject=old, expected=seen
    )
    state = any(field.name == "state" for field in fields(new))
    made: dict[str, Any] = {"state": permit.target} if state else {}
    kept = replace(new, version=permit.n, **made)
    kind, plain = type(kept).__name__, Plain.of(kept)  # event and row share it
    columns = repository.record_columns(kept.key, kind, about, permit.n, plain)
    record(
        work, permit, {"kind": kind, "about": about, "value": plain},
        occurred_on=occurred_on, rulebook=rulebook,
        write=lambda _: repository.record_write(columns),
    )  # fmt: skip
    return kept


def step_record(
    work: Work,
    step: Term,
    old: V,
    *,
    by: Actor,
    second: Actor | None = None,
    evidence: Evidence | None = None,
    unit: str | None = None,
    about: str = "",
    **changes: object,
) -> V:
    """Take one step with a record and return the new record.

    ``changes`` are the fields that the step sets. ``unit`` owns the record; the
    default is the unit that the record names, or else the whole city.

    Raises:
        ItemMoved: if someone else has written since.
        StepRefused: with every reason why the step may not be taken.

    """
    acting = acting_as(work, by, second, (unit or owner_of(old),))
    new = replace(old, **changes)
    return keep_record(work, step, new, old, acting, evidence, about=about)


def keep_batch(
    work: Work,
    kind: str,
    batch: int,
    count: int,
    root: str,
    *,
    by: Actor,
    units: tuple[str, ...] = (),
    known: int = 0,
    step: RecordStep | FeedStep | None = None,
    at: datetime | None = None,
    **more: object,
) -> None:
    """Record the event that proves stored rows by their hex ``root``.

    ``units`` own what the rows are about; the default is the actor's unit.
    ``known`` counts the rows that were known already and are not kept again. ``step``
    is what else than keeping or reporting them it is. ``at`` is the moment in the rows.
    """
    stream = StreamKind.BATCH.key(nth(StreamKind.BATCH, batch))
    acting = acting_as(work, by, units=units or (by.unit,))
    step = step or _KEEPING.get(kind, RecordStep.KEEP)
    permit = permitted(work, stream, step, acting, expected=0)
    counts = {"batch": batch, "count": count, "known": known, **more}
    record(work, permit, {"kind": kind, "root": root, **counts}, at=at)


def _authorize(acting: Acting, step: Step, unit: str, area: Area) -> None:
    reasons = authorize(
        acting.actor, step, unit, area, acting.organization, day=acting.day
    )
    if reasons:
        raise StepRefused(reasons)


def _keep(
    work: Work, item: Item | None, permit: Permit, public: Mapping[str, Any], **how: Any
) -> Item:
    """Record the event of an item's step and its row; return the item after it."""
    new: list[Item] = []
    said = work.own_verdicts(item, permit.step, public["changes"], **how)

    def write(event: Event) -> Write:
        new.append(evolve(item, event))
        return repository.item_write(new[0], item)

    record(work, permit, {**public, **said}, write=write, **how)
    return new[0]
