"""Check every act again: its states, its actor, its second person, its evidence.

1. The life of the stream has this step, from the state before to the state after.
2. The actor had a post in the organization of that moment.
3. The actor had the right to take the step that day, for every unit it is about. A
   delivery has only rows that its feed supplies.
4. An act for two people names the second person, who has a post and is not the actor.
5. Every guard of the step finds the evidence that it needs in the history.
6. The rule gives the same verdict again, and the step recorded the verdict's values.
7. A step changes only the fields of a record that it may set. A field that names an
   author names the actor.
8. An actor without proof of identity (via rehearsal) acts only in a rehearsal.
9. A field that names the day of a step, such as ``answered_on``, is that day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from huimin_flow.audit.core.applied import Applied, Seen, reported, units_of
from huimin_flow.audit.core.extensions import hold_extensions
from huimin_flow.audit.core.records import hold_fields
from huimin_flow.audit.core.succession import hold_transfer
from huimin_flow.audit.core.verdicts import hold_rule
from huimin_flow.audit.deciding.meetings import hold_meeting
from huimin_flow.audit.evidence import evidence_of
from huimin_flow.audit.executing.surveys import hold_survey
from huimin_flow.audit.executing.tasks import hold_excuse, hold_task_return
from huimin_flow.audit.figures import hold_call, hold_independence, hold_inputs
from huimin_flow.audit.improving.digests import hold_digests
from huimin_flow.audit.improving.engagements import hold_engagement
from huimin_flow.audit.improving.orders import hold_order
from huimin_flow.audit.improving.rectification import hold_rectification
from huimin_flow.audit.improving.replication import hold_practice, hold_replication
from huimin_flow.audit.improving.reviews import hold_decision, hold_review_meeting
from huimin_flow.audit.improving.spot_checks import hold_check
from huimin_flow.audit.ledger import Frozen, Ledger
from huimin_flow.audit.links import hold_links
from huimin_flow.audit.sensing.periodic import hold_boards, hold_review, hold_round
from huimin_flow.catalogue.reasons import Code, RatingCode
from huimin_flow.catalogue.terms import (
    FeedStep,
    Flaw,
    RecordStep,
    State,
    Step,
    StreamKind,
    Via,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.organization import FOUNDER
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.deciding.assessments import Assessment
from huimin_flow.model.deciding.ledgers import ResponseChase
from huimin_flow.model.evidence import Acting
from huimin_flow.model.executing.plans import Excuse
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.improving.boards import QuarterlyBoards, SupervisionOrder
from huimin_flow.model.improving.digests import Digests
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.improving.replication import Practice, Replication
from huimin_flow.model.improving.reviews import Decision, ReviewMeeting
from huimin_flow.model.improving.spot_checks import SpotCheck
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import ProgressCall
from huimin_flow.model.sensing.policies import PolicyReview
from huimin_flow.model.sensing.rounds import ScreeningRound
from huimin_flow.rules.deciding import lists
from huimin_flow.rules.executing.running import run_step
from huimin_flow.rules.revisions import REGISTRY, rederive
from huimin_flow.states.authority import admits, authorize, may_report
from huimin_flow.states.evolve import advance, evolve
from huimin_flow.states.machine import permit
from huimin_flow.states.table import ITEM
from huimin_flow.store.core.facts import FACT_TABLES
from huimin_flow.store.core.tables import BUSINESS
from huimin_flow.streams import STREAMS


class Wrong(NamedTuple):
    """A disagreement: its flaw, the law that it breaks, and the expected value."""

    flaw: Flaw
    law: int
    detail: object = ""


#: Rules that need more than their inputs; ``audit.deciding.lists`` checks the lists.
_NOT_REDERIVED: Final = frozenset({lists.RULE})

#: By type of a record with figures: what makes them again, and compares.
_HELD: Final[Mapping[type, Callable[[Applied, Any], None]]] = {
    ProgressCall: hold_call,
    ResponseChase: hold_call,
    ScreeningRound: hold_round,
    PolicyReview: hold_review,
    Rectification: hold_rectification,
    Practice: hold_practice,
    Replication: hold_replication,
    QuarterlyBoards: hold_boards,
    Digests: hold_digests,
    Survey: hold_survey,
    Engagement: hold_engagement,
    SpotCheck: hold_check,
    SupervisionOrder: hold_order,
    ReviewMeeting: hold_review_meeting,
    Decision: hold_decision,
    TaskReturn: hold_task_return,
    Excuse: hold_excuse,
}

#: By step, the fields that must equal a part of its verdict: field → that part.
_DERIVED: Final[Mapping[Step, Mapping[str, str]]] = {
    Step.SCREEN: {"screening_score": "score", "prevalence": "inputs.prevalence"},
    Step.STAR: {"perceived_benefit": "score", "stars": "inputs.stars"},
    Step.EVALUATE: {
        "fulfilment": "inputs.fulfilment",
        "satisfaction": "inputs.satisfaction",
        "evaluation_passed": "passed",
    },
}

#: The law behind a refusal of the arc, of the actor, or of the second person.
_LAW_OF_CODE: Final[Mapping[str, Wrong]] = {
    **dict.fromkeys(
        (Code.NO_SUCH_ARC, Code.NOT_SO_FAR, Code.DONE_ALREADY),
        Wrong(Flaw.ILLEGAL_EVENT, 1),
    ),
    **dict.fromkeys(
        (
            Code.STEP_NOT_PERMITTED, Code.OTHER_UNITS_ITEM, Code.AREA_NOT_IN_CHARGE,
            Code.UNIT_NOT_AT_WORK, Code.DUTY_MISSING, Code.DUTY_NOT_CITY_WIDE,
            RatingCode.OWN_CASE,
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


def apply_event(
    ledger: Ledger, event: Event, kind: StreamKind, about: str, place: str
) -> tuple[Any, Any]:
    """Apply an event to its stream; return the values before and after it.

    They are None for a stream without values.

    Raises:
        ValueError: if it cannot follow the events before it.

    """
    if kind is StreamKind.ITEM:
        return _evolve_item(ledger, event, about)
    if kind is StreamKind.EXCUSE:
        ran = ledger.ran.setdefault(str(event.public["about"]), [])
        ran.append((ledger.root.count, run_step(event)))
    if STREAMS[kind].record:
        return _read_record(ledger, event, kind, place)
    return None, None


def hold_act(act: Applied) -> None:
    """Check the act of an event that was applied against the laws.

    Its verdict is None if it has none or an unreadable one.

    Raises:
        ValueError: if the verdict can't be read.

    """
    ledger, event = act.ledger, act.event
    book = ledger.books.get(event.rulebook or "")
    if book is None or (act.kind is StreamKind.RULEBOOK and _is_founding(act, book)):
        return  # verify checks rulebooks; the founding has no actor
    if event.via == Via.REHEARSAL and ledger.purpose != Via.REHEARSAL:
        act.flag(Flaw.ACTOR_UNENTITLED, event.via, law="acts 8")
    if act.verdict is not None:
        _check_verdict(act, act.verdict, book)
    elif event.verdict is not None:
        raise ValueError(event.verdict)
    violations: list[Wrong] = []
    for ruling in ledger.ruling(event):  # an act needs only one that allows it
        day = local_day(event.at)
        actor = ledger.actor(ruling, event.actor, Via(event.via), day)
        violations = [Wrong(Flaw.ACTOR_UNENTITLED, 2, event.actor)]
        if actor is not None:
            seen = Seen(**vars(act), ruling=ruling, actor=actor)
            violations = list(_violations(seen))
        if not violations:
            break
    for wrong in violations:
        act.flag(wrong.flaw, wrong.detail, law=f"acts {wrong.law}")
    hold_links(act)
    hold_transfer(act)
    hold_meeting(act, book)
    hold_extensions(act, book)
    hold_record = _HELD.get(type(act.after))
    if hold_record is not None:
        hold_record(act, act.after)


def _is_founding(act: Applied, book: Rulebook) -> bool:
    """Tell whether an activation is the first, or only adds the first accounts."""
    event, ledger = act.event, act.ledger
    if event.n == 1 or event.actor != FOUNDER.id or event.via != FOUNDER.via:
        return event.n == 1
    before = ledger.books.get(ledger.activations[-1][-1])
    production = ledger.purpose == "production"
    return (
        production and before is not None and admits(before, book, local_day(event.at))
    )


def _evolve_item(ledger: Ledger, event: Event, number: str) -> tuple[Item | None, Item]:
    """Return an item before and after an event, and keep data for later checks."""
    if (event.step, event.source, event.target) not in ITEM.roads:
        raise ValueError(f"{event.source} –{event.step}→ {event.target}")
    before = ledger.items.get(number)
    if not ledger.decisions:  # only the last value is needed
        after = advance(before, event)
        ledger.items[after.number] = after
        return before, after
    after = ledger.items[number] = evolve(before, event)
    ledger.stepped.add(number)
    if event.target == State.SCREENED and event.source != event.target:
        since = ledger.screened.get(after.number, event.occurred_on)
        ledger.screened[after.number] = max(since, event.occurred_on)
    if event.step == Step.ENLIST and event.via == Via.SERVICE:
        ledger.enlisted.append((number, str(after.edition), after.rank))
    if "measure" in event.public:
        ledger.gap_items[number] = (event, event.request)
    if before is None or event.step in {Step.MERGE, Step.UNMERGE}:
        ledger.regroup(before, after)
    if event.step == Step.TRANSFER and event.via == Via.SERVICE:
        ledger.made.setdefault(event.request, []).append(after)
    if State.ASSIGNED in {event.source, event.target} and event.step != Step.AMEND:
        ran = ledger.ran.setdefault(number, [])
        ran.append((ledger.root.count, run_step(event)))
    return before, after


def _read_record(
    ledger: Ledger, event: Event, kind: StreamKind, place: str
) -> tuple[Any, Any]:
    """Return a record before and after an event, and compare the two."""
    declared, public = STREAMS[kind], event.public
    if declared.value is None:
        raise ValueError(event.stream)
    before = ledger.values.get(event.stream)
    after: Any = from_plain(declared.value, public["value"])
    ledger.keep(event.stream, str(public["about"]), after)
    ledger.sign(event)
    hold_fields(ledger, event, kind, place, before, after)
    if event.via == Via.SERVICE:
        ledger.made.setdefault(event.request, []).append(after)
    if event.step in {RecordStep.FREEZE, RecordStep.DRAFT}:
        ledger.frozen[event.stream] = Frozen(value=after, before=before)
    if kind in PUBLISHED:
        ledger.published.append((after, str(event.rulebook)))
    return before, after


def _violations(seen: Seen) -> Iterator[Wrong]:
    """Yield the laws that an act breaks under one rulebook."""
    event, organization = seen.event, seen.book.organization
    named = event.public.get("confirmed_by")
    ledger, day = seen.ledger, local_day(event.at)
    second = ledger.actor(seen.ruling, named, seen.actor.via, day)
    if named is not None and second is None:
        yield Wrong(Flaw.SECOND_PERSON_MISSING, 4, named)
        return
    acting = Acting(
        actor=seen.actor,
        second=second,
        day=day,
        organization=organization,
        units=units_of(seen),
        authors=partial(ledger.held_then, event.stream),
    )
    if _is_not_entitled(seen, acting):
        yield Wrong(Flaw.ACTOR_UNENTITLED, 3, event.actor)
    if seen.kind is StreamKind.ITEM:
        meeting = seen.changes.get("deliberation")
        if meeting is not None and meeting not in seen.ledger.values:
            yield Wrong(Flaw.STEP_NOT_ALLOWED, 5, meeting)
    life = STREAMS[seen.kind].life
    if (event.step, event.source, event.target) not in life.roads:
        return  # the check of the header reports it
    source = None if event.source is None else life.states[event.source]
    step, evidence = life.steps[event.step], evidence_of(seen)
    try:
        target = permit(life, source, step, acting, evidence, subject=seen.before)
    except StepRefused as refusal:
        for reason in refusal.reasons:
            law = _LAW_OF_CODE.get(reason.code, Wrong(Flaw.STEP_NOT_ALLOWED, 5))
            yield law._replace(detail=refusal)
    else:
        if target.value != event.target:
            yield Wrong(Flaw.STEP_NOT_ALLOWED, 1, target.label)


def _is_not_entitled(seen: Seen, acting: Acting) -> bool:
    """Tell whether the actor had no right to an item, or to a batch's reports."""
    event, organization, day = seen.event, acting.organization, acting.day
    if seen.kind is not StreamKind.ITEM:
        return _is_astray(seen) or any(
            may_report(seen.actor, item, unit, organization, day=day)
            for item, unit in reported(seen)
        )
    item, step = seen.before or seen.after, Step(event.step)
    # Who responds to another unit's item acts for their own unit, named in the event.
    responds = step is Step.RESPOND and event.source is not None
    named = responds or (step is Step.DOUBT and "for_unit" in event.public)
    unit = str(event.public.get("for_unit")) if named else item.unit
    return bool(authorize(seen.actor, step, unit, item.area, organization, day=day))


