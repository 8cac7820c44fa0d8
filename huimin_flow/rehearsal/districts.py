"""Districts and zones: their points, and their responses to the city list (A2, B4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice

from huimin_flow.catalogue.terms import (
    Comparator,
    Dimension,
    IndicatorKind,
    OutcomeKind,
    PointLevel,
    SatisfactionMethod,
    State,
    UnitKind,
)
from huimin_flow.model.executing.agreements import AgreedOutcome, SatisfactionMeasure
from huimin_flow.model.executing.plans import Indicator, Plan, Task
from huimin_flow.model.items import Effectiveness
from huimin_flow.model.sensing.points import PointEntry
from huimin_flow.rehearsal.stage import ON_PLAN, Stage

#: Of districts in a row, how many levels of points each has.
_LEVELS = (3, 2, 3, 1, 3, 0)

#: How districts measure satisfaction.
MEASURE = SatisfactionMeasure(
    method=SatisfactionMethod.SURVEY,
    population="办事群众",
    size=100,
    mark=80,
)

#: The tasks of the city that districts respond to, in turn.
_TASKS = (1, 2, 8, 4)

#: One of so many residents is a district's target; a zone's is a fixed number.
_SERVED = 100
_OF_A_ZONE = 6_000

#: How far a month's work falls behind, and how it catches up.
_BEHIND, _FAST = (20, 30), (195, 205)

#: Districts that fall behind, from one month to another: two of them never catch up.
_PACES = (
    ("500107", "2023-07", "2023-12", _BEHIND),
    ("500229", "2023-09", "2023-10", _BEHIND),
    ("500229", "2023-11", "2023-12", _FAST),
    ("500230", "2023-09", "2023-12", _BEHIND),
    ("500238", "2023-08", "2023-09", _BEHIND),
    ("500238", "2023-10", "2023-11", _FAST),
)

#: Two districts that miss their targets; one of them does not report a month.
LATE = ("500107", "500230")
_UNREPORTED = ("500230", "2023-10")


class Districts:
    """The acts of districts on the city's list, besides their own items."""

    def __init__(self, stage: Stage) -> None:
        """Begin without any response."""
        self._stage = stage
        self.numbers: list[str] = []
        self._people: list[int] = []

    def set_up_points(self, part: int) -> None:
        """Set up the points of six districts of twelve, the first (0) or second (1).

        Those of long ago are silent at the end, as no appeal of the demo names a point.
        """
        stage = self._stage
        organization = stage.flow.rulebook.active().organization
        districts = [unit for unit in stage.places() if unit.kind is UnitKind.DISTRICT]
        entries: list[PointEntry] = []
        for n, unit in enumerate(districts):
            turn, kept = divmod(n, len(_LEVELS))
            if turn % 2 != part or organization.places is None:
                continue
            code = organization.places.towns_in([unit.code], stage.today)[0]
            town = f"{unit.name}{organization.town(code)}"
            localities = (unit.name, town, f"{town}中心社区")
            named = zip(PointLevel, localities, strict=True)
            for level, locality in islice(named, _LEVELS[kept]):
                name = f"{unit.name}{level.spoken}直报点"
                entries.append(PointEntry(name=name, level=level, locality=locality))
        stage.flow.points.add_all(entries, by=stage.office)

    def respond(self, city: Mapping[int, str], edition: str) -> None:
        """Respond to items of the city list; two people add them as supplements."""
        stage = self._stage
        for place, unit in enumerate(stage.places()):
            by = stage.operator(unit.code)
            task = _TASKS[place % len(_TASKS)]
            _, item = stage.flow.items.respond(city[task], unit.code, by=by)
            scores = {dimension: stage.crowd.chance(66, 84) for dimension in Dimension}
            expected = Effectiveness(value=86, low=78, high=92)
            stage.flow.items.star(item.number, scores, expected, by=stage.office)
            stage.flow.lists.supplement(
                item.number,
                edition,
                "区县响应全市清单",
                by=stage.office,
                second=stage.second,
            )
            self.numbers.append(item.number)
            self._people.append((unit.population or 0) // _SERVED or _OF_A_ZONE)

    def assign(self, due: date) -> None:
        """Break each item down into one task with a figure and a milestone."""
        stage = self._stage
        items = stage.items(self.numbers, State.LISTED)
        stage.assess(items)
        for people, item in zip(self._people, items, strict=True):
            plan = _plan(item.title, item.unit, people, due)
            stage.flow.items.assign(item.number, plan, by=stage.operator(item.unit))

    def report(self) -> None:
        """Report the present month; one district doesn't, and the chase names it."""
        stage = self._stage
        month = stage.today.strftime("%Y-%m")
        for item in stage.items(self.numbers, State.ASSIGNED):
            paces = (
                pace
                for unit, first, last, pace in _PACES
                if unit == item.unit and first <= month <= last
            )
            if (item.unit, month) != _UNREPORTED:
                stage.report(item, next(paces, ON_PLAN))

    def execute(self) -> None:
        """Execute the items, except those of the late districts."""
        stage = self._stage
        for item in stage.items(self.numbers, State.ASSIGNED):
            if item.unit in LATE or item.plan is None:
                continue
            stage.report(item, over=True)
            stage.execute(item)


def _plan(title: str, unit: str, people: int, due: date) -> Plan:
    reached = Indicator(
        name="服务群众",
        quote=f"服务群众{people}人次以上",
        kind=IndicatorKind.FLOW,
        comparator=Comparator.GE,
        value=people,
        unit="人次",
    )
    rules = Indicator(
        name="印发实施细则",
        quote="印发实施细则",
        kind=IndicatorKind.MILESTONE,
        comparator=Comparator.GE,
        value=1,
        unit="项",
    )
    return Plan(
        deliverable=f"{title}在本区县落地见效",
        carrier="区县人力社保局",
        path="按月推进,逐级落实",
        method="下沉镇街,送服务上门",
        satisfaction_measure=MEASURE,
        outcomes=(
            AgreedOutcome(
                key="办成",
                kind=OutcomeKind.OUTCOME,
                statement=f"{people}人次以上的群众办成事",
                counted="服务群众",
                mark=people,
                unit="人次",
                due=due,
            ),
            AgreedOutcome(
                key="少投诉",
                kind=OutcomeKind.SOCIAL_BENEFIT,
                statement="实施期间没有越级信访",
                check="信访部门的情况通报",
                due=due,
            ),
        ),
        tasks=(
            Task(
                key="落地",
                title=f"{title}(本区县)",
                unit=unit,
                due=due,
                indicators=(reached, rules),
            ),
        ),
    )
