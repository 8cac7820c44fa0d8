"""The page on calling the service: its programs run as they stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import State, Via
from huimin_flow.desk.calls import Account
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from tests.desk.serving import serving
from tests.desk.test_acts import Caller

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "call-the-service.md"


def programs() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def office(tmp_path: Path, book: Rulebook) -> Iterator[tuple[Flow, Path]]:
    """A production service whose caller has one post, in the office."""
    people = tuple(
        replace(post, accounts=("reader",)) if post.id == "office-1" else post
        for post in book.organization.people
    )
    own = replace(book, organization=replace(book.organization, people=people))
    path = tmp_path / "desk.sock"
    with (
        Flow.found(f"sqlite:///{tmp_path / 'huimin.db'}", own) as flow,
        serving(flow, path) as service,
    ):
        service.who = Account("reader", Via.PEER)
        yield flow, path
        assert service.failures == []


def test_the_two_clients_of_the_page_run(office: tuple[Flow, Path]) -> None:
    flow, path = office
    client, plain, session, _ = programs()
    for program in (client, plain + session):
        assert program.count("/run/huimin/desk.sock") == 1
        named = program.replace("/run/huimin/desk.sock", str(path))
        exec(compile(named, PAGE.name, "exec"), {})  # noqa: S102 - the page's own
    (item,) = flow.items.list()
    assert item.state is State.REJECTED
    events = [line.event for line in flow.items.history(item.number)]
    assert [event.request for event in events] == ["letter-2026-17", "r-1"]
    assert {event.via for event in events} == {"peer"}


def test_the_host_of_the_page_serves(
    tmp_path: Path, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Flow.found("sqlite:///huimin.db", book).close()
    room: dict[str, Any] = {}
    exec(compile(programs()[3], PAGE.name, "exec"), room)  # noqa: S102 - see above
    caller = Caller(room["app"])
    with room["flow"], caller.runner:
        status, plain = caller.send(
            "POST", "/huimin/questions/people.todo", b'{"args": {}}', x_post="office-1"
        )
        assert (status, plain["answer"]) == (200, [])
        status, plain = caller.send(
            "POST", "/huimin/questions/people.todo", b'{"args": {}}', x_post="nobody"
        )
        assert (status, plain["code"]) == (404, "post_unknown")


def test_the_page_is_in_the_index() -> None:
    assert PAGE.name in (PAGE.parents[1] / "index.md").read_text("utf-8")
