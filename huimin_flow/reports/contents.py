"""What there is of each kind of page, and the pages that a site has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_list, say_pair, say_sentences
from huimin_flow.catalogue.reasons import spoken
from huimin_flow.catalogue.terms import (
    Color,
    FollowUpStep,
    MeetingState,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day, shanghai
from huimin_flow.model.core.periods import months_of
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.histories import list_name, word
from huimin_flow.reports.core.lists import item_file, list_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.editions import superseded_files
from huimin_flow.reports.deciding.meetings import meeting_file
from huimin_flow.reports.deciding.previews import headline, preview_file, previews
from huimin_flow.reports.executing.surveys import survey_file
from huimin_flow.reports.improving.boards import boards_file
from huimin_flow.reports.improving.burden import burden_file
from huimin_flow.reports.improving.digests import digest_file
from huimin_flow.reports.improving.engagements import engagement_file
from huimin_flow.reports.improving.replication import page_of as practice_file
from huimin_flow.reports.improving.reviews import review_file
from huimin_flow.reports.improving.spot_checks import spot_check_file
from huimin_flow.reports.scoring.explained import why_file
from huimin_flow.reports.units import known_units, unit_file

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.deciding.deliberations import Deliberation
    from huimin_flow.model.scoring.published import Periods

#: How many places of a quarter are named beside it.
_FIRST: Final = 3

#: The call for progress of a month, and the chase after it.
_CALLS: Final = (StreamKind.PROGRESS_CALL, StreamKind.PROGRESS_CHASE)


@value
class Row:
    """A line that leads to a page; ``cells`` are its figures or its texts."""

    file: str
    text: str
    cells: tuple[str, ...] = ()


def months_page(now: Snapshot) -> Page:
    """Return the months that have colors, newest first, with each color's units."""
    rows = []
    for period in reversed(now.scores.periods().months):
        groups = now.scores.colors(period).groups.values()
        count = Counter(unit.color for units in groups for unit in units)
        cells = tuple(str(count[color]) for color in (*Color, None))
        rows.append(_row("month", period, *cells))
    return _contents(
        "months.html",
        say("月度五色图"),
        say("各月各色的单位数,最近的月份在前。"),
        [
            (say("月份"), ""),
            *((color.spoken, f"chip {color.value}") for color in Color),
            (say("数据不足"), "chip none"),
        ],
        rows,
        say("还没有发布月度五色图。"),
    )


def quarters_page(now: Snapshot) -> Page:
    """Return the quarters that have a ranking, newest first, with the first units."""
    names = now.rulebook.active().organization.names
    rankings = [
        now.scores.ranking(period) for period in reversed(now.scores.periods().quarters)
    ]
    kinds = list(dict.fromkeys(kind for each in rankings for kind in each.groups))
    rows = []
    for ranking in rankings:
        first = (
            say_list(
                names.get(unit.unit, unit.unit)
                for unit in ranking.groups.get(kind, ())
                if unit.place is not None and unit.place <= _FIRST
            )
            for kind in kinds
        )
        rows.append(_row("quarter", ranking.period, *first))
    for period in reversed(now.boards.periods()):
        made = now.boards.published(period)
        text = say(
            "{when}好评榜{good}项,差评榜{bad}项",
            when=period_in_words(period),
            good=len(made.good),
            bad=len(made.bad),
        )
        cells = tuple("" for _ in kinds)
        rows.append(Row(file=boards_file(period), text=text, cells=cells))
    return _contents(
        "quarters.html",
        say("季度榜单"),
        say("各季度各组的前三名,最近的季度在前。"),
        [(say("季度"), ""), *((kind.spoken, "") for kind in kinds)],
        rows,
        say("还没有发布季度榜单。"),
    )


def lists_page(now: Snapshot) -> Page:
    """Return the lists that have items, newest first, those of the city before."""
    names, rows = now.rulebook.active().organization.names, []
    editions = now.lists.list()
    editions.sort(key=lambda edition: not edition.key.endswith("/city"))
    editions.sort(key=lambda edition: edition.period, reverse=True)
    for preview in previews(now, local_day(now.moment())):
        row = Row(
            file=preview_file(preview.period),
            text=say("{when}清单预览", when=period_in_words(preview.period)),
            cells=(
                preview.city.kind.spoken,
                preview.city.state.spoken,
                str(len(preview.city.places)),
                headline(preview),
            ),
        )
        rows.append(row)
    for edition in editions:
        if edition.places or edition.edition > 1:
            row = Row(
                file=list_file(edition.key),
                text=list_name(edition.key, names),
                cells=(
                    edition.kind.spoken,
                    edition.state.spoken,
                    str(len(edition.places)),
                    edition.note,
                ),
            )
            rows.append(row)
    heads = [
        (say("清单"), ""),
        (say("类别"), ""),
        (say("状态"), ""),
        (say("事项"), "n"),
        (say("说明"), ""),
    ]
    return _contents(
        "lists.html",
        say("民生任务清单"),
        say("列有事项的全市清单与各单位清单,最近的在前。"),
        heads,
        rows,
        say("还没有列有事项的清单。"),
    )


