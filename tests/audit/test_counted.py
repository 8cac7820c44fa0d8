"""An audit asks the database and the permissions no question per event."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from huimin_flow.audit import acts, rows
from huimin_flow.audit import verify as walks
from huimin_flow.audit.core import headers
from huimin_flow.audit.ledger import Root
from huimin_flow.audit.replay import replays, streams
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import AuditPart, State
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.canonical import canonical, leaf, merkle_root
from huimin_flow.model.core.organization import Organization
from huimin_flow.states import authority
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import facts, history
from huimin_flow.store.sensing import tallies
from huimin_flow.store.slices import Facts
from huimin_flow.testing import Desk
from tests.statements import recorded


@pytest.fixture
def engine(desk: Desk, url: str) -> Iterator[Engine]:
    """A second engine on the desk's database, with an item that was starred."""
    desk.bring(State.STARRED)
    engine = engines.open_engine(url)
    yield engine
    engine.dispose()


def verified(connection: Connection) -> None:
    assert verify(connection).findings == ()


def replayed(connection: Connection) -> None:
    every = replays(connection, streams(connection))
    assert [done.findings for done in every if done.findings] == []


def more(desk: Desk) -> None:
    """Bring more items without new batches, each of which has rows of its own."""
    with desk.flow.whole() as flow:
        whole = Desk(flow, desk.clock)
        for _ in range(20):
            item = whole.collect()
            whole.screen(item.number, 100)
            whole.judge(item.number)
            whole.star(item.number)


@pytest.mark.parametrize("audit", [verified, replayed])
def test_more_events_need_no_more_statements(
    audit: Callable[[Connection], None], desk: Desk, engine: Engine
) -> None:
    with recorded(engine) as few, engine.connect() as connection:
        audit(connection)
    more(desk)
    with recorded(engine) as many, engine.connect() as connection:
        audit(connection)
    assert len(many) <= len(few) + 2, set(many) - set(few)


