"""The register of policies: what a ministry or the state promised, and when (A5)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import PolicyCode
from huimin_flow.catalogue.terms import (
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
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required
from huimin_flow.model.sensing.policies import CityMeasure, Policy, Promise
from huimin_flow.states.machine import require_road
from huimin_flow.states.records import POLICY
from huimin_flow.store import listings
from huimin_flow.store.core import repository


@question
def policies(
    work: Work,
    *,
    state: PolicyState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Policy, ...]:
    """Return the registered policies, the newest first (A5).

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    return listings.records(
        work.connection,
        Policy,
        {"state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(work: Work, *, state: PolicyState | None = None) -> int:
    """Return how many policies ``list`` has with the same filters."""
    return listings.count_records(work.connection, Policy, {"state": state})


@question
def policy(work: Work, key: Annotated[str, Argument.POLICY]) -> Policy:
    """Return a policy with its promises.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, Policy, key)


@act(Duty.POLICY)
def register(
    work: Work,
    authority: str,
    document: str,
    title: str,
    dated: Annotated[date, Argument.ISSUED_ON],
    promises: Sequence[Promise],
    *,
    by: Actor = ACTING,
) -> Policy:
    """Register a policy: who issued it, its number, its day, and its promises (A5).

    Raises:
        InputRefused: for unfit text, a day in the future, no promise, a promise named
            twice or whose target is 0 or above its whole, a document that is known.
        StepRefused: if the actor may not for the whole city.

    """
    work.duty(by, Duty.POLICY, None)
    made = Policy(
        key=StreamKind.POLICY.key(next_key(work, StreamKind.POLICY, work.today.year)),
        authority=authority,
        document=document,
        title=title,
        dated=work.happened(dated, Argument.ISSUED_ON),
        promises=tuple(promises),
        registered_on=work.today,
    )
    acting = acting_as(work, by, units=(None,))
    return keep_record(work, RecordStep.REGISTER, _fit(work, made), None, acting)


@act(Duty.POLICY)
def amend(
    work: Work,
    key: Annotated[str, Argument.POLICY],
    authority: str | None = None,
    document: str | None = None,
    title: str | None = None,
    dated: Annotated[date | None, Argument.ISSUED_ON] = None,
    promises: Sequence[Promise] = (),
    *,
    by: Actor = ACTING,
) -> Policy:
    """Change what the register says of a policy; what is not given stays (A5).

    Raises:
        InputRefused: as ``register``, or if a measure has taken over a promise that
            would be gone.
        StepRefused: if the actor may not, or it was withdrawn.

    """
    work.duty(by, Duty.POLICY, None)
    old = record_of(work, Policy, key)
    day = work.happened(old.dated if dated is None else dated, Argument.ISSUED_ON)
    require_road(POLICY, old.state, RecordStep.AMEND, key)
    new = _fit(
        work,
        replace(
            old,
            authority=old.authority if authority is None else authority,
            document=old.document if document is None else document,
            title=old.title if title is None else title,
            dated=day,
            promises=tuple(promises) or old.promises,
        ),
    )
    known = {promise.key for promise in new.promises}
    for measure in in_force(work, key):
        for undertaking in measure.undertakings:
            if undertaking.promise not in known:
                code, promise = PolicyCode.PROMISE_TAKEN, undertaking.promise
                raise InputRefused(code, promise=promise, measure=measure.key)
    acting = acting_as(work, by, units=(None,))
    return keep_record(work, RecordStep.AMEND, new, old, acting)


@act(Duty.POLICY)
def withdraw(
    work: Work,
    key: Annotated[str, Argument.POLICY],
    reason: str,
    *,
    by: Actor = ACTING,
) -> Policy:
    """Say that a policy is no longer in force; what was compared stays (A5).

    Raises:
        InputRefused: if measures from it are in force.
        StepRefused: if the actor may not, or it was withdrawn before.

    """
    work.duty(by, Duty.POLICY, None)
    old = record_of(work, Policy, key)
    made = [measure.key for measure in in_force(work, key)]
    if made:
        code = PolicyCode.MEASURES_IN_FORCE
        raise InputRefused(code, policy=key, measures=made)
    why = required(reason, Argument.REASON, longest=500)
    return step_record(work, RecordStep.END, old, by=by, reason=why)


def in_force(work: Work, policy_key: str) -> list[CityMeasure]:
    """Return the measures in force that were made from a policy."""
    known = repository.records(work.connection, CityMeasure, policy_key)
    return [each for each in known if each.state is PolicyState.IN_FORCE]


def _fit(work: Work, made: Policy) -> Policy:
    """Return a policy with accepted texts; refuse a second of its document."""
    keys = Counter(promise.key for promise in made.promises)
    if not keys:
        raise InputRefused(PolicyCode.NO_PROMISE)
    twice = [key for key, count in keys.items() if count > 1]
    if twice:
        raise InputRefused(PolicyCode.PROMISE_TWICE, promise=twice[0])
    kept = replace(
        made,
        authority=required(made.authority, Argument.AUTHORITY, longest=100),
        document=required(made.document, Argument.DOCUMENT, longest=100),
        title=required(made.title, Argument.TITLE, longest=200),
        promises=tuple(
            replace(
                each,
                key=required(each.key, Argument.PROMISE, longest=20),
                indicator=required(each.indicator, Argument.INDICATOR, longest=100),
                unit=accepted(each.unit, Argument.MEASURE, longest=20),
            )
            for each in made.promises
        ),
    )
    for each in kept.promises:
        if each.target is None:
            continue
        code = PolicyCode.PROMISE_OF_NOTHING if each.target <= 0 else None
        if unicodedata.normalize("NFKC", each.unit) == "%" and each.target > 100:
            code = PolicyCode.PROMISE_ABOVE_WHOLE
        if code is not None:
            raise InputRefused(code, promise=each.key, value=each.target)
    for other in repository.records(work.connection, Policy):
        if other.document == kept.document and other.key != kept.key:
            code, document = PolicyCode.DOCUMENT_TWICE, kept.document
            raise InputRefused(code, document=document, key=other.key)
    return kept
