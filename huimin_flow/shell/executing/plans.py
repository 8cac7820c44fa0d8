"""item assign, progress, execute, excuse (B6, C2, C4)."""

from __future__ import annotations

from typing import Any

import click

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.model.executing.plans import Plan, Progress, TaskResult
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import (
    NUMBER_ARGUMENT,
    Act,
    acts,
    dated,
    item_step,
    seen,
)

_COUNT = values.Whole(0)

assign = item_step(
    "assign",
    "分解任务;方案写在 YAML 或 JSON 文件里。",
    click.option(
        "--plan",
        type=values.PATH,
        required=True,
        callback=values.reading(values.from_file, Plan),
        help="方案文件。",
    ),
    seen,
    dated,
)


@click.command("progress", help="报送一个指标的月度进展;再报即更正。")
@NUMBER_ARGUMENT
@click.option("--task", required=True, help="任务编号。")
@click.option("--indicator", required=True, help="指标名称。")
@click.option("--month", required=True, help="月份,如 2026-11。")
@click.option(
    "--value", type=_COUNT, required=True, help="数值;比率写分子,清零写帮扶数。"
)
@click.option("--denominator", type=_COUNT, help="比率的分母;清零写发现数。")
@click.option("--note", default="", help="备注。")
@click.option("--evidence", multiple=True, help="佐证:已上传附件的摘要。")
@click.option(
    "--member", "members", multiple=True, help="具名事项:本月完成的成员,可多次。"
)
@acts
def progress(act: Act, number: str, **fields: Any) -> None:
    """Report a month's figure."""
    report = Progress(item=number, **fields)
    kept = act.flow.tasks.report([report], by=act.by)
    figure = f"“{report.indicator}”{report.month}:{report.value}"
    act.say(kept, f"已记入 {number} {report.task}{figure}")


@click.command("execute", help="报告执行完成:逐项任务完成,或已由上级免除。")
@NUMBER_ARGUMENT
@click.option("--met", multiple=True, help="已完成的任务编号。")
@seen
@dated
@acts
def execute(act: Act, number: str, met: tuple[str, ...], **basis: Any) -> None:
    """Report an item as executed, and show the reports its last month still needs."""
    # Excused tasks are already recorded.
    results = [TaskResult(task=task, met=True) for task in met]
    item = act.flow.items.execute(number, results, by=act.by, **basis)
    last = act.plain.records.events(StreamKind.ITEM.key(number))[-1].event
    month = f"{last.occurred_on:%Y-%m}"
    units = {task.unit for task in item.plan.tasks} if item.plan else set()
    missing = "、".join(
        f"{line.task}({'、'.join(line.indicators)})"
        for unit in sorted(units)
        for line in act.plain.tasks.owing(month, unit=unit)
        if line.item == number
    )
    act.item(item, f"\n{month}的进度还须报送:{missing}" if missing else "")


@click.command("excuse", help="上级免除一项任务,由其本人办理。")
@NUMBER_ARGUMENT
@click.option("--task", required=True, help="任务编号。")
@click.option("--reason", required=True, help="理由:为何免除。")
@acts
def excuse(act: Act, number: str, task: str, reason: str) -> None:
    """Excuse a task of an assigned item."""
    made = act.flow.tasks.excuse(number, task, reason, by=act.by)
    act.say(made, f"{number} 任务“{made.task}”已由 {made.by} 免除:{made.reason}")