def test_an_equal_question_about_a_right_is_asked_once(
    desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []
    honest = vars(authority)["_why_not"]

    def note(organization: Organization, *question: Any) -> Any:
        asked.append(question)
        return honest(organization, *question)

    more(desk)
    monkeypatch.setattr(authority, "_why_not", note)
    monkeypatch.setattr(authority, "_ANSWERS", {})
    with engine.connect() as connection:
        verified(connection)
    assert 0 < len(asked) == len(set(asked)) < 10


def test_the_root_that_grows_equals_the_root_of_all_leaves() -> None:
    root, leaves = Root(), list[bytes]()
    for n in range(70):
        assert (root.digest(), root.count) == (merkle_root(leaves), n)
        leaves.append(leaf(str(n).encode()))
        root.append(leaves[-1])


def test_a_tally_at_each_event_equals_the_one_of_the_store(
    desk: Desk, engine: Engine
) -> None:
    units = desk.flow.rulebook.active().organization
    first = desk.collect().number
    desk.link_appeals(first, 5)
    desk.screen(first)
    second = desk.collect().number
    pairs = [(voice.channel, voice.key) for voice in desk.link_appeals(first, 3)]
    desk.flow.appeals.link(second, pairs, by=desk.office)
    desk.screen(second)
    with engine.connect() as connection:
        walked = Facts(connection)
        events = history.read_from(connection, 0)
        walked.begin(events)
        seen = set()
        for stored in events:
            walked.walk(stored)
            known = facts.known_at(connection, stored.position or 0)
            assert (walked.known().last, walked.known().late) == (
                known.last,
                known.late,
            )
            for number in (first, second):
                alone: tallies.Family = ([number], [])
                again = tallies.tally(connection, number, units, of=alone, known=known)
                assert walked.tally(number, alone, units) == again
                seen.add(again.appeals)
    assert len(seen) > 3
    assert door_of(desk.flow).read(verify).findings == ()


def test_the_evidence_is_told_apart_from_the_decisions(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.connect() as connection:
        transaction = connection.begin()
        edit = "UPDATE huimin_item SET stars = 5"
        connection.exec_driver_sql(edit)
        whole = verify(connection)
        monkeypatch.setattr(acts, "authorize", None)  # nobody may ask it
        evidence = verify(connection, decisions=False)
        transaction.rollback()
    counts = {part.part.value: part.findings for part in whole.parts}
    assert counts == {"evidence": 1, "decisions": 0}
    assert [part.part.value for part in evidence.parts] == ["evidence"]
    assert evidence.findings == whole.findings
    assert evidence.head == whole.head


def test_the_evidence_of_a_clean_history_is_read_once(
    desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    more(desk)
    slow: list[str] = []
    for module, name in (
        (acts, "evolve"),  # it makes an item for each event
        (history, "event_of"),  # it proves nothing about the bytes
        (history, "header_of"),
    ):
        honest = getattr(module, name)

        def note(*values: Any, name: str = name, honest: Any = honest) -> Any:
            slow.append(name)
            return honest(*values)

        monkeypatch.setattr(module, name, note)
    with engine.connect() as connection:
        assert verify(connection, decisions=False).findings == ()
        assert slow == []
        verified(connection)
    assert set(slow) == {"evolve"}


@pytest.mark.parametrize("part", AuditPart)
def test_more_events_of_a_stream_need_no_more_memory(
    part: AuditPart, desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (walks, rows):
        monkeypatch.setattr(module, "_SLICE", 50)  # so that one slice is small
    decisions, item = part is AuditPart.DECISIONS, desk.collect()
    clerk = desk.operator_of(item.number)

    def live(year: int) -> tuple[int, int]:
        """Amend the item, each time with an id; return the events and the peak."""
        for k in range(200):
            title = {"title": f"零工市场缺少候工区{year}-{k}"}
            desk.flow.once(f"{year}-{k:030d}").items.amend(item.number, title, by=clerk)
        with engine.connect() as connection:
            verify(
                connection, decisions=decisions
            )  # what is cached once is not counted
            gc.collect()
            gc.freeze()  # what other tests left is not looked through
            usual = gc.get_threshold()
            gc.set_threshold(50)  # else the peak has garbage, more or less
            tracemalloc.start()
            try:
                report = verify(connection, decisions=decisions)
                assert report.findings == ()
                return report.events, tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
                gc.set_threshold(*usual)

    (few, least), (many, most) = live(2023), live(2024)
    assert (most - least) / (many - few) < 128, (least, most, many)


#: Public parts whose header isn't canonical, or whose order needs a second look.
PUBLIC: dict[str, str] = {
    "plain": '{"a":1,"b":[true,null,"x"]}',
    "unsorted": '{"b":1,"a":2}',
    "not NFC": '{"a":"cafe\u0301"}',
    "a key that is not NFC": '{"cafe\u0301":1}',
    "beyond the plane, in its order": '{"\U0001f600":1,"\uff0c":2}',
    "beyond the plane, by code points": '{"\uff0c":1,"\U0001f600":2}',
    "a key twice": '{"a":1,"a":1}',
    "an escape": '{"a":"\\u4e2d"}',
    "a control": '{"a":"\\u001f"}',
    "a slash": '{"a":"\\/"}',
    "a space": '{"a": 1}',
    "minus zero": '{"a":-0}',
    "a float": '{"a":[{"b":1.5}]}',
    "a float without a point": '{"a":1e16}',
    "an integer beyond 2**53": '{"a":9007199254740993}',
}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_header_is_called_canonical_only_if_it_would_be_made_so(name: str) -> None:
    at = "2023-10-09T02:00:00.000000Z"
    fields = {
        "actor": "a", "at": at, "n": 1, "occurred_on": "2023-10-09", "previous": None,
        "private": None, "public": {}, "request": "r", "rulebook": None, "source": None,
        "step": "s", "stream": "t", "target": None, "v": 1, "verdict": None, "via": "v",
    }  # fmt: skip
    written = (
        canonical(fields).decode().replace('"public":{}', f'"public":{PUBLIC[name]}')
    )
    header = written.encode()
    proven = headers.read_proven(header)
    if proven is not None:
        event = history.event_of(header, headers._read_exactly)
        assert history.header_of(event) == header
        assert proven == {**fields, "public": event.public}
    assert (proven is not None) == (name in {"plain", "a control"})


@pytest.mark.parametrize(
    "number", ["1.5", "1e3", "NaN", "-Infinity", "9007199254740993"]
)
def test_a_number_that_canonical_json_lacks_cannot_be_read(number: str) -> None:
    with pytest.raises(ValueError, match="canonical JSON has no"):
        headers._read_exactly(f'{{"a":{number}}}'.encode())
