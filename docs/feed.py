"""The page of the feed's changes: what each kind has in its data, and its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from huimin_flow.flow.outbox.changes import schema_of
from huimin_flow.streams import STREAMS

#: The file with the schemas of all kinds, for programs.
SCHEMAS = "reference/changes.schema.json"


def changes() -> str:
    """Return every kind of change with its steps and the fields of its data."""
    return "\n".join(_lines()) + "\n"


def schemas() -> str:
    """Return one JSON Schema of any change; each kind stands under ``$defs``."""
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "a change of the feed",
        "oneOf": [{"$ref": f"#/$defs/{kind.value}"} for kind in STREAMS],
        "$defs": {kind.value: schema_of(kind) for kind in STREAMS},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _lines() -> Iterator[str]:
    yield "# Changes of the feed\n"
    yield (
        "Written by `make docs` from the declarations of the streams; not by hand. A "
        "change has `position`, `key`, `kind`, `stream`, `step`, `state`, `at`, `unit` "
        "and `data`: see [subscribe to changes](../how-to/subscribe-to-changes.md). "
        "The fields of `data` follow from its kind; a field without a value may be "
        "missing. [The JSON Schema of all kinds](changes.schema.json) is what "
        "`flow.changes.schema(kind)` answers and the OpenAPI document has."
    )
    for kind in STREAMS:
        schema = schema_of(kind)["properties"]
        steps = ", ".join(f"`{step}`" for step in schema["step"]["enum"])
        yield f"\n## {kind.value}\n\n{kind.label}, {kind.english}. Steps: {steps}.\n"
        if fields := schema["data"]["properties"]:
            yield "| field | type |\n|---|---|"
            for name, own in fields.items():
                yield f"| `{name}` | {_type(own)} |"


def _type(schema: dict[str, Any]) -> str:
    """Return the type of a field in words."""
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if schema["type"] == "array":
        return f"several: {_type(schema['items'])}"
    named = {"null": "nothing", "string": "text", "integer": "whole number"}
    kind: str = schema["type"]
    return schema.get("format", named.get(kind, kind))
