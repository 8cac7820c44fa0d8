"""The city's measures made from policies: what they take over, who leads them (A5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from huimin_flow.catalogue.reasons import PolicyCode
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    Duty,
    PolicyState,
    RecordStep,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key, step_record
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.policies.register import in_force
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.sensing.policies import CityMeasure, Policy, Undertaking
from huimin_flow.states.machine import require_road
from huimin_flow.states.records import MEASURE
from huimin_flow.store import listings
from huimin_flow.store.core import repository


@question
def measures(
    work: Work,
    *,
    policy: Annotated[str | None, Argument.POLICY] = None,
    unit: str | None = None,
    state: PolicyState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[CityMeasure, ...]:
    """Return the city's measures, the newest first (A5).

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    wanted = {"about": policy, "unit": unit, "state": state}
    return listings.records(
        work.connection,
        CityMeasure,
        wanted,
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(
    work: Work,
    *,
    policy: Annotated[str | None, Argument.POLICY] = None,
    unit: str | None = None,
    state: PolicyState | None = None,
) -> int:
    """Return how many measures ``list`` has with the same filters."""
    wanted = {"about": policy, "unit": unit, "state": state}
    return listings.count_records(work.connection, CityMeasure, wanted)


@question
def measure(work: Work, key: Annotated[str, Argument.CITY_MEASURE]) -> CityMeasure:
    """Return a measure with the promises that it takes over, and its items.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, CityMeasure, key)


@act(Duty.POLICY)
def register(
    work: Work,
    policy: Annotated[str, Argument.POLICY],
    title: str,
    area: Area,
    unit: str,
    undertakings: Sequence[Undertaking],
    items: Annotated[Sequence[str], Argument.ITEM] = (),
    *,
    by: Actor = ACTING,
) -> CityMeasure:
    """Register the measure that the city makes from a policy (A5).

    It takes over promises of the policy, each with a day of its own, which is no later
    than the policy's; ``items`` carry it out.

    Raises:
        InputRefused: for unfit text, an unknown unit or promise, a later day, a promise
            that another measure has taken over, or a policy that was withdrawn.
        NotFound: if there is no such policy or item.
        StepRefused: if the actor may not for the unit.

    """
    made = CityMeasure(
        key="",
        policy=policy,
        title=title,
        area=area,
        unit=_led_by(work, unit),
        undertakings=tuple(undertakings),
        registered_on=work.today,
        items=tuple(items),
    )
    work.duty(by, Duty.POLICY, made.unit)
    fit = _fit(work, made)
    number = next_key(work, StreamKind.MEASURE, work.today.year)
    acting = acting_as(work, by, units=(made.unit,))
    kept = replace(fit, key=StreamKind.MEASURE.key(number))
    return keep_record(work, RecordStep.REGISTER, kept, None, acting, about=policy)


@act(Duty.POLICY)
def amend(
    work: Work,
    key: Annotated[str, Argument.CITY_MEASURE],
    title: str | None = None,
    undertakings: Sequence[Undertaking] = (),
    items: Annotated[Sequence[str], Argument.ITEM] = (),
    *,
    by: Actor = ACTING,
) -> CityMeasure:
    """Change a measure's title, what it takes over, or its items; the rest stays (A5).

    Raises:
        InputRefused: as ``register``.
        NotFound: if there is no such measure or item.
        StepRefused: if the actor may not, or it was withdrawn.

    """
    old = record_of(work, CityMeasure, key)
    work.duty(by, Duty.POLICY, old.unit)
    require_road(MEASURE, old.state, RecordStep.AMEND, key)
    new = _fit(
        work,
        replace(
            old,
            title=old.title if title is None else title,
            undertakings=tuple(undertakings) or old.undertakings,
            items=tuple(items) or old.items,
        ),
    )
    acting = acting_as(work, by, units=(old.unit,))
    return keep_record(work, RecordStep.AMEND, new, old, acting, about=old.policy)


@act(Duty.POLICY)
def withdraw(
    work: Work,
    key: Annotated[str, Argument.CITY_MEASURE],
    reason: str,
    *,
    by: Actor = ACTING,
) -> CityMeasure:
    """Say that a measure ends; its items stay, and are no longer compared (A5).

    Raises:
        StepRefused: if the actor may not, or it was withdrawn before.

    """
    old = record_of(work, CityMeasure, key)
    work.duty(by, Duty.POLICY, old.unit)
    why = required(reason, Argument.REASON, longest=500)
    return step_record(work, RecordStep.END, old, by=by, about=old.policy, reason=why)


def _led_by(work: Work, written: str) -> str:
    """Return the code of the unit that leads a measure.

    Raises:
        InputRefused: if there is no such unit today.

    """
    organization, day = work.rulebook.organization, work.today
    unit = organization.unit(written, day)
    return (unit or Directory(organization).unit(written, day, exact=True)).code


def _fit(work: Work, made: CityMeasure) -> CityMeasure:
    """Return a measure with accepted texts, known promises and known items."""
    policy = record_of(work, Policy, made.policy)
    if policy.state is not PolicyState.IN_FORCE:
        raise InputRefused(PolicyCode.POLICY_NOT_IN_FORCE, policy=policy.key)
    counts = Counter(each.promise for each in made.undertakings)
    known = [promise.key for promise in policy.promises]
    if not counts:
        raise InputRefused(PolicyCode.NO_PROMISE)
    taken = {
        undertaking.promise: other.key
        for other in in_force(work, policy.key)
        if other.key != made.key
        for undertaking in other.undertakings
    }
    for promise, times in counts.items():
        if promise not in known:
            raise InputRefused(
                PolicyCode.PROMISE_UNKNOWN,
                policy=policy.key,
                promise=promise,
                known=known,
            )
        if times > 1:
            raise InputRefused(PolicyCode.PROMISE_TWICE, promise=promise)
        if promise in taken:
            code, other_key = PolicyCode.PROMISE_TAKEN, taken[promise]
            raise InputRefused(code, promise=promise, measure=other_key)
    promised = {promise.key: promise.due for promise in policy.promises}
    for each in made.undertakings:
        if each.due > promised[each.promise]:
            raise InputRefused(
                PolicyCode.PROMISE_LATER,
                promise=each.promise,
                due=promised[each.promise],
                given=each.due,
            )
    items = tuple(dict.fromkeys(made.items))
    for number in items:
        repository.item(work.connection, number)
    return replace(
        made,
        title=required(made.title, Argument.TITLE, longest=200),
        items=items,
    )
