"""item assign … item close: the second half of an item's life, as commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import NUMBER_ARGUMENT, Act, acts, dated, seen

_COUNT = values.Whole(0)


@click.command("assign", help="分解任务;方案写在 YAML 或 JSON 文件里。")
@NUMBER_ARGUMENT
@click.option(
    "--plan", type=click.Path(path_type=Path), required=True, help="方案文件。"
)
@seen
@dated
@acts
def assign(act: Act, number: str, plan: Path, **basis: Any) -> None:
    """Assign an item by its plan."""
    from huimin_flow.model.executing.plans import Plan  # noqa: PLC0415 - heavy

    read = values.from_file(Plan, plan)
    act.item(act.flow.assign(number, read, by=act.by, **basis))


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
    from huimin_flow.model.executing.plans import Progress  # noqa: PLC0415 - heavy

    report = Progress(item=number, **fields)
    kept = act.flow.report_progress([report], by=act.by)
    figure = f"“{report.indicator}”{report.month}:{report.value}"
    act.say(kept, f"已记入 {number} {report.task}{figure}")


@click.command("execute", help="报告执行完成:逐项任务完成,或已由上级免除。")
@NUMBER_ARGUMENT
@click.option("--met", multiple=True, help="已完成的任务编号。")
@seen
@dated
@acts
def execute(act: Act, number: str, met: tuple[str, ...], **basis: Any) -> None:
    """Report an item as executed, and say what its last month still has to report."""
    from huimin_flow.model.executing.plans import TaskResult  # noqa: PLC0415 - heavy

    # What was excused stands recorded.
    results = [TaskResult(task=task, met=True) for task in met]
    item = act.flow.execute(number, results, by=act.by, **basis)
    last = act.plain.events(StreamKind.ITEM.key(number))[-1].event
    month = f"{last.occurred_on:%Y-%m}"
    missing = "、".join(
        f"{line.task}({'、'.join(line.indicators)})"
        for line in act.plain.progress_owing(month)
        if line.item == number
    )
    act.item(item, f"\n{month}的进度还须报送:{missing}" if missing else "")


@click.command("evaluate", help="最终评价:落实度由进展算出,满意度填百分比。")
@NUMBER_ARGUMENT
@click.option(
    "--satisfaction", type=values.Whole(0, 100), required=True, help="满意度,%。"
)
@seen
@dated
@acts
def evaluate(act: Act, number: str, satisfaction: int, **basis: Any) -> None:
    """Evaluate an executed item."""
    act.item(act.flow.evaluate(number, satisfaction, by=act.by, **basis))


@click.command("adjust", help="动态调整建议及其依据。")
@NUMBER_ARGUMENT
@click.option(
    "--recommendation", required=True, help="继续实施、调整完善、复制推广、停止实施。"
)
@click.option("--grounds", required=True, help="依据。")
@seen
@acts
def adjust(
    act: Act, number: str, recommendation: str, grounds: str, version: int | None
) -> None:
    """Record what is to become of the measure."""
    from huimin_flow.catalogue.terms import Recommendation  # noqa: PLC0415 - heavy

    chosen = values.word(Recommendation, recommendation)
    act.item(act.flow.adjust(number, chosen, grounds, by=act.by, version=version))


@click.command("close", help="办结。")
@NUMBER_ARGUMENT
@seen
@acts
def close(act: Act, number: str, version: int | None) -> None:
    """Close an adjusted item."""
    act.item(act.flow.close_item(number, by=act.by, version=version))


EXECUTING = (assign, progress, execute, evaluate, adjust, close)
