"""The one way a change is made: nothing else moves an item.

Load the row and its version → authorize the actor → the verdict that the
caller's rule gave → the state machine with its guards → evolve → record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Area, State, Step, StreamKind
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.waits import dated
from huimin_flow.flow.work import Work, moved
from huimin_flow.model.case import Case
from huimin_flow.model.event import Event
from huimin_flow.model.item import Item
from huimin_flow.model.plain import to_plain
from huimin_flow.states.authority import accounts_of, authorize
from huimin_flow.states.evolve import evolve
from huimin_flow.states.machine import permit, require_road
from huimin_flow.store import history, repository


def advance(
    work: Work,
    number: str,
    step: Step,
    case: Case,
    *,
    changes: Mapping[str, Any] | None = None,
    version: int | None = None,
    occurred_on: date | None = None,
    rulebook: str | None = None,
    for_unit: str | None = None,
    successor: str | None = None,
    of: Step | None = None,
) -> Item:
    """Take one step with an item and return it as it stands afterwards.

    ``changes`` are the fields that the step sets. ``version`` is what the
    caller saw; ``rulebook`` a digest other than the active one (jobs decide by
    the rulebook of their cutoff). ``for_unit`` is the unit for which the step is
    taken where that isn't the item's own, ``successor`` the item that is born of
    the step; its event names both. ``of`` is the step whose negative verdict takes
    the item elsewhere: its own road must begin where the item stands.

    Raises:
        InputRefused: for a day before the item's last event.
        NotFound: if there is no such item.
        ItemMoved: if it is no longer at ``version``.
        StepRefused: with every reason why the step may not happen.

    """
    item = repository.item(work.connection, number)
    if version is not None and version != item.version:
        raise moved(number, version, item.version)
    _in_order(work, number, occurred_on)
    _authorized(work, case, step, for_unit or item.unit, item.area)
    known = replace(_known(work, case), stale=item.stale)
    target = _permitted(work, item, step, known, of or step)
    event = work.record(
        StreamKind.ITEM.key(number),
        step.value,
        actor=case.actor,
        public=_public(case, _settling(item, changes or {}))
        | _taken_for(for_unit, successor),
        source=item.state.value,
        target=target.value,
        expected=item.version,
        occurred_on=occurred_on,
        verdict=case.verdict,
        rulebook=rulebook,
    )
    return _saved(work, item, event)


def bear(
    work: Work,
    number: str,
    step: Step,
    case: Case,
    *,
    changes: Mapping[str, Any],
    occurred_on: date | None = None,
) -> Item:
    """Bring a new item into the world by ``collect`` or ``respond``.

    Raises:
        StepRefused: if the actor may not, or the birth lacks something.

    """
    _authorized(work, case, step, changes["unit"], Area(changes["area"]))
    target = permit(None, step, case)
    event = work.record(
        StreamKind.ITEM.key(number),
        step.value,
        actor=case.actor,
        public=_public(case, {"number": number, **changes}),
        target=target.value,
        expected=0,
        occurred_on=occurred_on,
        verdict=case.verdict,
    )
    return _saved(work, None, event)


def _in_order(work: Work, number: str, day: date | None) -> None:
    """Refuse a day before the item's last event; today can't be before it."""
    if day is None or day >= work.today:
        return
    last = history.last_day(work.connection, StreamKind.ITEM.key(number))
    if last is not None and day < last:
        raise InputRefused(InputCode.DAY_BEFORE_LAST_STEP, day=day, last=last)


def _permitted(work: Work, item: Item, step: Step, case: Case, of: Step) -> State:
    try:
        require_road(item, of)
        return permit(item, step, case)
    except StepRefused as refusal:
        raise dated(work, item, of, refusal) from None


def _known(work: Work, case: Case) -> Case:
    """Return the evidence with what tells two people apart, where two are asked for."""
    if case.second is None:
        return case
    return replace(case, accounts=accounts_of(work.rulebook.organization))


def _settling(item: Item, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the changes; a part in doubt that is decided anew is in doubt no more."""
    left = tuple(one for one in item.stale if one not in changes)
    if left == item.stale or "stale" in changes:
        return changes
    return {**changes, "stale": left}


def _public(case: Case, changes: Mapping[str, Any]) -> dict[str, Any]:
    public: dict[str, Any] = {"changes": to_plain(changes)}
    if case.second is not None:
        public["confirmed_by"] = case.second.id
    return public


def _taken_for(unit: str | None, successor: str | None) -> dict[str, str]:
    told = {"for_unit": unit, "successor": successor}
    return {name: one for name, one in told.items() if one is not None}


def _authorized(work: Work, case: Case, step: Step, unit: str, area: Area) -> None:
    organization = work.rulebook.organization
    reasons = authorize(case.actor, step, unit, area, organization, day=work.today)
    if reasons:
        raise StepRefused(reasons)


def _saved(work: Work, item: Item | None, event: Event) -> Item:
    new = evolve(item, event)
    if not repository.save_item(work.connection, new):
        raise moved(new.number, new.version - 1, new.version)
    return new
