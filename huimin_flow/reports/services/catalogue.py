"""The values of a year's page of services: catalogue, savings, ratings (D3, E4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from huimin_flow.model.core.values import value
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.catalogue import Burden, FollowUpRule, ServiceItem
from huimin_flow.model.services.ratings import CoverageCell, Savings, ServiceYear
from huimin_flow.reports.core.sources import in_words
from huimin_flow.reports.services.follow_ups import MonthTable, month_tables

#: What a handling costs a citizen, in the order of the columns.
_BURDENS = ("steps", "documents", "days", "visits")


@value
class ServiceLine:
    """A service item of the catalogue; ``changes`` are its burdens, 4→1."""

    name: str
    unit: str
    mode: str
    online: str
    changes: tuple[str, ...]
    since: str
    source: str


@value
class SavingLine:
    """What a unit's items save; ``counted`` is how many of them have figures."""

    unit: str
    counted: str
    online: int
    saved: tuple[int, ...]


@value
class Covered:
    """How often something was rated at a channel; ``kind`` tells how it is drawn.

    It is ``missing``, ``asked`` for, or ``more`` than is asked for.
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
    """All that a year's page of services says, in words.

    The last line of ``savings`` sums the others; ``missing`` names the ``lacking``
    of the ``asked`` cells; ``reach`` says by whom they are asked for, ``owed`` what
    is owed for a bad rating.
    """

    items: tuple[ServiceLine, ...]
    savings: tuple[SavingLine, ...]
    channels: tuple[str, ...]
    reach: str
    coverage: tuple[CoverageLine, ...]
    asked: int
    missing: tuple[str, ...]
    lacking: int
    owed: str
    months: tuple[str, ...]
    tables: tuple[MonthTable, ...]


def service_page(found: ServiceYear, book: Rulebook) -> ServicePage:
    """Return a year's page; units, items and channels by their names of ``book``.

    Channels without a name, and items that have left the catalogue, keep their key.
    """
    units = _unit_names(found, book)
    channels = book.channels.service
    names = {one.key: one.name for one in found.items}
    shown = tuple(dict.fromkeys(one.channel for one in found.coverage))
    missing = [one for one in found.coverage if one.missing]
    return ServicePage(
        items=tuple(_item(one, units) for one in found.items),
        savings=(
            *(_saving(units.get(one.unit, one.unit), [one]) for one in found.savings),
            _saving("合计", found.savings),
        ),
        channels=tuple(channels.get(one, one) for one in shown),
        reach=_sources(one.source for one in book.services.reach.values()),
        coverage=_coverage(found.coverage, shown, names),
        asked=sum(one.expected for one in found.coverage),
        missing=_missing(missing, names, channels),
        lacking=len(missing),
        owed=_owed(found.follow_up),
        months=tuple(f"{int(one[5:])}月" for one in found.months),
        tables=month_tables(found.months, units),
    )


def _unit_names(found: ServiceYear, book: Rulebook) -> Mapping[str, str]:
    """Return the units' names; of two of one name, each with its kind behind it.

    A zone may become a district of the same name within a year.
    """
    shown = {one.unit for month in found.months.values() for one in month}
    units = book.organization.units
    often = Counter(one.name for one in units if one.code in shown)
    return {
        one.code: f"{one.name}({one.kind.label})" if often[one.name] > 1 else one.name
        for one in units
    }


def _sources(sources: Iterable[str]) -> str:
    """Return where figures come from, each source once, in words.

    >>> _sources(["通知 附件2 任务10(办理方式为 ours)", "ours"])
    '本系统自定;通知 附件2 任务10(办理方式为本系统自定)'

    """
    told = (in_words(one) for one in sorted(set(sources)))
    return ";".join(told)


def _owed(rule: FollowUpRule) -> str:
    """Return what the rulebook asks of bad ratings, and who says so."""
    sources = _sources((rule.answer_days.source, rule.callback_percent.source))
    return (
        f"评价后、被退回后或申诉不成立后{rule.answer_days.value}个工作日内答复;"
        f"实名差评须回访{rule.callback_percent.value}%({sources})。"
    )


def _item(one: ServiceItem, units: Mapping[str, str]) -> ServiceLine:
    source = _sources([one.source])
    if one.figures_source and one.figures_source != one.source:
        source += f";数字:{_sources([one.figures_source])}"
    return ServiceLine(
        name=one.name,
        unit=units.get(one.unit, one.unit),
        mode=one.mode.label,
        online="是" if one.online else "否",
        changes=tuple(_change(one.before, one.after, name) for name in _BURDENS),
        since="" if one.since is None else f"{one.since:%Y-%m-%d}",
        source=source,
    )


def _change(before: Burden | None, after: Burden | None, name: str) -> str:
    if before is None or after is None:
        return "—"
    return f"{getattr(before, name)}→{getattr(after, name)}"


def _saving(unit: str, found: Sequence[Savings]) -> SavingLine:
    counted, items, online = (
        sum(getattr(one, name) for one in found)
        for name in ("counted", "items", "online")
    )
    return SavingLine(
        unit=unit,
        counted=f"{counted}/{items}",
        online=online,
        saved=tuple(sum(getattr(one, name) for one in found) for name in _BURDENS),
    )


def _coverage(
    cells: Iterable[CoverageCell], channels: Sequence[str], names: Mapping[str, str]
) -> tuple[CoverageLine, ...]:
    """Return the matrix by item; of what isn't asked for, what is there."""
    by_item: dict[str, dict[str, list[Covered]]] = {}
    for one in cells:
        mine = by_item.setdefault(one.item, {key: [] for key in channels})
        if one.expected or one.ratings:
            kind = "missing" if one.missing else "asked" if one.expected else "more"
            text = "缺" if one.missing else f"{one.ratings:,}"
            mine[one.channel].append(
                Covered(object=one.object.label, text=text, kind=kind)
            )
    return tuple(
        CoverageLine(
            item=names.get(item, item), cells=tuple(tuple(one) for one in mine.values())
        )
        for item, mine in by_item.items()
    )


def _missing(
    cells: Iterable[CoverageCell], names: Mapping[str, str], channels: Mapping[str, str]
) -> tuple[str, ...]:
    """Return what is missing by channel and object, one sentence each."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in cells:
        where = f"{channels.get(one.channel, one.channel)}·{one.object.label}"
        found[where].append(names.get(one.item, one.item))
    return tuple(f"{where}:{'、'.join(items)}" for where, items in found.items())
