"""What a December does to lists and units: confirmed, published, changed, inherited."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import hypothesis.strategies as st
from hypothesis.stateful import rule

from huimin_flow.catalogue.terms import State
from huimin_flow.errors import InputRefused
from huimin_flow.timetable.ledger import tick
from tests import workflow
from tests.life.acts import SUPPLEMENTED
from tests.life.machine import LOOKED
from tests.life.sweeps import Sweeps
from tests.life.world import DEADLINES, ENDED, ENDING, HEIR, LISTS

#: How a list stands that two people may confirm.
UNCONFIRMED = {"frozen", "drafting"}


class Decembers(Sweeps):
    """Lists become editions, and what a unit owes goes to its heir."""

    @rule(key=st.sampled_from(LISTS))
    def two_people(self, key: str) -> None:
        """Confirm a list by two people, who may do it once an edition."""
        office, second = self.desk.office, self.desk.second

        def act() -> object:
            return self.flow.lists.confirm(key, by=office, second=second)

        if self.stands(key) not in UNCONFIRMED:
            done = self.stands(key) == "confirmed"
            self.refused(act, ["done_already" if done else "not_so_far"])
            return
        edition = self.done(act)
        assert edition.state == "confirmed"
        self.settle()

    @rule(key=st.sampled_from(LISTS))
    def published(self, key: str) -> None:
        """Publish a list: only what two people have confirmed is published."""
        act = partial(self.flow.lists.publish, key, by=self.desk.office)
        if self.stands(key) != "confirmed":
            done = self.stands(key) == "published"
            self.refused(act, ["done_already" if done else "not_so_far"])
            return
        assert self.done(act).state == "published"
        self.settle()

    @rule(data=st.data(), key=st.sampled_from(LISTS))
    def list_by_two_desks(self, data: st.DataObject, key: str) -> None:
        """Propose a list at one desk; something may move before the other confirms."""
        number = self.one_of(data, *workflow.RUNNING, "listed")
        self.evening(key, number if data.draw(st.booleans()) else None)

    def evening(self, key: str, amended: str | None = None) -> None:
        """Confirm a list at two desks; what moved in between is not confirmed."""
        if self.stands(key) not in UNCONFIRMED:
            return
        flow, second = self.flow, self.desk.second
        values, by = {"edition": key}, self.desk.office
        asked = self.done(lambda: flow.proposals.propose("confirm", values, by=by))
        self.settle()
        approve = partial(flow.proposals.approve, asked.key, by=second)
        self.turned_away(lambda: approve(seen="0" * 64), InputRefused)
        count = len(self.story.streams[key])
        if amended is not None:
            text = f"更正{self.story.position}"
            self.attempt(self.trial("amend", amended, text=text))
        if len(self.story.streams[key]) > count:
            self.refused(lambda: approve(seen=asked.seen), ["stale_version"])
            LOOKED["a second desk saw what has moved since"] += 1
            self.evening(key)
            return
        self.done(lambda: approve(seen=asked.seen))
        self.settle()
        assert self.stands(key) == "confirmed"
        LOOKED["a second desk confirmed what it saw"] += 1

    def next_edition(self, number: str, _: int = 0) -> None:
        """Sweep: publish a list, change an item that it may name, publish the next."""
        self.evening(SUPPLEMENTED)
        self.published(SUPPLEMENTED)
        state = self.known[number].state
        if state in workflow.OPEN:
            step = {"starred": "enlist", "listed": "cancel"}.get(state, "amend")
            self.attempt(self.trial(step, number, text=f"改为{self.story.position}"))
            still = self.known[number].state in workflow.OPEN
            self.evening(SUPPLEMENTED, number if still else None)
            self.published(SUPPLEMENTED)

    @rule(data=st.data())
    def given_to_a_unit_that_ends(self, data: st.DataObject) -> None:
        """Transfer an item to a unit that will end."""
        number = self.one_of(data, *workflow.OPEN)
        assert number is not None
        self.given_away(number)

    def given_away(self, number: str) -> None:
        """Transfer an item to the unit that ends, while it is there."""
        if self.now < ENDED and self.known[number].state in workflow.OPEN:
            self.attempt(self.trial("transfer", number, unit=ENDING))

    @rule()
    def legal_day(self) -> None:
        """Let the unit end: its heir answers for everything."""
        if self.now < ENDED:
            self.clock.set(ENDED)
            self.two_schedulers()

    def inherited(self, number: str, n: int) -> None:
        """Sweep: what a unit of each state has goes to its heir."""
        self.given_away(number)
        if n % len(workflow.STATES) == len(workflow.STATES) - 1:
            self.legal_day()

    def left_by_ending(self) -> list[str]:
        """The items that go to the heir at the next tick."""
        runs = self.seen.rows("job_run")
        done = any(row["period"].startswith(ENDING) for row in runs)
        return [
            number
            for number, one in sorted(self.known.items())
            if one.unit == ENDING and one.state in workflow.OPEN
            if self.now >= ENDED and not done
        ]

    def two_schedulers(self) -> None:
        """Let two services do what is due: each period once."""
        runs = self.seen.rows("job_run")
        done = {row["period"] for row in runs if row["job"] == "listing"}
        due = [y for y, at in DEADLINES.items() if at <= self.now and y not in done]
        wanted = [(year, self.count(year)) for year in due]
        left = self.left_by_ending()
        ran = self.done(lambda: tick(self.other, self.clock.now()))
        assert [one.period for one in ran if one.job == "listing"] == due
        before = self.eye.look()
        again = self.done(lambda: tick(self.flow, self.clock.now()))
        assert again == []
        assert self.eye.look().differs(before) <= {"heartbeat"}
        for number in left:
            one = self.known[number]
            new = replace(one, unit=HEIR, version=one.version + 1)
            item = self.flow.items.get(number)
            if item.state != one.state and any(number in each for _, each in wanted):
                # The same tick has listed it since.
                item = replace(item, state=State(one.state), version=item.version - 1)
            self.follow("transfer", item, new)
        for year, candidates in wanted:
            self.listed(year, candidates)
        self.settle()

    def listed(self, year: str, candidates: dict[str, str]) -> None:
        """Let the model follow what a job has listed; quotas may leave some out."""
        rows = self.eye.look().items()
        ours = {n for n in candidates if self.known[n].state == "starred"}
        moved = {
            n for n in ours
            if rows[n]["edition"] == f"list/{year}/{self.known[n].unit}"
        }  # fmt: skip
        of_unit = [self.known[n].unit for n in ours]
        if all(of_unit.count(one) <= 5 for one in of_unit):
            assert moved == ours, "not all were listed, though there is room"
        for number in sorted(moved):
            LOOKED["a job has listed an item"] += 1
            one = self.trial("enlist", number)
            item = self.flow.items.get(number)
            new = replace(one.known, state="listed", version=one.known.version + 1)
            self.follow("enlist", item, new)
