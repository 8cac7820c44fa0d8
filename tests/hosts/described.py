"""What all examples of the reference did, as JSON: calls, answers, refusals, changes."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any
from unittest.mock import patch

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from huimin_flow.api import FeedChange, Flow, HuiminError, to_plain
from huimin_flow.flow import wire
from huimin_flow.flow.core.door import Door
from huimin_flow.flow.methods import name_of
from huimin_flow.testing import rehearsal
from tests import databases
from tests.examples import EXAMPLES, ROOMS, module_at, stories

#: How many different calls of a method are kept.
MOST = 2


@dataclass
class Seen:
    """By method: arguments, answers and refusals, all as JSON reads them."""

    args: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    answers: dict[str, dict[str, Any]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    refusals: list[tuple[str, Any]] = field(default_factory=list)
    changes: list[FeedChange] = field(default_factory=list)


def listening(seen: Seen, door: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of a door that keeps what it is asked and what it answers."""

    @wraps(door)
    def called(self: Door, function: Any, *args: Any, **kwargs: Any) -> Any:
        name = name_of(Flow, function)
        if name is None:
            return door(self, function, *args, **kwargs)
        try:
            answer = door(self, function, *args, **kwargs)
        except HuiminError as refusal:
            seen.refusals.append((name, wire.plain_refusal(refusal)))
            raise
        plain = wire.plain_call(function, args, kwargs)["args"]
        for kept, value in ((seen.args, plain), (seen.answers, to_plain(answer))):
            if len(kept[name]) < MOST:
                text = json.dumps(value, allow_nan=False)
                kept[name][text] = json.loads(text)
        return answer

    return called


@cache
def examples() -> Seen:
    """Run the examples of every room, each room on one rehearsal."""
    seen = Seen()
    with ExitStack() as patches:
        memory = databases.memory()  # a commit to a disk waits for it
        patches.enter_context(patch.object(tempfile, "tempdir", memory and str(memory)))
        for name in ("ask", "perform"):
            member = listening(seen, vars(Door)[name])
            patches.enter_context(patch.object(Door, name, member))
        for room in ROOMS:
            with rehearsal() as desk:
                for path in sorted((EXAMPLES / room).glob("*.py")):
                    for example in stories(module_at(path)):
                        example(desk)
                seen.changes += of(desk.flow)
    return seen


def of(flow: Flow) -> Iterator[FeedChange]:
    """Yield every change of a database."""
    last = 0
    while page := flow.changes(last, limit=1000):
        yield from page
        last = page[-1].position


class Described:
    """An OpenAPI document, whose parts check plain values."""

    def __init__(self, document: dict[str, Any]) -> None:
        """Store the document."""
        made = DRAFT202012.create_resource(document)
        self.document = document
        self._registry: Any = Registry().with_resource("urn:doc", made)

    def faults(self, place: str, plain: Any) -> list[str]:
        """Return what does not fit the schema at a place of the document."""
        validator = Draft202012Validator(
            {"$ref": f"urn:doc#{place}"},
            registry=self._registry,
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        return [
            f"{each.json_path}: {each.message}" for each in validator.iter_errors(plain)
        ]

    def operation(self, path: str) -> str:
        """Return the place of the operation of a path."""
        return f"/paths/{path.replace('/', '~1')}/post"


JSON = "content/application~1json/schema"
