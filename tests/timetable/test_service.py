"""The unattended service as a process: it starts, works, ends on SIGTERM."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from huimin_flow import entry
from huimin_flow.audit.verify import verify
from huimin_flow.clock import RehearsalClock, SystemClock
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.shell.core import failed
from huimin_flow.shell.core.acting import account
from huimin_flow.store.core import engine
from huimin_flow.timetable.ledger import failures, heartbeat, pending, runs
from huimin_flow.timetable.metronome import beat
from tests.desk.server import configured
from tests.programs import Program, ran


@pytest.fixture(scope="module")
def config(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The config of a machine on which this account runs the services."""
    into = tmp_path_factory.mktemp("own") / "config"
    return configured(config, into, service_account=account())


@pytest.fixture(scope="module")
def production(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded database of no rehearsal, to be copied."""
    file = tmp_path_factory.mktemp("production") / "huimin.db"
    Flow.found(f"sqlite:///{file}", book).close()
    return file


@pytest.fixture
def serviced(production: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(production, tmp_path / 'huimin.db')}"


SERVICE = Path(__file__).parent.parent.parent / "scheduler.py"


def test_the_service_beats_logs_json_and_ends_cleanly(
    serviced: str, config: Path
) -> None:
    service = subprocess.Popen(
        [sys.executable, str(SERVICE), "--db", serviced, "--config", str(config)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert service.stdout is not None
    lines = [json.loads(service.stdout.readline())]
    while lines[-1]["event"] != "ticked":
        lines.append(json.loads(service.stdout.readline()))
    service.send_signal(signal.SIGTERM)
    rest, errors = service.communicate(timeout=30)
    lines += [json.loads(line) for line in rest.splitlines()]
    assert service.returncode == 0, errors
    assert [lines[0]["event"], lines[-1]["event"]] == ["started", "stopped"]
    assert lines[0]["rehearsal"] is False
    with Flow.open(serviced) as flow:
        assert heartbeat(flow) is not None


def test_a_service_whose_log_nobody_reads_any_more_says_so_once_and_serves_on(
    serviced: str, config: Path
) -> None:
    reader, writer = os.pipe()
    service = Program(
        ["scheduler", "--db", serviced, "--config", str(config)],
        stdout=writer, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(writer)
    os.close(reader)
    assert service.stderr is not None
    told = service.stderr.readline()
    service.send_signal(signal.SIGTERM)
    _, more = service.communicate(timeout=30)
    assert service.returncode == 0, more
    assert "日志无法写出(started)" in told
    assert more == ""


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_the_service_sets_its_own_umask(serviced: str, config: Path, mask: int) -> None:
    with Program(
        ["scheduler", "--db", serviced, "--config", str(config)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, umask=mask,
    ) as service:  # fmt: skip
        assert service.stdout is not None
        assert json.loads(service.stdout.readline())["event"] == "started"
        status = Path(f"/proc/{service.pid}/status").read_text("utf-8")
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=30)
    assert "Umask:\t0027" in status


def test_a_clock_that_went_back_is_an_alarm_though_nothing_is_due(
    file_url: str, book: Rulebook
) -> None:
    founder = RehearsalClock(datetime(2023, 3, 1, 2, tzinfo=UTC), seed=7)
    Flow.found(file_url, book, rehearsal=True, clock=founder).close()
    back = RehearsalClock(datetime(2023, 2, 20, 2, tzinfo=UTC), seed=7)
    log = io.StringIO()
    with Flow.open(file_url, clock=back) as flow:
        beat(flow, log)
        assert heartbeat(flow) is None
    (said,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert said["event"] == "refused"
    assert "时钟" in said["reason"]


def test_a_service_without_database_says_so_and_fails(
    tmp_path: Path, config: Path
) -> None:
    missing = str(tmp_path / "no.db")
    done = ran(["scheduler", "--db", missing, "--config", str(config)])
    assert done.returncode == 1
    assert "打不开数据库文件" in done.stderr


#: A process that is told to stop at the moment in which it begins to load a module.
STOPPED_AT = """
import os, signal, sys
from huimin_flow.entry import run

class Stopping:
    def find_spec(self, name, *_):
        if name == sys.argv[1]:
            os.kill(os.getpid(), int(sys.argv[2]))

sys.meta_path.insert(0, Stopping())
run(sys.argv[3:])
"""


@pytest.mark.parametrize("signalled", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("module", ["click", "pydantic", "sqlalchemy", "apscheduler"])
def test_a_service_told_to_stop_while_it_loads_ends_well_and_leaves_nothing(
    module: str, signalled: signal.Signals, serviced: str, config: Path
) -> None:
    words = ["scheduler", "--db", serviced, "--config", str(config)]
    done = subprocess.run(
        [sys.executable, "-c", STOPPED_AT, module, str(int(signalled)), *words],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Flow.open(serviced) as flow:
        assert heartbeat(flow) is None
        assert runs(flow) == []


@pytest.mark.parametrize(
    "words", [["item", "list"], ["scheduler", "--rehearse", "2026-12-01", "2026-12-02"]]
)
def test_any_other_command_stopped_while_it_loads_ends_with_130_and_says_so(
    words: list[str],
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED_AT, "click", str(int(signal.SIGINT)), *words],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert entry.INTERRUPTED == failed.INTERRUPTED
    said = f"{entry.INTERRUPTED}\n"
    assert (done.returncode, done.stdout, done.stderr) == (130, "", said)


def service(url: str, config: Path) -> subprocess.Popen[str]:
    return Program(
        ["scheduler", "--db", url, "--config", str(config)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def until(one: subprocess.Popen[str], event: str) -> list[dict[str, object]]:
    """Read a service's lines up to an event; its end of file ends the wait."""
    assert one.stdout is not None
    lines: list[dict[str, object]] = []
    for line in one.stdout:
        lines.append(json.loads(line))
        if lines[-1]["event"] == event:
            return lines
    raise AssertionError(one.communicate())


def test_two_services_on_one_database_do_each_period_once(
    url: str, book: Rulebook, config: Path
) -> None:
    founded_earlier(url, book)
    both = [service(url, config) for _ in range(2)]
    told = [line for one in both for line in until(one, "ticked")]
    for one in both:
        one.send_signal(signal.SIGTERM)
    ends = [one.communicate(timeout=60) for one in both]
    assert [one.returncode for one in both] == [0, 0], ends
    ran = [(one["job"], one["period"]) for one in told if one["event"] == "ran"]
    assert ran
    assert len(ran) == len(set(ran))
    assert {one["event"] for one in told} <= {"started", "ran", "ticked"}
    with Flow.open(url) as flow:
        assert {(one.job, one.period) for one in runs(flow)} == set(ran)
        assert door_of(flow).read(verify).findings == ()


def founded_earlier(url: str, book: Rulebook) -> None:
    """Found a rehearsal two months ago by the machine's clock: so much is due now."""
    clock = RehearsalClock(SystemClock().now() - timedelta(days=62), seed=7)
    Flow.found(url, book, rehearsal=True, clock=clock).close()


def test_a_service_whose_database_is_held_says_so_and_goes_on_once_it_is_free(
    file_url: str, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    founded_earlier(file_url, book)
    monkeypatch.setattr(engine, "_DEADLINE", 0.2)
    monkeypatch.setattr(engine, "_PATIENCE", 100)
    log = io.StringIO()
    other = sqlite3.connect(file_url.removeprefix("sqlite:///"), isolation_level=None)
    with Flow.open(file_url) as flow:
        for how in ("IMMEDIATE", "EXCLUSIVE"):
            other.execute(f"BEGIN {how}")
            assert not beat(flow, log)
            other.execute("ROLLBACK")
        held = [json.loads(line) for line in log.getvalue().splitlines()]
        assert [one["event"] for one in held] == ["refused", "refused"]
        assert "另一个进程正在写入" in str(held[0]["reason"])
        assert failures(flow) == []
        assert beat(flow, log)
        assert pending(flow) == []
    other.close()


def test_a_service_whose_database_is_gone_for_a_while_misses_nothing(
    file_url: str, book: Rulebook
) -> None:
    founded_earlier(file_url, book)
    path = Path(file_url.removeprefix("sqlite:///"))
    log = io.StringIO()
    with Flow.open(file_url) as flow:
        path.rename(path.with_name("away"))
        door_of(flow).own.dispose()  # what is open would still reach the file
        assert not beat(flow, log)
        assert not path.exists()
        path.with_name("away").rename(path)
        assert beat(flow, log)
        assert pending(flow) == []
    first = json.loads(log.getvalue().splitlines()[0])
    assert first["event"] == "refused"
    assert first["reason"].startswith("打不开数据库文件 ")


def test_a_service_on_a_server_that_is_stopped_and_starts_again_misses_nothing(
    server: str, book: Rulebook
) -> None:
    name = "s" + os.urandom(6).hex()
    with psycopg.connect(f"{server}/postgres", autocommit=True) as master:
        master.execute(f"CREATE DATABASE {name}".encode())
        founded_earlier(f"{server}/{name}", book)
        log = io.StringIO()
        with Flow.open(f"{server}/{name}") as flow:
            assert heartbeat(flow) is None
            master.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
            master.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s", (name,)
            )  # fmt: skip
            for _ in range(2):
                assert not beat(flow, log)
            master.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
            assert beat(flow, log)
            assert pending(flow) == []
    events = [json.loads(line)["event"] for line in log.getvalue().splitlines()]
    assert events[:2] == ["refused", "refused"], log.getvalue()[:3000]
