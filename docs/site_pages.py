"""The pages that only the site has: the API by noun, its values, its examples.

A class is described from its source by mkdocstrings, a method of a noun from the one
description from which all doors are made.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from inspect import isfunction
from types import UnionType
from typing import Any, get_args, get_type_hints

from listings import entry, own_methods
from shown import Example, examples, shown, title

from huimin_flow import api
from huimin_flow.catalogue.acts import ACTS
from huimin_flow.catalogue.terms import ReasonCode
from huimin_flow.catalogue.typography import full_width
from huimin_flow.flow import Flow, Questions
from huimin_flow.flow.facade import Trial
from huimin_flow.flow.methods import methods
from huimin_flow.shell.main import places

#: The rooms, and what each is about.
ROOMS = {
    "core": "what all rooms share",
    "sensing": "appeals, gathering, answers, policies, screening",
    "deciding": "meetings, judgment, assessments, lists",
    "executing": "plans, tasks, progress, feeds, surveys",
    "services": "service items and ratings",
    "scoring": "scores, colors, rankings",
    "improving": "evaluation by others, boards, rectification, reviews",
}

#: The functions that stand beside them.
FUNCTIONS = {
    name: given for name in api.__all__ if isfunction(given := getattr(api, name))
}

#: The folder of these pages.
API = "reference/api"

CASES = methods(Flow)
CLASSES: dict[str, type] = {
    name: kind for name in api.__all__ if isinstance(kind := getattr(api, name), type)
}


def pages() -> dict[str, str]:
    """Return the text of every page by its path under the docs."""
    commands = {act: path for _, (_, path, act, _) in reversed([*places()])}
    names = [
        *CASES,
        *CLASSES,
        *FUNCTIONS,
        *(f"Flow.{n}" for n in vars(Flow) | vars(Questions)),
    ]
    seen = shown([*names, "Trial.events"])
    uses = _uses()
    made = {f"{API}/index.md": _index(), f"{API}/flow.md": _flow(seen)}
    for noun in dict.fromkeys(name.partition(".")[0] for name in CASES):
        made[f"{API}/{noun}.md"] = "\n".join(_noun(noun, commands, seen))
    for room in ROOMS:
        made[f"{API}/values-{room}.md"] = "\n".join(_values(room, seen, uses))
    made[f"{API}/functions.md"] = "\n".join(_functions(seen))
    made[f"{API}/errors.md"] = "\n".join(_errors(seen, uses))
    made[f"{API}/terms.md"] = "\n".join(_terms(seen, uses))
    for path in dict.fromkeys(example.path for example in examples()):
        told = [example for example in examples() if example.path == path]
        made[f"{API}/examples/{path.stem}.md"] = "\n".join(_told(title(path), told))
    return made


def room_of(name: str) -> str:
    """Return the room of a noun: that of most of its methods."""
    modules = [
        case.case.function.__module__.split(".")[2]
        for each, case in CASES.items()
        if each.startswith(f"{name}.")
    ]
    room = max(modules, key=modules.count)
    return room if room in ROOMS else "core"


def _index() -> str:
    """Return the page that leads to all others."""
    about = (
        "Written from the code when the site is built. Everything comes from "
        "`huimin_flow.api` and `huimin_flow.testing`. A [`Flow`](flow.md) has a noun "
        "for each thing, and a noun has the acts and questions about it. An act "
        "changes data and takes `by`, the actor; a question reads, and stands on a "
        "snapshot as well. The examples are run by a test; their `desk` is that of "
        "`huimin_flow.testing.rehearsal`."
    )
    lines = ["# Python API", "", about]
    for room, line in ROOMS.items():
        nouns = [n for n in _nouns() if room_of(n) == room]
        lines += ["", f"## {room.capitalize()}: {line}", ""]
        lines += ["| noun | acts | questions |", "|---|---|---|"]
        for noun in nouns:
            cells = {"act": "", "question": ""}
            for name in CASES:
                if name.startswith(f"{noun}."):
                    verb = name.partition(".")[2]
                    kind = CASES[name].case.kind.value
                    cells[kind] += f"[{verb}]({noun}.md#{name}) "
            lines.append(
                f"| [`flow.{noun}`]({noun}.md) | {cells['act']} | {cells['question']} |"
            )
        lines += ["", f"Its [values](values-{room}.md)."]
    lines += [
        "",
        "Besides: [functions](functions.md), [terms](terms.md), [errors](errors.md).",
    ]
    return "\n".join(lines)


def _nouns() -> list[str]:
    return [*dict.fromkeys(name.partition(".")[0] for name in CASES)]


def _flow(seen: dict[str, tuple[Example, str]]) -> str:
    """Return the page of what a Flow has beside its nouns."""
    lines = ["# Flow", "", inspect.getdoc(Flow) or ""]
    for kind in (Flow, Questions, Trial):
        owner = "Trial" if kind is Trial else "Flow"
        text = "\n".join(own_methods(kind)).strip()
        for part in text.split(f"## {owner}.")[1:]:
            name, _, rest = part.partition("\n")
            lines += ["", f"## {owner}.{name} {{ #{owner}.{name} }}", rest]
            lines += _example(seen.get(f"{owner}.{name}"))
    return "\n".join(lines)


def _noun(
    noun: str, commands: dict[str, str], seen: dict[str, tuple[Example, str]]
) -> Iterator[str]:
    """Yield the lines of a noun's page."""
    yield f"# flow.{noun}"
    for name, method in CASES.items():
        if name.startswith(f"{noun}."):
            about = (inspect.getdoc(method) or "").partition("Raises:\n")[0].strip()
            lines = list(entry(name, method, commands.get(name, "")))
            yield f"\n## {name.partition('.')[2]} {{ #{name} }}\n"
            yield f"{full_width(ACTS[name][0])} {ACTS[name][1]}\n"
            yield lines[2]  # the call
            yield f"{about}\n"
            yield from lines[3:]
            named = sorted({kind.__name__ for kind in _classes_of(method)})
            if named:
                yield f"Classes: {', '.join(map(_link, named))}.\n"
            yield from _example(seen.get(name))


