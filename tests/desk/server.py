"""A desk as a process, and browsers that keep cookies and send what they are told."""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from huimin_flow.store.sensing.keys import KEY_VARIABLE
from tests.programs import Program


def configured(config: Path, into: Path, **settings: str) -> Path:
    """Copy the config, with other settings of the desk."""
    shutil.copytree(config, into)
    file = into / "huimin.yaml"
    text = file.read_text(encoding="utf-8")
    for name, value in settings.items():
        text = re.sub(rf"\n  (# )?{name}: .*", "", text)
        text += f"  {name}: {value}\n"
    file.write_text(text, encoding="utf-8")
    return into


def known(uid: int) -> str:
    """Return the name of an account that every Linux has."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        pytest.skip(f"this machine knows no account {uid}")


def figure(number: int) -> str:
    return f"{{value: {number}, source: ours}}"


@dataclass
class Served:
    """A running desk."""

    process: subprocess.Popen[str]
    address: str
    log: Path
    path: Path | None = None

    @property
    def port(self) -> int:
        return int(self.address.split(":")[2].split("/")[0])

    def browser(self) -> Browser:
        return Browser(port=self.port)

    def client(self) -> Browser:
        """Return a browser on the socket, of who calls this."""
        assert self.path is not None
        return Browser(port=self.port, path=self.path)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        return self.process.wait(timeout=60)


@contextmanager
def served(
    url: str,
    config: Path,
    folder: Path,
    *words: str,
    path: Path | None = None,
    mask: int = -1,
    **variables: str,
) -> Iterator[Served]:
    """Run ``huimin desk`` until the end of the block, where it must end well."""
    # A database that a test founded itself has the master key that the tests share.
    own = os.environ.get(KEY_VARIABLE)
    master = {} if own is None else {KEY_VARIABLE: own}
    log = folder / "desk.log"
    named = [] if path is None else ["--socket", str(path)]
    with log.open("w") as lines:
        process = Program(
            ["desk", "--db", url, "--config", str(config), "--port", "0", *named, *words],
            stdout=lines, stderr=subprocess.PIPE, umask=mask,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8",
                 "XDG_STATE_HOME": str(folder), "TZ": "UTC", **master, **variables},
        )  # fmt: skip
    assert process.stderr is not None
    with process:
        said = process.stderr.readline()
        if "http" not in said:
            raise AssertionError(said + process.stderr.read())
        address = "http" + said.split("http", 1)[1].strip()
        running = Served(process, address, log, path)
        try:
            yield running
        finally:
            if process.poll() is None:
                running.stop()
    assert process.returncode == 0


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    text: str

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def header(self) -> Mapping[str, str]:
        return {key.lower(): value for key, value in self.headers}


@dataclass
class Browser:
    """A browser: it keeps cookies, and the token of the last form that it saw."""

    port: int
    path: Path | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def opened(self) -> HTTPConnection:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        if self.path is not None:
            connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.sock.settimeout(60)
            connection.sock.connect(str(self.path))
        else:
            connection.connect()
        return connection

    def send(self, method: str, file: str, body: bytes = b"", **headers: str) -> Answer:
        """Send a request; underscores of header names stand for hyphens."""
        head = {name.replace("_", "-"): value for name, value in headers.items()}
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head |= {"Cookie": cookies} if cookies and "Cookie" not in head else {}
        connection = self.opened()
        try:
            connection.request(method, f"/{file}", body or None, head)
            response = connection.getresponse()
            text = response.read().decode()
            answer = Answer(response.status, response.getheaders(), text)
        finally:
            connection.close()
        for cookie in answer.all("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        if shown := re.search(r'name="token" value="([0-9a-f]+)"', answer.text):
            self.token = shown[1]
        return answer

    def get(self, file: str, **headers: str) -> Answer:
        return self.send("GET", file, b"", **headers)

    def post(
        self, file: str, head: dict[str, str] | None = None, /, **fields: str
    ) -> Answer:
        """Send a form with the token of the last page, unless it has its own."""
        body = urlencode({"token": self.token, **fields}).encode()
        kind = "application/x-www-form-urlencoded"
        return self.send("POST", file, body, Content_Type=kind, **(head or {}))

    def call(self, file: str, **headers: str) -> Answer:
        kind = "application/json"
        return self.send("POST", file, b"{}", Content_Type=kind, **headers)
