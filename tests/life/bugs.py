"""Bugs to plant in the engine's own path, by name: the random life must find each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam, update

from huimin_flow.catalogue.terms import EditionState, RecordStep, Scope, State, Step
from huimin_flow.clock import local_day
from huimin_flow.flow import proposals, succession
from huimin_flow.flow.core import advance, door, work
from huimin_flow.flow.deciding import drafts, editions, judgment, lists
from huimin_flow.flow.executing import plans
from huimin_flow.flow.improving import evaluation
from huimin_flow.flow.sensing import screening, splitting
from huimin_flow.flow.two_people import made_by
from huimin_flow.model.core.jobs import Run
from huimin_flow.rules.succession import transferred
from huimin_flow.states import authority, machine
from huimin_flow.states.guards import core, records
from huimin_flow.states.guards import items as guards
from huimin_flow.states.life import Arc, Guard
from huimin_flow.states.table import ITEM, LIFE
from huimin_flow.store import jobs
from huimin_flow.store import succession as handed_on
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import history, positions, repository
from huimin_flow.store.core.driver import Statement
from huimin_flow.store.core.tables import EVENTS, ITEMS
from huimin_flow.timetable import ledger
from tests.life.world import ENDING

Plant = Callable[[pytest.MonkeyPatch], None]


@contextmanager
def planted(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run with a bug in the engine, and without it afterwards."""
    plant(monkeypatch)
    machine.machine_of.cache_clear()
    try:
        yield
    finally:
        monkeypatch.undo()
        machine.machine_of.cache_clear()


def table(change: Callable[[tuple[Arc, ...]], tuple[Arc, ...]]) -> Plant:
    """Give the machine another table."""
    return lambda patch: patch.setattr(ITEM, "arcs", change(LIFE))


def extra(step: Step, source: State, target: State) -> Plant:
    """Give it one arc too much."""
    return table(lambda life: (*life, Arc(step=step, source=source, target=target)))


def bent(step: Step, source: State, wrong: State) -> Plant:
    """Let an arc lead elsewhere."""
    return table(
        lambda life: tuple(
            replace(arc, target=wrong)
            if (arc.step, arc.source) == (step, source)
            else arc
            for arc in life
        )
    )


def unguarded(name: str) -> Plant:
    """Let no arc ask one of the guards."""
    return table(
        lambda life: tuple(
            replace(
                arc, guards=tuple(one for one in arc.guards if one.__name__ != name)
            )
            for arc in life
        )
    )


