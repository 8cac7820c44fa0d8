"""Questions to the desk's application, without a network: a path and who asks."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from huimin_flow.catalogue.terms import Via
from huimin_flow.clock import FollowingClock
from huimin_flow.desk.app import make
from huimin_flow.desk.core.state import Desk
from huimin_flow.flow import Flow
from huimin_flow.settings import load_settings
from tests.conftest import CONFIG
from tests.desk.aside import ran


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers by small name, the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return unescape(self.body.decode())


@dataclass
class Asker:
    """Asks as the account of ``uid``, or over loopback if that is None."""

    app: Any
    uid: int | None = None
    cookie: str = ""

    @property
    def desk(self) -> Desk:
        desk: Desk = self.app.state.desk
        return desk

    def acting_as(self, person: str) -> Asker:
        """Return who asks as a post of a rehearsal."""
        session = self.desk.sessions.begin("", Via.REHEARSAL, person)
        return replace(self, cookie=f"{self.desk.cookie}={session}")

    def get(self, address: str) -> Answer:
        """Ask for an address: a path without its slash, and a query."""
        path, _, query = address.partition("?")
        scope = {
            "type": "http", "method": "GET", "path": f"/{path}", "root_path": "",
            "raw_path": f"/{path}".encode(), "query_string": query.encode(),
            "headers": [(b"host", b"127.0.0.1"), (b"cookie", self.cookie.encode())],
            "scheme": "http",
            "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 9),
            "http_version": "1.1", "state": {} if self.uid is None else {"uid": self.uid},
        }  # fmt: skip
        got: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def answer(message: Any) -> None:
            got.append(message)

        ran(self.app(scope, receive, answer))
        return Answer(
            got[0]["status"],
            {key.decode(): value.decode() for key, value in got[0]["headers"]},
            b"".join(part.get("body", b"") for part in got[1:]),
        )


def asking(
    flow: Flow, clock: FollowingClock | None = None, uid: int | None = None
) -> Asker:
    """Return who asks a desk on a Flow; with a ``clock`` it is a rehearsal."""
    settings = load_settings(CONFIG).desk
    return Asker(
        make(Desk(flow=flow, settings=settings, log=io.StringIO(), clock=clock)), uid
    )