def _functions(seen: dict[str, tuple[Example, str]]) -> Iterator[str]:
    """Yield the lines of the page with the functions of ``huimin_flow.api``."""
    yield "# Functions\n"
    yield "What runs by the clock, what audits, and answers as JSON or as rows.\n"
    for name, function in FUNCTIONS.items():
        yield f"\n::: {function.__module__}.{name}\n"
        yield from _example(seen.get(name))


def _example(example: tuple[Example, str] | None) -> Iterator[str]:
    """Yield a paragraph of an example, and the way to the whole."""
    if example is not None:
        story, paragraph = example
        yield f"\n```python\n{paragraph}\n```\n"
        place = f"examples/{story.path.stem}.md#{story.name}"
        yield f"From [{story.about}]({place})\n"


def _told(about: str, told: list[Example]) -> Iterator[str]:
    """Yield the lines of a page with whole examples."""
    yield f"# Examples: {about}\n"
    for example in told:
        yield f"\n## {example.name} {{ #{example.name} }}\n\n{example.about}\n"
        yield f"```python\n{example.source}\n```\n"


def _classes_of(called: Any) -> set[type]:
    """Return the public classes that a method's types name."""
    try:
        hints = get_type_hints(called, localns=vars(api))
    except NameError:
        return set()
    return {kind for hint in hints.values() for kind in _within(hint)}


