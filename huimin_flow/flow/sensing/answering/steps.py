"""Acts on answers: answer, extend, transfer, reopen, close; each a batch (A7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from huimin_flow.catalogue.reasons import AnswerCode, InputCode
from huimin_flow.catalogue.terms import (
    AnswerKind,
    AnswerState,
    AnswerStep,
    Argument,
    Duty,
    RecordStep,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import ANSWER_KIND, acting_as, keep_batch
from huimin_flow.flow.core.work import Work, moved
from huimin_flow.flow.sensing.answering import histories, queues, waiting
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required, showable
from huimin_flow.model.core.values import value
from huimin_flow.model.evidence import AnswerEvidence
from huimin_flow.model.sensing.answers import (
    Answering,
    AnswerIntake,
    GivenAnswer,
)
from huimin_flow.states import machine
from huimin_flow.states.answers import ANSWER
from huimin_flow.states.authority import may_do
from huimin_flow.store.core import facts, positions
from huimin_flow.store.core.history import moment_text
from huimin_flow.store.core.tables import ANSWER_TEXTS, ANSWERS
from huimin_flow.store.sensing import answer_texts as texts
from huimin_flow.store.sensing import answers as store

#: The most answers that the service closes at once, so that no transaction is long.
MOST = 5000


@value
class Taken:
    """A step to take: ``unit`` answers after it, None for the one that does now."""

    step: AnswerStep
    kind: AnswerKind | None = None
    unit: str | None = None
    days: int | None = None
    reason: str = ""
    item: str = ""
    text: str | None = None


@act(Duty.ANSWER)
def answer(
    work: Work,
    key: Annotated[str, Argument.APPEAL_KEY],
    text: Annotated[str, Argument.ANSWER],
    *,
    kind: AnswerKind = AnswerKind.RESULT,
    channel: str | None = None,
    by: Actor = ACTING,
    version: int | None = None,
) -> Answering:
    """Answer an appeal; what is told after an answer is kept beside it (A7).

    That the bureau is not in charge is an answer, too. The text is stored only
    encrypted, and is erased with the person.

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several have the key, for an empty text, or an erased appeal.
        StepRefused: if another unit answers it.
        ItemMoved: if it has more steps than ``version``.

    """
    said = required(text, Argument.ANSWER, private=True, lines=True)

    def give(now: Answering) -> Taken:
        open_ = now.state is AnswerState.RECEIVED
        step = AnswerStep.ANSWER if open_ else AnswerStep.INFORM
        return Taken(step=step, kind=kind, text=said)

    return _one(work, key, channel, by, version, give)


@act(Duty.ANSWER)
def answer_all(
    work: Work, answers: Sequence[GivenAnswer], *, by: Actor = ACTING
) -> AnswerIntake:
    """Answer many appeals in one batch, each with its own text; all, or none (A7).

    Raises:
        InputRefused: for an unknown or erased appeal, one that is named twice, or an
            empty text.
        StepRefused: if another unit answers one of them.

    """
    given = {(each.channel, each.key): each for each in answers}
    if len(given) < len(answers) or not given:
        pairs = [(each.channel, each.key) for each in answers]
        twice = [pair for pair in given if pairs.count(pair) > 1]
        if not twice:
            raise InputRefused(AnswerCode.NOTHING_LEFT)
        channel, key = twice[0]
        code = AnswerCode.APPEAL_TWICE
        raise InputRefused(code, channel=showable(channel), key=showable(key))
    known = store.received(work.connection, list(given))
    if missing := given.keys() - known.keys():
        channel, key = map(showable, min(missing))
        raise InputRefused(InputCode.APPEAL_UNKNOWN, channel=channel, key=key)

    def give(now: Answering) -> Taken:
        line = given[now.channel, now.key]
        said = required(line.text, Argument.ANSWER, private=True, lines=True)
        open_ = now.state is AnswerState.RECEIVED
        step = AnswerStep.ANSWER if open_ else AnswerStep.INFORM
        return Taken(step=step, kind=line.kind, text=said)

    return keep_steps(work, [known[pair] for pair in given], by, give)


@act(Duty.ANSWER)
def extend(
    work: Work,
    key: Annotated[str, Argument.APPEAL_KEY],
    reason: str,
    *,
    channel: str | None = None,
    by: Actor = ACTING,
    version: int | None = None,
) -> Answering:
    """Extend the deadline of an answer by the rulebook's working days, with a reason.

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several have the key, or for an empty reason.
        StepRefused: if it is answered or overdue, was extended too often, or another
            unit answers it.
        ItemMoved: if it has more steps than ``version``.

    """
    why = required(reason, Argument.REASON)
    days = work.rulebook.rules.answers.extension_days.value
    taken = Taken(step=AnswerStep.EXTEND, days=days, reason=why)
    return _one(work, key, channel, by, version, lambda _: taken)


@act(Duty.ANSWER)
def transfer(
    work: Work,
    key: Annotated[str, Argument.APPEAL_KEY],
    unit: str,
    reason_code: Annotated[str, Argument.TRANSFER_CODE],
    *,
    channel: str | None = None,
    by: Actor = ACTING,
    version: int | None = None,
) -> Answering:
    """Give an appeal to another unit, which answers it; an answer is due anew (A7).

    Before an answer the deadline stays.

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several have the key.
        StepRefused: if the unit or the reason is unknown, the unit answers it already,
            or another unit answers it.
        ItemMoved: if it has more steps than ``version``.

    """
    taken = Taken(step=AnswerStep.TRANSFER, unit=unit, reason=reason_code)
    return _one(work, key, channel, by, version, lambda _: taken)


@act(Duty.ANSWER)
def reopen(
    work: Work,
    key: Annotated[str, Argument.APPEAL_KEY],
    reason_code: Annotated[str, Argument.REOPEN_CODE],
    *,
    channel: str | None = None,
    by: Actor = ACTING,
    version: int | None = None,
) -> Answering:
    """Take an answered appeal up again, as its citizen says; it is due anew (A7).

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several have the key.
        StepRefused: if it isn't answered, the reason is unknown, or another unit
            answers it.
        ItemMoved: if it has more steps than ``version``.

    """
    taken = Taken(step=AnswerStep.REOPEN, reason=reason_code)
    return _one(work, key, channel, by, version, lambda _: taken)


@act(Duty.ANSWER)
def close(
    work: Work,
    *,
    unit: str | None = None,
    by: Actor = ACTING,
    expected: Annotated[int | None, Argument.EXPECTED_COUNT] = None,
) -> AnswerIntake:
    """Close the appeals that ``to_close`` names, of a unit or of the actor's (A7).

    The service closes those of all units, at most 5,000 at once: their term is over.

    Raises:
        InputRefused: if none is to close, or not as many as ``expected``.
        StepRefused: if the actor may not answer for the unit.

    """
    actor, organization = work.believed(by), work.rulebook.organization
    serves = unit is None and not may_do(
        actor, Duty.TIMETABLE, organization, unit=None, day=work.today
    )
    own = None if serves else unit or by.unit
    if not serves:
        work.duty(by, Duty.ANSWER, own)
    pairs = queues.closable(work, own).pairs(limit=MOST if serves else None)
    if not pairs:
        raise InputRefused(AnswerCode.NOTHING_LEFT)
    if expected not in {None, len(pairs)}:
        code = AnswerCode.COUNT_MOVED
        raise InputRefused(code, expected=expected, found=len(pairs))
    received = store.received(work.connection, pairs)
    taken = Taken(step=AnswerStep.LAPSE if serves else AnswerStep.CLOSE)
    return keep_steps(
        work,
        [received[pair] for pair in pairs],
        by,
        lambda _: taken,
        step=RecordStep.CLOSE if serves else None,
    )


def _one(
    work: Work,
    key: str,
    channel: str | None,
    by: Actor,
    version: int | None,
    take: Callable[[Answering], Taken],
) -> Answering:
    """Take a step with one appeal's answer; return how far it is then."""
    received = waiting.received_of(work, key, channel)
    keep_steps(work, [received], by, take, version=version)
    return histories.answerings(work, [received])[0]


