"""What all tests share: both databases, the bureau's rulebook, a rehearsal engine."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import load_rulebook
from huimin_flow.testing import Desk

CONFIG = Path(__file__).parent.parent / "config"

settings.register_profile("dev", max_examples=60, deadline=None)
settings.register_profile(
    "ci",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", max_examples=600, deadline=None)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev")
)


@pytest.fixture(scope="session")
def config() -> Path:
    """The folder of the bureau's config."""
    return CONFIG


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, config: Path) -> Path:
    """A folder in whose ``out`` the demo was played, once for all who only look."""
    place = tmp_path_factory.mktemp("played")
    words = ["demo", "--into", "out", "--config", str(config)]
    run = "from huimin_flow.shell.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", run, *words],
        cwd=place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The rulebook that the config proposes."""
    return load_rulebook(CONFIG)


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


def _as_server(arguments: list[str]) -> None:
    """Run a server command; PostgreSQL refuses root, so root lends a user."""
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(arguments, check=True, capture_output=True, user=user)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A throw-away PostgreSQL server; its URL without a database."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (initdb not found)")
    # Not below pytest's folder: each session that starts shuts others' users out.
    with tempfile.TemporaryDirectory(prefix="huimin-postgresql-") as folder:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        yield from _served(binaries, Path(folder))


def _served(binaries: Path, home: Path) -> Iterator[str]:
    data = str(home / "data")
    arguments = ["-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"]
    _as_server([str(binaries / "initdb"), *arguments, "--locale=C", "--no-sync"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [str(binaries / "pg_ctl"), "-D", data, "-w", "-l", str(home / "log")]
    _as_server([*control, "-o", options, "start"])
    yield f"postgresql://postgres@127.0.0.1:{port}"
    _as_server([*control, "-m", "immediate", "stop"])


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each make."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'huimin.db'}"
    server: str = request.getfixturevalue("server")
    name = "t" + os.urandom(6).hex()
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server}/{name}"


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """An empty SQLite database."""
    return f"sqlite:///{tmp_path / 'huimin.db'}"


@pytest.fixture
def clock() -> RehearsalClock:
    """A clock that stands at 2023-10-09, ten in the morning in Shanghai."""
    return RehearsalClock(datetime(2023, 10, 9, 2, tzinfo=UTC), seed=7)


@pytest.fixture
def desk(url: str, book: Rulebook, clock: RehearsalClock) -> Iterator[Desk]:
    """An engine on each make of database, with people at hand."""
    with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
        yield Desk(flow, clock)


@pytest.fixture
def file_desk(file_url: str, book: Rulebook, clock: RehearsalClock) -> Iterator[Desk]:
    """An engine on SQLite, with people at hand."""
    with Flow.found(file_url, book, rehearsal=True, clock=clock) as flow:
        yield Desk(flow, clock)
