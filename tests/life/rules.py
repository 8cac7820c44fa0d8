"""The rules of a random life: what people, clocks and schedulers do to a database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import rule

from huimin_flow.catalogue.terms import Step, StreamKind
from huimin_flow.errors import InputRefused, RequestReused, StoreRefused
from huimin_flow.flow.core import advance as one_way
from huimin_flow.flow.core.advance import acting_as
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving import evaluation
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.evidence import AmendmentEvidence
from huimin_flow.model.executing.plans import Plan
from huimin_flow.store.core import repository
from huimin_flow.timetable.ledger import tick
from tests import workflow
from tests.life import promises
from tests.life.acts import VERSIONED, Try
from tests.life.decembers import UNCONFIRMED, Decembers
from tests.life.machine import LOOKED, REFUSED
from tests.life.model import UNENTITLED, WITHOUT_DUTY
from tests.life.sweeps import ACTS, OF_LISTS, PEOPLE, SWEEPS, WAYS
from tests.life.world import DEADLINES, LISTS, book

#: Every sweep, so often that every road is taken.
ALL_SWEEPS = (
    "alone", "nothing_else", "lacking", "rework_all", "main_road", "main_road", "stale_by_state", "backwards_by_state", "overtake", "rare_roads", "rare_roads",
    *SWEEPS, "rare_roads", "twice_by_state", "next_edition", "inherited", "late_by_state",
)  # fmt: skip


class Life(Decembers):
    """Anything may be tried on any item at any time."""

    @rule(data=st.data())
    def onward(self, data: st.DataObject) -> None:
        """Take an item some way along the main line."""
        number = self.one_of(data, *workflow.MAIN_LINE)
        for _ in range(data.draw(st.integers(1, 3))):
            if number is not None and self.known[number].state in workflow.MAIN_LINE:
                self.main_road(number)

    @rule(data=st.data())
    def some_road(self, data: st.DataObject) -> None:
        """Take a road that the design has, in one of its ways."""
        number = self.one_of(data, *workflow.OPEN)
        assert number is not None
        step = data.draw(st.sampled_from(self.roads_from(number)))
        self.attempt(self.trial(step, number, **self.way(data, step)))

    def way(self, data: st.DataObject, step: str) -> dict[str, Any]:
        """One way of taking a step."""
        if step == "merge":
            return {"other": data.draw(st.sampled_from(sorted(self.known)))}
        return data.draw(st.sampled_from(WAYS.get(step, ({},))))

    @rule(data=st.data())
    def any_step(self, data: st.DataObject) -> None:
        """Try any step on any item, with arguments that lack nothing."""
        number = self.one_of(data)
        assert number is not None
        step = data.draw(st.sampled_from(ACTS))
        self.attempt(self.trial(step, number, **self.way(data, step)))

    @rule(data=st.data())
    def nothing_else_is_possible(self, data: st.DataObject) -> None:
        """Try all steps on the one way itself that the table lacks for an item."""
        number = self.one_of(data)
        assert number is not None
        self.nothing_else(number)

    @rule(data=st.data())
    def something_is_lacking(self, data: st.DataObject) -> None:
        """Try roads with all evidence but what one guard asks for."""
        number = self.one_of(data, *workflow.OPEN)
        assert number is not None
        self.lacking(number)

    @rule(data=st.data(), off=st.sampled_from([-1, 1]))
    def stale_version(self, data: st.DataObject, off: int) -> None:
        """Try what the table allows on a version that isn't the item's."""
        number = self.one_of(data, *workflow.OPEN)
        assert number is not None
        steps = [one for one in self.roads_from(number) if one in VERSIONED]
        self.stale(number, data.draw(st.sampled_from(steps)), off)

    def stale(self, number: str, step: str, off: int) -> None:
        """Try a step on a version that is ``off`` by so much, and on the right one."""
        version = self.known[number].version
        self.attempt(self.trial(step, number, version=version + off))
        self.attempt(self.trial(step, number, version=version))

    def stale_by_state(self, number: str, n: int) -> None:
        """Sweep: a step that leaves a state, on a stale version."""
        steps = [one for one in self.roads_from(number) if one in VERSIONED]
        for step in steps[n % len(steps) :][:1] if steps else ():
            self.stale(number, step, -1)

    @rule(data=st.data())
    def overtaken(self, data: st.DataObject) -> None:
        """Write what was decided on an item that another has moved since."""
        number = self.one_of(data, *workflow.OPEN)
        assert number is not None
        self.overtake(number)

    def overtake(self, number: str, _: int = 0) -> None:
        """Let somebody come between reading and writing."""
        if self.known[number].state not in workflow.OPEN:
            return
        by = self.desk.office

        def late(work: Work, number: str) -> bool:
            seen = repository.item(work.connection, number)
            evaluation.amend(work, number, {"title": "先到"}, by=by)
            mine = replace(seen, title="迟到", version=seen.version + 1)
            write, row = repository.item_write(mine, seen)
            return bool(write.execute(work.connection, **row).rowcount == 1)

        def later(work: Work, number: str) -> None:
            seen = repository.item(work.connection, number)
            evaluation.amend(work, number, {"title": "先到"}, by=by)
            one_way.permitted(
                work,
                StreamKind.ITEM.key(number), Step.AMEND, acting_as(work, by),
                AmendmentEvidence(changes={"title": "迟到"}),
                subject=seen, expected=seen.version,
            )  # fmt: skip

        self.refused(
            lambda: door_of(self.flow).perform(later, number), ["stale_version"]
        )
        assert not self.done(lambda: door_of(self.flow).perform(late, number))
        amended = self.trial("amend", number)
        self.moved(amended, self.flow.items.get(number))

    @rule(data=st.data(), person=st.sampled_from(PEOPLE))
    def anyone(self, data: st.DataObject, person: str) -> None:
        """Let anybody try anything: exactly who may is let."""
        number = self.one_of(data)
        assert number is not None
        roads = [one for one in self.roads_from(number) if one in ACTS]
        step = data.draw(st.sampled_from([*roads, *roads, *ACTS]))
        if step in OF_LISTS and not self.of_the_city(number):
            return
        self.attempt(self.trial(step, number, by=self.desk.actor(person)))

    @rule(data=st.data())
    def one_person_alone(self, data: st.DataObject) -> None:
        """Try alone, or with a second who is none, what two people must do."""
        number = self.one_of(data)
        assert number is not None
        self.alone(number)

    def alone(self, number: str, _: int = 0) -> None:
        """Try without another person what needs two, on an item and on the lists."""
        office = self.desk.office
        # On its own list a unit's head is the second person: ask another one.
        head = "head-500102" if self.known[number].unit == "500101" else "head-500101"
        strange = WITHOUT_DUTY | (set() if self.of_the_city(number) else UNENTITLED)
        seconds: tuple[tuple[Actor, frozenset[str]], ...] = (
            (office, frozenset({"same_person"})),
            (self.desk.actor("coordination-1"), frozenset({"same_person"})),
            (self.desk.actor(head), strange),
            (self.desk.actor("auditor-1"), WITHOUT_DUTY),
        )
        for name, act in sorted(self.acts_of_two(number).items()):
            self.all_refused((partial(act, second), codes) for second, codes in seconds)
            if name == "defer":
                self.refused(partial(act, None), ["second_person_needed"])
            else:
                self.turned_away(partial(act, None), InputRefused)
            REFUSED[f"{name} by one person"] += 1

    def acts_of_two(self, number: str) -> dict[str, Callable[[Actor | None], object]]:
        """What two people must do with an item where it stands, and besides."""
        office, flow = self.desk.office, self.flow
        acts: dict[str, Callable[[Any], object]] = {
            "activate": lambda who: flow.rulebook.activate(
                book(), by=office, second=who
            )
        }
        for name, states in (
            ("enlist", ("starred",)),
            ("cancel", ("listed", "assigned")),
            ("defer", ("listed",)),
            ("reopen", ("rejected", "closed")),
        ):
            if self.known[number].state in states:
                acts[name] = partial(self.confirmed_by, self.trial(name, number))
        for key in LISTS:
            if self.stands(key) in UNCONFIRMED:
                acts["confirm"] = partial(self.list_confirmed_by, key)
        return acts

    def list_confirmed_by(self, key: str, second: Any) -> object:
        """Confirm a list with this second person."""
        return self.flow.lists.confirm(key, by=self.desk.office, second=second)

    def confirmed_by(self, one: Try, second: Actor | None) -> object:
        """Take a step with this second person."""
        return self.hand.take(replace(one, second=second))

    @rule(data=st.data())
    def two_desks(self, data: st.DataObject) -> None:
        """Ask for a cancellation at one desk, and confirm it at another."""
        number = self.one_of(data, "listed", "assigned")
        if number is None or not self.of_the_city(number):
            return
        values, flow = {"item": number, "reason": "duplicate"}, self.flow
        asked = self.done(
            lambda: flow.proposals.propose("cancel", values, by=self.desk.office)
        )
        self.settle()
        self.all_refused(
            (
                partial(
                    flow.proposals.approve,
                    asked.key,
                    asked.seen,
                    by=self.desk.actor(one),
                ),
                why,
            )
            for one, why in (
                ("office-1", {"same_person"}),
                ("coordination-1", {"same_person"}),
                ("auditor-1", WITHOUT_DUTY),
            )
        )
        by = self.desk.second
        self.done(lambda: flow.proposals.approve(asked.key, asked.seen, by=by))
        self.moved(self.trial("cancel", number), flow.items.get(number))

    @rule(data=st.data(), hours=st.sampled_from([1, 10, 24, 25, 400, 2000]))
    def clock_goes_back(self, data: st.DataObject, hours: int) -> None:
        """Act by a clock that stands before what was recorded."""
        number = self.one_of(data, *workflow.OPEN)
        assert number is not None
        self.backwards(number, hours)

    def backwards(self, number: str, hours: int) -> None:
        """Correct an item so many hours before what was recorded."""
        now, latest = self.clock.now(), promises.moment(self.story.latest)
        one = self.trial("amend", number)
        self.clock.set(latest - timedelta(hours=hours))
        if hours > 24:
            self.turned_away(lambda: self.hand.take(one), StoreRefused)
            self.nothing_decided()
        else:
            self.attempt(one)
            assert promises.moment(self.story.latest) == latest
        self.clock.set(now)

    def backwards_by_state(self, number: str, n: int) -> None:
        """Sweep: an item in a state, by a clock that went back."""
        if self.known[number].state in workflow.OPEN:
            self.backwards(number, (1, 24, 25, 2000)[n % 4])

    def nothing_decided(self) -> None:
        """Let a scheduler look at such a clock; it may only keep that it failed."""
        with pytest.raises(StoreRefused):
            tick(self.flow, self.clock.now())
        before, self.seen = self.seen, self.eye.look()
        assert self.seen.differs(before) <= {"job_failure"}

    @rule(hours=st.integers(1, 300))
    def time_passes(self, hours: int) -> None:
        """Let some days go by, and look at the timetable."""
        if self.now < DEADLINES["2026"]:
            self.clock.set(self.now + timedelta(hours=hours))
        self.two_schedulers()

    @rule(data=st.data(), days=st.sampled_from([-2, 0, 1, 10, 36]))
    def december(self, data: st.DataObject, days: int) -> None:
        """Go to a deadline: before it, on the dot, or days too late, and look."""
        number = self.one_of(data, "judged")
        self.at_deadline(days, number if data.draw(st.booleans()) else None)

    def at_deadline(self, days: int, judged: str | None) -> None:
        """Look at the timetable so many days after a deadline; star an item first."""
        coming = [one for one in DEADLINES.values() if one > self.now]
        if not coming or coming[0] + timedelta(days=days) < self.now:
            return
        self.clock.set(coming[0] + timedelta(days=days))
        if judged is not None:
            late = days > 0 and self.attempt(self.trial("star", judged)) is not None
            LOOKED["a job was late for what was starred since"] += late
        self.two_schedulers()

    def late_by_state(self, number: str, _: int = 0) -> None:
        """Sweep: what was judged is starred a day too late."""
        if self.known[number].state == "judged":
            self.at_deadline(1, number)

    @rule(data=st.data())
    def sent_twice(self, data: st.DataObject) -> None:
        """Send an act twice under one request id: the first answer, no event."""
        number = self.one_of(data, *workflow.OPEN)
        assert number is not None
        self.twice(number, data.draw(st.sampled_from(self.roads_from(number))))

    def twice_by_state(self, number: str, n: int) -> None:
        """Sweep: a step that leaves a state, sent twice."""
        steps = self.roads_from(number)
        for step in steps[n % len(steps) :][:1] if steps else ():
            self.twice(number, step)

    def twice(self, number: str, step: str) -> None:
        """Send a step twice, and then another act under its request id."""
        one, key = self.trial(step, number), f"request-{len(self.answered)}"
        before = self.story.position
        first = self.attempt(one, self.flow.once(key))
        if first is None:
            return
        self.answered[key] = self.story.requests[key]
        assert 0 < self.answered[key] <= self.story.position - before
        again = self.done(lambda: self.hand.take(one, self.other.once(key)))
        assert again == first
        self.unchanged(0)
        LOOKED["a request was sent twice"] += 1
        self.settle()
        other = replace(one, step="amend", text="另一操作")
        self.turned_away(
            lambda: self.hand.take(other, self.flow.once(key)), RequestReused
        )

    @rule()
    def reopened(self) -> None:
        """Close the database and open it again; keep what stood, for the end."""
        rows = {n: row["body"] for n, row in self.seen.items().items()}
        self.moments = [*self.moments, (self.story.position, rows)][-2:]
        self.flow.close()
        self.other.close()
        self.open()
        self.settle()

    @rule(data=st.data())
    def a_plan_that_lacks_all(self, data: st.DataObject) -> None:
        """Assign with an empty plan: every thing that it lacks is named."""
        number = self.one_of(data, "listed")
        if number is not None:
            one = self.trial("assign", number, plan=Plan())
            codes = ["plan_field_missing", "no_task", "assessment_missing"]
            self.refused(lambda: self.hand.take(one), codes)
