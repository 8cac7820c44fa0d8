"""What a running item reports of a month, milestones with their evidence (C4)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.catalogue.terms import IndicatorKind
from huimin_flow.model.actor import Actor
from huimin_flow.model.indicator import Indicator, Plan, Progress
from huimin_flow.model.item import Item
from huimin_flow.rehearsal.stage import Stage

#: What adds up; once the work is done, nothing more comes to it.
_GROWING = frozenset({IndicatorKind.FLOW, IndicatorKind.SET})


def report(stage: Stage, item: Item, *, weak: bool, over: bool = False) -> None:
    """Report the present month of every indicator; what proves them is attached.

    ``over`` tells that the work was done before: what adds up stays as it is.
    """
    month, by = stage.today.strftime("%Y-%m"), stage.operator(item.unit)
    reports = []
    for task in (item.plan or Plan()).tasks:
        for indicator in task.indicators:
            told = stage.voices.progress(item.number, task, indicator, month, weak=weak)
            if over and indicator.kind in _GROWING:
                told = replace(told, value=0, members=())
            reports.append(_proven(stage, told, indicator, item, by))
    stage.flow.report_progress(reports, by=by)


def _proven(
    stage: Stage, report: Progress, indicator: Indicator, item: Item, by: Actor
) -> Progress:
    if indicator.kind is not IndicatorKind.MILESTONE or not report.value:
        return report
    content = f"{item.title}\n{indicator.name}\n验收意见:已完成(推演)\n".encode()
    name = f"{indicator.name[:40]}.txt"
    made = stage.flow.attach(item.number, name, content, by=by)
    return replace(report, evidence=(made.digest,))
