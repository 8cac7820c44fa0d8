"""Writers of one file queue, and acts that wait together share a commit."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, func, select

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Code, StoreCode
from huimin_flow.errors import HuiminError, StepRefused, StoreBusy
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing import items
from huimin_flow.model.core.organization import Actor
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import turns
from huimin_flow.store.core.connections import held_by
from huimin_flow.store.core.tables import REFUSALS
from huimin_flow.testing import Desk
from tests.flow.core.test_host import DEMAND
from tests.store.core.test_waiting import elsewhere

CALLERS = 12


@pytest.fixture
def queue(file_url: str) -> Path:
    """The lock file for which writers queue."""
    path = Path(file_url.removeprefix("sqlite:///"))
    return path.with_name(path.name + "-queue")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever joins a transaction may do it late, on the slowest machine."""
    monkeypatch.setattr(turns, "_JOINING", 60.0)


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each commit of a group."""
    done: list[str] = []
    honest = vars(turns)["commit"]

    def commit(connection: Connection, patience: float) -> None:
        honest(connection, patience)
        done.append("commit")

    monkeypatch.setattr(turns, "commit", commit)
    return done


@contextmanager
def gathered(
    desk: Desk, acts: Sequence[Callable[[], object]]
) -> Iterator[list[object]]:
    """Let callers wait behind a writer until all are in the queue; give what they got."""
    waits = held_by(door_of(desk.flow).own).turns
    assert waits is not None
    answers: list[object] = [None] * len(acts)

    def call(n: int) -> None:
        try:
            answers[n] = acts[n]()
        except HuiminError as refusal:
            answers[n] = refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        with desk.flow.whole():
            for n in range(len(acts)):
                pool.submit(call, n)
                assert engines.until(lambda n=n: len(waits._queue) > n)  # type: ignore[misc]
        pool.shutdown()
    yield answers


@pytest.mark.usefixtures("patient")
def test_acts_that_wait_together_share_one_commit(
    file_desk: Desk, commits: list[str]
) -> None:
    acts = [
        lambda: file_desk.flow.items.collect(DEMAND, by=file_desk.operator)
    ] * CALLERS
    file_desk.collect()
    commits.clear()
    with gathered(file_desk, acts) as answers:
        # One of the writer before them, and one of all.
        assert len(commits) == 2
    numbers = [getattr(answer, "number", answer) for answer in answers]
    assert numbers == [item.number for item in file_desk.flow.items.list()][1:], (
        "in the order of the queue"
    )
    assert door_of(file_desk.flow).read(verify).clean


def collect_half(work: Work, *, by: Actor) -> None:
    """Record an item, and be refused afterwards."""
    items.collect(work, DEMAND, by=by)
    raise StepRefused(Code.SAME_PERSON)


@pytest.mark.usefixtures("patient")
def test_an_act_that_is_refused_leaves_those_who_share_its_commit(
    file_desk: Desk,
) -> None:
    file_desk.collect()
    good = lambda: file_desk.flow.items.collect(DEMAND, by=file_desk.operator)  # noqa: E731
    bad = lambda: door_of(file_desk.flow).perform(collect_half, by=file_desk.operator)  # noqa: E731
    with gathered(file_desk, [bad, good, bad, good, bad]) as answers:
        assert [isinstance(answer, StepRefused) for answer in answers] == [
            True, False, True, False, True,
        ]  # fmt: skip
    assert len(file_desk.flow.items.list()) == 3
    kept = select(func.count()).select_from(REFUSALS)
    assert door_of(file_desk.flow).read(lambda c: c.execute(kept).scalar()) == 3
    assert door_of(file_desk.flow).read(verify).clean


@pytest.mark.usefixtures("patient")
def test_when_the_disk_is_full_at_the_shared_commit_nobody_hears_that_it_is_done(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = [lambda: file_desk.flow.items.collect(DEMAND, by=file_desk.operator)] * 4
    file_desk.collect()
    honest, before = vars(turns)["commit"], file_desk.flow.items.list()
    commits: list[Connection] = []

    def commit(connection: Connection, patience: float) -> None:
        commits.append(connection)
        if len(commits) > 1:  # the first is that of the writer before them
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            try:
                connection.exec_driver_sql("CREATE TABLE more AS SELECT zeroblob(1e6)")
            finally:
                connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        honest(connection, patience)

    monkeypatch.setattr(turns, "commit", commit)
    with gathered(file_desk, acts) as answers:
        codes = [getattr(answer, "code", answer) for answer in answers]
    assert codes == [StoreCode.DISK_FULL] * 4
    assert len(commits) == 2
    assert file_desk.flow.items.list() == before
    assert door_of(file_desk.flow).read(verify).clean


def test_the_queue_is_left_when_the_file_is_closed(
    file_desk: Desk, queue: Path
) -> None:
    file_desk.collect()
    assert queue.exists()
    door_of(file_desk.flow).own.dispose()
    assert not queue.exists()
    assert file_desk.collect().version == 1
    file_desk.flow.close()
    assert not queue.exists()


HOLDER = """
import fcntl, os, sys
held = os.open(sys.argv[1], os.O_RDONLY | os.O_CREAT)
fcntl.flock(held, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def holder(queue: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process be the first in the queue."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(queue)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield other
        other.kill()


def test_who_is_stopped_at_the_head_of_the_queue_stops_nobody_for_ever(
    file_desk: Desk, queue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue gives order; only the lock of the database keeps writers apart."""
    file_desk.collect()
    with holder(queue), monkeypatch.context() as patch:
        patch.setattr(turns, "_LONGEST", 0.2)
        assert file_desk.collect().version == 1
    assert file_desk.collect().version == 1


@pytest.mark.parametrize(("deadline", "waits"), [(3_600.0, 10.0), (4.0, 4.0)])
def test_a_process_waits_ten_seconds_in_the_queue_and_goes_on(
    file_desk: Desk,
    queue: Path,
    monkeypatch: pytest.MonkeyPatch,
    deadline: float,
    waits: float,
) -> None:
    """It waits for less if its act must end earlier. No time passes in this test."""
    file_desk.collect()
    asked: list[float] = []
    honest = threading.Event.wait

    def at_once(event: threading.Event, timeout: float | None = None) -> bool:
        if timeout is None:
            return honest(event)
        asked.append(timeout)
        return False

    with holder(queue), monkeypatch.context() as patch:
        patch.setattr(engines, "_DEADLINE", deadline)
        patch.setattr(threading.Event, "wait", at_once)
        assert file_desk.collect().version == 1
    assert [waits - 1 < timeout <= waits for timeout in asked] == [True]


def test_a_thread_that_waits_in_queue_for_too_long_is_refused(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        file_desk.flow.whole(),
        monkeypatch.context() as patch,
        ThreadPoolExecutor(1) as threads,
    ):
        patch.setattr(engines, "_DEADLINE", 0.2)
        with pytest.raises(StoreBusy) as refused:
            threads.submit(file_desk.collect).result()
        assert refused.value.code == "busy"
    told = [vars(each) for each in caplog.records if each.name == "huimin_flow.waits"]
    assert [(each["given_up"], each["code"]) for each in told] == [(True, "busy")]
    assert file_desk.collect().version == 1


def test_a_writer_killed_at_the_head_of_the_queue_stops_nobody(
    file_desk: Desk, queue: Path
) -> None:
    file_desk.collect()
    with holder(queue) as other, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(file_desk.collect)
        with pytest.raises(TimeoutError):
            waiting.result(0.05)
        other.send_signal(signal.SIGKILL)
        assert waiting.result().version == 1
    assert len(file_desk.flow.items.list()) == 2


def left_by_a_crash(queue: Path) -> None:
    queue.write_text("left", encoding="utf-8")


def a_folder(queue: Path) -> None:
    queue.mkdir()


def a_pipe(queue: Path) -> None:
    os.mkfifo(queue)


def a_link_to_nothing(queue: Path) -> None:
    queue.symlink_to("nothing")


def of_another_account(queue: Path) -> None:
    queue.touch(0o000)
    if os.geteuid() == 0:
        os.chown(queue, 65534, 65534)


@pytest.mark.parametrize(
    "odd", [left_by_a_crash, a_folder, a_pipe, a_link_to_nothing, of_another_account]
)
def test_whatever_lies_where_the_queue_is_the_writer_writes(
    odd: Callable[[Path], None], file_desk: Desk, queue: Path
) -> None:
    odd(queue)
    assert file_desk.collect().version == 1
    file_desk.flow.close()


def test_where_a_folder_has_no_locks_the_writer_writes(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: int, __: int) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(fcntl, "flock", refuses)
    assert file_desk.collect().version == 1


def test_a_queue_that_somebody_removed_is_made_anew(
    file_desk: Desk, queue: Path
) -> None:
    file_desk.collect()
    queue.unlink()
    file_desk.collect()
    assert queue.exists()


def test_who_waits_leaves_the_queue_when_interrupted(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = held_by(door_of(file_desk.flow).own).turns
    assert waits is not None
    with elsewhere(file_desk.flow.whole()):
        honest = threading.Event.wait

        def stops(event: threading.Event, timeout: float | None = None) -> bool:
            if threading.current_thread() is threading.main_thread():
                raise KeyboardInterrupt
            return honest(event, timeout)

        with monkeypatch.context() as patch:
            patch.setattr(threading.Event, "wait", stops)
            with pytest.raises(KeyboardInterrupt):
                file_desk.collect()
        assert not waits._queue
    assert file_desk.collect().version == 1


def test_a_connection_that_died_while_it_was_held_is_replaced(
    desk: Desk, url: str
) -> None:
    if not url.startswith("postgresql"):
        pytest.skip("SQLite has no server that may end a connection")
    desk.collect()
    desk.flow.items.list()
    held = held_by(door_of(desk.flow).own)
    drivers = [
        each.connection.driver_connection for each in held.reading + held.writing
    ]
    pids = [driver.info.backend_pid for driver in drivers if driver is not None]
    assert len(pids) > 1
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", (pids,)
        )
        query = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)"
        assert engines.until(lambda: admin.execute(query, (pids,)).fetchone() == (0,))
    assert len(desk.flow.items.list()) == 1
    assert desk.collect().version == 1
