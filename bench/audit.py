"""The audit of a history: verify, and the replay of every stream, an event each.

The limit reads every event and row, hashes its bytes, parses its JSON and makes one
root; it checks nothing else.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from bench import limits, worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from huimin_flow.audit.replay import replays, streams
from huimin_flow.audit.verify import verify
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.canonical import merkle_root

#: The targets in microseconds of CPU an event, and in readings for the evidence.
VERIFY, REPLAY, EVIDENCE = 100, 150, 3

#: How many histories the command reads at once.
AT_ONCE = 400


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of verify and of replay, beside the bare loop."""
    path = folder / "audited.db"
    with worlds.journal("MEMORY", "OFF"):
        events = lived(path, size.pick(400, 5))
    with (
        Flow.open(worlds.url_of(path), read_only=True) as flow,
        closing(sqlite3.connect(path)) as bare,
    ):
        door = door_of(flow)

        def verified(_: int) -> None:
            if not door.read(verify).clean:
                raise SystemExit("the audited database is not clean")

        def evidence(_: int) -> None:
            if not door.read(partial(verify, decisions=False)).clean:
                raise SystemExit("the audited database is not clean")

        def replayed(_: int) -> None:
            names = door.read(streams)
            for start in range(0, len(names), AT_ONCE):
                part = names[start : start + AT_ONCE]
                for done in door.read(partial(replays, names=part)):
                    if not done.same:
                        raise SystemExit(f"the replay of {done.stream} differs")

        variants = [
            Variant("verify", verified, events),
            Variant("verify, evidence", evidence, events),
            Variant("replay --all", replayed, events),
            Variant("bare", lambda _: read(bare), events),
        ]
        samples = turns(variants, size.blocks)
    part = "verify, evidence"
    lines = [compare(part, samples, part, "bare", by="CPU", bound=EVIDENCE)]
    for name, bound in (("verify", VERIFY), ("replay --all", REPLAY)):
        title = f"{name}, an event"
        spent = [sample.cpu * 1e6 for sample in samples[name]]
        lines += [
            compare(title, samples, name, "bare", by="CPU"),
            figure(title, spent, "µs", by="CPU", bound=bound),
        ]
    return lines


def lived(path: Path, items: int) -> int:
    """Make a database whose items have four events each; return how many it has."""
    numbers = worlds.with_items(path, items)
    with Flow.open(worlds.url_of(path)) as flow:
        by = flow.people.actor(worlds.BY)
        with flow.whole() as whole:
            for k, number in enumerate(numbers):
                for change in range(3):
                    whole.items.amend(number, worlds.title(3 * k + change), by=by)
        office = flow.people.actor("office-1")
        flow.appeals.add_all(worlds.voices(0, min(items, 200)), by=office)
    with closing(sqlite3.connect(path)) as reader:
        (events,) = reader.execute("SELECT count(*) FROM huimin_event").fetchone()
    return int(events)


def read(bare: sqlite3.Connection) -> None:
    """Read, hash and parse all events, items and voices; make their roots."""
    events = bare.execute(
        "SELECT position, stream, n, step, target, at, request, header, leaf "
        "FROM huimin_event ORDER BY position"
    )
    leaves = []
    for *_, header, leaf in events:
        json.loads(header)
        if limits.leaf_of(header) != leaf:
            raise SystemExit("a leaf differs")
        leaves.append(leaf)
    merkle_root(leaves)
    for (body,) in bare.execute("SELECT body FROM huimin_item"):
        json.loads(body)
        limits.leaf_of(body.encode())
    bare.row_factory = sqlite3.Row
    rows = bare.execute("SELECT * FROM huimin_appeal ORDER BY batch, line")
    merkle_root([limits.leaf_of(limits.json_of(dict(row))) for row in rows])
    bare.row_factory = None


if __name__ == "__main__":
    run(measure)
