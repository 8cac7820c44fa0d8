"""A second process checks the batches; the report is that of one process."""

from __future__ import annotations

import json
import os
import signal
import sys
from functools import partial
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from huimin_flow.audit import rows
from huimin_flow.audit.core import batches
from huimin_flow.audit.findings import AuditReport
from huimin_flow.audit.ledger import Ledger
from huimin_flow.audit.replay import streams
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.shell.main import invoke
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import Desk
from tests.ratings import some

#: An edit of each table whose rows the second process reads.
EDITS = (
    "UPDATE huimin_appeal SET who = who || 'x' WHERE line = 5",
    "UPDATE huimin_link SET item = item || 'x' WHERE line = 2",
    "UPDATE huimin_progress SET value = value + 1",
    "UPDATE huimin_rating SET level = 'satisfied' WHERE line = 1",
    "UPDATE huimin_appeal_text SET sealed = (SELECT leaf FROM huimin_event WHERE position = 1) WHERE line = 3",
    "DELETE FROM huimin_appeal_text WHERE line = 4",
    "UPDATE huimin_rating_score SET ratings = ratings + 1",
    "UPDATE huimin_rating_month SET total = total + 1",
    "UPDATE huimin_rating_coverage SET people = people + 1",
)

MODULE = "from huimin_flow.audit.core import batches as b; "

#: What a second process may be instead of what it should be.
BROKEN = {
    "it is not there": ("/no/such/program",),
    "it writes nonsense": "print('nonsense')",
    "it writes other JSON": "print('{}')",
    "it knows a batch with other rows": MODULE
    + "b.hold_batch_alone = lambda *_: 0; b.main()",
    "it is of another installation": MODULE + "b.__file__ = 'x'; b.main()",
    "it fails in the end": MODULE + "b.main(); raise SystemExit(3)",
    "it is killed after two batches": "import os; "
    + MODULE
    + "h, todo = b.hold_batch_alone, [0, 0]; b.hold_batch_alone = lambda *a: "
    "h(*a) if todo and not todo.pop() else os.kill(os.getpid(), 9); b.main()",
}


#: A second process that checks two batches, and then nothing more.
HALF = (
    "import signal; " + MODULE + "h, todo = b.hold_batch_alone, [0, 0]; "
    "b.hold_batch_alone = lambda *a: "
    "h(*a) if todo and not todo.pop() else signal.pause(); b.main()"
)

share = batches._share


def wait(_: Ledger, __: object, reader: Thread, ___: object) -> list[batches.Result]:
    """Share no work: the second process ends first."""
    reader.join()
    return []


@pytest.fixture(autouse=True)
def _pays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second process pay for a small database, and do all of it."""
    monkeypatch.setattr(batches, "_share", wait)
    monkeypatch.setattr(batches, "_PAYS", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The batches that the first process checks itself."""
    numbers: list[int] = []
    honest = rows.hold_batch_alone

    def hold(ledger: Ledger, kind: str, batch: int, *stated: Any) -> int:
        numbers.append(batch)
        return honest(ledger, kind, batch, *stated)

    for module in (rows, batches):
        monkeypatch.setattr(module, "hold_batch_alone", hold)
    return numbers


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Popen[bytes]]:
    """The second processes that an audit starts."""
    processes: list[Popen[bytes]] = []

    def start(*command: Any, **options: Any) -> Popen[bytes]:
        assert ".db" not in (spoken := repr((command, options)))
        assert "postgresql" not in spoken
        processes.append(Popen(*command, **options))
        return processes[-1]

    monkeypatch.setattr(batches, "Popen", start)
    return processes


def live(desk: Desk) -> int:
    """Keep batches of every kind; return how many there are."""
    desk.bring(State.ADJUSTED)
    ratings = some(40)
    for first in range(0, 40, 10):
        desk.flow.ratings.add(ratings[first : first + 10], by=desk.office)
    every = door_of(desk.flow).read(streams)
    return sum(stream.startswith("batch/") for stream in every)


def audited(flow: Flow, address: str | None) -> AuditReport:
    return door_of(flow).read(partial(verify, release=True, address=address))


def tamper(url: str) -> None:
    host = engines.open_engine(url)
    with host.begin() as connection:
        for edit in EDITS:
            assert connection.execute(text(edit)).rowcount >= 1, edit
    host.dispose()


def test_a_clean_database_has_the_same_report(
    desk: Desk, url: str, held: list[int], started: list[Popen[bytes]]
) -> None:
    count = live(desk)
    alone = audited(desk.flow, None)
    assert (len(held), started) == (count, [])
    held.clear()
    both = audited(desk.flow, url)
    assert (both, repr(both)) == (alone, repr(alone))
    assert both.clean
    assert held == []
    assert [process.returncode for process in started] == [0]


