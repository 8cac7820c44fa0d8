"""A unit's own page, and the page of all units: what they lead and how they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_count,
    say_list,
    say_note,
    say_pair,
)
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import ItemOrder, UnitKind
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day
from huimin_flow.errors import NotFound
from huimin_flow.model.core.organization import Organization, Unit
from huimin_flow.model.core.values import value
from huimin_flow.model.items import Item
from huimin_flow.model.scoring.scores import Colored
from huimin_flow.reports.core.histories import list_name
from huimin_flow.reports.core.lists import Sight, list_file, whole_row
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.ledgers import tasks as ledger_of_tasks
from huimin_flow.reports.executing.progress import pace_groups
from huimin_flow.reports.executing.tasks import year as tasks_of_year
from huimin_flow.reports.improving.advice import mending_lines, to_mend
from huimin_flow.reports.improving.burden import own_burden
from huimin_flow.reports.scoring.charts import chip, reason_text
from huimin_flow.reports.scoring.editions import indicator_names
from huimin_flow.reports.scoring.explained import why_file
from huimin_flow.reports.scoring.trend import TREND, Trend, trend
from huimin_flow.states.table import ENDS

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot

#: How many items and task lines a unit's page shows; other pages have all.
_SHOWN: Final = 100


@value
class UnitLine:
    """A unit among all: its latest color, its year, and how many items it leads."""

    file: str
    name: str
    index: str
    color: str
    word: str
    before: str
    trend: Trend
    working: int
    ended: int


@value
class MonthLine:
    """A unit's index and color of a month, and why the color changed or stayed.

    ``rows`` is the page of its rows, ``file`` that of the month.
    """

    file: str
    rows: str
    month: str
    index: str
    color: str
    word: str
    why: str


@value
class Handed:
    """A sentence on who took over from whom, a note, and the other unit's page."""

    text: str
    note: str
    file: str


@value
class Figure:
    """A figure with its name, what it is made of, and pages with its rows."""

    text: str
    name: str
    note: str
    files: tuple[str, ...] = ()


def units_page(now: Snapshot) -> Page:
    """Return all units by kind, each with its latest color, its year and its items."""
    months, _ = _months(now)
    latest = months[max(months)] if months else {}
    led = {each.unit: each.states for each in now.items.units()}
    groups = []
    for kind in UnitKind:
        lines = []
        for unit in known_units(now):
            if unit.kind is not kind:
                continue
            colored, states = latest.get(unit.code), led.get(unit.code, {})
            color, word = ("none", "—")
            if colored:
                color, word = chip(colored.color, colored.standing)
            ended = sum(states.get(state, 0) for state in ENDS)
            line = UnitLine(
                file=unit_file(unit.code),
                name=unit.name,
                index=(colored and colored.index) or "—",
                color=color,
                word=word,
                before=colored.before.spoken if colored and colored.before else "—",
                trend=_trend(months, unit.code),
                working=sum(states.values()) - ended,
                ended=ended,
            )
            lines.append(line)
        if lines:
            groups.append((kind.spoken, lines))
    note = say("牵头的事项按现在的状态。")
    if months:
        when = period_in_words(max(months))
        note = say("颜色与指数为{when}的;{note}", when=when, note=note)
    return Page(
        file="units.html",
        template="units.html.j2",
        title=say("单位"),
        values={"note": note, "groups": groups},
    )


def unit_page(now: Snapshot, code: str) -> Page:
    """Return a unit's page: its items, lists, tasks, colors and ratings.

    Raises:
        NotFound: if no unit ever had the code.

    """
    organization = now.rulebook.active().organization
    known = [unit for unit in organization.units if unit.code == code]
    if not known:
        raise NotFound(DoorCode.NO_SUCH_PAGE, file=unit_file(code))
    unit, names = known[-1], organization.names
    months, indicators = _months(now)
    items = now.items.list(unit=code, order=ItemOrder.NEWEST, limit=_SHOWN)
    count, today = now.items.count(unit=code), local_day(now.moment())
    sight = Sight(now, names)
    running = now.tasks.months()[-1:]
    stands = any(each.exists_on(today) for each in known)
    # What a unit that has ended owed stands on the page of its successor.
    sheet = now.tasks.sheet(running[0], unit=code) if running and stands else ()
    tasks = [line for group in pace_groups(sheet, names) for line in group.lines]
    return Page(
        file=unit_file(code),
        template="unit.html.j2",
        title=unit.name,
        values={
            "note": _note(unit, organization, count),
            "succession": _succession(now, code, names),
            "months": _month_lines(months, code, indicators),
            "trend": _trend(months, code),
            "figures": _figures(now, code, max(months, default="")) if stands else [],
            "items": [(item, _due(item)) for item in items],
            "more": max(0, count - len(items)),
            "lists": [
                (list_file(edition.key), list_name(edition.key, names), edition)
                for edition in reversed(now.lists.list(unit=code))
                if edition.places
            ],
            "ledgers": [
                (
                    f"{of.name}.html?unit={code}",
                    say(of.title),
                    [say(text) for text in of.head],
                    [whole_row(of.row(sight, line)) for line in lines],
                    say(of.empty),
                )
                for of, lines in (
                    (ledger_of_tasks, now.ledgers.tasks(code)),
                    (tasks_of_year, now.tasks.year(code, today.year)),
                )
            ],
            "burden": own_burden(now, code),
            "mending": mending_lines(to_mend(now, code), today, names),
            "running": period_in_words(running[0]) if running else "",
            "tasks": tasks[:_SHOWN],
            "besides": max(0, len(tasks) - _SHOWN),
        },
    )


