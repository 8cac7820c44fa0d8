"""What one running desk has: its Flow, its settings, its sessions, its journal."""

from __future__ import annotations

import json
import os
import pwd
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TextIO

from huimin_flow.clock import FollowingClock, SystemClock
from huimin_flow.desk.core.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from huimin_flow.flow import Flow
    from huimin_flow.settings.desk import DeskSettings

#: The names by which a browser on this machine calls the desk.
LOCAL: Final = frozenset({"localhost", "127.0.0.1"})

#: Events of every day.
_USUAL: Final = frozenset({"started", "request", "left", "stopped"})


@dataclass(kw_only=True)
class Desk:
    """A desk: several threads use it, each for one request.

    ``clock`` is the clock of its ``flow`` in a rehearsal, None in production.
    ``port`` is the one on loopback. ``full`` says that it has as many connections as it
    may, and refuses more. ``log`` gets a JSON line for each request; it has
    no address, no account and nothing that a visitor wrote. ``identity`` is the
    function of a host that signs its own users in: it returns the account behind a
    request, "" for nobody. No socket, header and link says it then.
    """

    flow: Flow
    settings: DeskSettings
    log: TextIO
    clock: FollowingClock | None = None
    secret: bytes | None = None
    port: int = 0
    full: bool = False
    identity: Callable[[Request], str] | None = None
    sessions: Sessions = field(init=False)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Begin without sessions."""
        limits = self.settings
        self.sessions = Sessions(
            idle=limits.idle_minutes.value * 60,
            whole=limits.session_minutes.value * 60,
            link=limits.link_minutes.value * 60,
        )

    @property
    def rehearsal(self) -> bool:
        """Tell whether its database is a rehearsal."""
        return self.clock is not None

    @property
    def cookie(self) -> str:
        """Return the name of its cookie: a browser shares them among ports."""
        return f"huimin-{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """Return the names by which it may be called."""
        return LOCAL | set(self.settings.hosts)

    @property
    def address(self) -> str:
        """Return its address on loopback."""
        return f"http://127.0.0.1:{self.port}/"

    def follow(self) -> None:
        """Move a rehearsal's clock to the last record, which others may have made.

        A time that was edited by hand moves nothing: the audit reports it.
        """
        if self.clock is None:
            return
        with suppress(ValueError, TypeError):
            last = self.flow.records.last_recorded()
            if last is not None:
                self.clock.follow(last)

    def journal(self, event: str, **more: Any) -> None:
        """Write a JSON line to the log; a log that can't be written ends nothing.

        A person at a terminal sees only what is unusual.
        """
        if event in _USUAL and self.log.isatty():
            return
        at = SystemClock().now().astimezone(UTC).isoformat()
        line = json.dumps({"at": at, "event": event, **more})
        with self._lock, suppress(OSError, ValueError):
            try:
                self.log.write(line + "\n")
                self.log.flush()
            except BrokenPipeError:
                # The reader is gone; the interpreter must not flush into the pipe.
                os.dup2(os.open(os.devnull, os.O_WRONLY), self.log.fileno())


def account_of(uid: int) -> str:
    """Return the name of an account, "" if the machine knows none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""
