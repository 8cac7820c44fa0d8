"""Run the examples of the reference, and see which public names they use.

Only what an example's own lines call counts, not what the desk does for it.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cache, wraps
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from huimin_flow import api
from huimin_flow.catalogue.reasons import CODES
from huimin_flow.errors import HuiminError
from huimin_flow.flow import Flow, Questions
from huimin_flow.flow.core.door import Door
from huimin_flow.flow.facade import Trial
from huimin_flow.flow.methods import name_of
from huimin_flow.testing import Desk, rehearsal

DOCS = Path(__file__).parent.parent / "docs"
EXAMPLES = DOCS / "examples"
ROOMS = sorted(path.name for path in EXAMPLES.iterdir() if any(path.glob("*.py")))


@dataclass
class Used:
    """What examples have used: methods by name, and public classes by name."""

    methods: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)
    seen: dict[int, Any] = field(default_factory=dict)

    def take(self, *values: Any) -> None:
        """Keep the classes of values, and of all that they hold."""
        waiting = [*values]
        while waiting:
            value = waiting.pop()
            if (
                value is None
                or isinstance(value, (bytes, int))
                or id(value) in self.seen
            ):
                continue
            self.seen[id(value)] = value  # kept, so that no other gets its id
            self.classes |= {kind.__name__ for kind in type(value).__mro__}
            if isinstance(value, HuiminError):
                waiting += [*value.reasons, *getattr(value, "problems", ())]
            elif isinstance(value, Mapping):
                waiting += [*value, *value.values()]
            elif isinstance(value, (list, tuple, set, frozenset)):
                waiting += value
            elif is_dataclass(value) and not isinstance(value, (type, Enum)):
                waiting += [getattr(value, part.name) for part in fields(value)]
                if isinstance(value, api.Reason):
                    waiting.append(CODES.get(value.code))


def from_example(depth: int) -> bool:
    """Tell whether the caller so many frames up is an example."""
    return sys._getframe(depth + 1).f_code.co_filename.startswith(str(EXAMPLES))


@contextmanager
def traced(used: Used) -> Iterator[None]:
    """Keep what examples use meanwhile."""
    with ExitStack() as patches:
        made: Any = making(used, HuiminError.__init__)
        patches.enter_context(patch.object(HuiminError, "__init__", made))
        for name in ("ask", "perform"):
            made = asking(used, vars(Door)[name])
            patches.enter_context(patch.object(Door, name, made))
        for kind, name, member in own_members():
            public = f"{kind.__name__}.{name}".replace("Questions", "Flow")
            made = own(used, public, called_of(member))
            if isinstance(member, (classmethod, property)):
                made = type(member)(made)
            patches.enter_context(patch.object(kind, name, made))
        for name in api.__all__:  # before an example imports it
            if inspect.isfunction(function := getattr(api, name)):
                made = calling(used, function)
                patches.enter_context(patch.object(api, name, made))
        yield


def asking(used: Used, door: Callable[..., Any]) -> Callable[..., Any]:
    """Return a door's way to a use case, which keeps what an example's line used."""

    @wraps(door)
    def called(self: Door, function: Any, *args: Any, **kwargs: Any) -> Any:
        name = name_of(Flow, function) if from_example(2) else None
        if name is None:
            return door(self, function, *args, **kwargs)
        used.methods.add(name)
        return kept(used, door, self, function, *args, **kwargs)

    return called


def own(used: Used, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of a Flow itself, which keeps what an example's line used."""

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if not from_example(1):
            return function(*args, **kwargs)
        used.methods.add(name)
        used.classes.add(getattr(args[0], "__name__", type(args[0]).__name__))
        return kept(used, function, *args, **kwargs)

    return called


def calling(used: Used, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of the API, which keeps what an example's line gave and got."""

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if from_example(1):
            return kept(used, function, *args, **kwargs)
        return function(*args, **kwargs)

    return called


def making(used: Used, base: Callable[..., None]) -> Callable[..., None]:
    """Return how an error is made, keeping its class."""

    @wraps(base)
    def called(refusal: HuiminError, *args: Any, **kwargs: Any) -> None:
        used.raised |= {kind.__name__ for kind in type(refusal).__mro__}
        base(refusal, *args, **kwargs)

    return called


def kept(used: Used, called: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call, and keep what goes in and comes out."""
    used.take(*args, kwargs)
    try:
        answer = called(*args, **kwargs)
    except HuiminError as refused:
        used.take(refused)
        raise
    used.take(answer)
    return answer


def own_members() -> Iterator[tuple[type, str, Any]]:
    """Yield what a Flow has beside its nouns."""
    for kind in (Flow, Questions, Trial):
        for name, member in vars(kind).items():
            if name[0] != "_" and inspect.isfunction(called_of(member)):
                yield kind, name, member


def called_of(member: Any) -> Any:
    """Return the function in a class method or a property."""
    return getattr(member, "fget", getattr(member, "__func__", member))


def module_at(path: Path) -> ModuleType:
    """Return a module of a folder that is no package."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    with patch.dict(sys.modules, {path.stem: module}):
        spec.loader.exec_module(module)
    return module


@cache
def ran(room: str) -> Used:
    """Run the examples of a room, on one rehearsal; return what they used."""
    used = Used()
    with rehearsal() as desk, traced(used):
        for path in sorted((EXAMPLES / room).glob("*.py")):
            for example in stories(module_at(path)):
                example(desk)
    return used


def stories(module: ModuleType) -> Iterator[Callable[[Desk], None]]:
    """Yield the examples of a module, in the order of their lines."""
    for name, member in vars(module).items():
        own = inspect.isfunction(member) and member.__module__ == module.__name__
        if own and not name.startswith("_"):
            yield member
