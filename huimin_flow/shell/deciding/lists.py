"""list and proposal: what is on the lists, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say, say_list, say_pair
from huimin_flow.catalogue.terms import ProposalState, TwoPeople
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.reports import listings
from huimin_flow.reports.core.changes import changes
from huimin_flow.reports.core.histories import change_words, stream_words, word
from huimin_flow.reports.deciding import previews
from huimin_flow.reports.deciding.editions import lacking_words
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.commands import Shown, View, act, free, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.core.proposals import Proposal
    from huimin_flow.model.deciding.lists import Edition, ListPreview


listing("list list", listings.lists, limit=200)
act(
    "list confirm-all",
    says=lambda _act, made, _typed: "\n".join(
        f"{each.key} {each.state.spoken}" for each in made
    ),
)


def _stands(_: object, made: Edition, __: object) -> str:
    """Return how a list stands, and what its entries don't say yet."""
    stands = say(
        "{key} {state}(第{edition}版)",
        key=made.key,
        state=made.state.spoken,
        edition=made.edition,
    )
    return "\n".join(filter(None, (stands, lacking_words(made))))


for _path in ("confirm", "publish", "propose", "consolidate", "describe"):
    act(f"list {_path}", says=_stands)


@view("list show")
def _list(view: View) -> Shown:
    shown: Edition = view.answer
    title = screens.list_title(shown.key, view.names)
    text = say(
        "{title} {kind} {state} 第{edition}版",
        title=title,
        kind=shown.kind.spoken,
        state=shown.state.spoken,
        edition=shown.edition,
    )
    book = view.now.rulebook.active()
    changes = [change_words(change, book) for change in shown.changes]
    return shown, text, *changes, _places(view, shown)


@view("list editions")
def _editions(view: View) -> Shown:
    shown: tuple[Edition, ...] = view.answer
    rows = [
        (
            each.edition,
            each.state.spoken,
            each.kind.spoken,
            each.dated.isoformat() if each.dated else "",
            each.document,
            len(each.places),
            each.digest[:12],
        )
        for each in shown
    ]
    heads = ("版次", "状态", "类别", "发布日期", "文号", "事项数", "内容核对码")
    return shown, screens.Table(heads, rows)


def _places(view: View, edition: Edition) -> screens.Table:
    """Return the rows of a list, with the titles under which its items stand there."""
    blank = [line.item for line in edition.places if not line.title]
    titles = {line.item: line.title for line in edition.places} | _titles(view, blank)
    rows = [
        (
            line.rank,
            line.item,
            line.area.spoken,
            line.lead or view.unit(line.unit),
            line.stars,
            titles[line.item],
            say_list(line.targets),
            line.due.isoformat() if line.due else "",
        )
        for line in edition.places
    ]
    head = ("序号", "编号", "板块", "单位", "星级", "标题", "目标", "时限")
    return screens.Table(head, rows)


def _titles(view: View, numbers: Sequence[str]) -> dict[str, str]:
    return {item.number: item.title for item in view.now.items.list(numbers=numbers)}


@view("list preview", timed=True)
def _preview(view: View) -> Shown:
    shown: ListPreview = view.answer
    text = say_pair(period_in_words(shown.period), previews.headline(shown))
    parts: list[str | screens.Table] = []
    for title, head, rows in (
        (
            say("若此刻截止,入选的"),
            ("编号", "单位", "单位序号", "全市序号", "板块", "星级", "强度", "标题"),
            [
                (
                    *(line.item, line.unit_name, line.rank, line.city, line.area),
                    *(line.stars, line.benefit, line.title),
                )
                for line in previews.chosen_lines(view.now, shown)
            ],
        ),
        (
            say("未入选的,及相差多少"),
            ("编号", "单位", "星级", "强度", "为何未入选", "相差", "标题"),
            [
                (
                    *(line.item, line.unit_name, line.stars, line.benefit),
                    *(line.why, line.distance, line.title),
                )
                for line in previews.near_lines(view.now, shown)
            ],
        ),
        (
            say("同星同强度的,由何分先后"),
            ("在先", "在后", "由何分先后", "是否决定取舍"),
            [
                (
                    *(line.first, line.second, line.broken_by),
                    say("是") if line.decides else say("否"),
                )
                for line in previews.tie_lines(shown)
            ],
        ),
    ):
        if rows:
            parts += ["", title, screens.Table(head, rows)]
    for item, lines in previews.successor_lines(view.now, shown):
        title = say_pair(say("接续事项与上一轮"), f"{item.number} {item.title}")
        cells = [(line.label, line.before, line.own) for line in lines]
        heads = (say("项目"), say("上一轮"), say("接续事项"))
        parts += ["", title, screens.Table(heads, cells)]
    return shown, text, *parts


def _any_state(_: object, typed: dict[str, Any]) -> None:
    typed["state"] = None if typed["every"] else typed["state"]


listing(
    "proposal list",
    listings.proposals,
    limit=200,
    settings={"state": {"default": ProposalState.WAITING}},
    more=[
        click.Option(["--all", "every"], is_flag=True, help="全部:无论是否办过。"),
    ],
    fills=_any_state,
)


@view("proposal show")
def _content(view: View) -> Shown:
    shown = view.answer
    made: Proposal = shown.proposal
    what = f"{made.key} {word(TwoPeople, made.act)} {made.state.spoken}"
    about = "{what}(提请人 {by},核对码 {seen})"
    lines = [say(about, what=what, by=made.by, seen=made.seen[:12])]
    if shown.moved:
        moved = say_list(stream_words(each, view.names) for each in shown.moved)
        lines.append(say("提请后有变动,已失效:{moved}", moved=moved))
    book, content = view.now.rulebook.active(), shown.content
    if not content and not view.place.as_csv:
        return shown, *lines
    if made.act == TwoPeople.ACTIVATE:
        names = screens.unit_names(book.organization)
        rules = [each for each in content if not previews.is_effect(each)]
        effects = [each for each in content if previews.is_effect(each)]
        effected = previews.effect_lines(view.now, effects)
        ranks = screens.ranks(effected) if effects else []
        return shown, *lines, screens.changes(rules, names), *ranks
    if view.place.as_csv:
        return shown, *lines, screens.changes(content)
    rows = [(line.label, line.old or "—", line.new) for line in changes(content, book)]
    return shown, *lines, screens.Table(("项目", "原", "新"), rows)


@free("list open", without=frozenset({"opening", "numbers"}))
@values.FILE
@acts
def _open(acting: Act, file: Path, second: str | None) -> None:
    """Enter the opening list of a file, by two people."""
    from huimin_flow.flow.deciding.opening import (  # noqa: PLC0415 - heavy
        opening_values,
    )
    from huimin_flow.settings import read_opening_list  # noqa: PLC0415 - heavy

    opening = read_opening_list(file, acting.plain.rulebook.active())
    other = acting.second(second)
    if other is None:
        proposed = acting.flow.proposals.propose(
            TwoPeople.OPEN, opening_values(opening), by=acting.by
        )
        acting.proposed(proposed)
        if acting.dry and not acting.place.as_json:
            content = acting.flow.proposals.get(proposed.key).content
            screens.echo(str(screens.changes(content)))
        return
    made = acting.flow.lists.enter_opening(
        opening, opening.numbers, by=acting.by, second=other
    )
    text = say("{key} 已录入,共{count}项", key=made.key, count=len(made.places))
    acting.say(made, text)
