"""Where a command works: the database and config of its options."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from huimin_flow.clock import Clock, SystemClock
from huimin_flow.shell import rehearsed, screens

if TYPE_CHECKING:
    from huimin_flow.flow import Flow, Snapshot
    from huimin_flow.flow.door import Performed
    from huimin_flow.model.retry import Retry
    from huimin_flow.model.rulebook import Rulebook

F = TypeVar("F", bound=Callable[..., Any])


class Acts:
    """What came of the acts of one command, through every door that it opened."""

    def __init__(self) -> None:
        """Begin with no door."""
        self._opened: list[Flow] = []

    def add(self, flow: Flow) -> None:
        """Watch another door."""
        self._opened.append(flow)

    @property
    def done(self) -> int:
        """Return how many acts were committed."""
        return sum(acts.done for acts in self._acts())

    @property
    def all_done(self) -> bool:
        """Tell whether there were acts, and each that began was committed."""
        return bool(self.done) and not any(acts.begun for acts in self._acts())

    def _acts(self) -> Iterator[Performed]:
        from huimin_flow.flow.door import door_of  # noqa: PLC0415 - there by now

        return (door_of(flow).acts for flow in self._opened)


#: Those of the command that runs now.
_now: ContextVar[Acts] = ContextVar("_now")


def begin() -> Acts:
    """Begin to watch the acts of one command."""
    acts = Acts()
    _now.set(acts)
    return acts


def watched(flow: Flow) -> Flow:
    """Return a Flow whose acts the running command answers for."""
    _now.get(Acts()).add(flow)
    return flow


class Place:
    """The options that every command shares."""

    def __init__(self) -> None:
        """Begin with nothing named: config/ and huimin.yaml decide."""
        self.database: str | None = None
        self.config: Path | None = None
        self.as_json = False
        self.clock: Clock = SystemClock()

    def folder(self) -> Path:
        """Return the folder of the config."""
        from huimin_flow.settings import config_folder  # noqa: PLC0415 - heavy

        return config_folder(self.config)

    def url(self) -> str:
        """Return the database's URL; a bare path means an SQLite file."""
        from huimin_flow.settings import load_settings  # noqa: PLC0415 - heavy

        named = self.database or load_settings(self.folder()).database
        return named if "://" in named else f"sqlite:///{named}"

    def rulebook(self) -> Rulebook:
        """Return the rulebook that the config proposes, every file of which holds.

        Raises:
            ConfigRefused: naming each fault; nothing starts half-configured.

        """
        from huimin_flow.settings import check  # noqa: PLC0415 - heavy

        return check(self.folder())

    def retry(self) -> Retry | None:
        """Return how patiently jobs that fail are tried again."""
        from huimin_flow.settings import load_settings  # noqa: PLC0415 - heavy

        return load_settings(self.folder()).retry

    def flow(self, *, read_only: bool = False) -> Flow:
        """Return the open engine; a rehearsal that ran ahead is in its own time.

        With ``read_only`` the database itself refuses every change.

        Raises:
            StoreRefused: if a production database is given a time.
            InputRefused: for a given time before the last recorded one.

        """
        from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
        from huimin_flow.settings import load_settings  # noqa: PLC0415 - heavy

        named = load_settings(self.folder()).attachments
        shelf = Path(named) if named else None
        opened = partial(Flow.open, self.url(), attachments=shelf, read_only=read_only)
        flow = opened()
        try:
            clock = rehearsed.clock_of(flow)
            if clock is None:
                return watched(flow)
            own = opened(clock=clock)
        except BaseException:
            flow.close()
            raise
        flow.close()
        self.clock = clock
        if not self.as_json:
            screens.echo(rehearsed.said(clock), err=True)
        return watched(own)

    @contextmanager
    def now(self) -> Iterator[Snapshot]:
        """Give the questions of one moment: what a screen says is of one state."""
        with self.flow() as flow, flow.snapshot() as now:
            yield now


def shared(function: F) -> F:
    """Add --db, --config and --json to a command."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。"),
        click.option(
            "--config", type=click.Path(path_type=Path), help="配置目录。", default=None
        ),
        click.option("--db", "database", help="数据库地址或文件路径。", default=None),
    ):
        function = option(function)
    return function


def placed(
    database: str | None, config: Path | None, *, as_json: bool = False
) -> Place:
    """Return the place that a command's options name."""
    place = Place()
    place.database, place.config, place.as_json = database, config, as_json
    return place
