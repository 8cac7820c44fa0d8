"""A browser without a network: it asks the desk's application, and fills its forms."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from huimin_flow.catalogue.terms import Via
from huimin_flow.clock import FollowingClock
from huimin_flow.desk.app import make
from huimin_flow.desk.core.state import Desk
from huimin_flow.settings import load_settings
from huimin_flow.testing import Desk as Engine
from tests.conftest import CONFIG
from tests.desk.aside import ran

PORT = 8023
_BLANKS = re.compile(r"\s+")


class _Form(HTMLParser):
    """The fields of a page's form that sends itself by POST, as a browser has them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.buttons: list[tuple[str, str]] = []
        self.links: list[str] = []
        self._area = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        kind = told.get("type", "text")
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        elif tag == "input" and kind in {"radio", "checkbox"}:
            self.choices.setdefault(name, []).append(told["value"])
            if "checked" in told:
                self.fields[name] = told["value"]
        elif tag == "input" and kind != "file":
            self.fields[name] = told.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.choices.setdefault(self._select, []).append(told["value"])
            if "selected" in told or self._select not in self.fields:
                self.fields[self._select] = told["value"]
        elif tag == "button" and name:
            self.buttons.append((name, told.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


@dataclass
class Shown:
    """A page as it came back."""

    file: str
    status: int
    headers: dict[str, str]
    html: str

    @cached_property
    def form(self) -> _Form:
        return _Form(self.html)

    @property
    def text(self) -> str:
        """What one reads of it."""
        body = re.sub(r"<(style|head|datalist).*?</\1>", "", self.html, flags=re.DOTALL)
        return _BLANKS.sub(" ", unescape(re.sub(r"<[^>]*>", " ", body)))

    def refused(self) -> list[str]:
        """The refusals on the page, each by the id of its place."""
        return re.findall(r'id="([^"]*)\.refusal"', self.html)

    def codes(self) -> set[str]:
        """The codes of all reasons on the page."""
        named = re.findall(r'data-codes="([^"]*)"', self.html)
        return {code for codes in named for code in codes.split()}


@dataclass
class Browser:
    """A browser with a cookie."""

    app: Any
    port: int
    cookie: str = ""
    token: str = ""
    head: dict[bytes, bytes] = field(default_factory=dict)

    def send(self, method: str, file: str, body: bytes = b"", kind: str = "") -> Shown:
        path, _, query = file.partition("?")
        name = f"huimin-{self.port}".encode()
        headers = [(b"host", b"127.0.0.1"), (b"content-length", b"%d" % len(body))]
        headers += [(b"content-type", kind.encode())] if kind else []
        headers += [(b"cookie", name + b"=" + self.cookie.encode())]
        headers += self.head.items()
        scope = {
            "type": "http", "method": method, "path": f"/{path}", "headers": headers,
            "raw_path": f"/{path}".encode(), "query_string": query.encode(),
            "scheme": "http", "server": ("127.0.0.1", self.port), "state": {},
            "client": ("127.0.0.1", 9), "http_version": "1.1", "root_path": "",
        }  # fmt: skip
        got: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def answer(message: Any) -> None:
            got.append(message)

        ran(self.app(scope, receive, answer))
        told = {key.decode(): value.decode() for key, value in got[0]["headers"]}
        if cookie := re.match(r"[^=]+=([^;]*)", told.get("set-cookie", "")):
            self.cookie = cookie[1].strip('"')
        html = b"".join(part.get("body", b"") for part in got[1:]).decode()
        if token := re.search(r'name="token" value="([0-9a-f]+)"', html):
            self.token = token[1]
        if got[0]["status"] == 303:
            return self.get(told["location"].removeprefix("/"))
        return Shown(file, got[0]["status"], told, html)

    def get(self, file: str) -> Shown:
        return self.send("GET", file)

    def post(self, file: str, fields: dict[str, str]) -> Shown:
        body = urlencode({"token": self.token, **fields}).encode()
        return self.send("POST", file, body, "application/x-www-form-urlencoded")

    def upload(
        self, file: str, fields: dict[str, str], name: str, called: str, content: bytes
    ) -> Shown:
        parts = io.BytesIO()
        for key, text in {"token": self.token, **fields}.items():
            head = f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'
            parts.write(f"{head}{text}\r\n".encode())
        head = f'Content-Disposition: form-data; name="{name}"; filename="{called}"'
        parts.write(f"--x\r\n{head}\r\n\r\n".encode() + content + b"\r\n--x--\r\n")
        kind = "multipart/form-data; boundary=x"
        return self.send("POST", file, parts.getvalue(), kind)

    def press(self, page: Shown, button: str, **fields: str) -> Shown:
        """Press a button of a page's form, with some fields filled in.

        Two underscores in a name stand for a point.
        """
        name, _, value = button.partition("=")
        filled = {key.replace("__", "."): text for key, text in fields.items()}
        return self.post(page.file, {**page.form.fields, **filled, name: value})

    def act(self, file: str, **fields: str) -> Shown:
        """Open a form, fill it in, preview it and do it."""
        ahead = self.press(self.get(file), "do=preview", **fields)
        if ahead.status != 200:
            return ahead
        sure = {"sure": "yes"} if "sure" in ahead.form.choices else {}
        return self.press(ahead, "do=done", **sure)


@dataclass
class Served:
    """A desk on a rehearsal, in this process."""

    engine: Engine
    app: Any
    log: io.StringIO = field(default_factory=io.StringIO)

    def browser(self, post: str | None = None) -> Browser:
        """A new browser, acting as a post."""
        browser = Browser(self.app, PORT)
        if post is not None:
            sessions = self.app.state.desk.sessions
            browser.cookie = sessions.begin("", Via.REHEARSAL, post)
            browser.token = sessions.token_of(browser.cookie, "")
        return browser


@contextmanager
def serving(engine: Engine) -> Iterator[Served]:
    """Serve the database of a test's engine."""
    log = io.StringIO()
    made = Desk(
        flow=engine.flow,
        settings=load_settings(CONFIG).desk,
        log=log,
        clock=FollowingClock(engine.clock.now()),
        port=PORT,
    )
    yield Served(engine, make(made), log)
