"""Clients of a real desk: the kernel says who acts, whatever a client says."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread

import pytest

from huimin_flow.catalogue.terms import Area, Origin, State, Via
from huimin_flow.errors import HuiminError, StepRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.sensing.items import Demand
from tests.accounts import account
from tests.desk.conftest import CLERK, GROUP, HEAD, PROXY, House

DEMAND = Demand(
    title="零工市场缺少候工区",
    origin=Origin.PROBLEM,
    area=Area.EMPLOYMENT,
    unit="500101",
)


@contextmanager
def client(house: House, uid: int, *groups: int) -> Iterator[Flow]:
    """Yield a Flow that an account opened; its connection stays that account's."""
    with account(uid, *(groups or (GROUP,))):
        flow = Flow.open(f"unix:{house.desk.path}")
    with flow:
        yield flow


def code_of(refusal: pytest.ExceptionInfo[HuiminError]) -> str:
    return refusal.value.code


def test_two_people_work_through_the_service_as_themselves(house: House) -> None:
    with client(house, CLERK) as clerk, client(house, HEAD) as head:
        assert not clerk.rehearsal
        by = clerk.people.identify("root", "op-500101")
        assert by.via is Via.PEER
        item = clerk.items.collect(DEMAND, by=by)
        with pytest.raises(StepRefused) as refused:  # the other's post
            head.items.amend(item.number, {"title": "乙"}, by=by)
        assert code_of(refused) == "not_your_post"
        office, second = (
            flow.people.identify("", post)
            for flow, post in ((clerk, "office-1"), (head, "office-2"))
        )
        clerk.items.reject(item.number, "duplicate", by=office)
        values = {"item": item.number, "reason": "facts_incomplete"}
        made = clerk.proposals.propose("reopen", values, by=office)
        with pytest.raises(HuiminError) as alone:
            clerk.proposals.approve(made.key, made.seen, by=office)
        assert code_of(alone) == "same_person"
        with pytest.raises(HuiminError) as both:
            clerk.items.reopen(
                item.number, "facts_incomplete", by=office, second=second
            )
        assert code_of(both) == "second_present"
        head.proposals.approve(made.key, made.seen, by=second)
        assert clerk.items.get(item.number).state is State.COLLECTED
        history = head.items.history(item.number)
        assert [(line.event.actor, line.event.via) for line in history] == [
            ("op-500101", "peer"), ("office-1", "peer"), ("office-1", "peer"),
        ]  # fmt: skip


def test_who_has_no_post_asks_nothing_and_does_nothing(house: House) -> None:
    with client(house, CLERK) as clerk:
        by = clerk.people.identify("", "op-500101")
    calls: tuple[Callable[[Flow], object], ...] = (
        lambda flow: flow.items.count(),
        lambda flow: flow.items.collect(DEMAND, by=by),
    )
    for call in calls:
        with pytest.raises(StepRefused) as refused, client(house, 3) as stranger:
            call(stranger)
        assert code_of(refused) == "account_without_post"


def test_the_proxy_and_who_is_not_of_the_group_get_nothing(house: House) -> None:
    with pytest.raises(StepRefused) as proxy, client(house, PROXY):
        pass
    assert code_of(proxy) == "desk_secret_wrong"
    with pytest.raises(StoreRefused) as outside, client(house, CLERK, 999):
        pass
    assert code_of(outside) == "desk_socket_denied"


def test_slow_clients_hold_neither_a_worker_nor_a_transaction(house: House) -> None:
    head = (
        b"POST /api/questions/items.count HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: 12\r\n\r\n"
    )
    with ExitStack() as stack, client(house, CLERK) as clerk:
        slow = []
        for _ in range(40):  # five times as many as the desk has threads
            own = stack.enter_context(socket.socket(socket.AF_UNIX))
            own.settimeout(60)
            with account(CLERK, GROUP):
                own.connect(str(house.desk.path))
            own.sendall(head + b'{"args"')
            slow.append(own)
        with account(CLERK, GROUP):  # each has a connection of its own
            held = [stack.enter_context(clerk.snapshot()) for _ in range(3)]
        by = clerk.people.identify("", "op-500101")
        done: list[str] = []
        acts = Thread(
            target=lambda: done.append(clerk.items.collect(DEMAND, by=by).number)
        )
        begun = time.monotonic()
        assert held[0].items.count() == held[1].items.count()
        acts.start()  # on SQLite it waits for the end of the snapshots
        acts.join()
        assert done
        assert time.monotonic() - begun < 30
        for own in slow:
            own.sendall(b": {}}")
            assert b" 200 " in own.recv(100)[:16]
