"""item: show items, their states and their histories."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from huimin_flow.catalogue.language import say, say_clauses, say_pair
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    ItemOrder,
    Origin,
    State,
    Step,
    Term,
)
from huimin_flow.catalogue.typography import full_width
from huimin_flow.errors import StepRefused
from huimin_flow.model.items import Item, ItemFilter
from huimin_flow.reports.items import item_facts, item_page
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import NUMBER_ARGUMENT, account
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.parameters import Named
from huimin_flow.shell.core.place import UNIT, Place, page_end, paged, shared, tabled
from huimin_flow.shell.core.values import Word


@plain("item list")
@click.option("--state", default=None, type=Word(State), help="只看某状态,如 已评星。")
@UNIT
@click.option(
    "--area", default=None, type=Word(Area), help="业务板块:只看它的,如 就业创业。"
)
@click.option(
    "--origin", default=None, type=Word(Origin), help="来源类型:只看它的,如 问题反映。"
)
@click.option(
    "--list",
    "edition",
    default=None,
    type=Named(Argument.LIST),
    help="清单编号:只看清单上的。",
)
@click.option("--title", "text", default=None, help="标题:只看含这些字的。")
@click.option(
    "--order",
    default=ItemOrder.OLDEST,
    type=Word(ItemOrder),
    help="顺序:编号,或 星级(高的在前)。",
)
@paged(200, "事项编号")
@tabled
def item_list(
    place: Place,
    state: State | None,
    limit: int,
    **filters: Any,
) -> None:
    """List items."""
    from huimin_flow.flow.core import items  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy

    states = () if state is None else (state,)
    wanted = ItemFilter(states=states, limit=limit, **filters)
    with screens.afterwards() as put, place.now() as now:
        ask = door_of(now).ask
        if place.as_json:
            count, number, total = 0, None, ask(items.count_of, wanted)

            def each() -> Iterator[Item]:
                nonlocal count, number
                for item in ask(items.each_item, wanted):
                    count, number = count + 1, item.number
                    yield item

            def following() -> str | None:
                return number if count == limit < total else None

            put(screens.json_page(each(), total, following))
            return
        names = screens.unit_names(now.rulebook.active().organization)
        shown, last = 0, ""

        def rows() -> Iterator[tuple[object, ...]]:
            nonlocal shown, last
            shown = 0
            lines = ask(items.item_lines, wanted)
            for last, reached, of, stars, title in lines:
                shown += 1
                yield last, reached.spoken, names.get(of, of), stars or "", title

        table = screens.Table(("编号", "状态", "单位", "星级", "标题"), rows)
        if place.as_csv:
            put(table.csv_lines())
            return
        put(table.lines(screens.room()))
        put([full_width(page_end(ask(items.count_of, wanted), shown, limit, last))])


@plain("item show")
@NUMBER_ARGUMENT
@tabled
def item_show(place: Place, number: str) -> None:
    """Show an item."""
    with place.now() as now:
        shown = now.items.get(number)
        lines = item_facts(now, shown)
    place.table(shown, ("项目", "内容"), lines)


@plain("item history")
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


#: By step: the options that its command needs besides the item's number.
_NEEDS: dict[Term, str] = {
    **dict.fromkeys(
        (Step.RETURN, Step.REJECT, Step.DEFER, Step.REOPEN), " --reason 理由"
    ),
    Step.MERGE: " --keep 保留的事项",
    Step.EVALUATE: " --satisfaction 满意度",
    Step.ADJUST: " --recommendation 建议 --grounds 依据",
}


@plain("item undo")
@NUMBER_ARGUMENT
@click.option(
    "--by",
    type=Named(Argument.PERSON),
    envvar="HUIMIN_BY",
    show_envvar=True,
    help="以哪个岗位办理(岗位代号)。",
)
@shared
def item_undo(place: Place, number: str, by: str | None) -> None:
    """Name the command that would take back an item's last step."""
    with place.now() as now:
        actor = now.people.identify(account(), by)
        undo = now.items.undo(number, by=actor)
    lines = [say_pair(say("上一步"), undo.last.spoken)]
    if undo.proposal:
        lines.append(
            say("撤回提请:huimin proposal withdraw {proposal}", proposal=undo.proposal)
        )
    elif undo.reasons or undo.step is None:
        refusal = StepRefused(undo.reasons)
        lines += [
            say_pair(say("不能撤回"), refusal),
            say_pair(say("可以这样做"), refusal.remedy),
        ]
    else:
        again = undo.step is undo.last and not undo.former
        text = "由“{step}”再次办理,以后一次为准" if again else "由“{step}”撤回"
        parts = [say(text, step=undo.step.spoken)]
        if undo.target is not None and not again:
            parts.append(say("事项将为“{target}”", target=undo.target.spoken))
        parts += [say("须两人")] if undo.two else []
        lines.append(say_clauses(*parts) + ":")
        name = undo.step.value.strip("_").replace("_", "-")
        sets = "".join(
            f" --set {shlex.quote(f'{field}={text}')}"
            for field, text in undo.former.items()
        )
        lines.append(f"huimin item {name} {number}{_NEEDS.get(undo.step, '')}{sets}")
    place.show(undo, "\n".join(lines))


@plain("item files")
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
    place.table(files, ("字节", "摘要", "名称"), rows, say("没有附件"))