def _anybody_steps(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(advance, "authorize", lambda *_, **__: ())


def _anybody_has_duties(patch: pytest.MonkeyPatch) -> None:
    for room in (work, core, records):
        patch.setattr(room, "may_do", lambda *_, **__: ())


def _stale_accepted(patch: pytest.MonkeyPatch) -> None:
    real = advance.advance

    def blind(*args: Any, **kwargs: Any) -> Any:
        return real(*args, **(kwargs | {"version": None}))

    for room in (screening, splitting, judgment, editions, plans, evaluation):
        patch.setattr(room, "advance", blind)


def _blind_write(patch: pytest.MonkeyPatch) -> None:
    def item_write(new: Any, old: Any) -> Any:
        if old is None:
            return real(new, old)
        columns = repository.item_columns(new)
        query = update(ITEMS).where(ITEMS.c.number == bindparam("row_key"))
        query = query.values({name: bindparam(name) for name in columns})
        return Statement(query), {**columns, "row_key": new.number}

    real = repository.item_write
    patch.setattr(repository, "item_write", item_write)


def _blind_record(patch: pytest.MonkeyPatch) -> None:
    real = advance.permitted

    def permitted(*args: Any, **kwargs: Any) -> Any:
        return real(*args, **(kwargs | {"expected": None}))

    patch.setattr(advance, "permitted", permitted)


def _clock_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(work.Work, "now", property(lambda self: self.clock.now()))


def _clock_held_but_believed(patch: pytest.MonkeyPatch) -> None:
    """Recorded time stands still, but decisions go on."""

    def now(self: Any) -> Any:
        present = self.clock.now()
        return max(present, repository.present(self.connection)[0] or present)

    patch.setattr(work.Work, "now", property(now))


def _small_steps_back(patch: pytest.MonkeyPatch) -> None:
    real = work.Work.now.fget  # type: ignore[attr-defined]

    def now(self: Any) -> Any:
        real(self)
        return self.clock.now()

    patch.setattr(work.Work, "now", property(now))


def _one_person(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(work, "are_one_person", lambda *_: False)
    for room in (core, proposals):
        patch.setattr(room, "is_author", lambda *_: False)


def _two_accounts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(work, "are_one_person", lambda first, second, _: first == second)
    for room in (core, proposals):
        patch.setattr(room, "is_author", lambda person, author, *_: person == author)


def _second_unasked(patch: pytest.MonkeyPatch) -> None:
    def two(self: Any, first: Any, second: Any, duty: str, *, unit: Any = None) -> None:
        self.duty(first, duty, unit)
        self.different(first.id, second.id)

    patch.setattr(work.Work, "two_people", two)
    for room in (guards, records):
        patch.setattr(room, "entitled", lambda *_: ())


def _period_repeated(patch: pytest.MonkeyPatch) -> None:
    """Every look finds everything undone, and the claim is no claim."""
    real = jobs.claim
    patch.setattr(jobs, "claim", lambda c, run: real(c, run) or True)
    patch.setattr(ledger, "runs", lambda _flow: [])
    _blind_record(patch)


def _lateness_unstamped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ledger, "Run", lambda **run: Run(**{**run, "late_seconds": 0}))


def _cut_at_the_run(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        positions, "cut_at", lambda connection, _: positions.give_positions(connection)
    )


def _request_ignored(patch: pytest.MonkeyPatch) -> None:
    def again(
        unit_of_work: Any, _request: str, act: Any, args: Any, kwargs: Any
    ) -> Any:
        return act(unit_of_work, *args, **kwargs)

    patch.setattr(door, "answered", again)


def _refusal_unlogged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(door.Door, "_log", lambda *_: None)


def _half_done(patch: pytest.MonkeyPatch) -> None:
    """A refused act leaves what it had written so far."""
    patch.setattr(engines, "in_transaction", _kept_anyway)


def _kept_anyway(engine: Any, act: Any) -> Any:
    with engine.connect() as connection:
        try:
            return act(connection)
        finally:
            connection.commit()


def _day_of_the_clock(patch: pytest.MonkeyPatch) -> None:
    """Events bear a day that the recorded time has left behind."""
    real = advance.record

    def record(work: Any, *args: Any, **kwargs: Any) -> Any:
        day = local_day(work.clock.now())
        return real(work, *args, **(kwargs | {"occurred_on": day}))

    patch.setattr(advance, "record", record)


def _position_skipped(patch: pytest.MonkeyPatch) -> None:
    real = history._next_position

    def skipping(connection: Any) -> Any:
        real(connection)
        return real(connection)

    patch.setattr(history, "_next_position", skipping)


def _unit_unasked(patch: pytest.MonkeyPatch) -> None:
    real = authority._granted

    def granted(roles: Any, may: Any, organization: Any) -> Any:
        own = real(roles, may, organization)
        return {Scope.ALL} if own and isinstance(may, Step) else own

    patch.setattr(authority, "_granted", granted)


def _edition_rewritten(patch: pytest.MonkeyPatch) -> None:
    """A correction of a published list is written into its published edition, too."""
    real = lists.keep_edition

    def keep(work: Any, step: Any, new: Any, old: Any, *args: Any, **more: Any) -> Any:
        kept = real(work, step, new, old, *args, **more)
        if old.state is EditionState.PUBLISHED:
            columns = {"header": sa.func.replace(EVENTS.c.header, "2098", "2089")}
            issued = EVENTS.c.stream == old.key, EVENTS.c.step == "publish"
            work.connection.execute(update(EVENTS).where(*issued).values(columns))
        return kept

    patch.setattr(drafts, "keep_edition", keep)


def _draft_shown(patch: pytest.MonkeyPatch) -> None:
    """The draft of the next edition is shown as a published one."""
    steps = frozenset({"publish", "open", "revise", "supplement", "amend"})
    patch.setattr(lists, "_PUBLISHES", steps)


def _unconfirmed_published(patch: pytest.MonkeyPatch) -> None:
    """What is published has the titles of the moment, not those that were confirmed."""
    real = lists.keep_edition

    def keep(work: Any, step: Any, new: Any, *args: Any, **more: Any) -> Any:
        if step == RecordStep.PUBLISH:
            places = tuple(replace(each, title="改") for each in new.places)
            new = replace(new, places=places)
        return real(work, step, new, *args, **more)

    patch.setattr(drafts, "keep_edition", keep)


def _stays_with_ended(patch: pytest.MonkeyPatch) -> None:
    """A succession leaves what runs with the unit that has ended."""
    real = handed_on.open_items
    patch.setattr(
        handed_on,
        "open_items",
        lambda *args, **more: [
            one for one in real(*args, **more) if one.state is not State.ASSIGNED
        ],
    )


def _tasks_stay(patch: pytest.MonkeyPatch) -> None:
    """A succession takes the item, but not its tasks."""
    real = transferred

    def item_only(item: Any, former: str, unit: str, **task: Any) -> Any:
        changes = real(item, former, unit, **task)
        return {"unit": changes["unit"]} if former == ENDING else changes

    patch.setattr(succession, "transferred", item_only)


def _refreshed(patch: pytest.MonkeyPatch) -> None:
    """What has moved since its proposal is confirmed as it is now."""
    real = proposals._find_waiting

    def waiting(work: Any, key: str) -> Any:
        asked = real(work, key)
        rests = {each: proposals._leaf_of(work, each) for each in asked.rests}
        makes = made_by(work, asked.act, asked.values)
        return replace(asked, rests=rests, makes=makes)

    patch.setattr(proposals, "_find_waiting", waiting)


def _born_of_another(patch: pytest.MonkeyPatch) -> None:
    """What responds to a demand is recorded as if it went on from it."""
    real = history.append

    def append(connection: Any, event: Any, **more: Any) -> Any:
        if event.step == Step.RESPOND and event.source is None:
            event = replace(event, source=State.JUDGED.value)
        return real(connection, event, **more)

    patch.setattr(history, "append", append)


class _Any(str):
    """A digest that every other fits."""

    __slots__ = ()

    def startswith(self, *_: Any) -> bool:
        return True


def _digest_unread(patch: pytest.MonkeyPatch) -> None:
    """A second person need not say what they have seen."""
    real = proposals._find_waiting

    def waiting(work: Any, key: str) -> Any:
        asked = real(work, key)
        return replace(asked, seen=_Any(asked.seen))

    patch.setattr(proposals, "_find_waiting", waiting)


#: Which sweep meets a bug soonest; the rest is left to the random rules.
NEAREST: dict[str, tuple[str, ...]] = {
    "a verdict decides out of its place": ("nothing_else",),
    "a starred item is closed": ("nothing_else",),
    "an unlisted item is assigned": ("nothing_else",),
    "a rejected item is revived": ("nothing_else",),
    "a closed item is corrected": ("nothing_else",),
    "a list takes in what was judged": ("nothing_else",),
    "anybody takes any step": ("strangers",),
    "another unit's items are anyone's": ("strangers",),
    "a refusal is not logged": ("lacking",),
    "a second person needs no duty": ("alone",),
    "a road leads too far back": ("rare_roads",) * 2,
    "a revived item is judged": ("rare_roads",) * 2,
    "a cancelled item waits": ("rare_roads",) * 2,
    "the screening is skipped": ("rare_roads",) * 2,
    "a stale version is accepted": ("stale_by_state",),
    "a row is written whatever its version": ("overtake",),
    "an event is recorded whatever came between": ("overtake",),
    "a clock that goes back is recorded": ("backwards_by_state",),
    "a clock that goes back decides": ("backwards_by_state",),
    "a clock that goes back an hour is recorded": ("backwards_by_state",),
    "an event bears the day of a clock that went back": ("backwards_by_state",),
    "lateness is not stamped": ("late_by_state",),
    "a late list takes in what came later": ("late_by_state",),
    "a period is done twice": ("late_by_state",),
    "a request id is ignored": ("twice_by_state",),
    "a position is skipped": ("overtake",),
    "a published edition is rewritten": ("next_edition",),
    "a draft is shown as published": ("next_edition",),
    "what is published was not confirmed": ("next_edition",),
    "a unit that ended keeps what runs": ("inherited",),
    "a unit that ended keeps its tasks": ("inherited",),
    "what has moved is confirmed unseen": ("next_edition",),
    "a second person need not look": ("next_edition",),
    "a life begins in its middle": ("some_roads",) * 2,
    "evaluation_holds": ("doubted",),
}


def _verdicts_anywhere(patch: pytest.MonkeyPatch) -> None:
    """Let a negative verdict decide wherever an item stands."""

    def wanting(item: Any, by: Any, evidence: Any) -> Any:
        negative = evidence.verdict is not None and not evidence.verdict.passed
        return () if negative else guards.is_reasoned(item, by, evidence)

    def lenient(arc: Arc) -> Arc:
        asked: list[Guard] = [wanting if one in outs else one for one in arc.guards]
        return replace(arc, guards=tuple(asked))

    outs = {guards.is_screened_out, guards.is_judged_out, guards.is_reasoned}
    patch.setattr(machine, "require_road", lambda *_: None)
    patch.setattr(ITEM, "arcs", tuple(lenient(arc) for arc in LIFE))


BUGS: dict[str, Plant] = {
    "a verdict decides out of its place": _verdicts_anywhere,
    "a road leads too far back": bent(Step.RETURN, State.JUDGED, State.COLLECTED),
    "a revived item is judged": bent(Step.REVIVE, State.DEFERRED, State.JUDGED),
    "a cancelled item waits": bent(Step.CANCEL, State.LISTED, State.DEFERRED),
    "the screening is skipped": bent(Step.SCREEN, State.COLLECTED, State.JUDGED),
    "a starred item is closed": extra(Step.CLOSE, State.STARRED, State.CLOSED),
    "an unlisted item is assigned": extra(Step.ASSIGN, State.STARRED, State.ASSIGNED),
    "a rejected item is revived": extra(Step.REVIVE, State.REJECTED, State.SCREENED),
    "a closed item is corrected": extra(Step.AMEND, State.CLOSED, State.CLOSED),
    "a list takes in what was judged": extra(Step.ENLIST, State.JUDGED, State.LISTED),
    "anybody takes any step": _anybody_steps,
    "anybody has any duty": _anybody_has_duties,
    "another unit's items are anyone's": _unit_unasked,
    "a stale version is accepted": _stale_accepted,
    "a row is written whatever its version": _blind_write,
    "an event is recorded whatever came between": _blind_record,
    "a clock that goes back is recorded": _clock_believed,
    "a clock that goes back decides": _clock_held_but_believed,
    "a clock that goes back an hour is recorded": _small_steps_back,
    "an event bears the day of a clock that went back": _day_of_the_clock,
    "one person cancels alone": _one_person,
    "two accounts of one person are two people": _two_accounts,
    "a second person needs no duty": _second_unasked,
    "a period is done twice": _period_repeated,
    "lateness is not stamped": _lateness_unstamped,
    "a late list takes in what came later": _cut_at_the_run,
    "a request id is ignored": _request_ignored,
    "a refusal is not logged": _refusal_unlogged,
    "a refused act leaves its half": _half_done,
    "a position is skipped": _position_skipped,
    "a published edition is rewritten": _edition_rewritten,
    "a draft is shown as published": _draft_shown,
    "what is published was not confirmed": _unconfirmed_published,
    "a unit that ended keeps what runs": _stays_with_ended,
    "a unit that ended keeps its tasks": _tasks_stay,
    "what has moved is confirmed unseen": _refreshed,
    "a second person need not look": _digest_unread,
    "a life begins in its middle": _born_of_another,
}

#: Every guard that the table asks, by name.
#: Without an extension of a host nobody enters own fields.
GUARDS = tuple(
    sorted({one.__name__ for arc in LIFE for one in arc.guards} - {"enters_own"})
)
