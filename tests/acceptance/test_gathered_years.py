"""Both demo years stand with appeals that the engine linked, not a hand (A6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import Gathering, State
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.sensing import gathering
from huimin_flow.store.sensing.gathering import JOINS, first_waiting, of_appeals

#: The items that were collected from appeals, by year: the city's and the districts'.
COLLECTED = {"2022": 20, "2023": 6}


@pytest.fixture(scope="module")
def flow(played: Path) -> Iterator[Flow]:
    with Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}", read_only=True) as flow:
        yield flow


def ways(flow: Flow) -> dict[str, Counter[str]]:
    """Return how each item came to its appeals, "" if a hand linked them."""
    read = door_of(flow).read
    links = {pair: item for pair, item in read(gathering.links).items() if item}
    facts = read(lambda connection: of_appeals(connection, list(links)))
    merged = {each.number: each.merged_into for each in flow.items.list(State.MERGED)}
    found: dict[str, Counter[str]] = {}
    for pair, item in links.items():
        joined = [fact.outcome for fact in facts.get(pair, []) if fact.outcome in JOINS]
        # A group that the engine made may come to the item by one answer.
        by_engine = Gathering.LINK in joined
        way = Gathering.LINK if by_engine else joined[-1] if joined else ""
        found.setdefault(merged.get(item) or item, Counter())[way] += 1
    return found


def test_the_engine_links_the_appeals_of_both_years_and_nobody_by_hand(
    flow: Flow,
) -> None:
    by_item = ways(flow)
    years = Counter(number[:4] for number in by_item)
    assert years == COLLECTED
    merged = Counter(item.merged_into for item in flow.items.list(State.MERGED))
    assert merged.total() == 1
    for number, counts in by_item.items():
        assert counts[""] == 0, number
        assert counts[Gathering.COLLECT] == 1 + merged[number]
        assert counts[Gathering.LINK] >= counts.total() / 3, (number, counts)
        assert 10 <= counts.total() <= 120, (number, counts)
    linked = sum(by_item.values(), Counter[str]())
    assert linked[Gathering.LINK] > 0.8 * linked.total() > 700
    assert 50 < linked[Gathering.YES] < 0.2 * linked.total()


def test_the_office_declines_undoes_and_leaves_some(flow: Flow) -> None:
    read = door_of(flow).read
    assert read(first_waiting) is None
    counts = read(gathering.outcomes)
    assert counts[Gathering.NO] >= 20
    assert counts[Gathering.LATER] >= 5
    assert counts[Gathering.UNDO] == 1
    assert 0 < flow.gathering.count() < 400
    assert flow.appeals.count(loose=True) > 500


def test_a_districts_item_has_the_appeals_of_its_district(flow: Flow) -> None:
    """The same is told elsewhere: it is proposed, and the office declines it."""
    local = [number for number in ways(flow) if number.startswith("2023")]
    assert len(local) == COLLECTED["2023"]
    for number in local:
        unit = flow.items.get(number).unit
        places = {each.district for each in flow.appeals.list(item=number, limit=1000)}
        assert places == {unit}


def test_citizens_hear_what_became_of_it_but_in_one_silent_district(
    flow: Flow,
) -> None:
    rates = flow.answers.rates(first="2022-10", last="2024-01")
    received, open_ = (Counter[str]() for _ in range(2))
    for each in rates:
        received[each.unit] += each.received
        open_[each.unit] += each.open
    silent = "500107"
    assert open_[silent] == received[silent] > 20
    others = received.total() - received[silent]
    assert open_.total() - open_[silent] < 0.02 * others
    told = sum(each.in_time for each in rates)
    assert told > 0.4 * others
