"""The letters office on FastAPI: pages, one transaction, refusals, four processes."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import select

from examples.fastapi_host import app as host
from examples.fastapi_host.letters import LETTERS
from huimin_flow.audit.verify import verify
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import Desk
from tests.flow.core.test_drivers import asynchronous
from tests.flow.core.test_host import plain

WANG = {"x-remote-user": "wang"}


@pytest.fixture
def letters(desk: Desk, url: str) -> str:
    """A founded database that the host's migrations have added their table to."""
    del desk
    config = Config()
    folder = Path(host.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("sqlalchemy.url", str(plain(url).url))
    command.upgrade(config, "head")
    return url


@pytest.fixture
def client(desk: Desk, letters: str) -> Iterator[TestClient]:
    app = host.make(asynchronous(letters), clock=desk.clock)
    with TestClient(app, follow_redirects=True) as client:
        yield client


def form(client: TestClient, **changes: str) -> dict[str, str]:
    """Return the fields of the form as a browser would send them."""
    page = client.get("/letters/new", headers=WANG).text
    asked = dict(
        re.findall(
            r'<(?:input|select)[^>]*name="([^"]+)"(?:[^>]*value="([^"]*)")?', page
        )
    )
    assert list(asked) == [
        "key",
        "demand.title",
        "demand.origin",
        "demand.area",
        "demand.unit",
    ]
    said = {
        "demand.title": "修桥",
        "demand.origin": "problem",
        "demand.area": "general",
    }
    return {**asked, **said, "demand.unit": "500101", **changes}


def test_a_letter_is_typed_into_a_form_of_the_engines_fields(
    client: TestClient, desk: Desk
) -> None:
    shown = client.post("/letters", data=form(client), headers=WANG)
    (item,) = desk.flow.items.list()
    assert (shown.status_code, item.title) == (200, "修桥")
    for text in ("修桥", item.number, "已采集"):
        assert text in shown.text
    page = client.get(f"/items/{item.number}", headers=WANG).text
    assert "1 采集" in page  # the label, not the code
    assert "可办" in page
    assert "无权“筛选”" in page  # a sentence, not the reason as Python writes it
    assert "Reason(" not in page


def test_the_same_form_twice_keeps_one_letter_and_one_item(
    client: TestClient, desk: Desk
) -> None:
    filled = form(client)
    for _ in range(2):
        assert client.post("/letters", data=filled, headers=WANG).status_code == 200
    assert len(desk.flow.items.list()) == 1


def test_a_refusal_is_a_sentence_with_a_code_and_keeps_nothing(
    client: TestClient, desk: Desk, letters: str
) -> None:
    shown = client.post(
        "/letters", data=form(client, **{"demand.unit": "nowhere"}), headers=WANG
    )
    assert shown.status_code == 409
    assert 'data-code="unit_unknown"' in shown.text
    assert desk.flow.items.list() == []
    assert kept(letters) == set()


def test_whoever_the_sign_on_does_not_know_is_sent_away(client: TestClient) -> None:
    assert client.get("/letters/new").status_code == 401
    assert (
        client.post("/engine/questions/items.list", json={"args": {}}).status_code
        == 401
    )


def test_the_mounted_doors_answer_in_json(client: TestClient, desk: Desk) -> None:
    number = desk.collect().number
    asked = client.post(
        "/engine/questions/items.get",
        json={"args": {"number": number}},
        headers=WANG,
    )
    assert asked.json()["answer"]["number"] == number


def test_the_hosts_migrations_leave_our_tables_alone(letters: str, desk: Desk) -> None:
    assert kept(letters) == set()
    assert door_of(desk.flow).read(verify).findings == ()


def kept(url: str) -> set[str]:
    """Return the items of the letters."""
    engine = plain(url)
    with engine.connect() as connection:
        found = {row.item for row in connection.execute(select(LETTERS))}
    engine.dispose()
    return found


def several(url: str, moment: datetime, first: int) -> tuple[int, float]:
    """Send six forms at once from a process of its own.

    Return how many it kept, and how long the slowest took, in seconds.
    """

    async def each() -> list[tuple[int, float]]:
        app = host.make(asynchronous(url), clock=RehearsalClock(moment, seed=first))
        transport = ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            AsyncClient(transport=transport, base_url="http://host") as client,
        ):

            async def send(k: int) -> tuple[int, float]:
                form, begun = filled(f"key-{first + k}", k % 3), time.monotonic()
                while True:  # a busy store asks for another try; the key makes it safe
                    code = (
                        await client.post("/letters", data=form, headers=WANG)
                    ).status_code
                    if code != 503:
                        return code, time.monotonic() - begun

            return await asyncio.gather(*(send(k) for k in range(6)))

    codes, took = zip(*asyncio.run(each()), strict=True)
    assert set(codes) == {303, 409}, codes
    return codes.count(303), max(took)


def filled(key: str, third: int) -> dict[str, str]:
    """Return a form; each third names a unit that does not exist."""
    return {
        "key": key,
        "demand.title": key,
        "demand.origin": "problem",
        "demand.area": "general",
        "demand.unit": "nowhere" if third == 0 else "500101",
    }


def test_four_processes_leave_no_ghost_and_lose_no_letter(
    desk: Desk, letters: str
) -> None:
    moment, spawn = desk.clock.now(), get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=spawn) as processes:
        firsts = range(0, 400, 100)
        done = processes.map(several, repeat(letters), repeat(moment), firsts)
        counts, took = zip(*done, strict=True)
    assert counts == (4, 4, 4, 4)
    assert max(took) < 15, took  # nobody waits for oneself: 20 s or 25
    items = {item.number for item in desk.flow.items.list()}
    assert (len(items), kept(letters)) == (16, items)
    assert door_of(desk.flow).read(verify).findings == ()
