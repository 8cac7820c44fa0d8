"""rating: statistics, service items, and the follow-up of bad ratings (D3, E4)."""

from __future__ import annotations

from collections.abc import Mapping

import click

from huimin_flow.catalogue.language import say, say_clauses
from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.model.core.periods import last_day
from huimin_flow.reports import listings
from huimin_flow.reports.listings import percent
from huimin_flow.reports.services.catalogue import BURDENS
from huimin_flow.shell.core import values
from huimin_flow.shell.core.commands import Shown, View, view
from huimin_flow.shell.core.screens import Table

_SAVED = ("online", *BURDENS)
_NO_ITEM = "启用中的规则库没有服务事项"
_PER = click.Choice(["unit", "item", "channel", "window", "person"])


@view(
    "rating show",
    without=frozenset({"cut"}),
    settings={"dimension": {"type": _PER, "default": "unit", "required": False}},
    options=frozenset({"dimension"}),
)
def _tallies(view: View) -> Shown:
    names = _names(view, view.typed["dimension"])
    rows = [
        (
            " ".join((names.get(tally.of[0], tally.of[0]), *tally.of[1:])),
            tally.total,
            percent(tally.good),
            *(tally.levels[level] for level in RatingLevel),
        )
        for tally in view.answer
    ]
    head = ("对象", "合计", "满意率", *(level.spoken for level in RatingLevel))
    return view.answer, Table(
        head, rows, say("{period}没有评价", period=view.typed["period"])
    )


@view(
    "rating coverage",
    without=frozenset({"cut"}),
    more=[
        click.Option(
            ["--all", "whole"], is_flag=True, help="全部:连同已覆盖的一并列出。"
        )
    ],
)
def _coverage(view: View) -> Shown:
    cells = view.answer
    names, channels = _names(view, "item"), _names(view, "channel")
    expected = [cell for cell in cells if cell.expected]
    missing = [cell for cell in expected if cell.missing]
    rows = [
        (
            say("缺") if cell.missing else cell.ratings,
            cell.object.spoken,
            channels.get(cell.channel, cell.channel),
            names.get(cell.item, cell.item),
        )
        for cell in (cells if view.typed["whole"] else missing)
    ]
    text = say(
        "应覆盖 {expected} 格,其中 {missing} 格还没有评价",
        expected=len(expected),
        missing=len(missing),
    )
    return cells, text, Table(("评价", "对象", "渠道", "事项"), rows, "")


@view("rating savings")
def _savings(view: View) -> Shown:
    rows = [
        (
            view.unit(line.unit),
            f"{line.counted}/{line.items}",
            *(getattr(line, name) for name in _SAVED),
        )
        for line in view.answer
    ]
    if rows:
        counted, items, *saved = (
            sum(getattr(line, name) for line in view.answer)
            for name in ("counted", "items", *_SAVED)
        )
        rows.append((say("合计"), f"{counted}/{items}", *saved))
    head = ("单位", "有数/事项", "全程网办", "减环节", "减材料", "减天数", "减跑动")
    return view.answer, Table(head, rows, _NO_ITEM)


@view("rating items")
def _service_items(view: View) -> Shown:
    return view.answer, view.table(listings.service_items)


def _names(view: View, per: str) -> Mapping[str, str]:
    """Return names by code for a dimension; windows have the names of units."""
    if per == "item":
        return {item.key: item.name for item in view.book.services.items}
    channels = view.book.channels.service
    return channels if per == "channel" else view.book.organization.names


@view(
    "rating bad",
    timed=True,
    more=[
        click.Option(["--limit"], type=values.Whole(1), help="最多几条;屏幕默认50。")
    ],
)
def _bad(view: View) -> Shown:
    bad = listings.bad_ratings
    return view.page(Table(bad.head, view.rows(bad, view.first), bad.empty))


@view("rating callback", timed=True)
def _callback(view: View) -> Shown:
    period, unit = view.typed["period"], view.typed["unit"]
    called, ratings = view.answer, view.now.ratings
    answered = ratings.answer_rate(period, unit=unit)
    by_unit = ratings.follow_ups(period) if unit is None else ()
    text = say(
        "{period} 实名差评 {whole} 件,已回访 {part} 件",
        period=period,
        whole=called.whole,
        part=called.part,
    )
    if called.whole:
        book = view.now.rulebook.active(on=last_day(period))
        asked = book.services.follow_up.callback_percent.value
        rate = "回访率 {percent},未达到规则要求的 {asked}%"
        if called.reaches(asked):
            rate = "回访率 {percent},达到规则要求的 {asked}%"
        more = say(rate, percent=percent(called), asked=asked)
        text = say_clauses(text, more)
    text += "\n" + say(
        "应答复 {whole} 次(已答复的与已超期的),按期 {part} 次",
        whole=answered.whole,
        part=answered.part,
    )
    if answered.whole:
        text = say_clauses(text, say("按期率 {percent}", percent=percent(answered)))
    shown = {
        "part": called.part,
        "whole": called.whole,
        "answered_on_time": answered,
        "units": by_unit,
    }
    table = Table(listings.follow_ups.head, view.rows(listings.follow_ups, by_unit), "")
    return shown, text, table
