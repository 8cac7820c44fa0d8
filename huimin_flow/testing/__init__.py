"""Tools for embedders' tests: a rehearsal Flow, a fixed clock, an item in any state.

>>> from huimin_flow.catalogue.terms import State
>>> with rehearsal() as desk:
...     item = desk.item(State.ASSIGNED)
...     desk.flow.items.get(item.number).state.label
'已分解'

"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    Attribute,
    Comparator,
    Criterion,
    Dimension,
    IndicatorKind,
    Origin,
    Question,
    Recommendation,
    Role,
    State,
    StreamKind,
    ThirdPartyKind,
    Via,
)
from huimin_flow.clock import RehearsalClock, local_day
from huimin_flow.clock import at_hour as at_hour
from huimin_flow.errors import NotFound, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import Door, door_of
from huimin_flow.flow.deciding import freezing
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.assessments import Assessment, Staff
from huimin_flow.model.deciding.deliberations import Answer, Deliberation, Judgment
from huimin_flow.model.deciding.lists import CITY, Edition
from huimin_flow.model.executing.plans import (
    Indicator,
    Plan,
    Progress,
    Task,
    TaskResult,
)
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.extensions import Extension
from huimin_flow.model.items import Effectiveness, Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.rules.executing import running
from huimin_flow.rules.executing.readiness import needed
from huimin_flow.settings import config_folder, load_rulebook
from huimin_flow.store.executing.attachments import Shelf
from huimin_flow.testing.agreed import MEASURE as MEASURE
from huimin_flow.testing.agreed import RESULTS as RESULTS
from huimin_flow.testing.agreed import agreed_outcomes as agreed_outcomes
from huimin_flow.testing.agreed import ask

#: The unit of a desk's items: Wanzhou, the first district of the code list.
UNIT = "500101"

#: The default moment of a desk's clock: ten in the morning in Shanghai.
MORNING = datetime(2023, 10, 9, 2, tzinfo=UTC)

_TITLE = "零工市场缺少候工区"

#: Who assesses the desk's items, and with which staff.
ASSESSOR = "某高校"
STAFF = (Staff(role="负责人", qualification="教授", count=1),)

#: How many people the desk asks.
ASKED = 100


@contextmanager
def rehearsal(
    url: str | None = None,
    *,
    at: datetime = MORNING,
    book: Rulebook | None = None,
    seed: int = 7,
    extensions: Sequence[Extension] = (),
) -> Iterator[Desk]:
    """Yield a desk on a new rehearsal database, deleted afterwards without ``url``.

    ``at`` is the aware moment of the clock until it is moved; the default of
    ``book`` is that of the folder ./config if there is one, otherwise the shipped one.
    ``extensions`` are those that the book names.
    """
    clock = RehearsalClock(at, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        place = url or f"sqlite:///{Path(folder) / 'rehearsal.db'}"
        chosen = book or load_rulebook(config_folder())
        with Flow.found(
            place, chosen, rehearsal=True, clock=clock, extensions=extensions
        ) as flow:
            yield Desk(flow, clock)


class Desk:
    """An engine with its actors: one collects, one decides, one confirms."""

    def __init__(self, flow: Flow, clock: RehearsalClock) -> None:
        """Find the actors by their roles in the active organization."""
        self.flow = flow
        self.clock = clock
        self.operator = self.post(Role.OPERATOR, UNIT)
        self.office, self.second = self._posts(Role.OFFICE)[:2]
        self.scheduler = self.post(Role.SCHEDULER)
        self._appeals = 0
        door = door_of(flow)
        if isinstance(door, Door) and door.shelf is None:  # a server's database
            folder = Path(tempfile.mkdtemp())
            weakref.finalize(door, shutil.rmtree, folder, ignore_errors=True)
            door.shelf = Shelf(folder)

    def today(self) -> date:
        """Return the day of the clock in Shanghai."""
        return local_day(self.clock.now())

    def actor(self, person: str) -> Actor:
        """Return the actor of a staff pseudonym."""
        return self.flow.people.actor(person)

    def post(self, role: Role, unit: str | None = None) -> Actor:
        """Return the first actor with a role, in a unit if one is named.

        Raises:
            NotFound: if no post has it.

        """
        for post in self._posts(role):
            if unit in {None, post.unit}:
                return post
        raise NotFound(DoorCode.POST_MISSING, role=role)

    def operator_of(self, number: str) -> Actor:
        """Return an operator of the unit that owns an item."""
        return self.post(Role.OPERATOR, self.flow.items.get(number).unit)

    def _posts(self, role: Role) -> list[Actor]:
        organization = self.flow.rulebook.active().organization
        ids = (person.id for person in organization.people if role in person.roles)
        posts = [organization.actor(id_, Via.HOST) for id_ in ids]
        return [post for post in posts if post is not None]

    def item(self, state: State = State.COLLECTED, title: str = _TITLE) -> Item:
        """Return a new item that took every step to a state."""
        if state is State.MERGED:
            return self.merge(self.item(title=title).number)
        if state is State.DEFERRED:
            screened = self.bring(State.SCREENED, title)
            return self.judge(screened.number, no=Question.CAPABLE)
        if state is State.REJECTED:
            number, by = self.collect(title).number, self.office
            return self.flow.items.reject(number, "duplicate", by=by)
        return self.bring(state, title)

    def bring(self, state: State, title: str = _TITLE) -> Item:
        """Return a new item that took the main line to ``state``."""
        item = self.collect(title)
        self.link_appeals(item.number)
        for reached, step in (
            (State.SCREENED, self.screen),
            (State.JUDGED, self.judge),
            (State.STARRED, self.star),
            (State.LISTED, self.enlist),
            (State.ASSIGNED, self.assign),
            (State.EXECUTED, self.execute),
            (State.EVALUATED, self.evaluate),
            (State.ADJUSTED, self.adjust),
            (State.CLOSED, self.close),
        ):
            if item.state is state:
                break
            item = step(item.number)
            assert item.state is reached, item.state  # noqa: S101 - a test's own aid
        return item

    def collect(self, title: str = _TITLE, unit: str = UNIT) -> Item:
        """Collect a new item of a unit."""
        demand = Demand(
            title=title, origin=Origin.PROBLEM, area=Area.EMPLOYMENT, unit=unit
        )
        return self.flow.items.collect(demand, by=self.post(Role.OPERATOR, unit))

    def appeals(self, count: int) -> list[Appeal]:
        """Return new appeals from several people, places, channels and days."""
        first = self._appeals + 1
        self._appeals += count
        return [
            Appeal(
                key=f"V{k}",
                channel=("hotline_12333", "media", "letters_visits")[k % 3],
                who=f"p{k}",
                district=f"5001{k % 9:02d}",
                at=self.clock.now() - timedelta(days=k % 11),
                text=f"希望解决候工难 {k}",
            )
            for k in range(first, first + count)
        ]

    def link_appeals(self, number: str, count: int = 25) -> list[Appeal]:
        """Link new appeals to an item."""
        appeals = self.appeals(count)
        self.flow.appeals.add_all(appeals, by=self.office)
        pairs = [(appeal.channel, appeal.key) for appeal in appeals]
        self.flow.appeals.link(number, pairs, by=self.office)
        return appeals

    def screen(self, number: str, level: int = 80) -> Item:
        """Screen an item with ``level`` as every score."""
        scores = {Criterion.URGENCY: level, Criterion.FUNDAMENTALITY: level}
        return self.flow.items.screen(number, scores, by=self.office)

    def judge(self, number: str, no: Question | None = None) -> Item:
        """Judge an item in a meeting of its own; ``no`` is the question with a no."""
        meeting, by = self.meet([number]), self.office
        try:
            self.flow.items.judge(number, meeting.key, self.judgment(no), by=by)
        except StepRefused:  # no open meeting remains
            self.flow.meetings.postpone(meeting.key, number, "缓议", by=by)
            raise
        finally:
            self.close_meeting(meeting.key)
        return self.flow.items.get(number)

    def meet(self, numbers: Sequence[str]) -> Deliberation:
        """Hold a meeting on items today, with a quorum."""
        return self.flow.meetings.hold(
            held_on=self.today(),
            chair=self.post(Role.LEADER).id,
            participants=[self.office.id, self.second.id],
            agenda=numbers,
            minutes="一致同意",
            by=self.office,
        )

    def judgment(self, no: Question | None = None) -> Judgment:
        """Return four answers and good scores; ``no`` is the question with a no."""
        answers = {q: Answer(yes=q is not no, reason="已核实") for q in Question}
        return Judgment(answers=answers, scores=dict.fromkeys(Attribute, 80))

    def close_meeting(self, key: str) -> Deliberation:
        """Attach the minutes of a meeting, and close it."""
        name, content, by = "纪要.txt", "一致同意".encode(), self.office
        self.flow.meetings.attach(key, name, content, by=by)
        return self.flow.meetings.close(key, by=by)

    def star(self, number: str, level: int = 80) -> Item:
        """Star an item with ``level`` as the score of every dimension."""
        expected = Effectiveness(value=85, low=80, high=90)
        scores = dict.fromkeys(Dimension, level)
        return self.flow.items.star(number, scores, expected, by=self.office)

    def frozen(self, year: int) -> str:
        """Freeze empty lists of ``year``, at cut 0; return the city's key."""
        key = StreamKind.LIST.key(year, CITY)
        try:
            self.flow.lists.get(key)
        except NotFound:
            door_of(self.flow).perform(
                lambda work: freezing.freeze(
                    work, year, 0, work.rulebook, day=work.today, by=self.scheduler
                )
            )
            self.consolidate(year)
        return key

    def consolidate(self, year: int) -> Edition:
        """Consolidate the drafts of the areas, which have not proposed."""
        return self.flow.lists.consolidate(str(year), "逾期未提", by=self.office)

    def enlist(self, number: str) -> Item:
        """Add an item as a supplement to a frozen list."""
        by, second = self.office, self.second
        return self.flow.lists.supplement(
            number, self.frozen(2099), "needed", by=by, second=second
        )

    def plan(self) -> Plan:
        """Return a complete plan: one task, ten places in 200 days."""
        indicator = Indicator(
            name="候工区", quote="新建候工区10处以上", kind=IndicatorKind.FLOW,
            comparator=Comparator.GE, value=10, unit="处",
        )  # fmt: skip
        task = Task(
            key="T1",
            title="建设候工区",
            unit=UNIT,
            due=self.today() + timedelta(days=200),
            indicators=(indicator,),
        )
        return Plan(
            deliverable="候工区",
            carrier="零工市场",
            path="选址、建设、验收",
            method="政府采购",
            satisfaction_measure=MEASURE,
            outcomes=agreed_outcomes(task.due),
            tasks=(task,),
        )

    def assign(self, number: str, plan: Plan | None = None) -> Item:
        """Assign an item by ``plan`` or the desk's plan, after accepted assessments."""
        self.assess(number)
        by = self.operator_of(number)
        return self.flow.items.assign(number, plan or self.plan(), by=by)

    def assess(self, number: str) -> None:
        """Have every assessment that an item needs made and accepted."""
        rules = self.flow.rulebook.active().rules
        for kind in needed(self.flow.items.get(number), rules, self.plan()):
            key, by = self.ask(number, kind).key, self.office
            self.flow.assessments.submit(key, "可行", high_risk=False, by=by)
            self.flow.assessments.accept(key, by=self.second)

    def ask(self, number: str, kind: AssessmentKind) -> Assessment:
        """Request an assessment; a third party is registered for it."""
        by, third = self.office, kind is AssessmentKind.THIRD_PARTY
        if third and not self.flow.third_parties.list(limit=1):
            self.flow.third_parties.register(
                ASSESSOR, ThirdPartyKind.UNIVERSITY, "评估过8项惠民政策",
                "公共就业服务研究", by=by,
            )  # fmt: skip
        engaged = ("问卷与实地走访", STAFF) if third else ()
        return self.flow.assessments.request(number, kind, ASSESSOR, *engaged, by=by)

    def execute(self, number: str) -> Item:
        """Report an item as executed, with its task met: its figure is reported first.

        It is not, if the figures that are there bear it out.
        """
        reached = self.flow.items.fulfilments(number)
        if not all(verdict.passed for verdict in reached):
            self.report(number)
        by, met = self.operator_of(number), [TaskResult(task="T1", met=True)]
        return self.flow.items.execute(number, met, by=by)

    def report(self, number: str, value: int = 11) -> None:
        """Report a figure of the plan's indicator for the item's last running month."""
        recorded = self.flow.records.events(StreamKind.ITEM.key(number))
        events = [stored.event for stored in recorded]
        month = f"{running.runs(events)[-1].until or self.today():%Y-%m}"
        figure = Progress(
            item=number, task="T1", indicator="候工区", month=month, value=value
        )
        self.flow.tasks.report([figure], by=self.operator_of(number))

    def evaluate(self, number: str, value: int = 11) -> Item:
        """Report a figure and evaluate the item; fewer than ten places fail."""
        self.report(number, value)
        return self.conclude(number)

    def conclude(self, number: str, satisfaction: int = 92) -> Item:
        """Evaluate an item whose agreed outcomes are met, without reporting before.

        Unless its round has a survey, so many percent of the people are satisfied.
        """
        item = self.flow.items.get(number)
        known = self.flow.surveys.list(item=number)
        if not any(each.rounds == item.rounds for each in known):
            self.survey(number, satisfaction)
        return self.flow.items.evaluate(number, RESULTS, by=self.office)

    def survey(self, number: str, satisfied: int = 92) -> Survey:
        """Ask 100 people about an item; so many are satisfied, the others are not."""
        frame = [f"c{n:03d}" for n in range(ASKED)]
        return ask(self.flow, number, frame, ASKED, satisfied, self.office)

    def adjust(self, number: str) -> Item:
        """Adjust an item with the recommendation to continue."""
        recommendation, by = Recommendation.CONTINUE, self.office
        return self.flow.items.adjust(number, recommendation, "良好", by=by)

    def merge(self, number: str) -> Item:
        """Merge an item into a new one."""
        into = self.collect("同类问题").number
        return self.flow.items.merge(number, into, by=self.office)

    def close(self, number: str) -> Item:
        """Close an adjusted item."""
        return self.flow.items.close(number, by=self.office)
