"""Batches of facts, checked in a second process while the first walks over events.

The rows of a batch are committed with its event, and no act changes or removes them
later. So whoever reads the event can read the whole batch, and at any moment it is the
same batch: the two processes need no common snapshot.

The second process begins with the first batch. When the other has walked, it checks
batches from the last one on, until they meet. Only the running totals of ratings depend
on the batches before; the first process compares them, in the order of the history.

The first process trusts little. It uses a result only for the kind, number, root and
count of its own event, and none of a process that failed. It checks every other batch
itself. So a second process that fails, is killed or writes nonsense costs time and
hides no finding.

The address of a database may contain a password. It travels by standard input, which
other accounts can't read, unlike arguments and environment.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread

from sqlalchemy import select

from huimin_flow.audit.core.headers import ODD, read_header
from huimin_flow.audit.findings import AuditFinding
from huimin_flow.audit.ledger import Ledger, batch_of
from huimin_flow.audit.rows import hold_batch_alone
from huimin_flow.audit.services.ratings import Sums
from huimin_flow.model.core.values import from_json, to_plain, value
from huimin_flow.store.core.engine import open_engine, reading
from huimin_flow.store.core.facts import FACT_TABLES, STORING
from huimin_flow.store.core.history import raw_bytes
from huimin_flow.store.core.tables import EVENTS
from huimin_flow.store.sensing.keys import Keyring

#: With so many rows in one table, a second process saves more than its start costs.
_PAYS = 50_000

#: The second process. It imports nothing from the current folder.
_COMMAND = (sys.executable, "-P", "-m", __name__)


#: The kind, number, root and count of a batch.
Batch = tuple[str, int, str, int]


@value
class Result:
    """What was found in a batch, as its event was read, and the number of its rows.

    ``sums`` are what a batch of ratings adds to the rollups.
    """

    batch: Batch
    rows: int
    findings: tuple[AuditFinding, ...]
    sums: Sums | None


#: A function that returns the number of checked batches, and of their rows.
Take = Callable[[], tuple[int, int]]


@contextmanager
def meanwhile(ledger: Ledger, address: str | None) -> Iterator[Take]:
    """Let a second process check the batches, if there is an address and it pays.

    Yield a function that shares the work and adds all findings to the ledger.
    The process ends with the block at the latest.
    """
    process = None
    pays = (
        select(table.c.batch).offset(_PAYS - 1).limit(1)
        for table in FACT_TABLES.values()
    )
    if (
        address is not None
        and (os.cpu_count() or 1) > 1
        and any(ledger.connection.execute(query).all() for query in pays)
    ):
        with suppress(OSError):  # without it, one process checks everything
            process = Popen(_COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)  # noqa: S603
    if process is None:
        yield lambda: (0, 0)
        return
    lines: list[bytes] = []
    file = ledger.keyring.file
    named = {"address": address, "module": __file__, "key": file and str(file)}
    question = json.dumps(named).encode()
    reader = Thread(target=_exchange, args=(process, question, lines), daemon=True)
    reader.start()
    try:
        yield lambda: _take(ledger, process, reader, lines)
    finally:
        process.kill()
        process.wait()
        reader.join()


def _exchange(process: Popen[bytes], question: bytes, lines: list[bytes]) -> None:
    """Send a question to a process, and read its lines until it ends."""
    with process:
        if process.stdin is not None and process.stdout is not None:
            with suppress(OSError), process.stdin as sent:  # it may have ended
                sent.write(question)
            lines.extend(process.stdout)


def _take(
    ledger: Ledger, process: Popen[bytes], reader: Thread, lines: list[bytes]
) -> tuple[int, int]:
    """Add the results of all batches so far, of either process, in their order."""
    own = Ledger(
        connection=ledger.connection,
        shelf=None,
        release=ledger.sliced,
        keyring=ledger.keyring,
    )
    last = _share(own, ledger.batches, reader, lines)
    if reader.is_alive():  # the rest is checked already
        process.kill()
        reader.join()
    elif process.returncode != 0:
        lines.clear()
    rows, own_results = 0, dict(enumerate(last, len(ledger.batches) - len(last)))
    for n, batch in enumerate(ledger.batches):
        result = own_results.get(n) or _result(batch, lines[n : n + 1])
        result = result or _check(own, batch)
        rows += result.rows
        ledger.findings.extend(result.findings)
        if result.sums is not None:
            ledger.pause()
            ledger.findings.extend(ledger.rollups.add(batch[1], result.sums))
    return len(ledger.batches), rows


def _share(
    ledger: Ledger, batches: Sequence[Batch], reader: Thread, lines: list[bytes]
) -> list[Result]:
    """Check batches from the last one on, until the other process has the rest."""
    results: list[Result] = []
    while len(batches) - len(results) > len(lines) and reader.is_alive():
        results.append(_check(ledger, batches[-1 - len(results)]))
    return results[::-1]


def _result(batch: Batch, lines: Sequence[bytes]) -> Result | None:
    """Return the result in a line, or None if it isn't one of this batch."""
    for line in lines:
        with suppress(ValueError):
            result = from_json(Result, line)
            if result.batch == batch and (result.findings or result.rows == batch[3]):
                return result
    return None


def _check(ledger: Ledger, batch: Batch) -> Result:
    """Check a batch without the others, with a ledger that is for nothing else."""
    ledger.pause()
    ledger.findings.clear()
    rows = hold_batch_alone(ledger, *batch)
    findings, sums = tuple(ledger.findings), ledger.rollups.taken()
    return Result(batch=batch, rows=rows, findings=findings, sums=sums)


def main() -> None:
    """Check the batches of the database that standard input names, a line each."""
    asked = json.load(sys.stdin)
    if asked["module"] != __file__:
        sys.exit("another installation of this package was found")
    engine = open_engine(asked["address"], read_only=True)
    with reading(engine) as connection:
        keyring = Keyring(Path(asked["key"]) if asked["key"] else None)
        ledger = Ledger(
            connection=connection, shelf=None, release=True, keyring=keyring
        )
        # In the order of the history; what can't be read is found by the first process.
        at = EVENTS.c.position
        query = select(EVENTS.c.header).where(*STORING)
        query = query.order_by(at.is_(None), at, EVENTS.c.id)
        batches = []
        for header in connection.execute(query).scalars():
            with suppress(*ODD):
                event, *_ = read_header(raw_bytes(header))
                batches.append(batch_of(event))
        for batch in batches:
            result = _check(ledger, batch)
            # If nobody reads it any more, this fails and the process ends.
            print(json.dumps(to_plain(result)), flush=True)  # noqa: T201
    engine.dispose()


if __name__ == "__main__":
    main()
