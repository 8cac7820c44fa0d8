"""What no request may do: foreign forms, foreign hosts, floods, slow clients."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest

from huimin_flow.desk.app import THREADS
from huimin_flow.store.core import engine as engines
from tests.conftest import Founded
from tests.desk.server import Browser, Served, configured, figure, served

#: The limits of the desk of this file: small, so that no test is long.
LIMITS = {
    "connections": 40,
    "head_kilobytes": 8,
    "body_megabytes": 4,
    "form_megabytes": 3,
    "fields": 500,
    "files": 3,
    "header_seconds": 1,
    "body_seconds": 2,
    "answer_seconds": 2,
}

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def desk(
    founded: Founded, config: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A rehearsal's desk, where everybody may act, with small limits."""
    base = tmp_path_factory.mktemp("guarded")
    limits = {name: figure(number) for name, number in LIMITS.items()}
    own = configured(config, base / "config", hosts="[desk.example.cn]", **limits)
    with served(
        f"sqlite:///{founded.file}", own, base, path=base / "run" / "s"
    ) as desk:
        yield desk


@pytest.fixture
def browser(desk: Served) -> Browser:
    """A browser that has seen the form of posts."""
    browser = desk.browser()
    assert browser.get("sign-in.html").status == 200
    return browser


def chosen(browser: Browser) -> bool:
    return "selected" in browser.get("sign-in.html").text


# Forms.


def test_a_form_with_its_token_is_done(browser: Browser) -> None:
    assert not chosen(browser)
    answer = browser.post("sign-in.html", person="office-1")
    assert (answer.status, answer.header["location"]) == (303, "/index.html")
    assert chosen(browser)


@pytest.mark.parametrize(
    "shown", [[], [""], ["0" * 64], ["x" * 99_999], ["\u200b"], None]
)
def test_a_form_without_its_token_is_refused_and_nothing_is_done(
    browser: Browser, desk: Served, shown: list[str] | None
) -> None:
    tokens = [browser.token] * 2 if shown is None else shown
    fields = [("person", "office-1"), *(("token", token) for token in tokens)]
    body = urlencode(fields).encode()
    answer = browser.send("POST", "sign-in.html", body, Content_Type=FORM)
    assert answer.status == 403
    assert "打开页面之后登录有变" in answer.text
    assert 'value="office-1" selected' in answer.text  # but not chosen yet
    assert browser.post("sign-in.html", person="office-1").status == 303
    assert chosen(browser)
    assert desk.lines()[-1]["event"] == "request"


def test_the_token_of_another_browser_is_no_token(
    browser: Browser, desk: Served
) -> None:
    other = desk.browser()
    other.get("sign-in.html")
    assert browser.token != other.token
    browser.token = other.token
    assert browser.post("sign-in.html", person="office-1").status == 403
    browser.cookies = {}
    assert browser.post("sign-in.html", person="office-1").status == 403


@pytest.mark.parametrize(
    "head",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[broken"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_the_token(
    browser: Browser, head: dict[str, str]
) -> None:
    answer = browser.post("sign-in.html", head, person="office-1")
    assert (answer.status, "表单不是本站的页面发出的" in answer.text) == (403, True)
    assert not chosen(browser)


def test_another_site_can_replace_no_cookie(browser: Browser) -> None:
    """A strict cookie is not sent by it; a new one would end the session."""
    assert browser.post("sign-in.html", person="office-1").status == 303
    kept, browser.cookies = browser.cookies, {}
    for method in ("GET", "POST"):
        answer = browser.send(method, "sign-in.html", Sec_Fetch_Site="cross-site")
        assert answer.all("set-cookie") == []
    browser.cookies = kept
    assert chosen(browser)


def test_a_form_that_names_this_site_is_done(browser: Browser, desk: Served) -> None:
    head = {"Origin": desk.address.rstrip("/"), "Sec_Fetch_Site": "same-origin"}
    assert browser.post("sign-in.html", head, person="office-1").status == 303


def test_the_choice_of_a_browser_is_no_choice_of_an_account(
    browser: Browser, desk: Served
) -> None:
    assert browser.post("sign-in.html", person="office-1").status == 303
    client = desk.client()
    client.cookies = dict(browser.cookies)
    assert chosen(browser)
    assert not chosen(client)


# Hosts and addresses.


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:9", 200),
        ("LOCALHOST", 200),
        ("desk.example.cn", 200),
        ("desk.example.cn:8443", 200),
        ("evil.example", 421),
        ("desk.example.cn.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("user@evil.example", 421),
        ("[::1", 421),
        ("", 421),
    ],
)
def test_only_known_hosts_are_served(browser: Browser, host: str, status: int) -> None:
    assert browser.get("index.html", Host=host).status == status


