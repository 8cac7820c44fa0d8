"""Changes as signed requests: POST of one JSON object to a host of the settings."""

from __future__ import annotations

import hashlib
import hmac
import socket
import ssl
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import urlsplit

from huimin_flow.catalogue.terms import Fault
from huimin_flow.exchange.core.senders import Parcel, Sender, SendFailed
from huimin_flow.exchange.core.senders.address import Address, allowed, within

#: What a receiver checks: the key of the change, the second at which it was sent, and
#: the signature over second and body.
KEY: Final = "Huimin-Key"
TIME: Final = "Huimin-Timestamp"
SIGNATURE: Final = "Huimin-Signature"

#: How much of an answer is read; nothing of it is used.
_MOST: Final = 64 * 1024

#: The answers of a receiver that can't take anything now.
_BUSY: Final = frozenset({408, 429, 502, 503, 504})


class _Pinned(HTTPConnection):
    """A connection to an address that was checked, with TLS for the host's name."""

    def __init__(
        self,
        host: str,
        address: Address,
        seconds: float,
        context: ssl.SSLContext | None,
        opened: list[socket.socket],
    ) -> None:
        """Store where it goes; nothing is connected yet."""
        super().__init__(host, address.port, timeout=seconds)
        self._address, self._context, self._opened = address, context, opened
        if context is not None:
            self.default_port = 443

    def connect(self) -> None:
        """Connect to the address, and to no other one."""
        where = (self._address.ip, self._address.port)
        plain = socket.create_connection(where, self.timeout)
        self._opened.append(plain)
        self.sock = plain
        if self._context is not None:
            self.sock = self._context.wrap_socket(plain, server_hostname=self.host)
            self._opened.append(self.sock)


def signature_of(secret: bytes, second: str, body: bytes) -> str:
    """Return what the header with the signature has.

    >>> signature_of(b"k", "1", b"{}")[:20]
    'v1=3dd49b2593d0f9a34'

    """
    made = hmac.new(secret, second.encode() + b"." + body, hashlib.sha256)
    return f"v1={made.hexdigest()}"


def to_url(
    url: str,
    secret: Callable[[], bytes],
    hosts: Sequence[str],
    seconds: float,
    *,
    context: ssl.SSLContext | None = None,
) -> Sender:
    """Return the sender that posts to an address.

    No redirection is followed and no proxy used. Only an answer 2xx is success. 408,
    429, 502, 503 and 504 say nothing of what was sent.
    Without TLS only an address is called that the settings name itself. ``context``
    is how certificates are checked, by default as the machine does.
    """
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"

    def send(parcel: Parcel) -> None:
        address = allowed(host, port, hosts)
        if not (secure or address.named):
            raise SendFailed(Fault.INSECURE)
        checking = (context or ssl.create_default_context()) if secure else None
        second = str(int(parcel.at.timestamp()))
        headers = {
            "Content-Type": "application/json",
            KEY: parcel.key,
            TIME: second,
            SIGNATURE: signature_of(secret(), second, parcel.body),
            "Connection": "close",
        }
        with within(seconds) as opened:
            connection = _Pinned(host, address, seconds, checking, opened)
            try:
                connection.request("POST", target, parcel.body, headers)
                answer = connection.getresponse()
                status = answer.status
                answer.read(_MOST)
            except HTTPException:
                raise SendFailed(Fault.REFUSED) from None
            finally:
                connection.close()
        if 300 <= status < 400:
            raise SendFailed(Fault.REDIRECTED)
        if status in _BUSY:
            raise SendFailed(Fault.BUSY)
        if not 200 <= status < 300:
            raise SendFailed(Fault.REFUSED)

    return send
