"""The whole way of appeals from intake to result: of one, and of an item's (F4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Annotated, Final

from huimin_flow.catalogue.terms import (
    AnswerState,
    AnswerStep,
    Argument,
    Gathering,
    Role,
    State,
    Step,
    StreamKind,
    Tie,
    WayPart,
)
from huimin_flow.clock import local_day
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing import trails
from huimin_flow.flow.sensing.answering import histories
from huimin_flow.flow.sensing.gathering import questions as gathered
from huimin_flow.model.core.events import Event
from huimin_flow.model.sensing.appeals import Trail, TrailItem, WayCount, WayStep
from huimin_flow.model.sensing.gathering import Explained
from huimin_flow.rules.sensing import answers as rules
from huimin_flow.store.core import history, repository
from huimin_flow.store.sensing import answers, tallies
from huimin_flow.store.sensing import appeals as stored
from huimin_flow.store.sensing import gathering as kept_facts
from huimin_flow.stream_names import nth

#: The items whose steps are those of the appeal's own problem.
_CARRIES: Final = frozenset({Tie.HANGS, Tie.MERGED_INTO, Tie.CONTINUES})

#: The parts of a way in their usual order.
_ORDER: Final = tuple(WayPart)


@question
def trail(
    work: Work, key: Annotated[str, Argument.APPEAL_KEY], *, channel: str | None = None
) -> Trail:
    """Return an appeal's whole way: its steps, its items, their lists and results.

    The items begin with that of the appeal, then comes the item into which it was
    merged, and the items that come from it. ``channel`` is needed only if two channels
    have the same key.

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several appeals have the key; it names their channels.

    """
    kept = trails.kept_appeal(work, key, channel)
    appeal, pair = kept.appeal, (kept.appeal.channel, kept.appeal.key)
    links = stored.links_of(work.connection, *pair)
    acts = answers.acts(work.connection, [pair]).get(pair, ())
    numbers = {kept.batch, *(act.batch for act in acts), *(batch for batch, _ in links)}
    events = _events(work, numbers)
    intake = events[kept.batch]
    items = () if appeal.item is None else trails.items_from(work, appeal.item)
    linked = events[links[-1][0]].at if links and appeal.item else None
    steps = [
        WayStep(part=WayPart.HEARD, day=local_day(appeal.at), at=appeal.at),
        _done(work, WayPart.KEPT, intake),
        *_joined(work, gathered.explain(work, pair), links, events),
        *(_worked(work, items, linked) if linked is not None else ()),
        *(
            replace(
                _done(work, WayPart.ANSWER, events[act.batch]),
                unit=act.unit,
                item=act.item,
                answer=act.step,
                kind=act.kind,
            )
            for act in acts
        ),
    ]
    return Trail(
        appeal=appeal,
        kept_at=intake.at,
        linked_at=linked,
        items=items,
        way=tuple(sorted(steps, key=attrgetter("at"))),
    )


def _joined(
    work: Work,
    told: Iterable[Explained],
    links: Iterable[tuple[int, str]],
    events: Mapping[int, Event],
) -> Iterator[WayStep]:
    """Yield how an appeal was compared and linked; what a decision did is one step."""
    decided = set()
    for each in told:
        if each.outcome in kept_facts.JOINS and each.item:
            part = WayPart.LINKED
        elif each.outcome is Gathering.UNDO and each.item:
            part = WayPart.UNLINKED
        else:
            part = WayPart.GATHERED
        decided.add((each.at, "" if part is WayPart.UNLINKED else each.item))
        yield replace(
            _step(work, part, local_day(each.at), each.at, each.actor),
            item=each.item,
            near=each.near,
            gathered=each.outcome,
            score=each.score,
            reasons=each.reasons,
        )
    for batch, item in links:
        if (events[batch].at, item) not in decided:
            part = WayPart.LINKED if item else WayPart.UNLINKED
            yield replace(_done(work, part, events[batch]), item=item)


def _worked(
    work: Work, items: Iterable[TrailItem], since: datetime
) -> Iterator[WayStep]:
    """Yield the steps of the appeal's own items since it was linked."""
    for item in items:
        for taken in item.steps if item.tie in _CARRIES else ():
            if taken.at >= since:
                yield replace(
                    _step(work, WayPart.ITEM, taken.day, taken.at, taken.actor),
                    item=item.number,
                    step=taken.step,
                    state=taken.state,
                )


def _done(work: Work, part: WayPart, event: Event) -> WayStep:
    """Return the step that an event recorded."""
    return _step(work, part, event.occurred_on, event.at, event.actor)


def _step(work: Work, part: WayPart, day: date, at: datetime, actor: str) -> WayStep:
    """Return a step with the roles and the unit of who took it."""
    roles, unit = _post(work, actor)
    return WayStep(part=part, day=day, at=at, actor=actor, roles=roles, unit=unit)


def _post(work: Work, actor: str) -> tuple[tuple[Role, ...], str]:
    """Return the roles and the unit of a post, as the active rulebook has it."""
    post = work.rulebook.organization.post(actor)
    return ((), "") if post is None else (tuple(post.roles), post.unit)


