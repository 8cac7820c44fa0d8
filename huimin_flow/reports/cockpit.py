"""The cockpit: one page that shows the whole system, in the parts of 1411 (E2).

A set of ways to hear what people need, four areas, a set of ways to see it done, and a
digital application: each panel of the page says to which of them it belongs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_count, say_list
from huimin_flow.catalogue.terms import Area, Job, State
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day
from huimin_flow.model.core.periods import last_day, month_before
from huimin_flow.model.core.values import Share, value
from huimin_flow.model.items import Days
from huimin_flow.reports.concerns import concerns
from huimin_flow.reports.core.present import Present
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.headlines import UNKNOWN, figures, percent
from huimin_flow.reports.scoring.charts import Tile, counts_of, tiles
from huimin_flow.reports.scoring.explained import month_unplaced
from huimin_flow.rules.core.due import next_due
from huimin_flow.states.table import MAIN_LINE

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.sensing.appeals import AppealMonth

#: How many lines a list of the cockpit has.
_MOST: Final = 6

#: How many items it names as frequent: about as many lines as there are channels.
_FREQUENT: Final = 12

#: How far ahead the cockpit shows what falls due.
_AHEAD: Final = timedelta(days=62)

#: The height of the drawing of appeals, and the width of a month in it.
_HEIGHT, _STEP = 120, 50


@value
class StateLine:
    """A state: its number of items, also by area, and the days of items in it.

    ``bar`` is the number in percent of the largest. ``standing`` are the days of items
    that stand there, ``left`` of those that left it in a year.
    """

    state: str
    word: str
    count: int
    bar: int
    areas: tuple[int, ...]
    standing: Days
    left: Days
    files: tuple[str, ...]


@value
class Bar:
    """A month's appeals in the drawing of a year; ``partial`` if it has not ended."""

    month: str
    word: str
    count: int
    x: int
    height: int
    partial: bool
    files: tuple[str, ...]


@value
class FrequentLine:
    """A line of what is frequent: its text, its count, more in words, its pages.

    ``bar`` is the count in percent of the largest.
    """

    text: str
    count: int
    bar: int
    more: str
    files: tuple[str, ...]


@value
class DueLine:
    """What falls due: the day, what it is, and for which period or whom."""

    day: date
    text: str
    about: str
    files: tuple[str, ...] = ()


def cockpit_page(now: Snapshot) -> Page:
    """Return the cockpit, the first page of site and desk."""
    known = Present(now)
    colors = known.colors
    values = {
        "day": known.today,
        "past": period_in_words(known.past),
        "figures": figures(known),
        "concerns": concerns(known),
        "month": None if colors is None else period_in_words(colors.period),
        "month_file": "" if colors is None else f"month-{colors.period}.html",
        "tiles": map_tiles(known),
        "colors": () if colors is None else counts_of(colors),
        "unplaced": ()
        if colors is None
        else month_unplaced(
            now.scores.of_colors(colors),
            {each.key: each.name for each in known.book.scoring.index.indicators},
        ),
        "areas": tuple(area_heads(known)),
        "states": state_lines(known),
        "ended": off_the_line(known),
        "bars": bars(known.appeals, known.month),
        "channels": tuple(channel_lines(known)),
        "frequent": tuple(item_lines(known)),
        "services": tuple(service_lines(known)),
        "catalogue": coverage_facts(known),
        "due": tuple(due_lines(known)),
    }
    return Page(
        file="index.html",
        template="cockpit.html.j2",
        title=say("惠民有感驾驶舱"),
        values=values,
    )


def map_tiles(known: Present) -> tuple[Tile, ...]:
    """Return the tiles of the last month that has colors."""
    colors = known.colors
    if colors is None:
        return ()
    before = known.now.scores.month_if_any(month_before(colors.period))
    units = known.book.organization.units_on(last_day(colors.period))
    return tiles(colors, before, {unit.code: unit for unit in units})


def area_heads(known: Present) -> Iterator[tuple[str, str]]:
    """Yield the areas with their lead units."""
    leads = known.book.organization.areas
    for area in Area:
        unit = leads[area].lead_unit if area in leads else ""
        yield area.spoken, known.names.get(unit, unit)


