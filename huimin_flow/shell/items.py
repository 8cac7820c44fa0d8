"""item: show items, their states and their histories."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import in_english, say, say_list, say_pair
from huimin_flow.catalogue.terms import State, Step, Term
from huimin_flow.catalogue.typography import full_width
from huimin_flow.errors import StepRefused
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.items import Item, ItemFilter, ItemTraits
from huimin_flow.reports.core.lists import ended_note
from huimin_flow.reports.items import item_facts
from huimin_flow.reports.steps import undo_words
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.commands import Shown, View, facts, free, view
from huimin_flow.shell.core.place import Place, page_end, tabled

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot

_TRAITS = [part.name for part in fields(ItemTraits)]


def _asked(now: Snapshot, question: Callable[..., Any], wanted: ItemFilter) -> Any:
    """Return what a service answers to a question about the items of a filter."""
    from huimin_flow.flow.core import items  # noqa: PLC0415 - heavy

    named = {part.name: getattr(wanted, part.name) for part in fields(wanted)}
    states = named.pop("states")
    named["own"] = dict(named["own"])
    del named["among"]  # the service finds it by the traits
    if question is items.count_of:
        paging = ("numbers", "order", "after", "skip", "limit")
        only = {name: value for name, value in named.items() if name not in paging}
        return now.items.count(*states, **only)
    listed = now.items.list(*states, **named)
    if question is items.each_item:
        return listed
    return [(it.number, it.status, it.unit, it.stars, it.title) for it in listed]


@free("item list", without=frozenset({"numbers"}), settings={"limit": {"default": 200}})
@tabled
def _items(place: Place, states: State | None, limit: int, **filters: Any) -> None:
    """List items."""
    from huimin_flow.flow.core import items  # noqa: PLC0415 - heavy
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy

    only = () if states is None else (states,)
    traits = ItemTraits(**{part: filters.pop(part) for part in _TRAITS})
    own = tuple(sorted((filters.pop("own") or {}).items()))
    wanted = ItemFilter(own=own, states=only, limit=limit, traits=traits, **filters)
    with screens.afterwards() as put, place.now() as now:
        ask = door_of(now).ask if place.opens else partial(_asked, now)
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
        if ended := ended_note(now, filters):
            put([full_width(ended)])


@view("item own")
def _own(view: View) -> Shown:
    head = ("字段", "名称", "必填", "现值", "可选")
    rows = [
        (
            each.key,
            each.english if in_english() else each.label,
            say("是") if each.required else "",
            each.text,
            say_list(each.choices),
        )
        for each in view.answer
    ]
    return view.answer, screens.Table(head, rows)


@view("item show")
def _item(view: View) -> Shown:
    return view.answer, facts(item_facts(view.now, view.answer))


@view("item history")
def _history(view: View) -> Shown:
    from huimin_flow.reports.lives import item_page  # noqa: PLC0415 - heavy

    page = item_page(view.now, view.typed["number"])
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
    return view.answer, *parts


#: By step: the options that its command needs besides the item's number.
_NEEDS: dict[Term, str] = {
    **dict.fromkeys(
        (
            *(Step.RETURN, Step.REJECT, Step.DEFER, Step.REOPEN, Step.TRANSFER),
            Step.REASSIGN,
        ),
        " --reason 理由",
    ),
    Step.MERGE: " --keep 保留的事项",
    Step.EVALUATE: " --outcome 效果=结果:依据",
    Step.DOUBT: " --reason 理由",
    Step.ADJUST: " --recommendation 建议 --grounds 依据",
}


@view("item undo", csv=False)
def _undo(view: View) -> Shown:
    number, undo = view.typed["number"], view.answer
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
        lines.append(f"{undo_words(undo, undo.step)}:")
        name = undo.step.value.strip("_").replace("_", "-")
        amends = undo.step in {Step.AMEND, Step.ANNOTATE}
        word = "own" if undo.step is Step.ANNOTATE else "set"
        sets = "".join(
            f" --{word} {shlex.quote(f'{field}={text}')}"
            if amends
            else f" --{field.replace('_', '-').removesuffix('s')} {shlex.quote(text)}"
            for field, texts in undo.former.items()
            for text in ([texts] if amends else texts.split("\n"))
        )
        lines.append(
            f"huimin item {name} {number}{say(_NEEDS.get(undo.step, ''))}{sets}"
        )
    if view.now.items.tally(number).own:  # a link is no step of the item
        way = say("huimin item unlink {number} 渠道=诉求编号", number=number)
        lines.append(say_pair(say("挂错的诉求,这样取下"), way))
    return to_plain(undo) | {"reasons": screens.plain_reasons(undo.reasons)}, *lines


_INTO = click.Option(["--into"], type=values.PATH, help="写到哪个目录。")


@view("item files", more=[_INTO])
def _files(view: View) -> Shown:
    view.now.items.get(view.typed["number"])
    return _attached(view)


def _attached(view: View) -> Shown:
    from huimin_flow.store.files import write_whole  # noqa: PLC0415 - heavy

    if into := view.typed["into"]:
        into.mkdir(parents=True, exist_ok=True)
        for file in view.answer:
            write_whole(into / file.digest, view.now.items.attached(file.digest))
    rows = [(file.size, file.digest[:12], file.name) for file in view.answer]
    return view.answer, screens.Table(("字节", "摘要", "名称"), rows, "没有附件")


view("meeting files", more=[_INTO])(_attached)
view("review files", more=[_INTO])(_attached)
view("decision files", more=[_INTO])(_attached)
view("engagement files", more=[_INTO])(_attached)
