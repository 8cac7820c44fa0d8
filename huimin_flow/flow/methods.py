"""Methods from use cases: each is loaded at its first access, with its signature.

``Flow`` names its use cases without importing their modules: a caller who only
collects items loads neither scoring nor lists. A method shows (``help``,
``inspect``, type checkers) exactly the parameters that a caller may pass; the
engine passes the unit of work.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from huimin_flow.flow.core.work import Work
    from huimin_flow.flow.facade import Flow, Questions

P = ParamSpec("P")
R = TypeVar("R")


class Kind(Enum):
    """The kind of a method: it changes data, or it reads."""

    ACT = "act"
    QUESTION = "question"


class Rooms:
    """A placeholder for a module of use cases, which is imported later."""

    def __init__(self, name: str) -> None:
        """Store the module's name."""
        self._name = name

    def __getattr__(self, case: str) -> Method:
        """Return the placeholder for a use case of this module."""
        return Method(self._name, case)


class Method:
    """A placeholder in a class that its first access replaces by the method."""

    def __init__(self, module: str, case: str) -> None:
        """Store the module and the name of the use case."""
        self.module = module
        self.case = case
        self.kind = Kind.QUESTION

    def __set_name__(self, owner: type, name: str) -> None:
        """Store the class and the name of the method."""
        self._owner, self._name = owner, name

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """Return the method, and set it on the class."""
        import inspect  # noqa: PLC0415 - half the time of importing Flow

        from huimin_flow.flow.core.arguments import (  # noqa: PLC0415 - heavy
            fitting,
            types_of,
        )
        from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - brings the database

        module = import_module(f"huimin_flow.flow.{self.module}")
        function = getattr(module, self.case)

        def ask(self: Questions, *args: Any, **kwargs: Any) -> Any:
            fitting(function, args, kwargs)
            return door_of(self).ask(function, *args, **kwargs)

        def perform(self: Flow, *args: Any, **kwargs: Any) -> Any:
            fitting(function, args, kwargs)
            return door_of(self).perform(function, *args, **kwargs)

        made: Any = perform if self.kind is Kind.ACT else ask
        signature, hints = inspect.signature(function), dict(types_of(function))
        work, *others = signature.parameters.values()
        del hints[work.name]
        made.__signature__ = signature.replace(
            parameters=[
                inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD),
                *(other.replace(annotation=hints[other.name]) for other in others),
            ],
            return_annotation=hints["return"],
        )
        made.__annotations__ = hints
        made.__doc__ = function.__doc__
        made.__wrapped__ = function
        made.kind = self.kind
        made.__name__ = self._name
        made.__qualname__ = f"{self._owner.__qualname__}.{self._name}"
        made.__module__ = self._owner.__module__
        setattr(self._owner, self._name, made)
        return made if instance is None else made.__get__(instance, owner)


def act(
    case: Callable[Concatenate[Work, P], R],
) -> Callable[Concatenate[Flow, P], R]:
    """Make a use case a method that writes, in its own or the host's transaction."""
    return cast("Callable[Concatenate[Flow, P], R]", _of_kind(case, Kind.ACT))


def question(
    case: Callable[Concatenate[Work, P], R],
) -> Callable[Concatenate[Questions, P], R]:
    """Make a use case a method that reads: it takes no lock and changes nothing."""
    return cast("Callable[Concatenate[Questions, P], R]", _of_kind(case, Kind.QUESTION))


def _of_kind(case: object, kind: Kind) -> object:
    method = cast("Method", case)
    method.kind = kind
    return method