def progress_page(now: Snapshot) -> Page:
    """Return the months with running tasks, newest first.

    Each has how many tasks were called for a report, and how many of them were still
    owed when they were chased.
    """
    calls = {call.key: str(len(call.owing)) for call in now.tasks.calls()}
    rows = [
        _row("progress", month, *(calls.get(kind.key(month), "—") for kind in _CALLS))
        for month in reversed(now.tasks.months())
    ]
    return _contents(
        "progress.html",
        say("任务进展"),
        say("各月在执行的任务,最近的月份在前。"),
        [
            (say("月份"), ""),
            (say("征集时应报的任务"), "n"),
            (say("催报时未报的任务"), "n"),
        ],
        rows,
        say("还没有在执行的任务。"),
    )


def service_years(now: Snapshot) -> tuple[str, ...]:
    """Return the years of the published months and of the last record."""
    months, last = now.scores.periods().months, now.records.last_recorded()
    recorded = () if last is None else (f"{local_day(last):%Y}",)
    return tuple(sorted({*(month[:4] for month in months), *recorded}))


def services_page(now: Snapshot) -> Page:
    """Return the years that have a page of services, newest first."""
    years = [_row("services", year) for year in reversed(service_years(now))]
    return _contents(
        "services.html",
        say("服务事项与“好差评”"),
        say("各年的服务事项目录、减负成效、评价覆盖与差评处置,最近的年份在前。"),
        [(say("年份"), "")],
        years,
        say("还没有记录。"),
    )


def deliberations_page(now: Snapshot) -> Page:
    """Return the closed deliberations and the funnels of their years, newest first."""
    closed = now.meetings.list(state=MeetingState.CLOSED)
    rows = [_row("funnel", year, "", "") for year in _funnel_years(closed)]
    rows = [replace(row, text=say_pair(row.text, say("研判漏斗"))) for row in rows]
    rows += [
        Row(
            file=meeting_file(held.key),
            text=held.held_on.isoformat(),
            cells=(str(len(held.opinions)), str(len(held.postponed))),
        )
        for held in closed
    ]
    return _contents(
        "deliberations.html",
        say("论证会议"),
        say("已办结的专题论证会议,最近的在前;各年的研判漏斗。"),
        [(say("会议"), ""), (say("研判"), "n"), (say("缓议"), "n")],
        rows,
        say("还没有办结的论证会议。"),
    )


def _funnel_years(closed: Sequence[Deliberation]) -> list[str]:
    return sorted({f"{held.held_on:%Y}" for held in closed}, reverse=True)


def clock_page(now: Snapshot) -> Page:
    """Return the clock's state, and what was recorded while it was wrong."""
    status, steps = now.clock.status(), (*Step, *RecordStep, *FollowUpStep)
    rows = []
    for span in status.spans:
        for line in now.clock.records(span.first, span.last):
            kind, about = StreamKind.parse(line.stream)
            of_item = kind is StreamKind.ITEM
            row = Row(
                file=item_file(about) if of_item else "",
                text=StreamKind.named(line.stream),
                cells=(
                    word(steps, line.step),
                    shanghai(line.at),
                    span.reason,
                    say("已续办") if line.settled else say("未续办"),
                ),
            )
            rows.append(row)
    note = say_pair(say("本机时钟"), shanghai(status.moment))
    if status.doubt is not None:
        note = say_sentences([spoken(status.doubt), say("不作任何决定")])
    return _contents(
        "clock.html",
        say("时钟走错"),
        note,
        [
            (say("记录"), ""),
            (say("步骤"), ""),
            (say("记下的时间"), ""),
            (say("理由"), ""),
            (say("其后"), ""),
        ],
        rows,
        say_sentences([note, say("没有认定过走错的记录")]),
    )


def _row(kind: str, period: str, *cells: str) -> Row:
    file, text = f"{kind}-{period}.html", period_in_words(period)
    return Row(file=file, text=text, cells=cells)


def _contents(
    file: str,
    title: str,
    note: str,
    heads: Sequence[tuple[str, str]],
    rows: Sequence[Row],
    nothing: str,
) -> Page:
    """Return a page of links; ``heads`` are the columns, each with its class."""
    values = {"note": note, "heads": heads, "rows": rows, "nothing": nothing}
    return Page(file=file, template="contents.html.j2", title=title, values=values)


