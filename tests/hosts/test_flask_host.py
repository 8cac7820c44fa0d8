"""The letters office on Flask: one session, letters and items, four processes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import repeat
from multiprocessing import get_context

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from examples.flask_host import app as host
from huimin_flow.audit.verify import verify
from huimin_flow.clock import Clock, RehearsalClock
from huimin_flow.errors import InputRefused, StepRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core import history
from huimin_flow.store.core.tables import REFUSALS
from huimin_flow.testing import Desk
from tests.flow.core.test_host import DEMAND, plain

WANG = {"x-remote-user": "wang"}


@contextmanager
def program(url: str, clock: Clock) -> Iterator[Flask]:
    """Make the program and its tables, and close its connections in the end."""
    app = host.make(str(plain(url).url), clock=clock)
    here: host.Host = app.extensions["huimin"]
    host.Base.metadata.create_all(here.engine)
    yield app
    here.flow.close()
    here.engine.dispose()


@pytest.fixture
def app(desk: Desk, url: str) -> Iterator[Flask]:
    with program(url, desk.clock) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def here(app: Flask) -> Iterator[host.Host]:
    """The host within a request's context; the teardown ends its session."""
    with app.app_context():
        yield app.extensions["huimin"]


def form(client: FlaskClient, **changes: str) -> dict[str, str]:
    """Return the fields of the form as a browser would send them."""
    page = client.get("/letters/new", headers=WANG).text
    asked = dict(
        re.findall(
            r'<(?:input|select)[^>]*name="([^"]+)"(?:[^>]*value="([^"]*)")?', page
        )
    )
    said = filled("", "500101")
    assert list(asked) == list(said)
    return {**said, "key": asked["key"], **changes}


def filled(key: str, unit: str) -> dict[str, str]:
    return {
        "key": key,
        "demand.title": "修桥",
        "demand.origin": "problem",
        "demand.area": "general",
        "demand.unit": unit,
    }


def stands(desk: Desk) -> set[str]:
    """Return the numbers of the items, and hold that the history is whole."""
    read = door_of(desk.flow).read
    assert read(history.unplaced) == []
    assert read(verify).findings == ()
    return {item.number for item in desk.flow.items.list()}


def letters(app: Flask) -> list[str]:
    with app.app_context():
        return [*app.extensions["huimin"].sessions.scalars(select(host.Letter.item))]


def test_the_same_form_twice_keeps_one_letter_and_one_item(
    app: Flask, client: FlaskClient, desk: Desk
) -> None:
    sent = form(client)
    for _ in range(2):
        shown = client.post("/letters", data=sent, headers=WANG, follow_redirects=True)
        assert shown.status_code == 200
    (item,) = desk.flow.items.list()
    assert letters(app) == [item.number]
    for text in ("修桥", item.number, "已采集"):
        assert text in shown.text
    page = client.get(f"/items/{item.number}", headers=WANG).text
    assert "1 采集" in page  # the label, not the code
    assert "可办" in page


def test_a_refusal_is_a_sentence_with_a_code_and_keeps_nothing(
    app: Flask, client: FlaskClient, desk: Desk
) -> None:
    sent = form(client, **{"demand.unit": "nowhere"})
    shown = client.post("/letters", data=sent, headers=WANG)
    assert shown.status_code == 409
    assert 'data-code="unit_unknown"' in shown.text
    assert (letters(app), stands(desk)) == ([], set())
    strange = form(client, **{"demand.origin": "rumor"})
    assert client.post("/letters", data=strange, headers=WANG).status_code == 400
    assert client.get("/letters/new").status_code == 401


@pytest.mark.parametrize("first", ["ours", "theirs"])
@pytest.mark.parametrize("end", ["commit", "rollback", "teardown"])
def test_a_session_keeps_both_or_neither_in_every_order(
    app: Flask, desk: Desk, first: str, end: str
) -> None:
    with app.app_context():
        here: host.Host = app.extensions["huimin"]
        letter = host.Letter(request="k", subject="k", item="none")
        if first == "theirs":
            here.sessions.add(letter)
            here.sessions.flush()
        here.bound().items.collect(DEMAND, by=desk.operator)
        here.sessions.add(letter)
        if end != "teardown":
            getattr(here.sessions, end)()
    kept = end == "commit"
    assert (len(stands(desk)), letters(app)) == (kept, ["none"] * kept)


def test_a_savepoint_of_the_session_is_one_of_ours(here: host.Host, desk: Desk) -> None:
    kept = here.bound().items.collect(DEMAND, by=desk.operator).number
    with suppress(ZeroDivisionError), here.sessions.begin_nested():
        here.bound().items.collect(DEMAND, by=desk.operator)
        raise ZeroDivisionError
    here.sessions.commit()
    assert stands(desk) == {kept}


def test_a_refusal_is_recorded_though_the_request_is_undone(
    app: Flask, desk: Desk
) -> None:
    number = desk.collect().number
    with pytest.raises(StepRefused), app.app_context():
        app.extensions["huimin"].bound().items.close(number, by=desk.office)
    query = select(REFUSALS.c.act, REFUSALS.c.about)
    rows = door_of(desk.flow).read(lambda c: [tuple(r) for r in c.execute(query)])
    assert rows == [("close", number)]
    assert stands(desk) == {number}


def test_the_session_itself_is_refused_and_a_flow_of_the_transaction_before(
    here: host.Host, desk: Desk
) -> None:
    with pytest.raises(InputRefused) as given:
        Flow.bind(here.sessions(), clock=desk.clock)  # type: ignore[arg-type]
    assert given.value.code == "session_given"
    assert "session.connection()" in given.value.remedy
    bound = here.bound()
    bound.items.collect(DEMAND, by=desk.operator)
    here.sessions.rollback()
    with pytest.raises(StoreRefused) as late:
        bound.items.collect(DEMAND, by=desk.operator)
    assert late.value.code == "connection_closed"
    assert stands(desk) == set()


def several(url: str, moment: datetime, first: int) -> list[float]:
    """Send six forms from two threads of a process; return how long each took."""
    clock = RehearsalClock(moment, seed=first)
    with program(url, clock) as app:

        def send(k: int) -> tuple[int, float]:
            sent = filled(f"k{first + k}", "nowhere" if k % 3 == 0 else "500101")
            begun = time.monotonic()
            while True:  # a busy store asks for another try; the key makes it safe
                code = app.test_client().post("/letters", data=sent, headers=WANG)
                if code.status_code != 503:
                    return code.status_code, time.monotonic() - begun

        with ThreadPoolExecutor(2) as threads:
            done = list(threads.map(send, range(6)))
    assert [code for code, _ in done].count(303) == 4, done
    return [seconds for _, seconds in done]


def test_four_processes_leave_no_ghost_and_lose_no_letter(
    app: Flask, desk: Desk, url: str
) -> None:
    moment, spawn = desk.clock.now(), get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=spawn) as processes:
        done = processes.map(several, repeat(url), repeat(moment), range(0, 400, 100))
        assert max(seconds for each in done for seconds in each) < 10
    items = stands(desk)
    assert len(items) == 16
    assert sorted(letters(app)) == sorted(items)
