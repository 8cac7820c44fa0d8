"""What a door costs, and what it shows: one rulebook, one moment, named acts alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.requests import Performed
from huimin_flow.model import rulebook as rulebooks
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import logs
from huimin_flow.testing import Desk
from tests.flow.core.test_host import DEMAND
from tests.statements import recorded


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Every text of a rulebook that was parsed; none is known at the beginning."""
    texts: list[object] = []
    honest: Any = vars(rulebooks)["from_plain"]

    def counting(kind: type, plain: object) -> object:
        texts.append(plain)
        return honest(kind, plain)

    monkeypatch.setattr(rulebooks, "from_plain", counting)
    rulebooks.rulebook_from_text.cache_clear()
    yield texts
    rulebooks.rulebook_from_text.cache_clear()


def test_once_whole_and_bind_parse_no_rulebook_anew(
    desk: Desk, url: str, parsed: list[object]
) -> None:
    by = desk.operator
    for n in range(3):
        desk.flow.once(f"r-{n}").items.collect(DEMAND, by=by)
        with desk.flow.whole() as whole:
            whole.items.collect(DEMAND, by=by)
    with Flow.open(url, clock=desk.clock) as other:
        other.items.collect(DEMAND, by=by)
    host = engines.open_engine(url)
    for n in range(3):
        with host.begin() as connection:
            bound = Flow.bind(connection, clock=desk.clock)
            bound.once(f"b-{n}").items.collect(DEMAND, by=by)
    host.dispose()
    assert len(parsed) == 1
    assert len(desk.flow.items.list()) == 10


def test_an_act_under_a_key_does_not_read_the_rulebook_again(desk: Desk) -> None:
    desk.flow.items.collect(DEMAND, by=desk.operator)
    with recorded(door_of(desk.flow).own) as texts:
        desk.flow.once("r-1").items.collect(DEMAND, by=desk.operator)
    assert [text for text in texts if "huimin_request" in text]
    assert not [text for text in texts if "huimin_rulebook" in text]


#: The statements of an act; on PostgreSQL those that give it a position, too. Under a
#: key it needs the root key for the digest of what was asked.
COUNTED = {
    "sqlite": {"plain": 6, "amended": 6, "once": 11},
    "postgresql": {"plain": 7, "amended": 7, "once": 15},
}


def test_an_act_needs_the_same_few_statements_each_time(desk: Desk) -> None:
    engine = door_of(desk.flow).own
    item = desk.collect()

    def counted(act: Callable[[], object]) -> set[int]:
        numbers = set()
        for _ in range(3):
            with recorded(engine) as texts:
                act()
            numbers.add(len(texts))
        return numbers

    titles, keys = count(), count()

    def amend() -> None:
        desk.flow.items.amend(
            item.number, {"title": f"甲{next(titles)}"}, by=desk.operator
        )

    def once() -> None:
        desk.flow.once(f"r-{next(keys)}").items.collect(DEMAND, by=desk.operator)

    found = {
        "plain": counted(lambda: desk.flow.items.collect(DEMAND, by=desk.operator)),
        "amended": counted(amend),
        "once": counted(once),
    }
    expected = COUNTED[engine.dialect.name]
    assert found == {name: {number} for name, number in expected.items()}


def test_an_act_writes_only_the_columns_of_an_item_that_change(desk: Desk) -> None:
    """Every other column would touch an index, and cost a page more to sync."""
    item = desk.collect()
    with recorded(door_of(desk.flow).own) as texts:
        desk.flow.items.amend(item.number, {"title": "甲"}, by=desk.operator)
        desk.screen(item.number)
    written = [
        set(
            re.findall(r"(\w+)\s*=", text.partition(" SET ")[2].partition(" WHERE ")[0])
        )
        for text in texts
        if "UPDATE huimin_item" in text
    ]
    always = {"version", "body"}
    assert written == [always, {*always, "state"}]


def test_a_text_that_was_changed_is_refused_though_the_process_knows_it(
    book: Rulebook,
) -> None:
    text = rulebooks.rulebook_text(book)
    assert rulebooks.rulebook_from_text(text).digest == book.digest
    spoilt = text.replace(b'"least_stars"', b'"most_stars"')
    with pytest.raises(ValueError, match="least_stars"):
        rulebooks.rulebook_from_text(spoilt)


def test_an_act_that_is_kept_is_told_as_kept_though_its_numbering_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter(
        [StoreRefused(StoreCode.DISK_FULL), OperationalError("x", {}, OSError("乙"))]
    )

    def fails(_: object) -> None:
        raise next(failures)

    monkeypatch.setattr(logs, "settle", fails)
    first, second = desk.collect("候工区"), desk.collect("培训券")
    monkeypatch.undo()
    third = desk.collect("招聘会")
    assert desk.flow.items.list() == [first, second, third]
    assert door_of(desk.flow).acts == Performed(done=3)
