"""The settings of the outbox: where changes are sent, and with which limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from huimin_flow.catalogue.reasons import ConfigCode
from huimin_flow.catalogue.terms import SenderKind, StreamKind
from huimin_flow.model.core.rules import Bounds, Figure
from huimin_flow.model.core.values import value
from huimin_flow.settings.desk import ours, secret_in
from huimin_flow.settings.yaml import Document

#: How the environment variable of a destination's secret begins.
SECRETS: Final = "HUIMIN_OUTBOX_"

#: A destination, a host, and an address of mail, as their standards write them.
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}", re.ASCII)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?", re.ASCII)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)

#: This machine: a rehearsal calls nobody else, production only if it is listed.
_OWN: Final = ("localhost", "127.0.0.0/8", "::1")

#: What each kind of sender needs.
_NEEDS: Final[Mapping[SenderKind, tuple[str, ...]]] = {
    SenderKind.FILE: ("folder",),
    SenderKind.MAIL: ("host", "mail_from", "recipients"),
    SenderKind.WEBHOOK: ("url",),
}


@value
class DestinationSettings:
    """Where some kinds of changes are sent, all kinds if it names none.

    A ``file`` sender writes into ``folder``, a ``webhook`` posts to ``url``, a ``mail``
    sender speaks to ``host`` at ``port``, signs in as ``user`` if one is named, and
    writes as ``mail_from`` to the ``recipients``: addresses by the code of a unit or a
    post. ``plain`` allows a mail server without encryption. A new destination begins
    with the next change, with ``from_start`` with the first one.
    """

    name: str
    sender: SenderKind
    kinds: tuple[StreamKind, ...] = ()
    folder: str = ""
    url: str = ""
    host: str = ""
    port: Annotated[int, Bounds(1, 65_535)] = 587
    plain: bool = False
    user: str = ""
    mail_from: str = ""
    recipients: Mapping[str, str] = field(default_factory=dict)
    secret_file: str | None = None
    from_start: bool = False


@value
class OutboxSettings:
    """Where changes are sent, which ``hosts`` may be called, and the limits.

    ``hosts`` are names of hosts, addresses and networks. An address of the machine
    itself or of a private network is called only if it is named itself. After
    ``attempts`` a delivery that is refused is a dead letter; the pauses between them
    are doubled from ``first_seconds`` to ``most_minutes``. An attempt ends after
    ``timeout_seconds``. A service that does nothing for ``lease_seconds`` is replaced
    by another one.
    """

    destinations: tuple[DestinationSettings, ...] = ()
    hosts: tuple[str, ...] = ()
    attempts: Annotated[Figure, Bounds(1, 100)] = ours(12)
    first_seconds: Annotated[Figure, Bounds(1, 3600)] = ours(5)
    most_minutes: Annotated[Figure, Bounds(1, 24 * 60)] = ours(60)
    timeout_seconds: Annotated[Figure, Bounds(1, 120)] = ours(10)
    lease_seconds: Annotated[Figure, Bounds(1, 3600)] = ours(60)
    keep_days: Annotated[Figure, Bounds(1, 3650)] = ours(90)


def check_outbox(outbox: OutboxSettings, document: Document) -> None:
    """Record what is wrong with the outbox's settings beyond their types."""
    for n, host in enumerate(outbox.hosts):
        if not (_HOST.fullmatch(host) or is_network(host)):
            detail = _HOST.pattern
            document.problem(ConfigCode.UNFIT, "outbox", "hosts", n, detail=detail)
    if outbox.lease_seconds.value < 3 * outbox.timeout_seconds.value:
        code, other = ConfigCode.BEFORE_OTHER, "3 * timeout_seconds"
        document.problem(code, "outbox", "lease_seconds", other=other)
    names = [each.name for each in outbox.destinations]
    for n, each in enumerate(outbox.destinations):
        place = ("outbox", "destinations", n)
        for need in _NEEDS[each.sender]:
            if not getattr(each, need):
                document.problem(ConfigCode.ENTRY_MISSING, *place, name=need)
        texts = {
            "name": (
                each.name,
                _NAME.fullmatch(each.name) and each.name not in names[:n],
                _NAME.pattern,
            ),
            "folder": (each.folder, Path(each.folder).is_absolute(), "/folder"),
            "url": (each.url, _is_url(each.url), "https://host/path"),
            **{
                code: (address, _MAIL.fullmatch(address), _MAIL.pattern)
                for code, address in each.recipients.items()
            },
        }
        for name, (text, fits, detail) in texts.items():
            where = ("recipients", name) if name in each.recipients else (name,)
            if text and not fits:
                document.problem(ConfigCode.UNFIT, *place, *where, detail=detail)
        called = (urlsplit(each.url).hostname or "") if _is_url(each.url) else each.host
        if called and not is_listed(called, (*outbox.hosts, *_OWN)):
            name = "host" if each.host else "url"
            document.problem(ConfigCode.HOST_UNLISTED, *place, name, host=called)


def is_listed(host: str, hosts: Sequence[str]) -> bool:
    """Tell whether a host may be called: by its name, or as one of the addresses."""
    by_name = host.lower() in {each.lower() for each in hosts}
    return by_name or names_itself(host, hosts)


def names_itself(written: str, hosts: Sequence[str]) -> bool:
    """Tell whether an address is one of the listed addresses and networks."""
    try:
        address = plain_address(written)
    except ValueError:
        return False
    for host in hosts:
        with suppress(ValueError, TypeError):
            if address in ip_network(host):
                return True
    return False


def plain_address(written: str) -> IPv4Address | IPv6Address:
    """Return an address; an IPv4 address that is written as one of IPv6 is IPv4."""
    address = ip_address(written.partition("%")[0])
    inner: IPv4Address | None = getattr(address, "ipv4_mapped", None)
    return inner or address


def is_network(written: str) -> bool:
    """Tell whether a text is an address or a network: 10.1.0.0/16."""
    try:
        ip_network(written)
    except ValueError:
        return False
    return True


def _is_url(url: str) -> bool:
    """Tell whether an address of a webhook can be called; it names no account."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and port != 0
        and not (parts.username or parts.password or parts.fragment)
        and url.isascii()
        and url.isprintable()
        and " " not in url
    )


def secret_of(destination: DestinationSettings) -> bytes:
    """Return the secret of a destination: the key of signatures, or a password.

    It stands in HUIMIN_OUTBOX_ and the name in capitals (other signs as _), or in a
    file that only this account can read.

    Raises:
        StoreRefused: if it is missing, too short, or readable by other accounts.

    """
    name = re.sub("[^A-Z0-9]", "_", destination.name.upper())
    least = 32 if destination.sender is SenderKind.WEBHOOK else 1
    return secret_in(f"{SECRETS}{name}", destination.secret_file, least)
