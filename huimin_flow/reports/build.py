"""The values that pages need, gathered from the store and put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from huimin_flow.catalogue.terms import State, Step, StreamKind, Via
from huimin_flow.clock import SHANGHAI
from huimin_flow.model.edition import Edition
from huimin_flow.model.event import Event
from huimin_flow.model.item import Item
from huimin_flow.model.organization import Organization
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text
from huimin_flow.model.value import value
from huimin_flow.model.verdict import Verdict
from huimin_flow.reports.histories import found, in_words, told
from huimin_flow.store import facts, history, repository
from huimin_flow.store.links import linked_items


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


def list_lines(
    connection: Connection, edition: Edition, organization: Organization
) -> tuple[ListLine, ...]:
    """Return a list's lines in rank order."""
    names = {unit.code: unit.name for unit in organization.units}
    lines = []
    for place in edition.places:
        item = repository.item(connection, place.item)
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


def item_page(
    connection: Connection,
    number: str,
    organization: Organization,
    targets: Sequence[Verdict] = (),
) -> ItemPage:
    """Return an item's page: what it is, whence it came, all that happened.

    ``targets`` are the findings on its indicators.

    Raises:
        NotFound: if no item bears the number.

    """
    item = repository.item(connection, number)
    names = {unit.code: unit.name for unit in organization.units}
    posts = {
        one.id: f"{one.id}({names.get(one.unit, one.unit)})"
        for one in organization.people
    }
    tally = facts.tally(connection, number)
    stored = history.read_stream(connection, StreamKind.ITEM.key(number))
    books: dict[str, Rulebook | None] = {}
    return ItemPage(
        number=number,
        title=item.title,
        state=item.state.label,
        unit=names.get(item.unit, item.unit),
        appeals=tally.appeals,
        people=tally.people,
        links=link_lines(connection, item),
        history=tuple(
            _line(
                event,
                one.leaf.hex(),
                posts,
                told(event, _book(connection, event.rulebook, books), names),
            )
            for one in stored
            for event in [history.event_of(one.header)]
        ),
        targets=target_lines(targets),
    )


def target_lines(targets: Sequence[Verdict]) -> tuple[str, ...]:
    """Return what was found of each indicator, in a line each, with its percent."""
    return tuple(
        in_words(one) + (f"(达成{one.score}%)" if one.score else "") for one in targets
    )


def last_finding(connection: Connection, number: str) -> str:
    """Return what the rule found at an item's last event, in words."""
    stored = history.read_stream(connection, StreamKind.ITEM.key(number))
    return found(history.event_of(stored[-1].header)) if stored else ""


def _book(
    connection: Connection, digest: str | None, known: dict[str, Rulebook | None]
) -> Rulebook | None:
    """Return the rulebook that an event names, for the bureau's words of its time."""
    if digest not in known:
        body = repository.rulebook_body(connection, str(digest))
        try:
            known[str(digest)] = None if body is None else rulebook_from_text(body)
        except ValueError:
            known[str(digest)] = None
    return known[str(digest)]


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


def _links(item: Item) -> tuple[tuple[str, str], ...]:
    """Return the items that this one came from, or went into."""
    return tuple(
        (label, other)
        for label, other in (
            ("接续自", item.continues),
            ("响应", item.responds_to),
            ("源于", item.arises_from),
            ("拆分自", item.split_from),
            ("并入", item.merged_into),
        )
        if other is not None
    )


def link_lines(connection: Connection, item: Item) -> tuple[LinkLine, ...]:
    """Return an item's links both ways: what it came from, what came of it."""
    lines = [
        (label, repository.find_item(connection, other))
        for label, other in _links(item)
    ]
    lines += [
        (_BELOW[field], one) for field, one in linked_items(connection, item.number)
    ]
    return tuple(
        LinkLine(label=label, number=one.number, title=one.title, state=one.state.label)
        for label, one in lines
        if one is not None
    )


#: By the field that names the item above, what the item below is to it.
_BELOW = {
    "continues": "由其接续",
    "responds_to": "由其响应",
    "arises_from": "由此产生",
    "split_from": "拆分出",
    "merged_into": "并入本事项",
}
