"""Each step of an item asked again: the table, its guards, who took it, its rule.

An event doesn't hold all that a guard once saw. What it holds is asked again; a
child's number, or that an excuse was given, is taken as told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import (
    EditionKind,
    Flaw,
    Recommendation,
    Role,
    Step,
    Via,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.model.actor import Actor
from huimin_flow.model.case import Case
from huimin_flow.model.event import Event
from huimin_flow.model.indicator import Plan, TaskResult
from huimin_flow.model.item import Item
from huimin_flow.model.plain import from_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.verdict import Verdict
from huimin_flow.rules import selection
from huimin_flow.rules.catalog import REGISTRY, rederive
from huimin_flow.states.authority import authorize
from huimin_flow.states.evolve import evolve
from huimin_flow.states.machine import permit
from huimin_flow.states.table import LIFE

_ARCS = {
    (arc.step.value, arc.source and arc.source.value, arc.target.value) for arc in LIFE
}

#: Rules that cannot be asked from their inputs alone; the lists are chosen again.
_ELSEWHERE = frozenset({selection.RULE})

#: What an event doesn't hold, and a guard only asks to be there.
_TOLD = "?"

#: By step, the fields that must be what its verdict says: field → where it says so.
_DERIVED: Mapping[Step, Mapping[str, str]] = {
    Step.SCREEN: {"screening_score": "score", "prevalence": "inputs.prevalence"},
    Step.STAR: {"perceived_benefit": "score", "stars": "inputs.stars"},
    Step.EVALUATE: {
        "fulfilment": "inputs.fulfilment",
        "satisfaction": "inputs.satisfaction",
        "evaluation_passed": "passed",
    },
}


def hold_step(ledger: Ledger, event: Event, number: str, place: str) -> None:
    """Fold one event of an item, and ask again whether it might happen.

    Raises:
        ValueError: if it cannot follow on what went before.

    """
    if event.stream in ledger.broken:
        return
    if (event.step, event.source, event.target) not in _ARCS:
        raise ValueError(f"{event.source} –{event.step}→ {event.target}")
    before = ledger.items.get(number)
    ledger.items[number] = evolve(before, event)
    book = ledger.books.get(event.rulebook or "")
    if book is None:
        return  # found where the rulebooks were held
    verdict = None if event.verdict is None else from_plain(Verdict, event.verdict)
    if verdict is not None:
        _verdict(ledger, verdict, book, place)
        _derived(ledger, event, verdict, place)
    actor = book.organization.actor(event.actor, Via(event.via))
    if actor is None:
        ledger.found(Flaw.ACTOR_UNENTITLED, place, event.actor)
        return
    item = before or ledger.items[number]
    _authority(ledger, event, actor, item, place)
    case = _case(ledger, event, actor, verdict, book)
    _guards(ledger, event, before, case, place)
    if case.deliberation is not None and case.deliberation not in ledger.records:
        ledger.found(Flaw.STEP_NOT_ALLOWED, place, case.deliberation)
    if case.by_job and event.step == Step.ENLIST:
        _chosen(ledger, event, verdict, number, place)


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
    changes = event.public["changes"]
    for field, where in _DERIVED.get(Step(event.step), {}).items():
        kind, _, name = where.partition(".")
        said = verdict.inputs.get(name) if name else getattr(verdict, kind)
        if changes.get(field) != said:
            ledger.found(Flaw.DECISION_MISMATCH, f"{place} {field}", said)


def _authority(
    ledger: Ledger, event: Event, actor: Actor, item: Item, place: str
) -> None:
    """Ask whether its actor might take a step, by the organization of the time.

    A job decides by the rulebook of its cutoff and acts under the one of its
    day: either may entitle it. Who takes up another unit's demand acts for their
    own unit, which the event names.
    """
    step = Step(event.step)
    taken_up = step is Step.RESPOND and event.source is not None
    unit = str(event.public.get("for_unit")) if taken_up else item.unit
    for digest in (event.rulebook or "", ledger.active):
        book = ledger.books.get(digest)
        if book is not None and not authorize(
            actor, step, unit, item.area, book.organization, day=local_day(event.at)
        ):
            return
    ledger.found(Flaw.ACTOR_UNENTITLED, place, actor.id)


def _chosen(
    ledger: Ledger, event: Event, verdict: Verdict | None, number: str, place: str
) -> None:
    """Ask a job's enlisting for its verdict, and for its place on a frozen list."""
    if verdict is None or verdict.rule != selection.RULE or not verdict.passed:
        ledger.found(Flaw.STEP_NOT_ALLOWED, place, selection.RULE)
    changes = event.public["changes"]
    ledger.enlisted.append((number, str(changes["edition"]), changes["rank"]))


def _guards(
    ledger: Ledger, event: Event, before: Item | None, case: Case, place: str
) -> None:
    try:
        target = permit(before, Step(event.step), case)
    except StepRefused as refusal:
        ledger.found(Flaw.STEP_NOT_ALLOWED, place, refusal)
        return
    if target.value != event.target:
        ledger.found(Flaw.STEP_NOT_ALLOWED, place, target.label)


def _case(
    ledger: Ledger,
    event: Event,
    actor: Actor,
    verdict: Verdict | None,
    book: Rulebook,
) -> Case:
    """Return the evidence of a step as far as its event holds it."""
    step, changes = Step(event.step), event.public["changes"]
    by_job = actor.via is Via.SERVICE and Role.SCHEDULER in actor.roles
    recommended = changes.get("recommendation")
    merged = changes.get("merged_into")
    into = None if merged is None else ledger.items.get(merged)
    return Case(
        actor=actor,
        today=local_day(event.at),
        verdict=verdict,
        second=_second(event, actor),
        reason_code=changes.get("reason_code"),
        known_reasons=_known_reasons(step, book),
        deliberation=changes.get("deliberation"),
        edition=changes.get("edition"),
        edition_kind=EditionKind.ANNUAL if by_job else EditionKind.SUPPLEMENT,
        by_job=by_job,
        plan=None if "plan" not in changes else from_plain(Plan, changes["plan"]),
        results=_results(changes),
        superiors=_others(actor, book),
        recommendation=None if recommended is None else Recommendation(recommended),
        grounds=changes.get("grounds", ""),
        other=merged or changes.get("responds_to") or _TOLD,
        other_state=None if into is None else into.state,
        children=(_TOLD,),
        changes={name: one for name, one in changes.items() if name != "stale"},
    )


def _second(event: Event, actor: Actor) -> Actor:
    """Return who confirmed; where the event is silent, somebody unnamed.

    Whether an event had to name somebody is asked where all streams are walked.
    """
    named = event.public.get("confirmed_by") or _TOLD
    return Actor(id=str(named), unit="", roles=frozenset(), via=actor.via)


def _known_reasons(step: Step, book: Rulebook) -> Mapping[str, str]:
    rules = book.rules
    return rules.return_reasons if step is Step.RETURN else rules.reject_reasons


def _others(actor: Actor, book: Rulebook) -> tuple[str, ...]:
    """Return who else there was: that one of them is a superior is taken as told."""
    return tuple(one.id for one in book.organization.people if one.id != actor.id)


def _results(changes: Mapping[str, Any]) -> tuple[TaskResult, ...]:
    return from_plain(tuple[TaskResult, ...], changes.get("results", ()))
