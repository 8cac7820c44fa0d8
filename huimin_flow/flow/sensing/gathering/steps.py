"""How appeals come together: compared by a run, decided by people, undone (A6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    Gathering,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import keep_batch
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing import appeals, items
from huimin_flow.flow.sensing.gathering.comparing import Known
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.canonical import canonical_of_plain
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.items import Item
from huimin_flow.model.sensing.gathering import (
    Gathered,
    GatheringRun,
)
from huimin_flow.rules.sensing.gathering import gather
from huimin_flow.states.authority import may_do
from huimin_flow.store.core import facts, positions, repository
from huimin_flow.store.core.tables import GATHERED, LINKS
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.store.sensing import tallies
from huimin_flow.store.sensing.gathering import NOBODY, Compared, Fact, Pair

#: The most appeals of one run, so that no transaction is long.
MOST = 5000

#: How many candidates the kept evidence names, the best first.
_KEPT = 5


@act(Duty.IMPORT)
def run(work: Work, *, by: Actor = ACTING) -> GatheringRun:
    """Compare the appeals that wait with all earlier ones: link, propose or leave (A6).

    What is above the mark and clear of the runner-up is linked, to an open item or to
    other loose appeals; what is near enough is proposed to a person. One run compares
    at most 5,000; the answer tells how many still wait. The service does it, too.

    Raises:
        StepRefused: if the actor may not import for the whole city.

    """
    actor, organization = work.believed(by), work.rulebook.organization
    serves = partial(may_do, actor, Duty.TIMETABLE, organization, day=work.today)
    if not serves(unit=None):
        return gather_waiting(work, RecordStep.GATHER, by=by)
    work.duty(by, Duty.IMPORT)
    return gather_waiting(work, RecordStep.KEEP, by=by)


def gather_waiting(work: Work, step: RecordStep, *, by: Actor) -> GatheringRun:
    """Compare the waiting appeals, as the step of a person or of the service."""
    first = stored.first_waiting(work.connection)
    if first is None:
        return GatheringRun()
    rule = work.rulebook.rules.gathering
    since = first - timedelta(days=rule.look_back_days.value)
    known = Known(work)
    waiting = list(stored.compared(work.connection, waiting=True, most=MOST))
    before = stored.compared(work.connection, waiting=False, since=since)
    known.extend(before, waiting)
    linked: list[tuple[Pair, str]] = []
    kept: list[Fact] = []
    outcomes = dict.fromkeys(Gathering, 0)
    for each in waiting:
        linked_already = bool(known.links.get(each.pair))  # by a person
        candidates = [] if linked_already else known.candidates(each)
        gathered = gather(candidates, rule)
        outcomes[gathered.outcome] += 1
        kept += _facts_of(each, gathered)
        if gathered.outcome is Gathering.LINK:
            target = gathered.best[0].candidate
            if target.item:
                linked.append((each.pair, target.item))
                known.links[each.pair] = target.item
            else:
                known.groups[each.pair] = target.group
        known.add(each)
    stored.were_compared(work.connection, waiting)
    batch = _keep(work, kept, linked, step, by=by)
    return GatheringRun(
        compared=len(waiting),
        linked=outcomes[Gathering.LINK],
        proposed=outcomes[Gathering.PROPOSE],
        new=outcomes[Gathering.NEW],
        waiting=stored.count_waiting(work.connection),
        batch=batch,
    )


def _facts_of(appeal: Compared, gathered: Gathered) -> list[Fact]:
    """Return the facts of a decision; the first has what decides it again."""
    if not gathered.best:
        return []
    deciding = [weighed.candidate for weighed in gathered.ranked[:_KEPT]]
    evidence = canonical_of_plain({"candidates": to_plain(deciding)}).decode()
    return [
        Fact(
            *appeal.pair,
            gathered.outcome.value,
            weighed.candidate.item,
            *weighed.candidate.group,
            *weighed.candidate.near,
            weighed.score,
            "" if place else evidence,
        )
        for place, weighed in enumerate(gathered.best)
    ]


def _keep(
    work: Work,
    kept: Sequence[Fact],
    linked: Sequence[tuple[Pair, str]],
    step: RecordStep = RecordStep.KEEP,
    *,
    by: Actor,
) -> int:
    """Keep facts, and the links to items that follow; return the batch of the facts."""
    numbers = sorted({item for _, item in linked if item})
    repository.hold_items(work.connection, numbers)
    units = tuple(
        dict.fromkeys(repository.item(work.connection, item).unit for item in numbers)
    )
    if linked:
        batch = positions.next_number(work.connection, StreamKind.BATCH)
        rows: list[dict[str, Any]] = []
        for pair, item in linked:
            (row,) = facts.link_rows([pair], item, batch)
            rows.append(row | {"line": len(rows) + 1})
        facts.keep(work.connection, LINKS, rows)
        root = facts.root_of(rows)
        keep_batch(work, "links", batch, len(rows), root, by=by, units=units, step=step)
    if not kept:
        return 0
    batch = positions.next_number(work.connection, StreamKind.BATCH)
    rows = stored.fact_rows(kept, batch)
    facts.keep(work.connection, GATHERED, rows)
    root = facts.root_of(rows)
    keep_batch(work, "gathered", batch, len(rows), root, by=by, units=units, step=step)
    return batch


@act(Duty.IMPORT)
def confirm(
    work: Work,
    appeal: Annotated[tuple[str, str], Argument.APPEAL_KEY],
    near: Annotated[tuple[str, str], Argument.NEAR],
    *,
    by: Actor = ACTING,
) -> Item | None:
    """Say that a proposed appeal tells of the same problem; return its item (A6).

    It is linked to the item, or joins the group, of which ``near`` is today; without an
    item the answer is None. The other proposals of the appeal end.

    Raises:
        InputRefused: if that is not proposed.
        StepRefused: if the actor may not link it.

    """
    fact = _proposed(work, appeal, near, by)
    item, group = _standing(work, fact.near)
    kept = fact._replace(
        outcome=Gathering.YES.value,
        item=item,
        group_channel=group[0],
        group_key=group[1],
        evidence="",
    )
    _keep(work, [kept], [(fact.pair, item)] if item else [], by=by)
    return repository.item(work.connection, item) if item else None


def _standing(work: Work, near: Pair) -> tuple[str, Pair]:
    """Return the open item or the group of an appeal as it stands today."""
    item = tallies.linked_to(work.connection, [near]).get(near, "")
    if not item:
        return "", stored.group_of(work.connection, near)
    taking = stored.alive(work.connection).get(item)
    if taking is None:
        channel, key = map(showable, near)
        code = InputCode.GATHERED_ENDED
        raise InputRefused(code, channel=channel, key=key, number=item)
    return taking.number, NOBODY


@act(Duty.IMPORT)
def refuse(
    work: Work,
    appeal: Annotated[tuple[str, str], Argument.APPEAL_KEY],
    near: Annotated[tuple[str, str], Argument.NEAR],
    *,
    by: Actor = ACTING,
) -> None:
    """Say that a proposed appeal tells of another problem; it is not asked again (A6).

    Raises:
        InputRefused: if that is not proposed.
        StepRefused: if the actor may not link it.

    """
    fact = _proposed(work, appeal, near, by)
    _keep(work, [fact._replace(outcome=Gathering.NO.value, evidence="")], [], by=by)


@act(Duty.IMPORT)
def postpone(
    work: Work,
    appeal: Annotated[tuple[str, str], Argument.APPEAL_KEY],
    near: Annotated[tuple[str, str], Argument.NEAR],
    *,
    by: Actor = ACTING,
) -> None:
    """Leave a proposal for later: it goes behind the others (A6).

    Raises:
        InputRefused: if that is not proposed.
        StepRefused: if the actor may not link it.

    """
    fact = _proposed(work, appeal, near, by)
    _keep(work, [fact._replace(outcome=Gathering.LATER.value, evidence="")], [], by=by)


def _proposed(work: Work, appeal: Pair, near: Pair, by: Actor) -> Fact:
    """Return the open proposal of an appeal, for who may decide it."""
    pair, other = appeals.named_pairs(work, [appeal, near])
    linked = tallies.linked_to(work.connection, [pair]).get(pair)
    told = stored.of_appeals(work.connection, [pair]).get(pair, [])
    for fact in [] if linked else open_facts(told):
        if fact.near == other:
            _require(work, pair, fact.item, by)
            return fact
    raise InputRefused(
        InputCode.NOT_PROPOSED, channel=showable(pair[0]), key=showable(pair[1])
    )


def open_facts(told: Sequence[Fact]) -> list[Fact]:
    """Return the proposals about an appeal, by its facts, that nobody has answered."""
    if any(fact.outcome in stored.JOINS for fact in told):
        return []
    refused = {fact.near for fact in told if fact.outcome == Gathering.NO}
    return [
        fact
        for fact in told
        if fact.outcome == Gathering.PROPOSE and fact.near not in refused
    ]


def _require(work: Work, pair: Pair, item: str, by: Actor) -> None:
    """Refuse who may not link an appeal: to an ``item``, or a loose one of its place.

    Both if it is loose and would be the item's.
    """
    if item:
        work.duty(by, Duty.IMPORT, repository.item(work.connection, item).unit)
    if not tallies.linked_to(work.connection, [pair]).get(pair):
        appeals.require_places(work, [pair], by)


@act(Step.COLLECT, Duty.IMPORT)
def collect(
    work: Work,
    appeal: Annotated[tuple[str, str], Argument.APPEAL_KEY],
    demand: Demand,
    *,
    by: Actor = ACTING,
) -> Item:
    """Collect an item from a group of loose appeals, and link all of them to it (A6).

    ``appeal`` is any of the group.

    Raises:
        InputRefused: for unfit facts of the item, or if the appeal is an item's.
        StepRefused: if the actor may not collect it, or one of the group is of
            another's place.

    """
    (pair,) = appeals.named_pairs(work, [appeal])
    group = stored.group_of(work.connection, pair)
    members = stored.members(work.connection, group)
    linked = tallies.linked_to(work.connection, members)
    if linked.get(pair):
        code, number = InputCode.GATHERED_LINKED, linked[pair]
        channel, key = map(showable, pair)
        raise InputRefused(code, channel=channel, key=key, number=number)
    loose = [each for each in members if not linked.get(each)]
    appeals.require_places(work, loose, by)
    made = items.collect(work, demand, by=by)
    kept = [
        Fact(*each, Gathering.COLLECT.value, made.number, near_channel=group[0],
             near_key=group[1])
        for each in loose
    ]  # fmt: skip
    _keep(work, kept, [(each, made.number) for each in loose], by=by)
    return made


@act(Duty.IMPORT)
def undo(
    work: Work,
    appeal: Annotated[tuple[str, str], Argument.APPEAL_KEY],
    *,
    by: Actor = ACTING,
) -> None:
    """Undo how an appeal came to an item or a group; it is not proposed again (A6).

    It stands alone again. A screening that counted it stays.

    Raises:
        InputRefused: if nothing brought it together with others.
        StepRefused: if the actor may not link it.

    """
    (pair,) = appeals.named_pairs(work, [appeal])
    told = stored.of_appeals(work.connection, [pair]).get(pair, [])
    placed = [f for f in told if f.outcome in {*stored.JOINS, Gathering.UNDO}]
    linked = tallies.linked_to(work.connection, [pair]).get(pair, "")
    last = placed[-1] if placed else None
    if last is None or last.outcome == Gathering.UNDO or (last.item and not linked):
        raise InputRefused(
            InputCode.NOT_GATHERED, channel=showable(pair[0]), key=showable(pair[1])
        )
    _require(work, pair, linked, by)
    ended = last._replace(outcome=Gathering.UNDO.value, evidence="")
    if linked:
        appeals.unlink(work, linked, [pair], by=by)
    _keep(work, [ended], [], by=by)
