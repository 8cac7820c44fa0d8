"""Changes followed by other programs, what was refused, what ran, and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from threading import Thread

from huimin_flow.api import (
    DeliveryState,
    Fault,
    State,
    StepRefused,
    StreamKind,
    send,
    tick,
)
from huimin_flow.testing import Desk

#: Where a program sends changes: its ``huimin.yaml``.
SETTINGS = """\
database: sqlite:///huimin.db
time_zone: Asia/Shanghai
outbox:
  hosts: [127.0.0.1]
  attempts: {{value: 1, source: ours}}
  destinations:
  - name: portal
    sender: webhook
    url: http://127.0.0.1:{port}/changes
    kinds: [item]
    from_start: true
    secret_file: {folder}/key
"""


@contextmanager
def _refusing() -> Iterator[int]:
    """Yield the port of a receiver that refuses every change."""

    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Refuse it."""
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(422)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def follow_changes(desk: Desk) -> None:
    """Follow every change from a position, and say how far you have come."""
    flow, office = desk.flow, desk.office
    desk.bring(State.SCREENED)

    changes = flow.changes.after(0, kinds=(StreamKind.ITEM,), limit=100)
    assert changes[-1].step == "screen"
    assert flow.changes.schema(StreamKind.ITEM)["type"] == "object"

    flow.changes.acknowledge("portal", changes[-1].position, by=office)
    (cursor,) = flow.changes.cursors()
    assert cursor.consumer == "portal"


def read_records(desk: Desk) -> None:
    """Read a stream's events, and who was refused what."""
    flow, clerk = desk.flow, desk.operator
    number = desk.collect().number

    try:
        flow.items.close(number, by=clerk)
    except StepRefused as refused:
        print(refused.reasons)
    (refusal, *_) = flow.records.refusals(person=clerk.id)
    assert refusal.actor == clerk.id
    assert flow.records.count_refusals(person=clerk.id)

    (recorded,) = flow.records.events(StreamKind.ITEM.key(number))
    assert recorded.event.step == "collect"
    assert flow.records.last_recorded() == desk.clock.now()


def watch_the_timetable(desk: Desk) -> None:
    """Run what is due, and see what ran, what failed, and since when."""
    flow = desk.flow

    begun = desk.clock.now()
    desk.clock.advance(timedelta(days=45))
    tick(flow)
    assert flow.timetable.runs()
    assert flow.timetable.failures() == []
    assert flow.timetable.wrong_runs() == []
    print(flow.timetable.acted_since(begun))
    assert flow.timetable.activations()
    print(flow.timetable.heartbeat())


def send_again(desk: Desk) -> None:
    """Send changes; what a receiver refuses is sent again, or given up."""
    flow, office = desk.flow, desk.office

    with _refusing() as port, TemporaryDirectory() as folder:
        settings = SETTINGS.format(port=port, folder=folder)
        (Path(folder) / "huimin.yaml").write_text(settings, encoding="utf-8")
        key = Path(folder) / "key"  # the receiver knows it, too: it signs each change
        key.touch(mode=0o600)
        key.write_text(token_hex(32))
        (result,) = send(flow, Path(folder))
        assert result.failed[0].fault is Fault.REFUSED

    (known,) = flow.deliveries.destinations()
    assert known.name == "portal"
    dead = flow.deliveries.list(state=DeliveryState.DEAD, limit=2)
    assert flow.deliveries.count(state=DeliveryState.DEAD) >= len(dead)
    flow.deliveries.retry("portal", dead[0].position, by=office)
    flow.deliveries.abandon("portal", dead[1].position, "门户已停用", by=office)


def put_a_wrong_clock_right(desk: Desk) -> None:
    """Confirm a leap of the clock; declare what a wrong clock recorded."""
    flow, office, second = desk.flow, desk.office, desk.second
    now = desk.clock.now()
    flow.clock.confirm(now, by=office)

    desk.clock.set(now + timedelta(days=2))  # the clock is wrong
    desk.collect()
    desk.clock.set(now + timedelta(hours=1))
    status = flow.clock.status()
    assert status.is_behind
    assert status.first is not None
    assert status.last is not None

    for record in flow.clock.records(status.first, status.last):
        print(record.stream, record.step)
    flow.clock.declare(
        status.first, status.last, "主板电池没电", by=office, second=second
    )
    assert not flow.clock.status().is_behind