def _is_astray(seen: Seen) -> bool:
    """Tell whether a delivery has rows that its feed does not supply."""
    public = seen.event.public
    if seen.kind is not StreamKind.BATCH or seen.event.step != FeedStep.DELIVER:
        return False
    feed = seen.ledger.values.get(str(public["feed"]))
    if feed is None:
        return True
    table = FACT_TABLES[str(public["kind"])]
    names = ["feed"] if table is BUSINESS else ["feed", "item", "task", "indicator"]
    query = select(*(table.c[name] for name in names)).where(
        table.c.batch == int(public["batch"])
    )
    supplied: set[tuple[Any, ...]] = {
        (feed.key, each.item, each.task, each.indicator) for each in feed.indicators
    } or {(feed.key,)}
    rows = seen.ledger.connection.execute(query.distinct())
    return not supplied.issuperset(tuple(row) for row in rows)


def _check_verdict(act: Applied, verdict: Verdict, book: Rulebook) -> None:
    """Apply a verdict's rule again, count its inputs, compare the recorded fields."""
    event = act.event
    hold_rule(act, verdict)
    if verdict.rule not in _NOT_REDERIVED:
        again: object = f"{verdict.rule} {verdict.revision}"
        if (verdict.rule, verdict.revision) in REGISTRY:
            try:
                again = rederive(verdict, book)
            except InputRefused as refusal:
                again = refusal
        if again != verdict:
            detail = again.score if isinstance(again, Verdict) else again
            act.flag(Flaw.DECISION_MISMATCH, detail, law="acts 6")
    if event.source is not None and "changes" in event.public:
        changes = event.public["changes"]
        for field, where in _DERIVED.get(Step(event.step), {}).items():
            kind, _, name = where.partition(".")
            stated = verdict.inputs.get(name) if name else getattr(verdict, kind)
            if changes.get(field) != stated:
                act.flag(Flaw.DECISION_MISMATCH, stated, part=field, law="acts 6")
    if isinstance(act.before, Item):
        hold_inputs(act, act.before, verdict, book)
    elif isinstance(act.after, Assessment | Engagement):
        hold_independence(act, act.after, verdict, book)