def test_no_answer_leads_to_another_site(browser: Browser) -> None:
    for file in (
        "",
        "/evil.example/",
        "/evil.example/%2e%2e",
        "index.html/",
        "%5c%5cevil",
    ):
        answer = browser.get(file)
        place = answer.header.get("location", "/")
        assert place.startswith("/")
        assert not place.startswith("//")


def raw(desk: Served, request: bytes) -> bytes:
    """Send bytes, and return what comes back until the end."""
    with socket.create_connection(("127.0.0.1", desk.port), timeout=30) as own:
        own.sendall(request)
        return b"".join(iter(lambda: own.recv(65536), b""))


HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


@pytest.mark.parametrize(
    ("method", "file", "status"),
    [
        ("GET", "", 303),
        ("GET", "index.html", 200),
        ("HEAD", "index.html", 200),
        ("GET", "sign-in.html", 200),
        ("GET", "item-2099-000001.html", 404),
        ("GET", "nothing", 404),
        ("GET", "link-0", 403),
        ("POST", "sign-in.html", 403),
        ("POST", "index.html", 405),
        ("PUT", "index.html", 405),
        ("TRACE", "index.html", 405),
        ("POST", "api/link", 403),
        ("GET", "api/link", 404),
    ],
)
def test_every_answer_has_the_headers(
    browser: Browser, method: str, file: str, status: int
) -> None:
    answer = browser.send(method, file)
    assert answer.status == status
    named = [name.lower() for name, _ in answer.headers]
    assert len(named) == len(set(named))
    head = answer.header
    assert {name: head[name] for name in HEADERS} == HEADERS
    assert head["x-frame-options"] == "DENY"
    assert head["referrer-policy"] == "same-origin"
    assert "server" not in head
    policy = dict(
        part.strip().split(" ", 1)
        for part in head["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in head["content-security-policy"]


def test_the_policy_allows_the_style_of_the_page_and_no_other(browser: Browser) -> None:
    from base64 import b64encode

    answer = browser.get("index.html")
    style = answer.text.split("<style>")[1].split("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in answer.header["content-security-policy"]
    assert answer.text.count("<style") == 1
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    "request_",
    [
        b"no request at all\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",  # no host
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        (
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
    ],
)
def test_what_is_no_request_is_refused_with_the_same_headers(
    desk: Served, request_: bytes
) -> None:
    head = raw(desk, request_).partition(b"\r\n\r\n")[0].decode().lower()
    assert head.split()[1] in {"400", "405", "421", "431"}
    for name, value in HEADERS.items():
        assert f"{name}: {value}" in head
    assert "frame-ancestors 'none'" in head


# Floods.


def test_two_megabytes_in_a_field_are_read_and_refused_in_a_sentence(
    browser: Browser,
) -> None:
    answer = browser.post("sign-in.html", person="惠" * 200_000)
    assert answer.status == 403
    assert "不属于账户" in answer.text
    assert len(answer.text) < 50_000


@pytest.mark.parametrize(
    ("body", "kind", "status", "words"),
    [
        (b"a=" + b"x" * 4_000_000, FORM, 413, "超过3兆字节"),
        (b"x" * 4_000_000, "application/json", 413, "超过3兆字节"),
        (b"&".join(b"a=1" for _ in range(10_000)), FORM, 400, "至多500项"),
        (b"a=%ff%fe", FORM, 400, "表单无法读取"),
        (b"a=\xff", FORM, 400, "表单无法读取"),
        (b"<a/>", "text/xml", 400, "表单无法读取"),
        (b"a", "", 400, "表单无法读取"),
        (b"--b", "multipart/form-data", 400, "表单无法读取"),
        (b"nothing", "multipart/form-data; boundary=b", 400, "表单无法读取"),
        (
            b"--b\r\n\r\nx\r\n--b--",
            "multipart/form-data; boundary=b",
            400,
            "表单无法读取",
        ),
    ],
)
def test_a_body_beyond_the_limits_is_refused(
    browser: Browser, body: bytes, kind: str, status: int, words: str
) -> None:
    answer = browser.send("POST", "sign-in.html", body, Content_Type=kind)
    assert (answer.status, words in answer.text) == (status, True), answer.text[-400:]
    assert "请按浏览器的后退键" in answer.text  # only the browser has what was typed
    assert browser.get("index.html").status == 200


def parts(count: int, *, files: bool, size: int = 1) -> bytes:
    named = '; filename="a.txt"' if files else ""
    one = f'--b\r\nContent-Disposition: form-data; name="f"{named}\r\n\r\n{"x" * size}\r\n'
    return (one * count + "--b--\r\n").encode()


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (parts(500, files=False), 403, "打开页面之后登录有变"),
        (parts(501, files=False), 400, "至多500项"),
        (parts(3, files=True), 403, "打开页面之后登录有变"),
        (parts(4, files=True), 400, "至多3项"),
        (parts(1, files=False, size=3_200_000), 413, "超过3兆字节"),
        (parts(1, files=True, size=4_200_000), 413, "超过4兆字节"),
    ],
)
def test_a_form_with_files_has_limits_too(
    browser: Browser, body: bytes, status: int, words: str
) -> None:
    kind = "multipart/form-data; boundary=b"
    answer = browser.send("POST", "sign-in.html", body, Content_Type=kind)
    assert (answer.status, words in answer.text) == (status, True)


def test_a_body_without_end_is_cut(desk: Served) -> None:
    head = b"POST /sign-in.html HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    with socket.create_connection(("127.0.0.1", desk.port), timeout=30) as own:
        own.sendall(head + kind)
        piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        with pytest.raises(OSError, match=r"reset|pipe"):
            own.sendall(piece * 2_000)  # 131 megabytes
    assert desk.browser().get("index.html").status == 200


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTTP",
        (
            b"POST /sign-in.html HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            b"application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nperson="
        ),
    ],
)
def test_slow_clients_hold_nothing_and_are_cut(desk: Served, begun: bytes) -> None:
    """Many more than there are threads; the desk answers others meanwhile."""
    slow = [
        socket.create_connection(("127.0.0.1", desk.port), timeout=30)
        for _ in range(2 * THREADS)
    ]
    for own in slow:
        own.sendall(begun)
    assert desk.browser().get("index.html").status == 200
    for own in slow:
        assert b"200 OK" not in own.recv(65536)  # the end of a connection, in time
        own.close()


