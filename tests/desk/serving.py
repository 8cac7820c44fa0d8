"""The application of acts on a unix socket, in a thread of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount

from bench.remote import listening
from huimin_flow.catalogue.terms import Via
from huimin_flow.desk import acts
from huimin_flow.desk.calls import Account, Who
from huimin_flow.flow import Flow

#: An account without a post.
NOBODY = Account("nobody", Via.PEER)


@dataclass
class Served:
    """A service: ``who`` calls from now on, ``failures`` are what went wrong in it."""

    path: Path
    who: Who | Exception = NOBODY
    failures: list[Exception] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address for ``Flow.open``."""
        return f"unix:{self.path}"

    def caller(self, _: Any) -> Who:
        if isinstance(self.who, Exception):
            raise self.who
        return self.who


@contextmanager
def serving(
    flow: Flow,
    path: Path,
    *,
    seconds: float = acts.SECONDS,
    around: Callable[[Any], Any] = lambda app: app,
) -> Iterator[Served]:
    """Serve a Flow on a socket; ``around`` may wrap the application."""
    served = Served(path)
    app = acts.make(flow, served.caller, failed=served.failures.append, seconds=seconds)
    whole = around(Starlette(routes=[Mount("/api", app)]))
    try:
        with listening(whole, path):
            yield served
    finally:
        path.unlink(missing_ok=True)
