"""The desk in a host: its function says who asks, and its own fields are asked for."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from huimin_flow.desk.app import make
from huimin_flow.desk.core.state import Desk
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import load_settings
from huimin_flow.testing import Desk as Engine
from tests.conftest import CONFIG
from tests.desk.client import PORT, Browser, serving
from tests.flow.core.test_extensions import in_force
from tests.flow.core.test_own_fields import ENTERED, FUNDS
from tests.flow.core.test_two_desks import with_accounts


def of_host(request: Request) -> str:
    """Whom the host's own sign stands for."""
    return {"7": "zhang"}.get(request.headers.get("x-host", ""), "")


@pytest.fixture
def known(file_url: str, book: Rulebook) -> Iterator[Desk]:
    held = with_accounts(book, office_1="zhang", office_2="li")
    settings = load_settings(CONFIG).desk
    with Flow.found(file_url, held) as flow:
        yield Desk(
            flow=flow, settings=settings, log=io.StringIO(), port=PORT, identity=of_host
        )


def test_the_hosts_function_says_who_asks_and_nothing_else_does(known: Desk) -> None:
    visitor = Browser(make(known), PORT)
    assert "office-1" not in visitor.get("todo.html").html
    visitor.head = {b"x-host": b"7"}
    page = visitor.get("todo.html")
    assert page.status == 200
    assert "office-1" in page.html
    header = known.settings.proxy_header.lower().encode()
    visitor.head = {b"x-host": b"8", header: b"zhang"}
    assert "office-1" not in visitor.get("todo.html").html


async def _awaited(_: Request) -> str:
    raise AssertionError


@pytest.mark.parametrize(
    ("named", "status"), [(_awaited, 500), (lambda _: 7, 500), (lambda _: None, 401)]
)
def test_what_is_no_name_opens_no_page(known: Desk, named: Any, status: int) -> None:
    known.identity = named
    visitor = Browser(make(known), PORT)
    for page in ("todo.html", "act-items.collect.html"):
        assert visitor.get(page).status == status


def raising(failure: Exception) -> Callable[[Request], str]:
    def identity(_: Request) -> str:
        raise failure

    return identity


def test_a_host_sends_a_stranger_to_its_own_sign_in(known: Desk) -> None:
    known.identity = raising(HTTPException(302, headers={"location": "/sign-in"}))
    shown = Browser(make(known), PORT).get("todo.html")
    assert (shown.status, shown.headers["location"]) == (302, "/sign-in")


def test_an_error_of_the_hosts_function_is_told_to_the_log_alone(known: Desk) -> None:
    known.identity = raising(RuntimeError("secret 13800138000"))
    shown = Browser(make(known), PORT).get("todo.html")
    assert shown.status == 500
    assert "13800138000" not in shown.html
    assert "RuntimeError" in known.log.getvalue()  # type: ignore[attr-defined]


def test_the_form_asks_for_each_own_field_and_begins_with_its_value(
    desk: Engine,
) -> None:
    in_force(desk, FUNDS)
    number = desk.collect().number
    desk.flow.items.annotate(number, {"funds.code": "A-1"}, by=desk.operator)
    with serving(desk) as served:
        browser = served.browser(desk.operator.id)
        assert "A-1" in browser.get(f"item-{number}.html").text
        file = f"act-items.annotate.html?number={number}"
        page = browser.get(file)
        assert page.status == 200
        assert "资金编号" in page.text
        assert page.form.fields["own[1][2]"] == "A-1"
        done = browser.act(file, **{"own[2][2]": "50"})
    assert done.status == 200
    assert desk.flow.items.get(number).own_of("funds") == {"code": "A-1", "amount": 50}


def test_own_fields_are_drawn_as_their_model_says_and_can_be_cleared(
    desk: Engine,
) -> None:
    in_force(desk, FUNDS)
    number = desk.collect().number
    desk.flow.items.annotate(number, ENTERED, by=desk.operator)
    with serving(desk) as served:
        browser = served.browser(desk.operator.id)
        file = f"act-items.annotate.html?number={number}"
        page = browser.get(file)
        tags = {
            name: tag
            for tag in re.findall(r"<(?:select|input)[^>]*>", page.html)
            for name in re.findall(r' name="(own[^"]*)"', tag)
        }
        assert tags["own[1][2]"].startswith('<input type="text"')
        assert 'inputmode="numeric"' in tags["own[2][2]"]
        assert tags["own[3][2]"].startswith("<select")
        assert 'type="date"' in tags["own[4][2]"]
        assert tags["own[5][2]"].startswith("<select")
        assert page.html.count('class="must"') == 1
        browser.act(file, **{"own[3][2]": "", "own[5][2]": "false"})
    left = {"code": "A-1", "amount": 50, "until": "2027-05-01", "shared": False}
    assert desk.flow.items.get(number).own_of("funds") == left | {
        "places": ("甲", "乙")
    }
