"""The letters office on Django: pages, both ways to an item, four processes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from io import StringIO
from itertools import repeat
from multiprocessing import get_context

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from huimin_flow import Demand
from huimin_flow.audit.verify import verify
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import HuiminError, StoreBusy
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core import history
from huimin_flow.testing import Desk
from tests.hosts import django_program
from tests.hosts.django_program import Letter, letters

WANG = {"x-remote-user": "wang"}


@pytest.fixture
def client(desk: Desk, url: str) -> Iterator[Client]:
    with django_program.on(url, desk.clock):
        django_program.migrate()
        yield Client(headers=WANG)


def form(client: Client, **changes: str) -> dict[str, str]:
    """Return the fields of the form as a browser would send them."""
    page = client.get("/letters/new").content.decode()
    asked = dict(
        re.findall(
            r'<(?:input|select)[^>]*name="([^"]+)"(?:[^>]*value="([^"]*)")?', page
        )
    )
    said = {
        "demand.title": "修桥",
        "demand.origin": "problem",
        "demand.area": "general",
        "demand.unit": "500101",
    }
    assert list(asked) == ["csrfmiddlewaretoken", "key", *said]
    return {**asked, **said, **changes}


WAYS = pytest.mark.parametrize("way", ["/letters", "/letters/later"])


@WAYS
def test_a_letter_becomes_an_item_in_either_way(
    client: Client, desk: Desk, way: str
) -> None:
    filled = form(client)
    for _ in range(2):  # the same form again changes nothing
        shown = client.post(way, filled, follow=True)
        assert shown.status_code == 200
    (item,) = desk.flow.items.list()
    for text in ("修桥", item.number, "已采集"):
        assert text in shown.content.decode()
    page = client.get(f"/items/{item.number}").content.decode()
    assert "1 采集" in page  # the label, not the code
    assert "可办" in page
    assert [(each.title, each.item) for each in Letter.objects.all()] == [
        ("修桥", item.number)
    ]


def test_a_refusal_keeps_no_letter_in_one_transaction_and_a_letter_before_it(
    client: Client, desk: Desk
) -> None:
    filled = form(client, **{"demand.unit": "nowhere"})
    shown = client.post("/letters", filled)
    assert shown.status_code == 409
    assert 'data-code="unit_unknown"' in shown.content.decode()
    assert not Letter.objects.exists()
    shown = client.post("/letters/later", filled)
    assert shown.status_code == 409
    assert [each.item for each in Letter.objects.all()] == [""]
    assert desk.flow.items.list() == []


def test_whom_nobody_knows_and_what_no_form_offers_is_sent_away(client: Client) -> None:
    assert Client().get("/letters/new").status_code == 403
    strange = form(client, **{"demand.origin": "rumor"})
    assert client.post("/letters", strange).status_code == 400
    assert not Letter.objects.exists()
    untold = Client(enforce_csrf_checks=True, headers=WANG)
    assert untold.post("/letters", strange).status_code == 403


def written(key: str, unit: str = "500101") -> Letter:
    return Letter(
        request=key, title=key, origin="problem", area="general", unit=unit,
        post="op-500101",
    )  # fmt: skip


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_a_crash_has_left_is_sent_again_once(
    client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The program dies between its commit and the answer, or before the act."""
    del client
    letter = written("k")

    class Dead(BaseException):
        pass

    def die(letter: Letter, demand: Demand) -> None:
        if when == "after":  # the act is done, the answer is lost
            desk.flow.once(letter.request).items.collect(demand, by=desk.operator)
        raise Dead

    with monkeypatch.context() as patch, pytest.raises(Dead):  # noqa: PT012
        patch.setattr(letters, "send", die)
        letters.forward(letter, letter.demand)
    assert [each.item for each in Letter.objects.all()] == [""]
    assert len(desk.flow.items.list()) == (1 if when == "after" else 0)
    for expected in ("1 sent", "0 sent"):
        said = StringIO()
        call_command("send_letters", stdout=said)
        assert said.getvalue().strip() == expected
    (item,) = desk.flow.items.list()
    assert [each.item for each in Letter.objects.all()] == [item.number]


def several(url: str, moment: datetime, first: int) -> list[float]:
    """Keep letters in a process of its own; return how long each took, in seconds."""
    took = []
    with django_program.on(url, RehearsalClock(moment, seed=first)):
        for k in range(6):
            letter = written(f"k{first + k}", "nowhere" if k % 3 == 0 else "500101")
            begun = time.monotonic()
            for _ in range(50):
                try:
                    letters.keep(letter, letter.demand)
                except StoreBusy:  # the key makes another try safe
                    continue
                except HuiminError:
                    break
                took.append(time.monotonic() - begun)
                break
    return took


def test_four_processes_leave_no_ghost_and_lose_no_letter(
    client: Client, desk: Desk, url: str
) -> None:
    del client
    connection.close()
    moment, spawn = desk.clock.now(), get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=spawn) as processes:
        done = processes.map(several, repeat(url), repeat(moment), range(0, 400, 100))
        took = [seconds for each in done for seconds in each]
    assert len(took) == 16
    assert max(took) < 10, took  # nobody waits for oneself
    items = {item.number for item in desk.flow.items.list()}
    assert {each.item for each in Letter.objects.all()} == items
    assert len(items) == 16
    assert door_of(desk.flow).read(history.unplaced) == []
    assert door_of(desk.flow).read(verify).findings == ()
