"""The shared options of a command: database, config, output and time."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from huimin_flow.catalogue.language import say, say_sentences
from huimin_flow.catalogue.reasons import DeskCode, DoorCode
from huimin_flow.clock import Clock, CommandClock, FollowingClock, SystemClock, shanghai
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.model.core.jobs import Retry
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import (
    FOLDER_VARIABLE,
    check,
    config_folder,
    load_settings,
)
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.command_line import switch, watched
from huimin_flow.shell.core.parameters import resolved
from huimin_flow.shell.core.usage import loaded

if TYPE_CHECKING:
    from huimin_flow.clock import RehearsalClock
    from huimin_flow.flow import Flow, Snapshot

F = TypeVar("F", bound=Callable[..., Any])


def page_end(
    total: int, shown: int, limit: int, last: str, option: str = "--after"
) -> str:
    """Return the last line of a page: how many there are, and where to go on.

    >>> page_end(7, 2, 2, "2026-000002"), page_end(2, 2, 50, "2026-000002")
    ('共7条,显示2条;接着看:--after 2026-000002', '共2条,显示2条')

    """
    text = say("共{total}条,显示{shown}条", total=total, shown=shown)
    if not limit == shown < total:
        return text
    onward = say("接着看:{option} {last}", option=option, last=last)
    return say_sentences([text, onward])


#: How many years a rehearsal may go beyond the last calendar.
_FAR = 100

#: The key of the moment of ``--now`` in a command's context.
_KEY = "huimin.now"


@dataclass
class Place:
    """The options that every command shares; config/ gives those that are missing."""

    database: str | None = None
    config: Path | None = None
    as_json: bool = False
    as_csv: bool = False
    read_only: bool = False
    clock: Clock = field(default_factory=SystemClock)

    def folder(self) -> Path:
        """Return the folder of the config."""
        return config_folder(self.config)

    def url(self) -> str:
        """Return the database's URL; a bare path means an SQLite file.

        That of a service names its socket: ``unix:/run/huimin/desk.sock``.
        """
        named = self.database or load_settings(self.folder()).database
        is_url = "://" in named or named.startswith("unix:")
        return named if is_url else f"sqlite:///{named}"

    def key(self) -> Path | None:
        """Return the file of the master key that huimin.yaml names, if it counts."""
        from huimin_flow.store.sensing.keys import KEY_VARIABLE  # noqa: PLC0415 - heavy

        named = load_settings(self.folder()).key
        return Path(named) if named and KEY_VARIABLE not in os.environ else None

    @property
    def opens(self) -> bool:
        """Tell whether this process opens the database, and no service does it."""
        return not self.url().startswith("unix:")

    def address(self) -> str:
        """Return the database's URL without its password."""
        return re.sub("(?<=//)([^/@:]*):[^/@]*(?=@)", r"\1:***", self.url())

    def rulebook(self) -> Rulebook:
        """Return the rulebook of the config, after all its files were checked.

        Raises:
            ConfigRefused: with every problem.

        """
        return check(self.folder())

    def retry(self) -> Retry | None:
        """Return the waits between attempts of failed jobs, None for the default."""
        return load_settings(self.folder()).retry

    def flow(
        self,
        *,
        read_only: bool = False,
        quiet: bool = False,
        serves: bool = False,
        shows: bool = False,
    ) -> Flow:
        """Return the open engine; a rehearsal ahead of the clock uses its own time.

        With ``read_only`` the database itself refuses every change. A ``quiet`` one
        does not say which time that is. In a rehearsal, the clock of a command that
        ``serves`` follows what others record; that of a command that ``shows`` what
        there is stands at its last record.

        Raises:
            StoreRefused: if --now is used with a production database.
            InputRefused: if --now is before the last recorded moment.

        """
        loaded("huimin_flow.flow.core.door")
        from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
        from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy

        settings = load_settings(self.folder())
        shelf = Path(settings.attachments) if settings.attachments else None
        read_only = read_only or self.read_only
        opened = partial(
            Flow.open,
            self.url(),
            attachments=shelf,
            read_only=read_only,
            key=self.key(),
        )
        flow = opened()
        if self.opens:
            door_of(flow).trust.bounds = settings.clock
        try:
            clock = _clock_of(flow, shows=shows)
            if serves and flow.rehearsal:
                begun = (clock or SystemClock()).now()
                clock = FollowingClock(begun, stands=_named_moment() is not None)
            if clock is None:
                return watched(flow)
            own = opened(clock=clock)
        except BaseException:
            flow.close()
            raise
        flow.close()
        self.clock = clock
        if not (self.as_json or quiet):
            moment = shanghai(clock.now())
            screens.echo(
                say("推演库,此刻按推演的时间:{moment}", moment=moment), err=True
            )
        return watched(own)

    @contextmanager
    def now(self, *, shows: bool = False) -> Iterator[Snapshot]:
        """Open a snapshot, so that a screen shows a single state."""
        with self.flow(shows=shows) as flow, flow.snapshot() as now:
            yield now

    @contextmanager
    def quietly(self) -> Iterator[Snapshot]:
        """Open a snapshot for what a command needs before it begins."""
        with self.flow(quiet=True) as flow, flow.snapshot() as now:
            yield now

    def changes(self) -> None:
        """Refuse --read-only for a command that changes the database or its rulebook.

        Raises:
            InputRefused: with --read-only.

        """
        if self.read_only:
            raise InputRefused(DoorCode.READING_ONLY)

    def require_database(self) -> None:
        """Refuse the address of a service for what needs the database itself.

        Raises:
            StoreRefused: for such an address.

        """
        if not self.opens:
            raise StoreRefused(DeskCode.NOT_BY_SERVICE)

    def show(self, value: object, *parts: str | screens.Table) -> None:
        """Print a value: with --json as JSON, with --csv its tables, else all parts."""
        if self.as_csv:
            tables = [part for part in parts if isinstance(part, screens.Table)]
            lines = ("\n".join(table.csv_lines()) for table in tables)
            screens.echo("\n\n".join(lines), raw=True)
            return
        texts = [] if self.as_json else [(part, str(part)) for part in parts]
        text = "\n".join(text for part, text in texts if text or part == "")
        screens.show(value, text, as_json=self.as_json)

    def table(
        self,
        value: object,
        head: Sequence[str],
        rows: Sequence[Sequence[object]],
        empty: str = "",
    ) -> None:
        """Print a value as JSON with --json, else its rows or ``empty``."""
        shown = self.as_csv or rows or not empty
        self.show(value, screens.Table(head, rows) if shown else empty)

    def page(
        self,
        listed: Sequence[object],
        head: Sequence[str],
        rows: Sequence[Sequence[object]],
        *,
        total: int,
        limit: int,
        empty: str,
        last: str = "",
        skipped: int | None = None,
    ) -> None:
        """Print a page of a list as JSON with --json, else its rows and its end.

        ``last`` is what --after takes to go on: the last row's first cell by default.
        A list that only skips rows gives ``skipped``, the number of rows before.
        """
        last = last or "".join(str(row[0]) for row in rows[-1:])
        if skipped is not None:
            last = str(skipped + len(listed))
        if self.as_json:
            goes_on = last if limit == len(listed) < total else None
            lines = screens.json_page(listed, total, lambda: goes_on)
            screens.echo("\n".join(lines), raw=True)
            return
        shown = len(listed)
        option = "--after" if skipped is None else "--skip"
        end = page_end(total, shown, limit, last, option) if total else empty
        tables = [screens.Table(head, rows)] if rows or self.as_csv else []
        self.show(listed, *tables, end)


