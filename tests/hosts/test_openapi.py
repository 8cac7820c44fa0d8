"""The OpenAPI document is valid, and everything that is called and answered fits it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from huimin_flow import tick
from huimin_flow.api import Actor, Flow, State, StreamKind, to_plain
from huimin_flow.clock import at_hour
from huimin_flow.desk import acts
from huimin_flow.desk.core import openapi
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.core.arguments import types_of
from huimin_flow.flow.methods import methods
from huimin_flow.streams import STREAMS
from huimin_flow.testing import Desk
from tests.flow.test_wire import PLAIN, of
from tests.hosts.described import JSON, Described, examples

METHODS = methods(Flow)


@pytest.fixture(scope="module")
def described() -> Described:
    return Described(openapi.document("/engine"))


def place_of(name: str) -> str:
    return f"/{METHODS[name].case.kind.value}s/{name}"


def test_the_document_is_valid_and_names_every_act_and_question(
    described: Described,
) -> None:
    document = described.document
    validate(document)
    paths = {path for path in document["paths"] if path.count("/") == 2}
    assert paths - {"/schema/{name}"} == {place_of(name) for name in METHODS}
    assert document["servers"] == [{"url": "/engine"}]
    for name, method in METHODS.items():
        operation = document["paths"][place_of(name)]["post"]
        call = operation["requestBody"]["content"]["application/json"]["schema"]
        act = method.case.kind is Kind.ACT
        assert operation["operationId"] == name
        assert ("request" in call["properties"]) == ("dry" in call["properties"]) == act
        assert ("by" in call["properties"]) == ("by" in method.__annotations__)
        assert operation["responses"].keys() >= {"200", "400", "403", "404", "409"}
        assert operation["summary"].isascii() is False  # both languages
    assert all("__" not in name for name in document["components"]["schemas"])


def test_a_generator_finds_one_name_for_each_schema(described: Described) -> None:
    schemas = described.document["components"]["schemas"]
    named = Counter(
        re.sub(r"\W", "", each.get("title", name)).lower()
        for name, each in schemas.items()
    )
    assert [name for name, count in named.items() if count > 1] == []
    bodies = json.dumps(described.document["paths"])
    assert '"office", "coordination"' not in bodies  # roles are named, not told again


def test_a_hosts_own_answer_has_the_shape_of_a_refusal(
    desk: Desk, described: Described
) -> None:
    def nobody(_: object) -> Actor:
        raise HTTPException(401, {"why": "no token"}, {"www-authenticate": "Bearer"})

    host = FastAPI()
    host.mount("/engine", acts.make(desk.flow, nobody, failed=print))
    with TestClient(host) as client:
        answer = client.post("/engine/questions/items.list", json={"args": {}})
    assert (answer.status_code, answer.json()["message"]) == (
        401,
        '{"why": "no token"}',
    )
    assert answer.headers["www-authenticate"] == "Bearer"
    assert not described.faults(
        "/components/responses/Refused401/" + JSON, answer.json()
    )


def test_what_is_deprecated_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(METHODS["items.get"], "__deprecated__", "old", raising=False)
    openapi._made.cache_clear()
    paths = openapi.document("")["paths"]
    openapi._made.cache_clear()
    assert [
        path for path, each in paths.items() if "deprecated" in each.get("post", {})
    ] == ["/questions/items.get"]


def test_arguments_and_answers_of_every_method_fit(described: Described) -> None:
    seen = examples()
    assert seen.args.keys() == METHODS.keys()
    for name in METHODS:
        operation = described.operation(place_of(name))
        for plain in seen.args[name].values():
            faults = described.faults(
                f"{operation}/requestBody/{JSON}", {"args": plain}
            )
            assert not faults, (name, faults)
        for plain in seen.answers[name].values():
            answer = {"answer": plain}
            faults = described.faults(f"{operation}/responses/200/{JSON}", answer)
            assert not faults, (name, faults)


def test_refusals_fit(described: Described) -> None:
    refusals = examples().refusals
    assert len({refusal["code"] for _, refusal in refusals}) > 20
    for name, refusal in refusals:
        faults = described.faults("/components/schemas/Refused", refusal)
        assert not faults, (name, faults)


def test_every_change_fits_the_schema_of_its_kind(
    described: Described, file_desk: Desk
) -> None:
    flow = file_desk.flow
    file_desk.bring(State.ASSIGNED)
    file_desk.clock.set(at_hour(date(2023, 10, 25), 10))  # figures are called for
    tick(flow)
    changes = [*examples().changes, *flow.changes(limit=1000)]
    assert {change.kind for change in changes} == {*STREAMS}, "show each kind once"
    schemas = {kind: dict(flow.changes.schema(kind)) for kind in STREAMS}
    for kind, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        component = described.document["components"]["schemas"][f"Change.{kind}"]
        assert {**component, "$schema": schema["$schema"]} == schema
    checks: dict[StreamKind, Any] = {
        kind: Draft202012Validator(
            schema, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        for kind, schema in schemas.items()
    }
    for change in changes:
        plain = json.loads(json.dumps(to_plain(change)))
        checks[change.kind].validate(plain)
        assert not checks[change.kind].is_valid({**plain, "who": "x"})
        assert not checks[change.kind].is_valid({**plain, "at": "yesterday"})
        strange = {**plain, "data": {**plain["data"], "title": "x"}}
        assert not checks[change.kind].is_valid(strange)
    one = to_plain(changes[0])
    assert not described.faults("/components/schemas/FeedChange", one)
    assert described.faults("/components/schemas/FeedChange", {**one, "kind": "x"})


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    host = FastAPI()
    failures: list[Exception] = []
    host.mount(
        "/engine", acts.make(desk.flow, lambda _: desk.office, failed=failures.append)
    )
    with TestClient(host) as client:
        yield client
    assert failures == []


def test_a_mounted_application_answers_its_document(
    client: TestClient, described: Described
) -> None:
    answer = client.get("/engine/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == described.document


def test_calls_over_http_fit_what_is_described(
    client: TestClient, described: Described, desk: Desk
) -> None:
    number = desk.collect().number

    def call(path: str, **call: Any) -> tuple[int, Any]:
        operation = described.operation(path)
        assert not described.faults(f"{operation}/requestBody/{JSON}", call)
        answer = client.post(f"/engine{path}", json=call)
        status = answer.status_code
        response = described.document["paths"][path]["post"]["responses"][str(status)]
        place = f"{operation}/responses/{status}"
        if "$ref" in response:
            place = response["$ref"].removeprefix("#")
        assert not described.faults(f"{place}/{JSON}", answer.json())
        return status, answer.json()

    args = {"number": number, "reason": "duplicate"}
    status, tried = call("/acts/items.reject", args=args, dry=True)
    assert (status, tried["events"][0]["step"]) == (200, "reject")
    assert (
        call("/questions/items.get", args={"number": number})[1]["answer"]["state"]
        == "collected"
    )
    first = call("/acts/items.reject", args=args, request="r-1")
    assert call("/acts/items.reject", args=args, request="r-1") == first
    status, refusal = call("/acts/items.close", args={"number": number})
    assert (status, refusal["code"]) == (409, "no_such_arc")
    assert call("/questions/items.get", args={"number": "x"})[0] == 404
    status, told = call(
        "/questions/changes.after", args={"after": 0, "kinds": ["item"]}
    )
    assert (status, told["answer"][-1]["state"]) == (200, State.REJECTED)


NOT_THERE = "0" * 64


@pytest.mark.parametrize(
    ("path", "call", "status", "code"),
    [
        ("/questions/rulebook.active", {"args": {"digest": NOT_THERE}}, 404, "rulebook_unknown"),
        ("/questions/fields.choices", {"args": {"argument": "unit", "limit": -1}}, 400, "count_out_of_range"),
        ("/questions/ledgers.awaited", {"args": {"skip": -1}}, 400, "skip_negative"),
        ("/acts/items.adjust", {"args": {}, "own_roles": [{}]}, 400, "no_call"),
        ("/acts/screening.run", {"args": {}, "now": "2000-01-01T00:00:00Z"}, 409, "clock_behind"),
    ],
)  # fmt: skip
def test_what_fuzzers_found_is_refused_with_a_code(
    path: str, call: Any, status: int, code: str, client: TestClient, desk: Desk
) -> None:
    desk.collect()
    answer = client.post(f"/engine{path}", json=call)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["remedy"]


def test_colors_that_were_never_published_have_no_scores(client: TestClient) -> None:
    plain = {"key": "", "period": "2023-09", "groups": {}, "revisions": {}}
    colors = {**plain, "rulebook": "", "scored": []}
    call = {"args": {"colors": colors}}
    answer = client.post("/engine/questions/scores.of_colors", json=call)
    assert answer.status_code == 404


#: Questions of each room, asked with whatever fits their description.
ASKED = (
    "items.list", "items.possible", "appeals.list", "ledgers.demands", "meetings.get",
    "tasks.sheet", "ratings.by", "scores.month", "boards.get", "fields.of",
    "changes.after", "records.events",
)  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_asked_is_answered_as_described(
    name: str, client: TestClient, described: Described, data: st.DataObject
) -> None:
    hints, operation = types_of(METHODS[name].case.function), place_of(name)
    _, *parts = METHODS[name].__signature__.parameters.values()
    args = {
        part.name: data.draw(of(hints[part.name]).map(to_plain) | PLAIN)
        for part in parts
        if part.name != "by"
        and (part.default is part.empty or data.draw(st.booleans()))
    }
    place = described.operation(operation)
    fits = not described.faults(f"{place}/requestBody/{JSON}", {"args": args})
    answer = client.post(f"/engine{operation}", json={"args": args})
    status = str(answer.status_code)
    if status == "200":
        assert fits, args
        assert not described.faults(f"{place}/responses/200/{JSON}", answer.json())
    else:
        assert status in {"400", "403", "404", "409"}, answer.json()
        assert not described.faults("/components/schemas/Refused", answer.json())
