"""Methods from use cases: each is loaded at its first access, with its signature.

A facet names its use cases without importing their modules: a caller who only
collects items loads neither scoring nor lists. A method shows (``help``,
``inspect``, type checkers) exactly the parameters that a caller may pass; the
engine passes the unit of work.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from warnings import warn

if TYPE_CHECKING:
    from typing import Self, overload

    from huimin_flow.flow.core.door import Door

#: The package of the modules with use cases.
_PACKAGE = "huimin_flow.flow"

F_co = TypeVar("F_co", bound="Facet", covariant=True)


class Facet:
    """One noun of the public API, with its use cases as methods."""

    def __init__(self, door: Door) -> None:
        """Use ``flow.items``, ``flow.lists`` and so on instead."""
        self._door = door


class Noun(Generic[F_co]):
    """The attribute of a ``Flow`` that is a facet."""

    def __init__(self, facet: type[F_co]) -> None:
        """Store the class of the facet."""
        self.facet = facet

    if TYPE_CHECKING:

        @overload
        def __get__(self, behind: None, owner: type) -> Self: ...
        @overload
        def __get__(self, behind: object, owner: type) -> F_co: ...

    def __get__(self, behind: Any, owner: type) -> Any:
        """Return the facet on the door of a Flow."""
        return self if behind is None else self.facet(behind._door)  # noqa: SLF001 - its own


def methods(owner: type) -> dict[str, Any]:
    """Return the methods of all nouns of a class, by ``noun.verb``; it loads them."""
    return {
        f"{noun}.{verb}": getattr(declared.facet, verb)
        for noun, declared in _members(owner).items()
        if isinstance(declared, Noun)
        for verb in _members(declared.facet)
    }


def name_of(owner: type, function: Any) -> str | None:
    """Return the ``noun.verb`` of a use case, None for another function.

    It loads no other use case.
    """
    return _names(owner).get((function.__module__, function.__name__))


@cache
def _names(owner: type) -> dict[tuple[str, str], str]:
    """Return the names of all methods of a class, by module and name of the case."""
    names = {}
    for noun, declared in _members(owner).items():
        facet = declared.facet if isinstance(declared, Noun) else object
        for verb, method in _members(facet).items():
            if isinstance(method, Method):
                place = (f"{_PACKAGE}.{method.module}", method.case)
            else:
                function: Any = getattr(method, "__wrapped__", method)
                place = (function.__module__, function.__name__)
            names[place] = f"{noun}.{verb}"
    return names


def lines_of(owner: type) -> dict[str, str]:
    """Return the lines of a class's acts by the names of their functions.

    Two acts have one name only if they are the same step: that has a label of its own.
    """
    from huimin_flow.catalogue.acts import ACTS  # noqa: PLC0415 - heavy
    from huimin_flow.catalogue.terms import Step  # noqa: PLC0415 - heavy

    steps = {term.value for term in Step}
    return {
        made.case.function.__name__: ACTS[name][0]
        for name, made in methods(owner).items()
        if name in ACTS and made.case.function.__name__ not in steps
    }


def _members(owner: type) -> dict[str, object]:
    """Return what a class and its bases declare by public names, in their order."""
    declared: dict[str, object] = {}
    for base in reversed(owner.__mro__):
        declared |= vars(base)
    return {name: one for name, one in declared.items() if not name.startswith("_")}


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
        self.module, self.case = module, case

    def __set_name__(self, owner: type, name: str) -> None:
        """Store the class and the name of the method."""
        self._owner, self._name = owner, name

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """Return the method, and set it on the class."""
        import inspect  # noqa: PLC0415 - half the time of importing Flow

        from huimin_flow.flow.core.acts import (  # noqa: PLC0415 - heavy
            ACTING,
            Case,
            Kind,
        )
        from huimin_flow.flow.core.arguments import (  # noqa: PLC0415 - heavy
            fitting,
            types_of,
        )

        module = import_module(f"{_PACKAGE}.{self.module}")
        case: Case[..., Any] = getattr(module, self.case)
        function = case.function
        signature, hints = inspect.signature(function), dict(types_of(function))
        work, *others = signature.parameters.values()
        act = case.kind is Kind.ACT
        verb = self._name
        places = [other.name for other in others if other.kind != other.KEYWORD_ONLY]
        notice: str | None = getattr(function, "__deprecated__", None)

        def called(self: Facet, *args: Any, **kwargs: Any) -> Any:
            if notice is not None:
                warn(notice, DeprecationWarning, stacklevel=2)
            fitting(function, args, kwargs)
            door = self._door
            if "by" in hints and "by" not in places[: len(args)]:
                by = kwargs.get("by", ACTING)
                kwargs["by"] = door.doer(verb) if by is ACTING else by
            do = door.perform if act else door.ask
            return do(function, *args, **kwargs)

        made: Any = called
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
        made.case = case
        if notice is not None:
            made.__deprecated__ = notice
        made.__name__ = self._name
        made.__qualname__ = f"{self._owner.__qualname__}.{self._name}"
        made.__module__ = self._owner.__module__
        setattr(self._owner, self._name, made)
        return made if instance is None else made.__get__(instance, owner)
