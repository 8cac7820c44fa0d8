"""Who asks: what the kernel, the proxy or a link says, and nobody else."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.desk.core.peer import uid_at
from huimin_flow.flow import Flow
from tests.accounts import account, interpreter, run
from tests.desk.client import Shown
from tests.desk.conftest import CLERK, GROUP, HEAD, PROXY, SECRET, As, House
from tests.desk.server import Browser

FORGED = "请求自称由反向代理转来"


def signed_in(house: House, uid: int) -> Browser:
    """Return a browser on loopback that used a link of an account."""
    link = house.visits(uid).call("api/link")
    browser = house.desk.browser()
    file = json.loads(link.text)["link"].rpartition("/")[2]
    assert browser.get(file).status == 200
    assert browser.post(file).status == 303
    return browser


def test_the_kernel_says_who_speaks_on_the_socket(house: House) -> None:
    for uid, name, post in (
        (CLERK, house.clerk, "op-500101"),
        (HEAD, house.head, "leader-1"),
    ):
        shown = house.visits(uid).get("sign-in.html")
        assert f"您的账户：{name}" in shown.text
        assert f'value="{post}"' in shown.text
        assert shown.text.count("<option") == 2


def test_an_account_acts_as_its_own_posts_only(house: House) -> None:
    clerk = house.visits(CLERK)
    clerk.get("sign-in.html")
    refused = clerk.post("sign-in.html", person="leader-1")
    assert refused.status == 403
    assert f"岗位“leader-1”不属于账户“{house.clerk}”" in refused.text
    clerk.get("sign-in.html")
    before = dict(clerk.cookies)
    assert clerk.post("sign-in.html", person="op-500101").status == 303
    assert clerk.cookies != before  # the id is another one after a choice
    shown = clerk.get("sign-in.html").text
    assert '<option value="op-500101" selected>' in shown


def test_an_account_without_a_post_sees_nothing(house: House) -> None:
    stranger = house.visits(3)
    assert "没有登记岗位" in stranger.get("sign-in.html").text
    for file in ("", "index.html", "items.html"):
        answer = stranger.get(file)
        assert answer.status == 403
        assert "没有登记岗位" in answer.text
    assert stranger.call("api/link").status == 403


def test_an_account_that_the_machine_does_not_know_is_nobody(house: House) -> None:
    answer = house.visits(987_654).get("index.html")
    assert answer.status == 403
    assert "本机没有编号为987654的账户" in answer.text


@pytest.mark.parametrize("header", ["X-Remote-User", "X-Huimin-Secret"])
def test_nobody_but_the_proxy_may_name_a_visitor(house: House, header: str) -> None:
    for secret in (SECRET, "x"):
        value = house.head if header == "X-Remote-User" else secret
        for browser in (house.desk.browser(), house.visits(CLERK), house.visits(0)):
            answer = browser.get("index.html", **{header: value})
            assert answer.status == 403
            assert FORGED in answer.text
            whole = browser.get("index.html", **house.forwards(house.head, secret))
            assert whole.status == 403
            assert FORGED in whole.text


def test_the_proxy_names_a_visitor_with_the_secret(house: House) -> None:
    proxied = house.visits(PROXY)
    said = house.forwards(house.head)
    assert f"您的账户：{house.head}" in proxied.get("sign-in.html", **said).text
    assert proxied.post("sign-in.html", said, person="leader-1").status == 303
    assert proxied.get("index.html", **said).status == 200


@pytest.mark.parametrize(
    ("name", "secret", "words"),
    [
        ("bin", "", "没有出示正确的密钥"),
        ("bin", SECRET[:-1], "没有出示正确的密钥"),
        ("bin", SECRET + "0", "没有出示正确的密钥"),
        ("bin", SECRET.upper(), "没有出示正确的密钥"),
        ("", SECRET, "没有说明访问者是谁"),
        (" ", SECRET, "没有说明访问者是谁"),
    ],
)
def test_a_proxy_without_secret_or_visitor_is_nobody(
    house: House, name: str, secret: str, words: str
) -> None:
    answer = house.visits(PROXY).get("index.html", **house.forwards(name, secret))
    assert answer.status == 403
    assert words in answer.text


def test_the_proxys_own_account_can_do_nothing(house: House) -> None:
    proxy = house.visits(PROXY)
    assert "没有出示正确的密钥" in proxy.get("sign-in.html").text
    named = proxy.get("index.html", **house.forwards(house.proxy))
    assert (named.status, "没有登记岗位" in named.text) == (403, True)
    assert proxy.call("api/link").status == 403
    # Nor may it fetch a link as one of those whom it names.
    assert proxy.call("api/link", **house.forwards(house.head)).status == 403
    assert (
        "只有经套接字的本机账户" in proxy.call("api/link", **house.forwards("bin")).text
    )


def test_two_identity_headers_are_none(house: House) -> None:
    connection = house.visits(PROXY).opened()
    connection.putrequest("GET", "/index.html")
    for name in (house.clerk, house.head):
        connection.putheader("X-Remote-User", name)
    connection.putheader("X-Huimin-Secret", SECRET)
    connection.endheaders()
    assert connection.getresponse().status == 403
    connection.close()


def test_nobody_on_loopback_is_led_to_the_sign_in(house: House) -> None:
    for file in ("", "index.html", "items.html", "month-2023-12.html"):
        answer = house.desk.browser().get(file)
        assert (answer.status, answer.header["location"]) == (303, "/sign-in.html")
    shown = house.desk.browser().get("sign-in.html")
    assert shown.status == 401
    assert "huimin desk link" in shown.text
    assert "<option" not in shown.text


def test_a_link_signs_in_the_account_that_fetched_it_once(house: House) -> None:
    link = json.loads(house.visits(CLERK).call("api/link").text)["link"]
    assert link.startswith(f"{house.desk.address}link-")
    file = link.rpartition("/")[2]
    assert len(file) == len("link-") + 64  # 256 bits
    first, second = house.desk.browser(), house.desk.browser()
    assert f"账户“{house.clerk}”" in first.get(file).text
    assert second.get(file).status == 200  # only the form uses it
    assert first.post(file).status == 303
    assert f"您的账户：{house.clerk}" in first.get("sign-in.html").text
    replayed = second.post(file)
    assert (replayed.status, "链接已用过" in replayed.text) == (403, True)
    assert second.get("index.html").status == 303
    assert first.get(file).status == 403


def test_a_newer_link_of_an_account_voids_its_older(house: House) -> None:
    links = [
        json.loads(house.visits(CLERK).call("api/link").text)["link"] for _ in range(2)
    ]
    old, new = (link.rpartition("/")[2] for link in links)
    browser = house.desk.browser()
    assert browser.get(old).status == 403
    assert browser.get(new).status == 200
    for guess in ("link-", "link-0", f"link-{'0' * 64}", "link-%00", "link-../x"):
        assert browser.get(guess).status in {403, 404}


def test_no_id_of_before_a_sign_in_is_signed_in(house: House) -> None:
    """Fixation: whoever planted a cookie has nothing in the end."""
    planted = {f"huimin-{house.desk.port}": "a" * 64}
    link = json.loads(house.visits(CLERK).call("api/link").text)["link"]
    file = link.rpartition("/")[2]
    victim = house.desk.browser()
    victim.cookies |= planted
    victim.get(file)
    assert victim.cookies == planted
    assert victim.post(file).status == 303
    assert victim.cookies != planted
    attacker = house.desk.browser()
    attacker.cookies |= planted
    assert attacker.get("index.html").status == 303
    assert victim.get("index.html").status == 200


def test_a_session_ends_at_sign_out_and_is_bound_to_its_account(house: House) -> None:
    browser = signed_in(house, CLERK)
    kept = dict(browser.cookies)
    # The kernel's word counts, not the cookie of somebody else.
    other = house.visits(HEAD)
    other.cookies |= kept
    assert f"您的账户：{house.head}" in other.get("sign-in.html").text
    assert browser.get("index.html").status == 200
    browser.get("sign-in.html")
    assert browser.post("sign-out").status == 303
    browser.cookies = kept
    assert browser.get("index.html").status == 303


@pytest.mark.parametrize("host", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_the_kernel_says_whose_process_connected(host: str) -> None:
    """Some programs connect from a socket of IPv6."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another account")
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with account(HEAD):
            own = socket.socket(kind)
            own.connect((host, port))
        peer, client = server.accept()
        with own, peer:
            assert uid_at(client, port) == HEAD
            assert uid_at((client[0], 1), port) is None
            own.close()
            assert uid_at(client, port) is None


