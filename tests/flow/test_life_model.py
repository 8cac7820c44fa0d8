"""A random life over Flow against a plain model; it reports what it reached."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from huimin_flow.audit.verify import verify
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.sensing import Demand
from huimin_flow.model.item import Item
from huimin_flow.settings import load_rulebook
from huimin_flow.states import machine
from huimin_flow.states.table import LIFE, MAIN_LINE
from huimin_flow.terms import Area, Origin, Question, State, Step
from huimin_flow.testing import UNIT, Desk
from tests.conftest import CONFIG

REACHED: Counter[State] = Counter()
STEPS: Counter[Step] = Counter()
BOOK = load_rulebook(CONFIG)

#: The plain model: where each step leads, written from the document's table.
FORWARD = dict(zip(MAIN_LINE, [*MAIN_LINE[1:], State.CLOSED], strict=True))


class Life(RuleBasedStateMachine):
    """Items on one desk, each with the state that the model expects."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        clock = RehearsalClock(datetime(2023, 3, 1, 2, tzinfo=UTC))
        url = f"sqlite:///{self.folder / 'life.db'}"
        self.flow = Flow.found(url, BOOK, rehearsal=True, clock=clock)
        self.desk = Desk(self.flow, clock)
        self.model: dict[str, State] = {}
        self.successors: dict[str, str] = {}
        self.versions: dict[str, int] = {}

    def teardown(self) -> None:
        if hasattr(self, "flow"):
            report = self.flow.read(verify)
            self.flow.close()
            shutil.rmtree(self.folder)
            assert report.findings == ()

    def reached(self, step: Step, item: Item, expected: State) -> None:
        assert item.state is expected
        assert item.version == self.versions.get(item.number, 0) + 1
        self.model[item.number] = expected
        self.versions[item.number] = item.version
        REACHED[expected] += 1
        STEPS[step] += 1

    def one(self, data: st.DataObject, *states: State) -> str | None:
        """Choose an item in one of the states; most often a new one is brought."""
        numbers = sorted(n for n, state in self.model.items() if state in states)
        fresh = [state for state in MAIN_LINE if state in states]
        if fresh and (not numbers or data.draw(st.booleans())):
            return self.brought(data.draw(st.sampled_from(fresh)))
        return data.draw(st.sampled_from(numbers)) if numbers else None

    def brought(self, state: State) -> str:
        item = self.desk.bring(state)
        self.model[item.number] = state
        self.versions[item.number] = item.version
        REACHED[state] += 1
        return item.number

    @rule(data=st.data())
    def forward(self, data: st.DataObject) -> None:
        number = self.one(data, data.draw(st.sampled_from(MAIN_LINE)))
        for _ in range(3):
            if number is not None and self.model[number] in FORWARD:
                self._on(number)

    def _on(self, number: str) -> None:
        state = self.model[number]
        acts = {
            State.COLLECTED: (Step.SCREEN, self._screen),
            State.SCREENED: (Step.JUDGE, self.desk.judge),
            State.JUDGED: (Step.STAR, self.desk.star),
            State.STARRED: (Step.ENLIST, self.desk.enlist),
            State.LISTED: (Step.ASSIGN, self.desk.assign),
            State.ASSIGNED: (Step.EXECUTE, self.desk.execute),
            State.EXECUTED: (Step.EVALUATE, self.desk.evaluate),
            State.EVALUATED: (Step.ADJUST, self.desk.adjust),
            State.ADJUSTED: (
                Step.CLOSE,
                lambda n: self.flow.close_item(n, by=self.desk.office),
            ),
        }
        step, act = acts[state]
        self.reached(step, act(number), FORWARD[state])

    def _screen(self, number: str) -> Item:
        self.desk.hear(number, 3)
        return self.desk.screen(number)

    @rule(data=st.data())
    def defer_by_judgment(self, data: st.DataObject) -> None:
        number = self.one(data, State.SCREENED)
        if number:
            item = self.desk.judge(number, no=Question.CAPABLE)
            self.reached(Step.DEFER, item, State.DEFERRED)
            if data.draw(st.booleans()):
                again = self.flow.revive(number, by=self.desk.office)
                self.reached(Step.REVIVE, again, State.SCREENED)

    @rule(data=st.data())
    def reject(self, data: st.DataObject) -> None:
        number = self.one(data, State.COLLECTED, State.JUDGED)
        if number:
            item = self.flow.set_aside(
                number, Step.REJECT, "out_of_scope", by=self.desk.office
            )
            self.reached(Step.REJECT, item, State.REJECTED)

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        number = self.one(data, State.COLLECTED, State.SCREENED)
        other = self.one(data, State.COLLECTED, State.SCREENED)
        if number and other and number != other:
            before = self.model[number]
            item = self.flow.merge(number, other, by=self.desk.office)
            self.reached(Step.MERGE, item, State.MERGED)
            back = self.flow.unmerge(number, by=self.desk.office)
            self.reached(Step.UNMERGE, back, before)

    @rule(data=st.data())
    def return_(self, data: st.DataObject) -> None:
        back = {
            State.SCREENED: State.COLLECTED,
            State.JUDGED: State.SCREENED,
            State.STARRED: State.JUDGED,
            State.ASSIGNED: State.LISTED,
            State.EXECUTED: State.ASSIGNED,
        }
        number = self.one(data, *back)
        if number:
            expected = back[self.model[number]]
            item = self.flow.set_aside(
                number, Step.RETURN, "facts_incomplete", by=self.desk.office
            )
            self.reached(Step.RETURN, item, expected)

    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        number = self.one(data, State.ADJUSTED)
        if number:
            item = self.flow.close_item(number, by=self.desk.office)
            self.reached(Step.CLOSE, item, State.CLOSED)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        number = self.one(data, State.LISTED, State.ASSIGNED)
        if number:
            item = self.flow.cancel(
                number, "out_of_scope", by=self.desk.office, second=self.desk.second
            )
            self.reached(Step.CANCEL, item, State.CLOSED)

    @rule(data=st.data())
    def amend(self, data: st.DataObject) -> None:
        number = self.one(data, *set(State) - {State.CLOSED, State.REJECTED})
        if number:
            item = self.flow.amend(number, {"title": "更正"}, by=self.desk.office)
            self.reached(Step.AMEND, item, self.model[number])

    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        number = self.one(data, State.COLLECTED, State.SCREENED)
        if number:
            part = Demand(
                title="拆出", origin=Origin.PROBLEM, area=Area.GENERAL, unit=UNIT
            )
            parent, child = self.flow.split(number, [(part, [])], by=self.desk.office)
            self.reached(Step.SPLIT, parent, self.model[number])
            assert child.split_from == number
            self.reached(Step.COLLECT, child, State.COLLECTED)

    @rule(data=st.data())
    def rework(self, data: st.DataObject) -> None:
        number = self.one(data, State.EXECUTED)
        if number:
            passes = data.draw(st.booleans())
            item = self.desk.evaluate(number, value=11 if passes else 3)
            self.reached(Step.EVALUATE, item, State.EVALUATED)
            if item.evaluation_passed:
                with pytest.raises(StepRefused):
                    self.flow.rework(number, by=self.desk.office)
                return
            again = self.flow.rework(number, by=self.desk.office)
            assert again.rounds == item.rounds + 1
            self.reached(Step.REWORK, again, State.ASSIGNED)

    @rule(data=st.data())
    def carry_over(self, data: st.DataObject) -> None:
        running = (State.ASSIGNED, State.EXECUTED, State.EVALUATED, State.ADJUSTED)
        number = self.one(data, *running)
        ends = (State.CLOSED, State.REJECTED)
        if number and self.model.get(self.successors.get(number, ""), ends[0]) not in ends:
            with pytest.raises(StepRefused, match=self.successors[number]):
                self.flow.carry_over(number, by=self.desk.office)
        elif number:
            parent, child = self.flow.carry_over(number, by=self.desk.office)
            self.successors[number] = child.number
            self.reached(Step.CARRY_OVER, parent, self.model[number])
            assert child.continues == number
            self.reached(Step.COLLECT, child, State.COLLECTED)

    @rule(data=st.data())
    def respond(self, data: st.DataObject) -> None:
        number = self.one(data, State.JUDGED, State.STARRED, State.DEFERRED)
        if number and self.flow.item(number).placement is None:
            with pytest.raises(StepRefused):
                self.flow.respond(number, "500106", by=self.desk.office)
        elif number:
            unit = "500106" if self.flow.item(number).unit == UNIT else UNIT
            parent, child = self.flow.respond(number, unit, by=self.desk.office)
            self.reached(Step.RESPOND, parent, self.model[number])
            assert (child.responds_to, child.unit) == (number, unit)
            self.reached(Step.RESPOND, child, State.JUDGED)

    @rule(data=st.data())
    def out_of_order(self, data: st.DataObject) -> None:
        number = self.one(data, *set(State) - {State.ASSIGNED})
        if number and self.model[number] is not State.ASSIGNED:
            with pytest.raises(StepRefused):
                self.desk.execute(number)

    @rule(hours=st.integers(1, 500))
    def time_passes(self, hours: int) -> None:
        self.desk.clock.advance(timedelta(hours=hours))

    @invariant()
    def the_store_agrees_with_the_model(self) -> None:
        for number, state in getattr(self, "model", {}).items():
            item = self.flow.item(number)
            assert (item.state, item.version) == (state, self.versions[number])


