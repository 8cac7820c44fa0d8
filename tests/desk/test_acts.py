"""The application of acts: who acts, what is answered, with which status."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from huimin_flow.catalogue.terms import Role, Via
from huimin_flow.desk import acts, calls
from huimin_flow.desk.calls import Account, Who, status_of
from huimin_flow.errors import InputRefused, NotFound, StepRefused, StoreRefused
from huimin_flow.flow import Flow, wire
from huimin_flow.flow.methods import methods
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.testing import UNIT, Desk
from tests.desk.aside import Aside
from tests.flow.core.attempts import ACTS, LACK, arguments, tried
from tests.flow.core.test_permissions import may, world
from tests.flow.core.world import UNITS, World
from tests.sampled import sampled

__all__ = ["world"]  # a fixture


@dataclass
class Caller:
    """Somebody who calls the application, in this process."""

    app: Any
    who: Who | Exception = Account("nobody", Via.PEER)  # noqa: RUF009 - it is frozen
    failures: list[Exception] = field(default_factory=list)
    runner: Aside = field(default_factory=Aside)

    def identity(self, _: Any) -> Who:
        if isinstance(self.who, Exception):
            raise self.who
        return self.who

    def send(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """Send a request, and return status and answer."""
        return self.runner.run(self._sent(method, path, body, headers))

    async def _sent(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        named = {"content_type": "application/json", **headers}
        scope = {
            "type": "http", "method": method, "path": path, "query_string": b"",
            "root_path": "", "scheme": "http", "http_version": "1.1", "state": {},
            "headers": [
                (name.replace("_", "-").encode(), text.encode())
                for name, text in named.items()
            ],
        }  # fmt: skip
        parts = [body[at : at + 65536] for at in range(0, len(body), 65536)] or [b""]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        text = b"".join(message.get("body", b"") for message in sent)
        plain = json.loads(text)
        assert b"Traceback" not in text
        assert (b"huimin-flow", b"1") in sent[0]["headers"]
        return sent[0]["status"], plain

    def act(self, name: str, **call: Any) -> tuple[int, dict[str, Any]]:
        return self.send("POST", f"/acts/{name}", json.dumps(call).encode())

    def ask(self, name: str, **call: Any) -> tuple[int, dict[str, Any]]:
        return self.send("POST", f"/questions/{name}", json.dumps(call).encode())


def caller_of(flow: Flow) -> Caller:
    caller = Caller(None)
    caller.app = acts.make(flow, caller.identity, failed=caller.failures.append)
    return caller


@pytest.fixture
def caller(file_desk: Desk) -> Iterator[Caller]:
    made = caller_of(file_desk.flow)
    with made.runner:
        yield made
    assert made.failures == []


@pytest.fixture
def production(tmp_path: Path, book: Rulebook) -> Iterator[Caller]:
    """A production database with three accounts: one has two posts."""
    held = {"office-1": "clerk", "op-500101": "both", "office-2": "both",
            "auditor-1": "auditor"}  # fmt: skip
    people = tuple(
        replace(post, accounts=(held[post.id],)) if post.id in held else post
        for post in book.organization.people
    )
    own = replace(book, organization=replace(book.organization, people=people))
    with Flow.found(f"sqlite:///{tmp_path / 'own.db'}", own) as flow:
        made = caller_of(flow)
        with made.runner:
            yield made
        assert made.failures == []


DEMAND = {"title": "甲", "origin": "problem", "area": "employment", "unit": UNIT}


def compared(role: Role, whose: str) -> bool:
    """Whether every reason that a post hears is held against the library's."""
    return role in {Role.OPERATOR, Role.OFFICE} and whose == "own"