def shared(function: F) -> F:
    """Add the options of every command, and pass it a ``Place`` first.

    These are --db, --config, --json and --read-only.
    """

    @wraps(function)
    def command(
        database: str | None,
        config: Path | None,
        *,
        as_json: bool,
        read_only: bool,
        as_csv: bool = False,
        **options: Any,
    ) -> Any:
        if as_json and as_csv:
            raise click.UsageError(say("--json 与 --csv 只能用一个"))
        place = Place(database, config, as_json, as_csv, read_only)
        return function(place, **resolved(place, options))

    wrapped: Any = command
    for option in (
        switch("--read-only", "read_only", help="只读:数据库拒绝一切改动。"),
        switch("--json", "as_json", help="以 JSON 输出。"),
        click.option(
            "--config",
            type=values.PATH,
            default=None,
            envvar=FOLDER_VARIABLE,
            show_envvar=True,
            help="配置目录。",
        ),
        # The settings read its variable: the demo takes only a database that is named.
        click.option(
            "--db",
            "database",
            default=None,
            help="数据库地址或文件路径。  [环境变量:HUIMIN_DATABASE]",
        ),
    ):
        wrapped = option(wrapped)
    made: F = wrapped
    return made


def tabled(function: F) -> F:
    """Add the options of every command and --csv to one that shows tables."""
    csv = switch("--csv", "as_csv", help="以 CSV 输出表格。")
    return csv(shared(function))  # type: ignore[no-any-return]


def _keep_now(context: click.Context, _: click.Parameter, text: str | None) -> None:
    context.meta[_KEY] = None if text is None else values.moment(text)


#: Adds --now, the moment of a command in a rehearsal.
timed = click.option(
    "--now",
    envvar="HUIMIN_NOW",
    show_envvar=True,
    expose_value=False,
    callback=_keep_now,
    help="推演到何时,如 2026-12-01T09:30(仅推演库);默认此刻,不早于最后一条记录。",
)


def _named_moment() -> datetime | None:
    """Return the moment of --now, None without it."""
    context = click.get_current_context(silent=True)
    return None if context is None else context.meta.get(_KEY)


def _clock_of(flow: Flow, *, shows: bool) -> RehearsalClock | None:
    """Return the clock that a command needs, or None for the machine's clock.

    A rehearsal ahead of the machine's clock continues at its last recorded moment, and
    a command that ``shows`` it does not look at it from a later day.

    Raises:
        InputRefused: if the moment is before the last recorded one, or more than
            100 years after the last calendar.

    """
    named = _named_moment()
    if not flow.rehearsal:
        return None if named is None else CommandClock(named)
    try:
        last = flow.records.last_recorded()
    except (ValueError, TypeError):
        last = None  # the audit reports a moment that was edited by hand
    if named is None:
        if last is None or (last <= SystemClock().now() and not shows):
            return None
        return CommandClock(last)
    moment = shanghai(named)
    if last is not None and named < last:
        code = DoorCode.BEFORE_LAST_RECORD
        raise InputRefused(code, moment=moment, last=shanghai(last))
    # A rehearsal cannot go back after a typing error.
    years = [calendar.year for calendar in flow.rulebook.active().calendar.years]
    if years and named.year > max(years) + _FAR:
        code = DoorCode.BEYOND_CALENDARS
        raise InputRefused(code, moment=moment, year=max(years))
    return CommandClock(named)
