"""The worker that forks: every job is done once, whenever a child is killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa

from examples.worker_host import worker
from huimin_flow.audit.verify import verify
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core import history
from huimin_flow.testing import Desk
from tests.flow.core.test_host import plain


@pytest.fixture
def jobs(desk: Desk, url: str) -> Iterator[sa.Engine]:
    """Nine jobs in the engine's database; each third names no unit."""
    del desk
    engine = plain(url)
    worker.OURS.create_all(engine)
    rows = [
        {"id": k, "title": f"修路{k}", "unit": "nowhere" if k % 3 == 0 else "500101"}
        for k in range(1, 10)
    ]
    with engine.begin() as connection:
        connection.execute(sa.insert(worker.JOBS), rows)
    yield engine
    engine.dispose()


#: The parent, as a process of its own: a process of tests has threads, and is no
#: parent for forks. The first child that comes to a place is killed there.
PARENT = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from examples.worker_host import worker
from huimin_flow import Flow
from huimin_flow.clock import RehearsalClock
from tests.flow.core.test_host import plain

url, moment, place, mark = sys.argv[1:]

def deadly(name):
    own = getattr(worker, name)
    def before(*args, **kwargs):
        try:
            Path(mark).open("x").close()
        except FileExistsError:
            return own(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    return before

if place:
    setattr(worker, place, deadly(place))
clock = RehearsalClock(datetime.fromisoformat(moment), seed=3)
with Flow.open(url, clock=clock) as flow:
    assert flow.items.list() == []
    print(worker.run(flow, plain(url), children=4))
"""


def run(url: str, moment: datetime, place: str, mark: object) -> str:
    arguments = [url, moment.isoformat(), place, str(mark)]
    done = subprocess.run(
        [sys.executable, "-c", PARENT, *arguments],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("place", ["", "act", "note"])
def test_a_job_is_done_once_even_if_a_child_is_killed(
    desk: Desk, url: str, jobs: sa.Engine, tmp_path: object, place: str
) -> None:
    """``note`` is between the act and the acknowledgement."""
    killed = run(url, desk.clock.now(), place, f"{tmp_path}/killed")
    assert killed == ("1" if place else "0")
    with jobs.connect() as connection:
        rows = connection.execute(sa.select(worker.JOBS)).all()
    assert {row.id for row in rows if row.refusal == "unit_unknown"} == {3, 6, 9}
    items = {item.number: item.title for item in desk.flow.items.list()}
    assert items == {row.item: row.title for row in rows if row.item}
    assert len(items) == 6
    assert door_of(desk.flow).read(history.unplaced) == []
    assert door_of(desk.flow).read(verify).findings == ()


def test_a_busy_store_leaves_a_job_to_be_tried_again(
    desk: Desk, jobs: sa.Engine
) -> None:
    job = worker.take(jobs)
    assert job is not None
    other = worker.take(jobs)
    assert other is not None
    assert (job.id, other.id) == (1, 2)
    done = worker.act(desk.flow, job)
    assert worker.act(desk.flow, job) == done  # the same key, the first answer
    worker.note(jobs, job.id, **done)
    worker.note(jobs, other.id, holder=None)
    again = worker.take(jobs)
    assert again is not None
    assert again.id == 2
    assert len(desk.flow.items.list()) == 1
