"""Answers of the desk: a page, drawn for its visitor, and a refusal as a page."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, RedirectResponse, Response

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import DeskCode
from huimin_flow.clock import shanghai
from huimin_flow.desk.core.guard import POLICY, is_own_site
from huimin_flow.errors import (
    HuiminError,
    InputRefused,
    ItemMoved,
    NotFound,
    RequestReused,
    StepRefused,
    StoreBusy,
)
from huimin_flow.reports.core import render
from huimin_flow.reports.core.render import Frame, Page

if TYPE_CHECKING:
    from starlette.requests import Request

    from huimin_flow.desk.core.state import Desk

#: The status of each kind of refusal; the first that fits counts.
_STATUS: tuple[tuple[type[HuiminError], int], ...] = (
    (NotFound, 404),
    (ItemMoved, 409),
    (RequestReused, 409),
    (StepRefused, 403),
    (InputRefused, 400),
    (StoreBusy, 503),
)

#: Refusals that have a status of their own.
_OWN_STATUS = {
    DeskCode.NOT_SIGNED_IN: 401,
    DeskCode.NOBODY: 401,
    DeskCode.REQUEST_TOO_LARGE: 413,
    DeskCode.HEAD_TOO_LARGE: 431,
    DeskCode.METHOD_UNKNOWN: 405,
    DeskCode.HOST_UNKNOWN: 421,
}

#: Refusals of a form whose fields were not read: only the browser has what was typed.
_UNREAD = {
    code.value
    for code in (
        DeskCode.REQUEST_TOO_LARGE,
        DeskCode.FIELDS_TOO_MANY,
        DeskCode.FORM_UNREADABLE,
    )
}


@cache
def environment() -> Environment:
    """Return the environment of the desk: its own templates, and those of reports."""
    shared = render.environment()
    own = PackageLoader("huimin_flow.desk")
    made = shared.overlay(loader=ChoiceLoader([own, shared.loader or own]))
    made.filters["as_typed"] = as_typed
    return made


def as_typed(text: str) -> Markup:
    r"""Return what somebody typed for an input, which gives it back sign by sign.

    On a page itself, a sign that nobody sees would be shown as an escape.

    >>> as_typed("甲\u202e<")
    Markup('甲&#8238;&lt;')

    """
    escaped = escape(text)
    if text.isprintable():
        return escaped
    return Markup(  # noqa: S704 - it is escaped already
        "".join(
            sign if sign.isprintable() or sign == "\n" else f"&#{ord(sign)};"
            for sign in escaped
        )
    )


@cache
def policy() -> str:
    """Return what pages may load and do: one style sheet, known by its digest."""
    return POLICY.format(style=render.style_hash())


def answer(request: Request, page: Page, status: int = 200) -> Response:
    """Return a page, drawn for the visitor of a request.

    The visitor's browser gets the cookie to which the tokens of the page belong. If
    another site sent it here, it shows no cookie and gets none, which would replace
    the one that it has. A form that came without its token is refused with its page.
    """
    old: HuiminError | None = getattr(request.state, "old", None)
    if old is not None:
        request.state.refused = old.code
        status = status_of(old) if status == HTTPStatus.OK else status
    desk: Desk = request.app.state.desk
    visitor = getattr(request.state, "visitor", None)
    at = shanghai(desk.flow.moment())
    mine = [("todo.html", say("我的待办")), ("proposals.html", say("待复核"))]
    signed_in = visitor is not None and visitor.via is not None
    frame = Frame(
        rehearsal=desk.rehearsal,
        files=None,
        visitor=visitor,
        made=at,
        more=mine if signed_in else (),
    )
    response = HTMLResponse(render.draw(page, frame, environment()), status)
    kept = request.cookies.get(desk.cookie)
    if visitor is not None and visitor.cookie != kept and is_own_site(request):
        give_cookie(request, response, visitor.cookie)
    return response


def give_cookie(request: Request, response: Response, cookie: str) -> None:
    """Make a browser keep an id until it ends; only this desk ever gets it."""
    response.set_cookie(
        request.app.state.desk.cookie,
        cookie,
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.headers.get("x-forwarded-proto") == "https",
    )


def go(file: str) -> Response:
    """Return the answer that leads a browser to another page of this desk."""
    return RedirectResponse(f"/{file}", 303)


def status_of(refusal: HuiminError) -> int:
    """Return the HTTP status of a refusal."""
    own = {code.value: status for code, status in _OWN_STATUS.items()}
    if refusal.code in own:
        return own[refusal.code]
    return next((status for kind, status in _STATUS if isinstance(refusal, kind)), 500)


def refuse(request: Request, refusal: HuiminError) -> Response:
    """Return a refusal as a page, with its sentences and its way out."""
    status = status_of(refusal)
    request.state.refused = refusal.code
    page = Page(
        file="refused.html",
        template="refused.html.j2",
        title=say("没有办理") if request.method == "POST" else say("不能显示"),
        values={
            "refusal": str(refusal),
            "remedy": refusal.remedy,
            "unread": refusal.code in _UNREAD and request.method == "POST",
        },
    )
    return answer(request, page, status)
