"""Changes as mail, one recipient each: a text, some with html and files."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Final

from huimin_flow.catalogue.terms import Fault
from huimin_flow.exchange.core.senders import Parcel, Sender, SendFailed
from huimin_flow.exchange.core.senders.address import Address, allowed, within

#: The port at which a server is encrypted from the beginning.
_ENCRYPTED: Final = 465


class _Pinned(smtplib.SMTP):
    """A connection to an address that was checked; ``context`` encrypts it at once."""

    def __init__(
        self,
        address: Address,
        seconds: float,
        opened: list[socket.socket],
        context: ssl.SSLContext | None,
    ) -> None:
        """Store where it goes; nothing is connected yet."""
        self._address, self._opened, self._context = address, opened, context
        super().__init__(local_hostname="huimin-flow.invalid", timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        del port  # the one that was checked
        where = (self._address.ip, self._address.port)
        made = socket.create_connection(where, timeout)
        self._opened.append(made)
        if self._context is not None:
            made = self._context.wrap_socket(made, server_hostname=host)
            self._opened.append(made)
        return made


def message_of(parcel: Parcel, sender: str) -> bytes:
    """Return the mail of a parcel; the same parcel is always the same mail."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, parcel.to, parcel.subject
    mail["Date"] = parcel.at
    domain = sender.rpartition("@")[2]
    mail["Message-ID"] = f"<{parcel.key}.{parcel.recipient}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(parcel.text, cte="base64")
    if parcel.html:
        mail.add_alternative(parcel.html, subtype="html", cte="base64")
    for name, kind, content in parcel.files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    for n, part in enumerate(mail.walk()):
        if part.is_multipart():  # the library would draw another one each time
            part.set_boundary(f"=_{parcel.key[:32]}_{n}")
    return mail.as_bytes()


def to_server(
    host: str,
    port: int,
    sender: str,
    hosts: Sequence[str],
    seconds: float,
    *,
    user: str = "",
    password: Callable[[], bytes] | None = None,
    plain: bool = False,
    context: ssl.SSLContext | None = None,
) -> Sender:
    """Return the sender that gives mail to a server.

    The connection is encrypted by STARTTLS, at port 465 from the beginning; only
    ``plain`` goes without, to an address that the settings name itself. ``context``
    is how certificates are checked.
    """

    def send(parcel: Parcel) -> None:
        address = allowed(host, port, hosts)
        if plain and not address.named:
            raise SendFailed(Fault.INSECURE)
        try:
            mail = message_of(parcel, sender)
        except ValueError:  # a line end in a header
            raise SendFailed(Fault.REFUSED) from None
        with within(seconds) as opened:
            checking = None if plain else context or ssl.create_default_context()
            at_once = checking if port == _ENCRYPTED else None
            server = _Pinned(address, seconds, opened, at_once)
            try:
                server.connect(host, port)
                if checking is not None and at_once is None:
                    server.starttls(context=checking)
                if user and password is not None:
                    _sign_in(server, user, password())
                server.sendmail(sender, [parcel.to], mail)
                server.quit()
            except smtplib.SMTPException as failure:
                raise SendFailed(_fault_of(failure)) from None
            finally:
                server.close()

    return send


def _sign_in(server: smtplib.SMTP, user: str, password: bytes) -> None:
    """Sign in; the library takes names and passwords of ASCII alone."""
    try:
        server.login(user, password.decode())
    except UnicodeError:
        raise SendFailed(Fault.SECRET) from None


def _fault_of(failure: smtplib.SMTPException) -> Fault:
    known = {
        smtplib.SMTPAuthenticationError: Fault.SIGN_IN,
        smtplib.SMTPServerDisconnected: Fault.UNREACHABLE,
        smtplib.SMTPConnectError: Fault.UNREACHABLE,
        smtplib.SMTPNotSupportedError: Fault.INSECURE,
    }
    return known.get(type(failure), Fault.REFUSED)