def test_the_matrix_of_the_application_is_that_of_the_library(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    desk, asked, seen = world.desk, arguments(world), Counter[bool]()
    caller = caller_of(desk.flow)
    texts = {
        name: wire.plain_call(case.function, (), asked[name])
        for name, case in ACTS.items()
    }
    cells = [
        (name, role, whose, may(world, name, role, whose))
        for name, role, whose in product(ACTS, Role, UNITS)
    ]
    assert len(cells) == len(ACTS) * len(Role) * len(UNITS) > 2_500
    chosen = sampled(  # each act and each post, allowed and refused; by night all
        cells,
        lambda cell: (cell[0], cell[3]),
        lambda cell: (cell[1], cell[2], cell[3]),
        lambda cell: (cell[0], cell[1], cell[2]) if compared(*cell[1:3]) else None,
    )
    with caller.runner:
        for name, role, whose, can in chosen:
            by = world.actor(role, whose)
            status, plain = caller.act(name, by=by.id, dry=True, **texts[name])
            codes = {reason["code"] for reason in plain.get("reasons", ())}
            assert can is (not codes & LACK), (name, role, whose, plain)
            assert (status == 403) is (not can), (name, role, whose, status, plain)
            if compared(role, whose):
                reasons = tried(desk.flow, name, asked[name], by)
                assert codes == {reason.code for reason in reasons}, (name, role)
            seen[can] += 1
    assert caller.failures == []
    record_property("permissions tried through the application", dict(seen))
    assert min(seen[True], seen[False]) > len(ACTS)


def test_the_account_that_is_known_acts_and_by_only_chooses(
    production: Caller,
) -> None:
    call = {"args": {"demand": DEMAND}}
    assert production.act("items.collect", **call)[0] == 403  # nobody
    production.who = Account("clerk", Via.PEER)
    status, plain = production.act("items.collect", by="office-2", **call)
    assert (status, plain["code"]) == (403, "not_your_post")
    production.who = Account("both", Via.PEER)
    status, plain = production.act("items.collect", **call)
    assert (status, plain["code"]) == (403, "post_unclear")
    status, plain = production.act("items.collect", by="op-500101", **call)
    assert status == 200
    number = plain["answer"]["number"]
    events = production.ask("items.history", args={"number": number})[1]["answer"]
    assert [(line["event"]["actor"], line["event"]["via"]) for line in events] == [
        ("op-500101", "peer")
    ]
    roles = {"by": "op-500101", "roles": ["auditor"], **call}
    assert production.act("items.collect", **roles)[0] == 403  # fewer, never more
    second = {"book": "", "second": "office-1"}
    status, plain = production.act("rulebook.activate", by="office-2", args=second)
    assert status == 400  # no rulebook
    args = {"number": number, "reason_code": "not_ours", "second": "office-1"}
    status, plain = production.act("items.cancel", by="office-2", args=args)
    assert (status, plain["code"]) == (400, "second_present")


def test_without_a_post_one_can_ask_and_do_nothing(production: Caller) -> None:
    assert production.ask("items.count", args={}) == (200, {"answer": 0})
    assert production.ask("people.todo", args={})[0] == 403
    status, plain = production.ask(
        "people.identify", args={"account": "clerk", "person": None}
    )
    assert (status, plain["code"]) == (403, "account_without_post")
    production.who = Account("clerk", Via.PEER)
    status, plain = production.ask(
        "people.identify", args={"account": "both", "person": None}
    )
    assert (status, plain["answer"]["id"], plain["answer"]["via"]) == (
        200, "office-1", "peer",
    )  # fmt: skip


def test_only_who_may_audit_reads_the_refusals(production: Caller) -> None:
    for account, status in (("clerk", 403), ("both", 403), ("auditor", 200)):
        production.who = Account(account, Via.PEER)
        for question in ("records.refusals", "records.count_refusals"):
            answer = production.ask(question, args={})
            assert answer[0] == status, (account, answer)
    production.who = Account("clerk", Via.PEER)
    assert production.ask("records.refusals", args={})[1]["code"] == "duty_missing"


def test_only_who_may_follow_changes_reads_them(production: Caller) -> None:
    for account, status in (("auditor", 403), ("clerk", 200), ("both", 200)):
        production.who = Account(account, Via.PEER)
        for question in ("changes.after", "deliveries.list", "changes.cursors"):
            answer = production.ask(question, args={})
            assert answer[0] == status, (account, answer)
    (first, *_) = production.ask("changes.after", args={"limit": 3})[1]["answer"]
    assert (first["position"], first["kind"]) == (1, "rulebook")


def test_a_host_may_say_itself_which_post_acts(file_desk: Desk, caller: Caller) -> None:
    caller.who = file_desk.operator
    call = {"args": {"demand": DEMAND}}
    status, plain = caller.act("items.collect", **call)
    assert status == 200
    history = file_desk.flow.items.history(plain["answer"]["number"])
    assert history[0].event.via == Via.HOST
    assert caller.act("items.collect", by=file_desk.office.id, **call)[0] == 403
    caller.who = StepRefused(())
    assert caller.act("items.collect", **call)[0] == 409


async def _awaited(_: object) -> Any:
    raise AssertionError


#: What a host's function may return by mistake, with status and code.
NO_CALLERS: dict[str, tuple[Callable[[], Any], int, str]] = {
    "none": (lambda: None, 401, "desk_nobody"),
    "no text": (lambda: "", 401, "desk_nobody"),
    "no account": (lambda: Account("", Via.HOST), 401, "desk_nobody"),
    "a name": (lambda: "zhang", 500, "desk_identity_unfit"),
    "an account of none": (
        lambda: Account(None, Via.HOST), 500, "desk_identity_unfit",  # type: ignore[arg-type]
    ),
    "a coroutine": (lambda: _awaited(None), 500, "desk_identity_unfit"),
}  # fmt: skip


@pytest.mark.parametrize("way", NO_CALLERS)
def test_whom_the_host_does_not_name_is_told_nothing(caller: Caller, way: str) -> None:
    made, status, code = NO_CALLERS[way]
    call = b'{"args": {}}'
    for method, place in (
        ("GET", "/"), ("GET", "/openapi.json"), ("GET", "/schema/items.list"),
        ("POST", "/questions/items.count"), ("POST", "/acts/items.collect"),
        ("POST", "/sessions/snapshot"),
    ):  # fmt: skip
        caller.who = made()
        answer = caller.send(method, place, call)
        assert (answer[0], answer[1]["code"]) == (status, code), place


def test_the_hosts_own_answer_is_handed_on_from_everywhere(caller: Caller) -> None:
    caller.who = HTTPException(403, {"why": object()})  # type: ignore[arg-type]
    for method, place in (
        ("GET", "/"),
        ("GET", "/openapi.json"),
        ("POST", "/acts/a.b"),
    ):
        status, plain = caller.send(method, place, b"{}")
        assert (status, plain["message"]) == (403, "dict"), place


def test_a_post_that_a_host_names_reads_only_what_its_duties_are(
    file_desk: Desk, caller: Caller
) -> None:
    unknown = replace(file_desk.office, id="ghost")
    for who, status in (
        (file_desk.operator, 403), (unknown, 403), (file_desk.flow.people.actor("auditor-1"), 200),
    ):  # fmt: skip
        caller.who = who
        assert caller.ask("records.refusals", args={})[0] == status, who.id
    assert caller.ask("changes.after", args={})[0] == 403
    caller.who = file_desk.office
    assert caller.ask("changes.after", args={})[0] == 200


def test_a_name_twice_in_a_call_is_refused(caller: Caller) -> None:
    for body in (b'{"args": {}, "args": {"limit": 1}}', b'{"args": {"a": 1, "a": 2}}'):
        assert caller.send("POST", "/questions/items.count", body)[0] == 400
    twice = b'{"args": {"search": {"limit": 1, "limit": 2}}}'
    assert caller.send("POST", "/questions/items.count", twice)[0] == 400


def test_who_names_only_own_roles_keeps_no_other(
    file_desk: Desk, caller: Caller
) -> None:
    caller.who = file_desk.operator
    call: dict[str, Any] = {"args": {"demand": DEMAND}}
    assert caller.act("items.collect", own_roles=["clerk"], **call)[0] == 403
    assert caller.act("items.collect", **call)[0] == 200


def test_a_trial_and_a_retry_do_nothing_twice(file_desk: Desk, caller: Caller) -> None:
    by, call = file_desk.operator.id, {"args": {"demand": DEMAND}}
    status, plain = caller.act("items.collect", by=by, dry=True, **call)
    assert (status, plain["answer"]["state"]) == (200, "collected")
    assert [event["step"] for event in plain["events"]] == ["collect"]
    assert file_desk.flow.items.count() == 0
    made = [caller.act("items.collect", by=by, request="r-1", **call) for _ in range(2)]
    assert made[0] == made[1]
    assert file_desk.flow.items.count() == 1
    status, plain = caller.act(
        "items.collect",
        by=by,
        request="r-1",
        args={"demand": {**DEMAND, "title": "乙"}},
    )
    assert (status, plain["error"]) == (409, "RequestReused")


def test_refusals_have_a_status_by_their_kind(file_desk: Desk, caller: Caller) -> None:
    number, by = file_desk.item().number, file_desk.office.id
    stale = {"number": number, "reason": "duplicate", "version": 9}
    for status, code, answer in (
        (400, "argument_missing", caller.act("items.close", by=by, args={})),
        (400, "no_call", caller.send("POST", "/acts/items.close", b"{")),
        (400, "no_call", caller.send("POST", "/acts/items.close", b"{}",
                                     content_type="text/plain")),
        (400, "no_call", caller.send("POST", "/acts/items.close", b"{}",
                                     content_encoding="gzip")),
        (403, "post_unknown", caller.act("items.close", by="x", args={"number": "1"})),
        (404, "item_unknown", caller.act("items.close", by=by, args={"number": "1"})),
        (404, "act_unknown", caller.act("items.nothing", by=by, args={})),
        (404, "act_unknown", caller.ask("items.close", by=by, args={})),
        (404, "act_unknown", caller.act("items.get", by=by, args={})),
        (404, "act_unknown", caller.act("items.__init__", by=by, args={})),
        (404, "act_unknown", caller.send("GET", "/schema/items._door")),
        (404, "act_unknown", caller.send("GET", "/nothing")),
        (405, "act_unknown", caller.send("GET", "/acts/items.close")),
        (409, "stale_version", caller.act("items.reject", by=by, args=stale)),
        (409, "no_such_arc", caller.act("items.close", by=by, args={"number": number})),
    ):  # fmt: skip
        assert (answer[0], answer[1]["code"]) == (status, code), answer
        assert answer[1]["message"]
        assert answer[1]["remedy"]
    english = caller.send(
        "POST", "/acts/items.close", b'{"args": {}}', accept_language="en-GB,en"
    )
    assert english[1]["message"] == "number is missing"


def test_bodies_have_limits_and_files_their_own(
    file_desk: Desk, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MOST", 100_000)
    number, by = file_desk.item().number, file_desk.operator.id
    long = {"demand": {**DEMAND, "description": "甲" * 100_000}}
    status, plain = caller.act("items.collect", by=by, args=long)
    assert (status, plain["code"]) == (413, "desk_request_too_large")
    content = bytes(300_000)
    for code in (base64.b64encode, base64.urlsafe_b64encode):
        args = {"number": number, "name": "a.bin", "content": code(content).decode()}
        status, plain = caller.act("items.attach", by=by, args=args)
        assert (status, plain["answer"]["size"]) == (200, len(content))
    status, plain = caller.ask(
        "items.attached", args={"digest": plain["answer"]["digest"]}
    )
    assert base64.urlsafe_b64decode(plain["answer"]) == content
    args["content"] = "!"
    assert caller.act("items.attach", by=by, args=args)[0] == 400


def test_an_unexpected_error_is_logged_and_says_nothing(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        message = "secret 13800138000"
        raise RuntimeError(message)

    caller = caller_of(file_desk.flow)
    monkeypatch.setattr(acts, "answer", broken)
    with caller.runner:
        status, plain = caller.ask("items.count", args={})
    assert (status, plain["code"]) == (500, "unexpected")
    assert "secret" not in json.dumps(plain)
    assert [str(failure) for failure in caller.failures] == ["secret 13800138000"]


def test_each_method_has_a_schema(caller: Caller) -> None:
    for name in methods(Flow):
        status, plain = caller.send("GET", f"/schema/{name}")
        assert (status, plain["type"]) == (200, "object"), name
    assert plain["additionalProperties"] is False


def test_a_rehearsals_moment_is_refused_in_production(
    caller: Caller, production: Caller, file_desk: Desk
) -> None:
    moment = "2023-11-30T01:00:00+00:00"
    call = {"by": file_desk.operator.id, "now": moment, "args": {"demand": DEMAND}}
    status, plain = caller.act("items.collect", **call)
    event = file_desk.flow.items.history(plain["answer"]["number"])[0].event
    assert event.at.isoformat() == moment
    status, plain = production.act("items.collect", **call)
    assert (status, plain["code"]) == (500, "clock_given")
    call["now"] = "0001-01-01T00:00:00+23:59"
    assert caller.act("items.collect", **call)[0] == 400


def test_statuses_of_all_kinds() -> None:
    assert status_of(NotFound(())) == 404
    assert status_of(InputRefused(())) == 400
    assert status_of(StoreRefused(())) == 500
