"""Deliberations, 专题论证会议: their records, and who may read what (B1).

What a meeting decided is unpublished until it is closed: until then only its
participants and those who may hold deliberations read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from huimin_flow.catalogue.reasons import Code, DecisionCode, MeetingCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    MeetingState,
    Placement,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.errors import NotFound, StepRefused
from huimin_flow.flow.core.acts import ACTING, question
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.resources import means_of
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import spanned
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.deciding.deliberations import (
    Deliberation,
    Funnel,
    JudgedItem,
    Judgment,
    Meeting,
    published,
)
from huimin_flow.model.items import Item
from huimin_flow.rules.deciding import funnel as counting
from huimin_flow.rules.deciding import judgment as judging
from huimin_flow.rules.deciding.meetings import attendance
from huimin_flow.states.authority import may_do
from huimin_flow.states.machine import require_road
from huimin_flow.states.records import DELIBERATION
from huimin_flow.store import listings
from huimin_flow.store.core import history, repository


def open_meeting_on(work: Work, number: str) -> Deliberation | None:
    """Return the open meeting that has an item on its agenda, unless postponed."""
    called = listings.records(work.connection, Deliberation, {"agenda": number})
    waiting = [known for known in called if number not in known.postponed]
    for state in (MeetingState.CONVENED, MeetingState.HELD):
        for known in waiting:
            if known.state is state:
                return known
    return None


def held_at(work: Work, key: str) -> Deliberation:
    """Return a deliberation with its opinions, or refuse its key."""
    held = repository.find_record(work.connection, Deliberation, key)
    if held is None:
        raise NotFound(DecisionCode.MEETING_UNKNOWN, deliberation=showable(key))
    return held


def require_step(held: Deliberation, step: RecordStep) -> None:
    """Refuse a step that a deliberation's state doesn't allow, with what it allows.

    Raises:
        StepRefused: if it is not held yet, or has ended.

    """
    code = None
    if step not in DELIBERATION.leaving(held.state):
        if held.state in DELIBERATION.ends:
            code = Code.MEETING_ENDED
        elif held.state is MeetingState.CONVENED:
            code = Code.MEETING_NOT_BEGUN
    if code is not None:
        raise StepRefused(code, stream=held.key, state=held.state, step=step)
    require_road(DELIBERATION, held.state, step, held.key)


def minutes_of(work: Work, key: str) -> frozenset[str]:
    """Return the digests of what was attached to a deliberation since it was held.

    A paper from before the meeting cannot tell what came of it.
    """
    stored = history.read_stream(work.connection, key)
    held = (each.id for each in stored if each.step == RecordStep.HOLD)
    began = next(held, None)
    attached = history.read_stream(work.connection, StreamKind.ATTACHMENT.key(key))
    return frozenset(
        str(history.event_of(each.header).public["digest"])
        for each in attached
        if began is not None and each.id is not None and each.id > began
    )


@question
def meetings(
    work: Work,
    *,
    item: str | None = None,
    state: MeetingState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Deliberation, ...]:
    """Return the deliberations, newest first; ``item`` is on their agenda.

    What an open one decided is not among their fields. A page begins after the key
    ``after``, and not with the first ``skip``.
    """
    found = listings.records(
        work.connection,
        Deliberation,
        {"agenda": item, "state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )
    return tuple(map(published, found))


@question
def count(
    work: Work, *, item: str | None = None, state: MeetingState | None = None
) -> int:
    """Return how many deliberations ``list`` has with the same filters."""
    wanted = {"agenda": item, "state": state}
    return listings.count_records(work.connection, Deliberation, wanted)


@question
def meeting(work: Work, key: Annotated[str, Argument.DELIBERATION]) -> Meeting:
    """Return a deliberation with the answers, reasons and scores of each item.

    It has none before the meeting is closed: see ``answers``.

    Raises:
        NotFound: if there is no such deliberation.

    """
    held = published(held_at(work, key))
    decided = _decided(work, key, held.opinions)
    return Meeting(
        deliberation=held,
        judged=tuple(
            JudgedItem(
                item=number,
                step=decided[number][0],
                judgment=held.opinions[number].judgment,
                verdict=decided[number][1],
            )
            for number in held.agenda
            if number in decided
        ),
    )


def _decided(
    work: Work, key: str, numbers: Iterable[str]
) -> dict[str, tuple[Step, Verdict]]:
    """Return the steps that a closed meeting led to, with their verdicts, by item."""
    streams = [StreamKind.ITEM.key(number) for number in numbers]
    stored = history.read_streams(work.connection, streams)
    events = (history.event_of(each.header) for each in stored)
    return {
        StreamKind.parse(event.stream)[1]: (
            Step(event.step),
            from_plain(Verdict, event.verdict),
        )
        for event in events
        if event.step in _JUDGED and event.public["changes"].get("deliberation") == key
    }


#: What a judgment leads to.
_JUDGED = (Step.JUDGE, Step.REJECT, Step.DEFER)


@question
def answers(
    work: Work, key: Annotated[str, Argument.DELIBERATION], by: Actor = ACTING
) -> Meeting:
    """Return a deliberation with what it has decided so far, for those entitled.

    These are its participants, and who may hold deliberations. The verdicts are those
    of the present rules; closing records them.

    Raises:
        NotFound: if there is no such deliberation.
        StepRefused: if the actor may not read it before it is closed.

    """
    held = held_at(work, key)
    if held.state is MeetingState.CLOSED:
        return meeting(work, key)
    if not sees(work, held, by):
        raise StepRefused(MeetingCode.NOT_PUBLISHED, deliberation=key)
    return Meeting(
        deliberation=held,
        judged=tuple(
            JudgedItem(
                item=number,
                step=opinion.step,
                judgment=opinion.judgment,
                verdict=weigh(
                    work,
                    repository.item(work.connection, number),
                    held,
                    opinion.judgment,
                    opinion.placement,
                ),
            )
            for number in held.agenda
            if (opinion := held.opinions.get(number)) is not None
        ),
    )


def sees(work: Work, held: Deliberation, by: Actor) -> bool:
    """Tell whether an actor reads what a meeting that is not closed decided."""
    who, organization = work.believed(by), work.rulebook.organization
    return who.id in held.participants or not may_do(
        who, Duty.DELIBERATE, organization, unit=None, day=work.today
    )


def weigh(
    work: Work,
    item: Item,
    held: Deliberation,
    judgment: Judgment,
    placement: Placement,
) -> Verdict:
    """Return the verdict on an item by what a meeting answers.

    Its cost is held against the resources of the period that it is placed in.

    Raises:
        StepRefused: if the item isn't on the agenda.

    """
    if item.number not in held.agenda:
        raise StepRefused(Code.NOT_ON_AGENDA, deliberation=held.key)
    book = work.rulebook
    present = attendance(
        held.participants, book.rules.deliberation, book.organization
    ).counted
    return judging.judge(
        judgment,
        present=len(present),
        rule=book.rules.judging,
        means=means_of(work, item, held, placement),
    )


@question
def funnel(work: Work, period: str) -> Funnel:
    """Return how many items fell at which question in a year, quarter or month.

    The period is text: 2027, 2027Q1 or 2027-03. Only closed meetings count, by the day
    on which they were held.

    Raises:
        InputRefused: for another text.

    """
    months = spanned(period)
    closed = listings.records(
        work.connection, Deliberation, {"state": MeetingState.CLOSED}
    )
    counted = [held for held in closed if f"{held.held_on:%Y-%m}" in months]
    verdicts = {
        (held.key, number): verdict
        for held in counted
        for number, (_, verdict) in _decided(
            work, held.key, counting.fallen(held)
        ).items()
    }
    return counting.funnel(period, counted, verdicts)