def test_a_session_is_bound_to_the_account_of_its_browser(house: House) -> None:
    """A browser shows its cookie to every port of a host, whoever listens there."""
    browser = signed_in(house, CLERK)
    thief = As(port=house.desk.port, uid=HEAD, cookies=dict(browser.cookies))
    assert thief.get("todo.html").header["location"] == "/sign-in.html"
    assert "您的账户" not in thief.get("sign-in.html").text
    assert "您的账户" in browser.get("sign-in.html").text


def test_a_session_of_the_socket_is_none_on_loopback(house: House) -> None:
    clerk = house.visits(CLERK)
    clerk.get("sign-in.html")
    assert clerk.post("sign-in.html", person="office-1").status == 303
    browser = house.desk.browser()
    browser.cookies = dict(clerk.cookies)
    assert browser.get("index.html").status == 303


def test_an_account_ends_all_its_sessions(house: House) -> None:
    browsers = [signed_in(house, CLERK) for _ in range(2)]
    head = signed_in(house, HEAD)
    ended = json.loads(house.visits(CLERK).call("api/sign-out-all").text)["ended"]
    assert ended >= 2
    assert [browser.get("index.html").status for browser in browsers] == [303, 303]
    assert head.get("index.html").status == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(house: House) -> None:
    (cookie,) = house.desk.browser().get("sign-in.html").all("set-cookie")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict"}
    said = {**house.forwards(house.head), "X_Forwarded_Proto": "https"}
    (cookie,) = house.visits(PROXY).get("sign-in.html", **said).all("set-cookie")
    assert "; Secure" in cookie