def keep_steps(
    work: Work,
    received: Sequence[store.Received],
    by: Actor,
    take: Callable[[Answering], Taken],
    *,
    version: int | None = None,
    owner: str | None = None,
    step: RecordStep | None = None,
) -> AnswerIntake:
    """Record a step with each of some appeals in one batch.

    The life of answers permits each; equal questions are asked once. Nothing is
    recorded if one is refused. ``owner`` is the unit of the item about which everyone
    is told: it is for it to tell them. ``step`` is that of the batch, if it is not an
    answer.

    Raises:
        InputRefused: for an erased appeal.
        ItemMoved: if the one appeal has more steps than ``version``.
        StepRefused: with every reason why a step may not be taken.

    """
    asked: dict[object, str] = {}
    now = histories.answerings(work, received)
    if version is not None and version != now[0].version:
        name = f"answer/{now[0].channel}/{now[0].key}"
        raise moved(name, version, now[0].version)
    at, written = work.now, []
    steps = [take(each) for each in now]
    for each, before, taken in zip(received, now, steps, strict=True):
        if each.erased and taken.text is not None:
            raise InputRefused(AnswerCode.ERASED, channel=each.channel, key=each.key)
        unit = taken.unit or before.unit
        # Only an extension or a transfer depends on more than state and unit.
        alone = taken.step in {AnswerStep.EXTEND, AnswerStep.TRANSFER}
        like = before if alone else (before.state, before.unit)
        question = like, taken.step, taken.unit, taken.reason
        if question not in asked:
            asked[question] = _permitted(work, by, before, taken, owner)
        columns: dict[str, Any] = {
            "n": before.version + 1,
            "step": taken.step.value,
            "kind": None if taken.kind is None else taken.kind.value,
            "unit": unit,
            "at": moment_text(at),
            "days": taken.days,
            "reason": taken.reason,
            "item": taken.item,
        }
        written.append(texts.Written(each, columns, taken.text))
    batch = positions.next_number(work.connection, StreamKind.BATCH)
    rows, sealed = texts.rows_of(work, written, batch, work.clock.token)
    facts.keep(work.connection, ANSWERS, rows)
    facts.keep(work.connection, ANSWER_TEXTS, sealed)
    root = facts.root_of(rows)
    owners = tuple(sorted(set(asked.values())))
    held_by = sorted({str(each.columns["unit"]) for each in written} - {""})
    keep_batch(
        work, ANSWER_KIND, batch, len(rows), root, by=by, units=owners, at=at,
        step=step, held_by=held_by,
    )  # fmt: skip
    informed = sum(taken.step is AnswerStep.INFORM for taken in steps)
    return AnswerIntake(batch=batch, count=len(rows), root=root, informed=informed)


