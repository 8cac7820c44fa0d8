"""The settings of the desk: where it listens, who it trusts, and its limits."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Final

from huimin_flow.catalogue.reasons import ConfigCode, DeskCode
from huimin_flow.errors import StoreRefused, why_not
from huimin_flow.model.core.rules import Bounds, Figure
from huimin_flow.model.core.values import value
from huimin_flow.settings.yaml import Document

#: The environment variable for the secret that the proxy shows.
PROXY_VARIABLE: Final = "HUIMIN_PROXY_SECRET"

#: The least length of that secret, in characters: 128 bits in hexadecimal.
_LEAST_SECRET: Final = 32

#: An account, a host and a header, as their standards write them.
_ACCOUNT = re.compile(r"[a-z_][a-z0-9_.-]{0,31}", re.ASCII)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?", re.ASCII)
_HEADER = re.compile(r"X-[A-Za-z0-9-]{1,60}", re.ASCII)

Port = Annotated[int, Bounds(0, 65_535)]
Minutes = Annotated[Figure, Bounds(1, 24 * 60)]
Seconds = Annotated[Figure, Bounds(1, 600)]


def ours(number: int) -> Figure:
    """Return a figure that the notice doesn't give."""
    return Figure(value=number, source="ours")


@value
class DeskSettings:
    """Where the desk listens, whom it trusts, and what it bears.

    ``socket`` is the path of its unix socket; None means that only loopback is
    served. ``port`` is on 127.0.0.1; 0 is any free port. ``hosts`` are the names by
    which browsers may call it, besides localhost. ``service_account`` owns the
    database and runs the unattended services. ``proxy_account`` may name visitors in
    ``proxy_header``, if it shows the secret that ``secret_file`` contains.
    """

    socket: str | None = None
    port: Port = 8023
    hosts: tuple[str, ...] = ()
    service_account: str | None = None
    proxy_account: str | None = None
    proxy_header: str = "X-Remote-User"
    secret_file: str | None = None
    link_minutes: Minutes = ours(5)
    idle_minutes: Minutes = ours(30)
    session_minutes: Minutes = ours(600)
    connections: Annotated[Figure, Bounds(10, 10_000)] = ours(200)
    head_kilobytes: Annotated[Figure, Bounds(4, 64)] = ours(16)
    body_megabytes: Annotated[Figure, Bounds(1, 200)] = ours(72)
    form_megabytes: Annotated[Figure, Bounds(1, 50)] = ours(8)
    fields: Annotated[Figure, Bounds(100, 10_000)] = ours(4000)
    files: Annotated[Figure, Bounds(1, 100)] = ours(10)
    header_seconds: Seconds = ours(10)
    body_seconds: Seconds = ours(60)
    answer_seconds: Seconds = ours(60)


def check_desk(desk: DeskSettings, document: Document) -> None:
    """Record what is wrong with the desk's settings beyond their types."""
    for name, pattern in (
        ("service_account", _ACCOUNT),
        ("proxy_account", _ACCOUNT),
        ("proxy_header", _HEADER),
    ):
        text = getattr(desk, name)
        if text is not None and not pattern.fullmatch(text):
            document.problem(ConfigCode.UNFIT, "desk", name, detail=pattern.pattern)
    wrong = [n for n, host in enumerate(desk.hosts) if not _HOST.fullmatch(host)]
    for n in wrong:
        code, detail = ConfigCode.UNFIT, _HOST.pattern
        document.problem(code, "desk", "hosts", n, detail=detail)
    if desk.socket is not None and not Path(desk.socket).is_absolute():
        document.problem(DeskCode.PATH_RELATIVE, "desk", "socket")
    if desk.proxy_account is not None:
        if desk.socket is None:  # the kernel names a proxy on the socket only
            document.problem(ConfigCode.ENTRY_MISSING, "desk", name="socket")
        if desk.proxy_account == desk.service_account:
            document.problem(DeskCode.PROXY_IS_SERVICE, "desk", "proxy_account")
    if desk.idle_minutes.value > desk.session_minutes.value:
        code, other = ConfigCode.BEFORE_OTHER, "idle_minutes"
        document.problem(code, "desk", "session_minutes", other=other)


def secret_of(desk: DeskSettings) -> bytes | None:
    """Return the secret that the proxy shows, None without a proxy.

    It stands in HUIMIN_PROXY_SECRET, or in a file that only this account can read.

    Raises:
        StoreRefused: if it is missing, too short, or readable by other accounts.

    """
    if desk.proxy_account is None:
        return None
    return secret_in(PROXY_VARIABLE, desk.secret_file, _LEAST_SECRET)


def secret_in(variable: str, path: str | None, least: int) -> bytes:
    """Return the secret of a variable, or of a file that only this account can read.

    Raises:
        StoreRefused: if it is missing, shorter than ``least``, or readable by other
            accounts.

    """
    secret = os.environ.get(variable, "")
    if not secret and path is not None:
        file = Path(path)
        try:
            if file.stat().st_mode & 0o077:
                raise StoreRefused(DeskCode.KEY_OPEN, file=str(file))
            secret = file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as failure:
            why = why_not(failure) if isinstance(failure, OSError) else failure.reason
            code = DeskCode.KEY_UNREADABLE
            raise StoreRefused(code, file=str(file), why=why) from None
    if len(secret) < least:
        raise StoreRefused(DeskCode.KEY_SHORT, least=least, variable=variable)
    return secret.encode()
