"""Report templates of a site: drawn in a sandbox, from plain values only (E1).

A template gets no object of ours: only texts, whole numbers, yes and no, lists and
mappings. It has the parts of the language that can't grow without bound: loops and
macros are counted, each text that an expression makes has a greatest length, and so
has the page. Everything else is refused: attributes, including other templates, blocks
that are kept in a variable, and filters that are not listed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import add, floordiv, mod, mul, sub, truediv
from typing import TYPE_CHECKING, Any, Final, cast

from jinja2 import FileSystemLoader, StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.filters import FILTERS
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import EditionState
from huimin_flow.clock import shanghai
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.texts import visible
from huimin_flow.model.core.values import to_plain

if TYPE_CHECKING:
    from pathlib import Path

    from huimin_flow.flow import Snapshot

#: The largest page, in characters.
LARGEST: Final = 2_000_000

#: How often the loops and macros of a page may go round, and the longest text or list
#: that one expression may make.
ROUNDS: Final = 100_000
LONGEST: Final = 100_000

#: The largest whole number that is calculated with.
_GREATEST: Final = 10**12

#: The parts of the language that a template may use.
_PARTS: Final = (
    nodes.Template, nodes.Extends, nodes.Block, nodes.Output, nodes.TemplateData,
    nodes.For, nodes.If, nodes.Assign, nodes.Macro, nodes.Call, nodes.Keyword,
    nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair,
    nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.CondExpr,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod,
    nodes.Concat, nodes.Filter, nodes.Test,
)  # fmt: skip

#: The filters that make nothing larger than what they are given.
_FILTERS: Final = (
    *("abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape"),
    *("first", "int", "last", "length", "list", "lower", "max", "min", "reverse"),
    *("round", "sort", "string", "sum", "title", "trim", "unique", "upper"),
)

#: By type: the methods and the fields that a template may use.
_METHODS: Final[Mapping[type, frozenset[str]]] = {
    str: frozenset({"startswith", "endswith"}),
    dict: frozenset({"items", "keys", "values", "get"}),
    LoopContext: frozenset({"index", "first", "last", "length"}),
}

_OPERATIONS: Final = {
    "+": add, "-": sub, "*": mul, "/": truediv, "//": floordiv, "%": mod,
}  # fmt: skip


class _Bounded(NodeTransformer):
    """Count every loop, and bound every text that is put together."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - its name
        self.generic_visit(node)
        node.iter = _filtered(cast("nodes.Expr", node.iter), "each_counted")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - its name
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "join")


def _filtered(value: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


class _Sandbox(ImmutableSandboxedEnvironment):
    """An environment of templates that we did not write, for one page."""

    intercepted_binops = frozenset({*_OPERATIONS, "**"})
    rounds = 0

    def _parse(self, source: str, name: str | None, filename: str | None) -> Any:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, _PARTS):
                raise SecurityError(type(node).__name__)
        return _Bounded().visit(tree)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Permit a few methods of texts and mappings that only read."""
        return attr in _METHODS.get(type(obj), ()) and super().is_safe_attribute(
            obj, attr, value
        )

    def wrap_str_format(self, value: Any) -> None:
        """Offer no format strings: they reach attributes, and pad to any width."""

    def call_binop(self, _: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate with whole numbers; put together what stays short."""
        calculate = _OPERATIONS.get(operator)
        numbers = all(
            type(part) in {int, float} and abs(part) <= _GREATEST
            for part in (left, right)
        )
        both = next((kind for kind in (str, list) if _both(left, right, kind)), None)
        short = both is not None and len(left) + len(right) <= LONGEST
        if calculate is None or not (numbers or (operator == "+" and short)):
            raise SecurityError(operator)
        return calculate(left, right)

    def call(self, context: Any, called: Any, *args: Any, **kwargs: Any) -> Any:
        """Count a call, and bound the text that it makes."""
        self.round()
        made = super().call(context, called, *args, **kwargs)
        if isinstance(made, str) and len(made) > LONGEST:
            raise SecurityError(str(LONGEST))
        return made

    def round(self) -> None:
        """Count one round of a loop or one call."""
        self.rounds += 1
        if self.rounds > ROUNDS:
            raise SecurityError(str(ROUNDS))

    def each_counted(self, values: Iterable[Any]) -> Iterator[Any]:
        """Yield what a loop goes over, counted."""
        for each in values:
            self.round()
            yield each


def _both(left: Any, right: Any, kind: type) -> bool:
    return isinstance(left, kind) and isinstance(right, kind)


def _joined(parts: Sequence[Any], between: str = "") -> str:
    """Return texts in one, escaped, if it stays short."""
    made: list[str] = []
    size = 0
    for part in parts:
        made += [escape(between), escape(part)] if made else [escape(part)]
        size += len(between) + len(made[-1])
        if size > LONGEST:
            raise SecurityError(str(LONGEST))
    return Markup("").join(made)


def _few(*limits: int) -> range:
    """Return a range that is not too long."""
    made = range(*limits)
    if len(made) > ROUNDS:
        raise SecurityError(str(ROUNDS))
    return made


def own_environment(folder: Path) -> Any:
    """Return the environment of a folder of templates, for one page.

    Raises:
        InputRefused: if there is no such folder.

    """
    if not folder.is_dir():
        raise InputRefused(DoorCode.TEMPLATES_MISSING, folder=folder)
    made: Any = _Sandbox(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals = {"range": _few}
    made.filters = {name: FILTERS[name] for name in _FILTERS}
    made.filters |= {"join": _joined, "each_counted": made.each_counted}
    return made


def own_values(now: Snapshot, month: str | None = None) -> dict[str, Any]:
    """Return what a template of a site may show, as plain values.

    They are the moment ``made``, whether it is a ``rehearsal``, the names of ``units``
    by code, all ``items``, the ``lists``, and the ``score`` of a month, None without
    one.
    """
    score = None if month is None else now.scores.month_if_any(month)
    values = {
        "made": shanghai(now.moment()),
        "rehearsal": now.rehearsal,
        "units": now.rulebook.active().organization.names,
        "items": now.items.list(),
        "lists": [each for each in now.lists.list() if each.state in _ISSUED],
        "month": month,
        "score": score,
    }
    return {name: to_plain(part) for name, part in values.items()}


#: The states of a list that was published.
_ISSUED: Final = (EditionState.PUBLISHED, EditionState.SUPERSEDED)


def draw_own(folder: Path, name: str, values: Mapping[str, Any]) -> str:
    """Return the page that a site's template makes of values.

    ``folder`` has the template ``name`` and those that it extends. ``values`` become
    plain first, so that no method and no attribute of ours is reachable.

    Raises:
        InputRefused: if the folder or the template is missing, or if the template is
            wrong, names what is not there, does what the sandbox forbids, goes round
            too often, or makes too large a page. It names the template and the flaw.

    """
    environment = own_environment(folder)
    try:
        parts, size = [], 0
        template = environment.get_template(name)
        for part in template.generate(to_plain(values)):
            size += len(part)
            if size > LARGEST:
                raise SecurityError(str(LARGEST))
            parts.append(part)
    except (TemplateError, RecursionError, *_FLAWS) as flaw:
        line = getattr(flaw, "lineno", None)
        detail = type(flaw).__name__ + (f" {line}" if line else "")
        code = DoorCode.TEMPLATE_UNFIT
        raise InputRefused(code, template=name, detail=detail) from flaw
    return visible("".join(parts), lines=True)


#: What an expression of a template may raise.
_FLAWS: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