def _within(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and CLASSES.get(hint.__name__) is hint:
        yield hint
    if get_args(hint) or isinstance(hint, UnionType):
        for part in get_args(hint):
            yield from _within(part)


def _uses() -> dict[type, list[str]]:
    """Return by class the methods and classes whose types name it."""
    uses: dict[type, list[str]] = {}
    for name, function in FUNCTIONS.items():
        for kind in _classes_of(function):
            uses.setdefault(kind, []).append(f"[`{name}`](functions.md)")
    for name, method in CASES.items():
        for kind in _classes_of(method):
            noun = name.partition(".")[0]
            uses.setdefault(kind, []).append(f"[`flow.{name}`]({noun}.md#{name})")
    for name, owner in CLASSES.items():
        if not issubclass(owner, (Enum, Flow, BaseException)):
            for kind in _classes_of(owner) - {owner}:
                uses.setdefault(kind, []).append(_link(name))
    return uses


def _link(name: str) -> str:
    """Return a link to the place of a class."""
    kind = CLASSES[name]
    if kind in {Flow, Trial, api.Snapshot}:
        return f"[`{name}`](flow.md)"
    if issubclass(kind, Enum):
        page = "errors" if issubclass(kind, ReasonCode) else "terms"
        return f"[`{name}`]({page}.md#{_place(kind)})"
    return f"[`{name}`][{_place(kind)}]"


def _place(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _about_use(
    kind: type, seen: dict[str, tuple[Example, str]], uses: dict[type, list[str]]
) -> Iterator[str]:
    """Yield where a class is met, and an example with its name."""
    if met := uses.get(kind, []):
        more = f" and {len(met) - 6} more" if len(met) > 6 else ""
        yield f"\nMet in {', '.join(met[:6])}{more}.\n"
    yield from _example(seen.get(kind.__name__))


def _values(
    room: str, seen: dict[str, tuple[Example, str]], uses: dict[type, list[str]]
) -> Iterator[str]:
    """Yield the lines of the page with a room's classes."""
    yield f"# Values of {room}: {ROOMS[room]}\n"
    for kind in CLASSES.values():
        parts = kind.__module__.split(".")
        own = parts[2] if len(parts) > 2 and parts[2] in ROOMS else "core"
        if own == room and not issubclass(kind, (Enum, BaseException, Questions)):
            yield from _class(kind)
            yield from _about_use(kind, seen, uses)


def _class(kind: type) -> Iterator[str]:
    """Yield what a class is, from its source, and the table of its fields."""
    known = fields(kind) if is_dataclass(kind) else ()
    named = {part.name for part in known}
    own = [n for n in vars(kind) if n[0] != "_" and n not in named]
    yield f"\n::: {_place(kind)}\n    options:\n      members: {own or 'false'}\n"
    if known:
        yield "| field | type | default |\n|---|---|---|"
    hints = get_type_hints(kind)
    for part in known:
        default = "" if part.default is MISSING else f"`{part.default!r}`"
        default = default if part.default_factory is MISSING else "empty"
        yield f"| `{part.name}` | {_typed(hints[part.name])} | {default} |"


def _typed(hint: Any) -> str:
    """Return a type in words of Markdown, with links to our classes."""
    text = re.sub(r"(?:\w+\.)+(?=\w)", "", inspect.formatannotation(hint))
    text = text.replace("|", "\\|").replace("[", "\\[").replace("]", "\\]")
    return re.sub(r"\w+", lambda w: _link(w[0]) if w[0] in CLASSES else w[0], text)


def _errors(
    seen: dict[str, tuple[Example, str]], uses: dict[type, list[str]]
) -> Iterator[str]:
    """Yield the lines of the page with the errors, and the enumerations of codes."""
    yield "# Errors and codes\n"
    for kind in CLASSES.values():
        if issubclass(kind, BaseException):
            yield f"\n::: {_place(kind)}\n"
            yield from _about_use(kind, seen, uses)
    yield "\n## Codes\n"
    yield "Each code stands with its sentences and its way out in the catalogue.\n"
    for name, kind in CLASSES.items():
        if issubclass(kind, ReasonCode):
            yield f"\n### {name} {{ #{_place(kind)} }}\n"
            yield f"{(kind.__doc__ or '').splitlines()[0]}\n"
            yield f"[Its codes](../refusals.md#{name.lower()})\n"
            yield from _about_use(kind, seen, uses)


def _terms(
    seen: dict[str, tuple[Example, str]], uses: dict[type, list[str]]
) -> Iterator[str]:
    """Yield the lines of the page with the enumerations of terms."""
    yield "# Terms\n"
    yield "A member is its identifier, and has `label` (中文) and `english`.\n"
    for name, kind in CLASSES.items():
        if issubclass(kind, Enum) and not issubclass(kind, ReasonCode):
            yield f"\n## {name} {{ #{_place(kind)} }}\n"
            yield f"{(kind.__doc__ or '').splitlines()[0]}\n"
            yield "| member | 中文 | English |\n|---|---|---|"
            for term in kind:
                words = getattr(term, "label", ""), getattr(term, "english", "")
                yield f"| `{name}.{term.name}` | {words[0]} | {words[1]} |"
            yield from _about_use(kind, seen, uses)
