"""The shelf of good practices: the office puts items of a good board on it (D1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    PracticeState,
    PracticeStep,
    StreamKind,
)
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import (
    acting_as,
    keep_record,
    next_key,
    step_record,
)
from huimin_flow.flow.core.reads import digests_of, record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.replicating.proposals import recall
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.improving.replication import Practice, Replication
from huimin_flow.model.record_evidence import (
    ShelvingEvidence,
)
from huimin_flow.rules.improving import replication as rules
from huimin_flow.store import listings
from huimin_flow.store.core import repository
from huimin_flow.store.pasts import boards as stored


@question
def practices(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    state: PracticeState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Practice, ...]:
    """Return the good practices, the newest first.

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    return listings.records(
        work.connection,
        Practice,
        {"about": item, "unit": unit, "state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    state: PracticeState | None = None,
) -> int:
    """Return how many practices ``list`` has with the same filters."""
    wanted = {"about": item, "unit": unit, "state": state}
    return listings.count_records(work.connection, Practice, wanted)


@question
def practice(work: Work, key: Annotated[str, Argument.PRACTICE]) -> Practice:
    """Return a practice: what was done, for whom, with what effect, on what grounds.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, Practice, key)


@act(Duty.CONFIRM)
def shelve(
    work: Work,
    number: str,
    taken: Annotated[str, Argument.TAKEN],
    whom: Annotated[str, Argument.WHOM],
    *,
    period: str | None = None,
    evidence: Sequence[str] = (),
    by: Actor = ACTING,
) -> Practice:
    """Put an item of a published good board on the shelf of good practices (D1).

    ``taken`` says what was done, ``whom`` for whom. Without a ``period`` its newest
    board counts. ``evidence`` are digests of the item's files, or their beginnings.

    Raises:
        NotFound: if there is no such item.
        StepRefused: if the actor is not of the office, the item is on no good board,
            lacks a ground that the rulebook asks for, is on the bad board by now, or
            on the shelf already.
        InputRefused: for an empty text, or a file that the item doesn't have.

    """
    item = repository.item(work.connection, number)
    done = required(taken, Argument.TAKEN, longest=2000, lines=True)
    people = required(whom, Argument.WHOM, longest=500, lines=True)
    files = digests_of(work, number, evidence)
    published = stored.published_at(work.connection, None)
    found = rules.good_entry(published, number, period)
    bad = stored.open_at(work.connection, None)
    since = next((each.since for each in bad if each.entry.item == number), "")
    verdict = rules.shelvable(number, found, since, work.rulebook.improving.replication)
    # The counter is held from here on: who counts next sees this practice.
    key = next_key(work, StreamKind.PRACTICE, work.today.year)
    on_shelf = practices(work, item=number, state=PracticeState.SHELVED)
    new = Practice(
        key=StreamKind.PRACTICE.key(key),
        item=number,
        title=item.title,
        unit=item.unit,
        state=PracticeState.SHELVED,
        period="" if found is None else found[0].period,
        edition=0 if found is None else found[0].edition,
        taken=done,
        whom=people,
        effect=rules.effect_on(None if found is None else found[1]),
        verdict=verdict,
        shelved_on=work.today,
        shelved_by=by.id,
        files=files,
    )
    on = ShelvingEvidence(
        item=item,
        shelved=on_shelf[0].key if on_shelf else None,
        verdict=verdict,
    )
    acting = acting_as(work, by, units=(item.unit,))
    return keep_record(work, PracticeStep.SHELVE, new, None, acting, on, about=number)


@act(Duty.CONFIRM)
def withdraw(
    work: Work,
    key: Annotated[str, Argument.PRACTICE],
    reason: str,
    *,
    by: Actor = ACTING,
) -> Practice:
    """Withdraw a practice, with the reason; its unanswered proposals are recalled (D1).

    What units have adopted stays.

    Raises:
        NotFound: if there is no such practice.
        StepRefused: if the actor is not of the office, or it is withdrawn already.
        InputRefused: for an empty reason.

    """
    old = record_of(work, Practice, key)
    said = required(reason, Argument.REASON, longest=2000, lines=True)
    made = step_record(
        work,
        PracticeStep.WITHDRAW,
        old,
        by=by,
        about=old.item,
        reason=said,
        withdrawn_on=work.today,
    )
    for each in rules.asked(repository.records(work.connection, Replication, old.key)):
        recall(work, each.key, said, by=by)
    return made
