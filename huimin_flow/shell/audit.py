"""audit: verify the whole database, replay a history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.language import say, say_count, say_pair
from huimin_flow.catalogue.terms import Argument, StreamKind
from huimin_flow.reports import listings
from huimin_flow.reports.core.histories import act_word, event_lines
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.commands import listing
from huimin_flow.shell.core.parameters import Named
from huimin_flow.shell.core.place import Place, tabled
from huimin_flow.streams import sealed_by

if TYPE_CHECKING:
    from huimin_flow.audit.findings import AuditFinding
    from huimin_flow.flow.core.door import Door

#: The names of the chained logs.
_LOGS = {"huimin_refusal": "拒绝记录", "huimin_request": "请求首答"}

#: The fields of an event in JSON output.
_FIELDS = (
    *("n", "at", "step", "source", "target", "actor", "via", "rulebook"),
    *("verdict", "public"),
)


@plain("audit verify")
@tabled
def audit_verify(place: Place) -> None:
    """Verify the whole database; exit 1 if there are findings."""
    from huimin_flow.audit.verify import verify  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy

    with place.flow(read_only=True) as flow:
        door = door_of(flow)
        asked = partial(verify, release=True, address=place.url())
        beside = {"shelf": door.shelf, "keyring": door.keyring}
        report = door.read(partial(asked, **beside, extensions=door.extensions))
    counts = say(
        "事件{events}条、事项{items}个、数据行{facts}行;日志根 {head}",
        events=report.events,
        items=report.items,
        facts=report.facts,
        head=report.head[:16],
    )
    lines = [counts]
    lines += [
        say(
            "{log}{rows}条;链尾 {head}",
            log=say(_LOGS[log.log]),
            rows=log.rows,
            head=log.head[:16] or "—",
        )
        for log in report.logs
    ]
    if report.unopened:
        text = say(
            "{count}条加密的内容没有主密钥,未核对写的是什么", count=report.unopened
        )
        lines.append(text)
    lines += [
        say(
            "扩展“{extension}”修订{revision}没有装在这里,{count}条结论未重算",
            extension=each.extension,
            revision=each.revision,
            count=each.verdicts,
        )
        for each in report.absent
    ]
    for part in report.parts:
        flaws = say_count("{count}处异常", part.findings)
        lines.append(
            say_pair(part.part.spoken, flaws if part.findings else say("无异常"))
        )
    clean = report.clean and not place.as_csv
    place.show(report, *lines, say("无异常") if clean else _findings(report.findings))
    if not report.clean:
        raise click.exceptions.Exit(1)


@plain("audit replay")
@click.argument(
    "name", metavar="[编号或名称]", type=Named(Argument.NUMBER), required=False
)
@click.option("--all", "every", is_flag=True, help="全部:每段历史都重放,只列出不符的。")
@tabled
def audit_replay(place: Place, name: str | None, *, every: bool) -> None:
    """Replay a stream's history, or all, and compare it with its row."""
    from huimin_flow.audit.replay import replay  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store.core.history import moment_text  # noqa: PLC0415 - heavy

    if every == (name is not None):
        raise click.UsageError(say("请给出一个编号或名称,或用 --all 重放全部"))
    with place.flow(read_only=True) as flow:
        door = door_of(flow)
        if name is None:
            _replay_all(place, door)
            return
        stream = name if StreamKind.parse(name)[0] else StreamKind.ITEM.key(name)
        done = door.read(partial(replay, stream=stream, shelf=door.shelf))
        sealing = sealed_by(stream)
        if sealing and not sealing[1].steps and not flow.records.events(sealing[0]):
            done = replace(done, events=(), row=None)  # it is compared, and not told
    shown = {
        "stream": done.stream,
        "events": done.count,
        "same": done.same,
        "steps": [
            {name: getattr(event, name) for name in _FIELDS}
            | {"at": moment_text(event.at)}
            for event in done.events
        ],
        "row": done.row,
        "findings": done.findings,
    }
    rows = [
        (
            line.n, line.at, line.step, f"{line.source} → {line.target}".strip(" →"),
            line.actor, line.via, line.rulebook, line.words,
        )
        for line in event_lines(done.events)
    ]  # fmt: skip
    head = ("#", "时间", "步骤", "状态", "经办", "身份来源", "规则库", "结论与说明")
    text = say("重放{stream}的{count}条事件,", stream=done.stream, count=done.count)
    _compared(place, shown, text, done.findings, screens.Table(head, rows))


#: How many histories are replayed in one reading transaction.
_AT_ONCE = 400


def _replay_all(place: Place, door: Door) -> None:
    """Replay every history; exit 1 if one differs from its row."""
    from huimin_flow.audit.replay import replays, streams  # noqa: PLC0415 - heavy

    findings: list[AuditFinding] = []
    names = door.read(streams)
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        for done in door.read(partial(replays, names=part, shelf=door.shelf)):
            findings += done.findings
    shown = {"streams": len(names), "same": not findings, "findings": findings}
    _compared(place, shown, say("重放{count}条历史,", count=len(names)), findings)


def _compared(
    place: Place,
    shown: object,
    text: str,
    findings: Sequence[AuditFinding],
    *events: screens.Table,
) -> None:
    """Print the result of a replay; exit 1 if there are differences."""
    parts: list[str | screens.Table] = [say("与现状一致")]
    if findings:
        parts = [say("与现状不符:"), _findings(findings)]
    place.show(shown, *events, f"{text}{parts[0]}", *parts[1:])
    if findings:
        raise click.exceptions.Exit(1)


@cache
def _lines() -> dict[str, str]:
    """Return the lines of all acts; it loads them."""
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.flow.methods import lines_of  # noqa: PLC0415 - heavy

    return lines_of(Flow)


listing(
    "audit refusals",
    listings.refusals,
    last=lambda refusal: str(refusal.id),
    act=lambda name: act_word(_lines(), name),
)


def _findings(findings: Sequence[AuditFinding]) -> screens.Table:
    cells = ((flaw.flaw.spoken, flaw.place, flaw.detail, flaw.law) for flaw in findings)
    rows = [tuple(map(screens.harmless, row)) for row in cells]
    return screens.Table(("异常", "位置", "说明", "依据"), rows)
