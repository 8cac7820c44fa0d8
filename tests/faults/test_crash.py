"""SIGKILL in the middle of things: old or new, never half."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import runs, tick

#: Schedulers that die at the n-th event they record, or as they commit. Each is a
#: process of its own, forked from one that has loaded all modules; it is told
#: where to die, and says how each ended.
MORTAL = """
import os, signal, sys
from datetime import datetime
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import Door
from huimin_flow.store.core import history
from huimin_flow.timetable.ledger import tick

url, moment = sys.argv[1:]

def mortal(where, left):
    owner, name = history, "append"
    if where == "number":
        owner, name = Door, "_count_committed"
    acts = getattr(owner, name)

    def dies(*args, **kwargs):
        nonlocal left
        left -= 1
        if where == "number" and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        done = acts(*args, **kwargs)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, dies)
    clock = RehearsalClock(datetime.fromisoformat(moment), seed=os.getpid())
    with Flow.open(url, clock=clock) as flow:
        tick(flow)

for line in sys.stdin:
    where, last = line.split()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        mortal(where, int(last))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""

FREEZE = at_hour(date(2023, 12, 15), 18)


@pytest.fixture
def scheduler(url: str) -> Iterator[Callable[[str, int], int]]:
    """Let a scheduler tick at the cutoff in a process of its own; how it ended."""
    with subprocess.Popen(
        [sys.executable, "-c", MORTAL, url, FREEZE.isoformat()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    ) as nursery:  # fmt: skip
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        told, said = nursery.stdin, nursery.stdout

        def one(where: str, last: int) -> int:
            told.write(f"{where} {last}\n")
            return int(said.readline())

        yield one


def prepared(desk: Desk) -> None:
    for title, level in (("甲", 95), ("乙", 80), ("丙", 60)):
        number = desk.collect(title).number
        desk.link_appeals(number)
        desk.screen(number)
        desk.judge(number)
        desk.star(number, level)
    desk.clock.set(at_hour(date(2023, 12, 8), 8))
    tick(desk.flow, desk.clock.now())
    desk.clock.set(FREEZE)


def periods(desk: Desk) -> list[str]:
    """What was done of the December freeze; the months before it are done by then."""
    return [
        f"{one.job} {one.period}" for one in runs(desk.flow) if one.period == "2024"
    ]


def test_a_scheduler_killed_at_any_event_leaves_nothing_half(
    desk: Desk, scheduler: Callable[[str, int], int]
) -> None:
    prepared(desk)
    assert scheduler("record", 1) == -signal.SIGKILL
    assert periods(desk) == []
    # The first event alone was the reminder's; the freeze has some fifty.
    for moment in (2, 2, 4, 16, 40, 400):
        if scheduler("record", moment) == 0:
            break
        assert periods(desk) == ["listing_reminder 2024"]
        assert len(desk.flow.items.list(State.STARRED)) == 3
        assert door_of(desk.flow).read(verify).findings == ()
    assert moment == 400, "the freeze has forty events at least"
    assert periods(desk) == ["listing_reminder 2024", "listing 2024"]
    assert desk.flow.lists.get("list/2024/500101").places
    assert tick(desk.flow, FREEZE) == []
    assert door_of(desk.flow).read(verify).findings == ()


#: The comparison of the policies and the digests are due between the reminder and the
#: listing.
@pytest.mark.parametrize(("last", "done"), [(1, 1), (4, 2)])
def test_a_scheduler_killed_right_after_its_commit_has_done_the_period_once(
    last: int, done: int, desk: Desk, scheduler: Callable[[str, int], int]
) -> None:
    prepared(desk)
    assert scheduler("number", last) == -signal.SIGKILL
    assert len(periods(desk)) == done
    assert door_of(desk.flow).read(verify).findings == ()
    tick(desk.flow, FREEZE)
    assert periods(desk) == ["listing_reminder 2024", "listing 2024"]
    assert door_of(desk.flow).read(verify).findings == ()
