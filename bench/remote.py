"""One call behind the service, beside the library and beside a bare web application.

Client and service share this process, so the CPU of a call is that of both. The bare
application answers a small JSON object over the same kind of socket, server and
client: what HTTP itself costs.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from bench import worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from huimin_flow.catalogue.terms import Step
from huimin_flow.desk import acts
from huimin_flow.flow import Flow
from huimin_flow.flow import remote as client
from huimin_flow.flow.wire import SIGN
from huimin_flow.model.core.organization import Actor

#: The most CPU milliseconds that one question or act may take, both sides together.
BOUNDS = {"get": 5, "amend": 5}


@contextmanager
def listening(app: Starlette, path: Path) -> Iterator[None]:
    """Serve an application on a socket, in a thread."""
    config = uvicorn.Config(
        app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as own:
        own.bind(str(path))
        own.listen(16)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [own]})
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()


def bare(_: Request) -> Response:
    """Answer nothing much, from a thread as ours does."""
    return JSONResponse({"answer": 1}, headers={SIGN: "1"})


def get(flow: Flow, number: str, by: Actor) -> None:
    """Ask for an item."""
    del by
    flow.items.get(number)


def amend(flow: Flow, number: str, by: Actor) -> None:
    """Correct an item's title."""
    flow.items.amend(number, worlds.title(0), by=by)


def snapshot(flow: Flow, number: str, by: Actor) -> None:
    """Ask five questions of one moment."""
    with flow.snapshot() as now:
        for _ in range(5):
            now.items.possible(number, by, Step.CLOSE)


WAYS = {"get": get, "amend": amend, "snapshot": snapshot}


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of questions and acts."""
    calls, path = size.pick(50, 2), folder / "desk.sock"
    with ExitStack() as stack:
        stack.enter_context(worlds.journal("MEMORY", "OFF"))
        near = stack.enter_context(worlds.founded(folder / "remote.db"))
        by = near.people.actor(worlds.BY)
        number = near.items.collect(worlds.demand(1), by=by).number
        ours = Mount("/api", acts.make(near, lambda _: by, failed=print))
        other = Route("/bare", bare, methods=["POST"])
        stack.enter_context(listening(Starlette(routes=[other, ours]), path))
        far = stack.enter_context(Flow.open(f"unix:{path}"))
        line = stack.enter_context(closing(client.Line(str(path))))

        def repeat(flow: Flow, do: Callable[..., None], _: int) -> None:
            for _ in range(calls):
                do(flow, number, by)

        def echo(_: int) -> None:
            for _ in range(calls):
                line.call("/bare", b"{}")

        variants = [
            Variant(f"{name} {where}", partial(repeat, flow, do), calls)
            for name, do in WAYS.items()
            for where, flow in (("near", near), ("far", far))
        ]
        samples = turns([Variant("bare call", echo, calls), *variants], size.blocks)

    def beside(name: str) -> list[Line]:
        title, ours = f"{name} behind the service", f"{name} far"
        spent = [sample.cpu * 1000 for sample in samples[ours]]
        return [
            compare(title, samples, ours, f"{name} near", kind="ours", by="CPU"),
            compare(title, samples, ours, "bare call", by="CPU"),
            figure(title, spent, "ms", by="CPU", bound=BOUNDS.get(name)),
        ]

    return [line for name in WAYS for line in beside(name)]


if __name__ == "__main__":
    run(measure)