def state_lines(known: Present) -> tuple[StateLine, ...]:
    """Return the nine states in their order."""
    by_area = {each.area: each.states for each in known.areas}
    counts = {
        state: tuple(by_area[area].get(state, 0) for area in Area)
        for state in MAIN_LINE
    }
    most = max(map(sum, counts.values())) or 1
    stays = {each.state: each for each in known.stays.states}
    return tuple(
        StateLine(
            state=state.value,
            word=state.spoken,
            count=sum(areas),
            bar=-(-100 * sum(areas) // most),
            areas=areas,
            standing=stays[state].standing,
            left=stays[state].left,
            files=(f"items.html?state={state.value}#{state.value}",),
        )
        for state, areas in counts.items()
    )


def off_the_line(known: Present) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    """Return the numbers of items that are off the main line."""
    counts = {
        state: known.now.items.count(state) for state in State if state not in MAIN_LINE
    }
    return tuple(
        (
            state.spoken,
            counts[state],
            (f"items.html?state={state.value}#{state.value}",),
        )
        for state in counts
        if counts[state]
    )


def bars(months: Sequence[AppealMonth], present: str) -> tuple[Bar, ...]:
    """Return the drawing of a year of appeals, the highest bar of full height."""
    most = max((each.total for each in months), default=0) or 1
    return tuple(
        Bar(
            month=each.month,
            word=say("{month}月", month=int(each.month[5:])),
            count=each.total,
            x=k * _STEP,
            height=-(-_HEIGHT * each.total // most),
            partial=each.month == present,
            files=(f"appeals.html?first={each.month}&last={each.month}",),
        )
        for k, each in enumerate(months)
    )


def _lines(
    rows: Sequence[tuple[str, int, str, tuple[str, ...]]],
) -> Iterator[FrequentLine]:
    most = max((count for _, count, _, _ in rows), default=0) or 1
    for text, count, more, files in rows:
        bar = -(-100 * count // most)
        yield FrequentLine(text=text, count=count, bar=bar, more=more, files=files)


def channel_lines(known: Present) -> Iterator[FrequentLine]:
    """Yield all channels with appeals in the shown months, those with most first."""
    names = {each.key: each.name for each in known.book.channels.intake}
    counts = Counter[str]()
    for month in known.appeals:
        counts.update(month.channels)
    order = sorted(counts, key=lambda key: (-counts[key], key))
    whole = sum(counts.values())
    span = "&".join(
        f"{name}={known.appeals[k].month}"
        for name, k in (("first", 0), ("last", -1))
        if known.appeals
    )
    yield from _lines(
        [
            (
                names.get(key, key),
                counts[key],
                percent(Share(part=counts[key], whole=whole)),
                (f"appeals.html?channel={key}&{span}",),
            )
            for key in order
        ]
    )


def item_lines(known: Present) -> Iterator[FrequentLine]:
    """Yield the items with most appeals in a year."""
    return _lines(
        [
            (
                each.title,
                each.appeals,
                say_list([known.names.get(each.unit, each.unit), each.state.spoken]),
                (f"item-{each.number}.html",),
            )
            for each in known.now.appeals.frequent(limit=_FREQUENT)
        ]
    )


def service_lines(known: Present) -> Iterator[FrequentLine]:
    """Yield the service items with most ratings in the last month that has ended."""
    names = {each.key: each.name for each in known.book.services.items}
    return _lines(
        [
            (
                names.get(each.item, each.item),
                each.ratings,
                say_count("差评{count}件", each.bad) if each.bad else say("没有差评"),
                (f"services-{known.past[:4]}.html",),
            )
            for each in known.now.ratings.by_service(known.past)[:_MOST]
        ]
    )


def coverage_facts(
    known: Present,
) -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Return what the digital application covers.

    These are label, figure, note and the pages with its rows, of each.
    """
    items = known.now.ratings.service_items()
    online = Share(part=sum(item.online for item in items), whole=len(items))
    year = known.past[:4]
    cells = [
        cell
        for cell in known.now.ratings.coverage(f"{year}-01", known.past)
        if cell.expected
    ]
    rated = Share(part=sum(not cell.missing for cell in cells), whole=len(cells))
    return (
        (
            say("全程网办"),
            f"{online.part}/{online.whole}" if items else UNKNOWN,
            say("服务事项,占{percent}", percent=percent(online)),
            ("service-items.html", f"services-{year}.html"),
        ),
        (
            say("评价覆盖"),
            percent(rated),
            say(
                "{year}年{part}/{whole}格(事项、对象、渠道)",
                year=year,
                part=rated.part,
                whole=rated.whole,
            ),
            (f"services-{year}.html",),
        ),
    )


def due_lines(known: Present) -> Iterator[DueLine]:
    """Yield what falls due next: jobs of the timetable, and tasks by their days."""
    until = known.today + _AHEAD
    lines = [
        DueLine(
            day=local_day(due.at),
            text=Job(due.job).spoken,
            about=period_in_words(due.period),
            files=("runs.html",),
        )
        for due in next_due(known.book, known.now.moment())
    ]
    tasks = Counter(
        (line.due, line.owner)
        for line in {(each.item, each.task): each for each in known.sheet}.values()
        if known.today <= line.due
    )
    days = Counter(day for day, _ in tasks.elements())
    for day, count in days.items():
        owners = [
            known.names.get(unit, unit) for of, unit in sorted(tasks) if of == day
        ]
        about = say_list(owners[:3])
        if owners[3:]:
            about = say("{units}等{count}个单位", units=about, count=len(owners))
        lines.append(
            DueLine(
                day=day,
                text=say_count("{count}项任务到期", count),
                about=about,
                files=(f"progress-{known.month}.html", f"progress-{known.past}.html"),
            )
        )
    lines.sort(key=lambda line: (line.day, line.text))
    yield from [line for line in lines if line.day <= until][:_MOST]
