"""The OpenAPI document of the application of acts, from their one description.

What a program in another language needs to make a client: each act and question with
its arguments, its answer and its refusals, and the changes of the feed by kind.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from huimin_flow import errors
from huimin_flow.catalogue.acts import ACTS
from huimin_flow.catalogue.reasons import ConfigProblem, Reason
from huimin_flow.catalogue.terms import Role
from huimin_flow.flow import Flow
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.core.arguments import bare, types_of
from huimin_flow.flow.fields import model_of
from huimin_flow.flow.methods import methods
from huimin_flow.flow.outbox.changes import schema_of
from huimin_flow.model.core.changes import FeedChange
from huimin_flow.model.core.events import Event
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.streams import STREAMS

#: The version of the application's paths and of what a call has beside its arguments.
VERSION: Final = "1"

#: The class of what the host itself answers.
HOST: Final = "HTTPException"

_REF: Final = "#/components/schemas/{model}"
_TEXT: Final = {"type": "string"}
_ROLE: Final = _REF.format(model=Role.__name__)

#: What is answered with a refusal, by status.
_REFUSED: Final = {
    "400": "An argument does not fit, or there is no such choice.",
    "401": "Nobody is known by the request; a host may say so in its own words.",
    "403": "The caller has no right to it.",
    "404": "It is not there.",
    "409": "A state, version, request id or clock does not fit: nothing was changed.",
    "413": "The body is too large.",
    "500": "The database is unfit, or an error that is no refusal: the host has a log.",
    "501": "The service runs without the extra that this needs.",
    "503": "Busy: send it again.",
}

_ABOUT: Final = """\
Every act and question of the engine is a POST of JSON. An act changes data, a question
reads. Values have codes; a decimal is its text, a day and a moment are ISO texts, bytes
are base64, a rulebook is its text. A refusal has its reasons as codes with values, and
the way out; `Accept-Language: en` asks for English sentences. Who calls is known by the
host into which this application is mounted.

Several calls on one moment, or tried together and undone, are one request to
`/sessions/snapshot` or `/sessions/trial`; each of its lines is a call, and is answered
by a line. OpenAPI has no words for that: docs/how-to/call-the-service.md has.\
"""

#: What a call may have beside its arguments.
_BESIDE: Final[dict[str, dict[str, Any]]] = {
    "by": {
        "type": ["string", "null"],
        "description": "Which post of the account acts; needed if it has several.",
    },
    "roles": {
        "anyOf": [
            {"type": "array", "items": {"$ref": f"{_ROLE}"}},
            {"type": "null"},
        ],
        "description": "Only these of the post's roles.",
    },
    "own_roles": {
        "type": ["array", "null"],
        "items": _TEXT,
        "description": "Only these of the roles of the host that the post has.",
    },
    "now": {
        "type": ["string", "null"],
        "format": "date-time",
        "description": "The moment, only in a rehearsal.",
    },
    "request": {
        "type": ["string", "null"],
        "minLength": 1,
        "maxLength": 200,
        "description": "An idempotency key: a retry gets the first answer.",
    },
    "dry": {
        "type": "boolean",
        "default": False,
        "description": "Only try it: `events` are what it would record.",
    },
}


class _Written(GenerateJsonSchema):
    """The schemas of values as they are written: a decimal is its text."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        del schema
        return {**_TEXT, "pattern": r"^-?\d+(\.\d+)?(E[+-]?\d+)?$"}


@cache
def _made() -> dict[str, Any]:
    """Return the document; it is the same for every host."""
    known = methods(Flow)
    inputs: list[tuple[str, Any, TypeAdapter[Any]]] = []
    for name, method in known.items():
        hint = types_of(method.case.function)["return"]
        inputs.append((f"{name} args", "validation", TypeAdapter(model_of(name))))
        if bare(hint) not in {bytes, Rulebook}:
            inputs.append((name, "validation", TypeAdapter(hint)))
    parts = {"Event": Event, "Reason": Reason, "ConfigProblem": ConfigProblem}
    inputs += [(name, "validation", TypeAdapter(kind)) for name, kind in parts.items()]
    found, defined = TypeAdapter.json_schemas(
        inputs, ref_template=_REF, schema_generator=_Written
    )
    schemas = {name: schema for (name, _), schema in found.items()}
    components = {**defined.get("$defs", {}), **dict(_changes())}
    for name in known:  # arguments stand in their operation: nothing else names them
        if place := schemas[f"{name} args"].get("$ref"):
            schemas[f"{name} args"] = components.pop(place.rpartition("/")[2])
    components["Refused"] = _refusal(schemas)
    paths: dict[str, Any] = dict(_own())
    for name, method in known.items():
        kind = method.case.kind
        place = f"/{kind.value}s/{name}"
        paths[place] = {"post": dict(_operation(name, method, schemas))}
    return _named(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "huimin_flow: acts and questions",
                "version": VERSION,
                "description": _ABOUT,
            },
            "servers": [{"url": "/"}],
            "tags": [
                {"name": noun}
                for noun in dict.fromkeys(name.partition(".")[0] for name in known)
            ],
            "paths": paths,
            "components": {
                "schemas": components,
                "responses": {
                    f"Refused{status}": _answered(about, {"$ref": f"{_ref('Refused')}"})
                    for status, about in _REFUSED.items()
                },
            },
        }
    )


