"""Spot checks until they are drawn: planned, committed, cut, revealed, void (N10)."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import SpotCheckCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    PopulationState,
    PopulationStep,
    Role,
    SpotCheckState,
    SpotCheckStep,
    StreamKind,
)
from huimin_flow.errors import CalendarMissing, InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import (
    acting_as,
    keep_record,
    next_key,
    step_record,
)
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required, showable
from huimin_flow.model.improving.spot_checks import (
    Commitment,
    MadeSecret,
    Population,
    Reveal,
    SpotCheck,
    party_of,
)
from huimin_flow.rules.core.due import deadline
from huimin_flow.rules.improving import spot_checks as rule
from huimin_flow.states.machine import require_road
from huimin_flow.states.spot_checks import SPOT_CHECK
from huimin_flow.store.core import repository
from huimin_flow.store.pasts import spot_checks as stored

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)

#: The bytes of a secret that is made here.
_BYTES = 32


@act(Duty.SPOT_CHECK)
def plan(
    work: Work,
    title: str,
    *,
    repeats: Annotated[str, Argument.REPEATS] = "",
    by: Actor = ACTING,
) -> SpotCheck:
    """Plan a spot check; nobody but its parties reads it before it is done (D8).

    ``repeats`` is the key of a void one: it is drawn again with new secrets.

    Raises:
        InputRefused: for an unfit title, or if the other one is not void, or is
            repeated already.
        NotFound: if there is no such void one.
        StepRefused: if the actor lacks the duty.

    """
    work.duty(by, Duty.SPOT_CHECK)
    # The counter is held from here on: a void one is not repeated twice at once.
    number = next_key(work, StreamKind.SPOT_CHECK, work.today.year)
    if repeats:
        if record_of(work, SpotCheck, repeats).state is not SpotCheckState.VOID:
            raise InputRefused(SpotCheckCode.NOT_VOID, other=repeats)
        for other in repository.records(work.connection, SpotCheck):
            if other.repeats == repeats:
                code = SpotCheckCode.REPEATED_ALREADY
                raise InputRefused(code, other=repeats, key=other.key)  # not logged
    made = SpotCheck(
        key=StreamKind.SPOT_CHECK.key(number),
        title=required(title, Argument.TITLE, longest=200),
        state=SpotCheckState.PLANNED,
        planned_on=work.today,
        planned_by=by.id,
        repeats=repeats,
    )
    return keep_record(work, SpotCheckStep.PLAN, made, None, acting_as(work, by))


@act(Duty.SPOT_CHECK)
def commit(
    work: Work,
    key: Annotated[str, Argument.SPOT_CHECK],
    commitment: str,
    *,
    by: Actor = ACTING,
) -> SpotCheck:
    """Commit the actor's party to a secret by its hex SHA-256 (N10).

    The secret is 32 to 128 hex digits; its digest is that of these digits as text. A
    party may commit anew until the population is cut.

    Raises:
        InputRefused: for what is no digest.
        NotFound: if there is no such spot check.
        StepRefused: if the actor is of no party, or acted for the other one, or it is
            cut already, or the commitment was used before.

    """
    old = under_way(work, key, SpotCheckStep.COMMIT, by)
    digest = commitment.strip().lower()
    if not _DIGEST.fullmatch(digest):
        given = showable(commitment[:80])
        raise InputRefused(SpotCheckCode.COMMITMENT_UNFIT, given=given)
    party = party_of(work.believed(by).roles)
    for other in repository.records(work.connection, SpotCheck):
        for known in other.commitments:
            own = other.key == key and known.party is party
            if known.digest == digest and not own:
                raise StepRefused(SpotCheckCode.COMMITMENT_USED, other=other.key)
    kept = [each for each in old.commitments if each.party is not party]
    made = Commitment(party=party or Role.OFFICE, digest=digest, by=by.id)
    return step_record(
        work, SpotCheckStep.COMMIT, old, by=by, commitments=(*kept, made)
    )


@act(Duty.SPOT_CHECK, unkept=True)
def make_secret(
    work: Work, key: Annotated[str, Argument.SPOT_CHECK], *, by: Actor = ACTING
) -> MadeSecret:
    """Make a secret of 32 random bytes, commit the actor's party, and show it once.

    Only its digest is kept: who loses the secret commits anew, or can't reveal.

    Raises:
        NotFound: if there is no such spot check.
        StepRefused: as ``commit`` does.

    """
    secret = work.clock.token(_BYTES).hex()
    digest = rule.digest_of(secret)
    commit(work, key, digest, by=by)
    party = party_of(work.believed(by).roles) or Role.OFFICE
    return MadeSecret(key=key, party=party, digest=digest, secret=secret)


@act(Duty.SPOT_CHECK)
def cut(
    work: Work, key: Annotated[str, Argument.SPOT_CHECK], *, by: Actor = ACTING
) -> SpotCheck:
    """Fix the population and its strata at the last position, and the sample sizes.

    Raises:
        NotFound: if there is no such spot check.
        StepRefused: unless both parties have committed, or if there is nothing to
            check.

    """
    old = under_way(work, key, SpotCheckStep.CUT, by)
    position, book = work.head, work.rulebook
    facts = stored.facts_at(work.connection, work.today, position)
    lines = rule.population(facts, book)
    if not lines:
        raise StepRefused(SpotCheckCode.POPULATION_EMPTY)
    text, counts = rule.text_of(lines), rule.counted(lines)
    kept = Population(
        key=population_key(key),
        state=PopulationState.SEALED,
        day=work.today,
        position=position,
        rulebook=book.digest,
        text=text,
        digest=rule.digest_of(text),
    )
    acting = acting_as(work, by)
    keep_record(work, PopulationStep.KEEP, kept, None, acting, about=key)
    return step_record(
        work,
        SpotCheckStep.CUT,
        old,
        by=by,
        cut_on=work.today,
        position=position,
        population=kept.digest,
        counts=counts,
        sizes=rule.sizes(counts, book.improving.spot_checks),
    )


@act(Duty.SPOT_CHECK)
def reveal(
    work: Work,
    key: Annotated[str, Argument.SPOT_CHECK],
    secret: str,
    *,
    by: Actor = ACTING,
) -> SpotCheck:
    """Reveal the secret to which the actor's party has committed (N10).

    Raises:
        NotFound: if there is no such spot check.
        StepRefused: if it is not the secret of the commitment, or is too short, or
            the last day is over, or the party has revealed already.

    """
    old = under_way(work, key, SpotCheckStep.REVEAL, by)
    party, told = party_of(work.believed(by).roles), secret.strip().lower()
    committed = {each.party: each.digest for each in old.commitments}
    if party is not None:
        if committed.get(party) != rule.digest_of(told):
            raise StepRefused(SpotCheckCode.REVEAL_UNMATCHED, party=party)
        if rule.is_weak(told):
            least, most = rule.SHORTEST, rule.LONGEST
            raise StepRefused(SpotCheckCode.WEAK, least=least, most=most)
    due = reveal_by(work, old)
    if due is not None and due < work.today:
        raise StepRefused(SpotCheckCode.REVEAL_LATE, due=due)
    made = Reveal(party=party or Role.OFFICE, secret=told, by=by.id)
    return step_record(
        work, SpotCheckStep.REVEAL, old, by=by, reveals=(*old.reveals, made)
    )


@act(Duty.SPOT_CHECK)
def draw(
    work: Work, key: Annotated[str, Argument.SPOT_CHECK], *, by: Actor = ACTING
) -> SpotCheck:
    """Draw what is checked from the population, by both secrets (N10).

    Raises:
        NotFound: if there is no such spot check.
        StepRefused: unless both parties have revealed.

    """
    old = under_way(work, key, SpotCheckStep.DRAW, by)
    kept = record_of(work, Population, population_key(key))
    seed = rule.seed_of({each.party: each.secret for each in old.reveals})
    drawn = rule.draw(seed, rule.lines_of(kept.text), old.sizes)
    return step_record(work, SpotCheckStep.DRAW, old, by=by, seed=seed, drawn=drawn)


@act(Duty.SPOT_CHECK)
def void(
    work: Work,
    key: Annotated[str, Argument.SPOT_CHECK],
    reason: str = "",
    *,
    by: Actor = ACTING,
) -> SpotCheck:
    """Declare a draw void: a party did not reveal in time, or it is called off (N10).

    Before the cut it needs a reason. It is repeated by another with new secrets.

    Raises:
        InputRefused: without a reason before the cut.
        NotFound: if there is no such spot check.
        StepRefused: if the parties may still reveal, or have done so.

    """
    old = under_way(work, key, SpotCheckStep.VOID, by)
    if old.state is not SpotCheckState.CUT:
        said = required(reason, Argument.REASON, longest=500)
        return step_record(work, SpotCheckStep.VOID, old, by=by, reason=said)
    due = reveal_by(work, old)
    if due is None or work.today <= due:
        raise StepRefused(SpotCheckCode.REVEAL_STILL_DUE, due=due or "")
    return step_record(
        work,
        SpotCheckStep.VOID,
        old,
        by=by,
        failed=old.unrevealed(),
        reason=accepted(reason, Argument.REASON, longest=500),
    )


def under_way(work: Work, key: str, step: SpotCheckStep, by: Actor) -> SpotCheck:
    """Return a spot check whose state has a step, to whoever may make spot checks.

    The duty is asked first: others are not told whether there is such a one.
    """
    work.duty(by, Duty.SPOT_CHECK)
    known = record_of(work, SpotCheck, key)
    require_road(SPOT_CHECK, known.state, step, known.key)
    return known


def population_key(key: str) -> str:
    """Return the key of the population of a spot check."""
    return StreamKind.SPOT_POPULATION.key(StreamKind.parse(key)[1])


def reveal_by(work: Work, check: SpotCheck) -> date | None:
    """Return the last day to reveal, None before the cut or without a calendar."""
    if check.cut_on is None:
        return None
    try:
        return deadline(
            check.cut_on,
            work.activations,
            lambda book: book.improving.spot_checks.reveal_days.value,
        )
    except CalendarMissing:
        return None
