"""What all tests share: both databases, the bureau's rulebook, a rehearsal engine."""

from __future__ import annotations

import fcntl
import gc
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine, event

from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import load_rulebook
from huimin_flow.testing import Desk
from tests import databases
from tests.databases import Pool
from tests.sampled import on_both

CONFIG = Path(__file__).parent.parent / "config"

#: What a property is tried with; the nightly run tries many more.
EXAMPLES = 30

settings.register_profile("dev", max_examples=EXAMPLES, deadline=None)
settings.register_profile(
    "ci",
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", max_examples=600, deadline=None)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev")
)

#: What takes longest comes first, so that no worker is left with it in the end; what
#: plays the demo, too: others would wait for it.
LONGEST = (
    "faults/test_killed_demo.py",
    "acceptance/test_demo.py",
    "flow/test_life_model.py",
    "faults/test_bit_rot.py",
    "shell/core/test_kept_is_told.py",
    "tests/test_count.py",
    "tests/test_docs.py",
    "timetable/test_service.py",
    "installed/test_four_accounts.py",
)


class Compiled(dict[Any, Any]):
    """The compiled statements of all engines of a make, which are many in tests.

    An engine keeps its own else, by its dialect: each test would compile them anew.
    """

    @staticmethod
    def _shared(key: Any) -> Any:
        dialect, *rest = key
        return type(dialect), dialect.paramstyle, *rest

    def get(self, key: Any, default: Any = None) -> Any:
        """Return a statement that any engine has compiled."""
        return super().get(self._shared(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(self._shared(key), compiled)


COMPILED = Compiled()


@event.listens_for(Engine, "engine_connect")
def _compile_once(connection: Connection) -> None:
    connection.execution_options(compiled_cache=COMPILED)


def pytest_configure() -> None:
    """Keep what tests write in memory: a commit to a disk waits for it."""
    memory = databases.memory()
    if memory is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Let each worker of a whole run begin with other modules than the rest.

    All collect the same modules in the same order: in a new checkout each would
    compile every one of them, and find each compiled a moment later.
    """
    config = session.config
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if not whole or not worker:
        return
    root = config.rootpath
    ignored = [root / each for each in config.getoption("ignore") or ()]
    files = [
        file
        for file in sorted((root / "tests").rglob("test_*.py"))
        if not any(file.is_relative_to(each) for each in ignored)
    ]
    begun = int(worker) * len(files) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    for file in files[begun:] + files[:begun]:
        with suppress(Exception):  # what cannot be imported, its collection tells
            importlib.import_module(
                ".".join(file.relative_to(root).with_suffix("").parts)
            )


def pytest_collection_finish() -> None:
    """Look through the thousands of collected tests for garbage no more."""
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave some to the night, unless tests are named; put the longest files first."""
    if not any("::" in each for each in config.args):
        items[:], by_night = on_both(items)
        config.hook.pytest_deselected(items=by_night)
    items.sort(key=lambda one: not one.path.as_posix().endswith(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep drafts and failures of tests away from the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        # Databases are copied from founded ones, and servers have no file beside them;
        # the workers of one run share what was played.
        base = tmp_path_factory.getbasetemp()
        shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
        patch.setenv("HUIMIN_KEY", str(shared / "huimin.key"))
        yield


@pytest.fixture(scope="session")
def config() -> Path:
    """The folder of the bureau's config."""
    return CONFIG


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, config: Path) -> Path:
    """A folder in whose ``out`` the demo was played, once for all who only look.

    ``said.txt`` has what it said. The workers of one run share the folder: who comes
    first plays, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    place = shared / "played"
    with (shared / "played.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            place.mkdir()
            _play(place, config)
            (place / "ended").touch()
    assert (place / "ended").exists(), "the demo failed in another worker"
    return place


def _play(place: Path, config: Path) -> None:
    words = ["demo", "--into", "out", "--config", str(config)]
    run = "from huimin_flow.shell.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", run, *words],
        cwd=place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (place / "said.txt").write_text(done.stdout, encoding="utf-8")


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The rulebook that the config proposes."""
    return load_rulebook(CONFIG)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A throw-away PostgreSQL server; its URL without a database."""
    for address in databases.served():
        if address is None:
            pytest.skip("PostgreSQL is not installed (initdb not found)")
        yield address


@dataclass(frozen=True)
class Founded:
    """A rehearsal database on which nothing was done but its founding."""

    file: Path
    drawn: Any  # where the clock's randomness stood afterwards


def founded_file(book: Rulebook, folder: Path) -> Founded:
    file = folder / "huimin.db"
    clock = usual_clock()
    Flow.found(f"sqlite:///{file}", book, rehearsal=True, clock=clock).close()
    return Founded(file, clock._random.getstate())


def founded_pool(book: Rulebook, server: str) -> Pool:
    name = databases.fresh(server)
    url = f"{server}/{name}"
    Flow.found(url, book, rehearsal=True, clock=usual_clock()).close()
    return Pool(server, name)


@pytest.fixture(scope="session")
def founded(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """A founded file to be copied."""
    return founded_file(book, tmp_path_factory.mktemp("founded"))


@pytest.fixture(scope="session")
def pool(server: str, book: Rulebook) -> Pool:
    """A server's founded databases."""
    return founded_pool(book, server)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of each make: empty, or founded for who asks for a desk, too."""
    if request.param == "sqlite":
        yield request.getfixturevalue("file_url")
        return
    server: str = request.getfixturevalue("server")
    if "desk" in request.fixturenames:
        pool: Pool = request.getfixturevalue("pool")
        name = pool.take()
        yield f"{server}/{name}"
        pool.give(name)
    else:
        name = databases.fresh(server)
        yield f"{server}/{name}"
        databases.dropped(server, name)


@pytest.fixture
def file_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An SQLite database: empty, or founded for who asks for a desk, too."""
    file = tmp_path / "huimin.db"
    if {"desk", "file_desk"} & set(request.fixturenames):
        founded: Founded = request.getfixturevalue("founded")
        shutil.copy(founded.file, file)
    return f"sqlite:///{file}"


def usual_clock() -> RehearsalClock:
    return RehearsalClock(datetime(2023, 10, 9, 2, tzinfo=UTC), seed=7)


@pytest.fixture
def clock() -> RehearsalClock:
    """A clock that stands at 2023-10-09, ten in the morning in Shanghai."""
    return usual_clock()


@pytest.fixture
def desk(url: str, founded: Founded, clock: RehearsalClock) -> Iterator[Desk]:
    """An engine on each make of database, with people at hand."""
    clock._random.setstate(founded.drawn)
    with Flow.open(url, clock=clock) as flow:
        yield Desk(flow, clock)


@pytest.fixture
def file_desk(file_url: str, founded: Founded, clock: RehearsalClock) -> Iterator[Desk]:
    """An engine on SQLite, with people at hand."""
    clock._random.setstate(founded.drawn)
    with Flow.open(file_url, clock=clock) as flow:
        yield Desk(flow, clock)
