"""What the index of the rehearsal counts: three months of eight units, through the shell.

Each unit shows something: colors that chance can't move, one of them only since
hysteresis keeps it; a month without a report, and one with too few ratings; a unit with
too few months for the ranking; a zone that is beside it, since its residents aren't
known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from huimin_flow.catalogue.terms import Comparator, IndicatorKind
from huimin_flow.model.executing.plans import Indicator, Task
from tests.acceptance.carried_out import CLERK, OFFICE, Story, heard

MONTHS = ("2023-10", "2023-11", "2023-12")
STEADY, KEPT, SILENT, SURE, FEW, ZONE = (
    "500109", "500110", "500111", "500113", "500114", "FA-GXQ",
)  # fmt: skip
#: Who carries a task of the item out; the first unit has another one that it neglects.
CARRYING = (STEADY, KEPT, SILENT, SURE, FEW, ZONE, "500102")
NAMES = {
    "500101": "万州区", STEADY: "北碚区", KEPT: "綦江区", SILENT: "大足区",
    SURE: "巴南区", FEW: "黔江区",
}  # fmt: skip
COUNTED, GOAL = "走访企业", 200
RATED = "办件编号,单位,事项,渠道,评价,时间,窗口,人员"


class Told(NamedTuple):
    """What is told of a unit in a month."""

    ratings: int = 40
    bad: int = 0
    complaints: int = 0
    figure: int | None = 30


USUAL = dict.fromkeys(CARRYING[:6], Told()) | {"500102": Told(0)}
#: By month and unit, what is told; 500102 and 500101 have ratings of October already.
TOLD: dict[str, dict[str, Told]] = {
    "2023-10": USUAL | {SURE: Told(120)},
    "2023-11": USUAL
    | {
        SURE: Told(120), KEPT: Told(120, 38), SILENT: Told(figure=None),
        "500101": Told(complaints=1, figure=None),
    },
    "2023-12": USUAL
    | {
        SURE: Told(120), KEPT: Told(40, 12, 3), SILENT: Told(figure=60), FEW: Told(12),
        "500101": Told(complaints=1, figure=None),
    },
}  # fmt: skip


def planned(story: Story) -> None:
    """Assign an item that so many units carry out until spring."""
    plan = story.desk.plan()
    visits = Indicator(
        name=COUNTED, quote=f"{COUNTED}{GOAL}户", kind=IndicatorKind.FLOW,
        comparator=Comparator.GE, value=GOAL, unit="户",
    )  # fmt: skip
    tasks = tuple(
        Task(
            key=f"T{n}", title=COUNTED, unit=unit, due=plan.tasks[0].due,
            indicators=(visits,),
        )
        for n, unit in enumerate(CARRYING, 1)
    )  # fmt: skip
    number = heard(story.desk, "企业用工难")
    story.known["counted"] = story.desk.assign(
        number, replace(plan, tasks=tasks)
    ).number


def ratings(month: str, at: str) -> Iterator[str]:
    """Yield the rows of a month's ratings."""
    for unit, told in TOLD[month].items():
        for n in range(told.ratings):
            level = "不满意" if n < told.bad else "满意"
            key = f"{month}-{unit}-{n}"
            yield f"{key},{unit},startup_grant,hall_device,{level},{at},,"


def complaints(month: str, at: str) -> Iterator[str]:
    """Yield the rows of a month's complaints."""
    for unit, told in TOLD[month].items():
        for n in range(told.complaints):
            yield f"GD{month}{unit}{n},{at},{NAMES[unit]},窗口排队太久"


def told(story: Story, month: str) -> None:
    """Import a month's ratings, complaints and figures."""
    at = f"{story.desk.today()} 08:00"
    assert at.startswith(month)
    figures = [
        f"{story.known['counted']},T{n},{COUNTED},{month},{figure}"
        for n, unit in enumerate(CARRYING, 1)
        if (figure := TOLD[month][unit].figure) is not None
    ]
    for noun, head, rows, by in (
        ("rating", RATED, ratings(month, at), OFFICE),
        (
            "appeal",
            "工单编号,来电时间,所属区县,诉求内容",
            complaints(month, at),
            OFFICE,
        ),
        ("progress", "事项编号,任务编号,指标,月份,本月数值", figures, CLERK),
    ):
        if lines := [*rows]:
            file = story.file(f"{month}-{noun}.csv", head, *lines)
            story.say(noun, "import", file, by=by)
