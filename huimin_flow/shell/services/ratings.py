"""rating: what ratings say, and the catalogue they hang on (D3, E4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from huimin_flow.shell.core import screens
from huimin_flow.shell.core.place import PERIOD, UNIT, Place, shared
from huimin_flow.shell.core.values import Whole
from huimin_flow.shell.services.imports import rating_import

if TYPE_CHECKING:
    from huimin_flow.model.rulebook import Rulebook

_SAVED = ("online", "steps", "documents", "days", "visits")


rating = click.Group("rating", help="好差评:导入、统计、覆盖情况、减负成效、差评整改。")


rating.add_command(rating_import)


@rating.command("show", help="某月评价的统计,按单位、事项、渠道、窗口或人员。")
@PERIOD
@click.option(
    "--per",
    type=click.Choice(["unit", "item", "channel", "window", "person"]),
    default="unit",
    help="按什么统计。",
)
@shared
def rating_show(place: Place, period: str, per: str) -> None:
    """Show a month's ratings."""
    from huimin_flow.catalogue.terms import RatingLevel  # noqa: PLC0415 - with the rest

    with place.now() as now:
        found = now.ratings_by(per, period)
        named = _names(now.rulebook(), per)
    rows = [
        (
            " ".join((named.get(one.of[0], one.of[0]), *one.of[1:])),
            one.total,
            f"{100 * one.good.part / one.good.whole:.2f}%",
            *(one.levels[level] for level in RatingLevel),
        )
        for one in found
    ]
    head = ("对象", "合计", "满意率", *(level.label for level in RatingLevel))
    text = screens.table(head, rows) if rows else f"{period}没有评价"
    place.show(found, text)


@rating.command("coverage", help="覆盖情况:哪些事项、对象、渠道还没有评价。")
@click.argument("first", metavar="起始月")
@click.argument("last", metavar="截止月")
@click.option("--all", "whole", is_flag=True, help="全部:连同已覆盖的一并列出。")
@shared
def rating_coverage(place: Place, first: str, last: str, *, whole: bool) -> None:
    """Show the matrix of coverage, what is missing first."""
    with place.now() as now:
        cells = now.coverage(first, last)
        book = now.rulebook()
    names, channels = _names(book, "item"), _names(book, "channel")
    asked = [one for one in cells if one.expected]
    missing = [one for one in asked if one.missing]
    shown = cells if whole else missing
    rows = [
        (
            "缺" if one.missing else one.ratings,
            one.object.label,
            channels.get(one.channel, one.channel),
            names.get(one.item, one.item),
        )
        for one in shown
    ]
    text = f"应覆盖 {len(asked)} 格,其中 {len(missing)} 格还没有评价"
    if rows:
        text += "\n" + screens.table(("评价", "对象", "渠道", "事项"), rows)
    place.show(cells, text)


@rating.command(
    "savings", help="截至某年底,服务事项为群众减少的环节、材料、时限、跑动。"
)
@click.argument("year", metavar="年份", type=Whole(2000, 2100))
@shared
def rating_savings(place: Place, year: int) -> None:
    """Show what the catalogue saves."""
    with place.now() as now:
        found = now.savings(year)
        named = _names(now.rulebook(), "unit")
    rows = [
        (
            named.get(one.unit, one.unit),
            f"{one.counted}/{one.items}",
            *(getattr(one, name) for name in _SAVED),
        )
        for one in found
    ]
    counted, items = (
        sum(getattr(one, n) for one in found) for n in ("counted", "items")
    )
    sums = (sum(getattr(one, name) for one in found) for name in _SAVED)
    rows += [("合计", f"{counted}/{items}", *sums)] if rows else []
    head = ("单位", "有数/事项", "全程网办", "减环节", "减材料", "减天数", "减跑动")
    text = screens.table(head, rows) if rows else "启用中的规则库没有服务事项"
    place.show(found, text)


@rating.command("items", help="服务事项目录:办理方式、是否全程网办、改革前后的负担。")
@UNIT
@shared
def rating_items(place: Place, unit: str | None) -> None:
    """Show the catalogue that ratings hang on, and by which names they come in."""
    with place.now() as now:
        found = now.service_items(unit=unit)
        named = _names(now.rulebook(), "unit")
    rows = [
        (
            one.key,
            one.mode.label,
            "是" if one.online else "否",
            *(
                f"{getattr(one.before, name)}→{getattr(one.after, name)}"
                if one.before and one.after
                else "—"
                for name in _SAVED[1:]
            ),
            named.get(one.unit, one.unit),
            one.name,
        )
        for one in found
    ]
    head = ("代码", "方式", "网办", "环节", "材料", "天数", "跑动", "单位", "名称")
    text = screens.table(head, rows) if rows else "启用中的规则库没有服务事项"
    place.show(found, text)


def _names(book: Rulebook, per: str) -> Mapping[str, str]:
    """Return what the codes of a dimension are called; windows are of units."""
    if per == "item":
        return {one.key: one.name for one in book.services.items}
    if per == "channel":
        return book.channels.service
    return book.organization.names