def test_a_trickle_of_bytes_gains_no_time(desk: Served) -> None:
    with socket.create_connection(("127.0.0.1", desk.port), timeout=30) as own:
        own.settimeout(0.2)
        for _ in range(100):
            try:
                own.sendall(b"G")
                if own.recv(1000) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return
    pytest.fail("a client that sends a byte now and then is never cut")


def test_a_client_that_takes_no_answer_is_cut(desk: Served) -> None:
    with socket.socket(socket.AF_UNIX) as own:
        own.connect(str(desk.path))
        own.sendall(b"GET /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)
        ended = select.poll()
        ended.register(own, 0)  # an error or the end, but not what can be read
        assert ended.poll(30_000)
    assert desk.browser().get("index.html").status == 200


def test_too_many_connections_are_refused_and_others_live_on(desk: Served) -> None:
    many = [socket.create_connection(("127.0.0.1", desk.port), 30) for _ in range(60)]
    answered = 0
    for own in many:
        with suppress(OSError):
            own.sendall(b"GET /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
    for own in many:
        with suppress(ConnectionResetError):
            answered += own.recv(12) == b"HTTP/1.1 200"
    assert desk.client().get("index.html").status == 200  # loopback has its half
    for own in many:
        own.close()
    assert answered <= LIMITS["connections"] // 2
    assert desk.browser().get("index.html").status == 200
    assert any(line["event"] == "full" for line in desk.lines())


def test_many_at_once_are_all_answered(desk: Served) -> None:
    def visits(n: int) -> int:
        browser = desk.client() if n % 2 else desk.browser()
        browser.get("sign-in.html")
        return browser.post("sign-in.html", person="office-1").status

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(visits, range(60))) == [303] * 60


def test_the_threads_fit_into_the_pool_of_the_engine(founded: Founded) -> None:
    """A request has at most a snapshot and the connection of an act."""
    engine = engines.open_engine(f"sqlite:///{founded.file}")
    pool = engine.pool
    assert pool.size() + pool._max_overflow >= 2 * THREADS  # type: ignore[attr-defined]
    engine.dispose()


# What is logged.


def test_the_log_has_no_person_token_or_text(desk: Served, browser: Browser) -> None:
    canary = "canary5001"
    browser.post("sign-in.html", person=canary)
    browser.get(f"link-{canary}")
    browser.get(f"{canary}.html?{canary}={canary}", User_Agent=canary, Referer=canary)
    browser.get(f"{canary}/\x1b[31m".replace("\x1b", "%1b"))
    browser.get("index.html", Host=canary)
    raw(desk, b"GET / HTTP/1.1\r\nHost: localhost\r\ncanary5001\r\n\r\n")
    browser.send("CANARY", "index.html")
    text = desk.log.read_text()
    assert canary not in text
    assert "CANARY" not in text
    assert browser.token not in text
    assert not any(value in text for value in browser.cookies.values())
    for line in text.splitlines():
        assert json.loads(line)["event"] in {"started", "request", "full", "left"}
