"""item merge … item respond: what stands beside the main line, as commands."""

from __future__ import annotations

from pathlib import Path

import click

from huimin_flow.catalogue.terms import Step
from huimin_flow.model.items import Item
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import (
    NUMBER,
    NUMBER_ARGUMENT,
    Act,
    acts,
    by_two,
    item_step,
    seen,
)

_REASON = click.option("--reason", required=True, help="理由:规则库中的代码。")


@click.command("split", help="拆分;各部分写在 YAML 或 JSON 文件里。")
@NUMBER_ARGUMENT
@click.option(
    "--parts",
    type=values.PATH,
    required=True,
    help="文件:逐项写 demand(title、origin、area、unit)与 appeals([渠道, 编号])。",
)
@seen
@acts
def split(act: Act, number: str, parts: Path, version: int | None) -> None:
    """Split an item."""
    from huimin_flow.flow.sensing.items import Part  # noqa: PLC0415 - heavy

    read = values.from_file(tuple[Part, ...], parts)
    pairs = [(part.demand, part.appeals) for part in read]
    items = act.flow.split(number, pairs, by=act.by, version=version)
    act.say(items, _born(*items))


def _set_aside(step: Step, help_text: str) -> click.Command:
    @click.command(step.value.removesuffix("_"), help=help_text)
    @NUMBER_ARGUMENT
    @_REASON
    @seen
    @acts
    def command(act: Act, number: str, reason: str, version: int | None) -> None:
        act.item(act.flow.set_aside(number, step, reason, by=act.by, version=version))

    made: click.Command = command
    return made


@click.command("defer", help="暂缓,待条件具备;已在清单上的须两人。")
@NUMBER_ARGUMENT
@_REASON
@by_two
@seen
@acts
def defer(
    act: Act, number: str, reason: str, second: str | None, version: int | None
) -> None:
    """Put an item off, by two people if it is on a list."""
    from huimin_flow.flow.deciding.judgment import needs_two  # noqa: PLC0415 - heavy

    other = act.second(second)
    if other is None and needs_two(act.flow.item(number), Step.DEFER):
        act.propose("defer", {"item": number, "reason": reason}, version)
        return
    act.item(
        act.flow.set_aside(
            number, Step.DEFER, reason, by=act.by, second=other, version=version
        )
    )


@click.command("cancel", help="撤销清单上的事项;须两人。")
@NUMBER_ARGUMENT
@_REASON
@by_two
@acts
def cancel(act: Act, number: str, reason: str, second: str | None) -> None:
    """Take an item off its list, by two people."""
    other = act.confirmer(second, "cancel", {"item": number, "reason": reason})
    if other is not None:
        act.item(act.flow.cancel(number, reason, by=act.by, second=other))


@click.command("excuse", help="上级免除一项任务,由其本人办理。")
@NUMBER_ARGUMENT
@click.option("--task", required=True, help="任务编号。")
@click.option("--reason", required=True, help="理由:为何免除。")
@acts
def excuse(act: Act, number: str, task: str, reason: str) -> None:
    """Excuse a task of an assigned item."""
    made = act.flow.excuse(number, task, reason, by=act.by)
    act.say(made, f"{number} 任务“{made.task}”已由 {made.by} 免除:{made.reason}")


@click.command("carry-over", help="接续:为仍在实施的事项采集下一年度的事项。")
@NUMBER_ARGUMENT
@acts
def carry_over(act: Act, number: str) -> None:
    """Collect the successor of an item that runs on."""
    parent, child = act.flow.carry_over(number, by=act.by)
    act.say((parent, child), _born(parent, child))


@click.command("respond", help="响应:由另一单位承接同一需求。")
@NUMBER_ARGUMENT
@click.option("--unit", required=True, help="单位代码:由谁响应。")
@click.option("--title", default="", help="标题;默认与原事项相同。")
@acts
def respond(act: Act, number: str, unit: str, title: str) -> None:
    """Let another unit take up a demand."""
    parent, child = act.flow.respond(number, unit, by=act.by, title=title)
    act.say((parent, child), _born(parent, child))


def _born(parent: Item, *children: Item) -> str:
    """Return an item and what was born of it, a line each."""
    lines = [f"{parent.number} {parent.state.label}(第{parent.version}版)"]
    lines += [f"新事项 {new.number} {new.state.label}:{new.title}" for new in children]
    return "\n".join(lines)


REGROUPING = (
    item_step(
        "merge",
        "并入另一事项;诉求随之过去。",
        click.option(
            "--keep",
            "into",
            required=True,
            type=NUMBER,
            help="保留哪个事项:本事项并入它。",
        ),
        seen,
    ),
    item_step("unmerge", "撤回合并,回到原处。", seen),
    split,
    _set_aside(Step.REJECT, "不予采纳。"),
    defer,
    _set_aside(Step.RETURN, "退回上一步。"),
    item_step("revive", "恢复暂缓的事项。", seen),
    item_step(
        "amend",
        "更正事实;由它得出的结论会标为存疑。",
        click.option(
            "--set",
            "corrections",
            multiple=True,
            required=True,
            callback=lambda _, __, texts: dict(
                values.pair(text, "title=新标题") for text in texts
            ),
            help="如 title=新标题。",
        ),
        seen,
    ),
    cancel,
    item_step("rework", "最终评价不合格,退回返工。", seen),
    excuse,
    carry_over,
    respond,
)
