"""The public API as one text: what a host may call, pass, get and branch on.

``python -m tests.flow.public_api`` writes it to ``public_api.txt``. Do that only if
the API is to change, and say in CHANGELOG.md what changed for hosts.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from pathlib import Path
from textwrap import wrap
from typing import Any, Protocol, get_args, get_type_hints

from sqlalchemy import Connection, Engine

from huimin_flow import api, errors
from huimin_flow.catalogue import reasons
from huimin_flow.catalogue.terms import ReasonCode
from huimin_flow.flow.core.acts import ACTING
from huimin_flow.flow.methods import methods

FROZEN = Path(__file__).with_suffix(".txt")


def public() -> set[type]:
    """Return what ``huimin_flow.api`` must give, from the signatures alone."""
    roots: set[type] = {
        api.Flow,
        api.RehearsalClock,  # what a host's tests give for a clock
        *(kind for kind in vars(errors).values() if _is_a(errors.HuiminError, kind)),
        *(kind for kind in vars(reasons).values() if _is_a(ReasonCode, kind)),
    } - {ReasonCode}
    for kind in [each for each in roots if issubclass(each, errors.HuiminError)]:
        for hint in get_type_hints(kind).values():
            _reach(hint, roots)
    called = [*methods(api.Flow).values(), *(f for _, f in own(api.Flow))]
    called += functions()
    for function in called:
        for hint in hints_of(function).values():
            _reach(hint, roots)
    return roots


def functions() -> list[Callable[..., Any]]:
    """Return the functions that ``huimin_flow.api`` gives beside the classes."""
    given = (getattr(api, name) for name in api.__all__)
    return [each for each in given if inspect.isfunction(each)]


def hints_of(called: Callable[..., Any]) -> dict[str, Any]:
    """Return the types of a method's arguments and result."""
    declared = inspect.signature(called).parameters.keys() | {"return"}
    known = get_type_hints(
        called, localns=vars(api) | {"Connection": Connection, "Engine": Engine}
    )
    return {name: hint for name, hint in known.items() if name in declared}


def _is_a(base: type, kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)


def own(flow: type) -> Iterator[tuple[str, Any]]:
    """Yield the methods of a Flow that stand under no noun."""
    bases = flow.__mro__[1:-1] if flow is api.Flow else ()
    for declaring in (flow, *bases):
        for name, member in vars(declaring).items():
            called = getattr(member, "__func__", member)
            called = getattr(called, "fget", called)
            if inspect.isfunction(called) and not name.startswith("_"):
                yield name, called


def _reach(hint: Any, reached: set[type]) -> None:
    """Add our classes that a type names, and those that their fields name."""
    if not isinstance(hint, type) or not hint.__module__.startswith("huimin_flow"):
        for part in hint if isinstance(hint, list) else get_args(hint):
            _reach(part, reached)  # a list: what a function of the host takes
    elif hint not in reached:
        reached.add(hint)
        parts = get_type_hints(hint) if is_dataclass(hint) else {}
        if Protocol in hint.__bases__:  # what a host's own function gets and returns
            parts = get_type_hints(vars(hint).get("__call__", hint))
        for part in parts.values():
            _reach(part, reached)


def text() -> str:
    """Return the public API, one thing a line; long lines go on indented."""
    lines = [f"{name}{signature(f)}" for name, f in methods(api.Flow).items()]
    lines += ["", *(f"{each.__name__}{signature(each)}" for each in functions())]
    for flow in (api.Flow, api.Snapshot, api.Trial):
        lines += ["", *(f"{flow.__name__}.{n}{signature(f)}" for n, f in own(flow))]
    for kind in sorted(public(), key=lambda kind: kind.__name__):
        if kind not in {api.Flow, api.Snapshot, api.Trial}:
            lines += ["", _class(kind)]
    return (
        "\n".join("\n".join(wrap(line, 88, subsequent_indent="    ")) for line in lines)
        + "\n"
    )


def signature(called: Callable[..., Any]) -> str:
    """Return the parameters and the result of a method, without ``self``."""
    hints = hints_of(called)
    signature = inspect.signature(called)
    shown = [
        part.replace(
            annotation=hints.get(part.name, part.empty),
            default=... if part.default is ACTING else part.default,
        )
        for part in signature.parameters.values()
        if part.name not in {"self", "cls"}
    ]
    return plain(str(inspect.Signature(shown, return_annotation=hints["return"])))


def _class(kind: type) -> str:
    if issubclass(kind, Enum):
        return f"{kind.__name__}: " + " ".join(
            part.name
            if part.name.lower() == part.value
            else f"{part.name}={part.value}"
            for part in kind
        )
    bases = ", ".join(base.__name__ for base in kind.__bases__ if base is not object)
    head = f"{kind.__name__}({bases}): " if bases else f"{kind.__name__}: "
    parts = []
    if issubclass(kind, errors.HuiminError):
        hints = get_type_hints(kind)
        own = [name for name in vars(kind).get("__annotations__", ()) if name in hints]
        parts += [f".{name}: {inspect.formatannotation(hints[name])}" for name in own]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        for field in fields(kind):
            part = f"{field.name}: {inspect.formatannotation(hints[field.name])}"
            if field.default is not MISSING:
                part += f" = {field.default!r}"
            elif field.default_factory is not MISSING:
                part += " = ..."
            parts.append(part)
    named = {part.partition(":")[0].removeprefix(".") for part in parts}
    parts += [
        f".{name}" if isinstance(member, property) else f".{name}()"
        for name, member in vars(kind).items()
        if not name.startswith("_") and name not in named and not _is_a(object, member)
    ]
    return plain(head + ", ".join(parts)).removesuffix(": ")


def plain(text: str) -> str:
    """Leave out modules, and write the members of terms by their names."""
    text = re.sub(r"<(\w+\.\w+): '[^']*'>", r"\1", text).replace("Ellipsis", "...")
    text = re.sub(
        r"Optional\[([\w.]+)\]", r"\1 | None", text.replace("NoneType", "None")
    )
    return re.sub(r"\b(?:[a-z_]\w*\.)+(?=\w)", "", text)


def main() -> None:
    """Write the list, or only compare it with ``--check``."""
    if "--check" not in sys.argv:
        FROZEN.write_text(text(), encoding="utf-8")
    elif FROZEN.read_text(encoding="utf-8") != text():
        sys.exit(f"{FROZEN} differs; if it is to: python -m tests.flow.public_api")


if __name__ == "__main__":
    main()
