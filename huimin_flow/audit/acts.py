"""Every act of every stream asked again: from where, by whom, with whom, on what.

1. A stream's life has the step, from where the stream stood to where it then stands.
2. Who acted held a post in the organization of that moment.
3. They might take the step that day, for all whose thing it was.
4. What takes two people names the second, who held a post, too, and is another.
5. Every guard of the step finds in the history what it asks for.
6. A verdict is what its rule finds again, and the step wrote what the verdict found.
7. A record is what it was before, but for what its step sets; who is said to have
   written a part of it is who acted.
8. Who was taken at their word acted in a rehearsal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final, NamedTuple

from huimin_flow.audit.evidence import Seen, evidence_of, reported, units_of
from huimin_flow.audit.figures import hold_call, hold_inputs
from huimin_flow.audit.ledger import Frozen, Ledger
from huimin_flow.audit.links import hold_links
from huimin_flow.catalogue.reasons import Code, RatingCode
from huimin_flow.catalogue.terms import Flaw, RecordStep, State, Step, StreamKind, Via
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.evidence import Acting
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import ProgressCall
from huimin_flow.rules.deciding import lists
from huimin_flow.rules.revisions import REGISTRY, rederive
from huimin_flow.states.authority import authorize, may_report
from huimin_flow.states.evolve import evolve
from huimin_flow.states.machine import permit
from huimin_flow.states.table import ITEM
from huimin_flow.streams import STREAMS


class Wrong(NamedTuple):
    """What doesn't agree, which law it breaks, and what was expected."""

    flaw: Flaw
    law: int
    detail: object = ""


#: Rules that cannot be asked from their inputs alone; the lists are chosen again.
_ELSEWHERE: Final = frozenset({lists.RULE})

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

#: What a refusal says of the road, of who acted, and of the second person.
_LAWS: Final[Mapping[str, Wrong]] = {
    **dict.fromkeys((Code.NO_SUCH_ARC, Code.NOT_SO_FAR), Wrong(Flaw.ILLEGAL_EVENT, 1)),
    **dict.fromkeys(
        (
            Code.STEP_NOT_PERMITTED, Code.OTHER_UNITS_ITEM, Code.UNIT_NOT_AT_WORK,
            Code.DUTY_MISSING, Code.DUTY_NOT_CITY_WIDE, RatingCode.OWN_CASE,
        ),
        Wrong(Flaw.ACTOR_UNENTITLED, 3),
    ),
    **dict.fromkeys(
        (Code.SECOND_PERSON_NEEDED, Code.SAME_PERSON),
        Wrong(Flaw.SECOND_PERSON_MISSING, 4),
    ),
}  # fmt: skip

#: Streams whose events publish figures.
PUBLISHED: Final = frozenset({StreamKind.SCORE, StreamKind.COLORS, StreamKind.RANKING})

#: Fields of a record that say who wrote a part of it.
_AUTHORS: Final = frozenset(
    field.name
    for stream in STREAMS.values()
    if stream.record and stream.value is not None
    for field in fields(stream.value)
    if field.name.endswith("by") and field.name != "confirmed_by"
)

#: What each step makes of a record anyhow.
_ANYHOW: Final = frozenset({"version", "state"})


def hold_act(ledger: Ledger, event: Event, place: str) -> None:
    """Take up what an event made of its stream, and ask again whether it might.

    Raises:
        ValueError: if it cannot follow on what went before.

    """
    kind, about = StreamKind.parse(event.stream)
    if kind is None or event.stream in ledger.broken:
        return
    before = after = None
    if kind is StreamKind.ITEM:
        before, after = _take_item(ledger, event, about)
    elif STREAMS[kind].record:
        before, after = _take_record(ledger, event, kind, place)
    book = ledger.books.get(event.rulebook or "")
    if book is None or (kind is StreamKind.RULEBOOK and event.n == 1):
        return  # found where the rulebooks were held; the founding is nobody's
    if event.via == Via.REHEARSAL and ledger.purpose != Via.REHEARSAL:
        ledger.flag(Flaw.ACTOR_UNENTITLED, place, event.via, law="acts 8")
    verdict = None if event.verdict is None else from_plain(Verdict, event.verdict)
    if verdict is not None:
        _hold_verdict(ledger, event, verdict, book, place)
        if isinstance(before, Item):
            hold_inputs(ledger, event, before, verdict, book)
    for wrong in _asked_again(ledger, event, kind, before, after, verdict):
        ledger.flag(wrong.flaw, place, wrong.detail, law=f"acts {wrong.law}")
    hold_links(ledger, event, before, after, place)
    if isinstance(after, ProgressCall):
        hold_call(ledger, after, place)


def _take_item(ledger: Ledger, event: Event, number: str) -> tuple[Item | None, Item]:
    """Return an item before and after an event, and keep what later ones rest on."""
    if (event.step, event.source, event.target) not in ITEM.roads:
        raise ValueError(f"{event.source} –{event.step}→ {event.target}")
    before = ledger.items.get(number)
    after = ledger.items[number] = evolve(before, event)
    if event.step == Step.ENLIST and event.via == Via.SERVICE:
        ledger.enlisted.append((number, str(after.edition), after.rank))
    if event.step in {Step.MERGE, Step.UNMERGE}:
        ledger.regroup(before, after)
    if State.ASSIGNED in {event.source, event.target} and event.step != Step.AMEND:
        # The title stands in events before, which aren't kept.
        changes = {"title": after.title, **event.public["changes"]}
        ran = replace(event, public={"changes": changes})
        ledger.ran.setdefault(number, []).append((len(ledger.leaves), ran))
    return before, after


