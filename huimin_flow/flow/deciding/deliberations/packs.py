"""The pack of a deliberation: what each item of its agenda rests on (B1).

Those entitled read it before the meeting, everybody once it is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from huimin_flow.catalogue.reasons import MeetingCode
from huimin_flow.catalogue.terms import Argument, MeetingState, Step, StreamKind
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.acts import ACTING, question
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.deliberations.minutes import (
    answers,
    held_at,
    meeting,
    minutes_of,
    sees,
)
from huimin_flow.flow.deciding.resources import cost_of
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.deciding.deliberations import (
    Deliberation,
    EarlierMeeting,
    Meeting,
    Pack,
    PackLine,
    published,
)
from huimin_flow.model.items import Attachment
from huimin_flow.store import listings
from huimin_flow.store.core import history, repository
from huimin_flow.store.executing.attachments import attachments_of
from huimin_flow.store.sensing import tallies


@question
def pack(
    work: Work,
    key: Annotated[str, Argument.DELIBERATION],
    by: Actor = ACTING,
) -> Pack:
    """Return what each item on a deliberation's agenda rests on, and what was decided.

    Before it is closed the posts read it that count for the quorum, the chair, and who
    may hold deliberations; its opinions only those who read ``answers``.

    Raises:
        NotFound: if there is no such deliberation.
        StepRefused: if the actor may not read it before it is closed.

    """
    held = held_at(work, key)
    if held.state is MeetingState.CLOSED:
        return record(work, key)
    if sees(work, held, by):
        shown = answers(work, key, by)
    else:
        _require_invited(work, held, by)
        shown = Meeting(deliberation=published(held), judged=())
    return _pack(work, shown)


@question
def record(work: Work, key: Annotated[str, Argument.DELIBERATION]) -> Pack:
    """Return a closed deliberation's pack with what it decided, for everybody.

    Raises:
        NotFound: if there is no such deliberation.
        StepRefused: if it is not closed.

    """
    if held_at(work, key).state is not MeetingState.CLOSED:
        raise StepRefused(MeetingCode.NOT_PUBLISHED, deliberation=key)
    return _pack(work, meeting(work, key))


@question
def attachments(
    work: Work,
    key: Annotated[str, Argument.DELIBERATION],
    by: Actor = ACTING,
) -> tuple[Attachment, ...]:
    """Return the minutes and papers of a deliberation, by name.

    Before it is closed those who read its pack get the papers; the minutes, which say
    what was decided, only those who read ``answers``.

    Raises:
        NotFound: if there is no such deliberation.
        StepRefused: if the actor may not read its pack.

    """
    held = held_at(work, key)
    hidden: frozenset[str] = frozenset()
    if held.state is not MeetingState.CLOSED and not sees(work, held, by):
        _require_invited(work, held, by)
        hidden = minutes_of(work, key)
    files = attachments_of(work.connection, key)
    return tuple(file for file in files if file.digest not in hidden)


def _pack(work: Work, shown: Meeting) -> Pack:
    held = shown.deliberation
    lines = tuple(_line(work, number, shown) for number in held.agenda)
    return Pack(deliberation=held, lines=lines)


def _require_invited(work: Work, held: Deliberation, by: Actor) -> None:
    """Refuse who may not take part in a meeting that is not closed."""
    who, rule = work.believed(by), work.rulebook.rules.deliberation
    may = rule.members.roles
    if who.id != held.chair and who.roles.isdisjoint(may):
        raise StepRefused(MeetingCode.PACK_NOT_ENTITLED, deliberation=held.key, may=may)


def _line(work: Work, number: str, shown: Meeting) -> PackLine:
    """Return what an item of the agenda rests on."""
    item, held = repository.item(work.connection, number), shown.deliberation
    events = history.events_of(work.connection, StreamKind.ITEM.key(number))
    screened = [event.verdict for event in events if event.step == Step.SCREEN]
    plain = screened[-1] if screened else None
    judged = (each for each in shown.judged if each.item == number)
    return PackLine(
        item=number,
        title=item.title,
        unit=item.unit,
        area=item.area,
        origin=item.origin,
        score=item.screening_score,
        tally=tallies.tally(work.connection, number, work.rulebook.organization),
        screening=None if plain is None else from_plain(Verdict, plain),
        earlier=tuple(_earlier(work, number, held)),
        cost=cost_of(work, number),
        judged=next(judged, None),
        postponed=held.postponed.get(number, ""),
    )


def _earlier(work: Work, number: str, held: Deliberation) -> Iterator[EarlierMeeting]:
    """Yield the closed meetings before this one that had the item on their agenda."""
    wanted = {"agenda": number, "state": MeetingState.CLOSED}
    for other in listings.records(work.connection, Deliberation, wanted):
        if (other.held_on, other.key) < (held.held_on, held.key):
            judged = meeting(work, other.key).judged
            yield EarlierMeeting(
                deliberation=other.key,
                held_on=other.held_on,
                judged=next((each for each in judged if each.item == number), None),
                postponed=other.postponed.get(number, ""),
            )
