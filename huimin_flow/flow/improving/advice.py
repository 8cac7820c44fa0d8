"""Advice on running measures: given, decided for or against, mended (B9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import AdviceCode
from huimin_flow.catalogue.terms import (
    AdviceState,
    AdviceStep,
    Argument,
    Duty,
    Recommendation,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import (
    acting_as,
    advance,
    keep_record,
    next_key,
    step_record,
)
from huimin_flow.flow.core.reads import digests_of, record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required
from huimin_flow.model.evidence import AdviceEvidence, AdvisedEvidence
from huimin_flow.model.improving.advice import Advice, Grounds, Mending
from huimin_flow.model.items import Item
from huimin_flow.rules.executing.running import runs
from huimin_flow.rules.improving import advising
from huimin_flow.states.improving import ADVICE
from huimin_flow.states.machine import require_road
from huimin_flow.states.table import ITEM
from huimin_flow.store import listings
from huimin_flow.store.core import facts, history, repository
from huimin_flow.store.improving import grounds as stored


@question
def advices(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    recommendation: Recommendation | None = None,
    state: AdviceState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Advice, ...]:
    """Return the advice on running measures, that on the newest items first.

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    return listings.records(
        work.connection,
        Advice,
        _wanted(item, unit, recommendation, state),
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
    recommendation: Recommendation | None = None,
    state: AdviceState | None = None,
) -> int:
    """Return how many pieces of advice ``list`` has with the same filters."""
    wanted = _wanted(item, unit, recommendation, state)
    return listings.count_records(work.connection, Advice, wanted)


def _wanted(
    item: str | None,
    unit: str | None,
    recommendation: Recommendation | None,
    state: AdviceState | None,
) -> dict[str, str | None]:
    chosen = {"recommendation": recommendation, "state": state}
    return {"about": item, "unit": unit, **chosen}


@question
def advice(work: Work, key: Annotated[str, Argument.ADVICE]) -> Advice:
    """Return advice with its grounds, its decision and its mending.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, Advice, key)


@question
def grounds(work: Work, number: str) -> Verdict:
    """Return the grounds of advice on a running item, computed now (B9).

    Raises:
        NotFound: if there is no such item.
        StepRefused: if it doesn't run.

    """
    item = repository.item(work.connection, number)
    require_road(ITEM, item.state, Step.ADVISE)
    return _grounds(work, item, work.today)


def _grounds(work: Work, item: Item, day: date) -> Verdict:
    """Return the verdict of the advising rule on an item at the end of a day."""
    connection, book = work.connection, work.rulebook
    events = history.events_of(connection, StreamKind.ITEM.key(item.number))
    run = runs(events)[-1]
    reports = facts.progress_of(connection, item.number)
    indicators, kept = advising.on_plan(item.number, item.plan, reports, run, book, day)
    units = book.organization.acts_for(item.unit, day) | {item.unit}
    ratings, satisfied = stored.rated(connection, sorted(units), run.begun, day)
    rule = book.scoring.index.complaints
    channels = () if rule is None else rule.channels
    complaints, people = stored.complained(connection, item.number, channels, run.begun)
    known = Grounds(
        since=run.begun,
        day=day,
        indicators=indicators,
        on_plan=kept,
        ratings=ratings,
        satisfied=satisfied,
        complaints=complaints,
        complainants=people,
    )
    return advising.advise(known, book.improving.advising)


@act(Step.ADVISE)
def advise(
    work: Work,
    number: str,
    recommendation: Recommendation,
    *,
    grounds: str = "",
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Advise on a measure while it runs: continue, improve, replicate or stop (B9).

    A rule computes the grounds from progress, satisfaction and complaints; ``grounds``
    are said in addition. The office decides.

    Raises:
        StepRefused: if a ground speaks against the recommendation, earlier advice is
            not decided, or the item doesn't run.
        InputRefused: for unfit grounds.

    """
    repository.hold_items(work.connection, [number])  # no report comes meanwhile
    item = repository.item(work.connection, number)
    said = accepted(grounds, Argument.GROUNDS, longest=2000, lines=True)
    known = repository.records(work.connection, Advice, number)
    if Step.ADVISE not in ITEM.leaving(item.state):  # refused, first to who may not
        return advance(work, item, Step.ADVISE, by=by, version=version)
    verdict = _grounds(work, item, work.today)
    key = StreamKind.ADVICE.key(next_key(work, StreamKind.ADVICE, number))
    evidence = AdviceEvidence(
        verdict=verdict,
        recommendation=recommendation,
        undecided=advising.undecided(known),
    )
    advised = advance(
        work,
        item,
        Step.ADVISE,
        evidence,
        by=by,
        version=version,
        named={"advice": key, "recommendation": recommendation.value},
    )
    made = Advice(
        key=key,
        item=number,
        unit=item.unit,
        state=AdviceState.ADVISED,
        recommendation=recommendation,
        verdict=verdict,
        advised_on=work.today,
        grounds=said,
        advised_by=by.id,
    )
    acting = acting_as(work, by, units=(item.unit,))
    on = AdvisedEvidence(item=advised)
    keep_record(work, AdviceStep.ADVISE, made, None, acting, on, about=number)
    return advised