def test_the_api_is_for_accounts_on_the_socket(house: House) -> None:
    for browser in (house.desk.browser(), signed_in(house, CLERK)):
        answer = browser.call("api/link")
        assert answer.status == 403
        assert json.loads(answer.text)["reasons"][0]["code"] == "desk_only_on_socket"
    for header in ("Origin", "Referer", "Sec_Fetch_Site"):
        tunneled = house.visits(CLERK)  # a browser, through a tunnel to the socket
        for file in ("api/link", "api/questions/items.list"):
            answer = tunneled.call(file, **{header: "http://127.0.0.1"})
            assert answer.status in {403, 409}
            assert "desk_only_on_socket" in answer.text


@pytest.mark.parametrize(
    ("via", "post"),
    [("link", "op-500101"), ("proxy", "office-2"), ("peer", "office-1")],
)
def test_the_history_says_how_the_account_was_known(
    house: House, via: str, post: str
) -> None:
    head: dict[str, str] = {}
    if via == "proxy":
        browser, head = house.visits(PROXY), house.forwards(house.head)
    else:
        browser = signed_in(house, CLERK) if via == "link" else house.visits(CLERK)
    browser.get("sign-in.html", **head)
    assert browser.post("sign-in.html", head, person=post).status == 303
    page = browser.get("act-items.collect.html", **head)
    form = Shown("", page.status, dict(page.header), page.text).form
    title = f"零工市场缺少候工区之{via}"
    fields = {
        **form.fields,
        "demand.title": title,
        "demand.origin": "problem",
        "demand.area": "employment",
        "demand.unit": "500101",
        "do": "done",
    }
    done = browser.post("act-items.collect.html", head, **fields)
    assert "已办理" in done.text, done.text[-2_000:]
    with Flow.open(house.url) as flow:
        (item,) = [item for item in flow.items.list() if item.title == title]
        (event,) = [
            each.event for each in flow.records.events(StreamKind.ITEM.key(item.number))
        ]
    assert (event.actor, event.via) == (post, via)