def around(now: Snapshot, kind: str, period: str) -> tuple[tuple[str, str, str], ...]:
    """Return the pages around one of a period: relation, file and text of each.

    They are the period before, the one after, and what else there is about a month or
    a quarter, without a relation.
    """
    published = now.scores.periods()
    months, quarters = published.months, published.quarters
    running = now.tasks.months() if kind in {"month", "progress"} else ()
    known = {"month": months, "quarter": quarters, "progress": running}
    periods = known[kind] if kind in known else service_years(now)
    beside = [("prev", other) for other in periods if other < period][-1:]
    beside += [("next", other) for other in periods if other > period][:1]
    pages = [
        (relation, f"{kind}-{other}.html", period_in_words(other))
        for relation, other in beside
    ]
    if kind == "month" and period in running:
        pages.append(("", f"progress-{period}.html", say("当月任务进展")))
    if kind == "month":
        text = say("当月基层负担")
        pages.append(("", burden_file(period), text))
    if kind == "progress" and period in months:
        pages.append(("", f"month-{period}.html", say("当月五色图")))
    for quarter in quarters:
        if kind == "month" and period in months_of(quarter):
            text = say("{when}榜单", when=period_in_words(quarter))
            pages.append(("", f"quarter-{quarter}.html", text))
    for month in months:
        if kind == "quarter" and month in months_of(period):
            text = say("{when}五色图", when=period_in_words(month))
            pages.append(("", f"month-{month}.html", text))
    return tuple(pages)


def _whys(now: Snapshot, published: Periods) -> Iterator[str]:
    """Yield the pages of rows: of the last ranked quarter and the months after it.

    Those of each unit and month together would be most of a site; the desk and
    ``huimin score rows`` have all of them, at every edition.
    """
    first = min(months_of(published.quarters[-1])) if published.quarters else ""
    for month in published.months:
        if month >= first:
            for units in now.scores.month(month).groups.values():
                yield from (why_file(month, unit.unit) for unit in units)


def site_files(now: Snapshot) -> tuple[str, ...]:
    """Return the files of a site besides its home, those of a kind together.

    A kind of which there is nothing has no file.
    """
    published = now.scores.periods()
    lists = [each for each in now.lists.list() if each.places or each.edition > 1]
    closed = now.meetings.list(state=MeetingState.CLOSED)
    coming = previews(now, local_day(now.moment()))
    kinds = {
        "lists.html": (
            *(preview_file(each.period) for each in coming),
            *(list_file(each.key) for each in lists),
            *superseded_files(now, lists),
        ),
        "months.html": (
            *(f"month-{month}.html" for month in published.months),
            *_whys(now, published),
        ),
        "quarters.html": (
            *(f"quarter-{each}.html" for each in published.quarters),
            *map(boards_file, now.boards.periods()),
        ),
        "progress.html": (f"progress-{month}.html" for month in now.tasks.months()),
        "deliberations.html": (
            *(f"funnel-{year}.html" for year in _funnel_years(closed)),
            *(meeting_file(held.key) for held in closed),
        ),
        "services.html": (f"services-{year}.html" for year in service_years(now)),
        "items.html": (item_file(item.number) for item in now.items.list()),
        "units.html": (unit_file(unit.code) for unit in known_units(now)),
    }
    files = []
    for contents, pages in kinds.items():
        if own := list(pages):
            files += [contents, *own]
    heard = now.appeals.count() > 0
    files += ["hot-problems.html", "answer-rates.html"] if heard else []
    files += ["demands.html"] if now.ledgers.count_demands() else []
    files += ["third-parties.html"] if now.third_parties.count() else []
    files += [spot_check_file(each.key) for each in now.spot_checks.list()]
    files += [engagement_file(each.key) for each in now.engagements.list()]
    files += ["points-coverage.html"] if now.points.count() else []
    files += [survey_file(each.key) for each in now.surveys.list()]
    files += [review_file(held.key) for held in now.reviews.list()]
    files += [burden_file(month) for month in published.months]
    files += ["rectifications.html"] if now.rectifications.count() else []
    issued = [digest_file(made.period, made.unit) for made in now.digests.list()]
    files += ["digests.html", *issued] if issued else []
    shelf = [practice_file(each.key) for each in now.practices.list()]
    files += ["practices.html", *shelf] if shelf else []
    files += ["feed-freshness.html"] if now.feeds.status() else []
    return (*files, *(["clock.html"] if now.clock.status().spans else []))
