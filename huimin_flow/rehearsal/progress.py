"""What a running item reports of a month, milestones with their evidence (C4)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.flow import Flow
from huimin_flow.model.actor import Actor
from huimin_flow.model.indicator import Indicator, Plan, Progress
from huimin_flow.model.item import Item
from huimin_flow.rehearsal.voices import Voices
from huimin_flow.terms import IndicatorKind


def progress_of(
    flow: Flow, voices: Voices, item: Item, month: str, *, weak: bool, by: Actor
) -> list[Progress]:
    """Return a month's figures of every indicator; what proves them is attached."""
    plan = item.plan or Plan()
    return [
        _proven(
            flow,
            voices.progress(item.number, task, indicator, month, weak=weak),
            indicator,
            item,
            by,
        )
        for task in plan.tasks
        for indicator in task.indicators
    ]


def _proven(
    flow: Flow, report: Progress, indicator: Indicator, item: Item, by: Actor
) -> Progress:
    if indicator.kind is not IndicatorKind.MILESTONE or not report.value:
        return report
    content = f"{item.title}\n{indicator.name}\n验收意见:已完成(推演)\n".encode()
    name = f"{indicator.name[:40]}.txt"
    made = flow.attach(item.number, name, content, by=by)
    return replace(report, evidence=(made.digest,))