def _events(work: Work, batches: Iterable[int]) -> dict[int, Event]:
    """Return the events of some batches by their numbers."""
    streams = {
        StreamKind.BATCH.key(nth(StreamKind.BATCH, number)): number
        for number in batches
    }
    found = history.read_streams(work.connection, sorted(streams))
    return {streams[each.stream]: history.event_of(each.header) for each in found}


@dataclass
class _Count:
    """What is counted of a part: its days, and the likeness of its links."""

    days: list[date] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)
    channels: set[str] = field(default_factory=set)
    overdue: int = 0


#: A part of a way before it is counted.
_BLANK: Final = WayCount(part=WayPart.HEARD, first=date.min, last=date.min)


class _Counting:
    """The counts of the way of some appeals, by what was done and by whom."""

    def __init__(self, work: Work, batches: Iterable[int]) -> None:
        """Read the events of the batches that brought, linked and answered them."""
        self.work, self.events = work, _events(work, batches)
        self.counts: dict[WayCount, _Count] = defaultdict(_Count)

    def add(
        self,
        part: WayPart,
        batch: int,
        *,
        owner: str | None = None,
        gathered: Gathering | None = None,
        answer: AnswerStep | None = None,
    ) -> _Count:
        """Count one appeal whose batch did it; ``owner`` is the unit that answers."""
        event = self.events[batch]
        roles, unit = _post(self.work, event.actor)
        what = WayCount(
            part=part,
            first=date.min,
            last=date.min,
            roles=roles,
            unit=unit if owner is None else owner,
            gathered=gathered,
            answer=answer,
        )
        counted = self.counts[what]
        counted.days.append(event.occurred_on)
        return counted

    def add_answers(self, received: Sequence[answers.Received]) -> None:
        """Count the steps with the answers to appeals, and what waits for one."""
        due = rules.answers_due(self.work.activations)
        for start, acts in histories.histories(self.work, received):
            for act in acts:
                self.add(WayPart.ANSWER, act.batch, owner=act.unit, answer=act.step)
            now = rules.dated(rules.followed(start, acts), due, self.work.today)
            if now.state is AnswerState.RECEIVED:
                what = replace(_BLANK, part=WayPart.ANSWER, unit=now.unit)
                self.counts[what].days.append(now.since)
                self.counts[what].overdue += now.overdue

    def made(self) -> list[WayCount]:
        """Return all counts by their first days."""
        found = [
            replace(
                what,
                first=min(counted.days),
                last=max(counted.days),
                count=len(counted.days),
                channels=len(counted.channels),
                overdue=counted.overdue,
                least=min(counted.scores, default=0),
                most=max(counted.scores, default=0),
            )
            for what, counted in self.counts.items()
        ]
        return sorted(found, key=attrgetter("first", "unit"))


@question
def ways(work: Work, number: str) -> tuple[WayCount, ...]:
    """Return how an item's appeals came in, were linked and answered, in counts (F4).

    The appeals of the items merged into it count. Between their links and their answers
    stand the steps of the item. There is no key, no person and no text in it.

    Raises:
        NotFound: if there is no such item.

    """
    repository.item(work.connection, number)
    connection = work.connection
    own = tallies.family(connection, number)[0]
    named = ("channel", "key", "at", "batch")
    rows = tallies.linked_rows(connection, own, None, named)
    pairs = [(channel, key) for channel, key, *_ in rows]
    links = answers.links(connection, pairs)
    facts = kept_facts.of_appeals(connection, pairs)
    acts = answers.acts(connection, pairs)
    counting = _Counting(
        work,
        {batch for *_, batch in rows}
        | {link.batch for link in links.values()}
        | {act.batch for taken in acts.values() for act in taken},
    )
    for channel, key, at, batch in rows:
        heard = counting.counts[_BLANK]
        heard.days.append(local_day(history.moment_of(at)))
        heard.channels.add(channel)
        counting.add(WayPart.KEPT, batch)
        link, told = links[channel, key], facts.get((channel, key), ())
        joined = [
            f for f in told if f.outcome in kept_facts.JOINS and f.item == link.item
        ]
        outcome = Gathering(joined[-1].outcome) if joined else None
        linked = counting.add(WayPart.LINKED, link.batch, gathered=outcome)
        linked.scores += [fact.score for fact in joined[-1:] if fact.score]
    counting.add_answers(list(answers.received(connection, pairs).values()))
    made = counting.made()
    for event in history.events_of(connection, StreamKind.ITEM.key(number)):
        if rows and event.target is not None:
            roles, unit = _post(work, event.actor)
            step = WayCount(
                part=WayPart.ITEM,
                first=event.occurred_on,
                last=event.occurred_on,
                roles=roles,
                unit=unit,
                step=Step(event.step),
                state=State(event.target),
            )
            made.append(step)
    return tuple(each for part in _ORDER for each in made if each.part is part)
