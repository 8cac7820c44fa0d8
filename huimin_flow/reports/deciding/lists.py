"""The values that pages need, gathered from the store and put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from huimin_flow.catalogue.terms import State, Step, StreamKind, Via
from huimin_flow.clock import SHANGHAI
from huimin_flow.errors import StoreRefused
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.items import Link
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.reports.core.histories import found, in_words, told

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot


@value
class ListLine:
    """A line of a list's page."""

    rank: int
    number: str
    title: str
    unit: str
    area: str
    stars: str
    state: str


@value
class HistoryLine:
    """A line of an item's history, in words; times are Shanghai's."""

    n: int
    at: str
    step: str
    source: str
    target: str
    actor: str
    via: str
    verdict: str
    leaf: str


@value
class LinkLine:
    """A link of an item to another: what that one is to it, and how it stands."""

    label: str
    number: str
    title: str
    state: str


@value
class ItemPage:
    """Everything an item's page says."""

    number: str
    title: str
    state: str
    unit: str
    appeals: int
    people: int
    links: tuple[LinkLine, ...]
    history: tuple[HistoryLine, ...]
    targets: tuple[str, ...] = ()


def list_lines(now: Snapshot, edition: Edition) -> tuple[ListLine, ...]:
    """Return a list's lines in rank order."""
    names = {unit.code: unit.name for unit in now.rulebook().organization.units}
    lines = []
    for place in edition.places:
        item = now.item(place.item)
        lines.append(
            ListLine(
                rank=place.rank,
                number=item.number,
                title=item.title,
                unit=names.get(place.unit, place.unit),
                area=place.area.label,
                stars="★" * (place.stars or 0),
                state=item.state.label,
            )
        )
    return tuple(lines)


def item_page(now: Snapshot, number: str) -> ItemPage:
    """Return an item's page: what it is, whence it came, all that happened.

    Raises:
        NotFound: if no item bears the number.

    """
    item = now.item(number)
    organization = now.rulebook().organization
    names = {unit.code: unit.name for unit in organization.units}
    posts = {
        one.id: f"{one.id}({names.get(one.unit, one.unit)})"
        for one in organization.people
    }
    tally = now.tally(number)
    books: dict[str, Rulebook | None] = {}
    return ItemPage(
        number=number,
        title=item.title,
        state=item.state.label,
        unit=names.get(item.unit, item.unit),
        appeals=tally.appeals,
        people=tally.people,
        links=link_lines(now.links(number)),
        history=tuple(
            _line(
                one.event,
                one.leaf,
                posts,
                told(one.event, _book(now, one.event.rulebook, books), names),
            )
            for one in now.events(StreamKind.ITEM.key(number))
        ),
        targets=target_lines(now.fulfilments(number)),
    )


def target_lines(targets: Sequence[Verdict]) -> tuple[str, ...]:
    """Return what was found of each indicator, in a line each, with its percent."""
    return tuple(
        in_words(one) + (f"(达成{one.score}%)" if one.score else "") for one in targets
    )


def last_finding(now: Snapshot, number: str) -> str:
    """Return what the rule found at an item's last event, in words."""
    recorded = now.events(StreamKind.ITEM.key(number))
    return found(recorded[-1].event) if recorded else ""


def _book(
    now: Snapshot, digest: str | None, known: dict[str, Rulebook | None]
) -> Rulebook | None:
    """Return the rulebook that an event names, for the bureau's words of its time."""
    name = str(digest)
    if name not in known:
        try:
            known[name] = now.rulebook(name)
        except (StoreRefused, ValueError):
            known[name] = None
    return known[name]


def _line(event: Event, leaf: str, posts: Mapping[str, str], words: str) -> HistoryLine:
    return HistoryLine(
        n=event.n,
        at=event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        step=Step(event.step).label,
        source="" if event.source is None else State(event.source).label,
        target="" if event.target is None else State(event.target).label,
        actor=posts.get(event.actor, event.actor),
        via=Via(event.via).label,
        verdict=words,
        leaf=leaf[:16],
    )


def link_lines(links: Iterable[Link]) -> tuple[LinkLine, ...]:
    """Return an item's links both ways: what it came from, what came of it."""
    return tuple(
        LinkLine(
            label=(_ABOVE if link.above else _BELOW)[link.field],
            number=link.item.number,
            title=link.item.title,
            state=link.item.state.label,
        )
        for link in links
    )


#: By the field that names the item above, what that one is to the item below.
_ABOVE = {
    "continues": "接续自",
    "responds_to": "响应",
    "arises_from": "源于",
    "split_from": "拆分自",
    "merged_into": "并入",
}

#: By the field that names the item above, what the item below is to it.
_BELOW = {
    "continues": "由其接续",
    "responds_to": "由其响应",
    "arises_from": "由此产生",
    "split_from": "拆分出",
    "merged_into": "并入本事项",
}