def test_every_edit_of_a_fact_is_found_the_same(
    desk: Desk, url: str, held: list[int]
) -> None:
    live(desk)
    tamper(url)
    alone = audited(desk.flow, None)
    held.clear()
    both = audited(desk.flow, url)
    assert (both, repr(both)) == (alone, repr(alone))
    assert held == []
    kinds = {finding.flaw.value for finding in both.findings}
    assert {"facts_mismatch", "payload_mismatch", "rollup_mismatch"} <= kinds
    named = " ".join(finding.place for finding in both.findings)
    for place in ("(appeals)", "(links)", "(progress)", "(ratings)", "text", "month"):
        assert place in named


def test_a_batch_that_comes_meanwhile_is_held_by_the_first(
    desk: Desk, url: str, held: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    count = live(desk)
    take = batches._take

    def add_after(ledger: Ledger, *rest: Any) -> tuple[int, int]:
        taken = take(ledger, *rest)
        ledger.pause()
        with Flow.open(url, clock=desk.clock) as other:
            other.ratings.add(some(50)[40:], by=desk.office)
        return taken

    monkeypatch.setattr(batches, "_take", add_after)
    both = audited(desk.flow, url)
    # PostgreSQL's first process reads one snapshot, which has no new batch.
    new = url.startswith("sqlite")
    assert len(held) == new
    assert both.clean
    assert both.events == audited(desk.flow, None).events - (not new)
    assert len(held) == new + count + 1


def test_a_batch_that_only_the_second_process_knows_is_left_out(
    desk: Desk, url: str, held: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    live(desk)
    alone = audited(desk.flow, None)
    held.clear()

    def start(*command: Any, **options: Any) -> Popen[bytes]:
        with Flow.open(url, clock=desk.clock) as other:
            other.ratings.add(some(50)[40:], by=desk.office)
        return Popen(*command, **options)

    if url.startswith("sqlite"):
        pytest.skip("its first process reads new events, too")
    monkeypatch.setattr(batches, "Popen", start)
    assert audited(desk.flow, url) == alone
    assert held == []


def test_two_processes_meet_in_the_middle(
    desk: Desk,
    url: str,
    held: list[int],
    started: list[Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live(desk)
    tamper(url)
    alone, own = audited(desk.flow, None), held.copy()
    held.clear()

    def meet(
        ledger: Ledger, every: Any, reader: Thread, lines: list[bytes]
    ) -> list[batches.Result]:
        while len(lines) < 2:
            reader.join(0.01)
        return share(ledger, every, reader, lines)

    monkeypatch.setattr(batches, "_share", meet)
    monkeypatch.setattr(batches, "_COMMAND", (sys.executable, "-c", HALF))
    both = audited(desk.flow, url)
    assert (both, repr(both)) == (alone, repr(alone))
    assert held == own[:1:-1]
    assert [process.returncode for process in started] == [-signal.SIGKILL]


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_second_process_hides_nothing(
    how: str,
    file_desk: Desk,
    file_url: str,
    held: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live(file_desk)
    tamper(file_url)
    alone, own = audited(file_desk.flow, None), held.copy()
    held.clear()
    code = BROKEN[how]
    command = (sys.executable, "-c", code) if isinstance(code, str) else code
    monkeypatch.setattr(batches, "_COMMAND", command)
    both = audited(file_desk.flow, file_url)
    assert (both, repr(both)) == (alone, repr(alone))
    assert held == own


def test_an_interrupted_audit_ends_the_second_process(
    file_desk: Desk,
    file_url: str,
    started: list[Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    live(file_desk)
    endless = (sys.executable, "-c", "import signal; signal.pause()")
    monkeypatch.setattr(batches, "_COMMAND", endless)
    monkeypatch.setattr(rows, "hold_table", interrupt)
    with pytest.raises(KeyboardInterrupt):
        audited(file_desk.flow, file_url)
    assert [process.returncode for process in started] == [-signal.SIGKILL]


def test_the_second_process_ends_if_nobody_reads_it(
    file_desk: Desk, file_url: str
) -> None:
    live(file_desk)
    asked = {"address": file_url, "module": batches.__file__}
    with Popen(batches._COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.write(json.dumps(asked).encode())
        process.stdin.close()
        assert process.wait() != 0


def test_a_small_database_has_one_process(
    file_desk: Desk,
    file_url: str,
    started: list[Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live(file_desk)
    monkeypatch.setattr(batches, "_PAYS", 1000)
    assert audited(file_desk.flow, file_url).clean
    monkeypatch.setattr(batches, "_PAYS", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert audited(file_desk.flow, file_url).clean
    assert started == []


def test_the_command_lets_a_second_process_help(
    file_desk: Desk, file_url: str, started: list[Popen[bytes]], held: list[int]
) -> None:
    live(file_desk)
    path = file_url.removeprefix("sqlite:///")
    assert invoke(["audit", "verify", "--db", path]) == 0
    assert [process.returncode for process in started] == [0]
    assert held == []
