"""What a deliberation decides: opinions, postponements, minutes, closing (B1, B2).

The opinions are part of the meeting's record, and nobody else reads them before it is
closed; the items stay screened. Closing takes the steps of all items at once.
"""

from __future__ import annotations

from typing import Annotated

from huimin_flow.catalogue.reasons import Code, MeetingCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    MeetingState,
    Placement,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import (
    acting_as,
    advance,
    permitted,
    step_record,
)
from huimin_flow.flow.core.items import keep_file
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.deliberations.minutes import (
    held_at,
    minutes_of,
    require_step,
    weigh,
)
from huimin_flow.flow.deciding.resources import cost_of
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted_in, required, showable
from huimin_flow.model.deciding.deliberations import (
    Deliberation,
    Judgment,
    Opinion,
)
from huimin_flow.model.evidence import (
    Acting,
    Evidence,
    JudgmentEvidence,
    OpinionEvidence,
    ReasonEvidence,
)
from huimin_flow.model.items import Attachment, Item
from huimin_flow.rules.deciding import judgment as judging
from huimin_flow.states.authority import authorize
from huimin_flow.states.machine import require_road
from huimin_flow.states.table import ITEM
from huimin_flow.store.core import positions, repository
from huimin_flow.store.executing import attachments


@act(Step.JUDGE)
def judge(
    work: Work,
    number: str,
    deliberation: str,
    judgment: Judgment,
    *,
    by: Actor = ACTING,
    placement: Placement = Placement.YEAR,
    version: int | None = None,
) -> Item:
    """Judge an item in a deliberation: wanted → permitted → capable → warranted.

    The first "no" decides: the rulebook says at which questions it rejects the
    item and at which it defers it. The meeting keeps the opinion, a later one replaces
    it; the item stays screened until the meeting is closed (B1).

    Raises:
        NotFound: if there is no such deliberation.
        StepRefused: if the item isn't on its agenda, or a fact is missing.
        InputRefused: if an answer has a person's number, or names a file that is not
            attached.

    """
    answers = accepted_in(judgment, Argument.JUDGMENT)
    item, acting = repository.item(work.connection, number), acting_as(work, by)
    _authorize(acting, Step.JUDGE, item)
    require_road(ITEM, item.state, Step.JUDGE)
    held = held_at(work, deliberation)
    require_step(held, RecordStep.JUDGE)
    verdict = weigh(work, item, held, answers, placement)
    step = judging.fate(verdict, work.rulebook.rules.judging) or Step.JUDGE
    _authorize(acting, step, item)
    _require_files(work, item, held, answers)
    permitted(
        work,
        StreamKind.ITEM.key(number),
        step,
        acting,
        _evidence_of(step, verdict, deliberation),
        subject=item,
        expected=item.version if version is None else version,
    )
    opinion = Opinion(
        judgment=answers,
        placement=placement,
        step=step,
        unit=item.unit,
        area=item.area,
        origin=item.origin,
        cost=None if (said := cost_of(work, number)) is None else said.amount,
        short=judging.lacks_means(verdict),
    )
    postponed = {key: why for key, why in held.postponed.items() if key != number}
    step_record(
        work,
        RecordStep.JUDGE,
        held,
        by=by,
        evidence=OpinionEvidence(verdict=verdict, item=item),
        opinions={**held.opinions, number: opinion},
        postponed=postponed,
    )
    return item


@act(Duty.DELIBERATE)
def postpone(
    work: Work,
    key: Annotated[str, Argument.DELIBERATION],
    item: str,
    reason: str,
    *,
    by: Actor = ACTING,
) -> Deliberation:
    """Postpone an item of a held deliberation to another one, with the reason (B1).

    It takes back what was said of the item there.

    Raises:
        InputRefused: if the item is not on the agenda.
        NotFound: if there is no such deliberation.
        StepRefused: if it was not held, or is closed.

    """
    work.duty(by, Duty.DELIBERATE)
    old = held_at(work, key)
    require_step(old, RecordStep.POSTPONE)
    if item not in old.agenda:
        raise InputRefused(
            MeetingCode.NOT_ON_ITS_AGENDA, item=showable(item), deliberation=key
        )
    opinions = {name: kept for name, kept in old.opinions.items() if name != item}
    return step_record(
        work,
        RecordStep.POSTPONE,
        old,
        by=by,
        opinions=opinions,
        postponed={**old.postponed, item: required(reason, Argument.REASON)},
    )


