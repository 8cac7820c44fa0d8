"""What holds for every request: hosts, headers, sizes, tokens of forms.

A body is read here, before any thread or transaction is used for it, so that a slow
or endless one costs neither.
"""

from __future__ import annotations

import hmac
import time
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from huimin_flow.catalogue.reasons import Code, DeskCode
from huimin_flow.catalogue.terms import Via
from huimin_flow.desk.core.state import Desk
from huimin_flow.desk.core.who import is_stranger
from huimin_flow.errors import InputRefused, StepRefused

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from huimin_flow.desk.core.who import Visitor

_MEGABYTE = 1024 * 1024

#: The types of bodies that a form may have.
_TYPED, _UPLOADED = "application/x-www-form-urlencoded", "multipart/form-data"

#: The type of the API's bodies.
_JSON = "application/json"

#: The methods that the log names; a visitor may write any.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

#: Headers that browsers send with a form, and no program of ours.
_BROWSERS = frozenset({"origin", "referer", "sec-fetch-site"})

#: What a site says of itself that is the desk itself, or a person at the address bar.
_OWN_SITES = {"same-origin", "none"}

#: Headers of every answer. A referrer stays on the desk: without any, a browser would
#: not say either from where a form comes.
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

#: What a page may load and do; ``style`` is the hash of the one stylesheet.
POLICY = (
    "default-src 'none'; style-src '{style}'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Guard:
    """The outermost part of the desk: it adds headers, and logs every answer."""

    def __init__(self, app: ASGIApp, *, desk: Desk, policy: str) -> None:
        """Guard an application; ``policy`` is for answers that bring none."""
        self._app, self._desk = app, desk
        self._headers = (*HEADERS, (b"content-security-policy", policy.encode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own: list[tuple[bytes, bytes]] = list(message.get("headers", []))
                named = {name.lower() for name, _ in own}
                own += [pair for pair in self._headers if pair[0] not in named]
                message = {**message, "headers": own}
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            self._desk.journal("left")
        finally:
            took = round((time.monotonic() - began) * 1000)
            self._log(scope, status, took)

    def _log(self, scope: MutableMapping[str, Any], status: int, took: int) -> None:
        """Log a request without its address: that may name a token or a person."""
        route, state = scope.get("route"), scope.get("state", {})
        visitor: Visitor | None = state.get("visitor")
        known = state.get("via") if visitor is None else visitor.via
        via = None if known is None else known.value
        more = {"refused": state["refused"]} if "refused" in state else {}
        self._desk.journal(
            "request",
            method=scope["method"] if scope["method"] in _METHODS else "",
            route=getattr(route, "path", ""),
            status=status,
            ms=took,
            via=via,
            **more,
        )


def require_head(desk: Desk, request: Request) -> None:
    """Refuse a request whose head is too long, or under a name that is not the desk's.

    Otherwise a foreign site could call it through a name that it lets point here.

    Raises:
        InputRefused: for such a head or name, several names, or none.

    """
    most, scope = desk.settings.head_kilobytes.value, request.scope
    parts = [scope["raw_path"], scope["query_string"], *chain(*scope["headers"])]
    if sum(map(len, parts)) > most << 10:
        raise InputRefused(DeskCode.HEAD_TOO_LARGE, most=most)
    hosts = request.headers.getlist("host")
    try:
        name = urlsplit(f"//{hosts[0]}").hostname if len(hosts) == 1 else None
    except ValueError:
        name = None
    if name not in desk.hosts:
        raise InputRefused(DeskCode.HOST_UNKNOWN)


async def read_body(desk: Desk, request: Request) -> None:
    """Read a request's body, and store it in its state: ``form`` or, of JSON, ``body``.

    Raises:
        InputRefused: if it is larger than the limits, or no form.
        ClientDisconnect: if the client leaves before its end.

    """
    limits = desk.settings
    kind = _kind(request)
    request.state.form, request.state.body = FormData(), b""
    most = limits.body_megabytes.value
    if kind != _UPLOADED:
        most = min(most, limits.form_megabytes.value)
    # A host's function may wait for its database.
    if await run_in_threadpool(is_stranger, desk, request):
        most = 1  # has no form but that of a link
    if kind == _UPLOADED:
        request.state.form = await _uploaded(request, desk, most)
        return
    body = b"".join([part async for part in _bounded(request, most)])
    if kind == _TYPED:
        request.state.form = _typed(body, limits.fields.value)
    elif kind == _JSON:
        request.state.body = body
    elif body:
        raise InputRefused(DeskCode.FORM_UNREADABLE)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _bounded(request: Request, most: int) -> Any:
    """Yield the parts of a body of at most ``most`` megabytes."""
    size, declared = 0, request.headers.get("content-length", "0")
    refusal = InputRefused(DeskCode.REQUEST_TOO_LARGE, most=most)
    if not declared.isdecimal() or int(declared[:20]) > most * _MEGABYTE:
        raise refusal
    async for part in request.stream():
        size += len(part)
        if size > most * _MEGABYTE:
            raise refusal
        yield part


def _typed(body: bytes, most: int) -> FormData:
    """Return the fields of a form that has no file.

    Raises:
        InputRefused: if there are too many, or one is not UTF-8.

    """
    if body.count(b"&") >= most:
        raise InputRefused(DeskCode.FIELDS_TOO_MANY, most=most)
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        raise InputRefused(DeskCode.FORM_UNREADABLE) from None
    return FormData([*pairs])


async def _uploaded(request: Request, desk: Desk, most: int) -> FormData:
    """Return the fields and files of a form with files.

    Raises:
        InputRefused: if there are too many, or they can't be read.

    """
    limits = desk.settings
    parts = _bounded(request, most)
    parser = MultiPartParser(
        request.headers,
        parts,
        max_files=limits.files.value,
        max_fields=limits.fields.value,
        max_part_size=limits.form_megabytes.value * _MEGABYTE,
    )
    try:
        return await parser.parse()
    except MultiPartException as failure:
        for what, limit in (("fields", limits.fields), ("files", limits.files)):
            if failure.message.startswith(f"Too many {what}"):
                code = DeskCode.FIELDS_TOO_MANY
                raise InputRefused(code, most=limit.value) from None
        if failure.message.startswith("Part exceeded"):
            most = limits.form_megabytes.value
            raise InputRefused(DeskCode.REQUEST_TOO_LARGE, most=most) from None
        raise InputRefused(DeskCode.FORM_UNREADABLE) from None
    except (KeyError, ValueError):  # no boundary, or an unknown encoding
        raise InputRefused(DeskCode.FORM_UNREADABLE) from None


def is_own_site(request: Request) -> bool:
    """Tell whether no other site made a browser send a request, as far as it says."""
    return request.headers.get("sec-fetch-site", "none") in _OWN_SITES


def require_own_form(request: Request) -> None:
    """Refuse a form if the browser names the origin or site of another one.

    Raises:
        StepRefused: for such a form.

    """
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    foreign = origin is not None and origin.partition("://")[2].lower() != host.lower()
    if foreign or not is_own_site(request):
        raise StepRefused(DeskCode.FORM_FOREIGN)


def has_token(request: Request, visitor: Visitor) -> bool:
    """Tell whether a form shows the token of the browser's cookie.

    Without it nothing is done: the form comes again, with what was typed.
    """
    shown = request.state.form.getlist("token")
    token = shown[0] if len(shown) == 1 and isinstance(shown[0], str) else ""
    return hmac.compare_digest(token.encode(), visitor.token.encode())


def require_socket(request: Request, via: Via | None) -> None:
    """Refuse a call of the API from anybody but an account on the socket.

    A browser is refused even there: a foreign site could make it send a form through
    somebody's tunnel to the socket.

    Raises:
        StepRefused: for such a call.

    """
    if via is not Via.PEER or not _BROWSERS.isdisjoint(request.headers):
        raise StepRefused(DeskCode.ONLY_ON_SOCKET)


def require_post(visitor: Visitor) -> None:
    """Refuse an account without a post: it may read nothing either.

    Raises:
        StepRefused: for such an account.

    """
    if not visitor.posts:
        raise StepRefused(Code.ACCOUNT_WITHOUT_POST, account=visitor.account)
