"""Districts that respond to tasks of the city list with own items (B4, C2, C4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from huimin_flow.catalogue.terms import Comparator, Dimension, IndicatorKind, State
from huimin_flow.model.executing.plans import Indicator, Plan, Task, TaskResult
from huimin_flow.model.items import Effectiveness
from huimin_flow.rehearsal.stage import Stage

#: District, the city's task that it responds to, and its target of people served.
RESPONSES = (
    ("500101", 1, 12_000),
    ("500102", 2, 9_000),
    ("500103", 8, 4_000),
    ("500106", 1, 11_000),
    ("500107", 4, 10_000),
    ("500108", 2, 8_000),
    ("500112", 8, 15_000),
    ("500116", 4, 9_500),
    ("500230", 1, 4_200),
    ("500243", 2, 3_600),
)

#: Two districts that miss their targets; one of them does not report a month.
_WEAK = frozenset({"500107", "500230"})
_UNREPORTED = ("500230", "2023-10")


class Districts:
    """The acts of districts on the city's list, besides their own items."""

    def __init__(self, stage: Stage) -> None:
        """Begin without any response."""
        self._stage = stage
        self.numbers: list[str] = []

    def respond(self, city: Mapping[int, str], edition: str) -> None:
        """Respond to items of the city list; two people add them as supplements."""
        stage = self._stage
        for unit, task, _ in RESPONSES:
            by = stage.operator(unit)
            _, item = stage.flow.items.respond(city[task], unit, by=by)
            scores = {dimension: stage.crowd.chance(66, 92) for dimension in Dimension}
            expected = Effectiveness(value=86, low=78, high=92)
            stage.flow.items.star(item.number, scores, expected, by=stage.office)
            stage.flow.lists.supplement(
                item.number, edition, by=stage.office, second=stage.second
            )
            self.numbers.append(item.number)

    def assign(self, due: date) -> None:
        """Break each item down into one task with a figure and a milestone."""
        stage = self._stage
        items = stage.items(self.numbers, State.LISTED)
        stage.assess(items)
        for (unit, _, people), item in zip(RESPONSES, items, strict=True):
            plan = _plan(item.title, unit, people, due)
            stage.flow.items.assign(item.number, plan, by=stage.operator(unit))

    def report(self) -> None:
        """Report the present month; one district doesn't, and the chase names it."""
        stage = self._stage
        month = stage.today.strftime("%Y-%m")
        for item in stage.items(self.numbers, State.ASSIGNED):
            if (item.unit, month) == _UNREPORTED:
                continue
            stage.report(item, weak=item.unit in _WEAK)

    def execute(self) -> None:
        """Execute the items, except those of the weak districts."""
        stage = self._stage
        for item in stage.items(self.numbers, State.ASSIGNED):
            if item.unit in _WEAK or item.plan is None:
                continue
            results = [TaskResult(task=task.key, met=True) for task in item.plan.tasks]
            stage.flow.items.execute(item.number, results, by=stage.operator(item.unit))
            stage.report(item, weak=False, over=True)


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
        satisfaction_measure="好差评与回访",
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
