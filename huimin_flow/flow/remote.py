"""A Flow whose database is behind a service: its acts and questions go over a socket.

The service (``huimin desk``) owns the database; the kernel tells it which account
calls. Here nothing is decided: the answers have the same values, and the refusals the
same classes and reasons, as if the database had been opened.

1. Every act has a request id. If the connection breaks, the act is sent once more with
   the same id: the service does it only once.
2. A snapshot and a trial are a session: one streamed request, for which the service
   keeps one transaction, for a few seconds.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from http.client import BadStatusLine, HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, Concatenate, Final, NoReturn, ParamSpec, Self, TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from huimin_flow.catalogue.language import in_english
from huimin_flow.catalogue.reasons import DeskCode, StoreCode
from huimin_flow.clock import Clock, SystemClock
from huimin_flow.errors import StoreRefused
from huimin_flow.flow import wire
from huimin_flow.flow.core.door import Door
from huimin_flow.flow.core.requests import Attempt, Performed
from huimin_flow.flow.core.work import Work, clock_of
from huimin_flow.flow.methods import name_of
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.rulebook import Rulebook

P = ParamSpec("P")
R = TypeVar("R")

#: How an address begins that names a socket.
SCHEME: Final = "unix:"

#: How long an answer may take, in seconds: an act waits for others that write.
_PATIENCE: Final = 120.0


class _Local(HTTPConnection):
    """A connection to a unix socket."""

    def __init__(self, path: str) -> None:
        """Store the path of the socket."""
        super().__init__("localhost", timeout=_PATIENCE)
        self._path = path

    def connect(self) -> None:
        """Connect.

        Raises:
            StoreRefused: if nothing answers there, or the account may not connect.

        """
        own = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        own.settimeout(self.timeout)
        try:
            own.connect(self._path)
        except OSError as failure:
            own.close()
            denied = isinstance(failure, PermissionError)
            code = DeskCode.SOCKET_DENIED if denied else DeskCode.NOT_RUNNING
            raise StoreRefused(code, path=self._path) from None
        self.sock = own


class Line:
    """The way to one service: its connections are used again, by any thread."""

    def __init__(self, path: str) -> None:
        """Store the path of the socket; nothing is connected yet."""
        self.path = path
        self._idle: list[_Local] = []
        self.closed = False

    def call(self, target: str, body: bytes | None, *, request: str = "") -> Any:
        """Return the plain answer to a request, after a second try if it got lost.

        ``request`` is the id under which an act is done once.

        Raises:
            HuiminError: as the service refuses.
            StoreRefused: if there is no answer, or another server answers.

        """
        verb = "GET" if body is None else "POST"
        for attempt in range(2):
            try:
                connection = self._idle.pop() if self._idle else self.connect()
            except StoreRefused:
                if attempt and request:
                    break  # the first one may have done the act
                raise
            try:
                connection.request(verb, target, body, _headers())
                response = connection.getresponse()
                text = response.read()
            except (OSError, HTTPException) as failure:
                connection.close()
                if isinstance(failure, TimeoutError):
                    break  # a second try would wait as long
                if isinstance(failure, BadStatusLine) and not isinstance(
                    failure, OSError
                ):
                    raise StoreRefused(DeskCode.OTHER_SERVER, path=self.path) from None
                continue
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)
            return self.answered(response, text)
        raise StoreRefused(DeskCode.ANSWER_LOST, path=self.path, request=request or "-")

    def connect(self) -> _Local:
        """Return a new connection.

        Raises:
            StoreRefused: if the door was closed.

        """
        if self.closed:
            raise StoreRefused(StoreCode.CLOSED)
        return _Local(self.path)

    def answered(self, response: HTTPResponse, text: bytes) -> Any:
        """Return what a service answered, from its text.

        Raises:
            HuiminError: if it is a refusal.
            StoreRefused: if another server answered.

        """
        try:
            plain = json.loads(text)
            if response.getheader(wire.SIGN) is None or not isinstance(plain, dict):
                raise StoreRefused(DeskCode.OTHER_SERVER, path=self.path)
            refusal = wire.refusal_of(plain) if "error" in plain else None
        except (ValueError, KeyError):
            raise StoreRefused(DeskCode.OTHER_SERVER, path=self.path) from None
        if refusal is not None:
            raise refusal
        return plain

    def close(self) -> None:
        """Close all idle connections; later calls are refused."""
        self.closed = True
        while self._idle:
            self._idle.pop().close()


def _headers() -> dict[str, str]:
    language = "en" if in_english() else "zh"
    return {"Content-Type": "application/json", "Accept-Language": language}


class Session:
    """One streamed request: a line for each call, a line for each answer."""

    def __init__(self, line: Line, kind: str, now: str | None) -> None:
        """Begin a session of a kind: ``snapshot`` or ``trial``.

        Raises:
            HuiminError: as the service refuses.

        """
        self._line, self.ended = line, False
        self._connection = line.connect()
        target = f"/api/sessions/{kind}" + ("" if now is None else f"?now={quote(now)}")
        try:
            self._connection.putrequest("POST", target)
            for name, value in {**_headers(), "Transfer-Encoding": "chunked"}.items():
                self._connection.putheader(name, value)
            self._connection.endheaders()
            self._socket = self._connection.sock
            self._response = self._connection.getresponse()
            first = self._next()
        except BaseException:
            self.close()
            raise
        self.moment = datetime.fromisoformat(first["moment"])

    def call(self, name: str, body: bytes) -> Any:
        """Return the plain answer to a call.

        Raises:
            HuiminError: as the service refuses.
            StoreRefused: if the session has ended.

        """
        if self.ended:
            raise StoreRefused(StoreCode.SNAPSHOT_ENDED)
        said = name.encode() + b" " + body + b"\n"
        with suppress(OSError):  # if the service has ended it, its last line says why
            self._socket.sendall(b"%x\r\n%b\r\n" % (len(said), said))
        return self._next()

    def _next(self) -> Any:
        try:
            text = self._response.readline()
        except (OSError, HTTPException):
            text = b""
        if not text.strip():
            raise StoreRefused(DeskCode.ANSWER_LOST, path=self._line.path, request="-")
        return self._line.answered(self._response, text)

    def close(self) -> None:
        """End the session; the service ends its transaction."""
        self.ended = True
        self._connection.close()


@dataclass(kw_only=True)
class RemoteDoor(Door):
    """A door to a service, for the methods of ``owner``, a class of Flow.

    ``session`` is set in a snapshot and in a trial. ``moves`` says that the clock is
    one of a rehearsal, which the service must follow. With ``read_only`` every act is
    refused here. ``account`` is who the caller is, as the service knows.
    """

    owner: type
    line: Line
    account: str
    session: Session | None = None
    moves: bool = False
    read_only: bool = False

    @classmethod
    def to(
        cls, owner: type, url: str, *, clock: Clock | None, read_only: bool = False
    ) -> Self:
        """Open the way to the service at an address: ``unix:/run/huimin/desk.sock``.

        Raises:
            StoreRefused: if no service of ours answers there.

        """
        line = Line(str(Path(url.removeprefix(SCHEME))))
        try:
            known = line.call("/api/", None)
            purpose = "rehearsal" if known["rehearsal"] else "production"
            own = clock_of(purpose, clock)
        except BaseException:
            line.close()
            raise
        return cls(
            owner=owner,
            line=line,
            account=known["account"],
            purpose=purpose,
            clock=own,
            moves=not isinstance(clock, SystemClock | None),
            read_only=read_only,
        )

    @classmethod
    def found(cls, url: str, book: Rulebook, **more: Any) -> Self:
        """Refuse to create a database behind a service."""
        del url, book, more
        raise StoreRefused(DeskCode.NOT_BY_SERVICE)

    @contextmanager
    def tried(self) -> Iterator[Self]:
        """Yield a door whose acts the service does in one transaction and undoes."""
        if self.session is not None:
            self._only_by_service()
        beyond = self._only_by_service
        with ExitStack() as ending, self._session("trial") as session:
            yield replace(
                self,
                session=session,
                attempt=Attempt(beyond, beyond, ending),
                keys=None,
                acts=Performed(),
            )

    @contextmanager
    def snapshot(self) -> Iterator[Self]:
        """Yield a door whose questions the service answers from one moment."""
        if self.session is not None:
            yield self
            return
        with self._session("snapshot") as session:
            yield replace(self, session=session)

    def _session(self, kind: str) -> closing[Session]:
        return closing(Session(self.line, kind, self._moment()))

    def close(self) -> None:
        """Close the connections for good."""
        self.line.close()

    def moment(self, now: datetime | None) -> datetime:
        """Return the present moment: that of the session, or of the service."""
        if now is None and self.session is not None:
            return self.session.moment
        if now is None and self.purpose == "rehearsal" and not self.moves:
            return datetime.fromisoformat(self.line.call("/api/", None)["moment"])
        return super().moment(now)

    def ask(
        self,
        function: Callable[Concatenate[Work, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Return the service's answer to a question."""
        name, call = self._call(function, args, kwargs)
        if self.session is not None:
            plain = self.session.call(name, _text(call))
        else:
            plain = self.line.call(f"/api/questions/{name}", _text(call))
        answer: R = self._read(function, plain)
        return answer

    def perform(
        self,
        function: Callable[Concatenate[Work, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Let the service do an act, or try it; a lost answer is asked for again."""
        name, call = self._call(function, args, kwargs)
        if self.read_only:
            raise StoreRefused(StoreCode.READ_ONLY)
        if self.session is not None:
            plain = self.session.call(name, _text(call))
            if self.attempt is not None:
                events = from_plain(tuple[Event, ...], plain["events"])
                self.attempt.events += events
            tried: R = self._read(function, plain)
            return tried
        key = self.request if self.keys is None else next(self.keys)
        key = key or self.clock.token(16).hex()
        self.acts.begun = True
        text = _text({**call, "request": key})
        plain = self.line.call(f"/api/acts/{name}", text, request=key)
        self.acts.done += 1
        self.acts.begun = False
        answer: R = self._read(function, plain)
        return answer

    def settle(self) -> None:
        """Do nothing: the service numbers its own events."""

    def read(self, question: Callable[[Any], R]) -> R:
        """Refuse a question of the store: it needs the database itself."""
        del question
        self._only_by_service()

    @property
    def own(self) -> NoReturn:
        """Refuse what needs the engine of the database."""
        self._only_by_service()

    def _only_by_service(self) -> NoReturn:
        raise StoreRefused(DeskCode.NOT_BY_SERVICE)

    def _call(
        self, function: Callable[..., Any], args: Any, kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the name of a method and its call as a plain value."""
        name = name_of(self.owner, function)
        if name is None:
            self._only_by_service()
        call, moment = wire.plain_call(function, args, kwargs), self._moment()
        if moment is not None and self.session is None:
            call["now"] = moment
        return name, call

    def _moment(self) -> str | None:
        return self.clock.now().isoformat() if self.moves else None

    def _read(self, function: Callable[..., Any], plain: Any) -> Any:
        try:
            return wire.answer_of(function, plain["answer"])
        except (ValidationError, KeyError, ValueError):
            code = DeskCode.OTHER_VERSION
            raise StoreRefused(code, path=self.line.path) from None


def _text(call: dict[str, Any]) -> bytes:
    return json.dumps(call, ensure_ascii=False).encode()
