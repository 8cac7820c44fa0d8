"""clock: whether the machine's clock is trusted, and which records it got wrong."""

from __future__ import annotations

from huimin_flow.catalogue.language import say, say_pair
from huimin_flow.catalogue.reasons import spoken, ways_out
from huimin_flow.catalogue.terms import FollowUpStep, RecordStep, Step, StreamKind
from huimin_flow.clock import shanghai
from huimin_flow.model.core.clocks import ClockRecord
from huimin_flow.reports.core.histories import word
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act
from huimin_flow.shell.core.commands import Shown, View, act, facts, view
from huimin_flow.store.core.history import moment_of


def _said(_: Act, made: ClockRecord, __: object) -> str:
    moment = shanghai(moment_of(made.moment))
    if not made.last:
        return say("已确认此刻的时间:{moment}", moment=moment)
    return say(
        "已认定第{first}至{last}条记录为时钟走错;时间自{moment}续记",
        first=made.first,
        last=made.last,
        moment=moment,
    )


act("clock confirm", says=_said)
act("clock declare", says=_said)


@view("clock show", csv=False)
def _show(view: View) -> Shown:
    """Show whether the clock is trusted, what is ahead of it, and declared spans."""
    status = view.answer
    trusted = say("可信")
    if (obstacle := status.obstacle) is not None:
        trusted = say_pair(spoken(obstacle), ways_out((obstacle,)))
    lines: list[tuple[str, object]] = [
        ("本机时钟", shanghai(status.moment)),
        ("是否可信", trusted),
    ]
    parts: list[object] = []
    if status.ahead:
        lines += [
            ("超前的记录", say("{count}条", count=status.ahead)),
            ("位置", f"{status.first}–{status.last}"),
            ("最晚的时间", shanghai(status.latest)),
        ]
        command = (
            f"huimin clock declare {status.first} --last-record {status.last}"
            f" --reason {say('(理由)')}"
        )
        if status.is_behind:
            parts.append(say_pair(say("可以这样做"), command))
    steps = (*Step, *RecordStep, *FollowUpStep)
    rows = [
        (
            line.position,
            StreamKind.named(line.stream),
            word(steps, line.step),
            shanghai(line.at),
            say("已续办") if line.settled else say("未续办"),
        )
        for span in status.spans
        for line in view.now.clock.records(span.first, span.last)
    ]
    table = screens.Table(("位置", "记录", "步骤", "记下的时间", "其后"), rows)
    return status, facts(lines), *parts, *([table] if rows else [])
