"""What a release promises its hosts: names, parameters and fields that stay.

``surface`` tells it of today's code. ``broken`` compares two surfaces: whatever a
host of the earlier one wrote must go on working under the later one, unless the
earlier one had already said that it is deprecated.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, get_args, get_type_hints

from huimin_flow import api
from huimin_flow.flow.methods import methods
from tests.flow import public_api

Parts = dict[str, str]
Surface = dict[str, dict[str, Parts]]


def surface() -> Surface:
    """Return the methods with their parameters, and the classes with their fields.

    A part is ``required`` or ``optional``, a field of a class that no caller passes
    is ``given``, and a whole thing may be ``deprecated``.
    """
    called = dict(methods(api.Flow))
    for flow in (api.Flow, api.Snapshot, api.Trial):
        called |= {f"{flow.__name__}.{n}": f for n, f in public_api.own(flow)}
    passed: set[type] = set()
    for function in called.values():
        for name, hint in public_api.hints_of(function).items():
            if name != "return":
                _passed(hint, passed)
    return {
        "methods": {name: dict(_parameters(f)) for name, f in called.items()},
        "classes": {
            kind.__name__: dict(_members(kind, passed=kind in passed))
            for kind in sorted(public_api.public(), key=lambda kind: kind.__name__)
        },
    }


def _passed(hint: Any, reached: set[type]) -> None:
    for part in get_args(hint):
        _passed(part, reached)
    if isinstance(hint, type) and is_dataclass(hint) and hint not in reached:
        reached.add(hint)
        for part in get_type_hints(hint).values():
            _passed(part, reached)


def _parameters(function: Any) -> Iterator[tuple[str, str]]:
    if hasattr(function, "__deprecated__"):
        yield "", "deprecated"
    for part in inspect.signature(function).parameters.values():
        if part.name not in {"self", "cls"}:
            many = part.kind in {part.VAR_POSITIONAL, part.VAR_KEYWORD}
            needed = part.default is part.empty and not many
            yield part.name, "required" if needed else "optional"


def _members(kind: type, *, passed: bool) -> Iterator[tuple[str, str]]:
    if hasattr(kind, "__deprecated__"):
        yield "", "deprecated"
    if issubclass(kind, Enum):
        yield from ((part.name, "given") for part in kind)
    if is_dataclass(kind):
        for field in fields(kind):
            needed = field.default is MISSING and field.default_factory is MISSING
            yield (
                field.name,
                ("required" if needed else "optional") if passed else "given",
            )
    for name in vars(kind):
        if not name.startswith("_"):
            yield name, "given"


def broken(before: Surface, now: Surface) -> list[str]:
    """Return what a host of ``before`` can't do any more under ``now``."""
    lost = []
    for sort, things in before.items():
        for name, parts in things.items():
            if parts.get("") == "deprecated":
                continue
            today = now[sort].get(name)
            if today is None:
                lost.append(f"{name} is gone, and no release deprecated it")
                continue
            lost += [
                f"{name} has no {part} any more"
                for part in parts
                if part and part not in today
            ]
            lost += [
                f"{name} asks for {part}"
                for part, need in today.items()
                if need == "required" and parts.get(part) != "required"
            ]
    return lost
