"""How appeals come together: compared by a run, decided by people, undone (A6)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Annotated

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    Gathering,
    RecordStep,
    Step,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing import appeals, items
from huimin_flow.flow.sensing.gathering.comparing import Known
from huimin_flow.flow.sensing.gathering.keeping import keep, moved, open_facts
from huimin_flow.flow.sensing.gathering.repeats import verdict_facts
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
from huimin_flow.store.core import repository
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.store.sensing import groups, tallies
from huimin_flow.store.sensing.gathering import Compared, Fact, Pair

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
        past = gather(() if linked_already else known.ended(each), rule)
        if past.outcome is Gathering.LINK:
            (again,) = _facts_of(each, past)
            kept.append(again._replace(outcome=Gathering.AGAIN.value))
        if gathered.outcome is Gathering.LINK:
            target = gathered.best[0].candidate
            if target.item:
                linked.append((each.pair, target.item))
                known.links[each.pair] = target.item
            else:
                known.groups[each.pair] = target.group
        known.add(each)
    stored.were_compared(work.connection, waiting)
    batch = keep(work, kept, linked, step, by=by)
    left = stored.count_waiting(work.connection)
    if not left:  # of a large intake, at its end
        keep(work, verdict_facts(work), [], step, by=by)
    return GatheringRun(
        compared=len(waiting),
        linked=outcomes[Gathering.LINK],
        proposed=outcomes[Gathering.PROPOSE],
        new=outcomes[Gathering.NEW],
        waiting=left,
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


@act(Duty.IMPORT)
def confirm(
    work: Work,
    appeal: Annotated[tuple[str, str], Argument.APPEAL_KEY],
    near: Annotated[tuple[str, str], Argument.NEAR],
    *,
    by: Actor = ACTING,
    expected: Annotated[int | None, Argument.EXPECTED_COUNT] = None,
) -> Item | None:
    """Say that a proposed appeal tells of the same problem; return its item (A6).

    It is linked to the item, or joins the group, of which ``near`` is today; without an
    item the answer is None. Its whole group goes with it: the proposal says how many,
    and ``expected`` is the number of all. The other proposals of the appeal end.

    Raises:
        InputRefused: if that is not proposed, or not as many as ``expected`` move.
        StepRefused: if the actor may not link all of them.

    """
    fact = _proposed(work, appeal, near, by)
    return _bring(work, fact.pair, fact.near, fact.score, expected, by=by)


@act(Duty.IMPORT)
def join(
    work: Work,
    appeal: Annotated[tuple[str, str], Argument.APPEAL_KEY],
    near: Annotated[tuple[str, str], Argument.NEAR],
    *,
    by: Actor = ACTING,
    expected: Annotated[int | None, Argument.EXPECTED_COUNT] = None,
) -> Item | None:
    """Say that two appeals tell of one problem, though nothing proposes it (A6).

    The appeal and its whole group go to the item or the group of ``near``: so two
    wordings of one problem come together, and a no is taken back. The answer is the
    item, None for a group. ``expected`` is the number of all that move.

    Raises:
        InputRefused: if the appeal is an item's, if both are of one group already, or
            if not as many as ``expected`` move.
        StepRefused: if the actor may not link it.

    """
    pair, other = appeals.named_pairs(work, [appeal, near])
    linked = tallies.linked_to(work.connection, [pair]).get(pair)
    if linked:
        channel, key = map(showable, pair)
        code = InputCode.GATHERED_LINKED
        raise InputRefused(code, channel=channel, key=key, number=linked)
    _require(work, pair, groups.standing(work.connection, [other])[other][0], by)
    return _bring(work, pair, other, None, expected, by=by)


def _bring(
    work: Work,
    pair: Pair,
    near: Pair,
    score: int | None,
    expected: int | None,
    *,
    by: Actor,
) -> Item | None:
    """Bring a loose appeal and its group to where another one stands today.

    ``score`` is that of the proposal, None for what nothing proposed.
    """
    item, group = groups.standing(work.connection, [near])[near]
    channel, key = map(showable, near)
    if item and item not in stored.alive(work.connection):
        code = InputCode.GATHERED_ENDED
        raise InputRefused(code, channel=channel, key=key, number=item)
    together = groups.loose_groups(work.connection, [pair])[pair]
    if near in together:
        raise InputRefused(InputCode.GATHERED_TOGETHER, channel=channel, key=key)
    appeals.require_places(work, together, by)
    _refuse_moved(expected, len(together))
    outcome = Gathering.JOIN if score is None else Gathering.YES
    kept = moved(together, outcome, item, group, near, score or 0)
    keep(work, kept, [(each, item) for each in together] if item else [], by=by)
    return repository.item(work.connection, item) if item else None


def _refuse_moved(expected: int | None, found: int) -> None:
    if expected not in {None, found}:
        code = InputCode.GATHERED_MOVED
        raise InputRefused(code, expected=expected, found=found)


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
    keep(work, [fact._replace(outcome=Gathering.NO.value, evidence="")], [], by=by)


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
    keep(work, [fact._replace(outcome=Gathering.LATER.value, evidence="")], [], by=by)


def _proposed(work: Work, appeal: Pair, near: Pair, by: Actor) -> Fact:
    """Return the open proposal of an appeal, for who may decide it."""
    pair, other = appeals.named_pairs(work, [appeal, near])
    linked = tallies.linked_to(work.connection, [pair]).get(pair)
    told = stored.of_appeals(work.connection, [pair]).get(pair, [])
    for fact in [] if linked else open_facts(told):
        if fact.near == other:
            item, _ = groups.standing(work.connection, [other])[other]
            _require(work, pair, item, by)
            return fact
    raise InputRefused(
        InputCode.NOT_PROPOSED, channel=showable(pair[0]), key=showable(pair[1])
    )


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
    expected: Annotated[int | None, Argument.EXPECTED_COUNT] = None,
) -> Item:
    """Collect an item from a group of loose appeals, and link all of them to it (A6).

    ``appeal`` is any of the group; ``members`` lists them, and ``expected`` is how many
    they are.

    Raises:
        InputRefused: for unfit facts of the item, if the appeal is an item's, or if not
            as many as ``expected`` are linked.
        StepRefused: if the actor may not collect it, or one of the group is of
            another's place.

    """
    (pair,) = appeals.named_pairs(work, [appeal])
    linked = tallies.linked_to(work.connection, [pair]).get(pair)
    if linked:
        code = InputCode.GATHERED_LINKED
        channel, key = map(showable, pair)
        raise InputRefused(code, channel=channel, key=key, number=linked)
    together = groups.loose_groups(work.connection, [pair])[pair]
    _refuse_moved(expected, len(together))
    appeals.require_places(work, together, by)
    made = items.collect(work, demand, by=by)
    kept = moved(together, Gathering.COLLECT, made.number)
    keep(work, kept, [(each, made.number) for each in together], by=by)
    return made


@act(Duty.IMPORT)
def undo(
    work: Work,
    appeal: Annotated[tuple[str, str], Argument.APPEAL_KEY],
    *,
    by: Actor = ACTING,
) -> None:
    """Undo how an appeal came to an item or a group; it is not proposed again (A6).

    It stands alone again. If a person brought it, with its group, the whole group goes
    back with it; without the first of a group, the others stay together. A screening
    that counted it stays.

    Raises:
        InputRefused: if nothing brought it together with others, or if a person placed
            it where it is now.
        StepRefused: if the actor may not link it.

    """
    (pair,) = appeals.named_pairs(work, [appeal])
    told = stored.placed_facts(work.connection, pair)
    placed = [(n, f) for n, f in told if f.outcome in {*stored.JOINS, Gathering.UNDO}]
    linked = tallies.linked_to(work.connection, [pair]).get(pair, "")
    batch, last = placed[-1] if placed else (0, Fact(*pair, Gathering.UNDO.value))
    others = [] if linked else groups.loose_groups(work.connection, [pair])[pair][1:]
    ended = last.outcome == Gathering.UNDO
    if last.item != linked or (ended and (linked or not others)):
        raise InputRefused(
            InputCode.NOT_GATHERED, channel=showable(pair[0]), key=showable(pair[1])
        )
    _require(work, pair, linked, by)
    lone = last._replace(outcome=Gathering.UNDO.value, evidence="")
    came = [] if ended else groups.came_with(work.connection, batch, last)
    kept = [lone, *(fact._replace(outcome=lone.outcome) for fact in came)]
    if ended:  # it is the first of its group, the second one is so now
        kept += moved(others, Gathering.JOIN, "", others[0])
    elif came:
        former = stored.group_in([f for n, f in placed if n < batch], pair)
        both = [pair, *(fact.pair for fact in came)]
        kept += moved(both, Gathering.JOIN, "", former)
    if linked:
        off = [pair, *(fact.pair for fact in came)]
        appeals.unlink(work, linked, off, by=by)
    keep(work, kept, [], by=by)
