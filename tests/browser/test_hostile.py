"""The desk in a real Chromium: a sign-in by a link, and a hostile site beside it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.shell.core.acting import account
from tests.conftest import Founded
from tests.desk.server import Served, configured, served
from tests.flow.core.test_two_desks import with_accounts


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    """A tab of a browser of its own, which reaches this machine."""
    context = chromium.context.browser.new_context()
    yield context.new_page()
    context.close()


@contextmanager
def site(page: str) -> Iterator[str]:
    """Serve a page of somebody else at every address of another port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f":{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def desk(founded: Founded, config: Path, tmp_path: Path) -> Iterator[Served]:
    with served(f"sqlite:///{founded.file}", config, tmp_path) as desk:
        yield desk


def send(tab: Any, form: str) -> None:
    """Send a form by its button, and wait for what comes."""
    with tab.expect_navigation():
        tab.click(f"{form} button")


def post_of(tab: Any, desk: Served) -> str:
    tab.goto(f"{desk.address}sign-in.html")
    return str(tab.locator("option[selected]").get_attribute("value", timeout=5_000))


#: What a foreign site tries: a form, a request with cookies, a frame, a link.
EVIL = """<!doctype html><title>evil</title>
<iframe name="hidden" src="{desk}index.html"></iframe>
<form method="post" action="{desk}sign-in.html" target="{target}">
<input name="person" value="office-2"><input name="token" value="{token}"></form>
<script>
const whole = new Promise(done => addEventListener("load", done));  // with its frame
const body = new URLSearchParams({{person: "office-2", token: "{token}"}});
fetch("{desk}sign-in.html", {{method: "POST", mode: "no-cors", credentials: "include", body}})
  .catch(() => 0).then(() => whole).then(() => {{
    document.querySelector("iframe").onload = () => {{ document.title = "framed"; }};
    document.forms[0].submit(); }});
</script>"""


@pytest.mark.parametrize("host", ["http://localhost", "http://127.0.0.1"])
@pytest.mark.parametrize("target", ["_self", "hidden"])
def test_a_hostile_site_does_nothing_even_with_the_token(
    tab: Any, desk: Served, host: str, target: str
) -> None:
    """On the same machine cookies are shared among ports: the token and origin count."""
    tab.goto(f"{desk.address}sign-in.html")
    tab.select_option("#person", "office-1")
    send(tab, "form[action='sign-in.html']")
    assert post_of(tab, desk) == "office-1"
    token = tab.locator("input[name=token]").first.get_attribute("value")
    page = EVIL.format(desk=desk.address, token=token, target=target)
    with site(page) as place:
        framed: list[str] = []
        tab.on("framenavigated", lambda frame: framed.append(frame.url))
        if target == "_self":
            # The form may be sent before the page itself is told to be loaded.
            with tab.expect_navigation(url=f"{desk.address}sign-in.html"):
                tab.goto(f"{host}{place}", wait_until="commit")
        else:
            # What comes into a frame that is refused is not always told to the driver.
            tab.goto(f"{host}{place}")
            tab.wait_for_function("document.title === 'framed'")
    shown = [url for url in framed if url.startswith(desk.address)]
    assert not any(url.endswith("index.html") for url in shown), framed
    tab.goto("about:blank")
    assert post_of(tab, desk) == "office-1"
    desk.stop()
    foreign = [each for each in desk.lines() if each.get("refused")]
    assert [(each["refused"], each["status"]) for each in foreign] == [
        ("desk_form_foreign", 403)  # the request of its script, and its form
    ] * 2


def test_a_link_signs_a_browser_in_and_its_pages_break_no_rule(
    tab: Any, book: Rulebook, config: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/own.db"
    Flow.found(url, with_accounts(book, office_1=account(), leader_1=account())).close()
    own = configured(config, tmp_path / "config", service_account=account())
    complaints: list[str] = []
    tab.on("console", lambda said: complaints.append(said.text))
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    # Alone, without a socket, the link is printed.
    with served(url, own, tmp_path) as desk:
        assert "/link-" in desk.address
        tab.goto(desk.address)
        assert account() in tab.locator("body").inner_text()
        send(tab, "form")
        assert tab.url.endswith("/index.html")
        tab.goto(tab.url.replace("index", "sign-in"))
        tab.select_option("#person", "leader-1")
        send(tab, "form[action='sign-in.html']")
        place = tab.url.removesuffix("index.html")
        tab.goto(f"{place}sign-in.html")
        assert tab.locator("option[selected]").get_attribute("value") == "leader-1"
        color = tab.evaluate("getComputedStyle(document.body).fontFamily")
        assert "Noto Sans CJK SC" in color  # the policy allows the one style sheet
        send(tab, "form[action='sign-out']")
        assert "huimin desk link" in tab.locator("body").inner_text()
        assert tab.context.cookies() == [] or len(tab.context.cookies()) == 1
        first = tab.goto(f"{place}index.html")
        assert first.url.endswith("sign-in.html")
    assert [text for text in complaints if "401" not in text] == []
    assert all(url.startswith("http://127.0.0.1:") for url in asked)