def test_the_api_tells_nothing_to_an_account_without_a_post(house: House) -> None:
    for file in ("api/questions/items.list", "api/sessions/trial", "api/link"):
        answer = house.visits(3).call(file)
        assert (answer.status, "account_without_post" in answer.text) == (403, True)


def test_a_strangers_body_is_not_read(house: House) -> None:
    """Any account of the machine reaches loopback: there a body costs memory."""
    for file, kind, code in (
        ("api/acts/items.attach", "application/json", b"409"),
        ("sign-in.html", "application/json", b"413"),
        ("sign-in.html", "multipart/form-data; boundary=b", b"413"),
    ):
        head = f"POST /{file} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
        with socket.create_connection(("127.0.0.1", house.desk.port), 30) as own:
            own.sendall(f"{head}Content-Length: 1100000\r\n\r\n".encode())
            assert own.recv(12)[9:] == code, file


#: A library that says of every process that it is root's, or another account's.
LIAR = """
#include <pwd.h>
#include <sys/types.h>
static struct passwd head = {.pw_name = "bin", .pw_uid = 2, .pw_gid = 2, .pw_dir = "/"};
uid_t getuid(void) { return 2; }
uid_t geteuid(void) { return 2; }
struct passwd *getpwuid(uid_t uid) { return &head; }
struct passwd *getpwnam(const char *name) { return &head; }
"""


def test_a_client_that_lies_about_its_account_changes_nothing(house: House) -> None:
    """Neither a preloaded library nor the environment: the kernel is asked (S9)."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler is installed")
    interpreter()
    folder = Path(str(house.desk.path)).parent.parent / "liar"
    folder.mkdir(mode=0o755)
    (folder / "liar.c").write_text(LIAR)
    library = folder / "liar.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", library, folder / "liar.c"], check=True
    )
    library.chmod(0o755)
    lies: dict[str, Any] = {
        "LD_PRELOAD": str(library),
        "USER": "bin",
        "LOGNAME": "bin",
        "SUDO_USER": "bin",
    }
    words = ["-c", "from huimin_flow.entry import run; run()", "desk", "link", "--json",
             "--socket", str(house.desk.path)]  # fmt: skip
    probe = "import os, pwd; print(os.geteuid(), pwd.getpwuid(os.geteuid()).pw_name)"
    told = run(CLERK, ["-c", probe], home=folder / "home", **lies)
    assert told.stdout.split()[0] == "2", told.stderr  # the library does lie
    done = run(CLERK, words, home=folder / "home", groups=[GROUP], **lies)
    assert done.returncode == 0, done.stderr
    browser = house.desk.browser()
    shown = browser.get(json.loads(done.stdout)["link"].rpartition("/")[2])
    assert f"账户“{house.clerk}”" in shown.text


def test_the_socket_is_closed_to_accounts_outside_its_group(house: House) -> None:
    words = ["-c", "from huimin_flow.entry import run; run()", "desk", "link", "--socket",
             str(house.desk.path)]  # fmt: skip
    home = Path(str(house.desk.path)).parent.parent / "outside"
    done = run(CLERK, words, home=home)
    assert done.returncode == 1
    assert "本账户不能使用套接字" in done.stderr
    assert os.geteuid() == 0
