"""Time the hot paths beside the bare loop that does the same work, in one run.

The bare loop knows the answer already: it takes the very headers and rows that
the engine made, writes their JSON and hashes anew, and sends the same statements
straight to the driver. What it saves is what the engine costs.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bare import driver, same_facts, same_rows, same_steps

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Area, Origin, State, Step
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.events import Event
from huimin_flow.model.evidence import Acting, AmendmentEvidence
from huimin_flow.model.items import Item
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.settings import load_rulebook
from huimin_flow.shell.core.screens import table
from huimin_flow.states.evolve import evolve
from huimin_flow.states.machine import machine_of, permit
from huimin_flow.states.table import ITEM
from huimin_flow.store.core import history, repository
from huimin_flow.store.core.engine import journal_mode

ROOT = Path(__file__).parent.parent
ITEMS = 150
APPEALS = 2000
TRIPS = 10_000
ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Timed:
    """One workload: how many pieces, and the seconds of both."""

    name: str
    pieces: int
    ours: float
    bare: float

    def line(self) -> tuple[str, ...]:
        """Return the line of the printed table."""
        ours, bare = (one / self.pieces * 1e6 for one in (self.ours, self.bare))
        per_second = f"{self.pieces / self.ours:,.0f}"
        ratio = f"{self.ours / self.bare:.2f}"
        return (self.name, f"{ours:.1f}", f"{bare:.1f}", ratio, per_second)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that ``work`` takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


@contextmanager
def founded(path: Path) -> Iterator[Flow]:
    """Give a new engine on an SQLite file."""
    clock = RehearsalClock(datetime(2023, 10, 9, 2, tzinfo=UTC), seed=7)
    book = load_rulebook(ROOT / "config")
    with Flow.found(f"sqlite:///{path}", book, rehearsal=True, clock=clock) as flow:
        yield flow


def take_steps(flow: Flow) -> None:
    """Collect items and amend each twice: births, then full trips of the one way."""
    by = flow.actor("op-500101")
    for k in range(ITEMS):
        demand = Demand(
            title=f"零工市场缺少候工区{k}",
            origin=Origin.PROBLEM,
            area=Area.EMPLOYMENT,
            unit="500101",
        )
        number = flow.collect(demand, by=by).number
        flow.amend(number, {"title": f"零工市场缺少遮雨候工区{k}"}, by=by)
        flow.amend(number, {"description": "核实后更正"}, by=by)


def steps_taken(flow: Flow) -> list[tuple[Event, history.Stored, Item]]:
    """Return each step of every item: its event, how it is stored, the item after."""
    taken = []
    items: dict[str, Item] = {}
    for stored in door_of(flow).read(
        lambda c: list(history.read_from(c, 0, limit=10**6))
    ):
        if stored.stream.startswith("item/"):
            event = history.event_of(stored.header)
            items[stored.stream] = evolve(items.get(stored.stream), event)
            taken.append((event, stored, items[stored.stream]))
    return taken


def steps(folder: Path, k: int) -> Timed:
    """Time steps through Flow beside the same statements alone."""
    with founded(folder / f"steps{k}.db") as flow:
        ours = timed(lambda: take_steps(flow))
        taken = steps_taken(flow)
    rows = []
    for _, stored, item in taken:
        event = {name: getattr(stored, name) for name in history.Stored.__slots__}
        columns = repository.item_columns(item)
        columns["body"] = json.loads(columns["body"])
        rows.append((event, json.loads(stored.header), columns))
    founded_alone = folder / f"bare{k}.db"
    with founded(founded_alone):
        pass
    with driver(founded_alone) as bare:
        seconds = timed(lambda: same_steps(bare, rows))
    return Timed(name="steps on SQLite", pieces=len(rows), ours=ours, bare=seconds)


def voices(moment: datetime) -> list[Appeal]:
    """Return a batch of appeals."""
    return [
        Appeal(
            key=f"V{k}",
            channel="hotline_12333",
            who=f"p{k}",
            district=f"5001{k % 30:02d}",
            at=moment - timedelta(minutes=k),
            text=f"希望解决候工难 {k}",
        )
        for k in range(APPEALS)
    ]


def batch(folder: Path, k: int) -> Timed:
    """Time a batch of facts beside the same rows alone."""
    with founded(folder / f"facts{k}.db") as flow:
        by = flow.actor("office-1")
        given = voices(datetime(2023, 10, 9, 1, tzinfo=UTC))
        ours = timed(lambda: flow.add_appeals(given, by=by))
    with founded(folder / f"alone{k}.db"):
        pass
    with driver(folder / f"facts{k}.db") as made:
        texts = made.execute("SELECT * FROM huimin_appeal_text").fetchall()
        made.row_factory = sqlite3.Row
        rows = [dict(one) for one in made.execute("SELECT * FROM huimin_appeal")]
    with driver(folder / f"alone{k}.db") as bare:
        seconds = timed(lambda: same_facts(bare, rows, texts))
    return Timed(name="facts in a batch", pieces=APPEALS, ours=ours, bare=seconds)


def audited(folder: Path, k: int) -> Timed:
    """Time verify beside a loop that hashes the same rows."""
    with founded(folder / f"audit{k}.db") as flow:
        take_steps(flow)
        given = voices(datetime(2023, 10, 9, 1, tzinfo=UTC))
        flow.add_appeals(given[:200], by=flow.actor("office-1"))
        ours = timed(lambda: door_of(flow).read(verify))
        report = door_of(flow).read(verify)
    if not report.clean:
        raise SystemExit("the audited database is not clean")
    with driver(folder / f"audit{k}.db") as bare:
        seconds = timed(lambda: same_rows(bare))
    return Timed(name="verify events", pieces=report.events, ours=ours, bare=seconds)


def machine(folder: Path, k: int) -> Timed:
    """Time the state machine beside a look into the table and the same guards."""
    with founded(folder / f"machine{k}.db") as flow:
        by = flow.actor("op-500101")
        organization = flow.rulebook().organization
    born = datetime(2023, 10, 9, tzinfo=UTC).date()
    item = Item(
        number="2023-000001",
        title="零工市场缺少候工区",
        origin=Origin.PROBLEM,
        area=Area.EMPLOYMENT,
        unit="500101",
        state=State.COLLECTED,
        version=1,
        collected_on=born,
    )
    acting = Acting(actor=by, day=born, organization=organization)
    evidence = AmendmentEvidence(changes={"title": "零工市场缺少遮雨候工区"})
    arcs = {(arc.step, arc.source): arc for arc in ITEM.arcs}
    machine_of(ITEM)

    def ours() -> None:
        for _ in range(TRIPS):
            permit(ITEM, item.state, Step.AMEND, acting, evidence, subject=item)

    def bare() -> None:
        for _ in range(TRIPS):
            arc = arcs[Step.AMEND, item.state]
            for guard in arc.guards:
                guard(item, acting, evidence)

    return Timed(
        name="machine.permit", pieces=TRIPS, ours=timed(ours), bare=timed(bare)
    )


def best(work: Callable[[Path, int], Timed], folder: Path) -> Timed:
    """Return the least disturbed times of some rounds, ours and bare by turns."""
    rounds = [work(folder, k) for k in range(ROUNDS)]
    return Timed(
        name=rounds[0].name,
        pieces=rounds[0].pieces,
        ours=min(one.ours for one in rounds),
        bare=min(one.bare for one in rounds),
    )


def main() -> None:
    """Print the table: each workload, ours, bare, how many times as long."""
    with tempfile.TemporaryDirectory() as folder:
        found = [best(one, Path(folder)) for one in (steps, batch, audited, machine)]
    mode, level = journal_mode()
    python = sys.version.split()[0]
    print(f"Python {python}, SQLite {sqlite3.sqlite_version} {mode}/{level}")
    head = ("workload", "ours µs", "bare µs", "ratio", "ours per s")
    print(table(head, [one.line() for one in found]))


if __name__ == "__main__":
    main()
