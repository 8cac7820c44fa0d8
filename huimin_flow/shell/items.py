"""item: show items, their states and their histories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from huimin_flow.catalogue.terms import StalePart, State
from huimin_flow.model.items import LARGEST_FILE
from huimin_flow.reports.items import item_page, link_lines, target_lines
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import NUMBER_ARGUMENT, Act, acts
from huimin_flow.shell.core.named import Word
from huimin_flow.shell.core.place import UNIT, Place, tabled


@click.command("list", help="列出事项。")
@click.option("--state", default=None, type=Word(State), help="只看某状态,如 已评星。")
@UNIT
@click.option("--limit", type=values.Whole(1), default=200, help="最多几条。")
@tabled
def item_list(place: Place, state: State | None, unit: str | None, limit: int) -> None:
    """List items."""
    from huimin_flow.flow.core import reads  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy

    states = [] if state is None else [state]
    with screens.afterwards() as put, place.now() as now:
        ask = door_of(now).ask
        if place.as_json:
            items = ask(reads.each_item, *states, unit=unit, limit=limit)
            put(screens.json_lines(items))
            return
        names = screens.unit_names(now.rulebook.active().organization)

        def rows() -> Iterator[tuple[object, ...]]:
            lines = ask(reads.item_lines, *states, unit=unit, limit=limit)
            for number, reached, of, stars, title in lines:
                yield number, reached.label, names.get(of, of), stars or "", title

        table = screens.Table(("编号", "状态", "单位", "星级", "标题"), rows)
        put(table.csv_lines() if place.as_csv else table.lines(screens.room()))


@click.command("show", help="查看一个事项。")
@NUMBER_ARGUMENT
@tabled
def item_show(place: Place, number: str) -> None:
    """Show an item."""
    with place.now() as now:
        shown = now.items.get(number)
        targets = target_lines(now.items.fulfilments(number))
        linked = link_lines(now.items.links(number))
        names = screens.unit_names(now.rulebook.active().organization)
    lines = [
        ("编号", shown.number),
        ("标题", shown.title),
        ("状态", f"{shown.state.label}(第{shown.version}版)"),
        ("来源", shown.origin.label),
        ("板块", shown.area.label),
        ("单位", names.get(shown.unit, shown.unit)),
        ("筛选得分", shown.screening_score or "—"),
        ("惠民有感强度", shown.perceived_benefit or "—"),
        ("星级", shown.stars or "—"),
        ("清单", screens.list_title(shown.edition or "—", names)),
        ("存疑", "、".join(StalePart(part).label for part in shown.stale) or "—"),
        *(("指标", line) for line in targets),
    ]
    lines += [
        (link.label, f"{link.number} {link.state} {link.title}") for link in linked
    ]
    place.table(shown, ("项目", "内容"), lines)


@click.command("history", help="一个事项从头到尾发生了什么。")
@NUMBER_ARGUMENT
@tabled
def item_history(place: Place, number: str) -> None:
    """Show an item's history."""
    with place.now() as now:
        page = item_page(now, number)
    rows = [
        (line.n, line.at, line.step, line.target, line.actor, line.words)
        for line in page.history
    ]
    head = ("#", "时间", "步骤", "之后", "经办", "规则结论")
    parts: list[str | screens.Table] = [screens.Table(head, rows)]
    if page.links:
        links = [
            (link.label, link.number, link.state, link.title) for link in page.links
        ]
        parts += ["", screens.Table(("关联", "编号", "状态", "标题"), links)]
    place.show(page, *parts)


@click.command("attach", help="上传附件作为佐证;同一内容只存一份。")
@NUMBER_ARGUMENT
@values.FILE
@acts
def item_attach(act: Act, number: str, file: Path) -> None:
    """Attach a file to an item."""
    from huimin_flow.store.files import read_regular  # noqa: PLC0415 - heavy

    content = read_regular(file, LARGEST_FILE)
    made = act.flow.items.attach(number, file.name, content, by=act.by)
    act.say(made, f"{number} 附件“{made.name}”{made.size}字节,摘要 {made.digest[:12]}")


@click.command("files", help="列出附件;用 --into 取出到目录,文件以摘要命名。")
@NUMBER_ARGUMENT
@values.into(default=None)
@tabled
def item_files(place: Place, number: str, into: Path | None) -> None:
    """List an item's attachments; with --into, copy them to a folder."""
    from huimin_flow.store.files import write_whole  # noqa: PLC0415 - heavy

    with place.now() as now:
        now.items.get(number)
        files = now.items.attachments(number)
        if into is not None:
            into.mkdir(parents=True, exist_ok=True)
            for file in files:
                write_whole(into / file.digest, now.items.attached(file.digest))
    rows = [(file.size, file.digest[:12], file.name) for file in files]
    place.table(files, ("字节", "摘要", "名称"), rows, "没有附件")
