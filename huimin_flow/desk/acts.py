"""The JSON application of acts and questions, each called by its ``noun.verb``.

1. Who acts is the account that ``identity`` knows; ``by`` only chooses among its posts.
2. Arguments are what ``fields.schema`` describes. A refusal is answered with its
   reasons, and with a status by its kind. No trace leaves.
3. A body is read before a thread or a transaction is used for it, up to its limit.
4. A session is one streamed request: one snapshot, or one trial of several acts. It
   ends with its connection, or after ``SECONDS``.

Any ASGI host may mount it: it needs a Flow, and a function that says who calls.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from huimin_flow.catalogue.reasons import DeskCode, DoorCode, InputCode
from huimin_flow.desk.calls import (
    JSON,
    WITH_FILE,
    Account,
    Who,
    answer,
    as_json,
    at,
    bounded,
    function_of,
    known_by,
    line,
    refused,
    speaking_of,
)
from huimin_flow.desk.core.openapi import HOST, document
from huimin_flow.errors import HuiminError, InputRefused, StoreBusy, StoreRefused
from huimin_flow.flow import Flow, Questions, wire
from huimin_flow.flow.core.acts import Kind
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import to_plain

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["Account", "Who", "make"]

#: How long a session lasts at most, and how long one waits for its turn, in seconds.
SECONDS: Final = 10.0
WAIT: Final = 5.0

#: How many sessions are open at once, and of one caller.
SESSIONS: Final = 6
SESSIONS_EACH: Final = 3


#: How many acts at once wait for their turn to write, each in a thread: others are left
#: for questions, and to end the trial for which they wait.
WRITERS: Final = 3


def make(
    flow: Flow,
    identity: Callable[[Request], Who],
    *,
    failed: Callable[[Exception], None],
    seconds: float = SECONDS,
) -> Starlette:
    """Return the application.

    ``identity`` says who sent a request, or raises a refusal or an ``HTTPException``
    that becomes the answer; it runs in a thread. If it returns None, nobody does, and
    the answer is 401.
    ``failed`` gets an error that is no refusal, for the log: the caller is only told
    that there was one. A session lasts up to ``seconds``.
    """
    api = _Api(flow, identity, failed, seconds)
    app = Starlette(
        routes=[
            Route("/", api.hello),
            Route("/openapi.json", api.openapi),
            Route("/schema/{name}", api.schema),
            Route("/acts/{name}", api.act, methods=["POST"]),
            Route("/questions/{name}", api.question, methods=["POST"]),
            Route("/sessions/{kind}", api.session, methods=["POST"]),
        ],
        exception_handlers={HTTPException: api.unrouted},
    )
    app.router.redirect_slashes = False
    return app


@dataclass(frozen=True)
class _Api:
    """The handlers of one application."""

    flow: Flow
    identity: Callable[[Request], Who]
    failed: Callable[[Exception], None]
    seconds: float
    turns: anyio.Semaphore = field(default_factory=lambda: anyio.Semaphore(SESSIONS))
    held: Counter[str] = field(default_factory=Counter)
    writing: anyio.Semaphore = field(default_factory=lambda: anyio.Semaphore(WRITERS))

    async def hello(self, request: Request) -> Response:
        """Answer what a client must know: the purpose, the moment, and who it is."""

        def known() -> dict[str, Any]:
            who = self.who(request)
            return {
                "rehearsal": self.flow.rehearsal,
                "moment": to_plain(self.flow.moment()),
                "account": who.name if isinstance(who, Account) else who.id,
            }

        return await self._answered(request, known)

    async def schema(self, request: Request) -> Response:
        """Answer the JSON Schema of the arguments of an act or a question."""
        name = request.path_params["name"]

        def schema() -> dict[str, Any]:
            self.who(request)
            return dict(self.flow.fields.schema(name))

        return await self._answered(request, schema)

    async def openapi(self, request: Request) -> Response:
        """Answer the OpenAPI document, with the place where this is mounted."""

        def openapi() -> dict[str, Any]:
            self.who(request)
            return document(request.scope.get("root_path", ""))

        return await self._answered(request, openapi)

    async def act(self, request: Request) -> Response:
        """Do an act, or try it."""
        return await self._called(request, Kind.ACT)

    async def question(self, request: Request) -> Response:
        """Answer a question."""
        return await self._called(request, Kind.QUESTION)

    async def session(self, request: Request) -> Response:
        """Open a session: each line of the request is a call, each has its answer."""
        return _Session(self, request)

    async def unrouted(self, request: Request, failure: Exception) -> Response:
        """Refuse an address or a method that no route has; hand on a host's answer."""
        status = failure.status_code if isinstance(failure, HTTPException) else 404
        if isinstance(failure, HTTPException) and status not in {404, 405}:
            handed = as_json(_said_by_host(failure.detail), status)
            handed.headers.update(failure.headers or {})
            return handed
        place = showable(request.url.path[:80])
        return refused(InputRefused(InputCode.ACT_UNKNOWN, act=place), status)

    async def _called(self, request: Request, kind: Kind) -> Response:
        name = request.path_params["name"]
        with speaking_of(request):
            try:  # a stranger's body takes no memory
                who = await run_in_threadpool(self.who, request)
                body = b"".join([part async for part in bounded(request, name)])
            except HuiminError as refusal:
                return refused(refusal)

        def answered() -> dict[str, Any]:
            call = wire.call_of(name, function_of(name, kind), body)
            flow = at(self.flow, call.now)
            if call.dry and kind is Kind.ACT:
                with flow.dry() as trial:
                    return answer(who, trial, name, call)
            now = flow if call.request is None else flow.once(call.request)
            return answer(who, now, name, call)

        async with self.writing if kind is Kind.ACT else nullcontext():
            return await self._answered(request, answered)

    def who(self, request: Request) -> Who:
        """Return who sent a request.

        Raises:
            HuiminError: if nobody may; for an error that is none, as unexpected.
            HTTPException: as the host's function answers.

        """
        try:
            return known_by(self.identity(request))
        except HTTPException:
            raise
        except Exception as failure:  # noqa: BLE001 - no trace leaves
            refusal = self.refusal(failure)
            for reason in refusal.reasons[:1]:  # for the host's log
                request.state.refused = reason.code
            raise refusal from None

    async def _answered(
        self, request: Request, answered: Callable[[], dict[str, Any]]
    ) -> Response:
        def whole() -> Response:
            with speaking_of(request):
                try:
                    return as_json(answered())
                except HTTPException:  # the host's own answer
                    raise
                except Exception as failure:  # noqa: BLE001 - no trace leaves
                    refusal = self.refusal(failure)
                    for reason in refusal.reasons[:1]:  # for the host's log
                        request.state.refused = reason.code
                    return refused(refusal)

        return await run_in_threadpool(whole)

    def refusal(self, failure: Exception) -> HuiminError:
        """Return a failure as a refusal; report one that is none."""
        if isinstance(failure, HuiminError):
            return failure
        self.failed(failure)
        return StoreRefused(DoorCode.UNEXPECTED, error=type(failure).__name__, file="-")


