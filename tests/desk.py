"""A desk at which tests bring an item to any state, through the public door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from huimin_flow.clock import RehearsalClock, local_day
from huimin_flow.flow import Flow
from huimin_flow.flow.sensing import Demand
from huimin_flow.model.actor import Actor
from huimin_flow.model.appeal import Appeal
from huimin_flow.model.deliberation import Answer, Judgment
from huimin_flow.model.indicator import (
    Indicator,
    Plan,
    Progress,
    Task,
    TaskResult,
)
from huimin_flow.model.item import Effectiveness, Item
from huimin_flow.rules.readiness import needed
from huimin_flow.terms import (
    Area,
    Attribute,
    Comparator,
    Criterion,
    Dimension,
    IndicatorKind,
    Origin,
    Question,
    Recommendation,
    State,
)

UNIT = "500101"


class Desk:
    """An engine with its people: who collects, who decides, who confirms."""

    def __init__(self, flow: Flow, clock: RehearsalClock) -> None:
        self.flow = flow
        self.clock = clock
        self.operator = flow.actor(f"op-{UNIT}")
        self.office = flow.actor("office-1")
        self.second = flow.actor("office-2")
        self._voices = 0

    def today(self) -> date:
        return local_day(self.clock.now())

    def collect(self, title: str = "零工市场缺少候工区", unit: str = UNIT) -> Item:
        demand = Demand(
            title=title, origin=Origin.PROBLEM, area=Area.EMPLOYMENT, unit=unit
        )
        return self.flow.collect(demand, by=self.flow.actor(f"op-{unit}"))

    def hear(self, number: str, count: int = 25) -> list[Appeal]:
        appeals = []
        for _ in range(count):
            self._voices += 1
            k = self._voices
            appeals.append(
                Appeal(
                    key=f"V{k}",
                    channel=("hotline_12333", "media", "letters_visits")[k % 3],
                    who=f"p{k}",
                    district=f"5001{k % 9:02d}",
                    at=self.clock.now() - timedelta(days=k % 11),
                    text=f"希望解决候工难 {k}",
                )
            )
        self.flow.add_appeals(appeals, by=self.office)
        pairs = [(one.channel, one.key) for one in appeals]
        self.flow.link(number, pairs, by=self.office)
        return appeals

    def screen(self, number: str, level: int = 80) -> Item:
        scores = {Criterion.URGENCY: level, Criterion.FUNDAMENTALITY: level}
        return self.flow.screen(number, scores, by=self.office)

    def judge(self, number: str, no: Question | None = None) -> Item:
        meeting = self.flow.deliberate(
            held_on=self.today(),
            chair="leader-1",
            participants=["office-1", "office-2"],
            agenda=[number],
            minutes="一致同意",
            by=self.office,
        )
        answers = {one: Answer(yes=one is not no, reason="已核实") for one in Question}
        judgment = Judgment(answers=answers, scores=dict.fromkeys(Attribute, 80))
        return self.flow.judge(number, meeting.key, judgment, by=self.office)

    def star(self, number: str, level: int = 80) -> Item:
        expected = Effectiveness(value=85, low=80, high=90)
        scores = dict.fromkeys(Dimension, level)
        return self.flow.star(number, scores, expected, by=self.office)

    def plan(self) -> Plan:
        indicator = Indicator(
            name="候工区",
            quote="新建候工区10处以上",
            kind=IndicatorKind.FLOW,
            comparator=Comparator.GE,
            value=10,
            unit="处",
        )
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
            satisfaction_measure="现场扫码",
            tasks=(task,),
        )

    def bring(self, state: State, title: str = "零工市场缺少候工区") -> Item:
        """Bring a new item along the main line to ``state``."""
        item = self.collect(title)
        self.hear(item.number)
        steps: dict[State, Callable[[str], Item]] = {
            State.SCREENED: self.screen,
            State.JUDGED: self.judge,
            State.STARRED: self.star,
            State.LISTED: self.enlist,
            State.ASSIGNED: self.assign,
            State.EXECUTED: self.execute,
            State.EVALUATED: self.evaluate,
            State.ADJUSTED: self.adjust,
            State.CLOSED: lambda number: self.flow.close_item(number, by=self.office),
        }
        for reached, step in steps.items():
            if item.state is state:
                break
            item = step(item.number)
            assert item.state is reached
        return item

    def enlist(self, number: str) -> Item:
        """List an item as a supplement to a list that was frozen."""
        from tests.lists import frozen

        key = frozen(self, 2099)
        return self.flow.supplement(number, key, by=self.office, second=self.second)

    def assign(self, number: str) -> Item:
        item = self.flow.item(number)
        if (item.stars or 0) >= 3:
            self.accept_assessments(number)
        return self.flow.assign(number, self.plan(), by=self.operator)

    def accept_assessments(self, number: str) -> None:
        rules = self.flow.rulebook().rules.assessments
        for kind in needed(self.flow.item(number), rules):
            made = self.flow.assess(number, kind, "某高校", by=self.office)
            self.flow.submit_assessment(
                made.key, "可行", high_risk=False, by=self.office
            )
            self.flow.settle_assessment(made.key, accept=True, by=self.second)

    def execute(self, number: str) -> Item:
        results = [TaskResult(task="T1", met=True)]
        return self.flow.execute(number, results, by=self.operator)

    def evaluate(self, number: str) -> Item:
        report = Progress(
            item=number,
            task="T1",
            indicator="候工区",
            month=self.today().strftime("%Y-%m"),
            value=11,
        )
        self.flow.report_progress([report], by=self.operator)
        return self.flow.evaluate(number, 92, by=self.office)

    def adjust(self, number: str) -> Item:
        return self.flow.adjust(
            number, Recommendation.CONTINUE, "效果良好", by=self.office
        )

    def actor(self, person: str) -> Actor:
        return self.flow.actor(person)
