"""A sender that is stopped is replaced, and what it records afterwards is refused."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace

from huimin_flow.catalogue.terms import DeliveryState
from huimin_flow.exchange.core.senders import Parcel
from huimin_flow.store.core.engine import until
from huimin_flow.testing import Desk
from huimin_flow.timetable.sending import send_due
from tests.timetable.test_sending import ours, outbox, to_portal

#: Sends to a receiver that takes its time: it says so, and waits for a line.
SENDER = """
import json, sys
from datetime import datetime
from huimin_flow.clock import CommandClock
from huimin_flow.flow import Flow
from huimin_flow.timetable.sending import send_due
from tests.timetable.test_sending import ours, outbox, to_portal

def slow(parcel):
    print(parcel.key, flush=True)
    sys.stdin.readline()

clock = CommandClock(datetime.fromisoformat(sys.argv[2]))
settings = outbox(to_portal(1), lease_seconds=ours(1))
with Flow.open(sys.argv[1], clock=clock) as flow:
    (made,) = send_due(flow, settings, "stopped", senders={"portal": slow})
print(json.dumps([made.sent, made.fenced]), flush=True)
"""


def test_a_stopped_sender_is_replaced_and_its_late_mark_refused(
    desk: Desk, url: str
) -> None:
    desk.collect()
    settings = outbox(to_portal(1), lease_seconds=ours(1))
    got: list[str] = []
    marked: list[bool] = []

    def takes(parcel: Parcel) -> None:
        got.append(parcel.key)

    def takes_over() -> bool:
        (made,) = send_due(desk.flow, settings, "other", senders={"portal": takes})
        marked.append(not made.elsewhere)
        return marked[-1]

    words = [sys.executable, "-c", SENDER, url, desk.clock.now().isoformat()]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        first = child.stdout.readline().strip()
        child.send_signal(signal.SIGSTOP)
        assert not takes_over(), "the lease has not expired yet"
        assert until(takes_over) or until(takes_over)
        child.send_signal(signal.SIGCONT)
        late, _ = child.communicate("\n", timeout=60)
    keys = [change.key for change in desk.flow.changes()]
    assert first == keys[0]
    assert got == keys, "in order, what the first had begun as well"
    assert json.loads(late) == [0, True]
    states = {line.state for line in desk.flow.deliveries.list()}
    assert states == {DeliveryState.SENT}
    assert desk.flow.deliveries.destinations()[0].failing is None


def test_whoever_asks_gets_the_lease_of_a_sender_that_ended(desk: Desk) -> None:
    settings = replace(outbox(to_portal(1)), lease_seconds=ours(3600))
    for owner in ("a", "b", "a"):
        desk.collect()
        (made,) = send_due(
            desk.flow, settings, owner, senders={"portal": lambda _: None}
        )
        assert made.sent >= 1
