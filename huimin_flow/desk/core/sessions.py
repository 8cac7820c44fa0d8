"""Who is signed in: sessions of browsers and one-time links, in memory only.

A restart ends them all. Their ids are 256 unguessable bits; a session stores the
account that it belongs to, and for how long.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from threading import Lock

from huimin_flow.catalogue.terms import Via
from huimin_flow.clock import SystemClock

#: How many sessions an account has at most; a new one ends its oldest.
_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Session:
    """A browser that is signed in: its account, how that is known, and its post.

    ``begun`` and ``seen`` are seconds of a clock that never goes back. ``uid`` is the
    account of the browser's process on loopback, None if the kernel doesn't tell it.
    """

    account: str
    via: Via
    person: str | None
    begun: float
    seen: float
    uid: int | None = None


@dataclass(kw_only=True)
class Sessions:
    """The sessions and the open links of a desk; several threads may use them.

    ``idle`` is how long a session may rest, ``whole`` how long it may last, ``link``
    how long a link stays open: all in seconds.
    """

    idle: float
    whole: float
    link: float
    now: Callable[[], float] = time.monotonic
    _sessions: dict[str, Session] = field(default_factory=dict)
    _links: dict[str, tuple[str, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _key: bytes = field(default_factory=lambda: SystemClock().token(32))

    def begin(
        self, account: str, via: Via, person: str | None, uid: int | None = None
    ) -> str:
        """Return the id of a new session."""
        session_id, now = new_id(), self.now()
        begun = Session(
            account=account, via=via, person=person, begun=now, seen=now, uid=uid
        )
        with self._lock:
            self._drop_ended(now)
            own = [
                key for key, each in self._sessions.items() if each.account == account
            ]
            if len(own) >= _MOST:
                del self._sessions[own[0]]  # they are in the order of their begin
            self._sessions[session_id] = begun
        return session_id

    def find(self, session_id: str) -> Session | None:
        """Return a session that has not ended; it rests from now on."""
        now = self.now()
        with self._lock:
            session = self._sessions.get(session_id)
            if session is None:
                return None
            if self._has_ended(session, now):
                del self._sessions[session_id]
                return None
            session = self._sessions[session_id] = replace(session, seen=now)
        return session

    def choose(self, session_id: str, account: str, via: Via, person: str) -> str:
        """Return the new id of an account's session, with a chosen post.

        The old id is void, and the session lasts as long as it would have. Without a
        session, or with somebody else's, the account begins one.
        """
        session = self.find(session_id)
        if session is None or (session.account, session.via) != (account, via):
            return self.begin(account, via, person)
        renewed = new_id()
        with self._lock:
            self._sessions.pop(session_id, None)
            self._sessions[renewed] = replace(session, person=person)
        return renewed

    def end(self, session_id: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(session_id, None)

    def end_all(self, account: str) -> int:
        """End every session and link of an account; return how many sessions."""
        with self._lock:
            own = [
                key for key, each in self._sessions.items() if each.account == account
            ]
            for session_id in own:
                del self._sessions[session_id]
            self._links = {
                key: link for key, link in self._links.items() if link[0] != account
            }
        return len(own)

    def open_link(self, account: str) -> str:
        """Return the token of a new link; an earlier one of the account is void."""
        token = new_id()
        with self._lock:
            self._links = {
                key: link for key, link in self._links.items() if link[0] != account
            }
            self._links[_digest(token)] = account, self.now() + self.link
        return token

    def linked(self, token: str) -> str | None:
        """Return the account of an open link, and leave it open."""
        with self._lock:
            return self._linked(token)

    def use_link(self, token: str) -> str | None:
        """Return the account of an open link, and close it: nobody uses it again."""
        with self._lock:
            account = self._linked(token)
            self._links.pop(_digest(token), None)
        return account

    def token_of(self, cookie: str, account: str) -> str:
        """Return the token of the forms of a browser that shows a cookie.

        It can't be made without this desk's key. It is bound to the account.
        """
        about = f"{cookie}\n{account}".encode()
        return hmac.new(self._key, about, sha256).hexdigest()

    def _linked(self, token: str) -> str | None:
        account, until = self._links.get(_digest(token), (None, 0.0))
        return account if self.now() < until else None

    def _has_ended(self, session: Session, now: float) -> bool:
        rested, lasted = now - session.seen, now - session.begun
        return rested >= self.idle or lasted >= self.whole

    def _drop_ended(self, now: float) -> None:
        ended = [
            key for key, each in self._sessions.items() if self._has_ended(each, now)
        ]
        for session_id in ended:
            del self._sessions[session_id]


def new_id() -> str:
    """Return 256 unguessable bits as text."""
    return SystemClock().token(32).hex()


def _digest(token: str) -> str:
    """Return what is stored of a link, so that no look-up compares the token."""
    return sha256(token.encode()).hexdigest()
