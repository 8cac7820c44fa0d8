"""The application of the desk: every route behind the same guards.

A handler is a plain function of a request; its module exports it in ``ROUTES``. It
runs in one of a few threads, with ``request.state.visitor``, ``request.state.form``
and, on the API, ``request.state.body``. It reads one snapshot, or takes one act.
"""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from functools import partial, wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import anyio
import anyio.to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from huimin_flow.catalogue.reasons import Code, DeskCode, DoorCode
from huimin_flow.catalogue.terms import Via
from huimin_flow.desk import (
    acts,
    bulk,
    meetings,
    mine,
    pages,
    proposals,
    sign,
    work,
)
from huimin_flow.desk.calls import Account, refused
from huimin_flow.desk.core import guard, shelf
from huimin_flow.desk.core.answers import go, policy, refuse, status_of
from huimin_flow.desk.core.state import Desk
from huimin_flow.desk.core.who import speaker_of, visitor_of
from huimin_flow.desk.executing import surveys
from huimin_flow.desk.sensing import gathering, importing, reading, ways
from huimin_flow.errors import (
    HuiminError,
    InputRefused,
    NotFound,
    StepRefused,
    StoreRefused,
)
from huimin_flow.settings.desk import DeskSettings

__all__ = ["Desk", "DeskSettings", "make"]

#: How many requests are worked on at once: each needs a connection of the engine,
#: an act in a trial two, and the pool has twenty.
THREADS: Final = 8

#: The modules whose routes the desk serves.
MODULES: Final = (
    *(sign, reading, importing, surveys, work, bulk, mine),
    *(meetings, proposals, gathering, ways, pages),
)

#: The routes that somebody may call who has no post, or is not signed in.
_OPEN: Final = {sign.PATH, "/sign-in.html", "/link-{link}", "/sign-out"}

Handler = Callable[[Request], Response]


def make(desk: Desk) -> Starlette:
    """Return the application of a desk."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        shelf.sweep()
        yield {"desk": desk}

    writing = anyio.Semaphore(acts.WRITERS)
    known = [route for module in MODULES for route in module.ROUTES]
    pages_of = {each.path: each.endpoint for each in known if "GET" in each.methods}
    routes: list[BaseRoute] = [
        Route(
            route.path,
            _guarded(route.endpoint, route.path, writing, page),
            methods=sorted(route.methods or {"GET"}),
        )
        for route in known
        for page in [pages_of.get(route.path, sign.sign_in)]
    ]
    calls = acts.make(
        desk.flow, partial(_account_of, desk), failed=partial(_journal, desk)
    )
    routes.append(Mount("/api", calls))
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(guard.Guard, desk=desk, policy=policy())],
        exception_handlers={HTTPException: _unrouted},
    )
    app.router.redirect_slashes = False
    app.state.desk = desk
    return app


def _guarded(
    handler: Handler, path: str, writing: anyio.Semaphore, page: Handler
) -> Callable[[Request], Awaitable[Response]]:
    """Return a handler behind the guards, in the order in which they cost.

    ``writing`` has the turns of forms of acts: pages need threads, too. ``page`` shows
    the page of a form again.
    """
    alone = path in _OPEN or path.startswith("/api/")

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        desk: Desk = request.app.state.desk
        try:
            guard.require_head(desk, request)
            await guard.read_body(desk, request)
        except (HTTPException, ClientDisconnect):
            raise
        except Exception as failure:  # noqa: BLE001 - also of a host's function
            return await run_in_threadpool(_failed, request, path, failure)
        try:
            writes = request.method == "POST" and not alone
            async with writing if writes else nullcontext():
                return await run_in_threadpool(_answered, handler, request, path, page)
        finally:
            await request.state.form.close()

    return guarded


def _answered(handler: Handler, request: Request, path: str, page: Handler) -> Response:
    """Return what a handler answers to a visitor who may ask it.

    A form that is too old does nothing; its page shows again what was typed.
    """
    desk: Desk = request.app.state.desk
    sent = request.method == "POST" and not path.startswith("/api/")
    try:
        desk.follow()
        alone = path == sign.PATH
        visitor = visitor_of(desk, request, desk.flow, public=alone)
        request.state.visitor = visitor
        if path.startswith("/api/"):
            guard.require_socket(request, visitor.via)
        elif sent:
            guard.require_own_form(request)
        if path not in _OPEN:
            if visitor.via is not None:
                guard.require_post(visitor)
            if sent and visitor.actor is None:
                return sign.keep(request)
            if visitor.via is None:
                return go("sign-in.html")
        if sent and not guard.has_token(request, visitor):
            request.state.old = StepRefused(DeskCode.FORM_OLD)
            return page(request)
        return handler(request)
    except HTTPException:  # the host's own answer
        raise
    except Exception as error:  # noqa: BLE001 - a visitor gets a sentence, not a trace
        return _failed(request, path, error)


def _failed(request: Request, path: str, failure: Exception) -> Response:
    """Return a refusal as a page, on the API as JSON; log what is none."""
    if isinstance(failure, HuiminError):
        refusal = failure
    else:
        _journal(request.app.state.desk, failure)
        name = type(failure).__name__
        refusal = StoreRefused(DoorCode.UNEXPECTED, error=name, file="-")
    request.state.refused = refusal.code
    if path.startswith("/api/"):
        return refused(refusal, status_of(refusal))
    return refuse(request, refusal)


def _account_of(desk: Desk, request: Request) -> Account:
    """Return the account that calls an act or a question.

    Raises:
        InputRefused: for a head that is too long, or under a foreign name.
        StepRefused: if it does not call on the socket as itself, or has no post.

    """
    guard.require_head(desk, request)
    desk.follow()
    account, via = speaker_of(desk, request)
    request.state.via = via
    guard.require_socket(request, via)
    people = desk.flow.rulebook.active().organization.people
    if not (desk.rehearsal or any(account in post.accounts for post in people)):
        raise StepRefused(Code.ACCOUNT_WITHOUT_POST, account=account)
    return Account(account, Via.PEER)


def _journal(desk: Desk, error: Exception) -> None:
    """Write an unexpected error to the log.

    Neither its text nor its values: both may be personal.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{Path(each.filename).name}:{each.lineno}" for each in frames]
    desk.journal("failed", error=type(error).__name__, where=where)


async def _unrouted(request: Request, failure: Exception) -> Response:
    """Refuse an address or a method that no route has; hand on a host's answer."""
    if isinstance(failure, HTTPException) and failure.status_code not in {404, 405}:
        status, head = failure.status_code, failure.headers
        return PlainTextResponse(str(failure.detail), status, headers=head)
    missing = getattr(failure, "status_code", 404) == HTTPStatus.NOT_FOUND
    refusal: HuiminError = InputRefused(DeskCode.METHOD_UNKNOWN)
    if missing:
        refusal = NotFound(DoorCode.NO_SUCH_PAGE, file=request.url.path[1:81])
    try:
        guard.require_head(request.app.state.desk, request)
    except InputRefused as unfit:
        refusal = unfit
    return await run_in_threadpool(refuse, request, refusal)
