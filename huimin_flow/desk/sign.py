"""The pages that need no post: signing in by a one-time link, and a receipt (A7).

The number of a receipt is sent in a form, so that it stands in no address, log or
history. There is neither a person nor a text on its page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from huimin_flow.catalogue.language import say, say_list, say_note
from huimin_flow.catalogue.reasons import Code, DeskCode
from huimin_flow.catalogue.terms import Via
from huimin_flow.desk.calls import as_json
from huimin_flow.desk.core.answers import answer, give_cookie, go, status_of
from huimin_flow.desk.core.who import browser_of
from huimin_flow.desk.forms.acting import title_of
from huimin_flow.desk.forms.form import in_words
from huimin_flow.desk.forms.inputs import as_sent
from huimin_flow.errors import NotFound, StepRefused
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.sensing.answers import receipt_lines

if TYPE_CHECKING:
    from huimin_flow.desk.core.state import Desk
    from huimin_flow.desk.core.who import Visitor
    from huimin_flow.errors import HuiminError

#: The address of the page, which needs no post.
PATH: Final = "/receipt.html"

#: The command that fetches a link.
_COMMAND = "huimin desk link"

#: What a form sends besides what was typed, or of the page that it was on.
_PRESSED = frozenset({"token", "do", "sure", "add", "remove"})


def sign_in(request: Request) -> Response:
    """Show who is signed in with their posts, or how to sign in."""
    desk: Desk = request.app.state.desk
    visitor: Visitor = request.state.visitor
    names = desk.flow.rulebook.active().organization.names
    kept = str(request.state.form.get("person", ""))
    chosen = kept or (visitor.actor.id if visitor.actor else "")
    posts = [
        (
            post.id,
            say_note(
                say_list([*(role.spoken for role in sorted(post.roles)), post.id]),
                names.get(post.unit, post.unit),
            ),
            post.id == chosen,
        )
        for post in visitor.posts
    ]
    command = "" if visitor.via else _COMMAND
    return answer(
        request,
        _page(request, command=command, account=visitor.account, posts=posts),
        401 if command else 200,
    )


def _page(request: Request, **values: object) -> Page:
    old: HuiminError | None = getattr(request.state, "old", None)
    top = [] if old is None else [in_words(old)]
    empty = {"command": "", "posts": [], "link": "", "top": top}
    return Page(
        file="sign-in.html",
        template="sign-in.html.j2",
        title=say("登录与岗位"),
        values={**empty, **values},
    )


def keep(request: Request) -> Response:
    """Show what a visitor typed who is signed in no more, or has chosen no post.

    It is on this page only; its form brings it back once they have signed in. Nothing
    that the desk stores is shown, since anybody may send this.
    """
    refusal = StepRefused(DeskCode.NOT_SIGNED_IN)
    request.state.refused = refusal.code
    sent = request.state.form.multi_items()
    texts = {
        name: text
        for name, text in sent
        if isinstance(text, str) and name not in _PRESSED
    }
    act = request.path_params.get("act", "")
    page = Page(
        file="kept.html",
        template="kept.html.j2",
        title=title_of(act) if act else str(refusal),
        values={
            "refusal": str(refusal),
            "command": "" if request.state.visitor.via else _COMMAND,
            "typed": list(as_sent(act, texts)) if act else [],
            "kept": list(texts.items()),
            "files": any(not isinstance(text, str) for _, text in sent),
        },
    )
    return answer(request, page, status_of(refusal))


def choose(request: Request) -> Response:
    """Act as another post from now on, under a new session id.

    Raises:
        StepRefused: for a post that is not the visitor's.

    """
    desk: Desk = request.app.state.desk
    visitor: Visitor = request.state.visitor
    person = str(request.state.form.get("person", ""))
    if visitor.via is None:
        raise StepRefused(DeskCode.NOT_SIGNED_IN)
    if person not in {post.id for post in visitor.posts}:
        code = Code.NOT_YOUR_POST
        raise StepRefused(code, account=visitor.account, person=person[:80])
    choose = desk.sessions.choose
    return _led(request, choose(visitor.cookie, visitor.account, visitor.via, person))


def show_link(request: Request) -> Response:
    """Show whom a link signs in; only the form below it uses the link.

    Raises:
        StepRefused: for a link that was used, or is too old.

    """
    desk: Desk = request.app.state.desk
    token = request.path_params["link"]
    account = desk.sessions.linked(token)
    if account is None:
        raise StepRefused(DeskCode.LINK_VOID)
    return answer(request, _page(request, account=account, link=token))


def use_link(request: Request) -> Response:
    """Sign a browser in as the account that fetched a link, under a new session id.

    Raises:
        StepRefused: for a link that was used or is too old, and on the socket, where
            the kernel has said already who speaks.

    """
    desk: Desk = request.app.state.desk
    visitor: Visitor = request.state.visitor
    if visitor.via not in {None, Via.LINK, Via.REHEARSAL}:
        raise StepRefused(DeskCode.LINK_VOID)
    account = desk.sessions.use_link(request.path_params["link"])
    if account is None:
        raise StepRefused(DeskCode.LINK_VOID)
    desk.sessions.end(visitor.cookie)
    uid = browser_of(desk, request)
    return _led(request, desk.sessions.begin(account, Via.LINK, None, uid))


def sign_out(request: Request) -> Response:
    """End the session of a browser."""
    desk: Desk = request.app.state.desk
    desk.sessions.end(request.state.visitor.cookie)
    response = go("sign-in.html")
    response.delete_cookie(desk.cookie, path="/", httponly=True, samesite="strict")
    return response


def fetch_link(request: Request) -> Response:
    """Give the account at the other end of the socket a new one-time link."""
    desk: Desk = request.app.state.desk
    token = desk.sessions.open_link(request.state.visitor.account)
    minutes = desk.settings.link_minutes.value
    return as_json({"link": f"{desk.address}link-{token}", "minutes": minutes})


def sign_out_all(request: Request) -> Response:
    """End every session and link of the account at the other end of the socket."""
    desk: Desk = request.app.state.desk
    ended = desk.sessions.end_all(request.state.visitor.account)
    return as_json({"ended": ended})


def _led(request: Request, cookie: str) -> Response:
    response = go("index.html")
    give_cookie(request, response, cookie)
    return response


def receipt(request: Request) -> Response:
    """Show the form for a number, and what a number that was sent leads to."""
    desk: Desk = request.app.state.desk
    number, status = str(request.state.form.get("number", "")), 200
    old = getattr(request.state, "old", None)
    top, lines = [] if old is None else [in_words(old)], []
    if number and old is None:
        with desk.flow.snapshot() as now:
            try:
                found = now.appeals.receipt(number)
            except NotFound as refusal:
                top, status = [in_words(refusal)], status_of(refusal)
            else:
                names = now.rulebook.active().organization.names
                lines = [
                    (say(label), str(value))
                    for label, value in receipt_lines(found, names)
                ]
    page = Page(
        file=PATH[1:],
        template="receipt.html.j2",
        title=say("诉求回执查询"),
        values={"top": top, "number": number[:100], "lines": lines},
    )
    return answer(request, page, status)


ROUTES = (
    Route(PATH, receipt, methods=["GET"]),
    Route(PATH, receipt, methods=["POST"]),
    Route("/sign-in.html", sign_in, methods=["GET"]),
    Route("/sign-in.html", choose, methods=["POST"]),
    Route("/link-{link}", show_link, methods=["GET"]),
    Route("/link-{link}", use_link, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/api/link", fetch_link, methods=["POST"]),
    Route("/api/sign-out-all", sign_out_all, methods=["POST"]),
)