def _said_by_host(detail: Any) -> dict[str, Any]:
    """Return what a host answers itself in the shape of a refusal without reasons."""
    try:
        message = detail if isinstance(detail, str) else json.dumps(detail)
    except (TypeError, ValueError):
        message = type(detail).__name__
    known = {"error": HOST, "code": "", "message": message, "remedy": ""}
    return {**known, "reasons": [], "earliest": None}


class _Session(Response):
    """A streamed answer: one moment, or one trial, for the calls of one request."""

    def __init__(self, api: _Api, request: Request) -> None:
        """Store the request, whose lines are the calls."""
        super().__init__(None, 200, {wire.SIGN: "1"}, JSON)
        del self.headers["content-length"]
        self._api, self._request = api, request
        self._stack = ExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer each call until the client ends, or its time does."""
        api, taken = self._api, False
        with speaking_of(self._request):
            try:
                who = await run_in_threadpool(api.who, self._request)
            except HuiminError as refusal:
                await refused(refusal)(scope, receive, send)
                return
        name = who.name if isinstance(who, Account) else who.id
        api.held[name] += 1
        try:
            if api.held[name] <= SESSIONS_EACH:
                with anyio.move_on_after(WAIT):
                    await api.turns.acquire()
                    taken = True
            if not taken:
                busy = refused(StoreBusy(DeskCode.SESSIONS_FULL))
                await busy(scope, receive, send)
                return
            with suppress(ClientDisconnect):
                await self._hold(who, send)
        finally:
            api.held[name] -= 1
            if taken:
                api.turns.release()

    async def _hold(self, who: Who, send: Send) -> None:
        """Hold one moment or trial for the calls of a client."""
        start = {"type": "http.response.start", "status": 200}
        await send({**start, "headers": self.raw_headers})

        async def say(body: bytes, *, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": body, "more_body": more})

        last: HuiminError | None = None
        with anyio.move_on_after(self._api.seconds) as time:
            try:
                trial = self._request.path_params["kind"] == "trial"
                async with self._api.writing if trial else nullcontext():
                    now = await run_in_threadpool(self._open)
                await say(line({"moment": to_plain(now.moment())}))
                async for name, body in _calls(self._request):
                    await say(
                        await run_in_threadpool(self._answered, now, who, name, body)
                    )
            except ClientDisconnect:
                raise
            except Exception as failure:  # noqa: BLE001 - no trace leaves
                last = self._api.refusal(failure)
            finally:
                with anyio.CancelScope(shield=True):
                    await run_in_threadpool(self._stack.close)
        if time.cancelled_caught:
            last = StoreRefused(DeskCode.SESSION_OVER, seconds=int(self._api.seconds))
        with anyio.move_on_after(1):  # its client may read nothing any more
            end = b"" if last is None else line(wire.plain_refusal(last))
            await say(end, more=False)

    def _open(self) -> Questions:
        request, text = self._request, self._request.query_params.get("now")
        try:
            moment = None if text is None else datetime.fromisoformat(text)
            flow = at(self._api.flow, moment)
        except ValueError:
            raise InputRefused(InputCode.NO_CALL, path="now") from None
        kind = request.path_params["kind"]
        if kind == "trial":
            return self._stack.enter_context(flow.dry())
        if kind == "snapshot":
            return self._stack.enter_context(flow.snapshot())
        raise InputRefused(InputCode.ACT_UNKNOWN, act=showable(kind[:80]))

    def _answered(self, now: Questions, who: Who, name: str, body: bytes) -> bytes:
        """Return the answer to a call of the session, or its refusal."""
        kinds = [Kind.QUESTION, *([Kind.ACT] if isinstance(now, Flow) else [])]
        with speaking_of(self._request):
            try:
                call = wire.call_of(name, function_of(name, *kinds), body)
                return line(answer(who, now, name, call))
            except Exception as failure:  # noqa: BLE001 - no trace leaves
                return line(wire.plain_refusal(self._api.refusal(failure)))


async def _calls(request: Request) -> AsyncIterator[tuple[str, bytes]]:
    """Yield name and JSON text of each call: a line each, parted by a blank."""
    read = bytearray()
    async for part in bounded(request, WITH_FILE):
        read += part
        if b"\n" in part:
            *lines, read = read.split(b"\n")
            for each in lines:
                name, _, body = bytes(each).partition(b" ")
                yield name.decode(errors="replace"), body
