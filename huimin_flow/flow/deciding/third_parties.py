"""The register of organizations that assess for others (D4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    RecordStep,
    StreamKind,
    ThirdPartyKind,
    ThirdPartyState,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key, step_record
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required
from huimin_flow.model.deciding.assessments import ThirdParty
from huimin_flow.states.machine import require_road
from huimin_flow.states.records import THIRD_PARTY
from huimin_flow.store import listings
from huimin_flow.store.core import repository


@question
def third_parties(
    work: Work,
    *,
    kind: ThirdPartyKind | None = None,
    state: ThirdPartyState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[ThirdParty, ...]:
    """Return the organizations of the register, the newest first.

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    wanted = {"kind": kind, "state": state}
    return listings.records(
        work.connection,
        ThirdParty,
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
    kind: ThirdPartyKind | None = None,
    state: ThirdPartyState | None = None,
) -> int:
    """Return how many organizations ``list`` has with the same filters."""
    wanted = {"kind": kind, "state": state}
    return listings.count_records(work.connection, ThirdParty, wanted)


@question
def third_party(work: Work, key: Annotated[str, Argument.THIRD_PARTY]) -> ThirdParty:
    """Return an organization of the register.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, ThirdParty, key)


@act(Duty.ASSESS)
def register(
    work: Work,
    name: Annotated[str, Argument.ORGANIZATION],
    kind: ThirdPartyKind,
    experience: str,
    understanding: str,
    parent: str = "",
    *,
    by: Actor = ACTING,
) -> ThirdParty:
    """Register an organization that may assess for others (D4).

    Raises:
        InputRefused: for unfit text, or a name that is in the register.
        StepRefused: if the actor may not for the whole city.

    """
    work.duty(by, Duty.ASSESS, None)
    party = ThirdParty(
        key=StreamKind.THIRD_PARTY.key(next_key(work, StreamKind.THIRD_PARTY, "")),
        name=name,
        kind=kind,
        experience=experience,
        understanding=understanding,
        parent=parent,
    )
    acting = acting_as(work, by, units=(None,))
    return keep_record(work, RecordStep.REGISTER, _fit(work, party), None, acting)


@act(Duty.ASSESS)
def amend(
    work: Work,
    key: Annotated[str, Argument.THIRD_PARTY],
    name: Annotated[str | None, Argument.ORGANIZATION] = None,
    kind: ThirdPartyKind | None = None,
    experience: str | None = None,
    understanding: str | None = None,
    parent: str | None = None,
    *,
    by: Actor = ACTING,
) -> ThirdParty:
    """Change what the register says of an organization; the rest stays (D4).

    Raises:
        InputRefused: for unfit text, or a name that is in the register.
        StepRefused: if the actor may not, or it was ended.

    """
    work.duty(by, Duty.ASSESS, None)
    old = record_of(work, ThirdParty, key)
    require_road(THIRD_PARTY, old.state, RecordStep.AMEND, key)
    texts = {
        "name": name,
        "kind": kind,
        "experience": experience,
        "understanding": understanding,
        "parent": parent,
    }
    changed = {part: text for part, text in texts.items() if text is not None}
    new = _fit(work, replace(old, **changed))  # type: ignore[arg-type]
    acting = acting_as(work, by, units=(None,))
    return keep_record(work, RecordStep.AMEND, new, old, acting)


@act(Duty.ASSESS)
def end(
    work: Work,
    key: Annotated[str, Argument.THIRD_PARTY],
    reason: str,
    *,
    by: Actor = ACTING,
) -> ThirdParty:
    """End an organization's registration; what it has assessed stays (D4).

    Raises:
        StepRefused: if the actor may not, or it was ended before.

    """
    work.duty(by, Duty.ASSESS, None)
    old = record_of(work, ThirdParty, key)
    why = required(reason, Argument.REASON, longest=500)
    return step_record(work, RecordStep.END, old, by=by, reason=why)


def _fit(work: Work, party: ThirdParty) -> ThirdParty:
    """Return an organization with accepted texts; refuse a second of its name."""
    kept = replace(
        party,
        name=required(party.name, Argument.ORGANIZATION, longest=100),
        experience=required(party.experience, Argument.EXPERIENCE, longest=2000),
        understanding=required(
            party.understanding, Argument.UNDERSTANDING, longest=2000
        ),
        parent=accepted(party.parent, Argument.PARENT, longest=100),
    )
    for other in repository.records(work.connection, ThirdParty):
        same = other.name == kept.name and other.state is ThirdPartyState.REGISTERED
        if same and other.key != kept.key:
            code, key = DecisionCode.THIRD_PARTY_TWICE, other.key
            raise InputRefused(code, name=kept.name, key=key)
    if kept.parent == kept.name:
        raise InputRefused(DecisionCode.PARENT_OF_ITSELF, name=kept.name)
    return kept
