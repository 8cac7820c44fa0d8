"""The connections of the desk: who speaks, by the kernel, and for how long.

The kernel's answer (SO_PEERCRED) is read from the connection's own socket. Nothing
that a client sends or preloads changes it. A connection over TCP has no such answer.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from huimin_flow.desk.core.state import account_of

if TYPE_CHECKING:
    from huimin_flow.desk.core.state import Desk

#: The process, the account and the group of a peer, as the kernel returns them.
_CREDENTIALS: Final = struct.Struct("3i")

#: 127.0.0.1 in the kernel's tables of connections, and the state of one that lives.
_LOOPBACK: Final = f"{struct.unpack('=I', socket.inet_aton('127.0.0.1'))[0]:08X}"
_ESTABLISHED: Final = "01"

#: What a client that breaks the protocol gets; no page can be drawn for it.
_BARE: Final = {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "connection": "close",
}


def uid_of(connection: Any) -> int | None:
    """Return the account of the process that opened a connection, None over TCP."""
    if connection.family != socket.AF_UNIX:
        return None
    size = _CREDENTIALS.size
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    _, uid, _ = _CREDENTIALS.unpack(raw)
    return int(uid)


def uid_at(client: tuple[str, int] | None, port: int) -> int | None:
    """Return the account of the process that connected from a port of loopback.

    The kernel lists it: Linux tells it, other systems and an ended connection don't.
    """
    if client is None:
        return None
    near, far = (f"{_LOOPBACK}:{each:04X}" for each in (client[1], port))
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines():
                if near not in line or far not in line:  # there may be thousands
                    continue
                parts = line.split()
                ends = parts[1].endswith(near) and parts[2].endswith(far)
                if ends and parts[3] == _ESTABLISHED:
                    return int(parts[7])
    return None


class Connection(H11Protocol):
    """A connection that tells the kernel's answer, and that ends when it is slow.

    Its limits are those of its application's desk, in seconds: ``header`` for the
    first byte to the last of a request's head, ``body`` for its body, ``answer`` for
    a client that does not take its answer. A slow client is only a socket here: no
    thread waits for it, and no transaction.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Ask the kernel who is there; refuse a connection beyond the greatest number.

        ``app_state`` becomes the state of each request of the connection.
        """
        super().connection_made(transport)
        desk: Desk = self.app_state["desk"]
        self._limits = desk.settings
        uid = uid_of(transport.get_extra_info("socket"))
        self.app_state = {"uid": uid}
        self._timer: asyncio.TimerHandle | None = None
        self._dropped = 0
        most = self._limits.connections.value
        own = sum(each.app_state.get("uid") == uid for each in self.connections)
        alone = uid is None or account_of(uid) != self._limits.proxy_account
        # Neither an account nor loopback takes the places of all.
        full = len(self.connections) > most or (alone and own > most // 2)
        if full and not desk.full:  # a flood makes one line
            desk.journal("full", connections=len(self.connections))
        desk.full = full
        if full:
            transport.abort()
            return
        self._watch(self._limits.header_seconds.value)

    def data_received(self, data: bytes) -> None:
        """Take bytes; a request's head and its body each have their own time.

        The rest of a body that was refused is dropped, so that its sender sees why.
        """
        reads = self.conn.their_state is h11.SEND_BODY
        if reads and self.cycle.response_complete:
            self._dropped += len(data)
            if self._dropped > self._limits.body_megabytes.value << 20:
                self.transport.abort()
                return
        super().data_received(data)
        state = self.conn.their_state
        if state is h11.SEND_BODY and not reads:
            self._watch(self._limits.body_seconds.value)
        elif state is h11.IDLE:
            if self._timer is None:
                self._watch(self._limits.header_seconds.value)
        elif state is not h11.SEND_BODY:
            self._watch(None)

    def on_response_complete(self) -> None:
        """Give a client its time to take the answer, then to send the next head."""
        super().on_response_complete()
        reads = self.conn.their_state is h11.SEND_BODY
        if not reads and self.cycle.response_complete:  # else another one has begun
            self._watch(self._limits.answer_seconds.value)

    def pause_writing(self) -> None:
        """Give a client that takes its answer slowly its time."""
        super().pause_writing()
        self._watch(self._limits.answer_seconds.value)

    def resume_writing(self) -> None:
        """Let the rest of an answer come, which may take its time."""
        super().resume_writing()
        if not self.cycle.response_complete:
            self._watch(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time of a connection that has ended."""
        self._watch(None)
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, with the headers of every answer."""
        answer = h11.Response(status_code=400, headers=list(_BARE.items()))
        for event in (answer, h11.Data(data=msg.encode()), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self, seconds: float | None) -> None:
        """End the connection after some seconds; None cancels the last time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            self._timer = self.loop.call_later(seconds, self.transport.abort)
