"""The unattended service as a process: it starts, works, ends on SIGTERM."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.timetable.ledger import heartbeat
from huimin_flow.timetable.metronome import beat

SERVICE = Path(__file__).parent.parent.parent / "scheduler.py"


def test_the_service_beats_logs_json_and_ends_cleanly(
    file_url: str, book: Rulebook, config: Path
) -> None:
    Flow.found(file_url, book).close()
    service = subprocess.Popen(
        [sys.executable, str(SERVICE), "--db", file_url, "--config", str(config)],
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
    with Flow.open(file_url) as flow:
        assert heartbeat(flow) is not None


def test_a_clock_that_went_back_is_an_alarm_though_nothing_is_due(
    file_url: str, book: Rulebook
) -> None:
    founder = RehearsalClock(datetime(2023, 3, 1, 2, tzinfo=UTC), seed=7)
    Flow.found(file_url, book, rehearsal=True, clock=founder).close()
    back = RehearsalClock(datetime(2023, 2, 20, 2, tzinfo=UTC), seed=7)
    log = io.StringIO()
    with Flow.open(file_url, clock=back) as flow:
        beat(flow, back, log)
        assert heartbeat(flow) is None
    (said,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert said["event"] == "refused"
    assert "时钟" in said["reason"]


def test_a_service_without_database_says_so_and_fails(
    tmp_path: Path, config: Path
) -> None:
    done = subprocess.run(
        [sys.executable, str(SERVICE), "--db", str(tmp_path / "no.db"), "--config", str(config)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "打不开数据库文件" in done.stderr
