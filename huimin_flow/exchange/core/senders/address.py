"""Which hosts are called: those that the settings list, at an address that was checked.

A host's name is resolved once, and the address that was checked is the one that is
called: a name that means another address a moment later gains nothing.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import IPv6Address
from typing import NamedTuple

from huimin_flow.catalogue.terms import Fault
from huimin_flow.exchange.core.senders import SendFailed
from huimin_flow.settings.outbox import is_listed, names_itself, plain_address


class Address(NamedTuple):
    """An address that may be called; ``named`` if the settings name it itself."""

    ip: str
    port: int
    named: bool


def allowed(host: str, port: int, hosts: Sequence[str]) -> Address:
    """Return the address of a host that may be called.

    Each address of the name must be public, or be named itself: what answers first
    would decide otherwise.

    Raises:
        SendFailed: if the host is not listed, if it is unknown, or if one of its
            addresses is of this machine, of a private network or reserved.

    """
    if not is_listed(host, hosts):
        raise SendFailed(Fault.UNLISTED)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise SendFailed(Fault.UNKNOWN_HOST) from None
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    named = [names_itself(address, hosts) for address in addresses]
    for address, known in zip(addresses, named, strict=True):
        if not (known or _is_public(address)):
            raise SendFailed(Fault.BARRED)
    return Address(addresses[0], port, named[0])


def _is_public(written: str) -> bool:
    try:
        address = plain_address(written)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = address.sixtofour  # a router sends what is in it to this address
        if address.is_site_local or (inner is not None and not _is_public(str(inner))):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


@contextmanager
def within(seconds: float) -> Iterator[list[socket.socket]]:
    """Yield a list of sockets that are shut down after some seconds.

    A receiver that sends a byte now and then would never meet the time-out of a
    socket.

    Raises:
        SendFailed: for what goes wrong in the network.

    """
    sockets: list[socket.socket] = []
    late = threading.Event()

    def end() -> None:
        late.set()
        for each in sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield sockets
    except SendFailed as failure:
        raise SendFailed(Fault.SLOW if late.is_set() else failure.fault) from None
    except ssl.SSLError:
        raise SendFailed(Fault.SLOW if late.is_set() else Fault.INSECURE) from None
    except TimeoutError:
        raise SendFailed(Fault.SLOW) from None
    except (OSError, EOFError):
        fault = Fault.SLOW if late.is_set() else Fault.UNREACHABLE
        raise SendFailed(fault) from None
    else:
        if late.is_set():  # what was cut off may look like a whole answer
            raise SendFailed(Fault.SLOW)
    finally:
        timer.cancel()