@act(Duty.CONFIRM)
def adopt(
    work: Work,
    key: Annotated[str, Argument.ADVICE],
    reason: str,
    *,
    what: Annotated[str, Argument.MENDING] = "",
    unit: str | None = None,
    mended_by: Annotated[date | None, Argument.MENDED_BY] = None,
    by: Actor = ACTING,
) -> Advice:
    """Decide for advice; advice to improve says what, by whom, until when (B9).

    Raises:
        NotFound: if there is no such advice, or no such unit.
        StepRefused: if the actor is not of the office or has advised, or if it was
            decided already, or what is to be mended is missing or does not fit.
        InputRefused: for a day in the past, or an empty reason.

    """
    old = _open(work, key, AdviceStep.ADOPT)
    said = required(reason, Argument.REASON, longest=2000, lines=True)
    mending = None
    if what or unit is not None or mended_by is not None:
        if not (what and unit is not None and mended_by is not None):
            raise InputRefused(AdviceCode.MENDING_NEEDED)
        if mended_by < work.today:
            raise InputRefused(
                AdviceCode.UNTIL_PAST, until=mended_by, earliest=work.today
            )
        owner = work.rulebook.organization.unit(unit, work.today)
        if owner is None:
            directory = Directory(work.rulebook.organization)
            owner = directory.unit(unit, work.today, exact=True)
        mending = Mending(
            what=required(what, Argument.MENDING, longest=2000, lines=True),
            unit=owner.code,
            until=mended_by,
        )
    return step_record(
        work,
        AdviceStep.ADOPT if mending is None else AdviceStep.ORDER,
        old,
        by=by,
        about=old.item,
        reason=said,
        decided_by=by.id,
        mending=mending,
    )


@act(Duty.CONFIRM)
def decline(
    work: Work, key: Annotated[str, Argument.ADVICE], reason: str, *, by: Actor = ACTING
) -> Advice:
    """Decide against advice, with the reason (B9).

    Raises:
        NotFound: if there is no such advice.
        StepRefused: if the actor is not of the office or has advised, or if it was
            decided already.
        InputRefused: for an empty reason.

    """
    old = _open(work, key, AdviceStep.OPPOSE)
    said = required(reason, Argument.REASON, longest=2000, lines=True)
    return step_record(
        work,
        AdviceStep.OPPOSE,
        old,
        by=by,
        about=old.item,
        reason=said,
        decided_by=by.id,
    )


@act(Duty.REPORT)
def mend(
    work: Work,
    key: Annotated[str, Argument.ADVICE],
    done: Annotated[str, Argument.DONE],
    *,
    evidence: Sequence[str] = (),
    by: Actor = ACTING,
) -> Advice:
    """Report what was decided to be mended as done, with files of the item (B9).

    ``evidence`` are digests of the item's files, or their beginnings.

    Raises:
        NotFound: if there is no such advice.
        StepRefused: if the actor may not report for the unit, or nothing is to be
            mended.
        InputRefused: for a file that the item doesn't have, or an empty text.

    """
    old = _open(work, key, AdviceStep.MEND)
    said = required(done, Argument.DONE, longest=2000, lines=True)
    return step_record(
        work,
        AdviceStep.MEND,
        old,
        by=by,
        about=old.item,
        unit=None if old.mending is None else old.mending.unit,
        done=said,
        files=digests_of(work, old.item, evidence),
        reported_by=by.id,
    )


@act(Duty.CONFIRM)
def verify(
    work: Work,
    key: Annotated[str, Argument.ADVICE],
    *,
    finding: str = "",
    by: Actor = ACTING,
) -> Advice:
    """Verify that what was reported is mended (B9).

    Raises:
        NotFound: if there is no such advice.
        StepRefused: if the actor is not of the office or has reported it, or nothing
            was reported.

    """
    old = _open(work, key, AdviceStep.VERIFY)
    said = accepted(finding, Argument.FINDING, longest=2000, lines=True)
    return step_record(
        work,
        AdviceStep.VERIFY,
        old,
        by=by,
        about=old.item,
        finding=said,
        verified_by=by.id,
    )


@act(Duty.CONFIRM)
def return_(
    work: Work,
    key: Annotated[str, Argument.ADVICE],
    note: Annotated[str, Argument.RETURN_REASON],
    *,
    by: Actor = ACTING,
) -> Advice:
    """Return what was reported as mended, with a note; it is mended again (B9).

    Raises:
        NotFound: if there is no such advice.
        StepRefused: if the actor is not of the office or has reported it, or nothing
            was reported.

    """
    old = _open(work, key, AdviceStep.RETURN)
    said = required(note, Argument.RETURN_REASON, longest=2000, lines=True)
    return step_record(
        work, AdviceStep.RETURN, old, by=by, about=old.item, finding=said
    )


def _open(work: Work, key: str, step: AdviceStep) -> Advice:
    """Return advice whose state has a step.

    Raises:
        NotFound: if there is no such advice.
        StepRefused: if its state doesn't have it.

    """
    known = record_of(work, Advice, key)
    require_road(ADVICE, known.state, step, known.key)
    return known