def _named(whole: dict[str, Any]) -> dict[str, Any]:
    """Return the document with short names: two classes may have the same one.

    Then each has the name of its module before it, ``gathering.Problem``.
    """
    text, schemas = json.dumps(whole), whole["components"]["schemas"]
    for name in [name for name in schemas if "__" in name]:
        short = ".".join(name.split("__")[-2:])
        text = text.replace(f'"{_ref(name)}"', f'"{_ref(short)}"')
        text = text.replace(f'"{name}":', f'"{short}":')
    made: dict[str, Any] = json.loads(text)
    return made


def document(place: str) -> dict[str, Any]:
    """Return the OpenAPI document of the application that a host mounts at a place."""
    return {**_made(), "servers": [{"url": place or "/"}]}


def _ref(name: str) -> str:
    return _REF.format(model=name)


def _answered(about: str, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"description": about, "content": content}


def _operation(
    name: str, method: Any, schemas: dict[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Yield the parts of the operation of an act or a question."""
    function, act = method.case.function, method.case.kind is Kind.ACT
    about = (inspect.getdoc(function) or "").partition("Raises:\n")[0].strip()
    args = schemas[f"{name} args"]
    beside = ["now", *(["request", "dry"] if act else [])]
    beside += ["by", "roles", "own_roles"] if "by" in method.__annotations__ else []
    call: dict[str, Any] = {
        "type": "object",
        "properties": {"args": args, **{part: _BESIDE[part] for part in beside}},
        "required": ["args"],
        "additionalProperties": False,
    }
    hint = bare(types_of(function)["return"])
    answer = schemas.get(name, _TEXT)
    if hint is bytes:
        answer = {**_TEXT, "contentEncoding": "base64"}
    told: dict[str, Any] = {"answer": answer}
    if act:
        told["events"] = {"type": "array", "items": schemas["Event"]}
    whole = {
        "type": "object",
        "properties": told,
        "required": ["answer"],
        "additionalProperties": False,
    }
    yield "operationId", name
    yield "tags", [name.partition(".")[0]]
    yield "summary", " ".join(ACTS[name])
    yield "description", about
    if hasattr(method, "__deprecated__"):
        yield "deprecated", True
    yield (
        "requestBody",
        {"required": True, "content": {"application/json": {"schema": call}}},
    )
    refused = {
        status: {"$ref": f"#/components/responses/Refused{status}"}
        for status in _REFUSED
    }
    yield "responses", {"200": _answered("The answer.", whole), **refused}


def _own() -> Iterator[tuple[str, Any]]:
    """Yield the paths that are no acts and no questions."""
    moment = {**_TEXT, "format": "date-time"}
    hello = {
        "type": "object",
        "properties": {
            "rehearsal": {"type": "boolean"},
            "moment": moment,
            "account": _TEXT,
        },
        "required": ["rehearsal", "moment", "account"],
    }
    yield "/", _get("hello", "Who the caller is, and at which moment.", hello)
    name = {"name": "name", "in": "path", "required": True, "schema": _TEXT}
    schema = _get("schema", "The JSON Schema of the arguments.", {"type": "object"})
    yield "/schema/{name}", {**schema, "parameters": [name]}
    yield "/openapi.json", _get("openapi", "This document.", {"type": "object"})


def _get(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    refused = {"$ref": "#/components/responses/Refused403"}
    answers = {"200": _answered(about, schema), "403": refused}
    return {"get": {"operationId": name, "summary": about, "responses": answers}}


def _changes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the schemas of the changes, of each kind and of any."""
    names = {kind.value: f"Change.{kind.value}" for kind in STREAMS}
    for kind in STREAMS:
        yield names[kind.value], schema_of(kind)
    yield (
        FeedChange.__name__,
        {
            "oneOf": [{"$ref": _ref(name)} for name in names.values()],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {kind: _ref(name) for kind, name in names.items()},
            },
        },
    )


def _refusal(schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a refusal: see ``flow.wire.plain_refusal``."""
    classes = sorted(
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.HuiminError)
    )
    known: dict[str, Any] = {
        "error": {
            "enum": [*classes, HOST],
            "description": f"The class of the refusal; {HOST} if the host answers.",
        },
        "code": {
            **_TEXT,
            "description": f"The first reason's code: branch on it; none of {HOST}.",
        },
        "message": {**_TEXT, "description": "The sentence, for people."},
        "remedy": {**_TEXT, "description": "The way out, for people."},
        "reasons": {"type": "array", "items": schemas["Reason"]},
        "earliest": {"type": ["string", "null"], "format": "date"},
    }
    more = {
        "trace": {"type": "object", "description": "The entry in the refusals' log."},
        "problems": {"type": "array", "items": schemas["ConfigProblem"]},
        "notes": {"type": "array", "items": _TEXT},
    }
    return {
        "type": "object",
        "properties": {**known, **more},
        "required": list(known),
        "additionalProperties": False,
    }
