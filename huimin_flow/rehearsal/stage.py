"""The tools of a rehearsal: the engine, the clock, the posts, the crowd."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from huimin_flow.catalogue.terms import (
    IndicatorKind,
    State,
    ThirdPartyKind,
    UnitKind,
    Via,
)
from huimin_flow.clock import RehearsalClock, local_day
from huimin_flow.flow import Flow
from huimin_flow.model.core.organization import Actor, Unit
from huimin_flow.model.deciding.assessments import Staff
from huimin_flow.model.executing.plans import Plan, TaskResult
from huimin_flow.model.items import Item
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.rehearsal.crowd import Crowd
from huimin_flow.rehearsal.topics import Topic
from huimin_flow.rules.executing.readiness import needed

#: The kinds of units that serve the people of a place.
PLACES = frozenset({UnitKind.DISTRICT, UnitKind.ZONE})

#: Indicators that add up; after the end of the work their figure is 0.
_GROWING = frozenset({IndicatorKind.FLOW, IndicatorKind.SET})

#: Who assesses, how, and with which staff.
ASSESSOR = "西部某高校评估中心"
APPROACH = "查阅资料,问卷500份,座谈3场"
STAFF = (
    Staff(role="负责人", qualification="教授", count=1),
    Staff(role="调查员", qualification="硕士", count=4),
)

#: How much of a month's part is done, in percent: on plan, a little behind.
ON_PLAN, SLOW = (100, 108), (60, 70)


class Stage:
    """One engine at one moment, and the posts that act in it."""

    def __init__(self, flow: Flow, clock: RehearsalClock, seed: int) -> None:
        """Find the office's two posts, and create a crowd from the seed."""
        book = flow.rulebook.active()
        self.flow, self.clock = flow, clock
        rule = book.scoring.index.complaints
        complaints = rule.channels if rule else ()
        self.crowd = Crowd(seed, book.organization, book.channels, complaints)
        self.office = self.post("office-1")
        self.second = self.post("office-2")

    @property
    def today(self) -> date:
        """Return the present day in Shanghai."""
        return local_day(self.clock.now())

    def post(self, person: str) -> Actor:
        """Return the actor of a post."""
        return self.flow.people.actor(person, Via.REHEARSAL)

    def operator(self, unit: str) -> Actor:
        """Return a unit's operator."""
        return self.post(f"op-{unit}")

    def places(self) -> list[Unit]:
        """Return today's districts and zones."""
        organization = self.flow.rulebook.active().organization
        units = organization.units_on(self.today)
        return [unit for unit in units if unit.kind in PLACES]

    def items(self, numbers: Iterable[str], *states: State) -> list[Item]:
        """Return those of the items that are in one of the states."""
        items = (self.flow.items.get(number) for number in numbers)
        return [item for item in items if item.state in states]

    def hear(self, topic: Topic, count: int, place: str = "") -> list[Appeal]:
        """Return appeals about a topic from the weeks before, from one place or any."""
        first = self.today - timedelta(days=40)
        return self.crowd.appeals(topic, count, first, 35, place)

    def assess(
        self, items: Iterable[Item], plans: Mapping[str, Plan] = MappingProxyType({})
    ) -> None:
        """Make the assessments that the rulebook requires before an assignment (B7).

        ``plans`` are those that are ready, by item.
        """
        rules = self.flow.rulebook.active().rules
        if not self.flow.third_parties.list(limit=1):
            self.flow.third_parties.register(
                ASSESSOR,
                ThirdPartyKind.UNIVERSITY,
                "评估过12项就业与社保政策",
                "长期研究西部公共就业服务",
                "西部某高校",
                by=self.office,
            )
        for item in items:
            for kind in needed(item, rules, plans.get(item.number)):
                made = self.flow.assessments.request(
                    item.number, kind, ASSESSOR, APPROACH, STAFF, by=self.office
                )
                self.flow.assessments.submit(
                    made.key, "总体可行,风险可控", high_risk=False, by=self.office
                )
                self.flow.assessments.accept(made.key, by=self.second)

    def execute(self, item: Item) -> None:
        """Report an item as executed after its last day: what isn't met is missed."""
        reached = iter(self.flow.items.fulfilments(item.number))
        results = []
        for task in (item.plan or Plan()).tasks:
            own = [next(reached) for _ in task.indicators]
            met = all(verdict.passed for verdict in own)
            results.append(TaskResult(task=task.key, met=met))
        self.flow.items.execute(item.number, results, by=self.operator(item.unit))

    def report(
        self, item: Item, pace: tuple[int, int] = ON_PLAN, *, over: bool = False
    ) -> None:
        """Report the present month of every indicator, milestones with evidence (C4).

        ``pace`` is between which percents of a month's part the figures are. With
        ``over`` the work is done already, and indicators that add up get 0.
        """
        month, by = self.today.strftime("%Y-%m"), self.operator(item.unit)
        reports = []
        for task in (item.plan or Plan()).tasks:
            for indicator in task.indicators:
                progress = self.crowd.progress(
                    item.number, task, indicator, month, pace
                )
                if over and indicator.kind in _GROWING:
                    progress = replace(progress, value=0, members=())
                if indicator.kind is IndicatorKind.MILESTONE and progress.value:
                    text = f"{item.title}\n{indicator.name}\n验收意见:已完成(推演)\n"
                    name = f"{indicator.name[:40]}.txt"
                    made = self.flow.items.attach(
                        item.number, name, text.encode(), by=by
                    )
                    progress = replace(progress, evidence=(made.digest,))
                reports.append(progress)
        self.flow.tasks.report(reports, by=by)
