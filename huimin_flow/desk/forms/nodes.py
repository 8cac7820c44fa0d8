"""The values of an act's arguments as a tree, and what people write for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime, time
from typing import Any, Final, get_args, get_origin

from huimin_flow.catalogue.reasons import DoorCode, InputCode
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    FieldKind,
    LifeStage,
    Origin,
    Term,
)
from huimin_flow.clock import SHANGHAI
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core import cells
from huimin_flow.flow import Questions
from huimin_flow.flow.core.arguments import bare, types_of, word_of
from huimin_flow.flow.fields import asked
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.rulebook import Rulebook

#: By argument that maps free keys: the keys that the act accepts, with their types.
_KEYS: Final[Mapping[str, Mapping[Argument, type]]] = {
    Argument.CORRECTIONS: {
        Argument.TITLE: str,
        Argument.DESCRIPTION: str,
        Argument.AREA: Area,
        Argument.LIFE_STAGE: LifeStage,
        Argument.ORIGIN: Origin,
    }
}

#: By argument of pairs: the words of both parts. An item's split has appeals, too.
_PAIRS: Final[Mapping[str, tuple[str, str]]] = dict.fromkeys(
    (Argument.APPEALS, Argument.APPEAL_KEY), (Argument.CHANNEL, Argument.APPEAL_KEY)
)

#: What a choice between yes and no sends.
YES, NO = "yes", "no"
_STEPS: Final = re.compile(r"[^.\[\]]+")
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Node:
    """A value of an act's arguments: one field, or the parts of which it is made.

    ``key`` is its place in the value it belongs to. ``term`` is set if that place is
    a term. ``kind`` is ``leaf``, ``parts``, ``rows``, ``tuple``,
    ``keys`` or ``map``: rows of a key and a value.
    """

    path: str
    key: str
    word: str
    hint: Any
    kind: str
    optional: bool
    term: Term | None = None
    keyed: bool = False
    parts: tuple[Node, ...] = ()

    @property
    def label(self) -> str:
        """Return its label in the language of the moment."""
        if self.term is not None:
            return self.term.spoken
        known = next((each for each in Argument if each.value == self.word), None)
        return self.word if known is None else known.spoken


def _node(path: str, key: str, hint: Any, word: str, **rest: Any) -> Node:
    """Return the node of a type at a path, with its parts."""
    word, hint = word_of(hint, word), bare(hint)
    origin, inner = get_origin(hint), get_args(hint)
    kind = "leaf"
    parts: tuple[Node, ...] = ()
    if origin is Sequence or (origin is tuple and inner[1:] == (...,)):
        kind = "rows"
        parts = (_node(f"{path}[]", "", inner[0], word, optional=False),)
    elif origin is tuple:
        kind = "tuple"
        words = _PAIRS.get(word, (word,) * len(inner))
        parts = tuple(
            _node(f"{path}[{n}]", str(n), part, words[n - 1], optional=False)
            for n, part in enumerate(inner, 1)
        )
    elif origin is not None and issubclass(origin, Mapping):
        kind, parts = mapped(path, word, *inner)
    elif is_dataclass(hint) and hint not in {Actor, Rulebook}:
        of: Any = hint
        kind, hints = "parts", types_of(of)
        parts = tuple(
            _node(
                f"{path}.{part.name}",
                part.name,
                hints[part.name],
                part.name,
                optional=part.default is not MISSING
                or part.default_factory is not MISSING,
            )
            for part in fields(of)
        )
    return Node(
        path=path, key=key, word=word, hint=hint, kind=kind, parts=parts, **rest
    )


def mapped(path: str, word: str, key: type, inner: Any) -> tuple[str, tuple[Node, ...]]:
    """Return the kind of a mapping's node, and its parts: one for each known key."""
    known: Any = _KEYS.get(word)
    if issubclass(key, Term):
        return "parts", tuple(
            _node(f"{path}.{term}", term.value, inner, word, optional=True, term=term)
            for term in key
        )
    if known:
        return "keys", tuple(
            _node(f"{path}[]", term.value, of, term.value, optional=True, keyed=True)
            for term, of in known.items()
        )
    pair = tuple[key, inner]  # type: ignore[valid-type]
    return "map", (_node(f"{path}[]", "", pair, word, optional=False),)


def nodes_of(act: str) -> tuple[Node, ...]:
    """Return the nodes of an act's arguments, in order.

    Raises:
        InputRefused: if there is no such act.

    """
    return tuple(
        _node(name, name, hint, name, optional=default is not ...)
        for name, hint, default in asked(act)
    )


def way_to(nodes: Sequence[Node], name: str) -> list[tuple[str, Node]]:
    """Return each step of an input's name with its node; none if it has no node."""
    way: list[tuple[str, Node]] = []
    for step in _STEPS.findall(name):
        if way and way[-1][1].kind in {"rows", "map"}:
            node: Node | None = way[-1][1].parts[0]
        else:
            known = way[-1][1].parts if way else nodes
            node = next((each for each in known if each.key == step), None)
        if node is None:
            return []
        way.append((step, node))
    return way


def term_in(_: Questions, node: Node, text: str) -> str:
    """Return the value of the term that a text names: by its value or its label.

    Raises:
        InputRefused: if it is none.

    """
    plain = cells.half_width(text).strip()
    for term in node.hint:
        if plain in {term.value, term.label, term.english}:
            return str(term.value)
    raise InputRefused(InputCode.WORD_UNKNOWN, text=text, choices=node.hint)


def whole_in(_: Questions, node: Node, text: str) -> int:
    """Return the whole number in a text.

    Raises:
        InputRefused: if it is none.

    """
    plain = cells.half_width(text).strip().removesuffix("%")
    if not _WHOLE.fullmatch(plain):
        raise InputRefused(DoorCode.NOT_WHOLE, name=node.label, text=text[:40])
    return int(plain)


def moment_in(_: Questions, __: Node, text: str) -> datetime:
    """Return the moment in a text; without a zone it is Shanghai's.

    Raises:
        InputRefused: if it is none.

    """
    moment = cells.moment(text.strip())
    if moment is None:
        raise InputRefused(DoorCode.NOT_A_MOMENT, text=text[:40])
    return moment


def day_in(_: Questions, __: Node, text: str) -> date:
    """Return the day in a text.

    Raises:
        InputRefused: if it is none.

    """
    moment = cells.moment(text.strip())
    if moment is None or moment.timetz() != time(tzinfo=SHANGHAI):
        raise InputRefused(DoorCode.NOT_A_DAY, text=text[:40])
    return moment.date()


def yes_in(_: Questions, __: Node, text: str) -> bool:
    """Return whether yes was chosen.

    Raises:
        InputRefused: if it is none.

    """
    if text not in {YES, NO}:
        raise InputRefused(DoorCode.NOT_YES_OR_NO, text=text[:40])
    return text == YES


#: By kind of a field: how a text is read.
READ: Final[Mapping[FieldKind, Callable[[Questions, Node, str], Any]]] = {
    FieldKind.TEXT: lambda _, __, text: text,
    FieldKind.TERM: term_in,
    FieldKind.CODE: lambda now, node, text: now.fields.resolve(
        Argument(node.word), text
    ),
    FieldKind.WHOLE: whole_in,
    FieldKind.PERCENT: whole_in,
    FieldKind.DAY: day_in,
    FieldKind.MOMENT: moment_in,
    FieldKind.YES_NO: yes_in,
}
