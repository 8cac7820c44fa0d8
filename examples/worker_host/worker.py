"""A worker that forks: each job of a department's own table becomes one item.

The parent opens the Flow and forks; each child takes a job, acts under the key of the
job, and acknowledges it. A child that is killed between act and acknowledgement leaves
a job that another takes: the same key gets the first answer, so nothing is done twice.
The jobs may be in another database than the engine's. To run it:

    python -m examples.worker_host.worker sqlite:///jobs.db sqlite:///huimin.db
"""

from __future__ import annotations

import os
import sys
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import NamedTuple

import sqlalchemy as sa

from huimin_flow import Demand, Flow
from huimin_flow.api import Area, HuiminError, Origin, StoreBusy

#: The host's table. A job is open until it has an item or a refusal; ``holder`` is the
#: process that has taken it.
OURS = sa.MetaData()
JOBS = sa.Table(
    "job",
    OURS,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.String(80), nullable=False),
    sa.Column("unit", sa.String(16), nullable=False),
    sa.Column("holder", sa.Integer),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("item", sa.String(16)),
    sa.Column("refusal", sa.String(64)),
)
OPEN = JOBS.c.item.is_(None) & JOBS.c.refusal.is_(None)

#: A job that has been taken so often, and is still open, is left to a person.
TRIES = 5

#: The post in whose name the worker acts.
POST = "op-500101"


class Job(NamedTuple):
    """A job that a child has taken."""

    id: int
    title: str
    unit: str


def take(engine: sa.Engine) -> Job | None:
    """Take an open job that nobody has; return None if there is none left."""
    free = sa.select(JOBS.c.id).where(
        OPEN, JOBS.c.holder.is_(None), JOBS.c.tries < TRIES
    )
    # Several children take at once; SQLite has one writer and needs no lock.
    first = free.order_by(JOBS.c.id).limit(1).with_for_update(skip_locked=True)
    taken = (
        sa.update(JOBS)
        .where(JOBS.c.id == first.scalar_subquery())
        .values(holder=os.getpid(), tries=JOBS.c.tries + 1)
        .returning(JOBS.c.id, JOBS.c.title, JOBS.c.unit)
    )
    with engine.begin() as connection:
        row = connection.execute(taken).one_or_none()
    return None if row is None else Job(*row)


def note(engine: sa.Engine, job: int, **what: object) -> None:
    """Write what became of a job."""
    with engine.begin() as connection:
        connection.execute(sa.update(JOBS).where(JOBS.c.id == job).values(what))


def act(flow: Flow, job: Job) -> dict[str, object]:
    """Collect the item of a job, once; return what is to be acknowledged."""
    demand = Demand(
        title=job.title, origin=Origin.PROBLEM, area=Area.GENERAL, unit=job.unit
    )
    try:
        by = flow.people.actor(POST)
        item = flow.once(f"job-{job.id}").items.collect(demand, by=by)
    except StoreBusy:
        return {"holder": None}  # worth another try, later
    except HuiminError as refusal:
        return {"refusal": refusal.code}  # a person looks at it
    return {"item": item.number}


def child(flow: Flow, engine: sa.Engine) -> None:
    """Do jobs until none is left; the Flow notices the fork by itself."""
    engine.dispose(close=False)  # the host's own connections are the parent's
    while (job := take(engine)) is not None:
        note(engine, job.id, **act(flow, job))


def give_back(engine: sa.Engine, holder: int | None = None) -> None:
    """Give back what a child has left, or all that former children have."""
    theirs = JOBS.c.holder.is_not(None) if holder is None else JOBS.c.holder == holder
    with engine.begin() as connection:
        connection.execute(sa.update(JOBS).where(OPEN, theirs).values(holder=None))


def run(flow: Flow, engine: sa.Engine, *, children: int = 4) -> int:
    """Do all jobs by several children; return how many of these were killed.

    One parent runs at a time: it gives back what former children have left.
    """
    OURS.create_all(engine)
    give_back(engine)
    forking, killed = get_context("fork"), 0
    running: list[BaseProcess] = []
    for _ in range(children):
        running.append(forking.Process(target=child, args=(flow, engine)))
        running[-1].start()
    while running:
        wait([process.sentinel for process in running])
        for process in [each for each in running if not each.is_alive()]:
            running.remove(process)
            code = process.exitcode or 0
            if code:
                give_back(engine, process.pid)
            if code < 0:  # by a signal; a child that fails is not replaced
                killed += 1
                running.append(forking.Process(target=child, args=(flow, engine)))
                running[-1].start()
    return killed


if __name__ == "__main__":
    with Flow.open(sys.argv[2]) as opened:
        print(run(opened, sa.create_engine(sys.argv[1])), "killed")  # noqa: T201
