"""The rehearsal of 2022-10-01 to 2024-02-29 on the real 2023 list (C5, F4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from huimin_flow.catalogue.terms import (
    Area,
    Attribute,
    BoardState,
    Criterion,
    Dimension,
    Grade,
    Origin,
    Question,
    Recommendation,
    State,
    StreamKind,
)
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.flow import Flow
from huimin_flow.flow.deciding.opening import opening_plan
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.deciding.deliberations import Answer, Judgment
from huimin_flow.model.deciding.lists import CITY
from huimin_flow.model.executing.agreements import OutcomeResult
from huimin_flow.model.executing.plans import OpeningList, Plan
from huimin_flow.model.items import Effectiveness, Item
from huimin_flow.rehearsal import topics
from huimin_flow.rehearsal.answering import Answers
from huimin_flow.rehearsal.districts import Districts
from huimin_flow.rehearsal.gathering import Gathering
from huimin_flow.rehearsal.service import Service
from huimin_flow.rehearsal.stage import ON_PLAN, SLOW, Stage
from huimin_flow.rules.core.due import outlook
from huimin_flow.testing.agreed import ask
from huimin_flow.timetable.ledger import tick

FIRST = date(2022, 10, 1)
LAST = date(2024, 2, 29)

#: The answers of a deliberation on an item that passes.
YES = {
    Question.WANTED: "群众多次反映",
    Question.PERMITTED: "符合现行法规政策",
    Question.CAPABLE: "经费、人员、系统均已落实",
    Question.WARRANTED: "属于本部门职责且见效快",
}

#: By what the outcomes of the list were found met, and who answered.
CHECKED = "印发件与年度统计报表"

#: How many people are served by an item, and how many of them are asked.
SERVED, ASKED = 300, 100

#: Items of districts: title, origin, level of their scores, area.
LOCAL = (
    ("社区就业服务站周末不开门", Origin.OPINION, 78, Area.EMPLOYMENT),
    ("零工市场缺少遮雨候工区", Origin.PROBLEM, 82, Area.EMPLOYMENT),
    ("退休认证仍要求到场", Origin.POLICY, 75, Area.SOCIAL_SECURITY),
    ("技能培训补贴到账慢", Origin.PROBLEM, 70, Area.EMPLOYMENT),
    ("劳动争议调解预约难", Origin.OPINION, 66, Area.LABOR_RELATIONS),
    ("村级社保代办点设备陈旧", Origin.PROBLEM, 35, Area.SOCIAL_SECURITY),
)

#: The parts of the appeals about items, in which they come in: one of so many of those
#: that still wait.
SHARES = (6, 1)

#: The districts of these items.
UNITS = ("500101", "500106", "500112", "500230", "500243", "500156")

Act = Callable[[], object]


class Story(Stage):
    """The script of all acts by day; the clock moves, and the timetable ticks."""

    def __init__(
        self, flow: Flow, clock: RehearsalClock, opening: OpeningList, seed: int
    ) -> None:
        """Store the engine and the list of the rehearsal."""
        super().__init__(flow, clock, seed)
        self.opening = opening
        self.districts = Districts(self)
        self.gathering = Gathering(self)
        self.service = Service(self, self.gathering)
        self.answers = Answers(self)
        self.numbers: dict[int, str] = {}
        self.local: list[str] = []
        self.successors: list[str] = []

    def days(self) -> Iterator[date]:
        """Play day after day; yield each day when it is over."""
        script = self._script()
        day = FIRST
        while day <= LAST:
            opened, tomorrow = at_hour(day, 9), at_hour(day + timedelta(days=1), 0)
            self._serve(at_hour(day, 0), opened)
            self.clock.set(opened)
            for act in script.get(day, ()):
                act()
                self.clock.advance(timedelta(minutes=1))
            self._serve(self.clock.now(), tomorrow)
            yield day
            day += timedelta(days=1)

    def _serve(self, first: datetime, last: datetime) -> None:
        """Tick at each due moment after ``first`` and up to ``last``."""
        due = outlook(self.flow.rulebook.active(), first, last).due
        for moment in sorted({each.at for each in due}):
            self.clock.set(moment)
            tick(self.flow, moment)

    def _script(self) -> dict[date, list[Act]]:
        script: dict[date, list[Act]] = {}

        def on(year: int, month: int, day: int, act: Act) -> None:
            script.setdefault(date(year, month, day), []).append(act)

        for index in range(12 * 2022 + 9, 12 * 2024 + 2):
            on(index // 12, index % 12 + 1, 27, self.service.rate)
            on(index // 12, index % 12 + 1, 28, self.service.follow_up)
            if index % 3 == 2 or index == 12 * 2024 + 1:
                on(index // 12, index % 12 + 1, 28, self.gathering.compare)
            on(index // 12, index % 12 + 1, 28, self.answers.answer)
            on(index // 12, index % 12 + 1, 5, self.service.verify)
        for first in (date(2022, 11, 16), date(2023, 9, 19), date(2023, 11, 9)):
            for place, share in enumerate(SHARES):
                day = first + timedelta(days=2 * place)
                part = partial(self.gathering.take_in_part, share)
                on(day.year, day.month, day.day, part)
                on(day.year, day.month, day.day, self.gathering.compare)
                on(day.year, day.month, day.day, self.answers.answer)
        on(2023, 9, 25, lambda: self.gathering.undo_unlike(self.unlike))
        on(2023, 3, 7, partial(self.districts.set_up_points, 0))
        on(2024, 1, 9, partial(self.districts.set_up_points, 1))
        districts, city, opening = self.districts, self.numbers, self.opening
        key = StreamKind.LIST.key(opening.year, CITY)
        by_two = {"by": self.office, "second": self.second}
        on(2022, 11, 15, self._collect_city)
        on(2023, 3, 10, lambda: self._screen(city.values()))
        on(2023, 5, 12, lambda: self._judge(city.values()))
        on(2023, 5, 26, lambda: self._star(city.values(), 60))
        on(2023, 6, 29, lambda: self.flow.lists.enter_opening(opening, city, **by_two))
        on(2023, 7, 10, self._assess_listed)
        on(2023, 7, 12, self._assign)
        on(2023, 7, 14, lambda: districts.respond(city, key))
        on(2023, 7, 18, lambda: districts.assign(opening.due))
        on(2023, 7, 20, lambda: self._issue(key))
        for month in range(7, 13):
            on(2023, month, 28, self._report)
        on(2023, 9, 18, self._collect_local)
        on(2023, 10, 20, lambda: self._screen(self.local))
        on(2023, 11, 8, self._carry_over)
        on(2023, 11, 15, lambda: self._screen(self.successors))
        on(2023, 11, 28, lambda: self._judge([*self.local, *self.successors]))
        on(2023, 12, 6, lambda: self._star(self.local, 55, 84))
        on(2023, 12, 6, lambda: self._star(self.successors, 55))
        on(2023, 12, 18, self._propose)
        on(2023, 12, 20, lambda: self.flow.lists.consolidate("2024", by=self.office))
        for month in (4, 7, 10):
            on(2023, month, 20, self._publish_boards)
        on(2024, 1, 20, self._publish_boards)
        on(2024, 1, 10, self._execute)
        on(2024, 1, 22, self._evaluate)
        on(2024, 1, 24, lambda: self.service.rate_late(date(2023, 12, 27), "2023-12"))
        on(2024, 2, 5, self._rework)
        on(2024, 2, 20, self._adjust)
        on(2024, 2, 26, self._close)
        return script

    def _issue(self, key: str) -> None:
        self.flow.lists.confirm(key, by=self.office, second=self.second)
        self.flow.lists.publish(key, by=self.post("publicity-1"))

    def _publish_boards(self) -> None:
        for made in self.flow.boards.list(state=BoardState.DRAFTED):
            self.flow.boards.publish(made.key, by=self.office, second=self.second)

    def _collect_city(self) -> None:
        origins = (Origin.PROBLEM, Origin.OPINION, Origin.POLICY)
        for task in self.opening.tasks:
            topic = topics.CITY[task.task]
            demand = Demand(
                title=task.title,
                description=task.text,
                origin=origins[task.task % 3],
                area=task.area,
                unit=task.lead_unit,
                life_stage=topic.stage,
            )
            appeals = self.hear(topic, self.crowd.chance(24, 60))
            item = self.gathering.collect(demand, appeals, self.office)
            self.numbers[task.task] = item.number

    def _collect_local(self) -> None:
        for (title, origin, _, area), unit, topic in zip(
            LOCAL, UNITS, topics.LOCAL, strict=True
        ):
            demand = Demand(
                title=title,
                origin=origin,
                area=area,
                unit=unit,
                life_stage=topic.stage,
            )
            appeals = self.hear(topic, self.crowd.chance(18, 40), unit)
            if topic is topics.LOCAL[1]:
                self.unlike = self.crowd.unlike(appeals)
            item = self.gathering.collect(demand, appeals, self.operator(unit))
            self.local.append(item.number)
        (title, _, _, area), unit = LOCAL[0], UNITS[0]
        demand = Demand(title=title, origin=Origin.OPINION, area=area, unit=unit)
        # A clerk has not seen that there is an item already.
        appeals = self.hear(topics.LOCAL[0], 6, unit)
        twin = self.gathering.collect(demand, appeals, self.operator(unit))
        self.flow.items.merge(twin.number, self.local[0], by=self.office)

    def _screen(self, numbers: Iterable[str]) -> None:
        likely = {title: score for title, _, score, _ in LOCAL}
        rule = self.flow.rulebook.active().rules.screening
        for item in self.items(numbers, State.COLLECTED):
            level = likely.get(item.title, 80)
            level = level if level >= 40 else 5
            scores: dict[Criterion, int] = {
                criterion: min(100, level + self.crowd.chance(0, 8))
                for criterion in rule.criteria[item.origin].weights
                if criterion is not Criterion.PREVALENCE
            }
            self.flow.items.screen(item.number, scores, by=self.office)

    def _judge(self, numbers: Iterable[str]) -> None:
        items = self.items(numbers, State.SCREENED)
        meeting = self.flow.meetings.hold(
            held_on=self.today,
            chair="leader-1",
            participants=["office-1", "office-2", "supervision-1"],
            agenda=[item.number for item in items],
            minutes="逐项回答想做、可做、能做、该做,形成一致意见。",
            by=self.office,
        )
        for place, item in enumerate(items):
            answers = {
                question: Answer(yes=True, reason=reason)
                for question, reason in YES.items()
            }
            if item.number in self.local and place == 0:
                answers[Question.CAPABLE] = Answer(yes=False, reason="场地尚未落实")
            scores = {attribute: self.crowd.chance(66, 92) for attribute in Attribute}
            judgment = Judgment(answers=answers, scores=scores)
            self.flow.items.judge(item.number, meeting.key, judgment, by=self.office)
        name, by = f"论证会议纪要({meeting.held_on}).txt", self.office
        self.flow.meetings.attach(meeting.key, name, meeting.minutes.encode(), by=by)
        self.flow.meetings.close(meeting.key, by=by)

    def _star(self, numbers: Iterable[str], low: int, high: int = 96) -> None:
        for item in self.items(numbers, State.JUDGED):
            scores = {
                dimension: self.crowd.chance(low, high) for dimension in Dimension
            }
            value = self.crowd.chance(80, 95)
            expected = Effectiveness(value=value, low=value - 8, high=value + 5)
            self.flow.items.star(item.number, scores, expected, by=self.office)

    def _assess_listed(self) -> None:
        plans = {
            self.numbers[task.task]: opening_plan(self.opening, task)
            for task in self.opening.tasks
        }
        self.assess(self.items(self.numbers.values(), State.LISTED), plans)

    def _assign(self) -> None:
        for task in self.opening.tasks:
            item = self.flow.items.get(self.numbers[task.task])
            plan = opening_plan(self.opening, task)
            self.flow.items.assign(item.number, plan, by=self.operator(item.unit))

    def _report(self) -> None:
        for item in self.items(self.numbers.values(), State.ASSIGNED):
            self.report(item, self._pace(item))
        self.districts.report()

    def _pace(self, item: Item) -> tuple[int, int]:
        """Return an item's pace: one of the list falls behind its plan."""
        return SLOW if item.number == self.numbers[13] else ON_PLAN

    def _carry_over(self) -> None:
        for task, number in [*self.numbers.items()][:8]:
            item = self.flow.items.get(number)
            _, child = self.flow.items.carry_over(number, by=self.operator(item.unit))
            self.successors.append(child.number)
            # What citizens say meanwhile comes to the item that runs (B9).
            appeals = self.hear(topics.CITY[task], self.crowd.chance(20, 40))
            self.gathering.wait(appeals)

    def _propose(self) -> None:
        """Let the lead unit of each area that has items propose them."""
        for area in Area:
            key = StreamKind.LIST.key(2024, area)
            proposal = self.flow.lists.get(key)
            if proposal.places:
                by = self.post(f"head-{proposal.unit}")
                self.flow.lists.propose(key, by=by)

    def _execute(self) -> None:
        for item in self.items(self.numbers.values(), State.ASSIGNED):
            self.report(item, self._pace(item), over=True)
            self.execute(item)
        self.districts.execute()

    def _evaluate(self) -> None:
        for item in self.items(self.numbers.values(), State.EXECUTED):
            frame = [f"{item.number}-{n:03d}" for n in range(SERVED)]
            satisfied = self.crowd.chance(86, 99)
            ask(self.flow, item.number, frame, ASKED, satisfied, self.office)
            results = [
                OutcomeResult(outcome=agreed.key, grade=Grade.MET, evidence=CHECKED)
                for agreed in (item.plan or Plan()).outcomes
            ]
            self.flow.items.evaluate(item.number, results, by=self.office)

    def _rework(self) -> None:
        for item in self.items(self.numbers.values(), State.EVALUATED):
            if item.evaluation_passed is False:
                self.flow.items.rework(item.number, by=self.office)

    def _adjust(self) -> None:
        for item in self.items(self.numbers.values(), State.EVALUATED):
            good = Decimal(item.satisfaction or 0) >= 95
            self.flow.items.adjust(
                item.number,
                Recommendation.REPLICATE if good else Recommendation.CONTINUE,
                f"落实度{item.fulfilment},满意度{item.satisfaction}%",
                by=self.office,
            )

    def _close(self) -> None:
        for item in self.items(self.numbers.values(), State.ADJUSTED)[:3]:
            demand = Demand(
                title=f"{item.title}:执行中发现的差距",
                origin=Origin.POLICY,
                area=item.area,
                unit=item.unit,
                arises_from=item.number,
            )
            self.flow.items.collect(demand, by=self.operator(item.unit))
            self.flow.items.close(item.number, by=self.office)
        for item in self.items(self.local, State.DEFERRED):
            number, by = item.number, self.office
            self.flow.items.revive(number, by=by)
            self.flow.items.return_(number, "facts_incomplete", by=by)
