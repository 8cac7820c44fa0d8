"""Every act of every stream asked again: from where, by whom, with whom, on what.

1. A stream's life has the step, from where the stream stood to where it then stands.
2. Who acted, and who confirmed, held a post in the organization of that moment.
3. They might take the step that day, for all whose thing it was.
4. What takes two people names the second, who is somebody else.
5. Every guard of the step finds in the history what it asks for.
6. A verdict is what its rule finds again, and the step wrote what the verdict found.
7. A record is what it was before, but for what its step sets; who is said to have
   written a part of it is who acted.
8. An item that the deadline's job chose has its place on a frozen list.
9. Who was named by a rehearsal's word acted in a rehearsal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from huimin_flow.audit.evidence import Seen, evidence_of, units_of
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.reasons import Code, RatingCode, Reason
from huimin_flow.catalogue.terms import Flaw, Step, StreamKind, Via
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.model.event import Event
from huimin_flow.model.evidence import Acting
from huimin_flow.model.item import Item
from huimin_flow.model.plain import from_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.verdict import Verdict
from huimin_flow.rules import selection
from huimin_flow.rules.catalog import REGISTRY, rederive
from huimin_flow.states.authority import authorize
from huimin_flow.states.evolve import evolve
from huimin_flow.states.machine import permit
from huimin_flow.streams import STREAMS

#: Rules that cannot be asked from their inputs alone; the lists are chosen again.
_ELSEWHERE: Final = frozenset({selection.RULE})

#: By step, the fields that must be what its verdict says: field → where it says so.
_DERIVED: Final[Mapping[Step, Mapping[str, str]]] = {
    Step.SCREEN: {"screening_score": "score", "prevalence": "inputs.prevalence"},
    Step.STAR: {"perceived_benefit": "score", "stars": "inputs.stars"},
    Step.EVALUATE: {
        "fulfilment": "inputs.fulfilment",
        "satisfaction": "inputs.satisfaction",
        "evaluation_passed": "passed",
    },
}

#: What a refusal tells of who acted, and of the second person.
_UNENTITLED: Final = frozenset(
    {
        Code.STEP_NOT_PERMITTED, Code.OTHER_UNITS_ITEM, Code.UNIT_NOT_AT_WORK,
        Code.DUTY_MISSING, Code.DUTY_NOT_CITY_WIDE, RatingCode.OWN_CASE,
    }
)  # fmt: skip
_NOT_TWO: Final = frozenset({Code.SECOND_PERSON_NEEDED, Code.SAME_PERSON})
_NO_ROAD: Final = frozenset({Code.NO_SUCH_ARC, Code.NOT_SO_FAR})


def hold_act(ledger: Ledger, event: Event, place: str) -> None:
    """Take up what an event made of its stream, and ask again whether it might.

    Raises:
        ValueError: if it cannot follow on what went before.

    """
    kind, about = StreamKind.parse(event.stream)
    if kind is None or event.stream in ledger.broken:
        return
    before, after = _taken_up(ledger, event, kind, about, place)
    book = ledger.books.get(event.rulebook or "")
    if book is None or (kind is StreamKind.RULEBOOK and event.n == 1):
        return  # found where the rulebooks were held; the founding is nobody's
    verdict = None if event.verdict is None else from_plain(Verdict, event.verdict)
    if verdict is not None:
        _verdict(ledger, verdict, book, place)
        _derived(ledger, event, verdict, place)
    refused: list[tuple[Flaw, object]] = []
    for ruling in ledger.ruling(event):
        actor = ruling.organization.actor(event.actor, Via(event.via))
        if actor is None:
            refused = [(Flaw.ACTOR_UNENTITLED, event.actor)]
            continue
        seen = Seen(ledger, event, kind, before, after, verdict, ruling, actor)
        refused = list(_refused(seen))
        if not refused:
            return
    for flaw, detail in refused:
        ledger.found(flaw, place, detail)


def _taken_up(
    ledger: Ledger, event: Event, kind: StreamKind, about: str, place: str
) -> tuple[Any, Any]:
    """Return a stream's value before and after an event, None where it has none."""
    if kind is StreamKind.ITEM:
        if (event.step, event.source, event.target) not in STREAMS[kind].life.roads:
            raise ValueError(f"{event.source} –{event.step}→ {event.target}")
        before = ledger.items.get(about)
        after = ledger.items[about] = evolve(before, event)
        if event.step == Step.ENLIST and event.via == Via.SERVICE:
            ledger.enlisted.append((about, str(after.edition), after.rank))
        return before, after
    if STREAMS[kind].record:
        was = ledger.values.get(event.stream)
        return was, _recorded(ledger, event, kind, was, place)
    return None, None


