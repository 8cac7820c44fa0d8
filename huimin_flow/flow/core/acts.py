"""The description of a use case, from which every door is made.

A use case is a function whose first parameter is the unit of work. It is declared
once as an act or a question, beside its code; a facet names it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, Final, Generic, ParamSpec, TypeVar

from huimin_flow.catalogue.terms import Duty, Step, Via
from huimin_flow.model.core.organization import Actor

if TYPE_CHECKING:
    from typing import Self, overload

    from huimin_flow.flow.core.work import Work

P = ParamSpec("P")
R = TypeVar("R")


class _Named(Actor):
    """The actor that ``Flow.acting`` has named; ``help`` shows it by its name."""

    def __repr__(self) -> str:
        return "ACTING"


#: Stands for the actor that ``Flow.acting`` has named.
ACTING: Final = _Named(id="", unit="", roles=frozenset(), via=Via.HOST)


#: The acts whose answer no log keeps; a retry under its key does them again.
UNKEPT: Final[set[Callable[..., Any]]] = set()


#: By act: a field of its answer that no log keeps, and what tells it again.
ANEW: Final[dict[Callable[..., Any], tuple[str, Callable[..., Any]]]] = {}


class Kind(Enum):
    """The kind of a use case: it changes data, or it reads."""

    ACT = "act"
    QUESTION = "question"


class Case(Generic[P, R]):
    """A use case with its description; in the engine it is called with the work.

    ``rights`` are the steps and duties that its actor needs, none if they depend on
    the case. ``two`` is true if a second person confirms it. ``unkept`` is true if
    its answer is personal, so that nothing may keep it; ``anew`` names one such field,
    and a function of the work and the kept answer that tells it again.

    A function under ``typing_extensions.deprecated(…, category=None)`` still works:
    its method warns, and its JSON Schema says so.
    """

    def __init__(
        self,
        function: Callable[Concatenate[Work, P], R],
        kind: Kind,
        *rights: Step | Duty,
        two: bool = False,
        unkept: bool = False,
        anew: tuple[str, Callable[[Work, R], Any]] | None = None,
    ) -> None:
        """Store the function and its description."""
        self.function, self.kind = function, kind
        self.rights, self.two = rights, two
        if unkept:
            UNKEPT.add(function)
        if anew is not None:
            ANEW[function] = anew
        update_wrapper(self, function)

    def __call__(self, work: Work, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do it as a part of the same unit of work."""
        return self.function(work, *args, **kwargs)

    if TYPE_CHECKING:
        # A facet's class shows the method; see ``methods.Method``.
        @overload
        def __get__(self, facet: None, owner: type) -> Self: ...
        @overload
        def __get__(self, facet: object, owner: type) -> Callable[P, R]: ...
        def __get__(self, facet: Any, owner: type) -> Any: ...


def act(
    *rights: Step | Duty,
    two: bool = False,
    unkept: bool = False,
    anew: tuple[str, Callable[[Work, Any], Any]] | None = None,
) -> Callable[[Callable[Concatenate[Work, P], R]], Case[P, R]]:
    """Declare a use case that writes, in its own or the host's transaction."""
    return lambda function: Case(
        function, Kind.ACT, *rights, two=two, unkept=unkept, anew=anew
    )


def question(function: Callable[Concatenate[Work, P], R]) -> Case[P, R]:
    """Declare a use case that reads: it takes no lock and changes nothing."""
    return Case(function, Kind.QUESTION)
