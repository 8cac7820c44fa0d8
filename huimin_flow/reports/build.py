"""The values that pages need, gathered from the store and put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from huimin_flow.clock import SHANGHAI
from huimin_flow.model.edition import Edition
from huimin_flow.model.event import Event
from huimin_flow.model.organization import Organization
from huimin_flow.model.plain import from_plain
from huimin_flow.model.value import value
from huimin_flow.model.verdict import Verdict
from huimin_flow.reasons import sentence
from huimin_flow.store import facts, history, repository
from huimin_flow.terms import Recommendation, State, Step, Via


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
class ItemPage:
    """Everything an item's page says."""

    number: str
    title: str
    state: str
    unit: str
    appeals: int
    people: int
    links: tuple[tuple[str, str], ...]
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
    stored = history.read_stream(connection, f"item/{number}")
    links = tuple(
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
    return ItemPage(
        number=number,
        title=item.title,
        state=item.state.label,
        unit=names.get(item.unit, item.unit),
        appeals=tally.appeals,
        people=tally.people,
        links=links,
        history=tuple(
            _line(history.event_of(one.header), one.leaf.hex(), posts, names)
            for one in stored
        ),
        targets=target_lines(targets),
    )


def target_lines(targets: Sequence[Verdict]) -> tuple[str, ...]:
    """Return what was found of each indicator, in a line each, with its percent."""
    return tuple(
        _in_words(one) + (f"(达成{one.score}%)" if one.score else "") for one in targets
    )


def last_finding(connection: Connection, number: str) -> str:
    """Return what the rule found at an item's last event, in words."""
    stored = history.read_stream(connection, f"item/{number}")
    return _found(history.event_of(stored[-1].header)) if stored else ""


def _line(
    event: Event, leaf: str, posts: Mapping[str, str], names: Mapping[str, str]
) -> HistoryLine:
    return HistoryLine(
        n=event.n,
        at=event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        step=Step(event.step).label,
        source="" if event.source is None else State(event.source).label,
        target="" if event.target is None else State(event.target).label,
        actor=posts.get(event.actor, event.actor),
        via=Via(event.via).label,
        verdict=_found(event) or _told(event, names),
        leaf=leaf[:16],
    )


def _found(event: Event) -> str:
    if event.verdict is None:
        return ""
    return _in_words(from_plain(Verdict, event.verdict))


def _in_words(verdict: Verdict) -> str:
    return ";".join(sentence(one.code, dict(one.values)) for one in verdict.reasons)


def _list_name(key: str, names: Mapping[str, str]) -> str:
    """Return a list's name.

    >>> _list_name("list/2023/city", {})
    '2023年全市清单'

    """
    _, period, unit = key.split("/")
    whose = "全市" if unit == "city" else names.get(unit, unit)
    return f"{period}{'年' if period.isdigit() else ''}{whose}清单"


def _told(event: Event, names: Mapping[str, str]) -> str:
    """Return what an event without a finding tells, in a few words."""
    changes = event.public.get("changes", {})
    if event.step == Step.ENLIST:
        return f"{_list_name(str(changes['edition']), names)}第{changes['rank']}位"
    if event.step == Step.ADJUST:
        return f"{Recommendation(changes['recommendation']).label}:{changes['grounds']}"
    if event.step == Step.MERGE:
        return f"并入 {changes['merged_into']}"
    if event.step == Step.ASSIGN:
        return f"分解为{len(changes['plan']['tasks'])}项任务"
    if event.step == Step.RESPOND and "for_unit" in event.public:
        unit = str(event.public["for_unit"])
        return f"由{names.get(unit, unit)}承接"
    return str(changes.get("reason_code") or "")
