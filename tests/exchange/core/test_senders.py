"""What calls out of the house goes where the settings say, and nowhere else."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import Fault
from huimin_flow.exchange.core.senders import Parcel, SendFailed, to_folder
from huimin_flow.exchange.core.senders.mail import message_of, to_server
from huimin_flow.exchange.core.senders.webhook import to_url
from tests.timetable.receivers import mail_server, webhook

PARCEL = Parcel(
    key="ab" * 32,
    position=7,
    kind="item",
    body=b'{"position":7}',
    at=datetime(2026, 11, 30, 4, tzinfo=UTC),
    recipient="500101",
    to="wanzhou@example.gov.cn",
    subject="【惠民有感】事项 2026-000001:采集",
    text="万州区:\n事项 2026-000001:采集\n",
)

#: An address that is nobody's: nothing is sent there.
_PUBLIC = "93.184.215.14"


def key() -> bytes:
    return b"k" * 32


def fault_of(url: str, *hosts: str, seconds: float = 2, **more: Any) -> Fault | None:
    """Return why a post to an address fails, None if it doesn't."""
    try:
        to_url(url, key, hosts, seconds, **more)(PARCEL)
    except SendFailed as failure:
        return failure.fault
    return None


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let names of hosts mean addresses; return the names that were asked for."""

    def use(**known: tuple[str, ...]) -> list[str]:
        asked: list[str] = []
        real = socket.getaddrinfo

        def look(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
            name = host.replace("-", "_").replace(".", "_")
            if name not in known:
                return real(host, port, *rest, **more)
            asked.append(host)
            kinds = [
                socket.AF_INET6 if ":" in ip else socket.AF_INET for ip in known[name]
            ]
            return [
                (kind, socket.SOCK_STREAM, 6, "", (ip, port))
                for kind, ip in zip(kinds, known[name], strict=True)
            ]

        monkeypatch.setattr(socket, "getaddrinfo", look)
        return asked

    return use


def test_a_host_that_the_settings_do_not_list_is_not_called() -> None:
    with webhook() as received:
        assert fault_of(f"http://127.0.0.1:{received.port}/") is Fault.UNLISTED
        assert received.got == []
        assert fault_of(f"http://127.0.0.1:{received.port}/", "127.0.0.0/8") is None


@pytest.mark.parametrize(
    "ip",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "172.16.0.9",
     "100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fd00::1", "::ffff:169.254.169.254",
     "fec0::1", "2002:a00:1::1", "64:ff9b::a00:1", "::10.0.0.1", "0.0.0.0"],  # noqa: S104
)  # fmt: skip
def test_a_listed_name_that_means_an_inner_address_is_not_called(
    ip: str, named: Callable[..., list[str]]
) -> None:
    named(portal_example_cn=(ip,))
    assert fault_of("https://portal.example.cn/", "portal.example.cn") is Fault.BARRED
    assert fault_of("https://portal.example.cn/", "portal.example.cn", _PUBLIC) is (
        Fault.BARRED
    )


def test_one_inner_address_among_public_ones_bars_the_name(
    named: Callable[..., list[str]],
) -> None:
    named(portal_example_cn=(_PUBLIC, "169.254.169.254"))
    assert fault_of("https://portal.example.cn/", "portal.example.cn") is Fault.BARRED


def test_the_address_that_was_checked_is_the_one_that_is_called(
    named: Callable[..., list[str]],
) -> None:
    """A name that means another address at a second look gains nothing."""
    with webhook() as received:
        asked = named(portal_example_cn=("127.0.0.1",))
        url = f"http://portal.example.cn:{received.port}/in?x=1"
        assert fault_of(url, "portal.example.cn", "127.0.0.1") is None
        assert asked == ["portal.example.cn"], "resolved once"
        assert received.got[0][0]["Host"] == f"portal.example.cn:{received.port}"


def test_a_public_address_is_called_by_tls_only(
    named: Callable[..., list[str]],
) -> None:
    named(portal_example_cn=(_PUBLIC,))
    assert fault_of("http://portal.example.cn/", "portal.example.cn") is Fault.INSECURE


def test_a_redirection_is_not_followed() -> None:
    with webhook() as other, webhook() as received:
        received.status = 307
        received.headers["Location"] = f"http://127.0.0.1:{other.port}/"
        url = f"http://127.0.0.1:{received.port}/"
        assert fault_of(url, "127.0.0.1") is Fault.REDIRECTED
        assert len(received.got) == 1
        assert other.got == []


@pytest.mark.parametrize("status", [100, 400, 401, 404, 409, 429, 500, 503])
def test_only_2xx_is_success(status: int) -> None:
    with webhook() as received:
        received.status = status
        seconds = 0.3 if status == 100 else 2  # a receiver that promises and ends
        fault = fault_of(
            f"http://127.0.0.1:{received.port}/", "127.0.0.1", seconds=seconds
        )
        if status in {429, 503}:  # nothing was said of what was sent
            assert fault is Fault.BUSY
        else:
            assert fault in {Fault.REFUSED, Fault.SLOW, Fault.UNREACHABLE}


def test_an_answer_that_drips_for_ever_ends_after_its_time() -> None:
    with webhook() as received:
        received.drips = True
        begun = time.monotonic()
        fault = fault_of(f"http://127.0.0.1:{received.port}/", "127.0.0.1", seconds=0.4)
        assert fault is Fault.SLOW
        assert time.monotonic() - begun < 2


def test_a_receiver_that_says_nothing_ends_after_its_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert fault_of(f"http://127.0.0.1:{port}/", "127.0.0.1", seconds=0.3) is (
            Fault.SLOW
        )


def test_what_is_no_http_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(9999)
                peer.sendall(b"SSH-2.0-x\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        port = server.getsockname()[1]
        fault = fault_of(f"http://127.0.0.1:{port}/", "127.0.0.1")
        thread.join()
    assert fault is Fault.REFUSED


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for portal.example.cn that no machine trusts by itself."""
    folder = tmp_path_factory.mktemp("tls")
    words = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        " -keyout key.pem -out cert.pem -days 30000 -subj /CN=portal.example.cn"
        " -addext subjectAltName=DNS:portal.example.cn"
    )
    try:
        subprocess.run(words.split(), cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return folder


def test_a_certificate_is_checked_for_the_name(
    certificate: Path, named: Callable[..., list[str]]
) -> None:
    named(portal_example_cn=("127.0.0.1",), other_example_cn=("127.0.0.1",))
    serves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serves.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    trusts = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    hosts = ("portal.example.cn", "other.example.cn", "127.0.0.1")
    with webhook(context=serves) as received:
        mine = f"https://portal.example.cn:{received.port}/"
        other = f"https://other.example.cn:{received.port}/"
        assert fault_of(mine, *hosts) is Fault.INSECURE, "nobody trusts it"
        assert fault_of(other, *hosts, context=trusts) is Fault.INSECURE
        assert received.got == []
        assert fault_of(mine, *hosts, context=trusts) is None


def send_mail(port: int, **more: Any) -> Fault | None:
    usual: dict[str, Any] = {"plain": True, **more}
    sender = to_server("127.0.0.1", port, "huimin@x.cn", ("127.0.0.1",), 2, **usual)
    try:
        sender(PARCEL)
    except SendFailed as failure:
        return failure.fault
    return None


def test_mail_needs_encryption_unless_the_settings_say_plain() -> None:
    with mail_server() as box:
        assert send_mail(box.port, plain=False) is Fault.INSECURE
        assert send_mail(box.port, user="huimin", password=lambda: b"secret") is (
            Fault.INSECURE
        )
        assert box.mails == []
        assert send_mail(box.port) is None
    assert send_mail(box.port) is Fault.UNREACHABLE
    to = to_server("127.0.0.1", box.port, "huimin@x.cn", (), 2, plain=True)
    with pytest.raises(SendFailed) as refused:
        to(PARCEL)
    assert refused.value.fault is Fault.UNLISTED


def test_the_same_parcel_is_the_same_mail_with_one_id() -> None:
    first, again = (message_of(PARCEL, "huimin@x.cn") for _ in range(2))
    assert first == again
    assert f"Message-ID: <{PARCEL.key}.500101@x.cn>".encode() in first


def test_a_header_of_mail_has_one_line() -> None:
    """What would begin a header of its own is refused, not sent."""
    forged = "x\r\nBcc: all@example.cn"
    with pytest.raises(ValueError, match="linefeed"):
        message_of(Parcel(**{**as_fields(PARCEL), "subject": forged}), "huimin@x.cn")


def as_fields(parcel: Parcel) -> dict[str, Any]:
    return {name: getattr(parcel, name) for name in parcel.__dataclass_fields__}


def test_a_file_that_cannot_be_written_leaves_the_former_one(tmp_path: Path) -> None:
    send = to_folder(tmp_path)
    send(PARCEL)
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == PARCEL.body + b"\n"
    with pytest.raises(SendFailed):
        to_folder(tmp_path / "none")(PARCEL)
    send(PARCEL)
    assert list(tmp_path.iterdir()) == [file]


def test_mail_goes_in_the_clear_only_to_an_address_that_is_named(
    named: Callable[..., list[str]],
) -> None:
    named(mail_example_cn=(_PUBLIC,))
    send = to_server(
        "mail.example.cn", 25, "a@b.cn", ("mail.example.cn",), 2, plain=True
    )
    with pytest.raises(SendFailed) as refused:
        send(PARCEL)
    assert refused.value.fault is Fault.INSECURE