def _refused(seen: Seen) -> Iterator[tuple[Flaw, object]]:
    """Yield why an act should not have been, under one rulebook."""
    event, organization = seen.event, seen.book.organization
    named = event.public.get("confirmed_by")
    second = None if named is None else organization.actor(named, seen.actor.via)
    if named is not None and second is None:
        yield Flaw.SECOND_PERSON_MISSING, named
        return
    acting = Acting(
        actor=seen.actor,
        second=second,
        day=local_day(event.at),
        organization=organization,
        units=units_of(seen),
    )
    if seen.kind is StreamKind.ITEM:
        if _item_authority(event, seen.before or seen.after, acting):
            yield Flaw.ACTOR_UNENTITLED, event.actor
        meeting = seen.changes.get("deliberation")
        if meeting is not None and meeting not in seen.ledger.values:
            yield Flaw.STEP_NOT_ALLOWED, meeting
    life = STREAMS[seen.kind].life
    if (event.step, event.source, event.target) not in life.roads:
        return  # found where the header was held
    source = None if event.source is None else life.states[event.source]
    step, evidence = life.steps[event.step], evidence_of(seen)
    try:
        target = permit(life, source, step, acting, evidence, subject=seen.before)
    except StepRefused as refusal:
        for reason in refusal.reasons:
            yield _flaw_of(reason), refusal
    else:
        if target.value != event.target:
            yield Flaw.STEP_NOT_ALLOWED, target.label


def _flaw_of(reason: Reason) -> Flaw:
    if reason.code in _UNENTITLED:
        return Flaw.ACTOR_UNENTITLED
    if reason.code in _NOT_TWO:
        return Flaw.SECOND_PERSON_MISSING
    return Flaw.ILLEGAL_EVENT if reason.code in _NO_ROAD else Flaw.STEP_NOT_ALLOWED


def _item_authority(event: Event, item: Item, acting: Acting) -> tuple[Reason, ...]:
    """Return why an actor might not take a step with an item.

    Who takes up another unit's demand acts for their own unit, which the event names.
    """
    step = Step(event.step)
    taken_up = step is Step.RESPOND and event.source is not None
    unit = str(event.public.get("for_unit")) if taken_up else item.unit
    return authorize(
        acting.actor, step, unit, item.area, acting.organization, day=acting.day
    )


def _verdict(ledger: Ledger, verdict: Verdict, book: Rulebook, place: str) -> None:
    """Ask the verdict's rule again; no verdict may name a rule that never was."""
    if verdict.rule in _ELSEWHERE:
        return
    named = f"{verdict.rule} {verdict.revision}"
    if (verdict.rule, verdict.revision) not in REGISTRY:
        ledger.found(Flaw.DECISION_MISMATCH, place, named)
        return
    try:
        again = rederive(verdict, book.rules)
    except InputRefused as refusal:
        ledger.found(Flaw.DECISION_MISMATCH, place, refusal)
        return
    if again != verdict:
        ledger.found(Flaw.DECISION_MISMATCH, place, again.score)


def _derived(ledger: Ledger, event: Event, verdict: Verdict, place: str) -> None:
    """Hold what a step wrote against what its verdict found."""
    if StreamKind.parse(event.stream)[0] is not StreamKind.ITEM:
        return
    changes = event.public["changes"]
    for field, where in _DERIVED.get(Step(event.step), {}).items():
        kind, _, name = where.partition(".")
        said = verdict.inputs.get(name) if name else getattr(verdict, kind)
        if changes.get(field) != said:
            ledger.found(Flaw.DECISION_MISMATCH, f"{place} {field}", said)


#: Fields of a record that say who wrote a part of it.
_AUTHORS: Final = frozenset({"by", "submitted_by", "answered_by", "appealed_by"})

#: What each step makes of a record anyhow.
_ANYHOW: Final = frozenset({"version", "state"})


def _recorded(
    ledger: Ledger, event: Event, kind: StreamKind, before: Any, place: str
) -> Any:
    """Take up what an event recorded, held against what it was before."""
    declared, public = STREAMS[kind], event.public
    if declared.value is None:
        raise ValueError(event.stream)
    value: Any = from_plain(declared.value, public["value"])
    ledger.keep(event.stream, str(public["about"]), value)
    told = (public["kind"], value.key, value.version)
    if told != (declared.value.__name__, event.stream, event.n):
        ledger.found(Flaw.ILLEGAL_EVENT, place, told)
    sets = None if before is None else declared.life.sets(event.step, event.source)
    for one in fields(value):
        now = getattr(value, one.name)
        changed = before is None or now != getattr(before, one.name)
        if not changed:
            continue
        if sets is not None and one.name not in sets | _ANYHOW:
            ledger.found(Flaw.ILLEGAL_EVENT, f"{place} {one.name}", now)
        if one.name in _AUTHORS and now not in {"", event.actor}:
            ledger.found(Flaw.ILLEGAL_EVENT, f"{place} {one.name}", now)
        if one.name == "confirmed_by" and now != public.get("confirmed_by", ""):
            ledger.found(Flaw.SECOND_PERSON_MISSING, f"{place} {one.name}", now)
    return value
