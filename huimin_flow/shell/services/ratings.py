"""rating: statistics of ratings, and the catalogue of service items (D3, E4)."""

from __future__ import annotations

from collections.abc import Mapping

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.reports.services.catalogue import BURDENS, burden_change
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.parameters import Month
from huimin_flow.shell.core.place import PERIOD, UNIT, Place, tabled
from huimin_flow.shell.core.values import Whole

_SAVED = ("online", *BURDENS)
_NO_ITEM = "启用中的规则库没有服务事项"


@plain("rating show")
@PERIOD
@click.option(
    "--per",
    type=click.Choice(["unit", "item", "channel", "window", "person"]),
    default="unit",
    help="按什么统计。",
)
@tabled
def rating_show(place: Place, period: str, per: str) -> None:
    """Show a month's ratings."""
    with place.now() as now:
        tallies = now.ratings.by(per, period)
        names = _names(now.rulebook.active(), per)
    rows = [
        (
            " ".join((names.get(tally.of[0], tally.of[0]), *tally.of[1:])),
            tally.total,
            f"{100 * tally.good.part / tally.good.whole:.2f}%",
            *(tally.levels[level] for level in RatingLevel),
        )
        for tally in tallies
    ]
    head = ("对象", "合计", "满意率", *(level.spoken for level in RatingLevel))
    place.table(tallies, head, rows, say("{period}没有评价", period=period))


@plain("rating coverage")
@click.argument("first", metavar="起始月", type=Month())
@click.argument("last", metavar="截止月", type=Month())
@click.option("--all", "whole", is_flag=True, help="全部:连同已覆盖的一并列出。")
@tabled
def rating_coverage(place: Place, first: str, last: str, *, whole: bool) -> None:
    """Show the missing cells of the coverage matrix, or all cells."""
    with place.now() as now:
        cells = now.ratings.coverage(first, last)
        book = now.rulebook.active()
    names, channels = _names(book, "item"), _names(book, "channel")
    expected = [cell for cell in cells if cell.expected]
    missing = [cell for cell in expected if cell.missing]
    rows = [
        (
            say("缺") if cell.missing else cell.ratings,
            cell.object.spoken,
            channels.get(cell.channel, cell.channel),
            names.get(cell.item, cell.item),
        )
        for cell in (cells if whole else missing)
    ]
    text = say(
        "应覆盖 {expected} 格,其中 {missing} 格还没有评价",
        expected=len(expected),
        missing=len(missing),
    )
    table = screens.Table(("评价", "对象", "渠道", "事项"), rows)
    place.show(cells, text, *([table] if rows or place.as_csv else []))


@plain("rating savings")
@click.argument("year", metavar="年份", type=Whole(2000, 2100))
@tabled
def rating_savings(place: Place, year: int) -> None:
    """Show the savings of the catalogue's items."""
    with place.now() as now:
        savings = now.ratings.savings(year)
        names = screens.unit_names(now.rulebook.active().organization)
    sums = {
        name: sum(getattr(line, name) for line in savings)
        for name in ("counted", "items", *_SAVED)
    }
    rows = [
        (
            names.get(line.unit, line.unit),
            f"{line.counted}/{line.items}",
            *(getattr(line, name) for name in _SAVED),
        )
        for line in savings
    ]
    if rows:
        counted = f"{sums['counted']}/{sums['items']}"
        rows.append((say("合计"), counted, *(sums[name] for name in _SAVED)))
    head = ("单位", "有数/事项", "全程网办", "减环节", "减材料", "减天数", "减跑动")
    place.table(savings, head, rows, _NO_ITEM)


@plain("rating items")
@UNIT
@tabled
def rating_items(place: Place, unit: str | None) -> None:
    """Show the catalogue of service items, with codes and names."""
    with place.now() as now:
        items = now.ratings.service_items(unit=unit)
        names = screens.unit_names(now.rulebook.active().organization)
    rows = [
        (
            item.key,
            item.mode.spoken,
            say("是") if item.online else say("否"),
            *(burden_change(item, name) for name in BURDENS),
            names.get(item.unit, item.unit),
            item.name,
        )
        for item in items
    ]
    head = ("代码", "方式", "网办", "环节", "材料", "天数", "跑动", "单位", "名称")
    place.table(items, head, rows, _NO_ITEM)


def _names(book: Rulebook, per: str) -> Mapping[str, str]:
    """Return names by code for a dimension; windows have the names of units."""
    if per == "item":
        return {item.key: item.name for item in book.services.items}
    return book.channels.service if per == "channel" else book.organization.names
