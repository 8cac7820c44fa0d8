"""Previews of lists before they freeze: who is chosen, who just missed (B5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_clauses, say_list
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import StreamKind, Strength
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import shanghai
from huimin_flow.model.core.periods import quarters_from
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.histories import list_name
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.beside import BesideLine, beside_lines
from huimin_flow.rules.core.formula import hundredths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from huimin_flow.flow import Snapshot
    from huimin_flow.model.core.values import Difference
    from huimin_flow.model.deciding.lists import ListPreview, NearMiss
    from huimin_flow.model.items import Item


@value
class EffectLine:
    """A rank of an item that a rulebook would change; ``old`` and ``new`` in words."""

    list: str
    item: str
    title: str
    old: str
    new: str


@value
class ChosenLine:
    """An item that would be chosen; ``city`` is its rank on the city's list."""

    item: str
    title: str
    unit: str
    unit_name: str
    rank: int
    city: int | None
    area: str
    stars: int
    benefit: str


@value
class NearLine:
    """An item that would not be chosen, why, and how far it is from it."""

    item: str
    title: str
    unit_name: str
    stars: int
    benefit: str
    why: str
    distance: str


@value
class TieLine:
    """Two items of the same stars and benefit, and what put the first before."""

    first: str
    second: str
    broken_by: str
    decides: bool


def distance(near: NearMiss) -> str:
    """Return how far an item is from being chosen, "" where no figure says it."""
    clauses = []
    if near.behind:
        clauses.append(say("名额以外第{place}位", place=near.behind))
    if near.lacks_stars:
        clauses.append(say("少{stars}星", stars=near.lacks_stars))
    if near.lacks_benefit == 0:
        clauses.append(say("强度相同"))
    elif near.lacks_benefit is not None:
        lacks = hundredths(near.lacks_benefit)
        clauses.append(say("强度低{points}分", points=lacks))
    return say_clauses(*clauses)


def headline(preview: ListPreview) -> str:
    """Return the cutoff and the counts of a preview in a sentence."""
    if preview.frozen:
        return say(
            "清单已截止成册,不再入选;确需列入的,由两人增补(huimin list supplement)"
        )
    cutoff = say("已过或未定") if preview.cutoff is None else shanghai(preview.cutoff)
    return say(
        "截止:{cutoff};各单位清单{listed}项,全市清单{city}项,未入选{missed}项",
        cutoff=cutoff,
        listed=sum(len(edition.places) for edition in preview.units),
        city=len(preview.city.places),
        missed=len(preview.missed),
    )


def chosen_lines(now: Snapshot, preview: ListPreview) -> tuple[ChosenLine, ...]:
    """Return who would be chosen, unit after unit."""
    names = now.rulebook.active().organization.names
    ranks = {place.item: place.rank for place in preview.city.places}
    places = [place for edition in preview.units for place in edition.places]
    numbers = [place.item for place in places]
    items = {item.number: item for item in now.items.list(numbers=numbers)}
    return tuple(
        ChosenLine(
            item=place.item,
            title=items[place.item].title,
            unit=place.unit,
            unit_name=names.get(place.unit, place.unit),
            rank=place.rank,
            city=ranks.get(place.item),
            area=place.area.spoken,
            stars=place.stars or 0,
            benefit=items[place.item].perceived_benefit or "",
        )
        for place in places
    )


def near_lines(now: Snapshot, preview: ListPreview) -> tuple[NearLine, ...]:
    """Return who would not be chosen, nearest first within each unit."""
    names = now.rulebook.active().organization.names
    return tuple(
        NearLine(
            item=near.item,
            title=near.title,
            unit_name=names.get(near.unit, near.unit),
            stars=near.stars,
            benefit=hundredths(near.benefit),
            why=sentence(near.reason.code, dict(near.reason.values)),
            distance=distance(near),
        )
        for near in preview.missed
    )


def successor_lines(
    now: Snapshot, preview: ListPreview
) -> tuple[tuple[Item, tuple[BesideLine, ...]], ...]:
    """Return the candidates that continue another item, each beside that item."""
    items = now.items.list(numbers=sorted(preview.continues))
    return tuple((item, beside_lines(now, item)) for item in items)


def tie_lines(preview: ListPreview) -> tuple[TieLine, ...]:
    """Return the ties, and what broke each."""
    return tuple(
        TieLine(
            first=tie.first,
            second=tie.second,
            broken_by=tie.broken_by.spoken,
            decides=tie.decides,
        )
        for tie in preview.ties
    )


def previews(now: Snapshot, day: date) -> tuple[ListPreview, ...]:
    """Return the previews of next year and the next quarter that have candidates."""
    coming = (str(day.year + 1), quarters_from(day)[1])
    known = (now.lists.preview(period) for period in coming)
    return tuple(each for each in known if each.units)


def preview_file(period: str) -> str:
    """Return the file of a preview's page.

    >>> preview_file("2027Q1")
    'preview-2027Q1.html'

    """
    return f"preview-{period}.html"


def preview_page(now: Snapshot, period: str) -> Page:
    """Return the page of the lists of a period as a freeze would make them now.

    Raises:
        InputRefused: for a period whose lists cannot be previewed.

    """
    preview = now.lists.preview(period)
    return Page(
        file=preview_file(period),
        template="preview.html.j2",
        title=say("{when}民生任务清单预览", when=period_in_words(period)),
        values={
            "note": headline(preview),
            "order": say(
                "先后依次按{order}比较,前一项相同的才比后一项。",
                order=say_list(word.spoken for word in Strength),
            ),
            "chosen": chosen_lines(now, preview),
            "missed": near_lines(now, preview),
            "successors": successor_lines(now, preview),
            "ties": tie_lines(preview),
        },
    )


def is_effect(change: Difference) -> bool:
    """Tell whether a change is a rank on a coming list, not a key of the rulebook."""
    key, _, item = change.path.partition(" ")
    return bool(item) and StreamKind.parse(key)[0] is StreamKind.LIST


def effect_lines(now: Snapshot, effects: Iterable[Difference]) -> Iterator[EffectLine]:
    """Yield in words what a rulebook would change in the standing previews."""
    ranks = [(*each.path.split(" "), each.old, each.new) for each in effects]
    items = now.items.list(numbers=sorted({item for _, item, *_ in ranks}))
    titles = {item.number: item.title for item in items}
    names = now.rulebook.active().organization.names
    for key, item, *both in ranks:
        old, new = (say("不在清单") if rank is None else str(rank) for rank in both)
        yield EffectLine(
            list=list_name(key, names),
            item=item,
            title=titles.get(item, ""),
            old=old,
            new=new,
        )