@act(Duty.DELIBERATE)
def attach(
    work: Work,
    key: Annotated[str, Argument.DELIBERATION],
    name: Annotated[str, Argument.FILE_NAME],
    content: bytes,
    *,
    by: Actor = ACTING,
) -> Attachment:
    """Attach the minutes of a deliberation, or a paper for it (B1).

    Minutes are what is attached once it is held; a paper from before may be attached
    again.

    Raises:
        InputRefused: for an empty or too large file, or an unfit name.
        NotFound: if there is no such deliberation.
        StoreRefused: if there is no folder for attachments, or it can't be written.

    """
    work.duty(by, Duty.DELIBERATE)
    held = held_at(work, key)
    since = None if held.state is MeetingState.CONVENED else minutes_of(work, key)
    return keep_file(work, held.key, name, content, by, None, recorded=since)


@act(Duty.DELIBERATE)
def close(
    work: Work, key: Annotated[str, Argument.DELIBERATION], *, by: Actor = ACTING
) -> Deliberation:
    """Close a deliberation: publish what it decided, and take the items' steps (B1).

    Raises:
        NotFound: if there is no such deliberation.
        StepRefused: if an item was neither judged nor postponed, if no minutes are
            attached, or if an item's step may not be taken any more.

    """
    work.duty(by, Duty.DELIBERATE)
    old = held_at(work, key)
    require_step(old, RecordStep.CLOSE)
    if old.undecided:
        raise StepRefused(MeetingCode.UNDECIDED, items=old.undecided)
    if not minutes_of(work, key):
        raise StepRefused(MeetingCode.MINUTES_MISSING, deliberation=key)
    closed = step_record(work, RecordStep.CLOSE, old, by=by)
    for number in closed.agenda:
        if number in closed.opinions:
            _take_effect(work, number, closed, closed.opinions[number], by)
    return closed


def _take_effect(
    work: Work, number: str, held: Deliberation, opinion: Opinion, by: Actor
) -> None:
    """Take the step of an item that its opinion leads to."""
    item = repository.item(work.connection, number)
    verdict = weigh(work, item, held, opinion.judgment, opinion.placement)
    step = judging.fate(verdict, work.rulebook.rules.judging) or Step.JUDGE
    said = cost_of(work, number)
    cost = None if said is None else said.amount
    if step is not opinion.step or cost != opinion.cost:
        raise StepRefused(MeetingCode.VERDICT_CHANGED, item=number)
    changes: dict[str, object] = {"deliberation": held.key}
    if step is Step.JUDGE:
        changes["placement"] = opinion.placement
    else:
        no = any(reason.code == Code.ANSWERED_NO for reason in verdict.reasons)
        changes["reason_code"] = "answered_no" if no else "conditions_not_ready"
    last = positions.last_day(work.connection, StreamKind.ITEM.key(number))
    advance(
        work,
        item,
        step,
        _evidence_of(step, verdict, held.key),
        by=by,
        changes=changes,
        occurred_on=held.held_on if last is None else max(held.held_on, last),
        of=Step.JUDGE,
    )


def _authorize(acting: Acting, step: Step, item: Item) -> None:
    organization, day = acting.organization, acting.day
    lacking = authorize(acting.actor, step, item.unit, item.area, organization, day=day)
    if lacking:
        raise StepRefused(lacking)


def _evidence_of(step: Step, verdict: Verdict, deliberation: str) -> Evidence:
    if step is Step.JUDGE:
        return JudgmentEvidence(verdict=verdict, deliberation=deliberation)
    return ReasonEvidence(verdict=verdict, known={})


def _require_files(
    work: Work, item: Item, held: Deliberation, judgment: Judgment
) -> None:
    """Refuse an answer that names a file which is not attached."""
    named = {q: answer.file for q, answer in judgment.answers.items() if answer.file}
    if named:
        known = {
            attachment.digest
            for about in (item.number, held.key)
            for attachment in attachments.attachments_of(work.connection, about)
        }
        for question_, file in named.items():
            if file not in known:
                code = MeetingCode.FILE_NOT_ATTACHED
                raise InputRefused(code, question=question_, file=showable(file))
