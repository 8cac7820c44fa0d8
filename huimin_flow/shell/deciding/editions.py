"""item cancel, reopen, carry-over, respond: items that leave or come back (B4, C3)."""

from __future__ import annotations

import click

from huimin_flow.catalogue.terms import Argument, Step
from huimin_flow.shell.core.acting import (
    NUMBER_ARGUMENT,
    REASON,
    Act,
    acts,
    born,
    by_two,
    yes,
)
from huimin_flow.shell.core.named import Named


@click.command("cancel", help="撤销清单上的事项;须两人。")
@NUMBER_ARGUMENT
@REASON
@by_two
@yes
@acts
def cancel(
    act: Act, number: str, reason: str, second: str | None, *, yes: bool
) -> None:
    """Take an item off its list, by two people."""
    act.sure(lambda now: now.items.preview(number, Step.CANCEL), yes=yes)
    other = act.confirmer(second, "cancel", {"item": number, "reason": reason})
    if other is not None:
        act.item(act.flow.items.cancel(number, reason, by=act.by, second=other))


@click.command("reopen", help="重启不予采纳或已办结的事项;须两人。")
@NUMBER_ARGUMENT
@REASON
@by_two
@acts
def reopen(act: Act, number: str, reason: str, second: str | None) -> None:
    """Take an item back from its end, by two people."""
    other = act.confirmer(second, "reopen", {"item": number, "reason": reason})
    if other is not None:
        act.item(act.flow.items.reopen(number, reason, by=act.by, second=other))


@click.command("carry-over", help="接续:为仍在实施的事项采集下一年度的事项。")
@NUMBER_ARGUMENT
@acts
def carry_over(act: Act, number: str) -> None:
    """Collect next year's successor of an item that is still being executed."""
    parent, child = act.flow.items.carry_over(number, by=act.by)
    act.say((parent, child), born(parent, child))


@click.command("respond", help="响应:由另一单位承接同一需求。")
@NUMBER_ARGUMENT
@click.option(
    "--unit",
    required=True,
    type=Named(Argument.UNIT),
    help="单位代码,或名称:由谁响应。",
)
@click.option("--title", default="", help="标题;默认与原事项相同。")
@acts
def respond(act: Act, number: str, unit: str, title: str) -> None:
    """Let another unit take up a demand."""
    parent, child = act.flow.items.respond(number, unit, by=act.by, title=title)
    act.say((parent, child), born(parent, child))
