"""Serve the desk on sockets of our own, until SIGTERM or Ctrl-C.

The unix socket is made here: uvicorn would let everybody write to it. Its folder may
be setgid (mode 2750): then the socket belongs to the folder's group, whose accounts
may use the desk without reading the service's files.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from huimin_flow.catalogue.reasons import DeskCode
from huimin_flow.desk.app import make
from huimin_flow.desk.core.peer import Connection
from huimin_flow.errors import StoreBusy, StoreRefused, why_not
from huimin_flow.store.files import alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from huimin_flow.desk.core.state import Desk

#: Who may do what with files that the service makes: its group reads, others nothing.
_UMASK: Final = 0o027

#: The mode of the folder that is made for a socket, and what another must not allow.
_FOLDER, _TOO_OPEN = 0o750, 0o027

#: How long requests that run at the end may take, in seconds; then they are dropped.
_LAST: Final = 60

#: How many connections may wait to be accepted.
_WAITING: Final = 128


class _Server(uvicorn.Server):
    """A server that ends with success on a signal, after its last request."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        """Call ``ready`` once the server takes requests."""
        super().__init__(config)
        self._ready = ready

    async def main_loop(self) -> None:
        """Tell systemd and the caller when requests are taken, and when no more."""
        _notify("READY=1")
        self._ready()
        await super().main_loop()
        _notify("STOPPING=1")

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal, and restore the handlers afterwards."""
        before = {
            number: signal.signal(number, self._stop)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _: int, __: FrameType | None) -> None:
        self.should_exit = True


def serve(
    desk: Desk, *, path: Path | None, ready: Callable[[], None] = lambda: None
) -> None:
    """Serve a desk on 127.0.0.1 and, with a ``path``, on a unix socket.

    ``desk.port`` is the port; 0 becomes a free one. ``ready`` is called once both
    listen. Every request that runs when a signal comes is finished.

    Raises:
        StoreRefused: if another server uses the port or the socket, or if others
            could change the socket's folder.

    """
    os.umask(_UMASK)
    with ExitStack() as stack:
        loopback = stack.enter_context(_loopback(desk.port))
        desk.port = loopback.getsockname()[1]
        sockets = [loopback]
        if path is not None:
            sockets.append(stack.enter_context(unix_socket(path)))
        limits = desk.settings
        config = uvicorn.Config(
            make(desk),
            http=Connection,
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=_WAITING,
            h11_max_incomplete_event_size=limits.head_kilobytes.value * 1024,
            timeout_graceful_shutdown=_LAST,
        )
        desk.journal("started", rehearsal=desk.rehearsal, port=desk.port)
        _Server(config, ready).run(sockets)
        desk.journal("stopped")


@contextmanager
def _loopback(port: int) -> Iterator[socket.socket]:
    """Yield a socket that listens on this machine's own address only."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as own:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _listen(own, ("127.0.0.1", port), f"127.0.0.1:{port}")
        yield own


@contextmanager
def unix_socket(path: Path) -> Iterator[socket.socket]:
    """Yield a listening unix socket of mode 0660, and remove it at the end.

    A socket that a dead server left is replaced; a lock keeps a second server out.

    Raises:
        StoreRefused: if another server has the lock or answers at the socket, if
            something else is there, or if others could change its folder.

    """
    try:
        path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        folder = path.parent.stat()
        way = {*path.parents, *path.parent.resolve().parents}
        loose = [each for each in way if _is_loose(each.lstat())]
    except OSError as failure:
        code, why = DeskCode.LISTEN_FAILED, why_not(failure)
        raise StoreRefused(code, place=str(path), why=why) from None
    if folder.st_mode & _TOO_OPEN or folder.st_uid not in {0, os.geteuid()}:
        loose = [path.parent]
    if loose:
        raise StoreRefused(DeskCode.SOCKET_FOLDER, folder=str(min(loose)))
    with ExitStack() as stack:
        try:
            stack.enter_context(alone(path.with_name(f"{path.name}.lock")))
        except StoreBusy:
            raise StoreRefused(DeskCode.SOCKET_IN_USE, path=str(path)) from None
        _remove_stale(path)
        own = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        before = os.umask(0o117)  # no moment in which the socket has another mode
        try:
            _listen(own, str(path), str(path))
        finally:
            os.umask(before)
        stack.callback(partial(path.unlink, missing_ok=True))
        yield own


def _is_loose(there: os.stat_result) -> bool:
    """Tell whether others could put another folder or link in the place of this one."""
    shared = stat.S_ISDIR(there.st_mode) and there.st_mode & stat.S_IWOTH
    kept = there.st_mode & stat.S_ISVTX  # only its owner renames what is in it
    return bool(shared and not kept) or there.st_uid not in {0, os.geteuid()}


def _listen(own: socket.socket, address: Any, place: str) -> None:
    try:
        own.bind(address)
        own.listen(_WAITING)
    except (OSError, OverflowError) as failure:
        why = why_not(failure) if isinstance(failure, OSError) else str(failure)
        raise StoreRefused(DeskCode.LISTEN_FAILED, place=place, why=why) from None


def _remove_stale(path: Path) -> None:
    """Remove the socket of a dead server.

    Raises:
        StoreRefused: if a server answers there, or it is no socket of this account.

    """
    try:
        there = path.lstat()
    except FileNotFoundError:
        return
    own = there.st_uid == os.geteuid()
    if not stat.S_ISSOCK(there.st_mode) or not own:
        raise StoreRefused(DeskCode.SOCKET_BLOCKED, path=str(path))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        with suppress(TimeoutError):  # it listens, and is busy
            if probe.connect_ex(str(path)) == errno.ECONNREFUSED:
                path.unlink()
                return
    raise StoreRefused(DeskCode.SOCKET_IN_USE, path=str(path))


def _notify(state: str) -> None:
    """Tell systemd the state of the service, if it asks."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place:
        return
    with (
        suppress(OSError),
        socket.socket(
            socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC
        ) as waiting,
    ):
        waiting.sendto(state.encode(), place.replace("@", "\0", 1))
