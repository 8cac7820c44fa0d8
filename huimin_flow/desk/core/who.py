"""Who visits: the account, how it is known, the posts it may act as, the chosen one.

1. The kernel says which account speaks on the socket.
2. Only the proxy's account may name another one, with the shared secret. It has no
   post itself. The same header from anybody else is refused.
3. On loopback only a session says who speaks; it began with a one-time link.
4. In a host, a function of the host says it, and nothing else.
5. In a rehearsal everybody chooses any post, and every event says so.
"""

from __future__ import annotations

import hmac
import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huimin_flow.catalogue.reasons import Code, DeskCode
from huimin_flow.catalogue.terms import Via
from huimin_flow.desk.core.peer import uid_at
from huimin_flow.desk.core.sessions import Session, new_id
from huimin_flow.desk.core.state import Desk, account_of
from huimin_flow.errors import StepRefused, StoreRefused

if TYPE_CHECKING:
    from starlette.requests import Request

    from huimin_flow.flow import Questions
    from huimin_flow.model.core.organization import Actor, Person

#: The header with the secret of the proxy.
SECRET_HEADER = "X-Huimin-Secret"  # noqa: S105 - its name, not its value

#: The ids of cookies that a desk gives.
_COOKIE = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who asks: ``actor`` is the post they act as, None before they have chosen one.

    ``account`` is "" for somebody who is not signed in, and on the loopback address
    of a rehearsal. ``via`` is how the account is known, None if nobody is signed in.
    ``posts`` are those that the visitor may choose. ``cookie`` is the id that the
    browser keeps: that of a session or, before one, any; ``token`` belongs to it, and
    every form must show it.
    """

    account: str
    via: Via | None
    posts: tuple[Person, ...]
    actor: Actor | None
    cookie: str
    token: str


def visitor_of(
    desk: Desk, request: Request, now: Questions, *, public: bool = False
) -> Visitor:
    """Return who sends a request; of a ``public`` page the proxy may name nobody.

    Raises:
        StepRefused: for an identity header from anybody but the proxy, for a proxy
            without its secret or without a visitor, and for an account that the
            machine doesn't know.

    """
    cookie = request.cookies.get(desk.cookie, "")
    session = desk.sessions.find(cookie) if _COOKIE.fullmatch(cookie) else None
    if session is not None and session.uid != browser_of(desk, request, session.via):
        session = None  # a browser shows its cookie to every port of this machine
    if not _COOKIE.fullmatch(cookie):
        cookie = new_id()
    account, via = speaker_of(desk, request, public=public)
    if via is None and session is not None and session.via in {Via.LINK, Via.REHEARSAL}:
        account, via = session.account, session.via
    elif via is None and desk.rehearsal:
        via = Via.REHEARSAL
    if session is not None and (session.account, session.via) != (account, via):
        session = None  # another account's cookie, which can't be this visitor's
    organization = now.rulebook.active().organization
    posts = tuple(
        person
        for person in organization.people
        if via is not None and (desk.rehearsal or account in person.accounts)
    )
    person = _chosen(session, posts, alone=not desk.rehearsal)
    actor = None
    if via is not None and person is not None:
        actor = now.people.identify(account, person, via)
    return Visitor(
        account=account,
        via=via,
        posts=posts,
        actor=actor,
        cookie=cookie,
        token=desk.sessions.token_of(cookie, account),
    )


def browser_of(desk: Desk, request: Request, via: Via = Via.LINK) -> int | None:
    """Return the account of the process that a linked session is bound to."""
    return uid_at(request.scope.get("client"), desk.port) if via is Via.LINK else None


def is_stranger(desk: Desk, request: Request) -> bool:
    """Tell whether a browser on loopback is not signed in; in a rehearsal none must."""
    if desk.identity is not None:
        return not _named_by_host(desk.identity(request))
    if desk.rehearsal or request.scope.get("state", {}).get("uid") is not None:
        return False
    cookie = request.cookies.get(desk.cookie, "")
    return desk.sessions.find(cookie) is None


def _named_by_host(given: object) -> str:
    """Return the account that a host's function names, "" for nobody.

    Raises:
        StoreRefused: if it returns no name; a coroutine is true, and nobody's.

    """
    if given is None or isinstance(given, str):
        return given or ""
    if inspect.iscoroutine(given):
        given.close()
    raise StoreRefused(DeskCode.IDENTITY_UNFIT, kind=type(given).__name__)


def _chosen(
    session: Session | None, posts: tuple[Person, ...], *, alone: bool
) -> str | None:
    """Return the post that a session has chosen, or the only one of an account."""
    ids = [post.id for post in posts]
    if session is not None and session.person in ids:
        return session.person
    return ids[0] if alone and len(ids) == 1 else None


def speaker_of(
    desk: Desk, request: Request, *, public: bool = False
) -> tuple[str, Via | None]:
    """Return the account that a connection itself proves, "" and None over TCP.

    It is none of a visitor of a ``public`` page whom the proxy doesn't name. Where a
    host says who speaks, nothing else does.
    """
    if desk.identity is not None:
        account = _named_by_host(desk.identity(request))
        return account, Via.HOST if account else None
    settings, uid = desk.settings, request.scope.get("state", {}).get("uid")
    named = request.headers.getlist(settings.proxy_header)
    secrets = request.headers.getlist(SECRET_HEADER)
    account = "" if uid is None else account_of(uid)
    if uid is None or account != settings.proxy_account:
        if named or secrets:
            raise StepRefused(DeskCode.IDENTITY_FORGED, header=settings.proxy_header)
        if uid is not None and not account:
            raise StepRefused(DeskCode.ACCOUNT_UNKNOWN, account=uid)
        return account, None if uid is None else Via.PEER
    shown = secrets[0].encode() if len(secrets) == 1 else b""
    if desk.secret is None or not hmac.compare_digest(shown, desk.secret):
        raise StepRefused(DeskCode.KEY_WRONG)
    if public and not named:
        return "", None
    if len(named) != 1 or not named[0].strip():
        raise StepRefused(DeskCode.PROXY_NAMES_NOBODY, header=settings.proxy_header)
    if named[0].strip() == settings.proxy_account:
        raise StepRefused(Code.ACCOUNT_WITHOUT_POST, account=settings.proxy_account)
    return named[0].strip(), Via.PROXY