def _take_record(
    ledger: Ledger, event: Event, kind: StreamKind, place: str
) -> tuple[Any, Any]:
    """Return a record before and after an event, held against each other."""
    declared, public = STREAMS[kind], event.public
    if declared.value is None:
        raise ValueError(event.stream)
    before = ledger.values.get(event.stream)
    after: Any = from_plain(declared.value, public["value"])
    ledger.keep(event.stream, str(public["about"]), after)
    stated = (public["kind"], after.key, after.version)
    if stated != (declared.value.__name__, event.stream, event.n):
        ledger.flag(Flaw.ILLEGAL_EVENT, place, stated, law="acts 7")
    sets = None if before is None else declared.life.sets(event.step, event.source)
    for name in (field.name for field in fields(after)):
        now = getattr(after, name)
        if before is not None and now == getattr(before, name):
            continue
        where = f"{place} {name}"
        strange = sets is not None and name not in sets | _ANYHOW
        if strange or (name in _AUTHORS and now not in {"", event.actor}):
            ledger.flag(Flaw.ILLEGAL_EVENT, where, now, law="acts 7")
        if name == "confirmed_by" and now != public.get("confirmed_by", ""):
            ledger.flag(Flaw.SECOND_PERSON_MISSING, where, now, law="acts 7")
    if event.via == Via.SERVICE:
        ledger.made.setdefault(event.request, []).append(after)
    if event.step == RecordStep.FREEZE:
        ledger.frozen[event.stream] = Frozen(value=after, before=before)
    if kind in PUBLISHED:
        ledger.published.append((after, str(event.rulebook)))
    return before, after


def _asked_again(
    ledger: Ledger,
    event: Event,
    kind: StreamKind,
    before: Any,
    after: Any,
    verdict: Verdict | None,
) -> list[Wrong]:
    """Return why an act should not have been, under every rulebook it may be under."""
    wrong: list[Wrong] = []
    for ruling in ledger.ruling(event):
        actor = ruling.organization.actor(event.actor, Via(event.via))
        if actor is None:
            wrong = [Wrong(Flaw.ACTOR_UNENTITLED, 2, event.actor)]
            continue
        seen = Seen(ledger, event, kind, before, after, verdict, ruling, actor)
        wrong = list(_refused(seen))
        if not wrong:
            return []
    return wrong


def _refused(seen: Seen) -> Iterator[Wrong]:
    """Yield why an act should not have been, under one rulebook."""
    event, organization = seen.event, seen.book.organization
    named = event.public.get("confirmed_by")
    second = None if named is None else organization.actor(named, seen.actor.via)
    if named is not None and second is None:
        yield Wrong(Flaw.SECOND_PERSON_MISSING, 4, named)
        return
    acting = Acting(
        actor=seen.actor,
        second=second,
        day=local_day(event.at),
        organization=organization,
        units=units_of(seen),
    )
    if _is_unentitled(seen, acting):
        yield Wrong(Flaw.ACTOR_UNENTITLED, 3, event.actor)
    if seen.kind is StreamKind.ITEM:
        meeting = seen.changes.get("deliberation")
        if meeting is not None and meeting not in seen.ledger.values:
            yield Wrong(Flaw.STEP_NOT_ALLOWED, 5, meeting)
    life = STREAMS[seen.kind].life
    if (event.step, event.source, event.target) not in life.roads:
        return  # found where the header was held
    source = None if event.source is None else life.states[event.source]
    step, evidence = life.steps[event.step], evidence_of(seen)
    try:
        target = permit(life, source, step, acting, evidence, subject=seen.before)
    except StepRefused as refusal:
        for reason in refusal.reasons:
            law = _LAWS.get(reason.code, Wrong(Flaw.STEP_NOT_ALLOWED, 5))
            yield law._replace(detail=refusal)
    else:
        if target.value != event.target:
            yield Wrong(Flaw.STEP_NOT_ALLOWED, 1, target.label)


def _is_unentitled(seen: Seen, acting: Acting) -> bool:
    """Tell whether an item, or one that a batch reports of, was no matter of theirs."""
    event, organization, day = seen.event, acting.organization, acting.day
    if seen.kind is not StreamKind.ITEM:
        return any(
            may_report(seen.actor, item, unit, organization, day=day)
            for item, unit in reported(seen)
        )
    item, step = seen.before or seen.after, Step(event.step)
    # Who takes up another unit's demand acts for their own unit, which is named.
    taken_up = step is Step.RESPOND and event.source is not None
    unit = str(event.public.get("for_unit")) if taken_up else item.unit
    return bool(authorize(seen.actor, step, unit, item.area, organization, day=day))


def _hold_verdict(
    ledger: Ledger, event: Event, verdict: Verdict, book: Rulebook, place: str
) -> None:
    """Ask a verdict's rule again, and hold what an item's step wrote against it."""
    if verdict.rule not in _ELSEWHERE:
        again: object = f"{verdict.rule} {verdict.revision}"
        if (verdict.rule, verdict.revision) in REGISTRY:
            try:
                again = rederive(verdict, book.rules)
            except InputRefused as refusal:
                again = refusal
        if again != verdict:
            detail = again.score if isinstance(again, Verdict) else again
            ledger.flag(Flaw.DECISION_MISMATCH, place, detail, law="acts 6")
    if event.source is not None and "changes" in event.public:
        changes = event.public["changes"]
        for field, where in _DERIVED.get(Step(event.step), {}).items():
            kind, _, name = where.partition(".")
            stated = verdict.inputs.get(name) if name else getattr(verdict, kind)
            if changes.get(field) != stated:
                wrote = f"{place} {field}"
                ledger.flag(Flaw.DECISION_MISMATCH, wrote, stated, law="acts 6")
