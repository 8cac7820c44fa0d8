"""Feeds in words: their list and page, what they have brought, by hand or fed (E1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_list,
    say_note,
    say_pair,
)
from huimin_flow.catalogue.reasons import spoken
from huimin_flow.catalogue.terms import Argument, FeedState, Figures, Freshness
from huimin_flow.clock import shanghai
from huimin_flow.reports.core.lists import Listing, Row, Sight
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.executing.feeds import (
        Business,
        FedRow,
        Feed,
        FeedStatus,
        FigureShares,
    )
    from huimin_flow.model.executing.plans import SheetLine

#: The page of the feeds.
FEEDS_FILE: Final = "feed-freshness.html"


def supplies(feed: Feed) -> tuple[str, ...]:
    """Return what a feed supplies, in words."""
    if feed.of_business:
        whose = say("全市各单位") if feed.citywide else say("本单位")
        return (say_note(say("业务量"), whose),)
    return tuple(
        say_note(text, say("累计数")) if each.running_total else text
        for each in feed.indicators
        for text in [f"{each.item} {each.task} {each.indicator}"]
    )


def newest(feed: Feed) -> str:
    """Return when the source measured the newest figure of a feed."""
    return "—" if feed.measured_at is None else shanghai(feed.measured_at)


def standing(status: FeedStatus) -> str:
    """Return whether a feed is fresh; of a missed one when it was due, and why."""
    feed = status.feed
    if feed.missed:
        return say_pair(status.freshness.spoken, say_list(map(spoken, feed.missed)))
    if status.freshness is Freshness.MISSED:
        due = say("应于{day}前送新数", day=status.due)
        return say_note(status.freshness.spoken, due)
    return status.freshness.spoken


def entered(line: SheetLine) -> str:
    """Return how the month's figure of a line was entered, or from where it comes."""
    report = line.report
    if report is None:
        return say_pair(Figures.FED.spoken, line.feed) if line.feed else "—"
    if report.measured_at is not None:
        measured = shanghai(report.measured_at)
        return say_note(say_pair(report.entered.spoken, report.feed), measured)
    if report.correction:
        return say_note(report.entered.spoken, report.correction)
    return report.entered.spoken


def _status_row(sight: Sight, status: FeedStatus) -> Row:
    """Return a feed: its source, who answers for it, what it supplies, how fresh."""
    feed = status.feed
    return (
        feed.key,
        feed.name,
        feed.source,
        sight.unit(feed.unit),
        feed.way.spoken,
        supplies(feed),
        newest(feed),
        standing(status),
    )


STATUS: Final = Listing(
    name="feeds",
    title="数据共享回流",
    question="feeds.status",
    count="",
    head=("代号", "名称", "来源", "责任单位", "方式", "供给", "最近取数", "是否按时"),
    row=_status_row,
    empty="还没有登记回流",
    words={"unit": Argument.UNIT},
)

FIGURES_HEAD: Final = ("月份", "什么数", "数值", "取数时间", "到达时间", "批次")


def figure_row(row: FedRow) -> Row:
    """Return a figure that a feed has brought, and where its row stands."""
    figure = row.figure
    if figure.service:
        what = f"{figure.unit} {figure.service}"
    else:
        what = f"{figure.item} {figure.task} {figure.indicator}"
    value = str(figure.value)
    if figure.denominator is not None:
        value = f"{value}/{figure.denominator}"
    place = f"{row.batch}:{row.line}"
    return (
        figure.month,
        what,
        value,
        shanghai(row.measured_at),
        shanghai(row.arrived_at),
        say_note(place, say("已被替换")) if row.replaced else place,
    )


BUSINESS_HEAD: Final = ("单位", "服务事项", "业务量", "回流", "取数时间", "批次")


def business_row(case: Business, unit: str) -> Row:
    """Return the business of a unit, with its feed and its row."""
    return (
        unit,
        case.service,
        case.value,
        case.feed,
        shanghai(case.measured_at),
        f"{case.batch}:{case.line}",
    )


SHARES_HEAD: Final = ("单位", "手工", "回流", "手工更正")


def shares_row(share: FigureShares, unit: str) -> Row:
    """Return how many figures a unit has entered by hand, and how many were fed."""
    return (unit, share.by_hand, share.fed, share.corrected)


def feeds_page(now: Snapshot) -> Page:
    """Return the page of the feeds, each with its newest figure, and the missed."""
    names = now.rulebook.active().organization.names
    sight = Sight(now, names)
    statuses = now.feeds.status()
    missed = [each for each in statuses if each.freshness is Freshness.MISSED]
    heads = [(say(text), "") for text in STATUS.head]
    rows = [_status_row(sight, status) for status in statuses]
    note = say(
        "由其他系统送来的数,附来源自己的取数时间。断供的不当作0:缺的数按未报处理,"
        "由责任单位查明。断供{count}个。",
        count=len(missed),
    )
    values = {
        "note": note,
        "heads": heads,
        "rows": [
            {
                "file": "",
                "text": str(row[0]),
                "cells": [
                    say_list(cell) if isinstance(cell, tuple) else str(cell)
                    for cell in row[1:]
                ],
            }
            for row in rows
        ],
        "nothing": say("还没有登记回流。"),
    }
    return Page(
        file=FEEDS_FILE,
        template="contents.html.j2",
        title=say("数据共享回流"),
        values=values,
    )


def fed_lines(now: Snapshot, number: str) -> Iterator[str]:
    """Yield a line on each indicator of an item that a feed supplies."""
    for status in now.feeds.status(state=FeedState.OPEN):
        for each in status.feed.indicators:
            if each.item == number:
                where = say_clauses(status.feed.name, newest(status.feed))
                what = say_pair(f"{each.task} {each.indicator}", where)
                yield say_note(what, standing(status))