def _note(unit: Unit, organization: Organization, count: int) -> str:
    """Return a unit's kind, the areas that it leads, who is in charge, its items."""
    led = [
        area for area, lead in organization.areas.items() if lead.lead_unit == unit.code
    ]
    leads = [area.spoken for area in led]
    charged = dict.fromkeys(
        post for area in led for post in organization.in_charge(area)
    )
    return say_clauses(
        unit.kind.spoken,
        *([say_pair(say("牵头板块"), say_list(leads))] if leads else []),
        *([say_pair(say("分管"), say_list(charged))] if charged else []),
        say_count("牵头{count}件事项", count),
    )


def _succession(now: Snapshot, code: str, names: Mapping[str, str]) -> list[Handed]:
    """Return who took over from whom: the unit's own end, and its predecessors'."""
    lines = []
    for each in now.items.successions(unit=code):
        ended = each.former == code
        other = each.unit if ended else each.former
        words = "已于{day}撤销,现由{unit}承接" if ended else "{day}承接{unit}"
        text = say(
            "已于{day}撤销,没有唯一的承接单位,由专班办公室逐件移交", day=each.ended
        )
        if other is not None:
            name = say_note(names.get(other, other), other)
            text = say(words, day=each.ended, unit=name)
        notes = []
        if ended and each.works_until is not None:
            notes.append(say("人员办理至{day}(不含)", day=each.works_until))
        left = len(each.left)
        counted = {
            say_count("移交{count}件事项", each.items): each.items,
            say_count("移交{count}件差评处置", each.ratings): each.ratings,
            say_count("移交{count}份清单", each.lists): each.lists,
            say_count("尚有{count}件未移交", left): left,
        }
        notes += [text for text, count in counted.items() if count]
        file = "" if other is None else unit_file(other)
        lines.append(Handed(text=text, note=say_clauses(*notes), file=file))
    return lines


def known_units(now: Snapshot) -> tuple[Unit, ...]:
    """Return the units of today, and those that lead items or were colored last."""
    last = now.scores.last_colors()
    codes = {each.unit for each in now.items.units()}
    if last is not None:
        codes |= {unit.unit for units in last.groups.values() for unit in units}
    units, day = now.rulebook.active().organization.units, local_day(now.moment())
    codes |= {each.former for each in now.items.successions()}
    known = {
        unit.code: unit for unit in units if unit.code in codes or unit.exists_on(day)
    }
    return tuple(known.values())


def unit_file(code: str) -> str:
    """Return the file of a unit's page.

    >>> unit_file("500101")
    'unit-500101.html'

    """
    return f"unit-{code}.html"


def _months(now: Snapshot) -> tuple[dict[str, dict[str, Colored]], dict[str, str]]:
    """Return the colored units of the last published months, oldest first.

    The second value are the names of the months' indicators.
    """
    published = [
        now.scores.colors(period) for period in now.scores.periods().months[-TREND:]
    ]
    months = {
        colors.period: {
            unit.unit: unit for units in colors.groups.values() for unit in units
        }
        for colors in published
    }
    return months, indicator_names(now, published)


def _trend(months: Mapping[str, Mapping[str, Colored]], code: str) -> Trend:
    lines = {month: colored.get(code) for month, colored in months.items()}
    return trend({month: line.index if line else None for month, line in lines.items()})


def _month_lines(
    months: Mapping[str, Mapping[str, Colored]], code: str, names: Mapping[str, str]
) -> list[MonthLine]:
    lines = []
    for month, colored in sorted(months.items(), reverse=True):
        if code not in colored:
            continue
        unit = colored[code]
        color, word = chip(unit.color, unit.standing)
        lines.append(
            MonthLine(
                file=f"month-{month}.html#why-{unit.unit}",
                rows=why_file(month, unit.unit),
                month=period_in_words(month),
                index=unit.index or "—",
                color=color,
                word=word,
                why=reason_text(unit.reasons, names),
            )
        )
    return lines


def _due(item: Item) -> str:
    tasks = item.plan.tasks if item.plan else ()
    return max((str(task.due) for task in tasks), default="")


def _figures(now: Snapshot, code: str, period: str) -> list[Figure]:
    """Return the ratings of a unit's services in a month, and their follow-up."""
    waiting = now.ratings.bad(unit=code)
    awaited = now.ledgers.awaited(unit=code)
    silent = sum(line.overdue for line in awaited)
    overdue = sum(rating.overdue for rating in waiting)
    figures = [
        Figure(
            text=str(overdue),
            name=say("差评超期未答复"),
            note=say_count("待处置的差评共{count}件", len(waiting)),
            files=(f"bad-ratings.html?unit={code}",),
        ),
        Figure(
            text=str(silent),
            name=say("需求超期未响应"),
            note=say_count("待响应的需求共{count}项", len(awaited)),
            files=(f"awaited-responses.html?unit={code}",),
        ),
    ]
    if not period:
        return figures
    levels = next(
        (
            each.levels
            for each in now.ratings.month_of_units(period)
            if each.of == (code,)
        ),
        {},
    )
    total = sum(levels.values())
    bad = sum(count for level, count in levels.items() if level.bad)
    called = now.ratings.callback_rate(period, unit=code)
    answered = now.ratings.answer_rate(period, unit=code)
    when, year = period_in_words(period), (f"services-{period[:4]}.html",)
    return [
        Figure(text=f"{total:,}", name=say("服务评价"), note=when),
        Figure(text=f"{bad:,}", name=say("差评"), note=when, files=year),
        Figure(
            text=f"{called.part}/{called.whole}" if called.whole else "—",
            name=say("实名差评回访"),
            note=when,
            files=year,
        ),
        Figure(
            text=f"{answered.part}/{answered.whole}" if answered.whole else "—",
            name=say("按期答复"),
            note=when,
            files=year,
        ),
        *figures,
    ]
