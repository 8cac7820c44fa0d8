"""The function from an item and an event to the next item; replay folds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any, get_type_hints

from huimin_flow.catalogue.terms import State, Step, StreamKind
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.values import closed, from_plain, opened
from huimin_flow.model.items import Item

_BIRTH = frozenset(
    {
        "number", "title", "description", "origin", "area", "unit", "life_stage",
        "collected_on", "continues", "responds_to", "arises_from", "split_from",
        "deliberation", "placement", "prevalence", "screening_score",
    }
)  # fmt: skip

#: What each step may change besides state and version; replay refuses more.
CHANGES: Mapping[Step, frozenset[str]] = {
    Step.COLLECT: _BIRTH,
    Step.SCREEN: frozenset({"prevalence", "screening_score", "stale"}),
    Step.JUDGE: frozenset({"deliberation", "placement", "stale"}),
    Step.STAR: frozenset(
        {"perceived_benefit", "stars", "expected_effectiveness", "stale"}
        | {"forecast_by", "forecast_unit"}
    ),
    Step.ENLIST: frozenset({"edition", "rank"}),
    Step.ASSIGN: frozenset({"plan", "stale"}),
    Step.EXECUTE: frozenset({"results"}),
    Step.EVALUATE: frozenset(
        {"fulfilment", "satisfaction", "evaluation_passed", "sample", "outcomes"}
        | {"result", "stale"}
    ),
    Step.ADJUST: frozenset({"recommendation", "grounds"}),
    Step.ADVISE: frozenset(),
    Step.MERGE: frozenset({"merged_into", "before"}),
    Step.UNMERGE: frozenset({"merged_into", "before"}),
    Step.SPLIT: frozenset(),
    Step.REJECT: frozenset({"reason_code", "deliberation", "referred_to"}),
    Step.DEFER: frozenset({"reason_code", "deliberation", "edition", "rank"}),
    Step.REVIVE: frozenset({"reason_code"}),
    Step.RETURN: frozenset({"reason_code", "returns"}),
    Step.AMEND: frozenset(
        {"title", "description", "area", "life_stage", "origin", "stale"}
    ),
    Step.CANCEL: frozenset({"reason_code", "outcome"}),
    Step.REWORK: frozenset({"rounds", "evaluation_passed", "result", "stale"}),
    Step.CLOSE: frozenset(),
    Step.REOPEN: frozenset({"reason_code", "referred_to"}),
    Step.CARRY_OVER: frozenset(),
    Step.RESPOND: _BIRTH,
    Step.TRANSFER: frozenset({"unit", "plan", "reason_code", "transfers"}),
    Step.REASSIGN: frozenset({"plan", "reason_code"}),
    Step.DOUBT: frozenset({"stale"}),
    Step.ANNOTATE: frozenset({"own"}),
}

_TYPES: Mapping[str, Any] = get_type_hints(Item)

#: The fields in which every text is valid.
_TEXTS = frozenset(name for name, kind in _TYPES.items() if kind in {str, str | None})

_STEPS = {step.value: step for step in Step}
_STATES = {state.value: state for state in State}

_NAMES = tuple(field.name for field in fields(Item))
_values_of = attrgetter(*_NAMES)


def evolve(item: Item | None, event: Event) -> Item:
    """Return the item after an event; ``item`` is None before the first event.

    Raises:
        ValueError: if the event doesn't follow the item's version, or changes
            what its step may not change.

    """
    draft = None
    if item is not None:
        draft = opened(Item)(**dict(zip(_NAMES, _values_of(item), strict=True)))
    return closed(Item, advance(draft, event))


def advance(draft: Any, event: Event) -> Any:
    """Apply an event to an open item, None before the first event; return it.

    ``closed`` makes it an ``Item``. A refused event leaves it as it was.

    Raises:
        ValueError: as ``evolve`` does.

    """
    try:
        step, target = _STEPS[event.step], _STATES[event.target or ""]
        changes = _decode(step, event.public["changes"])
        if draft is None:
            return _first(event, target, changes)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{event.stream} #{event.n}: {error!r}") from error
    if event.n != draft.version + 1 or event.source != draft.state:
        raise ValueError(
            f"{event.stream} #{event.n} from {event.source} does not follow on "
            f"version {draft.version} in {draft.state.value}"
        )
    for name, now in changes.items():
        setattr(draft, name, now)
    draft.state, draft.version = target, event.n
    return draft


def fold(events: Iterable[Event]) -> Item | None:
    """Return the item that a stream's events make, or None for no events.

    Raises:
        ValueError: at the first event that doesn't follow.

    """
    draft = None
    for event in events:
        draft = advance(draft, event)
    return None if draft is None else closed(Item, draft)


def _first(event: Event, target: State, changes: dict[str, Any]) -> Any:
    if event.n != 1 or event.source is not None:
        raise ValueError(f"{event.stream} #{event.n} comes before the item's birth")
    if event.stream != StreamKind.ITEM.key(changes["number"]):
        raise ValueError(f"{event.stream} is not that of item {changes['number']}")
    return opened(Item)(state=target, version=1, **changes)


def _decode(step: Step, changes: Mapping[str, Any]) -> dict[str, Any]:
    if not changes.keys() <= CHANGES[step]:
        wrong = changes.keys() - CHANGES[step]
        raise ValueError(f"{step.value} may not change {', '.join(sorted(wrong))}")
    return {
        name: plain
        if name in _TEXTS and type(plain) is str
        else from_plain(_TYPES[name], plain)
        for name, plain in changes.items()
    }
