"""The values of a year's page of services: catalogue, savings, ratings (D3, E4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from huimin_flow.catalogue.language import (
    say,
    say_list,
    say_note,
    say_pair,
    say_sentences,
)
from huimin_flow.model.core.values import value
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.catalogue import ServiceItem
from huimin_flow.model.services.ratings import CoverageCell, Savings, ServiceYear
from huimin_flow.reports.core.sources import in_words
from huimin_flow.reports.services.follow_ups import MonthTable, month_tables

#: The burdens of a citizen in a procedure, in the order of the columns.
BURDENS = ("steps", "documents", "days", "visits")


@value
class ServiceLine:
    """A service item of the catalogue; ``changes`` are its burdens, such as 4→1."""

    name: str
    unit: str
    mode: str
    online: str
    changes: tuple[str, ...]
    since: str
    source: str


@value
class SavingLine:
    """The savings of a unit's items; ``counted`` is how many of them have figures."""

    unit: str
    counted: str
    online: int
    saved: tuple[int, ...]


@value
class Covered:
    """The number of ratings of an object at a channel.

    ``kind`` is ``missing``, ``expected`` or ``more`` (not expected).
    """

    object: str
    text: str
    kind: str


@value
class CoverageLine:
    """A service item's cells, one for each channel."""

    item: str
    cells: tuple[tuple[Covered, ...], ...]


@value
class ServicePage:
    """The content of a year's page of services, in words.

    The last line of ``savings`` is the sum; ``missing`` names the ``lacking`` cells
    of the ``expected`` cells; ``reach`` is the source of what is expected,
    ``duties`` says what must follow a bad rating.
    """

    items: tuple[ServiceLine, ...]
    savings: tuple[SavingLine, ...]
    channels: tuple[str, ...]
    reach: str
    coverage: tuple[CoverageLine, ...]
    expected: int
    missing: tuple[str, ...]
    lacking: int
    duties: str
    months: tuple[str, ...]
    tables: tuple[MonthTable, ...]


def service_page(figures: ServiceYear, book: Rulebook) -> ServicePage:
    """Return a year's page; ``book`` gives the names of units, items and channels.

    A channel without a name, or an item that is no longer in the catalogue, is shown
    by its key. Two units with the same name are shown with their kinds: a zone may
    become a district of the same name within a year.
    """
    shown = {line.unit for month in figures.months.values() for line in month}
    known = book.organization.units
    count = Counter(unit.name for unit in known if unit.code in shown)
    units = {
        unit.code: say_note(unit.name, unit.kind.spoken)
        if count[unit.name] > 1
        else unit.name
        for unit in known
    }
    channels = book.channels.service
    names = {item.key: item.name for item in figures.items}
    columns = tuple(dict.fromkeys(cell.channel for cell in figures.coverage))
    lacking = [cell for cell in figures.coverage if cell.missing]
    missing: dict[str, list[str]] = defaultdict(list)
    for cell in lacking:
        where = f"{channels.get(cell.channel, cell.channel)}·{cell.object.spoken}"
        missing[where].append(names.get(cell.item, cell.item))
    rule = figures.follow_up
    return ServicePage(
        items=tuple(_item(item, units) for item in figures.items),
        savings=(
            *(
                _saving(units.get(line.unit, line.unit), [line])
                for line in figures.savings
            ),
            _saving(say("合计"), figures.savings),
        ),
        channels=tuple(channels.get(key, key) for key in columns),
        reach=_sources(reach.source for reach in book.services.reach.values()),
        coverage=_coverage(figures.coverage, columns, names),
        expected=sum(cell.expected for cell in figures.coverage),
        missing=tuple(
            say_pair(where, say_list(items)) for where, items in missing.items()
        ),
        lacking=len(lacking),
        duties=(
            say(
                "评价后、被退回后或申诉不成立后{answer_days}个工作日内答复;"
                "实名差评须回访{callback_percent}%({sources})。",
                answer_days=rule.answer_days.value,
                callback_percent=rule.callback_percent.value,
                sources=_sources(
                    (rule.answer_days.source, rule.callback_percent.source)
                ),
            )
        ),
        months=tuple(
            say("{month}月", month=int(month[5:])) for month in figures.months
        ),
        tables=month_tables(figures.months, units),
    )


def _sources(sources: Iterable[str]) -> str:
    """Return the sources of figures in words, without repeats.

    >>> _sources(["通知 附件2 任务10(办理方式为 ours)", "ours"])
    '本系统自定;通知 附件2 任务10(办理方式为本系统自定)'

    """
    return say_sentences(map(in_words, sorted(set(sources))))


def _item(item: ServiceItem, units: Mapping[str, str]) -> ServiceLine:
    source = _sources([item.source])
    if item.figures_source and item.figures_source != item.source:
        figures = say_pair(say("数字"), _sources([item.figures_source]))
        source = say_sentences([source, figures])
    return ServiceLine(
        name=item.name,
        unit=units.get(item.unit, item.unit),
        mode=item.mode.spoken,
        online=say("是") if item.online else say("否"),
        changes=tuple(burden_change(item, name) for name in BURDENS),
        since="" if item.since is None else f"{item.since:%Y-%m-%d}",
        source=source,
    )


def burden_change(item: ServiceItem, name: str) -> str:
    """Return a burden of an item before and after the reform, such as 4→1."""
    if item.before is None or item.after is None:
        return "—"
    return f"{getattr(item.before, name)}→{getattr(item.after, name)}"


def _saving(unit: str, savings: Sequence[Savings]) -> SavingLine:
    names = ("counted", "items", "online", *BURDENS)
    counted, items, online, *saved = (
        sum(getattr(line, name) for line in savings) for name in names
    )
    return SavingLine(
        unit=unit, counted=f"{counted}/{items}", online=online, saved=tuple(saved)
    )


def _coverage(
    cells: Iterable[CoverageCell], channels: Sequence[str], names: Mapping[str, str]
) -> tuple[CoverageLine, ...]:
    """Return the matrix by item; a cell that is not expected shows its ratings."""
    by_item: dict[str, dict[str, list[Covered]]] = {}
    for cell in cells:
        columns = by_item.setdefault(cell.item, {key: [] for key in channels})
        if cell.expected or cell.ratings:
            kind = (
                "missing" if cell.missing else "expected" if cell.expected else "more"
            )
            text = say("缺") if cell.missing else f"{cell.ratings:,}"
            covered = Covered(object=cell.object.spoken, text=text, kind=kind)
            columns[cell.channel].append(covered)
    return tuple(
        CoverageLine(
            item=names.get(item, item), cells=tuple(map(tuple, columns.values()))
        )
        for item, columns in by_item.items()
    )
