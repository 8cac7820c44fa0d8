"""Four processes on one database: nothing lost, nothing twice, nobody misled."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.items import ItemFilter
from huimin_flow.store import listings
from huimin_flow.store.core import history
from huimin_flow.testing import Desk

ROOT = Path(__file__).parent.parent.parent

#: A writer of many kinds of acts; it says what it was answered.
WRITER = """
import json, sys
from datetime import UTC, datetime
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import ItemMoved, StoreBusy
from huimin_flow.flow import Flow
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.catalogue.terms import Area, Origin
from huimin_flow.testing import UNIT, Desk

def the_same_file(k):
    return [
        Appeal(
            key=f"同{k}-{j}", channel="media", who=f"p{j}", district="500101",
            at=datetime(2023, 10, 8, tzinfo=UTC), text="同一份文件",
        )
        for j in range(4)
    ]

url, me, acts, shared = sys.argv[1:]
clock = RehearsalClock(datetime(2023, 10, 9, 3, tzinfo=UTC), seed=int(me))
said = {"numbers": [], "amended": 0, "moved": 0, "busy": 0, "again": []}
with Flow.open(url, clock=clock) as flow:
    desk = Desk(flow, clock)
    desk._appeals = int(me) * 100_000
    print("ready", flush=True)
    sys.stdin.readline()
    for k in range(int(acts)):
        number = desk.collect(f"事项{me}-{k}").number
        desk.link_appeals(number, 5)
        said["numbers"].append(number)
        version = flow.items.get(shared).version
        try:
            title = {"title": f"标题{me}-{k}"}
            flow.items.amend(shared, title, by=desk.operator, version=version)
            said["amended"] += 1
        except (ItemMoved, StoreBusy):
            said["moved"] += 1
        while True:
            try:
                flow.appeals.add_all(the_same_file(k), by=desk.office)
                break
            except StoreBusy:
                said["busy"] += 1
        same = Demand(
            title=f"同一请求{k}", origin=Origin.PROBLEM, area=Area.EMPLOYMENT, unit=UNIT
        )
        every = flow.once(f"each-{k}").items.collect(same, by=desk.operator)
        said["again"].append(every.number)
print(json.dumps(said))
"""


@contextmanager
def writers(url: str, shared: str, acts: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Start four writers and let them begin together; end with them all."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, str(me), str(acts), shared],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for me in range(1, 5)
    ]  # fmt: skip
    try:
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        for one in started:
            assert one.stdin is not None
            one.stdin.write("begin\n")
            one.stdin.flush()
        yield started
    finally:
        for one in started:
            one.kill()
            one.communicate()


def test_four_processes_lose_nothing_and_an_audit_among_them_is_clean(
    desk: Desk, url: str
) -> None:
    shared = desk.collect("众人都改的事项").number
    acts = 6
    with writers(url, shared, acts) as started:
        audits = 0
        while running := [one for one in started if one.poll() is None]:
            amid = door_of(desk.flow).read(verify)
            assert amid.findings == ()
            audits += 1
            with suppress(subprocess.TimeoutExpired):  # the writers have their turns
                running[0].wait(0.2)
        assert audits
        said = [json.loads(one.stdout.read()) for one in started if one.stdout]
    assert [one.returncode for one in started] == [0] * 4

    own = [number for one in said for number in one["numbers"]]
    assert len(own) == len(set(own)) == 4 * acts
    assert {tuple(one["again"]) for one in said} == {tuple(said[0]["again"])}
    everything = {item.number for item in desk.flow.items.list(State.COLLECTED)}
    assert everything == {shared, *own, *said[0]["again"]}
    assert len(everything) == 1 + 4 * acts + acts

    amended = sum(one["amended"] for one in said)
    assert amended + sum(one["moved"] for one in said) == 4 * acts
    assert desk.flow.items.get(shared).version == 1 + amended

    report = door_of(desk.flow).read(verify)
    assert report.findings == ()
    assert report.facts == 4 * acts * 10 + acts * 4
    events = door_of(desk.flow).read(
        lambda c: list(history.read_from(c, 0, limit=10**6))
    )
    assert [one.position for one in events] == list(range(1, len(events) + 1))


def test_whoever_reads_sees_one_moment_while_others_write(desk: Desk, url: str) -> None:
    shared = desk.collect("众人都改的事项").number

    def twice(connection: Connection) -> tuple[int, int]:
        first = len(list(listings.items(connection, ItemFilter())))
        with Flow.open(url, clock=desk.clock) as other:
            if connection.dialect.name == "postgresql":
                Desk(other, desk.clock).collect("读的时候写的")
        return first, len(list(listings.items(connection, ItemFilter())))

    assert door_of(desk.flow).read(twice) == (1, 1)
    assert desk.flow.items.get(shared).version == 1
