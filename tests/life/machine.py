"""Random lives over Flow beside a plain model that knows the design's table."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from sqlalchemy import Connection

from huimin_flow.audit.verify import verify
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import HuiminError, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.items import Item
from huimin_flow.states.evolve import fold
from huimin_flow.store.core import history, repository
from huimin_flow.testing import Desk
from tests import workflow
from tests.life import promises
from tests.life.acts import SUPPLEMENTED, Hand, Try, raw, whole_evidence
from tests.life.model import FALLS, lost, parts, why_not, written
from tests.life.world import BEGUN, DEADLINES, Eye, Known, copied, known_at_first

#: What was reached in a run, to be held against minima.
REACHED: Counter[str] = Counter()
TAKEN: Counter[str] = Counter()
REFUSED: Counter[str] = Counter()
LOOKED: Counter[str] = Counter()
TRIED: set[tuple[str, str]] = set()


#: What is held once, at the end of a life, and what rules look at by themselves.
HELD = (
    "i20_the_audit_is_clean",
    "i24_a_replay_up_to_a_moment_is_what_stood_then",
    "i27_a_refusal_changes_nothing",
    "a request was sent twice",
    "a job has listed an item",
    "a stranger was refused",
    "a job was late for what was starred since",
    "a second desk confirmed what it saw",
    "a second desk saw what has moved since",
)


def forget() -> None:
    """Begin to count anew."""
    for counted in (REACHED, TAKEN, REFUSED, LOOKED, TRIED):
        counted.clear()


def refuses(act: Callable[[], object], codes: Iterable[str]) -> None:
    """Expect a typed refusal with some of these codes."""
    try:
        act()
    except StepRefused as refusal:
        found = {one.code for one in refusal.reasons}
        assert found, "a refusal without a reason"
        assert found <= set(codes), f"{found} instead of {set(codes)}"
        for code in found:
            REFUSED[code] += 1
    except HuiminError as error:
        raise AssertionError(f"refused otherwise: {error!r}") from error
    else:
        raise AssertionError(f"accepted, instead of {set(codes)}")


class Lives(RuleBasedStateMachine):
    """The machine's means; the rules stand in ``Life``."""

    #: What the template tells: the first life that copies it holds all promises of it.
    begun: ClassVar[promises.Story | None] = None

    @initialize()
    def begin(self) -> None:
        """Open a copy of the template."""
        self.folder = copied()
        self.url = f"sqlite:///{self.folder / 'life.db'}"
        self.clock = RehearsalClock(BEGUN, seed=11)
        self.eye = Eye(self.folder / "life.db")
        self.open()
        self.known = {
            item.number: known_at_first(item) for item in self.desk.flow.items.list()
        }
        self.story = self.begun.copied() if self.begun else promises.Story()
        self.answered: dict[str, int] = {}
        self.moments: list[tuple[int, dict[str, str]]] = []
        self.seen = self.eye.look()
        if self.begun is None:
            self.settle()
            Lives.begun = self.story.copied()
        self.sweep_first()

    def open(self) -> None:
        """Open the database by two doors, as two processes would."""
        self.flow = Flow.open(self.url, clock=self.clock)
        self.other = Flow.open(self.url, clock=self.clock)
        self.desk = Desk(self.flow, self.clock)
        self.hand = Hand(self.desk)

    def teardown(self) -> None:
        """i20, i24: the audit is clean, and every history tells every row."""
        if not hasattr(self, "known"):
            return
        try:
            if sys.exc_info()[0] is None:
                self.sweep(self.at_last)
                self.close_books()
        finally:
            self.flow.close()
            self.other.close()
            self.eye.close()
            shutil.rmtree(self.folder)

    #: How many states a life sweeps over at its end.
    at_last = 1

    def sweep(self, states: int) -> None:
        """Try everything on items of some states."""

    def sweep_first(self) -> None:
        """Go over all states before the life begins."""

    def close_books(self) -> None:
        """Hold what is held once, at the end of a life."""
        self.settle()
        report = door_of(self.flow).read(verify)
        assert report.findings == (), "the audit is not clean"
        LOOKED["i20_the_audit_is_clean"] += 1
        bodies = {n: row["body"] for n, row in self.seen.items().items()}
        for position, rows in [*self.moments, (self.story.position, bodies)]:
            assert (
                door_of(self.flow).read(partial(self.told, position=position)) == rows
            )
            LOOKED["i24_a_replay_up_to_a_moment_is_what_stood_then"] += 1

    def told(self, connection: Connection, position: int) -> dict[str, str]:
        """The bodies that the histories make, up to a position."""
        found = {}
        for number in self.known:
            stored = history.read_stream(connection, f"item/{number}", upto=position)
            item = fold(history.event_of(one.header) for one in stored)
            if item is not None:
                found[number] = repository.text_of(item)
        return found

    def shown(self) -> dict[str, list[dict[str, Any]]]:
        """The editions of each published list that has moved, as the door shows them."""
        moved = {event["stream"] for event in self.story.new}
        issued = {
            event["stream"]
            for stream in moved
            for event in [*self.story.streams[stream], *self.story.new]
            if event["stream"] == stream and event["step"] in promises.ISSUES
            if stream.startswith("list/")
        }
        return {
            key: [to_plain(each) for each in self.flow.lists.editions(key)]
            for key in issued
        }

    def stands(self, key: str) -> str:
        """How a list stands, by what was recorded of it."""
        return promises.list_state(self.story.streams[key])

    @property
    def now(self) -> datetime:
        """What time it can only be: never before what was recorded."""
        latest = self.story.latest
        told = promises.moment(latest) if latest else BEGUN
        return max(self.clock.now(), told)

    def settle(self) -> None:
        """Take a picture, and hold every promise."""
        before, self.seen = self.seen, self.eye.look()
        self.story.read_on(self.seen)
        sight = promises.Sight(
            story=self.story,
            picture=self.seen,
            items=self.seen.items(),
            known=self.known,
            now=self.now,
            answered=self.answered,
            before=before,
            shown=self.shown(),
        )
        promises.hold(sight, LOOKED)
        self.story.keep()

    def unchanged(self, logged: int) -> None:
        """i27: nothing is different but the refusals, of which there are more."""
        before, self.seen = self.seen, self.eye.look()
        changed = self.seen.differs(before) - {"refusal", "counter"}
        assert self.seen.counters() == before.counters(), "a refusal has counted on"
        assert not changed, f"a refusal has changed {changed}"
        new = self.seen.count("refusal") - before.count("refusal")
        assert new == logged, "refusals are not logged, each once"
        LOOKED["i27_a_refusal_changes_nothing"] += 1

    def refused(self, act: Callable[[], object], codes: Iterable[str]) -> None:
        """Expect a typed refusal with one of these codes, which changes nothing."""
        self.all_refused([(act, codes)])

    def all_refused(
        self, acts: Iterable[tuple[Callable[[], object], Iterable[str]]]
    ) -> None:
        """Expect of each act a typed refusal, and that none has changed anything."""
        given = list(acts)
        for act, codes in given:
            refuses(act, codes)
        self.unchanged(len(given))

    def turned_away(self, act: Callable[[], object], kind: type[HuiminError]) -> None:
        """Expect another typed refusal, that isn't logged and changes nothing."""
        try:
            act()
        except kind:
            REFUSED[kind.__name__] += 1
        else:
            raise AssertionError(f"accepted, instead of {kind.__name__}")
        self.unchanged(0)

    def done(self, act: Callable[[], Any]) -> Any:
        """Expect that an act is done."""
        try:
            return act()
        except HuiminError as error:
            raise AssertionError(f"refused: {error!r}") from error

    def attempt(self, one: Try, flow: Flow | None = None) -> Any:
        """Try a step, and expect exactly what the table and the roles say."""
        self.prepared(one)
        TRIED.add((one.step, one.known.state))
        why = why_not(one, self.known)
        if why:
            return self.refused(lambda: self.hand.take(one, flow), why)
        answer = self.done(lambda: self.hand.take(one, flow))
        self.moved(one, answer)
        return answer

    def prepared(self, one: Try) -> None:
        """See to what a step needs, where the design has it; a meeting always."""
        if one.step == "judge" or workflow.leads(one.step, one.known.state):
            self.done(lambda: self.hand.prepare(one))
            self.settle()

    def moved(self, one: Try, answer: Any) -> None:
        """Let the model follow, and hold the answer against it."""
        item, *children = parts(answer)
        step = lost(one)
        known = one.known
        assert item.number == one.number
        self.follow(step, item, written(one, known))
        if one.step == "enlist":
            assert item.edition == SUPPLEMENTED
        for child in children:
            born = "respond" if step == "respond" else "collect"
            [to] = workflow.leads(born, workflow.BIRTH)
            self.known[child.number] = self.child(known, child, born)
            self.reached(born, to)
            if step == "respond":
                self.known[one.number].responded.add(child.unit)
            if step == "carry_over":
                self.known[one.number].successor = child.number
        self.settle()

    def child(self, parent: Known, child: Item, born: str) -> Known:
        """What the model knows of a new-born item."""
        inherits = born == "respond"
        assert child.version == 1
        [to] = workflow.leads(born, workflow.BIRTH)
        assert child.state == to
        return Known(
            state=to,
            version=1,
            unit=child.unit,
            area=child.area.value,
            origin=child.origin.value,
            judged=inherits and parent.judged,
            screened=inherits and parent.screened,
            continues=child.continues,
            past=[(self.now, to)],
        )

    def follow(self, step: str, item: Item, known: Known) -> None:
        """Hold an item against what the model now says of it."""
        assert item.state == known.state, f"{item.state} instead of {known.state}"
        assert item.version == known.version
        assert set(item.stale) == known.doubt
        assert item.area == known.area
        known.past.append((self.now, known.state))
        self.known[item.number] = known
        self.reached(step, known.state)

    def reached(self, step: str, state: str) -> None:
        """Count what was reached."""
        TAKEN[step] += 1
        REACHED[state] += 1

    def who(self, step: str, known: Known) -> Actor:
        """Somebody who may."""
        if step == "execute":
            return self.desk.actor(f"op-{known.unit}")
        return self.desk.office

    def trial(self, step: str, number: str, **more: Any) -> Try:
        """An attempt by those who may, with arguments that lack nothing."""
        known = self.known[number]
        unit = "500106" if known.unit == "500102" else "500102"
        given: dict[str, Any] = {
            "by": self.who(step, known),
            "second": self.desk.second,
            "other": self.partner(number),
            "unit": unit,
        }
        return Try(step=step, number=number, known=known, **(given | more))

    def partner(self, number: str) -> str:
        """An item into which another may go, or the item itself if there is none."""
        takes = (n for n in sorted(self.known) if n != number)
        return next((n for n in takes if self.known[n].state in FALLS), number)

    def one_of(self, data: st.DataObject, *states: str) -> str | None:
        """An item in one of these states, or in any."""
        numbers = [
            n for n in sorted(self.known) if not states or self.known[n].state in states
        ]
        return data.draw(st.sampled_from(numbers)) if numbers else None

    def roads_from(self, number: str) -> list[str]:
        """The steps that the design has for an item as it stands."""
        state = self.known[number].state
        return [one for one in workflow.PLAIN if workflow.leads(one, state)]

    def whole(self, step: str, number: str) -> Callable[..., object]:
        """A step on the one way itself, with all evidence but what is changed."""
        by, plan = self.who(step, self.known[number]), self.desk.plan()
        whole = {"second": self.desk.second, **whole_evidence(step, plan)}

        def act(**changed: Any) -> object:
            return raw(self.flow, number, step, by, **{**whole, **changed})

        return act

    def count(self, year: str) -> dict[str, str]:
        """What a year's list must take in as it is made now: item → unit."""
        due = DEADLINES[year]
        return {
            n: one.unit
            for n, one in self.known.items()
            if one.stood(due) == one.state == "starred" and one.stars >= 3
        }
