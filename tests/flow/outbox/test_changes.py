"""The feed gives each recorded event once, in order, with nothing about a person."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, type_coerce, update
from sqlalchemy.types import NullType

from huimin_flow.catalogue.terms import Duty, State, StreamKind
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.changes import FeedChange
from huimin_flow.model.core.values import to_plain
from huimin_flow.store.core.tables import EVENTS
from huimin_flow.streams import STREAMS
from huimin_flow.testing import Desk
from tests.flow.core.test_host import plain

#: Each JSON type, as Python reads it.
TYPES = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def fits(schema: dict[str, Any], plain: Any) -> bool:
    """Tell whether a plain value fits a JSON Schema, of the words that ours use."""
    if "anyOf" in schema:
        return any(fits(part, plain) for part in schema["anyOf"])
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    known = schema.get("properties", {})
    shape = {"date": date, "date-time": datetime}.get(schema.get("format", ""))
    return (
        (not kinds or type(plain) in {TYPES[kind] for kind in kinds})
        and plain in schema.get("enum", [plain])
        and plain == schema.get("const", plain)
        and bool(re.search(schema.get("pattern", ""), str(plain)))
        and ("minimum" not in schema or plain >= schema["minimum"])
        and (shape is None or shape.fromisoformat(plain) is not None)
        and ("items" not in schema or all(fits(schema["items"], x) for x in plain))
        and (not known or set(schema.get("required", ())) <= plain.keys())
        and (not known or plain.keys() <= known.keys())
        and all(fits(known[name], plain[name]) for name in known if name in plain)
    )


def all_changes(flow: Flow, page: int = 1000) -> list[FeedChange]:
    found: list[FeedChange] = []
    while more := flow.changes(found[-1].position if found else 0, limit=page):
        found += more
    return found


@pytest.fixture(scope="module")
def demo(played: Path) -> Iterator[Flow]:
    file = next((played / "out").glob("*.db"))
    with Flow.open(f"sqlite:///{file}", read_only=True) as flow:
        yield flow


@pytest.fixture(scope="module")
def of_demo(demo: Flow) -> list[FeedChange]:
    return all_changes(demo)


def test_every_event_is_one_change_in_the_order_of_positions(
    demo: Flow, of_demo: list[FeedChange]
) -> None:
    positions = [change.position for change in of_demo]
    assert positions == list(range(1, len(of_demo) + 1))
    assert len({change.key for change in of_demo}) == len(of_demo)
    stream = of_demo[-1].stream
    leaves = [made.leaf for made in demo.records.events(stream)]
    assert leaves == [each.key for each in of_demo if each.stream == stream]
    assert all_changes(demo, 997) == of_demo


def test_each_change_fits_the_schema_of_its_kind(
    demo: Flow, of_demo: list[FeedChange]
) -> None:
    schemas = {kind: dict(demo.changes.schema(kind)) for kind in STREAMS}
    for change in of_demo:
        text = to_plain(change)
        assert fits(schemas[change.kind], text), text
        assert not fits(schemas[change.kind], {**text, "who": "x"})
    assert len({change.kind for change in of_demo}) > 15


def test_a_batch_of_facts_is_a_change_with_counts_and_no_rows(
    of_demo: list[FeedChange],
) -> None:
    batches = [each for each in of_demo if each.kind is StreamKind.BATCH]
    fields = frozenset({"batch", "count", "kind", "known", "root"})
    assert batches
    # Answers that the service closes are of many units: they are named.
    assert {frozenset(each.data) for each in batches} == {fields, fields | {"units"}}


def test_no_free_text_leaves_by_the_feed(of_demo: list[FeedChange]) -> None:
    """Codes, keys and names of streams are ASCII; what people write here is not."""
    for change in of_demo:
        written = json.dumps(to_plain(change), ensure_ascii=False)
        assert written.isascii(), written


def test_a_change_names_the_unit_that_it_concerns(desk: Desk) -> None:
    item = desk.item(State.ASSIGNED)
    about = [each for each in all_changes(desk.flow) if item.number in each.stream]
    assert {each.unit for each in about} == {item.unit}


def test_kinds_select_and_a_page_goes_on_after_its_last(desk: Desk) -> None:
    desk.item(State.JUDGED)
    every = all_changes(desk.flow)
    kinds = (StreamKind.ITEM, StreamKind.RULEBOOK)
    chosen = [change for change in every if change.kind in kinds]
    first = desk.flow.changes.after(0, kinds=kinds, limit=2)
    rest = desk.flow.changes.after(first[-1].position, kinds=kinds)
    assert [*first, *rest] == chosen
    assert 2 < len(chosen) < len(every)


def test_a_cursor_goes_forward_only(desk: Desk) -> None:
    desk.item(State.SCREENED)
    flow, head = desk.flow, len(all_changes(desk.flow))
    made = flow.changes.acknowledge("portal", head - 1, by=desk.office)
    assert (made.position, made.lag) == (head - 1, 1)
    assert flow.changes.acknowledge("portal", head - 1, by=desk.office).lag == 1
    with pytest.raises(InputRefused, match=str(head - 1)):
        flow.changes.acknowledge("portal", head - 2, by=desk.office)
    with pytest.raises(InputRefused):
        flow.changes.acknowledge("portal", head + 1, by=desk.office)
    with pytest.raises(InputRefused):
        flow.changes.acknowledge("门户", 1, by=desk.office)
    assert len(all_changes(flow)) == head, "an acknowledgement is no change"
    assert [(each.consumer, each.lag) for each in flow.changes.cursors()] == [
        ("portal", 1)
    ]


def test_only_who_may_follow_changes_acknowledges(desk: Desk) -> None:
    with pytest.raises(StepRefused) as refused:
        desk.flow.changes.acknowledge("portal", 0, by=desk.operator)
    assert refused.value.reasons[0].values["duty"] == Duty.SUBSCRIBE


class Naive:
    """A reader that goes on after the greatest serial number: the control."""

    def __init__(self) -> None:
        self.last, self.seen = 0, list[str]()

    def read(self, connection: Connection) -> None:
        query = select(EVENTS.c.id, EVENTS.c.leaf).where(EVENTS.c.id > self.last)
        for row in connection.execute(query.order_by(EVENTS.c.id)):
            self.last = row.id
            self.seen.append(row.leaf.hex())


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_late_commit_is_lost_by_serial_numbers_and_not_by_positions(
    desk: Desk, url: str
) -> None:
    """The slow transaction took its number first and commits last."""
    host: Engine = plain(url)
    control, ours = Naive(), list[FeedChange]()

    def look() -> None:
        with host.connect() as connection:
            control.read(connection)
        desk.flow.settle()
        ours.extend(desk.flow.changes(ours[-1].position if ours else 0))

    look()
    with host.begin() as slow:
        Desk(Flow.bind(slow, clock=desk.clock), desk.clock).collect()
        with host.begin() as quick:
            Desk(Flow.bind(quick, clock=desk.clock), desk.clock).collect()
        look()
    look()
    host.dispose()
    every = [change.key for change in all_changes(desk.flow)]
    assert [change.key for change in ours] == every
    assert len(set(every) - set(control.seen)) == 1, "the control must lose one"


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_writers_at_once_lose_no_change(desk: Desk, url: str) -> None:
    host, ended = plain(url), threading.Event()

    def write() -> None:
        for n in range(12):
            with host.begin() as connection:
                mine = Desk(Flow.bind(connection, clock=desk.clock), desk.clock)
                mine.collect()
                if n % 3 == 1:
                    mine.collect()
        desk.flow.settle()

    ours: list[FeedChange] = []
    writers = [threading.Thread(target=write) for _ in range(4)]
    reader = threading.Thread(target=lambda: follow(desk.flow, ours, ended))
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    ended.set()
    reader.join()
    host.dispose()
    assert ours == all_changes(desk.flow)
    assert sum(each.kind is StreamKind.ITEM for each in ours) >= 4 * 16


def follow(flow: Flow, into: list[FeedChange], ended: threading.Event) -> None:
    """Read on until the writers have ended and nothing is left."""
    while True:
        last = ended.is_set()
        more = flow.changes(into[-1].position if into else 0, limit=7)
        into.extend(more)
        if last and not more:
            return


@pytest.mark.parametrize("header", [b"{", b"[]", b'{"public": 7}', "text"])
def test_a_header_edited_by_hand_stops_no_reader(
    file_desk: Desk, header: object
) -> None:
    file_desk.collect()
    before = all_changes(file_desk.flow)
    with door_of(file_desk.flow).own.begin() as connection:
        edit = update(EVENTS).where(EVENTS.c.position == 2)
        connection.execute(edit.values(header=type_coerce(header, NullType())))
    after = all_changes(file_desk.flow)
    assert [each.key for each in after] == [each.key for each in before]
    assert after[1].data == {}


def test_a_host_may_read_in_its_own_transaction(file_desk: Desk) -> None:
    file_desk.collect()
    with file_desk.flow.snapshot() as now:
        assert now.changes(0) == file_desk.flow.changes(0)
        assert now.moment().tzinfo is UTC