def _permitted(
    work: Work, by: Actor, before: Answering, taken: Taken, owner: str | None
) -> str:
    """Return the unit for which an actor takes a step that the life permits.

    Raises:
        StepRefused: with every reason why the step may not be taken.

    """
    rule = work.rulebook.rules.answers
    reasons = {
        AnswerStep.TRANSFER: work.rulebook.rules.transfer_reasons,
        AnswerStep.REOPEN: rule.reopen_reasons,
    }
    evidence = AnswerEvidence(
        reason_code=taken.reason,
        known=reasons.get(taken.step, {}),
        due=before.due,
        most=rule.extensions.value,
        unit=taken.unit or before.unit,
    )
    unit = owner or responsible(work, by, before.unit)
    acting = acting_as(work, by, units=(unit,))
    stream = f"answer/{before.channel}/{before.key}"
    machine.permit(
        ANSWER, before.state, taken.step, acting, evidence,
        subject=before, stream=stream,
    )  # fmt: skip
    return unit


def responsible(work: Work, by: Actor, unit: str) -> str:
    """Return for whom an actor answers what a unit answers.

    A district's people answer also for its towns and streets.
    """
    organization, day = work.rulebook.organization, work.today
    if organization.places is None or not organization.town(unit, day):
        return unit
    above = organization.heir(organization.places.unit_of(unit, day), day)
    return above if above in organization.acts_for(by.unit, day) else unit