RUN = settings(
    max_examples=60,
    stateful_step_count=20,
    phases=(Phase.generate,),
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_a_random_life_follows_the_model_and_reaches_every_state() -> None:
    REACHED.clear()
    STEPS.clear()
    run_state_machine_as_test(Life, settings=RUN)
    print("reached", dict(REACHED), "steps", dict(STEPS))  # noqa: T201 - the report
    assert {state: count for state, count in REACHED.items() if count < 3} == {}
    assert set(REACHED) == set(State)
    assert {step.value: STEPS[step] for step in Step if STEPS[step] < 3} == {}


@pytest.mark.parametrize(
    ("step", "source", "wrong"),
    [
        (Step.RETURN, State.JUDGED, State.COLLECTED),
        (Step.REVIVE, State.DEFERRED, State.JUDGED),
        (Step.CANCEL, State.LISTED, State.DEFERRED),
    ],
)
def test_a_planted_bug_in_the_table_is_caught(
    step: Step, source: State, wrong: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    bad = tuple(
        replace(arc, target=wrong) if (arc.step, arc.source) == (step, source) else arc
        for arc in LIFE
    )
    monkeypatch.setattr(machine, "LIFE", bad)
    machine.shared_machine.cache_clear()
    try:
        with pytest.raises(AssertionError):
            run_state_machine_as_test(Life, settings=RUN)
    finally:
        monkeypatch.undo()
        machine.shared_machine.cache_clear()
